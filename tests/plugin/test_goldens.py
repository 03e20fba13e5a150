# SPDX-License-Identifier: GPL-2.0-or-later
"""What every sample capture says, line by line, as it was reviewed: goldens/NAME.jsonl.

`pytest --update tests/plugin/test_goldens.py` writes them anew: read the difference before it is committed.
They hold for every version of Wireshark.
"""

import difflib
import json
from pathlib import Path

import pytest

from tshark import capture_names

FOLDER = Path(__file__).with_name("goldens")
COLUMNS = (
    "frame", "time", "journey", "end", "direction", "phases", "milestones", "stages", "inferred", "from", "to",
    "detail",
)  # fmt: skip


def golden_lines(events):
    """One object a line, without `inferred` where nothing is."""
    for event in events:
        shown = {column: event[column] for column in COLUMNS}
        if not any(shown["inferred"]):
            del shown["inferred"]
        yield json.dumps(shown, ensure_ascii=False)


@pytest.mark.parametrize("name", capture_names())
def test_golden(wireshark, request, name):
    told = list(golden_lines(wireshark.events(name)))
    path = FOLDER / f"{name}.jsonl"
    if request.config.getoption("--update"):
        FOLDER.mkdir(exist_ok=True)
        path.write_text("".join(line + "\n" for line in told), encoding="utf-8")
        return
    assert path.exists(), f"no golden of {name}: pytest --update writes one"
    kept = path.read_text(encoding="utf-8").splitlines()
    difference = difflib.unified_diff(kept, told, f"goldens/{name}.jsonl", "this build", lineterm="", n=1)
    if kept != told:
        pytest.fail("\n".join(difference), pytrace=False)


def test_no_golden_without_a_capture():
    left = {path.stem for path in FOLDER.glob("*.jsonl")} - set(capture_names())
    assert not left, f"goldens without a capture: {sorted(left)}"
