// SPDX-License-Identifier: GPL-2.0-or-later
// A combo box with its name inside, before what is chosen: "Scale 1 s = 1 year" in the room of the value.
#pragma once

#include <QAbstractListModel>
#include <QComboBox>
#include <QLabel>
#include <optional>

#include "model/timeline.h"

namespace humantime::ui {

class LabelledChooser : public QComboBox {
  Q_OBJECT

 public:
  explicit LabelledChooser(QWidget* parent);
  void set_label(const QString& label);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  int label_width() const;

 private:
  void place_label();

  QString label_;
  QLabel* label_in_editor_ = nullptr;  ///< a line edit paints over what is below it
};

/// "All 5,000", then the journeys by number and name. The names stay with the timeline.
class JourneyListModel : public QAbstractListModel {
  Q_OBJECT

 public:
  using QAbstractListModel::QAbstractListModel;
  void set_timeline(const Timeline* timeline);
  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  /// 0 is all.
  std::uint32_t journey_at(int row) const;
  int row_of(std::uint32_t journey) const;

 private:
  const Timeline* timeline_ = nullptr;
  std::size_t count_ = 0;
};

/// All journeys, or one, found by a part of its name.
class JourneyChooser : public LabelledChooser {
  Q_OBJECT

 public:
  explicit JourneyChooser(QWidget* parent);
  void set_timeline(const Timeline* timeline);
  void set_journey(std::uint32_t journey);

 Q_SIGNALS:
  void journey_chosen(quint32 journey);

 private:
  void take_text();

  JourneyListModel* journeys_;
  std::uint32_t journey_ = 0;
};

}  // namespace humantime::ui
