#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How long Wireshark's window does not answer while it loads a capture with the dialog open, and while a person does
something there, and who is at work then:

    turns.py PLUGINS CAPTURE

Turns of the event loop in which the plugin or the dialog is at work for longer than 16 ms of the processor's time are
listed, the longest first, by what they did; Wireshark's own are only counted. Needs a compiler, and what the tests of the
window need.
"""

import collections
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "plugin"))

from desktop import Desktop  # noqa: E402
from dialog import MENU, ENTRY, TITLE  # noqa: E402
from tshark import Wireshark  # noqa: E402

# What a person does there: the window, and the keys.
STEPS = (
    ("the letters", TITLE, "2"),
    ("the diary", TITLE, "3"),
    ("all of the diary is copied", TITLE, "ctrl+a", "ctrl+c"),
    ("journeys are compared", TITLE, "4"),
    ("the connections", TITLE, "5"),
    ("the calendar", TITLE, "1"),
    ("limited to no filter", TITLE, "l"),
    ("a display filter", None, "ctrl+slash", *"udp", "Return"),
    ("another display filter", None, "ctrl+slash", "ctrl+a", *"frame", "period", *"number", "less", *"50000", "Return"),
)
OURS = re.compile(r"/humantime(?:-ui)?\.so\+")


def named(libraries):
    """The functions at these places, `library+offset` each, without their arguments."""
    names = {}
    by_library = collections.defaultdict(list)
    for place in libraries:
        library, offset = place.rsplit("+", 1)
        by_library[library].append(offset)
    for library, offsets in by_library.items():
        told = subprocess.run(["addr2line", "-f", "-C", "-e", library, *offsets], capture_output=True, text=True, check=True)
        for offset, name in zip(offsets, told.stdout.splitlines()[::2], strict=True):
            name = re.sub(r"\(anonymous namespace\)::|humantime::|ui::|std::", "", name)
            names[f"{library}+{offset}"] = re.sub(r"\(.*", "", name)
    return names


def turns_in(text):
    """(milliseconds, samples) of each; a sample is its places, the innermost first."""
    turns = []
    for line in text.splitlines():
        words = line.split()
        if line.startswith("turn "):
            turns.append((float(words[1]), []))
        else:
            turns[-1][1].append([word for word in words if OURS.search(word)])
    return turns


def report(text, heading):
    turns = turns_in(text)
    mine = [(ms, [sample for sample in samples if sample]) for ms, samples in turns]
    mine = [(ms, samples) for ms, samples in mine if samples]
    print(f"{heading}: {len(turns)} turns above the limit, {len(mine)} of them with us in it; the longest of all is "
          f"{max((ms for ms, _ in turns), default=0):.1f} ms")
    names = named({place for _, samples in mine for sample in samples for place in sample})
    seen = collections.Counter()
    for ms, samples in sorted(mine, key=lambda turn: -len(turn[1])):
        stacks = collections.Counter(
            " < ".join(dict.fromkeys(names[place] for place in sample[:7])) for sample in samples
        )
        stack, count = stacks.most_common(1)[0]
        seen[stack] += 1
        if seen[stack] <= 3:
            print(f"  {ms:7.1f} ms, ours in {len(samples)} samples of 4 ms; {count} of them: {stack}")


def main():
    plugins, capture = sys.argv[1:3]
    folder = Path(tempfile.mkdtemp(prefix="turns-"))
    folder.chmod(0o777)
    library = folder / "turns.so"
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, HERE / "turns.c", "-ldl", "-lrt"], check=True)
    told = folder / "turns"
    os.environ["HUMANTIME_TEST_PRELOAD"] = str(library)
    wireshark = Wireshark(Path(plugins))
    plain = wireshark.environment
    # The memory that people's programs use, too.
    ours = {"TURNS_FILE": str(told), "GLIBC_TUNABLES": ""}
    wireshark.environment = lambda *given, **more: plain(*given, **more) | ours
    with Desktop(wireshark, "-r", wireshark.readable(Path(capture))) as desktop:
        began = time.monotonic()
        desktop.menu(MENU, ENTRY)
        desktop.until(lambda: desktop.windows(TITLE), "the dialog does not open")
        print(f"the dialog is open after {time.monotonic() - began:.1f} s")
        rest(desktop, 10)
        print(f"all is at rest after {time.monotonic() - began:.1f} s")
        report(told.read_text(encoding="utf-8"), "while loading")
        for heading, window, *keys in STEPS:
            before = len(told.read_text(encoding="utf-8"))
            desktop.keys(window or Path(capture).name, *keys)
            rest(desktop, 3)
            report(told.read_text(encoding="utf-8")[before:], heading)
            desktop.picture(heading.replace(" ", "-"))


def rest(desktop, seconds):
    """Until Wireshark has used next to nothing of its processor for so long. Eyes cost its time, and are closed."""
    stat = Path(f"/proc/{wireshark_pid(desktop)}/stat")
    before, still = 0, 0
    for _ in range(900):
        time.sleep(1)
        ticks = stat.read_text(encoding="utf-8").rsplit(") ", 1)[1].split()
        now = int(ticks[11]) + int(ticks[12])
        still = still + 1 if now - before < 20 else 0
        before = now
        if still == seconds:
            return
    raise AssertionError("Wireshark does not come to rest")


def wireshark_pid(desktop):
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                if (process / "comm").read_text(encoding="utf-8") == "wireshark\n":
                    if f"DISPLAY=:{desktop.number}\0" in (process / "environ").read_text(encoding="utf-8"):
                        return int(process.name)
            except OSError:
                pass
    raise AssertionError("Wireshark has ended")


if __name__ == "__main__":
    main()
