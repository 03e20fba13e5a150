#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records HTTP/2: in the clear, behind an Upgrade and over TLS. At the client's end, but for one at both.

`http2.frames` in a truth is what the client (nghttp -v, or http2_client.py) printed of the frames that it sent and received, in
its order.
"""
import json
import re
import textwrap
import time

import servers
from both_ends import MERGED, keep_both, tcpdump_both
from internet import CLIENT, ROLES, SERVER
from network import LAB
from recorder import capture, main
from tls import NAME, PLAIN, Home

CLEAR = f"http://{NAME}"
SECURE = f"https://{NAME}"
SYN = {"SYN": "tcp.flags.syn == 1 && tcp.flags.ack == 0"}
EXCHANGE = {"SETTINGS": "http2.type == 4", "request": "http2.headers.method", "response": "http2.headers.status == 200"}
PREFACE = {"connection preface": "http2.magic"}
BOTH = ("python3-h2", "dnsmasq")
PYTHON = ("python3-h2", "nghttpd", "dnsmasq")
NGHTTP = ("nghttp", "nghttpd", "dnsmasq")
FROM_CLIENT, FROM_SERVER = f"ip.src == {CLIENT}", f"ip.src == {SERVER}"


def frames_of(said):
    """What nghttp -v printed of the frames."""
    frames = []
    for line in re.sub("\x1b\\[[0-9;]*m", "", said).splitlines():
        frame = re.search(r"(send|recv) ([A-Z_]+) frame <length=(\d+), flags=0x([0-9a-f]+), stream_id=(\d+)>", line)
        if frame:
            who = "client" if frame[1] == "send" else "server"
            frames.append({"from": who, "type": frame[2], "length": int(frame[3]), "flags": int(frame[4], 16), "stream": int(frame[5])})
            continue
        # the fields of a block that came are printed before its frame, those of one that was sent behind it
        status = re.search(r"recv \(stream_id=(\d+)(?:, \w+)?\) :status: (\d+)", line)
        if status:
            frames.append({"from": "server", "status": int(status[2]), "stream": int(status[1])})
    return frames


def folder_of(home):
    """What a server serves."""
    root = home.server.folder / "www"
    root.mkdir(exist_ok=True)
    for name, size in (("small", 1200), ("page", 20000), ("style.css", 900), ("script.js", 2600), ("index.html", 700)):
        (root / name).write_text(servers.page(size))
    return root


def nghttpd(home, *options, tls=False):
    port = 443 if tls else 80
    words = [port]
    if tls:
        leaf = home.certificates.leaf()
        words += [leaf.with_suffix(".key"), leaf.with_suffix(".chain")]
    else:
        options = ("--no-tls", *options)
    home.server.spawn("nghttpd", "-v", "-d", folder_of(home), *options, *words)
    home.server.wait_listening(port)


def apache(home, tls=False):
    """Apache's httpd with mod_http2: h2c by Upgrade and prior knowledge, or h2."""
    folder = home.server.folder
    folder_of(home)
    modules = ["mpm_event", "authz_core", "http2", "mime", *(["ssl"] if tls else [])]
    leaf = home.certificates.leaf() if tls else None
    secure = f"SSLEngine on\nSSLCertificateFile {leaf.with_suffix('.chain')}\nSSLCertificateKeyFile {leaf.with_suffix('.key')}" if tls else ""
    (folder / "mime.types").write_text("text/plain txt\n")
    (folder / "apache.conf").write_text("\n".join(
        f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in modules) + textwrap.dedent(f"""
        ServerRoot {folder}
        ServerName {NAME}
        TypesConfig {folder}/mime.types
        PidFile {folder}/apache.pid
        ErrorLog {folder}/error.log
        Mutex file:{folder}
        Listen {443 if tls else 80}
        Protocols {"h2" if tls else "h2c"} http/1.1
        DocumentRoot {folder}/www
        <Directory {folder}/www>
        Require all granted
        </Directory>
        """) + secure + "\n")
    home.server.spawn("apache2", "-f", folder / "apache.conf", "-D", "FOREGROUND")
    home.server.wait_listening(443 if tls else 80)


