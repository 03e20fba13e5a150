#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records look-ups over HTTPS and over TLS, and the connections that they lead to. All at the client's end.

The truth has under `look_ups` what was asked and which address was told, as the client printed it, and under `resolver` where: the address, the
port and the name that its certificate has.
"""
import base64
import json
import os
import re
import struct
import textwrap

import servers
from internet import CLIENT, ROLES, ROUTER, SERVER, SERVER6
from network import LAB, command
from recorder import capture, main
from tls import FINISHED, NAME, PLAIN, URL, Home
from web_browser import Browsing

RESOLVER = "dns.example.jp"
HTTPS_PORT, TLS_PORT = 8443, 853
KDIG, CURL = ("kdig", "bind"), ("curl", "bind", "nginx", "dnsmasq")
ANSWER = {"answer": f"dns.flags.response == 1 && dns.a == {SERVER} && tls"}
DNS = {**FINISHED, "question": "dns.flags.response == 0 && tls", **ANSWER}
POST = {**DNS, "POST": 'http2.headers.method == "POST"', "content type": 'http2.headers.content_type == "application/dns-message"'}
FETCH = {"request for the page": f'http2.headers.path == "/small" && ip.src == {CLIENT}'}


class Encrypted(Home):
    """On the server BIND, which answers over TLS and HTTPS; the home router knows where it is, and nothing else."""

    def build(self, *arguments):
        super().build(*arguments)
        self.resolver.terminate()
        self.resolver.wait()
        servers.home_router_resolver(self.router, ROUTER, names=((RESOLVER, SERVER),))
        leaf = self.certificates.leaf(RESOLVER)
        zone = textwrap.dedent(f"""\
            $ORIGIN example.jp.
            {servers.SOA.format(ns="ns1.example.jp.")}
            @ 86400 IN NS ns1
            ns1 86400 IN A {SERVER}
            www 300 IN A {SERVER}
            www 300 IN AAAA {SERVER6}
            """)
        servers.named(self.server, f"""zone "example.jp" {{ type primary; file "example.zone"; }};
            tls here {{ cert-file "{leaf.with_suffix(".chain")}"; key-file "{leaf.with_suffix(".key")}"; }};""",
                      options=f"listen-on port {TLS_PORT} tls here {{ any; }}; {self.listen_https}", files=[("example.zone", zone)])
        for port in (TLS_PORT, self.https_port):
            self.server.wait_listening(port)

    https_port = HTTPS_PORT
    listen_https = f"listen-on port {HTTPS_PORT} tls here http default {{ any; }};"

    def kdig(self, *words):
        """What it asked and was told, in order."""
        self.client.flush_neighbours()
        said = self.client.run("env", f"SSLKEYLOGFILE={self.keys}", "kdig", f"+tls-ca={self.root}", f"+tls-hostname={RESOLVER}", *words).stdout.decode()
        asked = re.findall(r"^;; (\S+)\. +\tIN\t(\S+)$|^;; (\S+)\.\s+IN\s+(\S+)$", said, re.M)
        answers = re.findall(r"^(\S+)\.\s+\d+\s+IN\s+(A|AAAA)\s+(\S+)$", said, re.M)
        if not asked or not answers:
            raise RuntimeError(f"kdig says {said}")
        return [{"name": name, "type": kind, "address": address} for name, kind, address in answers]

    def told(self, capture, raw, look_ups, port, fetched=()):
        capture.truth(self, capture.keep(raw, keys=self.keys), ROLES, resolver={"address": SERVER, "port": port, "name": RESOLVER}, look_ups=look_ups,
                      fetched=list(fetched))


def asked(*words, port, capture):
    with Encrypted() as home:
        with capture.tcpdump(home.client) as raw:
            look_ups = home.kdig("-p", port, f"@{SERVER}", *words)
        home.told(capture, raw, look_ups, port)


@capture("dns-over-https", "DNS over HTTPS: two questions on one HTTP/2 connection to BIND, each as a POST", PLAIN["tls13"], KDIG, POST)
def over_https(capture):
    asked("+https", "+keepopen", NAME, "A", NAME, "AAAA", port=HTTPS_PORT, capture=capture)


@capture("dns-over-https-get", "DNS over HTTPS: a question to BIND as a GET, in the request's target", PLAIN["tls13"], KDIG, {
    **FINISHED, "GET": 'http2.headers.path contains "/dns-query?dns="', **ANSWER})
def over_https_get(capture):
    asked("+https", "+https-get", NAME, "A", port=HTTPS_PORT, capture=capture)


@capture("dns-over-https-fetch", "curl asks over HTTPS where the server is (--doh-url), having asked the home router for the resolver, and fetches a page from there",
         PLAIN["tls13"], CURL, {**POST, **FETCH})
def over_https_fetch(capture):
    with Encrypted() as home:
        home.nginx("tls13", listen=("443 ssl http2",))
        with capture.tcpdump(home.client) as raw:
            said = home.fetch("--doh-url", f"https://{RESOLVER}:{HTTPS_PORT}/dns-query", f"{URL}/small").stderr.decode()
        if f"Connected to {NAME} ({SERVER}) port 443" not in said:
            raise RuntimeError(f"curl says {said}")
        home.told(capture, raw, [{"name": NAME, "type": "A", "address": SERVER}], HTTPS_PORT, [{"name": NAME, "address": SERVER, "port": 443}])


@capture("dns-over-tls-fetch", "a question over TLS 1.3 to BIND, and a fetch from the address that it told", PLAIN["tls13"], ("kdig", "curl", "bind", "nginx"), {**DNS, **FETCH})
def over_tls_fetch(capture):
    with Encrypted() as home:
        home.nginx("tls13", listen=("443 ssl http2",))
        with capture.tcpdump(home.client) as raw:
            look_ups = home.kdig("+tls", f"@{SERVER}", NAME, "A")
            home.client.run("env", f"SSLKEYLOGFILE={home.keys}", "curl", "-4", "-sS", "-o", "/dev/null", "--cacert", home.root,
                            "--resolve", f"{NAME}:443:{look_ups[0]['address']}", f"{URL}/small")
        home.told(capture, raw, look_ups, TLS_PORT, [{"name": NAME, "address": SERVER, "port": 443}])


class Fronted(Encrypted, Browsing):
    """Caddy in front of BIND, which knows HTTP/2 only: it answers over HTTP/1.1 and HTTP/3 too."""

    https_port = 8080
    listen_https = "listen-on port 8080 tls none http default { 127.0.0.1; };"

    def front(self, protocols, port=443):
        self.caddy("reverse_proxy /dns-query h2c://127.0.0.1:8080", protocols, RESOLVER, port)


def question(kind):
    """A query for NAME, with the id that RFC 8484 asks for."""
    name = b"".join(bytes([len(label)]) + label.encode() for label in NAME.split(".")) + bytes(1)
    return struct.pack("!6H", 0, 0x0100, 1, 0, 0, 0) + name + struct.pack("!HH", {"A": 1, "AAAA": 28}[kind], 1)


def target(kind):
    return "/dns-query?dns=" + base64.urlsafe_b64encode(question(kind)).decode().rstrip("=")


def answers(data):
    """The last address in a response, by what the client got of it."""
    return ".".join(map(str, data[-4:]))


HTTP1 = {**DNS, "content type": 'http.content_type == "application/dns-message"'}


@capture("dns-over-https-http1", "curl asks over HTTPS, from a resolver that speaks HTTP/1.1 only, and fetches a page from the address that it told",
         PLAIN["tls13"], ("curl", "caddy", "bind", "nginx", "dnsmasq"), {**HTTP1, "POST": 'http.request.method == "POST"'})
def over_https_http1(capture):
    with Fronted() as home:
        home.front("h1", HTTPS_PORT)
        home.nginx("tls13", listen=("443 ssl",))
        with capture.tcpdump(home.client) as raw:
            said = home.fetch("--doh-url", f"https://{RESOLVER}:{HTTPS_PORT}/dns-query", f"{URL}/small").stderr.decode()
        if f"Connected to {NAME} ({SERVER}) port 443" not in said:
            raise RuntimeError(f"curl says {said}")
        home.told(capture, raw, [{"name": NAME, "type": "A", "address": SERVER}], HTTPS_PORT, [{"name": NAME, "address": SERVER, "port": 443}])


@capture("dns-over-https-http1-get", "a question over HTTPS and HTTP/1.1 as a GET, in the request's target", PLAIN["tls13"], ("curl", "caddy", "bind"),
         {**FINISHED, "GET": 'http.request.uri contains "/dns-query?dns="', **ANSWER})
def over_https_http1_get(capture):
    with Fronted() as home:
        home.front("h1", HTTPS_PORT)
        file = home.client.folder / "response"
        with capture.tcpdump(home.client) as raw:
            home.client.flush_neighbours()
            home.client.run("env", f"SSLKEYLOGFILE={home.keys}", "curl", "-4", "-sS", "--http1.1", "--cacert", home.root, "-H", "Accept: application/dns-message", "-o", file,
                            f"https://{RESOLVER}:{HTTPS_PORT}{target('A')}")
        home.told(capture, raw, [{"name": NAME, "type": "A", "address": answers(file.read_bytes())}], HTTPS_PORT)


HTTP3 = {"Initial": "quic.long.packet_type == 0", "1-RTT": "quic.header_form == 0"}


@capture("dns-over-http3-get", "DNS over HTTPS over HTTP/3: a question as a GET, in the request's target", HTTP3, ("ngtcp2-client", "caddy", "bind"),
         {**FINISHED, "HEADERS": "http3.frame_type == 1"})
def over_http3_get(capture):
    with Fronted() as home:
        home.front("h3")
        folder = home.client.folder / "got"
        folder.mkdir()
        with capture.tcpdump(home.client) as raw:
            home.client.flush_neighbours()
            home.client.run("env", f"SSLKEYLOGFILE={home.keys}", "gtlsclient", "--no-quic-dump", "--no-http-dump", "--exit-on-all-streams-close", f"--download={folder}",
                            RESOLVER, 443, f"https://{RESOLVER}{target('A')}")
        [got] = folder.iterdir()
        home.told(capture, raw, [{"name": NAME, "type": "A", "address": answers(got.read_bytes())}], 443)


@capture("dns-over-http3", "DNS over HTTPS over HTTP/3: two questions of a page in Chromium, each as a POST", HTTP3, ("chromium", "caddy", "bind"),
         {**FINISHED, "HEADERS": "http3.frame_type == 1"})
def over_http3(capture):
    with Fronted() as home:
        home.script = """(async () => {
          const told = [];
          for (const question of %s) {
            const response = await fetch("/dns-query", {method: "POST", cache: "no-store", headers: {"Content-Type": "application/dns-message"},
              body: Uint8Array.from(question)});
            told.push(Array.from(new Uint8Array(await response.arrayBuffer())));
          }
          document.title = JSON.stringify(told);
        })()""" % json.dumps([list(question("A")), list(question("A"))])
        home.front("h3")
        with capture.tcpdump(home.client) as raw:
            page = home.chromium("--enable-quic", f"--origin-to-force-quic-on={RESOLVER}:443", name=RESOLVER)
        told = re.search(r"<title>(\[.*\])</title>", page)
        if not told:
            raise RuntimeError(f"Chromium says {page}")
        home.told(capture, raw, [{"name": NAME, "type": "A", "address": answers(data)} for data in json.loads(told[1])], 443)


# Its own port is 853, which Wireshark 4.0 knows as that of DNS over DTLS.
QUIC_PORT = 8853


@capture("dns-over-quic", "DNS over QUIC: two questions on one connection, each on a stream of its own", HTTP3, ("kdig", "golang-github-lucas-clemente-quic-go-dev", "bind"),
         {"Finished": "tls.handshake.type == 20", "stream of the first question": "quic.stream.stream_id == 0", "stream of the second one": "quic.stream.stream_id == 4"})
def over_quic(capture):
    with Encrypted() as home:
        leaf = home.certificates.folder / RESOLVER
        program = home.folder / "dns_over_quic"
        command("go", "build", "-o", program, LAB / "dns_over_quic.go",
                env={"PATH": os.environ["PATH"], "HOME": str(home.folder), "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "-p=1"})
        home.server.spawn(program, f"{SERVER}:{QUIC_PORT}", leaf.with_name(f"{RESOLVER}.chain"), leaf.with_name(f"{RESOLVER}.key"), f"{SERVER}:53")
        home.server.wait_listening(QUIC_PORT, "udp")
        with capture.tcpdump(home.client) as raw:
            look_ups = home.kdig("+quic", "+keepopen", "-p", QUIC_PORT, f"@{SERVER}", NAME, "A", NAME, "AAAA")
        home.told(capture, raw, look_ups, QUIC_PORT)


if __name__ == "__main__":
    main()
