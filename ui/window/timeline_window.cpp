// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/timeline_window.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLocale>
#include <QPushButton>
#include <QScreen>
#include <QShortcut>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <climits>

#include "layout/calendar_layout.h"
#include "layout/letters_frame.h"
#include "layout/page.h"
#include "reports/time_text.h"
#include "saturating.h"
#include "window/calendar_view.h"
#include "window/diary_model.h"
#include "window/diary_view.h"
#include "window/empty_state.h"
#include "window/event_canvas_accessible.h"
#include "window/event_card.h"
#include "window/event_menu.h"
#include "window/event_steps.h"
#include "window/event_words.h"
#include "window/flow_layout.h"
#include "window/labelled_chooser.h"
#include "window/legend_bar.h"
#include "window/letters_overview.h"
#include "window/letters_view.h"
#include "window/save_page.h"
#include "window/stage_totals.h"
#include "window/strip_view.h"
#include "window/view_switch.h"

namespace humantime::ui {
namespace {

/// For as long slices are taken before the event loop has its turn, and at least so long the picture stands
/// while a capture is read. Milliseconds.
constexpr qint64 turn_ms = 6, layout_every_ms = 120;
/// How often a source is looked at that nobody tells of.
constexpr int look_ms = 500;
constexpr int message_ms = 6000;

constexpr int narrow_width = 960;
constexpr double panel_share = 0.278, panel_share_below = 0.30;
constexpr int least_panel = 300, most_panel = 420;
constexpr QSize least_window(760, 520), usual_window(1280, 800);

constexpr std::array<std::uint32_t, 7> scales = {1, 2, 5, 10, 30, 60, 600};

// As the preferences have them.
constexpr std::array<const char*, 3> origin_names = {"capture", "journey", "reference"};
constexpr std::array<const char*, 2> language_names = {"en", "ja"};

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

