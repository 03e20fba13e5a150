#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records the DNS captures. BIND on the client's loopback asks the root, jp and example.jp servers; the recording is of
what leaves the client."""
import contextlib
import socket
import time

import servers
from internet import ROLES, ROUTER, ZONE, Internet
from network import Network
from recorder import capture, main

BIND = ("bind", "dig")
TO_ROOT, TO_JP, TO_ZONE = (f"dns.flags.response == 0 && ip.dst == {address}" for address in ("203.0.113.4", "203.0.113.20", ZONE))
REFERRAL = "dns.flags.response == 1 && dns.flags.rcode == 0 && dns.count.answers == 0 && dns.resp.type == 2 && dns.count.auth_rr > 0"
ITERATION = {"question to the root server": TO_ROOT, "referral": f"{REFERRAL} && !(dns.resp.type == 6)",
             "question to the jp server": TO_JP, "question to the zone's server": TO_ZONE}


@contextlib.contextmanager
def iteration(capture, *filter_words, resolver_options="", zone_options="", settle=0.3, **more):
    """A resolver with an empty cache on the client, recorded at the client's device while the block runs."""
    with Internet(names=True, **more) as internet:
        servers.all_name_servers(internet, zone_options)
        servers.iterative_resolver(internet.client, resolver_options)
        time.sleep(0.5)
        internet.client.flush_neighbours()
        with capture.tcpdump(internet.client, "eth0", *filter_words, settle=settle) as raw:
            yield internet
        capture.truth(internet, capture.keep(raw), ROLES)


def ask(internet, *words):
    return internet.client.run("dig", "+tries=1", "+timeout=8", *words, check=False)


@capture("dns-iterative", "three steps with an empty cache: root, jp and example.jp server; the priming query beside the first", {
    **ITERATION, "answer": "dns.flags.response == 1 && dns.a == 198.51.100.80", "priming query": 'dns.qry.name == "<Root>"'}, BIND)
def dns_iterative(capture):
    with iteration(capture) as internet:
        ask(internet, "www.example.jp", "A")
        ask(internet, "v4only.example.jp", "A")  # the referrals are in the cache now


@capture("dns-nxdomain", "the name does not exist", {**ITERATION, "no such name": "dns.flags.rcode == 3"}, BIND)
def dns_nxdomain(capture):
    with iteration(capture) as internet:
        ask(internet, "nothing.example.jp", "A")


@capture("dns-nodata", "the name exists, the type asked does not", {
    **ITERATION, "no data": "dns.flags.response == 1 && dns.flags.rcode == 0 && dns.count.answers == 0 && dns.resp.type == 6"}, BIND)
def dns_nodata(capture):
    with iteration(capture) as internet:
        ask(internet, "v4only.example.jp", "AAAA")


@capture("dns-cname", "an alias that the same answer finishes (web), and one that leads to another zone (cdn), which is asked next", {
    **ITERATION, "finished alias": 'dns.flags.response == 1 && dns.cname == "www.example.jp" && dns.a',
    "unfinished alias": 'dns.flags.response == 1 && dns.cname == "www.another.jp" && !dns.a',
    "the other zone's answer": 'dns.flags.response == 1 && dns.qry.name == "www.another.jp" && dns.a'}, BIND)
def dns_cname(capture):
    with iteration(capture) as internet:
        ask(internet, "web.example.jp", "A")
        ask(internet, "cdn.example.jp", "A")


@capture("dns-tcp", "an answer that is truncated over UDP, then asked for over TCP", {
    "truncated": "dns.flags.truncated == 1", "over TCP": "dns && tcp && dns.flags.response == 0",
    "whole answer": "dns && tcp && dns.flags.response == 1"}, BIND)
def dns_tcp(capture):
    with iteration(capture) as internet:
        ask(internet, f"@{ZONE}", "+noedns", "+norecurse", "middle.example.jp", "TXT")


