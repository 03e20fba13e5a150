// SPDX-License-Identifier: GPL-2.0-or-later
// The dialog as a person meets it: opens, reads, is clicked, typed into, told of another capture.
#include <gtest/gtest.h>

#include <QAccessible>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QElapsedTimer>
#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QPushButton>
#include <QSignalSpy>
#include <QStyleOptionButton>
#include <QStyleOptionComboBox>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>
#include <functional>
#include <memory>
#include <set>

#include "layout/calendar_layout.h"
#include "layout/page.h"
#include "window/calendar_view.h"
#include "window/diary_model.h"
#include "window/diary_view.h"
#include "window/empty_state.h"
#include "window/event_card.h"
#include "window/event_steps.h"
#include "window/labelled_chooser.h"
#include "window/legend_bar.h"
#include "window/strip_view.h"
#include "window/timeline_window.h"
#include "window_fixture.h"

namespace humantime::ui {
namespace {

TEST_F(WindowTest, OpensWithTheCapturesNameInWiresharksWay) {
  open_article();
  EXPECT_EQ(window->windowTitle(), QStringLiteral("Wireshark · Year Timeline · article.pcapng"));
  EXPECT_FALSE(window->isModal());
  EXPECT_EQ(window->timeline().events().size(), source.frames.size());
  EXPECT_EQ(sentence(), QString());
  EXPECT_GT(calendar()->scene().marks.size(), 20U);
}

// -- bare

TEST_F(WindowTest, SaysThatNoCaptureIsOpen) {
  source.file.clear();
  open();
  EXPECT_EQ(sentence(), QStringLiteral("Open a capture to see its year."));
  EXPECT_TRUE(child<QFrame>("empty_state")->isVisible());
  EXPECT_EQ(window->windowTitle(), QStringLiteral("Wireshark · Year Timeline"));
}

TEST_F(WindowTest, SaysThatNothingIsClassified) {
  source.frames.resize(1204);
  open();
  EXPECT_EQ(sentence(), QStringLiteral("None of these %1 frames is ARP, DNS, TCP, TLS, HTTP, QUIC or VPN.")
                            .arg(QLocale().toString(1204)));
}

TEST_F(WindowTest, SaysThatTheFilterHidesEverythingAndShowsItAgain) {
  source.add(Phase::tcp_syn, 0, journeys::Direction::sent);
  source.add(Phase::tcp_syn_ack, 10'000'000, journeys::Direction::received);
  source.filtered = {true, true};
  open();
  EXPECT_EQ(sentence(), QString());
  auto* limit = child<QCheckBox>("limit_to_filter");
  limit->click();
  settle();
  EXPECT_TRUE(window->view().limit_to_filter);
  EXPECT_EQ(sentence(), QStringLiteral("The display filter hides all 2 events."));
  EXPECT_EQ(diary()->rowCount(), 0);
  auto* action = static_cast<EmptyState*>(child<QFrame>("empty_state"))->button();
  EXPECT_EQ(action->text(), QStringLiteral("Sho&w all"));
  action->click();
  settle();
  EXPECT_FALSE(limit->isChecked());
  EXPECT_EQ(sentence(), QString());
  EXPECT_EQ(diary()->rowCount(), 2);
}

TEST_F(WindowTest, TellsHowMuchHasBeenRead) {
  source.add(Phase::tcp_syn, 0, journeys::Direction::sent);
  source.share_read = 0.415;
  open();
  EXPECT_EQ(child<QLabel>("progress")->text(), QStringLiteral("reading, 41 %"));
  source.share_read = 1;
  window->source_changed();
  settle();
  EXPECT_TRUE(child<QLabel>("progress")->isHidden());
}

// -- selecting

TEST_F(WindowTest, AClickOnAMarkSelectsItsFrame) {
  open_article();
  QSignalSpy told(window.get(), &TimelineWindow::frame_selected);
  const FrameNumber hello = frame_with(Phase::tls_client_hello);
  const EventIndex event = *window->timeline().find(hello);
  const Mark* mark = mark_of(calendar()->scene(), event);
  ASSERT_NE(mark, nullptr);
  click(calendar(), {mark->at.x, mark->at.y});
  EXPECT_EQ(selected_frame(), to_number(hello));
  ASSERT_EQ(told.count(), 1);
  EXPECT_EQ(told[0][0].toUInt(), to_number(hello));
  // The diary and the card are on it too.
  const auto* table = child<DiaryTable>("diary_table");
  EXPECT_EQ(diary()->event_at(table->currentIndex().row()), event);
  EXPECT_EQ(static_cast<EventCard*>(child<QFrame>("event_card"))->card().name, QStringLiteral("ClientHello"));
}

TEST_F(WindowTest, AClickInTheDiarySelectsItsFrame) {
  open_article();
  QSignalSpy told(window.get(), &TimelineWindow::frame_selected);
  auto* table = child<DiaryTable>("diary_table");
  const QModelIndex row = diary()->index(6, DiaryModel::says);
  QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(row).center());
  const EventIndex event = *diary()->event_at(6);
  const FrameNumber frame = window->timeline().at(event).frame;
  ASSERT_EQ(told.count(), 1);
  EXPECT_EQ(told[0][0].toUInt(), to_number(frame));
  EXPECT_EQ(selected_frame(), to_number(frame));
  EXPECT_EQ(calendar()->selected(), event);
  QTest::keyClick(table, Qt::Key_Down);
  ASSERT_EQ(told.count(), 2);
  EXPECT_EQ(calendar()->selected(), *diary()->event_at(7));
  // Zoomed from there the page is that event's month.
  QTest::keyClick(table, Qt::Key_Plus);
  EXPECT_EQ(window->view().level, Level::month);
  QTest::keyClick(table, Qt::Key_Minus);
  EXPECT_EQ(window->view().level, Level::year);
}

TEST_F(WindowTest, TheCardTellsTheQuestionOfAnAnswer) {
  write_article(TEST_DATA "/article-timeline.tsv", source);
  for (EventText& text : source.texts) text.detail = "www.example.jp A, 198.51.100.80 + 2 AA";
  open();
  const auto event = window->timeline().find(frame_with(Phase::dns_answer));
  const QString said = card_of(window->timeline(), window->view(), *event).sentence;
  EXPECT_TRUE(said.contains(QStringLiteral("the address of www.example.jp"))) << said.toStdString();
  EXPECT_FALSE(said.contains(QStringLiteral("AA"))) << said.toStdString();
}

TEST_F(WindowTest, ThePacketListsFrameIsSelectedWithoutAnEcho) {
  open_article();
  QSignalSpy told(window.get(), &TimelineWindow::frame_selected);
  const FrameNumber request = frame_with(Phase::http_request);
  window->select_frame(request);
  settle();
  EXPECT_EQ(selected_frame(), to_number(request));
  EXPECT_EQ(told.count(), 0);
  window->select_frame(no_frame);
  settle();
  EXPECT_EQ(selected_frame(), 0U);
}

TEST_F(WindowTest, AFrameThatIsSelectedBeforeItIsReadIsSelectedThen) {
  window = std::make_unique<TimelineWindow>(source, &wireshark);
  window->show();
  write_article(TEST_DATA "/article-timeline.tsv", source);
  window->select_frame(FrameNumber{20});
  window->source_changed();
  settle();
  EXPECT_EQ(selected_frame(), 20U);
}

TEST_F(WindowTest, TurnsToThePageOfTheSelectedFrame) {
  open_article();
  View view = window->view();
  view.level = Level::day;
  window->set_view(view);
  const FrameNumber last{static_cast<std::uint32_t>(source.frames.size())};
  window->select_frame(last);
  settle();
  const Date date = date_of(window->view().at);
  EXPECT_EQ(date.month, 11);
  EXPECT_EQ(date.day, 30);
}

TEST_F(WindowTest, ADoubleClickGoesToThePacket) {
  open_article();
  const FrameNumber syn = frame_with(Phase::tcp_syn);
  const Mark* mark = mark_of(calendar()->scene(), *window->timeline().find(syn));
  ASSERT_NE(mark, nullptr);
  click(calendar(), {mark->at.x, mark->at.y}, QEvent::MouseButtonDblClick);
  EXPECT_EQ(wireshark.went_to, std::vector<std::uint32_t>{to_number(syn)});
}

TEST_F(WindowTest, SaysThatAPacketIsNotInTheList) {
  open_article();
  wireshark.answers = false;
  window->select_frame(FrameNumber{3});
  press(calendar(), Qt::Key_Return);
  EXPECT_EQ(child<QLabel>("progress")->text(), QStringLiteral("Frame 3 is not in the packet list now."));
}

// -- keys

TEST_F(WindowTest, ArrowsGoFromEventToEventInTime) {
  open_article();
  std::vector<std::int64_t> times;
  for (int i = 0; i < 12; ++i) {
    press(calendar(), Qt::Key_Right);
    ASSERT_TRUE(calendar()->selected());
    times.push_back(window->timeline().at(*calendar()->selected()).time_ns);
  }
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
  EXPECT_EQ(times.front(), *source.frames[0].time_ns);
  EXPECT_EQ(std::set<std::int64_t>(times.begin(), times.end()).size(), times.size());
  press(calendar(), Qt::Key_Left);
  EXPECT_EQ(window->timeline().at(*calendar()->selected()).time_ns, times[10]);
}

TEST_F(WindowTest, UpAndDownGoFromRowToRow) {
  open_article();
  window->select_frame(frame_with(Phase::tls_client_hello));
  settle();
  const auto month = [&] {
    const auto origin = *source.origin_ns();
    const std::int64_t time_ns = window->timeline().at(*calendar()->selected()).time_ns;
    return date_of(stretch(Nanoseconds{time_ns - origin}, {})).month;
  };
  ASSERT_EQ(month(), 3);
  press(calendar(), Qt::Key_Up);
  EXPECT_EQ(month(), 2);
  press(calendar(), Qt::Key_Down);
  EXPECT_EQ(month(), 3);
}

TEST_F(WindowTest, TabGoesFromLaneToLaneAndThenToTheDiary) {
  open_article();
  window->activateWindow();
  calendar()->setFocus();
  std::vector<Lane> lanes;
  for (int i = 0; i < 5; ++i) {
    press(calendar(), Qt::Key_Tab);
    ASSERT_TRUE(calendar()->selected());
    lanes.push_back(lane_of(window->timeline().at(*calendar()->selected())));
  }
  EXPECT_EQ(lanes, (std::vector{Lane::arp, Lane::dns, Lane::tcp, Lane::tls, Lane::http}));
  press(calendar(), Qt::Key_Tab);
  EXPECT_EQ(window->focusWidget()->objectName(), QStringLiteral("diary_search")) << "the diary's first line";
  press(window->focusWidget(), Qt::Key_Tab);
  EXPECT_EQ(window->focusWidget()->objectName(), QStringLiteral("diary_table"));
}

TEST_F(WindowTest, ZoomsAboutTheSelectedEventAndBack) {
  open_article();
  window->select_frame(frame_with(Phase::tls_client_hello));
  press(calendar(), Qt::Key_Plus);
  EXPECT_EQ(window->view().level, Level::month);
  EXPECT_EQ(date_of(window->view().at).month, 3);
  press(calendar(), Qt::Key_Plus);
  EXPECT_EQ(window->view().level, Level::day);
  EXPECT_EQ(date_of(window->view().at).day, 9);
  press(calendar(), Qt::Key_Escape);
  EXPECT_EQ(window->view().level, Level::month);
  press(calendar(), Qt::Key_Plus);
  press(calendar(), Qt::Key_Home);
  EXPECT_EQ(window->view().level, Level::year);
  EXPECT_NE(selected_frame(), 0U);
  press(calendar(), Qt::Key_Escape);
  EXPECT_EQ(selected_frame(), 0U) << "back, then clear";
  EXPECT_TRUE(window->isVisible());
  press(calendar(), Qt::Key_PageDown);
  EXPECT_EQ(date_of(window->view().at).year, 2);
  press(calendar(), Qt::Key_PageUp);
  EXPECT_EQ(date_of(window->view().at).year, 1);
}

/// What is written of the selected event, and its mark, is whole on the screen.
void expect_selected_in_sight(CalendarView& calendar, const std::string& of) {
  ASSERT_TRUE(calendar.selected()) << of;
  const QRect room = calendar.rect();
  std::size_t found = 0;
  double flag = 0;
  for (const Label& label : calendar.scene().labels)
    if (label.event == *calendar.selected() && label.style == TextStyle::heading) flag = label.box.y, ++found;
  for (const Label& label : calendar.scene().labels) {
    // In other rows it is on its way.
    if (label.event != *calendar.selected() || label.box.y < flag || label.box.y > flag + 75) continue;
    EXPECT_TRUE(room.contains(calendar.rect_of({label.box, label.event, 1}))) << of << ": " << label.text;
  }
  EXPECT_EQ(found, 1U) << of << ": its flag";
  for (const Mark& mark : calendar.scene().marks)
    if (mark.event == *calendar.selected()) {
      EXPECT_TRUE(room.contains(calendar.rect_of({{mark.at.x, mark.at.y, 1, 1}, mark.event, 1}))) << of;
    }
}

TEST_F(WindowTest, TheSelectedEventStaysInSightAtEveryZoom) {
  open_article();
  window->resize(1000, 560);
  settle();
  for (const Phase phase : {Phase::tls_client_hello, Phase::tcp_syn, Phase::tls_server_hello}) {
    window->select_frame(frame_with(phase));
    press(calendar(), Qt::Key_Home);
    press(calendar(), Qt::Key_Plus);
    for (const char* level : {"day", "hour", "minute"}) {
      press(calendar(), Qt::Key_Plus);
      expect_selected_in_sight(*calendar(), std::string(token_of(phase)) + " " + level);
    }
  }
}

TEST_F(WindowTest, AnotherChoiceLeavesThePageWhereItWasScrolledTo) {
  open_article();
  window->resize(1000, 560);
  window->select_frame(frame_with(Phase::tls_client_hello));
  for (int i = 0; i < 4; ++i) press(calendar(), Qt::Key_Plus);
  auto* bar = calendar()->findChild<QScrollBar*>();
  ASSERT_TRUE(bar != nullptr && bar->isVisible());
  bar->setValue(bar->maximum() / 2);
  View other = window->view();
  other.light_ns = 5'900'000;
  window->set_view(other);
  settle();
  EXPECT_EQ(bar->value(), bar->maximum() / 2);
}

TEST_F(WindowTest, TheWheelZoomsAboutThePointer) {
  open_article();
  const auto time = time_of({1, 7, 15, 12, 0, 0, 0});
  const auto at = point_of(window->timeline(), window->view(), calendar()->width(), calendar()->height(),
                           time, Lane::http);
  ASSERT_TRUE(at);
  const QPointF place(at->x, at->y);
  QWheelEvent wheel(place, calendar()->mapToGlobal(place.toPoint()), {}, {0, 120}, Qt::NoButton,
                    Qt::ControlModifier, Qt::NoScrollPhase, false);
  QApplication::sendEvent(calendar(), &wheel);
  settle();
  EXPECT_EQ(window->view().level, Level::month);
  EXPECT_EQ(date_of(window->view().at).month, 7);
  EXPECT_EQ(date_of(window->view().at).day, 15);
}

// -- what is drawn when

TEST_F(WindowTest, LaysOutOnceForManyChangesAndNotForAPaint) {
  open_article();
  const std::size_t before = calendar()->layouts();
  for (int i = 0; i < 5; ++i) calendar()->repaint();
  calendar()->grab();
  EXPECT_EQ(calendar()->layouts(), before);
  window->select_frame(FrameNumber{5});
  QMouseEvent move(QEvent::MouseMove, QPointF(400, 300), QPointF(400, 300), Qt::NoButton, Qt::NoButton,
                   Qt::NoModifier);
  QApplication::sendEvent(calendar(), &move);
  settle();
  EXPECT_EQ(calendar()->layouts(), before) << "a selection is an overlay";
  View view = window->view();
  view.level = Level::month;
  window->set_view(view);
  window->set_view(view);
  settle();
  EXPECT_LE(calendar()->layouts(), before + 2);
  EXPECT_GT(calendar()->layouts(), before);
}

TEST_F(WindowTest, AHiddenLaneIsGoneFromCalendarAndDiary) {
  open_article();
  const int rows = diary()->rowCount();
  child<QToolButton>("lane_DNS")->click();
  settle();
  for (const Mark& mark : calendar()->scene().marks) EXPECT_NE(mark.lane, Lane::dns);
  EXPECT_EQ(diary()->rowCount(), rows - 6);
  child<QToolButton>("lane_DNS")->click();
  settle();
  EXPECT_EQ(diary()->rowCount(), rows);
}

TEST_F(WindowTest, PlayShowsMarksInTheOrderInWhichTheyHappen) {
  open_article();
  PlayControl* play = window->findChild<PlayControl*>();
  play->play();
  play->pause();
  ASSERT_TRUE(play->now());
  std::set<EventIndex> shown;
  std::int64_t latest = INT64_MIN;
  std::size_t grew = 0;
  for (int i = 0; i < 50 && play->now(); ++i) {
    play->advance(1000);
    settle();
    std::int64_t newest = latest;
    for (const Mark& mark : calendar()->scene().marks) {
      if (mark.event == no_event || !shown.insert(mark.event).second) continue;
      const std::int64_t time_ns = window->timeline().at(mark.event).time_ns;
      EXPECT_GE(time_ns, latest) << "it happened before what was shown already";
      newest = std::max(newest, time_ns);
      ++grew;
    }
    latest = newest;
  }
  EXPECT_GT(grew, 20U);
  play->advance(60'000);
  play->advance(60'000);
  play->advance(60'000);
  play->advance(60'000);
  play->advance(60'000);
  play->advance(60'000);
  settle();
  EXPECT_FALSE(play->now()) << "behind the last event everything is shown";
  EXPECT_FALSE(window->view().until);
}

TEST_F(WindowTest, PlayStepsFromEventToEvent) {
  open_article();
  auto* next = child<QToolButton>("play_next");
  std::vector<std::uint32_t> frames;
  for (int i = 0; i < 4; ++i) {
    next->click();
    settle();
    frames.push_back(selected_frame());
  }
  EXPECT_EQ(frames, (std::vector<std::uint32_t>{1, 2, 3, 4}));
  EXPECT_EQ(date_of(*window->view().until).day, 14);
}

// -- the capture changes

TEST_F(WindowTest, TakesNoMoreThanASliceAtATime) {
  WrittenSource many;
  for (int i = 0; i < 30'000; ++i) many.add(Phase::tcp_ack, i * 1000, journeys::Direction::sent);
  const auto slices = std::make_unique<Timeline>(many);
  bool more = true;
  while (more) {
    const std::uint32_t before = many.reads;
    more = slices->advance(TimelineWindow::frames_per_slice);
    EXPECT_LE(many.reads - before, TimelineWindow::frames_per_slice);
  }
  EXPECT_EQ(slices->events().size(), 30'000U);
  // The window reads in no other way while it opens.
  many.reads = 0;
  window = std::make_unique<TimelineWindow>(many, &wireshark);
  EXPECT_EQ(many.reads, 0U) << "nothing is read before the window is there";
  window->show();
  settle();
  EXPECT_EQ(window->timeline().events().size(), 30'000U);
  window.reset();
}

TEST_F(WindowTest, GrowsWithALiveCapture) {
  source.add(Phase::tcp_syn, 0, journeys::Direction::sent);
  open();
  EXPECT_EQ(diary()->rowCount(), 1);
  source.add(Phase::tcp_syn_ack, 9'000'000, journeys::Direction::received);
  source.add(Phase::tcp_handshake_ack, 9'100'000, journeys::Direction::sent);
  window->source_changed();
  settle();
  EXPECT_EQ(window->timeline().events().size(), 3U);
  EXPECT_EQ(diary()->rowCount(), 3);
  // Nobody needs to tell.
  source.add(Phase::tls_client_hello, 9'200'000, journeys::Direction::sent);
  QElapsedTimer clock;
  clock.start();
  while (window->timeline().events().size() < 4 && clock.elapsed() < 5000)
    QApplication::processEvents(QEventLoop::AllEvents, 20);
  EXPECT_EQ(window->timeline().events().size(), 4U);
}

TEST_F(WindowTest, ForgetsWhatIsStaleWhenTheRevisionChanges) {
  open_article();
  window->select_frame(frame_with(Phase::tls_client_hello));
  settle();
  source.frames.clear();
  source.texts.clear();
  source.journey_list.clear();
  source.add(Phase::dns_query, 0, journeys::Direction::sent, 0);
  ++source.revision_number;
  window->source_changed();
  settle();
  ASSERT_EQ(window->timeline().events().size(), 1U);
  EXPECT_EQ(diary()->rowCount(), 1);
  EXPECT_FALSE(calendar()->selected());
  for (const Mark& mark : calendar()->scene().marks)
    EXPECT_TRUE(mark.event == no_event || mark.event == EventIndex{0});
  calendar()->grab();
}

TEST_F(WindowTest, StaysWhereThePersonIsWhenTheSameCaptureReadsOtherwise) {
  open_article();
  window->select_frame(FrameNumber{14});
  View view = window->view();
  view.level = Level::month;
  window->set_view(view);
  const StretchedTime at = window->view().at;
  ++source.revision_number;
  window->source_changed();
  settle();
  EXPECT_EQ(window->view().level, Level::month);
  EXPECT_EQ(window->view().at, at);
  EXPECT_EQ(selected_frame(), 14U);
}

TEST_F(WindowTest, TheSourceMayGoAway) {
  open_article();
  window->select_frame(FrameNumber{7});
  window->set_source(nullptr);
  settle();
  EXPECT_EQ(sentence(), QStringLiteral("Open a capture to see its year."));
  EXPECT_EQ(diary()->rowCount(), 0);
  EXPECT_FALSE(calendar()->selected());
  for (const int key :
       {Qt::Key_Right, Qt::Key_Up, Qt::Key_Plus, Qt::Key_Minus, Qt::Key_Home, Qt::Key_Return, Qt::Key_Escape})
    press(calendar(), key);
  click(calendar(), {300, 300});
  window->grab();
}

// -- choosers

TEST_F(WindowTest, TheJourneyChooserShowsOneJourneyByItsName) {
  for (std::uint32_t journey = 1; journey <= 3; ++journey) {
    const std::int64_t start = journey * 100'000'000;
    source.add(Phase::tcp_syn, start, journeys::Direction::sent, journey);
    source.add(Phase::tcp_syn_ack, start + 9'000'000, journeys::Direction::received, journey);
    source.journey_list.push_back({journey, journeys::Kind::completed, FrameNumber{journey * 2 - 1}, start,
                                   start + 9'000'000, "host-" + std::to_string(journey) + ".example"});
  }
  open();
  auto* chooser = child<QComboBox>("journey_chooser");
  EXPECT_EQ(chooser->currentText(), QStringLiteral("all 3"));
  EXPECT_EQ(chooser->count(), 4);
  EXPECT_EQ(chooser->itemText(2), QStringLiteral("2 · host-2.example"));
  chooser->setEditText(QStringLiteral("HOST-3"));
  Q_EMIT chooser->lineEdit()->editingFinished();
  settle();
  EXPECT_EQ(window->view().journey, 3U);
  EXPECT_EQ(chooser->currentText(), QStringLiteral("3 · host-3.example"));
  EXPECT_EQ(diary()->rowCount(), 2);
  chooser->setEditText(QStringLiteral("no such host"));
  Q_EMIT chooser->lineEdit()->editingFinished();
  settle();
  EXPECT_EQ(window->view().journey, 3U) << "what is unknown is put back";
  chooser->setEditText(QString());
  Q_EMIT chooser->lineEdit()->editingFinished();
  settle();
  EXPECT_EQ(window->view().journey, 0U);
  EXPECT_EQ(diary()->rowCount(), 6);
}

TEST_F(WindowTest, ChoosersSayWhatTheyChoose) {
  open_article();
  auto* label = child<QComboBox>("journey_chooser")->lineEdit()->findChild<QLabel*>();
  ASSERT_NE(label, nullptr);
  EXPECT_EQ(label->text(), QStringLiteral("&Journey"));
  EXPECT_TRUE(label->isVisible());
  EXPECT_GE(label->height(), label->fontMetrics().height());
  const QImage picture = child<QComboBox>("journey_chooser")->grab(QRect(0, 0, 50, 30)).toImage();
  const QColor page = window->palette().color(QPalette::Base);
  int inked = 0;
  for (int x = 8; x < 45; ++x)
    for (int y = 8; y < picture.height() - 8; ++y)
      if (contrast_ratio(picture.pixelColor(x, y), page) > 2) ++inked;
  EXPECT_GT(inked, 20) << "the label is painted";
}

TEST_F(WindowTest, ChoosersSetThePreferences) {
  open_article();
  const auto choose = [&](const char* name, int row) {
    auto* chooser = child<QComboBox>(name);
    chooser->setCurrentIndex(row);
    Q_EMIT chooser->activated(row);
    settle();
  };
  choose("scale_chooser", 1);
  choose("origin_chooser", 1);
  EXPECT_EQ(window->view().scale.seconds_per_year, 2U);
  EXPECT_EQ(window->view().origin, OriginChoice::journey);
  EXPECT_EQ(wireshark.changed, (std::vector<std::string>{"seconds_per_year=2", "origin=journey"}));
  wireshark.set.seconds_per_year = 7;
  window->preferences_changed();
  settle();
  EXPECT_EQ(child<QComboBox>("scale_chooser")->currentText(), QStringLiteral("7 s = 1 year"));
}

TEST_F(WindowTest, SpeaksJapaneseAndEnglishAgain) {
  open_article();
  auto* language = child<QComboBox>("language_chooser");
  language->setCurrentIndex(1);
  Q_EMIT language->activated(1);
  settle();
  EXPECT_EQ(child<QToolButton>("view_calendar")->text(), QStringLiteral("カレンダー(&C)"));
  EXPECT_EQ(child<QCheckBox>("limit_to_filter")->text(), QStringLiteral("表示フィルターで絞る(&F)"));
  EXPECT_EQ(diary()->headerData(DiaryModel::says, Qt::Horizontal, Qt::DisplayRole).toString(),
            QStringLiteral("手紙の中身"));
  EXPECT_EQ(diary()->index(0, DiaryModel::date).data().toString().left(4), QStringLiteral("1月1日"));
  EXPECT_EQ(wireshark.changed.back(), "language=ja");
  language->setCurrentIndex(0);
  Q_EMIT language->activated(0);
  settle();
  EXPECT_EQ(child<QToolButton>("view_calendar")->text(), QStringLiteral("&Calendar"));
}

TEST_F(WindowTest, FramesOfControlsAreSeenInHighContrast) {
  const QPalette before = QApplication::palette();
  QPalette palette(Qt::black, Qt::black);
  for (const auto role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText})
    palette.setColor(role, Qt::white);
  palette.setColor(QPalette::Base, Qt::black);
  palette.setColor(QPalette::Window, Qt::black);
  QApplication::setPalette(palette);
  open_article();
  auto* limit = child<QCheckBox>("limit_to_filter");
  QStyleOptionButton option;
  option.initFrom(limit);
  const QRect box = limit->style()->subElementRect(QStyle::SE_CheckBoxIndicator, &option, limit);
  const QImage image = limit->grab().toImage();
  int bright = 0;
  for (int y = box.top(); y <= box.bottom(); ++y)
    for (int x = box.left(); x <= box.right(); ++x)
      if (image.rect().contains(x, y) && image.pixelColor(x, y).lightness() > 100) ++bright;
  EXPECT_GE(bright, 2 * box.width()) << "the box's frame";
  QApplication::setPalette(before);
  settle();
  EXPECT_EQ(limit->palette().color(QPalette::Window), before.color(QPalette::Window));
}

// -- for everybody

TEST_F(WindowTest, EveryControlHasAName) {
  open_article();
  for (QWidget* widget : window->findChildren<QWidget*>()) {
    if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible() || widget->isWindow()) continue;
    QAccessibleInterface* accessible = QAccessible::queryAccessibleInterface(widget);
    ASSERT_NE(accessible, nullptr);
    EXPECT_FALSE(accessible->text(QAccessible::Name).isEmpty())
        << widget->metaObject()->className() << " " << widget->objectName().toStdString();
  }
}

TEST_F(WindowTest, AScreenReaderWalksThroughTheCalendar) {
  open_article();
  QAccessibleInterface* table = QAccessible::queryAccessibleInterface(calendar());
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->role(), QAccessible::Table);
  EXPECT_TRUE(table->text(QAccessible::Name).startsWith(QStringLiteral("Year 1, ")));
  ASSERT_EQ(table->childCount(), 12);
  QAccessibleInterface* march = table->child(2);
  EXPECT_EQ(march->role(), QAccessible::Row);
  EXPECT_TRUE(march->text(QAccessible::Name).startsWith(QStringLiteral("March, ")));
  ASSERT_GT(march->childCount(), 0);
  bool found = false;
  for (int i = 0; i < march->childCount(); ++i) {
    const QString name = march->child(i)->text(QAccessible::Name);
    EXPECT_FALSE(name.isEmpty());
    found = found || name == QStringLiteral(
                                 "ClientHello, TLS, client to server, sent March 9 19:27, received "
                                 "March 19 10:30, 9 days 15 hours");
    EXPECT_EQ(march->indexOfChild(march->child(i)), i);
  }
  EXPECT_TRUE(found);
}

TEST_F(WindowTest, TheToolbarIsOneLineAt1280InBothLanguages) {
  open_article();
  auto* save = child<QPushButton>("save");
  auto* first = child<QToolButton>("view_calendar");
  for (const Language language : {Language::english, Language::japanese}) {
    View view = window->view();
    view.language = language;
    window->set_view(view);
    for (const ViewKind kind :
         {ViewKind::calendar, ViewKind::letters, ViewKind::diary, ViewKind::compare, ViewKind::connections}) {
      window->show_page(kind);
      settle();
      const int line = first->mapTo(window.get(), first->rect().center()).y();
      EXPECT_NEAR(save->mapTo(window.get(), save->rect().center()).y(), line, 4) << static_cast<int>(kind);
      EXPECT_LE(save->mapTo(window.get(), save->rect().topRight()).x(), window->width());
    }
  }
}

TEST_F(WindowTest, ChoosersHaveRoomForEachOfTheirItems) {
  open_article();
  for (const char* name : {"scale_chooser", "origin_chooser", "align_chooser", "compare_chooser"}) {
    auto* chooser = child<LabelledChooser>(name);
    QStyleOptionComboBox option;
    option.initFrom(chooser);
    option.rect = QRect(QPoint(0, 0), chooser->sizeHint());
    const int room = chooser->style()
                         ->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, chooser)
                         .width();
    const int label = chooser->fontMetrics().horizontalAdvance(chooser->accessibleName());
    for (int i = 0; i < chooser->count(); ++i)
      EXPECT_GT(room, label + chooser->fontMetrics().horizontalAdvance(chooser->itemText(i))) << name;
  }
}

TEST_F(WindowTest, FitsIntoTheLeastWindow) {
  open_article();
  EXPECT_LE(window->minimumSizeHint().width(), 760);
  EXPECT_LE(window->minimumSizeHint().height(), 520);
  window->resize(760, 520);
  settle();
  EXPECT_EQ(window->size(), QSize(760, 520));
  const QRect inside = window->rect();
  for (const QWidget* widget : window->findChildren<QWidget*>()) {
    if (!widget->isVisible() || widget->isWindow()) continue;
    const QRect place(widget->mapTo(window.get(), QPoint(0, 0)), widget->size());
    if (widget->parentWidget() != window.get()) continue;
    EXPECT_TRUE(inside.contains(place)) << widget->objectName().toStdString();
  }
  EXPECT_GE(calendar()->height(), 150);
  // Below the calendar, not beside it.
  EXPECT_GE(child<QWidget>("panel")->mapTo(window.get(), QPoint(0, 0)).y(),
            calendar()->mapTo(window.get(), QPoint(0, 0)).y() + calendar()->height());
  press(window.get(), Qt::Key_F9);
}

TEST_F(WindowTest, DarkPalettesGetDarkPagesAndReadableLanes) {
  open_article();
  QPalette dark = window->palette();
  dark.setColor(QPalette::Base, QColor(0x15, 0x18, 0x1c));
  dark.setColor(QPalette::Window, QColor(0x23, 0x27, 0x2c));
  dark.setColor(QPalette::Text, QColor(0xec, 0xef, 0xf2));
  window->setPalette(dark);
  settle();
  const Theme& theme = calendar()->theme();
  EXPECT_EQ(theme.variant(), Theme::Variant::dark);
  for (std::size_t lane = 0; lane < lane_count; ++lane)
    EXPECT_GE(contrast_ratio(theme.color(static_cast<Ink>(lane)), theme.color(Ink::page)), 4.5);
  const QImage picture = calendar()->grab().toImage();
  EXPECT_LT(picture.pixelColor(picture.width() - 40, picture.height() - 4).lightness(), 128);
}

TEST_F(WindowTest, TheFontMayGrow) {
  open_article();
  const int before = calendar()->theme().font(TextStyle::label).pixelSize();
  QFont larger = window->font();
  larger.setPixelSize(18);
  window->setFont(larger);
  settle();
  EXPECT_GT(calendar()->theme().font(TextStyle::label).pixelSize(), before);
}

}  // namespace
}  // namespace humantime::ui
