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


# -- HTTP/3 --------------------------------------------------------------------------------------------------

HEADERS, SETTINGS, GOAWAY = 1, 4, 7
EARLY_DATA = 42  # the extension
UNIDIRECTIONAL = 2  # a bit of a stream's ID
# RFC 9204 appendix A: the statuses that are below 200.
INTERIM_INDEXES = (24, 63)


def integer(data, at):
    """(value, behind it) of an integer (RFC 9000 16), or None where it is not whole."""
    size = 1 << (data[at] >> 6) if at < len(data) else 1
    if at + size > len(data):
        return None
    return int.from_bytes(data[at : at + size], "big") & ((1 << (8 * size - 2)) - 1), at + size


def is_interim(section):
    """By the first field, which is the status; behind the two bytes of the prefix."""
    return section[2:3] and section[2] & 0xC0 == 0xC0 and section[2] & 0x3F in INTERIM_INDEXES


class Http3Stream:
    """One direction of a stream: which frame brought each byte."""

    def __init__(self, identifier, from_client):
        self.identifier, self.from_client = identifier, from_client
        self.data, self.frames, self.fin = {}, {}, None

    def take(self, number, offset, content, fin):
        for at, byte in enumerate(content, offset):
            if at not in self.data:
                self.data[at], self.frames[at] = byte, number
        if fin and self.fin is None:
            self.fin = (offset + len(content), number)

    def whole(self):
        """The bytes up to the first that is missing."""
        length = next(at for at in range(len(self.data) + 1) if at not in self.data)
        return bytes(self.data[at] for at in range(length))

    def name(self, frames):
        add = lambda number, token: frames[number].messages.update([token])  # noqa: E731
        data, at = self.whole(), 0
        if self.identifier & UNIDIRECTIONAL:
            kind = integer(data, 0)
            if kind is None or kind[0] != 0:
                return
            at = kind[1]
        begin = None
        while (head := integer(data, at)) and (length := integer(data, head[1])):
            first, content = self.frames[at], data[length[1] : length[1] + length[0]]
            if self.identifier & UNIDIRECTIONAL:
                if head[0] in (SETTINGS, GOAWAY):
                    add(first, "http.settings" if head[0] == SETTINGS else "http.goaway")
            elif head[0] == HEADERS and begin is None:
                if not self.from_client and is_interim(content):
                    add(first, "http.interim")
                else:
                    begin = first
                    add(first, "http.request" if self.from_client else "http.response_start")
            at = length[1] + length[0]
        if begin is None:
            return
        ended = self.fin is not None and self.fin[0] == len(data)
        end = self.fin[1] if ended else None
        if ended and not self.from_client:
            add(end, "http.response_end")
        elif ended and end != begin:
            add(end, "http.request_end")
        for number in {self.frames[at] for at in range(len(data))} - {begin, end}:
            frames[number].messages["http.request_body" if self.from_client else "http.response_body"] = 1


class Http3:
    """The streams of all connections, out of the STREAM frames that Wireshark decrypted."""

    def __init__(self):
        self.streams, self.refused, self.connection, self.from_client = {}, [], None, False
        self.others = set()  # connections that carry another protocol

    def forget_early(self):
        """The server refused what was said in 0-RTT: the client says it anew, on the same streams (RFC 9001 4.6.2)."""
        for key, stream in list(self.streams.items()):
            if key[0] == self.connection and stream.from_client:
                self.refused.append(self.streams.pop(key))

    def take_header(self, proto):
        """UDP's. Servers have the lower ports."""
        self.from_client = numbers(proto, "udp.srcport")[0] > numbers(proto, "udp.dstport")[0]

    def take(self, proto, number):
        """One QUIC packet's. The first one of a datagram says which connection it belongs to."""
        self.connection = (numbers(proto, "quic.connection.number") or [self.connection])[0]
        for message in (item for item in proto.iter("field") if item.get("name") == "tls.handshake"):
            if handshake_token(message) != "tls.encrypted_extensions":
                continue
            if EARLY_DATA not in numbers(message, "tls.handshake.extension.type"):
                self.forget_early()
            if any(item.get("name") == "tls.handshake.extensions_alpn_str" and item.get("show") == "doq" for item in message.iter("field")):
                self.others.add(self.connection)
        if self.connection in self.others:
            return
        for frame in proto.iter("field"):
            if frame.get("name") != "quic.frame":
                continue
            values = {item.get("name"): item.get("show") for item in frame.iter("field")}
            if not 8 <= int(values["quic.frame_type"], 0) <= 15:
                continue
            identifier = int(values["quic.stream.stream_id"], 0)
            key = (self.connection, identifier, self.from_client)
            stream = self.streams.setdefault(key, Http3Stream(identifier, self.from_client))
            content = bytes.fromhex((values.get("quic.stream_data") or "").replace(":", ""))
            stream.take(number, int(values.get("quic.stream.offset") or "0", 0), content, values["quic.stream.fin"] in ("1", "True"))

    def name(self, frames):
        for stream in (*self.refused, *self.streams.values()):
            stream.name(frames)
