# SPDX-License-Identifier: GPL-2.0-or-later
"""HTTP/2 as Wireshark's packet details tell it: the frames of each direction in their order, and which segments carry
them. Wireshark shows a frame on the segment that completes it; which segments hold its bytes is counted off in the
stream, from the lengths that Wireshark tells.

A segment (or a record of TLS) in which no frame has a name of HTTP stays tcp.data (tls.application_data): PING,
WINDOW_UPDATE, PRIORITY, RST_STREAM.
"""

from bisect import bisect_right
from dataclasses import dataclass, field

DATA, HEADERS, RST_STREAM, SETTINGS, PUSH_PROMISE, GOAWAY, CONTINUATION = 0, 1, 3, 4, 5, 7, 9
END_STREAM, END_HEADERS = 1, 4
MAGIC = 24

REQUEST = ("http.request", "http.request_body", "http.request_end")
RESPONSE = ("http.response_start", "http.response_body", "http.response_end")


class Segments:
    """One direction of a connection in the clear: which frame of the capture brought a byte first."""

    def __init__(self, frames):
        first, seen = frames[0].number_of("tcp.seq_raw"), []
        for frame in frames:
            begin = (frame.number_of("tcp.seq_raw") - first + 2**31) % 2**32 - 2**31
            end = begin + frame.length
            for other, last, _ in seen:
                if other <= begin < last:
                    begin = last
                if begin <= other < end <= last:
                    end = other
            if begin < end:
                seen.append((begin, end, frame.number))
        self.runs = sorted(seen)
        self.begins = [begin for begin, _, _ in self.runs]

    def offset_of(self, number):
        return next(begin for begin, _, frame in self.runs if frame == number)

    def carriers(self, begin, end):
        at = max(0, bisect_right(self.begins, begin) - 1)
        return list(dict.fromkeys(frame for a, b, frame in self.runs[at:] if a < end and begin < b))


class Content:
    """One direction's decrypted records, one behind the other."""

    def __init__(self):
        self.runs, self.size, self.records = [], 0, []

    def add(self, record, around, before):
        """`around`: bytes that encryption adds, `before`: how many of them stand before the content."""
        length = record.length - around
        self.records.append(record)
        header = 5 + before
        for frame, begin, end in record.spans:
            begin, end = max(0, begin - header), min(length, end - header)
            # the record's end belongs to its last byte
            if frame == record.spans[-1][0]:
                begin, end = min(begin, max(0, length - 1)), length
            if begin < end:
                if self.runs and len(record.spans) > 1 and self.runs[-1][1] > self.size + begin:
                    self.runs[-1] = (self.runs[-1][0], self.size + begin, self.runs[-1][2])
                self.runs.append((self.size + begin, self.size + end, frame))
        self.size += length

    def carriers(self, begin, end):
        return list(dict.fromkeys(frame for a, b, frame in self.runs if a < end and begin < b))


@dataclass
class Message:
    parts: list
    tokens: tuple
    ended: bool = False

    def name(self, frames):
        first, last = self.parts[0], self.parts[-1]
        start, body, end = self.tokens
        frames[first].messages[start] += 1
        if self.ended and (last != first or self.tokens is RESPONSE):
            frames[last].messages[end] += 1
        for number in self.parts[1:]:
            if not (self.ended and number == last):
                frames[number].messages[body] = 1


@dataclass
class Block:
    """HEADERS or PUSH_PROMISE, and CONTINUATION."""

    parts: list
    ends_stream: bool
    push: bool


@dataclass
class Connection:
    client: tuple = None
    cursor: dict = field(default_factory=dict)  # sender -> in its stream
    messages: dict = field(default_factory=dict)  # (sender, stream) -> Message
    blocks: dict = field(default_factory=dict)  # sender -> Block
    connects: dict = field(default_factory=dict)  # stream -> what its DATA are
    asked: dict = field(default_factory=dict)  # stream -> what they become
    magic: list = field(default_factory=list)


