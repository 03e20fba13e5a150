# SPDX-License-Identifier: GPL-2.0-or-later
"""TLS as Wireshark's packet details tell it: records, the messages in them, and what they come to.

Without secrets Wireshark says "Encrypted Handshake Message", "Encrypted Alert" and "Application Data". Where a
TLS 1.3 handshake ends only the secrets tell: there the same capture, read with its secrets, is asked for that,
and for nothing else. What could stand behind an encrypted record is in Frame.maybe: a phase that was inferred
must be one of these.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

HANDSHAKE = {
    0: "tls.hello_request",
    1: "tls.client_hello",
    2: "tls.server_hello",
    3: "tls.hello_verify_request",
    4: "tls.new_session_ticket",
    5: "tls.end_of_early_data",
    8: "tls.encrypted_extensions",
    11: "tls.certificate",
    12: "tls.server_key_exchange",
    13: "tls.certificate_request",
    14: "tls.server_hello_done",
    15: "tls.certificate_verify",
    16: "tls.client_key_exchange",
    20: "tls.finished",
    22: "tls.certificate_status",
    24: "tls.key_update",
}
# RFC 8446 4.1.3: the random that makes a ServerHello a HelloRetryRequest.
RETRY = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"
EARLY_DATA = "42"  # the extension
CHANGE_CIPHER_SPEC, ALERT, IN_HANDSHAKE, DATA = 20, 21, 22, 23
# SSL 3 and TLS 1.0, and the most that CBC with SHA-1 makes of no byte or one: what OpenSSL and browsers send before
# each record of such a version, so that nobody foresees its initialisation vector.
GUESSABLE, GUARD = ("0x0300", "0x0301"), 36
HTTP = ("http.request", "http.request_body", "http.request_end", "http.interim")
HTTP += ("http.response_start", "http.response_body", "http.response_end")
# What else an encrypted record of TLS 1.3 may hold behind the handshake.
BEHIND_A_TYPE = ("tls.alert", "tls.close_notify", "tls.key_update", "tls.new_session_ticket")


@dataclass
class Record:
    """`frame`: where Wireshark shows it; `parts`: the frames that carry it, in the order of the stream; `content`:
    its type, the inner one where Wireshark decrypted it; `modern`: of TLS 1.3, under an outer type that says
    nothing."""

    frame: int
    parts: list
    content: int
    modern: bool = False
    sealed: bool = False  # Wireshark could not read it
    guard: bool = False  # if there is another one behind it
    offers_early_data: bool = False
    tokens: list = field(default_factory=list)
    plain: bytes = b""  # of application data that waits for more
    named: bool = False  # by a protocol above TLS
    spans: list = field(default_factory=list)  # (frame, from, to) of the parts, from the record's header on
    length: int = 0  # behind the header

    @property
    def end(self):
        """The frame with the last byte that was missing. Wireshark shows what lies behind a gap where it is
        filled."""
        return max(self.parts)


def handshake_token(message):
    """None for what is only a piece of a message, or encrypted."""
    values = {item.get("name"): item.get("show") for item in message.iter("field")}
    if "tls.handshake.type" not in values:
        return None
    token = HANDSHAKE.get(int(values["tls.handshake.type"]))
    random = (values.get("tls.handshake.random") or "").replace(":", "")
    return "tls.hello_retry_request" if token == "tls.server_hello" and random == RETRY else token


def parts_in(item, frame, segments):
    """The frames that carry it. `segments`: (frame, from, to) of what was reassembled, or nothing."""
    begin = int(item.get("pos") or 0)
    end = begin + int(item.get("size") or 0)
    return [number for number, first, last in segments if first < end and begin < last] or [frame]


def spans_in(item, frame, segments):
    begin = int(item.get("pos") or 0)
    end = begin + int(item.get("size") or 0)
    if not segments:
        return [(frame, 0, end - begin)]
    return [(number, max(first, begin) - begin, min(last, end) - begin) for number, first, last in segments if first < end and begin < last]


def read_record(item, frame, segments):
    """The inner type is told behind the outer one. A hello in the form of SSL 2 has no type."""
    types = [f for f in item if f.get("name") in ("tls.record.opaque_type", "tls.record.content_type")]
    modern = any(f.get("name") == "tls.record.opaque_type" for f in types)
    parts = parts_in(item, frame, segments)
    record = Record(frame, parts, int(types[-1].get("show")) if types else 0, modern)
    record.sealed = modern and types[-1].get("name") == "tls.record.opaque_type"
    values = {f.get("name"): f.get("show") for f in item}
    version, length = values.get("tls.record.version"), int(values.get("tls.record.length") or 0)
    record.spans, record.length = spans_in(item, frame, segments), length
    record.guard = record.content == DATA and version in GUESSABLE and length <= GUARD
    if "tls.handshake.type" in values:
        record.tokens.append(handshake_token(item))
    for part in item.iter("field"):
        name, words = part.get("name"), part.get("showname") or ""
        if name == "tls.handshake":
            record.tokens += filter(None, [handshake_token(part)])
            record.sealed |= "Encrypted Handshake Message" in words
        elif name == "tls.alert_message":
            descriptions = [f.get("show") for f in part if f.get("name") == "tls.alert_message.desc"]
            record.tokens += ["tls.alert" if code != "0" else "tls.close_notify" for code in descriptions]
            record.sealed |= not descriptions
        elif name == "tls.handshake.extension.type":
            record.offers_early_data |= part.get("show") == EARLY_DATA
    return record


# What encryption adds to a record's content up to TLS 1.2, and how much of that stands before it.
AROUND_GCM, AROUND_CHACHA = (24, 8), (16, 0)


class Records:
    """The records of a capture, in their order, and which of them make up a message of a protocol above."""

    def __init__(self):
        self.all = []
        self.around = AROUND_GCM
        self.data = defaultdict(list)  # frame -> its records of application data
        self.guards = {}  # frame -> the record before the one that it guards
        self.cursor = self.start = 0  # in those of the frame that is being read

    def begin_frame(self):
        self.cursor = self.start = 0

    def read(self, layer, frame, segments):
        """A tls layer of the packet details."""
        self.start = len(self.data[frame])
        for item in layer:
            if item.get("name") == "tls.record":
                suites = [f for f in item.iter("field") if f.get("name") == "tls.handshake.ciphersuite"]
                if len(suites) == 1:
                    self.around = AROUND_CHACHA if "CHACHA20" in suites[0].get("showname", "") else AROUND_GCM
                self.all.append(read_record(item, frame, segments))
                if self.all[-1].content == DATA:
                    if len(self.data[frame]) > self.start and self.data[frame][-1].guard:
                        self.guards[frame] = self.data[frame].pop()
                    self.data[frame].append(self.all[-1])
            elif item.get("name") == "tls.segment.data" and self.data[frame]:
                self.data[frame][-1].plain = bytes.fromhex((item.get("show") or "").replace(":", ""))

    def of_message(self, message, frame, segments):
        """The records of a message that is complete in this frame. `segments`: for each record the frame where it
        ends, if there are several. A message that does not begin its plaintext goes on in the record of the
        one before."""
        counts = Counter(segments)
        begins = not segments and int(message.get("pos") or 0) == 0
        new = counts.pop(frame, 0) or int(begins)
        here = self.data[frame]
        self.cursor = min(max(self.cursor + new, self.start + 1), len(here))
        if new > len(here) and frame in self.guards:
            self.guards[frame].named = True
        records = [r for earlier, count in sorted(counts.items()) for r in self.data[earlier][-count:]]
        return records + here[max(0, self.cursor - max(new, 1)) : self.cursor]


def parts_of(records):
    """The segments that carry them, each once, in the order of the stream."""
    return list(dict.fromkeys(frame for record in records for frame in record.parts))


@dataclass
class Session:
    """One connection's handshake, as far as it went."""

    client: tuple = None
    early: bool = False  # early_data offered
    open: int = 0  # the frame with the client's Finished
    ciphered: set = field(default_factory=set)  # who sent ChangeCipherSpec and no Finished behind it

    def take(self, record, sender):
        if record.content == CHANGE_CIPHER_SPEC:
            self.ciphered.add(sender)
        elif record.content == IN_HANDSHAKE:
            self.ciphered.discard(sender)
        for token in record.tokens:
            if token == "tls.client_hello":
                self.client, self.early = sender, self.early or record.offers_early_data
            elif token == "tls.finished" and sender == self.client:
                self.open = record.end


