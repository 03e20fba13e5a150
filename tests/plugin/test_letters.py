# SPDX-License-Identifier: GPL-2.0-or-later
"""Both ends of one recording: every packet has its twin, and the travel times are those that were recorded
by one clock."""

import json

import pytest

from tshark import CAPTURES

TWO_ENDED = sorted(
    path.name.removesuffix(".truth.json")
    for path in CAPTURES.glob("article-fetch-0[1-9].truth.json")
)
FIELDS = (
    "frame.time_epoch", "ip.src", "ip.id", "tcp.seq_raw", "tcp.len", "tcp.stream", "humantime.end",
    "humantime.direction", "humantime.peer_frame", "humantime.travel", "humantime.travel.precision",
    "humantime.travel.error",
)  # fmt: skip


def nanoseconds(seconds):
    whole, _, rest = seconds.partition(".")
    return int(whole) * 10**9 + int(rest.ljust(9, "0")[:9])


@pytest.mark.parametrize("name", TWO_ENDED)
def test_travel(wireshark, name):
    frames = wireshark.fields(name, *FIELDS)
    truth = json.loads((CAPTURES / f"{name}.truth.json").read_text(encoding="utf-8"))
    measured = truth["one_way_ns_measured"]
    packets = {"client": 0, "server": 0}
    least = {}
    for number, frame in enumerate(frames, 1):
        if not frame["tcp.stream"]:
            continue
        assert frame["humantime.peer_frame"], f"frame {number} has no twin"
        peer = frames[int(frame["humantime.peer_frame"][0]) - 1]
        assert peer["humantime.peer_frame"] == [str(number)]
        assert peer["humantime.end"] != frame["humantime.end"]
        for field in ("ip.src", "ip.id", "tcp.seq_raw", "tcp.len"):
            assert peer[field] == frame[field], f"frame {number}: {field}"
        if frame["humantime.direction"] != ["sent"]:
            continue
        end = frame["humantime.end"][0]
        packets[end] += 1
        raw = nanoseconds(peer["frame.time_epoch"][0]) - nanoseconds(frame["frame.time_epoch"][0])
        travel = nanoseconds(frame["humantime.travel"][0])
        least[end] = min(least.get(end, raw), raw)
        # The interfaces have one clock: what is corrected is within the error, and never below nothing.
        assert abs(travel - raw) <= nanoseconds(frame["humantime.travel.error"][0])
        assert travel > 0
        assert nanoseconds(frame["humantime.travel.precision"][0]) < 100_000
    there = measured["from the client to the server"]
    back = measured["from the server to the client"]
    assert packets == {"client": there["packets"], "server": back["packets"]}
    assert least == {"client": there["min"], "server": back["min"]}


def test_blank_on_the_first_pass(wireshark):
    for frame in wireshark.fields(TWO_ENDED[0], *FIELDS[6:], two_pass=False):
        assert not any(frame.values()), "what a later frame may tell is not guessed"


def test_raw_times(wireshark):
    raw = wireshark.fields(
        TWO_ENDED[0], "frame.time_epoch", "humantime.peer_frame", "humantime.travel", "humantime.direction",
        options=("-o", "humantime.correct_clocks:FALSE"),
    )  # fmt: skip
    for frame in raw:
        if frame["humantime.peer_frame"] and frame["humantime.direction"] == ["sent"]:
            peer = raw[int(frame["humantime.peer_frame"][0]) - 1]
            way = nanoseconds(peer["frame.time_epoch"][0]) - nanoseconds(frame["frame.time_epoch"][0])
            assert nanoseconds(frame["humantime.travel"][0]) == way


def test_light_bound(wireshark):
    def error(*options):
        frames = wireshark.fields(TWO_ENDED[0], "humantime.travel.error", "tcp.stream", options=options)
        return next(nanoseconds(f["humantime.travel.error"][0]) for f in frames if f["tcp.stream"])

    bound = error() - error("-o", "humantime.distance_km:1177.3")
    assert 5_880_000 < bound < 5_900_000


LIGHT = "humantime.faster_than_light"


