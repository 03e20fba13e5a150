// SPDX-License-Identifier: GPL-2.0-or-later
// How year-timeline ends; --help documents it from this table.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace humantime::ui {

enum class ExitStatus : std::uint8_t {
  done = 0,
  bad_arguments = 1,
  bad_input = 2,
  no_tshark = 3,
  bad_filter = 4,
  bad_output = 5,
  interrupted = 130,
};

struct ExitStatusRow {
  ExitStatus status;
  std::string_view meaning;
};
inline constexpr std::array exit_statuses = {
    ExitStatusRow{ExitStatus::done, "all went well"},
    ExitStatusRow{ExitStatus::bad_arguments, "an option or its value is wrong, or there is no such journey"},
    ExitStatusRow{ExitStatus::bad_input, "the capture or the key log cannot be read"},
    ExitStatusRow{ExitStatus::no_tshark, "tshark or its humantime plugin is missing, or tshark failed"},
    ExitStatusRow{ExitStatus::bad_filter, "the display filter is wrong"},
    ExitStatusRow{ExitStatus::bad_output, "the file could not be written"},
    ExitStatusRow{ExitStatus::interrupted, "interrupted"},
};

}  // namespace humantime::ui