class Http2:
    """All connections of a capture."""

    def __init__(self, frames):
        self.frames = frames
        self.connections = {}  # by tcp.stream
        self.contents = {}  # by sender, of TLS
        self.segments = {}  # by sender
        self.all = []

    def take_record(self, record, sender, around, before):
        self.contents.setdefault(sender, Content()).add(record, around, before)

    def stream_of(self, sender, in_tls):
        if in_tls:
            return self.contents[sender]
        if sender not in self.segments:
            self.segments[sender] = Segments([f for f in self.frames.values() if f.is_tcp and f.sender == sender and f.length])
        return self.segments[sender]

    def take(self, proto, number, in_tls, header_size):
        """One http2 layer of the packet details. `header_size`: what stands before the segment's payload."""
        items = list(proto.iter("field"))
        values = {}
        for item in items:
            values.setdefault(item.get("name"), item.get("show"))
        magic = "http2.magic" in values
        if not magic and "http2.type" not in values:
            return
        sender = self.frames[number].sender
        connection = self.connections.setdefault(sender[0], Connection())
        stream = self.stream_of(sender, in_tls)
        if sender not in connection.cursor:
            at = 0 if in_tls else stream.offset_of(number) + int(proto.get("pos")) - header_size
            connection.cursor[sender] = at
        begin = connection.cursor[sender]
        size = MAGIC if magic else 9 + int(values["http2.length"])
        connection.cursor[sender] = begin + size
        parts = stream.carriers(begin, begin + size)
        assert parts, f"frame {number}: nothing carries HTTP/2's bytes {begin} to {begin + size}"
        if magic:
            connection.client = sender
            connection.magic = parts
            self.frames[parts[0]].messages["http.settings"] += 1
            return
        names = {item.get("show") for item in items if item.get("name") == "http2.header.name"}
        statuses = [int(item.get("show")) for item in items if item.get("name") == "http2.headers.status"]
        method = values.get("http2.headers.method")
        self.take_frame(connection, sender, values, parts, statuses, method, ":protocol" in names)

    def take_frame(self, connection, sender, values, parts, statuses, method, extended):
        kind, flags = int(values["http2.type"]), int(values["http2.flags"], 0)
        stream = int(values["http2.streamid"])
        key = (sender, stream)
        if kind == SETTINGS:
            if connection.magic[:1] != parts[:1]:
                self.frames[parts[0]].messages["http.settings"] += 1
            connection.magic = []
        elif kind == GOAWAY:
            self.frames[parts[0]].messages["http.goaway"] += 1
        elif kind == DATA:
            if stream in connection.connects:
                for number in parts if int(values["http2.length"]) else ():
                    self.frames[number].messages[connection.connects[stream]] = 1
            elif key in connection.messages:
                self.go_on(connection.messages[key], parts, flags & END_STREAM)
        elif kind in (HEADERS, PUSH_PROMISE, CONTINUATION):
            if kind == PUSH_PROMISE:
                self.frames[parts[0]].messages["http.push_promise"] += 1
            if kind != CONTINUATION:
                connection.blocks[sender] = Block([], kind == HEADERS and bool(flags & END_STREAM), kind == PUSH_PROMISE)
            block = connection.blocks[sender]
            block.parts += parts
            if flags & END_HEADERS and not block.push:
                self.take_block(connection, key, block, statuses, method, extended)

    @staticmethod
    def go_on(message, parts, ends):
        message.parts += [number for number in parts if number not in message.parts]
        message.ended = message.ended or bool(ends)

    def take_block(self, connection, key, block, statuses, method, extended):
        sender, stream = key
        if connection.client is None and method:
            connection.client = sender
        parts = list(dict.fromkeys(block.parts))
        if statuses and 100 <= statuses[0] < 200:
            self.frames[parts[0]].messages["http.interim"] += 1
        elif key in connection.messages:
            self.go_on(connection.messages[key], parts, block.ends_stream)
        else:
            message = Message(parts, REQUEST if sender == connection.client else RESPONSE, block.ends_stream)
            connection.messages[key] = message
            self.all.append(message)
            if method == "CONNECT":
                connection.asked[stream] = "http.upgraded" if extended else "http.tunnel"
                if not extended:
                    self.frames[parts[0]].messages["http.tunnel"] += 1
            if statuses and 200 <= statuses[0] < 300 and stream in connection.asked:
                connection.connects[stream] = connection.asked[stream]
                message.ended = True

    def finish(self):
        """Names the messages, once it is known where they end, and the records without a name."""
        for message in self.all:
            message.name(self.frames)
        for content in self.contents.values():
            for record in content.records:
                record.named = True
                end = self.frames[record.end]
                if not any(token.startswith("http.") for token in end.messages):
                    end.messages["tls.application_data"] = 1
