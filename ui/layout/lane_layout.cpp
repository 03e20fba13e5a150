// SPDX-License-Identifier: GPL-2.0-or-later
// Lanes as ladders: the upper edge is the client's, the lower one the server's, a letter the line between.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "layout/drawing.h"
#include "layout/label_line.h"
#include "layout/letter.h"

namespace humantime::ui {
namespace {

/// Letters that come into a row from another one and are looked at; what is beyond is drawn where it begins.
constexpr std::size_t most_carried = 4096;
/// Beginnings and ends of stages in a row that are walked one by one; where there are more, by the pixel.
constexpr std::ptrdiff_t most_stages_walked = 256;
/// Lines of segments stand so far apart, or become a tint.
constexpr double least_segment_gap = 3;
/// A lane's label line is at least so high.
constexpr double least_label_height = 11;
constexpr int density_steps = 16;

struct Interval {
  double left, right;
};

/// One lane of one row. Kept from lane to lane for the memory of its vectors.
class LaneLayout {
 public:
  explicit LaneLayout(const Drawing& d) : d_(d), radius_(style_of(d.view.level).radius) {}

  void lay_out(const PageRow& row, const LaneFrame& lane) {
    row_ = &row;
    lane_ = &lane;
    ink_ = ink_of(lane.lane);
    stop_ns_ = std::min(row.end_ns, d_.frame.until_ns);
    bars_.clear();
    labels_.clear();
    carried_.assign(4 * std::size_t{64}, false);
    if (stop_ns_ <= row.begin_ns) return;
    const LaneIndex& index = d_.index.of(lane.lane);
    lay_out_stages(index.stages);
    lay_out_letters(index.marks);
    lay_out_segments(index.segments);
    lay_out_bars();
    lay_out_marks(index.marks);
    const double right = d_.frame.left + d_.frame.width;
    const double line = lane.band_top - lane.top;
    if (line >= least_label_height)
      labels_.write(d_, d_.frame.left + 1, right, lane.band_top - line / 2 - 1, ink_);
  }

 private:
  TimeIndex::Events events() const { return d_.timeline.events(); }
  double x_at(std::int64_t time_ns) const {
    return std::clamp(d_.frame.x_at(*row_, time_ns), d_.frame.left, right());
  }
  double right() const {
    return d_.frame.left +
           d_.frame.width * static_cast<double>(row_->seconds) / static_cast<double>(row_->capacity);
  }
  double edge(bool client) const { return client ? lane_->band_top : lane_->band_bottom; }
  /// The first instant of the next column of pixels.
  std::int64_t next_column(double x) const {
    return row_->time_at((std::floor(x - d_.frame.left) + 1) / d_.frame.width);
  }

  /// When a stage of the lane goes on: exact where there are few, by the pixel where there are many.
  void lay_out_stages(const Intervals& stages) {
    const auto& begins = stages.begins;
    const auto& ends = stages.ends;
    const auto begin = std::lower_bound(begins.begin(), begins.end(), row_->begin_ns);
    const auto end = std::lower_bound(ends.begin(), ends.end(), row_->begin_ns);
    const auto begin_stop = std::lower_bound(begin, begins.end(), stop_ns_);
    const auto end_stop = std::lower_bound(end, ends.end(), stop_ns_);
    std::ptrdiff_t active = (begin - begins.begin()) - (end - ends.begin());
    if ((begin_stop - begin) + (end_stop - end) > most_stages_walked) {
      double since = -1;
      for (double x = d_.frame.left; x < right(); x += 1) {
        const std::int64_t from = row_->time_at((x - d_.frame.left) / d_.frame.width);
        const bool on = stages.during(from, std::min(next_column(x), stop_ns_)) > 0;
        if (on && since < 0) since = x;
        if (!on && since >= 0) bars_.push_back({since, x}), since = -1;
      }
      if (since >= 0) bars_.push_back({since, x_at(stop_ns_)});
      return;
    }
    double since = d_.frame.left;
    auto b = begin;
    auto e = end;
    while (b != begin_stop || e != end_stop) {
      const bool opens = e == end_stop || (b != begin_stop && *b <= *e);
      if (opens) {
        if (active++ == 0) since = x_at(*b);
        ++b;
      } else {
        if (--active == 0) bars_.push_back({since, x_at(*e)});
        ++e;
      }
    }
    if (active > 0) bars_.push_back({since, x_at(stop_ns_)});
  }

