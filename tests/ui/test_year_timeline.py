# SPDX-License-Identifier: GPL-2.0-or-later
"""year-timeline with the real tshark, as an ordinary user: what it writes is read by other programs and compared with
what tshark tells."""

import json
import os
import re
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import time
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "plugin"))

from calendar365 import Date  # noqa: E402
from tshark import Result, Wireshark, capture_path, keys_path  # noqa: E402

CLIENT = "article-fetch-01-client"
SUFFIXES = ("png", "svg", "pdf", "csv", "json", "ics", "har", "trace.json")
DONE, BAD_ARGUMENTS, BAD_INPUT, NO_TSHARK, BAD_FILTER, BAD_OUTPUT, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130


class YearTimeline(Wireshark):
    """The command where everybody may run it, and a folder where it may write."""

    def __init__(self, plugins):
        super().__init__(plugins)
        built = Path(os.environ.get("YEAR_TIMELINE", ROOT / "build" / "dev" / "bin" / "year-timeline"))
        self.program = self.folder / "year-timeline"
        shutil.copyfile(built, self.program)
        self.program.chmod(0o755)
        self.out = self._own_folder("out", 0o755)

    def draw(self, *arguments, plugin=True, env=None, **keywords):
        """Runs it; arguments may be bytes. Nothing it says may be a Qt warning."""
        process = self.process(plugin=plugin, capture_output=True, timeout=120, cwd=self.out)
        process.update(keywords)
        # Whoever it is to be started as is asked for instead of the ordinary user.
        become = [] if "user" in keywords else process["args"]
        process["args"] = [*become, self.program, *(a if isinstance(a, bytes) else str(a) for a in arguments)]
        process["env"] = {**process["env"], **(env or {})}
        done = subprocess.run(**process)
        result = Result(
            done.returncode,
            done.stdout.decode("utf-8", "surrogateescape"),
            done.stderr.decode("utf-8", "surrogateescape"),
        )
        assert "QStandardPaths" not in result.stderr and "qt.qpa" not in result.stderr, result.stderr
        return result

    def saved(self, capture, name, *arguments):
        """The file that it writes without a word."""
        file = self.out / name
        file.unlink(missing_ok=True)
        result = self.draw(self.readable(capture), "-o", name, *arguments)
        assert (result.status, result.stderr, result.stdout) == (DONE, "", "")
        return file

    def in_folder(self):
        return sorted(path.name for path in self.out.iterdir())


@pytest.fixture(scope="module")
def command():
    missing = [p for p in ("tshark", "xmllint", "rsvg-convert", "pdftotext", "pdfinfo", "pdftoppm") if not shutil.which(p)]
    assert not missing, f"not installed: {', '.join(missing)}"
    plugins = Path(os.environ.get("HUMANTIME_PLUGIN_DIR", ROOT / "build" / "dev" / "plugins"))
    return YearTimeline(plugins)


@pytest.fixture(autouse=True)
def clean(command):
    yield
    for path in command.out.iterdir():
        path.unlink()


def tool(*words):
    return subprocess.run(words, check=True, capture_output=True, timeout=60).stdout


# -- pictures


def svg_texts(path):
    """All texts, as another program reads them; Qt breaks each line where the script changes."""
    return tool("xmllint", "--xpath", "//*[local-name()='text']/text()", str(path)).decode()


def png_size(path):
    header = path.read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", header[16:24])


def grey_levels(pgm):
    """The pixels of a binary PGM (netpbm's P5)."""
    magic, width, height, _, pixels = pgm.split(None, 4)
    assert magic == b"P5" and len(pixels) >= int(width) * int(height)
    return int(width), int(height), pixels


@pytest.mark.parametrize("capture", [CLIENT, "article-fetch-01", "article-fetch-ten", "dhcp", "tcp-refused"])
def test_png(command, capture):
    file = command.saved(capture, "year.png")
    assert png_size(file) == (1280, 800)
    assert file.stat().st_size < 200_000
    assert file.stat().st_size > 10_000, "a blank picture would be smaller"


def test_png_size_and_theme(command):
    light = command.saved(CLIENT, "light.png", "--size", "1600x1000")
    dark = command.saved(CLIENT, "dark.png", "--size", "800x600", "--theme", "dark")
    assert png_size(light) == (1600, 1000)
    assert png_size(dark) == (800, 600)


def test_letters(command):
    """Both ends of a fetch: its round trips, and what light alone would need from Tokyo to Ishikari (5.9 ms)."""
    keys = command.readable(keys_path("article-fetch-01"))
    options = ("--view", "letters", "--keylog", keys, "--distance", "1177.3")
    texts = svg_texts(command.saved("article-fetch-01", "letters.svg", *options)).split("\n")
    text = " ".join(texts)
    for word in ("3 round trips", "SYN sent", "SYN received", "TLS hellos", "TLS keys", "light in fibre", "2 d 3 h", "17 d 4 h", "round trip, counted"):
        assert word in text, word
    assert re.search(r"Clocks ± \d+ min", text)
    assert png_size(command.saved("article-fetch-01", "letters.png", *options)) == (1280, 800)
    pdf = command.saved("article-fetch-01", "letters.pdf", *options)
    assert b"Pages:           1\n" in tool("pdfinfo", str(pdf))


def test_letters_of_one_end_are_estimated(command):
    text = svg_texts(command.saved(CLIENT, "letters.svg", "--view", "letters"))
    assert "other end estimated" in text
    assert "Clocks ±" not in text and "light" not in text
    for capture in ("dhcp", "tcp-refused"):
        assert command.saved(capture, "letters.png", "--view", "letters").stat().st_size > 5_000


