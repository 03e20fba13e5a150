# SPDX-License-Identifier: GPL-2.0-or-later
"""Recordings of both ends by one clock, and the same ones with a wrong clock at the server: who is whose twin, and
how long each packet took, must come out as they were recorded."""

import json
import struct

import pytest

import pcapng
from calendar365 import Date
from tshark import capture_path

SYMMETRIC = [*(f"article-fetch-{run:02}" for run in range(1, 11)), "http-two-ended", "tls12-two-ended",
             "tls13-two-ended", "both-ends-nat", "both-ends-loss-reorder"]  # fmt: skip
ASYMMETRIC = ["both-ends-asymmetric"]
MS, SECOND = 10**6, 10**9

#: What the server's clock shows, by the true time since the capture began, and the middle one of its packets:
#: nanoseconds.
CLOCKS = {
    "true": lambda ns, half: ns,
    "137 ms fast": lambda ns, half: ns + 137 * MS,
    "21 ms slow, 400 ppm fast": lambda ns, half: ns - 21 * MS + ns * 400 // 10**6,
    "set forward by 40 ms": lambda ns, half: ns + (40 * MS if ns >= half else 0),
    "set back by 40 ms": lambda ns, half: ns - (40 * MS if ns >= half else 0),
    "9 hours fast": lambda ns, half: ns + 9 * 3600 * SECOND,
    "9 hours slow": lambda ns, half: ns - 9 * 3600 * SECOND,
}
FIELDS = ("frame.interface_id", "frame.time_epoch", "ip.id", "ip.proto", "tcp.seq_raw", "tcp.ack_raw", "tcp.flags",
          "tcp.len", "tcp.srcport", "tcp.checksum", "humantime.peer_frame", "humantime.travel",
          "humantime.travel.precision", "humantime.travel.error", "humantime.end", "humantime.direction")  # fmt: skip


def nanoseconds(seconds):
    sign = -1 if seconds.startswith("-") else 1
    whole, _, rest = seconds.lstrip("-").partition(".")
    return sign * (int(whole) * SECOND + int(rest.ljust(9, "0")[:9]))


