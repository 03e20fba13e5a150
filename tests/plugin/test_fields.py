# SPDX-License-Identifier: GPL-2.0-or-later
"""The fields: which there are, what they hold, what each pass knows, and that every output has them."""

import csv
import json
import xml.etree.ElementTree as ElementTree
from collections import Counter

import pytest

from calendar365 import Date, nanoseconds, seconds
from tshark import ROOT, capture_names, has_several_interfaces

NAMES = capture_names()

SEVERAL_INTERFACES = [name for name in NAMES if has_several_interfaces(name)]
TYPES = {
    "humantime.phase": "FT_STRING",
    "humantime.stage": "FT_STRING",
    "humantime.lane": "FT_STRING",
    "humantime.inferred": "FT_BOOLEAN",
    "humantime.time": "FT_STRING",
    "humantime.year": "FT_INT64",
    "humantime.month": "FT_UINT8",
    "humantime.day": "FT_UINT8",
    "humantime.hour": "FT_UINT8",
    "humantime.minute": "FT_UINT8",
    "humantime.second": "FT_UINT8",
    "humantime.elapsed": "FT_RELATIVE_TIME",
    "humantime.handshake": "FT_STRING",
    "humantime.handshake.rtts": "FT_UINT8",
    "humantime.handshake.time": "FT_RELATIVE_TIME",
    "humantime.journey": "FT_UINT32",
    "humantime.journey.name": "FT_STRING",
    "humantime.journey.time": "FT_STRING",
    "humantime.journey.elapsed": "FT_RELATIVE_TIME",
    "humantime.end": "FT_STRING",
    "humantime.direction": "FT_STRING",
    "humantime.peer_frame": "FT_FRAMENUM",
    "humantime.travel": "FT_RELATIVE_TIME",
    "humantime.travel.human": "FT_STRING",
    "humantime.travel.precision": "FT_RELATIVE_TIME",
    "humantime.travel.error": "FT_RELATIVE_TIME",
    "humantime.milestone": "FT_STRING",
}
TOKENS = ("humantime.phase", "humantime.stage", "humantime.lane", "humantime.inferred")
PARTS = tuple("humantime." + part for part in ("year", "month", "day", "hour", "minute", "second"))
DATE = ("frame.time_epoch", "humantime.time", *PARTS, "humantime.elapsed")
INTERFACE = "frame.interface_id"
AS_CAPTURED = ("-o", "humantime.correct_clocks:FALSE")


@pytest.fixture(scope="module")
def phases():
    """tests/data/phases.tsv by token."""
    with open(ROOT / "tests" / "data" / "phases.tsv", encoding="utf-8", newline="") as table:
        return {row["token"]: row for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)}


def everything(wireshark, name, two_pass=True, options=()):
    """All fields at once, so that tshark runs once for each capture and pass."""
    return wireshark.fields(name, *TOKENS, *DATE, INTERFACE, two_pass=two_pass, options=options)


def of_phases(wireshark, name, two_pass=True, options=()):
    """For each frame the list of its (phase, stage, lane, inferred)."""
    rows = everything(wireshark, name, two_pass, options)
    for row in rows:
        assert (
            len({len(row[field]) for field in TOKENS}) == 1
        ), f"each phase has its stage, lane, inferred: {row}"
    return [list(zip(*(row[field] for field in TOKENS))) for row in rows]


def frames_by_filter(wireshark, name, text):
    return [
        int(row["frame.number"][0]) for row in wireshark.fields(name, "frame.number", options=("-Y", text))
    ]


def test_registered(wireshark):
    """`tshark -G fields`: kind, name, filter name, type, protocol."""
    rows = [line.split("\t") for line in wireshark.output("tshark", "-G", "fields").splitlines()]
    ours = {row[2]: row for row in rows if row[0] == "F" and row[4] == "humantime"}
    expert = {"humantime.time_backwards", "humantime.faster_than_light"}
    assert {name: row[3] for name, row in ours.items() if name not in expert} == TYPES
    assert expert <= set(ours)
    assert ["P", "Humantime Year Timeline", "humantime"] in [row[:3] for row in rows]


def test_absent_without_the_plugin(wireshark):
    assert "humantime" not in wireshark.output("tshark", "-G", "protocols", plugin=False)


# -- what the phases' fields hold


