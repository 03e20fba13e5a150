#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes inputs of fuzz-http3_connection (http3_fuzz.cpp says how they are made): http3_corpus.py CORPUS/http3_connection."""

import pathlib
import sys

REQUEST, SECOND, CLIENT_CONTROL, CLIENT_ENCODER, SERVER_CONTROL, SERVER_ENCODER, PUSH = range(7)
SERVER, FIN, GAP, RESET, NEXT = 8, 16, 1 << 5, 2 << 5, 3 << 5


def step(operation, content=b""):
    return bytes((operation, len(content))) + content


def frame(kind, content):
    return bytes((kind, len(content))) + content


SETTINGS = bytes.fromhex("00") + frame(4, bytes.fromhex("01 40dc 07 10"))  # a table of 220 bytes, 16 blocked streams
NAME = b"\x03www\x07example\x02jp\x00"
QUESTION = bytes.fromhex("000001000001000000000000") + NAME + bytes.fromhex("00010001")
ANSWER = bytes.fromhex("000081800001000100000000") + NAME + bytes.fromhex("00010001 c00c 0001 0001 0000012c 0004 c6336450")
# RFC 9204 appendix B.2 and B.3: capacity, two entries; a third with a literal name; the first once more.
ENCODER = bytes.fromhex("02 3fbd01 c00f") + b"www.example.com" + bytes.fromhex("c10c") + b"/sample/path" + bytes.fromhex("4a") + b"custom-key" + b"\x0ccustom-value" + b"\x02"
GET = frame(1, bytes.fromhex("0381 10 11"))
OK = frame(1, bytes.fromhex("0000 d9"))
POST = frame(1, bytes.fromhex("0000 d4 d7 50 0a") + b"example.jp" + bytes.fromhex("51 0a") + b"/dns-query" + bytes.fromhex("ec")) + frame(0, QUESTION)
DNS_OK = frame(1, bytes.fromhex("0000 d9 ec")) + frame(0, ANSWER)

INPUTS = {
    "blocked": step(CLIENT_CONTROL, SETTINGS) + step(SERVER_CONTROL, SETTINGS) + step(REQUEST | FIN, GET) + step(NEXT) + step(CLIENT_ENCODER, ENCODER) + step(REQUEST | SERVER | FIN, OK + frame(0, b"12345")),
    "cut-encoder": step(SERVER_CONTROL, SETTINGS) + b"".join(step(CLIENT_ENCODER, ENCODER[at : at + 1]) for at in range(len(ENCODER))) + step(REQUEST | FIN, GET),
    "lost-encoder": step(SERVER_CONTROL, SETTINGS) + step(REQUEST, GET) + step(CLIENT_ENCODER, ENCODER[:4]) + step(CLIENT_ENCODER | GAP, ENCODER[20:]) + step(RESET | REQUEST),
    "dns": step(REQUEST | FIN, POST) + step(NEXT) + step(REQUEST | SERVER, DNS_OK[:9]) + step(NEXT) + step(REQUEST | SERVER | FIN, DNS_OK[9:]),
    "dns-over-quic": step(REQUEST | FIN, len(QUESTION).to_bytes(2, "big") + QUESTION) + step(SECOND | SERVER | FIN, len(ANSWER).to_bytes(2, "big") + ANSWER),
    "push": step(REQUEST | SERVER, frame(5, b"\x00" + bytes.fromhex("0000 d1"))) + step(PUSH | FIN, b"\x01\x00" + OK),
}

if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    for name, content in INPUTS.items():
        (folder / name).write_bytes(content)
