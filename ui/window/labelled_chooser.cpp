// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/labelled_chooser.h"

#include <QEvent>
#include <QLineEdit>
#include <QStyleOptionComboBox>
#include <QStylePainter>
#include <QWheelEvent>
#include <algorithm>

namespace humantime::ui {
namespace {

constexpr int gap = 6;
/// Of the text in the field.
constexpr int indent = 3;

}  // namespace

LabelledChooser::LabelledChooser(QWidget* parent) : QComboBox(parent) {
  setSizeAdjustPolicy(QComboBox::AdjustToContents);
}

void LabelledChooser::set_label(const QString& label) {
  label_ = label;
  setAccessibleName(label);
  if (QLineEdit* editor = lineEdit(); editor != nullptr) {
    if (label_in_editor_ == nullptr) {
      label_in_editor_ = new QLabel(editor);
      label_in_editor_->setAttribute(Qt::WA_TransparentForMouseEvents);
      label_in_editor_->setForegroundRole(QPalette::Text);
    }
    label_in_editor_->setText(label);
    label_in_editor_->show();
    label_in_editor_->raise();
    place_label();
    editor->setTextMargins(label_width(), 0, 0, 0);
    editor->setAccessibleName(label);
  }
  updateGeometry();
  update();
}

int LabelledChooser::label_width() const {
  return label_.isEmpty() ? 0 : fontMetrics().horizontalAdvance(label_) + gap;
}

QSize LabelledChooser::sizeHint() const {
  QSize hint = QComboBox::sizeHint() + QSize(label_width(), 0);
  if (isEditable()) return hint;
  // What the style leaves of it must do for the label and the longest item: no style knows of the label.
  QStyleOptionComboBox option;
  initStyleOption(&option);
  option.rect = QRect(QPoint(0, 0), hint);
  const int room =
      style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this).width();
  int needed = 0;
  for (int i = 0; i < count(); ++i) needed = std::max(needed, fontMetrics().horizontalAdvance(itemText(i)));
  needed += indent + label_width() + 1;
  hint.rwidth() += needed - room;
  return hint;
}

QSize LabelledChooser::minimumSizeHint() const {
  return {std::min(sizeHint().width(), label_width() + 60), QComboBox::minimumSizeHint().height()};
}

void LabelledChooser::paintEvent(QPaintEvent* event) {
  QStyleOptionComboBox option;
  initStyleOption(&option);
  if (isEditable()) return QComboBox::paintEvent(event);
  QRect room = style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this);
  QColor muted = palette().color(QPalette::ButtonText);
  muted.setAlphaF(0.68F);
  QStylePainter painter(this);
  painter.drawComplexControl(QStyle::CC_ComboBox, option);
  room.adjust(indent, 0, 0, 0);
  painter.setPen(muted);
  painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter, label_);
  painter.setPen(palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, QPalette::ButtonText));
  room.setLeft(room.left() + label_width());
  painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                   fontMetrics().elidedText(currentText(), Qt::ElideRight, room.width()));
}

void LabelledChooser::place_label() {
  if (label_in_editor_ != nullptr) label_in_editor_->setGeometry(4, 0, label_width(), lineEdit()->height());
}

void LabelledChooser::resizeEvent(QResizeEvent* event) {
  QComboBox::resizeEvent(event);
  place_label();
}

void LabelledChooser::changeEvent(QEvent* event) {
  QComboBox::changeEvent(event);
  if (event->type() == QEvent::FontChange) set_label(label_);
}

void LabelledChooser::wheelEvent(QWheelEvent* event) {
  // The wheel zooms the calendar; a chooser that it passes over must not change.
  event->ignore();
}

}  // namespace humantime::ui
