#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records the HTTP/1 captures, all at the client's end."""
import signal
import time

import servers
from internet import CLIENT, ROLES, ROUTER, SERVER, Internet
from recorder import capture, main

URL = "http://www.example.jp"
CONNECTION = {"SYN": "tcp.flags.syn == 1 && tcp.flags.ack == 0", "SYN+ACK": "tcp.flags.syn == 1 && tcp.flags.ack == 1",
              "request": "http.request"}
JOURNEY = {"ARP request": "arp.opcode == 1", "ARP reply": "arp.opcode == 2",
           "question to the root server": "dns.flags.response == 0 && ip.dst == 203.0.113.4 && dns.qry.name == \"www.example.jp\"",
           "question to the jp server": "dns.flags.response == 0 && ip.dst == 203.0.113.20",
           "question to the zone's server": "dns.flags.response == 0 && ip.dst == 203.0.113.36",
           "the address": "dns.flags.response == 1 && dns.a == 198.51.100.80", **CONNECTION,
           "whole response": "http.response.code == 200", "FIN": "tcp.flags.fin == 1"}


def home(**more):
    """The internet with a home router that resolves names."""
    internet = Internet(**more)
    servers.home_router_resolver(internet.router, ROUTER)
    internet.client.resolve_with(ROUTER)
    return internet


def fetch(internet, *words, **options):
    """curl, a browser's stand-in, with no ARP entry from before."""
    internet.client.flush_neighbours()
    return internet.client.run("curl", "-4", "-sS", "-o", "/dev/null", *words, **options)


def article_fetch(capture, *options, immediate=True):
    """The fetch of 102,400 bytes after ARP and an iterative resolution, recorded with these options of tcpdump."""
    with Internet(names=True) as internet:
        servers.nginx(internet.server)
        servers.all_name_servers(internet)
        servers.iterative_resolver(internet.client)
        time.sleep(0.5)
        with capture.tcpdump(internet.client, options=options, immediate=immediate) as raw:
            fetch(internet, "-H", "Connection: close", f"{URL}/page")
        capture.truth(internet, capture.keep(raw), ROLES, body_bytes=servers.BODY_BYTES)


@capture("http-plain", "ARP, three DNS steps by a resolver on the client, TCP, an HTTP/1.1 GET of 102,400 bytes with Content-Length",
         {**JOURNEY, "Content-Length": "http.content_length == 102400"}, ("curl", "nginx", "bind"))
def http_plain(capture):
    article_fetch(capture, "--time-stamp-precision=nano")


@capture("tcp-snap60", "the fetch of http-plain again, each frame cut after 60 bytes", {
    "ARP": "arp", "cut frame": "frame.len > frame.cap_len", "SYN": CONNECTION["SYN"], "FIN": "tcp.flags.fin == 1",
    "data whose first bytes are missing": "tcp && frame.len == 1514 && frame.cap_len == 60"}, ("curl", "nginx", "bind"))
def tcp_snap60(capture):
    article_fetch(capture, "-s", "60", immediate=False)


@capture("tcp-snap200", "the fetch of http-plain again, each frame cut after 200 bytes", {
    "ARP": "arp", "cut frame": "frame.len > frame.cap_len", "request, whole": "http.request && frame.len == frame.cap_len",
    "the address": "dns.a == 198.51.100.80", "FIN": "tcp.flags.fin == 1"}, ("curl", "nginx", "bind"))
def tcp_snap200(capture):
    article_fetch(capture, "-s", "200")


@capture("http-chunked", "a response of 102,400 bytes with Transfer-Encoding: chunked, after a stub query to the home router", {
    **CONNECTION, "stub query": "dns.flags.response == 0 && dns.flags.recdesired == 1",
    "chunked response": 'http.transfer_encoding == "chunked"'}, ("curl", "nginx", "dnsmasq"))
def http_chunked(capture):
    with home() as internet:
        servers.nginx(internet.server, locations="location = /page { ssi on; ssi_types text/plain; }")
        with capture.tcpdump(internet.client) as raw:
            fetch(internet, f"{URL}/page")
        capture.truth(internet, capture.keep(raw), ROLES)


