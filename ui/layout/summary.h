// SPDX-License-Identifier: GPL-2.0-or-later
// What is said of a journey as a whole, in one sentence or two.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "layout/drawing.h"
#include "layout/view.h"
#include "model/timeline.h"

namespace humantime::ui {

/// How much of a journey light alone would need: the ways between its ends that follow one another, until the
/// first answer; ways that overlap are not counted twice, and what comes behind the answer's beginning need
/// not wait for anything on the other side.
struct LightShare {
  std::size_t ways = 0;          ///< one-way letters
  std::int64_t distance_ns = 0;  ///< what light needs for them
  std::int64_t rest_ns = 0;      ///< of the whole journey
};
/// None where the distance is not known or there is no round trip.
std::optional<LightShare> light_share_of(const Timeline& timeline, const View& view, std::uint32_t journey);

/// What the distance is of it; empty where it is not known.
std::string light_sentence(const Timeline& timeline, const View& view, std::uint32_t journey);
/// How many round trips there are, and how well the clocks are known.
std::string trips_sentence(const Timeline& timeline, const View& view);

/// A sentence whose words between stars are bold; cut where the room ends.
void write_sentence(const Drawing& drawing, std::string_view sentence, double x, double y, double right);

}  // namespace humantime::ui
