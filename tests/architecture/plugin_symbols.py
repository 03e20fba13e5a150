#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What humantime.so shows to Wireshark, what it wants of it, and which libraries come with it: the entry points of a
plugin and nothing else; only what Wireshark has; and no Qt, for tshark loads it too.

    plugin_symbols.py …/plugins/M.m/epan/humantime.so
"""

import re
import shutil
import subprocess
import sys


# Templates of the standard library that all libraries of a process share.
STANDARD_LIBRARY = re.compile(r"_Z(|Z|TI|TS|TV|N|NK|ZN|ZNK|GVZN|GVZNK)K?St")
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

    # Its libraries, and tshark's, which is the process that loads it.
    brought = run("ldd", library)
    loaded = brought + run("ldd", shutil.which("tshark"))
    if "libglib" not in brought or "libwireshark" not in loaded:
        yield "ldd shows not what is known to be there: the check is blind"
    for name in re.findall(r"^\s*(libQt\d\S*)", loaded, re.MULTILINE):
        yield f"a Qt library comes with it: {name}"
    for name in re.findall(r"^\s*(\S*wireshark\S*)", brought, re.MULTILINE):
        yield f"named, so that another version cannot even load it: {name}"
    if "not found" in loaded:
        yield "libraries are missing:\n" + loaded

    offered = set()
    for path in set(re.findall(r"=> (/\S+)", loaded)):
        offered |= {line.split()[-1].split("@")[0] for line in run("nm", "-D", "--defined-only", path).splitlines()}
    for line in run("nm", "-D", "--undefined-only", library).splitlines():
        name = line.split()[-1].split("@")[0]
        if name not in offered and line.split()[-2] == "U" and not SANITIZERS.match(name):
            yield f"neither Wireshark nor a library has it: {name}"


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
