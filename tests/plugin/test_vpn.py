# SPDX-License-Identifier: GPL-2.0-or-later
"""OpenVPN and WireGuard against what their daemons logged (NAME.truth.json), against Wireshark's fields, and for the TLS
inside of OpenVPN's control channel against a reading of the packets that knows from the recorder how they are wrapped."""

import json
from collections import Counter, defaultdict

import pytest

from tshark import CAPTURES

OPENVPN = sorted(
    path.name.removesuffix(".truth.json")
    for path in CAPTURES.glob("openvpn-*.truth.json")
    if "openvpn" in json.loads(path.read_text(encoding="utf-8"))
)
# What nothing may be told of: no opcodes, or none that Wireshark knows of.
SILENT = {"openvpn-udp-static-key", "openvpn-udp-odd-port"}
TOLD = [name for name in OPENVPN if name not in SILENT]
# --tls-auth's digest, as the recorder chose it; None where the control channel is encrypted.
HMAC = {
    "openvpn-tcp": 0,
    "openvpn-tcp-tls-auth": 20,
    "openvpn-udp": 0,
    "openvpn-udp-loss": 0,
    "openvpn-udp-renegotiation": 0,
    "openvpn-udp-tls-auth": 20,
    "openvpn-udp-tls-auth-sha256": 32,
    "openvpn-udp-tls-crypt": None,
    "openvpn-udp-tls-crypt-v2": None,
}
CLIENT = "192.0.2.10"
OPCODES = {
    "P_CONTROL_HARD_RESET_CLIENT_V2": "openvpn.hard_reset_client",
    "P_CONTROL_HARD_RESET_CLIENT_V3": "openvpn.hard_reset_client",
    "P_CONTROL_HARD_RESET_SERVER_V2": "openvpn.hard_reset_server",
    "P_CONTROL_SOFT_RESET_V1": "openvpn.soft_reset",
    "P_CONTROL_V1": "openvpn.control",
    "P_CONTROL_WKC_V1": "openvpn.control",
    "P_ACK_V1": "openvpn.ack",
    "P_DATA_V2": "openvpn.data",
}
NUMBERS = {3: "soft_reset", 4: "control", 5: "ack", 6: "data", 7: "hard_reset_client", 8: "hard_reset_server",
           9: "data", 10: "hard_reset_client", 11: "control"}  # fmt: skip
# Handshake messages that are in the clear (RFC 5246 7.4), and ChangeCipherSpec.
MESSAGES = {1: "client_hello", 2: "server_hello", 11: "certificate", 12: "server_key_exchange",
            13: "certificate_request", 14: "server_hello_done", 15: "certificate_verify",
            16: "client_key_exchange"}  # fmt: skip
READABLE = {f"tls.{name}" for name in (*MESSAGES.values(), "change_cipher_spec")}


def truth_of(name):
    return json.loads((CAPTURES / f"{name}.truth.json").read_text(encoding="utf-8"))


def phases_of(wireshark, name, *options, two_pass=True):
    return {event["frame"]: event["phases"] for event in wireshark.events(name, *options, two_pass=two_pass)}


def side_of(row):
    return "client" if row["ip.src"][0] == CLIENT else "gateway"


def packets_of(wireshark, name):
    """(side, frame where it ends, bytes) of each packet of the tunnel, in their order."""
    rows = wireshark.fields(
        name, "frame.number", "ip.src", "udp.payload", "tcp.payload", "udp.port", "tcp.port",
        "tcp.analysis.retransmission", "icmp.type", plugin=False,
    )  # fmt: skip
    streams = defaultdict(bytes)
    for row in rows:
        if row["icmp.type"]:
            continue
        frame = int(row["frame.number"][0])
        if row["udp.payload"]:
            yield side_of(row), frame, bytes.fromhex(row["udp.payload"][0].replace(":", ""))
        elif row["tcp.payload"]:
            assert not row["tcp.analysis.retransmission"], "this reading knows no retransmissions"
            side = side_of(row)
            streams[side] += bytes.fromhex(row["tcp.payload"][0].replace(":", ""))
            while len(streams[side]) > 2 and len(streams[side]) >= 2 + int.from_bytes(streams[side][:2], "big"):
                end = 2 + int.from_bytes(streams[side][:2], "big")
                yield side, frame, streams[side][2:end]
                streams[side] = streams[side][end:]