@capture("http-pipelined", "five GETs on one connection: three in one segment, then two more that do not wait for the responses", {
    "SYN": CONNECTION["SYN"], "SYN+ACK": CONNECTION["SYN+ACK"],
    "several requests in one segment": 'http.request.uri == "/a" && http.request.uri == "/b" && http.request.uri == "/c"',
    "fourth request": 'http.request.uri == "/page" && !(http.request.uri == "/a")',
    "fifth request": 'http.request.uri == "/small" && !(http.request.uri == "/a")',
    "response": "http.response.code == 200"}, ("socat", "nginx"))
def http_pipelined(capture):
    def request(path, last=False):
        return f"GET {path} HTTP/1.1\r\nHost: www.example.jp\r\n{'Connection: close' + chr(13) + chr(10) if last else ''}\r\n"
    with home() as internet:
        servers.nginx(internet.server)
        (internet.client.folder / "first").write_bytes("".join(map(request, ("/a", "/b", "/c"))).encode())
        (internet.client.folder / "second").write_bytes(request("/page").encode())
        (internet.client.folder / "third").write_bytes(request("/small", True).encode())
        with capture.tcpdump(internet.client) as raw:
            internet.client.run("sh", "-c", f"cd {internet.client.folder}; (cat first; sleep 0.055; cat second; sleep 0.01;"
                                f" cat third; sleep 0.5) | socat -t 2 - TCP:{SERVER}:80,nodelay >/dev/null")
        capture.truth(internet, capture.keep(raw), ROLES)


@capture("http-keepalive", "four requests on one connection: GET, HEAD, a GET answered 304, a GET answered 204", {
    "SYN": CONNECTION["SYN"], "GET": 'http.request.method == "GET"', "HEAD": 'http.request.method == "HEAD"',
    "200": "http.response.code == 200", "304": "http.response.code == 304", "204": "http.response.code == 204"},
    ("curl", "nginx", "dnsmasq"))
def http_keepalive(capture):
    with home() as internet:
        servers.nginx(internet.server, extra="if_modified_since before;")
        one = ("-4", "-sS", "-o", "/dev/null")
        with capture.tcpdump(internet.client) as raw:
            fetch(internet, f"{URL}/small", "--next", *one, "--head", f"{URL}/page",
                  "--next", *one, "-H", "If-Modified-Since: Fri, 02 Jan 2037 00:00:00 GMT", f"{URL}/small", "--next", *one, f"{URL}/nothing")
        capture.truth(internet, capture.keep(raw), ROLES)


@capture("http-aborted", "the client hangs and is killed in the middle of the response with data unread: its kernel resets the connection", {
    **CONNECTION, "reset by the client": "tcp.flags.reset == 1 && ip.src == 192.0.2.10"}, ("curl", "nginx", "dnsmasq"))
def http_aborted(capture):
    with home() as internet:
        servers.nginx(internet.server, locations="location = /page { limit_rate 8k; limit_rate_after 20k; }")
        with capture.tcpdump(internet.client, settle=1.5) as raw:
            internet.client.flush_neighbours()
            curl = internet.client.spawn("curl", "-4", "-sS", "-o", "/dev/null", f"{URL}/page")
            time.sleep(0.5)
            curl.send_signal(signal.SIGSTOP)  # it hangs; the next burst of the response stays unread
            time.sleep(1.3)
            curl.send_signal(signal.SIGKILL)
            curl.wait()
        capture.truth(internet, capture.keep(raw), ROLES)


@capture("http-close-delimited", "an HTTP/1.0 response without a length: it ends with the server's FIN", {
    **CONNECTION, "response without length": "http.response.code == 200 && !http.content_length && !http.transfer_encoding",
    "FIN of the server": "tcp.flags.fin == 1 && ip.src == 198.51.100.80"}, ("curl", "python3", "dnsmasq"))
