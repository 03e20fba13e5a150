#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records QUIC and HTTP/3: ngtcp2's client against ngtcp2's server and against Caddy. At the client's end, but for one at both."""
import re

import servers
from ngtcp2_version_2 import with_version_2
from both_ends import keep_both, tcpdump_both
from internet import CLIENT, ROLES, SERVER
from recorder import capture, main
from tls import NAME, URL, Home

NGTCP2 = ("ngtcp2-client", "ngtcp2-server")
FROM_CLIENT, FROM_SERVER = f"ip.src == {CLIENT}", f"ip.src == {SERVER}"
INITIALS = {"Initial of the client": f"quic.long.packet_type == 0 && {FROM_CLIENT}", "Initial of the server": f"quic.long.packet_type == 0 && {FROM_SERVER}",
            "ClientHello": "tls.handshake.type == 1", "ServerHello": "tls.handshake.type == 2"}
HANDSHAKE = {**INITIALS, "Handshake": "quic.long.packet_type == 2", "1-RTT": "quic.header_form == 0"}
FINISHED = {"Finished of the server": f"tls.handshake.type == 20 && {FROM_SERVER}", "Finished of the client": f"tls.handshake.type == 20 && {FROM_CLIENT}"}
FETCH = {**FINISHED, "HEADERS": "http3.frame_type == 1", "SETTINGS": "http3.frame_type == 4"}
CLOSE = {"CONNECTION_CLOSE": "quic.frame_type == 28 || quic.frame_type == 29"}


class Http3(Home):
    """The server has ngtcp2's HTTP/3 server, which serves /page, /small and /a."""

    version_2 = False

    def ngtcp2(self, program):
        """The words that run it."""
        if not self.version_2:
            return (program,)
        folder = self.folder / "version-2"
        if not folder.exists():
            with_version_2(folder)
        return ("env", f"LD_LIBRARY_PATH={folder}", folder / program.rsplit("/", 1)[-1])

    def serve(self, *options, port=443):
        leaf = self.certificates.leaf(key="ecdsa")
        root = self.server.folder / "www"
        root.mkdir(exist_ok=True)
        (root / "page").write_text(servers.page(20000))
        (root / "small").write_text(servers.page(1200))
        (root / "a").write_text("this is a\n" * 20)
        self.said = self.server.spawn(*self.ngtcp2("/usr/sbin/gtlsserver"), "-d", root, "--no-quic-dump", "--no-http-dump", *options, SERVER, port,
                                      leaf.with_suffix(".key"), leaf.with_suffix(".chain"))
        self.server.wait_listening(port, "udp")

    def get(self, *paths, options=(), check=True, port=443):
        """ngtcp2's client; what it printed is returned."""
        self.client.flush_neighbours()
        return self.client.run("env", f"SSLKEYLOGFILE={self.keys}", *self.ngtcp2("gtlsclient"), "--no-quic-dump", "--no-http-dump", "--exit-on-all-streams-close",
                               *options, NAME, port, *(f"{URL}{path}" for path in paths), check=check).stderr.decode(errors="replace")

    def journal(self, said):
        """What the client printed of each packet that it sent or received, in its order, with the types of its frames."""
        packets = []
        for line in said.splitlines():
            if found := re.search(r" pkt (tx|rx) pkn=(\d+) dcid=0x([0-9a-f]*) .*type=(\w+)", line):
                way, number, dcid, kind = found.groups()
                packets.append([{"tx": "sent", "rx": "received"}[way], kind, number, dcid, ":"])
            elif found := re.search(r" frm (tx|rx) \d+ \w+ (\w+)\(0x", line):
                if packets[-1][-1] != found[2]:
                    packets[-1].append(found[2])
        return [" ".join(packet) for packet in packets]

    def facts(self, said):
        """What the client says of the connection as a whole."""
        found = {"handshake_completed": "QUIC handshake has completed" in said, "early_data_rejected": "Early data was rejected" in said}
        for name, pattern in {"alpn": r"Negotiated ALPN is (\S+)", "cipher": r"Negotiated cipher suite is (\S+)",
                              "version": r"the negotiated version is (\S+)"}.items():
            found[name] = match[1] if (match := re.search(pattern, said)) else None
        found["statuses"] = [int(status) for status in re.findall(r"\[:status: (\d+)\]", said)]
        return found

    def told(self, capture, raw, said, **more):
        capture.truth(self, capture.keep(raw, keys=self.keys), ROLES, quic={**self.facts(said), "packets": self.journal(said)}, **more)


