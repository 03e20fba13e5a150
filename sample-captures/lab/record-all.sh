#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Records all captures again and renews the table in README.md. Takes some twenty minutes; needs root and the packages that
# README.md names. Arguments go to every recorder: --output DIR writes elsewhere, and leaves README.md alone.
set -u
lab=$(unset CDPATH; cd -- "$(dirname -- "$0")" && pwd)
failed=
for recorder in "$lab"/record-*.py; do
  "$recorder" "$@" || failed="$failed $(basename "$recorder")"
done
[ $# -gt 0 ] || "$lab/describe.py" || failed="$failed describe.py"
[ -z "$failed" ] || { echo "with failures:$failed" >&2; exit 1; }
