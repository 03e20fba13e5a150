// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/labelled_chooser.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QEvent>
#include <QLineEdit>
#include <QLocale>
#include <QSignalBlocker>
#include <QStyleOptionComboBox>
#include <QStylePainter>
#include <QWheelEvent>
#include <algorithm>

#include "window/event_words.h"

namespace humantime::ui {
namespace {

constexpr int gap = 6;
/// Of the text in the field.
constexpr int indent = 3;
constexpr int longest_name = 40;

QString shortened(const std::string& name) {
  const QString text = to_qt(name);
  return text.size() <= longest_name ? text : text.left(longest_name - 1) + QStringLiteral("…");
}

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

void JourneyListModel::set_timeline(const Timeline* timeline) {
  const std::size_t count = timeline == nullptr ? 0 : timeline->journeys().size();
  if (timeline == timeline_ && count == count_) {
    // Names may have become known.
    if (count > 0) Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    return;
  }
  beginResetModel();
  timeline_ = timeline;
  count_ = count;
  endResetModel();
}

int JourneyListModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(count_) + 1;
}

QVariant JourneyListModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || (role != Qt::DisplayRole && role != Qt::EditRole)) return {};
  const auto row = static_cast<std::size_t>(index.row());
  if (row == 0) {
    if (count_ > 1) return tr("all %1").arg(QLocale().toString(static_cast<qulonglong>(count_)));
    const bool one = count_ == 1 && timeline_ != nullptr && timeline_->journeys().size() == 1;
    return one ? tr("all · %1").arg(shortened(timeline_->journeys()[0].name)) : tr("all");
  }
  // The timeline may have begun anew, with fewer of them.
  if (timeline_ == nullptr || row > timeline_->journeys().size()) return {};
  const JourneyRecord& journey = timeline_->journeys()[row - 1];
  return QStringLiteral("%1 · %2").arg(journey.number).arg(shortened(journey.name));
}

std::uint32_t JourneyListModel::journey_at(int row) const {
  if (row <= 0 || timeline_ == nullptr || static_cast<std::size_t>(row) > timeline_->journeys().size())
    return 0;
  return timeline_->journeys()[static_cast<std::size_t>(row) - 1].number;
}

int JourneyListModel::row_of(std::uint32_t journey) const {
  if (journey == 0 || timeline_ == nullptr) return 0;
  const auto& journeys = timeline_->journeys();
  const auto found = std::lower_bound(journeys.begin(), journeys.end(), journey,
                                      [](const JourneyRecord& j, std::uint32_t n) { return j.number < n; });
  const bool is = found != journeys.end() && found->number == journey;
  return is ? static_cast<int>(found - journeys.begin()) + 1 : 0;
}

JourneyChooser::JourneyChooser(QWidget* parent)
    : LabelledChooser(parent), journeys_(new JourneyListModel(this)) {
  setObjectName(QStringLiteral("journey_chooser"));
  setEditable(true);
  setInsertPolicy(QComboBox::NoInsert);
  setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  setMinimumContentsLength(26);
  setMaxVisibleItems(20);
  setModel(journeys_);
  // Lists of a hundred thousand names: rows of one height.
  view()->setTextElideMode(Qt::ElideRight);
  auto* completer = new QCompleter(journeys_, this);
  completer->setCaseSensitivity(Qt::CaseInsensitive);
  completer->setFilterMode(Qt::MatchContains);
  completer->setCompletionMode(QCompleter::PopupCompletion);
  setCompleter(completer);
  connect(this, QOverload<int>::of(&QComboBox::activated), this, [this](int row) {
    journey_ = journeys_->journey_at(row);
    Q_EMIT journey_chosen(journey_);
  });
  connect(lineEdit(), &QLineEdit::editingFinished, this, &JourneyChooser::take_text);
}

void JourneyChooser::set_timeline(const Timeline* timeline) {
  const QSignalBlocker silent(this);
  journeys_->set_timeline(timeline);
  setEnabled(timeline != nullptr && timeline->last_journey() > 0);
  if (!lineEdit()->hasFocus()) set_journey(journey_);
}

void JourneyChooser::set_journey(std::uint32_t journey) {
  const QSignalBlocker silent(this);
  journey_ = journey;
  setCurrentIndex(journeys_->row_of(journey));
  // Set also where the row is the same, and the text was edited.
  setEditText(journeys_->data(journeys_->index(currentIndex()), Qt::DisplayRole).toString());
  lineEdit()->setCursorPosition(0);
}

void JourneyChooser::take_text() {
  const QString text = currentText().trimmed();
  // A number, or the first whose name has the text; what is neither is put back.
  bool is_number = false;
  const std::uint32_t number = text.toUInt(&is_number);
  int row = is_number ? journeys_->row_of(number) : findText(text, Qt::MatchContains);
  if (text.isEmpty()) row = 0;
  if (row < 0 || (is_number && row == 0)) row = journeys_->row_of(journey_);
  const std::uint32_t wanted = journeys_->journey_at(row);
  const bool changed = wanted != journey_;
  set_journey(wanted);
  if (changed) Q_EMIT journey_chosen(wanted);
}

}  // namespace humantime::ui
