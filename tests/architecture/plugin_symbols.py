#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What humantime.so shows to Wireshark, and which libraries come with it: the entry points of a plugin and
nothing else, and no Qt, for tshark loads it too.

    plugin_symbols.py …/plugins/M.m/epan/humantime.so
"""

import re
import subprocess
import sys


# Templates of the standard library that all libraries of a process share.
STANDARD_LIBRARY = re.compile(r"_Z(TI|TS|TV|N|NK|ZN|ZNK|GVZN|GVZNK)K?St")
SANITIZERS = re.compile(r"__(asan|odr_asan|ubsan|sanitizer|sancov)")


def run(*command):
    environment = {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


def complaints_of(library, version):
    expected = {"plugin_version", "plugin_want_major", "plugin_want_minor", "plugin_register"}
    if version >= (4, 2):
        expected.add("plugin_describe")
    exported = set()
    for line in run("nm", "-D", "--defined-only", library).splitlines():
        kind, name = line.split()[-2:]
        if kind in "WVu" and STANDARD_LIBRARY.match(name) or SANITIZERS.match(name):
            continue
        exported.add(name.split("@")[0])
    for name in sorted(exported - expected):
        yield f"exported, but no entry point: {name}"
    for name in sorted(expected - exported):
        yield f"not exported: {name}"

    needed = re.findall(r"NEEDED\)\s+Shared library: \[([^\]]+)\]", run("readelf", "-d", library))
    if not any("wireshark" in name for name in needed):
        yield "it needs no libwireshark: the check is blind"
    loaded = run("ldd", library)
    for name in needed + re.findall(r"^\s*(\S+)", loaded, re.MULTILINE):
        if re.match(r"libQt\d", name.rsplit("/", 1)[-1]):
            yield f"a Qt library comes with it: {name}"
    if "not found" in loaded:
        yield "libraries are missing:\n" + loaded


def main():
    library = sys.argv[1]
    found = re.search(r"/plugins/(\d+)\.(\d+)/epan/", library)
    if not found:
        sys.exit(f"not in a folder of Wireshark's: {library}")
    complaints = list(complaints_of(library, (int(found.group(1)), int(found.group(2)))))
    print("\n".join(complaints) or "shows its entry points only, and brings no Qt")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