def test_the_recordings_are_here():
    assert set(TOLD) == set(HMAC) and SILENT < set(OPENVPN)


@pytest.mark.parametrize("two_pass", (True, False))
@pytest.mark.parametrize("name", TOLD)
def test_openvpn_packets_are_what_the_client_logged(wireshark, name, two_pass):
    logged = defaultdict(list)
    for packet in truth_of(name)["openvpn"]:
        logged[packet["from"]].append(packet)
    expected = defaultdict(Counter)
    for side, frame, packet in packets_of(wireshark, name):
        told = logged[side].pop(0)
        assert told["bytes"] == len(packet), f"frame {frame}: the log is of another recording"
        expected[frame][OPCODES[told["opcode"]]] += 1
    # What the gateway sent last the client may not have lived to read.
    assert not logged["client"]
    for tokens in expected.values():
        if "openvpn.data" in tokens:  # a state: once a frame
            tokens["openvpn.data"] = 1
    phases = phases_of(wireshark, name, two_pass=two_pass)
    ours = {
        frame: Counter(token for token in tokens if token.startswith("openvpn."))
        for frame, tokens in phases.items()
    }
    assert {frame: tokens for frame, tokens in ours.items() if tokens} == dict(expected)


@pytest.mark.parametrize("name", TOLD)
def test_openvpn_opcodes_are_wiresharks(wireshark, name):
    rows = wireshark.fields(name, "frame.number", "openvpn.opcode", "icmp.type", plugin=False)
    phases = phases_of(wireshark, name)
    for row in rows:
        if row["icmp.type"]:
            continue
        theirs = {f"openvpn.{NUMBERS[int(opcode, 0)]}" for opcode in row["openvpn.opcode"]}
        frame = int(row["frame.number"][0])
        assert theirs == {token for token in phases.get(frame, ()) if token.startswith("openvpn.")}, frame


def messages_of(wireshark, name):
    """{frame: readable TLS messages that end there}, of the first key's control channel."""
    replay = HMAC[name] + 8 if HMAC[name] else 0
    streams, waiting, following = {}, defaultdict(dict), {}
    found = defaultdict(Counter)
    for side, frame, packet in packets_of(wireshark, name):
        opcode, key = packet[0] >> 3, packet[0] & 7
        if opcode not in (4, 7, 8) or key != 0:
            continue
        channel = (side, key)
        rest = packet[9 + replay:]
        acks = rest[0]
        rest = rest[1 + 4 * acks + (8 if acks else 0):]
        number, payload = int.from_bytes(rest[:4], "big"), rest[4:]
        waiting[channel].setdefault(number, (frame, payload))
        stream = streams.setdefault(channel, [])
        while following.get(channel, 0) in waiting[channel]:
            at = following.get(channel, 0)
            from_frame, more = waiting[channel][at]
            stream.extend((byte, from_frame) for byte in more)
            following[channel] = at + 1
    for channel, stream in streams.items():
        data = bytes(byte for byte, _ in stream)
        handshake, encrypted, at = [], False, 0
        while at + 5 <= len(data):
            kind, length = data[at], int.from_bytes(data[at + 3:at + 5], "big")
            body = stream[at + 5:at + 5 + length]
            if len(body) < length:
                break
            if kind == 20:
                found[max(f for _, f in stream[at:at + 5 + length])]["tls.change_cipher_spec"] += 1
                encrypted = True
            elif kind == 22 and not encrypted:
                # A record's frame is that of its last byte.
                last = max(f for _, f in stream[at:at + 5 + length])
                handshake += [(byte, last) for byte, _ in body]
                while len(handshake) >= 4:
                    size = int.from_bytes(bytes(b for b, _ in handshake[1:4]), "big")
                    if len(handshake) < 4 + size:
                        break
                    message = handshake[:4 + size]
                    if message[0][0] in MESSAGES:
                        found[max(f for _, f in message)][f"tls.{MESSAGES[message[0][0]]}"] += 1
                    handshake = handshake[4 + size:]
            at += 5 + length
    return found


