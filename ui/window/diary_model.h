// SPDX-License-Identifier: GPL-2.0-or-later
// The diary as a table: a row for each milestone. Rows are places in the timeline, four bytes each; their
// texts are made when they are shown.
#pragma once

#include <QAbstractTableModel>
#include <QString>
#include <optional>
#include <vector>

#include "gradual_sort.h"
#include "layout/view.h"
#include "model/timeline.h"
#include "paint/theme.h"
#include "window/event_words.h"

namespace humantime::ui {

class DiaryModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column : int { date, says, at, ms, frame, from, to, detail, column_count };
  enum Role : int {
    event_role = Qt::UserRole,  ///< EventIndex as an unsigned number
    month_begins_role,          ///< the row above is of another month, and the order is that of time
  };

  explicit DiaryModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

  /// Null: no rows. The timeline must stay until another one is set. Begins anew.
  void set_timeline(const Timeline* timeline);
  /// Only what changes the rows begins anew: journey, filter, hidden lanes.
  void set_view(const View& view);
  /// Rows whose texts contain `text`, whatever the case; empty: all.
  void set_search(const QString& text);
  /// The timeline has begun anew, or its filter has changed.
  void restart();
  /// Takes at most `budget` events into the rows or into their order; true when there is more to do.
  bool advance(std::uint32_t budget);
  /// What is being read was brought into its order: a live capture's end.
  bool complete() const { return !behind(); }

  const Timeline* timeline() const { return timeline_; }
  Language language() const { return view_.language; }
  /// Where all is in year 1 dates do without it; else the year of the first or the last event whose number is
  /// the longer one.
  std::int64_t furthest_year() const;
  /// Of the first and the last event, milliseconds as they are shown; empty where there are none.
  QString longest_ms() const;
  std::optional<EventIndex> event_at(int row) const;
  /// −1 where the event has no row. Costs a pass over the rows where they are not in order of time.
  int row_of_event(EventIndex event) const;
  /// The first row at or after an instant; -1 where there is none, or rows are in another order than that of
  /// time.
  int first_row_from(std::int64_t time_ns) const;
  /// Tab-separated, as the columns stand.
  QString copied(int row) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  void sort(int column, Qt::SortOrder order) override;

 private:
  using Row = std::uint32_t;

  bool wants(EventIndex event) const;
  bool less(Row a, Row b) const;
  bool behind() const;
  void append(std::vector<Row> rows);
  QString text(EventIndex index, Column column) const;

  const Timeline* timeline_ = nullptr;
  View view_;
  QString search_;
  std::vector<Row> rows_;
  std::size_t taken_ = 0;  ///< of the timeline's events
  Column sort_column_ = date;
  Qt::SortOrder sort_order_ = Qt::AscendingOrder;
  bool unsorted_ = false;
  std::size_t sorted_from_ = 0;  ///< rows before it are in their places
  std::optional<GradualSort<Row>> sorting_;
};

}  // namespace humantime::ui
