# SPDX-License-Identifier: GPL-2.0-or-later
"""The TLS captures of Wireshark's own tests, frame by frame as in test_oracle.py: other people's recordings, older
versions, and handshakes that the lab does not make. Their keys are used as Wireshark's test_decryption uses them.

scripts/fetch-public-captures.sh fetches them from Debian; without them these tests are skipped.
"""

import os
import re
from pathlib import Path

import pytest

import oracle
from comparison import problems
from oracle_handshakes import handshakes

RSA = 'uat:ssl_keys:"127.0.0.1","443","http","{rsasnakeoil2.key}",""'
RENEGOTIATION = 'uat:ssl_keys:"0.0.0.0","4433","http","{rsasnakeoil2.key}",""'
# Capture -> what Wireshark is told; {file} stands for one of the keys.
CASES = {
    "challenge01_ooo_stream.pcapng.gz": (),
    "dhe1.pcapng.gz": ("-o", "tls.keylog_file:{dhe1_keylog.dat}"),
    "dmgr.pcapng": ("-o", 'uat:ssl_keys:"127.0.0.1","9131","http","{key.p12}","WebAS"'),
    "http2-brotli.pcapng": (),
    "http2-data-reassembly.pcap": ("-o", "tls.keylog_file:{http2-data-reassembly.keys}"),
    "http2_follow_multistream.pcapng": (),
    "retrans-tls.pcap": (),
    "rsa-p-lt-q.pcap": ("-o", 'uat:rsa_keys:"{rsa-p-lt-q.key}",""'),
    "rsasnakeoil2.pcap": ("-o", RSA),
    "tls-fragmented-handshakes.pcap.gz": (),
    "tls-renegotiation.pcap": ("-d", "tcp.port==4433,tls", "-o", RENEGOTIATION),
    "tls12-aes128ccm.pcap": ("-o", "tls.psk:ca19e028a8a372ad2d325f950fcaceed"),
    "tls12-aes256gcm.pcap": ("-o", "tls.psk:ca19e028a8a372ad2d325f950fcaceed"),
    "tls12-chacha20poly1305.pcap": ("-o", "tls.keylog_file:{tls12-chacha20poly1305.keys}"),
    "tls12-dsb.pcapng": (),
    "tls13-20-chacha20poly1305.pcap": ("-o", "tls.keylog_file:{tls13-20-chacha20poly1305.keys}"),
    "tls13-rfc8446.pcap": ("-o", "tls.keylog_file:{tls13-rfc8446.keys}"),
}

# See comparison.py.
DIFFERENCES = {
    "retrans-tls.pcap": [
        (
            "tcp.len == 21",
            ["tls.application_data"],
            ["tcp.retransmission", "tls.application_data"],
            "RFC 4737 3.3: its first byte was sent before; Wireshark knows no time that would make it a retransmission",
        )
    ],
}


@pytest.fixture(scope="module")
def folder(wireshark):
    """Of the version that is installed, where the script puts it, or HUMANTIME_PUBLIC_CAPTURES."""
    version = re.search(r"\d+\.\d+\.\d+", wireshark.output("tshark", "--version"))[0]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = os.environ.get("HUMANTIME_PUBLIC_CAPTURES") or cache / "humantime" / f"wireshark-{version}"
    if not (Path(folder) / "captures").is_dir():
        pytest.skip(f"no captures in {folder}: scripts/fetch-public-captures.sh fetches them")
    return Path(folder)


def with_paths(wireshark, folder, word):
    return re.sub(r"\{(.+?)\}", lambda key: str(wireshark.readable(folder / "keys" / key[1])), word)


@pytest.mark.parametrize("name", CASES)
def test_frames(wireshark, folder, name):
    capture = folder / "captures" / name
    secrets = [*oracle.OPTIONS] + [with_paths(wireshark, folder, word) for word in CASES[name]]
    expectation = oracle.Expectation(wireshark, capture, secrets)
    found = list(problems(wireshark, expectation, capture, DIFFERENCES.get(name, ()), secrets))
    assert not found, f"{name}: {len(found)} frames\n" + "\n".join(found)


@pytest.mark.parametrize("name", CASES)
def test_handshakes(wireshark, folder, name):
    """Which handshakes Wireshark's fields show: all of them, and no other."""
    capture = folder / "captures" / name
    secrets = [*oracle.OPTIONS] + [with_paths(wireshark, folder, word) for word in CASES[name]]
    names = ("frame.number", "humantime.handshake", "humantime.handshake.rtts")
    told = [
        (int(row["frame.number"][0]), kind, int(rtts))
        for row in wireshark.fields(capture, *names, options=secrets)
        for kind, rtts in zip(row[names[1]], row[names[2]], strict=True)
    ]
    assert told == [(one.frame, one.kind, one.rtts) for one in handshakes(wireshark, capture, secrets)]