@pytest.mark.parametrize("name", NAMES)
def test_tokens_belong_together(wireshark, phases, name):
    """Only tokens of the table, with their lanes and, where the table says one, their stages."""
    stages = {row["stage"] for row in phases.values()} - {"(stage of the moment)"} | {"other", "wait"}
    for number, marks in enumerate(of_phases(wireshark, name), 1):
        for phase, stage, lane, inferred in marks:
            row = phases[phase]
            assert lane == row["lane"], (number, phase)
            assert stage in stages, (number, phase)
            if not row["stage"].startswith("("):
                assert stage == row["stage"], (number, phase)
            assert inferred in ("0", "1")


ORDER = {
    "tcp.handshake_ack": 0,
    "tcp.fin_ack": 0,
    "tcp.syn": 1,
    "tcp.syn_ack": 1,
    "tcp.data": 3,
    "tcp.fin": 4,
}


def place(token):
    return ORDER.get(token, 5 if token == "tcp.rst" else 2 if token.startswith("tcp.") else 3)


STATES = {
    "tcp.ack", "tcp.data", "http.request_body", "http.response_body", "http.upgraded", "http.tunnel",
    "tls.application_data", "tls.encrypted_handshake",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_order_in_a_frame(wireshark, name):
    """What an acknowledgment completes, SYN, trouble, payload, FIN, RST; states once."""
    for number, marks in enumerate(of_phases(wireshark, name), 1):
        tokens = [mark[0] for mark in marks]
        assert [place(token) for token in tokens] == sorted(place(token) for token in tokens), (
            number,
            tokens,
        )
        for token, count in Counter(tokens).items():
            assert count == 1 or (token not in STATES and not token.startswith("tcp.")), (number, tokens)


@pytest.mark.parametrize("name", NAMES)
def test_one_pass_is_never_wrong(wireshark, name):
    """One pass tells what is settled when the frame goes by: two passes tell the same, and the rest."""
    early, late = of_phases(wireshark, name, two_pass=False), of_phases(wireshark, name)
    assert len(early) == len(late)
    for number, (before, after) in enumerate(zip(early, late), 1):
        assert not Counter(before) - Counter(
            after
        ), f"frame {number}: one pass says {before}, two say {after}"


def test_one_pass_leaves_blank_what_is_not_settled(wireshark):
    """A response without a length: whether a segment is its last only the FIN tells."""
    early, late = (of_phases(wireshark, "http-close-delimited", passes) for passes in (False, True))
    assert any(mark[0] == "http.response_end" for marks in late for mark in marks)
    assert early != late


@pytest.mark.parametrize("name", ["journey-dns-retry", "http-two-ended"])
def test_milestones(wireshark, name):
    """The second pass tells what the report tells. The first one cannot know it: which packet of its phase
    one is, earlier ones of a merged file may yet come."""
    rows = wireshark.fields(name, "frame.number", "humantime.milestone")
    told = {int(row["frame.number"][0]): row["humantime.milestone"] for row in rows if row["humantime.milestone"]}
    events = wireshark.events(name)
    assert told == {event["frame"]: event["milestones"] for event in events if event["milestones"]}
    assert len(told) > 8
    early = wireshark.fields(name, "humantime.milestone", two_pass=False)
    assert not any(row["humantime.milestone"] for row in early)
    some = next(iter(told.values()))[0]
    assert frames_by_filter(wireshark, name, f'humantime.milestone == "{some}"') == [
        frame for frame, milestones in told.items() if some in milestones
    ]


# -- dates


@pytest.mark.parametrize("name", NAMES)
def test_dates(wireshark, name):
    """As captured, each date is the floor of the time since the first frame, in exact integers; in one pass as in
    two. Where one clock was captured there is nothing to correct."""
    raw = AS_CAPTURED if name in SEVERAL_INTERFACES else ()
    rows = everything(wireshark, name, options=raw)
    assert raw or len({tuple(row[INTERFACE]) for row in rows}) == 1
    origin = nanoseconds(rows[0]["frame.time_epoch"][0])
    for number, row in enumerate(rows, 1):
        date = Date(nanoseconds(row["frame.time_epoch"][0]) - origin)
        assert [row[part] for part in PARTS] == [[str(part)] for part in date.parts], number
        assert row["humantime.time"] == [date.english()], number
        assert row["humantime.elapsed"] == [seconds(date.elapsed)], number
    one_pass = everything(wireshark, name, two_pass=False, options=raw)
    assert [[row[field] for field in DATE] for row in one_pass] == [
        [row[field] for field in DATE] for row in rows
    ]


@pytest.mark.parametrize("name", SEVERAL_INTERFACES)
def test_dates_by_corrected_clocks(wireshark, name):
    """Two passes tell corrected dates, the same as the report of the events. One pass cannot know what another clock
    than that of the first frame shows: it leaves those blank, and tells the others."""
    rows = everything(wireshark, name)
    interfaces = [row[INTERFACE] for row in rows]
    corrected = {event["frame"]: event["corrected_ns"] for event in wireshark.events(name)}
    # Where the first frame has no phase the report does not tell it: its interface's clock is as good.
    origin = corrected.get(1, nanoseconds(rows[0]["frame.time_epoch"][0]))
    for number, row in enumerate(rows, 1):
        if number not in corrected:
            continue
        date = Date(corrected[number] - origin)
        assert row["humantime.time"] == [date.english()], number
        assert row["humantime.elapsed"] == [seconds(date.elapsed)], number
    one_pass = everything(wireshark, name, two_pass=False)
    for number, (early, late, interface) in enumerate(zip(one_pass, rows, interfaces), 1):
        if interface == interfaces[0]:
            assert early["humantime.time"] == late["humantime.time"], number
            assert early["humantime.elapsed"] == late["humantime.elapsed"], number
        else:
            assert not early["humantime.time"] and not early["humantime.elapsed"], number


@pytest.mark.parametrize("per_year", [1, 2, 7, 86400, 4294967295])
def test_seconds_per_year(wireshark, per_year):
    rows = wireshark.fields(
        "tcp-syn-timeout", *DATE, options=("-o", f"humantime.seconds_per_year:{per_year}")
    )
    origin = nanoseconds(rows[0]["frame.time_epoch"][0])
    dates = [Date(nanoseconds(row["frame.time_epoch"][0]) - origin, per_year) for row in rows]
    assert [row["humantime.time"][0] for row in rows] == [date.english() for date in dates]
    assert [row["humantime.elapsed"][0] for row in rows] == [seconds(date.elapsed) for date in dates]
    assert (dates[-1].parts[0] > 1) == (per_year < 8), "eight seconds pass in this capture"


def test_years_beyond_the_first(wireshark):
    rows = wireshark.fields("tcp-syn-timeout", "humantime.time", "humantime.year")
    assert {int(row["humantime.year"][0]) for row in rows} >= {1, 2, 3, 5}
    for row in rows:
        year = row["humantime.year"][0]
        assert row["humantime.time"][0].startswith(f"Year {year}, ") == (year != "1")


@pytest.mark.parametrize("name", ["http-plain", "tcp-syn-timeout"])
def test_japanese(wireshark, name):
    options = ("-o", "humantime.language:ja")
    rows = wireshark.fields(name, "frame.time_epoch", "humantime.time", *TOKENS, options=options)
    origin = nanoseconds(rows[0]["frame.time_epoch"][0])
    for row in rows:
        assert row["humantime.time"] == [Date(nanoseconds(row["frame.time_epoch"][0]) - origin).japanese()]
    # The tokens are names for filters, the same in every language.
    assert of_phases(wireshark, name, options=options) == of_phases(wireshark, name)


def test_labels(wireshark, phases):
    """The packet details say the phase in words, in either language."""
    for language, column in (("en", "en"), ("ja", "ja")):
        text = wireshark.tshark(
            "http-plain",
            "-o",
            f"humantime.language:{language}",
            "-O",
            "humantime",
            "-Y",
            'humantime.phase == "tcp.syn"',
        )
        assert f"tcp.syn ({phases['tcp.syn'][column]})" in text


# -- filters


def test_filters(wireshark):
    marks = of_phases(wireshark, "http-plain")
    numbers = range(1, len(marks) + 1)
    having = lambda index, value: [
        n for n in numbers if value in [mark[index] for mark in marks[n - 1]]
    ]  # noqa: E731
    assert (
        frames_by_filter(wireshark, "http-plain", 'humantime.phase == "tcp.syn"')
        == having(0, "tcp.syn")
        != []
    )
    assert frames_by_filter(wireshark, "http-plain", 'humantime.stage == "dns"') == having(1, "dns") != []
    assert frames_by_filter(wireshark, "http-plain", 'humantime.lane == "HTTP"') == having(2, "HTTP") != []
    both = frames_by_filter(
        wireshark, "http-plain", 'humantime.lane in {"ARP", "DNS"} && !humantime.inferred == 1'
    )
    assert both == sorted(having(2, "ARP") + having(2, "DNS"))


def test_filters_on_dates(wireshark):
    rows = everything(wireshark, "http-plain")
    for month in {row["humantime.month"][0] for row in rows}:
        expected = [n for n, row in enumerate(rows, 1) if row["humantime.month"] == [month]]
        assert frames_by_filter(wireshark, "http-plain", f"humantime.month == {month}") == expected != []
    late = [n for n, row in enumerate(rows, 1) if float(row["humantime.elapsed"][0]) > 5_000_000]
    assert frames_by_filter(wireshark, "http-plain", "humantime.elapsed > 5000000") == late != []


# -- outputs

IN_OUTPUTS = "http-pipelined"  # frames of several phases


def test_json_holds_the_fields(wireshark):
    """Names that repeat in an object need --no-duplicate-keys."""
    text = wireshark.tshark(IN_OUTPUTS, "-T", "json", "--no-duplicate-keys", "-j", "humantime")
    told = []
    for packet in json.loads(text):
        found = []
        collect_json(packet["_source"]["layers"].get("humantime", {}), found)
        told.append(found)
    assert told == [[mark[0] for mark in marks] for marks in of_phases(wireshark, IN_OUTPUTS)]


def collect_json(node, found):
    if isinstance(node, list):
        for child in node:
            collect_json(child, found)
    elif isinstance(node, dict):
        for name, child in node.items():
            if name == "humantime.phase":
                found.extend(child if isinstance(child, list) else [child])
            else:
                collect_json(child, found)


def test_ek_holds_the_fields(wireshark):
    text = wireshark.tshark(IN_OUTPUTS, "-T", "ek", "-J", "humantime")
    told = []
    for line in text.splitlines():
        layers = json.loads(line).get("layers")
        if layers is None:
            continue  # the line that names the index
        phases = layers["humantime"].get("humantime_humantime_phase", [])
        told.append(phases if isinstance(phases, list) else [phases])
    assert told == [[mark[0] for mark in marks] for marks in of_phases(wireshark, IN_OUTPUTS)]


def test_pdml_holds_the_fields(wireshark):
    text = wireshark.tshark(IN_OUTPUTS, "-T", "pdml", "-J", "humantime")
    told = []
    for packet in ElementTree.fromstring(text):
        ours = [proto for proto in packet if proto.get("name") == "humantime"]
        assert len(ours) == 1
        told.append(
            [item.get("show") for item in ours[0].iter("field") if item.get("name") == "humantime.phase"]
        )
    assert told == [[mark[0] for mark in marks] for marks in of_phases(wireshark, IN_OUTPUTS)]


def test_quoted_dates_stay_one_cell(wireshark):
    """The date holds a comma: with -E quote=d it is one cell of CSV."""
    text = wireshark.tshark(
        "http-plain", "-T", "fields", "-E", "separator=,", "-E", "quote=d",
        "-e", "frame.number", "-e", "humantime.time", "-e", "humantime.elapsed",
    )  # fmt: skip
    assert all(len(row) == 3 for row in csv.reader(text.splitlines()))


def test_columns(wireshark):
    """A custom column needs no tree of its own."""
    text = wireshark.tshark(
        "http-plain",
        "-o",
        'gui.column.format:"No.","%m","Date","%Cus:humantime.time","Phase","%Cus:humantime.phase"',
    )
    assert "Jan 1, 00:00:00 arp.request" in text.splitlines()[0]


def test_verbose_and_summary_run(wireshark):
    """Without a field that is asked for there may be no tree: nothing is shown, nothing fails."""
    assert len(wireshark.tshark("http-plain", two_pass=False).splitlines()) == len(
        of_phases(wireshark, "http-plain")
    )
    assert "Humantime Year Timeline: Jan 1, 00:00:00 — ARP request" in wireshark.tshark(
        "http-plain", "-V", "-c", "1"
    )
