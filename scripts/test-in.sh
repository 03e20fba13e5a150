#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds and tests the committed state (HEAD) in a fresh Debian of another version, so with another Wireshark.
#
#   scripts/test-in.sh [--fresh] [MODE] SUITE      SUITE: bookworm, trixie, forky, sid
#
#   (no MODE)         scripts/test.sh as root
#   --demo            scripts/demo.sh as root
#   --demo-as-user    scripts/demo.sh as an ordinary user who has sudo
#   --install         cmake --install, then asks the installed Wireshark for the plugin, then takes it away again
#   --fresh           makes the Debian anew; otherwise the last one is used, with the packages it has by now
#
# The Debian is a folder that debootstrap fills, ${HUMANTIME_CHROOTS:-/var/cache/humantime}/SUITE; HUMANTIME_MIRROR
# names another mirror. Needs debootstrap, and root or sudo.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() { sed -n '3,/^set/{/^set/d;s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; }

mode='' fresh='' suite=''
for argument in "$@"; do
  case $argument in
    --demo | --demo-as-user | --install) mode=$argument ;;
    --fresh) fresh=yes ;;
    -h | --help) usage; exit ;;
    -*) fail "There is no option $argument; --help shows them." ;;
    *) suite=$argument ;;
  esac
done
[ -n "$suite" ] || { usage >&2; exit 2; }

chroots=${HUMANTIME_CHROOTS:-/var/cache/humantime}
mirror=${HUMANTIME_MIRROR:-http://deb.debian.org/debian}
root=$chroots/$suite
command -v debootstrap >/dev/null || fail "This needs debootstrap: apt-get install debootstrap"

# Two runs in one Debian would take the checkout away from each other.
as_root mkdir -p "$chroots"
as_root touch "$root.lock"
exec 9<"$root.lock"
flock -n 9 || fail "Another run of this script uses $root: try again when it has ended."

make_chroot() {
  local recipe=/usr/share/debootstrap/scripts/$suite
  # A suite younger than this debootstrap is made as sid is.
  [ -e "$recipe" ] || recipe=/usr/share/debootstrap/scripts/sid
  as_root rm -rf --one-file-system "$root" "$root.partial"
  say "Making a Debian $suite in $root; this takes a minute or more."
  as_root debootstrap --variant=minbase --include=git,ca-certificates "$suite" "$root.partial" "$mirror" "$recipe" ||
    fail "debootstrap could not make a Debian $suite; its log is $root.partial/debootstrap/debootstrap.log." \
      "To repeat it: scripts/test-in.sh --fresh $suite"
  # This machine's ways to reach packages hold there too: proxies, and whether old package lists will do.
  apt-config dump | grep -E '^Acquire::(https?::Proxy|Check-Valid-Until|Check-Date) ' |
    as_root tee "$root.partial/etc/apt/apt.conf.d/90this-machine" >/dev/null || true
  as_root mv "$root.partial" "$root"
}
if [ -n "$fresh" ] || ! [ -d "$root" ]; then
  make_chroot
fi

# in_chroot COMMAND...: the mounts live in a namespace of their own and end with the command, whatever ends it.
# shellcheck disable=SC2016  # expanded by the inner shell
in_chroot() {
  as_root unshare --mount --pid --fork --kill-child bash -euc '
    root=$1
    shift
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount --rbind /dev "$root/dev"
    exec env -i HOME=/root LC_ALL=C.UTF-8 TERM="${TERM:-dumb}" \
      PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin chroot "$root" "$@"
  ' in_chroot "$root" "$@"
}

bundle=$(mktemp)
trap 'rm -f "$bundle"' EXIT
git -C "$top" bundle create -q "$bundle" HEAD
as_root install -m 644 "$bundle" "$root/tmp/humantime.bundle"
for file in /etc/resolv.conf /etc/hosts; do
  as_root cp --remove-destination -L "$file" "$root$file"
done

# Root's checkout lies where nobody else may look; an ordinary user's is a reader's.
account=root home=/root
if [ "$mode" = --demo-as-user ]; then
  account=reader home=/home/reader
  in_chroot bash -euc '
    command -v sudo >/dev/null || { apt-get -q update; apt-get -q -y install --no-install-recommends sudo; } >/dev/null
    id reader >/dev/null 2>&1 || useradd --create-home --shell /bin/bash reader
    echo "reader ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/reader'
fi
in_account() { in_chroot su - "$account" -c "$1"; }

say "Cloning $(git -C "$top" log -1 --format='%h, %s,') into $root$home/humantime."
in_account "chmod 700 $home && rm -rf humantime && git -c init.defaultBranch=main clone -q /tmp/humantime.bundle humantime"

started=$SECONDS status=0
case $mode in
  '') in_account 'humantime/scripts/test.sh' || status=$? ;;
  --demo*) in_account 'humantime/scripts/demo.sh' || status=$? ;;
  --install)
    # shellcheck disable=SC2016
    in_account '
      set -eu
      cd humantime
      bash -euc ". scripts/lib.sh; need_packages build \"\$(qt_group)\" run; configure release; build release"
      cmake --install build/release
      echo "==> What the installed Wireshark says of its plugins:"
      tshark -G plugins 2>/dev/null | grep humantime || status=$?
      xargs rm -v <build/release/install_manifest.txt
      exit ${status-0}' || status=$?
    ;;
esac
say "$suite, $(in_chroot tshark --version 2>/dev/null | sed -n '1s/\.$//p'): exit code $status after $((SECONDS - started)) s."
exit "$status"
