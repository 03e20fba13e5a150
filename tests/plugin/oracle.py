# SPDX-License-Identifier: GPL-2.0-or-later
"""What a capture's phases should be, told by Wireshark's own fields, without the plugin and without its code.

First Wireshark's own words become tokens. Then the rules at the end of this file correct what Wireshark
decides by another measure than the RFCs that reference/phases.tsv cites; each says which frames it changed,
so that the test can hold the list of differences against it.
"""

from collections import Counter
from dataclasses import dataclass, field

from oracle_messages import DNS, read_messages
from oracle_tls import DATA, name_records

# Silent about out-of-order segments unless it is asked to put them in order.
OPTIONS = ("-o", "tcp.reassemble_out_of_order:TRUE")

ANALYSIS = {
    "tcp.analysis.retransmission": "tcp.retransmission",
    "tcp.analysis.fast_retransmission": "tcp.retransmission",
    "tcp.analysis.spurious_retransmission": "tcp.retransmission",
    "tcp.analysis.out_of_order": "tcp.out_of_order",
    "tcp.analysis.duplicate_ack": "tcp.dup_ack",
    "tcp.analysis.window_full": "tcp.window_full",
    "tcp.analysis.zero_window": "tcp.zero_window",
    "tcp.analysis.zero_window_probe": "tcp.zero_window_probe",
    "tcp.analysis.window_update": "tcp.window_update",
    "tcp.analysis.keep_alive": "tcp.keep_alive",
    "tcp.analysis.keep_alive_ack": "tcp.keep_alive",
}
TROUBLE = frozenset(ANALYSIS.values())
# What was sent before, or only to ask: no message above begins or goes on with it.
AGAIN = frozenset(("tcp.retransmission", "tcp.keep_alive", "tcp.zero_window_probe"))
ARP = {"1": "arp.request", "2": "arp.reply"}
NDP = {
    "133": "ndp.router_solicitation",
    "134": "ndp.router_advertisement",
    "135": "ndp.solicitation",
    "136": "ndp.advertisement",
}
DHCP = {"1": "dhcp.discover", "2": "dhcp.offer", "3": "dhcp.request", "5": "dhcp.ack"}
WIREGUARD = {
    "1": "wireguard.initiation",
    "2": "wireguard.response",
    "3": "wireguard.cookie",
    "4": "wireguard.data",
}
DHCPV6 = {"1": "dhcp.discover", "2": "dhcp.offer", "3": "dhcp.request", "7": "dhcp.ack"}

FIELDS = (
    "frame.number", "frame.time_epoch", "frame.protocols", "ip.id", "ip.src", "ip.dst",
    "ipv6.src", "ipv6.dst",
    "icmp.type", "icmpv6.type", "arp.opcode", "arp.isprobe", "arp.isannouncement", "arp.isgratuitous",
    "dhcp.option.dhcp", "dhcpv6.msgtype", "wg.type", "udp.length",
    "tcp.stream", "tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.ack_raw", "tcp.len", "tcp.checksum",
    "tcp.window_size_value", "tcp.payload",
    "tcp.flags.syn", "tcp.flags.ack", "tcp.flags.fin", "tcp.flags.reset",
    *ANALYSIS,
)  # fmt: skip


@dataclass
class Frame:
    """A frame's fields, and the tokens that they come to; `messages`: those of the protocols above TCP."""

    number: int
    fields: dict
    tokens: set = field(default_factory=set)
    messages: Counter = field(default_factory=Counter)
    switches: bool = False  # a response 101
    in_http2: bool = False  # of a connection of HTTP/2
    maybe: dict = field(default_factory=dict)  # what encrypted records could be: token -> what it would replace

    def first(self, name, default=None):
        values = self.fields[name]
        return values[0] if values else default

    def number_of(self, name):
        return int(self.first(name, "0"), 0)

    def flag(self, name):
        return self.number_of("tcp.flags." + name) == 1

    def says(self, name):
        return bool(self.fields[name])

    @property
    def is_error(self):
        """An ICMP message about another packet: what it quotes was not sent."""
        return self.says("icmp.type") or self.says("icmpv6.type") and self.number_of("icmpv6.type") < 128

    @property
    def is_tcp(self):
        return self.says("tcp.stream") and not self.is_error

    @property
    def time(self):
        return float(self.first("frame.time_epoch"))

    @property
    def length(self):
        return self.number_of("tcp.len")

    @property
    def sender(self):
        """Stream and direction."""
        address = self.fields["ipv6.src"] or self.fields["ip.src"]
        return self.first("tcp.stream"), address[-1], self.first("tcp.srcport")

    def has_flags(self, *names):
        return any(self.flag(name) for name in names)

    def take(self, other):
        """What another frame has come to."""
        self.tokens, self.messages, self.maybe = other.tokens, other.messages, other.maybe

    def expected(self):
        return Counter(self.tokens) + self.messages


