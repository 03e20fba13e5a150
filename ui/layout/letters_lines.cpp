// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/letters_lines.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "layout/visible_events.h"
#include "layout/whisker.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

/// Letters that come into the picture from outside and are looked at; more of them stand for all.
constexpr std::size_t most_carried = 256;
/// Lines of segments stand so far apart, or become a tint.
constexpr double least_segment_gap = 3;
/// And are pointed at together when closer than this.
constexpr double least_segment_hit = 4;
/// So many letters between two lines are the darkest tint.
constexpr double darkest = 12;
/// Of the events in one column so many are looked at.
constexpr std::size_t most_in_column = 8;
/// A line whose other end nobody knows begins, and goes no further.
constexpr double stub = 9;
/// A wedge is filled below this share of the view.
constexpr double most_light = 0.25;

class LettersLines {
 public:
  LettersLines(const Drawing& d, const LettersFrame& frame, const LettersStyle& style)
      : d_(d),
        frame_(frame),
        style_(style),
        visible_{frame.frame, frame.row(), std::min(frame.row().end_ns, frame.frame.until_ns)} {
    // While it is played nothing is drawn behind the date.
    now_ =
        frame.frame.until_ns < frame.row().end_ns
            ? std::clamp(frame.frame.x_at(frame.row(), frame.frame.until_ns), frame.frame.left, frame.right())
            : frame.right();
  }

  DrawnLetters draw() {
    if (visible_.stop_ns <= visible_.row.begin_ns) return {};
    for (std::size_t l = 0; l < lane_count; ++l) {
      if (d_.view.hidden[l]) continue;
      band_ = frame_.band_of(static_cast<Lane>(l));
      ink_ = ink_of(band_.lane);
      carried_.assign(
          static_cast<std::size_t>(std::max(1.0, std::ceil(band_.band_bottom - band_.band_top))) * 4, false);
      const LaneIndex& lane = d_.index.lanes[l];
      draw_segments(lane.segments);
      draw_marks(lane.marks);
    }
    return std::move(drawn_);
  }

 private:
  TimeIndex::Events events() const { return d_.timeline.events(); }
  double x_at(std::int64_t time_ns) const { return frame_.frame.x_at(frame_.row(), time_ns); }
  double inside(double x) const { return std::clamp(x, frame_.frame.left, frame_.right()); }
  Rail rail_of(const Event& event) const {
    return is_at_client(event) ? Rail::client : far_rail_of(band_.lane);
  }
  std::optional<Piece> piece_of_letter(const Letter& letter) const {
    return piece_of(frame_.frame, frame_.row(), band_, letter.sent_ns, letter.from_client, letter.received_ns,
                    !letter.from_client);
  }
  LineStyle style_of_letter(const Letter& letter) const {
    return letter.estimated ? LineStyle::dashed : LineStyle::solid;
  }

  /// Whether no letter from outside has been drawn yet in the same pixels.
  bool is_new(const Piece& piece) {
    const bool comes = piece.from.x <= frame_.frame.left;
    // Those that begin or end inside differ by where.
    if (!comes || piece.to.x < frame_.right() - 1) return true;
    const bool down = piece.to.y > piece.from.y;
    const auto rows = carried_.size() / 4;
    const double y = std::clamp(piece.from.y - band_.band_top, 0.0, static_cast<double>(rows - 1));
    const std::size_t at = static_cast<std::size_t>(y) + (down ? rows : 0);
    if (carried_[at]) return false;
    carried_[at] = true;
    return true;
  }

  // -- milestones

