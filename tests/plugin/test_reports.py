# SPDX-License-Identifier: GPL-2.0-or-later
"""The reports of -z humantime: every format tells the same, and wrong arguments are answered with a
sentence."""

import csv
import io
import json
import re
import unicodedata
from collections import Counter

import pytest

import pcapng
from tshark import capture_path

NAMES = (
    "arp-probe-announcement",
    "dns-iterative",
    "http-close-delimited",
    "http-connect",
    "http-pipelined",
    "http-two-ended",
    "loopback",
    "mdns",
    "sll2-http",
    "tcp-loss",
    "tcp-mirror-duplicate",
    "tcp-snap60",
)
COLUMNS = (
    "frame", "time_ns", "corrected_ns", "vantage", "end", "direction", "journey", "phases", "milestones",
    "inferred", "estimated", "peer_frame", "travel_ns", "travel_precision_ns", "travel_error_ns", "from", "to", "bytes",
    "detail",
)  # fmt: skip


def report(wireshark, capture, words, *options, two_pass=True):
    return wireshark.tshark(capture, *options, "-q", "-z", f"humantime,{words}", two_pass=two_pass)


def as_cell(value):
    """What CSV makes of a JSON value."""
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(as_cell(item) for item in value)
    if isinstance(value, str):
        is_number = re.fullmatch(r"[-+.0-9]+", value)
        return "'" + value if value[:1] in tuple("=+-@") and value[:1] and not is_number else value
    return json.dumps(value)


