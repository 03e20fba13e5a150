# SPDX-License-Identifier: GPL-2.0-or-later
# How our targets are built: with which warnings, and the sanitizers where asked for.
function(humantime_target target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
    -Wimplicit-fallthrough $<$<BOOL:${HUMANTIME_WERROR}>:-Werror>)
  if(HUMANTIME_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${HUMANTIME_SANITIZE} -fno-omit-frame-pointer
                                             -fno-sanitize-recover=undefined)
    target_link_options(${target} PRIVATE -fsanitize=${HUMANTIME_SANITIZE})
  endif()
  if(HUMANTIME_FUZZ)
    # Coverage counters in every object; only the fuzz targets link the fuzzer itself.
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
endfunction()

# Tests run once for each time they are built: time spent on making them fast would be lost.
function(humantime_test_target target)
  humantime_target(${target})
  target_compile_options(${target} PRIVATE -O0 -g1)
endfunction()
