#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records a fetch through tags and tunnels: 802.1Q, Q-in-Q, GRE, IP in IP, 6in4, GENEVE, MPLS, PPPoE.

Not every kernel has these modules, therefore the recorder runs in User-Mode Linux, which has.
"""
import contextlib
import time

import servers
from network import Network
from recorder import capture, main

OUTER = ("192.0.2.10", "192.0.2.80")
INNER = ("198.51.100.10", "198.51.100.80")
INNER6 = ("2001:db8:3::10", "2001:db8:3::80")
ROLES = {INNER[0]: "client", INNER[1]: "server", OUTER[0]: "client's end of the tunnel", OUTER[1]: "server's end of the tunnel"}
WHOLE_FETCH = {"SYN": "tcp.flags.syn == 1 && tcp.flags.ack == 0", "request": "http.request", "response": "http.response.code == 200",
               "FIN": "tcp.flags.fin == 1"}


@contextlib.contextmanager
def recorded_fetch(capture, inner=INNER, outer=OUTER, ipv6=False, device="eth0", roles=ROLES, **more):
    """Two hosts; the block gives them what lies between; then the page is fetched from the server's inner address."""
    with Network() as network:
        network.client, network.server = (network.host(name, ipv6) for name in ("client", "server"))
        ends = [(host, "eth0", *([f"{address}/24"] if address else []))
                for host, address in zip((network.client, network.server), outer or (None, None))]
        network.wire(*ends, ms=(20, 20))
        network.start()
        network.ends = ((network.client, 0), (network.server, 1))
        yield network
        servers.nginx(network.server, listen=("[::]:80" if ":" in inner[1] else "80",), **more)
        network.client.flush_neighbours()
        with capture.tcpdump(network.client, device, settle=0.5) as raw:
            if hasattr(network, "before_fetch"):
                network.before_fetch()
            host = f"[{inner[1]}]" if ":" in inner[1] else inner[1]
            network.client.run("curl", "-sS", "-o", "/dev/null", f"http://{host}/page")
            if hasattr(network, "after_fetch"):
                network.after_fetch()
        capture.truth(network, capture.keep(raw), roles)


def add_device(network, name, *words, addresses=INNER, prefix=24):
    """The same virtual device at both ends. LOCAL and REMOTE stand for the outer addresses."""
    for host, end in network.ends:
        meaning = {"LOCAL": OUTER[end], "REMOTE": OUTER[1 - end]}
        host.ip("link", "add", *(meaning.get(word, word) for word in words))
        if addresses:
            host.ip("address", "add", f"{addresses[end]}/{prefix}", "dev", name, *(["nodad"] if ":" in addresses[end] else []))
        host.ip("link", "set", name, "up")


@capture("vlan-http", "ARP and a fetch in VLAN 5 (802.1Q), recorded on the trunk", {
    "tag": "vlan.id == 5", "ARP": "vlan && arp", **WHOLE_FETCH})
def vlan_http(capture):
    with recorded_fetch(capture, outer=None, roles={INNER[0]: "client", INNER[1]: "server"}) as network:
        add_device(network, "eth0.5", "link", "eth0", "name", "eth0.5", "type", "vlan", "id", "5")


@capture("qinq-http", "ARP and a fetch in VLAN 20 of service VLAN 100 (802.1ad, Q-in-Q)", {
    "service tag": "ieee8021ad.id == 100", "customer tag": "vlan.id == 20", "ARP": "vlan && arp", **WHOLE_FETCH})
def qinq_http(capture):
    with recorded_fetch(capture, outer=None, roles={INNER[0]: "client", INNER[1]: "server"}) as network:
        add_device(network, "service", "link", "eth0", "name", "service", "type", "vlan", "protocol", "802.1ad", "id", "100", addresses=None)
        add_device(network, "customer", "link", "service", "name", "customer", "type", "vlan", "id", "20")


@capture("gre-http", "a fetch inside GRE", {"GRE": "gre.proto == 0x0800", "outer ARP": "arp", **WHOLE_FETCH})
def gre_http(capture):
    with recorded_fetch(capture) as network:
        add_device(network, "tunnel", "tunnel", "type", "gre", "local", "LOCAL", "remote", "REMOTE")


