# SPDX-License-Identifier: GPL-2.0-or-later
"""HTTP/2 against what the clients of the recordings printed of their frames (`http2.frames` in the truths, by nghttp or
python3-hyperframe), and what is told where bytes are missing."""

import json
from collections import Counter

import pytest

from tshark import CAPTURES, capture_names, keys_path

END_STREAM = 1


def truth_of(name):
    return json.loads((CAPTURES / f"{name}.truth.json").read_text(encoding="utf-8"))


# Both ends in one file, and each alone: test_two_ends.py.
NAMES = [name for name in capture_names() if name.startswith("http2-") and "-two-ended" not in name]
IN_THE_CLEAR = [name for name in NAMES if not keys_path(name)]
INCOMPLETE = ("http2-gap", "http2-mid-start")
COMPLETE = [name for name in NAMES if name not in INCOMPLETE and truth_of(name)["http2"]["frames"]]
# An Upgrade: its request and the 101 were HTTP/1's.
UPGRADED = ("http2-upgrade",)
# What is told of a message, and what only of a segment in the middle of one.
MESSAGES = (
    "http.request", "http.request_end", "http.interim", "http.response_start", "http.response_end",
    "http.push_promise", "http.settings", "http.goaway",
)  # fmt: skip


def phases(events):
    return Counter(phase for event in events for phase in event["phases"])


def count_frames(frames):
    """What the frames come to. A request has an end of its own only if it takes several segments: its frames do not
    say that."""
    counts, begun = Counter(), set()
    for frame in frames:
        key = (frame["from"], frame["stream"])
        if "status" in frame:
            kind = "http.interim" if frame["status"] < 200 else "http.response_start"
            counts[kind] += 1
            continue
        kind, ends = frame["type"], frame["type"] in ("DATA", "HEADERS") and frame["flags"] & END_STREAM
        if kind in ("SETTINGS", "GOAWAY", "PUSH_PROMISE"):
            counts[f"http.{kind.lower()}"] += 1
        if kind == "HEADERS" and frame["from"] == "client" and key not in begun:
            counts["http.request"] += 1
            begun.add(key)
        if ends and frame["from"] == "server":
            counts["http.response_end"] += 1
    return counts


@pytest.mark.parametrize("name", COMPLETE)
def test_what_the_client_saw(wireshark, name):
    told = phases(wireshark.events(name, *wireshark.secrets(name)))
    expected = count_frames(truth_of(name)["http2"]["frames"])
    if name in UPGRADED:
        expected += Counter({"http.request": 1, "http.interim": 1})
    if name in ("http2-connect", "http2-websocket"):
        # The answer to a CONNECT ends with its header, and behind it the stream's end is nobody's.
        expected["http.response_end"] = expected["http.response_start"]
    for token in MESSAGES:
        if token != "http.request_end":
            assert told[token] == expected[token], token


def test_what_curl_saw(wireshark):
    curl = truth_of("http2-curl")["curl"]
    events = wireshark.events("http2-curl", *wireshark.secrets("http2-curl"))
    requests = [event["detail"] for event in events if "http.request" in event["phases"]]
    assert [detail.rpartition(" ")[0] for detail in requests] == curl["requests"]
    answers = [event["detail"] for event in events if "http.response_start" in event["phases"]]
    assert [int(detail) for detail in answers] == curl["statuses"]


@pytest.mark.parametrize("name", ["http2-statuses", "http2-interim"])
def test_statuses(wireshark, name):
    """Each answer has a segment of its own there."""
    events = wireshark.events(name)
    answers = [e["detail"] for e in events if {"http.response_start", "http.interim"} & set(e["phases"])]
    frames = truth_of(name)["http2"]["frames"]
    assert [int(detail) for detail in answers if detail] == [f["status"] for f in frames if "status" in f]


@pytest.mark.parametrize("name", [name for name in NAMES if keys_path(name)])
def test_nothing_is_told_without_secrets(wireshark, name):
    told = phases(wireshark.events(name))
    assert told["tls.application_data"]
    assert not any(token.startswith("http.") for token in told)


def test_nothing_is_told_of_a_connection_in_its_middle(wireshark):
    """Without the preface the bytes could be anything's. Who knows better says so."""
    name = "http2-mid-start"
    assert not any(token.startswith("http.") for token in phases(wireshark.events(name)))
    events = wireshark.events(name, "-d", "tcp.port==80,http2")
    told = phases(events)
    frames = truth_of(name)["http2"]["frames"]
    # The recording begins behind the first two requests.
    assert told["http.request"] == count_frames(frames)["http.request"] - 2
    assert all(event["from"].startswith("192.0.2.10:") for event in events if "http.request" in event["phases"])


@pytest.fixture(scope="module")
def whole(wireshark):
    return {
        name: {event["frame"]: Counter(event["phases"]) for event in wireshark.events(name)}
        for name in IN_THE_CLEAR
        if name not in INCOMPLETE
    }


@pytest.mark.parametrize("name", [name for name in IN_THE_CLEAR if name not in INCOMPLETE])
def test_a_lost_frame_makes_no_wrong_phase(wireshark, whole, name):
    """A frame that the capture lacks takes away what it told, and at the worst what depends on it; nothing is told of
    another frame that would not be told with it."""
    rows = wireshark.fields(name, "frame.number", "tcp.len", plugin=False)
    carriers = [number for number, row in enumerate(rows, 1) if (row["tcp.len"] or ["0"])[0] != "0"]
    lost_something = 0
    for lost in carriers[:: max(1, len(carriers) // 12)]:
        file = wireshark.scratch / f"{name}-without-{lost}.pcapng"
        wireshark.output("editcap", wireshark.readable(name), file, lost)
        for event in wireshark.events(file):
            number = event["frame"] + (event["frame"] >= lost)
            told = Counter(phase for phase in event["phases"] if phase.startswith("http."))
            more = told - whole[name][number]
            assert not more, f"without frame {lost}, frame {number}: {dict(more)} of {dict(whole[name][number])}"
            lost_something += sum((whole[name][number] - Counter(event["phases"])).values())
    assert lost_something, "losing a frame changed nothing: the captures were not read without it"
