// SPDX-License-Identifier: GPL-2.0-or-later
// The page of the dialog on which journeys are compared: chosen, aligned, moved, pointed at, played, read
// aloud.
#include <gtest/gtest.h>

#include <QAccessible>
#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>
#include <QToolButton>
#include <QWheelEvent>
#include <algorithm>

#include "layout/compare_layout.h"
#include "window/compare_view.h"
#include "window/event_card.h"
#include "window/labelled_chooser.h"
#include "window/letters_overview.h"
#include "window/play_control.h"
#include "window/strip_view.h"
#include "window_fixture.h"

namespace humantime::ui {
namespace {

constexpr std::int64_t way = 150'000'000;

class CompareWindowTest : public WindowTest {
 protected:
  /// A client's capture of fetches one after another.
  void write(const std::string& handshake, bool keys, std::uint8_t round_trips) {
    ++journey_;
    now_ += 4 * way;
    source.journey_list.push_back({journey_, journeys::Kind::completed, next_frame(), now_, now_,
                                   "www.example.jp", handshake, round_trips});
    exchange(Phase::tcp_syn, Phase::tcp_syn_ack);
    exchange(Phase::tls_client_hello, Phase::tls_server_hello);
    if (keys) exchange(Phase::tls_client_key_exchange, Phase::tls_finished);
    exchange(Phase::http_request, Phase::http_response_start);
  }
  void open_compare() {
    write("tls12_full", true, 2);
    write("tls12_ticket", false, 1);
    write("tls13_full", false, 1);
    open();
    child<QToolButton>("view_compare")->click();
    settle();
  }
  CompareView* compare() const { return child<CompareView>("compare"); }
  const Comparison& comparison() const { return compare()->comparison(); }
  /// The ask of a row's trip.
  EventIndex ask(std::size_t row, std::size_t trip) const {
    return comparison().rows.at(row).trips.at(trip).ask;
  }
  bool says(const std::string& text) const {
    const auto& labels = compare()->scene().labels;
    return std::any_of(labels.begin(), labels.end(),
                       [&](const Label& label) { return label.text.find(text) != std::string::npos; });
  }
  QPointF on_line(EventIndex event) const {
    for (const Line& line : compare()->scene().lines)
      if (line.event == event)
        return {line.from.x + (line.to.x - line.from.x) * 0.4, line.from.y + (line.to.y - line.from.y) * 0.4};
    ADD_FAILURE() << "no such line";
    return {};
  }
  void choose(const char* chooser, int row) const {
    auto* box = child<LabelledChooser>(chooser);
    box->setCurrentIndex(row);
    Q_EMIT box->activated(row);
    settle();
  }