def may_be(frames, numbers, tokens, instead_of=()):
    for number in numbers:
        for token in tokens:
            frames[number].maybe.setdefault(token, set()).update(instead_of)


def name_record(record, told, session, sender, frames):
    """`told`: the same record read with the secrets, to find the end of the handshake."""
    messages, ends = frames[record.end].messages, [record.end]
    early = session.early and not session.open and sender == session.client and told.content == DATA
    messages.update(record.tokens)
    if record.content == CHANGE_CIPHER_SPEC:
        messages["tls.change_cipher_spec"] += 1
    elif record.content == ALERT and record.sealed:
        messages["tls.alert"] += 1
        may_be(frames, ends, ["tls.close_notify"], ["tls.alert"])
    elif record.content == IN_HANDSHAKE and record.sealed:
        messages["tls.encrypted_handshake"] = 1
        if sender in session.ciphered:
            may_be(frames, ends, ["tls.finished"], ["tls.encrypted_handshake"])
    elif record.content == DATA and early:
        messages["tls.early_data"] += 1
        may_be(frames, record.parts, HTTP, ["tcp.data"])
    elif record.content == DATA and record.sealed and told.content == IN_HANDSHAKE and not session.open:
        messages["tls.encrypted_handshake"] = 1
        may_be(frames, ends, ["tls.finished"])
    elif record.content == DATA and not record.named:
        messages["tls.application_data"] = 1
        if record.sealed or not record.modern:
            may_be(frames, record.parts, HTTP, ["tls.application_data", "tcp.data"])
        if record.sealed:
            may_be(frames, ends, BEHIND_A_TYPE, ["tls.application_data"])


def name_records(frames, records, told):
    sessions = defaultdict(Session)
    carried = {number for record in records for number in record.parts}
    for record, same in zip(records, told, strict=True):
        assert record.frame == same.frame, "a record ends where it ends, with secrets or without"
        sender = frames[record.frame].sender
        session = sessions[sender[0]]
        name_record(record, same, session, sender, frames)
        session.take(same, sender)
    for frame in frames.values():
        session = sessions.get(frame.first("tcp.stream"))
        if frame.length and frame.number not in carried and session and 0 < session.open < frame.number:
            may_be(frames, [frame.number], HTTP, ["tcp.data"])  # of a record that never ends
