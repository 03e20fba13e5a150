// SPDX-License-Identifier: GPL-2.0-or-later
// The page of connections in the dialog: chosen, searched, stepped through, copied, read aloud.
#include <gtest/gtest.h>

#include <QAccessible>
#include <QClipboard>
#include <QFontInfo>
#include <QLineEdit>
#include <QShortcut>
#include <QSignalSpy>
#include <QToolButton>
#include <QWheelEvent>
#include <algorithm>

#include "counted_connections.h"
#include "window/connections_view.h"
#include "window/strip_view.h"
#include "window_fixture.h"

namespace humantime::ui {
namespace {

using test::ms;
using test::ten_fetches;

class ConnectionsWindowTest : public WindowTest {
 protected:
  void open_connections() {
    if (source.connection_list.empty()) source.connection_list = three_servers();
    if (source.limited_connections.empty())
      source.limited_connections = {ten_fetches(), ten_fetches("only.example")};
    open_article();
    show("view_connections");
  }
  static Connections three_servers() {
    Connections made = {ten_fetches(), ten_fetches("a.example"), ten_fetches("www.sakura.example"),
                        ten_fetches("c.example")};
    made[1].connections = 2;
    made[2].connections = 7;
    made[3].connections = 1;
    return made;
  }
  void show(const char* view) const {
    child<QToolButton>(view)->click();
    settle();
  }
  ConnectionsView* view() const { return child<ConnectionsView>("connections"); }
  ConnectionsPage* page() const { return view()->page(); }
  ServersPage* servers() const { return view()->servers(); }
  std::size_t line_with(const std::string& text) const {
    const auto& lines = page()->lines();
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (lines[i].spoken.find(text) != std::string::npos) return i;
    ADD_FAILURE() << "no line says " << text;
    return 0;
  }
  QString copied() const {
    QApplication::clipboard()->clear();
    const QList<QShortcut*> shortcuts = window->findChildren<QShortcut*>();
    for (QShortcut* shortcut : shortcuts)
      if (shortcut->key() == QKeySequence(QKeySequence::Copy)) Q_EMIT shortcut->activated();
    return QApplication::clipboard()->text();
  }
};

TEST_F(ConnectionsWindowTest, AreCountedWhenTheyAreShownAndOnce) {
  source.connection_list = three_servers();
  open_article();
  EXPECT_EQ(source.counts, 0) << "nobody looks";
  show("view_connections");
  EXPECT_EQ(source.counts, 1);
  EXPECT_EQ(window->kind(), ViewKind::connections);
  EXPECT_TRUE(view()->isVisible());
  EXPECT_FALSE(window->findChild<StripView*>()->isVisible()) << "what is counted of all needs no map";
  show("view_calendar");
  show("view_connections");
  EXPECT_EQ(source.counts, 1) << "nothing has changed";
  ++source.revision_number;
  window->source_changed();
  settle();
  EXPECT_EQ(source.counts, 2) << "everything may read otherwise";
}

TEST_F(ConnectionsWindowTest, TheListChoosesWhoseTheyAre) {
  open_connections();
  ASSERT_EQ(servers()->line_count(), 4U);
  EXPECT_EQ(page()->record()->server, "");
  servers()->setFocus();
  press(servers(), Qt::Key_Down);
  EXPECT_EQ(window->view().server, "www.sakura.example") << "who was connected to most stands first";
  EXPECT_EQ(page()->record()->server, "www.sakura.example");
  EXPECT_EQ(page()->lines().front().spoken, "www.sakura.example, 7 connections");
  press(servers(), Qt::Key_End);
  EXPECT_EQ(window->view().server, "c.example");
  press(servers(), Qt::Key_Home);
  EXPECT_EQ(window->view().server, "");
  click(servers(), servers()->rect_of_line(2).center());
  EXPECT_EQ(window->view().server, "a.example");
}

TEST_F(ConnectionsWindowTest, TheChoiceOutlivesAnotherCount) {
  open_connections();
  click(servers(), servers()->rect_of_line(3).center());
  ASSERT_EQ(page()->record()->server, "c.example");
  ++source.revision_number;
  source.connection_list.erase(source.connection_list.begin() + 1);
  window->source_changed();
  settle();
  EXPECT_EQ(page()->record()->server, "c.example");
  EXPECT_EQ(servers()->current(), 2U);
}

TEST_F(ConnectionsWindowTest, AJourneyShowsItsServer) {
  open_connections();
  View next = window->view();
  next.server = source.journey_list.front().name;
  next.journey = 1;
  window->set_view(next);
  settle();
  EXPECT_EQ(page()->record()->server, "www.sakura.example");
}

TEST_F(ConnectionsWindowTest, OfOneServerThereIsNoList) {
  source.connection_list = {ten_fetches(), ten_fetches("www.example.jp")};
  open_connections();
  EXPECT_FALSE(servers()->isVisible());
  EXPECT_FALSE(view()->search()->isVisible());
  EXPECT_EQ(page()->width(), view()->width());
  EXPECT_EQ(page()->lines().front().spoken, "www.example.jp, 10 connections");
}

TEST_F(ConnectionsWindowTest, NamesAreSearched) {
  open_connections();
  view()->search()->setText(QStringLiteral("SAKURA"));
  settle();
  ASSERT_EQ(servers()->line_count(), 2U) << "all of them, and the one";
  EXPECT_EQ(servers()->at(1)->server, "www.sakura.example");
  view()->search()->clear();
  settle();
  EXPECT_EQ(servers()->line_count(), 4U);
}

TEST_F(ConnectionsWindowTest, TheDisplayFilterLimitsThem) {
  open_connections();
  View next = window->view();
  next.limit_to_filter = true;
  window->set_view(next);
  settle();
  EXPECT_EQ(page()->record()->server, "only.example");
  const int counts = source.counts;
  window->filter_changed();
  settle();
  EXPECT_EQ(source.counts, counts + 1) << "other frames pass it now";
}

TEST_F(ConnectionsWindowTest, KeysStepThroughTheLinesAndKeepThemInSight) {
  source.connection_list = three_servers();
  for (int i = 0; i < 30; ++i)
    source.connection_list[0].kinds.push_back(
        test::handshakes("tls12_full", 1, 2, {2, ms, ms, 2 * ms, 3 * ms, 3 * ms}));
  open_connections();
  page()->setFocus();
  EXPECT_FALSE(page()->current());
  for (std::size_t i = 0; i < page()->line_count(); ++i) {
    press(page(), Qt::Key_Down);
    ASSERT_EQ(page()->current(), i);
    const QRect line = page()->rect_of_line(i);
    EXPECT_GE(line.top(), -1);
    EXPECT_LE(line.bottom(), page()->height() + 1);
  }
  EXPECT_GT(page()->scroll_bar()->value(), 0);
  press(page(), Qt::Key_Home);
  EXPECT_EQ(page()->scroll_bar()->value(), 0);
  QWheelEvent wheel({50, 50}, page()->mapToGlobal(QPoint(50, 50)), {}, {0, -240}, Qt::NoButton,
                    Qt::NoModifier, Qt::NoScrollPhase, false);
  QApplication::sendEvent(page(), &wheel);
  EXPECT_GT(page()->scroll_bar()->value(), 0);
}

TEST_F(ConnectionsWindowTest, WhatIsShownIsCopied) {
  open_connections();
  EXPECT_TRUE(copied().contains(QStringLiteral("\nwith TLS\t10\t100.0 %\n"))) << copied().toStdString();
  page()->set_current(line_with("TLS 1.2 full"));
  EXPECT_EQ(copied(), QStringLiteral("tls12_full\t10\t100.0 %\t2\t92.0\t93.0\t94.0\t96.0\t97.0\t97.3 %"));
  servers()->setFocus();
  press(servers(), Qt::Key_Down);
  EXPECT_EQ(copied(), QStringLiteral("www.sakura.example\t7\t142.9 %"));
}

TEST_F(ConnectionsWindowTest, AKindSelectsItsJourneys) {
  source.connection_list = three_servers();
  write_article(TEST_DATA "/article-timeline.tsv", source);
  source.journey_list.front().handshake = "tls12_full";
  open();
  show("view_connections");
  QSignalSpy told(window.get(), &TimelineWindow::frame_selected);
  click(page(), page()->rect_of_line(line_with("TLS 1.2 full")).center());
  ASSERT_EQ(told.count(), 1);
  EXPECT_EQ(told[0][0].toUInt(), 1U) << "the journey's first frame";
  EXPECT_EQ(selected_frame(), 1U) << "on the calendar too";
}

TEST_F(ConnectionsWindowTest, OfAKindWithoutJourneysNothingIsSelected) {
  open_connections();
  QSignalSpy told(window.get(), &TimelineWindow::frame_selected);
  click(page(), page()->rect_of_line(line_with("TLS 1.2 full")).center());
  click(page(), page()->rect_of_line(line_with("with HTTP")).center());
  EXPECT_EQ(told.count(), 0);
}

TEST_F(ConnectionsWindowTest, AScreenReaderHearsEveryLine) {
  open_connections();
  for (LinesCanvas* list : {static_cast<LinesCanvas*>(page()), static_cast<LinesCanvas*>(servers())}) {
    QAccessibleInterface* accessible = QAccessible::queryAccessibleInterface(list);
    ASSERT_NE(accessible, nullptr);
    EXPECT_EQ(accessible->role(), QAccessible::List);
    EXPECT_FALSE(accessible->text(QAccessible::Name).isEmpty());
    ASSERT_EQ(accessible->childCount(), static_cast<int>(list->line_count()));
    for (int i = 0; i < accessible->childCount(); ++i) {
      QAccessibleInterface* line = accessible->child(i);
      EXPECT_TRUE(line->isValid());
      EXPECT_FALSE(line->text(QAccessible::Name).isEmpty());
      EXPECT_FALSE(line->rect().isEmpty());
      EXPECT_EQ(accessible->indexOfChild(line), i);
    }
  }
  QAccessibleInterface* second = QAccessible::queryAccessibleInterface(servers())->child(1);
  EXPECT_EQ(second->text(QAccessible::Name),
            QStringLiteral("www.sakura.example: 7 connections, 142.9 % with TLS"));
}

TEST_F(ConnectionsWindowTest, AreJapaneseInJapanese) {
  open_connections();
  View next = window->view();
  next.language = Language::japanese;
  window->set_view(next);
  settle();
  EXPECT_EQ(page()->lines().front().spoken, "すべてのサーバー、接続 10 件");
  EXPECT_EQ(child<QToolButton>("view_connections")->text(), QStringLiteral("接続(&N)"));
}

TEST_F(ConnectionsWindowTest, TextsGrowWithTheFontAndNoneIsOverAnother) {
  open_connections();
  const double before = page()->lines().front().rect.height;
  QFont larger = window->font();
  larger.setPixelSize(QFontInfo(larger).pixelSize() * 9 / 5);
  window->setFont(larger);
  settle();
  EXPECT_GT(page()->lines().front().rect.height, before * 1.4);
  const auto& labels = page()->scene().labels;
  ASSERT_FALSE(labels.empty());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    EXPECT_LE(labels[i].box.right(), page()->width()) << labels[i].text;
    for (std::size_t j = i + 1; j < labels.size(); ++j)
      EXPECT_FALSE(labels[i].box.intersects(labels[j].box)) << labels[i].text << " and " << labels[j].text;
  }
}

TEST_F(ConnectionsWindowTest, WhereThereIsNoneItIsSaid) {
  source.connection_list = {ConnectionsRecord{}};
  open_connections();
  EXPECT_EQ(static_cast<EmptyState*>(child<QFrame>("no_connections"))->sentence(),
            QStringLiteral("None of these %1 frames belongs to a connection.").arg(source.frames.size()));
  show("view_calendar");
  EXPECT_EQ(sentence(), QString()) << "the calendar has its events";
}

TEST_F(ConnectionsWindowTest, AnotherCaptureForgetsThem) {
  open_connections();
  click(servers(), servers()->rect_of_line(1).center());
  window->set_source(nullptr);
  settle();
  EXPECT_TRUE(view()->connections().empty());
  EXPECT_EQ(window->view().server, "");
  EXPECT_EQ(page()->line_count(), 0U);
}

TEST_F(ConnectionsWindowTest, FitIntoTheLeastWindow) {
  open_connections();
  window->resize(760, 520);
  settle();
  for (const Label& label : page()->scene().labels)
    EXPECT_LE(label.box.right(), page()->width()) << label.text;
  EXPECT_EQ(window->export_job().kind, ViewKind::connections);
}

}  // namespace
}  // namespace humantime::ui
