#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records what else is found in and around TLS: HTTP/2, other ports, other protocols, STARTTLS, a proxy, IPv6. All at the client's end."""
import textwrap

import servers
from internet import CLIENT, CLIENT6, ROLES, ROUTER, ROUTER6, SERVER, SERVER6
from recorder import capture, main
from tls import CLOSE, CLOSE_BY_CLIENT, CLOSE_BY_SERVER, FETCH, FINISHED, NAME, PLAIN, URL, Home, agreed_by_curl, agreed_by_s_client, request

CURL = ("curl", "nginx", "dnsmasq")
NO_ALPN = {"no ALPN": "tls.handshake.type == 1 && !(tls.handshake.extension.type == 16)"}
LEFT = ("close_notify", None)


@capture("tls13-http2", "HTTP/2 over TLS 1.3: three requests side by side on one connection", {
    **PLAIN["tls13"], "h2 offered": 'tls.handshake.extensions_alpn_str == "h2"', "FIN": "tcp.flags.fin == 1"}, CURL, {
    **FINISHED, "request": 'http2.headers.method == "GET"', "response": "http2.headers.status == 200", "SETTINGS": "http2.type == 4"})
def tls13_http2(capture):
    with Home() as home:
        home.nginx("tls13", listen=("443 ssl http2",))
        with capture.tcpdump(home.client) as raw:
            home.fetch("--parallel", *(word for path in ("/small", "/a", "/b") for word in ("-o", "/dev/null", f"{URL}{path}")))
        home.truth(capture, raw, closed=(None, None))


@capture("tls-odd-port", "TLS 1.3 and HTTP/1.1 on port 12345, which no protocol is known for; ALPN says what it is", {
    **PLAIN["tls13"], "port": "tcp.dstport == 12345"}, CURL, {**FETCH, **CLOSE_BY_CLIENT})
def tls_odd_port(capture):
    with Home() as home:
        home.nginx("tls13", listen=("12345 ssl",))
        with capture.tcpdump(home.client) as raw:
            home.fetch(f"{URL}:12345/small", "-o", "/dev/null", f"{URL}:12345/a")
        home.truth(capture, raw, closed=LEFT)


@capture("tls-no-alpn-no-http", "TLS 1.3 on port 4433, no ALPN, no HTTP: a server that says lines backwards", {**PLAIN["tls13"], **NO_ALPN},
         ("openssl", "dnsmasq"), {**FINISHED, "a line": "data && tls", **CLOSE_BY_CLIENT})
def tls_no_alpn_no_http(capture):
    with Home() as home:
        home.s_server("-tls1_3", "-rev", port=4433)
        with capture.tcpdump(home.client) as raw:
            said = home.s_client(port=4433, script=(0.3, "one\n", 0.3, "two and three\n", 0.2, f"four {'and more ' * 300}\n", 0.5))
        home.truth(capture, raw, agreed_by_s_client(said))


@capture("tls-no-alpn-http", "TLS 1.2 on port 443, no ALPN, and HTTP/1.1 in it", {**PLAIN["tls12"], **NO_ALPN}, ("openssl", "nginx", "dnsmasq"), {**FETCH, **CLOSE})
def tls_no_alpn_http(capture):
    with Home() as home:
        home.nginx("tls12")
        with capture.tcpdump(home.client) as raw:
            home.s_client(script=(0.3, request("/small"), 0.3, request("/a", "Connection: close"), 0.5))
        home.truth(capture, raw)


@capture("tls13-gnutls", "TLS 1.3 between a client with GnuTLS and nginx", PLAIN["tls13"], ("gnutls-cli", "nginx", "dnsmasq"), {**FETCH, **CLOSE_BY_SERVER})
def tls13_gnutls(capture):
    with Home() as home:
        home.nginx("tls13")
        typed = home.client.folder / "typed"
        typed.write_text(request("/small", "Connection: close"))
        with capture.tcpdump(home.client) as raw:
            home.client.run("sh", "-c", f"(sleep 0.4; cat {typed}; sleep 0.6) | SSLKEYLOGFILE={home.keys} gnutls-cli --x509cafile={home.root}"
                                        f" --alpn=http/1.1 {NAME}")
        home.truth(capture, raw, closed=(None, "close_notify"))


