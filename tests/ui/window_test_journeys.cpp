// SPDX-License-Identifier: GPL-2.0-or-later
// The journeys in the dialog: named while a file is being read, and chosen among a hundred thousand.
#include <QComboBox>
#include <QCompleter>
#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>
#include <ctime>

#include "window/journey_chooser.h"
#include "window_fixture.h"

namespace humantime::ui {
namespace {

/// So many journeys, a frame each.
void add_journeys(WrittenSource& source, std::uint32_t count) {
  for (std::uint32_t journey = 1; journey <= count; ++journey) {
    const std::int64_t time_ns = std::int64_t{journey} * 1000;
    source.add(Phase::tcp_syn, time_ns, journeys::Direction::sent, journey);
    source.journey_list.push_back({journey, journeys::Kind::completed, FrameNumber{journey}, time_ns, time_ns,
                                   "host-" + std::to_string(journey) + ".example"});
  }
}

double processor_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

TEST_F(WindowTest, JourneysHaveNamesWhileAFileIsBeingRead) {
  add_journeys(source, 3);
  const std::vector<JourneyRecord> all = source.journey_list;
  source.journey_list.clear();
  source.share_read = 0.5;
  source.first_revision = 1;
  constexpr int never = 1'000'000'000;
  source.unsettled = never;
  open_unsettled();
  const auto turn_until = [&](const auto& condition) {
    for (int turns = 0; turns < 10'000 && !condition(); ++turns)
      QApplication::processEvents(QEventLoop::AllEvents, 1);
    return condition();
  };
  // What has been read is shown while all of it is looked at.
  EXPECT_TRUE(turn_until([&] { return window->timeline().events().size() == 3; }));
  EXPECT_GT(source.unsettled, 1);
  auto* chooser = child<QComboBox>("journey_chooser");
  EXPECT_EQ(chooser->count(), 1) << "nobody knows their names";
  source.journey_list = all;
  source.unsettled = 1;
  EXPECT_TRUE(turn_until([&] { return chooser->count() == 4; }));
  EXPECT_EQ(chooser->itemText(2), QStringLiteral("2 · host-2.example"));
  EXPECT_LT(source.progress(), 1);
  settle();
  EXPECT_EQ(window->timeline().events().size(), 3U);
}

/// What a key costs does not grow with the journeys, nor what a picture does.
TEST_F(WindowTest, AHundredThousandJourneysAreSearchedInParts) {
  constexpr std::uint32_t count = 100'000;
  add_journeys(source, count);
  source.journey_list.back().name = "Needle.example";
  open();
  auto* chooser = child<QComboBox>("journey_chooser");
  auto* list = window->findChild<JourneyListModel*>();
  ASSERT_EQ(chooser->count(), static_cast<int>(count) + 1);
  auto* uniform = qobject_cast<QListView*>(chooser->view());
  ASSERT_NE(uniform, nullptr);
  EXPECT_TRUE(uniform->uniformItemSizes()) << "else each row is asked how high it is";

  QSignalSpy changed(list, &QAbstractItemModel::dataChanged), reset(list, &QAbstractItemModel::modelReset);
  window->set_view(window->view());
  settle();
  EXPECT_EQ(changed.count() + reset.count(), 0) << "they are the same journeys";

  FoundJourneys found(list, nullptr);
  found.look_for(QStringLiteral("needle"));
  int parts = 1;
  while (found.advance()) {
    EXPECT_EQ(found.rowCount(), 0);
    ++parts;
  }
  EXPECT_EQ(parts, static_cast<int>(count) / FoundJourneys::rows_at_once + 1);
  EXPECT_EQ(found.first(), static_cast<int>(count));
  found.look_for(QStringLiteral("host"));
  EXPECT_FALSE(found.advance()) << "nobody reads more than the first ones";
  EXPECT_EQ(found.rowCount(), static_cast<int>(FoundJourneys::most_found));

  QLineEdit* line = chooser->lineEdit();
  line->setFocus();
  line->selectAll();
  double before = processor_ms(), longest = 0;
  for (const char key : {'n', 'e', 'e', 'd', 'l', 'e'}) {
    before = processor_ms();
    QKeyEvent press(QEvent::KeyPress, 0, Qt::NoModifier, QString(QLatin1Char(key)));
    QApplication::sendEvent(line, &press);
    longest = std::max(longest, processor_ms() - before);
  }
  const QAbstractItemModel* completions = line->completer()->completionModel();
  EXPECT_EQ(completions->rowCount(), 0) << "it is not looked for in one go";
  for (int turns = 0; turns < 10'000 && completions->rowCount() == 0; ++turns)
    QApplication::processEvents(QEventLoop::AllEvents, 1);
  ASSERT_EQ(completions->rowCount(), 1);
  EXPECT_EQ(completions->index(0, 0).data().toString(), QStringLiteral("100000 · Needle.example"));
  Q_EMIT line->editingFinished();
  for (int turns = 0; turns < 10'000 && window->view().journey == 0; ++turns)
    QApplication::processEvents(QEventLoop::AllEvents, 1);
  EXPECT_EQ(window->view().journey, count);
  EXPECT_EQ(chooser->currentText(), QStringLiteral("100000 · Needle.example"));

  before = processor_ms();
  chooser->showPopup();
  const double popup = processor_ms() - before;
  chooser->hidePopup();
  RecordProperty("key_us", static_cast<int>(longest * 1000));
  RecordProperty("popup_us", static_cast<int>(popup * 1000));
  std::printf("  a key %.2f ms, the list %.2f ms of the processor\n", longest, popup);
}

}  // namespace
}  // namespace humantime::ui
