#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records the TLS captures: versions and ciphers, many requests, small segments, loss and order. All at the client's end."""
import functools
import time

import servers
from internet import ROUTER
from recorder import capture, main
from tls import (CLOSE, CLOSE_BY_CLIENT, FETCH, FINISHED, FROM_CLIENT, FROM_SERVER, HELLOS, PLAIN, URL, WORDS, Home, agreed_by_curl,
                 request)

CURL = ("curl", "nginx", "dnsmasq")
JOURNEY = {"ARP request": "arp.opcode == 1", "ARP reply": "arp.opcode == 2",
           "question to the root server": "dns.flags.response == 0 && ip.dst == 203.0.113.4 && dns.qry.name == \"www.example.jp\"",
           "question to the zone's server": "dns.flags.response == 0 && ip.dst == 203.0.113.36",
           "the address": "dns.flags.response == 1 && dns.a == 198.51.100.80"}


def suite(number):
    return {"cipher suite": f"tls.handshake.type == 2 && tls.handshake.ciphersuite == {number:#06x}"}


def article_fetch(version, *options, capture):
    """The fetch of 102,400 bytes after ARP and an iterative resolution."""
    with Home(names=True) as home:
        home.nginx(version)
        with capture.tcpdump(home.client, options=("--time-stamp-precision=nano",)) as raw:
            home.fetch("-H", "Connection: close", *options, f"{URL}/page")
        home.truth(capture, raw, body_bytes=servers.BODY_BYTES)


def simple_fetch(version, *options, capture, settings=""):
    with Home() as home:
        home.nginx(version, settings)
        with capture.tcpdump(home.client) as raw:
            home.fetch(*options, f"{URL}/small")
        home.truth(capture, raw, closed=("close_notify", None))


for name, version, cipher, number in (("tls12-ecdhe", "tls12", ("--ciphers", "ECDHE-RSA-AES256-GCM-SHA384"), 0xC030),
                                      ("tls13", "tls13", ("--tls13-ciphers", "TLS_AES_256_GCM_SHA384"), 0x1302)):
    capture(name, f"the fetch of http-plain over {WORDS[version]} with {cipher[1]}: ARP, three DNS steps, TCP, TLS, an HTTP/1.1 GET of 102,400 bytes",
            {**JOURNEY, **PLAIN[version], **suite(number), "FIN": "tcp.flags.fin == 1"}, ("curl", "nginx", "bind"),
            {**FETCH, **CLOSE, "Content-Length": "http.content_length == 102400"})(functools.partial(article_fetch, version, *cipher))

for name, version, cipher, number, words in (
        ("tls12-rsa", "tls12", ("--ciphers", "AES128-SHA"), 0x002F, "the key comes encrypted with the server's RSA key (no forward secrecy), CBC records"),
        ("tls12-chacha20", "tls12", ("--ciphers", "ECDHE-RSA-CHACHA20-POLY1305"), 0xCCA8, "records without an explicit nonce"),
        ("tls13-aes128", "tls13", ("--tls13-ciphers", "TLS_AES_128_GCM_SHA256"), 0x1301, "a small fetch"),
        ("tls13-chacha20", "tls13", ("--tls13-ciphers", "TLS_CHACHA20_POLY1305_SHA256"), 0x1303, "a small fetch")):
    capture(name, f"{WORDS[version]} with {cipher[1]}: {words}", {**PLAIN[version], **suite(number)}, CURL, {**FETCH, **CLOSE_BY_CLIENT})(
        functools.partial(simple_fetch, version, *cipher))


def keep_alive(version, capture):
    with Home() as home:
        home.nginx(version, locations="location = /chunked { ssi on; ssi_types text/plain; try_files /small =404; }")
        small = home.server.folder / "www" / "small"
        (small.parent / "middle").write_text(servers.page(20000))
        form = home.client.folder / "form"
        form.write_text(servers.page(30000))
        etag = f'"{int(small.stat().st_mtime):x}-{small.stat().st_size:x}"'
        one = ("-4", "-sS", "-o", "/dev/null", "--cacert", home.root)
        requests = ((f"{URL}/small",), (f"{URL}/middle",), ("--head", f"{URL}/page"), ("-H", f"If-None-Match: {etag}", f"{URL}/small"),
                    ("-H", "Expect:", "--data-binary", f"@{form}", f"{URL}/echo"), (f"{URL}/missing",), (f"{URL}/chunked",))
        words = [word for words in requests for word in ("--next", *one, *words)][1 + len(one):]
        with capture.tcpdump(home.client) as raw:
            home.fetch("--rate", "3/s", *words)
        home.truth(capture, raw, closed=("close_notify", None))


