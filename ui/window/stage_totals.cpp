// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/stage_totals.h"

#include <QEvent>
#include <QHelpEvent>
#include <QPainter>
#include <QStringList>
#include <QToolTip>
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
  const int line = QFontMetrics(theme_.font(TextStyle::label)).height();
  return detailed_ ? 2 * line + 6 : line + 4;
}

int StageTotalsPanel::title_height() const {
  return QFontMetrics(theme_.font(TextStyle::heading)).height() + 8;
}

int StageTotalsPanel::notes_height(int width) const {
  const QFontMetrics metrics(theme_.font(TextStyle::label));
  int height = 0;
  if (!has_room_for_notes_) return height;
  for (const QString& note : notes_)
    height +=
        metrics.boundingRect(QRect(0, 0, width - 2 * margin, INT_MAX / 4), Qt::TextWordWrap, note).height() +
        4;
  return height;
}

int StageTotalsPanel::heightForWidth(int width) const {
  return 2 * margin + title_height() + static_cast<int>(rows_.size()) * row_height() - 4 +
         notes_height(width);
}

bool StageTotalsPanel::fit_into(int width, int height) {
  has_room_for_notes_ = true;
  has_room_for_notes_ = rows_.empty() || heightForWidth(width) <= height;
  updateGeometry();
  return heightForWidth(width) <= height;
}

QSize StageTotalsPanel::sizeHint() const {
  return {240, heightForWidth(width())};
}

void StageTotalsPanel::clear() {
  rows_.clear();
  lengths_.clear();
  notes_.clear();
  detailed_ = false;
}

void StageTotalsPanel::add_row(const EventWords& words, QString name, QString detail, std::int64_t length_ns,
                               Ink ink) {
  detailed_ = detailed_ || !detail.isEmpty();
  rows_.push_back(
      {std::move(name), std::move(detail), words.length(length_ns), EventWords::real(length_ns), ink, 0});
  lengths_.push_back(length_ns);
}

void StageTotalsPanel::finish() {
  const std::int64_t longest =
      lengths_.empty() ? 1 : std::max<std::int64_t>(1, *std::max_element(lengths_.begin(), lengths_.end()));
  for (std::size_t i = 0; i < rows_.size(); ++i)
    rows_[i].share = static_cast<double>(lengths_[i]) / static_cast<double>(longest);
  setAccessibleName(title_);
  setAccessibleDescription(spoken().join(QStringLiteral("; ")));
  updateGeometry();
  update();
}

QStringList StageTotalsPanel::spoken() const {
  QStringList spoken;
  for (const Row& row : rows_) {
    const QString name =
        row.detail.isEmpty() ? row.name : tr("%1 (%2)", "where, what").arg(row.name, row.detail);
    spoken += tr("%1: %2, %3", "stage, days, milliseconds").arg(name, row.days, row.real);
  }
  return spoken + notes_;
}

void StageTotalsPanel::show_journey(const Timeline* timeline, const View& view, std::uint32_t journey) {
  clear();
  //: Above a list of stages with their lengths
  title_ = tr("Where the days go");
  if (timeline != nullptr && journey != 0) {
    const EventWords words(*timeline, view);
    for (const StageTotal& total : stage_totals_of(*timeline, journey))
      // A request in one packet takes no time.
      if (total.length_ns > 0)
        add_row(words, to_qt(label_of(total.stage, view.language)), {}, total.length_ns, ink_of(total.lane));
    // The same days once more, by what light alone would have needed.
    if (const auto light = light_share_of(*timeline, view, journey)) {
      //: How much of a journey is the distance between its ends, at the speed of light
      add_row(
          words,
          tr("distance, %n way(s)", nullptr, static_cast<int>(std::min<std::size_t>(light->ways, INT_MAX))),
          {}, light->distance_ns, Ink::light_line);
      add_row(words, tr("all the rest"), {}, light->rest_ns, Ink::muted);
    }
  }
  finish();
}

void StageTotalsPanel::show_period(const Timeline* timeline, const View& view, std::uint32_t journey,
                                   JourneyIndex& own) {
  clear();
  if (timeline != nullptr && timeline->first_ns()) {
    const EventWords words(*timeline, view);
    const TimelineIndex& index = journey == 0 ? timeline->index(0, false) : own.of(*timeline, view, journey);
    const PeriodTotals totals = journey == 0 || own.is_whole()
                                    ? period_totals(*timeline, index, view, journey)
                                    : period_totals_by_stage(*timeline, view, journey);
    title_ = to_qt(totals.title);
    for (const PeriodRow& row : totals.rows)
      add_row(words, to_qt(row.name), to_qt(row.detail), row.length_ns, row.ink);
    for (const std::string& note : totals.notes) notes_ += to_qt(note);
  }
  finish();
}

