#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records OpenVPN and WireGuard: handshakes, control channels, data, and a fetch inside, seen outside of the tunnel and inside."""
import re
import signal
import time

import servers
import wireguard
from network import Network, command
from recorder import capture, main
from tls import Certificates

CLIENT, GATEWAY = "192.0.2.10", "192.0.2.80"
INNER_CLIENT, INNER_GATEWAY = "198.51.100.10", "198.51.100.1"
ROLES = {CLIENT: "client", GATEWAY: "VPN gateway", INNER_CLIENT: "client, inside the tunnel", INNER_GATEWAY: "web server, inside the tunnel"}
FETCH = ("curl", "-sS", "-o", "/dev/null", f"http://{INNER_GATEWAY}/small")
INSIDE = {"SYN": "tcp.flags.syn == 1 && tcp.flags.ack == 0", "request": "http.request", "response": "http.response.code == 200",
          "FIN": "tcp.flags.fin == 1"}

# -- OpenVPN -------------------------------------------------------------------------------------------------


class Vpn(Network):
    """A client and a gateway, 20 ms apart; nginx on the gateway answers inside the tunnel."""

    def __init__(self, rules=()):
        super().__init__()
        self.client, self.gateway = self.host("client"), self.host("gateway")
        self.wire((self.client, "eth0", f"{CLIENT}/24"), (self.gateway, "eth0", f"{GATEWAY}/24"), ms=(20, 20), rules=rules)
        self.start()

    def openvpn(self, server_words=(), client_words=(), proto="udp", port=1194, static=False, tls_server=(), tls_client=()):
        """Starts the gateway; returns what starts the client and waits until the tunnel is up."""
        folder = self.folder
        common = ("--dev", "tun0", "--dev-type", "tun", "--verb", "6", "--disable-dco", *(("--ping", "1") if static else ("--keepalive", "1000", "10000")))
        if static:
            gateway = ("--ifconfig", INNER_GATEWAY, INNER_CLIENT, "--port", port)
            client = ("--ifconfig", INNER_CLIENT, INNER_GATEWAY, "--remote", GATEWAY, port)
        else:
            certificates = Certificates(folder)
            gate = certificates.leaf("gateway.example.jp")
            person = certificates.leaf("client.example.jp", usage="clientAuth")
            keys = lambda leaf: ("--ca", certificates.root, "--cert", leaf.with_suffix(".chain"), "--key", leaf.with_suffix(".key"))
            gateway = ("--mode", "server", "--tls-server", "--topology", "subnet", "--ifconfig", INNER_GATEWAY, "255.255.255.0", "--ifconfig-pool",
                       INNER_CLIENT, "198.51.100.20", "255.255.255.0", "--push", "topology subnet", "--dh", "none", "--port", port, *keys(gate))
            client = ("--client", "--remote", GATEWAY, port, "--nobind", *keys(person))
        protocols = ("tcp-server", "tcp-client") if proto == "tcp" else ("udp", "udp")
        self.gateway_log = self.gateway.spawn("openvpn", *common, "--proto", protocols[0], *gateway, *server_words)
        self.wait_for(self.gateway_log, b"UDPv4 link remote: " if proto == "udp" else b"Listening for incoming TCP connection")

        def connect():
            self.client_log = self.client.spawn("openvpn", *common, "--proto", protocols[1], *client, *client_words)
            self.wait_for(self.client_log, b"Initialization Sequence Completed")
            servers_up = f"{INNER_GATEWAY}:80"
            if not hasattr(self, "web"):
                self.web = servers.nginx(self.gateway, listen=(servers_up,))
            time.sleep(0.3)
        return connect

    @staticmethod
    def wait_for(process, words, seconds=20):
        end = time.monotonic() + seconds
        while words not in process.log.read_bytes():
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(process.log.read_text())
            time.sleep(0.02)

    def hang_up(self):
        """The client tells the gateway that it goes (over UDP, where it was told to), and goes."""
        self.client_log.send_signal(signal.SIGTERM)
        self.client_log.wait(20)
        time.sleep(0.3)


PACKET = re.compile(rb"(?:UDPv4|TCPv4_CLIENT|TCPv4_SERVER) (READ|WRITE) \[(\d+)\] (?:from|to) \S+: +(\S+) ?(.*)")


