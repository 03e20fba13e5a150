# SPDX-License-Identifier: GPL-2.0-or-later
"""The journeys of a capture of both ends tell what the other end saw: as Wireshark's own fields of the two one-ended
captures say, as the lab's relay wrote down what it dropped, and whatever the server's clock shows."""

import json
import statistics
import struct

import pytest

import pcapng
from test_clocks import CLOCKS, nanoseconds, with_clock
from tshark import CAPTURES, capture_path

MS = 10**6
#: Both clocks of a recording are one. Halves of the wire take equally long but for this much, and both-ends-asymmetric
#: which has 15 ms, half of what its ways differ by.
ALIKE_NS = 150_000
CAPTURED_TWICE = {name: ALIKE_NS for name in ("article-fetch-01", "both-ends-nat", "both-ends-loss-reorder")}
CAPTURED_TWICE["both-ends-asymmetric"] = 15 * MS + ALIKE_NS
FIELDS = ("frame.time_epoch", "frame.len", "ip.id", "tcp.srcport", "tcp.seq_raw", "tcp.ack_raw", "tcp.len", "tcp.flags",
          "tcp.flags.syn", "tls.record.content_type", "tls.handshake.type")  # fmt: skip
OTHER_END = [
    "peer_vantage", "peer_position", "peer_first_frame", "peer_last_frame", "peer_start_ns", "peer_end_ns",
    "peer_start", "peer_end",
    *(f"peer_{stage}_{unit}" for stage in ("connect", "ssl", "send", "wait", "receive", "close")
      for unit in ("ms", "days")),
    "network_wait_ms", "network_wait_days", "peer_segments", "peer_retransmissions", "peer_bytes",
    *(f"{way}_{what}" for way in ("out", "back")
      for what in ("letters", "lost", "unmatched", "retransmissions", "travel_min_ns", "travel_median_ns")),
    "travel_precision_ns", "travel_error_ns", "peer_clock_offset_ns",
]  # fmt: skip


def journeys_of(wireshark, capture, *options):
    text = wireshark.tshark(capture, *options, "-q", "-z", "humantime,journeys,json")
    return [json.loads(line) for line in text.splitlines()]


class End:
    """The segments of a one-ended capture, as Wireshark tells them."""

    def __init__(self, wireshark, name):
        frames = wireshark.fields(name, *FIELDS, plugin=False)
        self.segments = [{key: values[0] if values else "" for key, values in frame.items()} for frame in frames
                         if frame["tcp.len"]]  # fmt: skip
        for segment in self.segments:
            segment["ns"] = nanoseconds(segment["frame.time_epoch"])
            segment["out"] = int(segment["tcp.srcport"]) not in (80, 443)

    def keys(self, out):
        """What identifies a segment at both ends, with its times: translation leaves these alone."""
        times = {}
        for s in self.segments:
            if s["out"] == out:
                times.setdefault(tuple(s[k] for k in ("ip.id", "tcp.seq_raw", "tcp.ack_raw", "tcp.flags", "tcp.len")),
                                 []).append(s["ns"])  # fmt: skip
        return times

    def repeated(self, out):
        """Segments whose bytes had all been sent before."""
        seen, again = set(), 0
        for s in self.segments:
            if s["out"] == out and (int(s["tcp.len"]) or s["tcp.flags.syn"] == "1"):
                again += (s["tcp.seq_raw"], s["tcp.len"]) in seen
                seen.add((s["tcp.seq_raw"], s["tcp.len"]))
        return again

    def wait(self):
        """From the request to the first segment of its response. In TLS: the first application data each way."""
        is_message = (lambda s: s["tls.record.content_type"] == "23") if any(
            s["tls.record.content_type"] for s in self.segments) else (lambda s: int(s["tcp.len"]) > 0)  # fmt: skip
        asked = next(s["ns"] for s in self.segments if s["out"] and is_message(s))
        first = next(s for s in self.segments if not s["out"] and int(s["tcp.len"]) and s["ns"] > asked)
        return first["ns"] - asked


def only_journey(wireshark, capture, *options):
    (journey,) = journeys_of(wireshark, capture, *options)
    return journey


