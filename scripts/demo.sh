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
capture=${1-$top/sample-captures/article-fetch-01-client.pcapng.gz}
[ -r "$capture" ] || fail "The capture $capture cannot be read."

need_packages build "$(qt_group)" run
configure release
build release

home=$(new_home)
trap 'rm -rf "$home"' EXIT
stage_plugin release "$home/plugins"
install -m 644 "$capture" "$home/capture"

# What a key log says beside the capture is told too.
secrets=()
keys=${capture%-client.pcapng.gz}
keys=${keys%.pcapng.gz}.keys
if [ -r "$keys" ]; then
  install -m 644 "$keys" "$home/keys"
  secrets=(-o tls.keylog_file:keys)
fi
shown=${capture#"$top/"}

report() {
  as_ordinary_user "$home" WIRESHARK_PLUGIN_DIR="$home/plugins" tshark -q -r capture "${secrets[@]}" -z "humantime,$1" ||
    fail "tshark failed on $shown; what it said is above."
}

say "The diary of $shown, if one second were one year. By hand, not as root:"
cat <<END
    WIRESHARK_PLUGIN_DIR=build/release/plugins tshark -q -r $shown -z humantime,diary

END
report diary
say "Its year (humantime,calendar):"
report calendar
cat <<END

    humantime,diary,story tells it to a person who knows no networks; humantime,journeys sums it up;
    -e humantime.phase, .time and .journey are for each frame.
END
