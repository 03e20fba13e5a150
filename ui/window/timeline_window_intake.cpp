// SPDX-License-Identifier: GPL-2.0-or-later
// How the window takes events: a slice at a time, so that it answers between two of them.
#include <algorithm>
#include <climits>
#include <utility>

#include "layout/page.h"
#include "saturating.h"
#include "window/connections_view.h"
#include "window/diary_model.h"
#include "window/diary_view.h"
#include "window/empty_state.h"
#include "window/legend_bar.h"
#include "window/scene_canvas.h"
#include "window/stage_totals.h"
#include "window/timeline_toolbar.h"
#include "window/timeline_window.h"

namespace humantime::ui {
namespace {

/// For as long slices are taken before the event loop has its turn, and at least so long the picture stands
/// while a capture is read. Milliseconds.
constexpr qint64 turn_ms = 6, layout_every_ms = 120;

}  // namespace

void TimelineWindow::set_source(const Source* source) {
  auto fresh = std::make_unique<Timeline>(source != nullptr ? *source : no_capture_);
  // Nobody may ask the old one from here on.
  for (SceneCanvas* canvas : canvases()) canvas->set_timeline(fresh.get());
  diary_->set_timeline(fresh.get());
  toolbar_->set_timeline(fresh.get());
  connections_->set_timeline(fresh.get());
  timeline_ = std::move(fresh);
  fresh_.reset();
  restarted();
  source_changed();
}

void TimelineWindow::restarted() {
  // Events have other places now, even those that are the same; the frame stays selected.
  selected_.reset();
  reread_ = true;
  refiltering_ = false;
  counted_.reset();
  counting_.reset();
  legend_->play()->stop();
  // Another capture begins with its whole year; one that only reads otherwise stays where the person is.
  const std::string name = timeline_->source().name();
  if (name != name_) {
    name_ = name;
    placed_ = false;
    selected_frame_ = no_frame;
    view_.journey = 0;
    view_.server.clear();
    view_.level = Level::year;
    view_.zoom = 1;
    view_.scroll = 0;
    view_.at = {};
    view_.window.reset();
    view_.compare.only.clear();
    view_.compare.window.reset();
  }
  for (SceneCanvas* canvas : canvases()) canvas->set_timeline(timeline_.get());
  diary_->restart();
  toolbar_->set_journey(view_.journey);
  show_selected();
  refresh_views();
}

void TimelineWindow::source_changed() {
  const Source& source = timeline_->source();
  const QString name = QString::fromStdString(source.name());
  setWindowTitle(name.isEmpty() ? tr("Wireshark · Year Timeline")
                                : tr("Wireshark · Year Timeline · %1").arg(name));
  if (saving_) return;
  const bool complete = source.progress() >= 1;
  const bool more = complete != complete_ || source.frame_count() != taken_frames_ ||
                    source.revision() != timeline_->revision() || source.settle(0);
  complete_ = complete;
  if (more) work_.start();
  show_progress();
  if (!more && !is_busy()) {
    count_connections();
    show_empty_state();
  }
}

void TimelineWindow::filter_changed() {
  timeline_->restart_refilter();
  refiltering_ = true;
  ++filters_;
  if (!saving_) work_.start();
}

void TimelineWindow::work() {
  QElapsedTimer turn;
  turn.start();
  bool more = true;
  while (more && turn.elapsed() < turn_ms) more = work_slice();
  if (!more) work_.stop();
  if (more && since_layout_.isValid() && since_layout_.elapsed() < layout_every_ms) return;
  since_layout_.start();
  refresh_views();
}

/// Of frames that read otherwise now, but are the same, what is shown stays until all have been taken anew.
bool TimelineWindow::take_events() {
  const Source& source = timeline_->source();
  // While a file is being read its frames are shown as they come, and looked at together meanwhile.
  const bool unsettled = source.has_frames_of(timeline_->revision()) && source.settle(frames_per_slice);
  if (unsettled && source.progress() >= 1) return true;
  const std::uint64_t generation = timeline_->generation();
  bool more = true;
  const bool anew = source.has_frames_of(timeline_->revision()) &&
                    source.revision() != timeline_->revision() && !timeline_->events().empty();
  if (!anew) {
    fresh_.reset();
    more = timeline_->advance(frames_per_slice);
  } else {
    if (fresh_ == nullptr) {
      fresh_ = std::make_unique<Timeline>(source);
      filters_of_fresh_ = filters_;
    }
    more = fresh_->advance(frames_per_slice) ||
           fresh_->prepare(view_.journey, view_.limit_to_filter, frames_per_slice);
    if (!more) {
      timeline_->take_over(std::move(*fresh_));
      fresh_.reset();
    }
  }
  more = more || source.settle(0);
  taken_frames_ = source.frame_count();
  if (timeline_->generation() == generation) return more;
  const bool refilters = anew && filters_of_fresh_ != filters_;
  restarted();
  if (refilters) timeline_->restart_refilter();
  refiltering_ = refilters;
  return more;
}

bool TimelineWindow::work_slice() {
  bool more = take_events();
  if (!more && refiltering_) {
    refiltering_ = timeline_->refilter(frames_per_slice);
    more = refiltering_;
    if (!refiltering_ && view_.limit_to_filter) diary_->restart();
  }
  more = timeline_->prepare(view_.journey, view_.limit_to_filter, frames_per_slice) || more;
  if (diary_->advance(frames_per_slice) || more) return true;
  return counting_ && count_slice();
}

void TimelineWindow::show_progress() {
  const double progress = timeline_->source().progress();
  QString text = message_text_;
  if (progress < 1 && text.isEmpty())
    text = tr("reading, %1 %").arg(static_cast<int>(std::clamp(progress, 0.0, 1.0) * 100));
  else if (text.isEmpty() && (fresh_ != nullptr || timeline_->source().settle(0)))
    text = tr("looking at all frames together");
  legend_->set_progress(text);
}

void TimelineWindow::place_at_first_event() {
  const auto origin = origin_of(*timeline_, view_);
  if (!origin || !timeline_->first_ns()) return;
  const StretchedTime date = stretched(*timeline_->first_ns(), *origin, view_.scale);
  if (!placed_) {
    view_.at = date;
    view_.scroll = 0;
  } else if (reread_ && first_date_) {
    const std::int64_t later = difference(date.seconds, first_date_->seconds);
    view_.at.seconds = sum(view_.at.seconds, later);
    if (view_.window) view_.window->begin = sum(view_.window->begin, later);
    other_dates_ = later != 0;
  }
  placed_ = true;
  reread_ = false;
  first_date_ = date;
}

void TimelineWindow::refresh_views() {
  place_at_first_event();
  if (!selected_ && selected_frame_ != no_frame) {
    selected_ = timeline_->find(selected_frame_);
    if (selected_) {
      show_selected();
      if (other_dates_) keep_in_sight(*selected_);
      other_dates_ = false;
    }
  }
  for (SceneCanvas* canvas : canvases()) canvas->set_view(view_);
  connections_->set_view(view_);
  diary_->set_view(view_);
  panel_diary_->fit_columns();
  full_diary_->fit_columns();
  toolbar_->set_timeline(timeline_.get());
  legend_->show_view(timeline_.get(), view_, kind());
  set_play_range();
  show_panel();
  arrange();
  count_connections();
  show_progress();
  show_empty_state();
}

/// To count looks at every frame: only what is shown is counted, when nothing else is to be taken, and of a
/// capture that grows in at most a twentieth of the time.
void TimelineWindow::count_connections() {
  if (kind() != ViewKind::connections || is_busy() || saving_) return;
  const Counted wanted{timeline_->generation(), view_.limit_to_filter ? filters_ : 0, taken_frames_,
                       complete_, view_.limit_to_filter};
  if (counted_ == wanted) return;
  constexpr qint64 share = 20;
  const bool grows = counted_ && !complete_ && counted_->generation == wanted.generation &&
                     counted_->limited == wanted.limited;
  if (grows && since_count_.isValid() && since_count_.elapsed() < share * count_ms_) return;
  counting_ = wanted;
  count_ms_ = 0;
  timeline_->source().count_connections(wanted.limited, 0);
  if (count_slice()) work_.start();
}

bool TimelineWindow::count_slice() {
  QElapsedTimer clock;
  clock.start();
  const Source& source = timeline_->source();
  const bool more = source.count_connections(counting_->limited, frames_per_slice);
  if (!more) {
    connections_->set_connections(source.connections(counting_->limited));
    counted_ = std::exchange(counting_, std::nullopt);
    since_count_.start();
  }
  count_ms_ += clock.elapsed();
  return more;
}

void TimelineWindow::show_empty_state() {
  const auto say = [this](const QString& sentence, const QString& action) {
    for (EmptyState* empty : {empty_, no_letters_, no_compare_, no_connections_})
      empty->show_sentence(sentence, action);
  };
  const Source& source = timeline_->source();
  const std::size_t events = timeline_->events().size();
  if (source.name().empty() && source.frame_count() == 0)
    return say(tr("Open a capture to see its year."), {});
  const bool reading = source.progress() < 1 || is_busy();
  if (events == 0 && !reading)
    return say(
        tr("None of these %L1 frames is ARP, DNS, TCP, TLS, HTTP, QUIC or VPN.").arg(source.frame_count()),
        {});
  if (events > 0 && view_.limit_to_filter && !refiltering_ && timeline_->hidden_count() == events)
    return say(tr("The display filter hides all %n event(s).", nullptr,
                  static_cast<int>(std::min<std::size_t>(events, INT_MAX))),
               tr("Sho&w all"));
  say({}, {});
  const ConnectionsRecord* all = record_of(connections_->connections(), {});
  if (kind() != ViewKind::connections || reading || !counted_) return;
  if (timeline_->has_means())
    no_connections_->show_sentence(tr("A mean has no connections of its own."), {});
  else if (all == nullptr || all->connections + all->refused + all->unanswered == 0)
    no_connections_->show_sentence(
        tr("None of these %L1 frames belongs to a connection.").arg(source.frame_count()), {});
}

}  // namespace humantime::ui