def told_fetch(capture, paths, server=(), client=(), **more):
    """One fetch; the options are ngtcp2's."""
    with Http3(rules=more.pop("rules", ())) as home:
        home.version_2 = more.pop("version_2", False)
        home.serve(*server)
        with capture.tcpdump(home.client) as raw:
            said = home.get(*paths, options=client, check=more.pop("check", True))
        home.told(capture, raw, said, **more)


def fetch(name, what, shows, decrypted, *arguments, **options):
    """A capture that is one fetch."""
    capture(name, what, shows, NGTCP2, decrypted)(lambda capture: told_fetch(capture, *arguments, **options))


fetch("quic-fetch", "HTTP/3 over QUIC version 1: GET /small", HANDSHAKE, {**FETCH, **CLOSE}, ["/small"])
fetch("quic-page", "HTTP/3 over QUIC: GET /page (20,000 bytes), /small and /a side by side, from a client without connection IDs of its own", HANDSHAKE,
      {**FETCH, **CLOSE}, ["/page", "/small", "/a"], client=("-n", "3", "--scid="))
fetch("quic-loss", "GET /page over QUIC; the server's 2nd and 7th datagram and the client's 3rd are lost", HANDSHAKE, {**FETCH, **CLOSE}, ["/page"],
      rules=[{"from": "b", "match": "quic", "n": [2, 7], "do": "drop"}, {"from": "a", "match": "quic", "n": 3, "do": "drop"}])
fetch("quic-initial-lost", "the client's first Initial is lost, and sent again", HANDSHAKE, {**FETCH, **CLOSE}, ["/small"],
      rules=[{"from": "a", "match": "quic", "n": 1, "do": "drop"}])
fetch("quic-reordered", "the server's 1st and 2nd datagram come the other way round: what completes a message comes before it", HANDSHAKE, {**FETCH, **CLOSE}, ["/small"],
      rules=[{"from": "b", "match": "quic", "n": 1, "do": "swap"}])
fetch("quic-retry", "the server asks for the address to be proved: Retry", {**HANDSHAKE, "Retry": "quic.long.packet_type == 3"}, {**FETCH, **CLOSE},
      ["/small"], server=("-V",))
fetch("quic-version-negotiation", "the client begins with a version that nobody knows (0x1a2a3a4a) and is told of those that there are",
      {**HANDSHAKE, "Version Negotiation": "quic.version == 0"}, {**FETCH, **CLOSE}, ["/small"], client=("-v", "0x1a2a3a4a", "--preferred-versions=v1"))
fetch("quic-post", "POST of 5,000 bytes", HANDSHAKE, {**FETCH, **CLOSE}, ["/echo"], client=("-d", "/usr/share/common-licenses/BSD", "-m", "POST"))
fetch("quic-not-found", "GET of what is not there: 404", HANDSHAKE, {**FETCH, **CLOSE}, ["/nowhere"])
fetch("quic-key-update", "the client changes the keys 50 ms after the handshake, and asks after 150 ms", HANDSHAKE,
      {**FETCH, **CLOSE}, ["/small"], client=("--key-update=50ms", "--delay-stream=150ms"))
fetch("quic-migration", "the client goes on from another port 50 ms after the handshake, and proves the path, before it asks", HANDSHAKE,
      {**FETCH, "PATH_CHALLENGE": "quic.frame_type == 0x1a", **CLOSE}, ["/small"], client=("--change-local-addr=50ms", "--delay-stream=250ms"))
fetch("quic-rebinding", "a translator of addresses gives the client another port 50 ms after the handshake: the connection ID stays the same", HANDSHAKE,
      FETCH, ["/small"], client=("--change-local-addr=50ms", "--nat-rebinding", "--delay-stream=250ms"))
fetch("quic-refused", "no cipher suite in common: CONNECTION_CLOSE with a TLS alert in an Initial", {
    "ClientHello": "tls.handshake.type == 1", **CLOSE}, {}, ["/small"], check=False,
    server=("--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-256-GCM",), client=("--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM",))
fetch("quic-client-certificate", "the server asks for the client's certificate", HANDSHAKE, {**FETCH, "CertificateRequest": "tls.handshake.type == 13", **CLOSE},
      ["/small"], server=("--verify-client",))
# ngtcp2's name for it; see ngtcp2_version_2.py.
VERSION_2 = {"Initial of version 2": "quic.long.packet_type_v2 == 1", "Handshake": "quic.long.packet_type_v2 == 3 || quic.long.packet_type == 2",
             "ClientHello": "tls.handshake.type == 1", "ServerHello": "tls.handshake.type == 2", "1-RTT": "quic.header_form == 0"}
