// SPDX-License-Identifier: GPL-2.0-or-later
// Lanes as ladders: the upper edge is the client's, the lower one the server's, a letter the line between.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "layout/drawing.h"
#include "layout/folded_ways.h"
#include "layout/label_line.h"
#include "layout/letter.h"
#include "layout/visible_events.h"
#include "layout/whisker.h"
#include "model/answer.h"
#include "model/round_trips.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

/// Letters that come into a row from another one and are looked at; where there are more, they stand for all.
constexpr std::size_t most_carried = 256;
/// Beginnings and ends of stages in a row that are walked one by one; where there are more, by the pixel.
constexpr std::ptrdiff_t most_stages_walked = 256;
/// Lines of segments stand so far apart, or become a tint.
constexpr double least_segment_gap = 3;
/// And are pointed at together when closer than this.
constexpr double least_segment_hit = 4;
/// A lane's label line is at least so high.
constexpr double least_label_height = 11;
constexpr int density_steps = 24;
/// Whiskers come into a row from other ones: of more means than these they stay in their marks' rows.
constexpr std::size_t most_whiskers = 4096;
/// In a band with more lines than these nothing is written.
constexpr std::size_t most_pieces_avoided = 64;

struct Interval {
  double left, right;
};

/// One lane of one row. Kept from lane to lane for the memory of its vectors.
class LaneLayout {
 public:
  explicit LaneLayout(const Drawing& d) : d_(d), style_(style_of(d.view.level)), radius_(style_.radius) {
    if (d.view.level != Level::year) return;
    if (const auto answer = answer_of(d.timeline, told_journey(d.timeline, d.view.journey)))
      last_letter_ns_ = answer->last_arrives_ns.value_or(Event::unknown);
  }

