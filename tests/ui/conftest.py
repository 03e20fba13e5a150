# SPDX-License-Identifier: GPL-2.0-or-later
"""What all tests of year-timeline have: the command, and a folder that is empty behind each of them."""

from test_year_timeline import clean, command

__all__ = ["clean", "command"]