def with_clock(name, shown):
    """The capture with another clock on its second interface; packets keep their order in the file."""
    blocks = pcapng.read(capture_path(name))
    packets = [block for block in blocks if block.kind == pcapng.PACKET]
    first = min(block.ticks for block in packets)
    at_server = sorted(block.ticks - first for block in packets if block.interface == 1)
    half = at_server[len(at_server) // 2]
    return pcapng.join(
        [
            block.at(first + shown(block.ticks - first, half))
            if block.kind == pcapng.PACKET and block.interface == 1
            else block
            for block in blocks
        ]
    )


def is_server(frame):
    return frame["tcp.srcport"] and int(frame["tcp.srcport"][0]) in (80, 443)


def twins(frames):
    """By frame number: the same packet at the other interface, as one clock tells. What a network leaves unchanged
    is the key; packets of one key are twins in their order."""
    seen = {}
    for number, frame in enumerate(frames, 1):
        if frame["tcp.seq_raw"]:
            # Translation changes addresses and ports, and the checksum with them.
            key = tuple(frame[name][0] for name in ("ip.id", "tcp.flags", "tcp.len"))
            key = (is_server(frame), *key, frame["tcp.seq_raw"][0], frame["tcp.ack_raw"][0])
            seen.setdefault(key, ([], []))[int(frame["frame.interface_id"][0])].append(number)
    pairs = {}
    for here, there in seen.values():
        # Of several that are alike, and not all there, nobody can tell which is which.
        if len(here) == len(there):
            for one, other in zip(here, there):
                pairs[one], pairs[other] = other, one
    return pairs


def test_every_recording_has_one_clock():
    """The comparison below is with the time stamps of the recording."""
    for name in SYMMETRIC + ASYMMETRIC:
        blocks = pcapng.read(capture_path(name))
        assert sum(block.kind == pcapng.INTERFACE for block in blocks) == 2
        assert struct.unpack_from("<I", blocks[0].body)[0] == 0x1A2B3C4D


@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize("name", SYMMETRIC + ASYMMETRIC)
def test_clock(wireshark, name, clock):
    if clock != "true" and name.startswith("article-fetch") and name[-2:] not in ("01", "02", "03"):
        pytest.skip("three of the ten runs stand for all")
    recorded = wireshark.fields(name, *FIELDS)
    pairs = twins(recorded)
    assert len(pairs) > 60
    changed = wireshark.write(f"{name}-{list(CLOCKS).index(clock)}.pcapng", with_clock(name, CLOCKS[clock]))
    frames = wireshark.fields(changed, *FIELDS)
    told = {n: int(f["humantime.peer_frame"][0]) for n, f in enumerate(frames, 1) if f["humantime.peer_frame"]}
    right = sum(pairs.get(number) == peer for number, peer in told.items())
    assert right >= 0.995 * len(told), "precision"
    assert right >= 0.995 * len(pairs), "recall"

    worst = worst_of_precision = 0
    for number, frame in enumerate(frames, 1):
        if not frame["humantime.peer_frame"] or pairs.get(number) != told[number]:
            continue
        own, other = recorded[number - 1], recorded[told[number] - 1]
        true = abs(nanoseconds(own["frame.time_epoch"][0]) - nanoseconds(other["frame.time_epoch"][0]))
        travel = nanoseconds(frame["humantime.travel"][0])
        precision = nanoseconds(frame["humantime.travel.precision"][0])
        error = nanoseconds(frame["humantime.travel.error"][0])
        assert travel >= 0
        assert abs(travel - true) <= error, f"frame {number}: the error does not hold it"
        worst = max(worst, abs(travel - true))
        worst_of_precision = max(worst_of_precision, abs(travel - true) - 3 * precision)
    if name in SYMMETRIC:
        assert worst <= 150_000, f"{worst} ns off"
        assert worst_of_precision <= 0, "off by more than three times the precision"


# -- dates


def reports_of(wireshark, capture, *options):
    """What each report tells of a frame: its instant, nanoseconds since the capture's first frame or the year's
    beginning."""
    def records(words):
        text = wireshark.tshark(capture, *options, "-q", "-z", f"humantime,{words},json")
        return [json.loads(line) for line in text.splitlines()]

    return {words: records(words) for words in ("events", "diary", "letters", "calendar", "journeys")}


@pytest.mark.parametrize("clock", ["137 ms fast", "21 ms slow, 400 ppm fast", "set back by 40 ms", "9 hours fast", "9 hours slow"])
@pytest.mark.parametrize("name", ["article-fetch-02", "both-ends-nat", "both-ends-loss-reorder"])
def test_dates_by_the_true_clock(wireshark, name, clock):
    """Whatever the server's clock shows, every report dates its frames as the recording's one clock would, and no
    packet arrives before it is sent."""
    stamps = [nanoseconds(frame["frame.time_epoch"][0]) for frame in wireshark.fields(name, "frame.time_epoch")]
    changed = wireshark.write(f"{name}-dates-{list(CLOCKS).index(clock)}.pcapng", with_clock(name, CLOCKS[clock]))
    told = reports_of(wireshark, changed)
    # By the clock at the client's end, which is right.
    corrected = {event["frame"]: event["corrected_ns"] for event in told["events"]}
    for frame, ns in corrected.items():
        assert abs(ns - stamps[frame - 1]) <= 150_000, frame
    dates = {event["frame"]: event["time"] for event in told["events"]}
    fields = wireshark.fields(changed, "humantime.time")
    sendings = {}
    for entry in told["diary"]:
        assert entry["time"] == dates[entry["frame"]] == fields[entry["frame"] - 1]["humantime.time"][0]
        where, _, direction = entry["milestone"].partition("/")
        if direction == "sent":
            sendings[entry["journey"], where] = entry["ms"]
        elif (entry["journey"], where) in sendings:
            assert entry["ms"] >= sendings[entry["journey"], where], entry
    both = [entry for entry in told["diary"] if entry["milestone"].endswith("/received")
            and (entry["journey"], entry["milestone"].partition("/")[0]) in sendings]  # fmt: skip
    assert len(both) >= 8
    for letter in told["letters"]:
        assert letter["received_ns"] >= letter["sent_ns"]
        for frame, ns in (("sent_frame", "sent_ns"), ("received_frame", "received_ns")):
            assert corrected.get(letter[frame], letter[ns]) == letter[ns]
    order = [entry["ms"] for entry in told["diary"] if entry["journey"] == told["diary"][0]["journey"]]
    assert order == sorted(order), "in order of the dates that are shown"


def test_raw_dates(wireshark):
    """Without correction every report has the times as captured."""
    name, clock = "article-fetch-02", "137 ms fast"
    changed = wireshark.write(f"{name}-raw.pcapng", with_clock(name, CLOCKS[clock]))
    stamps = [nanoseconds(f["frame.time_epoch"][0]) for f in wireshark.fields(changed, "frame.time_epoch")]
    told = reports_of(wireshark, changed, "-o", "humantime.correct_clocks:FALSE")
    starts = {journey["journey"]: stamps[journey["first_frame"] - 1] for journey in told["journeys"]}
    for event in told["events"]:
        assert event["corrected_ns"] == event["time_ns"] == stamps[event["frame"] - 1]
        assert event["time"] == Date(stamps[event["frame"] - 1] - stamps[0]).english()
    for entry in told["diary"]:
        stamp = stamps[entry["frame"] - 1]
        assert entry["time"] == Date(stamp - stamps[0]).english()
        assert round(entry["ms"] * 1e6) == stamp - starts[entry["journey"]]
    days = {(date[1], date[2]) for date in (Date(stamps[e["frame"] - 1] - stamps[0]).parts for e in told["diary"])}
    assert days == {(day["month"], day["day"]) for day in told["calendar"]}