def packets_of(log):
    """The client's packets as its own log has them at --verb 6: `P_CONTROL_V1 kid=0 sid=… tls_hmac=… pid=[ #1 ] [ 0 sid=… ] pid=1 DATA …`."""
    found = []
    for line in log.read_bytes().splitlines():
        if (match := PACKET.search(line)) and match[2] != b"0":  # over TCP it says so while a packet is not whole
            direction, size, opcode, rest = (part.decode() for part in match.groups())
            found.append({"from": "client" if direction == "WRITE" else "gateway", "bytes": int(size), "opcode": opcode, "rest": rest})
    return found


def openvpn_truth(network):
    """What the client's log says of each packet, in its order."""
    packets = []
    for packet in packets_of(network.client_log.log):
        told = {"from": packet["from"], "bytes": packet["bytes"], "opcode": packet["opcode"]}
        if key := re.search(r"\bkid=(\d+)", packet["rest"]):
            told["key_id"] = int(key[1])
        packets.append(told)
    return packets


def record_openvpn(capture, network, connect, keep_inside=True, between=None, shows_inside=None):
    """The recording goes from the client's first packet to its last; inside of the tunnel from when that is up."""
    with capture.tcpdump(network.client, "eth0", settle=0.5) as raw:
        connect()
        with capture.tcpdump(network.client, "tun0", part="-inside") as inside:
            network.client.run(*FETCH)
            if between:
                between()
        network.hang_up()
    truth = {"openvpn": openvpn_truth(network)}
    capture.truth(network, capture.keep(raw), ROLES, **truth)
    if keep_inside:
        kept = capture.keep(inside, part="-inside", shows=shows_inside or INSIDE)
        capture.truth(network, kept, ROLES, part="-inside")


HANDSHAKE = {"client's reset": "openvpn.opcode == 7", "gateway's reset": "openvpn.opcode == 8",
             "TLS": "openvpn.opcode == 4", "ACK": "openvpn.opcode == 5", "data": "openvpn.opcode == 9"}
OPENVPN = ("openvpn", "nginx", "curl", "openssl")
NOTIFY = ("--explicit-exit-notify", "1")


@capture("openvpn-udp", "OpenVPN over UDP in TLS mode without tls-auth: handshake, a fetch inside, exit notification", HANDSHAKE, OPENVPN)
def openvpn_udp(capture):
    with Vpn() as network:
        record_openvpn(capture, network, network.openvpn(client_words=NOTIFY))


def tls_auth(network, *words):
    key = network.folder / "ta.key"
    command("openvpn", "--genkey", "secret", key)
    return {"server_words": ("--tls-auth", key, "0", *words), "client_words": ("--tls-auth", key, "1", *words, *NOTIFY)}


@capture("openvpn-udp-tls-auth", "the same with tls-auth (HMAC-SHA1), and TLS 1.2 in the control channel", HANDSHAKE, OPENVPN)
def openvpn_tls_auth(capture):
    with Vpn() as network:
        words = tls_auth(network, "--tls-version-max", "1.2")
        record_openvpn(capture, network, network.openvpn(**words), keep_inside=False)


@capture("openvpn-udp-tls-auth-sha256", "the same with tls-auth and --auth SHA256: its resets are as long as those of tls-crypt", HANDSHAKE, OPENVPN)
def openvpn_tls_auth_sha256(capture):
    with Vpn() as network:
        record_openvpn(capture, network, network.openvpn(**tls_auth(network, "--auth", "SHA256")), keep_inside=False)


@capture("openvpn-udp-tls-crypt", "the same with tls-crypt: of the control channel the opcodes can be read", HANDSHAKE, OPENVPN)
def openvpn_tls_crypt(capture):
    with Vpn() as network:
        key = network.folder / "tc.key"
        command("openvpn", "--genkey", "secret", key)
        record_openvpn(capture, network, network.openvpn(("--tls-crypt", key), ("--tls-crypt", key, *NOTIFY)), keep_inside=False)


@capture("openvpn-udp-tls-crypt-v2", "the same with tls-crypt-v2: a key of each client's own, wrapped in its first packet", {
    **HANDSHAKE, "client's reset": "openvpn.opcode == 10"}, OPENVPN)
def openvpn_tls_crypt_v2(capture):
    with Vpn() as network:
        server, client = network.folder / "tc2s.key", network.folder / "tc2c.key"
        command("openvpn", "--genkey", "tls-crypt-v2-server", server)
        command("openvpn", "--tls-crypt-v2", server, "--genkey", "tls-crypt-v2-client", client)
        record_openvpn(capture, network, network.openvpn(("--tls-crypt-v2", server), ("--tls-crypt-v2", client, *NOTIFY)), keep_inside=False)


