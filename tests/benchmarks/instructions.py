#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin costs on top of tshark: instructions and memory, as a Markdown table. Called by instructions.sh.

    instructions.py [--divide N] [--floods] [--both-ends] WITHOUT WITH [CAPTURE...]

WITHOUT and WITH are folders as WIRESHARK_PLUGIN_DIR names them. Instructions are counted by valgrind, so the numbers
do not depend on how busy the machine is; what the same command costs on an empty capture is subtracted. Wireshark
seeds its hash tables by chance, which alone moves the counts by some per cent: steady.so, beside this script, makes
the seed the same in every run.
"""

import argparse
import concurrent.futures
import os
import re
import subprocess
import sys
import time

import traffic

# The options of tshark without the plugin and with it: the plugin's field exists in one of them only, and comes on top.
# With -2 the plugin reads every frame, which takes memory: of the first command that is measured too. Without an option nobody can
# see anything of it, and it does nothing.
COMMANDS = {
    "`tshark -2 -r`": (["-2"], ["-2"]),
    "`tshark -r`": ([], []),
    "`-T fields -e frame.number`, with humantime `-e humantime.phase` too": (
        ["-T", "fields", "-e", "frame.number"],
        ["-T", "fields", "-e", "frame.number", "-e", "humantime.phase"],
    ),
}
# With the secrets of the TLS captures, all in one file.
KEYS = "all.keys"
WITH_SECRETS = {
    f"{title}, with a key log": tuple([*options, "-o", f"tls.keylog_file:{KEYS}"] for options in both)
    for title, both in COMMANDS.items()
}
# All that a capture's journeys cost: they are made when a report asks for them. Without any, `-q` reads no frame.
JOURNEYS = {"`-q -z io,stat,0`, with humantime `-z humantime,journeys,csv` too": (
    ["-q", "-z", "io,stat,0"], ["-q", "-z", "io,stat,0", "-z", "humantime,journeys,csv"])}
# Of a capture of both ends: what is paid by who asks for letters, and by who does not. Packets are matched, and clocks compared,
# when the first field of a letter is asked for; the fields themselves are in the last row only.
BOTH_ENDS = {
    "`-2 -T fields -e frame.number`, with humantime `-e humantime.peer_frame` too": (
        ["-2", "-T", "fields", "-e", "frame.number"], ["-2", "-T", "fields", "-e", "frame.number", "-e", "humantime.peer_frame"]),
    "`tshark -2 -r`": (["-2"], ["-2"]),
    # The filter wants one frame: all are matched, and one field is printed.
    "`-q -z io,stat,0`, with humantime `-z humantime,letters,csv,frame.number==1` too": (
        ["-q", "-z", "io,stat,0", "-z", "io,stat,0,frame.number==1"],
        ["-q", "-z", "io,stat,0", "-z", "humantime,letters,csv,frame.number==1"]),
}
ALL_COMMANDS = COMMANDS | WITH_SECRETS | JOURNEYS | BOTH_ENDS


STEADY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "steady.so")


def environment(plugins, **more):
    return dict(os.environ, WIRESHARK_PLUGIN_DIR=os.path.abspath(plugins), **more)


def instructions(plugins, capture, options):
    command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null",
               "tshark", "-r", capture, *options]
    run = subprocess.run(command, env=environment(plugins, LD_PRELOAD=STEADY), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                         text=True, errors="replace", check=False)
    count = re.search(r"I\s+refs:\s+([\d,]+)", run.stderr)
    if run.returncode or not count:
        sys.exit(f"{' '.join(command)} failed:\n{run.stderr}")
    return int(count[1].replace(",", ""))


def peak_and_seconds(plugins, capture, options=()):
    """The least peak of memory, bytes, and the least time of three runs: what comes on top of it is chance."""
    peaks, times = [], []
    for _ in range(3):
        begin = time.monotonic()
        with subprocess.Popen(["tshark", "-r", capture, *options], env=environment(plugins), stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"tshark -r {capture} failed")
        peaks.append(usage.ru_maxrss * 1024)
        times.append(time.monotonic() - begin)
    return min(peaks), min(times)


def frames_of(capture):
    output = subprocess.run(["capinfos", "-cMT", capture], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"(\d+)\s*$", output)[1])


def floods(divide):
    """A million of what leads to nothing."""
    return [
        ("look-ups without a connection", "lookups", JOURNEYS,
         lambda path, part: traffic.write_pcap(path, traffic.dns(2_000_000 // part // divide))),
        ("half-open connections", "half-open", JOURNEYS,
         lambda path, part: traffic.write_pcap(path, traffic.half_open(1_000_000 // part // divide))),
    ]  # fmt: skip


def both_ends(divide):
    """Sixty thousand packets of both ends; a million takes valgrind too long, but not tshark."""
    return [("HTTP connections at both ends", "both-ends", BOTH_ENDS,
             lambda path, part: traffic.write_pcapng(path, traffic.two_ended(3000 // part // divide)))]  # fmt: skip


def everyday(divide, samples):
    return [
        ("the sample captures, repeated", "mixed", COMMANDS,
         lambda path, part: traffic.write_mixed(path, 16000 // part // divide, samples)),
        ("the TLS captures, repeated", "tls", ALL_COMMANDS,
         lambda path, part: traffic.write_mixed(path, 16000 // part // divide, [s for s in samples if "/tls" in s])),
        ("DNS", "dns", COMMANDS,
         lambda path, part: traffic.write_pcap(path, traffic.dns(40000 // part // divide))),
        # Ten times as many frames: the tree of each would take valgrind half an hour.
        ("short HTTP connections", "connections", list(COMMANDS)[:2],
         lambda path, part: traffic.write_pcap(path, traffic.connections(50000 // part // divide))),
    ]  # fmt: skip


def make_captures(kinds, samples):
    """(what it is, its file, the commands to count), each kind at half and at full size."""
    for kind, name, commands, write in kinds:
        for part in (2, 1):
            of_samples = name in ("mixed", "tls")
            if of_samples and not samples:
                continue
            path = f"{name}-{part}.pcapng" if of_samples else f"{name}-{part}.pcap"
            write(path, part)
            yield kind, path, commands


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("without")
    parser.add_argument("with_plugin")
    parser.add_argument("--divide", type=int, default=1)
    parser.add_argument("--floods", action="store_true")
    parser.add_argument("--both-ends", action="store_true")
    parser.add_argument("samples", nargs="*")
    arguments = parser.parse_args()
    folders = (arguments.without, arguments.with_plugin)
    pool = concurrent.futures.ThreadPoolExecutor(len(folders))

    def count(capture, options):
        """Without and with the plugin, both at a time."""
        return list(pool.map(lambda folder, words: instructions(folder, capture, words), folders, options))

    kinds = (floods(arguments.divide) if arguments.floods else both_ends(arguments.divide) if arguments.both_ends
             else everyday(arguments.divide, arguments.samples))
    traffic.write_pcap("empty.pcap", [])
    captures = [(kind, path, commands, frames_of(path))
                for kind, path, commands in make_captures(kinds, arguments.samples)]
    counted = {title for _, _, commands, _ in captures for title in commands}
    start_up = {title: count("empty.pcap", ALL_COMMANDS[title]) for title in ALL_COMMANDS if title in counted}

    print("| capture | frames | command | instructions of a frame | humantime's on top | ratio |")
    print("| --- | ---: | --- | ---: | ---: | ---: |")
    for kind, path, commands, frames in captures:
        for title in commands:
            options = ALL_COMMANDS[title]
            plain, tagged = (whole - start for whole, start in zip(count(path, options), start_up[title]))
            print(f"| {kind} | {frames:,} | {title} | {plain / frames:,.0f} | {(tagged - plain) / frames:,.0f} "
                  f"| {tagged / plain:.3f} |", flush=True)
    plain, tagged = next(iter(start_up.values()))
    print(f"\nStarting up: {plain:,} instructions without the plugin, {tagged - plain:,} on top with it.\n")

    if arguments.both_ends:
        million = ("HTTP connections at both ends", "million.pcapng", BOTH_ENDS)
        traffic.write_pcapng(million[1], traffic.two_ended(50000 // arguments.divide))
        captures.append((*million, frames_of(million[1])))
    print("| capture | frames | command | tshark's bytes of a frame | humantime's on top | tshark's seconds | humantime's on top |")
    print("| --- | ---: | --- | ---: | ---: | ---: | ---: |")
    for kind, path, commands, frames in captures:
        title = next(iter(commands))
        (plain, seconds), (tagged, seconds_tagged) = (
            (whole[0] - start[0], whole[1] - start[1]) for whole, start in (
                (peak_and_seconds(folder, path, words), peak_and_seconds(folder, "empty.pcap", words))
                for folder, words in zip(folders, ALL_COMMANDS[title])))
        print(f"| {kind} | {frames:,} | {title} | {plain / frames:,.0f} | {(tagged - plain) / frames:,.0f} "
              f"| {seconds:.1f} | {seconds_tagged - seconds:.1f} |", flush=True)


if __name__ == "__main__":
    main()