def pipeline(home, version):
    with home.connect(version) as connection:
        connection.sendall("".join(map(request, ("/a", "/middle"))).encode())
        time.sleep(0.05)
        connection.sendall(request("/small", "Connection: close").encode())
        while connection.recv(4096):
            pass
        connection.unwrap()


for version in ("tls12", "tls13"):
    capture(f"{version}-keepalive", f"seven requests on one {WORDS[version]} connection with idle times between: GET of 1,200 and 20,000 bytes, HEAD, "
            "a GET answered 304, a POST of 30,000 bytes, a GET answered 404, a chunked response", PLAIN[version], CURL, {
        **FETCH, "HEAD": 'http.request.method == "HEAD"', "304": "http.response.code == 304", "POST": 'http.request.method == "POST"',
        "404": "http.response.code == 404", "chunked": 'http.transfer_encoding == "chunked"', **CLOSE_BY_CLIENT})(functools.partial(keep_alive, version))


@capture("tls13-pipelined", "three GETs on one TLS 1.3 connection: two in one record, then one more that does not wait for the responses",
         PLAIN["tls13"], ("python3", "nginx"), {
    **FETCH, "two requests in one record": 'http.request.uri == "/a" && http.request.uri == "/middle"',
    "third request": 'http.request.uri == "/small" && !(http.request.uri == "/a")', **CLOSE})
def pipelined(capture):
    with Home() as home:
        home.nginx("tls13")
        (home.server.folder / "www" / "middle").write_text(servers.page(20000))
        with capture.tcpdump(home.client) as raw:
            home.client.call(pipeline, home, "tls13").join()
        home.truth(capture, raw)



@capture("tls13-expect-continue", "a POST of 30,000 bytes with Expect: 100-continue over TLS 1.3, the interim response, the body, the final response",
         PLAIN["tls13"], CURL, {**FETCH, "Expect": 'http.request.line contains "100-continue"', "100 Continue": "http.response.code == 100"})
def tls13_expect_continue(capture):
    with Home() as home:
        home.nginx("tls13")
        form = home.client.folder / "form"
        form.write_text(servers.page(30000))
        with capture.tcpdump(home.client) as raw:
            home.fetch("-H", "Expect: 100-continue", "-H", "Content-Type: text/plain", "--data-binary", f"@{form}", f"{URL}/echo")
        home.truth(capture, raw, closed=("close_notify", None))


def small_segments(version, capture):
    with Home() as home:
        home.nginx(version)
        home.client.ip("route", "replace", "default", "via", ROUTER, "advmss", "256")
        home.server.ip("route", "replace", "default", "via", "198.51.100.1", "advmss", "256")
        with capture.tcpdump(home.client) as raw:
            home.fetch(f"{URL}/small")
        home.truth(capture, raw, closed=("close_notify", None))


for version in ("tls12", "tls13"):
    capture(f"{version}-small-segments", f"{WORDS[version]} in segments of 256 bytes at most: ClientHello and Certificate take several",
            {**PLAIN[version], "part of a ClientHello": f"tcp.len > 0 && tcp.len <= 256 && {FROM_CLIENT} && !tls",
             "ClientHello of several segments": "tls.handshake.type == 1 && tcp.segment.count > 1",
             "record of several segments": "tls && tcp.segment.count > 3"}, CURL, {**FETCH, **CLOSE_BY_CLIENT})(
                 functools.partial(small_segments, version))


@capture("tls13-records", "20,000 bytes in records of 700 bytes at most: several in one segment, and records that straddle segments", {
    **PLAIN["tls13"], "several records in one segment": "count(tls.record.length) > 2", "record of two segments": "tls && tcp.segment.count == 2"},
    CURL, {**FETCH, **CLOSE_BY_CLIENT})
def tls13_records(capture):
    with Home() as home:
        home.nginx("tls13", "ssl_buffer_size 700; tcp_nodelay off;")
        (home.server.folder / "www" / "middle").write_text(servers.page(20000))
        with capture.tcpdump(home.client) as raw:
            home.fetch(f"{URL}/middle")
        home.truth(capture, raw, closed=("close_notify", None))


@capture("tls13-padding", "the server pads each record to a multiple of 512 bytes", {
    **PLAIN["tls13"], "padded record": f"tls.record.length == 528 && {FROM_SERVER}"}, ("curl", "openssl"), {**FETCH, **CLOSE})
def tls13_padding(capture):
    with Home() as home:
        home.s_server("-tls1_3", "-record_padding", "512", "-HTTP")
        with capture.tcpdump(home.client) as raw:
            curl = home.fetch(f"{URL}/reply")
        home.truth(capture, raw, agreed_by_curl(curl))


