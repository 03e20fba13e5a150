# SPDX-License-Identifier: GPL-2.0-or-later
"""The small internet that most captures were recorded in.

    client --LAN 0.1 ms-- router --20 ms-- server
                             |---17 ms-- root, jp and zone: one name server each

All addresses are documentation addresses (RFC 5737, RFC 3849). Behind the router the neighbours are known beforehand, so
that the only ARP on the path is the client's own.
"""
import time

from network import Network

CLIENT, ROUTER, SERVER = "192.0.2.10", "192.0.2.1", "198.51.100.80"
ROOT, JP, ZONE = "203.0.113.4", "203.0.113.20", "203.0.113.36"
PROXY = "203.0.113.68"
CLIENT6, ROUTER6, SERVER6 = "2001:db8:1::10", "2001:db8:1::1", "2001:db8:2::80"

ROLES = {CLIENT: "client", ROUTER: "router", SERVER: "server",
         ROOT: "root name server", JP: "jp name server", ZONE: "example.jp name server"}


class Internet(Network):
    """`rules` are of the wire to the server; the client's side is "a". `name_rules` are of the wires to the name servers."""

    def __init__(self, rules=(), name_rules=(), ms=(20, 20), name_ms=(17, 17), mbit=100, names=False, lan_rules=()):
        super().__init__()
        try:
            self.build(rules, name_rules, ms, name_ms, mbit, names, lan_rules)
        except BaseException:
            self.close()
            raise

    def build(self, rules, name_rules, ms, name_ms, mbit, names, lan_rules):
        self.client, self.router, self.server = (self.host(name) for name in ("client", "router", "server"))
        self.wire((self.client, "eth0", f"{CLIENT}/24"), (self.router, "lan", f"{ROUTER}/24"), rules=lan_rules, mbit=1000)
        self.wire((self.router, "wan", "198.51.100.1/24"), (self.server, "eth0", f"{SERVER}/24"), ms=ms, mbit=mbit, rules=rules)
        self.name_servers = {}
        if names:
            for role, address in (("root", ROOT), ("jp", JP), ("zone", ZONE)):
                host = self.name_servers[role] = self.host(role)
                gateway = address.rsplit(".", 1)[0] + "." + str(int(address.rsplit(".", 1)[1]) - 3)
                self.wire((self.router, role, f"{gateway}/28"), (host, "eth0", f"{address}/28"), ms=name_ms,
                          rules=[rule for rule in name_rules if rule.get("at") == role])
        self.extend()
        self.start()
        self.started()
        self.router.sysctl("net.ipv4.ip_forward", 1)
        self.client.ip("route", "add", "default", "via", ROUTER)
        self.know(self.server, "wan", SERVER, "198.51.100.1")
        for role, host in self.name_servers.items():
            address = {"root": ROOT, "jp": JP, "zone": ZONE}[role]
            gateway = address.rsplit(".", 1)[0] + "." + str(int(address.rsplit(".", 1)[1]) - 3)
            self.know(host, role, address, gateway)

    def extend(self):
        """More hosts and wires, for those who need them."""

    def started(self):
        """The devices are there and have their addresses, no server runs yet."""

    def speak_ipv6(self):
        """Client, router and server have IPv6 addresses too, and have had them for a while."""
        for host, device, address, gateway in ((self.router, "lan", ROUTER6, None), (self.router, "wan", "2001:db8:2::1", None),
                                               (self.client, "eth0", CLIENT6, ROUTER6), (self.server, "eth0", SERVER6, "2001:db8:2::1")):
            host.sysctl(f"net.ipv6.conf.{device}.disable_ipv6", 0)
            host.ip("address", "add", f"{address}/64", "dev", device, "nodad")
            if gateway:
                host.ip("-6", "route", "add", "default", "via", gateway)
        self.router.sysctl("net.ipv6.conf.all.forwarding", 1)
        time.sleep(2.5)  # until the link-local addresses may be used
        self.router.run("ping", "-6", "-c", "1", SERVER6)

    def know(self, host, device, address, gateway):
        """Default route through the router, and each other's MAC address."""
        def mac(owner, name):
            return owner.ip("-br", "link", "show", name).split()[2]
        host.ip("route", "add", "default", "via", gateway)
        host.ip("neigh", "replace", gateway, "lladdr", mac(self.router, device), "dev", "eth0", "nud", "permanent")
        self.router.ip("neigh", "replace", address, "lladdr", mac(host, "eth0"), "dev", device, "nud", "permanent")
