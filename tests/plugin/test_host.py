# SPDX-License-Identifier: GPL-2.0-or-later
"""What the host does with a capture besides reading it once from its first packet to its last."""

import random
import struct

import pytest

import pcapng
from calendar365 import Date, nanoseconds
from oracle import OPTIONS
from tshark import Sharkd, capture_names, capture_path, keys_path

FIELDS = ("humantime.phase", "humantime.stage", "humantime.time", "humantime.milestone")
TWO_ENDED = [name for name in capture_names() if {f"{name}-client", f"{name}-server"} <= set(capture_names())]


def phases(wireshark, capture, *options, **keywords):
    rows = wireshark.fields(capture, *FIELDS, options=options, **keywords)
    return [row["humantime.phase"] for row in rows]


def lanes(tokens):
    return {token.split(".")[0] for frame in tokens for token in frame}


def packets(name):
    """The blocks before the first packet, and the packets."""
    blocks = pcapng.read(capture_path(name))
    head = [block for block in blocks if block.kind in (pcapng.SECTION, pcapng.INTERFACE)]
    return head, [block for block in blocks if block.kind == pcapng.PACKET]


# -- time


@pytest.fixture(scope="module")
def backwards(wireshark):
    """The second half of a capture, then the first."""
    head, frames = packets("tcp-half-close")
    half = len(frames) // 2
    return (
        wireshark.write("backwards.pcapng", pcapng.join(head + frames[half:] + frames[:half])),
        len(frames) - half,
    )


def test_before_the_origin(wireshark, backwards):
    capture, behind = backwards
    rows = wireshark.fields(capture, "frame.time_epoch", "humantime.time", "humantime.year")
    origin = nanoseconds(rows[0]["frame.time_epoch"][0])
    dates = [Date(nanoseconds(row["frame.time_epoch"][0]) - origin) for row in rows]
    assert [row["humantime.time"] for row in rows] == [[date.english()] for date in dates]
    years = [int(row["humantime.year"][0]) for row in rows]
    assert min(years[:behind]) == 1 and max(years[behind:]) <= 0
    japanese = wireshark.fields(capture, "humantime.time", options=("-o", "humantime.language:ja"))
    assert [row["humantime.time"] for row in japanese] == [[date.japanese()] for date in dates]


def test_long_before_the_origin(wireshark):
    """Years 0, -1 and further: two recordings of different days, the later one first."""
    capture = wireshark.scratch / "days.pcapng"
    names = ["http-plain", "tcp-syn-timeout"]
    names.sort(
        key=lambda name: wireshark.fields(name, "frame.time_epoch")[0]["frame.time_epoch"], reverse=True
    )
    wireshark.output("mergecap", "-a", "-w", capture, *(wireshark.readable(name) for name in names))
    rows = wireshark.fields(capture, "frame.time_epoch", "humantime.time", "humantime.year")
    origin = nanoseconds(rows[0]["frame.time_epoch"][0])
    assert [row["humantime.time"] for row in rows] == [
        [Date(nanoseconds(row["frame.time_epoch"][0]) - origin).english()] for row in rows
    ]
    assert any(row["humantime.time"][0].startswith("Year -") for row in rows)


def test_time_backwards_is_noted(wireshark, backwards):
    capture, behind = backwards
    rows = wireshark.fields(capture, "frame.number", options=("-Y", "humantime.time_backwards"))
    assert [row["frame.number"] for row in rows] == [[str(behind + 1)]]
    for passes in (True, False):
        text = wireshark.tshark(capture, "-q", "-z", "expert,note", two_pass=passes)
        assert [line.split()[0] for line in text.splitlines() if "Time runs backwards" in line] == ["1"]
    assert "Time runs backwards" not in wireshark.tshark("tcp-half-close", "-q", "-z", "expert,note")


def test_time_shift_of_the_file(wireshark):
    """editcap -t moves every packet: the dates are the same."""
    shifted = wireshark.scratch / "shifted.pcapng"
    wireshark.output("editcap", "-t", "-86400.5", wireshark.readable("http-plain"), shifted)
    assert wireshark.fields(shifted, *FIELDS) == wireshark.fields("http-plain", *FIELDS)