def rows_of_csv(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


# -- one record, three formats


@pytest.mark.parametrize("name", NAMES)
def test_json_agrees_with_the_fields(wireshark, name):
    """One object for each frame that has a phase."""
    names = ("frame.number", "frame.time_epoch", "frame.len", "humantime.phase", "humantime.stage",
             "humantime.inferred", "humantime.time")  # fmt: skip
    rows = [row for row in wireshark.fields(name, *names) if row["humantime.phase"]]
    events = wireshark.events(name)
    assert [event["frame"] for event in events] == [int(row["frame.number"][0]) for row in rows]
    for event, row in zip(events, rows):
        assert set(COLUMNS) <= set(event)
        assert event["phases"] == row["humantime.phase"]
        assert event["stages"] == row["humantime.stage"]
        assert event["inferred"] == [value == "1" for value in row["humantime.inferred"]]
        assert event["time"] == row["humantime.time"][0]
        assert event["bytes"] == int(row["frame.len"][0])
        assert event["time_ns"] == int(row["frame.time_epoch"][0].replace(".", ""))


@pytest.mark.parametrize("name", NAMES)
def test_csv_agrees_with_json(wireshark, name):
    events = wireshark.events(name)
    text = report(wireshark, name, "events,csv")
    assert text.count("\r\n") == text.count("\n") == len(events) + 1
    rows = rows_of_csv(text)
    assert [list(row) for row in rows] == [list(event) for event in events]
    assert rows == [{column: as_cell(value) for column, value in event.items()} for event in events]


@pytest.mark.parametrize("name", NAMES)
def test_text_agrees_with_json(wireshark, name):
    """A line for each record, with number, date, ends and detail."""
    events = wireshark.events(name)
    head, *lines = report(wireshark, name, "events").splitlines()
    assert head.split() == ["Frame", "Date", "Phase", "From", "→", "To"]
    assert len(lines) == len(events)
    for line, event in zip(lines, events):
        assert line.split()[0] == str(event["frame"])
        for part in (event["time"], f"{event['from'] or '—'} → {event['to'] or '—'}", event["detail"] or ""):
            assert part in line


@pytest.mark.parametrize("form", ["", "text", "json", "csv"])
def test_reports_are_the_same_in_one_pass(wireshark, form):
    """They are made when the capture has been read."""
    for name in NAMES:
        words = f"events,{form}"
        assert report(wireshark, name, words, two_pass=False) == report(wireshark, name, words)


def test_text_is_the_default(wireshark):
    texts = {
        report(wireshark, "http-connect", words)
        for words in ("events", "events,", "events,text", "events,text,")
    }
    assert len(texts) == 1


def test_japanese(wireshark):
    text = report(wireshark, "http-plain", "events", "-o", "humantime.language:ja")
    assert text.splitlines()[0].split() == ["フレーム", "日付", "フェーズ", "送信元", "→", "宛先"]
    assert "1月1日 午前0時0分0秒" in text and "ARP リクエスト" in text
    events = wireshark.events("http-plain", "-o", "humantime.language:ja")
    assert [event["phases"] for event in events] == [
        event["phases"] for event in wireshark.events("http-plain")
    ]
    assert events[0]["time"] == "1月1日 午前0時0分0秒"


# -- the frames that a report is about

FILTERS = (
    "tcp.port in {80,53,8888}",
    "dns || http",
    'humantime.phase == "tcp.syn"',
    "frame.number in {1..5,7}",
)


@pytest.mark.parametrize("text", FILTERS)
def test_filter(wireshark, text):
    """The filter is all of the rest, commas included."""
    rows = wireshark.fields("http-plain", "frame.number", "humantime.phase", options=("-Y", text))
    numbers = [int(row["frame.number"][0]) for row in rows if row["humantime.phase"]]
    assert numbers
    for form in ("json", "csv", "text", ""):
        told = report(wireshark, "http-plain", f"events,{form},{text}")
        if form == "json":
            assert [json.loads(line)["frame"] for line in told.splitlines()] == numbers
        elif form == "csv":
            assert [int(row["frame"]) for row in rows_of_csv(told)] == numbers
        else:
            assert [int(line.split()[0]) for line in told.splitlines()[1:]] == numbers


@pytest.mark.parametrize("name", ["journey-several-connections", "dns-tcp-pipelined", "article-fetch-01"])
def test_each_journey_begins_a_year(wireshark, name):
    """With humantime.origin:journey the reports say what the fields say: frames of no journey have no date."""
    option = ("-o", "humantime.origin:journey")
    names = ("frame.number", "humantime.time", "humantime.journey.time", "humantime.month", "humantime.day")
    rows = {int(row["frame.number"][0]): row for row in wireshark.fields(name, *names, options=option)}
    events = wireshark.events(name, *option)
    for event in events:
        row = rows[event["frame"]]
        assert [event["time"] or ""] == (row["humantime.time"] or [""]) == (row["humantime.journey.time"] or [""])
        assert (event["journey"] is None) == (event["time"] is None)
    diary, calendar, journeys = (
        [json.loads(line) for line in report(wireshark, name, f"{words},json", *option).splitlines()]
        for words in ("diary", "calendar", "journeys")
    )
    dates = {event["frame"]: event["time"] for event in events}
    assert all(entry["time"] == dates[entry["frame"]] for entry in diary)
    days = Counter()
    for entry in diary:
        row = rows[entry["frame"]]
        days[int(row["humantime.month"][0]), int(row["humantime.day"][0])] += 1
    lanes = ("arp", "dns", "tcp", "tls", "http", "quic", "vpn")
    assert days == {(day["month"], day["day"]): sum(day[lane] for lane in lanes) for day in calendar}
    assert {journey["start"] for journey in journeys} == {"Jan 1, 00:00:00"}


@pytest.mark.parametrize("words", ["diary", "calendar", "journeys", "events"])
def test_reports_know_no_time_references(wireshark, words):
    name = "journey-several-connections"
    assert report(wireshark, name, words, "-o", "humantime.origin:reference") == report(wireshark, name, words)
    assert report(wireshark, name, words, "-o", "humantime.origin:journey") != report(wireshark, name, words)


def test_two_reports_at_once(wireshark):
    both = wireshark.tshark(
        "http-connect", "-q", "-z", "humantime,events,json,arp", "-z", "humantime,events,json,tcp"
    )
    frames = [json.loads(line)["frame"] for line in both.splitlines()]
    assert sorted(frames) == [event["frame"] for event in wireshark.events("http-connect")]


# -- the capture


@pytest.mark.parametrize("filter_text", ["", "tcp.flags.fin == 1", "arp and tcp"])
@pytest.mark.parametrize("name", ["http-plain", "article-fetch-ten", "dns-nxdomain"])
def test_capture_counts_what_the_other_reports_tell(wireshark, name, filter_text):
    events, journeys = (
        [json.loads(line) for line in report(wireshark, name, f"{words},json,{filter_text}").splitlines()]
        for words in ("events", "journeys")
    )
    (told,) = (json.loads(report(wireshark, name, f"capture,json,{filter_text}")),)
    rows = wireshark.fields(name, "frame.time_epoch")
    seconds, _, fraction = rows[0]["frame.time_epoch"][0].partition(".")
    assert told["frames"] == len(rows)
    assert told["events"] == len(events)
    assert told["journeys"] == len(journeys)
    assert told["origin_ns"] == int(seconds + fraction)
    assert list(told) == ["frames", "events", "journeys", "origin_ns", "origin_utc"]
    lines = report(wireshark, name, f"capture,csv,{filter_text}").splitlines()
    assert lines[1].split(",") == [str(value) for value in told.values()]


# -- the connections


def test_connections_of_ten_fetches(wireshark):
    """All alike: TLS 1.2 in full, which takes two round trips."""
    everything, server = (
        json.loads(line) for line in report(wireshark, "article-fetch-ten", "connections,json").splitlines()
    )
    assert server == {**everything, "scope": "server", "server": "www.example.jp"}
    assert (everything["connections"], everything["tls_share"], everything["versions"]["tls12"]) == (10, 1, 10)
    ((kind, told),) = everything["kinds"].items()
    assert (kind, told["n"], told["share"], told["rtts"]) == ("tls12_full", 10, 1, [2])


# -- the tree


def counts_of_tree(text):
    """{item: count}, phases and lanes alike."""
    found = {}
    for line in text.splitlines():
        match = re.match(r" *(\S+) +(\d+) ", line)
        if match:
            found[match[1]] = int(match[2])
    return found


@pytest.mark.parametrize("name", NAMES)
def test_tree(wireshark, name):
    """In one pass, too: what a later frame completes is counted anew."""
    rows = wireshark.fields(name, "humantime.phase", "humantime.lane")
    phases = Counter(token for row in rows for token in row["humantime.phase"])
    expected = phases + Counter(lane for row in rows for lane in row["humantime.lane"])
    expected["Phases"] = phases.total()
    for two_pass in (True, False):
        told = counts_of_tree(report(wireshark, name, "tree", two_pass=two_pass))
        assert {item: count for item, count in told.items() if count} == dict(
            expected
        ), f"two passes: {two_pass}"


def test_tree_with_a_filter(wireshark):
    rows = wireshark.fields("http-connect", "humantime.phase", options=("-Y", "tcp.flags.fin == 1"))
    expected = Counter(token for row in rows for token in row["humantime.phase"])
    told = counts_of_tree(report(wireshark, "http-connect", "tree,tcp.flags.fin == 1"))
    assert {item: count for item, count in told.items() if "." in item} == dict(expected)


# -- wrong arguments

WRONG = {
    "humantime": "The reports are:",
    "humantime,": "The reports are:",
    "humantime,nothing": 'no report "nothing"',
    "humantime,event": 'no report "event"',
    "humantime,events,xml": "The formats are: text, json, csv",
    "humantime,events,JSON": 'no format "JSON"',
    "humantime,events,story": "humantime,events has no format \"story\". The formats are: text, json, csv.",
    "humantime,calendar,story": "The formats are: text, json, csv.",
    "humantime,diary,xml": "The formats are: text, json, csv, story.",
    "humantime,diaries": "The reports are: diary, calendar, journeys, average, connections, streams, letters, events, bytes, capture, tree.",
    "humantimeX": '"humantimeX" is no statistic',
    "humantimeX,events": '"humantimeX" is no statistic',
    "humantime,events,json,tcp.port in {80": "is invalid",
    "humantime,events,,nosuch.field": 'Filter "nosuch.field" is invalid',
}


@pytest.mark.parametrize("words", WRONG)
def test_wrong_report(wireshark, words):
    result = wireshark.run("tshark", "-r", wireshark.readable("http-connect"), "-q", "-z", words)
    assert result.status != 0 and result.stdout == ""
    assert WRONG[words] in result.stderr
    assert len(result.stderr.splitlines()) == 1


WRONG_PREFERENCES = {
    "seconds_per_year:0": "must be 1 or more",
    "seconds_per_year:-1": "seconds_per_year:-1",
    "seconds_per_year:often": "seconds_per_year:often",
    "seconds_per_year:4294967296": "seconds_per_year:4294967296",
    "nosuch:1": "unknown preference",
}


@pytest.mark.parametrize("option", WRONG_PREFERENCES)
def test_wrong_preference(wireshark, option):
    result = wireshark.run("tshark", "-r", wireshark.readable("http-connect"), "-o", f"humantime.{option}")
    assert result.status != 0 and result.stdout == ""
    assert WRONG_PREFERENCES[option] in result.stderr


def test_unknown_word_of_a_choice(wireshark):
    """As the host does with its own choices (4.0 ignores it, later ones refuse)."""
    ours, hosts = (
        wireshark.run("tshark", "-r", wireshark.readable("http-connect"), "-o", f"{name}:nosuch")
        for name in ("humantime.language", "gui.packet_list_elide_mode")
    )
    assert (ours.status == 0) == (hosts.status == 0)


# -- hostile names

HOSTILE = {
    "escape": b"\x1b[2",
    "bell": b"a\x07b",
    "line ends": b"a\r\n",
    "quotes": b'",;',
    "formula": b"=1+",
    "no UTF-8": b"\xff\xc3\x28",
    "C1 control": b"\xc2\x9bm",
    "zero": b"a\0b",
    "override": b"\xe2\x80\xae",
}


@pytest.fixture(scope="module")
def hostile(wireshark):
    """Real packets with other bytes in their names: as long as before, so that all lengths stay right."""

    def write(label, content):
        head = [
            b for b in pcapng.read(capture_path("http-plain")) if b.kind in (pcapng.SECTION, pcapng.INTERFACE)
        ]
        packets = [b for b in pcapng.read(capture_path("http-plain")) if b.kind == pcapng.PACKET][:20]
        for at, old, new in (
            (None, b"\x03www\x07example", b"\x03" + content + b"\x07example"),
            (None, b"GET /page", b"GET /p" + content),
            (None, b"Host: www", b"Host: " + content),
            (None, b"200 OK\r\n", b"200 " + content[:2] + b"\r\n"),
        ):
            packets = [pcapng.Block(block.kind, block.body.replace(old, new)) for block in packets]
        return wireshark.write(f"hostile-{list(HOSTILE).index(label)}.pcapng", pcapng.join(head + packets))

    return write


def test_hostile_names_are_there(wireshark, hostile):
    details = [event["detail"] for event in wireshark.events(hostile("quotes", HOSTILE["quotes"]))]
    assert any(detail and detail.startswith('",;.example.jp') for detail in details)
    assert any(detail and detail.startswith('GET /p",;') for detail in details)


@pytest.mark.parametrize("label", HOSTILE)
@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_hostile_names(wireshark, hostile, label, form):
    """No control or format character reaches a terminal, no cell is a formula, no line more than there are
    records."""
    capture = hostile(label, HOSTILE[label])
    count = len([row for row in wireshark.fields(capture, "humantime.phase") if row["humantime.phase"]])
    text = report(wireshark, capture, f"events,{form}")
    kinds = {c: unicodedata.category(c) for c in set(text) - {"\n", "\r"}}
    assert not {c for c, kind in kinds.items() if kind in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")}
    lines = text.split("\r\n" if form == "csv" else "\n")[:-1]
    assert not any("\r" in line or "\n" in line for line in lines)
    assert len(lines) == count + (form != "json")
    if form == "json":
        assert all(json.loads(line) for line in lines)
    if form == "csv":
        rows = rows_of_csv(text)
        assert rows == [{c: as_cell(v) for c, v in event.items()} for event in wireshark.events(capture)]
        assert not any(row["detail"][:1] in tuple("=+-@") for row in rows if row["detail"])


def test_names_are_escaped_once(wireshark):
    """A blank in a label is \\032 (RFC 1035 5.1), and that is what is shown."""
    details = {event["detail"] for event in wireshark.events("mdns")}
    assert "Office\\032printer._http._tcp.local ANY" in details


def test_long_names_are_cut(wireshark):
    """A reason phrase of some hundred characters (its line ends are taken out) is not carried into every
    report."""
    blocks = [
        pcapng.Block(block.kind, block.body.replace(b"\r\n", b"  ", 6))
        if b"HTTP/1.1 200 OK" in block.body
        else block
        for block in pcapng.read(capture_path("http-plain"))
    ]
    capture = wireshark.write("long.pcapng", pcapng.join(blocks))
    details = [event["detail"] or "" for event in wireshark.events(capture)]
    assert any(detail.startswith("200 OK  Server") for detail in details)
    assert max(map(len, details)) <= 120