@pytest.mark.parametrize("name", [name for name in TOLD if HMAC[name] is not None])
def test_tls_in_the_control_channel(wireshark, name):
    expected = messages_of(wireshark, name)
    assert sum(tokens["tls.client_hello"] for tokens in expected.values()) >= 1
    ours = {}
    for event in wireshark.events(name):
        tokens = Counter(
            token
            for token, inferred in zip(event["phases"], event["inferred"], strict=True)
            if token in READABLE and not inferred
        )
        if tokens:
            ours[event["frame"]] = tokens
    assert ours == dict(expected)


def test_each_negotiation_is_a_handshake(wireshark):
    """The soft reset begins another TLS connection. OpenVPN 2.6 encrypts that one's channel (dynamic tls-crypt),
    whatever the first one's wrapping: nothing is said of what is in it."""
    counts = Counter(token for tokens in phases_of(wireshark, "openvpn-udp-renegotiation").values() for token in tokens)
    assert counts["tls.client_hello"] == counts["tls.server_hello"] == 1
    assert counts["openvpn.control"] == sum(p["opcode"] == "P_CONTROL_V1" for p in truth_of("openvpn-udp-renegotiation")["openvpn"])
    assert counts["openvpn.soft_reset"] == 2
    assert counts["openvpn.hard_reset_client"] == 1


@pytest.mark.parametrize("name", [name for name in TOLD if HMAC[name] is None])
def test_encrypted_control_channel_says_nothing(wireshark, name):
    tokens = {token for tokens in phases_of(wireshark, name).values() for token in tokens}
    assert "openvpn.control" in tokens
    assert not {token for token in tokens if token.startswith("tls.")}


@pytest.mark.parametrize("name", sorted(SILENT))
def test_nothing_is_told_of_what_cannot_be_told(wireshark, name):
    tokens = {token for tokens in phases_of(wireshark, name).values() for token in tokens}
    assert tokens <= {"arp.request", "arp.reply"}
    journeys = [json.loads(line) for line in wireshark.tshark(name, "-q", "-z", "humantime,journeys,json").splitlines()]
    assert journeys == []


def test_wireshark_is_told_the_port(wireshark):
    """Decode As makes another port OpenVPN's."""
    options = ("-d", "udp.port==4711,openvpn")
    told = phases_of(wireshark, "openvpn-udp-odd-port", *options)
    tokens = Counter(token for tokens in told.values() for token in tokens)
    assert tokens["openvpn.hard_reset_client"] == tokens["tls.client_hello"] == 1


# -- WireGuard -----------------------------------------------------------------------------------------------

WIREGUARD = ("wireguard", "wireguard-cookie", "wireguard-decrypted")
TYPES = {"1": "wireguard.initiation", "2": "wireguard.response", "3": "wireguard.cookie", "4": "wireguard.data"}


def wgkeys(wireshark):
    return ("-o", f"wg.keylog_file:{wireshark.readable(CAPTURES / 'wireguard-decrypted.wgkeys')}")


@pytest.mark.parametrize("name", WIREGUARD)
def test_wireguard_messages(wireshark, name):
    rows = wireshark.fields(name, "frame.number", "wg.type", "udp.length", plugin=False)
    expected = {}
    for row in rows:
        if row["wg.type"]:
            token = TYPES[row["wg.type"][0]]
            # 8 bytes of UDP, 16 of header, 16 of tag.
            is_keep_alive = token == "wireguard.data" and row["udp.length"] == ["40"]
            expected[int(row["frame.number"][0])] = ["wireguard.keep_alive" if is_keep_alive else token]
    ours = phases_of(wireshark, name)
    assert {frame: tokens for frame, tokens in ours.items() if tokens[0].startswith("wireguard.")} == expected


@pytest.mark.parametrize("name", WIREGUARD)
def test_wireguard_handshakes_are_those_that_the_client_logged(wireshark, name):
    log = truth_of(name)["wireguard"]["client"]
    counts = Counter(token for tokens in phases_of(wireshark, name).values() for token in tokens)
    sent = sum("Sending handshake initiation" in line for line in log)
    assert counts["wireguard.initiation"] == sent
    assert counts["wireguard.response"] == sum("Received handshake response" in line for line in log)
    if name == "wireguard-cookie":
        assert counts["wireguard.cookie"] == 1