@capture("openvpn-tcp", "OpenVPN over TCP in TLS mode: each packet behind its length", HANDSHAKE, OPENVPN)
def openvpn_tcp(capture):
    with Vpn() as network:
        record_openvpn(capture, network, network.openvpn(proto="tcp"), keep_inside=False)


@capture("openvpn-tcp-tls-auth", "the same over TCP with tls-auth", HANDSHAKE, OPENVPN)
def openvpn_tcp_tls_auth(capture):
    with Vpn() as network:
        words = tls_auth(network)
        words["client_words"] = words["client_words"][:-2]
        record_openvpn(capture, network, network.openvpn(proto="tcp", **words), keep_inside=False)


@capture("openvpn-udp-renegotiation", "the keys are negotiated anew after 5 seconds (soft reset, the next key id; OpenVPN 2.6 encrypts that control channel: dynamic tls-crypt), with a fetch before and one after", {
    **HANDSHAKE, "soft reset": "openvpn.opcode == 3"}, OPENVPN)
def openvpn_renegotiation(capture):
    def again():
        network.wait_for(network.client_log, b"P_CONTROL_SOFT_RESET_V1", 15)
        time.sleep(1)
        network.client.run(*FETCH)
    with Vpn() as network:
        record_openvpn(capture, network, network.openvpn(("--reneg-sec", "0"), ("--reneg-sec", "5", "0", *NOTIFY)), False, again)


@capture("openvpn-udp-loss", "the client's ClientHello and a packet of the gateway's certificates are lost, two others swapped: sent again after 2 seconds",
         HANDSHAKE, OPENVPN)
def openvpn_loss(capture):
    rules = ({"from": "a", "match": "udp", "n": 2, "do": "drop"}, {"from": "b", "match": "large-udp", "n": 2, "do": "drop"},
             {"from": "a", "match": "large-udp", "n": 1, "do": "swap"})
    with Vpn(rules) as network:
        record_openvpn(capture, network, network.openvpn(client_words=NOTIFY), keep_inside=False)


@capture("openvpn-udp-odd-port", "the same on port 4711, which Wireshark does not know for OpenVPN", {"UDP": "udp.port == 4711"}, OPENVPN)
def openvpn_odd_port(capture):
    with Vpn() as network:
        record_openvpn(capture, network, network.openvpn(client_words=NOTIFY, port=4711), keep_inside=False)


@capture("openvpn-udp-static-key", "OpenVPN in static-key mode: no opcodes, every packet is encrypted whole", {"UDP": "udp.port == 1194"}, OPENVPN)
def openvpn_static(capture):
    with Vpn() as network:
        key = network.folder / "static.key"
        command("openvpn", "--genkey", "secret", key)
        words = ("--secret", key, "--cipher", "AES-256-CBC")
        record_openvpn(capture, network, network.openvpn(words, words, static=True), keep_inside=False)


# -- WireGuard -----------------------------------------------------------------------------------------------

WIREGUARD = ("wireguard-go", "wireguard-tools", "nginx", "curl")
WG_HANDSHAKE = {"initiation": "wg.type == 1", "response": "wg.type == 2", "data": "wg.type == 4 && udp.length > 40"}


