// SPDX-License-Identifier: GPL-2.0-or-later
// Where the days went: of a whole journey each stage's total, as a bar, in days of the year and in
// milliseconds, and how much of them was distance; of the visible month where its letters were.
#pragma once

#include <QFrame>
#include <QStringList>
#include <optional>
#include <vector>

#include "layout/period_totals.h"
#include "layout/view.h"
#include "model/journey_index.h"
#include "model/timeline.h"
#include "paint/theme.h"

namespace humantime::ui {

class EventWords;

struct StageTotal {
  Stage stage{};
  Lane lane{};
  std::int64_t length_ns = 0;
};

/// In the order of their beginnings; overlaps of one stage count once. What is longer than 4,000 spans is
/// cut.
std::vector<StageTotal> stage_totals_of(const Timeline& timeline, std::uint32_t journey);

class StageTotalsPanel : public QFrame {
  Q_OBJECT

 public:
  explicit StageTotalsPanel(QWidget* parent);

  /// 0: nothing to show.
  void show_journey(const Timeline* timeline, const View& view, std::uint32_t journey);
  /// The visible month: `journey` or, where it is 0, all of them.
  void show_period(const Timeline* timeline, const View& view, std::uint32_t journey, JourneyIndex& index);
  bool is_empty() const { return rows_.empty() && notes_.isEmpty(); }
  /// Leaves its notes to screen readers and the tooltip where it would be higher with them; whether it fits.
  bool fit_into(int width, int height);
  QString title() const { return title_; }
  /// Name, detail, days and milliseconds of each row, and the sentences below.
  QStringList spoken() const;
  QSize sizeHint() const override;
  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool event(QEvent* event) override;

 private:
  struct Row {
    QString name, detail, days, real;
    Ink ink{};
    double share = 0;  ///< of the longest
  };
  void clear();
  void add_row(const EventWords& words, QString name, QString detail, std::int64_t length_ns, Ink ink);
  void finish();
  int row_height() const;
  int title_height() const;
  int notes_height(int width) const;
  /// How much room names and details have, where rows have two lines.
  struct Columns {
    int names, days, detail;
  };
  Columns columns() const;
  void paint_row(QPainter& painter, const Row& row, int y);
  void paint_detailed_row(QPainter& painter, const Row& row, int y);

  Theme theme_;
  QString title_;
  std::vector<Row> rows_;
  std::vector<std::int64_t> lengths_;
  QStringList notes_;
  bool has_room_for_notes_ = true;
  bool detailed_ = false;  ///< rows have a second line
};

}  // namespace humantime::ui
