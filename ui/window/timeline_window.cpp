// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/timeline_window.h"

#include <QGuiApplication>
#include <QScreen>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

#include "layout/letters_frame.h"
#include "layout/page.h"
#include "reports/time_text.h"
#include "saturating.h"
#include "window/calendar_view.h"
#include "window/compare_view.h"
#include "window/connections_view.h"
#include "window/control_frames.h"
#include "window/diary_model.h"
#include "window/diary_view.h"
#include "window/event_canvas_accessible.h"
#include "window/event_card.h"
#include "window/event_steps.h"
#include "window/event_words.h"
#include "window/journey_map_view.h"
#include "window/legend_bar.h"
#include "window/letters_overview.h"
#include "window/letters_view.h"
#include "window/stage_totals.h"
#include "window/strip_view.h"
#include "window/timeline_toolbar.h"
#include "window/view_switch.h"

namespace humantime::ui {
namespace {

/// How often a source is looked at that nobody tells of. Milliseconds.
constexpr int look_ms = 500;

constexpr int narrow_width = 960;
constexpr double panel_share = 0.278, panel_share_below = 0.30;
constexpr int least_panel = 300, most_panel = 420;
constexpr QSize least_window(760, 520), usual_window(1280, 800);

}  // namespace

TimelineWindow::TimelineWindow(const Source& source, Wireshark* wireshark, QWidget* parent)
    : QDialog(parent, Qt::Window | Qt::WindowTitleHint | Qt::WindowSystemMenuHint |
                          Qt::WindowMinMaxButtonsHint | Qt::WindowCloseButtonHint),
      wireshark_(wireshark) {
  make_event_canvases_accessible();
  setObjectName(QStringLiteral("year_timeline"));
  setModal(false);
  if (wireshark_ != nullptr)
    preferences_ = wireshark_->preferences();
  else
    preferences_.language = Translation::preferred();
  view_.scale.seconds_per_year = std::max<std::uint32_t>(preferences_.seconds_per_year, 1);
  view_.origin = preferences_.origin;
  view_.language = preferences_.language;
  view_.light_ns = preferences_.light_ns();
  translation_ = std::make_unique<Translation>(view_.language);

  build_body();
  build_shortcuts();
  connect_parts();
  show_frames_of_controls(*this);
  retranslate();
  setMinimumSize(least_window);
  const QScreen* on = QGuiApplication::primaryScreen();
  resize(on == nullptr ? usual_window : usual_window.boundedTo(on->availableSize()).expandedTo(least_window));

  work_.setInterval(0);
  connect(&work_, &QTimer::timeout, this, &TimelineWindow::work);
  look_.setInterval(look_ms);
  connect(&look_, &QTimer::timeout, this, &TimelineWindow::source_changed);
  look_.start();
  message_.setSingleShot(true);
  connect(&message_, &QTimer::timeout, this, [this] { show_message({}); });
  show_page(ViewKind::calendar);
  set_source(&source);
}

TimelineWindow::~TimelineWindow() {
  // Before the timeline: their last signals would ask it.
  for (SceneCanvas* canvas : canvases()) canvas->set_timeline(nullptr);
  diary_->set_timeline(nullptr);
  toolbar_->set_timeline(nullptr);
  connections_->set_timeline(nullptr);
}

// -- one view, one event

void TimelineWindow::set_view(const View& wanted) {
  View next = wanted;
  const bool other_calendar = next.scale.seconds_per_year != view_.scale.seconds_per_year ||
                              next.origin != view_.origin ||
                              (next.origin == OriginChoice::journey && next.journey != view_.journey);
  if (other_calendar && next.at == view_.at) {
    // The same instant has another date.
    const auto old_origin = origin_of(*timeline_, view_), new_origin = origin_of(*timeline_, next);
    if (old_origin && new_origin)
      next.at = stretched(captured(view_.at, *old_origin, view_.scale), *new_origin, next.scale);
  }
  if (other_calendar) {
    legend_->play()->stop();
    next.window.reset();
  }
  const bool other_language = next.language != view_.language;
  const bool other_rows = next.journey != view_.journey || next.hidden != view_.hidden ||
                          next.limit_to_filter != view_.limit_to_filter;
  next.until = legend_->play()->now();
  const bool other_page = next.at != view_.at || next.level != view_.level;
  view_ = next;
  if (other_language) translation_->set_language(view_.language);
  toolbar_->set_journey(view_.journey);
  retranslate();
  refresh_views();
  if (other_rows) work_.start();
  show_selected();
  if (other_page) show_page_in_diary();
}

void TimelineWindow::show_page_in_diary() {
  if (!timeline_->first_ns()) return;
  const Page page = page_of(view_, origin_of(*timeline_, view_).value_or(0));
  const std::int64_t selected = selected_ ? timeline_->at(*selected_).time_ns : Event::unknown;
  // What is selected on the page is in sight already.
  if (selected < page.begin_ns() || selected >= page.end_ns()) panel_diary_->show_from(page.begin_ns());
}

void TimelineWindow::show_page(ViewKind kind) {
  const ViewKind before = this->kind();
  const bool letters = kind == ViewKind::letters, compares = kind == ViewKind::compare,
             connections = kind == ViewKind::connections;
  const std::array<QWidget*, view_kind_count> pages = {calendar_, letters_, full_diary_, compare_,
                                                       connections_};
  const std::array<QWidget*, view_kind_count> focused = {calendar_, letters_, full_diary_->table(), compare_,
                                                         connections_->page()};
  const auto at = static_cast<std::size_t>(kind);
  if (timeline_ != nullptr && before != kind) share_page(before, kind);
  // The dates of a comparison are none of the capture's.
  if (before != kind && (compares || before == ViewKind::compare)) legend_->play()->stop();
  pages_->setCurrentWidget(pages[at]);
  toolbar_->set_kind(kind);
  // What is counted of the whole capture needs no map of it.
  strip_->setVisible(!letters && !compares && !connections);
  overview_->setVisible(letters);
  // The letters need the width: their card is the one at the pointer.
  panel_diary_->setVisible(kind == ViewKind::calendar);
  focused[at]->setFocus();
  if (timeline_ != nullptr) {
    legend_->show_view(timeline_.get(), view_, kind);
    set_play_range();
    count_connections();
    show_empty_state();
    show_panel();
  }
  arrange();
}

/// What is in sight on one page is so on the other.
void TimelineWindow::share_page(ViewKind before, ViewKind after) {
  View next = view_;
  const auto origin = origin_of(*timeline_, view_);
  if (before == ViewKind::letters && view_.window)
    next.at = {moved(*view_.window, 0.5).begin, 0};
  else if (after == ViewKind::letters && view_.level > Level::year && origin) {
    const Page page = page_of(view_, *origin);
    next.window = TimeWindow{page.start.seconds, page.end.seconds - page.start.seconds};
  }
  set_view(next);
}

ViewKind TimelineWindow::kind() const {
  return toolbar_->kind();
}

std::array<EventCanvas*, 4> TimelineWindow::event_canvases() const {
  return {calendar_, letters_, compare_, map_};
}

std::array<SceneCanvas*, 6> TimelineWindow::canvases() const {
  return {calendar_, letters_, compare_, strip_, overview_, map_};
}

std::optional<StretchedTime> TimelineWindow::time_of(EventIndex event) const {
  const auto origin = origin_of(*timeline_, view_);
  const std::int64_t time_ns = timeline_->at(event).time_ns;
  if (!origin || time_ns == Event::unknown) return std::nullopt;
  return stretched(time_ns, *origin, view_.scale);
}

void TimelineWindow::select_frame(FrameNumber frame) {
  selected_frame_ = frame;
  const auto event = frame == no_frame ? std::nullopt : timeline_->find(frame);
  select(event, false);
  selected_frame_ = frame;
  if (event) keep_in_sight(*event);
}

void TimelineWindow::select(std::optional<EventIndex> event, bool tell) {
  const bool changed = event != selected_;
  selected_ = event;
  selected_frame_ = event ? timeline_->at(*event).frame : no_frame;
  show_selected();
  if (event && changed) {
    if (calendar_->hasFocus() || letters_->hasFocus()) keep_in_sight(*event);
    if (tell) Q_EMIT frame_selected(to_number(selected_frame_));
  }
}

void TimelineWindow::show_selected() {
  for (EventCanvas* page : event_canvases()) page->set_selected(selected_);
  panel_diary_->show_event(selected_);
  full_diary_->show_event(selected_);
  if (selected_) card_->show_card(card_of(*timeline_, view_, *selected_), calendar_->theme());
  show_panel();
  arrange();
}

/// Turns to the event's page.
void TimelineWindow::keep_in_sight(EventIndex event) {
  const auto origin = origin_of(*timeline_, view_);
  const auto time = time_of(event);
  if (!origin || !time) return;
  const std::int64_t time_ns = timeline_->at(event).time_ns;
  const Page page = page_of(view_, *origin);
  const TimeWindow window = window_of(*timeline_, view_);
  View next = view_;
  if (time_ns < page.begin_ns() || time_ns >= page.end_ns()) {
    next.at = *time;
    next.scroll = 0;
  }
  if (kind() == ViewKind::letters && !holds(window, *time)) next.window = centred(window, *time);
  if (!(next.at == view_.at) || next.window != view_.window) set_view(next);
}

/// The dates that Play goes through: those of the capture or, where journeys are compared, those since what
/// they are aligned at.
void TimelineWindow::set_play_range() {
  std::optional<StretchedTime> begin;
  StretchedTime end;
  if (kind() == ViewKind::compare) {
    if (!compare_->comparison().rows.empty()) begin = StretchedTime{};
    const TimeWindow window = compare_->shown_window();
    end.seconds = sum(window.begin, window.seconds);
  } else if (const auto origin = origin_of(*timeline_, view_); origin && timeline_->first_ns()) {
    begin = stretched(*timeline_->first_ns(), *origin, view_.scale);
    end = stretched(*timeline_->last_ns(), *origin, view_.scale);
    end.seconds += end.seconds < INT64_MAX ? 1 : 0;
  }
  legend_->play()->set_range(begin, end);
}

void TimelineWindow::show_played_date(StretchedTime now) {
  legend_->play()->set_date_text(to_qt(reports::minute_text(date_of(now), view_.language)));
}

void TimelineWindow::play_next() {
  if (kind() == ViewKind::compare) {
    PlayControl* of_rows = legend_->play();
    of_rows->pause();
    const auto instant = compare_->next_instant(of_rows->now());
    return instant ? of_rows->go_to(*instant) : of_rows->stop();
  }
  const auto origin = origin_of(*timeline_, view_);
  if (!origin) return;
  PlayControl* play = legend_->play();
  play->pause();
  const std::int64_t from = play->now() ? captured(*play->now(), *origin, view_.scale) : INT64_MIN;
  const auto next = next_in_time(*timeline_, view_, std::nullopt, from, Step::forth);
  if (!next) return play->stop();
  // Just behind it: what is at the date itself has not happened yet.
  play->go_to(stretched(timeline_->at(*next).time_ns + 1, *origin, view_.scale));
  select(next, true);
}

// -- how it stands

void TimelineWindow::arrange() {
  const bool below = width() < narrow_width;
  const bool calendar = kind() == ViewKind::calendar;
  arrange_panel(below);
  const bool anything = calendar || !card_->isHidden() || !totals_->isHidden() || !map_->isHidden();
  // These need the width.
  const bool wide =
      kind() == ViewKind::letters || kind() == ViewKind::compare || kind() == ViewKind::connections;
  const bool panel = panel_wanted_ && anything && !wide;
  const Qt::Orientation orientation = below ? Qt::Vertical : Qt::Horizontal;
  if (splitter_->orientation() != orientation) {
    splitter_->setOrientation(orientation);
    panel_layout_->setDirection(below ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
  }
  int wanted = below ? static_cast<int>(height() * panel_share_below)
                     : std::clamp(static_cast<int>(width() * panel_share), least_panel, most_panel);
  const int whole = below ? splitter_->height() : splitter_->width();
  // Of what the diary needs beside it the panel gives what it can do without.
  if (kind() == ViewKind::diary && !below)
    wanted = std::clamp(whole - splitter_->handleWidth() - full_diary_->wanted_width(), least_panel, wanted);
  // Where nothing has changed, the person may have moved the splitter.
  if (panel_->isHidden() == panel || arranged_ != size() || (panel && arranged_panel_ != wanted && !moved_)) {
    arranged_ = size();
    arranged_panel_ = wanted;
    moved_ = false;
    panel_->setVisible(panel);
    splitter_->setSizes({std::max(1, whole - wanted - splitter_->handleWidth()), wanted});
  }
  card_->setMaximumWidth(below ? EventCard::hover_width : QWIDGETSIZE_MAX);
}

void TimelineWindow::resizeEvent(QResizeEvent* event) {
  QDialog::resizeEvent(event);
  arranged_ = {};
  arrange();
}

void TimelineWindow::changeEvent(QEvent* event) {
  QDialog::changeEvent(event);
  if (calendar_ == nullptr || timeline_ == nullptr) return;
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
    show_selected();
    if (event->type() == QEvent::PaletteChange) show_frames_of_controls(*this);
  }
  if (event->type() == QEvent::LanguageChange) retranslate();
}

void TimelineWindow::retranslate() {
  toolbar_->show_view(view_);
  for (QWidget* map : {static_cast<QWidget*>(strip_), static_cast<QWidget*>(overview_)}) {
    map->setAccessibleName(tr("The whole capture as a map"));
    map->setAccessibleDescription(tr("Left and right turn the page, plus and minus zoom"));
  }
  legend_->play()->setAccessibleName(tr("Play"));
  if (timeline_ != nullptr) source_changed();
}

}  // namespace humantime::ui
