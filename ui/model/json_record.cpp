// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/json_record.h"

#include <algorithm>
#include <cmath>

namespace humantime::ui {
namespace {

constexpr std::array kinds = {journeys::Kind::completed, journeys::Kind::refused, journeys::Kind::unanswered,
                              journeys::Kind::abandoned, journeys::Kind::failed};

}  // namespace

const JsonRecord::Json& JsonRecord::at(const char* key) const {
  static const Json null;
  if (object_.is_object()) {
    const auto found = object_.find(key);
    if (found != object_.end()) return *found;
  }
  wrong_ = true;
  return null;
}

std::optional<double> JsonRecord::number(const char* key) const {
  const Json& value = at(key);
  if (value.is_null()) return std::nullopt;
  if (value.is_number() && std::isfinite(value.get<double>())) return value.get<double>();
  wrong_ = true;
  return std::nullopt;
}

std::string_view JsonRecord::text(const char* key) const {
  const Json& value = at(key);
  if (value.is_string()) return value.get_ref<const std::string&>();
  if (!value.is_null()) wrong_ = true;
  return {};
}

std::optional<journeys::Kind> JsonRecord::kind(const char* key) const {
  const std::string_view told = text(key);
  const auto* const found =
      std::find_if(kinds.begin(), kinds.end(), [&](journeys::Kind of) { return token_of(of) == told; });
  return found == kinds.end() ? std::nullopt : std::optional(*found);
}

}  // namespace humantime::ui
