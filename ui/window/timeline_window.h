// SPDX-License-Identifier: GPL-2.0-or-later
// Statistics → Year Timeline: the dialog. It owns the timeline, takes events a slice at a time, and keeps all
// its parts on the same view and the same event.
#pragma once

#include <QDialog>
#include <QElapsedTimer>
#include <QTimer>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "export/export_job.h"
#include "layout/view.h"
#include "model/journey_index.h"
#include "model/timeline.h"
#include "model/wireshark.h"
#include "window/no_capture.h"
#include "window/translation.h"

class QBoxLayout;
class QMenu;
class QSplitter;
class QStackedWidget;

namespace humantime::ui {

class CalendarView;
class CompareView;
class ConnectionsView;
class DiaryModel;
class DiaryView;
class EmptyState;
class EventCanvas;
class EventCard;
class JourneyMapView;
class LegendBar;
class LettersOverview;
class LettersView;
class PlayControl;
class StageTotalsPanel;
class SceneCanvas;
class StripView;
class TimelineToolbar;

class TimelineWindow : public QDialog {
  Q_OBJECT

 public:
  /// What is taken in one go, at the most: a few milliseconds. Between two of them the window answers.
  static constexpr std::uint32_t frames_per_slice = 2000;

  /// `source` and `wireshark` outlive the window; `wireshark` may be null: then nothing is asked of it.
  TimelineWindow(const Source& source, Wireshark* wireshark, QWidget* parent = nullptr);
  ~TimelineWindow() override;

  /// Null: no capture is open. What is read from another source is forgotten at once.
  void set_source(const Source* source);
  const Timeline& timeline() const { return *timeline_; }
  const View& view() const { return view_; }
  /// As if the person had gone there.
  void set_view(const View& view);
  void show_page(ViewKind kind);
  ViewKind kind() const;
  /// What Save… writes, now.
  ExportJob export_job() const;
  /// Whether there is something that has not been taken yet.
  bool is_busy() const { return work_.isActive(); }

 public Q_SLOTS:
  /// Selects the frame's event, as the packet list did: nobody is told. no_frame: none.
  void select_frame(humantime::FrameNumber frame);
  /// The source has frames more, or others, or another name. Cheap.
  void source_changed();
  /// Other frames pass the display filter than did.
  void filter_changed();
  void preferences_changed();

 Q_SIGNALS:
  /// A person has selected an event here.
  void frame_selected(quint32 frame);
  void filter_requested(const QString& filter, bool apply);
  /// humantime.`name`
  void preference_changed(const QString& name, const QString& value);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void build_body();
  void build_shortcuts();
  void connect_parts();
  /// Beside the calendar stands what its page shows.
  void show_page_in_diary();
  void retranslate();

  void work();
  bool work_slice();
  bool take_events();
  void restarted();
  void show_progress();
  void refresh_views();
  void place_at_first_event();
  void select(std::optional<EventIndex> event, bool tell);
  void show_selected();
  void share_page(ViewKind before, ViewKind after);
  std::array<EventCanvas*, 4> event_canvases() const;
  std::array<SceneCanvas*, 6> canvases() const;
  std::optional<StretchedTime> time_of(EventIndex event) const;
  void keep_in_sight(EventIndex event);
  void set_preference(const QString& name, const QString& value);
  void request_filter(const QString& filter, bool apply);
  void show_message(const QString& text);
  void show_menu(std::optional<EventIndex> event, std::optional<StretchedTime> time, const QPoint& global);
  void play_next();
  void set_play_range();
  void show_played_date(StretchedTime now);
  void add_compare_actions(QMenu& menu, std::optional<EventIndex> event);
  void copy_selected();
  void save();
  void go_to_packet(EventIndex event);
  void show_empty_state();
  void count_connections();
  bool count_slice();
  void show_kind_menu(const std::string& kind, const QPoint& global);
  /// The journeys that were opened with such a handshake, to the server that is shown, ascending.
  std::vector<std::uint32_t> journeys_of_kind(const std::string& kind) const;
  /// Selects the first event of the next of them.
  void select_kind(const std::string& kind);
  void arrange();
  void show_panel();
  void arrange_panel(bool below);

  Wireshark* wireshark_;
  NoCapture no_capture_;
  std::unique_ptr<Translation> translation_;
  std::unique_ptr<Timeline> timeline_;
  std::unique_ptr<Timeline> fresh_;  ///< takes the same frames anew; until it has, the other one is shown
  View view_;
  Preferences preferences_;
  FrameNumber selected_frame_ = no_frame;
  std::optional<EventIndex> selected_;
  bool placed_ = false;  ///< the view stands where the first event is, or where the person went
  bool reread_ = false;  ///< and the events have been taken anew since
  /// The first event's date. Read anew it may have another one, by another time reference: then the view goes
  /// with it.
  std::optional<StretchedTime> first_date_;
  bool other_dates_ = false;  ///< it had, and the selected event is not in sight yet
  bool refiltering_ = false;
  bool saving_ = false;  ///< a file is being written: the timeline stands still
  std::uint32_t taken_frames_ = 0;
  bool complete_ = false;   ///< the source has been read: then it knows all journeys
  QSize arranged_;          ///< the size that the splitter was set for
  int arranged_panel_ = 0;  ///< of the panel, the same
  bool moved_ = false;      ///< the person has moved it since
  std::string name_;        ///< of the capture that is shown
  QTimer work_, look_, message_;
  /// What the connections were counted of: while it is the same they are.
  struct Counted {
    std::uint64_t generation = 0, filters = 0;
    std::uint32_t frames = 0;
    bool complete = false, limited = false;
    bool operator==(const Counted&) const = default;
  };
  std::optional<Counted> counted_;
  std::optional<Counted> counting_;     ///< that are being counted, a part at a time
  std::uint64_t filters_ = 0;           ///< how often the display filter has changed
  std::uint64_t filters_of_fresh_ = 0;  ///< had when `fresh_` was begun
  QElapsedTimer since_count_;
  qint64 count_ms_ = 0;  ///< the last count took
  QElapsedTimer since_layout_;
  QString message_text_;

  TimelineToolbar* toolbar_ = nullptr;
  StripView* strip_ = nullptr;
  LettersOverview* overview_ = nullptr;
  QSplitter* splitter_ = nullptr;
  QStackedWidget* pages_ = nullptr;
  CalendarView* calendar_ = nullptr;
  LettersView* letters_ = nullptr;
  CompareView* compare_ = nullptr;
  ConnectionsView* connections_ = nullptr;
  EmptyState *empty_ = nullptr, *no_letters_ = nullptr, *no_compare_ = nullptr, *no_connections_ = nullptr;
  DiaryModel* diary_ = nullptr;
  DiaryView *panel_diary_ = nullptr, *full_diary_ = nullptr;
  QWidget* panel_ = nullptr;
  QBoxLayout* panel_layout_ = nullptr;
  EventCard* card_ = nullptr;
  StageTotalsPanel* totals_ = nullptr;
  JourneyMapView* map_ = nullptr;
  JourneyIndex journey_index_;  ///< of the journey that the panel tells of
  LegendBar* legend_ = nullptr;
  bool panel_wanted_ = true;
};

}  // namespace humantime::ui