  build_toolbar();
  build_body();
  build_shortcuts();
  connect_parts();
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
  journeys_->set_timeline(nullptr);
}

void TimelineWindow::build_toolbar() {
  toolbar_ = new QWidget(this);
  toolbar_->setObjectName(QStringLiteral("toolbar"));
  auto* row = new FlowLayout(toolbar_);
  row->setContentsMargins(10, 5, 10, 5);
  row->setSpacing(8);
  views_ = new ViewSwitch(toolbar_);
  journeys_ = new JourneyChooser(toolbar_);
  const auto chooser = [&](const char* name) {
    auto* made = new LabelledChooser(toolbar_);
    made->setObjectName(QString::fromLatin1(name));
    return made;
  };
  scale_ = chooser("scale_chooser");
  origin_ = chooser("origin_chooser");
  language_ = chooser("language_chooser");
  limit_ = new QCheckBox(toolbar_);
  limit_->setObjectName(QStringLiteral("limit_to_filter"));
  save_ = new QPushButton(toolbar_);
  save_->setObjectName(QStringLiteral("save"));
  save_->setAutoDefault(false);
  for (QWidget* widget :
       {static_cast<QWidget*>(views_), static_cast<QWidget*>(journeys_), static_cast<QWidget*>(scale_),
        static_cast<QWidget*>(origin_), static_cast<QWidget*>(language_), static_cast<QWidget*>(limit_)})
    row->addWidget(widget);
  row->add_stretch();
  row->addWidget(save_);
  // As their own names: whoever looks for one of them may not read the other.
  language_->addItem(QStringLiteral("English"));
  language_->addItem(QStringLiteral("日本語"));
  for (const std::uint32_t seconds : scales) scale_->addItem({}, seconds);
  for (std::size_t i = 0; i < origin_names.size(); ++i) origin_->addItem({});
}

void TimelineWindow::build_body() {
  strip_ = new StripView(this);
  overview_ = new LettersOverview(this);
  diary_ = new DiaryModel(this);
  splitter_ = new QSplitter(this);
  splitter_->setChildrenCollapsible(false);
  pages_ = new QStackedWidget(splitter_);
  pages_->setFrameShape(QFrame::StyledPanel);
  calendar_ = new CalendarView(pages_);
  letters_ = new LettersView(pages_);
  empty_ = new EmptyState(calendar_);
  no_letters_ = new EmptyState(letters_);
  no_letters_->setObjectName(QStringLiteral("no_letters"));
  full_diary_ = new DiaryView(diary_, DiaryView::Columns::all, pages_);
  pages_->addWidget(calendar_);
  pages_->addWidget(letters_);
  pages_->addWidget(full_diary_);
  panel_ = new QWidget(splitter_);
  panel_->setObjectName(QStringLiteral("panel"));
  panel_layout_ = new QVBoxLayout(panel_);
  panel_layout_->setContentsMargins(0, 0, 0, 0);
  panel_layout_->setSpacing(6);
  panel_diary_ = new DiaryView(diary_, DiaryView::Columns::narrow, panel_);
  card_ = new EventCard(EventCard::Place::panel, panel_);
  totals_ = new StageTotalsPanel(panel_);
  panel_layout_->addWidget(panel_diary_, 1);
  panel_layout_->addWidget(card_);
  panel_layout_->addWidget(totals_);
  panel_layout_->addStretch();
  card_->hide();
  totals_->hide();
  splitter_->addWidget(pages_);
  splitter_->addWidget(panel_);
  splitter_->setStretchFactor(0, 1);
  splitter_->setStretchFactor(1, 0);
  legend_ = new LegendBar(this);

  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(toolbar_);
  column->addWidget(strip_);
  column->addWidget(overview_);
  auto* body = new QVBoxLayout;
  body->setContentsMargins(8, 6, 8, 2);
  body->addWidget(splitter_);
  column->addLayout(body, 1);
  column->addWidget(legend_);
  // The way of the Tab key: as the eye goes.
  const std::array<QWidget*, 6> way = {save_, strip_, overview_, calendar_, letters_, panel_diary_->table()};
  for (std::size_t i = 1; i < way.size(); ++i) setTabOrder(way[i - 1], way[i]);
  setTabOrder(panel_diary_->table(), panel_diary_->search());
}

void TimelineWindow::build_shortcuts() {
  const auto on = [this](const QKeySequence& keys, auto action) {
    connect(new QShortcut(keys, this), &QShortcut::activated, this, action);
  };
  for (std::size_t i = 0; i < view_kind_count; ++i)
    on(QKeySequence(static_cast<int>(Qt::Key_1) + static_cast<int>(i)),
       [this, i] { show_page(static_cast<ViewKind>(i)); });
  on(Qt::Key_L, [this] { limit_->toggle(); });
  on(Qt::Key_F9, [this] {
    panel_wanted_ = !panel_wanted_;
    arrange();
  });
  on(QKeySequence::Copy, [this] { copy_selected(); });
  on(QKeySequence::Save, [this] { save(); });
}

void TimelineWindow::connect_parts() {
  connect(views_, &ViewSwitch::kind_chosen, this, &TimelineWindow::show_page);
  connect(journeys_, &JourneyChooser::journey_chosen, this, [this](quint32 journey) {
    View next = view_;
    next.journey = journey;
    next.window.reset();
    const JourneySummary* of = timeline_->summary(journey);
    if (of != nullptr && of->first_ns != Event::unknown) {
      // To where the journey begins.
      const auto origin = origin_of(*timeline_, next);
      if (origin) next.at = stretched(of->first_ns, *origin, next.scale);
      next.scroll = 0;
    }
    set_view(next);
  });
  const auto activated = QOverload<int>::of(&QComboBox::activated);
  connect(scale_, activated, this, [this](int row) {
    View next = view_;
    next.scale.seconds_per_year = scale_->itemData(row).toUInt();
    set_view(next);
    set_preference(QStringLiteral("seconds_per_year"), QString::number(next.scale.seconds_per_year));
  });
  connect(origin_, activated, this, [this](int row) {
    View next = view_;
    next.origin = static_cast<OriginChoice>(row);
    set_view(next);
    set_preference(QStringLiteral("origin"),
                   QString::fromLatin1(origin_names[static_cast<std::size_t>(row)]));
  });
  connect(language_, activated, this, [this](int row) {
    View next = view_;
    next.language = static_cast<Language>(row);
    set_view(next);
    set_preference(QStringLiteral("language"),
                   QString::fromLatin1(language_names[static_cast<std::size_t>(row)]));
  });
  connect(limit_, &QCheckBox::toggled, this, [this](bool on) {
    View next = view_;
    next.limit_to_filter = on;
    set_view(next);
  });
  for (EmptyState* empty : {empty_, no_letters_})
    connect(empty->button(), &QPushButton::clicked, limit_, [this] { limit_->setChecked(false); });
  connect(save_, &QPushButton::clicked, this, &TimelineWindow::save);

  connect(strip_, &StripView::view_wanted, this, &TimelineWindow::set_view);
  connect(overview_, &LettersOverview::view_wanted, this, &TimelineWindow::set_view);
  for (EventCanvas* page : event_canvases()) {
    connect(page, &EventCanvas::view_wanted, this, &TimelineWindow::set_view);
    connect(page, &EventCanvas::event_chosen, this, [this](EventIndex event) { select(event, true); });
    connect(page, &EventCanvas::selection_cleared, this, [this] { select(std::nullopt, false); });
    connect(page, &EventCanvas::activated, this, &TimelineWindow::go_to_packet);
    connect(page, &EventCanvas::menu_wanted, this, &TimelineWindow::show_menu);
  }
  for (DiaryView* diary : {panel_diary_, full_diary_}) {
    connect(diary->table(), &DiaryTable::chosen_event, this, [this](EventIndex event) {
      select(event, true);
      keep_in_sight(event);
    });
    connect(diary->table(), &DiaryTable::activated_event, this, &TimelineWindow::go_to_packet);
    connect(diary->table(), &DiaryTable::menu_wanted, this,
            [this](EventIndex event, const QPoint& global) { show_menu(event, time_of(event), global); });
    connect(diary->search(), &QLineEdit::textChanged, this, [this, diary](const QString& text) {
      // There is one diary, in two places.
      DiaryView* other = diary == panel_diary_ ? full_diary_ : panel_diary_;
      const QSignalBlocker silent(other->search());
      other->search()->setText(text);
      work_.start();
    });
    connect(diary->table()->horizontalHeader(), &QHeaderView::sortIndicatorChanged, this,
            [this] { work_.start(); });
  }
  connect(legend_, &LegendBar::zoom_wanted, this, [this](int steps) {
    const auto selected = selected_ ? time_of(*selected_) : std::nullopt;
    if (kind() != ViewKind::letters) return set_view(zoomed(view_, steps, selected.value_or(view_.at)));
    const TimeWindow window = window_of(*timeline_, view_);
    const StretchedTime middle{moved(window, 0.5).begin, 0};
    const bool in_sight = selected && holds(window, *selected);
    set_view(LettersView::zoomed_view(*timeline_, view_, steps, in_sight ? *selected : middle));
  });
  connect(legend_, &LegendBar::lane_hidden, this, [this](Lane lane, bool hidden) {
    View next = view_;
    next.hidden[static_cast<std::size_t>(lane)] = hidden;
    set_view(next);
  });
  connect(legend_->play(), &PlayControl::now_changed, this, [this](std::optional<StretchedTime> now) {
    View next = view_;
    next.until = now;
    if (now) {
      // The page turns when the date leaves it.
      const auto origin = origin_of(*timeline_, view_);
      const Page page = page_of(view_, origin.value_or(0));
      if (*now < page.start || !(*now < page.end)) next.at = *now;
      const TimeWindow window = window_of(*timeline_, view_);
      if (!holds(window, *now)) next.window = TimeWindow{now->seconds, window.seconds};
      const Date date = date_of(*now);
      legend_->play()->set_date_text(to_qt(reports::minute_text(date, view_.language)));
    }
    view_ = next;
    for (SceneCanvas* canvas : canvases()) canvas->set_view(view_);
  });
  connect(legend_->play(), &PlayControl::next_wanted, this, &TimelineWindow::play_next);
}

// -- taking events

void TimelineWindow::set_source(const Source* source) {
  auto fresh = std::make_unique<Timeline>(source != nullptr ? *source : no_capture_);
  // Nobody may ask the old one from here on.
  for (SceneCanvas* canvas : canvases()) canvas->set_timeline(fresh.get());
  diary_->set_timeline(fresh.get());
  journeys_->set_timeline(fresh.get());
  timeline_ = std::move(fresh);
  restarted();
  source_changed();
}

void TimelineWindow::restarted() {
  // Events have other places now, even those that are the same; the frame stays selected.
  selected_.reset();
  reread_ = true;
  refiltering_ = false;
  legend_->play()->stop();
  // Another capture begins with its whole year; one that only reads otherwise stays where the person is.
  const std::string name = timeline_->source().name();
  if (name != name_) {
    name_ = name;
    placed_ = false;
    selected_frame_ = no_frame;
    view_.journey = 0;
    view_.level = Level::year;
    view_.zoom = 1;
    view_.scroll = 0;
    view_.at = {};
    view_.window.reset();
  }
  for (SceneCanvas* canvas : canvases()) canvas->set_timeline(timeline_.get());
  diary_->restart();
  journeys_->set_journey(view_.journey);
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
                    source.revision() != timeline_->revision();
  complete_ = complete;
  if (more) work_.start();
  show_progress();
  if (!more && !is_busy()) show_empty_state();
}

void TimelineWindow::filter_changed() {
  timeline_->restart_refilter();
  refiltering_ = true;
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

bool TimelineWindow::work_slice() {
  const std::uint64_t generation = timeline_->generation();
  bool more = timeline_->advance(frames_per_slice);
  taken_frames_ = timeline_->source().frame_count();
  if (timeline_->generation() != generation) restarted();
  if (!more && refiltering_) {
    refiltering_ = timeline_->refilter(frames_per_slice);
    more = refiltering_;
    if (!refiltering_ && view_.limit_to_filter) diary_->restart();
  }
  return diary_->advance(frames_per_slice) || more;
}

void TimelineWindow::show_progress() {
  const double progress = timeline_->source().progress();
  QString text = message_text_;
  if (progress < 1 && text.isEmpty())
    text = tr("reading, %1 %").arg(static_cast<int>(std::clamp(progress, 0.0, 1.0) * 100));
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
  diary_->set_view(view_);
  panel_diary_->fit_columns();
  full_diary_->fit_columns();
  journeys_->set_timeline(timeline_.get());
  legend_->show_view(timeline_.get(), view_, kind());
  std::optional<StretchedTime> begin;
  StretchedTime end;
  if (const auto origin = origin_of(*timeline_, view_); origin && timeline_->first_ns()) {
    begin = stretched(*timeline_->first_ns(), *origin, view_.scale);
    end = stretched(*timeline_->last_ns(), *origin, view_.scale);
    end.seconds += end.seconds < INT64_MAX ? 1 : 0;
  }
  legend_->play()->set_range(begin, end);
  std::uint32_t journey = view_.journey;
  if (journey == 0 && timeline_->last_journey() == 1) journey = 1;
  if (journey == 0 && selected_) journey = timeline_->at(*selected_).journey;
  totals_->show_journey(timeline_.get(), view_, journey);
  arrange();
  show_progress();
  show_empty_state();
}

void TimelineWindow::show_empty_state() {
  const auto say = [this](const QString& sentence, const QString& action) {
    for (EmptyState* empty : {empty_, no_letters_}) empty->show_sentence(sentence, action);
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
               tr("Show all"));
  say({}, {});
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
  view_ = next;
  if (other_language) translation_->set_language(view_.language);
  {
    const QSignalBlocker silent(limit_);
    limit_->setChecked(view_.limit_to_filter);
  }
  journeys_->set_journey(view_.journey);
  retranslate();
  refresh_views();
  if (other_rows) work_.start();
  show_selected();
}

void TimelineWindow::show_page(ViewKind kind) {
  const ViewKind before = this->kind();
  const bool letters = kind == ViewKind::letters;
  const std::array<QWidget*, view_kind_count> pages = {calendar_, letters_, full_diary_};
  const std::array<QWidget*, view_kind_count> focused = {calendar_, letters_, full_diary_->table()};
  const auto at = static_cast<std::size_t>(kind);
  if (timeline_ != nullptr && before != kind) share_page(before, kind);
  pages_->setCurrentWidget(pages[at]);
  views_->set_kind(kind);
  strip_->setVisible(!letters);
  overview_->setVisible(letters);
  // The letters need the width: their card is the one at the pointer.
  panel_diary_->setVisible(kind == ViewKind::calendar);
  focused[at]->setFocus();
  if (timeline_ != nullptr) legend_->show_view(timeline_.get(), view_, kind);
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
  return views_->kind();
}

std::array<EventCanvas*, 2> TimelineWindow::event_canvases() const {
  return {calendar_, letters_};
}

std::array<SceneCanvas*, 4> TimelineWindow::canvases() const {
  return {calendar_, letters_, strip_, overview_};
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
  if (view_.journey == 0 && timeline_->last_journey() > 1)
    totals_->show_journey(timeline_.get(), view_, selected_ ? timeline_->at(*selected_).journey : 0);
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

void TimelineWindow::play_next() {
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
  connect(&menu, &EventMenu::journey_wanted, journeys_, &JourneyChooser::journey_chosen);
  menu.exec(global);
}

void TimelineWindow::copy_selected() {
  DiaryTable* table = pages_->currentWidget() == full_diary_ ? full_diary_->table() : panel_diary_->table();
  if (table->selectionModel()->hasSelection()) return table->copy_rows();
  if (!selected_) return;
  const int row = diary_->row_of_event(*selected_);
  if (row >= 0) QApplication::clipboard()->setText(diary_->copied({diary_->index(row, 0)}));
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

// -- how it stands

void TimelineWindow::arrange() {
  const bool below = width() < narrow_width;
  const bool calendar = kind() == ViewKind::calendar;
  // A card that is cut says less than none.
  const bool room_for_card = below ? height() * panel_share_below > 250 : height() > 560;
  card_->setVisible(selected_.has_value() && room_for_card);
  totals_->setVisible(!totals_->is_empty() && !below && height() > 700);
  const bool anything = calendar || !card_->isHidden() || !totals_->isHidden();
  const bool panel = panel_wanted_ && anything && kind() != ViewKind::letters;
  const Qt::Orientation orientation = below ? Qt::Vertical : Qt::Horizontal;
  if (splitter_->orientation() != orientation) {
    splitter_->setOrientation(orientation);
    panel_layout_->setDirection(below ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
  }
  // Where nothing has changed, the person may have moved the splitter.
  if (panel_->isHidden() == panel || arranged_ != size()) {
    arranged_ = size();
    panel_->setVisible(panel);
    const int wanted = below ? static_cast<int>(height() * panel_share_below)
                             : std::clamp(static_cast<int>(width() * panel_share), least_panel, most_panel);
    const int whole = below ? splitter_->height() : splitter_->width();
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
  }
  if (event->type() == QEvent::LanguageChange) retranslate();
}

void TimelineWindow::retranslate() {
  journeys_->set_label(tr("Journey"));
  scale_->set_label(tr("Scale"));
  origin_->set_label(tr("Origin"));
  language_->set_label(tr("Language"));
  int row = scale_->findData(view_.scale.seconds_per_year);
  if (row < 0) {
    scale_->addItem({}, view_.scale.seconds_per_year);
    row = scale_->count() - 1;
  }
  for (int i = 0; i < scale_->count(); ++i)
    scale_->setItemText(i, tr("%1 s = 1 year").arg(scale_->itemData(i).toUInt()));
  scale_->setCurrentIndex(row);
  const std::array<QString, 3> origins = {tr("capture start"), tr("journey start"), tr("time reference")};
  for (int i = 0; i < origin_->count(); ++i) origin_->setItemText(i, origins[static_cast<std::size_t>(i)]);
  origin_->setCurrentIndex(static_cast<int>(view_.origin));
  language_->setCurrentIndex(static_cast<int>(view_.language));
  limit_->setText(tr("Limit to display filter"));
  save_->setText(tr("Save…"));
  save_->setAccessibleName(tr("Save"));
  for (QWidget* map : {static_cast<QWidget*>(strip_), static_cast<QWidget*>(overview_)}) {
    map->setAccessibleName(tr("The whole capture as a map"));
    map->setAccessibleDescription(tr("Left and right turn the page, plus and minus zoom"));
  }
  legend_->play()->setAccessibleName(tr("Play"));
  if (timeline_ != nullptr) source_changed();
}

}  // namespace humantime::ui
