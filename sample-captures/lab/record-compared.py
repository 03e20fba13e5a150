#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records one fetch eight times, each with another handshake, over a wire of 150 ms one way: what there is to compare. At both ends.

The client has its request ready and sends it as soon as it may: what differs between the fetches is the handshakes' doing.
"""
import re

import servers
from internet import ROLES, SERVER
from recorder import capture, main
from tls import FETCH, NAME, PLAIN, URL, Home, request

ONE_WAY_MS = 150
GET = request("/small", "Connection: close")
NANOSECONDS = ("--time-stamp-precision=nano",)
# How each of the connections over TCP was made: a name, openssl's options, and what becomes of its session.
OVER_TCP = (
    ("tls12_full", ("-tls1_2", "-no_ticket"), "-sess_out", "by_id"),
    ("tls12_session_id", ("-tls1_2", "-no_ticket"), "-sess_in", "by_id"),
    (None, ("-tls1_2",), "-sess_out", "ticket"),
    ("tls12_ticket", ("-tls1_2",), "-sess_in", "ticket"),
    ("tls13_full", (), "-sess_out", "psk"),
    ("tls13_psk", (), "-sess_in", "psk"),
    (None, (), "-sess_out", "early"),
    ("tls13_0rtt", (), "-sess_in", "early"),
)
SHOWS = {**PLAIN["tls12"], "ticket or key in a ClientHello": "tls.handshake.type == 1 && tls.handshake.extension.type == 41", "QUIC, Initial": "quic.long.packet_type == 0",
         "QUIC, 0-RTT": "quic.long.packet_type == 1", "at the server": "frame.interface_id == 1"}


def quic_server(home):
    leaf = home.certificates.leaf(key="ecdsa")
    root = home.server.folder / "www"
    root.mkdir(exist_ok=True)
    (root / "small").write_text(servers.page(1200))
    home.server.spawn("/usr/sbin/gtlsserver", "-d", root, "--no-quic-dump", "--no-http-dump", SERVER, 443, leaf.with_suffix(".key"), leaf.with_suffix(".chain"))
    home.server.wait_listening(443, "udp")


def quic_fetch(home, *options):
    """What ngtcp2's client said."""
    kept = (f"--session-file={home.client.folder}/quic-session", f"--tp-file={home.client.folder}/quic-parameters")
    return home.client.run("env", f"SSLKEYLOGFILE={home.keys}", "gtlsclient", "--no-quic-dump", "--no-http-dump", "--exit-on-all-streams-close", *kept, *options,
                           NAME, 443, f"{URL}/small").stderr.decode(errors="replace")


def verdict_of(said):
    """What openssl or ngtcp2 said of a connection, in the words of both."""
    if "QUIC handshake" in said:
        return {"transport": "QUIC", "completed": "QUIC handshake has completed" in said, "early_data": "0RTT" in said and "Early data was rejected" not in said,
                "statuses": [int(status) for status in re.findall(r"\[:status: (\d+)\]", said)]}
    kind, version = re.search(r"^(New|Reused), (\S+), Cipher is", said, re.M).groups()
    return {"transport": "TCP", "version": version, "resumed": kind == "Reused", "early_data": "Early data was accepted" in said}


@capture("handshakes-compared", "one fetch, eight times: TLS 1.2 in full, by session ID and by ticket; TLS 1.3 in full, by ticket and with early data; QUIC without "
         "and with 0-RTT. 150 ms one way, recorded at the client and at the server at once", SHOWS,
         ("openssl", "nginx", "dnsmasq", "ngtcp2-client", "ngtcp2-server"), FETCH)
def handshakes_compared(capture):
    with Home(ms=(ONE_WAY_MS, ONE_WAY_MS)) as home:
        ticket_key = home.folder / "ticket.key"
        ticket_key.write_bytes(bytes(range(80)))
        home.nginx(None, f"ssl_protocols TLSv1.2 TLSv1.3; ssl_session_ticket_key {ticket_key}; ssl_early_data on;")
        quic_server(home)
        early = home.folder / "early-request"
        early.write_text(GET)

        def fetch(options, session, name):
            with_early = ("-early_data", early) if name == "early" and session == "-sess_in" else ()
            return home.s_client("-alpn", "http/1.1", *options, session, home.folder / name, *with_early, script=(2.5,) if with_early else (GET, 2.5))

        # What a second connection needs of a first one that is not itself compared is fetched before.
        for kind, options, session, name in OVER_TCP:
            if kind is None:
                fetch(options, session, name)
        quic_fetch(home, "--timeout=3s")
        kept = (home.client.folder / "quic-session").read_bytes()
        (home.server.folder / "tls.log").write_text("")
        home.keys.write_text("")
        said = []
        with (capture.tcpdump(home.client, part="-client", options=NANOSECONDS) as at_client,
              capture.tcpdump(home.server, part="-server", options=NANOSECONDS) as at_server):
            for kind, options, session, name in OVER_TCP:
                if kind is not None:
                    said.append({"kind": kind, **verdict_of(fetch(options, session, name))})
            # Without its session the client begins anew; with it the request goes beside the ClientHello.
            (home.client.folder / "quic-session").unlink()
            said.append({"kind": "quic", **verdict_of(quic_fetch(home))})
            (home.client.folder / "quic-session").write_bytes(kept)
            said.append({"kind": "quic_0rtt", **verdict_of(quic_fetch(home))})
        for raw in (at_client, at_server):
            raw.with_suffix(".pcapng").write_bytes(raw.read_bytes())
        merged = capture.merge(home, at_client, at_server)
        capture.truth(home, capture.keep(merged, keys=home.keys), ROLES, interfaces={"0": "client", "1": "server"}, clock_offset_ns=0,
                      one_way_ms_of_the_wires={"LAN, each way": 0.1, "to the server, each way": ONE_WAY_MS}, compared=said,
                      tls={"connections": home.agreed(), "closed_with": {"client": "close_notify", "server": "close_notify"}})


if __name__ == "__main__":
    main()
