# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads and writes the blocks of pcapng files (draft-ietf-opsawg-pcapng), little endian as the samples
are."""

import gzip
import struct
from dataclasses import dataclass, replace

SECTION, INTERFACE, SIMPLE, PACKET, JOURNAL, CUSTOM = 0x0A0D0D0A, 1, 3, 6, 9, 0x0BAD


@dataclass(frozen=True)
class Block:
    kind: int
    body: bytes

    def bytes(self):
        body = self.body + b"\0" * (-len(self.body) % 4)
        length = len(body) + 12
        return struct.pack("<II", self.kind, length) + body + struct.pack("<I", length)

    # -- of an enhanced packet block

    @property
    def interface(self):
        return struct.unpack_from("<I", self.body)[0]

    @property
    def ticks(self):
        high, low = struct.unpack_from("<II", self.body, 4)
        return high << 32 | low

    @property
    def length(self):
        return struct.unpack_from("<I", self.body, 16)[0]

    @property
    def data(self):
        captured = struct.unpack_from("<I", self.body, 12)[0]
        return self.body[20 : 20 + captured]

    def at(self, ticks):
        return replace(
            self, body=self.body[:4] + struct.pack("<II", ticks >> 32, ticks & 0xFFFFFFFF) + self.body[12:]
        )

    def without_time(self):
        """As a simple packet block, which has none. Its captured length is what the interface's snapshot
        allows."""
        return Block(SIMPLE, struct.pack("<I", self.length) + self.data)


def read(path):
    content = (gzip.open(path) if path.name.endswith(".gz") else open(path, "rb")).read()
    blocks, at = [], 0
    while at < len(content):
        kind, length = struct.unpack_from("<II", content, at)
        blocks.append(Block(kind, content[at + 8 : at + length - 4]))
        at += length
    assert all(
        block.kind != SECTION or block.body[:4] == b"\x4d\x3c\x2b\x1a" for block in blocks
    ), "big endian"
    return blocks


def join(blocks):
    return b"".join(block.bytes() for block in blocks)


def journal(text):
    return Block(JOURNAL, text.encode())


def custom(data, enterprise=32473):
    """32473 is the private enterprise number for documentation (RFC 5612)."""
    return Block(CUSTOM, struct.pack("<I", enterprise) + data)
