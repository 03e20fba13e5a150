# SPDX-License-Identifier: GPL-2.0-or-later
"""What is inferred without secrets against what the secrets show, over all sample captures that have them.

A phase is right where the same frame has it with the secrets too. Precision: how many of those told without
secrets are right; recall: how many of those that the secrets show are told. The test prints the table, also when
it passes (pytest -s, or CTest's log).
"""

from collections import Counter

import pytest

from comparison import inferred_phases
from oracle import OPTIONS
from tshark import capture_names, keys_path

LEAST = 0.98
# Token -> whether LEAST holds for it.
TOKENS = {
    "tls.finished": True,
    "tls.close_notify": True,
    "tls.new_session_ticket": False,
    "http.request": True,
    "http.request_end": False,
    "http.response_start": True,
    "http.response_end": True,
}

PIPELINED = "several requests in one record, several responses without a pause: who speaks when does not count them"
PADDED = "the server pads every record to the same length, so that lengths say nothing (RFC 8446 5.4)"
RENEGOTIATED = "the ticket of a renegotiation is one encrypted handshake message among others"
EARLY_TICKET = "the ticket is sent before the client's Finished, among encrypted handshake messages"
UPGRADED = "101 Switching Protocols has the look of a response, and is the only one"
REFUSED = "the encrypted alert before the close says no to a renegotiation, and is as long as a closure alert"
INTERRUPTED = "the client goes on asking between the two tickets: the second could be an answer"

LATER = "the messages of an authentication after the handshake (RFC 8446 4.6.2), and the tickets behind it, look like data"
SILENT = "a server that has said nothing since the handshake answers the close_notify: its alert is taken for a refusal"

# Every miss: (capture, token, "missing" or "false") -> (frames, reason).
MISSES = {
    ("browser-http2", "tls.new_session_ticket", "missing"): ({21, 30}, EARLY_TICKET),
    ("dns-over-https-http1", "tls.new_session_ticket", "missing"): ({14}, EARLY_TICKET),
    ("dns-over-https-http1-get", "tls.new_session_ticket", "missing"): ({12}, EARLY_TICKET),
    ("http2-forty", "tls.new_session_ticket", "missing"): ({26, 28}, INTERRUPTED),
    ("http2-many-streams", "tls.new_session_ticket", "missing"): ({26, 28}, INTERRUPTED),
    ("starttls-ldap", "tls.close_notify", "missing"): ({27}, SILENT),
    ("starttls-postgresql", "tls.close_notify", "missing"): ({23}, SILENT),
    ("tls12-renegotiation-alert", "tls.close_notify", "false"): ({19}, REFUSED),
    ("tls12-renegotiation-refused", "tls.close_notify", "false"): ({18, 20}, REFUSED),
    ("tls12-renegotiation", "tls.new_session_ticket", "missing"): ({23}, RENEGOTIATED),
    ("tls13-padding", "tls.close_notify", "missing"): ({24}, PADDED),
    ("tls13-padding", "tls.new_session_ticket", "missing"): ({18, 19}, PADDED),
    ("tls13-padding", "http.request", "missing"): ({17}, PADDED),
    ("tls13-padding", "http.response_start", "missing"): ({21}, PADDED),
    ("tls13-padding", "http.response_end", "missing"): ({22}, PADDED),
    ("tls13-pipelined", "http.response_start", "missing"): ({17, 39}, PIPELINED),
    ("tls13-pipelined", "http.response_end", "missing"): ({16, 37}, PIPELINED),
    ("tls13-post-handshake-authentication", "tls.finished", "missing"): ({21}, LATER),
    ("tls13-post-handshake-authentication", "tls.new_session_ticket", "missing"): ({23, 24}, LATER),
    ("tls13-websocket", "tls.new_session_ticket", "missing"): ({14}, EARLY_TICKET),
    ("tls13-websocket", "http.response_start", "false"): ({19}, UPGRADED),
    ("tls13-websocket", "http.response_end", "false"): ({19}, UPGRADED),
}

