#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records captures of addresses and link layers: DHCP, NDP, ARP, cooked captures, loopback, raw IP, VXLAN."""
import contextlib
import time

import servers
from internet import CLIENT, ROLES, ROUTER, ROUTER6, SERVER, SERVER6, Internet
from network import Network, command
from recorder import capture, main

FETCH = ("curl", "-sS", "-o", "/dev/null")
WHOLE_FETCH = {"SYN": "tcp.flags.syn == 1 && tcp.flags.ack == 0", "request": "http.request", "response": "http.response.code == 200",
               "FIN": "tcp.flags.fin == 1"}


@contextlib.contextmanager
def pair(ipv6=False, ms=(20, 20), mode="tap", addresses=(f"{CLIENT}/24", "192.0.2.80/24")):
    """Two hosts and a wire between them."""
    with Network() as network:
        network.client, network.server = network.host("client", ipv6), network.host("server", ipv6)
        ends = [(host, "eth0", *([address] if address else [])) for host, address in zip((network.client, network.server), addresses)]
        network.wire(*ends, ms=ms, mode=mode)
        network.start()
        yield network


LEASE_SCRIPT = """#!/bin/sh
# what dhclient calls when a lease comes or goes; the distribution's own script would change /etc
case $reason in
  BOUND) ip address add "$new_ip_address/24" dev "$interface";;
  BOUND6) ip -6 address add "$new_ip6_address/64" dev "$interface";;
esac
"""


def lease(capture, network, family, configuration):
    """A client that asks for an address, keeps it for a moment and gives it back."""
    client, server = network.client, network.server
    (server.folder / "dhcpd.conf").write_text(configuration)
    (server.folder / "leases").write_text("")
    script = client.folder / "lease-script"
    script.write_text(LEASE_SCRIPT)
    script.chmod(0o755)
    server.spawn("dhcpd", "-f", family, "-cf", server.folder / "dhcpd.conf", "-lf", server.folder / "leases", "--no-pid", "eth0")
    server.wait_listening(67 if family == "-4" else 547, "udp")
    words = ("dhclient", family, "-1", "-v", "-sf", script, "-lf", client.folder / "lease", "-pf", client.folder / "pid",
             "-cf", "/dev/null", "eth0")
    with capture.tcpdump(client, settle=0.5) as raw:
        client.run(*words)
        time.sleep(0.5)
        client.run(*words[:2], "-r", *words[2:])
    return raw


@capture("dhcp", "DISCOVER, OFFER, REQUEST, ACK, and a RELEASE half a second later", {
    name: f"dhcp.option.dhcp == {number}" for number, name in ((1, "discover"), (2, "offer"), (3, "request"), (5, "ack"), (7, "release"))},
    ("dhcpd", "dhclient"))
def dhcp(capture):
    with pair(ms=(0.2, 0.2), addresses=(None, "192.0.2.1/24")) as network:
        raw = lease(capture, network, "-4", "ping-check false; authoritative; default-lease-time 600;\n"
                    "subnet 192.0.2.0 netmask 255.255.255.0 { range 192.0.2.100 192.0.2.110; option routers 192.0.2.1; }\n")
        capture.truth(network, capture.keep(raw), {"192.0.2.1": "DHCP server"})


@capture("dhcpv6", "Solicit, Advertise, Request, Reply, and a Release half a second later", {
    name: f"dhcpv6.msgtype == {number}" for number, name in ((1, "solicit"), (2, "advertise"), (3, "request"), (7, "reply"), (8, "release"))},
    ("dhcpd", "dhclient"))
def dhcpv6(capture):
    with pair(ipv6=True, ms=(0.2, 0.2), addresses=(None, "2001:db8:1::1/64")) as network:
        time.sleep(2.5)  # until the link-local addresses may be used
        raw = lease(capture, network, "-6", "default-lease-time 600;\nsubnet6 2001:db8:1::/64 { range6 2001:db8:1::100 2001:db8:1::110; }\n")
        capture.truth(network, capture.keep(raw), {"2001:db8:1::1": "DHCP server"})


@capture("ipv6-ndp-http", "IPv6 from the first moment: duplicate address detection, router solicitation and advertisement, neighbour "
         "solicitation and advertisement, a fetch", {
    "duplicate address detection": "icmpv6.type == 135 && ipv6.src == ::", "router solicitation": "icmpv6.type == 133",
    "router advertisement": "icmpv6.type == 134", "neighbour solicitation": "icmpv6.type == 135 && icmpv6.opt.linkaddr == 02:00:00:00:00:01",
    "neighbour advertisement": "icmpv6.type == 136", **WHOLE_FETCH}, ("curl", "nginx", "radvd"))
