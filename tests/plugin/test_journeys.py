# SPDX-License-Identifier: GPL-2.0-or-later
"""Journeys against what their recorder knows: every frame of a journey belongs to it, and to no other."""

import json
import re

import pytest

from tshark import CAPTURES


def truth_of(path):
    return json.loads(path.read_text(encoding="utf-8"))


TRUTHS = {
    path.name.removesuffix(".truth.json"): truth_of(path)
    for path in sorted(CAPTURES.glob("*.truth.json"))
    if "journeys" in truth_of(path)
}


def frames_of(journey):
    frames = journey["frames"]
    yield from (*frames["arp"], *frames.get("ndp", []), *frames["tcp"])
    for step in frames["dns"]:
        yield from (*step["query_frames"], *step["response_frames"], *step.get("tcp_frames", []))


def test_there_are_captures():
    assert len(TRUTHS) > 30


@pytest.mark.parametrize("name", TRUTHS)
def test_frames(wireshark, name):
    expected = {
        frame: number
        for number, journey in enumerate(TRUTHS[name]["journeys"], 1)
        for frame in frames_of(journey)
    }
    told = {event["frame"]: event["journey"] for event in wireshark.events(name)}
    wrong = {
        frame: (expected.get(frame), journey) for frame, journey in told.items() if expected.get(frame) != journey
    }
    assert not wrong, "frame: (the recorder's, ours)"


@pytest.mark.parametrize("name", TRUTHS)
def test_names_and_kinds(wireshark, name):
    report = wireshark.output(
        "tshark", "-q", "-r", wireshark.readable(name), "-z", "humantime,journeys,json", *wireshark.secrets(name)
    )
    told = [json.loads(line) for line in report.splitlines()]
    expected = TRUTHS[name]["journeys"]
    assert len(told) == len(expected)
    for mine, journey in zip(told, expected):
        assert mine["kind"] == journey["kind"], mine
        # At the proxy nobody looked a name up.
        assert journey["name"] is None or mine["name"] == journey["name"], mine


@pytest.mark.parametrize("name", TRUTHS)
def test_steps_of_look_ups(wireshark, name):
    """dns.query#n is the n-th step, however often it was asked for. The recorder counts the same question over
    TCP as a step of its own; it is the one whose answer was truncated."""
    milestones = {event["frame"]: event["milestones"] for event in wireshark.events(name)}
    for journey in TRUTHS[name]["journeys"]:
        steps = {}
        for step in journey["frames"]["dns"]:
            ordinal = steps.setdefault((step["name"], step["type"], step["to"]), len(steps) + 1)
            for frame in step["query_frames"]:
                assert {m.split("/")[0] for m in milestones[frame]} == {f"dns.query#{ordinal}"}, step


@pytest.mark.parametrize(
    "name, again",
    [
        ("journey-dns-retry", {9: "dns.query#3/sent", 10: "dns.query#3/sent", 11: "dns.answer#1/received"}),
        ("journey-dns-truncated", {9: "dns.query#3/sent", 14: "dns.query#3/sent", 16: "dns.answer#1/received"}),
        ("dns-retry-stub", {3: "dns.query#1/sent", 4: "dns.query#1/sent", 5: "dns.answer#1/received"}),
    ],
)
def test_asked_again(wireshark, name, again):
    milestones = {event["frame"]: event["milestones"] for event in wireshark.events(name)}
    assert {frame: milestones[frame] for frame in again} == {frame: [text] for frame, text in again.items()}
    diary = wireshark.tshark(name, "-q", "-z", "humantime,diary")
    assert diary.count("(again)") == 1


ARTICLE = [name for name, truth in TRUTHS.items() if "milestones" in truth]


@pytest.mark.parametrize("name", ARTICLE)
def test_ends_and_directions(wireshark, name):
    """Where each event of the article was captured, and whose packet it was there."""
    events = {event["frame"]: event for event in wireshark.events(name)}
    recorded = TRUTHS[name]["milestones"]
    assert len(recorded) == 34
    for milestone in recorded:
        direction = re.search(r"\b(sent|received)\b", milestone["event"]).group()
        for frame in milestone["frames"]:
            event = events[frame]
            assert (event["end"], event["direction"]) == (milestone["end"], direction), (milestone, event)
            assert event["milestones"] and all(m.endswith("/" + direction) for m in event["milestones"])


@pytest.mark.parametrize("name", ARTICLE)
def test_letters_have_one_name(wireshark, name):
    """What of a connection is sent at one end is received at the other, under the same name: but for what
    was sent again, or lost, nothing is left over."""
    told = {"sent": set(), "received": set()}
    for event in wireshark.events(name):
        for milestone in event["milestones"]:
            letter, direction = milestone.split("/")
            if not letter.startswith(("arp.", "dns.", "tcp.retransmission", "tcp.dup", "tcp.out")):
                told[direction].add(letter)
    assert told["sent"] == told["received"]
    assert len(told["sent"]) > 12