void StageTotalsPanel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), theme_.color(Ink::page));
  painter.setPen(theme_.color(Ink::grid_strong));
  painter.drawRect(rect().adjusted(0, 0, -1, -1));
  painter.setPen(theme_.color(Ink::text));
  painter.setFont(theme_.font(TextStyle::heading));
  const QRect title(margin, margin - 2, width() - 2 * margin, title_height());
  painter.drawText(title, Qt::AlignLeft | Qt::AlignTop | Qt::TextSingleLine,
                   painter.fontMetrics().elidedText(title_, Qt::ElideRight, title.width()));
  int y = margin + title_height() - 2;
  for (const Row& row : rows_) {
    detailed_ ? paint_detailed_row(painter, row, y) : paint_row(painter, row, y);
    y += row_height();
  }
  painter.setFont(theme_.font(TextStyle::label));
  painter.setPen(theme_.color(Ink::muted));
  if (!has_room_for_notes_) return;
  for (const QString& note : notes_) {
    QRect used;
    painter.drawText(QRect(margin, y + 4, width() - 2 * margin, std::max(0, height() - y)),
                     Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, note, &used);
    y += used.height() + 4;
  }
}

void StageTotalsPanel::paint_row(QPainter& painter, const Row& row, int y) {
  const QFontMetrics label(theme_.font(TextStyle::label)), bold(theme_.font(TextStyle::label_bold));
  int names = 0, days = 0, reals = 0;
  for (const Row& of : rows_) {
    names = std::max(names, label.horizontalAdvance(of.name));
    days = std::max(days, bold.horizontalAdvance(of.days));
    reals = std::max(reals, label.horizontalAdvance(of.real));
  }
  const int bar_left = margin + names + 10;
  const int bar_room = std::max(20, width() - margin - reals - 10 - days - 8 - bar_left);
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
}

StageTotalsPanel::Columns StageTotalsPanel::columns() const {
  const QFontMetrics label(theme_.font(TextStyle::label)), bold(theme_.font(TextStyle::label_bold));
  int names = 0, days = 0, reals = 0;
  for (const Row& of : rows_) {
    names = std::max(names, label.horizontalAdvance(of.name));
    days = std::max({days, bold.horizontalAdvance(of.days), label.horizontalAdvance(of.real)});
    reals = std::max(reals, label.horizontalAdvance(of.real));
  }
  constexpr int least_bar = 40;
  const int inner = width() - 2 * margin;
  names = std::min(names + 2, std::max(inner / 3, inner - days - least_bar - 18));
  return {names, days, inner - reals - 10};
}

/// The name with what it consisted of below it; behind them the bar and the days, and the milliseconds below.
void StageTotalsPanel::paint_detailed_row(QPainter& painter, const Row& row, int y) {
  const QFontMetrics label(theme_.font(TextStyle::label));
  const auto [names, days, detail] = columns();
  const int inner = width() - 2 * margin;
  const int bar_left = margin + names + 10;
  const int bar_room = std::max(4, width() - margin - days - 8 - bar_left);
  const int line = label.height();
  const QRect first(margin, y + 2, names, line), second(margin, y + 2 + line, inner, line);
  painter.setFont(theme_.font(TextStyle::label));
  painter.setPen(theme_.color(Ink::text));
  painter.drawText(first, Qt::AlignLeft | Qt::AlignVCenter,
                   label.elidedText(row.name, Qt::ElideRight, names));
  const int bar = std::max(1, static_cast<int>(row.share * bar_room));
  painter.fillRect(QRect(bar_left, y + 4, bar, line - 4),
                   theme_.brush({.rect = {}, .ink = row.ink, .strength = Strength::segments}));
  painter.setFont(theme_.font(TextStyle::label_bold));
  painter.drawText(QRect(bar_left + bar + 6, y + 2, days + 2, line), Qt::AlignLeft | Qt::AlignVCenter,
                   row.days);
  painter.setFont(theme_.font(TextStyle::label));
  painter.setPen(theme_.color(Ink::muted));
  painter.drawText(second, Qt::AlignRight | Qt::AlignVCenter, row.real);
  painter.drawText(second, Qt::AlignLeft | Qt::AlignVCenter,
                   label.elidedText(row.detail, Qt::ElideRight, detail));
}

bool StageTotalsPanel::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QFrame::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const QFontMetrics label(theme_.font(TextStyle::label));
  const int at = (help->pos().y() - margin - title_height() + 2) / std::max(1, row_height());
  const bool on_row = detailed_ && at >= 0 && at < static_cast<int>(rows_.size());
  const Row* row = on_row ? &rows_[static_cast<std::size_t>(at)] : nullptr;
  const auto [names, days, detail] = columns();
  if (row != nullptr &&
      (label.horizontalAdvance(row->name) > names || label.horizontalAdvance(row->detail) > detail))
    // What a capture says is never markup.
    QToolTip::showText(
        help->globalPos(),
        QStringLiteral("<qt>%1<br>%2</qt>").arg(row->name.toHtmlEscaped(), row->detail.toHtmlEscaped()),
        this);
  else if (!has_room_for_notes_ && !notes_.isEmpty())
    QToolTip::showText(help->globalPos(),
                       QStringLiteral("<qt>%1</qt>").arg(notes_.join(QLatin1Char(' ')).toHtmlEscaped()),
                       this);
  else
    QToolTip::hideText();
  return true;
}

void StageTotalsPanel::changeEvent(QEvent* event) {
  QFrame::changeEvent(event);
  if (event->type() != QEvent::PaletteChange && event->type() != QEvent::FontChange) return;
  theme_ = Theme(palette(), font());
  updateGeometry();
}

}  // namespace humantime::ui
