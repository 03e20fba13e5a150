# SPDX-License-Identifier: GPL-2.0-or-later
"""Every frame of every capture of one end against Wireshark's own fields: both must agree, but for what is
listed."""

import json

import pytest

import oracle
from tshark import CAPTURES, capture_names

# The captures in which a rule of oracle.py corrects Wireshark's words. The rules' own texts say why.
RULES = {
    "http-aborted": {"incomplete_message"},
    "http-connect": {"incomplete_message"},
    "http-upgrade": {"upgraded_stream"},
    "tcp-duplicate": {"copies", "nothing_outstanding"},
    "tcp-gap": {"incomplete_message"},
    "tcp-loss": {"seen_before"},
    "tcp-mirror-duplicate": {"copies"},
    "tcp-rst-server": {"incomplete_message", "probe_of_zero_window"},
    "tcp-simultaneous-open": {"crossed_syn", "window_of_a_syn"},
    "tcp-snap200": {"incomplete_message"},
    "tcp-zero-window": {"probe_of_zero_window"},
}

# What no rule covers: capture -> [(the frames, what Wireshark's words come to, what we say, reason)].
DIFFERENCES = {
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


def is_one_ended(name):
    truth = CAPTURES / f"{name}.truth.json"
    return not truth.exists() or "interfaces" not in json.loads(truth.read_text(encoding="utf-8"))


ONE_ENDED = [name for name in capture_names() if is_one_ended(name)]


@pytest.fixture(scope="module")
def expectation(wireshark):
    known = {}

    def of(name):
        if name not in known:
            known[name] = oracle.Expectation(wireshark, name)
        return known[name]

    return of


def test_there_are_captures():
    assert ONE_ENDED, f"no captures in {CAPTURES}"
    assert set(RULES) | set(DIFFERENCES) <= set(ONE_ENDED)


def listed_differences(wireshark, name):
    """{frame: (theirs, ours, reason)}"""
    found = {}
    for frames, theirs, ours, reason in DIFFERENCES.get(name, []):
        rows = wireshark.fields(name, "frame.number", options=("-Y", frames), plugin=False)
        assert rows, f"no frame is {frames}"
        found.update({int(row["frame.number"][0]): (theirs, ours, reason) for row in rows})
    return found


def is_reference(wireshark):
    """RULES and DIFFERENCES list where Wireshark 4.0 needs them: other versions may need fewer."""
    return "(Wireshark) 4.0." in wireshark.run("tshark", "--version").stdout


@pytest.mark.parametrize("name", ONE_ENDED)
def test_frames(wireshark, expectation, name):
    told = {event["frame"]: event["phases"] for event in wireshark.events(name)}
    listed = listed_differences(wireshark, name)
    problems = []
    for number, frame in expectation(name).frames.items():
        theirs, ours = sorted(frame.expected().elements()), sorted(told.get(number, []))
        if theirs == ours:
            if number in listed and is_reference(wireshark):
                problems.append(
                    f"frame {number}: no difference any more, though one is listed ({listed[number][2]})"
                )
        elif (theirs, ours) != listed.get(number, ((), (), ""))[:2]:
            problems.append(f"frame {number}: by Wireshark {theirs}, by the plugin {ours}")
    assert not problems, f"{name}: {len(problems)} frames\n" + "\n".join(problems)


@pytest.mark.parametrize("name", ONE_ENDED)
def test_rules_are_needed(wireshark, expectation, name):
    """A rule corrects Wireshark where it is said to, and nowhere else."""
    if not is_reference(wireshark):
        pytest.skip(is_reference.__doc__)
    assert set(expectation(name).rules) == RULES.get(name, set())


def test_every_rule_occurs():
    assert set().union(*RULES.values()) == set(oracle.ALL_RULES)