def ipv6_ndp_http(capture):
    with Network() as network:
        client, router, server = (network.host(name, ipv6=True) for name in ("client", "router", "server"))
        network.wire((client, "eth0"), (router, "lan", f"{ROUTER6}/64"))
        network.wire((router, "wan", "2001:db8:2::1/64"), (server, "eth0", f"{SERVER6}/64"), ms=(20, 20))
        network.start()
        router.sysctl("net.ipv6.conf.all.forwarding", 1)
        server.ip("-6", "route", "add", "default", "via", "2001:db8:2::1")
        servers.nginx(server, listen=("[::]:80",))
        (router.folder / "radvd.conf").write_text("interface lan { AdvSendAdvert on; AdvSourceLLAddress off; MaxRtrAdvInterval 30; prefix 2001:db8:1::/64 { }; };\n")
        client.sysctl("net.ipv6.conf.eth0.disable_ipv6", 1)
        time.sleep(2)
        router.spawn("radvd", "-n", "-C", router.folder / "radvd.conf", "-p", router.folder / "radvd.pid")
        time.sleep(1)
        with capture.tcpdump(client) as raw:
            client.sysctl("net.ipv6.conf.eth0.disable_ipv6", 0)  # as when the cable is plugged in
            for _ in range(100):
                if client.ip("-6", "address", "show", "scope", "global", "-tentative", "-deprecated"):
                    break
                time.sleep(0.1)
            time.sleep(0.5)
            client.run(*FETCH, f"http://[{SERVER6}]/page")
        capture.truth(network, capture.keep(raw), {SERVER6: "server", ROUTER6: "router"})


@capture("arp-probe-announcement", "address conflict detection: probes that nobody answers, announcements (as requests and as a reply), a "
         "probe for an address that is taken, the kernel's announcement of a new MAC address", {
    "probe": "arp.opcode == 1 && arp.src.proto_ipv4 == 0.0.0.0", "announcement": "arp.opcode == 1 && (arp.isgratuitous || arp.isannouncement)",
    "gratuitous reply": "arp.opcode == 2 && arp.isgratuitous", "the address is taken": "arp.opcode == 2 && arp.src.proto_ipv4 == 192.0.2.80"},
    ("arping",))
def arp_probe_announcement(capture):
    with pair(ms=(0.2, 0.2), addresses=(None, "192.0.2.80/24")) as network:
        client = network.client
        with capture.tcpdump(client) as raw:
            client.run("arping", "-0", "-c", "3", "-W", "0.2", "-i", "eth0", CLIENT, check=False)
            client.ip("address", "add", f"{CLIENT}/24", "dev", "eth0")
            client.run("arping", "-U", "-c", "2", "-W", "0.2", "-i", "eth0", "-S", CLIENT, CLIENT, check=False)
            client.run("arping", "-U", "-P", "-c", "1", "-w", "0.3", "-i", "eth0", "-S", CLIENT, CLIENT, check=False)
            client.run("arping", "-0", "-c", "1", "-w", "0.5", "-i", "eth0", "192.0.2.80", check=False)
            client.sysctl("net.ipv4.conf.eth0.arp_notify", 1)
            client.ip("link", "set", "eth0", "address", "02:00:00:00:00:0a")  # the kernel announces the new one
        capture.truth(network, capture.keep(raw), {CLIENT: "announced", "192.0.2.80": "taken"})


@capture("sll-http", "a fetch recorded on all interfaces of the client, cooked (DLT_LINUX_SLL)", {
    "cooked v1": 'frame.protocols contains "sll"', "ARP": "arp", "stub query": "dns.flags.response == 0", **WHOLE_FETCH}, ("curl", "nginx", "dnsmasq"))
def sll_http(capture):
    with Internet() as internet:
        servers.nginx(internet.server)
        servers.home_router_resolver(internet.router, ROUTER)
        internet.client.resolve_with(ROUTER)
        with capture.tcpdump(internet.client, "any", options=("-y", "LINUX_SLL", "-s", "65535")) as raw:
            internet.client.run(*FETCH, "-4", "http://www.example.jp/page")
        capture.truth(internet, capture.keep(raw), ROLES)


