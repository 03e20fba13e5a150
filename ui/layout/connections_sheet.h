// SPDX-License-Identifier: GPL-2.0-or-later
// What the parts of the connections' page share: how a text, a bar and a line get into the scene.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "layout/connection_words.h"
#include "layout/scene.h"
#include "layout/view.h"

namespace humantime::ui {

/// Cut in its middle, between characters, to fit; empty where not even a dot has room.
std::string elided(std::string text, double width, TextStyle style, const TextMeasure& measure);

struct ConnectionsSheet {
  const View& view;
  const ConnectionWords& words;
  const TextMeasure& measure;
  Scene& scene;

  double high(TextStyle style) const { return measure.height(style); }
  double wide(std::string_view text, TextStyle style) const { return measure.width(text, style); }
  void fill(const Rect& rect, Ink ink, Strength strength = Strength::solid, float share = 1) const {
    if (rect.width > 0 && rect.height > 0) scene.fills.push_back({rect, ink, strength, share});
  }
  void line(Point from, Point to, Ink ink, float width = 1, Strength strength = Strength::solid) const {
    scene.lines.push_back({from, to, ink, strength, LineStyle::solid, width, no_event});
  }
  /// A text whose middle is at `y` and whose left, middle or right is at `x`, cut to `room`; returns its
  /// width.
  double text(std::string said, double x, double y, TextStyle style, Ink ink = Ink::text,
              Align align = Align::left, double room = 1e9) const {
    if (wide(said, style) > room) said = elided(std::move(said), room, style, measure);
    if (said.empty()) return 0;
    const double width = wide(said, style), height = high(style);
    const double left = align == Align::left ? x : align == Align::center ? x - width / 2 : x - width;
    scene.labels.push_back(
        {{left, y - height / 2, width, height}, std::move(said), style, ink, align, false, no_event});
    return width;
  }
};

}  // namespace humantime::ui