  void lay_out_bars() {
    std::sort(bars_.begin(), bars_.end(),
              [](const Interval& a, const Interval& b) { return a.left < b.left; });
    std::size_t i = 0;
    while (i < bars_.size()) {
      Interval bar = bars_[i++];
      while (i < bars_.size() && bars_[i].left <= bar.right + 0.5)
        bar.right = std::max(bar.right, bars_[i++].right);
      d_.fill(bar.left, lane_->band_top, bar.right, lane_->band_bottom, ink_, Strength::tint);
      for (const double y : {lane_->band_top, lane_->band_bottom})
        d_.line({bar.left, y}, {bar.right, y}, ink_, Strength::rails);
    }
  }

  // -- letters

  /// Calls `visit(position, count)` for one event of each column of pixels whose own time is in the row.
  template <typename Visit>
  void for_each_column(const TimeIndex& index, Visit visit) const {
    const std::size_t stop = index.lower_bound(events(), stop_ns_);
    std::size_t position = index.lower_bound(events(), row_->begin_ns);
    while (position < stop) {
      const std::int64_t time = events()[index.event_at(position)].time_ns;
      std::size_t next = position + 1;
      if (next < stop) {
        const std::int64_t column_end = std::max(next_column(d_.frame.x_at(*row_, time)), time);
        next = std::max(next, index.lower_bound(events(), std::min(column_end, stop_ns_), position));
      }
      visit(position, next - position);
      position = next;
    }
  }
  /// The same for those whose letter is on its way in the row, but whose own time is not in it.
  template <typename Visit>
  void for_each_carried(const TimeIndex& index, Visit visit) const {
    std::size_t left = most_carried;
    const auto carry = [&](std::size_t position) {
      visit(index.event_at(position));
      return --left > 0;
    };
    const std::size_t first = index.lower_bound(events(), row_->begin_ns);
    index.for_each_reaching(events(), first, row_->begin_ns, carry);
    if (left > 0)
      index.for_each_from_before(events(), index.lower_bound(events(), stop_ns_, first), stop_ns_, carry);
  }

  void lay_out_letters(const TimeIndex& marks) {
    for_each_carried(marks, [&](std::uint32_t event) { add_letter(event, true); });
    for_each_column(marks, [&](std::size_t position, std::size_t count) {
      // Of many in one column a few lines show the slopes; all are counted by the mark.
      const std::size_t drawn = std::min<std::size_t>(count, 4);
      for (std::size_t i = 0; i < drawn; ++i) add_letter(marks.event_at(position + i), false);
    });
  }

  void add_letter(std::uint32_t index, bool carried) {
    const Event& event = events()[index];
    const std::optional<Letter> letter = letter_of(event);
    if (!letter) return;
    const auto piece = piece_of(d_.frame, *row_, *lane_, letter->sent_ns, letter->from_client,
                                letter->received_ns, !letter->from_client);
    if (!piece) return;
    // Lines that cannot be told apart are drawn once.
    if (carried && !is_new(*piece)) return;
    if (!letter->estimated) add_light(*letter);
    d_.line(piece->from, piece->to, ink_, Strength::solid, d_.view.level <= Level::year ? 1.8F : 2.4F,
            letter->estimated ? LineStyle::dashed : LineStyle::solid, EventIndex{index});
    bars_.push_back({piece->from.x, piece->to.x});
    wish_for(index, *letter, *piece);
  }

