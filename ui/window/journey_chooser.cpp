// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/journey_chooser.h"

#include <QCompleter>
#include <QLineEdit>
#include <QListView>
#include <QLocale>
#include <QSignalBlocker>
#include <algorithm>

#include "window/event_words.h"

namespace humantime::ui {
namespace {

constexpr int longest_name = 40;

QString shortened(const std::string& name) {
  const QString text = to_qt(name);
  return text.size() <= longest_name ? text : text.left(longest_name - 1) + QStringLiteral("…");
}

/// A list of a hundred thousand names does not ask each how high it is.
void shows_many(QAbstractItemView* view) {
  view->setTextElideMode(Qt::ElideRight);
  if (auto* list = qobject_cast<QListView*>(view)) list->setUniformItemSizes(true);
}

}  // namespace

// -- all

bool JourneyListModel::set_timeline(const Timeline* timeline) {
  const std::size_t count = timeline == nullptr ? 0 : timeline->journeys().size();
  const std::uint64_t listing = timeline == nullptr ? 0 : timeline->listing();
  if (timeline == timeline_ && count == count_ && listing == listing_) return false;
  const bool same_rows = timeline == timeline_ && count == count_;
  if (!same_rows) beginResetModel();
  timeline_ = timeline;
  listing_ = listing;
  count_ = count;
  if (!same_rows)
    endResetModel();
  else
    Q_EMIT dataChanged(index(0), index(rowCount() - 1));
  return true;
}

int JourneyListModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(count_) + 1;
}

QString JourneyListModel::text_at(int at) const {
  const auto row = static_cast<std::size_t>(std::max(at, 0));
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

QVariant JourneyListModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || (role != Qt::DisplayRole && role != Qt::EditRole)) return {};
  const QString text = text_at(index.row());
  return text.isNull() ? QVariant() : text;
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

// -- found

void FoundJourneys::look_for(const QString& text) {
  beginResetModel();
  text_ = text;
  found_.clear();
  next_ = 0;
  endResetModel();
}

bool FoundJourneys::advance() {
  const int end = std::min(journeys_->rowCount(), next_ + rows_at_once);
  std::vector<int> more;
  for (; next_ < end && found_.size() + more.size() < most_found; ++next_)
    if (journeys_->text_at(next_).contains(text_, Qt::CaseInsensitive)) more.push_back(next_);
  if (!more.empty()) {
    const int first = rowCount();
    beginInsertRows({}, first, first + static_cast<int>(more.size()) - 1);
    found_.insert(found_.end(), more.begin(), more.end());
    endInsertRows();
  }
  return next_ < journeys_->rowCount() && found_.size() < most_found;
}

int FoundJourneys::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(found_.size());
}

QVariant FoundJourneys::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || static_cast<std::size_t>(index.row()) >= found_.size()) return {};
  const int row = found_[static_cast<std::size_t>(index.row())];
  if (role == row_role) return row;
  return role == Qt::DisplayRole || role == Qt::EditRole ? journeys_->text_at(row) : QVariant();
}

// -- the chooser

JourneyChooser::JourneyChooser(QWidget* parent)
    : LabelledChooser(parent),
      journeys_(new JourneyListModel(this)),
      found_(new FoundJourneys(journeys_, this)) {
  setObjectName(QStringLiteral("journey_chooser"));
  setEditable(true);
  setLineEdit(make_elided_editor());
  setInsertPolicy(QComboBox::NoInsert);
  setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  setMinimumContentsLength(26);
  setMaxVisibleItems(20);
  setModel(journeys_);
  shows_many(view());
  // The box's own completer would ask every row with every key.
  setCompleter(nullptr);
  auto* completer = new QCompleter(found_, this);
  completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
  shows_many(completer->popup());
  lineEdit()->setCompleter(completer);
  connect(lineEdit(), &QLineEdit::textEdited, this, &JourneyChooser::look_for);
  connect(completer, QOverload<const QModelIndex&>::of(&QCompleter::activated), this,
          [this](const QModelIndex& index) {
            const QVariant row = index.data(FoundJourneys::row_role);
            if (row.isValid()) take_row(row.toInt());
          });
  looking_.setInterval(0);
  connect(&looking_, &QTimer::timeout, this, &JourneyChooser::look);
  connect(this, QOverload<int>::of(&QComboBox::activated), this, &JourneyChooser::take_row);
  connect(lineEdit(), &QLineEdit::editingFinished, this, &JourneyChooser::take_text);
}

void JourneyChooser::set_timeline(const Timeline* timeline) {
  const QSignalBlocker silent(this);
  const bool other = journeys_->set_timeline(timeline);
  // What was found is of other rows.
  if (other && lineEdit()->hasFocus()) look_for(lineEdit()->text());
  setEnabled(timeline != nullptr && timeline->last_journey() > 0);
  if (!lineEdit()->hasFocus()) set_journey(journey_);
}

void JourneyChooser::set_journey(std::uint32_t journey) {
  const QSignalBlocker silent(this);
  journey_ = journey;
  const int row = journeys_->row_of(journey);
  if (currentIndex() != row) setCurrentIndex(row);
  // Set also where the row is the same, and the text was edited.
  const QString text = journeys_->text_at(row);
  if (currentText() == text) return;
  setEditText(text);
  lineEdit()->setCursorPosition(0);
}

void JourneyChooser::look_for(const QString& text) {
  takes_first_ = false;
  found_->look_for(text.trimmed());
  look();
}

void JourneyChooser::look() {
  const bool had = found_->first().has_value();
  const bool more = found_->advance();
  if (more != looking_.isActive()) more ? looking_.start() : looking_.stop();
  if (takes_first_ && (found_->first() || !more)) {
    takes_first_ = false;
    looking_.stop();
    return take_row(found_->first().value_or(journeys_->row_of(journey_)));
  }
  // The line shows what there is when a key is pressed; what is found later is shown now.
  if (!had && found_->first() && lineEdit()->hasFocus()) lineEdit()->completer()->complete();
}

void JourneyChooser::take_text() {
  const QString text = currentText().trimmed();
  if (text == journeys_->text_at(journeys_->row_of(journey_))) return;
  // A number, or the first whose name has the text; what is neither is put back.
  bool is_number = false;
  const std::uint32_t number = text.toUInt(&is_number);
  const int row = is_number ? journeys_->row_of(number) : 0;
  if (text.isEmpty() || row > 0) return take_row(row);
  if (is_number) return take_row(journeys_->row_of(journey_));
  found_->look_for(text);
  takes_first_ = true;
  look();
}

void JourneyChooser::take_row(int row) {
  const std::uint32_t wanted = journeys_->journey_at(row);
  const bool changed = wanted != journey_;
  set_journey(wanted);
  if (changed) Q_EMIT journey_chosen(wanted);
}

}  // namespace humantime::ui
