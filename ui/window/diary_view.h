// SPDX-License-Identifier: GPL-2.0-or-later
// The diary's table: narrow beside the calendar, or with all columns as a view of its own; and a line to
// search in.
#pragma once

#include <QLineEdit>
#include <QString>
#include <QTableView>
#include <QTimer>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "paint/theme.h"
#include "window/diary_model.h"

namespace humantime::ui {

class DiaryTable : public QTableView {
  Q_OBJECT

 public:
  /// Pixels: of the mark before what happened, and of what a cell keeps free beside its text.
  static constexpr int mark_room = 18, cell_padding = 14;

  explicit DiaryTable(QWidget* parent);
  const Theme& theme() const { return theme_; }

 Q_SIGNALS:
  void activated_event(humantime::ui::EventIndex event);
  void chosen_event(humantime::ui::EventIndex event);
  void menu_wanted(humantime::ui::EventIndex event, const QPoint& global);
  void zoom_wanted(int steps);

 public Q_SLOTS:
  /// Of many rows a part at a time: the clipboard has them when all are there.
  void copy_rows();
  void stop_copying();

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool viewportEvent(QEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
  void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;

 private:
  void tell_chosen();
  void take_theme();
  void go_on_copying();

  Theme theme_;
  QTimer copying_;
  std::vector<std::pair<int, int>> to_copy_;  ///< first and last rows, the uppermost behind the others
  QString copied_;
  qint64 rows_left_ = 0;
};

class DiaryView : public QWidget {
  Q_OBJECT

 public:
  enum class Columns : std::uint8_t { narrow, all };
  DiaryView(DiaryModel* model, Columns columns, QWidget* parent);

  DiaryTable* table() const { return table_; }
  QLineEdit* search() const { return search_; }
  /// Selects the event's row and scrolls to it, without telling anybody.
  void show_event(std::optional<EventIndex> event);
  /// Scrolls to what happens from an instant on, where it is not in sight.
  void show_from(std::int64_t time_ns);
  void fit_columns();
  /// So wide nothing of it is cut that need not be.
  int wanted_width() const;

 protected:
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void retranslate();
  /// Gives what is left of the width to the columns that can use it.
  void share_room();
  int widest_of(DiaryModel::Column column) const;
  int most_says() const;

  /// What the columns' widths follow.
  struct Fit {
    Language language;
    int year_characters;  ///< of the longest year in a date; 0: dates do without it
    int ms_characters;
    int doublings;  ///< of the number of rows
    QFont font;
    bool operator==(const Fit&) const = default;
  };

  DiaryModel* model_;
  std::optional<Fit> fitted_;
  int ms_width_ = 0;
  std::array<int, DiaryModel::column_count> wanted_{};  ///< widths by column, as the rows' texts want them
  Columns columns_;
  bool by_hand_ = false;  ///< a person has chosen a width
  bool sharing_ = false;
  QLineEdit* search_;
  DiaryTable* table_;
};

}  // namespace humantime::ui