# -- Wireshark's own words -----------------------------------------------------------------------------------


def name_by_header(frame):
    tokens = frame.tokens
    if frame.is_error:
        return
    if frame.says("arp.opcode"):
        if frame.says("arp.isprobe") and frame.first("arp.isprobe") in ("1", "True"):
            tokens.add("arp.probe")
        elif any(frame.first(name) in ("1", "True") for name in ("arp.isannouncement", "arp.isgratuitous")):
            tokens.add("arp.announcement")
        else:
            tokens.add(ARP[frame.first("arp.opcode")])
    for name, table in (("icmpv6.type", NDP), ("dhcp.option.dhcp", DHCP), ("dhcpv6.msgtype", DHCPV6)):
        if frame.says(name) and frame.first(name) in table:
            tokens.add(table[frame.first(name)])
    if frame.says("wg.type"):
        # A keepalive is data without any: 8 bytes of UDP's header, 16 of its own, 16 of tag.
        is_empty = frame.first("wg.type") == "4" and frame.first("udp.length") == "40"
        tokens.add("wireguard.keep_alive" if is_empty else WIREGUARD[frame.first("wg.type")])
    if not frame.is_tcp:
        return
    if frame.flag("syn"):
        tokens.add("tcp.syn_ack" if frame.flag("ack") else "tcp.syn")
    if frame.flag("fin"):
        tokens.add("tcp.fin")
    if frame.flag("reset"):
        tokens.add("tcp.rst")
    tokens.update(token for name, token in ANALYSIS.items() if frame.says(name))


# -- streams -------------------------------------------------------------------------------------------------


@dataclass
class Sender:
    """What one direction has sent so far, in sequence numbers as they are on the wire."""

    start: int = 0
    known: bool = False
    seen: list = field(default_factory=list)  # (from, to), relative to start
    next: int = 0
    ack: int = None  # raw
    window: int = None
    window_in_syn: bool = False
    syn_ack: int = None  # what acknowledges it
    fin: int = None

    def offset(self, raw):
        """Near what comes next: sequence numbers wrap."""
        return self.next + ((raw - self.start - self.next + 2**31) % 2**32 - 2**31)

    def has_seen(self, begin, end):
        return any(a < end and begin < b for a, b in self.seen)


def at_or_behind(ack, wanted):
    return (ack - wanted) % 2**32 < 2**31


