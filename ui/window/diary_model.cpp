// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/diary_model.h"

#include <QStringList>
#include <algorithm>
#include <climits>

#include "layout/event_text.h"
#include "layout/known_date.h"

namespace humantime::ui {
namespace {

// Tables of Qt count in int.
constexpr std::size_t most_rows_shown = INT_MAX;
// An event whose texts are made, to be searched or compared, counts as so many.
constexpr std::uint32_t text_cost = 64;

bool same_rows(const View& a, const View& b) {
  return a.journey == b.journey && a.limit_to_filter == b.limit_to_filter && a.hidden == b.hidden;
}

}  // namespace

void DiaryModel::set_timeline(const Timeline* timeline) {
  timeline_ = timeline;
  restart();
}

void DiaryModel::set_view(const View& view) {
  const bool same = same_rows(view, view_);
  view_ = view;
  if (!same) {
    restart();
  } else if (!rows_.empty()) {
    // Dates read otherwise.
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, column_count - 1));
  }
}

void DiaryModel::set_search(const QString& text) {
  if (text == search_) return;
  search_ = text;
  restart();
}

void DiaryModel::restart() {
  beginResetModel();
  rows_.clear();
  taken_ = 0;
  unsorted_ = false;
  sorted_from_ = 0;
  sorting_.reset();
  endResetModel();
}

bool DiaryModel::wants(EventIndex index) const {
  const Event& event = timeline_->at(index);
  if (!is_mark(event)) return false;
  if (view_.journey != 0 && event.journey != view_.journey) return false;
  if (view_.limit_to_filter && (event.flags & Event::hidden_by_filter) != 0) return false;
  if (view_.hidden[static_cast<std::size_t>(lane_of(event))]) return false;
  if (search_.isEmpty()) return true;
  for (const Column column : {says, frame, from, to, detail})
    if (text(index, column).contains(search_, Qt::CaseInsensitive)) return true;
  return false;
}

bool DiaryModel::less(Row a, Row b) const {
  const Event& x = timeline_->events()[a];
  const Event& y = timeline_->events()[b];
  const bool ascending = sort_order_ == Qt::AscendingOrder;
  if (sort_column_ >= from) {
    const int order = text(EventIndex{a}, sort_column_).localeAwareCompare(text(EventIndex{b}, sort_column_));
    if (order != 0) return ascending ? order < 0 : order > 0;
  }
  const auto key = [&](const Event& event) -> std::int64_t {
    switch (sort_column_) {
      case says:
        return static_cast<std::int64_t>(event.phase);
      case at:
        return static_cast<std::int64_t>(event.end);
      case frame:
        return to_number(event.frame);
      default:
        return event.time_ns;
    }
  };
  const std::int64_t first = key(x), second = key(y);
  if (first != second) return ascending ? first < second : second < first;
  if (x.time_ns != y.time_ns) return x.time_ns < y.time_ns;
  return a < b;
}

bool DiaryModel::behind() const {
  return timeline_ != nullptr && (taken_ < timeline_->events().size() || unsorted_ || sorting_.has_value());
}