 private:
  FrameNumber next_frame() const { return FrameNumber{static_cast<std::uint32_t>(source.frames.size() + 1)}; }
  void exchange(Phase asks, Phase answers) {
    source.add(asks, now_, journeys::Direction::sent, journey_);
    now_ += 2 * way;
    source.add(answers, now_, journeys::Direction::received, journey_);
    source.journey_list.back().last_ns = now_;
  }
  std::int64_t now_ = 1'466'856'000'000'000'000;
  std::uint32_t journey_ = 0;
};

TEST_F(CompareWindowTest, IsAPageOfItsOwn) {
  open_compare();
  EXPECT_EQ(window->kind(), ViewKind::compare);
  EXPECT_TRUE(compare()->isVisible());
  EXPECT_FALSE(child<StripView>("strip")->isVisible()) << "its dates are none of the capture's";
  EXPECT_FALSE(child<LettersOverview>("letters_overview")->isVisible());
  EXPECT_FALSE(child<QWidget>("panel")->isVisible());
  EXPECT_TRUE(child<QWidget>("align_chooser")->isVisible());
  EXPECT_FALSE(child<QWidget>("origin_chooser")->isVisible());
  EXPECT_EQ(window->export_job().kind, ViewKind::compare);
  EXPECT_EQ(comparison().rows.size(), 3U);
  EXPECT_TRUE(says("2 round trips, 600.0 ms"));
  EXPECT_TRUE(says("1 round trip less"));
  child<QToolButton>("view_calendar")->click();
  settle();
  EXPECT_TRUE(child<StripView>("strip")->isVisible());
  EXPECT_TRUE(child<QWidget>("origin_chooser")->isVisible());
  EXPECT_FALSE(child<QWidget>("align_chooser")->isVisible());
  window->activateWindow();
  settle();
  QTest::keyClick(window.get(), Qt::Key_4);
  settle();
  EXPECT_EQ(window->kind(), ViewKind::compare);
}

TEST_F(CompareWindowTest, IsNotMadeWhileItIsHiddenAndNotTwice) {
  open_article();
  EXPECT_EQ(compare()->layouts(), 0U);
  child<QToolButton>("view_compare")->click();
  settle();
  const std::size_t layouts = compare()->layouts();
  EXPECT_GT(layouts, 0U);
  source.reads = 0;
  View view = window->view();
  view.compare.window = TimeWindow{0, 40 * seconds_per_day};
  window->set_view(view);
  settle();
  EXPECT_GT(compare()->layouts(), layouts);
  EXPECT_LT(source.reads, 40U) << "another window needs no other comparison";
}

TEST_F(CompareWindowTest, IsAlignedByChoice) {
  open_compare();
  EXPECT_EQ(comparison().align, Alignment::client_hello);
  choose("align_chooser", 2);
  EXPECT_EQ(comparison().align, Alignment::connection);
  EXPECT_EQ(comparison().rows[0].round_trips, 3U);
  EXPECT_TRUE(says("the connection's first packet"));
  choose("align_chooser", 0);
  EXPECT_EQ(comparison().align, Alignment::client_hello);
}

TEST_F(CompareWindowTest, ShowsMeansOfHandshakes) {
  write("tls13_full", false, 1);
  open_compare();
  choose("compare_chooser", 2);
  ASSERT_EQ(comparison().rows.size(), 3U);
  EXPECT_TRUE(comparison().rows[2].is_mean());
  EXPECT_TRUE(says("mean of 2 journeys"));
  choose("compare_chooser", 1);
  EXPECT_EQ(comparison().rows.size(), 4U);
}

TEST_F(CompareWindowTest, AClickOnALineSelectsItsFrameEverywhere) {
  open_compare();
  QSignalSpy told(window.get(), &TimelineWindow::frame_selected);
  const EventIndex hello = ask(1, 0);
  click(compare(), on_line(hello));
  EXPECT_EQ(compare()->selected(), hello);
  EXPECT_EQ(calendar()->selected(), hello) << "there is one selection";
  const std::uint32_t frame = to_number(window->timeline().at(hello).frame);
  ASSERT_EQ(told.count(), 1);
  EXPECT_EQ(told[0][0].toUInt(), frame);
  click(compare(), on_line(hello), QEvent::MouseButtonDblClick);
  EXPECT_EQ(wireshark.went_to, std::vector<std::uint32_t>{frame});
  // And the other way round.
  window->select_frame(window->timeline().at(ask(2, 0)).frame);
  settle();
  EXPECT_EQ(compare()->selected(), ask(2, 0));
}

TEST_F(CompareWindowTest, ThePointerOverALineShowsItsCard) {
  open_compare();
  const EventIndex hello = ask(0, 0);
  const QPointF at = on_line(hello);
  QMouseEvent move(QEvent::MouseMove, at, compare()->mapToGlobal(at.toPoint()), Qt::NoButton, Qt::NoButton,
                   Qt::NoModifier);
  QApplication::sendEvent(compare(), &move);
  settle();
  EXPECT_EQ(compare()->hovered(), hello);
  EXPECT_EQ(compare()->hover_card().card().name, QStringLiteral("ClientHello"));
}

TEST_F(CompareWindowTest, KeysGoFromMarkToMarkAndFromRowToRow) {
  open_compare();
  press(compare(), Qt::Key_Right);
  ASSERT_EQ(compare()->selected(), ask(0, 0)) << "the first";
  press(compare(), Qt::Key_Right);
  const auto second = compare()->selected();
  ASSERT_TRUE(second);
  EXPECT_NE(second, ask(0, 0));
  EXPECT_EQ(window->timeline().at(*second).journey, 1U);
  press(compare(), Qt::Key_Left);
  EXPECT_EQ(compare()->selected(), ask(0, 0));
  press(compare(), Qt::Key_Left);
  EXPECT_EQ(compare()->selected(), ask(0, 0)) << "nothing is before it";
  press(compare(), Qt::Key_Down);
  EXPECT_EQ(compare()->selected(), ask(1, 0));
  press(compare(), Qt::Key_Down);
  press(compare(), Qt::Key_Down);
  EXPECT_EQ(compare()->selected(), ask(2, 0));
  press(compare(), Qt::Key_Up);
  EXPECT_EQ(compare()->selected(), ask(1, 0));
  press(compare(), Qt::Key_Return);
  EXPECT_EQ(wireshark.went_to.size(), 1U);
}

TEST_F(CompareWindowTest, IsZoomedAboutThePointerAndGoesBack) {
  open_compare();
  const TimeWindow whole = compare()->shown_window();
  const QPointF at(700, 300);
  const auto time = [&] {
    return compare_time_at(comparison(), compare()->view(), compare()->width(), compare()->height(),
                           {at.x(), at.y()});
  };
  const auto before = time();
  ASSERT_TRUE(before);
  QWheelEvent wheel(at, compare()->mapToGlobal(at.toPoint()), {}, {0, 120}, Qt::NoButton, Qt::NoModifier,
                    Qt::NoScrollPhase, false);
  QApplication::sendEvent(compare(), &wheel);
  settle();
  EXPECT_NEAR(static_cast<double>(compare()->shown_window().seconds),
              static_cast<double>(whole.seconds) * 0.75, 2);
  ASSERT_TRUE(time());
  EXPECT_NEAR(static_cast<double>(time()->seconds), static_cast<double>(before->seconds), 2);
  press(compare(), Qt::Key_PageDown);
  EXPECT_GT(compare()->shown_window().begin, 0);
  press(compare(), Qt::Key_Escape);
  EXPECT_EQ(compare()->shown_window(), whole) << "back";
  child<QToolButton>("zoom_in")->click();
  settle();
  EXPECT_LT(compare()->shown_window().seconds, whole.seconds);
  press(compare(), Qt::Key_Home);
  EXPECT_EQ(compare()->shown_window(), whole);
}

TEST_F(CompareWindowTest, TheYearIsPlayedFromTheClientHello) {
  open_compare();
  PlayControl* play = window->findChild<PlayControl*>();
  const std::size_t marks = compare()->scene().marks.size();
  play->go_to(time_of({1, 3, 1, 0, 0, 0, 0}));
  settle();
  EXPECT_LT(compare()->scene().marks.size(), marks);
  EXPECT_GT(compare()->scene().marks.size(), 0U);
  EXPECT_FALSE(says("hears on Aug 8, 00:00"));
  // The next thing that happens in any row: the first answers come.
  Q_EMIT play->next_wanted();
  settle();
  ASSERT_TRUE(play->now());
  EXPECT_EQ(date_of(*play->now()).month, 4);
  EXPECT_EQ(date_of(*play->now()).day, 20);
  child<QToolButton>("view_calendar")->click();
  settle();
  EXPECT_FALSE(window->view().until) << "these are other dates";
}

TEST_F(CompareWindowTest, JourneysAreLeftOut) {
  open_compare();
  window->select_frame(window->timeline().at(ask(1, 0)).frame);
  settle();
  bool asked = false;
  const auto pick = [&](const QString& wanted) {
    QTimer::singleShot(0, window.get(), [&, wanted] {
      auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
      ASSERT_NE(menu, nullptr);
      for (QAction* action : menu->actions())
        if (action->text().remove(QLatin1Char('&')) == wanted) {
          asked = true;
          action->trigger();
        }
      menu->close();
    });
    Q_EMIT compare()->menu_wanted(compare()->selected(), std::nullopt, QPoint(100, 100));
    settle();
  };
  pick(QStringLiteral("Leave Out This Journey"));
  ASSERT_TRUE(asked);
  ASSERT_EQ(comparison().rows.size(), 2U);
  EXPECT_EQ(comparison().rows[1].journeys.front(), 3U);
  pick(QStringLiteral("Compare All Journeys"));
  EXPECT_EQ(comparison().rows.size(), 3U);
}

TEST_F(CompareWindowTest, LimitsToTheDisplayFilter) {
  open_compare();
  source.filtered.assign(source.frames.size(), true);
  source.filtered[to_number(window->timeline().at(ask(2, 0)).frame) - 1] = false;
  window->filter_changed();
  settle();
  EXPECT_EQ(comparison().rows.size(), 3U);
  View view = window->view();
  view.limit_to_filter = true;
  window->set_view(view);
  settle();
  ASSERT_EQ(comparison().rows.size(), 1U);
  EXPECT_EQ(comparison().rows[0].journeys.front(), 3U);
}

TEST_F(CompareWindowTest, ManyRowsAreScrolled) {
  for (int i = 0; i < 12; ++i) write("tls13_full", false, 1);
  open_compare();
  choose("compare_chooser", 1);
  auto* bar = compare()->findChild<QScrollBar*>();
  ASSERT_NE(bar, nullptr);
  EXPECT_TRUE(bar->isVisible());
  EXPECT_GT(bar->maximum(), 0);
  bar->setValue(bar->maximum());
  settle();
  // What is clicked is where it is seen.
  const EventIndex last = ask(14, 0);
  click(compare(), on_line(last) - QPointF(0, bar->value()));
  EXPECT_EQ(compare()->selected(), last);
}

TEST_F(CompareWindowTest, AScreenReaderWalksFromRowToRow) {
  open_compare();
  QAccessibleInterface* table = QAccessible::queryAccessibleInterface(compare());
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->role(), QAccessible::Table);
  EXPECT_EQ(table->text(QAccessible::Name),
            QStringLiteral("Compare, 3 rows, January 1st is the ClientHello"));
  ASSERT_EQ(table->childCount(), 3);
  const QString ticket = table->child(1)->text(QAccessible::Name);
  EXPECT_EQ(ticket,
            QStringLiteral(
                "TLS 1.2 resumed by ticket, www.example.jp, 1 round trip, asks on Apr 20, 12:00, hears on "
                "Aug 8, 00:00, 1 round trip less, 300.0 ms, 109 d 12 h earlier"));
  EXPECT_GT(table->child(1)->childCount(), 2);
  EXPECT_TRUE(
      table->child(1)->child(0)->text(QAccessible::Name).startsWith(QStringLiteral("ClientHello, TLS")));
}

TEST_F(CompareWindowTest, SpeaksJapanese) {
  open_compare();
  View view = window->view();
  view.language = Language::japanese;
  window->set_view(view);
  settle();
  EXPECT_EQ(child<QToolButton>("view_compare")->text(), QStringLiteral("比較(&M)"));
  EXPECT_TRUE(says("フルハンドシェイク"));
  view.language = Language::english;
  window->set_view(view);
  settle();
}

TEST_F(CompareWindowTest, SaysThatNoCaptureIsOpen) {
  source.file.clear();
  open();
  child<QToolButton>("view_compare")->click();
  settle();
  EXPECT_TRUE(child<QFrame>("no_compare")->isVisible());
}

}  // namespace
}  // namespace humantime::ui
