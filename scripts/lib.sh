# SPDX-License-Identifier: GPL-2.0-or-later
# What the scripts share. Sourced, never run; the sourcing script has set -euo pipefail.
# shellcheck shell=bash

# The source tree, wherever the script was called from.
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# An account without rights that every Debian has: nobody. The number, because a chroot may lack the name.
ordinary_id=65534

say() { printf '==> %s\n' "$*"; }

# What fail said, for those who say more before they end.
failure=''
fail() {
  failure="${0##*/}: $*"
  printf '%s\n' "$failure" >&2
  exit 1
}

# step SENTENCE COMMAND...: says the sentence, runs the command in the source tree; if it fails, says how to repeat it.
step() {
  local sentence=$1 status=0
  shift
  say "$sentence"
  (cd "$top" && "$@") || status=$?
  [ "$status" -eq 0 ] && return
  fail "The step \"${sentence%.}\" failed with exit code $status. To repeat it: cd $(printf %q "$top") &&$(printf ' %q' "$@")"
}

is_root() { [ "$(id -u)" -eq 0 ]; }

# as_root COMMAND...: by sudo unless we are root already.
as_root() {
  if is_root; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "This needs root, and there is no sudo: $*"
  fi
}

# The packages of the groups named, from packages.txt.
packages_of() {
  local group
  for group in "$@"; do
    awk -v group="$group" '$1 == group { print $2 }' "$top/scripts/packages.txt"
  done | sort -u
}

# The group of packages with the Qt of the distribution's Wireshark: what is installed tells, else what would be.
qt_group() {
  local needs
  needs=$( (dpkg-query -W -f='${Depends}\n' wireshark wireshark-qt || true
    apt-cache depends wireshark wireshark-qt || true) 2>/dev/null)
  case $needs in
    *libqt5core*) echo qt5 ;;
    *libqt6core*) echo qt6 ;;
    # No package lists yet: Debian 12 is the last with Qt 5.
    *) [ "$(. /etc/os-release && printf '%s' "${VERSION_ID-}")" = 12 ] && echo qt5 || echo qt6 ;;
  esac
}

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@"
}

# need_packages GROUP...: installs those packages of the groups that are missing; touches nothing when none is.
need_packages() {
  local package log missing=()
  if ! command -v dpkg-query >/dev/null; then
    say "This is no Debian: the packages that scripts/packages.txt names are taken to be there."
    return
  fi
  for package in $(packages_of "$@"); do
    is_installed "$package" || missing+=("$package")
  done
  [ "${#missing[@]}" -eq 0 ] && return
  say "Installing what is missing: ${missing[*]}"
  # May others than root capture? Nothing here captures: no, which is Debian's own default.
  if ! is_installed wireshark-common; then
    echo 'wireshark-common wireshark-common/install-setuid boolean false' | as_root debconf-set-selections
  fi
  log=$(mktemp)
  # A source that cannot be reached is no reason to stop when the others have what we need.
  apt_get update >"$log" 2>&1 || say "Not every package list could be fetched; going on with those that could."
  if ! apt_get install --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
    tail -n 20 "$log" >&2
    fail "Installing packages failed; all that apt-get said is in $log. To repeat it as root:" \
      "apt-get update && apt-get install --no-install-recommends ${missing[*]}"
  fi
  rm -f "$log"
}

# stage_plugin PRESET FOLDER: copies the built plugin to where everybody may read it; the build tree may lie in a home
# that only its owner enters. FOLDER is then what WIRESHARK_PLUGIN_DIR wants: FOLDER/M.m/epan/humantime.so.
stage_plugin() {
  [ -d "$top/build/$1/plugins" ] || fail "There is no plugin in $top/build/$1/plugins: was it built?"
  cp -r "$top/build/$1/plugins" "$2"
  chmod -R u=rwX,go=rX "$2"
}

# new_home: prints a fresh home folder, ours or the ordinary user's, with a runtime folder in it. The caller removes it.
new_home() {
  local home
  home=$(mktemp -d /tmp/humantime.XXXXXX)
  chmod 755 "$home"
  mkdir -m 700 "$home/run"
  if is_root; then
    chown -R "$ordinary_id:$ordinary_id" "$home"
  fi
  printf '%s\n' "$home"
}

# as_ordinary_user HOME [NAME=VALUE...] COMMAND...: runs the command in HOME with a clean environment and, if we are
# root, as another user: as root Wireshark ignores WIRESHARK_PLUGIN_DIR.
as_ordinary_user() {
  local home=$1 become=()
  shift
  if is_root; then
    become=(setpriv --reuid "$ordinary_id" --regid "$ordinary_id" --clear-groups)
  fi
  (cd "$home" && exec "${become[@]}" env -i PATH=/usr/local/bin:/usr/bin:/bin HOME="$home" \
    XDG_RUNTIME_DIR="$home/run" LC_ALL=C.UTF-8 TZ=UTC "$@")
}

# configure PRESET [CMAKE-OPTION...]: with ccache where it is installed.
configure() {
  if command -v ccache >/dev/null; then
    export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
  fi
  step "Configuring build/$1." cmake --preset "$@"
}

# build PRESET [CMAKE-OPTION...]
build() { step "Building build/$1." cmake --build --preset "$@" -j "$(nproc)"; }
