# SPDX-License-Identifier: GPL-2.0-or-later
# The Qt that the installed Wireshark's window runs on: a library built with another would put two into one process.
# Sets HUMANTIME_QT_MAJOR to 5 or 6, or to nothing and says what is left out.
set(HUMANTIME_QT "" CACHE STRING "Major version of Qt for the dialog, or none; empty: as the installed Wireshark")

set(HUMANTIME_QT_MAJOR ${HUMANTIME_QT})
if(NOT HUMANTIME_QT_MAJOR)
  find_program(HUMANTIME_WIRESHARK wireshark)
  if(HUMANTIME_WIRESHARK AND CMAKE_OBJDUMP)
    execute_process(COMMAND ${CMAKE_OBJDUMP} -p ${HUMANTIME_WIRESHARK} OUTPUT_VARIABLE wireshark_needs ERROR_QUIET)
    if(wireshark_needs MATCHES "libQt([56])Core")
      set(HUMANTIME_QT_MAJOR ${CMAKE_MATCH_1})
    endif()
  endif()
endif()

if(NOT HUMANTIME_QT_MAJOR MATCHES "^[56]$")
  set(HUMANTIME_QT_MAJOR "")
  message(STATUS "Left out: the dialog Year Timeline and the command year-timeline (no Wireshark with a window found)")
else()
  find_package(Qt${HUMANTIME_QT_MAJOR} QUIET COMPONENTS Core Gui Widgets Svg PrintSupport LinguistTools)
  if(NOT Qt${HUMANTIME_QT_MAJOR}_FOUND)
    message(STATUS "Left out: the dialog Year Timeline and the command year-timeline "
                   "(Wireshark has Qt ${HUMANTIME_QT_MAJOR}, but its development files were not found)")
    set(HUMANTIME_QT_MAJOR "")
  else()
    message(STATUS "Building the dialog with Qt ${HUMANTIME_QT_MAJOR}")
  endif()
endif()
