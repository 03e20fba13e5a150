# SPDX-License-Identifier: GPL-2.0-or-later
"""Every frame of every capture of one end against Wireshark's own fields: both must agree, but for what is
listed. A capture with TLS is compared twice, without its secrets and with them: NAME and NAME+keys.

Without secrets some phases are inferred, which Wireshark does not do: of them is only asked that the frame has an
encrypted record that could be it (test_inference.py asks whether it is).
"""

import json

import pytest

import oracle
from comparison import is_reference, problems
from tshark import CAPTURES, capture_names, has_several_interfaces, keys_path

KEYS = "+keys"

# The captures in which a rule of oracle.py corrects Wireshark's words. The rules' own texts say why.
RULES = {
    "http-aborted": {"incomplete_message"},
    "http-connect": {"incomplete_message"},
    "http-upgrade": {"upgraded_stream"},
    "tcp-duplicate": {"copies", "no_duplicate"},
    "tcp-gap": {"incomplete_message"},
    "both-ends-loss-reorder-client": {"no_duplicate", "seen_before"},
    "both-ends-loss-reorder-server": {"seen_before"},
    "tcp-loss": {"seen_before"},
    "tcp-mirror-duplicate": {"copies"},
    "tcp-rst-server": {"incomplete_message", "probe_of_zero_window"},
    "tcp-simultaneous-open": {"crossed_syn", "window_of_a_syn"},
    "tcp-snap200": {"incomplete_message"},
    "tcp-zero-window": {"probe_of_zero_window"},
    "tls13-client-hello-loss": {"window_of_a_syn"},
    "tls13-client-hello-loss+keys": {"window_of_a_syn"},
    "tls13-close-delimited+keys": {"ended_by_closure", "incomplete_message"},
    "tls13-duplicate": {"copies", "no_duplicate"},
    "tls13-duplicate+keys": {"copies", "no_duplicate"},
    "tls13-rst+keys": {"incomplete_message"},
    "tls13-two-ended-client": {"seen_before"},
    "tls13-two-ended-client+keys": {"seen_before"},
    "tls13-websocket+keys": {"upgraded_stream"},
}

FIRST_SEGMENT = (
    "on a port of HTTP Wireshark 4.0 asks HTTP/1 first and does not go on with a frame of HTTP/2 that the connection's "
    "first segment begins; what the client printed of its frames says the same as we do (test_http2.py)"
)
BEHIND_A_GAP = (
    "RFC 9113 4.1: the length tells where the next frame begins, also where bytes of the frame are missing; Wireshark "
    "reads no HTTP/2 behind them"
)