def connections_report(command, capture, form="json", filter=""):
    return command.tshark(capture, *command.secrets(capture), "-q", "-z", f"humantime,connections,{form},{filter}")


def test_connections_are_those_of_the_report(command):
    """What is drawn of ten fetches is what tshark counts."""
    name = "article-fetch-ten"
    options = ("--view", "connections", "--keylog", command.readable(keys_path(name)))
    told = json.loads(connections_report(command, name).splitlines()[0])
    text = " ".join(svg_texts(command.saved(name, "connections.svg", *options)).split("\n"))
    kind = told["kinds"]["tls12_full"]
    median_ms = kind["time_median_ns"] / 1e6
    for word in (
        "www.example.jp",
        "10 connections",
        "TLS 1.2",
        "HTTP/1",
        f"{told['segments']:,}",
        f"{median_ms:.1f} ms",
        f"{median_ms / 1000 * 365:.1f} d",
        f"{kind['waiting_share'] * 100:.1f} %",
        f"{told['requests']['application_bytes']:,}",
        f"{told['responses']['tls_bytes']:,}",
        f"{told['responses']['frame_bytes']:,}",
    ):
        assert word in text, word
    assert png_size(command.saved(name, "connections.png", *options)) == (1280, 800)
    assert b"Pages:           1\n" in tool("pdfinfo", str(command.saved(name, "connections.pdf", *options)))


def test_connections_as_records_are_the_report(command):
    name = "journey-two-hosts"
    for form in ("json", "csv"):
        for filter in ("", "tcp.port == 80"):
            limit = ("--filter", filter) if filter else ()
            saved = command.saved(name, f"a.{form}", "--view", "connections", *limit)
            assert saved.read_bytes().decode() == connections_report(command, name, form, filter)


def test_connections_to_a_chosen_server(command):
    name = "journey-two-hosts"
    servers = [json.loads(line)["server"] for line in connections_report(command, name).splitlines()[1:]]
    assert len(servers) == 2
    texts = svg_texts(command.saved(name, "all.svg", "--view", "connections"))
    assert "All servers" in texts and "2 servers" in texts
    for server in servers:
        assert server in texts
        chosen = svg_texts(command.saved(name, "one.svg", "--view", "connections", "--journey", server))
        assert "1 connection" in chosen
    japanese = svg_texts(command.saved(name, "ja.svg", "--view", "connections", "--language", "ja"))
    assert "すべてのサーバー" in japanese.replace("\n", "")


def test_captures_without_connections_are_drawn(command):
    for name in ("dhcp", "tcp-refused"):
        assert command.saved(name, "connections.png", "--view", "connections").stat().st_size > 1_000


def test_a_mean_has_no_connections(command):
    capture = command.readable(CLIENT)
    refused(command, BAD_ARGUMENTS, "A mean has no connections", "--average", capture, "-o", "a.png", "--view", "connections")


def test_svg_is_read_by_others(command):
    file = command.saved(CLIENT, "year.svg")
    tool("xmllint", "--noout", str(file))
    texts = svg_texts(file)
    for word in ("Year Timeline · article-fetch-01-client.pcapng.gz", "ClientHello", "www.example.jp", "1 s = 1 year"):
        assert word in texts
    drawn = tool("rsvg-convert", "--format=png", str(file))
    width, height = struct.unpack(">II", drawn[16:24])
    assert abs(width - 1280) <= 1 and abs(height - 800) <= 1
    assert len(drawn) > 20_000


def test_pdf_is_read_by_others(command):
    file = command.saved(CLIENT, "year.pdf")
    about = tool("pdfinfo", str(file)).decode()
    assert re.search(r"^Pages: +1$", about, re.M)
    assert re.search(r"^Page size: +842 x 595 pts \(A4\)$", about, re.M)
    assert re.search(r"^Title: +Year Timeline · article-fetch-01-client\.pcapng\.gz$", about, re.M)
    text = tool("pdftotext", str(file), "-").decode()
    for word in ("ClientHello", "SYN", "Year 1", "www.example.jp", "1 s = 1 year"):
        assert word in text
    width, height, pixels = grey_levels(tool("pdftoppm", "-gray", "-r", "50", str(file)))
    assert width > height
    # The ground of every other month is a little grey.
    assert 0.5 < sum(level > 240 for level in pixels) / len(pixels) < 0.99, "white paper, and something on it"


def test_a_day_on_paper_is_8_mm(command):
    """Measured between the numbers of the days, whose words pdftotext places in points."""
    text = tool("pdftotext", "-bbox", str(command.saved(CLIENT, "year.pdf")), "-").decode()
    lines = {}
    for left, top, right, word in re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="[\d.]+">(\d+)<', text):
        lines.setdefault(round(float(top)), {})[int(word)] = (float(left) + float(right)) / 2
    days = max(lines.values(), key=len)
    assert len(days) >= 20
    assert (days[29] - days[11]) / 18 == pytest.approx(8 / 25.4 * 72, abs=0.1)


def test_pdf_has_a_page_for_each_year(command):
    epochs = [row["frame.time_epoch"][0] for row in command.fields("tcp-syn-timeout", "frame.time_epoch")]
    events = command.events("tcp-syn-timeout")
    years = {int(float(epochs[event["frame"] - 1]) - float(epochs[0])) for event in events}
    assert len(years) > 2
    about = tool("pdfinfo", str(command.saved("tcp-syn-timeout", "year.pdf"))).decode()
    assert int(re.search(r"^Pages: +(\d+)$", about, re.M)[1]) == len(years)


