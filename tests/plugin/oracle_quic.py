# SPDX-License-Identifier: GPL-2.0-or-later
"""QUIC as Wireshark's packet details tell it: packets, the frames in them that it could decrypt, and the TLS messages in
CRYPTO frames. Initial packets are readable without secrets."""

from oracle_tls import handshake_token

# By version: RFC 9000 17.2, RFC 9369 3.2.
LONG = {0: "quic.initial", 1: "quic.zero_rtt", 2: "quic.handshake", 3: "quic.retry"}
LONG_OF_VERSION_2 = {1: "quic.initial", 2: "quic.zero_rtt", 3: "quic.handshake", 0: "quic.retry"}
VERSION_2 = 0x6B3343CF
CONNECTION_CLOSE = (0x1C, 0x1D)


def numbers(proto, name):
    return [int(item.get("show"), 0) for item in proto.iter("field") if item.get("name") == name]


def packet_token(proto):
    if 1 not in numbers(proto, "quic.header_form"):
        return "quic.one_rtt" if numbers(proto, "quic.header_form") else None
    version = numbers(proto, "quic.version")[0]
    if version == 0:
        return "quic.version_negotiation"
    types = LONG_OF_VERSION_2 if version == VERSION_2 else LONG
    return types[(numbers(proto, "quic.long.packet_type") + numbers(proto, "quic.long.packet_type_v2"))[0]]


def read_quic(proto, messages):
    """Adds the tokens of one packet to the frame's. A state is said once a frame, and so is the end of the connection,
    which each packet of a datagram says again (RFC 9000 10.2.3)."""
    token = packet_token(proto)
    if token is None:
        return
    messages[token] = 1 if token == "quic.one_rtt" else messages[token] + 1
    if set(numbers(proto, "quic.frame_type")) & set(CONNECTION_CLOSE):
        messages["quic.connection_close"] = 1
    for item in proto.iter("field"):
        if item.get("name") == "tls.handshake" and (said := handshake_token(item)):
            messages[said] += 1
