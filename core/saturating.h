// SPDX-License-Identifier: GPL-2.0-or-later
// Reckoning with times that a file may make up.
#pragma once

#include <cstdint>
#include <limits>

namespace humantime {

/// `a` − `b`, saturating: a hostile file may hold both ends of time.
constexpr std::int64_t difference(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (!__builtin_sub_overflow(a, b, &result)) return result;
  return a < b ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
}
/// How far apart they are, saturating.
constexpr std::int64_t distance(std::int64_t a, std::int64_t b) {
  return a < b ? difference(b, a) : difference(a, b);
}
/// `a` + `b`, saturating.
constexpr std::int64_t sum(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (!__builtin_add_overflow(a, b, &result)) return result;
  return b < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
}

}  // namespace humantime