  /// Whether no carried letter has been drawn yet in the same pixels.
  bool is_new(const Piece& piece) {
    const double y = std::clamp(piece.from.x <= d_.frame.left ? piece.from.y : piece.to.y, lane_->band_top,
                                lane_->band_bottom);
    const bool down = piece.to.y > piece.from.y;
    const bool comes = piece.from.x <= d_.frame.left;
    const auto at = static_cast<std::size_t>(std::clamp(y - lane_->band_top, 0.0, 63.0));
    auto seen = carried_.begin() + static_cast<std::ptrdiff_t>(at + (down ? 64 : 0) + (comes ? 128 : 0));
    // Letters that begin or end in the row differ by where.
    if (comes && piece.to.x < right() - 1) return true;
    if (!comes) return true;
    if (*seen) return false;
    *seen = true;
    return true;
  }

  /// The letter's label goes to its longest piece, from its mark.
  void wish_for(std::uint32_t index, const Letter& letter, const Piece& piece) {
    const Event& event = events()[index];
    // Of an estimated exchange the question speaks for both ways.
    const bool sent = is_sent(event);
    if (letter.estimated && !sent) return;
    const std::int64_t begin = std::min(letter.sent_ns, letter.received_ns);
    const std::int64_t end = std::max(letter.sent_ns, letter.received_ns);
    double longest = -1;
    std::size_t best = 0;
    const auto rows = d_.frame.page.rows();
    std::size_t here = 0;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (&rows[r] == row_) here = r;
      if (rows[r].end_ns <= begin || rows[r].begin_ns > end) continue;
      const double length = static_cast<double>(std::min(end, rows[r].end_ns)) -
                            static_cast<double>(std::max(begin, rows[r].begin_ns));
      if (length > longest * 1.0001) longest = length, best = r;
    }
    if (here != best) return;
    const Stage stage = row_of(event.phase).stage;
    LabelWish wish;
    wish.rank = stage == Stage::ssl || stage == Stage::connect ? LabelRank::handshake : LabelRank::letter;
    wish.x = piece.begins ? piece.from.x + radius_ + 2 : d_.frame.left + 1;
    wish.anchor = piece.begins ? piece.from.x - radius_ : std::numeric_limits<double>::quiet_NaN();
    wish.weight = piece.to.x - piece.from.x;
    wish.event = wish.last = index;
    wish.length_ns =
        static_cast<std::int64_t>(std::min(static_cast<double>(end) - static_cast<double>(begin), 9e18));
    if (letter.estimated) wish.length_ns = wish.length_ns > INT64_MAX / 2 ? INT64_MAX : wish.length_ns * 2;
    labels_.wish(wish);
  }

  /// Before light can arrive: from the sent date, between the light's line and the receiver's rail.
  void add_light(const Letter& letter) {
    if (!d_.view.light_ns || *d_.view.light_ns <= 0) return;
    std::int64_t there_ns = 0;
    if (__builtin_add_overflow(letter.sent_ns, *d_.view.light_ns, &there_ns)) return;
    const auto piece =
        piece_of(d_.frame, *row_, *lane_, letter.sent_ns, letter.from_client, there_ns, !letter.from_client);
    if (!piece) return;
    const double width = piece->to.x - piece->from.x;
    const double rail = edge(!letter.from_client);
    if (width >= 3 && width < d_.frame.width / 4) {
      // Over a row's end the triangle is cut: the rest has four corners.
      d_.scene.wedges.push_back({{piece->from, piece->to, {piece->to.x, rail}}, Ink::light_fill});
      d_.scene.wedges.push_back({{piece->from, {piece->to.x, rail}, {piece->from.x, rail}}, Ink::light_fill});
    }
    d_.line(piece->from, piece->to, Ink::light_line);
  }

  // -- marks

  /// Marks on one edge that stand within one mark's width become one.
  struct Fold {
    bool open = false;
    bool client = false;
    double x = 0;
    std::uint32_t first = 0, last = 0;
    std::uint32_t count = 0;
    std::uint32_t labelled = 0;  ///< of which the first is no letter
    bool sent_after = false, has_sent = false, has_received = false;
  };