def python_server(home, *options, tls=False):
    port = 443 if tls else 80
    leaf = home.certificates.leaf() if tls else None
    secure = ("--cert", leaf.with_suffix(".chain"), "--key", leaf.with_suffix(".key")) if tls else ()
    home.server.spawn("/usr/bin/python3", LAB / "http2_server.py", *options, *secure, port)
    home.server.wait_listening(port)


def nghttp(home, *words, **options):
    home.client.flush_neighbours()
    said = home.client.run("env", f"SSLKEYLOGFILE={home.keys}", "nghttp", "-nv", *words, **options).stdout.decode()
    return frames_of(said)


def python_client(home, *words, tls=False, **options):
    home.client.flush_neighbours()
    secrets = ("--ca", home.root, "--keys", home.keys) if tls else ()
    said = home.client.run("/usr/bin/python3", LAB / "http2_client.py", *secrets, *words, **options).stdout.decode()
    return [json.loads(line) for line in said.splitlines()]


def talk(capture, *words, tls=False, server=(), **options):
    """One run of http2_client.py with http2_server.py."""
    with Home(**options) as home:
        python_server(home, *server, tls=tls)
        with capture.tcpdump(home.client) as raw:
            frames = python_client(home, *words, tls=tls)
        keep(capture, home, raw, frames, tls)


def keep(capture, home, raw, frames, tls=False, **more):
    capture.truth(home, capture.keep(raw, keys=home.keys if tls else None), ROLES, http2={"frames": frames}, **more)


@capture("http2-prior-knowledge", "HTTP/2 in the clear, known beforehand: three requests side by side", {**SYN, **PREFACE, **EXCHANGE}, NGHTTP)
def http2_prior_knowledge(capture):
    with Home() as home:
        nghttpd(home)
        with capture.tcpdump(home.client) as raw:
            frames = nghttp(home, f"{CLEAR}/small", f"{CLEAR}/page", f"{CLEAR}/missing")
        keep(capture, home, raw, frames)


@capture("http2-upgrade", "an Upgrade from HTTP/1.1 to HTTP/2 in the clear (101): the answer comes on stream 1", {
    **SYN, "Upgrade": 'http.upgrade contains "h2c"', "101": "http.response.code == 101", **PREFACE,
    "SETTINGS": "http2.type == 4", "response": "http2.headers.status == 200 && http2.streamid == 1"}, ("nghttp", "apache2", "dnsmasq"))
def http2_upgrade(capture):
    with Home() as home:
        apache(home)
        with capture.tcpdump(home.client) as raw:
            frames = nghttp(home, "-u", f"{CLEAR}/small", f"{CLEAR}/page")
        keep(capture, home, raw, frames)


@capture("http2-push", "server push: two resources are promised with the page, and sent on streams of the server's", PLAIN["tls13"], PYTHON, {
    **EXCHANGE, "PUSH_PROMISE": "http2.type == 5", "pushed response": "http2.headers.status == 200 && http2.streamid == 2"})
def http2_push(capture):
    with Home() as home:
        nghttpd(home, "--push=/index.html=/style.css,/script.js", tls=True)
        with capture.tcpdump(home.client) as raw:
            frames = python_client(home, NAME, "/index.html", tls=True)
        keep(capture, home, raw, frames, tls=True)


@capture("http2-many-streams", "ten requests at once over TLS 1.3 to nginx; their responses are woven into one another", PLAIN["tls13"],
         ("python3-h2", "nginx", "dnsmasq"), {**EXCHANGE, "the tenth request": "http2.headers.method && http2.streamid == 19"})
def http2_many_streams(capture):
    with Home() as home:
        home.nginx("tls13", listen=("443 ssl http2",), settings="http2_chunk_size 1k;")
        (home.server.folder / "www" / "page").write_text(servers.page(6000))
        with capture.tcpdump(home.client) as raw:
            frames = python_client(home, "--together", NAME, *["/page", "/small", "/a", "/b", "/c"] * 2, tls=True)
        keep(capture, home, raw, frames, tls=True)