def test_time_references(wireshark):
    """sharkd can set them for its list of frames (Time Shift it cannot, nor tshark): they are the origin if
    the preference says so. Phases stay."""
    columns = {
        "column0": "humantime.time:1",
        "column1": "humantime.phase:0",
        "column2": "frame.time_relative:1",
    }
    with Sharkd(wireshark) as sharkd:
        sharkd.ask("load", file=str(wireshark.readable("tcp-syn-loss")))
        plain = sharkd.ask("frames", **columns)
        assert [row["c"][:2] for row in sharkd.ask("frames", refs="3,5", **columns)] == [
            row["c"][:2] for row in plain
        ]
        sharkd.ask("setconf", name="humantime.origin", value="reference")
        assert sharkd.ask("frames", **columns) == plain
        rows = sharkd.ask("frames", refs="3,5", **columns)
    assert [row["c"][1] for row in rows] == [row["c"][1] for row in plain]
    assert [row["c"][0] for row in rows] == [Date(nanoseconds(row["c"][2])).english() for row in rows]
    assert rows[2]["c"][0] == rows[4]["c"][0] == "Jan 1, 00:00:00"


# -- other orders


def shown(answer):
    """{field: values} of our part of sharkd's packet details."""
    found = {}

    def walk(nodes):
        for node in nodes:
            name, equals, value = node.get("f", "").partition(" == ")
            if equals and name.startswith("humantime."):
                found.setdefault(name, []).append(value.strip('"'))
            walk(node.get("n", []))

    walk(answer["tree"])
    return found


@pytest.mark.parametrize("name", ["http-plain", "http-close-delimited", "tcp-loss", "tcp-mirror-duplicate"])
def test_random_access(wireshark, name):
    """In whatever order frames are asked for, they say what two passes say."""
    expected = wireshark.fields(name, *FIELDS)
    order = list(range(1, len(expected) + 1)) * 2
    random.Random(name).shuffle(order)
    with Sharkd(wireshark) as sharkd:
        sharkd.ask("load", file=str(wireshark.readable(name)))
        for number in order:
            told = shown(sharkd.ask("frame", frame=number, proto=True))
            assert {field: told.get(field, []) for field in FIELDS} == expected[number - 1], f"frame {number}"


def test_reload(wireshark):
    """The same file again, another one, and the first again: nothing is left of the one before."""
    with Sharkd(wireshark) as sharkd:
        for name in ("tcp-loss", "tcp-loss", "http-pipelined", "tcp-loss", "dns-iterative"):
            sharkd.ask("load", file=str(wireshark.readable(name)))
            rows = sharkd.ask("frames", column0="humantime.phase:0", column1="humantime.time:1")
            expected = wireshark.fields(name, *FIELDS)
            assert [row["c"][0] for row in rows] == [",".join(row["humantime.phase"]) for row in expected]
            assert [row["c"][1] for row in rows] == [row["humantime.time"][0] for row in expected]


def test_preferences_later(wireshark):
    """Dates are made when they are shown: a preference needs no new reading."""
    with Sharkd(wireshark) as sharkd:
        sharkd.ask("load", file=str(wireshark.readable("tcp-syn-timeout")))
        for option, value in (("seconds_per_year", "10"), ("language", "ja"), ("seconds_per_year", "1")):
            sharkd.ask("setconf", name=f"humantime.{option}", value=value)
        rows = sharkd.ask("frames", column0="humantime.time:1")
    expected = wireshark.fields("tcp-syn-timeout", "humantime.time", options=("-o", "humantime.language:ja"))
    assert [row["c"] for row in rows] == [row["humantime.time"] for row in expected]


# -- other words about the protocols


@pytest.mark.parametrize(
    "name, rule", [("http-plain", "tcp.port==80,data"), ("http-odd-port", "tcp.port==4711,data")]
)
def test_decode_as_something_else(wireshark, name, rule):
    """The user says that it is no HTTP: then it is data. What TCP does stays."""
    before, after = phases(wireshark, name), phases(wireshark, name, "-d", rule)
    assert "http" in lanes(before) and "http" not in lanes(after)
    for was, now in zip(before, after, strict=True):
        upper = [token for token in was if token.startswith("http.")]
        rest = [token for token in was if not token.startswith("http.")]
        assert sorted(now) == sorted(rest + ["tcp.data"] * bool(upper))


def test_decode_as_http(wireshark):
    """On a port that no protocol is known for, the user's word changes nothing: the bytes said so before."""
    assert phases(wireshark, "http-odd-port", "-d", "tcp.port==4711,http") == phases(
        wireshark, "http-odd-port"
    )


def test_decode_as_of_another_port(wireshark):
    """The word is about another connection."""
    assert phases(wireshark, "http-plain", "-d", "tcp.port==8088,data") == phases(wireshark, "http-plain")


