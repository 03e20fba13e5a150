# SPDX-License-Identifier: GPL-2.0-or-later
"""Fixtures and options of the plugin's tests."""

import os
import shutil
from pathlib import Path

import pytest

from tshark import ROOT, Wireshark

PROGRAMS = ("tshark", "sharkd", "editcap", "mergecap", "capinfos")


def pytest_addoption(parser):
    parser.addoption("--update", action="store_true", help="write the goldens anew")


@pytest.fixture(scope="session")
def wireshark():
    """Everything that has been asked once is remembered for the session."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    assert not missing, f"not installed: {', '.join(missing)}"
    plugins = Path(os.environ.get("HUMANTIME_PLUGIN_DIR", ROOT / "build" / "dev" / "plugins"))
    assert list(plugins.glob("*/epan/humantime.so")), f"no humantime.so below {plugins}: build it first"
    return Wireshark(plugins)
