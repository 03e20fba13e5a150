# SPDX-License-Identifier: GPL-2.0-or-later
"""DTLS as Wireshark's packet details tell it: records, and the fragments of handshake messages in them, put together here
by the offsets and lengths that it shows.

Without secrets Wireshark shows nothing in the records behind ChangeCipherSpec: what they could be is in Frame.maybe, as for
TLS over TCP.
"""

import xml.etree.ElementTree as ElementTree
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from types import SimpleNamespace

from oracle_handshakes import Connection
from oracle_tls import ALERT, CHANGE_CIPHER_SPEC, DATA, IN_HANDSHAKE, handshake_token

HELLO_VERIFY_REQUEST = 3


def as_tls(item):
    """The same under TLS's names."""
    for part in item.iter("field"):
        name = part.get("name") or ""
        if name.startswith("dtls."):
            part.set("name", name[1:])
    return item


@dataclass
class Sender:
    """What one side has sent of the handshake."""

    seen: dict = field(default_factory=dict)  # message_seq -> offsets of its body
    verified: set = field(default_factory=set)  # message_seq of its HelloVerifyRequests
    changes: set = field(default_factory=set)  # epochs of its ChangeCipherSpecs


class Association:
    """The two sides between two ports."""

    def __init__(self):
        self.senders, self.connection = {}, Connection()

    def read(self, frame, sender, proto):
        """`frame`: an oracle.Frame."""
        said, messages = self.senders.setdefault(sender, Sender()), frame.messages
        for item in proto:
            if item.get("name") == "dtls.record":
                self.read_record(frame, sender, said, messages, as_tls(item))

    def read_record(self, frame, sender, said, messages, record):
        values = {part.get("name"): part.get("show") for part in record}
        content, epoch = int(values["tls.record.content_type"]), int(values["tls.record.epoch"])
        pieces = [part for part in record.iter("field") if part.get("name") == "tls.handshake"]
        alerts = [part.get("show") for part in record.iter("field") if part.get("name") == "tls.alert_message.desc"]
        sealed = epoch > 0 and not alerts and not any(part.get("name") == "tls.handshake.type" for part in record.iter("field"))
        if content == CHANGE_CIPHER_SPEC:
            again = epoch in said.changes
            said.changes.add(epoch)
            if again:
                messages["dtls.retransmission"] = 1
            else:
                messages["tls.change_cipher_spec"] += 1
                self.connection.record(frame.number, sender, content, False)
        elif content == DATA:
            messages["tls.application_data"] = 1
            self.connection.record(frame.number, sender, content, False)
        elif content == ALERT and alerts:
            messages["tls.close_notify" if alerts[0] == "0" else "tls.alert"] += 1
            if alerts[0] != "0":
                self.connection.attempt = None
        elif content == ALERT:
            frame.maybe.update({"tls.close_notify": (), "tls.alert": ()})
        elif content == IN_HANDSHAKE and sealed:
            messages["tls.encrypted_handshake"] = 1
            for token in ("tls.finished", "dtls.retransmission"):
                frame.maybe[token] = ("tls.encrypted_handshake",)
            self.connection.record(frame.number, sender, content, True)
        elif content == IN_HANDSHAKE:
            for piece in pieces:
                self.read_piece(frame, sender, said, messages, epoch, piece)

    def read_piece(self, frame, sender, said, messages, epoch, piece):
        values = {part.get("name"): part.get("show") for part in piece.iter("field")}
        number = lambda name: int(values[f"tls.handshake.{name}"])  # noqa: E731
        kind, sequence = number("type"), number("message_seq")
        begin, end = number("fragment_offset"), number("fragment_offset") + number("fragment_length")
        if kind == HELLO_VERIFY_REQUEST:
            again = sequence in said.verified
            said.verified.add(sequence)
            messages["dtls.retransmission" if again else "tls.hello_verify_request"] = 1
            if not again and self.connection.attempt:
                self.connection.attempt.retried = True
                self.connection.attempt.cookies += 1
            return
        known = said.seen.setdefault(sequence, set())
        whole = set(range(number("length"))) or {"no body"}
        new = (set(range(begin, end)) or {"no body"}) - known
        if not new:
            messages["dtls.retransmission"] = 1
            return
        known |= new
        if known != whole:
            messages["dtls.fragment"] = 1
            return
        if token := handshake_token(piece):
            messages[token] += 1
        self.connection.message(frame.number, sender, kind, piece)


class Associations:
    """All of a capture."""

    def __init__(self, frames):
        self.frames, self.all, self.addresses, self.ports = frames, {}, None, None

    def take_header(self, proto):
        """IP's and UDP's."""
        values = {item.get("name"): item.get("show") for item in proto.iter("field")}
        name = proto.get("name")
        if name == "udp":
            self.ports = values["udp.srcport"], values["udp.dstport"]
        elif name in ("ip", "ipv6"):
            self.addresses = values[f"{name}.src"], values[f"{name}.dst"]

    def read(self, proto, number):
        source, destination = zip(self.addresses, self.ports)
        known = self.all.setdefault(frozenset((source, destination)), Association())
        known.read(self.frames[number], source, proto)


def dtls_handshakes(wireshark, capture, options=()):
    """As oracle_handshakes.handshakes."""
    frames = defaultdict(lambda: SimpleNamespace(messages=Counter(), maybe={}))
    found = Associations(frames)
    text = wireshark.tshark(capture, *options, "-Y", "dtls && udp", "-T", "pdml", plugin=False)
    for packet in ElementTree.fromstring(text).iter("packet"):
        number = int(next(item.get("show") for item in packet.iter("field") if item.get("name") == "num"))
        frames[number].number = number
        for proto in packet:
            if proto.get("name") == "dtls":
                found.read(proto, number)
            elif proto.get("name") in ("ip", "ipv6", "udp"):
                found.take_header(proto)
    return sorted((told for one in found.all.values() for told in one.connection.done), key=lambda told: told.frame)
