# SPDX-License-Identifier: GPL-2.0-or-later
# The warnings that all of our targets are built with, and the sanitizers where asked for.
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