  void lay_out_marks(const TimeIndex& marks) {
    std::array<Fold, 2> folds{};
    folds[1].client = true;
    for_each_column(marks, [&](std::size_t position, std::size_t count) {
      // A few are told apart; of many in a column all go with the first.
      const bool few = count <= 8;
      for (std::size_t i = 0; i < (few ? count : 1); ++i)
        add_mark(folds, marks.event_at(position + i), few ? 1 : static_cast<std::uint32_t>(count),
                 few ? marks.event_at(position + i) : marks.event_at(position + count - 1));
    });
    for (Fold& fold : folds) flush(fold);
  }

  void add_mark(std::array<Fold, 2>& folds, std::uint32_t index, std::uint32_t count, std::uint32_t last) {
    const Event& event = events()[index];
    Fold& fold = folds[is_at_client(event) ? 1 : 0];
    const double x = x_at(event.time_ns);
    const bool sent = is_sent(event);
    if (fold.open && x - fold.x < 2 * radius_) {
      // A question and its answer are two marks, also where they overlap a little.
      const bool answer = fold.count == 1 && fold.has_sent && !sent && x - fold.x >= radius_;
      if (!answer) {
        fold.count += count;
        fold.last = last;
        (sent ? fold.has_sent : fold.has_received) = true;
        return;
      }
    }
    flush(fold);
    fold.open = true;
    fold.x = x;
    fold.first = index;
    fold.last = last;
    fold.count = count;
    fold.has_sent = sent;
    fold.has_received = !sent;
  }

  void flush(Fold& fold) {
    if (!fold.open) return;
    fold.open = false;
    Mark mark;
    mark.at = {fold.x, edge(fold.client)};
    mark.radius = radius_;
    mark.lane = lane_->lane;
    mark.filling = fold.has_sent && fold.has_received ? Filling::half
                   : fold.has_sent                    ? Filling::hollow
                                                      : Filling::filled;
    mark.event = EventIndex{fold.first};
    d_.scene.marks.push_back(mark);
    const double reach = radius_ + 2.0;
    d_.scene.hits.push_back(
        {{fold.x - reach, mark.at.y - reach, 2 * reach, 2 * reach}, mark.event, fold.count});
    if (fold.client) labels_.block(fold.x - radius_, fold.x + radius_ + 1);
    const Event& event = events()[fold.first];
    // Letters have asked for their labels already; a received end has its name where it was sent.
    const bool letter = event.other_ns != Event::unknown;
    if (letter && fold.count < 3) return;
    LabelWish wish;
    wish.rank = LabelRank::mark;
    wish.x = fold.x + radius_ + 2;
    wish.anchor = fold.x - radius_;
    wish.event = fold.first;
    wish.last = fold.last;
    wish.count = fold.count;
    labels_.wish(wish);
  }

  // -- segments

