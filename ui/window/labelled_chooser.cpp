// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/labelled_chooser.h"

#include <QEvent>
#include <QHelpEvent>
#include <QKeySequence>
#include <QLineEdit>
#include <QStyleOptionComboBox>
#include <QStylePainter>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>

#include "window/mnemonic.h"

namespace humantime::ui {
namespace {

constexpr int gap = 8;
/// Of the text in the field.
constexpr int indent = 3;
/// What a style's line edit keeps free at its text's either side.
constexpr int edit_margin = 2;
/// Of what is edited so many characters are always there.
constexpr int least_edited = 13;

/// Its text begins with its beginning, and ends with an ellipsis, while nobody writes.
class ElidedLineEdit : public QLineEdit {
 public:
  using QLineEdit::QLineEdit;

 protected:
  void paintEvent(QPaintEvent* event) override {
    const QMargins margins = textMargins();
    const int room = width() - margins.left() - margins.right() - 2 * edit_margin;
    if (hasFocus() || fontMetrics().horizontalAdvance(text()) <= room) return QLineEdit::paintEvent(event);
    QStyleOptionFrame option;
    initStyleOption(&option);
    QStylePainter painter(this);
    painter.drawPrimitive(QStyle::PE_PanelLineEdit, option);
    const QRect box(margins.left() + edit_margin, 0, room, height());
    style()->drawItemText(&painter, box, Qt::AlignLeft | Qt::AlignVCenter, palette(), isEnabled(),
                          fontMetrics().elidedText(text(), Qt::ElideRight, room), QPalette::Text);
  }
};

}  // namespace

LabelledChooser::LabelledChooser(QWidget* parent) : QComboBox(parent) {
  setSizeAdjustPolicy(QComboBox::AdjustToContents);
  setMinimumContentsLength(1);
}

QLineEdit* LabelledChooser::make_elided_editor() {
  return new ElidedLineEdit(this);
}

void LabelledChooser::set_label(const QString& label) {
  label_ = label;
  setAccessibleName(without_mnemonic(label));
  if (shortcut_ != 0) releaseShortcut(shortcut_);
  // Of a label in an editor the letter is the label's own.
  const QKeySequence keys = isEditable() ? QKeySequence() : QKeySequence::mnemonic(label);
  shortcut_ = keys.isEmpty() ? 0 : grabShortcut(keys);
  if (QLineEdit* editor = lineEdit(); editor != nullptr) {
    if (label_in_editor_ == nullptr) {
      label_in_editor_ = new QLabel(editor);
      label_in_editor_->setAttribute(Qt::WA_TransparentForMouseEvents);
      label_in_editor_->setForegroundRole(QPalette::Text);
      label_in_editor_->setBuddy(this);
    }
    label_in_editor_->setText(label);
    label_in_editor_->show();
    label_in_editor_->raise();
    place_label();
    editor->setTextMargins(label_width(), 0, 0, 0);
    editor->setAccessibleName(without_mnemonic(label));
  }
  updateGeometry();
  update();
}

int LabelledChooser::label_width() const {
  if (label_.isEmpty()) return 0;
  return fontMetrics().size(Qt::TextSingleLine | Qt::TextShowMnemonic, label_).width() + gap;
}

int LabelledChooser::edit_room() const {
  QStyleOptionComboBox option;
  initStyleOption(&option);
  return style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this).width();
}

int LabelledChooser::width_for(int text) const {
  const QSize hint = QComboBox::sizeHint();
  QStyleOptionComboBox option;
  initStyleOption(&option);
  option.rect = QRect(QPoint(0, 0), hint);
  const int room =
      style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this).width();
  const int around = isEditable() ? 2 * edit_margin : indent + 1;
  return hint.width() - room + around + label_width() + text;
}

QSize LabelledChooser::sizeHint() const {
  const QSize hint = QComboBox::sizeHint();
  if (isEditable()) return hint + QSize(label_width(), 0);
  int widest = 0;
  for (int i = 0; i < count(); ++i) widest = std::max(widest, fontMetrics().horizontalAdvance(itemText(i)));
  return {width_for(widest), hint.height()};
}

QSize LabelledChooser::minimumSizeHint() const {
  const int text = isEditable() ? fontMetrics().averageCharWidth() * least_edited
                                : fontMetrics().horizontalAdvance(currentText());
  return {std::min(sizeHint().width(), width_for(text)), QComboBox::minimumSizeHint().height()};
}

bool LabelledChooser::is_cut() const {
  const int around = isEditable() ? 2 * edit_margin : indent;
  return fontMetrics().horizontalAdvance(currentText()) > edit_room() - around - label_width();
}

bool LabelledChooser::event(QEvent* event) {
  if (event->type() == QEvent::Shortcut) {
    setFocus(Qt::ShortcutFocusReason);
    if (lineEdit() != nullptr) lineEdit()->selectAll();
    return true;
  }
  if (event->type() == QEvent::ToolTip && is_cut()) {
    // What a capture says is never markup.
    QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(),
                       QStringLiteral("<qt>%1</qt>").arg(currentText().toHtmlEscaped()), this);
    return true;
  }
  return QComboBox::event(event);
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
  painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextShowMnemonic, label_);
  painter.setPen(palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, QPalette::ButtonText));
  room.setLeft(room.left() + label_width());
  painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                   fontMetrics().elidedText(currentText(), Qt::ElideRight, room.width()));
}

void LabelledChooser::place_label() {
  if (label_in_editor_ != nullptr)
    label_in_editor_->setGeometry(indent, 0, label_width(), lineEdit()->height());
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
