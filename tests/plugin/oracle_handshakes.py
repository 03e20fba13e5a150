# SPDX-License-Identifier: GPL-2.0-or-later
"""Which handshakes a capture has, told by Wireshark's own fields: the messages and records of its packet details, in
their order. Of our code nothing is used, and of the RFCs another reading: a session is resumed where the server
shows no certificate and no key, and what the ClientHello brought says how.

Without secrets Wireshark shows no Finished of TLS 1.3: such a handshake has no end here.
"""

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

from oracle_tls import RETRY

CHANGE_CIPHER_SPEC, ALERT, IN_HANDSHAKE, DATA = 20, 21, 22, 23
CLIENT_HELLO, SERVER_HELLO, EE, CERTIFICATE, KEY_EXCHANGE, REQUEST, VERIFY, FINISHED = 1, 2, 8, 11, 12, 13, 15, 20
SESSION_TICKET, PRE_SHARED_KEY, EARLY_DATA = "35", "41", "42"
VERSIONS = {0x300: "ssl30", 0x301: "tls10", 0x302: "tls11", 0x303: "tls12", 0x304: "tls13", 0xFEFF: "dtls10", 0xFEFD: "dtls12"}
ROUND_TRIPS = {"full": 2, "session_id": 1, "ticket": 1, "resumed": 1}
ROUND_TRIPS_13 = {"full": 1, "hrr": 2, "psk": 1, "external_psk": 1, "0rtt": 0}


@dataclass
class Hello:
    session_id: str = ""
    version: int = 0
    extensions: dict = field(default_factory=dict)  # type -> length
    ages: list = field(default_factory=list)
    selected: int = 0
    random: str = ""
    old: bool = False  # in SSLv2's format

    @classmethod
    def read(cls, message):
        hello = cls()
        for item in message.iter("field"):
            name, show = item.get("name"), item.get("show") or ""
            if name == "tls.handshake.session_id":
                hello.session_id = show
            elif name == "tls.handshake.version":
                hello.version = hello.version or int(show, 0)
            elif name == "tls.handshake.extensions.supported_version":
                hello.version = int(show, 0)  # in a ServerHello there is one
            elif name == "tls.handshake.random":
                hello.random = show.replace(":", "")
            elif name == "tls.handshake.extension.type":
                hello.extensions[show] = 0
            elif name == "tls.handshake.extension.len" and hello.extensions:
                hello.extensions[list(hello.extensions)[-1]] = int(show)
            elif name == "tls.handshake.extensions.psk.identity.obfuscated_ticket_age":
                hello.ages.append(int(show))
            elif name == "tls.handshake.extensions.psk.identity.selected":
                hello.selected = int(show)
        if hello.version >> 8 == 0x7F:
            hello.version = 0x304
        return hello


@dataclass
class Attempt:
    """A handshake that goes on."""

    begin: int
    client: tuple
    offer: Hello
    renegotiation: bool
    answer: Hello = None
    retried: bool = False
    cookies: int = 0  # HelloVerifyRequests of DTLS
    keyed: bool = False
    asked: bool = False
    proved: bool = False
    early: bool = False
    read: bool = False  # EncryptedExtensions was
    finished: dict = field(default_factory=dict)
    changed: set = field(default_factory=set)
    early_bird: int = 0  # application data of the client behind its Finished

    def course(self):
        if self.answer.version == 0x304:
            if self.retried:
                return "hrr"
            if PRE_SHARED_KEY not in self.answer.extensions:
                return "full"
            if self.early:
                return "0rtt"
            return "psk" if self.offer.ages[self.answer.selected] else "external_psk"
        if self.keyed:
            return "full"
        if self.offer.old:
            return "resumed"
        return "ticket" if self.offer.extensions.get(SESSION_TICKET) else "session_id"

    def told(self):
        course = self.course()
        kind = f"{VERSIONS[self.answer.version]}_{course}"
        kind += "+client_auth" * self.proved + "+renegotiation" * self.renegotiation
        end = max(self.finished.values())
        trips = (ROUND_TRIPS_13 if self.answer.version == 0x304 else ROUND_TRIPS)[course]
        server = next(frame for sender, frame in self.finished.items() if sender != self.client)
        if self.early_bird and self.early_bird < server and course == "full":
            trips = 1
        return Told(end, kind, trips + self.cookies, self.begin)


