// SPDX-License-Identifier: GPL-2.0-or-later
// Closer than the year: who keeps what, for how long, and that nothing is sent meanwhile.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "layout/drawing.h"
#include "layout/interval.h"
#include "layout/page_waits.h"
#include "layout/scene_room.h"
#include "layout/words.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

/// A shorter line is no line, pixels.
constexpr double least_width = 6;
/// A label line is at least so high.
constexpr double least_line = 11;
/// Between a text and what stands beside it.
constexpr double air = 6;
/// Of a text's height what its glyphs take.
constexpr double glyphs = 0.72;
/// Under a flag's band a line stands so far above the lane's end: below marks, and the frame of a selection.
constexpr double label_foot = 9;
/// The ends of a bracket.
constexpr double hook = 3;

/// What of a wait falls into a row.
struct WaitPiece {
  const Wait& wait;
  const PageRow& row;
  const LaneFrame* lane;  ///< null: the row has none
  double left, right;
  bool begins, ends;
  bool first;  ///< of the page
};

class WaitLayout {
 public:
  explicit WaitLayout(const Drawing& d)
      : d_(d),
        words_(words_of(d.view.language)),
        page_(waits_of_page(d)),
        height_(d.measure.height(TextStyle::label)) {}

  void lay_out() {
    const auto rows = d_.frame.page.rows();
    for (std::size_t r = 0; r < rows.size(); ++r)
      for (const Wait& wait : page_.waits)
        if (const auto piece = piece_in(wait, rows[r], d_.frame.rows[r], r == 0))
          d_.view.level == Level::month ? lay_out_in_month(*piece, d_.frame.rows[r])
                                        : lay_out_close(*piece, d_.frame.rows[r]);
  }

 private:
  std::optional<WaitPiece> piece_in(const Wait& wait, const PageRow& row, const RowFrame& frame,
                                    bool first) const {
    const std::int64_t stop_ns = std::min(row.end_ns, d_.frame.until_ns);
    if (wait.end_ns <= row.begin_ns || wait.begin_ns >= stop_ns) return std::nullopt;
    const LaneFrame* lane = nullptr;
    for (const Lane wanted : {wait.from, wait.to})
      for (const LaneFrame& of : frame.lanes())
        if (of.lane == wanted) lane = &of;
    if (lane == nullptr && frame.count > 0) lane = &frame.storage[0];
    return WaitPiece{wait,
                     row,
                     lane,
                     d_.frame.x_at(row, std::max(wait.begin_ns, row.begin_ns)),
                     d_.frame.x_at(row, std::min(wait.end_ns, stop_ns)),
                     wait.begin_ns >= row.begin_ns,
                     wait.end_ns <= stop_ns,
                     first};
  }

  std::string length_of(const Wait& wait) const {
    StretchedTime length = stretch(Nanoseconds{difference(wait.end_ns, wait.begin_ns)}, d_.view.scale);
    // Nobody sees seconds on a day's page.
    constexpr std::int64_t minute = 60;
    if (d_.view.level <= Level::day && length.seconds >= 10 * minute)
      length = {length.seconds / minute * minute, 0};
    return length_text(length, d_.view.language);
  }
  std::string real_of(const Wait& wait) const { return real_text(difference(wait.end_ns, wait.begin_ns)); }
  std::string_view with_end(const Wait& wait) const {
    return wait.client ? words_.with_client : words_.with_server;
  }
  /// `1 d 8 h with the server`, `15 h 22 min until the client writes again`.
  std::string sentence_of(const Wait& wait) const {
    const bool answering = wait.kind == Wait::Kind::answering;
    return filled(answering     ? with_end(wait)
                  : wait.client ? words_.until_client_writes
                                : words_.until_server_writes,
                  {length_of(wait)});
  }

  // -- a month: in the band, between what came and what goes

  void lay_out_in_month(const WaitPiece& piece, const RowFrame& frame) {
    if (piece.wait.kind != Wait::Kind::answering) return;
    const double radius = style_of(d_.view.level).radius;
    const double left = piece.left + (piece.begins ? radius + 1 : 0);
    const double right = piece.right - (piece.ends ? radius + 1 : 0);
    const bool client = piece.wait.client;
    const double edge = piece.lane == nullptr ? middle_of(frame)
                        : client              ? piece.lane->band_top
                                              : piece.lane->band_bottom;
    if (right - left >= least_width)
      d_.line({left, edge}, {right, edge}, Ink::muted, Strength::solid, 1.2F, LineStyle::dotted);
    // Where most of it is, it is told.
    if (d_.frame.until_ns < piece.wait.end_ns || !holds_most(piece)) return;
    const std::array<std::string, 2> texts = {sentence_of(piece.wait), length_of(piece.wait)};
    for (const std::string& text : texts) {
      const double width = d_.text_width(text, TextStyle::label);
      std::vector<double> places = {(piece.left + piece.right - width) / 2};
      if (&text == &texts.front()) {
        places.push_back(right - width - air);
        places.push_back(left + air);
      }
      for (const double y : lines_in_month(piece, edge))
        for (const double x : places)
          if (write(text, x, y)) return;
    }
  }

  /// The heights at which a wait in a month may be told: in the band at the end's own edge, at the other one,
  /// and outside of the band.
  std::vector<double> lines_in_month(const WaitPiece& piece, double edge) const {
    if (piece.lane == nullptr) return {edge - height_ / 2 - 2};
    const LaneFrame& lane = *piece.lane;
    const double half = height_ * glyphs / 2 + 2;
    std::vector<double> lines;
    if (lane.band_bottom - lane.band_top >= height_)
      lines = {lane.band_top + half, lane.band_bottom - half, (lane.band_top + lane.band_bottom) / 2};
    if (!piece.wait.client && lines.size() > 1) std::swap(lines[0], lines[1]);
    const double above = lane.band_top - lane.above / 2 - 1, below = lane.band_bottom + lane.below / 2 + 1;
    if (piece.wait.client && lane.above >= least_line) lines.push_back(above);
    if (!piece.wait.client && lane.below >= least_line) lines.push_back(below);
    return lines;
  }

