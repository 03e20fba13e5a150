// SPDX-License-Identifier: GPL-2.0-or-later
// An object of a report in JSON: its values by their types. Nothing of it is trusted. No Qt.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "journeys/journey.h"

namespace humantime::ui {

template <typename Value>
struct JsonWord {
  std::string_view text;
  Value value;
};
/// An object, parsed: typed values; it remembers whether one was wrong or missing.
class JsonRecord {
 public:
  using Json = nlohmann::json;

  /// Of no object nothing is taken.
  explicit JsonRecord(std::string_view line) : object_(Json::parse(line, nullptr, false)) {}
  explicit JsonRecord(Json object) : object_(std::move(object)) {}

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
  /// Null is none; so is what is not finite.
  std::optional<double> number(const char* key) const;
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

}  // namespace humantime::ui