def distance_of(way_ns):
    """As far as light goes in fibre in so many nanoseconds: kilometres."""
    return f"{way_ns * 299_792.458e-9 / 1.5:.6f}"


def ways(wireshark, *options):
    """By receipt, how long after its sending it was captured: by the time stamps, and by tshark's word for who
    sent."""
    frames = wireshark.fields(TWO_ENDED[0], "frame.time_epoch", "humantime.peer_frame", "humantime.direction",
                              "humantime.travel", options=options)  # fmt: skip
    told = {}
    for number, frame in enumerate(frames, 1):
        if frame["humantime.direction"] == ["received"] and frame["humantime.peer_frame"]:
            sent = frames[int(frame["humantime.peer_frame"][0]) - 1]
            captured = nanoseconds(frame["frame.time_epoch"][0]) - nanoseconds(sent["frame.time_epoch"][0])
            told[number] = captured, nanoseconds(frame["humantime.travel"][0])
    return told


def warned(wireshark, *options, two_pass=True, passes=LIGHT):
    rows = wireshark.fields(TWO_ENDED[0], "frame.number", "_ws.expert.message", options=(*options, "-Y", passes),
                            two_pass=two_pass)  # fmt: skip
    return {int(row["frame.number"][0]): row["_ws.expert.message"] for row in rows}


@pytest.mark.parametrize("correct", ["TRUE", "FALSE"])
def test_faster_than_light(wireshark, correct):
    """A distance that light would have taken longer for than half of the receipts took: those are warned of, by the
    expert field, by a filter and by tshark's statistic."""
    clocks = ("-o", f"humantime.correct_clocks:{correct}")
    travels = {number: way[correct == "TRUE"] for number, way in ways(wireshark, *clocks).items()}
    bound = sorted(travels.values())[len(travels) // 2] + 500
    options = (*clocks, "-o", f"humantime.distance_km:{distance_of(bound)}")
    expected = {number for number, way in travels.items() if way < bound}
    assert 10 < len(expected) < len(travels)
    told = warned(wireshark, *options)
    assert set(told) == expected
    for number, messages in told.items():
        way, light = (f"{ns / 1e6:.3f} ms" for ns in (travels[number], bound))
        assert any(way in message and light in message and "wrong" in message for message in messages), messages
    assert set(warned(wireshark, *options, passes='_ws.expert.message contains "light"')) == expected
    statistic = wireshark.tshark(TWO_ENDED[0], *options, "-q", "-z", "expert")
    lines = [line for line in statistic.splitlines() if "light" in line]
    assert sum(int(line.split()[0]) for line in lines) == len(expected)
    assert statistic.index("Warns") < statistic.index(lines[0])


def test_no_warning_of_light(wireshark):
    """Not where the distance is not set, where packets took longer, or on the first pass, which does not know yet."""
    fastest = min(travel for _, travel in ways(wireshark).values())
    near, far = (("-o", f"humantime.distance_km:{distance_of(fastest + ns)}") for ns in (-2000, 2000))
    assert not warned(wireshark)
    assert not warned(wireshark, *near)
    assert warned(wireshark, *far)
    assert not warned(wireshark, *far, two_pass=False)
    assert "light" not in wireshark.tshark(TWO_ENDED[0], *near, "-q", "-z", "expert")


@pytest.mark.parametrize(
    "preference", ["distance_km:far", "distance_km:-1", "refractive_index:0.5", "refractive_index:1,5"]
)
def test_numbers_that_are_none(wireshark, preference):
    result = wireshark.run(
        "tshark", "-r", wireshark.readable(TWO_ENDED[0]), "-o", f"humantime.{preference}", "-c", "1"
    )
    assert result.status != 0
    assert f"humantime.{preference.split(':')[0]}" in result.stderr


def test_capture_position(wireshark):
    ends = wireshark.fields(
        "article-fetch-01-client", "humantime.end", "tcp.stream",
        options=("-o", "humantime.capture_position:server"),
    )  # fmt: skip
    assert {tuple(f["humantime.end"]) for f in ends if f["tcp.stream"]} == {("server",)}
