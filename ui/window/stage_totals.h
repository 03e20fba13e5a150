// SPDX-License-Identifier: GPL-2.0-or-later
// Where a journey's days went: each stage's total, as a bar, in days of the year and in milliseconds; and how
// much of them was distance.
#pragma once

#include <QFrame>
#include <optional>
#include <vector>

#include "layout/view.h"
#include "model/timeline.h"
#include "paint/theme.h"

namespace humantime::ui {

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
  bool is_empty() const { return rows_.empty(); }
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  struct Row {
    QString name, days, real;
    Ink ink{};
    double share = 0;  ///< of the longest
  };
  int row_height() const;
  int title_height() const;

  Theme theme_;
  QString title_;
  std::vector<Row> rows_;
};

}  // namespace humantime::ui
