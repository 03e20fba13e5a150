// SPDX-License-Identifier: GPL-2.0-or-later
// What a tshark prints of the reports in JSON: cut into lines, and the words in them. Nothing of it is
// trusted. No Qt.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>

#include "journeys/journey.h"
#include "model/json_record.h"

namespace humantime::ui {

/// Cuts bytes that come in pieces into lines.
class JsonLines {
 public:
  /// A longer line is no record: names are bounded long before.
  static constexpr std::size_t longest = 1U << 20U;

  /// `take_line` gets each line without its end; false ends it.
  using TakeLine = std::function<bool(std::string_view line)>;

  /// The next bytes, cut anywhere. False where a line is too long, or was refused.
  bool take(std::string_view bytes, const TakeLine& take_line);
  /// Whether the last line has not come to its end.
  bool is_open() const { return !pending_.empty(); }
  /// Whether a line went on for too long.
  bool is_too_long() const { return too_long_; }

 private:
  std::string pending_;
  bool too_long_ = false;
};

inline constexpr std::array json_ends = {JsonWord{std::string_view("client"), journeys::End::client},
                                         JsonWord{std::string_view("server"), journeys::End::server},
                                         JsonWord{std::string_view("middle"), journeys::End::middle}};
inline constexpr std::array json_directions = {
    JsonWord{std::string_view("sent"), journeys::Direction::sent},
    JsonWord{std::string_view("received"), journeys::Direction::received}};

/// For who is told of a line that is none of this version's: what it begins with, printable.
std::string wrong_line_sentence(std::string_view line);

}  // namespace humantime::ui