  bool holds_most(const WaitPiece& piece) const {
    const PageRow* best = nullptr;
    std::int64_t most = -1;
    for (const PageRow& row : d_.frame.page.rows()) {
      const std::int64_t length =
          difference(std::min(piece.wait.end_ns, row.end_ns), std::max(piece.wait.begin_ns, row.begin_ns));
      if (length > most) most = length, best = &row;
    }
    return best == &piece.row;
  }

  // -- closer: a line of its own, beside the band

  void lay_out_close(const WaitPiece& piece, const RowFrame& frame) {
    const auto y = line_of(piece, frame);
    if (!y) return;
    const double room = piece.right - piece.left;
    const std::vector<std::string> texts = texts_of(piece);
    // In its line where that is long enough, else before or behind it.
    bool written = false;
    for (const std::string& text : texts) {
      const double width = d_.text_width(text, TextStyle::label);
      if (!written && width + 2 * (air + hook) <= room)
        written = write(text, piece.left + (room - width) / 2, *y);
    }
    if (!texts.empty() && !written) {
      const double width = d_.text_width(texts.front(), TextStyle::label);
      written =
          write(texts.front(), piece.left - width - air, *y) || write(texts.front(), piece.right + air, *y);
    }
    // A bracket that nobody can be told the meaning of means nothing.
    if (!written && (piece.begins || piece.ends)) return;
    draw_line(piece, piece.left, piece.right, *y);
    if (piece.begins) draw_hook(piece.left, *y);
    if (piece.ends) draw_hook(piece.right, *y);
  }

  void draw_hook(double x, double y) const {
    const Rect room{x - 1, y - hook, 2, 2 * hook};
    if (std::none_of(d_.scene.labels.begin(), d_.scene.labels.end(),
                     [&](const Label& label) { return label.box.intersects(room); }))
      d_.line({x, y - hook}, {x, y + hook}, Ink::muted);
  }

  void draw_line(const WaitPiece& piece, double left, double right, double y) const {
    // Within one row it is a bracket; what goes on from row to row is no more than a hint.
    const bool bracket = piece.begins && piece.ends;
    // Not through what is written there.
    std::vector<Interval> gaps;
    for (const Label& label : d_.scene.labels)
      if (label.box.y < y && label.box.bottom() > y)
        gaps.push_back({label.box.x - air, label.box.right() + air});
    std::sort(gaps.begin(), gaps.end(), [](const Interval& a, const Interval& b) { return a.left < b.left; });
    gaps.push_back({right, right});
    for (const Interval& gap : gaps) {
      const double end = std::min(gap.left, right);
      if (end > left)
        d_.line({left, y}, {end, y}, Ink::muted, Strength::solid, bracket ? 1.0F : 1.2F,
                bracket ? LineStyle::solid : LineStyle::dotted);
      left = std::max(left, gap.right);
    }
  }

  /// Flags stand above their band; there waits are told below it.
  std::optional<double> line_of(const WaitPiece& piece, const RowFrame& frame) const {
    if (piece.lane == nullptr) return middle_of(frame);
    const LaneFrame& lane = *piece.lane;
    const bool below = lane.flags;
    if ((below ? lane.below : lane.above) < least_line) return std::nullopt;
    return below ? lane.bottom - label_foot : lane.band_top - lane.above / 2 - 1;
  }

  /// What is said in a row, and shorter; nothing where nothing is.
  std::vector<std::string> texts_of(const WaitPiece& piece) const {
    if (d_.frame.until_ns < piece.wait.end_ns) return {};
    const Wait& wait = piece.wait;
    if (piece.begins || piece.ends || (piece.first && d_.view.level >= Level::hour)) {
      std::vector<std::string> texts;
      for (const std::string& said : {sentence_of(wait), length_of(wait)})
        texts.push_back(filled(words_.with_real, {said, real_of(wait)}) + (piece.ends ? "" : " →"));
      return texts;
    }
    const bool quiet = page_.quiet(wait, piece.row.begin_ns, piece.row.end_ns);
    // A day has four rows; where there are more, nobody needs to be told in each.
    if (d_.view.level != Level::day || !quiet) return {};
    const auto part = static_cast<std::size_t>(std::clamp(date_of(piece.row.start).hour / 6, 0, 3));
    return {filled(wait.client ? words_.client_sends_nothing : words_.server_sends_nothing,
                   {words_.day_parts[part]})};
  }

  double middle_of(const RowFrame& frame) const {
    return (frame.top + style_of(d_.view.level).row_header + frame.bottom) / 2;
  }

  bool write(const std::string& text, double x, double y) const {
    const double width = d_.text_width(text, TextStyle::label);
    if (x < d_.frame.left + 2 || x + width > d_.frame.left + d_.frame.width - 2) return false;
    if (!is_free(d_.scene, {x, y - height_ * glyphs / 2, width, height_ * glyphs})) return false;
    d_.text(text, x, y, TextStyle::label, Ink::muted);
    return true;
  }

  const Drawing& d_;
  const Words& words_;
  PageWaits page_;
  double height_;
};

}  // namespace

void lay_out_zoomed_waits(const Drawing& d) {
  if (d.view.level > Level::year && !d.frame.stacked) WaitLayout(d).lay_out();
}

}  // namespace humantime::ui
