#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the QUIC frames of sample captures, with what tshark decrypts of them, as inputs of fuzz-frames (frames_input.h):
quic_corpus.py CORPUS/frames. The small captures say as much as the long ones."""

import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
CAPTURES = HERE.parent.parent / "sample-captures"
LAYERS = re.findall(r'^LAYER\(\w+, "([^"]*)"', (HERE.parent.parent / "core/layers.def").read_text(encoding="utf-8"), re.M)
MORE_SOURCES, QUIC = 16, 4  # a flag, and the index into source_names
MOST = 12000  # bytes of an input


def tshark(name, *options):
    secrets = ("-o", f"tls.keylog_file:{CAPTURES / name}.keys")
    return subprocess.run(
        ["tshark", "-n", "-r", CAPTURES / f"{name}.pcapng.gz", *secrets, "-Y", "quic && !icmp", *options],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip


def sources_of(dump):
    """(name, bytes) of each buffer that `tshark -x` prints of a frame."""
    sources = []
    for line in dump.splitlines():
        if found := re.match(r"(\w.*) \(\d+ bytes?\):$", line):
            sources.append((found[1], bytearray()))
        elif found := re.match(r"[0-9a-f]{4,}  ((?:[0-9a-f]{2} )+)", line):
            if not sources:
                sources.append(("Frame", bytearray()))
            sources[-1][1].extend(bytes.fromhex(found[1]))
    return sources


def input_of(name):
    protocols = tshark(name, "-T", "fields", "-e", "frame.protocols").split()
    dumps = re.split(r"\n\n(?=Frame \(|0000  )", tshark(name, "-x"))
    whole = bytearray()
    for protocol, dump in zip(protocols, (dump for dump in dumps if dump.strip())):
        layers = [LAYERS.index(word) if word in LAYERS else len(LAYERS) - 1 for word in ["frame", *protocol.split(":")[:12]]]
        sources = [source for source in sources_of(dump) if source[0] in ("Frame", "Decrypted QUIC")]
        one = bytearray([MORE_SOURCES if len(sources) > 1 else 0, 0x30, len(layers), *layers])
        for at, (_, content) in enumerate(sources[:2]):
            one += bytes([QUIC] if at else []) + len(content).to_bytes(2, "big") + b"\0" + content
        if len(whole) + len(one) <= MOST:
            whole += one
    return bytes(whole)


def main():
    for name in ("quic-refused", "quic-retry", "quic-0rtt", "quic-version-negotiation"):
        (pathlib.Path(sys.argv[1]) / name).write_bytes(input_of(name))


if __name__ == "__main__":
    main()