@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize("name", CAPTURED_TWICE)
def test_other_end(wireshark, name, clock):
    near, far = End(wireshark, f"{name}-client"), End(wireshark, f"{name}-server")
    changed = wireshark.write(f"{name}-journeys-{list(CLOCKS).index(clock)}.pcapng", with_clock(name, CLOCKS[clock]))
    told = only_journey(wireshark, changed)
    alike = CAPTURED_TWICE[name]
    assert (told["vantage"], told["position"]) == ("1.0", "client")
    assert (told["peer_vantage"], told["peer_position"]) == ("1.1", "server")

    assert told["peer_segments"] == len(far.segments)
    assert told["peer_bytes"] == sum(int(s["frame.len"]) for s in far.segments)
    assert told["peer_retransmissions"] == far.repeated(True) + far.repeated(False)
    assert (told["out_retransmissions"], told["back_retransmissions"]) == (near.repeated(True), far.repeated(False))

    for way, out in (("out", True), ("back", False)):
        sender, receiver = (near, far) if out else (far, near)
        sent, received = sender.keys(out), receiver.keys(out)
        assert all(len(times) == 1 for times in (*sent.values(), *received.values()))
        travels = [received[key][0] - sent[key][0] for key in sent.keys() & received.keys()]
        assert told[f"{way}_letters"] == len(travels) > 40
        assert told[f"{way}_lost"] == told[f"{way}_unmatched"] == len(sent.keys() - received.keys())
        assert not received.keys() - sent.keys()
        assert abs(told[f"{way}_travel_min_ns"] - min(travels)) <= alike
        assert abs(told[f"{way}_travel_median_ns"] - statistics.median(travels)) <= alike
        assert abs(told[f"{way}_travel_min_ns"] - min(travels)) <= told["travel_error_ns"]
    assert 0 < told["travel_precision_ns"] < ALIKE_NS < told["travel_error_ns"]

    first, last = far.segments[0]["ns"], far.segments[-1]["ns"]
    assert abs(told["peer_start_ns"] - first) <= alike
    assert abs(told["peer_end_ns"] - last) <= alike
    # What one clock timed the other cannot change; a clock that drifts is put right only so well.
    for key, end in (("peer_wait_ms", far), ("wait_ms", near)):
        assert told[key] == pytest.approx(end.wait() / 1e6, abs=0.002), key
    assert told["network_wait_ms"] == pytest.approx((near.wait() - far.wait()) / 1e6, abs=0.004)
    assert told["network_wait_ms"] > 0.9 * told["wait_ms"], "a server that has its file at hand does not think long"


@pytest.mark.parametrize("clock", ["true", "137 ms fast", "21 ms slow, 400 ppm fast", "9 hours fast", "9 hours slow"])
def test_clock_offset(wireshark, clock):
    """What the server's clock shows more, when it sees its first packet, against what it was set to."""
    name = "article-fetch-02"
    changed = wireshark.write(f"{name}-offset-{list(CLOCKS).index(clock)}.pcapng", with_clock(name, CLOCKS[clock]))
    told = only_journey(wireshark, changed)
    stamps = [nanoseconds(f["frame.time_epoch"][0]) for f in wireshark.fields(name, "frame.time_epoch")]
    passed = stamps[told["peer_first_frame"] - 1] - stamps[0]
    assert abs(told["peer_clock_offset_ns"] - (CLOCKS[clock](passed, 0) - passed)) <= ALIKE_NS


def test_what_the_relay_dropped(wireshark):
    """The lab wrote down which packets never went on."""
    truth = json.loads((CAPTURES / "both-ends-loss-reorder.truth.json").read_text(encoding="utf-8"))
    dropped = [entry["rule"]["from"] for entry in truth["relay"] if entry["rule"]["do"] == "drop"]
    told = only_journey(wireshark, "both-ends-loss-reorder")
    assert (told["out_lost"], told["back_lost"]) == (dropped.count("a"), dropped.count("b")) == (1, 2)


@pytest.mark.parametrize("run", range(1, 11))
def test_measured_ways(wireshark, run):
    """The recorder's own measurement of the ten runs, by the one clock that both ends have."""
    name = f"article-fetch-{run:02}"
    measured = json.loads((CAPTURES / f"{name}.truth.json").read_text(encoding="utf-8"))["one_way_ns_measured"]
    told = only_journey(wireshark, name)
    raw = only_journey(wireshark, name, "-o", "humantime.correct_clocks:FALSE")
    for way, key in (("out", "from the client to the server"), ("back", "from the server to the client")):
        assert told[f"{way}_letters"] == measured[key]["packets"]
        assert raw[f"{way}_travel_min_ns"] == measured[key]["min"]
        # Of an even number of packets the recorder takes one of the middle ones.
        assert abs(raw[f"{way}_travel_median_ns"] - measured[key]["median"]) < 100_000
        for which in ("min", "median"):
            assert abs(told[f"{way}_travel_{which}_ns"] - measured[key][which]) < ALIKE_NS
    assert raw["travel_precision_ns"] is raw["travel_error_ns"] is raw["peer_clock_offset_ns"] is None


@pytest.mark.parametrize("name", ["article-fetch-01-client", "article-fetch-01-server", "both-ends-nat-server"])
def test_one_end(wireshark, name):
    told = only_journey(wireshark, name)
    assert told["position"] == name.rpartition("-")[2]
    assert list(told)[-len(OTHER_END) :] == OTHER_END
    assert {told[column] for column in OTHER_END} == {None}
    text = wireshark.tshark(name, "-q", "-z", "humantime,journeys")
    assert len(text.splitlines()) == 4