@capture("sll2-http", "a fetch recorded on all interfaces of the client, cooked v2 (DLT_LINUX_SLL2): the stub query on lo, the resolver's "
         "questions and the fetch on eth0", {
    "cooked v2, lo": "sll.ifindex == 1 && dns", "another interface": "sll.ifindex > 1 && dns", "ARP": "arp", **WHOLE_FETCH},
    ("curl", "nginx", "bind"))
def sll2_http(capture):
    with Internet(names=True) as internet:
        servers.nginx(internet.server)
        servers.all_name_servers(internet)
        servers.iterative_resolver(internet.client)
        time.sleep(0.5)
        internet.client.flush_neighbours()
        with capture.tcpdump(internet.client, "any", options=("-y", "LINUX_SLL2", "-s", "65535")) as raw:
            internet.client.run(*FETCH, "-4", "http://www.example.jp/page")
        capture.truth(internet, capture.keep(raw), {**ROLES, "127.0.0.1": "client and its resolver"})


@capture("loopback", "client, resolver and server on one host: the loopback interface with its large segments", {
    "stub query": "dns.flags.response == 0", **WHOLE_FETCH}, ("curl", "nginx", "dnsmasq"))
def loopback(capture):
    with Network() as network:
        host = network.host("host")
        servers.nginx(host)
        servers.home_router_resolver(host, "127.0.0.1", (("www.example.jp", "127.0.0.2"),))
        host.resolve_with("127.0.0.1")
        with capture.tcpdump(host, "lo") as raw:
            host.run(*FETCH, "-4", "http://www.example.jp/page")
        capture.truth(None, capture.keep(raw), {"127.0.0.1": "client, resolver", "127.0.0.2": "server"})


@capture("raw-ip", "a fetch over a TUN device: packets without a link layer (DLT_RAW)", {
    "no link layer": 'frame.protocols contains "raw:ip" || frame.encap_type == 7', **WHOLE_FETCH})
def raw_ip(capture):
    with pair(mode="tun") as network:
        servers.nginx(network.server)
        with capture.tcpdump(network.client) as raw:
            network.client.run(*FETCH, "http://192.0.2.80/page")
        capture.truth(network, capture.keep(raw), {CLIENT: "client", "192.0.2.80": "server"})


@capture("icmp-quoted", "ICMP errors that quote what they answer: a DNS query that reaches no server, a SYN that the router rejects, a "
         "SYN whose TTL ends there", {
    "quoted DNS query": "icmp.type == 3 && udp.dstport == 53", "quoted SYN": "icmp.type == 3 && tcp.flags.syn == 1",
    "TTL exceeded": "icmp.type == 11 && tcp.flags.syn == 1"}, ("dig", "curl", "nftables"))
def icmp_quoted(capture):
    with Internet() as internet:
        client = internet.client
        command("ip", "netns", "exec", internet.router.namespace, "nft", "-f", "-",
                input="table ip filter { chain forward { type filter hook forward priority 0;\ntcp dport 81 reject; }\n}")
        with capture.tcpdump(client) as raw:
            client.run("dig", f"@{ROUTER}", "+tries=1", "+timeout=1", "www.example.jp", check=False)
            client.run(*FETCH, f"http://{SERVER}:81/", check=False)
            client.sysctl("net.ipv4.ip_default_ttl", 1)
            client.run(*FETCH, "--connect-timeout", "1.5", f"http://{SERVER}/", check=False)
        capture.truth(internet, capture.keep(raw), ROLES)


@capture("vxlan-http", "a fetch inside VXLAN: ARP, TCP and HTTP of the inner Ethernet, the outer ARP before it", {
    "VXLAN": "vxlan.vni == 42", "inner ARP": "vxlan && arp", "outer ARP": "arp && !vxlan", **WHOLE_FETCH})
def vxlan_http(capture):
    with pair() as network:
        for host, local, remote, inner in ((network.client, CLIENT, "192.0.2.80", "198.51.100.10"), (network.server, "192.0.2.80", CLIENT, SERVER)):
            host.ip("link", "add", "vxlan42", "type", "vxlan", "id", 42, "dstport", 4789, "local", local, "remote", remote, "dev", "eth0")
            host.ip("address", "add", f"{inner}/24", "dev", "vxlan42")
            host.ip("link", "set", "vxlan42", "up")
        servers.nginx(network.server)
        with capture.tcpdump(network.client) as raw:
            network.client.run(*FETCH, f"http://{SERVER}/page")
        capture.truth(network, capture.keep(raw), {CLIENT: "client's tunnel end", "192.0.2.80": "server's tunnel end",
                                                   "198.51.100.10": "client", SERVER: "server"})


if __name__ == "__main__":
    main()