bool DiaryModel::advance(std::uint32_t budget) {
  if (timeline_ == nullptr) return false;
  const std::size_t size = timeline_->events().size();
  if (taken_ < size) {
    const std::uint32_t count = search_.isEmpty() ? budget : std::max(1U, budget / text_cost);
    const std::size_t end = std::min<std::size_t>(size, taken_ + count);
    std::vector<Row> rows;
    for (; taken_ < end; ++taken_)
      if (wants(EventIndex{static_cast<std::uint32_t>(taken_)})) rows.push_back(static_cast<Row>(taken_));
    append(std::move(rows));
    return behind();
  }
  if (unsorted_ && !sorting_) {
    unsorted_ = false;
    sorting_.emplace();
    sorting_->begin({rows_.begin() + static_cast<std::ptrdiff_t>(sorted_from_), rows_.end()});
  }
  if (sorting_) {
    const std::uint32_t count = sort_column_ >= from ? std::max(1U, budget / text_cost) : budget;
    if (sorting_->advance(count, [this](Row a, Row b) { return less(a, b); })) return true;
    Q_EMIT layoutAboutToBeChanged();
    const QModelIndexList before = persistentIndexList();
    std::vector<Row> events;
    for (const QModelIndex& old : before) events.push_back(rows_[static_cast<std::size_t>(old.row())]);
    // A selection may be of a million rows: they are not searched for one by one.
    std::vector<Row> place(before.isEmpty() ? 0 : taken_);
    const std::vector<Row> sorted = sorting_->take();
    std::copy(sorted.begin(), sorted.end(), rows_.begin() + static_cast<std::ptrdiff_t>(sorted_from_));
    sorting_.reset();
    sorted_from_ = rows_.size();
    if (!place.empty())
      for (std::size_t row = 0; row < rows_.size(); ++row) place[rows_[row]] = static_cast<Row>(row);
    QModelIndexList after;
    for (int i = 0; i < before.size(); ++i)
      after += index(static_cast<int>(place[events[static_cast<std::size_t>(i)]]), before[i].column());
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged();
  }
  return behind();
}

void DiaryModel::append(std::vector<Row> rows) {
  if (rows.empty() || rows_.size() + rows.size() > most_rows_shown) return;
  const std::size_t old_size = rows_.size();
  const int first = static_cast<int>(old_size);
  const auto ordered = [this](Row a, Row b) { return less(a, b); };
  const Row smallest = *std::min_element(rows.begin(), rows.end(), ordered);
  beginInsertRows({}, first, first + static_cast<int>(rows.size()) - 1);
  rows_.insert(rows_.end(), rows.begin(), rows.end());
  endInsertRows();
  // Frames mostly come in order of time. What does not is sorted with the rows behind its place: while
  // sorting is under way it begins again with them.
  const auto begin = rows_.begin();
  const auto end_of_old = begin + static_cast<std::ptrdiff_t>(
                                      std::min(old_size, unsorted_ || sorting_ ? sorted_from_ : old_size));
  const std::size_t place =
      static_cast<std::size_t>(std::upper_bound(begin, end_of_old, smallest, ordered) - begin);
  const bool in_order = place == old_size && std::is_sorted(rows.begin(), rows.end(), ordered);
  if (in_order && !unsorted_ && !sorting_) {
    sorted_from_ = rows_.size();
    return;
  }
  sorting_.reset();
  unsorted_ = true;
  sorted_from_ = place;
}

std::int64_t DiaryModel::furthest_year() const {
  if (timeline_ == nullptr || !timeline_->last_ns()) return 1;
  const EventWords words(*timeline_, view_);
  const std::int64_t first = words.date(*timeline_->first_ns()).year;
  const std::int64_t last = words.date(*timeline_->last_ns()).year;
  // A sign takes room, too.
  return first < 1 && -10 * first > last ? first : last;
}

QString DiaryModel::longest_ms() const {
  if (timeline_ == nullptr || !timeline_->last_ns()) return {};
  const EventWords words(*timeline_, view_);
  const QString first = words.ms(*timeline_->first_ns()), last = words.ms(*timeline_->last_ns());
  return first.size() > last.size() ? first : last;
}

void DiaryModel::sort(int column, Qt::SortOrder order) {
  if (column < 0 || column >= column_count) return;
  sort_column_ = static_cast<Column>(column);
  sort_order_ = order;
  sorting_.reset();
  sorted_from_ = 0;
  unsorted_ = rows_.size() > 1;
}

std::optional<EventIndex> DiaryModel::event_at(int row) const {
  if (row < 0 || static_cast<std::size_t>(row) >= rows_.size()) return std::nullopt;
  return EventIndex{rows_[static_cast<std::size_t>(row)]};
}

int DiaryModel::row_of_event(EventIndex event) const {
  const Row wanted = static_cast<Row>(event);
  if (timeline_ == nullptr || wanted >= timeline_->events().size()) return -1;
  const auto begin = rows_.begin();
  if (!behind()) {
    const auto found =
        std::lower_bound(begin, rows_.end(), wanted, [this](Row a, Row b) { return less(a, b); });
    return found != rows_.end() && *found == wanted ? static_cast<int>(found - begin) : -1;
  }
  const auto found = std::find(begin, rows_.end(), wanted);
  return found == rows_.end() ? -1 : static_cast<int>(found - begin);
}