  void draw_marks(const TimeIndex& marks) {
    for_each_carried(visible_, marks, events(), most_carried,
                     [&](std::uint32_t event, std::size_t) { draw_letter(event, true); });
    folds_ = {};
    const double coarse = std::max<double>(style_.radius, 1);
    for_each_column(visible_, marks, events(), coarse, [&](std::size_t position, std::size_t count) {
      // Of many in one column a few lines show the slopes; all are counted by the mark.
      // What came is the other copy of a letter that has been drawn.
      std::size_t lines = 0;
      for (std::size_t i = 0; i < std::min(count, most_in_column) && lines < 2; ++i) {
        const std::uint32_t index = marks.event_at(position + i);
        if ((events()[index].flags & Event::twin) != 0) continue;
        draw_letter(index, false);
        ++lines;
      }
      const bool few = count <= most_in_column;
      for (std::size_t i = 0; i < (few ? count : 1); ++i)
        fold_mark(marks.event_at(position + i), few ? 1 : static_cast<std::uint32_t>(count),
                  few ? marks.event_at(position + i) : marks.event_at(position + count - 1));
    });
    for (RailMark& fold : folds_) flush(fold);
  }

  void draw_letter(std::uint32_t index, bool carried) {
    const Event& event = events()[index];
    const std::optional<Letter> letter = letter_of(event);
    if (!letter) return draw_stub(event, index);
    const std::optional<Piece> piece = piece_of_letter(*letter);
    if (!piece || (carried && !is_new(*piece))) return;
    if (!letter->estimated) draw_light(*letter);
    d_.line(piece->from, piece->to, ink_, Strength::solid, style_.line, style_of_letter(*letter),
            EventIndex{index});
    drawn_.letters.push_back({*piece, *letter, index});
    draw_on_the_way(*letter, *piece);
  }

  /// Where the letter is while it is played.
  void draw_on_the_way(const Letter& letter, const Piece& piece) {
    const std::int64_t until = frame_.frame.until_ns;
    if (until == INT64_MAX || letter.sent_ns >= until || letter.received_ns <= until) return;
    if (piece.to.x < frame_.right() && style_.radius > 0)
      d_.scene.marks.push_back({piece.to, style_.radius, band_.lane, Filling::filled, no_event});
  }

  /// Only one end is known: it is said which way the packet went, not when it was at the other end.
  void draw_stub(const Event& event, std::uint32_t index) {
    if (event.other_ns != Event::unknown || event.time_ns == Event::unknown) return;
    const double x = x_at(event.time_ns);
    if (x < frame_.frame.left || x > now_) return;
    const bool at_client = is_at_client(event);
    const double y = frame_.rail(rail_of(event));
    const double reach = std::min(stub, (band_.band_bottom - band_.band_top) / 2);
    d_.line({x, y}, {x, y + (at_client ? reach : -reach)}, ink_, Strength::solid, style_.line,
            LineStyle::dotted, EventIndex{index});
  }

  /// Before light can arrive: from the sent date, between the light's line and the sent date at the receiver.
  void draw_light(const Letter& letter) {
    // The distance is the one to the server.
    if (!style_.light || far_rail_of(band_.lane) != Rail::server) return;
    if (!d_.view.light_ns || *d_.view.light_ns <= 0) return;
    const std::int64_t there_ns = sum(letter.sent_ns, *d_.view.light_ns);
    const double from = x_at(letter.sent_ns), to = x_at(there_ns);
    const double begin = letter.from_client ? band_.band_top : band_.band_bottom;
    const double end = letter.from_client ? band_.band_bottom : band_.band_top;
    if (to - from >= least_segment_gap && to - from < frame_.frame.width * most_light)
      add_polygon(d_.scene, {{from, begin}, {to, end}, {from, end}}, frame_.frame.left, now_, Wedge{});
    if (const auto piece = piece_of(frame_.frame, frame_.row(), band_, letter.sent_ns, letter.from_client,
                                    there_ns, !letter.from_client))
      d_.line(piece->from, piece->to, Ink::light_line);
  }