def http_close_delimited(capture):
    with home() as internet:
        scripts = internet.server.folder / "cgi-bin"
        scripts.mkdir()
        script = scripts / "report"
        script.write_text("#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\n\\r\\n'\nseq -f 'line %05g of a report' 1 1500\n")
        script.chmod(0o755)
        internet.server.spawn("/usr/bin/python3", "-m", "http.server", "--cgi", "80", cwd=internet.server.folder)
        internet.server.wait_listening(80)
        with capture.tcpdump(internet.client) as raw:
            fetch(internet, f"{URL}/cgi-bin/report")
        capture.truth(internet, capture.keep(raw), ROLES)


@capture("http-post-continue", "a POST of 30,000 bytes with Expect: 100-continue, the interim response, the body, the final response", {
    **CONNECTION, "Expect": "http.request.line contains \"100-continue\"", "100 Continue": "http.response.code == 100",
    "200": "http.response.code == 200"}, ("curl", "nginx", "dnsmasq"))
def http_post_continue(capture):
    with home() as internet:
        servers.nginx(internet.server)
        (internet.client.folder / "form").write_text(servers.page(30000))
        with capture.tcpdump(internet.client) as raw:
            fetch(internet, "-H", "Expect: 100-continue", "-H", "Content-Type: text/plain",
                  "--data-binary", f"@{internet.client.folder}/form", f"{URL}/echo")
        capture.truth(internet, capture.keep(raw), ROLES)


@capture("http-connect", "CONNECT through a proxy (tinyproxy on the router, port 8888), then a GET inside the tunnel", {
    "CONNECT": 'http.request.method == "CONNECT"', "the proxy's 200": "http.response.code == 200",
    "GET inside the tunnel": 'http.request.method == "GET" || (tcp contains "GET /small")'}, ("curl", "tinyproxy", "nginx"))
def http_connect(capture):
    with home() as internet:
        servers.nginx(internet.server)
        internet.router.resolve_with(ROUTER)
        configuration = internet.router.folder / "tinyproxy.conf"
        configuration.write_text(f"Port 8888\nListen {ROUTER}\nTimeout 600\nAllow {CLIENT}\nConnectPort 80\nMaxClients 4\nUser root\nGroup root\n")
        internet.router.spawn("tinyproxy", "-d", "-c", configuration)
        internet.router.wait_listening(8888)
        with capture.tcpdump(internet.client) as raw:
            fetch(internet, "-p", "-x", f"http://{ROUTER}:8888", f"{URL}/small")
        capture.truth(internet, capture.keep(raw), {**ROLES, ROUTER: "router and proxy"})


WEBSOCKET_CLIENT = """\
import asyncio, websockets
async def talk():
    async with websockets.connect("ws://www.example.jp/", compression=None) as socket:
        for line in ("one", "two", "three " * 600):
            await socket.send(line)
            await socket.recv()
asyncio.run(talk())
"""


@capture("http-upgrade", "an Upgrade to WebSocket (101), three messages each way, a close frame", {
    **CONNECTION, "101": "http.response.code == 101", "WebSocket message": "websocket.opcode == 1",
    "WebSocket close": "websocket.opcode == 8"}, ("python3-websockets", "websocketd", "dnsmasq"))
def http_upgrade(capture):
    with home() as internet:
        internet.server.spawn("websocketd", "--port=80", "cat")
        internet.server.wait_listening(80)
        with capture.tcpdump(internet.client) as raw:
            internet.client.flush_neighbours()
            internet.client.run("/usr/bin/python3", "-c", WEBSOCKET_CLIENT)
        capture.truth(internet, capture.keep(raw), ROLES)


@capture("http-odd-port", "two fetches from port 4711, which no protocol is known for", {
    "SYN": "tcp.dstport == 4711 && tcp.flags.syn == 1", "request": "http.request && tcp.dstport == 4711"},
    ("curl", "nginx", "dnsmasq"))
def http_odd_port(capture):
    with home() as internet:
        servers.nginx(internet.server, listen=("4711",))
        with capture.tcpdump(internet.client) as raw:
            fetch(internet, f"{URL}:4711/small")
            fetch(internet, f"{URL}:4711/page")
        capture.truth(internet, capture.keep(raw), ROLES)


if __name__ == "__main__":
    main()
