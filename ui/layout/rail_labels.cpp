// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/rail_labels.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "layout/known_date.h"
#include "layout/label_text.h"
#include "layout/words.h"

namespace humantime::ui {
namespace {

constexpr double line_height = 15;
/// From the rail to the nearest line's middle: beyond the mark.
constexpr double rail_gap = 17;
constexpr double block_gap = 14;
/// A block begins so far before its mark.
constexpr double outdent = 4;
/// Longer names come from hostile captures only.
constexpr std::size_t most_bytes = 160;

struct BlockLine {
  LabelLineText runs;
  LabelLineText brief;  ///< without what the mark says too
  EventIndex event = no_event;
};

/// What stands over one another at a place: a day, and its lines.
struct Block {
  double anchor = 0;         ///< its left or its right
  bool to_the_left = false;  ///< it ends there
  double mark = 0;           ///< of the first it tells of
  std::vector<BlockLine> lines;
  std::size_t hidden = 0;
  Date first, last;  ///< the days
};

/// What a block covers at one height; the heights count from the rail.
struct Extent {
  double left, right;
};

class RailLabels {
 public:
  RailLabels(const Drawing& d, const LettersFrame& frame, Rail rail, double height)
      : d_(d),
        frame_(frame),
        rail_(frame.rail(rail)),
        above_(rail == Rail::client),
        // One more is the day's.
        most_lines_(height < rail_gap + 1.5 * line_height
                        ? 0
                        : static_cast<std::size_t>((height - rail_gap - line_height / 2) / line_height)) {}

  void add(const RailMark& mark) {
    if (most_lines_ == 0) return;
    std::vector<BlockLine> lines;
    // Received and answered at once: two lines, first what came.
    if (mark.ways.both() && mark.ways.all_told) {
      for (const FoldedWay& way : {mark.ways.earlier(), mark.ways.later()})
        lines.push_back(line_of(way.first, way.last, way.count, false));
    } else {
      lines.push_back(line_of(mark.first, mark.last, mark.count, mark.ways.both()));
    }
    const Date date = day_of(mark.first), last = day_of(mark.last);
    Block block{
        std::max(mark.x - outdent, frame_.frame.left), false, mark.x, std::move(lines), 0, date, last};
    if (fits(block, blocks_.size())) return blocks_.push_back(std::move(block));
    // Names at the right end stand before their mark, or as far to the right as they go.
    Block other = block;
    other.anchor = std::min(mark.x + outdent, frame_.right());
    other.to_the_left = true;
    if (fits(other, blocks_.size())) return blocks_.push_back(std::move(other));
    other = block;
    other.anchor = std::min(block.anchor, frame_.right() - width_of_block(block));
    if (fits(other, blocks_.size())) return blocks_.push_back(std::move(other));
    if (blocks_.empty()) return;
    const Block before = blocks_.back();
    for (const Block& tried : {block, other}) {
      if (makes_way(tried)) return blocks_.push_back(tried);
      blocks_.back() = before;
    }
    // Or say less, only where they meet.
    for (const Block& tried : {block, other}) {
      Block less = tried;
      shorten(less, frame_.right());
      if (fits(less, blocks_.size())) return blocks_.push_back(less);
      shorten_both(blocks_.back(), less);
      if (fits(less, blocks_.size()) || makes_way(less)) return blocks_.push_back(less);
      blocks_.back() = before;
    }
    // Or with their neighbours.
    Block joint = blocks_.back();
    joint.lines.insert(joint.lines.end(), block.lines.begin(), block.lines.end());
    joint.last = last;
    if (joint.lines.size() + 1 <= most_lines_ && fits(joint, blocks_.size() - 1))
      blocks_.back() = std::move(joint);
    else
      blocks_.back().hidden += block.lines.size();
  }

  void write() {
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      Block& block = blocks_[i];
      if (block.hidden > 0) {
        block.lines.push_back({{{filled(words_of(d_.view.language).more, {counted(block.hidden)}),
                                 TextStyle::label, Ink::muted}},
                               {},
                               no_event});
        // Not at any price: what is not written is found by the pointer.
        if (block.lines.size() > most_lines_ || !fits(block, i, true)) block.lines.pop_back();
      }
      const auto place = [&](double width) {
        return block.to_the_left ? block.anchor - width : block.anchor;
      };
      const std::string day = days(block);
      d_.text(day, place(d_.text_width(day, TextStyle::label_bold)), y_of(day_slot(block)),
              TextStyle::label_bold, Ink::text);
      for (std::size_t line = 0; line < block.lines.size(); ++line) {
        LabelWording wording{block.lines[line].runs};
        const EventIndex event = block.lines[line].event;
        const double left = place(width_of(d_, wording));
        const Rect box = write_wording(d_, std::move(wording), left, y_of(line_slot(block, line)), event);
        if (event != no_event) d_.scene.hits.push_back({box, event, 0});
      }
    }
  }

 private:
  Date day_of(std::uint32_t event) const {
    return known_date(d_.timeline, d_.view, d_.timeline.at(EventIndex{event})).date;
  }

  BlockLine line_of(std::uint32_t first, std::uint32_t last, std::uint32_t count, bool both_ways) const {
    LabelWish wish;
    wish.kind = LabelKind::timed;
    wish.event = first;
    wish.last = last;
    wish.count = count;
    wish.both_ways = both_ways;
    const Lane lane = lane_of(d_.timeline.at(EventIndex{first}));
    std::vector<LabelWording> wordings = wordings_of(d_, wish, ink_of(lane));
    const auto fits = [](const LabelWording& wording) {
      return wording.front().back().text.size() <= most_bytes;
    };
    const auto found = std::find_if(wordings.begin(), wordings.end(), fits);
    if (found == wordings.end()) return {{}, {}, EventIndex{first}};
    LabelLineText brief;
    if (found + 1 != wordings.end()) brief = (found + 1)->front();
    return {std::move(found->front()), std::move(brief), EventIndex{first}};
  }