@capture("dns-tcp-pipelined", "four queries over one TCP connection, none waits for the answer before it (mdig)", {
    "queries over TCP": "dns && tcp && dns.flags.response == 0", "responses": "dns && tcp && dns.flags.response == 1"}, BIND)
def dns_tcp_pipelined(capture):
    with iteration(capture) as internet:
        internet.client.run("mdig", f"@{ZONE}", "+vc", "+norecurse", "www.example.jp", "v4only.example.jp", "web.example.jp",
                            "middle.example.jp", "-t", "TXT")


@capture("dns-transfer", "a zone is transferred over TCP (AXFR), in several messages of which only the first repeats the question", {
    "question": "dns.qry.type == 252 && dns.flags.response == 0", "first message": "dns.qry.type == 252 && dns.flags.response == 1",
    "message without a question": "dns.flags.response == 1 && dns.count.queries == 0"}, BIND)
def dns_transfer(capture):
    with iteration(capture, zone_options="transfer-message-size 512;") as internet:
        internet.client.run("dig", f"@{ZONE}", "example.jp", "AXFR")


@capture("dns-servfail-refused", "a server that has no such zone (REFUSED), a zone that the server could not load (SERVFAIL)", {
    "REFUSED": "dns.flags.rcode == 5", "SERVFAIL": "dns.flags.rcode == 2"}, BIND)
def dns_servfail_refused(capture):
    with iteration(capture, settle=1) as internet:
        ask(internet, f"@{ZONE}", "+norecurse", "www.lame.jp", "A")
        ask(internet, f"@{ZONE}", "+norecurse", "www.unloaded.jp", "A")
        ask(internet, "www.lame.jp", "A")


@capture("dns-qmin", "QNAME minimisation (strict): the name grows label by label, with answers of no data between", {
    "minimised question to the root server": 'dns.flags.response == 0 && ip.dst == 203.0.113.4 && dns.qry.name contains "jp" && !(dns.qry.name contains "example")',
    "no data": "dns.flags.response == 1 && dns.flags.rcode == 0 && dns.count.answers == 0 && dns.resp.type == 6",
    "whole question": 'dns.flags.response == 0 && dns.qry.name == "a.b.c.example.jp"', "address": "dns.a == 198.51.100.80"}, BIND)
def dns_qmin(capture):
    with iteration(capture, resolver_options="qname-minimization strict;") as internet:
        ask(internet, "a.b.c.example.jp", "A")


@capture("dns-aaaa", "the system's stub resolver asks the home router for A and AAAA side by side, twice", {
    "A question": "dns.flags.response == 0 && dns.qry.type == 1", "AAAA question": "dns.flags.response == 0 && dns.qry.type == 28",
    "AAAA answer": "dns.flags.response == 1 && dns.aaaa",
    "no AAAA": "dns.flags.response == 1 && dns.qry.type == 28 && dns.count.answers == 0"}, ("dnsmasq",))
def dns_aaaa(capture):
    with Internet() as internet:
        servers.home_router_resolver(internet.router, ROUTER, (("www.example.jp", ("198.51.100.80", "2001:db8:2::80")),
                                                               ("v4only.example.jp", "198.51.100.80")))
        internet.client.resolve_with(ROUTER)
        with capture.tcpdump(internet.client) as raw:
            for name in ("www", "v4only"):
                internet.client.run("getent", "--no-addrconfig", "ahosts", f"{name}.example.jp")
        capture.truth(internet, capture.keep(raw), ROLES)


@capture("dns-retry", "the question to the zone's server is lost: the resolver asks again, with another id", {
    **ITERATION, "answer": "dns.flags.response == 1 && dns.a == 198.51.100.80"}, BIND)
def dns_retry(capture):
    lost = [{"at": "zone", "from": "a", "match": "dns-query", "n": 1, "do": "drop"}]
    with iteration(capture, name_rules=lost) as internet:
        ask(internet, "www.example.jp", "A")


@capture("dns-retry-stub", "the stub resolver's question is lost: it asks again after a second, with the same id", {
    "question sent again": "dns.retransmit_request || dns.retransmission", "answer": "dns.flags.response == 1"}, ("dnsmasq",))
