// SPDX-License-Identifier: GPL-2.0-or-later
// What is done with the events that are shown: in Wireshark, on the clipboard and in files.
#include <QApplication>
#include <QClipboard>
#include <QMenu>
#include <QStackedWidget>
#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "window/calendar_view.h"
#include "window/compare_view.h"
#include "window/connections_view.h"
#include "window/diary_model.h"
#include "window/diary_view.h"
#include "window/event_menu.h"
#include "window/frame_filters.h"
#include "window/legend_bar.h"
#include "window/save_page.h"
#include "window/timeline_toolbar.h"
#include "window/timeline_window.h"

namespace humantime::ui {
namespace {

constexpr int message_ms = 6000;

}  // namespace

// -- Wireshark

void TimelineWindow::preferences_changed() {
  if (wireshark_ == nullptr) return;
  preferences_ = wireshark_->preferences();
  View next = view_;
  next.scale.seconds_per_year = std::max<std::uint32_t>(preferences_.seconds_per_year, 1);
  next.origin = preferences_.origin;
  next.language = preferences_.language;
  next.light_ns = preferences_.light_ns();
  set_view(next);
}

void TimelineWindow::set_preference(const QString& name, const QString& value) {
  if (wireshark_ != nullptr) {
    show_message(QString::fromStdString(wireshark_->set_preference(name.toStdString(), value.toStdString())));
    preferences_ = wireshark_->preferences();
  }
  Q_EMIT preference_changed(name, value);
  source_changed();
}

void TimelineWindow::request_filter(const QString& filter, bool apply) {
  if (wireshark_ != nullptr) {
    const std::string text = filter.toStdString();
    show_message(
        QString::fromStdString(apply ? wireshark_->apply_filter(text) : wireshark_->prepare_filter(text)));
  }
  Q_EMIT filter_requested(filter, apply);
}

void TimelineWindow::go_to_packet(EventIndex event) {
  const FrameNumber frame = timeline_->at(event).frame;
  select(event, true);
  if (wireshark_ != nullptr && !wireshark_->go_to_frame(frame))
    show_message(tr("Frame %1 is not in the packet list now.").arg(to_number(frame)));
}

void TimelineWindow::show_message(const QString& text) {
  message_text_ = text;
  if (!text.isEmpty()) message_.start(message_ms);
  show_progress();
}

void TimelineWindow::show_menu(std::optional<EventIndex> event, std::optional<StretchedTime> time,
                               const QPoint& global) {
  const bool as_preferences = view_.scale.seconds_per_year == preferences_.seconds_per_year &&
                              view_.origin == preferences_.origin && view_.origin != OriginChoice::journey;
  EventMenu menu(*timeline_, view_, event, time, as_preferences, this);
  connect(&menu, &EventMenu::packet_wanted, this, &TimelineWindow::go_to_packet);
  connect(&menu, &EventMenu::copy_wanted, this, &TimelineWindow::copy_selected);
  connect(&menu, &EventMenu::filter_wanted, this, &TimelineWindow::request_filter);
  connect(&menu, &EventMenu::journey_wanted, toolbar_, &TimelineToolbar::journey_chosen);
  if (kind() == ViewKind::compare) add_compare_actions(menu, event);
  menu.exec(global);
}

void TimelineWindow::add_compare_actions(QMenu& menu, std::optional<EventIndex> event) {
  const auto compare_only = [this](std::vector<std::uint32_t> journeys) {
    View next = view_;
    next.compare.only = std::move(journeys);
    set_view(next);
  };
  const std::uint32_t journey = event ? timeline_->at(*event).journey : 0;
  if (journey != 0 && compare_->comparison().journeys > 1)
    connect(menu.addAction(tr("&Leave Out This Journey")), &QAction::triggered, this, [=, this] {
      std::vector<std::uint32_t> others;
      for (const ComparedRow& row : compare_->comparison().rows)
        std::copy_if(row.journeys.begin(), row.journeys.end(), std::back_inserter(others),
                     [&](std::uint32_t other) { return other != journey; });
      std::sort(others.begin(), others.end());
      compare_only(std::move(others));
    });
  if (!view_.compare.only.empty())
    connect(menu.addAction(tr("Compare All &Journeys")), &QAction::triggered, this,
            [=] { compare_only({}); });
}

// -- clipboard and files

std::vector<std::uint32_t> TimelineWindow::journeys_of_kind(const std::string& kind) const {
  std::vector<std::uint32_t> numbers;
  for (const JourneyRecord& journey : timeline_->journeys())
    if (journey.handshake == kind && (view_.server.empty() || journey.name == view_.server))
      numbers.push_back(journey.number);
  return numbers;
}

void TimelineWindow::select_kind(const std::string& kind) {
  const std::vector<std::uint32_t> numbers = journeys_of_kind(kind);
  if (numbers.empty()) return;
  const std::uint32_t now = selected_ ? timeline_->at(*selected_).journey : 0;
  const auto behind = std::upper_bound(numbers.begin(), numbers.end(), now);
  const std::uint32_t next = behind == numbers.end() ? numbers.front() : *behind;
  for (const JourneyRecord& journey : timeline_->journeys())
    if (journey.number == next) select(timeline_->find(journey.first), true);
}

void TimelineWindow::show_kind_menu(const std::string& kind, const QPoint& global) {
  constexpr std::size_t most_listed = 25;
  QMenu menu(this);
  menu.setObjectName(QStringLiteral("context_menu"));
  connect(menu.addAction(tr("&Copy")), &QAction::triggered, this, &TimelineWindow::copy_selected);
  if (!kind.empty()) {
    const std::vector<std::uint32_t> numbers = journeys_of_kind(kind);
    const QString these = filter_of_handshake(kind), theirs = filter_of_journeys(numbers);
    menu.addSeparator();
    for (const bool apply : {true, false}) {
      QMenu* filters = menu.addMenu(apply ? tr("&Apply as Filter") : tr("&Prepare as Filter"));
      connect(filters->addAction(tr("These &Handshakes")), &QAction::triggered, this,
              [this, these, apply] { request_filter(these, apply); });
      QAction* journeys = filters->addAction(tr("Their &Journeys"));
      journeys->setEnabled(!theirs.isEmpty());
      connect(journeys, &QAction::triggered, this, [this, theirs, apply] { request_filter(theirs, apply); });
    }
    QMenu* shown = menu.addMenu(tr("&Show Only"));
    for (const std::uint32_t number : numbers) {
      if (shown->actions().size() >= static_cast<int>(most_listed)) break;
      connect(shown->addAction(tr("Journey %1").arg(number)), &QAction::triggered, this, [this, number] {
        Q_EMIT toolbar_->journey_chosen(number);
        show_page(ViewKind::calendar);
      });
    }
    shown->setEnabled(!numbers.empty());
    QAction* compare = menu.addAction(tr("C&ompare Their Journeys"));
    compare->setEnabled(numbers.size() > 1);
    connect(compare, &QAction::triggered, this, [this, numbers] {
      View next = view_;
      next.compare.only = numbers;
      set_view(next);
      show_page(ViewKind::compare);
    });
  }
  menu.exec(global);
}

void TimelineWindow::copy_selected() {
  if (kind() == ViewKind::connections) return QApplication::clipboard()->setText(connections_->copied());
  DiaryTable* table = pages_->currentWidget() == full_diary_ ? full_diary_->table() : panel_diary_->table();
  if (table->selectionModel()->hasSelection()) return table->copy_rows();
  if (!selected_) return;
  const int row = diary_->row_of_event(*selected_);
  if (row >= 0) QApplication::clipboard()->setText(diary_->copied(row));
}

ExportJob TimelineWindow::export_job() const {
  ExportJob job{*timeline_,
                view_,
                QString::fromStdString(timeline_->source().name()),
                Theme::Variant::light,
                font(),
                static_cast<double>(pages_->width()),
                static_cast<double>(pages_->height()),
                {},  // no report at hand: records are made of the source
                kind()};
  job.view.until.reset();
  // Files are light, but for those who need the contrast.
  const Theme::Variant shown = calendar_->theme().variant();
  if (shown == Theme::Variant::high_contrast) job.variant = shown;
  return job;
}

void TimelineWindow::save() {
  legend_->play()->stop();
  // What is written must stay as it is.
  const bool was_busy = is_busy();
  work_.stop();
  look_.stop();
  saving_ = true;
  const QString sentence = save_page(this, export_job());
  saving_ = false;
  show_message(sentence);
  look_.start();
  if (was_busy || refiltering_) work_.start();
  source_changed();
}

}  // namespace humantime::ui