WITH_KEYS = [name for name in capture_names() if keys_path(name)]
# Who speaks when says little of exchanges side by side: nothing of HTTP/2 is inferred (test_http2.py sees to that), so
# that there is nothing to measure.
HTTP2 = [
    name
    for name in WITH_KEYS
    if "http2" in name or (name.startswith(("dns-over-https", "dns-over-tls-")) and "http1" not in name)
]
# Nothing of what QUIC protects is inferred: its packets' lengths and order say less than TLS records do.
QUIC = [name for name in WITH_KEYS if name.startswith(("quic", "browser-http3", "dns-over-http3", "dns-over-quic"))]


def frames_of_tokens(events, of_quic=True):
    """{token: the frames that have it}, those of QUIC or not."""
    found = {token: set() for token in TOKENS}
    for event in events:
        if not of_quic and any(phase.startswith("quic.") for phase in event["phases"]):
            continue
        for token in found.keys() & event["phases"]:
            found[token].add(event["frame"])
    return found


@pytest.fixture(scope="module")
def told(wireshark):
    """{capture: (without secrets, with them)}"""
    found = {
        name: (
            frames_of_tokens(wireshark.events(name)),
            # What is inferred of it counts as false.
            frames_of_tokens(wireshark.events(name, *OPTIONS, *wireshark.secrets(name)), of_quic=False),
        )
        for name in WITH_KEYS
    }
    for name in HTTP2:
        without, secret = found[name]
        for token in [token for token in TOKENS if token.startswith("http.")]:
            assert not without[token], f"{name}: {token}"
            secret[token] = set()
    for name in QUIC:
        without, _ = found[name]
        assert not any(without.values()), name
    return found


def misses(told):
    """{(capture, token, kind): frames}"""
    found = {}
    for name, (without, secret) in told.items():
        for token in TOKENS:
            found[name, token, "false"] = without[token] - secret[token]
            found[name, token, "missing"] = secret[token] - without[token]
    return {key: frames for key, frames in found.items() if frames}


def share(part, whole):
    return part / whole if whole else 1.0


def measure(told):
    """{token: (how many the secrets show, precision, recall)}"""
    counts = Counter()
    for without, secret in told.values():
        for token in TOKENS:
            counts[token, "told"] += len(without[token])
            counts[token, "real"] += len(secret[token])
            counts[token, "right"] += len(without[token] & secret[token])
    return {
        token: (
            counts[token, "real"],
            share(counts[token, "right"], counts[token, "told"]),
            share(counts[token, "right"], counts[token, "real"]),
        )
        for token in TOKENS
    }


@pytest.mark.skipif(not WITH_KEYS, reason="no sample capture has secrets")
def test_precision_and_recall(told, capsys):
    table = measure(told)
    with capsys.disabled():
        print(f"\n{'inferred in ' + str(len(told)) + ' captures':<28}{'frames':>7}{'precision':>11}{'recall':>9}")
        for token, (real, precision, recall) in table.items():
            print(f"{token:<28}{real:>7}{precision:>11.1%}{recall:>9.1%}")
    for token, (real, precision, recall) in table.items():
        assert real, f"no capture has a {token}"
        if TOKENS[token]:
            assert min(precision, recall) >= LEAST, token


@pytest.mark.skipif(not WITH_KEYS, reason="no sample capture has secrets")
def test_every_miss_is_listed(told):
    """A miss that does not occur any more is to be struck off."""
    assert misses(told) == {miss: frames for miss, (frames, _) in MISSES.items()}


@pytest.mark.parametrize("name", WITH_KEYS)
def test_nothing_is_inferred_on_demand(wireshark, name):
    """infer_encrypted off: only what the bytes show. Without inference the two runs differ in nothing else."""
    off = ("-o", "humantime.infer_encrypted:FALSE")
    told = {event["frame"]: event for event in wireshark.events(name, *off)}
    usual = {event["frame"]: event for event in wireshark.events(name)}
    for number, event in told.items():
        assert not any(event["inferred"]), f"frame {number}"
        inferred = Counter(inferred_phases(usual[number]))
        kept = Counter(usual[number]["phases"]) - inferred
        assert not kept - Counter(event["phases"]), f"frame {number} lost {kept - Counter(event['phases'])}"
        gone = inferred & Counter(event["phases"])
        assert not gone, f"frame {number} still has {gone}"
