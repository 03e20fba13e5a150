// SPDX-License-Identifier: GPL-2.0-or-later
// What goes on where nothing else is said of it: the stage that a journey is in.
#include <algorithm>
#include <string>
#include <vector>

#include "layout/drawing.h"
#include "layout/page_waits.h"
#include "layout/scene_room.h"
#include "layout/words.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

/// A journey's stages are looked for among all: where there are more, their lanes' names must do.
constexpr std::size_t most_stages = 100'000;
constexpr double indent = 7;
constexpr double glyphs = 0.72;

struct BareLane {
  const PageRow* row;
  const LaneFrame* lane;
};

/// The lanes in which nothing is written.
std::vector<BareLane> bare_lanes(const Drawing& d) {
  std::vector<BareLane> bare;
  const auto rows = d.frame.page.rows();
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (const LaneFrame& lane : d.frame.rows[r].lanes()) {
      const Rect box{d.frame.left, lane.top, d.frame.width, lane.bottom - lane.top};
      const auto within = [&](const Label& label) {
        return label.event != no_event && label.box.intersects(box);
      };
      if (std::none_of(d.scene.labels.begin(), d.scene.labels.end(), within))
        bare.push_back({&rows[r], &lane});
    }
  return bare;
}

void write_name(const Drawing& d, const BareLane& bare, const StageSpan& span) {
  const PageRow& row = *bare.row;
  const std::int64_t stop_ns = std::min(row.end_ns, d.frame.until_ns);
  if (span.lane != bare.lane->lane || span.begin_ns >= stop_ns || span.end_ns <= row.begin_ns) return;
  const double left = d.frame.x_at(row, std::max(span.begin_ns, row.begin_ns)) + indent;
  const double right = d.frame.x_at(row, std::min(span.end_ns, stop_ns)) - indent;
  // How long it is is said once on a page.
  const bool first = span.begin_ns >= row.begin_ns || &row == &d.frame.page.rows().front();
  const std::string name(label_of(span.stage, d.view.language));
  std::vector<std::string> texts = {name};
  if (first && !d.view.until)
    texts.insert(texts.begin(),
                 name + " " +
                     length_text(stretch(Nanoseconds{difference(span.end_ns, span.begin_ns)}, d.view.scale),
                                 d.view.language));
  const double height = d.measure.height(TextStyle::label) * glyphs;
  if (bare.lane->band_bottom - bare.lane->band_top < height + 4) return;
  for (const double y : {bare.lane->band_top + height / 2 + 2, bare.lane->band_bottom - height / 2 - 2})
    for (const std::string& text : texts) {
      const double width = d.text_width(text, TextStyle::label);
      if (left + width > right || !is_free(d.scene, {left, y - height / 2, width, height})) continue;
      d.text(text, left, y, TextStyle::label, ink_of(span.lane));
      return;
    }
}

}  // namespace

void lay_out_stage_names(const Drawing& d) {
  if (d.view.level <= Level::year || d.frame.stacked || d.timeline.has_means()) return;
  if (d.timeline.all_stages().size() > most_stages) return;
  const std::vector<BareLane> bare = bare_lanes(d);
  const std::uint32_t journey = bare.empty() ? 0 : told_on_page(d);
  if (journey == 0) return;
  for (const StageSpan& span : d.timeline.stages(journey))
    for (const BareLane& lane : bare) write_name(d, lane, span);
}

}  // namespace humantime::ui
