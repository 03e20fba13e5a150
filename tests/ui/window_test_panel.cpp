// SPDX-License-Identifier: GPL-2.0-or-later
// What stands in the panel below the card: at a month its days, at a day its place in the journey, beside the
// diary the event's; and what a person does with the map.
#include <QAccessible>
#include <QHelpEvent>
#include <QLabel>
#include <QToolTip>

#include "layout/page.h"
#include "window/diary_view.h"
#include "window/event_card.h"
#include "window/journey_map_view.h"
#include "window/stage_totals.h"
#include "window_fixture.h"

namespace humantime::ui {
namespace {

class PanelTest : public WindowTest {
 protected:
  StageTotalsPanel* totals() const { return static_cast<StageTotalsPanel*>(child<QFrame>("stage_totals")); }
  JourneyMapView* map() const { return static_cast<JourneyMapView*>(child<QWidget>("journey_map")); }
  void show_level(Level level, int month, int day) {
    View view = window->view();
    view.level = level;
    view.at = time_of({1, month, day, 0, 0, 0, 0});
    window->set_view(view);
    settle();
  }
  /// So many journeys of a question and its answer, one after the other.
  void write_journeys(std::uint32_t count, std::int64_t apart_ns) {
    constexpr std::int64_t ms = 1'000'000;
    for (std::uint32_t n = 1; n <= count; ++n) {
      source.add(Phase::tcp_syn, n * apart_ns, journeys::Direction::sent, n);
      source.add(Phase::tcp_syn_ack, n * apart_ns + 20 * ms, journeys::Direction::received, n);
      source.journey_list.push_back({n, journeys::Kind::completed, FrameNumber{2 * n - 1}, n * apart_ns,
                                     n * apart_ns + 20 * ms, "www.example.jp"});
    }
  }
};

TEST_F(PanelTest, TellsWhereTheVisibleMonthWent) {
  open_article();
  EXPECT_EQ(totals()->title(), QStringLiteral("Where the days go"));
  show_level(Level::month, 3, 5);
  ASSERT_TRUE(totals()->isVisible());
  EXPECT_FALSE(map()->isVisible());
  EXPECT_EQ(totals()->title(), QStringLiteral("Where March went"));
  EXPECT_TRUE(totals()->spoken().join(QLatin1Char('\n')).contains(QStringLiteral("with the server")));
  show_level(Level::month, 1, 5);
  EXPECT_EQ(totals()->title(), QStringLiteral("Where January went"));
  EXPECT_TRUE(totals()->spoken().join(QLatin1Char('\n')).contains(QStringLiteral("cannot be told apart")))
      << "name servers were not captured";
  show_level(Level::year, 1, 5);
  EXPECT_EQ(totals()->title(), QStringLiteral("Where the days go"));
}

TEST_F(PanelTest, MarksTheDayInItsJourney) {
  open_article();
  for (const Level level : {Level::day, Level::hour, Level::minute}) {
    show_level(level, 3, 9);
    ASSERT_TRUE(map()->isVisible());
    EXPECT_FALSE(totals()->isVisible());
    EXPECT_TRUE(map()->page_name().startsWith(QStringLiteral("Where March 9")));
    EXPECT_EQ(map()->accessibleName(), map()->page_name());
    EXPECT_FALSE(map()->scene().hits.empty());
  }
}

TEST_F(PanelTest, AClickOnTheMapTakesTheLetterOrGoesThere) {
  open_article();
  show_level(Level::day, 3, 9);
  const Scene& scene = map()->scene();
  const Mark* syn = nullptr;
  for (const Mark& mark : scene.marks)
    if (mark.event != no_event && window->timeline().at(mark.event).phase == Phase::tcp_syn) syn = &mark;
  ASSERT_NE(syn, nullptr);
  const FrameNumber wanted = window->timeline().at(syn->event).frame;
  click(map(), QPointF(syn->at.x, syn->at.y));
  EXPECT_EQ(selected_frame(), to_number(wanted));
  // Beside all letters: the page goes to that date, and stays as fine as it was.
  std::optional<QPointF> bare;
  for (double x = 20; x < map()->width() - 20 && !bare; x += 3)
    if (!event_near(map()->scene(), {x, map()->height() / 2.0}, 12)) bare = QPointF(x, map()->height() / 2.0);
  ASSERT_TRUE(bare);
  const StretchedTime before = window->view().at;
  click(map(), *bare);
  EXPECT_FALSE(window->view().at == before);
  EXPECT_EQ(window->view().level, Level::day);
}

TEST_F(PanelTest, TheMapIsReachedAndReadByKeys) {
  open_article();
  show_level(Level::day, 3, 9);
  map()->setFocus();
  press(map(), Qt::Key_Right);
  const std::uint32_t first = selected_frame();
  ASSERT_NE(first, 0U);
  press(map(), Qt::Key_Right);
  EXPECT_NE(selected_frame(), first);
  press(map(), Qt::Key_Left);
  EXPECT_EQ(selected_frame(), first);
  press(map(), Qt::Key_Return);
  EXPECT_EQ(wireshark.went_to.back(), first);
  QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(map());
  ASSERT_NE(spoken, nullptr);
  EXPECT_EQ(spoken->text(QAccessible::Name), map()->page_name());
  ASSERT_GE(spoken->childCount(), 2) << "the client's rail and the server's";
  EXPECT_TRUE(spoken->child(0)->text(QAccessible::Name).startsWith(QStringLiteral("Client")));
}

TEST_F(PanelTest, BesideTheDiaryTheSelectedEventIsMarked) {
  open_article();
  window->show_page(ViewKind::diary);
  window->select_frame(frame_with(Phase::tls_client_hello));
  settle();
  ASSERT_TRUE(map()->isVisible());
  EXPECT_EQ(map()->page_name(), QStringLiteral("ClientHello in its journey"));
  ASSERT_TRUE(map()->map().place);
  EXPECT_EQ(map()->map().place->begin_ns,
            window->timeline().at(*window->timeline().find(frame_with(Phase::tls_client_hello))).time_ns);
  // No dead room below: the map takes what is left.
  const QWidget* panel = child<QWidget>("panel");
  EXPECT_GE(map()->geometry().bottom(), panel->height() - 2);
}

TEST_F(PanelTest, OfSeveralJourneysTheSelectedOnesOrAll) {
  write_journeys(5, 10'000'000);
  open();
  show_level(Level::month, 1, 5);
  ASSERT_TRUE(totals()->isVisible());
  EXPECT_TRUE(totals()->spoken().last().startsWith(QStringLiteral("Days of 5 journeys")));
  show_level(Level::day, 1, 9);
  EXPECT_FALSE(map()->isVisible()) << "nothing tells whose map it would be";
  EXPECT_TRUE(totals()->isVisible());
  window->select_frame(FrameNumber{3});
  settle();
  show_level(Level::day, 1, 9);
  ASSERT_TRUE(map()->isVisible());
  EXPECT_EQ(map()->map().journey, 2U);
  for (const Hit& hit : map()->scene().hits)
    EXPECT_EQ(window->timeline().at(hit.event).journey, 2U) << "others' letters are not on it";
}

TEST_F(PanelTest, ManyJourneysCostNoMoreThanTheOneThatIsShown) {
  write_journeys(20'000, 1'000'000);
  open();
  window->select_frame(FrameNumber{1001});
  show_level(Level::day, 7, 1);
  const std::uint32_t before = source.reads;
  show_level(Level::day, 7, 2);
  EXPECT_LT(source.reads - before, 2000U) << "frames are asked for by what is seen of them";
}

TEST_F(PanelTest, WhatIsCutIsToldWhole) {
  write_article(TEST_DATA "/article-timeline.tsv", source);
  const std::string name(120, 'w');
  for (EventText& text : source.texts) text.detail = "GET /<b>" + name + " www.example.jp";
  open();
  window->resize(1000, 640);
  window->show_page(ViewKind::diary);
  window->select_frame(FrameNumber{5});
  settle();
  const auto tip_at = [&](QWidget* widget, const QPoint& at) {
    QToolTip::hideText();
    QHelpEvent event(QEvent::ToolTip, at, widget->mapToGlobal(at));
    QApplication::sendEvent(widget, &event);
    return QToolTip::text();
  };
  DiaryTable* table = nullptr;
  for (DiaryTable* found : window->findChildren<DiaryTable*>())
    if (found->isVisible()) table = found;
  ASSERT_NE(table, nullptr);
  for (const int column : {DiaryModel::from, DiaryModel::to, DiaryModel::detail}) {
    const QModelIndex cell = diary()->index(6, column);
    ASSERT_GT(table->sizeHintForIndex(cell).width(), table->columnWidth(column)) << column;
    EXPECT_TRUE(tip_at(table->viewport(), table->visualRect(cell).center())
                    .contains(cell.data().toString().toHtmlEscaped()))
        << column;
  }
  window->resize(1280, 800);
  settle();
  bool told = false;
  for (QLabel* label : child<QFrame>("event_card")->findChildren<QLabel*>())
    told = told || tip_at(label, label->rect().center()).contains(QString::fromStdString(name));
  EXPECT_TRUE(told) << "the card's names too";
}

TEST_F(PanelTest, AddressesOfIpv4AreWhole) {
  write_article(TEST_DATA "/article-timeline.tsv", source);
  for (EventText& text : source.texts) {
    text.from = "192.0.2.10:58498";
    text.to = "198.51.100.180:443";
    text.detail = "GET /page www.example.jp";
  }
  open();
  for (const Language language : {Language::english, Language::japanese}) {
    View view = window->view();
    view.language = language;
    window->set_view(view);
    window->resize(1280, 800);
    window->show_page(ViewKind::diary);
    settle();
    for (DiaryTable* table : window->findChildren<DiaryTable*>()) {
      if (!table->isVisible()) continue;
      for (const int column : {DiaryModel::from, DiaryModel::to})
        EXPECT_GE(table->columnWidth(column), table->sizeHintForIndex(diary()->index(4, column)).width());
    }
  }
}

}  // namespace
}  // namespace humantime::ui
