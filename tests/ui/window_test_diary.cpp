// SPDX-License-Identifier: GPL-2.0-or-later
// The diary in the dialog: its columns, dates, order and texts, and what is copied of it.
#include <gtest/gtest.h>

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QEventLoop>
#include <QHeaderView>
#include <QItemSelection>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <string>
#include <vector>

#include "window/diary_model.h"
#include "window/diary_view.h"
#include "window/event_card.h"
#include "window/timeline_window.h"
#include "window_fixture.h"

namespace humantime::ui {
namespace {

TEST_F(WindowTest, TheDiarysColumnsShareTheWidth) {
  write_article(TEST_DATA "/article-timeline.tsv", source);
  for (EventText& text : source.texts) text.detail = "GET /page www.example.jp";
  open();
  window->show_page(ViewKind::diary);
  for (const Language language : {Language::english, Language::japanese}) {
    View view = window->view();
    view.language = language;
    window->set_view(view);
    for (const QSize size : {QSize(1280, 800), QSize(1920, 1080), QSize(1000, 640)}) {
      window->resize(size);
      settle();
      DiaryTable* table = nullptr;
      for (DiaryTable* found : window->findChildren<DiaryTable*>())
        if (found->isVisible() && !found->isColumnHidden(DiaryModel::detail)) table = found;
      ASSERT_NE(table, nullptr);
      int sum = 0;
      for (int column = 0; column < DiaryModel::column_count; ++column) sum += table->columnWidth(column);
      EXPECT_EQ(sum, table->viewport()->width()) << size.width();
      std::vector<int> whole = {DiaryModel::date, DiaryModel::ms, DiaryModel::frame, DiaryModel::detail};
      if (size.width() == 1920)
        whole.insert(whole.end(), {DiaryModel::says, DiaryModel::from, DiaryModel::to});
      if (size.width() < 1280) whole.clear();
      for (const int column : whole)
        EXPECT_GE(table->columnWidth(column), table->sizeHintForIndex(diary()->index(20, column)).width())
            << "column " << column << " at " << size.width();
    }
  }
}

TEST_F(WindowTest, TheDiarysDatesFitInManyYears) {
  for (const std::int64_t seconds : {0, 40, 7'263, 2'000'000}) {
    source.add(Phase::tcp_syn, seconds * 1'000'000'000 + 5'000'000, journeys::Direction::sent);
  }
  open();
  window->show_page(ViewKind::diary);
  settle();
  DiaryTable* table = nullptr;
  for (DiaryTable* found : window->findChildren<DiaryTable*>())
    if (found->isVisible() && !found->isColumnHidden(DiaryModel::detail)) table = found;
  ASSERT_NE(table, nullptr);
  for (int row = 0; row < diary()->rowCount(); ++row)
    for (const int column : {DiaryModel::date, DiaryModel::ms})
      EXPECT_GE(table->columnWidth(column), table->sizeHintForIndex(diary()->index(row, column)).width())
          << diary()->index(row, column).data().toString().toStdString();
}

TEST_F(WindowTest, TheDiaryTellsDatesNoFinerThanTheClocks) {
  write_article(TEST_DATA "/article-timeline.tsv", source);
  for (EventRecord& record : source.frames) record.precision_ns = 110'000;  // 58 minutes of the year
  open();
  int hours = 0;
  for (int row = 0; row < diary()->rowCount(); ++row) {
    const QString date = diary()->index(row, DiaryModel::date).data().toString();
    const Event& event = window->timeline().at(*diary()->event_at(row));
    if (event.end != End::server) continue;
    ++hours;
    EXPECT_TRUE(date.endsWith(QStringLiteral(":00"))) << date.toStdString();
    const CardText card = card_of(window->timeline(), window->view(), *diary()->event_at(row));
    for (const CardText::Row& line : card.rows) {
      if (!line.aside.startsWith(QStringLiteral("server"))) continue;
      EXPECT_TRUE(line.value.endsWith(QStringLiteral(":00"))) << line.value.toStdString();
    }
  }
  EXPECT_GT(hours, 10);
}

TEST_F(WindowTest, TheDiarySortsAndCopies) {
  open_article();
  auto* table = child<DiaryTable>("diary_table");
  const QString first = diary()->index(0, DiaryModel::ms).data().toString();
  EXPECT_EQ(first, QStringLiteral("0.000"));
  table->horizontalHeader()->setSortIndicator(DiaryModel::date, Qt::DescendingOrder);
  settle();
  EXPECT_EQ(diary()->index(0, DiaryModel::ms).data().toString(), QStringLiteral("914.777"));
  EXPECT_EQ(diary()->index(diary()->rowCount() - 1, DiaryModel::ms).data().toString(), first);
  table->horizontalHeader()->setSortIndicator(DiaryModel::date, Qt::AscendingOrder);
  settle();
  table->selectRow(0);
  settle();
  table->copy_rows();
  const QStringList cells = QApplication::clipboard()->text().split(QLatin1Char('\t'));
  ASSERT_EQ(cells.size(), DiaryModel::column_count);
  EXPECT_EQ(cells[0], QStringLiteral("Jan 1, 00:00"));
  EXPECT_EQ(cells[1], QStringLiteral("ARP request sent"));
  EXPECT_EQ(cells[3], first);
  EXPECT_EQ(cells[4], QStringLiteral("1"));
}

TEST_F(WindowTest, TheDiaryCopiesManyRowsInParts) {
  constexpr int count = 5'000;
  for (int i = 0; i < count; ++i)
    source.add(Phase::http_request, i * std::int64_t{10'000}, journeys::Direction::sent);
  open();
  auto* table = child<DiaryTable>("diary_table");
  QApplication::clipboard()->clear();
  table->selectAll();
  table->copy_rows();
  const auto copied = [] { return QApplication::clipboard()->text(); };
  EXPECT_TRUE(copied().isEmpty()) << "it takes a while, in which the window answers";
  int turns = 0;
  for (; copied().isEmpty() && turns < 10'000; ++turns) QApplication::processEvents(QEventLoop::AllEvents, 0);
  EXPECT_GE(turns, 10);
  const QStringList rows = copied().split(QLatin1Char('\n'));
  ASSERT_EQ(rows.size(), count);
  EXPECT_EQ(rows.front().split(QLatin1Char('\t'))[4], QStringLiteral("1"));
  EXPECT_EQ(rows.back().split(QLatin1Char('\t'))[4], QString::number(count));

  // Of rows that are others meanwhile nothing is copied.
  QApplication::clipboard()->clear();
  table->copy_rows();
  diary()->restart();
  while (diary()->advance(1'000)) {
  }
  settle();
  EXPECT_TRUE(copied().isEmpty());

  // What is selected stays so in another order: half of them, none asked for where it went.
  table->setSelectionMode(QAbstractItemView::ExtendedSelection);
  const QItemSelection half(diary()->index(0, 0),
                            diary()->index(count / 2 - 1, DiaryModel::column_count - 1));
  table->selectionModel()->select(half, QItemSelectionModel::ClearAndSelect);
  EXPECT_TRUE(table->selectionModel()->isRowSelected(0, {}));
  table->horizontalHeader()->setSortIndicator(DiaryModel::frame, Qt::DescendingOrder);
  settle();
  EXPECT_EQ(diary()->index(0, DiaryModel::frame).data().toInt(), count);
  EXPECT_FALSE(table->selectionModel()->isRowSelected(count / 2 - 1, {}));
  EXPECT_TRUE(table->selectionModel()->isRowSelected(count / 2, {}));
  EXPECT_TRUE(table->selectionModel()->isRowSelected(count - 1, {}));
}

TEST_F(WindowTest, TheDiaryFindsText) {
  open_article();
  auto* search = child<QLineEdit>("diary_search");
  search->setText(QStringLiteral("clienthello"));
  settle();
  EXPECT_EQ(diary()->rowCount(), 2);
  search->clear();
  settle();
  EXPECT_GT(diary()->rowCount(), 30);
}

TEST_F(WindowTest, FramesOutOfOrderStandInTheDiaryInOrder) {
  std::int64_t time_ns = 1;
  for (int i = 0; i < 5000; ++i) {
    time_ns = time_ns * 48271 % 2147483647;
    source.add(Phase::dns_query, time_ns % 900'000'000, journeys::Direction::sent, 0);
  }
  open();
  ASSERT_EQ(diary()->rowCount(), 5000);
  std::int64_t before = INT64_MIN;
  for (int row = 0; row < 5000; ++row) {
    const EventIndex event = *diary()->event_at(row);
    ASSERT_GE(window->timeline().at(event).time_ns, before);
    before = window->timeline().at(event).time_ns;
    if (row % 100 == 0) {
      EXPECT_EQ(diary()->row_of_event(event), row);
    }
  }
}

TEST_F(WindowTest, TextsOfACaptureStayText) {
  source.add(Phase::tls_client_hello, 0, journeys::Direction::sent);
  source.texts[0].detail = "<b>bold</b><img src=x>" + std::string(500, 'w');
  open();
  window->select_frame(FrameNumber{1});
  settle();
  for (const QLabel* label : window->findChildren<QLabel*>()) {
    EXPECT_TRUE(label->textFormat() == Qt::PlainText || !label->text().contains(QLatin1Char('<')))
        << label->text().toStdString();
  }
  EXPECT_LE(window->width(), 1280);
}

}  // namespace
}  // namespace humantime::ui
