#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Draws the README's pictures anew, with year-timeline, from sample captures: light, dark, Japanese, the mean of
# ten, handshakes compared, and what their connections were like.
#
#   scripts/screenshots.sh [PRESET]      PRESET: release, or another one that has been built
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1-} in
  -h | --help) sed -n '3,/^set/{/^set/d;s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; exit ;;
esac
[ $# -le 1 ] || fail "One preset at a time: scripts/screenshots.sh [PRESET]"
preset=${1-release}
capture=article-fetch-01
largest=200000

need_packages build "$(qt_group)" run
configure "$preset"
build "$preset" --target humantime --target year-timeline

home=$(new_home)
trap 'rm -rf "$home"' EXIT
stage_plugin "$preset" "$home/plugins"
install -m 755 "$top/build/$preset/bin/year-timeline" "$home/year-timeline"
# Where the file lies is part of no picture, its name is.
runs=(article-fetch-{01..10})
for run in "${runs[@]}"; do
  install -m 644 "$top/sample-captures/$run.pcapng.gz" "$top/sample-captures/$run.keys" "$home/"
done
compared=handshakes-compared
install -m 644 "$top/sample-captures/$compared.pcapng.gz" "$top/sample-captures/$compared.keys" "$home/"

# picture NAME OPTION...
picture() {
  local name=$1 size
  shift
  as_ordinary_user "$home" WIRESHARK_PLUGIN_DIR="$home/plugins" ./year-timeline "$@" -o "$name.png" || fail "$name.png was not drawn; what year-timeline said is above."
  size=$(stat -c %s "$home/$name.png")
  [ "$size" -lt "$largest" ] || fail "$name.png has $size bytes: that is too much for a repository."
  install -D -m 644 "$home/$name.png" "$top/docs/screenshots/$name.png"
  say "docs/screenshots/$name.png, $size bytes"
}
one=("$capture.pcapng.gz" --keylog "$capture.keys")
picture light "${one[@]}"
picture dark --theme dark "${one[@]}"
picture japanese --language ja "${one[@]}"
ten=()
for run in "${runs[@]}"; do ten+=("$run.pcapng.gz" --keylog "$run.keys"); done
picture average --average "${ten[@]}"
eight=("$compared.pcapng.gz" --keylog "$compared.keys" --size 1020x630)
picture compare --compare "${eight[@]}"
picture compare-syn --compare --align syn "${eight[@]}"
picture connections "$compared.pcapng.gz" --keylog "$compared.keys" --view connections