def test_japanese(command):
    text = tool("pdftotext", str(command.saved(CLIENT, "year.pdf", "--language", "ja")), "-").decode()
    # Qt tells a glyph's lowest character, of 目 and the radical ⽬ the latter: the same to a search (UAX #15).
    text = unicodedata.normalize("NFKC", text)
    for word in ("年表 · article-fetch-01-client.pcapng.gz", "1年目", "12月", "1秒 = 1年"):
        assert word in text
    fonts = tool("pdffonts", str(command.out / "year.pdf")).decode().splitlines()[2:]
    assert fonts and all(line.split()[-5] == "yes" for line in fonts), "all embedded"


def test_journey_year_scale_and_origin_are_on_the_picture(command):
    def texts(*arguments):
        file = command.saved("article-fetch-ten", "year.svg", *arguments)
        return svg_texts(file)

    assert "Year 3" in texts("--year", "3")
    third = texts("--journey", "3")
    assert "One fetch of" in third and "One fetch of" not in texts()
    assert "One fetch of" in texts("--journey", "www.example.jp"), "the first of that name"
    assert "10 s = 1 year" in texts("--scale", "10")
    assert "the journey's first frame" in texts("--origin", "journey", "--journey", "3")


def test_the_same_picture_in_any_locale(command):
    expected = command.saved(CLIENT, "a.png").read_bytes()
    for locale in ("C", "POSIX", "de_DE.UTF-8", "nowhere"):
        result = command.draw(command.readable(CLIENT), "-o", "b.png", env={"LC_ALL": locale})
        assert (result.status, result.stderr) == (DONE, "")
        assert (command.out / "b.png").read_bytes() == expected


# -- records


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize("filter_text", ["", "tls", "tcp.port in {80,443} && tcp.flags.syn == 1", "arp and tcp"])
def test_records_are_the_reports(command, form, filter_text):
    arguments = ["--filter", filter_text] if filter_text else []
    file = command.saved(CLIENT, f"year.{form}", *arguments)
    told = command.tshark(CLIENT, "-q", "-z", f"humantime,events,{form},{filter_text}".removesuffix(","))
    assert file.read_bytes() == told.encode()


def test_records_of_a_journey(command):
    everything = command.events("article-fetch-ten")
    for chosen in ("2", "www.example.jp"):
        number = 1 if chosen == "www.example.jp" else int(chosen)
        file = command.saved("article-fetch-ten", "year.json", "--journey", chosen)
        told = [json.loads(line) for line in file.read_text().splitlines()]
        assert told == [event for event in everything if event["journey"] == number]
    file = command.saved("article-fetch-ten", "year.json", "--journey", "2", "--filter", "tls or arp")
    frames = {int(row["frame.number"][0]) for row in command.fields("article-fetch-ten", "frame.number", options=("-Y", "tls or arp"))}
    told = [json.loads(line)["frame"] for line in file.read_text().splitlines()]
    assert told == [e["frame"] for e in everything if e["journey"] == 2 and e["frame"] in frames]


def test_records_have_the_options_dates(command):
    file = command.saved(CLIENT, "year.json", "--language", "ja", "--scale", "3")
    told = [json.loads(line)["time"] for line in file.read_text().splitlines()]
    options = ("-o", "humantime.language:ja", "-o", "humantime.seconds_per_year:3")
    assert told == [event["time"] for event in command.events(CLIENT, *options)]
    assert "月" in told[0]


def test_key_log(command):
    keys = command.readable(keys_path(CLIENT))
    without = command.saved(CLIENT, "year.json").read_bytes()
    secret = command.saved(CLIENT, "year.json", "--keylog", keys).read_bytes()
    told = command.tshark(CLIENT, *command.secrets(CLIENT), "-q", "-z", "humantime,events,json")
    assert secret == told.encode()
    assert secret != without


# -- iCalendar

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def as_2015(date):
    """`Year 2, Mar 9, 19:27:31` as iCalendar writes it, and the year."""
    found = re.fullmatch(r"(?:Year (-?\d+), )?(\w{3}) (\d+), (\d\d):(\d\d):(\d\d)", date)
    year, month, day, *clock = found.groups()
    return int(year or 1), f"2015{MONTHS.index(month) + 1:02}{int(day):02}T{''.join(clock)}"


@pytest.mark.parametrize("capture", [CLIENT, "article-fetch-ten", "dns-nxdomain", "tcp-syn-timeout"])
def test_icalendar_has_the_reports_dates(command, capture):
    """Read by hand here; export-tests reads it with libical."""
    text = command.saved(capture, "year.ics").read_bytes().decode()
    lines = text.replace("\r\n ", "").split("\r\n")
    found, uid = {}, None
    for line in lines:
        name, _, value = line.partition(":")
        if name == "UID":
            uid = value
        elif name in ("DTSTART", "SUMMARY") and uid.startswith("frame-"):
            found.setdefault(int(uid.split("-")[1]), {})[name] = value
    milestones = {event["frame"]: event["time"] for event in command.events(capture) if event["milestones"]}
    assert milestones
    for frame, date in milestones.items():
        year, start = as_2015(date)
        assert found[frame]["DTSTART"] == start
        assert found[frame]["SUMMARY"].startswith(f"Year {year}: ") == (year != 1)


# -- comparisons

COMPARED = "handshakes-compared"
KINDS = [one["kind"] for one in json.loads((ROOT / "sample-captures" / f"{COMPARED}.truth.json").read_text())["compared"]]
CALLED = {"tls12_full": "full handshake", "tls12_session_id": "resumed by session ID", "tls12_ticket": "resumed by ticket",
          "tls13_full": "full handshake", "tls13_psk": "resumed by ticket (PSK)", "tls13_0rtt": "early data (0-RTT)",
          "quic": "TLS 1.3 inside", "quic_0rtt": "early data (0-RTT)"}