fetch("quic-v2", "HTTP/3 over QUIC version 2 from the first packet on", VERSION_2, {**FETCH, **CLOSE}, ["/small"],
      server=("--preferred-versions=v2draft",), client=("-v", "v2draft", "--preferred-versions=v2draft", "--other-versions=v2draft,v1"), version_2=True)
fetch("quic-v2-retry", "QUIC version 2 with a Retry", {**VERSION_2, "Retry": "quic.long.packet_type_v2 == 0"}, {**FETCH, **CLOSE}, ["/small"],
      server=("-V", "--preferred-versions=v2draft"), client=("-v", "v2draft", "--preferred-versions=v2draft", "--other-versions=v2draft,v1"), version_2=True)
fetch("quic-v2-negotiated", "compatible version negotiation: the client begins with version 1, the server goes on with version 2, without a round trip more",
      {**VERSION_2, "Initial of version 1": "quic.version == 1"}, {**FETCH, **CLOSE}, ["/small"],
      server=("--preferred-versions=v2draft",), client=("-v", "v1", "--preferred-versions=v2draft,v1", "--other-versions=v2draft,v1"), version_2=True)


@capture("quic-forty", "forty files of as many sizes asked for at once over HTTP/3, two of them are not there", HANDSHAKE, NGTCP2, {**FETCH, **CLOSE})
def quic_forty(capture):
    sizes = [200 + 350 * (i * 7 % 38) for i in range(38)]
    with Http3() as home:
        home.serve()
        for i, size in enumerate(sizes):
            (home.server.folder / "www" / f"file{i}").write_text(servers.page(size))
        with capture.tcpdump(home.client) as raw:
            said = home.get(*(f"/file{i}" for i in range(40)), options=("-n", "40"))
        home.told(capture, raw, said, files={f"/file{i}": len(servers.page(size)) for i, size in enumerate(sizes)})


@capture("quic-dynamic-table", "three requests, the last two behind the server's SETTINGS: what they say stands in QPACK's dynamic table", HANDSHAKE, NGTCP2,
         {**FETCH, "encoder stream": "quic.stream.stream_id == 6 && udp.dstport == 443", **CLOSE})
def quic_dynamic_table(capture):
    told_fetch(capture, ["/page", "/small", "/a"], client=("-n", "3", "--delay-stream=150ms"))


def resumed(capture, client=(), restart=False):
    """The second of two connections is recorded; the client has kept the session."""
    with Http3() as home:
        home.serve()
        kept = [f"--session-file={home.client.folder}/session", f"--tp-file={home.client.folder}/parameters", *client]
        home.get("/small", options=(*kept, "--timeout=3s"))
        if restart:
            home.said.terminate()
            home.said.wait(5)
            home.serve()
        home.keys.write_text("")
        with capture.tcpdump(home.client) as raw:
            said = home.get("/small", options=kept)
        home.told(capture, raw, said)


ZERO_RTT = {"0-RTT": "quic.long.packet_type == 1"}


@capture("quic-0rtt", "a second connection: the request is sent in 0-RTT, and accepted", {**HANDSHAKE, **ZERO_RTT}, NGTCP2, {**FINISHED, **CLOSE})
def quic_0rtt(capture):
    resumed(capture)


@capture("quic-0rtt-refused", "a second connection: the server was started anew and refuses what is sent in 0-RTT", {**HANDSHAKE, **ZERO_RTT}, NGTCP2, {**FINISHED, **CLOSE})
def quic_0rtt_refused(capture):
    resumed(capture, restart=True)


@capture("quic-resumed", "a second connection with the session of the first, without 0-RTT", HANDSHAKE, NGTCP2, {**FINISHED, **CLOSE})
def quic_resumed(capture):
    resumed(capture, ("--disable-early-data",))

@capture("quic-two-ended", "GET /page over QUIC, recorded at the client and at the server at once; the server's 5th datagram is lost between them",
         {"at the client": f"quic && {FROM_CLIENT} && frame.interface_id == 0", "at the server": f"quic && {FROM_CLIENT} && frame.interface_id == 1"},
         (*NGTCP2, "bind"), {**FETCH, **CLOSE})
def quic_two_ended(capture):
    with Http3(names=True, rules=[{"from": "b", "match": "quic", "n": 5, "do": "drop"}]) as home:
        home.serve()
        with tcpdump_both(capture, home) as (at_client, at_server):
            said = home.get("/page")
        keep_both(capture, home, at_client, at_server, ({"ARP": "arp", **HANDSHAKE}, HANDSHAKE, None), home.keys,
                  quic={**home.facts(said), "packets": home.journal(said)})


if __name__ == "__main__":
    main()