class Streams:
    """Walks the segments in their order: handshakes, closes, and what the rules need to know."""

    def __init__(self):
        self.senders = {}

    def both(self, frame):
        stream, address, port = frame.sender
        mine = self.senders.setdefault((stream, address, port), Sender())
        other = next(
            (s for key, s in self.senders.items() if key[0] == stream and key[1:] != (address, port)),
            Sender(),
        )
        return mine, other

    def take(self, frame, changed):
        """Adds the tokens that tell the steps of a connection, and applies the rules."""
        mine, other = self.both(frame)
        sequence, ack = frame.number_of("tcp.seq_raw"), frame.number_of("tcp.ack_raw")
        syn, fin, reset = frame.flag("syn"), frame.flag("fin"), frame.flag("reset")
        if not mine.known and not reset:
            mine.known, mine.start, mine.next = True, sequence, 0
        begin = mine.offset(sequence)
        end = begin + frame.length + syn + fin

        if frame.flag("ack") and not reset:
            if other.syn_ack is not None and at_or_behind(ack, other.syn_ack):
                if not syn:
                    frame.tokens.add("tcp.handshake_ack")
                other.syn_ack = None
            if other.fin is not None and at_or_behind(ack, other.fin):
                frame.tokens.add("tcp.fin_ack")
                other.fin = None
        for rule in RULES:
            held = set(frame.tokens)
            rule(frame, mine, other, begin, end)
            if frame.tokens != held:
                changed.setdefault(rule.__name__, []).append(frame.number)

        if not reset:
            if syn and frame.flag("ack"):
                mine.syn_ack = (sequence + 1) % 2**32
            if fin and not mine.has_seen(end - 1, end):
                mine.fin = (sequence + frame.length + syn + 1) % 2**32
            if end > begin and "tcp.keep_alive" not in frame.tokens:
                mine.seen.append((begin, end))
            mine.next = max(mine.next, end)
            if frame.flag("ack"):
                mine.ack, mine.window = ack, frame.number_of("tcp.window_size_value")
                mine.window_in_syn = bool(syn)


# -- the rules: where Wireshark measures otherwise -----------------------------------------------------------


def seen_before(frame, mine, _other, begin, end):
    """RFC 4737 3.3: a segment below the highest sequence number is a retransmission if its range was seen
    before, out of order if not. Wireshark tells them apart by the time that passed."""
    both = {"tcp.retransmission", "tcp.out_of_order"}
    if frame.flag("reset") or not frame.tokens & both:
        return
    frame.tokens -= both
    frame.tokens.add("tcp.retransmission" if mine.has_seen(begin, end) else "tcp.out_of_order")


def crossed_syn(frame, mine, _other, begin, _end):
    """RFC 9293 3.5, figure 8: in a simultaneous open each side answers the other's SYN under its own SYN's
    number. It answers, it does not repeat."""
    if frame.flag("syn") and frame.flag("ack") and mine.syn_ack is None and mine.has_seen(begin, begin + 1):
        frame.tokens.discard("tcp.retransmission")


def probe_of_zero_window(frame, _mine, other, _begin, _end):
    """RFC 9293 3.8.6.1: what is sent below the edge while the other side's window is zero probes that window
    (Linux sends no byte, one number below). Wireshark calls it a keep-alive."""
    if "tcp.keep_alive" in frame.tokens and other.window == 0 and frame.says("tcp.analysis.keep_alive"):
        frame.tokens.discard("tcp.keep_alive")
        frame.tokens.add("tcp.zero_window_probe")


def no_duplicate(frame, mine, other, _begin, _end):
    """RFC 5681 2: an ACK is a duplicate only if its receiver has data outstanding, and if its window is the one
    of the ACK before. From 4.4 on Wireshark does not ask for the window where the ACK is selective."""
    if "tcp.dup_ack" not in frame.tokens:
        return
    if at_or_behind(frame.number_of("tcp.ack_raw"), (other.start + other.next) % 2**32):
        frame.tokens.discard("tcp.dup_ack")
    elif mine.window not in (None, frame.number_of("tcp.window_size_value")) and not mine.window_in_syn:
        frame.tokens.discard("tcp.dup_ack")
        frame.tokens.add("tcp.window_update")


def window_of_a_syn(frame, mine, _other, _begin, _end):
    """RFC 7323 2.2: the window in a SYN is not scaled, so the one in the next segment is neither the same nor another.
    Wireshark compares the numbers (4.0) or the scaled ones (4.4)."""
    if mine.window_in_syn:
        frame.tokens -= {"tcp.window_update", "tcp.dup_ack"}


RULES = (seen_before, crossed_syn, probe_of_zero_window, window_of_a_syn, no_duplicate)


# -- copies --------------------------------------------------------------------------------------------------


