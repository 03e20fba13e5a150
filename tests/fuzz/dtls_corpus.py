#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the DTLS datagrams of sample captures as inputs of fuzz-dtls_connection (dtls_fuzz.cpp), and the first of them as
inputs of fuzz-dtls: dtls_corpus.py CORPUS."""

import pathlib
import subprocess
import sys

CAPTURES = pathlib.Path(__file__).resolve().parent.parent.parent / "sample-captures"
NAMES = ("dtls10", "dtls12-reordered", "dtls12-finished-lost", "dtls12-gnutls-rehandshake", "dtls12-session-id", "dtls12-alert-unknown-ca")
SERVER_PORT = "4433"


def datagrams(name):
    """(from the server, payload) of each."""
    words = ["tshark", "-n", "-r", CAPTURES / f"{name}.pcapng.gz", "-Y", "dtls", "-T", "fields", "-e", "udp.srcport", "-e", "udp.payload"]
    for line in subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines():
        port, payload = line.split("\t")
        yield port == SERVER_PORT, bytes.fromhex(payload.replace(":", ""))


def main():
    corpus = pathlib.Path(sys.argv[1])
    for folder in ("dtls", "dtls_connection"):
        (corpus / folder).mkdir(exist_ok=True)
    for name in NAMES:
        steps = [bytes([of_server]) + len(payload).to_bytes(2, "big") + payload for of_server, payload in datagrams(name)]
        (corpus / "dtls_connection" / name).write_bytes(b"".join(steps))
    for number, (_, payload) in enumerate(list(datagrams("dtls12-reordered"))[:6]):
        (corpus / "dtls" / f"datagram-{number}").write_bytes(payload)


if __name__ == "__main__":
    main()