def compared(command, name, *arguments, captures=(COMPARED,)):
    """The file that it writes of the captures, each with its key log, without a word."""
    file = command.out / name
    file.unlink(missing_ok=True)
    result = command.draw("--compare", *with_keys(command, captures), "-o", name, *arguments)
    assert (result.status, result.stderr, result.stdout) == (DONE, "", "")
    return file


def waits(command, secrets):
    """ms from each journey's ClientHello to its first response, as the client has them, of Wireshark's own fields."""
    fields = ("frame.time_epoch", "frame.interface_id", "humantime.journey", "tls.handshake.type", "humantime.phase")
    begun, heard = {}, {}
    for row in command.fields(COMPARED, *fields, options=secrets):
        if row["frame.interface_id"] != ["0"] or not row["humantime.journey"]:
            continue
        journey, time_s = int(row["humantime.journey"][0]), Decimal(row["frame.time_epoch"][0])
        # A datagram may hold more than one handshake message, and Wireshark decrypts on one of the copies only.
        if "1" in row["tls.handshake.type"] or "tls.client_hello" in row["humantime.phase"]:
            begun.setdefault(journey, time_s)
        if "http.response_start" in row["humantime.phase"]:
            heard.setdefault(journey, time_s)
    return {journey: (heard[journey] - begun[journey]) * 1000 for journey in heard}


def test_journeys_are_compared(command):
    file = compared(command, "compared.svg")
    tool("xmllint", "--noout", str(file))
    texts = svg_texts(file).split("\n")
    text = " ".join(texts)
    for kind in KINDS:
        assert CALLED[kind] in text, kind
    # Each way takes 150 ms on the wire, and the software some more: that is what recordings say.
    ms = waits(command, command.secrets(COMPARED))
    assert sorted(ms) == list(range(1, 9))
    slowest = max(ms.values())
    for journey, kind in enumerate(KINDS, 1):
        trips = {"tls12_full": 2}.get(kind, 0 if kind.endswith("0rtt") else 1)
        assert trips + 1 == round(ms[journey] / 300), kind
        if ms[journey] < slowest:
            told = re.search(rf"({2 - trips}) round trips? less, {slowest - ms[journey]:.1f} ms, \d+ d", text)
            assert told, (kind, slowest - ms[journey])
    assert "hears its answer" in text and "round trip, counted" in text
    drawn = tool("rsvg-convert", "--format=png", str(file))
    width, height = struct.unpack(">II", drawn[16:24])
    assert abs(width - 1280) <= 1 and abs(height - 800) <= 1


def test_what_is_compared_is_aligned(command):
    from_hello = svg_texts(compared(command, "hello.svg"))
    from_syn = svg_texts(compared(command, "syn.svg", "--align", "syn"))
    assert "January 1st: the ClientHello" in from_hello and "3 round trips" not in from_hello
    assert "January 1st: the connection's first packet" in from_syn and "3 round trips" in from_syn
    assert "SYN+ACK" in from_syn and "SYN+ACK" not in from_hello
    japanese = svg_texts(compared(command, "ja.svg", "--language", "ja")).replace("\n", "")
    for word in ("往復 2 回", "セッション ID で再開", "早い"):
        assert word in japanese, word


def test_without_secrets_what_is_inferred_is_marked(command):
    file = command.saved(COMPARED, "plain.svg", "--compare")
    text = svg_texts(file).replace("\n", " ")
    assert "inferred" in text and "question not readable" in text
    assert "round trips not known" in text, "of QUIC nobody can tell whether early data was taken"
    assert "inferred" not in svg_texts(compared(command, "all.svg"))


def test_several_captures_are_compared(command):
    captures = ("tls12-ticket", "tls13-psk", "http-plain")
    keys = [command.readable(keys_path(name)) for name in captures[:2]]
    arguments = [command.readable(name) for name in captures]
    done = command.draw("--compare", *arguments, "--keylog", keys[0], "--keylog", keys[1], "--keylog", keys[1], "-o", "x.svg")
    assert (done.status, done.stderr) == (DONE, "")
    text = svg_texts(command.out / "x.svg").replace("\n", " ")
    for word in ("3 captures · tls12-ticket.pcapng.gz", "1 · tls12-ticket · www.example.jp", "4 · tls13-psk · www.example.jp",
                 "1 not shown, without a ClientHello", "5 · http-plain · www.example.jp"):
        assert word in text, word
    # The mean of each kind; http-plain is a row of its own where all begin with their first packets.
    means = compared(command, "means.svg", "--group-by", "handshake", captures=("tls12-ticket", "tls12-session-id", "tls13-psk"))
    text = svg_texts(means).replace("\n", " ")
    assert "mean of 2 journeys" in text and "one standard deviation" in text
    assert text.count("resumed by") >= 3


def test_journeys_to_be_compared_are_chosen(command):
    two = svg_texts(compared(command, "two.svg", "--journey", "1,6"))
    assert "early data" in two and "resumed by" not in two and "QUIC" not in two
    named = svg_texts(compared(command, "named.svg", "--journey", "WWW.example.jp"))
    assert "QUIC" in named
    tcp = svg_texts(compared(command, "tcp.svg", "--filter", "tcp"))
    assert "QUIC" not in tcp and "resumed by" in tcp
    refused(command, BAD_ARGUMENTS, 'There is no journey "9"', "--compare", command.readable(COMPARED), "-o", "a.png", "--journey", "1,9")
    refused(command, BAD_INPUT, "no journey to be compared", "--compare", command.readable("dhcp"), "-o", "a.png")