@dataclass(frozen=True)
class Told:
    frame: int
    kind: str
    rtts: int
    begin: int


class Connection:
    def __init__(self):
        self.attempt, self.secured, self.done = None, False, []

    def message(self, frame, sender, kind, message):
        attempt = self.attempt
        if kind == CLIENT_HELLO:
            hello = Hello.read(message)
            hello.old = any("SSLv2" in (item.get("showname") or "") for item in [message])
            if attempt and attempt.retried and not attempt.answer:
                attempt.offer = hello
            else:
                self.attempt = Attempt(frame, sender, hello, self.secured)
            return
        if not attempt:
            return
        if kind == SERVER_HELLO:
            hello = Hello.read(message)
            if hello.random == RETRY:
                attempt.retried = True
            else:
                attempt.answer = hello
        attempt.keyed |= kind in (CERTIFICATE, KEY_EXCHANGE, 14) and sender != attempt.client
        attempt.asked |= kind == REQUEST
        attempt.proved |= kind == VERIFY and sender == attempt.client
        attempt.read |= kind == EE
        attempt.early |= kind == EE and any(
            item.get("name") == "tls.handshake.extension.type" and item.get("show") == EARLY_DATA
            for item in message.iter("field")
        )
        if kind == FINISHED:
            self.finish(frame, sender)

    def finish(self, frame, sender):
        attempt = self.attempt
        if not attempt or not attempt.answer:
            return
        attempt.finished.setdefault(sender, frame)
        if len(attempt.finished) == 2:
            self.done.append(attempt.told())
            self.attempt, self.secured = None, True

    def record(self, frame, sender, content, sealed):
        attempt = self.attempt
        if not attempt:
            return
        modern = attempt.answer and attempt.answer.version == 0x304
        if content == CHANGE_CIPHER_SPEC and not modern:
            attempt.changed.add(sender)
        elif content == IN_HANDSHAKE and sealed and sender in attempt.changed:
            self.finish(frame, sender)
        elif content == DATA and sender == attempt.client and sender in attempt.finished:
            attempt.early_bird = attempt.early_bird or frame


def handshakes(wireshark, capture, options=()):
    """All of them, in the order of their ends."""
    words = ("-o", "tcp.reassemble_out_of_order:TRUE", *options, "-Y", "tls && tcp", "-T", "pdml")
    connections = {}
    text = wireshark.tshark(capture, *words, plugin=False)
    for packet in ElementTree.fromstring(text).iter("packet"):
        values, layers = {}, []
        for proto in packet.iter("proto"):
            if proto.get("name") == "tls":
                layers.append(proto)
            for item in proto.iter("field"):
                values.setdefault(item.get("name"), item.get("show"))
        frame = int(values["frame.number"])
        sender = (values.get("ip.src") or values.get("ipv6.src"), values["tcp.srcport"])
        connection = connections.setdefault(values["tcp.stream"], Connection())
        for layer in layers:
            read_layer(connection, frame, sender, layer)
    return sorted((told for one in connections.values() for told in one.done), key=lambda told: told.frame)


def read_layer(connection, frame, sender, layer):
    """Records hold their messages, and so do the pieces that were put together beside them."""
    for item in layer.iter("field"):
        name = item.get("name")
        if name == "tls.record":
            types = [f for f in item if f.get("name") in ("tls.record.opaque_type", "tls.record.content_type")]
            content = int(types[-1].get("show")) if types else 0
            sealed = any("Encrypted Handshake Message" in (f.get("showname") or "") for f in item.iter("field"))
            connection.record(frame, sender, content, sealed)
            if not types:  # in the form of SSL 2
                kinds = [f.get("show") for f in item if f.get("name") == "tls.handshake.type"]
                if kinds == ["1"]:
                    connection.message(frame, sender, CLIENT_HELLO, item)
        elif name == "tls.alert_message":
            values = {f.get("name"): f.get("show") for f in item}
            if values.get("tls.alert_message.level") == "2":
                connection.attempt = None
        elif name == "tls.handshake":
            kinds = [f.get("show") for f in item if f.get("name") == "tls.handshake.type"]
            if kinds:
                connection.message(frame, sender, int(kinds[0]), item)
