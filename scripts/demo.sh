#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Shows on a capture what humantime does: its reports, and where there is a display Wireshark with the year's dialog.
# Installs the packages it needs and builds what is yet to be built, but installs no plugin: your Wireshark stays as it is.
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
secrets=() keylog=()
keys=${capture%-client.pcapng.gz}
keys=${keys%.pcapng.gz}.keys
if [ -r "$keys" ]; then
  install -m 644 "$keys" "$home/keys"
  secrets=(-o tls.keylog_file:keys) keylog=(--keylog keys)
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

# The dialog in Wireshark where there is a display; where there is none, the same picture in a file.
dialog=$(find "$home/plugins" -name humantime-ui.so)
if [ -z "$dialog" ]; then
  say "The dialog Year Timeline was left out; what cmake said of it is above."
elif [ -n "${DISPLAY-}" ]; then
  say "Opening it in Wireshark, Statistics → Year Timeline. The demo ends when Wireshark is closed."
  named=$(basename "$capture")
  [ "$named" = capture ] || ln "$home/capture" "$home/$named"
  cookie=()
  if [ -r "${XAUTHORITY:-$HOME/.Xauthority}" ]; then
    install -m 600 "${XAUTHORITY:-$HOME/.Xauthority}" "$home/cookie"
    is_root && chown "$ordinary_id:$ordinary_id" "$home/cookie"
    cookie=(XAUTHORITY="$home/cookie")
  fi
  as_ordinary_user "$home" DISPLAY="$DISPLAY" "${cookie[@]}" WIRESHARK_PLUGIN_DIR="$home/plugins" \
    wireshark -o gui.update.enabled:FALSE -o humantime.open_timeline:TRUE "${secrets[@]}" -r "$named" ||
    fail "Wireshark could not show its window on $DISPLAY; what it said is above."
elif [ -x "$top/build/release/bin/year-timeline" ]; then
  picture=$top/build/release/year.png
  install -m 755 "$top/build/release/bin/year-timeline" "$home/year-timeline"
  as_ordinary_user "$home" QT_QPA_PLATFORM=offscreen WIRESHARK_PLUGIN_DIR="$home/plugins" \
    ./year-timeline capture "${keylog[@]}" -o year.png || fail "year-timeline failed on $shown; what it said is above."
  install -m 644 "$home/year.png" "$picture"
  say "There is no display, so the year as Wireshark's dialog shows it is in ${picture#"$top/"}."
fi
