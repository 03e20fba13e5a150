#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the TLS connections of small sample captures as fuzz inputs (see tls_session_input.h):
tls_session_corpus.py CORPUS/tls_session"""

import struct
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "plugin"))
import pcapng  # noqa: E402

CAPTURES = (
    "tls12-alert-unknown-ca",
    "tls12-session-id",
    "tls12-renegotiation",
    "tls13-0rtt",
    "tls13-hrr",
    "tls13-key-update",
    "tls13-psk",
    "tls13-reorder",
)
LARGEST = 8000
SERVER, CONTROL, FIN, RST, SHOWN = 1, 2, 0, 1, 32


def segments(capture):
    """Source port, destination port, flags and payload of what is IPv4 over Ethernet."""
    for block in pcapng.read(ROOT / "sample-captures" / (capture + ".pcapng.gz")):
        if block.kind != pcapng.PACKET or block.data[12:14] != b"\x08\x00" or block.data[23] != 6:
            continue
        ip = block.data[14:]
        ip = ip[: struct.unpack_from(">H", ip, 2)[0]]
        tcp = ip[(ip[0] & 15) * 4 :]
        yield *struct.unpack_from(">HH", tcp), tcp[13], tcp[(tcp[12] >> 4) * 4 :]


def main(folder):
    for capture in CAPTURES:
        result = bytearray(1)
        first = None
        for source, destination, flags, payload in segments(capture):
            first = first or {source, destination}
            if {source, destination} != first:
                continue
            side = SERVER if source < destination else 0
            if payload:
                shown = SHOWN if payload[0] in range(20, 24) else 0
                result += struct.pack(">BH", side | shown, len(payload)) + payload
            if flags & 5:
                result += bytes((side | CONTROL, RST if flags & 4 else FIN))
        if 1 < len(result) <= LARGEST:
            (Path(folder) / ("real-" + capture)).write_bytes(result)


if __name__ == "__main__":
    main(*sys.argv[1:])
