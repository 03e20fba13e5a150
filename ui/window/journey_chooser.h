// SPDX-License-Identifier: GPL-2.0-or-later
// All journeys, or one: found by a part of its name, also among a hundred thousand.
#pragma once

#include <QAbstractListModel>
#include <QTimer>
#include <optional>
#include <vector>

#include "model/timeline.h"
#include "window/labelled_chooser.h"

namespace humantime::ui {

/// "All 5,000", then the journeys by number and name. The names stay with the timeline.
class JourneyListModel : public QAbstractListModel {
  Q_OBJECT

 public:
  using QAbstractListModel::QAbstractListModel;
  /// Cheap, and false, where the timeline lists the same journeys as before.
  bool set_timeline(const Timeline* timeline);
  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  /// 0 is all.
  std::uint32_t journey_at(int row) const;
  int row_of(std::uint32_t journey) const;
  QString text_at(int row) const;

 private:
  const Timeline* timeline_ = nullptr;
  std::uint64_t listing_ = 0;
  std::size_t count_ = 0;
};

/// Those whose text has what is looked for, whatever the case: the first ones, and a part of the list at a
/// time.
class FoundJourneys : public QAbstractListModel {
  Q_OBJECT

 public:
  static constexpr std::size_t most_found = 200;
  static constexpr int rows_at_once = 1000;  ///< are looked at: about a millisecond
  static constexpr int row_role = Qt::UserRole;

  explicit FoundJourneys(const JourneyListModel* journeys, QObject* parent)
      : QAbstractListModel(parent), journeys_(journeys) {}
  void look_for(const QString& text);
  /// True where there is more to look at.
  bool advance();
  /// The list's row of the first that was found.
  std::optional<int> first() const { return found_.empty() ? std::nullopt : std::optional(found_.front()); }
  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;

 private:
  const JourneyListModel* journeys_;
  QString text_;
  std::vector<int> found_;
  int next_ = 0;
};

class JourneyChooser : public LabelledChooser {
  Q_OBJECT

 public:
  explicit JourneyChooser(QWidget* parent);
  void set_timeline(const Timeline* timeline);
  void set_journey(std::uint32_t journey);

 Q_SIGNALS:
  void journey_chosen(quint32 journey);

 private:
  void look_for(const QString& text);
  void look();
  void take_text();
  void take_row(int row);

  JourneyListModel* journeys_;
  FoundJourneys* found_;
  QTimer looking_;
  bool takes_first_ = false;  ///< what is found: the person has said so already
  std::uint32_t journey_ = 0;
};

}  // namespace humantime::ui