@capture("http2-forty", "forty requests at once over TLS 1.3 to a server of python3-h2: some are answered 0.3 s late, and overtaken by all others", PLAIN["tls13"],
         ("python3-h2", "dnsmasq"), {**EXCHANGE, "the fortieth request": "http2.headers.method && http2.streamid == 79", "204": "http2.headers.status == 204",
                                     "302": "http2.headers.status == 302"})
def http2_forty(capture):
    talk(capture, "--together", NAME, *(path for i in range(8) for path in (f"/{700 + 900 * i}", "/poll", "/none", f"/moved/{i}", f"/{120 + i}")), tls=True)


@capture("http2-curl", "curl over TLS 1.3 to Apache: a GET, a POST of 30,000 bytes, a HEAD, a page that is not there, on one connection", PLAIN["tls13"],
         ("curl", "apache2", "dnsmasq"), {**EXCHANGE, "POST": 'http2.headers.method == "POST"', "HEAD": 'http2.headers.method == "HEAD"',
                                          "404": "http2.headers.status == 404"})
def http2_curl(capture):
    with Home() as home:
        apache(home, tls=True)
        (home.client.folder / "form").write_text(servers.page(30000))
        more = ("--next", "-sSv", "-o", "/dev/null", "--cacert", home.root, "--http2")
        with capture.tcpdump(home.client) as raw:
            said = home.fetch("--http2", f"{SECURE}/small", *more, "--data-binary", f"@{home.client.folder}/form", f"{SECURE}/small",
                              *more, "--head", f"{SECURE}/page", *more, f"{SECURE}/missing")
        statuses = [int(found) for found in re.findall(r"^< HTTP/2 (\d+)", said.stderr.decode(), re.M)]
        requests = re.findall(r"^> ([A-Z]+) (\S+) HTTP/2", said.stderr.decode(), re.M)
        keep(capture, home, raw, None, tls=True, curl={"requests": [" ".join(request) for request in requests], "statuses": statuses})


@capture("http2-post", "a POST of 20,000 bytes while a response comes", {**SYN, **PREFACE, **EXCHANGE, "POST": 'http2.headers.method == "POST"'}, BOTH)
def http2_post(capture):
    talk(capture, "--together", "--gap", "0.05", NAME, "/12000", "post:20000:/form")


@capture("http2-interim", "interim responses: 103 with a GET, 100 with a POST", {
    **SYN, **EXCHANGE, "103": "http2.headers.status == 103", "100": "http2.headers.status == 100"}, BOTH)
def http2_interim(capture):
    talk(capture, NAME, "/hints", "post:3000:/continue", "/hints", "/none")


@capture("http2-statuses", "statuses that are in no static table: they depend on what the server's header compression has learnt", {
    **SYN, "302": "http2.headers.status == 302"}, BOTH)
def http2_statuses(capture):
    talk(capture, NAME, "/moved/a", "/moved/b", "/moved/c")


@capture("http2-streaming", "a long poll and server-sent events, which stay open while others come and go", {**SYN, **EXCHANGE,
         "event": 'http2.data.data contains "tick"'}, BOTH)
def http2_streaming(capture):
    talk(capture, "--together", "--gap", "0.05", NAME, "/poll", "/events", "/500", "/700", "/900")


@capture("http2-reset", "streams that are reset: by the client in the middle of a response, by the server in one and before one", {
    **SYN, **EXCHANGE, "CANCEL": f"http2.rst_stream.error == 8 && {FROM_CLIENT}", "REFUSED_STREAM": "http2.rst_stream.error == 7",
    "INTERNAL_ERROR": "http2.rst_stream.error == 2"}, BOTH)
def http2_reset(capture):
    talk(capture, NAME, "cancel:3000:/40000", "/reset", "/refused", "wait:0.2", "/500")