@capture("tls-connect", "CONNECT through a proxy (tinyproxy on the router, port 8888), then TLS 1.3 and a GET inside the tunnel", {
    "CONNECT": 'http.request.method == "CONNECT"', "the proxy's 200": "http.response.code == 200", "ClientHello": "tls.handshake.type == 1"},
    ("curl", "tinyproxy", "nginx", "dnsmasq"), {**FINISHED, "GET": 'http.request.method == "GET"', **CLOSE_BY_CLIENT})
def tls_connect(capture):
    with Home() as home:
        home.nginx("tls13")
        home.router.resolve_with(ROUTER)
        configuration = home.router.folder / "tinyproxy.conf"
        configuration.write_text(f"Port 8888\nListen {ROUTER}\nTimeout 600\nAllow {CLIENT}\nConnectPort 443\nMaxClients 4\nUser root\nGroup root\n")
        home.router.spawn("tinyproxy", "-d", "-c", configuration)
        home.router.wait_listening(8888)
        with capture.tcpdump(home.client) as raw:
            home.fetch("-x", f"http://{ROUTER}:8888", f"{URL}/small")
        home.truth(capture, raw, closed=LEFT, roles={**ROLES, ROUTER: "router and proxy"})


@capture("starttls-smtp", "a mail sent over SMTP, which turns to TLS 1.3 by STARTTLS", {
    "EHLO": 'smtp.req.command == "EHLO"', "STARTTLS": 'smtp.command_line contains "STARTTLS"', "ClientHello": "tls.handshake.type == 1",
    "ServerHello": "tls.handshake.type == 2", "encrypted record": "tls.record.opaque_type == 23"}, ("curl", "aiosmtpd", "dnsmasq"), {
    **FINISHED, "MAIL": 'smtp.req.command == "MAIL"', "DATA": 'smtp.req.command == "DATA"'})
def starttls_smtp(capture):
    with Home() as home:
        leaf = home.certificates.leaf()
        home.server.spawn("aiosmtpd", "-n", "-l", f"{SERVER}:25", "--tlscert", leaf.with_suffix(".chain"), "--tlskey", leaf.with_suffix(".key"))
        home.server.wait_listening(25)
        mail = home.client.folder / "mail"
        mail.write_text(f"From: <a@example.jp>\r\nTo: <b@example.jp>\r\nSubject: lines\r\n\r\n{servers.page(1200)}".replace("\n", "\r\n").replace("\r\r", "\r"))
        with capture.tcpdump(home.client) as raw:
            curl = home.fetch("--ssl-reqd", f"smtp://{NAME}", "--mail-from", "a@example.jp", "--mail-rcpt", "b@example.jp", "-T", mail)
        home.truth(capture, raw, agreed_by_curl(curl))


@capture("tls13-close-delimited", "an HTTP/1.0 response without a length in TLS 1.3: it ends with the server's close_notify", PLAIN["tls13"], CURL, {
    **FINISHED, "request": "http.request", **CLOSE})
def tls13_close_delimited(capture):
    with Home() as home:
        home.nginx("tls13", locations="location = /report { ssi on; ssi_types text/plain; try_files /middle =404; }")
        (home.server.folder / "www" / "middle").write_text(servers.page(20000))
        with capture.tcpdump(home.client) as raw:
            curl = home.fetch("--http1.0", f"{URL}/report")
        if b"Content-Length" in curl.stderr or b"Transfer-Encoding" in curl.stderr:
            raise RuntimeError("the response has a length")
        home.truth(capture, raw, body_bytes=20000)


@capture("tls13-secrets-block", "a small fetch over TLS 1.3; the capture itself holds the secrets, in a block of its own", PLAIN["tls13"], CURL,
         {**FETCH, **CLOSE_BY_CLIENT})
def tls13_secrets_block(capture):
    with Home() as home:
        home.nginx("tls13")
        with capture.tcpdump(home.client) as raw:
            home.fetch(f"{URL}/small")
        home.truth(capture, raw, closed=LEFT, inside=True)


