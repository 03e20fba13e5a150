# SPDX-License-Identifier: GPL-2.0-or-later
"""What tshark says of the frames of a capture, and how the packets of two captures of one exchange belong together."""
import collections
import os
import statistics

from network import command
from recorder import key_log


def read(file, fields, display_filter="", keys=None, options=()):
    """A dictionary a frame: its number, its time in nanoseconds, and the fields, each a list of its occurrences."""
    words = ["-Y", display_filter] if display_filter else []
    for field in ("frame.number", "frame.time_epoch", *fields):
        words += ["-e", field]
    text = command("tshark", "-n", "-r", file, *(key_log(keys) if keys else ()), *options, *words, "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=|",
                   env={**os.environ, "LC_ALL": "C", "TZ": "UTC"})
    frames = []
    for line in text.splitlines():
        number, when, *values = line.split("\t")
        seconds, fraction = when.split(".")
        frames.append({"number": int(number), "ns": int(seconds) * 10**9 + int(fraction.ljust(9, "0")),
                       **{field: value.split("|") if value else [] for field, value in zip(fields, values)}})
    return frames


def numbers(file, display_filter, keys=None, options=()):
    """The frames that the filter finds."""
    return [frame["number"] for frame in read(file, (), display_filter, keys, options)]


def places(merged):
    """For each interface of a merged capture the frame numbers there of its frames, in order."""
    found = collections.defaultdict(list)
    for frame in read(merged, ("frame.interface_id",)):
        found[int(frame["frame.interface_id"][0])].append(frame["number"])
    return found


PACKET = ("ip.src", "ip.id", "tcp.seq_raw", "tcp.ack_raw", "tcp.flags", "tcp.len")


def one_way_times(at_one, at_other, display_filter="tcp", same=PACKET):
    """Nanoseconds that each packet took between two captures with one clock, by the sender's address; and how many packets only one has."""
    seen = collections.defaultdict(list)
    for frame in read(at_one, same, display_filter):
        seen[tuple(frame[field][0] for field in same)].append(frame["ns"])
    times, alone = collections.defaultdict(list), 0
    for frame in read(at_other, same, display_filter):
        key = tuple(frame[field][0] for field in same)
        if seen[key]:
            times[key[0]].append(abs(frame["ns"] - seen[key].pop(0)))
        else:
            alone += 1
    alone += sum(map(len, seen.values()))
    return {sender: {"packets": len(ns), "min": min(ns), "median": int(statistics.median(ns)), "max": max(ns)} for sender, ns in times.items()}, alone