@capture("http2-goaway", "the server ends the connection with GOAWAY", {**SYN, **EXCHANGE, "GOAWAY": f"http2.type == 7 && {FROM_SERVER}"}, BOTH)
def http2_goaway(capture):
    talk(capture, NAME, "/300", "ping", "/goaway", "wait:0.2")


@capture("http2-padded", "padded DATA and HEADERS, trailers of both sides", {
    **SYN, **EXCHANGE, "padded DATA": "http2.flags.padded == 1 && http2.type == 0", "padded HEADERS": "http2.flags.padded == 1 && http2.type == 1"}, NGHTTP)
def http2_padded(capture):
    with Home() as home:
        nghttpd(home, "--padding=200", "--trailer", "x-sum: 12345678")
        (home.client.folder / "form").write_text(servers.page(2000))
        with capture.tcpdump(home.client) as raw:
            frames = nghttp(home, "--padding=100", "--trailer", "x-sum: 87654321", "-d", home.client.folder / "form",
                            f"{CLEAR}/small", f"{CLEAR}/page")
        keep(capture, home, raw, frames)


@capture("http2-continuation", "header sections of several frames and segments: HEADERS and CONTINUATION of both sides", {
    **SYN, **EXCHANGE, "CONTINUATION of the client": f"http2.type == 9 && {FROM_CLIENT}", "CONTINUATION of the server": f"http2.type == 9 && {FROM_SERVER}"},
    BOTH)
def http2_continuation(capture):
    talk(capture, NAME, "/300", "large:/large", "/300")


@capture("http2-trailers", "trailers behind a body and behind none", {**SYN, **EXCHANGE}, BOTH)
def http2_trailers(capture):
    talk(capture, NAME, "/trailers", "/headers-only")


@capture("http2-server-first", "over TLS 1.3: the server's SETTINGS come before the client's preface", PLAIN["tls13"], BOTH, EXCHANGE)
def http2_server_first(capture):
    talk(capture, NAME, "/300", "/2000", tls=True, server=("--first",))


@capture("http2-websocket", "WebSocket in an HTTP/2 stream (extended CONNECT), beside an ordinary request", {
    **SYN, "extended CONNECT": 'http2.header.name == ":protocol"', "response": "http2.headers.status == 200"}, BOTH)
def http2_websocket(capture):
    talk(capture, "--together", "--gap", "0.1", NAME, "websocket:one,two,three:/chat", "/500")


@capture("http2-connect", "CONNECT in an HTTP/2 stream: a tunnel, with a GET of HTTP/1.1 in it", {
    **SYN, "CONNECT": 'http2.headers.method == "CONNECT"', "GET inside": 'tcp contains "GET /small HTTP/1.1"'}, ("python3-h2", "nginx", "dnsmasq"))
def http2_connect(capture):
    with Home() as home:
        servers.nginx(home.server, listen=("8080",))
        python_server(home)
        with capture.tcpdump(home.client) as raw:
            frames = python_client(home, NAME, f"connect:{SERVER}:8080:/small", "/300")
        keep(capture, home, raw, frames)


def many(capture, rules, **more):
    """Six requests at once in the clear, and what the network does to the server's segments."""
    with Home(rules=rules) as home:
        python_server(home)
        with capture.tcpdump(home.client) as raw:
            frames = python_client(home, "--together", "--gap", "0.03", NAME, "/moved/a", "/9000", "/700", "/moved/b", "/9000", "/500")
        keep(capture, home, raw, frames, **more)


@capture("http2-loss", "one segment of the server's is lost on the way and sent again", {**SYN, **EXCHANGE, "sent again": "tcp.analysis.retransmission || tcp.analysis.out_of_order"}, BOTH)
def http2_loss(capture):
    many(capture, [{"from": "b", "match": "data", "n": 6, "do": "drop"}])


@capture("http2-reorder", "two segments of the server's change places", {**SYN, **EXCHANGE, "out of order": "tcp.analysis.out_of_order || tcp.analysis.retransmission"}, BOTH)
def http2_reorder(capture):
    many(capture, [{"from": "b", "match": "data", "n": 6, "do": "swap"}])