int DiaryModel::first_row_from(std::int64_t time_ns) const {
  if (timeline_ == nullptr || behind() || sort_column_ != date || sort_order_ != Qt::AscendingOrder)
    return -1;
  const auto found = std::lower_bound(rows_.begin(), rows_.end(), time_ns, [this](Row row, std::int64_t ns) {
    return timeline_->events()[row].time_ns < ns;
  });
  return found == rows_.end() ? -1 : static_cast<int>(found - rows_.begin());
}

int DiaryModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() || timeline_ == nullptr ? 0 : static_cast<int>(rows_.size());
}

int DiaryModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : column_count;
}

QString DiaryModel::text(EventIndex index, Column column) const {
  const Event& event = timeline_->at(index);
  const EventWords words(*timeline_, view_);
  switch (column) {
    case date:
      return timeline_->spread(index) == nullptr ? words.known(event)
                                                 : to_qt(mean_date(*timeline_, view_, index));
    case says:
      return words.says(index);
    case at:
      return EventWords::end_letter(event.end);
    case ms:
      return words.ms(event.time_ns);
    case frame:
      return QString::number(to_number(event.frame));
    case from:
      return to_qt(timeline_->source().text(event.frame).from);
    case to:
      return to_qt(timeline_->source().text(event.frame).to);
    case detail:
      return to_qt(timeline_->source().text(event.frame).detail);
    case column_count:
      break;
  }
  return {};
}

QVariant DiaryModel::data(const QModelIndex& index, int role) const {
  const std::optional<EventIndex> event = index.isValid() ? event_at(index.row()) : std::nullopt;
  // Between a restart of the timeline and ours there may be fewer events than rows.
  if (!event || static_cast<std::size_t>(*event) >= timeline_->events().size()) return {};
  const auto column = static_cast<Column>(index.column());
  switch (role) {
    case Qt::DisplayRole:
      return text(*event, column);
    case Qt::TextAlignmentRole:
      return static_cast<int>((column == ms || column == frame ? Qt::AlignRight : Qt::AlignLeft) |
                              Qt::AlignVCenter);
    case Qt::AccessibleTextRole:
      if (column == says) return QString::fromStdString(describe_event(*timeline_, view_, *event));
      return text(*event, column);
    case event_role:
      return static_cast<std::uint32_t>(*event);
    case month_begins_role: {
      if (index.row() == 0 || sort_column_ != date) return false;
      // As they are written: the date of an end may be rounded into the next month.
      const Date x = known_date(*timeline_, view_, timeline_->at(*event_at(index.row() - 1))).date;
      const Date y = known_date(*timeline_, view_, timeline_->at(*event)).date;
      return x.month != y.month || x.year != y.year;
    }
    default:
      return {};
  }
}

QVariant DiaryModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return static_cast<int>((section == ms || section == frame ? Qt::AlignRight : Qt::AlignLeft) |
                            Qt::AlignVCenter);
  if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
  const bool tip = role == Qt::ToolTipRole;
  switch (static_cast<Column>(section)) {
    case date:
      return tr("Date");
    case says:
      return tr("What it says");
    case at:
      return tip ? tr("Where it was captured: C client, S server, M in between") : tr("at");
    case ms:
      return tip ? tr("Real milliseconds since the origin") : tr("ms");
    case frame:
      return tr("Frame");
    case from:
      return tr("From");
    case to:
      return tr("To");
    case detail:
      return tr("Detail");
    case column_count:
      break;
  }
  return {};
}

QString DiaryModel::copied(int row) const {
  QStringList cells;
  for (int column = 0; column < column_count; ++column)
    cells += index(row, column).data(Qt::DisplayRole).toString();
  return cells.join(QLatin1Char('\t'));
}

}  // namespace humantime::ui
