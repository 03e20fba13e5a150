# SPDX-License-Identifier: GPL-2.0-or-later
"""QUIC against what the client itself printed of its packets, frames and connection (truth.json, `quic`)."""

import json
from collections import Counter

import pytest

from tshark import CAPTURES, capture_names

# Both ends in one file, and each alone: test_two_ends.py.
NAMES = [name for name in capture_names() if name.startswith("quic-") and "-two-ended" not in name]
TOKENS = {
    "Initial": "quic.initial",
    "0RTT": "quic.zero_rtt",
    "Handshake": "quic.handshake",
    "Retry": "quic.retry",
    "VN": "quic.version_negotiation",
    "1RTT": "quic.one_rtt",
}


def truth_of(name):
    return json.loads((CAPTURES / f"{name}.truth.json").read_text(encoding="utf-8"))


def quic_events(wireshark, name, secrets=True):
    options = wireshark.secrets(name) if secrets else ()
    return [event for event in wireshark.events(name, *options) if any(phase.startswith("quic.") for phase in event["phases"])]


def is_from_client(event):
    return event["to"].endswith(":443")


def printed(truth, way):
    """The types of the packets that the client sent (or received), as it printed them."""
    return [TOKENS[line.split()[1]] for line in truth["quic"]["packets"] if line.startswith(way)]


def told(events):
    return [phase for event in events for phase in event["phases"] if phase in TOKENS.values()]


def test_there_are_captures():
    assert len(NAMES) > 10


@pytest.mark.parametrize("name", NAMES)
def test_sent_packets(wireshark, name):
    """What the client sent lies in the capture in that order; it puts one 1-RTT packet into a datagram. The secrets are
    needed where it moves to another address: the ID that it uses there was given in an encrypted packet."""
    ours = told(event for event in quic_events(wireshark, name) if is_from_client(event))
    assert ours == printed(truth_of(name), "sent")


@pytest.mark.parametrize("name", NAMES)
def test_received_packets(wireshark, name):
    """All that the client received was told, and little else: what it could not decrypt yet, and what came after it had
    left."""
    ours = Counter(told(event for event in quic_events(wireshark, name) if not is_from_client(event)))
    theirs = Counter(printed(truth_of(name), "received"))
    assert not theirs - ours
    assert set(ours) <= set(theirs)


@pytest.mark.parametrize("name", NAMES)
def test_closes(wireshark, name):
    """Who closed the connection is told where it can be read, and nothing else is a close."""
    lines = {line.split()[0] for line in truth_of(name)["quic"]["packets"] if "CONNECTION_CLOSE" in line}
    ours = [event for event in quic_events(wireshark, name) if "quic.connection_close" in event["phases"]]
    assert {"sent" if is_from_client(event) else "received" for event in ours} == lines


@pytest.mark.parametrize("name", NAMES)
def test_handshake_completed(wireshark, name):
    """Both Finished are there exactly where the client says that its handshake has completed."""
    completed = truth_of(name)["quic"]["handshake_completed"]
    finished = {is_from_client(event) for event in quic_events(wireshark, name) if "tls.finished" in event["phases"]}
    assert (finished == {True, False}) is completed


@pytest.mark.parametrize("name", NAMES)
def test_one_journey_a_connection(wireshark, name):
    """Whatever addresses it moved to: only a client that was told of other versions begins another connection."""
    events = quic_events(wireshark, name)
    journeys = {event["journey"] for event in events}
    negotiated = any("quic.version_negotiation" in event["phases"] for event in events)
    assert None not in journeys and 0 not in journeys
    assert len(journeys) == (2 if negotiated else 1)


def handshakes(wireshark, name, secrets=True):
    options = wireshark.secrets(name) if secrets else ()
    rows = wireshark.fields(name, "frame.number", "humantime.handshake", "humantime.handshake.rtts", options=options)
    return [(row["humantime.handshake"][0], row["humantime.handshake.rtts"]) for row in rows if row["humantime.handshake"]]


def expected_handshake(truth):
    """By what the client printed: a Retry costs a round trip, accepted early data saves the one there is; a certificate
    that was asked for was none (the lab's clients have none)."""
    said = truth["quic"]
    if not said["handshake_completed"]:
        return []
    retried = sum(" Retry " in line for line in said["packets"])
    # The client says only that it was refused.
    if not said["early_data_rejected"] and any(" 0RTT " in line for line in said["packets"]):
        return [("quic_0rtt", [str(retried)])]
    return [("quic", [str(1 + retried)])]


@pytest.mark.parametrize("name", NAMES)
def test_kind_of_handshake(wireshark, name):
    assert handshakes(wireshark, name) == expected_handshake(truth_of(name))


@pytest.mark.parametrize("name", NAMES)
def test_kind_of_handshake_without_secrets(wireshark, name):
    """That early data was accepted is encrypted: then nothing is said of round trips. Nothing else is another one; a
    ServerHello that takes no ticket refuses early data in the clear."""
    expected = expected_handshake(truth_of(name))
    if expected and expected[0][0] == "quic_0rtt":
        expected = [("quic", [])]
    assert handshakes(wireshark, name, secrets=False) == expected


@pytest.mark.parametrize("name", NAMES)
def test_statuses(wireshark, name):
    """The statuses that the client printed, in order, are what the responses say."""
    said = truth_of(name)["quic"]["statuses"]
    begun, firsts = 0, []
    for event in quic_events(wireshark, name):
        if count := event["phases"].count("http.response_start"):
            # A packet tells its first response.
            firsts.append((event["detail"], begun))
            begun += count
    assert [int(detail) for detail, _ in firsts if detail.isdigit()] == [said[at] for detail, at in firsts if detail.isdigit()]
    assert bool(firsts) == bool(said)


@pytest.mark.parametrize("name", NAMES)
def test_journeys_report(wireshark, name):
    """A QUIC connection was made, refused, or given up for another version."""
    report = wireshark.output("tshark", "-q", "-r", wireshark.readable(name), "-z", "humantime,journeys,json", *wireshark.secrets(name))
    kinds = [json.loads(line)["kind"] for line in report.splitlines()]
    packets = truth_of(name)["quic"]["packets"]
    if name == "quic-version-negotiation":
        assert kinds == ["abandoned", "completed"]
    else:
        assert kinds == ["completed" if any(" 1RTT " in line for line in packets) else "refused"]


def test_dynamic_table(wireshark):
    """The requests name their server by an entry of QPACK's dynamic table: their sections need some (RFC 9204 4.5.1), and what the
    entry says is told."""
    name = "quic-dynamic-table"
    rows = wireshark.fields(name, "frame.number", "udp.dstport", "quic.stream.stream_id", "quic.stream_data", options=wireshark.secrets(name), plugin=False)
    sections = [
        (int(row["frame.number"][0]), bytes.fromhex(data.replace(":", "")))
        for row in rows
        if row["udp.dstport"] == ["443"]
        for stream, data in zip(row["quic.stream.stream_id"], row["quic.stream_data"])
        if int(stream) % 4 == 0
    ]
    # A HEADERS frame: its type, its length, and the count that is 0 where no entry is needed.
    assert len(sections) == 3 and all(data[0] == 1 and data[2] > 0 and b"www.example.jp" not in data for _, data in sections)
    events = {event["frame"]: event for event in quic_events(wireshark, name)}
    assert {events[number]["detail"] for number, _ in sections} == {"GET /page www.example.jp"}
