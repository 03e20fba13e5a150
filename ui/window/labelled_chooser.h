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
  /// With an ampersand before the letter that leads here together with Alt; may be empty.
  void set_label(const QString& label);
  QString label() const { return label_; }
  QSize sizeHint() const override;
  /// The label and what is chosen now are whole in it; of what is edited the first characters.
  QSize minimumSizeHint() const override;
  /// Whether the room is too small for what is chosen: then it ends with an ellipsis, and the tool tip has
  /// all of it.
  bool is_cut() const;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  bool event(QEvent* event) override;
  int label_width() const;
  /// For who can be written in: its text is cut at its end, not where the cursor left it.
  QLineEdit* make_elided_editor();

 private:
  void place_label();
  /// So that the label and a text so wide fit; the style does not know of the label.
  int width_for(int text) const;
  int edit_room() const;

  QString label_;
  int shortcut_ = 0;                   ///< of the label's letter
  QLabel* label_in_editor_ = nullptr;  ///< a line edit paints over what is below it
};

}  // namespace humantime::ui
