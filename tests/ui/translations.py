#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether every word of the dialog is translated: what lupdate finds in the sources is in the files, and finished.

    translations.py [--update] LUPDATE SOURCE-FOLDER

--update writes what is new into the files, for a translator to finish.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

# Of English the plurals only: its words are in the sources.
FILES = {"humantime_en.ts": ["-pluralonly"], "humantime_ja.ts": []}
PARTS = ["window", "host", "export", "paint"]


def messages(path):
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            key = (context.findtext("name"), message.findtext("source"), message.findtext("comment") or "")
            yield key, message.find("translation")


def update(lupdate, ui, file, options):
    parts = [str(ui / part) for part in PARTS if (ui / part).is_dir()]
    run = subprocess.run([lupdate, "-silent", "-no-obsolete", "-locations", "none", "-I", str(ui), *options, *parts, "-ts", str(file)],
                         capture_output=True, text=True, check=True)
    # A file that lupdate cannot read hides its words.
    return [line for line in (run.stdout + run.stderr).splitlines() if line.strip()]


def complaints_of(lupdate, ui, name, options, folder):
    kept = ui / "translations" / name
    fresh = pathlib.Path(folder) / name
    shutil.copy(kept, fresh)
    yield from update(lupdate, ui, fresh, options)
    known = {key for key, _ in messages(kept)}
    found = dict(messages(fresh))
    if not found:
        yield f"{name}: lupdate found no word at all: the check is blind"
    for key, translation in found.items():
        forms = [form.text for form in translation.iter("numerusform")] or [translation.text]
        if key not in known:
            yield f"{name}: not there: {key}"
        elif translation.get("type") == "unfinished" or not all(forms):
            yield f"{name}: unfinished: {key}"
        for number in ("%1", "%2", "%n", "%L1"):
            # English may say "the only event".
            if options == [] and number in key[1] and not all(number in (form or "") for form in forms):
                yield f"{name}: {number} is lost: {key}"
    for key in sorted(known - set(found)):
        yield f"{name}: no longer in the sources: {key}"


def main():
    arguments = [a for a in sys.argv[1:] if a != "--update"]
    lupdate, ui = arguments[0], pathlib.Path(arguments[1]) / "ui"
    if "--update" in sys.argv:
        for name, options in FILES.items():
            print("\n".join(update(lupdate, ui, ui / "translations" / name, options)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        complaints = [c for name, options in FILES.items() for c in complaints_of(lupdate, ui, name, options, folder)]
    print("\n".join(complaints) or "every word is translated")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
