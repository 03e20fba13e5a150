// SPDX-License-Identifier: GPL-2.0-or-later
// The letters themselves between their rails: lines, marks, and what is folded where there are too many.
#pragma once

#include <cstdint>
#include <vector>

#include "layout/drawing.h"
#include "layout/folded_ways.h"
#include "layout/letter.h"
#include "layout/letters_frame.h"

namespace humantime::ui {

struct LettersStyle {
  float line, segment;  ///< widths
  float radius;         ///< of a mark; 0: there are none, and nothing to point at
  bool light;           ///< wedges before light can arrive
};

/// A letter that has a line of its own.
struct DrawnLetter {
  Piece piece;
  Letter letter;
  std::uint32_t event = 0;
};

/// A mark, or many that stand within one mark's width.
struct RailMark {
  Rail rail{};
  double x = 0;
  std::uint32_t first = 0, last = 0, count = 0;  ///< events
  FoldedWays ways;
};

/// Segments of a lane that go one way.
struct SegmentRun {
  Lane lane{};
  bool from_client = false;
  std::uint32_t first = 0, last = 0, count = 0;  ///< events
};

struct DrawnLetters {
  std::vector<DrawnLetter> letters;
  std::vector<RailMark> marks;
  std::vector<SegmentRun> runs;
};

/// Draws what is on its way in the frame's row. The cost follows the pixels: of many letters in a column a
/// few lines show the slopes, and a tint how many there are; all are counted by what is pointed at.
DrawnLetters draw_letters(const Drawing& drawing, const LettersFrame& frame, const LettersStyle& style);

/// What of a polygon lies between two verticals, as triangles.
void add_polygon(Scene& scene, std::vector<Point> corners, double left, double right, const Wedge& look);

}  // namespace humantime::ui