@capture("ipip-http", "a fetch inside IP in IP", {"IP in IP": "ip.proto == 4", **WHOLE_FETCH})
def ipip_http(capture):
    with recorded_fetch(capture) as network:
        add_device(network, "tunnel", "tunnel", "type", "ipip", "local", "LOCAL", "remote", "REMOTE")


@capture("6in4-http", "a fetch over IPv6 inside IPv4 (6in4)", {"IPv6 in IPv4": "ip.proto == 41", "inner IPv6": "ipv6 && tcp", **WHOLE_FETCH})
def six_in_four_http(capture):
    roles = {INNER6[0]: "client", INNER6[1]: "server", OUTER[0]: "client's end of the tunnel", OUTER[1]: "server's end of the tunnel"}
    with recorded_fetch(capture, inner=INNER6, ipv6=True, roles=roles) as network:
        for host, _ in network.ends:
            host.sysctl("net.ipv6.conf.eth0.disable_ipv6", 1)
        add_device(network, "tunnel", "tunnel", "type", "sit", "local", "LOCAL", "remote", "REMOTE", addresses=INNER6, prefix=64)
        time.sleep(2)


@capture("geneve-http", "ARP and a fetch inside GENEVE (network 43)", {"GENEVE": "geneve.vni == 43", "inner ARP": "geneve && arp", **WHOLE_FETCH})
def geneve_http(capture):
    with recorded_fetch(capture) as network:
        add_device(network, "tunnel", "tunnel", "type", "geneve", "id", "43", "remote", "REMOTE", "dstport", "6081")


@capture("mpls-http", "a fetch with one MPLS label in each direction (100 to the server, 200 to the client)", {
    "label to the server": "mpls.label == 100", "label to the client": "mpls.label == 200", **WHOLE_FETCH})
def mpls_http(capture):
    with recorded_fetch(capture) as network:
        for host, end in network.ends:
            host.sysctl("net.mpls.platform_labels", 1000)
            host.sysctl("net.mpls.conf.eth0.input", 1)
            host.ip("address", "add", f"{INNER[end]}/32", "dev", "lo")
            host.ip("route", "add", INNER[1 - end], "encap", "mpls", 200 if end else 100, "via", OUTER[1 - end], "src", INNER[end])
            host.ip("-f", "mpls", "route", "add", 100 if end else 200, "dev", "lo")


@capture("pppoe-http", "PPPoE discovery, LCP, IPCP, a fetch inside the session, its end", {
    "PADI": "pppoe.code == 0x09", "PADS": "pppoe.code == 0x65", "LCP": "lcp", "IPCP": "ipcp", "session": "pppoes && http.request",
    "LCP termination": "lcp && ppp.code == 5", **WHOLE_FETCH}, ("curl", "nginx", "ppp", "pppoe"))
def pppoe_http(capture):
    with recorded_fetch(capture, outer=None, roles={INNER[0]: "client", INNER[1]: "server"}) as network:
        options = network.server.folder / "pppoe-options"
        log = network.server.folder / "pppd.log"
        options.write_text(f"noauth\nlcp-echo-interval 0\nnoccp\nnovj\nnoipv6\nlogfile {log}\ndebug\n")
        network.server.spawn("pppoe-server", "-F", "-k", "-I", "eth0", "-L", INNER[1], "-R", INNER[0], "-N", "1", "-C", "lab",
                             "-O", options)
        time.sleep(1)

        def connect():
            network.dialler = network.client.spawn(
                "pppd", "plugin", "pppoe.so", "nic-eth0", "nodetach", "noauth", "noccp", "novj", "noipv6", "nodefaultroute", "lcp-echo-interval", "0",
                "file", "/dev/null")
            for _ in range(100):
                if "ppp0" in network.client.ip("-br", "-4", "address", "show"):
                    return
                time.sleep(0.1)
            raise RuntimeError(network.dialler.log.read_text() + log.read_text())

        def hang_up():
            time.sleep(0.3)
            network.dialler.terminate()
            network.dialler.wait(10)
            time.sleep(0.5)

        network.before_fetch, network.after_fetch = connect, hang_up


if __name__ == "__main__":
    main(other_kernel=True)