def dns_retry_stub(capture):
    with Internet(lan_rules=[{"from": "a", "match": "dns-query", "n": 1, "do": "drop"}]) as internet:
        servers.home_router_resolver(internet.router, ROUTER)
        internet.client.resolve_with(ROUTER, options="timeout:1")
        with capture.tcpdump(internet.client) as raw:
            internet.client.run("getent", "ahostsv4", "www.example.jp")
        capture.truth(internet, capture.keep(raw), ROLES)


@capture("dns-fragmented", "an answer of 4 kB over UDP with EDNS, in three IP fragments", {
    "fragment": "ip.flags.mf == 1 || ip.frag_offset > 0", "whole answer": "dns.flags.response == 1 && dns.txt"}, BIND)
def dns_fragmented(capture):
    with iteration(capture, zone_options="max-udp-size 4096; edns-udp-size 4096;") as internet:
        ask(internet, f"@{ZONE}", "+bufsize=4096", "+norecurse", "+ignore", "large.example.jp", "TXT")


@capture("mdns", "a host announces a web service by multicast DNS; another one browses for it and resolves it", {
    "multicast question": "mdns && dns.flags.response == 0", "multicast answer": "mdns && dns.flags.response == 1"}, ("avahi",))
def mdns(capture):
    with Network() as network:
        printer, laptop = network.host("printer"), network.host("laptop")
        network.wire((printer, "eth0", "192.0.2.20/24"), (laptop, "eth0", "192.0.2.10/24"))
        network.start()
        for host in (printer, laptop):
            host.ip("route", "add", "default", "dev", "eth0")
        with capture.tcpdump(laptop) as raw:
            for host, name in ((printer, "printer"), (laptop, "laptop")):
                servers.avahi(host, name)
            time.sleep(2)
            shell = servers.private_mounts(laptop)
            laptop.run("unshare", "-m", "sh", "-c", f"{shell} timeout 3 avahi-browse -rt _http._tcp", check=False)
        capture.truth(network, capture.keep(raw), {"192.0.2.20": "announces", "192.0.2.10": "browses"})


def answer_link_local(name, address):
    """A host that has the name: answers questions for it as RFC 4795 says, from its own address."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(("", 5355))
    listener.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton("224.0.0.252") + socket.inet_aton(address))
    listener.settimeout(5)
    question, asker = listener.recvfrom(512)
    end = question.index(b"\0", 12) + 5
    assert question[12:end - 4] == bytes([len(name)]) + name.encode() + b"\0", question
    answer = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x1e\x00\x04" + socket.inet_aton(address)
    listener.sendto(question[:2] + b"\x80\x00\0\1\0\1\0\0\0\0" + question[12:end] + answer, asker)


@capture("llmnr", "link-local multicast name resolution: a question to all (dig), the answer of who has the name, a question that nobody answers", {
    "question": "llmnr && dns.flags.response == 0", "answer": "llmnr && dns.flags.response == 1"}, ("dig", "python3"))
def llmnr(capture):
    with Network() as network:
        printer, laptop = network.host("printer"), network.host("laptop")
        network.wire((printer, "eth0", "192.0.2.20/24"), (laptop, "eth0", "192.0.2.10/24"))
        network.start()
        for host in (printer, laptop):
            host.ip("route", "add", "default", "dev", "eth0")
        with capture.tcpdump(laptop) as raw:
            answering = printer.call(answer_link_local, "printer", "192.0.2.20")
            time.sleep(0.5)
            # dig says that the answer came from somewhere else, as it must.
            words = ("dig", "+tries=1", "+time=1", "+norecurse", "+noedns", "-p", "5355", "@224.0.0.252")
            laptop.run(*words, "printer", "A", check=False)
            answering.join()
            laptop.run(*words, "nobody", "A", check=False)
        capture.truth(network, capture.keep(raw), {"192.0.2.20": "printer", "192.0.2.10": "asks"})


if __name__ == "__main__":
    main()
