// SPDX-License-Identifier: GPL-2.0-or-later
// What a label says: more where there is room, less where there is not.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "layout/drawing.h"

namespace humantime::ui {

struct Answer;

/// The order in which labels get their place.
enum class LabelRank : std::uint8_t { handshake, letter, mark, count, way, light, note };

enum class LabelKind : std::uint8_t {
  name,     ///< what it is, and how long it is on the way
  timed,    ///< when, and what was sent or received
  flag,     ///< the same with real time and frame, on a pole
  count,    ///< how many segments
  arrival,  ///< that an answer's last letter arrives
  flying,   ///< how many segments are on their way
  way,      ///< in the band: that it is on the way, and for how long
  share,    ///< what share of the way it has done at the row's end
  light,    ///< when light would be there
  sent,     ///< that it was sent before the page begins, and by whom
  there,    ///< that it will be there when the page has ended
};

/// What of a letter's way falls into a row.
enum class WayPart : std::uint8_t { whole, beginning, middle, end };

struct LabelWish {
  static constexpr double nowhere = std::numeric_limits<double>::quiet_NaN();

  LabelRank rank = LabelRank::mark;
  LabelKind kind = LabelKind::name;
  double x = 0;             ///< where it begins at best
  double anchor = nowhere;  ///< the mark's left: where it ends if it must stand before it
  double weight = 0;        ///< of one rank the longer goes first
  Point mark;               ///< where a flag's pole stands
  std::uint32_t event = 0;
  std::uint32_t last = 0;  ///< the last of those that were folded into it
  std::uint32_t count = 1;
  std::uint32_t received = 0;  ///< of the segments; those that were sent are `count`
  bool directed = true;        ///< of the segments it is known which were sent
  std::int64_t length_ns = 0;  ///< on the way, real time; 0: nothing is said
  bool both_ways = false;      ///< of those that were folded some were sent and some received
  /// May begin further to the right than at `x`, as long as it ends before this; `nowhere`: it may not.
  double latest = nowhere;
  WayPart part = WayPart::whole;
  bool first = true;          ///< of the rows of the page the first that it is in
  std::int64_t share_ns = 0;  ///< an instant on the way: the row's end, of a letter's last part its beginning
  double share = 0;           ///< of the way at that instant
  double light_share = 0;     ///< of the way that light has done by then; 0: not known, or it is there
  double row_share = 1;       ///< of the way that a row is
  bool there_and_back = false;     ///< of a way: `length_ns` is the time to the answer
  const PageRow* row = nullptr;    ///< of a count: what it counts is in it
  const Answer* answer = nullptr;  ///< of a count in a year: the told journey's; must stay
};

struct LabelRun {
  std::string text;
  TextStyle style = TextStyle::label;
  Ink ink = Ink::text;
};
using LabelLineText = std::vector<LabelRun>;
/// One wording, line by line.
using LabelWording = std::vector<LabelLineText>;

/// The wordings from the longest to the shortest.
std::vector<LabelWording> wordings_of(const Drawing& drawing, const LabelWish& wish, Ink ink);

double width_of(const Drawing& drawing, const LabelWording& wording);
/// Writes it with its left at `x` and the middle of its last line at `y`; returns what it covers.
Rect write_wording(const Drawing& drawing, LabelWording wording, double x, double y, EventIndex event);

}  // namespace humantime::ui