@pytest.mark.parametrize(
    "name, protocol",
    [("http-plain", "http"), ("dns-tcp", "dns"), ("arp-probe-announcement", "arp"), ("dhcp", "dhcp")],
)
def test_disabled_protocol(wireshark, name, protocol):
    before, after = phases(wireshark, name), phases(wireshark, name, "--disable-protocol", protocol)
    assert lanes(before) - lanes(after) == {protocol}
    others = [[t for t in frame if not t.startswith((f"{protocol}.", "tcp.data"))] for frame in before]
    assert [[t for t in frame if t != "tcp.data"] for frame in after] == others


def test_disabled_plugin(wireshark):
    rows = wireshark.fields("http-plain", *FIELDS, options=("--disable-protocol", "humantime"))
    assert rows and not any(values for row in rows for values in row.values())
    told = wireshark.tshark(
        "http-plain", "--disable-protocol", "humantime", "-q", "-z", "humantime,events,json"
    )
    assert told == ""


@pytest.mark.parametrize("name", ["http-plain", "tcp-reorder", "http-pipelined", "dns-tcp-pipelined"])
def test_without_desegmentation(wireshark, name):
    """We put the stream together ourselves."""
    without = phases(wireshark, name, "-o", "tcp.desegment_tcp_streams:FALSE")
    assert without == phases(wireshark, name)


def test_without_defragmentation(wireshark):
    """The first fragment holds the answer; put together, the last one completes it."""
    together, apart = (
        phases(wireshark, "dns-fragmented", "-o", f"ip.defragment:{way}") for way in ("TRUE", "FALSE")
    )
    pieces = wireshark.fields("dns-fragmented", "ip.flags.mf", "ip.frag_offset")
    pieces = [
        n
        for n, row in enumerate(pieces)
        if row["ip.flags.mf"] == ["1"] or row["ip.frag_offset"] not in ([], ["0"])
    ]
    assert [together[n] for n in pieces] == [[], [], ["dns.answer"]]
    assert [apart[n] for n in pieces] == [["dns.answer"], [], []]
    whole = [n for n in range(len(together)) if n not in pieces]
    assert [together[n] for n in whole] == [apart[n] for n in whole]


# -- read filters

FILTERS = (
    "tcp",
    "arp || dns",
    "http",
    "ip.src == 198.51.100.80",
    "tcp.len > 0",
    "!tcp.flags.syn == 1",
    "tcp.seq > 20000 || tcp.ack > 20000",
    "ip.id & 1",
    "tcp.analysis.flags",
    "frame.len < 100",
    # A gap that nobody acknowledges, both FINs, and not the last ACK.
    "(tcp.len > 0 || tcp.flags.fin == 1 || tcp.flags.syn == 1) && tcp.seq != 14481",
)  # fmt: skip


@pytest.mark.parametrize("text", FILTERS)
@pytest.mark.parametrize("name", ["tcp-loss", "http-close-delimited", "tcp-mirror-duplicate"])
def test_read_filter(wireshark, name, text):
    """What a read filter throws away was never there: the rest is what a capture of the rest would be. (The
    frames have new numbers, each again and again until one passes.)"""
    rest = wireshark.scratch / f"{name}-{FILTERS.index(text)}.pcapng"
    wireshark.output("tshark", "-r", wireshark.readable(name), "-Y", text, "-w", rest)
    filtered = phases(wireshark, name, "-R", text)
    assert filtered == phases(wireshark, rest)


# -- files


def test_no_timestamps(wireshark):
    """Simple packet blocks have no time: no date, and the same phases."""
    head, frames = packets("tcp-fast-open")
    capture = wireshark.write(
        "timeless.pcapng", pcapng.join(head + [frame.without_time() for frame in frames])
    )
    rows = wireshark.fields(capture, *FIELDS, "humantime.year", "humantime.elapsed")
    assert [row["humantime.phase"] for row in rows] == phases(wireshark, "tcp-fast-open")
    assert not any(
        row[name] for row in rows for name in ("humantime.time", "humantime.year", "humantime.elapsed")
    )
    assert all(event["time"] is None and event["time_ns"] is None for event in wireshark.events(capture))


def test_some_timestamps(wireshark):
    """The year begins with the first frame that has a time; a frame without one is no step back."""
    head, frames = packets("tcp-fast-open")
    timeless = {0, 4, 7}
    mixed = [frame.without_time() if n in timeless else frame for n, frame in enumerate(frames)]
    capture = wireshark.write("mixed.pcapng", pcapng.join(head + mixed))
    rows = wireshark.fields(capture, "frame.time_epoch", *FIELDS)
    assert [row["humantime.phase"] for row in rows] == phases(wireshark, "tcp-fast-open")
    origin = nanoseconds(rows[1]["frame.time_epoch"][0])
    for n, row in enumerate(rows):
        since = None if n in timeless else nanoseconds(row["frame.time_epoch"][0]) - origin
        assert row["humantime.time"] == ([] if since is None else [Date(since).english()]), n + 1
    assert not wireshark.fields(capture, "frame.number", options=("-Y", "humantime.time_backwards"))