def over_a_bad_wire(version, rules, capture, path="/middle", advmss=None):
    with Home(rules=rules) as home:
        home.nginx(version)
        (home.server.folder / "www" / "middle").write_text(servers.page(20000))
        if advmss:
            home.server.ip("route", "replace", "default", "via", "198.51.100.1", "advmss", advmss)
        with capture.tcpdump(home.client, settle=0.5) as raw:
            home.fetch("-H", "Connection: close", f"{URL}{path}")
        home.truth(capture, raw)


SENT_AGAIN = {"gap": "tcp.analysis.lost_segment", "duplicate ACK": "tcp.analysis.duplicate_ack",
              "sent again": "tcp.analysis.retransmission || tcp.analysis.out_of_order || tcp.analysis.fast_retransmission"}
for version in ("tls12", "tls13"):
    capture(f"{version}-loss", f"{WORDS[version]}: the second segment of the server's certificate flight is lost once, and later its 10th data segment",
            {**HELLOS, **SENT_AGAIN}, CURL, {**FINISHED, "request": "http.request", **CLOSE_BY_CLIENT})(
                functools.partial(over_a_bad_wire, version, [{"from": "b", "match": "data", "n": [2, 10], "do": "drop"}]))
    capture(f"{version}-reorder", f"{WORDS[version]}: the two segments of the server's first flight change places",
            {"ClientHello": HELLOS["ClientHello"], "out of order": "tcp.analysis.out_of_order || tcp.analysis.retransmission"}, CURL)(
                functools.partial(over_a_bad_wire, version, [{"from": "b", "match": "data", "n": 1, "do": "swap"}], path="/small"))

capture("tls13-client-hello-loss", "TLS 1.3: the first of the two segments of the ClientHello is lost once", {
    "sent again": f"(tcp.analysis.retransmission || tcp.analysis.out_of_order) && {FROM_CLIENT}",
    "SACK block": f"tcp.options.sack.count > 0 && {FROM_SERVER}"}, CURL, {**FETCH, **CLOSE})(
        functools.partial(over_a_bad_wire, "tls13", [{"from": "a", "match": "data", "n": 1, "do": "drop"}], path="/small", advmss=400))
capture("tls13-duplicate", "TLS 1.3: the network delivers the second segment of the server's first flight twice", {
    **PLAIN["tls13"], "the second copy": f"(tcp.analysis.retransmission || tcp.analysis.spurious_retransmission) && {FROM_SERVER}"}, CURL, {**FETCH, **CLOSE})(
        functools.partial(over_a_bad_wire, "tls13", [{"from": "b", "match": "data", "n": 2, "do": "duplicate"}], path="/small"))


def mid_start(version, capture):
    with Home() as home:
        home.nginx(version)
        (home.server.folder / "www" / "middle").write_text(servers.page(20000))
        curl = home.client.spawn("env", f"SSLKEYLOGFILE={home.keys}", "curl", "-4", "-sS", "--rate", "1/s", "--cacert", home.root,
                                 *(word for path in ("/small", "/small", "/middle", "/small") for word in ("-o", "/dev/null", f"{URL}{path}")))
        time.sleep(1.5)
        with capture.tcpdump(home.client, "eth0", "tcp") as raw:
            curl.wait()
        home.truth(capture, raw, closed=("close_notify", None))


for version in ("tls12", "tls13"):
    capture(f"{version}-mid-start", f"{WORDS[version]}: the recording begins after the handshake and two fetches; two more follow on the same connection", {
        "first frame, no SYN": "frame.number == 1 && tcp && tcp.flags.syn == 0", "record": f"tls.record && {FROM_SERVER}",
        "FIN": "tcp.flags.fin == 1"}, CURL)(functools.partial(mid_start, version))


@capture("tls12-one-direction", "TLS 1.2: only what the client received was recorded", {
    "SYN+ACK": "tcp.flags.syn == 1 && tcp.flags.ack == 1", **{words: PLAIN["tls12"][words] for words in PLAIN["tls12"] if words not in ("SYN", "ClientHello")},
    "FIN": "tcp.flags.fin == 1"}, CURL)
def tls12_one_direction(capture):
    with Home() as home:
        home.nginx("tls12")
        with capture.tcpdump(home.client, options=("-Q", "in")) as raw:
            home.fetch(f"{URL}/small", "-o", "/dev/null", f"{URL}/a")
        home.truth(capture, raw, closed=("close_notify", None))


if __name__ == "__main__":
    main()
