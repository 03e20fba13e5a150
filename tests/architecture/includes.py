#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What each part may include: core knows neither Wireshark nor GLib nor Qt nor the other parts, plugin no Qt, the
dialog no dissection; what the dialog shows and where (ui/model, ui/layout) no Qt either.

    includes.py SOURCE-FOLDER
"""

import pathlib
import re
import sys

WIRESHARK = r"(epan|wsutil|wiretap|ws_\w+\.h|wireshark\.h|config\.h|cfile\.h|file\.h|ui/qt|tap\.h)"
GLIB = r"(glib\b|glib\.h|glib-|gmodule|gio/|gobject)"
QT = r"(Q[A-Z]\w*|Qt\w+/.*|q[a-z]+\.h)$"
# All but the header that the two have in common.
DIALOG = r"(ui/(?!ui_module\.h$)|(model|layout|paint|window|export|host)/)"

FORBIDDEN = {
    "core": {"Wireshark": WIRESHARK, "GLib": GLIB, "Qt": QT, "the plugin": r"plugin/", "the dialog": r"ui/"},
    "plugin": {"Qt": QT, "the dialog": DIALOG},
    "ui": {"Wireshark": WIRESHARK, "GLib": GLIB, "the plugin": r"plugin/"},
    "ui/model": {"Qt": QT},
    "ui/layout": {"Qt": QT},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')
SUFFIXES = {".h", ".hpp", ".cpp", ".cc", ".c", ".def"}


def complaints_of(part, name, text):
    for number, line in enumerate(text.splitlines(), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        for what, pattern in FORBIDDEN[part].items():
            if re.match(pattern, found.group(1)):
                yield f"{name}:{number}: {part} includes {found.group(1)}: it must not know {what}"


def main():
    root = pathlib.Path(sys.argv[1])
    # The rules themselves: what they must catch, and what they must not.
    for part, included, wrong in [
        ("core", "<epan/packet.h>", True), ("core", '"wsutil/wmem/wmem.h"', True), ("core", "<glib.h>", True),
        ("core", "<wiretap/wtap.h>", True), ("core", "<QString>", True), ("core", "<QtCore/QString>", True),
        ("core", '"plugin/host.h"', True), ("core", "<qstring.h>", True), ("core", '"store.h"', False),
        ("core", "<nlohmann/json.hpp>", False), ("core", "<vector>", False), ("plugin", "<QMenu>", True),
        ("plugin", "<epan/packet.h>", False), ("plugin", "<gmodule.h>", False), ("plugin", '"model/source.h"', True),
        ("plugin", '"ui/ui_module.h"', False), ("plugin", '"ui/model/source.h"', True), ("ui", "<epan/tap.h>", True),
        ("ui", '"plugin/session.h"', True), ("ui", "<glib.h>", True), ("ui", "<QWidget>", False),
        ("ui/model", "<QString>", True), ("ui/layout", "<QRectF>", True), ("ui/layout", '"layout/scene.h"', False),
    ]:
        if bool(list(complaints_of(part, "rule", f"#include {included}"))) != wrong:
            sys.exit(f"the rules are wrong about {included} in {part}")

    complaints, files = [], 0
    for part in FORBIDDEN:
        for file in sorted((root / part).rglob("*")):
            if file.suffix in SUFFIXES:
                files += 1
                complaints += complaints_of(part, file.relative_to(root), file.read_text(encoding="utf-8"))
    print("\n".join(complaints) or f"{files} files include only what they may")
    # Files that are not found would pass for files that are clean.
    return 1 if complaints or files < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
