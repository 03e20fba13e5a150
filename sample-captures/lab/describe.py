#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the tables of ../README.md, between its two markers, from the *.truth.json that the recorders left."""
import json

from network import LAB

FAMILIES = {"record-http.py": "HTTP/1", "record-http2.py": "HTTP/2", "record-tcp.py": "TCP", "record-dns.py": "DNS and mDNS", "record-links.py": "Addresses and link layers",
            "record-tunnels.py": "Tags and tunnels", "record-tls.py": "TLS",
            "record-tls-ends.py": "TLS: alerts and ends", "record-tls-kinds.py": "TLS: kinds of handshake",
            "record-tls-handshakes.py": "TLS: tickets, shared keys, certificates, renegotiations, False Start",
            "record-tls-around.py": "In and around TLS", "record-both-ends.py": "Both ends", "record-compared.py": "Handshakes compared",
            "record-quic.py": "QUIC and HTTP/3", "record-dtls.py": "DTLS", "record-dns-encrypted.py": "Encrypted DNS",
            "record-browser.py": "A browser", "record-tls-variants.py": "TLS: behind other protocols, and of rarer kinds",
            "record-article.py": "The article's fetch", "record-journeys.py": "Journeys",
            "record-vpn.py": "OpenVPN and WireGuard"}
BEGIN, END = "<!-- tables: written by lab/describe.py -->", "<!-- end of the tables -->"


def numbers(frames, most=5):
    words = ", ".join(map(str, frames[:most]))
    return f"{words}, … ({len(frames)} in all)" if len(frames) > most else words


def list_of(shows):
    return "; ".join(f"{words} {numbers(found['frames'])}" for words, found in shows.items())


def row(facts):
    name = facts["capture"].removesuffix(".pcapng.gz")
    frames = list_of(facts["shows"])
    if facts.get("shows_decrypted"):
        frames += "; with the secrets: " + list_of(facts["shows_decrypted"])
    software = ", ".join(package for package in facts["software"] if package != "tcpdump")
    return f"| `{name}` | {facts['what']} | {frames} | {software} |"


def tables():
    captures = [json.loads(file.read_text()) for file in sorted(LAB.parent.glob("*.truth.json"))]
    lines = []
    for recorder in sorted({facts["recorder"] for facts in captures}, key=lambda name: list(FAMILIES).index(name)):
        lines += ["", f"### {FAMILIES[recorder]}", "", f"Recorded by `lab/{recorder}`.", "",
                  "| file | what happened | frames | software |", "| --- | --- | --- | --- |"]
        lines += [row(facts) for facts in captures if facts["recorder"] == recorder]
    software = {}
    for facts in captures:
        software.update(facts["software"])
    kernels = sorted({facts["kernel"] for facts in captures})
    lines += ["", "### Software", "", "Debian packages: " + ", ".join(f"{package} {version}" for package, version in sorted(software.items()))
              + ". Kernels: " + ", ".join(f"Linux {kernel}" for kernel in kernels) + ".", ""]
    return "\n".join(lines)


def main():
    readme = LAB.parent / "README.md"
    text = readme.read_text()
    before, rest = text.split(BEGIN)
    readme.write_text(before + BEGIN + "\n" + tables() + END + rest.split(END)[1])


if __name__ == "__main__":
    main()
