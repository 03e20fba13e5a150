#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records HTTP/2: in the clear, behind an Upgrade and over TLS. All at the client's end.

`http2.frames` in a truth is what the client (nghttp -v, or http2_client.py) printed of the frames that it sent and received, in
its order.
"""
import json
import re
import textwrap

import servers
from internet import CLIENT, ROLES, SERVER
from network import LAB
from recorder import capture, main
from tls import NAME, PLAIN, Home

CLEAR = f"http://{NAME}"
SECURE = f"https://{NAME}"
SYN = {"SYN": "tcp.flags.syn == 1 && tcp.flags.ack == 0"}
EXCHANGE = {"SETTINGS": "http2.type == 4", "request": "http2.headers.method", "response": "http2.headers.status == 200"}
PREFACE = {"connection preface": "http2.magic"}
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


def nghttp(home, *words, **options):
    home.client.flush_neighbours()
    said = home.client.run("env", f"SSLKEYLOGFILE={home.keys}", "nghttp", "-nv", *words, **options).stdout.decode()
    return frames_of(said)


def python_client(home, *words, tls=False, **options):
    home.client.flush_neighbours()
    secrets = ("--ca", home.root, "--keys", home.keys) if tls else ()
    said = home.client.run("/usr/bin/python3", LAB / "http2_client.py", *secrets, *words, **options).stdout.decode()
    return [json.loads(line) for line in said.splitlines()]


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


if __name__ == "__main__":
    main()
