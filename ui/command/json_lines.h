// SPDX-License-Identifier: GPL-2.0-or-later
// What a tshark prints of the reports in JSON: cut into lines, and a line's values by their types. Nothing of
// it is trusted. No Qt.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "journeys/journey.h"

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

template <typename Value>
struct JsonWord {
  std::string_view text;
  Value value;
};
inline constexpr std::array json_ends = {JsonWord{std::string_view("client"), journeys::End::client},
                                         JsonWord{std::string_view("server"), journeys::End::server},
                                         JsonWord{std::string_view("middle"), journeys::End::middle}};
inline constexpr std::array json_directions = {
    JsonWord{std::string_view("sent"), journeys::Direction::sent},
    JsonWord{std::string_view("received"), journeys::Direction::received}};

/// A line, parsed: typed values; it remembers whether one was wrong or missing.
class JsonRecord {
 public:
  using Json = nlohmann::json;

  /// Of no object nothing is taken.
  explicit JsonRecord(std::string_view line) : object_(Json::parse(line, nullptr, false)) {}

  bool has(const char* key) const { return object_.is_object() && object_.contains(key); }
  bool wrong() const { return wrong_; }

  /// Null where there is none, which is wrong.
  const Json& at(const char* key) const;
  /// Null is none.
  template <typename Integer>
  std::optional<Integer> integer(const char* key) const {
    const Json& value = at(key);
    if (value.is_null()) return std::nullopt;
    if (value.is_number_unsigned()) {
      const auto number = value.get<std::uint64_t>();
      if (number <= static_cast<std::uint64_t>(std::numeric_limits<Integer>::max()))
        return static_cast<Integer>(number);
    } else if (value.is_number_integer()) {
      // nlohmann calls it signed only where it is negative.
      const auto number = value.get<std::int64_t>();
      if constexpr (std::numeric_limits<Integer>::is_signed)
        if (number >= std::numeric_limits<Integer>::min()) return static_cast<Integer>(number);
    }
    wrong_ = true;
    return std::nullopt;
  }
  std::string_view text(const char* key) const;
  template <typename Value, std::size_t size>
  Value word(const char* key, const std::array<JsonWord<Value>, size>& words) const {
    const std::string_view told = text(key);
    for (const JsonWord<Value>& word : words)
      if (word.text == told) return word.value;
    if (!told.empty()) wrong_ = true;
    return Value::unknown;
  }
  /// How a journey ended: none where the word is not known.
  std::optional<journeys::Kind> kind(const char* key) const;

 private:
  Json object_;
  mutable bool wrong_ = false;
};

/// For who is told of a line that is none of this version's: what it begins with, printable.
std::string wrong_line_sentence(std::string_view line);

}  // namespace humantime::ui
