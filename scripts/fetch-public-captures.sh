#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Fetches the captures with which Wireshark tests itself, and their keys: those of the version that is installed,
# out of Debian's source package. tests/plugin/test_public_captures.py compares them, and is skipped without them.
#
#   scripts/fetch-public-captures.sh [FOLDER]
#
# FOLDER is ${XDG_CACHE_HOME:-~/.cache}/humantime/wireshark-VERSION, where the test looks for it; tell the test of another one
# by HUMANTIME_PUBLIC_CAPTURES=FOLDER. HUMANTIME_MIRROR names another mirror. Needs no rights and installs nothing:
# apt checks signatures and checksums in a folder of its own. Some 40 MB are loaded, 4 MB kept.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1-} in
  -h | --help)
    sed -n '3,/^set/{/^set/d;s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
    exit
    ;;
  -*) fail "There is no option $1; --help shows how to call it." ;;
esac
[ $# -le 1 ] || fail "It takes one folder."

is_installed tshark || fail "There is no Debian package tshark, which would tell the version to fetch."
version=$(dpkg-query -W -f='${source:Version}' tshark)
upstream=${version##*:}
upstream=${upstream%%[-+~]*}
folder=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/humantime/wireshark-$upstream}
if [ -e "$folder" ]; then
  say "They are there already: $folder"
  exit
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
suite=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME-}")
mirror=${HUMANTIME_MIRROR:-http://deb.debian.org/debian}
mkdir -p "$work"/{state/lists/partial,cache/archives/partial,source}
cat >"$work/sources.list" <<END
deb-src $mirror ${suite:-sid} main
deb-src $mirror ${suite:-sid}-updates main
deb-src ${mirror%/debian}/debian-security ${suite:-sid}-security main
END
own_apt() {
  apt-get -q -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=- -o Dir::State="$work/state" \
    -o Dir::Cache="$work/cache" -o APT::Sandbox::User="$(id -un)" "$@"
}

say "Fetching the source of Wireshark $version."
# A suite without updates or security has fewer lists; whether the rest is enough the next step tells.
own_apt update >"$work/log" 2>&1 || true
(cd "$work/source" && own_apt source --download-only "wireshark=$version") >>"$work/log" 2>&1 || {
  tail -n 10 "$work/log" >&2
  fail "apt-get could not fetch the source package wireshark $version."
}

say "Unpacking its test captures into $folder."
mkdir -p "$folder.partial"
tar -xf "$work/source"/wireshark_*.orig.tar.* -C "$folder.partial" --strip-components=2 --wildcards \
  '*/test/captures/*' '*/test/keys/*'
mv "$folder.partial" "$folder"
say "$(find "$folder/captures" -type f | wc -l) captures are in $folder/captures."