def find_copies(frames):
    """{copy: original}. RFC 6864 4.3: a sender gives a retransmission an identification of its own, so a
    packet that comes with all numbers the same was doubled on its way or by the recorder. Without an
    identification, only what comes within a millisecond."""
    names = (
        "ip.id",
        "tcp.seq_raw",
        "tcp.ack_raw",
        "tcp.len",
        "tcp.checksum",
        "tcp.flags.syn",
        "tcp.flags.fin",
    )
    first, copies = {}, {}
    for frame in frames.values():
        if not frame.is_tcp or frame.flag("reset"):
            continue
        key = frame.sender + tuple(frame.first(name) for name in names)
        original = first.setdefault(key, frame)
        if original is frame:
            continue
        if frame.number_of("ip.id") or frame.time - original.time < 0.001:
            copies[frame.number] = original.number
    return copies


# -- all together --------------------------------------------------------------------------------------------


class Expectation:
    """`frames[n].expected()` counts the tokens of frame n; `rules` names the rules that changed a frame, and
    which. `secrets`: the options that give them to Wireshark; `sealed`: what can be told without them."""

    def __init__(self, wireshark, capture, secrets=(), sealed=False):
        rows = wireshark.fields(capture, *FIELDS, options=OPTIONS, plugin=False)
        self.frames = {number: Frame(number, row) for number, row in enumerate(rows, 1)}
        self.rules = {}
        self.records = []
        copies = find_copies(self.frames)
        if copies:
            self.take_from_originals(wireshark, capture, copies, secrets, sealed)
        else:
            self.derive(wireshark, capture, secrets, sealed)

    def take_from_originals(self, wireshark, capture, copies, secrets, sealed):
        """Wireshark takes both copies for one connection: it is asked about the originals alone."""
        once = wireshark.scratch / f"once-{wireshark.readable(capture).name.removesuffix('.gz')}"
        wireshark.output("editcap", wireshark.readable(capture), once, *copies)
        told = Expectation(wireshark, once, secrets, sealed)
        originals = [number for number in self.frames if number not in copies]
        numbers = dict(zip(told.frames, originals, strict=True))
        for number, frame in told.frames.items():
            self.frames[numbers[number]].take(frame)
        self.rules = {rule: [numbers[number] for number in changed] for rule, changed in told.rules.items()}
        for copy, original in copies.items():
            self.frames[copy].take(self.frames[original])
            self.frames[copy].tokens = self.frames[original].tokens - TROUBLE
        self.rules["copies"] = list(copies)

    def derive(self, wireshark, capture, secrets, sealed):
        protocols = {name for f in self.frames.values() for name in f.first("frame.protocols", "").split(":")}
        # Inside of TLS there may be what frame.protocols shows with the secrets only.
        wanted = sorted(protocols & {"dtls", "http", "http2", "quic", "tls", *DNS})

        def read(options, frames):
            if not wanted:
                return []
            arguments = (*OPTIONS, *options, "-T", "pdml", "-Y", " || ".join(wanted))
            return read_messages(wireshark.tshark(capture, *arguments, plugin=False), frames)

        if sealed and secrets:
            opened = {number: Frame(number, frame.fields) for number, frame in self.frames.items()}
            self.records, told = read((), self.frames), read(secrets, opened)
        else:
            self.records = told = read(secrets, self.frames)
        self.clients = {f.sender for f in self.frames.values() if f.is_tcp and f.messages["http.request"]}
        self.name_silent_records()
        name_records(self.frames, self.records, told)
        for frame in self.frames.values():
            name_by_header(frame)
        streams = Streams()
        for frame in self.frames.values():
            if frame.is_tcp:
                streams.take(frame, self.rules)
        self.name_silent()
        for frame in self.frames.values():
            self.name_rest(frame)

    def note(self, rule, frame):
        self.rules.setdefault(rule.__name__, []).append(frame.number)

    def name_silent(self):
        """Payload in a connection of HTTP, in which Wireshark sees no message."""
        begun, upgraded = set(), set()
        tls = {self.frames[record.frame].first("tcp.stream") for record in self.records}
        tls |= {frame.first("tcp.stream") for frame in self.frames.values() if frame.in_http2}
        for frame in self.frames.values():
            if not frame.is_tcp or frame.first("tcp.stream") in tls:
                continue
            stream = frame.first("tcp.stream")
            if frame.messages["http.interim"] and frame.switches:
                upgraded.add(stream)
            elif any(token.startswith("http.") for token in frame.messages):
                begun.add(frame.sender)
            elif not frame.length or frame.messages or frame.tokens & AGAIN:
                continue
            elif stream in upgraded:
                frame.messages["http.upgraded"] += 1
                self.note(upgraded_stream, frame)
            elif any(sender[0] == stream for sender in begun):
                self.name_incomplete(frame, begun)

    def name_incomplete(self, frame, begun):
        is_client = frame.sender in self.clients
        start = bytes.fromhex(frame.first("tcp.payload", "").replace(":", ""))[:7]
        if not is_client and start == b"HTTP/1.":
            frame.messages["http.response_start"] += 1
            begun.add(frame.sender)
        elif frame.sender in begun:
            frame.messages["http.request_body" if is_client else "http.response_body"] += 1
        else:
            return
        self.note(incomplete_message, frame)

    def name_silent_records(self):
        """The same for decrypted records; every segment that carries them is named."""
        begun, upgraded, endless = set(), set(), {}  # the last record of a message without a length
        for record in self.records:
            frame = self.frames[record.frame]
            if "tls.close_notify" in record.tokens and frame.sender in endless:
                self.end_message(endless.pop(frame.sender))
            stream, line = frame.first("tcp.stream"), record.plain.partition(b"\r\n")[0]
            if b" HTTP/1." in line and stream not in {s[0] for s in self.clients}:
                self.clients.add(frame.sender)
            is_client = frame.sender in self.clients
            if frame.in_http2 or record.content != DATA or record.sealed or stream not in {s[0] for s in self.clients}:
                continue
            if record.named:
                begun.add(frame.sender)
                upgraded |= {stream} if frame.switches else set()
            elif stream in upgraded:
                self.name_record(record, upgraded_stream, "http.upgraded", "http.upgraded")
            elif line.startswith(b"HTTP/1.") and not is_client:
                begun.add(frame.sender)
                head = record.plain.partition(b"\r\n\r\n")[0].lower()
                if b"\r\ncontent-length:" not in head and b"\r\ntransfer-encoding:" not in head:
                    endless[frame.sender] = record
                self.name_record(record, incomplete_message, "http.response_start", "http.response_body")
            elif b" HTTP/1." in line and is_client:
                begun.add(frame.sender)
                self.name_record(record, incomplete_message, "http.request", "http.request_body")
            elif frame.sender in begun:
                body = "http.request_body" if is_client else "http.response_body"
                self.name_record(record, incomplete_message, body, body)
                if frame.sender in endless:
                    endless[frame.sender] = record

    def end_message(self, record):
        last = self.frames[record.parts[-1]]
        del last.messages["http.response_body"]
        last.messages["http.response_end"] += 1
        self.note(ended_by_closure, last)

    def name_record(self, record, rule, first, later):
        record.named = True
        for number, token in zip(record.parts, (first, *[later] * len(record.parts))):
            self.frames[number].messages[token] = 1
            self.note(rule, self.frames[number])

    def name_rest(self, frame):
        if not frame.is_tcp:
            return
        if frame.tokens & AGAIN:
            frame.messages.clear()
            frame.maybe.clear()
        elif frame.length and not frame.messages:
            frame.tokens.add("tcp.data")
        if not frame.length and not frame.tokens:
            frame.tokens.add("tcp.ack")


def incomplete_message():
    """RFC 9112 8: a message that lacks a part is one, with a beginning and a body. Wireshark names a message
    when it has all of it."""


def ended_by_closure():
    """RFC 9112 6.3, 9.8: a response without a length ends where close_notify says that there is no more.
    Wireshark waits for more."""


def upgraded_stream():
    """RFC 9110 7.8: behind 101 the connection speaks the protocol that was agreed on. Wireshark has a
    dissector for that one."""


def copies():
    """A second copy of a packet shows its phases, without what Wireshark takes for trouble (see
    find_copies)."""


ALL_RULES = {
    rule.__name__: rule.__doc__
    for rule in (*RULES, incomplete_message, ended_by_closure, upgraded_stream, copies)
}
