# SPDX-License-Identifier: GPL-2.0-or-later
"""What the README shows is what the plugin says."""

from article_table import table
from tshark import ROOT

README = ROOT / "README.md"
BEGIN, END = "<!-- the article's year: written by test_readme.py --update -->\n", "<!-- end of the article's year -->\n"


def test_the_articles_year_beside_a_recorded_one(wireshark, request):
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    shown, _, after = rest.partition(END)
    made = "\n" + table(wireshark) + "\n"
    assert made.count("\n| ") == 2 + 34, "not all of the article's events are in the table"
    if request.config.getoption("--update"):
        README.write_text(before + BEGIN + made + END + after, encoding="utf-8")
        return
    assert shown == made
