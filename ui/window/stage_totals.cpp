// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/stage_totals.h"

#include <QEvent>
#include <QPainter>
#include <QStringList>
#include <algorithm>
#include <array>
#include <climits>

#include "layout/summary.h"
#include "reports/time_text.h"
#include "saturating.h"
#include "window/event_words.h"

namespace humantime::ui {
namespace {

constexpr std::size_t most_spans = 4000;
constexpr int margin = 10;

}  // namespace

std::vector<StageTotal> stage_totals_of(const Timeline& timeline, std::uint32_t journey) {
  std::vector<StageTotal> totals;
  if (journey == 0) return totals;
  std::array<std::int64_t, stage_count> ends;
  ends.fill(Event::unknown);
  std::size_t taken = 0;
  for (const StageSpan& span : timeline.stages(journey)) {
    if (++taken > most_spans) break;
    auto found = std::find_if(totals.begin(), totals.end(),
                              [&](const StageTotal& t) { return t.stage == span.stage; });
    if (found == totals.end()) found = totals.insert(totals.end(), {span.stage, span.lane, 0});
    // Spans come by their beginnings: what an earlier one has covered is not counted again.
    std::int64_t& end = ends[static_cast<std::size_t>(span.stage)];
    const std::int64_t begin = std::max(span.begin_ns, end);
    if (span.end_ns > begin) found->length_ns = sum(found->length_ns, difference(span.end_ns, begin));
    end = std::max(end, span.end_ns);
  }
  return totals;
}

StageTotalsPanel::StageTotalsPanel(QWidget* parent) : QFrame(parent), theme_(palette(), font()) {
  setObjectName(QStringLiteral("stage_totals"));
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

int StageTotalsPanel::row_height() const {
  return QFontMetrics(theme_.font(TextStyle::label)).height() + 4;
}

int StageTotalsPanel::title_height() const {
  return QFontMetrics(theme_.font(TextStyle::heading)).height() + 8;
}

QSize StageTotalsPanel::sizeHint() const {
  return {240, 2 * margin + title_height() + static_cast<int>(rows_.size()) * row_height() - 4};
}

void StageTotalsPanel::show_journey(const Timeline* timeline, const View& view, std::uint32_t journey) {
  rows_.clear();
  //: Above a list of stages with their lengths
  title_ = tr("Where the days go");
  if (timeline != nullptr && journey != 0) {
    const EventWords words(*timeline, view);
    const std::vector<StageTotal> totals = stage_totals_of(*timeline, journey);
    struct Part {
      QString name;
      std::int64_t length_ns;
      Ink ink;
    };
    std::vector<Part> parts;
    for (const StageTotal& total : totals)
      // A request in one packet takes no time.
      if (total.length_ns > 0)
        parts.push_back({to_qt(label_of(total.stage, view.language)), total.length_ns, ink_of(total.lane)});
    // The same days once more, by what light alone would have needed.
    if (const auto light = light_share_of(*timeline, view, journey)) {
      //: How much of a journey is the distance between its ends, at the speed of light
      parts.push_back(
          {tr("distance, %n way(s)", nullptr, static_cast<int>(std::min<std::size_t>(light->ways, INT_MAX))),
           light->distance_ns, Ink::light_line});
      parts.push_back({tr("all the rest"), light->rest_ns, Ink::muted});
    }
    std::int64_t longest = 1;
    for (const Part& part : parts) longest = std::max(longest, part.length_ns);
    for (const Part& part : parts)
      rows_.push_back({part.name, words.length(part.length_ns), EventWords::real(part.length_ns), part.ink,
                       static_cast<double>(part.length_ns) / static_cast<double>(longest)});
  }
  QStringList spoken;
  for (const Row& row : rows_)
    spoken += tr("%1: %2, %3", "stage, days, milliseconds").arg(row.name, row.days, row.real);
  setAccessibleName(title_);
  setAccessibleDescription(spoken.join(QStringLiteral("; ")));
  setVisible(!rows_.empty());
  updateGeometry();
  update();
}

void StageTotalsPanel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), theme_.color(Ink::page));
  painter.setPen(theme_.color(Ink::grid_strong));
  painter.drawRect(rect().adjusted(0, 0, -1, -1));
  painter.setPen(theme_.color(Ink::text));
  painter.setFont(theme_.font(TextStyle::heading));
  painter.drawText(QRect(margin, margin - 2, width() - 2 * margin, title_height()),
                   Qt::AlignLeft | Qt::AlignTop, title_);
  const QFontMetrics label(theme_.font(TextStyle::label)), bold(theme_.font(TextStyle::label_bold));
  int names = 0, days = 0, reals = 0;
  for (const Row& row : rows_) {
    names = std::max(names, label.horizontalAdvance(row.name));
    days = std::max(days, bold.horizontalAdvance(row.days));
    reals = std::max(reals, label.horizontalAdvance(row.real));
  }
  const int bar_left = margin + names + 10;
  const int bar_room = std::max(20, width() - margin - reals - 10 - days - 8 - bar_left);
  int y = margin + title_height() - 2;
  for (const Row& row : rows_) {
    const int height = row_height();
    painter.setFont(theme_.font(TextStyle::label));
    painter.setPen(theme_.color(Ink::text));
    painter.drawText(QRect(margin, y, names + 2, height), Qt::AlignLeft | Qt::AlignVCenter, row.name);
    const int bar = std::max(1, static_cast<int>(row.share * bar_room));
    painter.fillRect(QRect(bar_left, y + 4, bar, height - 8),
                     theme_.brush({.rect = {}, .ink = row.ink, .strength = Strength::segments}));
    painter.setFont(theme_.font(TextStyle::label_bold));
    painter.drawText(QRect(bar_left + bar + 6, y, days + 2, height), Qt::AlignLeft | Qt::AlignVCenter,
                     row.days);
    painter.setFont(theme_.font(TextStyle::label));
    painter.setPen(theme_.color(Ink::muted));
    painter.drawText(QRect(width() - margin - reals - 2, y, reals + 2, height),
                     Qt::AlignRight | Qt::AlignVCenter, row.real);
    y += height;
  }
}

void StageTotalsPanel::changeEvent(QEvent* event) {
  QFrame::changeEvent(event);
  if (event->type() != QEvent::PaletteChange && event->type() != QEvent::FontChange) return;
  theme_ = Theme(palette(), font());
  updateGeometry();
}

}  // namespace humantime::ui