  void lay_out(const PageRow& row, const LaneFrame& lane) {
    row_ = &row;
    lane_ = &lane;
    ink_ = ink_of(lane.lane);
    stop_ns_ = std::min(row.end_ns, d_.frame.until_ns);
    bars_.clear();
    labels_.clear();
    below_.clear();
    pieces_.clear();
    ways_.clear();
    carried_.assign(4 * std::size_t{64}, false);
    if (stop_ns_ <= row.begin_ns) return;
    const LaneIndex& index = d_.index.of(lane.lane);
    lay_out_stages(index.stages);
    lay_out_letters(index.marks);
    lay_out_segments(index.segments);
    lay_out_bars();
    if (d_.timeline.has_means()) lay_out_whiskers(index.marks);
    lay_out_marks(index.marks);
    const double right = d_.frame.left + d_.frame.width;
    const double line = std::min(lane.band_top - lane.top, style_.above);
    if (line >= least_label_height)
      labels_.write(d_, d_.frame.left + 1, right, lane.band_top - line / 2 - 1, ink_);
    if (style_.below >= least_label_height)
      below_.write(d_, d_.frame.left + 1, right, lane.band_bottom + style_.below / 2 + 1, ink_);
    write_ways();
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
      // A column of pixels at a time.
      // NOLINTNEXTLINE(clang-analyzer-security.FloatLoopCounter)
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

  template <typename Visit>
  void for_each_column(const TimeIndex& index, double coarse, Visit visit) const {
    ui::for_each_column({d_.frame, *row_, stop_ns_}, index, events(), coarse, visit);
  }
  template <typename Visit>
  void for_each_carried(const TimeIndex& index, Visit visit) const {
    ui::for_each_carried({d_.frame, *row_, stop_ns_}, index, events(), most_carried, visit);
  }

  void lay_out_letters(const TimeIndex& marks) {
    for_each_carried(marks, [&](std::uint32_t event, std::size_t) { add_letter(event, true); });
    for_each_column(marks, radius_, [&](std::size_t position, std::size_t count) {
      // Of many in one column a few lines show the slopes; all are counted by the mark.
      const std::size_t drawn = std::min<std::size_t>(count, 2);
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
    keep(*piece);
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

  void keep(const Piece& piece) {
    if (pieces_.size() <= most_pieces_avoided) pieces_.push_back(piece);
  }

  /// The letter's label goes to its longest piece, from its mark.
  void wish_for(std::uint32_t index, const Letter& letter, const Piece& piece) {
    // Of an estimated exchange the question speaks for both ways.
    const bool turned = letter.estimated && turned_with(d_.timeline, EventIndex{index}).has_value();
    if (turned && !is_sent(events()[index])) return;
    const std::int64_t begin = std::min(letter.sent_ns, letter.received_ns);
    const std::int64_t end = std::max(letter.sent_ns, letter.received_ns);
    const double own = static_cast<double>(end) - static_cast<double>(begin);
    const double whole = turned ? 2 * own : own;
    const bool fine = d_.view.level >= Level::day;
    if (!fine && !is_longest_here(begin, end, static_cast<double>(begin) + whole)) return;
    const Stage stage = row_of(events()[index].phase).stage;
    LabelWish wish;
    wish.rank = stage == Stage::ssl || stage == Stage::connect ? LabelRank::handshake : LabelRank::letter;
    wish.x = piece.begins ? piece.from.x + radius_ + 2 : d_.frame.left + 1;
    if (piece.begins) wish.anchor = piece.from.x - radius_;
    wish.weight = piece.to.x - piece.from.x;
    wish.event = wish.last = index;
    wish.length_ns = static_cast<std::int64_t>(std::min(whole, 9e18));
    if (d_.view.level <= Level::year) {
      labels_.wish(wish);
      return;
    }
    // With times at both ends the name of the way goes into the band.
    wish.kind = LabelKind::way;
    wish.x = piece.from.x;
    if (fine && !piece.ends && own > 0) {
      wish.share_ns = stop_ns_;
      wish.share = (static_cast<double>(stop_ns_) - static_cast<double>(begin)) / own;
    }
    ways_.emplace_back(wish, piece);
  }

  /// Whether of the rows that the letter is drawn in, this one holds the longest piece of what `until` ends.
  bool is_longest_here(std::int64_t begin, std::int64_t end, double until) const {
    double longest = -1;
    const PageRow* best = nullptr;
    for (const PageRow& row : d_.frame.page.rows()) {
      if (row.end_ns <= begin || row.begin_ns > end) continue;
      const double length = std::min(until, static_cast<double>(row.end_ns)) -
                            static_cast<double>(std::max(begin, row.begin_ns));
      if (length > longest * 1.0001) longest = length, best = &row;
    }
    return best == row_;
  }

  static bool crosses(const Piece& piece, const Rect& box) {
    const double left = std::max(piece.from.x, box.x);
    const double right = std::min(piece.to.x, box.right());
    if (left > right) return false;
    const double width = piece.to.x - piece.from.x;
    const auto y_at = [&](double x) {
      return width > 0 ? piece.from.y + (piece.to.y - piece.from.y) * (x - piece.from.x) / width
                       : piece.from.y;
    };
    const auto [low, high] =
        width > 0 ? std::minmax({y_at(left), y_at(right)}) : std::minmax({piece.from.y, piece.to.y});
    return low < box.bottom() && high > box.y;
  }

  /// Names in the band, where no line crosses them.
  void write_ways() {
    if (pieces_.size() > most_pieces_avoided) return;
    std::stable_sort(ways_.begin(), ways_.end(),
                     [](const auto& a, const auto& b) { return a.first.weight > b.first.weight; });
    std::vector<Rect> boxes;
    const double height = d_.measure.height(TextStyle::label_bold);
    if (lane_->band_bottom - lane_->band_top < height + 2) return;
    for (const auto& [wish, piece] : ways_) {
      bool written = false;
      for (LabelWording& wording : wordings_of(d_, wish, ink_)) {
        const double width = width_of(d_, wording);
        const double room = piece.to.x - piece.from.x - 2 * style_.radius - 4;
        if (room < width) continue;
        const double low = lane_->band_bottom - height / 2 - 1;
        const double high = lane_->band_top + height / 2 + 1;
        for (const double share : {0.5, 0.15, 0.85, 0.0, 1.0}) {
          const double x = piece.from.x + style_.radius + 2 + (room - width) * share;
          for (const double y : {low, high}) {
            const Rect box{x - 1, y - height / 2, width + 2, height};
            const auto hits = [&](const Piece& other) { return crosses(other, box); };
            const auto covers = [&](const Rect& other) { return other.intersects(box); };
            if (std::any_of(pieces_.begin(), pieces_.end(), hits) ||
                std::any_of(boxes.begin(), boxes.end(), covers))
              continue;
            const Rect drawn = write_wording(d_, wording, x, y, EventIndex{wish.event});
            d_.scene.hits.push_back({drawn, EventIndex{wish.event}, 0});
            boxes.push_back(box);
            written = true;
            break;
          }
          if (written) break;
        }
        if (written) break;
      }
    }
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
    keep(*piece);
  }

  // -- marks

  void lay_out_whiskers(const TimeIndex& marks) {
    const bool all = marks.size() <= most_whiskers;
    const std::size_t begin = all ? 0 : marks.lower_bound(events(), row_->begin_ns);
    const std::size_t stop = all ? marks.size() : marks.lower_bound(events(), stop_ns_);
    for (std::size_t position = begin; position < stop; ++position) add_spread(marks.event_at(position));
  }

  void add_spread(std::uint32_t index) {
    const journeys::Spread* spread = d_.timeline.spread(EventIndex{index});
    if (spread == nullptr) return;
    const double y = edge(is_at_client(events()[index]));
    const auto part = [&](std::int64_t from_ns, std::int64_t to_ns, float width) {
      if (to_ns < row_->begin_ns || from_ns >= stop_ns_) return;
      const double left = x_at(std::max(from_ns, row_->begin_ns)), right = x_at(std::min(to_ns, stop_ns_));
      if (right - left >= 1)
        d_.line({left, y}, {right, y}, ink_, Strength::solid, width, LineStyle::solid, EventIndex{index});
    };
    const std::int64_t around = std::max(spread->sd_ns, spread->precision_ns);
    part(spread->min_ns, spread->max_ns, range_width);
    part(difference(spread->mean_ns, around), sum(spread->mean_ns, around), deviation_width);
  }

  /// Marks on one edge that stand within one mark's width become one.
  struct Fold {
    bool open = false;
    bool client = false;
    double x = 0;
    std::uint32_t first = 0, last = 0;
    std::uint32_t count = 0;
    FoldedWays ways;
  };

  void lay_out_marks(const TimeIndex& marks) {
    std::array<Fold, 2> folds{};
    folds[1].client = true;
    for_each_column(marks, radius_, [&](std::size_t position, std::size_t count) {
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
      const bool answer = fold.count == 1 && fold.ways.sent.count > 0 && !sent && x - fold.x >= radius_;
      if (!answer) {
        fold.count += count;
        fold.last = last;
        fold.ways.add(index, sent, count);
        return;
      }
    }
    flush(fold);
    fold.open = true;
    fold.x = x;
    fold.first = index;
    fold.last = last;
    fold.count = count;
    fold.ways = {};
    fold.ways.add(index, sent, count);
  }

  static LabelWish of_way(LabelWish wish, const FoldedWay& way) {
    wish.event = way.first;
    wish.last = way.last;
    wish.count = way.count;
    wish.both_ways = false;
    return wish;
  }

  void flush(Fold& fold) {
    if (!fold.open) return;
    fold.open = false;
    Mark mark;
    mark.at = {fold.x, edge(fold.client)};
    mark.radius = radius_;
    mark.lane = lane_->lane;
    mark.filling = fold.ways.both()           ? Filling::half
                   : fold.ways.sent.count > 0 ? Filling::hollow
                                              : Filling::filled;
    mark.event = EventIndex{fold.first};
    // A mean has its spread already.
    if (fold.count == 1 && d_.timeline.spread(mark.event) == nullptr) {
      const double per_ns = d_.frame.width * row_->per_ns;
      const auto precision = static_cast<double>(precision_of(d_.timeline, mark.event));
      add_whisker(d_, mark.at, precision * per_ns, d_.frame.left, right(), ink_);
    }
    d_.scene.marks.push_back(mark);
    const double reach = radius_ + 2.0;
    d_.scene.hits.push_back(
        {{fold.x - reach, mark.at.y - reach, 2 * reach, 2 * reach}, mark.event, fold.count});
    LabelLine& line = fold.client || style_.flags > 0 ? labels_ : below_;
    if (fold.client || style_.flags == 0) line.block(fold.x - radius_, fold.x + radius_ + 1);
    const Event& event = events()[fold.first];
    // In the year letters have asked for their labels already; a received end has its name where it was sent.
    const bool letter = event.other_ns != Event::unknown;
    const bool coarse = d_.view.level <= Level::year;
    LabelWish wish;
    if (coarse && event.phase == Phase::http_response_end && event.time_ns == last_letter_ns_ &&
        !is_sent(event)) {
      wish.kind = LabelKind::arrival;
      wish.x = fold.x + radius_ + 2;
      wish.anchor = fold.x - radius_;
      wish.event = wish.last = fold.first;
      line.wish(wish);
      return;
    }
    if (coarse && letter && fold.count < 3) return;
    wish.rank = LabelRank::mark;
    wish.kind = coarse ? LabelKind::name : style_.flags > 0 ? LabelKind::flag : LabelKind::timed;
    wish.x = fold.x + radius_ + 2;
    wish.anchor = fold.x - radius_;
    wish.mark = mark.at;
    wish.event = fold.first;
    wish.last = fold.last;
    wish.count = fold.count;
    wish.both_ways = fold.ways.both();
    // What went has a label of its own.
    if (coarse && fold.ways.both() && fold.ways.all_told) wish = of_way(wish, fold.ways.earlier());
    // What a question's label says of its answer is not said again.
    for (const std::uint32_t named : {wish.event, wish.last})
      if (coarse && (events()[named].flags & Event::estimated) != 0 && !is_sent(events()[named]) &&
          lane_of(events()[named]) == Lane::dns)
        return;
    if (!coarse && fold.ways.both() && fold.ways.all_told) {
      // Received and answered at once: what came stands before the mark, what went behind it.
      LabelWish came = of_way(wish, fold.ways.earlier());
      came.x = std::numeric_limits<double>::infinity();
      line.wish(came);
      wish = of_way(wish, fold.ways.later());
    }
    line.wish(wish);
  }

  // -- segments

  void lay_out_segments(const TimeIndex& segments) {
    const auto columns = static_cast<std::size_t>(std::ceil(d_.frame.width)) + 2;
    on_the_way_.assign(columns, 0);
    segment_bar_ = {right(), d_.frame.left};
    bool any = false;
    std::size_t total = 0;
    std::size_t received = 0;
    std::uint32_t first_event = 0;
    double first_x = 0;
    const auto column_of = [&](double x) {
      return static_cast<std::size_t>(std::clamp(x - d_.frame.left, 0.0, static_cast<double>(columns - 2)));
    };
    const auto add = [&](std::uint32_t index, std::size_t count, bool line, bool carried) {
      const auto letter = letter_of(events()[index]);
      if (!letter) return;
      const auto piece = piece_of(d_.frame, *row_, *lane_, letter->sent_ns, letter->from_client,
                                  letter->received_ns, !letter->from_client);
      if (!piece) return;
      const auto weight = static_cast<float>(count);
      on_the_way_[column_of(piece->from.x)] += weight;
      on_the_way_[column_of(piece->to.x) + 1] -= weight;
      any = true;
      segment_bar_.left = std::min(segment_bar_.left, piece->from.x);
      segment_bar_.right = std::max(segment_bar_.right, piece->to.x);
      if (carried ? is_new(*piece) : line)
        d_.line(piece->from, piece->to, ink_, Strength::segments, 0.8F,
                letter->estimated ? LineStyle::dashed : LineStyle::solid, EventIndex{index});
    };
    for_each_carried(segments,
                     [&](std::uint32_t index, std::size_t weight) { add(index, weight, false, true); });
    double last_line = -1e9, last_tick = -1e9;
    double fold_x = -1e9;
    Hit fold;
    fold.count = 0;
    const auto flush_hit = [&] {
      if (fold.count > 0) d_.scene.hits.push_back(fold);
      fold.count = 0;
    };
    for_each_column(segments, least_segment_hit, [&](std::size_t position, std::size_t count) {
      const std::uint32_t index = segments.event_at(position);
      const Event& event = events()[index];
      const double x = x_at(event.time_ns);
      if (total == 0) first_x = x, first_event = index;
      total += count;
      // Of many in a column the first few stand for all.
      const std::size_t looked_at = count <= 8 ? count : 2;
      for (std::size_t i = 0; i < looked_at; ++i)
        if ((events()[segments.event_at(position + i)].flags & Event::twin) != 0)
          received += count / looked_at;
      const bool apart = count <= 2 && x - last_line >= least_segment_gap;
      // Where both copies of a packet are events, one of the two is its letter.
      for (std::size_t i = 0; i < std::min<std::size_t>(count, 2); ++i)
        add(segments.event_at(position + i), std::max<std::size_t>(1, count / 2), apart, false);
      if (apart) last_line = x;
      const double y = edge(is_at_client(event));
      const double inward = is_at_client(event) ? 3 : -3;
      if (x - last_tick >= least_segment_gap) {
        d_.line({x, y}, {x, y + inward}, ink_, Strength::segments, 1, LineStyle::solid, EventIndex{index});
        last_tick = x;
      }
      if (x - fold_x >= least_segment_hit - 0.001) {
        flush_hit();
        fold_x = x;
        fold.event = EventIndex{index};
        fold.rect = {x - 2, lane_->band_top, 4, lane_->band_bottom - lane_->band_top};
      }
      fold.count += static_cast<std::uint32_t>(count);
    });
    flush_hit();
    if (any) {
      bars_.push_back(segment_bar_);
      lay_out_density();
    }
    if (total > 0 && total - std::min(received, total) == 1) {
      // A lone one is a letter like others.
      const auto letter = letter_of(events()[first_event]);
      LabelWish wish;
      wish.rank = LabelRank::count;
      wish.x = first_x;
      wish.event = wish.last = first_event;
      if (letter) wish.length_ns = difference(letter->received_ns, letter->sent_ns);
      if (d_.view.level <= Level::year && letter) labels_.wish(wish);
    } else if (total >= 2) {
      LabelWish wish;
      wish.rank = LabelRank::count;
      wish.kind = LabelKind::count;
      wish.x = first_x;
      wish.event = wish.last = first_event;
      received = std::min(received, total);
      wish.count = static_cast<std::uint32_t>(total - received);
      wish.received = static_cast<std::uint32_t>(received);
      wish.row = row_;
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
  const LevelStyle& style_;
  const float radius_;
  const PageRow* row_ = nullptr;
  const LaneFrame* lane_ = nullptr;
  Ink ink_ = Ink::tcp;
  std::int64_t stop_ns_ = 0;
  std::int64_t last_letter_ns_ = Event::unknown;  ///< when the told journey's answer was all there
  std::vector<Interval> bars_;
  std::vector<bool> carried_;
  std::vector<float> on_the_way_;
  Interval segment_bar_{};     ///< from the first to the last segment
  LabelLine labels_;           ///< above the band
  LabelLine below_;            ///< and under it
  std::vector<Piece> pieces_;  ///< lines that no label in the band may cross
  std::vector<std::pair<LabelWish, Piece>> ways_;
};

}  // namespace

void lay_out_lanes(const Drawing& d) {
  LaneLayout layout(d);
  const auto rows = d.frame.page.rows();
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (const LaneFrame& lane : d.frame.rows[r].lanes()) layout.lay_out(rows[r], lane);
}

}  // namespace humantime::ui