def test_comparisons_in_every_form(command):
    for name, arguments in (("a.png", ()), ("dark.png", ("--theme", "dark", "--size", "1920x1080")), ("small.png", ("--size", "760x520"))):
        file = compared(command, name, *arguments)
        assert png_size(file) == tuple(int(side) for side in (arguments[-1] if arguments else "1280x800").split("x"))
        assert 20_000 < file.stat().st_size < 400_000
    about = tool("pdfinfo", str(compared(command, "a.pdf"))).decode()
    pages = int(re.search(r"^Pages: +(\d+)$", about, re.M)[1])
    text = tool("pdftotext", str(command.out / "a.pdf"), "-").decode()
    assert pages <= 2
    for word in ("full handshake", "resumed by session ID", "hears on", "2 round trips less"):
        assert word in text, word


# -- averages

RUNS = tuple(f"article-fetch-{number:02}" for number in range(1, 11))


def averaged(command, name, *arguments, runs=RUNS):
    """The file that it writes of the mean, with each run's key log, without a word."""
    file = command.out / name
    file.unlink(missing_ok=True)
    result = command.draw("--average", *with_keys(command, runs), "-o", name, *arguments)
    assert (result.status, result.stderr, result.stdout) == (DONE, "", "")
    return file


def with_keys(command, runs):
    for run in runs:
        yield command.readable(run)
        yield "--keylog"
        yield command.readable(keys_path(run))


@pytest.fixture(scope="module")
def each_run(command):
    """What the report `average` tells of each run alone: its own times, for n is 1."""
    return [
        [json.loads(line) for line in command.tshark(run, *command.secrets(run), "-q", "-z", "humantime,average,json").splitlines()]
        for run in RUNS
    ]


