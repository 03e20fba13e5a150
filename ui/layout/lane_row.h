// SPDX-License-Identifier: GPL-2.0-or-later
// One lane of one row while it is laid out: what letters, marks, segments and names ask of it, and what they
// leave for one another.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "layout/drawing.h"
#include "layout/interval.h"
#include "layout/label_line.h"
#include "layout/letter.h"
#include "layout/visible_events.h"
#include "model/answer.h"

namespace humantime::ui {

/// Letters that come into a row from another one and are looked at; where there are more, they stand for all.
constexpr std::size_t most_carried = 256;
/// In a band with more lines than these nothing is written.
constexpr std::size_t most_pieces_avoided = 64;

/// What wants to be written beside a line, where no other line crosses it.
struct Way {
  LabelWish wish;
  Piece piece;
  WayLength length;
  Align align = Align::center;  ///< at which part of the line at best
};

/// Kept from lane to lane for the memory of its vectors.
struct LaneRow {
  explicit LaneRow(const Drawing& drawing);
  /// Goes on to another lane; false where no time is shown of it.
  bool begin(const PageRow& of_row, const LaneFrame& of_lane);

  TimeIndex::Events events() const { return d.timeline.events(); }
  VisibleRow visible() const { return {d.frame, *row, stop_ns}; }
  double x_at(std::int64_t time_ns) const {
    return std::clamp(d.frame.x_at(*row, time_ns), d.frame.left, right());
  }
  double right() const {
    return d.frame.left +
           d.frame.width * static_cast<double>(row->seconds) / static_cast<double>(row->capacity);
  }
  double edge(bool client) const { return client ? frame->band_top : frame->band_bottom; }
  /// The first instant of the next column of pixels.
  std::int64_t next_column(double x) const {
    return row->time_at((std::floor(x - d.frame.left) + 1) / d.frame.width);
  }
  /// Whether no carried letter has been drawn yet in the same pixels.
  bool is_new(const Piece& piece);
  void keep(const Piece& piece) {
    if (pieces.size() <= most_pieces_avoided) pieces.push_back(piece);
  }

  const Drawing& d;
  const LevelStyle& style;
  const float radius;
  const PageRow* row = nullptr;
  const LaneFrame* frame = nullptr;
  Ink ink = Ink::tcp;
  std::int64_t stop_ns = 0;      ///< nothing at or after it is drawn
  std::optional<Answer> answer;  ///< in a year: the told journey's, looked at once for all lanes
  std::int64_t last_letter_ns = Event::unknown;  ///< in a year: when the told journey's answer was all there
  std::vector<Interval> bars;                    ///< where something of the lane goes on
  LabelLine labels;                              ///< above the band
  LabelLine below;                               ///< and under it
  std::vector<Piece> pieces;                     ///< lines that no label in the band may cross
  std::vector<Way> ways;                         ///< names of letters that are on their way
  std::vector<Rect> written;                     ///< in the band
  bool uncounted = false;                        ///< more letters set off at once than were looked at
  bool tinted = false;                           ///< the band, by more segments than have a line
  std::vector<bool> carried;                     ///< of the letters that is_new() was asked of
  std::vector<float> on_the_way;  ///< by the pixel, how many segments more than in the one before
};

/// Lines from end to end, and wishes for their names.
void lay_out_letters(LaneRow& lane, const TimeIndex& marks);
/// Packets that are no milestones.
void lay_out_segments(LaneRow& lane, const TimeIndex& segments);
/// The spread of means.
void lay_out_whiskers(LaneRow& lane, const TimeIndex& marks);
/// What happens at an edge, and wishes for labels.
void lay_out_marks(LaneRow& lane, const TimeIndex& marks);
/// Whether of the page's rows that a letter, or a question and its answer, is in, this one has most of it.
bool is_longest_here(const LaneRow& lane, const WayLength& length);
/// Below the year: wishes that one letter of the row is named, and what its page does not show of it.
void wish_for_way(LaneRow& lane, std::uint32_t event, const Letter& letter, const Piece& piece);
/// Those wishes, in the band. What finds no room there stays among them.
void write_ways(LaneRow& lane);
/// What stayed, on the label line at the client's or the server's edge: to be called when that has its own
/// labels.
void write_ways_outside(LaneRow& lane, LabelLine& line, bool client_side, double y);
/// And what would rather have stood there, in the band.
void write_last_ways(LaneRow& lane);

}  // namespace humantime::ui
