# SPDX-License-Identifier: GPL-2.0-or-later
"""The article's 34 events beside the same ones of a recorded fetch, as a table in Markdown."""

import csv
import json

from tshark import ROOT, capture_path, keys_path

ARTICLE = ROOT / "tests" / "data" / "article-timeline.tsv"
PHASES = ROOT / "tests" / "data" / "phases.tsv"
RUN = "article-fetch-01"
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
NOTHING = "—"

HEAD = """\
| | at | the article | this run | event | 出来事 |
| ---: | --- | --- | --- | --- | --- |
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
    lines = [HEAD]
    for number, end, date, direction, phases in article_rows():
        def cell(records, names, join, words, taken):
            return told(phases, event_of(records, taken, end, direction, phases), names, join, words[direction])

        our_date, event = cell(*english)
        japanese_date, japanese_event = cell(*japanese)
        both = NOTHING if japanese_event == NOTHING else f"{japanese_date} {japanese_event}"
        lines.append(f"| {number} | {end} | {date} | {our_date} | {event} | {both} |\n")
    return "".join(lines)