class WireGuard(Vpn):
    """Two peers that run wireguard-go."""

    def __init__(self, psk=False, keep_alive=0):
        super().__init__()
        self.keys = {name: wireguard.key_pair() for name in ("client", "gateway")}
        self.psk = command("wg", "genpsk").strip() if psk else None
        self.keep_alive = keep_alive
        self.daemons = {"gateway": self.up(self.gateway, "client", INNER_GATEWAY)}
        self.web = servers.nginx(self.gateway, listen=(f"{INNER_GATEWAY}:80",))

    def up(self, host, peer, address):
        process = host.spawn("wireguard-go", "-f", f"wg-{host.name[0]}{self.prefix[-6:]}", env={"LOG_LEVEL": "verbose", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
        device = f"wg-{host.name[0]}{self.prefix[-6:]}"
        self.wait_for(process, b"UAPI listener started")
        secret = host.folder / "private"
        secret.write_text(self.keys[host.name][0] + "\n")
        words = ["wg", "set", device, "private-key", secret, "listen-port", "51820", "peer", self.keys[peer][1], "allowed-ips", "0.0.0.0/0"]
        if peer == "gateway":
            words += ["endpoint", f"{GATEWAY}:51820"]
            if self.keep_alive:
                words += ["persistent-keepalive", str(self.keep_alive)]
        if self.psk:
            shared = host.folder / "psk"
            shared.write_text(self.psk + "\n")
            words += ["preshared-key", shared]
        host.run(*words)
        host.ip("address", "add", f"{address}/24", "dev", device)
        host.ip("link", "set", device, "mtu", "1420", "up")
        host.device = device
        return process

    def connect(self):
        self.daemons["client"] = self.up(self.client, "gateway", INNER_CLIENT)


def wireguard_logs(network):
    """What the daemons say they sent and received: handshakes and keepalives."""
    lines = {}
    for name, daemon in network.daemons.items():
        lines[name] = [line.split(" ", 3)[-1] for line in daemon.log.read_text().splitlines()
                       if re.search(r"(Sending|Received) (handshake|keepalive)|cookie", line) and "127.0.0.1" not in line]
    return lines


@capture("wireguard", "WireGuard: initiation, response, a fetch inside, keepalives each second, a second handshake when the client comes again",
         {**WG_HANDSHAKE, "keepalive": "wg.type == 4 && udp.length == 40"}, WIREGUARD)
def wireguard_plain(capture):
    with WireGuard(keep_alive=1) as network:
        with capture.tcpdump(network.client, "eth0", settle=0.5) as raw:
            network.connect()
            with capture.tcpdump(network.client, network.client.device, part="-inside") as inside:
                network.client.run(*FETCH)
                time.sleep(2.5)
            network.daemons["client"].terminate()
            network.daemons["client"].wait(5)
            first = wireguard_logs(network)["client"]
            network.connect()
            network.client.run(*FETCH)
        logs = wireguard_logs(network)
        logs["client"] = first + logs["client"]
        capture.truth(network, capture.keep(raw), ROLES, wireguard=logs)
        capture.truth(network, capture.keep(inside, part="-inside", shows=INSIDE), ROLES, part="-inside")


@capture("wireguard-decrypted", "WireGuard with a preshared key, its secrets in NAME.wgkeys: a fetch that can be read inside",
         {**WG_HANDSHAKE}, WIREGUARD)
def wireguard_decrypted(capture):
    with WireGuard(psk=True) as network:
        with capture.tcpdump(network.client, "eth0", settle=0.5) as raw:
            # The gateway sleeps until the client's ephemeral key was read from its memory: it forgets it with the response.
            network.daemons["gateway"].send_signal(signal.SIGSTOP)
            network.connect()
            network.client.spawn(*FETCH)
            initiation = wireguard.wait_for_initiation(raw)
            ephemeral = wireguard.ephemeral_of(network.daemons["client"].pid, initiation)
            network.daemons["gateway"].send_signal(signal.SIGCONT)
            time.sleep(3)
        keys = capture.output / f"{capture.name}.wgkeys"
        keys.write_text(f"LOCAL_STATIC_PRIVATE_KEY = {network.keys['client'][0]}\nREMOTE_STATIC_PUBLIC_KEY = {network.keys['gateway'][1]}\n"
                        f"LOCAL_EPHEMERAL_PRIVATE_KEY = {ephemeral}\nPRESHARED_KEY = {network.psk}\n")
        kept = capture.keep(raw)
        converted = raw.with_suffix(".pcapng")
        kept["wireguard_keys"] = keys.name
        kept["shows_decrypted"] = capture.found(converted, "", INSIDE, "-o", f"wg.keylog_file:{keys}")
        capture.truth(network, kept, ROLES, wireguard=wireguard_logs(network))


@capture("wireguard-cookie", "a gateway under load answers the initiation with a cookie; the client's next one has it",
         {**WG_HANDSHAKE, "cookie reply": "wg.type == 3"}, WIREGUARD)
def wireguard_cookie(capture):
    with WireGuard() as network:
        with capture.tcpdump(network.client, "eth0", settle=0.5) as raw:
            flood = network.gateway.call(wireguard.flood, network.keys["gateway"][1], 51820, 4)
            time.sleep(0.5)
            network.connect()
            network.client.run(*FETCH, timeout=60)
            flood.join()
        capture.truth(network, capture.keep(raw), ROLES, wireguard=wireguard_logs(network))


if __name__ == "__main__":
    main()