@capture("tls13-ipv6", "a small fetch over TLS 1.3 and IPv6", {**PLAIN["tls13"], "IPv6": "ipv6 && tls"}, ("curl", "nginx"), {
    **FETCH, "close_notify of the client": f"tls.alert_message.desc == 0 && ipv6.src == {CLIENT6}"})
def tls13_ipv6(capture):
    with Home() as home:
        home.speak_ipv6()
        home.nginx("tls13", listen=("[::]:443 ssl",))
        with capture.tcpdump(home.client, "eth0", f"host {CLIENT6}") as raw:
            home.fetch("-6", "--resolve", f"{NAME}:443:[{SERVER6}]", f"{URL}/small")
        home.truth(capture, raw, closed=LEFT, roles={CLIENT6: "client", ROUTER6: "router", SERVER6: "server"})


WEBSOCKET_CLIENT = """\
import asyncio, ssl, sys, websockets
async def talk():
    context = ssl.create_default_context(cafile=sys.argv[1])
    context.keylog_filename = sys.argv[2]
    async with websockets.connect("wss://www.example.jp/", compression=None, ssl=context) as socket:
        for line in ("one", "two", "three " * 600):
            await socket.send(line)
            await socket.recv()
        print(*socket.transport.get_extra_info("cipher"))
asyncio.run(talk())
"""


@capture("tls13-websocket", "an Upgrade to WebSocket (101) in TLS 1.3, three messages each way, a close frame; the server's TLS is Go's", PLAIN["tls13"],
         ("python3-websockets", "websocketd", "dnsmasq"), {
    **FINISHED, "request": "http.request", "101": "http.response.code == 101", "WebSocket message": "websocket.opcode == 1",
    "WebSocket close": "websocket.opcode == 8"})
def tls13_websocket(capture):
    with Home() as home:
        leaf = home.certificates.leaf()
        home.server.spawn("websocketd", "--port=443", "--ssl", f"--sslcert={leaf.with_suffix('.chain')}", f"--sslkey={leaf.with_suffix('.key')}", "cat")
        home.server.wait_listening(443)
        with capture.tcpdump(home.client) as raw:
            home.client.flush_neighbours()
            said = home.client.run("/usr/bin/python3", "-c", WEBSOCKET_CLIENT, home.root, home.keys)
        cipher, version, _ = said.stdout.decode().split()
        home.truth(capture, raw, [{"version": version, "cipher": cipher, "alpn": "", "requests": ["GET / 101"]}])


@capture("dns-over-tls", "DNS over TLS 1.3: two queries on one connection to BIND on port 853", {**PLAIN["tls13"], "port": "tcp.dstport == 853"},
         ("kdig", "bind"), {**FINISHED, "question": "dns.flags.response == 0 && tls", "answer": "dns.flags.response == 1 && dns.a == 198.51.100.80 && tls"})
def dns_over_tls(capture):
    with Home() as home:
        leaf = home.certificates.leaf()
        zone = textwrap.dedent(f"""\
            $ORIGIN example.jp.
            {servers.SOA.format(ns="ns1.example.jp.")}
            @ 86400 IN NS ns1
            ns1 86400 IN A {SERVER}
            www 300 IN A {SERVER}
            www 300 IN AAAA {SERVER6}
            """)
        # named wants its TLS block before the options, which come first in the file: the block may stand anywhere
        servers.named(home.server, f"""zone "example.jp" {{ type primary; file "example.zone"; }};
            tls here {{ cert-file "{leaf.with_suffix(".chain")}"; key-file "{leaf.with_suffix(".key")}"; protocols {{ TLSv1.3; }}; }};""",
                      options="listen-on port 853 tls here { any; };", files=[("example.zone", zone)])
        home.server.wait_listening(853)
        with capture.tcpdump(home.client) as raw:
            said = home.client.run("env", f"SSLKEYLOGFILE={home.keys}", "kdig", "+keepopen", "+tls", f"+tls-ca={home.root}", f"+tls-hostname={NAME}",
                                   f"@{SERVER}", NAME, "A", NAME, "AAAA")
        agreed = next(line for line in said.stdout.decode().splitlines() if "TLS session" in line)
        home.truth(capture, raw, [{"as kdig says": agreed.removeprefix(";; ")}], LEFT)


if __name__ == "__main__":
    main()
