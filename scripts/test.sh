#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds humantime and runs every test, those without Wireshark and Qt under the sanitizers; then, on Debian 12, checks
# layout, shell and Python scripts. Installs the packages it needs. scripts/lint.sh checks what takes longer.
#
#   scripts/test.sh
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ $# -eq 0 ] || fail "It takes no arguments. One test at a time: ctest --preset dev -R NAME"

# run_tests PRESET SENTENCE [CTEST-OPTION...]
run_tests() {
  local preset=$1 sentence=$2
  shift 2
  step "$sentence" ctest --preset "$preset" --no-tests=error --timeout 300 -j "$(nproc)" \
    --output-log "build/$preset/ctest.log" "$@"
}

# However this ends, ctest's own closing lines stand at the end of the output, and what failed is the last word.
closing_lines() {
  local preset
  for preset in asan dev; do
    [ -e "$top/build/$preset/ctest.log" ] || continue
    printf '\n==> What ctest said in build/%s:\n' "$preset"
    sed -n '/tests passed,/,${/^\[/d;/^$/d;p}' "$top/build/$preset/ctest.log"
  done
  [ -z "$failure" ] || printf '\n%s\n' "$failure"
}
rm -f "$top"/build/{dev,asan}/ctest.log
trap closing_lines EXIT

# The version that measures layout and lint is Debian 12's, see packages.txt.
debian=$(. /etc/os-release && printf '%s' "${VERSION_ID-unknown}")
lint=()
[ "$debian" = 12 ] && lint=(lint)
need_packages build "$(qt_group)" run test "${lint[@]}"
say "Testing with $(tshark --version 2>/dev/null | head -n 1)"

# What needs neither Wireshark nor Qt is tested once, with the sanitizers, below.
configure dev
build dev --target plugin/all ui/all window-tests export-tests command-tests
run_tests dev "Running the tests of plugin, dialog and year-timeline." -E '^(core-tests|fuzz|view|host)'
say "What is inferred in TLS without secrets, against what the secrets show:"
sed -n '/^inferred in /,/^[^a-z]*$/p' "$top/build/dev/Testing/Temporary/LastTest.log"

# The plugin would need the sanitizers' libraries inside tshark, and what Qt never gives back counts as leaks: so this
# is what knows neither.
configure asan -DHUMANTIME_PLUGIN=OFF -DHUMANTIME_QT=none
build asan
run_tests asan "Running the tests of core, fuzzing and layout, under the address and undefined-behaviour sanitizers."

if [ "$debian" != 12 ]; then
  say "Layout is not checked here: only Debian 12 has the clang-format 14 that measures it."
  exit
fi

# files FIND-EXPRESSION...: our files of that kind.
files() {
  local folder folders=()
  for folder in .ci core plugin ui profile scripts sample-captures tests; do
    [ -d "$top/$folder" ] && folders+=("$folder")
  done
  (cd "$top" && find "${folders[@]}" -type f \( "$@" \) | sort)
}
mapfile -t cxx < <(files -name '*.cpp' -o -name '*.h' -o -name '*.c')
mapfile -t shell < <(files -path .ci/run -o -name '*.sh')
mapfile -t python < <(files -name '*.py')
step "Checking the layout of ${#cxx[@]} C++ files." clang-format-14 --dry-run -Werror "${cxx[@]}"
step "Checking ${#shell[@]} shell scripts." shellcheck -x "${shell[@]}"
[ "${#python[@]}" -eq 0 ] || step "Checking ${#python[@]} Python scripts." pyflakes3 "${python[@]}"
say "Every step passed."
