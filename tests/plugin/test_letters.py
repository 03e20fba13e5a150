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
