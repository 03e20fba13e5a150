// SPDX-License-Identifier: GPL-2.0-or-later
// A combo box with its name inside, before what is chosen: "Scale 1 s = 1 year" in the room of the value.
#pragma once

#include <QComboBox>
#include <QLabel>

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

}  // namespace humantime::ui
