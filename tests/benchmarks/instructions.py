#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin costs on top of tshark: instructions and memory, as a Markdown table. Called by instructions.sh.

    instructions.py [--divide N] WITHOUT WITH [CAPTURE...]

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

import traffic

# The options of tshark without the plugin and with it: the plugin's field exists in one of them only, and comes on top.
COMMANDS = {
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
ALL_COMMANDS = COMMANDS | WITH_SECRETS


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


def peak_bytes(plugins, capture):
    """The least peak of three runs: what comes on top of it is chance."""
    peaks = []
    for _ in range(3):
        with subprocess.Popen(["tshark", "-r", capture], env=environment(plugins), stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"tshark -r {capture} failed")
        peaks.append(usage.ru_maxrss * 1024)
    return min(peaks)


def frames_of(capture):
    output = subprocess.run(["capinfos", "-cMT", capture], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"(\d+)\s*$", output)[1])


def make_captures(divide, samples):
    """(what it is, its file, the commands to count), each kind at half and at full size."""
    kinds = [
        ("the sample captures, repeated", "mixed", COMMANDS,
         lambda path, part: traffic.write_mixed(path, 16000 // part // divide, samples)),
        ("the TLS captures, repeated", "tls", ALL_COMMANDS,
         lambda path, part: traffic.write_mixed(path, 16000 // part // divide, [s for s in samples if "/tls" in s])),
        ("DNS", "dns", COMMANDS,
         lambda path, part: traffic.write_pcap(path, traffic.dns(40000 // part // divide))),
        # Ten times as many frames: the tree of each would take valgrind half an hour.
        ("short HTTP connections", "connections", list(COMMANDS)[:1],
         lambda path, part: traffic.write_pcap(path, traffic.connections(50000 // part // divide))),
    ]  # fmt: skip
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
    parser.add_argument("samples", nargs="*")
    arguments = parser.parse_args()
    folders = (arguments.without, arguments.with_plugin)
    pool = concurrent.futures.ThreadPoolExecutor(len(folders))

    def count(capture, options):
        """Without and with the plugin, both at a time."""
        return list(pool.map(lambda folder, words: instructions(folder, capture, words), folders, options))

    traffic.write_pcap("empty.pcap", [])
    captures = [(kind, path, commands, frames_of(path))
                for kind, path, commands in make_captures(arguments.divide, arguments.samples)]
    start_up = {title: count("empty.pcap", options) for title, options in ALL_COMMANDS.items()}

    print("| capture | frames | command | instructions of a frame | humantime's on top | ratio |")
    print("| --- | ---: | --- | ---: | ---: | ---: |")
    for kind, path, commands, frames in captures:
        for title in commands:
            options = ALL_COMMANDS[title]
            plain, tagged = (whole - start for whole, start in zip(count(path, options), start_up[title]))
            print(f"| {kind} | {frames:,} | {title} | {plain / frames:,.0f} | {(tagged - plain) / frames:,.0f} "
                  f"| {tagged / plain:.3f} |", flush=True)
    plain, tagged = start_up["`tshark -r`"]
    print(f"\nStarting up: {plain:,} instructions without the plugin, {tagged - plain:,} on top with it.\n")

    print("| capture | frames | tshark's bytes of a frame | humantime's on top |")
    print("| --- | ---: | ---: | ---: |")
    empty = {folder: peak_bytes(folder, "empty.pcap") for folder in folders}
    for kind, path, _, frames in captures:
        plain, tagged = (peak_bytes(folder, path) - empty[folder] for folder in folders)
        print(f"| {kind} | {frames:,} | {plain / frames:,.0f} | {(tagged - plain) / frames:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
