#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Reads core and plugin with clang-tidy (Debian 12's, which .clang-tidy is written for). It takes about twenty minutes
# on two cores, too long for every run of the tests: for before a release, and for what has changed.
#
#   scripts/lint.sh                all
#   scripts/lint.sh FILE.cpp...    some
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

need_packages build run test lint
# Test programs are left out: clang-tidy takes minutes to read what GoogleTest's macros become; so is what includes Qt.
configure tidy -DBUILD_TESTING=OFF -DHUMANTIME_QT=none
if [ $# -eq 0 ]; then
  build tidy
else
  step "Reading $# files." clang-tidy -p "$top/build/tidy" --quiet "$@"
fi
say "Nothing found."