  /// The last block goes to the left, as far as its mark stays below it and it touches nothing.
  bool makes_way(const Block& newcomer) {
    Block& before = blocks_.back();
    if (before.to_the_left) return false;
    const double needed = overlap(before, newcomer);
    const double least = std::max(before.mark + outdent - width_of_block(before), frame_.frame.left);
    // A little more: sums of doubles are not exact.
    before.anchor -= needed + 0.01;
    return before.anchor >= least && fits(before, blocks_.size() - 1) && fits(newcomer, blocks_.size());
  }

  /// How far `left` would have to go, so that `right` has room behind it.
  double overlap(const Block& left, const Block& right) const {
    const std::vector<Extent> a = extents_of(left), b = extents_of(right);
    double most = 0;
    for (std::size_t slot = 0; slot < std::min(a.size(), b.size()); ++slot)
      most = std::max(most, a[slot].right + block_gap - b[slot].left);
    return most;
  }

  /// Lines that reach beyond `right` say less.
  void shorten(Block& block, double right) const {
    const std::vector<Extent> extents = extents_of(block);
    for (std::size_t i = 0; i < block.lines.size(); ++i)
      if (extents[line_slot(block, i)].right > right) shorten(block.lines[i]);
  }

  static void shorten(BlockLine& line) {
    if (!line.brief.empty()) line.runs = line.brief;
  }

  /// Lines of neighbours that touch say less, first the left one's.
  void shorten_both(Block& left, Block& right) const {
    for (Block* of : {&left, &right}) {
      const std::vector<Extent> a = extents_of(left), b = extents_of(right);
      for (std::size_t i = 0; i < of->lines.size(); ++i) {
        const std::size_t slot = line_slot(*of, i);
        if (slot < a.size() && slot < b.size() && a[slot].right + block_gap > b[slot].left)
          shorten(of->lines[i]);
      }
    }
  }

  std::string days(const Block& block) const {
    std::string first = day_text(block.first, d_.view.language),
                last = day_text(block.last, d_.view.language);
    if (first == last) return first;
    return filled(words_of(d_.view.language).dates, {first, last});
  }

  // The day is above its lines, so above a rail it is the furthest from it and below the nearest.
  std::size_t day_slot(const Block& block) const { return above_ ? block.lines.size() : 0; }
  std::size_t line_slot(const Block& block, std::size_t line) const {
    return above_ ? block.lines.size() - 1 - line : line + 1;
  }
  double y_of(std::size_t slot) const {
    const double away = rail_gap + static_cast<double>(slot) * line_height;
    return above_ ? rail_ - away : rail_ + away;
  }

  std::vector<Extent> extents_of(const Block& block) const {
    std::vector<Extent> extents(block.lines.size() + 1);
    const auto set = [&](std::size_t slot, double width) {
      const double left = block.to_the_left ? block.anchor - width : block.anchor;
      extents[slot] = {left, left + width};
    };
    set(day_slot(block), d_.text_width(days(block), TextStyle::label_bold));
    for (std::size_t line = 0; line < block.lines.size(); ++line)
      set(line_slot(block, line), width_of(d_, LabelWording{block.lines[line].runs}));
    return extents;
  }

  double width_of_block(const Block& block) const {
    double width = 0;
    for (const Extent& extent : extents_of(block)) width = std::max(width, extent.right - extent.left);
    return width;
  }

  /// Whether it touches nothing if it stands at `place`; with `behind` also those that come after it.
  bool fits(const Block& block, std::size_t place, bool behind = false) const {
    if (block.lines.size() > most_lines_) return false;
    const std::vector<Extent> extents = extents_of(block);
    for (const Extent& extent : extents)
      if (extent.left < 0 || extent.right > frame_.right()) return false;
    const auto apart = [&](const Block& other) {
      const std::vector<Extent> others = extents_of(other);
      for (std::size_t slot = 0; slot < std::min(extents.size(), others.size()); ++slot)
        if (extents[slot].left < others[slot].right + block_gap &&
            others[slot].left < extents[slot].right + block_gap)
          return false;
      return true;
    };
    // Those further away have no lines that reach over their neighbours'.
    constexpr std::size_t neighbours = 3;
    for (std::size_t i = place > neighbours ? place - neighbours : 0; i < place; ++i)
      if (!apart(blocks_[i])) return false;
    for (std::size_t i = place + 1; behind && i < std::min(blocks_.size(), place + neighbours); ++i)
      if (!apart(blocks_[i])) return false;
    return true;
  }

  const Drawing& d_;
  const LettersFrame& frame_;
  double rail_;
  bool above_;
  std::size_t most_lines_;
  std::vector<Block> blocks_;
};

}  // namespace

void write_rail_labels(const Drawing& d, const LettersFrame& frame, std::vector<RailMark> marks, Rail rail,
                       double height) {
  std::erase_if(marks, [&](const RailMark& mark) { return mark.rail != rail; });
  std::stable_sort(marks.begin(), marks.end(),
                   [](const RailMark& a, const RailMark& b) { return a.x < b.x; });
  RailLabels labels(d, frame, rail, height);
  for (const RailMark& mark : marks) labels.add(mark);
  labels.write();
}

}  // namespace humantime::ui