def test_the_mean_of_ten_is_that_of_the_reports(command, each_run):
    """Reckoned here in exact integers from the ten reports; the command has it from the events."""
    told = [json.loads(line) for line in averaged(command, "mean.json").read_text().splitlines()]
    times = {}
    for records in each_run:
        assert len({(r["milestone"], r["end"]) for r in records}) == len(records)
        for record in records:
            times.setdefault((record["milestone"], record["end"]), []).append(record)
    assert [r["mean_ns"] for r in told] == sorted(r["mean_ns"] for r in told)
    assert {(r["milestone"], r["end"]) for r in told} == set(times)
    for record in told:
        runs = times[record["milestone"], record["end"]]
        ns = sorted(run["mean_ns"] for run in runs)
        mean = exactly_rounded(sum(ns), len(ns))
        assert (record["group"], record["journeys"], record["n"], record["name"]) == (1, 10, len(runs), "www.example.jp")
        assert record["mean_ns"] == mean
        assert record["median_ns"] == (exactly_rounded(ns[4] + ns[5], 2) if len(ns) == 10 else ns[len(ns) // 2])
        assert (record["min_ns"], record["max_ns"]) == (ns[0], ns[-1])
        assert abs(record["sd_ns"] - statistics.stdev(ns)) <= 1
        assert record["precision_ns"] == max(run["precision_ns"] for run in runs)
    assert len(told) == len(each_run[0]) == 52, "the whole fetch, both ends"
    assert any(record["precision_ns"] > 0 for record in told)


def exactly_rounded(numerator, denominator):
    """To the nearest, halves away from zero."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


@pytest.mark.parametrize("form", ["json", "csv", "txt"])
@pytest.mark.parametrize("options", [(), ("--language", "ja", "--scale", "2")])
def test_of_one_run_it_is_the_report(command, form, options):
    """With a journey of each shape, and one whose names repeat."""
    preferences = ("-o", "humantime.language:ja", "-o", "humantime.seconds_per_year:2") if options else ()
    report = {"txt": "text"}.get(form, form)
    for capture in ("article-fetch-ten", "article-fetch-03", "tls13-psk", "journey-dns-retry", "journey-dns-truncated", "journey-nat", "journey-qmin"):
        file = command.out / f"mean.{form}"
        keys = keys_path(capture)
        secret = ("--keylog", command.readable(keys)) if keys else ()
        result = command.draw("--average", command.readable(capture), "-o", file.name, *secret, *options)
        assert (result.status, result.stderr) == (DONE, ""), capture
        told = command.tshark(capture, *command.secrets(capture), *preferences, "-q", "-z", f"humantime,average,{report}")
        assert file.read_bytes().decode() == told, capture


def test_a_filter_leaves_journeys_as_it_does_in_the_report(command):
    for text in ("frame.number < 200", "tls.handshake.type == 1", "arp"):
        result = command.draw("--average", command.readable("article-fetch-ten"), "-o", "mean.json", "--filter", text)
        assert (result.status, result.stderr) == (DONE, "")
        told = command.tshark("article-fetch-ten", "-q", "-z", f"humantime,average,json,{text}")
        assert (command.out / "mean.json").read_text() == told


def test_only_runs_of_a_name(command):
    everything = averaged(command, "mean.json").read_bytes()
    assert averaged(command, "mean.json", "--journey", "WWW.example.jp").read_bytes() == everything
    words = refused(command, BAD_ARGUMENTS, 'There is no journey "x', "--average", command.readable(CLIENT), "-o", "a.png", "--journey", "x\x1b")
    assert "the captures have 1" in words and "\x1b" not in words


def test_a_mean_is_drawn(command):
    picture = averaged(command, "mean.png", runs=RUNS[:3])
    assert png_size(picture) == (1280, 800)
    assert 10_000 < picture.stat().st_size < 200_000
    dark = averaged(command, "dark.png", "--theme", "dark", "--size", "1600x1000", runs=RUNS[:2])
    assert png_size(dark) == (1600, 1000)
    texts = svg_texts(averaged(command, "mean.svg", runs=RUNS[:3]))
    for word in ("mean of 3 captures", "On average the fetch ends on", "one standard deviation", "mean of 3 journeys", "the journey's first frame"):
        assert word in texts
    japanese = svg_texts(averaged(command, "mean.svg", "--language", "ja", runs=RUNS[:3])).replace("\n", "")
    for word in ("個のキャプチャの平均", "標準偏差", "回の通信の平均"):
        assert word in japanese
    letters = svg_texts(averaged(command, "letters.svg", "--view", "letters", runs=RUNS[:3]))
    assert "before the question may be asked" in letters and "at worst" not in letters
    assert averaged(command, "mean.pdf", runs=RUNS[:2]).read_bytes().startswith(b"%PDF")


def test_a_mean_as_a_calendar_has_its_dates(command):
    told = [json.loads(line) for line in averaged(command, "mean.json").read_text().splitlines()]
    text = averaged(command, "mean.ics").read_bytes().decode().replace("\r\n ", "")
    starts = re.findall(r"DTSTART:(\S+)", text)
    for record in told:
        _, start = as_2015(Date(record["mean_ns"]).english())
        assert start in starts, record["milestone"]
    described = re.findall(r"DESCRIPTION:(.*?mean of 10\\, ± .*?)(?:\\n|\r)", text)
    assert len(described) == len({(r["mean_ns"], r["end"]) for r in told})


def test_without_a_display_the_table_is_printed(command):
    printed = command.draw("--average", *with_keys(command, RUNS[:2]))
    assert (printed.status, printed.stderr) == (DONE, "")
    assert printed.stdout == averaged(command, "mean.txt", runs=RUNS[:2]).read_text()
    assert printed.stdout.startswith("Mean 1: www.example.jp — 2 journeys (dns tcp tls_full http)\n")
    with open("/dev/full", "wb") as full:
        process = command.process(stdout=full, stderr=subprocess.PIPE, cwd=command.out, timeout=120)
        process["args"] = [*process["args"], command.program, "--average", command.readable(CLIENT)]
        done = subprocess.run(**process, check=False)
    assert done.returncode == BAD_OUTPUT
    assert done.stderr == b"year-timeline: The table could not be printed: No space left on device.\n"


def test_with_a_display_the_mean_has_a_window(command):
    """It is there until it is closed, or the program is interrupted."""
    process = command.process(stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=command.out)
    process["args"] = [*process["args"], command.program, "--average", command.readable(CLIENT)]
    process["env"]["QT_QPA_PLATFORM"] = "offscreen"
    running = subprocess.Popen(**process)
    with pytest.raises(subprocess.TimeoutExpired):
        running.wait(timeout=6)
    running.send_signal(signal.SIGTERM)
    told, words = running.communicate(timeout=20)
    assert (running.returncode, told) == (INTERRUPTED, b""), words


def test_one_key_log_may_be_for_all(command):
    both = command.write("both.keys", b"".join(keys_path(run).read_bytes() for run in RUNS[:2]))
    runs = [command.readable(run) for run in RUNS[:2]]
    result = command.draw("--average", *runs, "--keylog", both, "-o", "mean.csv")
    assert (result.status, result.stderr) == (DONE, "")
    assert (command.out / "mean.csv").read_bytes() == averaged(command, "each.csv", runs=RUNS[:2]).read_bytes()


def test_of_a_run_that_cannot_be_read_its_name_is_told(command):
    good = command.readable(CLIENT)
    noise = command.write("noise.pcapng", bytes(range(1, 256)) * 8)
    for output in (("-o", "a.png"), ("-o", "a.txt"), ()):
        refused(command, BAD_INPUT, 'The capture "/nowhere/b" cannot be read: No such file or directory.', "--average", good, "/nowhere/b", *output)
        refused(command, BAD_INPUT, re.escape(str(noise)), "--average", good, noise, *output)
        refused(
            command, BAD_INPUT, 'The key log "/nowhere/k" cannot be read', "--average", good, good,
            "--keylog", command.readable(keys_path(CLIENT)), "--keylog", "/nowhere/k", *output,
        )  # fmt: skip
        refused(command, BAD_FILTER, "The display filter is wrong: ", "--average", good, *output, "--filter", "nosuch.field")
        refused(command, NO_TSHARK, "tshark has no humantime plugin: ", "--average", good, *output, plugin=False)
    refused(command, BAD_ARGUMENTS, "Which capture", "--average", "-o", "a.png")
    refused(command, BAD_OUTPUT, "could not be written", "--average", good, "-o", "/nowhere/a.json")
    nothing = command.write("empty.pcap", bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000"))
    result = command.draw("--average", nothing, "-o", "a.png")
    assert (result.status, command.in_folder()) == (BAD_INPUT, [])
    assert "There is no journey to be averaged." in result.stderr
    # What has none is named; the others have a mean.
    result = command.draw("--average", nothing, good, "-o", "a.json")
    assert result.status == DONE and "empty.pcap" in result.stderr
    assert json.loads((command.out / "a.json").read_text().splitlines()[0])["journeys"] == 1


@pytest.mark.parametrize("name", ["killed", "silent", "garbage", "half and happy", "endless"])
def test_a_tshark_that_fails_midway_makes_no_half_mean(command, name):
    body, status, sentence = FAKES[name]
    folder = command.folder / ("mean fake " + name)
    folder.mkdir()
    (folder / "tshark").write_text(f"#!/bin/sh\n{body}\n")
    (folder / "tshark").chmod(0o755)
    (folder / "tshark.json").write_text(command.tshark(CLIENT, "-q", "-z", "humantime,events,json"))
    path = f"{folder}:{os.environ.get('PATH', os.defpath)}"
    words = refused(command, status, sentence, "--average", command.readable(CLIENT), "-o", "a.json", env={"PATH": path})
    assert CLIENT in words, "which of them"


# -- names


@pytest.mark.parametrize(
    "name",
    [b"-", b"-o.pcapng", b"--help", b"a b.pcapng", "日本語.pcapng".encode(), b"\xff\xfe\n.pcapng", b"\xe6\x97.gz", b"%s%n", b"a'b\"c"],
)
def test_captures_of_any_name(command, name):
    shutil.copyfile(capture_path("http-plain"), os.path.join(os.fsencode(command.out), name))
    expected = command.tshark("http-plain", "-q", "-z", "humantime,events,csv").encode()
    for locale in ("C.UTF-8", "C"):
        for output in (b"-year.csv", b"\xff\xe6.csv", "年.csv".encode()):
            path = Path(os.fsdecode(os.path.join(os.fsencode(command.out), output)))
            result = command.draw(b"-o", output, b"--", name, env={"LC_ALL": locale})
            assert (result.status, result.stderr) == (DONE, "")
            assert path.read_bytes() == expected
            path.unlink()
        result = command.draw(b"-o", b"year.svg", b"--", name, env={"LC_ALL": locale})
        assert (result.status, result.stderr) == (DONE, "")


def test_a_display_that_does_not_answer_is_not_asked(command):
    result = command.draw(command.readable(CLIENT), "-o", "a.png", env={"DISPLAY": ":4711"})
    assert (result.status, result.stderr) == (DONE, "")


# -- errors: a sentence, a status, no file


def refused(command, status, sentence, *arguments, **keywords):
    before = command.in_folder()
    result = command.draw(*arguments, **keywords)
    assert result.status == status, result.stderr
    assert re.search(sentence, result.stderr), result.stderr
    assert result.stderr.startswith("year-timeline: ") and result.stdout == ""
    assert command.in_folder() == before
    return result.stderr


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_captures_that_cannot_be_read(command, suffix):
    out = ("-o", f"a.{suffix}")
    noise = command.write("noise.pcapng", bytes(range(1, 256)) * 8)
    secret = command.write("secret.pcapng", b"x")
    secret.chmod(0)
    for capture, why in [
        ("/nowhere/a.pcapng", 'The capture "/nowhere/a.pcapng" cannot be read: No such file or directory.'),
        ("/usr", 'The capture "/usr" cannot be read: it is a folder.'),
        ("/dev/null", 'The capture "/dev/null" cannot be read: it is no regular file'),
        (secret, "cannot be read: Permission denied."),
        (noise, re.escape(str(noise)) + '" isn\'t a capture file in a format TShark understands'),
    ]:
        refused(command, BAD_INPUT, why, capture, *out)
    refused(
        command, BAD_INPUT, 'The key log "/nowhere/k" cannot be read: No such file or directory.',
        command.readable(CLIENT), *out, "--keylog", "/nowhere/k",
    )  # fmt: skip


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_wrong_filter_gets_tsharks_words(command, suffix):
    words = refused(
        command, BAD_FILTER, "The display filter is wrong: ", command.readable(CLIENT), "-o", f"a.{suffix}", "--filter", "nosuch.field == 1"
    )
    assert "nosuch.field" in words
    # What would end the report's name, or begin an option, is still a filter.
    for text in ("tcp,", "-o", ")", '"'):
        refused(command, BAD_FILTER, "The display filter is wrong: ", command.readable(CLIENT), "-o", f"a.{suffix}", f"--filter={text}")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_without_the_plugin(command, suffix):
    refused(command, NO_TSHARK, "tshark has no humantime plugin: ", command.readable(CLIENT), "-o", f"a.{suffix}", plugin=False)


@pytest.mark.skipif(os.geteuid() != 0, reason="root only: Wireshark ignores WIRESHARK_PLUGIN_DIR then")
def test_root_is_told_why(command):
    if list(Path("/usr/lib").glob("*/wireshark/plugins/*/epan/humantime.so")):
        pytest.skip("humantime is installed here")
    words = refused(command, NO_TSHARK, "tshark has no humantime plugin: ", command.readable(CLIENT), "-o", "a.png", user=0, group=0)
    assert "You are root: then tshark ignores that variable" in words


def test_without_tshark(command):
    refused(command, NO_TSHARK, "There is no tshark in PATH", command.readable(CLIENT), "-o", "a.png", env={"PATH": "/nowhere"})


FAKES = {
    "killed": ("kill -9 $$", NO_TSHARK, "tshark was ended before it had read the capture"),
    "silent": ("exit 0", NO_TSHARK, "ended before it had told all events"),
    "failing": ("exit 7", NO_TSHARK, "tshark failed without a word, with exit status 7"),
    "garbage": ("echo hello", NO_TSHARK, "no event of this version's: hello"),
    "half": ("sed -n 1,20p \"$0\".json; kill -9 $$", NO_TSHARK, "tshark was ended before it had read the capture"),
    "half and happy": ("sed -n 1,20p \"$0\".json", NO_TSHARK, "ended before it had told all events"),
    "endless": ("yes | tr -d '\\n'", NO_TSHARK, "told a line that does not end"),
}


@pytest.mark.parametrize("name", FAKES)
def test_a_tshark_that_fails_midway_makes_no_half_picture(command, name, tmp_path_factory):
    body, status, sentence = FAKES[name]
    folder = command.folder / ("fake " + name)
    folder.mkdir()
    (folder / "tshark").write_text(f"#!/bin/sh\n{body}\n")
    (folder / "tshark").chmod(0o755)
    (folder / "tshark.json").write_text(command.tshark(CLIENT, "-q", "-z", "humantime,events,json"))
    path = f"{folder}:{os.environ.get('PATH', os.defpath)}"
    for suffix in ("png", "pdf", "ics"):
        refused(command, status, sentence, command.readable(CLIENT), "-o", f"a.{suffix}", env={"PATH": path})
    if "kill" in body:
        refused(command, status, sentence, command.readable(CLIENT), "-o", "a.csv", env={"PATH": path})


def test_a_capture_that_was_cut_short_is_drawn_with_a_word(command):
    cut = command.write("cut.pcapng", b"")
    whole = subprocess.run(["gzip", "-dc", capture_path(CLIENT)], check=True, capture_output=True).stdout
    cut.write_bytes(whole[: len(whole) // 2 + 3])
    for suffix in SUFFIXES:
        result = command.draw(cut, "-o", f"a.{suffix}")
        assert result.status == DONE
        assert "cut short in the middle of a packet" in result.stderr
        assert (command.out / f"a.{suffix}").stat().st_size > 1000


def test_no_such_journey(command):
    for name in ("99", "0", "nowhere.example", "\x1b[31m"):
        for suffix in ("png", "csv"):
            words = refused(command, BAD_ARGUMENTS, "There is no journey ", command.readable(CLIENT), "-o", f"a.{suffix}", f"--journey={name}")
            assert "the capture has 1" in words and "\x1b" not in words


def test_wrong_arguments(command):
    capture = command.readable(CLIENT)
    refused(command, BAD_ARGUMENTS, "Which capture")
    refused(command, BAD_ARGUMENTS, 'What "a.txt" is to be cannot be told from its suffix. There are: png, svg, pdf, csv, json, ics, har, trace.json', capture, "-o", "a.txt")
    refused(command, BAD_ARGUMENTS, '--size "1x1" is no WIDTHxHEIGHT', capture, "-o", "a.png", "--size", "1x1")
    refused(command, BAD_ARGUMENTS, '--view "x" is none of: calendar, letters, connections', capture, "-o", "a.png", "--view", "x")
    refused(command, BAD_ARGUMENTS, '--distance "far" is no number of kilometres', capture, "-o", "a.png", "--distance", "far")
    refused(command, BAD_ARGUMENTS, "There is no display", capture)


def test_help(command):
    result = command.draw("--help")
    assert result.status == DONE and result.stderr == ""
    for word in ("Usage: year-timeline", "--keylog", "Exit status:", "130  interrupted"):
        assert word in result.stdout
    assert re.fullmatch(r"year-timeline \d+\.\d+\.\d+\n", command.draw("--version").stdout)


# -- the output


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_where_nothing_can_be_written(command, suffix):
    capture = command.readable(CLIENT)
    refused(command, BAD_OUTPUT, f"/nowhere/a.{suffix} could not be written: No such file or directory.", capture, "-o", f"/nowhere/a.{suffix}")
    if os.geteuid() == 0:
        refused(command, BAD_OUTPUT, f"/usr/a.{suffix} could not be written: Permission denied.", capture, "-o", f"/usr/a.{suffix}")
    kept = command.out / f"kept.{suffix}"
    kept.write_text("old")
    kept.chmod(0o444)
    refused(command, BAD_OUTPUT, "could not be written: Permission denied.", capture, "-o", kept.name)
    assert kept.read_text() == "old"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_full_disk_keeps_what_was_there(command, suffix):
    """A file system of one page, in a mount namespace of its own."""
    name = f"a.{suffix}"
    disk = command.folder / f"disk-{suffix}"
    disk.mkdir()
    user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    script = (
        'mount -t tmpfs -o size=4k,mode=777 none "$1" && cd "$1" && printf old > "$2" && chmod 666 "$2" && shift 2 && '
        '"$@"; status=$?; ls -A; cat a.*; exit $status'
    )
    environment = command.environment()
    if subprocess.run(["unshare", "-m", "true"], check=False).returncode != 0:
        pytest.skip("no mount namespaces here")
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, "sh", disk, name, *user, command.program, command.readable(CLIENT), "-o", name],
        check=False, capture_output=True, text=True, timeout=60, env=environment,
    )  # fmt: skip
    assert done.returncode == BAD_OUTPUT, done.stderr
    assert f"{name} could not be written: No space left on device." in done.stderr
    assert done.stdout == f"{name}\nold"


@pytest.mark.parametrize("mode", [(), ("--average",)])
@pytest.mark.parametrize("suffix", ["png", "csv"])
def test_an_interrupted_run_leaves_nothing(command, suffix, mode):
    folder = command.folder / f"slow {suffix} {len(mode)}"
    folder.mkdir()
    (folder / "tshark").write_text("#!/bin/sh\necho started >&2\nexec sleep 60\n")
    (folder / "tshark").chmod(0o755)
    process = command.process(cwd=command.out, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    process["args"] = [*process["args"], command.program, command.readable(CLIENT), "-o", f"a.{suffix}", *mode]
    process["env"]["PATH"] = f"{folder}:{os.environ.get('PATH', os.defpath)}"
    for number in (signal.SIGINT, signal.SIGTERM):
        running = subprocess.Popen(**process)
        time.sleep(1.5)
        running.send_signal(number)
        _, words = running.communicate(timeout=10)
        assert running.returncode == INTERRUPTED, words
        assert command.in_folder() == []
