# SPDX-License-Identifier: GPL-2.0-or-later
"""The article's 34 events beside the same ones of a recorded fetch and the mean of ten, as a table in Markdown."""

import csv
import json
import statistics

from calendar365 import SECONDS_PER_YEAR, Date
from tshark import ROOT, capture_path, keys_path

ARTICLE = ROOT / "tests" / "data" / "article-timeline.tsv"
PHASES = ROOT / "tests" / "data" / "phases.tsv"
RUN = "article-fetch-01"
RUNS = tuple(f"article-fetch-{number:02}" for number in range(1, 11))
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
NOTHING = "—"

HEAD = """\
| | at | the article | this run | mean of ten | event | 出来事 |
| ---: | --- | --- | --- | --- | --- | --- |
"""


def article_rows():
    """The article's events: number, end, date, whether sent or received, phases."""
    with ARTICLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            month, day = row["humanized"].split()[0].split("-")
            date = f"{MONTHS[int(month) - 1]} {int(day)}, {row['humanized'].split()[1]}"
            direction = "received" if "received" in row["event"] else "sent"
            yield row["n"], row["end"], date, direction, row["phases"].split()


def diary(wireshark, language):
    """The run's milestones, as the report tells them."""
    truth = json.loads(capture_path(RUN).with_name(f"{RUN}.truth.json").read_text(encoding="utf-8"))
    ends = {f"1.{interface}": end for interface, end in truth["interfaces"].items()}
    text = wireshark.tshark(
        capture_path(RUN), "-q", "-z", "humantime,diary,json", "-o", f"humantime.language:{language}",
        "-o", f"tls.keylog_file:{wireshark.readable(keys_path(RUN))}",
    )  # fmt: skip
    return [dict(record, end=ends[record["vantage"]]) for record in map(json.loads, text.splitlines())]


def mean_of_ten(wireshark):
    """The milestones of ten runs, each at the mean of its times since its journey's start: reckoned here, of the report
    `average` of each run alone. Times at the server's end are told by the client's clock."""
    times = {}
    for run in RUNS:
        text = wireshark.tshark(
            capture_path(run), "-q", "-z", "humantime,average,json",
            "-o", f"tls.keylog_file:{wireshark.readable(keys_path(run))}",
        )  # fmt: skip
        for record in map(json.loads, text.splitlines()):
            times.setdefault((record["milestone"], record["end"]), []).append(record)
    means = []
    for (milestone, end), records in times.items():
        ns = [record["mean_ns"] for record in records]
        means.append({
            "phase": records[0]["phase"], "end": end, "direction": milestone.partition("/")[2], "n": len(ns),
            "mean_ns": (2 * sum(ns) + len(ns)) // (2 * len(ns)), "sd_ns": statistics.stdev(ns) if len(ns) > 1 else 0,
            "precision_ns": max(record["precision_ns"] for record in records),
        })  # fmt: skip
    return sorted(means, key=lambda mean: mean["mean_ns"])


DATE_STEPS = (60, 300, 600, 900, 1800, 3600, 2 * 3600, 3 * 3600, 6 * 3600, 12 * 3600)


def mean_told(found):
    """`Mar 9, 19:30 ± 21 h`: the date no finer than the clocks are known, the deviation to the hour or the minute."""
    there = [record for record in found if record]
    if not there:
        return NOTHING
    mean = max(there, key=lambda record: record["mean_ns"])
    date, precision = Date(mean["mean_ns"]), Date(mean["precision_ns"]).elapsed // 10**9
    step = next(step for step in DATE_STEPS if step >= precision)
    seconds = date.elapsed // 10**9 + (step // 2 if step > 60 else 0)
    # A date is the floor: the first nanosecond that reaches the second.
    rounded = Date(-(-(seconds - seconds % step) * 10**9 // SECONDS_PER_YEAR))
    return f"{minute(rounded.english())} ± {deviation(Date(round(mean['sd_ns'])).elapsed // 10**9)}"


def deviation(seconds):
    """As the pictures write it."""
    step = 3600 if seconds >= 7200 else 60 if seconds >= 120 else 1
    seconds = (seconds + step // 2) // step * step
    for unit, next_unit, name, next_name in ((86400, 3600, "d", "h"), (3600, 60, "h", "min"), (60, 1, "min", "s")):
        if seconds >= unit:
            rest = seconds % unit // next_unit
            return f"{seconds // unit} {name}" + (f" {rest} {next_name}" if rest else "")
    return f"{seconds} s"


def minute(date):
    """`Mar 9, 19:27:31` without its seconds, the floor; `3月9日 午後7時27分31秒` likewise."""
    return date[: date.rindex("分") + 1] if date.endswith("秒") else date.rpartition(":")[0]


def event_of(records, taken, end, direction, phases):
    """Of each phase of the row the first milestone that no row before it has taken, None where there is none."""
    found = []
    for phase in phases:
        wanted = (phase, end, direction)
        index = next((i for i, record in enumerate(records) if i not in taken
                      and (record["phase"], record["end"], record["direction"]) == wanted), None)
        taken.add(index)
        found.append(None if index is None else records[index])
    return found


def labels(language):
    """What the phases are called."""
    with PHASES.open(encoding="utf-8", newline="") as file:
        return {row["token"]: row[language] for row in csv.DictReader(file, delimiter="\t")}


def told(phases, found, names, join, word):
    """The date on which all of it was there, and what it was."""
    there = [record for record in found if record]
    if not there:
        return NOTHING, NOTHING
    words = join.join(names[phase] + ("" if record else f" {NOTHING}") for phase, record in zip(phases, found))
    # In Japanese no space stands behind Japanese.
    return minute(there[-1]["time"]), words + (" " if words[-1].isascii() else "") + word


def table(wireshark):
    english, japanese = (
        (diary(wireshark, language), labels(language), join, words, set())
        for language, join, words in (("en", ", ", {"sent": "sent", "received": "received"}),
                                      ("ja", "、", {"sent": "送信", "received": "受信"})))
    means, taken_means = mean_of_ten(wireshark), set()
    lines = [HEAD]
    for number, end, date, direction, phases in article_rows():
        def cell(records, names, join, words, taken):
            return told(phases, event_of(records, taken, end, direction, phases), names, join, words[direction])

        our_date, event = cell(*english)
        japanese_date, japanese_event = cell(*japanese)
        mean = mean_told(event_of(means, taken_means, end, direction, phases))
        both = NOTHING if japanese_event == NOTHING else f"{japanese_date} {japanese_event}"
        lines.append(f"| {number} | {end} | {date} | {our_date} | {mean} | {event} | {both} |\n")
    return "".join(lines)
