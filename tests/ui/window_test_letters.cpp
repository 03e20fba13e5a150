// SPDX-License-Identifier: GPL-2.0-or-later
// The letters' page of the dialog: chosen, moved, zoomed, pointed at, played, read aloud.
#include <gtest/gtest.h>

#include <QAccessible>
#include <QLabel>
#include <QScreen>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>
#include <algorithm>

#include "layout/letters_frame.h"
#include "window/event_card.h"
#include "window/event_steps.h"
#include "window/letters_overview.h"
#include "window/letters_view.h"
#include "window/play_control.h"
#include "window/stage_totals.h"
#include "window/strip_view.h"
#include "window_fixture.h"

namespace humantime::ui {
namespace {

class LettersWindowTest : public WindowTest {
 protected:
  void open_letters() {
    open_article();
    press_shortcut(Qt::Key_2);
  }
  /// Shortcuts are asked for before a key is sent to who has the focus.
  void press_shortcut(int key) const {
    child<QToolButton>(key == Qt::Key_1   ? "view_calendar"
                       : key == Qt::Key_2 ? "view_letters"
                                          : "view_diary")
        ->click();
    settle();
  }
  LettersView* letters() const { return child<LettersView>("letters"); }
  TimeWindow shown() const { return window_of(window->timeline(), window->view()); }
  EventIndex event_of(Phase phase) const { return *window->timeline().find(frame_with(phase)); }
  const Line* line_of(EventIndex event) const {
    const auto& lines = letters()->scene().lines;
    const auto found =
        std::find_if(lines.begin(), lines.end(), [&](const Line& line) { return line.event == event; });
    return found == lines.end() ? nullptr : &*found;
  }
  void wheel(QPointF at, int angle) const {
    QWheelEvent event(at, letters()->mapToGlobal(at.toPoint()), {}, {0, angle}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(letters(), &event);
    settle();
  }
};

TEST_F(LettersWindowTest, AreAPageOfTheirOwn) {
  open_article();
  EXPECT_EQ(window->kind(), ViewKind::calendar);
  EXPECT_FALSE(letters()->isVisible());
  press_shortcut(Qt::Key_2);
  EXPECT_EQ(window->kind(), ViewKind::letters);
  EXPECT_TRUE(letters()->isVisible());
  EXPECT_TRUE(child<LettersOverview>("letters_overview")->isVisible());
  EXPECT_FALSE(child<StripView>("strip")->isVisible());
  EXPECT_FALSE(child<QWidget>("panel")->isVisible()) << "the letters have the whole width";
  EXPECT_TRUE(child<QToolButton>("view_letters")->isChecked());
  EXPECT_EQ(window->export_job().kind, ViewKind::letters);
  press_shortcut(Qt::Key_3);
  EXPECT_EQ(window->kind(), ViewKind::diary);
  press_shortcut(Qt::Key_1);
  EXPECT_TRUE(calendar()->isVisible());
  EXPECT_TRUE(child<StripView>("strip")->isVisible());
  EXPECT_TRUE(child<QWidget>("panel")->isVisible());
}

TEST_F(LettersWindowTest, KeysChooseThePage) {
  open_article();
  window->activateWindow();
  settle();
  for (const auto& [key, kind] :
       {std::pair(Qt::Key_2, ViewKind::letters), std::pair(Qt::Key_3, ViewKind::diary),
        std::pair(Qt::Key_1, ViewKind::calendar)}) {
    QTest::keyClick(window.get(), key);
    settle();
    EXPECT_EQ(window->kind(), kind);
  }
}

TEST_F(LettersWindowTest, AreNotLaidOutWhileTheyAreHidden) {
  open_article();
  EXPECT_EQ(letters()->layouts(), 0U);
  press_shortcut(Qt::Key_2);
  EXPECT_GT(letters()->layouts(), 0U);
  const std::size_t before = calendar()->layouts();
  wheel({600, 300}, 120);
  EXPECT_EQ(calendar()->layouts(), before);
}

TEST_F(LettersWindowTest, AClickOnALineSelectsItsFrameEverywhere) {
  open_letters();
  QSignalSpy told(window.get(), &TimelineWindow::frame_selected);
  const EventIndex hello = event_of(Phase::tls_client_hello);
  const Line* line = line_of(hello);
  ASSERT_NE(line, nullptr);
  // Not in the middle, where its length is written.
  const QPointF on_line(line->from.x + (line->to.x - line->from.x) * 0.4,
                        line->from.y + (line->to.y - line->from.y) * 0.4);
  click(letters(), on_line);
  EXPECT_EQ(letters()->selected(), hello);
  EXPECT_EQ(calendar()->selected(), hello) << "there is one selection";
  ASSERT_EQ(told.count(), 1);
  EXPECT_EQ(told[0][0].toUInt(), to_number(frame_with(Phase::tls_client_hello)));
  click(letters(), on_line, QEvent::MouseButtonDblClick);
  EXPECT_EQ(wireshark.went_to, std::vector<std::uint32_t>{to_number(frame_with(Phase::tls_client_hello))});
}

TEST_F(LettersWindowTest, ThePointerOverALineShowsItsCard) {
  open_letters();
  const EventIndex syn = event_of(Phase::tcp_syn);
  const Line* line = line_of(syn);
  ASSERT_NE(line, nullptr);
  const QPointF at(line->from.x + (line->to.x - line->from.x) * 0.4,
                   line->from.y + (line->to.y - line->from.y) * 0.4);
  QMouseEvent move(QEvent::MouseMove, at, letters()->mapToGlobal(at.toPoint()), Qt::NoButton, Qt::NoButton,
                   Qt::NoModifier);
  QApplication::sendEvent(letters(), &move);
  settle();
  EXPECT_EQ(letters()->hovered(), syn);
  EXPECT_EQ(letters()->hover_card().card().name, QStringLiteral("SYN"));
}

TEST_F(LettersWindowTest, TheWheelZoomsAboutThePointer) {
  open_letters();
  const auto time = time_of({1, 3, 9, 19, 27, 0, 0});
  const auto place = [&] {
    return letters_point_of(window->timeline(), window->view(), letters()->width(), letters()->height(), time,
                            Rail::client);
  };
  const auto before = place();
  ASSERT_TRUE(before);
  const TimeWindow wide = shown();
  wheel({before->x, before->y + 50}, 120);
  EXPECT_NEAR(static_cast<double>(shown().seconds), static_cast<double>(wide.seconds) * 0.75, 2);
  ASSERT_TRUE(place());
  EXPECT_NEAR(place()->x, before->x, 0.5);
  wheel({before->x, before->y + 50}, -120);
  EXPECT_NEAR(static_cast<double>(shown().seconds), static_cast<double>(wide.seconds), 4);
}

TEST_F(LettersWindowTest, FollowTheHand) {
  open_letters();
  const TimeWindow before = shown();
  const auto send = [&](QEvent::Type type, QPointF at, Qt::MouseButton button) {
    QMouseEvent event(type, at, letters()->mapToGlobal(at.toPoint()), button, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(letters(), &event);
  };
  // Where there is neither a letter nor a name.
  send(QEvent::MouseButtonPress, {40, 40}, Qt::LeftButton);
  send(QEvent::MouseMove, {140, 40}, Qt::NoButton);
  settle();
  const double day_width =
      letters_frame(window->timeline(), window->view(), letters()->width(), letters()->height()).day_width();
  EXPECT_NEAR(static_cast<double>(before.begin - shown().begin) / seconds_per_day, 100 / day_width, 0.01);
  EXPECT_EQ(shown().seconds, before.seconds);
}

TEST_F(LettersWindowTest, KeysGoThroughLettersAndBack) {
  open_letters();
  const TimeWindow whole = shown();
  std::vector<std::int64_t> times;
  for (int i = 0; i < 20; ++i) {
    press(letters(), Qt::Key_Right);
    ASSERT_TRUE(letters()->selected());
    times.push_back(window->timeline().at(*letters()->selected()).time_ns);
    // What is selected is in sight.
    const auto origin = *source.origin_ns();
    EXPECT_TRUE(holds(shown(), stretch(Nanoseconds{times.back() - origin}, {})));
  }
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
  press(letters(), Qt::Key_Plus);
  EXPECT_LT(shown().seconds, whole.seconds);
  press(letters(), Qt::Key_PageDown);
  press(letters(), Qt::Key_Home);
  EXPECT_EQ(shown(), whole);
  press(letters(), Qt::Key_Minus);
  EXPECT_GT(shown().seconds, whole.seconds);
  press(letters(), Qt::Key_Escape);
  EXPECT_EQ(shown(), whole) << "back";
  EXPECT_TRUE(letters()->selected());
  press(letters(), Qt::Key_Escape);
  EXPECT_FALSE(letters()->selected()) << "then clear";
}

TEST_F(LettersWindowTest, UpAndDownGoFromEndToEnd) {
  open_letters();
  window->select_frame(frame_with(Phase::tls_client_hello));
  settle();
  const auto end = [&] { return window->timeline().at(*letters()->selected()).end; };
  ASSERT_EQ(end(), End::client);
  press(letters(), Qt::Key_Down);
  EXPECT_EQ(end(), End::server);
  press(letters(), Qt::Key_Up);
  EXPECT_EQ(end(), End::client);
}

TEST_F(LettersWindowTest, GoWhereThePacketListIs) {
  open_letters();
  const FrameNumber last{static_cast<std::uint32_t>(source.frames.size())};
  EXPECT_FALSE(holds(shown(), time_of({1, 11, 30, 21, 26, 0, 0})));
  window->select_frame(last);
  settle();
  EXPECT_TRUE(holds(shown(), time_of({1, 11, 30, 21, 26, 0, 0})));
  // The calendar's page goes along: coming back the event is in sight.
  press_shortcut(Qt::Key_1);
  EXPECT_NE(mark_of(calendar()->scene(), *calendar()->selected()), nullptr);
}

TEST_F(LettersWindowTest, ShowTheDayThatTheCalendarShowed) {
  open_article();
  View view = window->view();
  view.level = Level::day;
  view.at = time_of({1, 3, 9, 19, 0, 0, 0});
  window->set_view(view);
  press_shortcut(Qt::Key_2);
  EXPECT_EQ(shown(), (TimeWindow{time_of({1, 3, 9, 0, 0, 0, 0}).seconds, seconds_per_day}));
  View other = window->view();
  other.window = TimeWindow{time_of({1, 4, 1, 0, 0, 0, 0}).seconds, seconds_per_day};
  window->set_view(other);
  press_shortcut(Qt::Key_1);
  EXPECT_EQ(date_of(window->view().at).month, 4);
  EXPECT_EQ(date_of(window->view().at).day, 1);
}

TEST_F(LettersWindowTest, TheOverviewMovesTheWindow) {
  open_letters();
  auto* overview = child<LettersOverview>("letters_overview");
  const TimeWindow before = shown();
  click(overview, {overview->width() * 0.9, overview->height() * 0.5});
  EXPECT_EQ(shown().seconds, before.seconds);
  EXPECT_EQ(date_of({shown().begin + shown().seconds / 2, 0}).month, 11);
  press(overview, Qt::Key_Left);
  press(overview, Qt::Key_Left);
  EXPECT_EQ(date_of({shown().begin + shown().seconds / 2, 0}).month, 10);
  child<QToolButton>("zoom_in")->click();
  settle();
  EXPECT_LT(shown().seconds, before.seconds);
}

TEST_F(LettersWindowTest, TravelWhileTheYearIsPlayed) {
  open_letters();
  PlayControl* play = window->findChild<PlayControl*>();
  const Line* hello = line_of(event_of(Phase::tls_client_hello));
  ASSERT_NE(hello, nullptr);
  const double end = hello->to.x;
  play->go_to(time_of({1, 3, 14, 0, 0, 0, 0}));
  settle();
  hello = line_of(event_of(Phase::tls_client_hello));
  ASSERT_NE(hello, nullptr);
  EXPECT_LT(hello->to.x, end - 10);
  EXPECT_EQ(line_of(event_of(Phase::http_request)), nullptr);
  // The page turns when the date leaves it.
  play->go_to(time_of({1, 9, 1, 0, 0, 0, 0}));
  settle();
  EXPECT_TRUE(holds(shown(), time_of({1, 9, 1, 0, 0, 0, 0})));
  play->stop();
  settle();
  EXPECT_FALSE(window->view().until);
}

TEST_F(LettersWindowTest, AScreenReaderWalksFromEndToEnd) {
  open_letters();
  QAccessibleInterface* table = QAccessible::queryAccessibleInterface(letters());
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->role(), QAccessible::Table);
  const QString page = table->text(QAccessible::Name);
  EXPECT_TRUE(page.startsWith(QStringLiteral("Letters, "))) << page.toStdString();
  EXPECT_TRUE(page.contains(QStringLiteral("round trip 2, TLS hellos, 22 days 2 hours")))
      << page.toStdString();
  ASSERT_EQ(table->childCount(), 2);
  EXPECT_TRUE(table->child(0)->text(QAccessible::Name).startsWith(QStringLiteral("Client, ")));
  EXPECT_TRUE(table->child(1)->text(QAccessible::Name).startsWith(QStringLiteral("Server, ")));
  QAccessibleInterface* client = table->child(0);
  bool found = false;
  for (int i = 0; i < client->childCount(); ++i)
    found = found || client->child(i)->text(QAccessible::Name) ==
                         QStringLiteral(
                             "ClientHello, TLS, client to server, sent March 9 19:27, received "
                             "March 19 10:30, 9 days 15 hours");
  EXPECT_TRUE(found);
}

TEST_F(LettersWindowTest, SpeakJapanese) {
  open_letters();
  View view = window->view();
  view.language = Language::japanese;
  window->set_view(view);
  settle();
  EXPECT_EQ(child<QToolButton>("view_letters")->text(), QStringLiteral("手紙(&L)"));
  const auto& labels = letters()->scene().labels;
  EXPECT_TRUE(std::any_of(labels.begin(), labels.end(),
                          [](const Label& label) { return label.text == "クライアント"; }));
  view.language = Language::english;
  window->set_view(view);
  settle();
}

TEST_F(LettersWindowTest, SayThatNoCaptureIsOpen) {
  source.file.clear();
  open();
  press_shortcut(Qt::Key_2);
  EXPECT_TRUE(child<QFrame>("no_letters")->isVisible());
}

TEST_F(LettersWindowTest, TheStagesSayWhatWasDistance) {
  open_article();
  auto* totals = child<StageTotalsPanel>("stage_totals");
  EXPECT_FALSE(totals->accessibleDescription().contains(QStringLiteral("distance")));
  View view = window->view();
  view.light_ns = 5'889'000;
  window->set_view(view);
  settle();
  EXPECT_TRUE(
      totals->accessibleDescription().contains(QStringLiteral("distance, 8 ways: 17 d 4 h, 47.112 ms")))
      << totals->accessibleDescription().toStdString();
  EXPECT_TRUE(totals->accessibleDescription().contains(QStringLiteral("all the rest: 316 d 16 h")));
}

}  // namespace
}  // namespace humantime::ui