def test_csv_has_the_columns_of_json(wireshark):
    head = wireshark.tshark("article-fetch-02", "-q", "-z", "humantime,journeys,csv").splitlines()[0]
    assert head.split(",") == list(only_journey(wireshark, "article-fetch-02"))


# -- more than two places


def in_the_middle(block, delay_ns):
    """The packet as a router's interface saw it: later, with one hop less."""
    packet = bytearray(block.data)
    assert packet[12:14] == b"\x08\x00"
    packet[22] -= 1
    # RFC 1624: the checksum of a header whose hop limit went down by one.
    checksum = struct.unpack_from(">H", packet, 24)[0] + 0x100
    struct.pack_into(">H", packet, 24, (checksum & 0xFFFF) + (checksum >> 16))
    padded = bytes(packet) + b"\0" * (-len(packet) % 4)
    at = block.ticks + delay_ns
    head = struct.pack("<IIIII", 2, at >> 32, at & 0xFFFFFFFF, len(packet), block.length)
    return pcapng.Block(pcapng.PACKET, head + padded)


def with_router(name, without=()):
    """The capture with a third interface, on a router next to the client; of the others without some."""
    blocks = pcapng.read(capture_path(name))
    interface = next(block for block in blocks if block.kind == pcapng.INTERFACE)
    others, packets = [], []
    for block in blocks:
        if block.kind != pcapng.PACKET:
            others.append(block)
            continue
        if block.interface not in without:
            packets.append(block)
        is_tcp = block.data[12:14] == b"\x08\x00" and block.data[23] == 6
        if block.interface == 0 and is_tcp:
            out = block.data[26:30] == bytes([192, 0, 2, 10])
            packets.append(in_the_middle(block, MS if out else -MS))
    others.insert(1 + sum(block.kind == pcapng.INTERFACE for block in blocks), interface)
    return pcapng.join(others + sorted(packets, key=lambda block: block.ticks))


def test_the_far_end_of_three(wireshark):
    """Between client and router is no other end: with a router's capture in the same file the server is still the
    other one, and what was lost behind the router is lost."""
    for name in ("article-fetch-02", "both-ends-loss-reorder"):
        two = only_journey(wireshark, name)
        three = only_journey(wireshark, wireshark.write(f"{name}-three.pcapng", with_router(name)))
        assert (three["peer_vantage"], three["peer_position"]) == ("1.1", "server")
        same = [key for key in OTHER_END if not key.endswith("_frame") and "travel" not in key
                and "clock" not in key and "start" not in key and "end" not in key]  # fmt: skip
        for key in same:
            if isinstance(two[key], float):
                assert three[key] == pytest.approx(two[key], abs=0.01), key
            else:
                assert three[key] == two[key], key
        for way in ("out", "back"):
            assert abs(three[f"{way}_travel_median_ns"] - two[f"{way}_travel_median_ns"]) <= ALIKE_NS


def test_a_router_alone(wireshark):
    """Where nobody captured at the server, the router is the other place, and is called what it is."""
    name = "article-fetch-02"
    capture = wireshark.write(f"{name}-router.pcapng", with_router(name, without=(1,)))
    told = only_journey(wireshark, capture)
    assert (told["vantage"], told["position"]) == ("1.0", "client")
    assert (told["peer_vantage"], told["peer_position"]) == ("1.2", "middle")
    assert told["out_letters"] + told["back_letters"] == told["segments"] == told["peer_segments"]
    for way in ("out", "back"):
        assert abs(told[f"{way}_travel_median_ns"] - MS) < 10_000
    text = wireshark.tshark(capture, "-q", "-z", "humantime,journeys")
    assert "at interface 1.2" in text and "Wait: server" not in text


# -- text


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", ["article-fetch-02", "both-ends-loss-reorder"])
def test_text(wireshark, name, language):
    """The same numbers as in JSON, under the columns that they have for the first end."""
    told = only_journey(wireshark, name)
    options = ("-o", f"humantime.language:{language}")
    lines = wireshark.tshark(name, *options, "-q", "-z", "humantime,journeys").splitlines()
    (row,) = [line for line in lines if {"en": "at the server's end", "ja": "サーバー側"}[language] in line]
    stages = [told["peer_connect_days"], told["peer_ssl_days"], told["peer_send_days"], told["peer_wait_days"],
              told["peer_receive_days"], told["peer_close_days"]]  # fmt: skip
    shown = row.split()[-8:-2]
    for days, cell in zip(stages, shown):
        assert cell == "–" if days is None else float(cell) == pytest.approx(days, abs=0.06)
    said = "".join(lines[lines.index(row) + 1 :]).replace(" ", "")
    for way in ("out", "back"):
        assert f"{told[f'{way}_letters']}{'letters' if language == 'en' and way == 'out' else ''}" in said
        assert f"{told[f'{way}_travel_median_ns'] // 1000 / 1000:.3f}ms" in said
        if told[f"{way}_lost"]:
            assert {"en": f"{told[f'{way}_lost']}lost", "ja": f"紛失{told[f'{way}_lost']}"}[language] in said