# What no rule covers: see comparison.py.
DIFFERENCES = {
    "http-events-to-close": [
        (
            "frame.number == 20",
            ["http.response_body"],
            ["http.response_end"],
            "RFC 9112 6.3: the connection's close ends it; its last byte is in the segment before the FIN, which has none",
        ),
        (
            "tcp.srcport == 80 && tcp.flags.fin == 1",
            ["http.response_end", "tcp.fin"],
            ["tcp.fin"],
            "the FIN itself carries nothing of the response",
        ),
    ],
    "dns-over-https-get+keys": [
        (
            'http2.headers.path contains "?dns="',
            ["http.request"],
            ["dns.query", "http.request"],
            "RFC 8484 4.1: a GET has the question in its target; Wireshark shows the answer alone",
        ),
    ],
    "http2-padded": [
        ("frame.number == 9", ["tcp.data"], ["http.request_body", "http.request_end"], FIRST_SEGMENT),
        ("frame.number == 10", ["tcp.data"], ["http.request_body"], FIRST_SEGMENT),
        ("frame.number == 11", ["tcp.data"], ["http.request_end"], FIRST_SEGMENT),
        ("frame.number == 15", ["tcp.data"], ["http.settings"], FIRST_SEGMENT),
        ("frame.number == 45", ["tcp.data"], ["http.goaway"], FIRST_SEGMENT),
    ],
    "http2-gap": [
        ("frame.number in {21, 35}", ["tcp.data"], ["http.response_start"], BEHIND_A_GAP),
        ("frame.number in {22, 24, 26, 27, 36, 38, 39}", ["tcp.data"], ["http.response_body"], BEHIND_A_GAP),
        ("frame.number in {29, 33, 40, 45}", ["tcp.data"], ["http.response_end"], BEHIND_A_GAP),
        ("frame.number in {31, 43}", ["tcp.data"], ["http.response_end", "http.response_start"], BEHIND_A_GAP),
    ],
    "http-connect": [
        (
            "tcp.srcport == 8888 && tcp.len > 1000",
            ["http.response_start"],
            ["http.response_end", "http.response_start"],
            "RFC 9110 9.3.6: behind a 2xx to CONNECT the bytes are the tunnel's; Wireshark does not look into them, "
            "and the inner protocol is known to be HTTP by its first bytes",
        ),
        (
            'tcp.dstport == 8888 && tcp.payload contains "GET "',
            ["http.request_body"],
            ["http.request"],
            "the request inside of the tunnel, as before",
        ),
    ],
    "quic-retry": [
        (
            "quic.token_length > 0 && !(quic.long.packet_type == 2)",
            ["quic.initial"],
            ["quic.initial", "tls.client_hello"],
            "RFC 9000 17.2.5.2: behind a Retry the client says its ClientHello again, because it was asked to; "
            "Wireshark takes it for a retransmission and does not read it",
        ),
    ],
    "tcp-gap": [
        (
            "tcp.srcport == 80 && tcp.flags.fin == 1",
            ["http.response_body", "tcp.fin"],
            ["http.response_end", "tcp.fin"],
            "RFC 9112 6.3: the length tells the last byte, also where others are missing",
        ),
    ],
    "tcp-snap200": [
        (
            "tcp.srcport == 80 && tcp.flags.fin == 1",
            ["http.response_body", "tcp.fin"],
            ["http.response_end", "tcp.fin"],
            "RFC 9112 6.3: the length tells the last byte, also where others were cut off",
        ),
    ],
}
DIFFERENCES["quic-retry+keys"] = DIFFERENCES["quic-retry"]


def is_one_ended(name):
    """And none of OpenVPN: Wireshark 4.0 does not put its control channel together as it was sent (test_vpn.py does)."""
    truth = CAPTURES / f"{name}.truth.json"
    is_openvpn = truth.exists() and "openvpn" in json.loads(truth.read_text(encoding="utf-8"))
    return not has_several_interfaces(name) and not is_openvpn


ONE_ENDED = [name for name in capture_names() if is_one_ended(name)]
CASES = [case for name in ONE_ENDED for case in (name, name + KEYS) if case == name or keys_path(name)]


def name_of(case):
    return case.removesuffix(KEYS)


@pytest.fixture(scope="module")
def expectation(wireshark):
    known = {}

    def of(case):
        if case not in known:
            name = name_of(case)
            known[case] = oracle.Expectation(wireshark, name, wireshark.secrets(name), sealed=case == name)
        return known[case]

    return of


def test_there_are_captures():
    assert ONE_ENDED, f"no captures in {CAPTURES}"
    assert set(RULES) | set(DIFFERENCES) <= set(CASES)


@pytest.mark.parametrize("case", CASES)
def test_frames(wireshark, expectation, case):
    """What Wireshark decrypts depends on whether it puts segments in order, so the plugin is asked under the
    oracle's options too."""
    options = (*oracle.OPTIONS, *wireshark.secrets(name_of(case))) if case.endswith(KEYS) else ()
    found = list(problems(wireshark, expectation(case), name_of(case), DIFFERENCES.get(case, ()), options))
    assert not found, f"{case}: {len(found)} frames\n" + "\n".join(found)


@pytest.mark.parametrize("case", CASES)
def test_rules_are_needed(wireshark, expectation, case):
    """A rule corrects Wireshark where it is said to, and nowhere else."""
    if not is_reference(wireshark):
        pytest.skip(is_reference.__doc__)
    assert set(expectation(case).rules) == RULES.get(case, set())


def test_every_rule_occurs():
    assert set().union(*RULES.values()) == set(oracle.ALL_RULES)