def test_records_that_are_no_packets(wireshark):
    """A journal entry and a block of somebody's own between the packets: no phases, and those of the packets
    stay."""
    head, frames = packets("tcp-fast-open")
    entry = pcapng.journal("MESSAGE=between the packets\n__REALTIME_TIMESTAMP=1795285501728055\n")
    between = [frames[0], entry, pcapng.custom(b"whatever"), *frames[1:6], entry, *frames[6:], entry]
    capture = wireshark.write("records.pcapng", pcapng.join(head + between))
    rows = wireshark.fields(capture, "frame.protocols", "humantime.phase", "humantime.time")
    kinds = [row["frame.protocols"][0].split(":")[0] for row in rows]
    assert kinds.count("systemd_journal") == 3, "Wireshark shows journal entries as frames"
    by_kind = lambda *wanted: [
        row["humantime.phase"] for row, kind in zip(rows, kinds) if kind in wanted
    ]  # noqa: E731
    assert by_kind("eth") == phases(wireshark, "tcp-fast-open")
    assert not any(by_kind("systemd_journal", "data"))


def test_several_sections(wireshark):
    """Two pcapng files one behind the other: another section, another place, although addresses and ports
    return."""
    names = ("http-plain", "tcp-loss", "http-plain")
    content = b"".join(pcapng.join(pcapng.read(capture_path(name))) for name in names)
    capture = wireshark.write("sections.pcapng", content)
    assert phases(wireshark, capture) == [tokens for name in names for tokens in phases(wireshark, name)]
    sections = [event["vantage"].split(".")[0] for event in wireshark.events(capture)]
    assert sections == sorted(sections) and len(set(sections)) == len(names)


def test_several_link_types(wireshark):
    """Ethernet, cooked of both versions and raw IP in one file."""
    names = ("http-plain", "sll-http", "raw-ip", "sll2-http")
    capture = wireshark.scratch / "links.pcapng"
    files = [wireshark.readable(name) for name in names]
    wireshark.output("mergecap", "-a", "-I", "none", "-w", capture, *files)
    assert phases(wireshark, capture) == [tokens for name in names for tokens in phases(wireshark, name)]


def test_old_pcap_files(wireshark):
    """A format without interfaces and sections."""
    capture = wireshark.scratch / "old.pcap"
    wireshark.output("editcap", "-F", "nsecpcap", wireshark.readable("tcp-loss"), capture)
    assert wireshark.fields(capture, *FIELDS) == wireshark.fields("tcp-loss", *FIELDS)


def empty_captures():
    head, _ = packets("http-plain")
    return {
        "no-packets.pcapng": pcapng.join(head),
        "header-only.pcap": struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1),
        "no-bytes.pcapng": b"",
    }


@pytest.mark.parametrize("name", ["no-packets.pcapng", "header-only.pcap", "no-bytes.pcapng"])
@pytest.mark.parametrize("passes", [(), ("-2",)], ids=["one-pass", "two-pass"])
def test_empty_capture(wireshark, name, passes):
    capture = wireshark.write(name, empty_captures()[name])
    for arguments in ((), ("-q", "-z", "humantime,events,json"), ("-q", "-z", "humantime,tree")):
        result = wireshark.run("tshark", *passes, "-r", capture, *arguments)
        without = wireshark.run("tshark", *passes, "-r", capture, plugin=False)
        assert (result.status, result.stderr) == (without.status, without.stderr)


@pytest.mark.parametrize("name, secrets", [(n, s) for n in TWO_ENDED for s in (False, True) if keys_path(n) or not s])
def test_interfaces_and_live_order(wireshark, name, secrets):
    """Both ends in one file: each frame as its own end alone would tell it, with the secrets of TLS and without.
    Alone, an end is decrypted behind a loss only if Wireshark puts segments in order."""
    options = (*OPTIONS, *wireshark.secrets(name)) if secrets else ()
    interfaces = wireshark.fields(name, "frame.interface_id", "humantime.phase", options=options)
    for number, end in enumerate(("client", "server")):
        ours = [row["humantime.phase"] for row in interfaces if row["frame.interface_id"] == [str(number)]]
        assert ours == phases(wireshark, f"{name}-{end}", *options), f"the {end}'s end"
