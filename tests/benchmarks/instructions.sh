#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Counts what the plugin costs on top of tshark, in instructions and in memory, and prints tables in Markdown.
# Takes about twenty minutes: valgrind runs tshark.
#
#   tests/benchmarks/instructions.sh [--divide N]       captures N times smaller, for a first look
#   tests/benchmarks/instructions.sh --both-ends        what matching packets of both ends costs
#   tests/benchmarks/instructions.sh --floods           a million look-ups, a million connections: an hour
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"

need_packages build run bench
configure release
build release --target humantime

home=$(new_home)
trap 'rm -rf "$home"' EXIT
mkdir -m 755 "$home/without" "$home/samples"
stage_plugin release "$home/with"
echo 'unsigned g_random_int(void) { return 0x9E3779B9u; }' | cc -shared -fPIC -x c -o "$home/steady.so" -
install -m 644 "$top"/tests/benchmarks/{instructions,traffic}.py "$home"
samples=()
for capture in "$top"/sample-captures/*.pcapng*; do
  [ -e "$capture" ] || continue
  install -m 644 "$capture" "$home/samples/"
  samples+=("samples/${capture##*/}")
done

cat "$top"/sample-captures/*.keys > "$home/all.keys"

say "Counting with $(tshark --version 2>/dev/null | head -n 1)"
as_ordinary_user "$home" PYTHONDONTWRITEBYTECODE=1 python3 instructions.py "$@" without with "${samples[@]}"