@capture("http2-gap", "the recording lost segments of the server that the network did not", {
    **SYN, **PREFACE, "ACK of what was not seen": "tcp.analysis.ack_lost_segment"}, BOTH)
def http2_gap(capture):
    with Home() as home:
        python_server(home)
        with capture.tcpdump(home.client, "eth0", f"not (src host {SERVER} and ip[4:2] & 3 == 3)") as raw:
            frames = python_client(home, "--together", "--gap", "0.03", NAME, "/moved/a", "/9000", "/700", "/moved/b", "/9000", "/500", "/moved/c", "/300")
        keep(capture, home, raw, frames)


@capture("http2-mid-start", "the recording begins in the middle of a connection in the clear", {"first frame, no SYN": "frame.number == 1 && tcp && tcp.flags.syn == 0"}, BOTH)
def http2_mid_start(capture):
    with Home() as home:
        python_server(home)
        home.client.flush_neighbours()
        client = home.client.spawn("/usr/bin/python3", LAB / "http2_client.py", "--together", "--gap", "0.3", NAME, "/moved/a", "/events", "/moved/b", "/9000",
                                   "/moved/b", "/500")
        time.sleep(0.5)
        with capture.tcpdump(home.client, "eth0", "tcp") as raw:
            client.wait(20)
        frames = [json.loads(line) for line in client.log.read_text().splitlines()]
        keep(capture, home, raw, frames)


SSE = """\
import http.server, time
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        chunked = self.path == "/chunked"
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding" if chunked else "Connection", "chunked" if chunked else "close")
        self.end_headers()
        for number in range(1, 6):
            time.sleep(0.06)
            event = f"event: tick\\ndata: {number}\\n\\n".encode()
            self.wfile.write(f"{len(event):x}\\r\\n".encode() + event + b"\\r\\n" if chunked else event)
        if chunked:
            self.wfile.write(b"0\\r\\n\\r\\n")
http.server.ThreadingHTTPServer(("", 80), Handler).serve_forever()
"""


def server_sent_events(capture, path):
    with Home() as home:
        home.server.spawn("/usr/bin/python3", "-c", SSE)
        home.server.wait_listening(80)
        with capture.tcpdump(home.client) as raw:
            home.client.flush_neighbours()
            said = home.client.run("curl", "-4", "-sSN", f"{CLEAR}/{path}").stdout.decode()
        if said.count("event: tick") != 5:
            raise RuntimeError(said)
        capture.truth(home, capture.keep(raw), ROLES, events=5)


EVENTS = {**SYN, "request": "http.request", "events": f'tcp contains "event: tick" && {FROM_SERVER}'}


@capture("http-events-chunked", "server-sent events over HTTP/1.1: a chunked response that stays open, five events 60 ms apart", EVENTS, ("curl", "python3", "dnsmasq"))
def http_events_chunked(capture):
    server_sent_events(capture, "chunked")


@capture("http-events-to-close", "server-sent events over HTTP/1.1: a response that ends with the connection", EVENTS, ("curl", "python3", "dnsmasq"))
def http_events_to_close(capture):
    server_sent_events(capture, "close")

@capture("http2-two-ended", "three requests at once over HTTP/2 and TLS 1.3 to nghttpd, recorded at the client and at the server at once", MERGED,
         ("python3-h2", "nghttpd", "bind"), EXCHANGE)
def http2_two_ended(capture):
    with Home(names=True) as home:
        nghttpd(home, tls=True)
        with tcpdump_both(capture, home) as (at_client, at_server):
            frames = python_client(home, "--together", NAME, "/page", "/small", "/style.css", tls=True)
        shown = {**PLAIN["tls13"], "FIN": "tcp.flags.fin == 1"}
        keep_both(capture, home, at_client, at_server, ({"ARP": "arp", **shown}, shown, MERGED), home.keys, http2={"frames": frames})


if __name__ == "__main__":
    main()
