#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records a fetch over HTTP/1.1 at the client and at the server at once."""
import functools
import time

import servers
from both_ends import AT_EACH_END, AT_THE_CLIENT, MERGED, keep_both, tcpdump_both
from internet import Internet
from network import command
from recorder import capture, main
from tls import FINISHED, PLAIN, URL, Home

def http_both_ends(prepare, capture, ms=(20, 20), rules=(), shows=None, **more):
    """A fetch over HTTP; `prepare` is called with the network before it."""
    with Internet(names=True, ms=ms, rules=rules) as internet:
        servers.nginx(internet.server)
        servers.all_name_servers(internet)
        servers.iterative_resolver(internet.client)
        prepare(internet)
        time.sleep(0.5)
        internet.client.flush_neighbours()
        with tcpdump_both(capture, internet) as (at_client, at_server):
            internet.client.run("curl", "-4", "-sS", "-o", "/dev/null", "-H", "Connection: close", "http://www.example.jp/page")
        keep_both(capture, internet, at_client, at_server, (AT_THE_CLIENT, AT_EACH_END, shows or MERGED), ms=ms, **more)


def nothing(_):
    """No preparation."""


def translate(internet):
    """The router hides the client behind its own address, and another port."""
    command("ip", "netns", "exec", internet.router.namespace, "nft", "-f", "-",
            input='table ip nat { chain post { type nat hook postrouting priority 100;\noifname "wan" ip protocol tcp snat to 198.51.100.1:61000-61999; }\n}')


def drop(n, **more):
    return {"from": "b", "match": "data", "n": n, "do": "drop", **more}


capture("http-two-ended", "the fetch of http-plain, recorded at the client and at the server at once", MERGED,
        ("curl", "nginx", "bind"))(functools.partial(http_both_ends, nothing))
capture("both-ends-nat", "a fetch through a router that translates addresses and ports, recorded at the client and at the server at once", MERGED,
        ("curl", "nginx", "bind", "nftables"))(functools.partial(http_both_ends, translate))
capture("both-ends-asymmetric", "a fetch whose way to the server takes 5 ms and whose way back takes 35 ms, recorded at both ends at once", MERGED,
        ("curl", "nginx", "bind"))(functools.partial(http_both_ends, nothing, ms=(5, 35)))
capture("both-ends-loss-reorder",
        "a fetch on whose way segments of the response are lost and swapped, and an ACK of the client is lost, recorded at both ends at once",
        {**MERGED, "sent again": "tcp.analysis.retransmission || tcp.analysis.fast_retransmission"}, ("curl", "nginx", "bind"))(
            functools.partial(http_both_ends, nothing, rules=[
                drop(7), drop(30), {"from": "b", "match": "data", "n": [15, 40], "do": "swap"}, {"from": "a", "match": "ack", "n": 6, "do": "drop"}]))


def tls_two_ended(version, rules, at_each_end, capture):
    with Home(names=True, rules=rules) as home:
        home.nginx(version)
        with tcpdump_both(capture, home) as (at_client, at_server):
            home.fetch("-H", "Connection: close", f"{URL}/page")
        shown = {**PLAIN[version], "FIN": "tcp.flags.fin == 1", **at_each_end}
        keep_both(capture, home, at_client, at_server, ({"ARP": "arp", "the address": AT_THE_CLIENT["the address"], **shown}, shown, MERGED),
                  home.keys, body_bytes=servers.BODY_BYTES,
                  tls={"connections": home.agreed(), "closed_with": {"client": "close_notify", "server": "close_notify"}})


capture("tls12-two-ended", "the fetch of tls12-ecdhe, recorded at the client and at the server at once", MERGED, ("curl", "nginx", "bind"),
        {**FINISHED, "request": "http.request"})(functools.partial(tls_two_ended, "tls12", (), {}))
capture("tls13-two-ended", "the fetch of tls13, recorded at the client and at the server at once; the server's 20th data segment is lost between them",
        MERGED, ("curl", "nginx", "bind"), {**FINISHED, "request": "http.request"})(
            functools.partial(tls_two_ended, "tls13", [{"from": "b", "match": "data", "n": 20, "do": "drop"}],
                              {"duplicate ACK": "tcp.analysis.duplicate_ack", "sent again": "tcp.analysis.retransmission || tcp.analysis.out_of_order"}))


if __name__ == "__main__":
    main()
