// SPDX-License-Identifier: GPL-2.0-or-later
// What a layout returns and a painter replays: shapes in logical pixels, in the order in which they are
// painted (fills, wedges, lines, marks, labels). Colours by role: what they look like is the theme's.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "phases.h"

namespace humantime::ui {

struct Point {
  double x = 0, y = 0;
  bool operator==(const Point&) const = default;
};

struct Rect {
  double x = 0, y = 0, width = 0, height = 0;
  double right() const { return x + width; }
  double bottom() const { return y + height; }
  bool contains(Point p) const { return p.x >= x && p.x < right() && p.y >= y && p.y < bottom(); }
  bool intersects(const Rect& o) const {
    return x < o.right() && o.x < right() && y < o.bottom() && o.y < bottom();
  }
  bool operator==(const Rect&) const = default;
};

/// Index into Timeline's events.
enum class EventIndex : std::uint32_t {};
constexpr EventIndex no_event{0xffffffff};

/// The roles that colours have; the first seven are the lanes'.
enum class Ink : std::uint8_t {
  arp,
  dns,
  tcp,
  tls,
  http,
  quic,
  vpn,
  text,
  muted,
  light_line,
  light_fill,  ///< before light can arrive
  page,
  window,  ///< window: days that do not exist
  shade,   ///< every other row
  night,   ///< 18:00 to 06:00
  grid,
  grid_strong,
  selection,
};
constexpr Ink ink_of(Lane lane) {
  return static_cast<Ink>(lane);
}

/// How strong a colour is over what is below: VISUAL.md's tint, stage bar, segments, rails, solid.
enum class Strength : std::uint8_t {
  tint,
  stage_bar,
  under_text,  ///< a stage bar that is written on
  density,
  segments,
  rails,
  solid
};

struct Fill {
  Rect rect;
  Ink ink = Ink::page;
  Strength strength = Strength::solid;
  float share = 1;  ///< of Strength::density: 0 to 1, darker with the number on the way
};

/// A triangle: the wedge before light can arrive, or a half of what folded letters cover.
struct Wedge {
  Point corners[3];
  Ink ink = Ink::light_fill;
  Strength strength = Strength::solid;
  float share = 1;  ///< of Strength::density
};

enum class LineStyle : std::uint8_t { solid, dashed, dotted };

struct Line {
  Point from, to;
  Ink ink = Ink::grid;
  Strength strength = Strength::solid;
  LineStyle style = LineStyle::solid;
  float width = 1;
  EventIndex event = no_event;
};

/// hollow: sent; filled: received; half: received and answered within one mark's width.
enum class Filling : std::uint8_t { hollow, half, filled };

/// An event's mark: its lane's shape.
struct Mark {
  Point at;
  float radius = 3.6F;
  Lane lane = Lane::tcp;
  Filling filling = Filling::hollow;
  EventIndex event = no_event;
};

enum class TextStyle : std::uint8_t {
  title,
  heading,
  body,
  body_bold,
  label,
  label_bold,
  tick,
  tick_bold,
  number,  ///< of a round trip
};
enum class Align : std::uint8_t { left, center, right };

struct Label {
  Rect box;          ///< as wide as the text is
  std::string text;  ///< UTF-8, printable, fits
  TextStyle style = TextStyle::label;
  Ink ink = Ink::text;
  Align align = Align::left;
  bool on_page = false;  ///< with a halo of the page's colour
  EventIndex event = no_event;
  bool in_pill = false;  ///< in a frame of its ink, filled with the page
};

/// Where a pointer finds an event, or many that were folded: the first hit that contains it counts.
struct Hit {
  Rect rect;
  EventIndex event = no_event;  ///< the first of them
  /// How many were folded into it; 0: the event's label, it is counted where its mark is.
  std::uint32_t count = 1;
};

struct Scene {
  Rect bounds;
  std::vector<Fill> fills;
  std::vector<Wedge> wedges;
  std::vector<Line> lines;
  std::vector<Mark> marks;
  std::vector<Label> labels;
  std::vector<Hit> hits;
  void clear() { fills.clear(), wedges.clear(), lines.clear(), marks.clear(), labels.clear(), hits.clear(); }
};

/// How wide a text is in a style, in logical pixels, and how high a line of it.
struct TextMeasure {
  std::function<double(std::string_view text, TextStyle style)> width;
  std::function<double(TextStyle style)> height;
};

}  // namespace humantime::ui