@pytest.mark.parametrize("two_pass", (True, False))
def test_inside_of_wireguard(wireshark, two_pass):
    """With its secrets a frame has the tunnel's phase, then what it carries."""
    name, keys = "wireguard-decrypted", wgkeys(wireshark)
    flags = wireshark.fields(
        name, "frame.number", "tcp.flags.syn", "tcp.flags.ack", "tcp.flags.fin", "http.request.method",
        options=keys, plugin=False,
    )  # fmt: skip
    phases = phases_of(wireshark, name, *keys, two_pass=two_pass)
    seen = Counter()
    for row in flags:
        if not row["tcp.flags.syn"]:
            continue
        tokens = phases[int(row["frame.number"][0])]
        assert tokens[0] == "wireguard.data"
        assert tokens[1].startswith(("tcp.", "http."))
        for flag, token in (("tcp.flags.fin", "tcp.fin"), ("http.request.method", "http.request")):
            assert (row[flag] not in ([], ["0"])) == (token in tokens), row
            seen[token] += token in tokens
        is_syn = row["tcp.flags.syn"] == ["1"] and row["tcp.flags.ack"] == ["0"]
        assert is_syn == ("tcp.syn" in tokens)
        seen["tcp.syn"] += is_syn
    assert seen == {"tcp.syn": 1, "tcp.fin": 2, "http.request": 1}


def journeys_of(wireshark, name, *options):
    report = wireshark.tshark(name, *options, "-q", "-z", "humantime,journeys,json")
    return [json.loads(line) for line in report.splitlines()]


def test_a_journey_inside_has_its_carrier(wireshark):
    outer, inner = journeys_of(wireshark, "wireguard-decrypted", *wgkeys(wireshark))
    assert outer["carrier"] is None
    assert outer["server"] == "192.0.2.80:51820"
    assert inner["carrier"] == "WireGuard 192.0.2.10–192.0.2.80"
    assert inner["server"] == "198.51.100.1:80"
    diary = wireshark.tshark("wireguard-decrypted", *wgkeys(wireshark), "-q", "-z", "humantime,diary")
    assert "through WireGuard 192.0.2.10–192.0.2.80" in diary


@pytest.mark.parametrize("name", TOLD)
def test_a_tunnel_is_one_journey(wireshark, name):
    """Recorded at the client, which TCP's handshake tells. Over UDP nothing does: how long programs take to answer is no
    measure of the way."""
    for event in wireshark.events(name):
        if any(token.startswith("openvpn.") for token in event["phases"]):
            assert event["end"] == ("client" if "-tcp" in name else None)
    journey, = journeys_of(wireshark, name)
    assert journey["server"] == "192.0.2.80:1194"
    assert journey["kind"] == "completed" and journey["carrier"] is None


@pytest.mark.parametrize("name", ("mdns", "llmnr"))
def test_asking_the_link_begins_no_journey(wireshark, name):
    rows = wireshark.fields(name, "frame.number", "dns.flags.response", "icmp.type", plugin=False)
    phases = phases_of(wireshark, name)
    for row in rows:
        if row["dns.flags.response"] and not row["icmp.type"]:  # what ICMP quotes was not sent
            token, = phases[int(row["frame.number"][0])]
            assert (token == "dns.query") == (row["dns.flags.response"] == ["0"])
    assert journeys_of(wireshark, name) == []


TUNNELS = {
    "gre-http": "GRE 192.0.2.10–192.0.2.80",
    "ipip-http": "IP in IP 192.0.2.10–192.0.2.80",
    "6in4-http": "6in4 192.0.2.10–192.0.2.80",
    "vxlan-http": "VXLAN 192.0.2.10–192.0.2.80",
    "geneve-http": "GENEVE 192.0.2.10–192.0.2.80",
    "mpls-http": None,
    "pppoe-http": None,
    "vlan-http": None,
}


@pytest.mark.parametrize("name", sorted(TUNNELS))
def test_carriers(wireshark, name):
    """Tags and link layers carry nothing away: the journey is where it is. A tunnel has an IP header of its own."""
    journeys = journeys_of(wireshark, name)
    assert [journey["carrier"] for journey in journeys] == [TUNNELS[name]]
