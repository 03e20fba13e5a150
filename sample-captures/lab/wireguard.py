# SPDX-License-Identifier: GPL-2.0-or-later
"""Secrets of WireGuard: keys of peers, the ephemeral key in a running wireguard-go, initiations enough to put a peer under load."""
import base64
import hashlib
import os
import pathlib
import socket
import struct
import time

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from network import command

INITIATION_BYTES = 148


def key_pair():
    """Private and public, in base64."""
    private = command("wg", "genkey").strip()
    return private, command("wg", "pubkey", input=private).strip()


def wait_for_initiation(pcap, seconds=10):
    """The first initiation in a capture that is being written."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        words = ["tshark", "-n", "-r", pcap, "-Y", "wg.type == 1", "-T", "fields", "-e", "wg.ephemeral"]
        try:
            found = command(*words).split()
        except RuntimeError:  # the last packet is written in part
            found = []
        if found:
            return base64.b64decode(found[0])
        time.sleep(0.05)
    raise RuntimeError("no initiation was sent")


def public_of(private):
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def ephemeral_of(pid, public):
    """The private key that belongs to a public one, from the memory of the process that made both, in base64.

    The process keeps it until the response comes.
    """
    with open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines():
            begin, end = (int(part, 16) for part in line.split()[0].split("-"))
            if not line.split()[1].startswith("rw") or end - begin > 1 << 28:
                continue
            try:
                memory.seek(begin)
                block = memory.read(end - begin)
            except OSError:
                continue
            found = try_block(block, public)
            if found:
                return base64.b64encode(found).decode()
    raise RuntimeError("the ephemeral key was not found")


def try_block(block, public):
    """Keys are clamped (RFC 7748 5), random, and in a structure aligned to 4 bytes."""
    for at in range(0, len(block) - 32, 4):
        if block[at] & 7 or block[at + 31] & 0xc0 != 0x40:
            continue
        key = block[at:at + 32]
        if len(set(key)) >= 20 and public_of(key) == public:
            return key
    return None


def flood(gateway_key, port, seconds):
    """Messages as an initiator would send: the first MAC is right (WireGuard paper 5.4.4), what it protects is noise."""
    mac_key = hashlib.blake2s(b"mac1----" + base64.b64decode(gateway_key)).digest()
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        body = struct.pack("<I", 1) + os.urandom(112)
        mac = hashlib.blake2s(body, key=mac_key, digest_size=16).digest()
        sender.sendto(body + mac + bytes(16), ("127.0.0.1", port))
