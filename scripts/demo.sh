#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Shows on a capture what humantime does. Installs the packages it needs and builds the plugin if that is yet to be
# done, but installs no plugin: your Wireshark stays as it is.
#
#   scripts/demo.sh [CAPTURE]
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1-} in
  -h | --help) sed -n '3,/^set/{/^set/d;s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; exit ;;
esac
[ $# -le 1 ] || fail "One capture at a time: scripts/demo.sh [CAPTURE]"
capture=${1-$top/sample-captures/http-plain.pcapng.gz}
[ -r "$capture" ] || fail "The capture $capture cannot be read."

need_packages build run
configure release
build release --target humantime

home=$(new_home)
trap 'rm -rf "$home"' EXIT
stage_plugin release "$home/plugins"
install -m 644 "$capture" "$home/capture"

# Rows of tab-separated fields, with a header, as a table.
table() {
  awk -F '\t' '
    { rows = NR; for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } }
    NF > columns { columns = NF }
    END {
      for (row = 1; row <= rows; row++) {
        line = sprintf("%" width[1] "s", cell[row, 1])
        for (i = 2; i <= columns; i++) line = line sprintf("  %-" width[i] "s", cell[row, i])
        sub(/ +$/, "", line)
        print line
      }
    }'
}

shown=${capture#"$top/"}
say "Every frame of $shown, its date if one second were one year, and its phase. By hand, not as root:"
cat <<END
    WIRESHARK_PLUGIN_DIR=build/release/plugins \\
    tshark -2 -r $shown -T fields -e frame.number -e humantime.time -e humantime.phase

END
{
  printf 'frame\tdate\tfrom\tto\tphase\n'
  as_ordinary_user "$home" WIRESHARK_PLUGIN_DIR="$home/plugins" tshark -2 -r capture -T fields \
    -e frame.number -e humantime.time -e _ws.col.Source -e _ws.col.Destination -e humantime.phase
} | table || fail "tshark failed on $shown; what it said is above."