  void fold_mark(std::uint32_t index, std::uint32_t count, std::uint32_t last) {
    if (style_.radius <= 0) return;
    const Event& event = events()[index];
    RailMark& fold = folds_[is_at_client(event) ? 0 : 1];
    const double x = inside(x_at(event.time_ns));
    const bool sent = is_sent(event);
    const double near = 2.0 * style_.radius;
    // A question and its answer are two marks, also where they overlap a little.
    const bool answer = fold.count == 1 && fold.ways.sent.count > 0 && !sent && x - fold.x >= style_.radius;
    if (fold.count > 0 && x - fold.x < near && !answer) {
      fold.count += count;
      fold.last = last;
      fold.ways.add(index, sent, count);
      return;
    }
    flush(fold);
    fold = {rail_of(event), x, index, last, count, {}};
    fold.ways.add(index, sent, count);
  }

  void flush(RailMark& fold) {
    if (fold.count == 0) return;
    const Point at{fold.x, frame_.rail(fold.rail)};
    const Filling filling = fold.ways.both()           ? Filling::half
                            : fold.ways.sent.count > 0 ? Filling::hollow
                                                       : Filling::filled;
    if (fold.count == 1) {
      const double per_ns = frame_.frame.width * frame_.row().per_ns;
      const auto precision = static_cast<double>(precision_of(d_.timeline, EventIndex{fold.first}));
      add_whisker(d_, at, precision * per_ns, frame_.frame.left, now_, ink_);
    }
    d_.scene.marks.push_back({at, style_.radius, band_.lane, filling, EventIndex{fold.first}});
    const double reach = style_.radius + 2.0;
    d_.scene.hits.push_back(
        {{at.x - reach, at.y - reach, 2 * reach, 2 * reach}, EventIndex{fold.first}, fold.count});
    drawn_.marks.push_back(fold);
    fold.count = 0;
  }

  // -- segments

  /// The last line of a way that was drawn, and how many letters have gone since.
  struct Way {
    std::optional<Letter> line;
    std::optional<Letter> latest;
    double x = 0, latest_x = 0;
    double folded = 0;
    SegmentRun run;
  };

  void draw_segments(const TimeIndex& segments) {
    for_each_carried(visible_, segments, events(), most_carried, [&](std::uint32_t index, std::size_t) {
      const auto letter = letter_of(events()[index]);
      const auto piece = letter ? piece_of_letter(*letter) : std::nullopt;
      if (piece && is_new(*piece)) draw_segment(*letter, *piece, index);
    });
    ways_ = {};
    Hit fold;
    fold.count = 0;
    double fold_x = -1e9;
    const auto flush_hit = [&] {
      if (fold.count > 0 && style_.radius > 0) d_.scene.hits.push_back(fold);
      fold.count = 0;
    };
    for_each_column(visible_, segments, events(), least_segment_hit,
                    [&](std::size_t position, std::size_t count) {
                      const Event& first = events()[segments.event_at(position)];
                      const double x = inside(x_at(first.time_ns));
                      if (x - fold_x >= least_segment_hit - 0.001) {
                        flush_hit();
                        fold_x = x;
                        fold.event = EventIndex{segments.event_at(position)};
                        const double y = frame_.rail(rail_of(first));
                        fold.rect = {x - 2, y - 6, 4, 12};
                      }
                      fold.count += static_cast<std::uint32_t>(count);
                      take_column(segments, position, count);
                    });
    flush_hit();
    for (Way& way : ways_) {
      // What has come since the last line has its tint too.
      if (way.folded > 0) tint(way, *way.latest);
      if (way.run.count > 0) drawn_.runs.push_back(way.run);
    }
  }