  void lay_out_segments(const TimeIndex& segments) {
    const auto columns = static_cast<std::size_t>(std::ceil(d_.frame.width)) + 2;
    on_the_way_.assign(columns, 0);
    bool any = false;
    std::size_t total = 0;
    std::uint32_t first_event = 0;
    double first_x = 0;
    const auto column_of = [&](double x) {
      return static_cast<std::size_t>(std::clamp(x - d_.frame.left, 0.0, static_cast<double>(columns - 2)));
    };
    const auto add = [&](std::uint32_t index, std::size_t count, bool line) {
      const Event& event = events()[index];
      const auto letter = letter_of(event);
      if (!letter) return;
      const auto piece = piece_of(d_.frame, *row_, *lane_, letter->sent_ns, letter->from_client,
                                  letter->received_ns, !letter->from_client);
      if (!piece) return;
      const auto weight = static_cast<float>(count);
      on_the_way_[column_of(piece->from.x)] += weight;
      on_the_way_[column_of(piece->to.x) + 1] -= weight;
      any = true;
      bars_.push_back({piece->from.x, piece->to.x});
      if (line)
        d_.line(piece->from, piece->to, ink_, Strength::segments, 0.8F,
                letter->estimated ? LineStyle::dashed : LineStyle::solid, EventIndex{index});
    };
    for_each_carried(segments, [&](std::uint32_t index) {
      const auto letter = letter_of(events()[index]);
      if (!letter) return;
      const auto piece = piece_of(d_.frame, *row_, *lane_, letter->sent_ns, letter->from_client,
                                  letter->received_ns, !letter->from_client);
      add(index, 1, piece && is_new(*piece));
    });
    double last_line = -1e9;
    double fold_x = -1e9;
    Hit fold;
    fold.count = 0;
    const auto flush_hit = [&] {
      if (fold.count > 0) d_.scene.hits.push_back(fold);
      fold.count = 0;
    };
    for_each_column(segments, [&](std::size_t position, std::size_t count) {
      const std::uint32_t index = segments.event_at(position);
      const Event& event = events()[index];
      const double x = x_at(event.time_ns);
      if (total == 0) first_x = x, first_event = index;
      total += count;
      const bool apart = count <= 2 && x - last_line >= least_segment_gap;
      // Where both copies of a packet are events, one of the two is its letter.
      for (std::size_t i = 0; i < std::min<std::size_t>(count, 2); ++i)
        add(segments.event_at(position + i), std::max<std::size_t>(1, count / 2), apart);
      if (apart) last_line = x;
      const double y = edge(is_at_client(event));
      const double inward = is_at_client(event) ? 3 : -3;
      d_.line({x, y}, {x, y + inward}, ink_, Strength::segments, 1, LineStyle::solid, EventIndex{index});
      if (x - fold_x >= 4) {
        flush_hit();
        fold_x = x;
        fold.event = EventIndex{index};
        fold.rect = {x - 2, lane_->band_top, 4, lane_->band_bottom - lane_->band_top};
      }
      fold.count += static_cast<std::uint32_t>(count);
    });
    flush_hit();
    if (any) lay_out_density();
    if (total >= 10) {
      LabelWish wish;
      wish.rank = LabelRank::count;
      wish.x = first_x;
      wish.anchor = std::numeric_limits<double>::quiet_NaN();
      wish.event = wish.last = first_event;
      wish.count = static_cast<std::uint32_t>(total);
      labels_.wish(wish);
    }
  }

  /// Darker with the number on the way.
  void lay_out_density() {
    double number = 0;
    int step = 0;
    double since = d_.frame.left;
    const auto level_of = [](double n) {
      return n < 0.5 ? 0 : std::clamp(static_cast<int>(std::lround(n)), 1, density_steps);
    };
    for (std::size_t column = 0; column < on_the_way_.size(); ++column) {
      number += on_the_way_[column];
      const int now = level_of(number);
      if (now == step) continue;
      const double x = std::min(d_.frame.left + static_cast<double>(column), right());
      if (step > 0)
        d_.fill(since, lane_->band_top, x, lane_->band_bottom, ink_, Strength::density,
                static_cast<float>(step) / density_steps);
      since = x;
      step = now;
    }
    if (step > 0)
      d_.fill(since, lane_->band_top, right(), lane_->band_bottom, ink_, Strength::density,
              static_cast<float>(step) / density_steps);
  }

  const Drawing& d_;
  const float radius_;
  const PageRow* row_ = nullptr;
  const LaneFrame* lane_ = nullptr;
  Ink ink_ = Ink::tcp;
  std::int64_t stop_ns_ = 0;
  std::vector<Interval> bars_;
  std::vector<bool> carried_;
  std::vector<float> on_the_way_;
  LabelLine labels_;
};

}  // namespace

void lay_out_lanes(const Drawing& d) {
  LaneLayout layout(d);
  const auto rows = d.frame.page.rows();
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (const LaneFrame& lane : d.frame.rows[r].lanes()) layout.lay_out(rows[r], lane);
}

}  // namespace humantime::ui
