// SPDX-License-Identifier: GPL-2.0-or-later
// What a reader of a capture of several places should know of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "language.h"

namespace humantime::letters {

struct Finding {
  enum class Kind : std::uint8_t {
    clock,          ///< what the clock of `place` shows more than the reference's, its precision and error
    drift,          ///< it gains on it: `rate`
    step,           ///< it was set: `offset_ns` is the step, from `frame` on
    contradiction,  ///< packets arrive before they are sent whatever the offset
    faster_than_light,  ///< the round trip is shorter than light needs for the distance
    one_way,            ///< packets went one way only: the clocks cannot be compared
    nothing_in_common,  ///< no packet was seen at both
    same_place,         ///< every packet arrives when it is sent: two captures of one end
    folded,             ///< every packet stands twice at one place: two captures were merged into one
  };

  Kind kind = Kind::clock;
  std::uint16_t place = 0, other = 0;  ///< vantages, as in FrameStore::vantages(); `other` is the reference
  std::uint32_t frame = 0;
  std::uint64_t count = 0;  ///< packets that tell it
  std::int64_t offset_ns = 0, precision_ns = 0, error_ns = 0;
  double rate = 0;
};

/// `clock`, `same_place`, …
std::string_view token_of(Finding::Kind kind);

/// Names a vantage to a reader: `interface 1`.
std::string name_of_vantage(std::uint16_t vantage, Language language);

/// What was found and, where something can be done, what.
std::string sentence_of(const Finding& finding, Language language);

}  // namespace humantime::letters