  void take_column(const TimeIndex& segments, std::size_t position, std::size_t count) {
    const std::size_t looked_at = std::min(count, most_in_column);
    // Those that are looked at stand for all of the column.
    const double weight = static_cast<double>(count) / static_cast<double>(looked_at);
    for (std::size_t i = 0; i < looked_at; ++i) {
      const std::uint32_t index = segments.event_at(position + i);
      const auto letter = letter_of(events()[index]);
      if (!letter) {
        draw_stub(events()[index], index);
        continue;
      }
      Way& way = ways_[letter->from_client ? 0 : 1];
      way.run.lane = band_.lane;
      way.run.from_client = letter->from_client;
      if (way.run.count == 0) way.run.first = index;
      way.run.last = index;
      way.run.count += static_cast<std::uint32_t>(std::lround(weight));
      const double x = x_at(events()[index].time_ns);
      const bool near = way.line && x - way.x < least_segment_gap;
      // What stands close together is one tint, up to the next line; behind a gap something else begins.
      const bool goes_on = way.line && x - way.latest_x < least_segment_gap;
      if (near) way.folded += weight;
      if (!near && way.folded > 0) tint(way, goes_on ? *letter : *way.latest);
      way.latest = *letter;
      way.latest_x = x;
      if (near) continue;
      // Of a column that holds many one is drawn, and the others are folded.
      way.folded = weight - 1;
      way.line = *letter;
      way.x = x;
      if (const auto piece = piece_of_letter(*letter)) draw_segment(*letter, *piece, index);
    }
  }

  void draw_segment(const Letter& letter, const Piece& piece, std::uint32_t index) {
    d_.line(piece.from, piece.to, ink_, Strength::segments, style_.segment, style_of_letter(letter),
            EventIndex{index});
    draw_on_the_way(letter, piece);
  }

  /// Between the last line and this letter, darker the more there are.
  void tint(Way& way, const Letter& letter) {
    const double sender = letter.from_client ? band_.band_top : band_.band_bottom;
    const double receiver = letter.from_client ? band_.band_bottom : band_.band_top;
    Wedge look;
    look.ink = ink_;
    look.strength = Strength::density;
    look.share = static_cast<float>(std::clamp(way.folded / darkest, 0.0, 1.0));
    add_polygon(d_.scene,
                {{x_at(way.line->sent_ns), sender},
                 {x_at(letter.sent_ns), sender},
                 {x_at(letter.received_ns), receiver},
                 {x_at(way.line->received_ns), receiver}},
                frame_.frame.left, now_, look);
    way.folded = 0;
  }

  const Drawing& d_;
  const LettersFrame& frame_;
  const LettersStyle& style_;
  VisibleRow visible_;
  double now_ = 0;
  LaneFrame band_;
  Ink ink_ = Ink::tcp;
  std::vector<bool> carried_;
  std::array<RailMark, 2> folds_{};
  std::array<Way, 2> ways_{};
  DrawnLetters drawn_;
};

}  // namespace

DrawnLetters draw_letters(const Drawing& d, const LettersFrame& frame, const LettersStyle& style) {
  return LettersLines(d, frame, style).draw();
}

void add_polygon(Scene& scene, std::vector<Point> corners, double left, double right, const Wedge& look) {
  // Sutherland and Hodgman, 1974: one border after the other.
  const auto cut = [&](double border, bool keeps_greater) {
    std::vector<Point> kept;
    const auto in = [&](const Point& p) { return keeps_greater ? p.x >= border : p.x <= border; };
    for (std::size_t i = 0; i < corners.size(); ++i) {
      const Point& a = corners[i];
      const Point& b = corners[(i + 1) % corners.size()];
      if (in(a)) kept.push_back(a);
      if (in(a) != in(b)) kept.push_back({border, a.y + (b.y - a.y) * (border - a.x) / (b.x - a.x)});
    }
    corners = std::move(kept);
  };
  cut(left, true);
  cut(right, false);
  for (std::size_t i = 2; i < corners.size(); ++i) {
    Wedge wedge = look;
    wedge.corners[0] = corners[0];
    wedge.corners[1] = corners[i - 1];
    wedge.corners[2] = corners[i];
    scene.wedges.push_back(wedge);
  }
}

}  // namespace humantime::ui
