// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/diary_view.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QStyledItemDelegate>
#include <QToolTip>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <utility>

#include "paint/mark_shapes.h"

namespace humantime::ui {
namespace {

constexpr int selection_bar = 3;
constexpr int least_row = 18, most_row = 26;
constexpr int least_section = 20;

/// As much of the text as there is room for: of what happened its last word, for sent is not received; of an
/// address its port.
QString elided(const QString& text, int column, const QFontMetrics& metrics, int room) {
  if (metrics.horizontalAdvance(text) <= room) return text;
  if (column == DiaryModel::from || column == DiaryModel::to)
    return metrics.elidedText(text, Qt::ElideMiddle, room);
  const auto space = column == DiaryModel::says ? text.lastIndexOf(QLatin1Char(' ')) : -1;
  if (space > 0) {
    const QString verb = text.mid(space);
    // Of several messages the first.
    const auto others = text.indexOf(QStringLiteral(" … "));
    const QString brief = text.left(others) + QStringLiteral(" …") + verb;
    if (others > 0 && others < space && metrics.horizontalAdvance(brief) <= room) return brief;
    const int rest = room - metrics.horizontalAdvance(verb);
    if (rest > 4 * metrics.averageCharWidth())
      return metrics.elidedText(text.left(space), Qt::ElideRight, rest) + verb;
  }
  return metrics.elidedText(text, Qt::ElideRight, room);
}

class RowPainter : public QStyledItemDelegate {
 public:
  explicit RowPainter(DiaryTable* table) : QStyledItemDelegate(table), table_(table) {}

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const Theme& theme = table_->theme();
    const auto* model = qobject_cast<const DiaryModel*>(index.model());
    const std::optional<EventIndex> event = model->event_at(index.row());
    if (!event) return;
    painter->save();
    const bool selected = (option.state & QStyle::State_Selected) != 0;
    const QColor selection = theme.color(Ink::selection);
    if (selected) {
      QColor tint = selection;
      tint.setAlphaF(theme.variant() == Theme::Variant::dark ? 0.34F : 0.18F);
      // Over what the table has painted: its own highlight would be under all texts.
      painter->fillRect(option.rect, theme.color(Ink::page));
      if (theme.variant() != Theme::Variant::high_contrast) painter->fillRect(option.rect, tint);
      if (index.column() == DiaryModel::date)
        painter->fillRect(QRect(option.rect.left(), option.rect.top(), selection_bar, option.rect.height()),
                          selection);
    }
    if (index.data(DiaryModel::month_begins_role).toBool()) {
      painter->setPen(theme.color(Ink::grid_strong));
      painter->drawLine(option.rect.topLeft(), option.rect.topRight());
    }
    QRect box = option.rect.adjusted(6, 0, -6, 0);
    if (index.column() == DiaryModel::says) {
      Mark mark = mark_of(*event, index);
      mark.at = {box.left() + 5.0, box.center().y() + 0.5};
      painter->setRenderHint(QPainter::Antialiasing);
      paint_mark(*painter, mark, theme);
      box.setLeft(box.left() + DiaryTable::mark_room);
    }
    painter->setFont(
        theme.font(selected && index.column() == DiaryModel::says ? TextStyle::body_bold : TextStyle::body));
    painter->setPen(theme.color(is_main(index.column()) ? Ink::text : Ink::muted));
    const QString text = index.data(Qt::DisplayRole).toString();
    const int alignment = index.data(Qt::TextAlignmentRole).toInt();
    // A date's time of day stands below the others'.
    const auto space = index.column() == DiaryModel::date ? text.lastIndexOf(QLatin1Char(' ')) : -1;
    if (space > 0) {
      painter->drawText(box, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, text.mid(space + 1));
      QString day = text.left(space);
      if (day.endsWith(QLatin1Char(','))) day.chop(1);
      painter->drawText(box, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, day);
    } else {
      painter->drawText(box, alignment | Qt::TextSingleLine,
                        elided(text, index.column(), painter->fontMetrics(), box.width()));
    }
    if ((option.state & QStyle::State_HasFocus) != 0) {
      painter->setPen(QPen(selection, 1, Qt::DotLine));
      painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
    painter->restore();
  }

  QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const override {
    // As it is painted: what is selected is bold.
    const bool bold = index.column() == DiaryModel::says && table_->selectionModel() != nullptr &&
                      table_->selectionModel()->isRowSelected(index.row(), {});
    const QFontMetrics metrics(table_->theme().font(bold ? TextStyle::body_bold : TextStyle::body));
    return {metrics.horizontalAdvance(index.data(Qt::DisplayRole).toString()) + DiaryTable::cell_padding +
                (index.column() == DiaryModel::says ? DiaryTable::mark_room : 0),
            metrics.height() + 4};
  }

 private:
  static bool is_main(int column) { return column == DiaryModel::date || column == DiaryModel::says; }
  static Mark mark_of(EventIndex event, const QModelIndex& index) {
    const auto* model = qobject_cast<const DiaryModel*>(index.model());
    const Event& of = model->timeline()->at(event);
    return {.at = {},
            .radius = 3.6F,
            .lane = lane_of(of),
            .filling = is_sent(of) ? Filling::hollow : Filling::filled,
            .event = event};
  }

  DiaryTable* table_;
};

}  // namespace

DiaryTable::DiaryTable(QWidget* parent) : QTableView(parent), theme_(palette(), font()) {
  setObjectName(QStringLiteral("diary_table"));
  setItemDelegate(new RowPainter(this));
  setSelectionBehavior(QAbstractItemView::SelectRows);
  setSelectionMode(QAbstractItemView::ExtendedSelection);
  setEditTriggers(QAbstractItemView::NoEditTriggers);
  setShowGrid(false);
  setWordWrap(false);
  setTabKeyNavigation(false);
  setSortingEnabled(true);
  sortByColumn(DiaryModel::date, Qt::AscendingOrder);
  setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  verticalHeader()->hide();
  copying_.setInterval(0);
  connect(&copying_, &QTimer::timeout, this, &DiaryTable::go_on_copying);
  // One height for all: a table of a million rows does not ask each.
  verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  verticalHeader()->setMinimumSectionSize(least_row);
  horizontalHeader()->setHighlightSections(false);
  horizontalHeader()->setSortIndicatorShown(true);
  horizontalHeader()->setMinimumSectionSize(least_section);
  take_theme();
  connect(this, &QAbstractItemView::activated, this, [this](const QModelIndex& index) {
    const auto* rows = qobject_cast<const DiaryModel*>(model());
    if (rows == nullptr) return;
    if (const auto event = rows->event_at(index.row())) Q_EMIT activated_event(*event);
  });
}

void DiaryTable::take_theme() {
  theme_ = Theme(palette(), font());
  const int line = QFontMetrics(theme_.font(TextStyle::body)).height();
  verticalHeader()->setDefaultSectionSize(std::max(std::clamp(line + 2, least_row, most_row), line));
  horizontalHeader()->setFont(theme_.font(TextStyle::label));
}

void DiaryTable::changeEvent(QEvent* event) {
  QTableView::changeEvent(event);
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) take_theme();
}

bool DiaryTable::viewportEvent(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    // What is cut is told whole.
    const auto* help = static_cast<QHelpEvent*>(event);
    const QModelIndex index = indexAt(help->pos());
    const bool is_cut = index.isValid() && sizeHintForIndex(index).width() > columnWidth(index.column());
    if (is_cut)
      // What a capture says is never markup.
      QToolTip::showText(
          help->globalPos(),
          QStringLiteral("<qt>%1</qt>").arg(index.data(Qt::DisplayRole).toString().toHtmlEscaped()),
          viewport(), visualRect(index));
    else
      QToolTip::hideText();
    return true;
  }
  const bool taken = QTableView::viewportEvent(event);
  auto* diary = qobject_cast<DiaryView*>(parentWidget());
  if (event->type() == QEvent::Resize && diary != nullptr) diary->fit_columns();
  return taken;
}

void DiaryTable::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Copy)) {
    copy_rows();
    return;
  }
  // Beside the page the keys do what they do on it: no row is looked for by these.
  if (event->key() == Qt::Key_Plus || event->key() == Qt::Key_Equal) return void(Q_EMIT zoom_wanted(1));
  if (event->key() == Qt::Key_Minus) return void(Q_EMIT zoom_wanted(-1));
  QTableView::keyPressEvent(event);
}

void DiaryTable::copy_rows() {
  stop_copying();
  if (selectionModel() == nullptr) return;
  for (const QItemSelectionRange& range : selectionModel()->selection()) {
    to_copy_.emplace_back(range.top(), range.bottom());
    rows_left_ += range.height();
  }
  std::sort(to_copy_.begin(), to_copy_.end(), std::greater<>());
  go_on_copying();
}

void DiaryTable::go_on_copying() {
  constexpr int most_rows = 250;
  // What a text of Qt 5 may hold, and a part more.
  constexpr int most_characters = 1000000000;
  const auto* rows = qobject_cast<const DiaryModel*>(model());
  const bool begins = copied_.isEmpty();
  for (int left = most_rows; left > 0 && !to_copy_.empty() && rows != nullptr; --left) {
    auto& [first, last] = to_copy_.back();
    if (!copied_.isEmpty()) copied_ += QLatin1Char('\n');
    copied_ += rows->copied(first);
    --rows_left_;
    if (first++ == last) to_copy_.pop_back();
  }
  if (copied_.size() > most_characters) {
    QApplication::beep();
    return stop_copying();
  }
  if (!to_copy_.empty()) {
    // A text that grows would be moved all at once, again and again.
    const qint64 all = copied_.size() + copied_.size() / most_rows * rows_left_;
    if (begins) copied_.reserve(static_cast<int>(std::min<qint64>(all + all / 4, most_characters)));
    return copying_.start();
  }
  if (!copied_.isEmpty()) QApplication::clipboard()->setText(copied_);
  stop_copying();
}

void DiaryTable::stop_copying() {
  copying_.stop();
  to_copy_.clear();
  copied_.clear();
  rows_left_ = 0;
}

void DiaryTable::contextMenuEvent(QContextMenuEvent* event) {
  const auto* rows = qobject_cast<const DiaryModel*>(model());
  const bool by_key = event->reason() == QContextMenuEvent::Keyboard;
  const QModelIndex index = by_key ? currentIndex() : indexAt(event->pos());
  if (rows == nullptr) return;
  const QPoint place = by_key ? viewport()->mapToGlobal(visualRect(index).bottomLeft()) : event->globalPos();
  if (const auto found = rows->event_at(index.row())) Q_EMIT menu_wanted(*found, place);
}

void DiaryTable::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
  QTableView::currentChanged(current, previous);
  tell_chosen();
}

/// For a screen reader Qt lists all cells of what changes, of a million rows too, and tells the first.
void DiaryTable::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) {
  const auto first_of = [](const QItemSelection& all) {
    return all.isEmpty() ? QItemSelection() : QItemSelection(all.first().topLeft(), all.first().topLeft());
  };
  QTableView::selectionChanged(first_of(selected), first_of(deselected));
  QAbstractItemView::selectionChanged(selected, deselected);
  tell_chosen();
}

/// A key selects a row and then makes it the current one; the mouse does so the other way round.
void DiaryTable::tell_chosen() {
  const auto* rows = qobject_cast<const DiaryModel*>(model());
  const QModelIndex current = currentIndex();
  // A table that gets the focus has a current row that nobody chose.
  if (rows == nullptr || !current.isValid() || !selectionModel()->isRowSelected(current.row(), {})) return;
  if (const auto event = rows->event_at(current.row())) Q_EMIT chosen_event(*event);
}

DiaryView::DiaryView(DiaryModel* model, Columns columns, QWidget* parent)
    : QWidget(parent),
      model_(model),
      columns_(columns),
      search_(new QLineEdit(this)),
      table_(new DiaryTable(this)) {
  search_->setObjectName(QStringLiteral("diary_search"));
  search_->setClearButtonEnabled(true);
  table_->setModel(model);
  // Rows are other ones from there on.
  connect(model, &QAbstractItemModel::modelAboutToBeReset, table_, &DiaryTable::stop_copying);
  connect(model, &QAbstractItemModel::layoutAboutToBeChanged, table_, &DiaryTable::stop_copying);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(2);
  column->addWidget(search_);
  column->addWidget(table_, 1);
  setTabOrder(search_, table_);
  QHeaderView* header = table_->horizontalHeader();
  const bool narrow = columns == Columns::narrow;
  for (int i = DiaryModel::frame; i < DiaryModel::column_count; ++i) table_->setColumnHidden(i, narrow);
  header->setSectionResizeMode(narrow ? QHeaderView::Fixed : QHeaderView::Interactive);
  header->setSectionResizeMode(DiaryModel::says, narrow ? QHeaderView::Stretch : QHeaderView::Interactive);
  // A section that is stretched is never narrower than it is by itself.
  header->setDefaultSectionSize(least_section);
  header->setStretchLastSection(!narrow);
  connect(search_, &QLineEdit::textChanged, model, &DiaryModel::set_search);
  // The last section follows the others: only these are moved by a person.
  connect(header, &QHeaderView::sectionResized, this, [this, header](int section) {
    if (!sharing_ && section != DiaryModel::detail && header->isVisible() && header->underMouse())
      by_hand_ = true;
  });
  retranslate();
  fit_columns();
}

void DiaryView::show_event(std::optional<EventIndex> event) {
  const QSignalBlocker silent(table_);
  const int row = event ? model_->row_of_event(*event) : -1;
  if (row < 0) {
    table_->clearSelection();
    table_->setCurrentIndex({});
    return;
  }
  if (table_->currentIndex().row() == row && table_->selectionModel()->isRowSelected(row, {})) return;
  table_->setCurrentIndex(model_->index(row, std::max(table_->currentIndex().column(), 0)));
  table_->scrollTo(model_->index(row, 0));
}

void DiaryView::show_from(std::int64_t time_ns) {
  const int row = model_->first_row_from(time_ns);
  if (row < 0) return;
  const QModelIndex first = model_->index(row, 0);
  if (!table_->viewport()->rect().contains(table_->visualRect(first)))
    table_->scrollTo(first, QAbstractItemView::PositionAtTop);
}

void DiaryView::retranslate() {
  search_->setPlaceholderText(tr("Search the diary"));
  search_->setAccessibleName(tr("Search the diary"));
  table_->setAccessibleName(tr("Diary"));
  table_->setAccessibleDescription(tr("All events in order, with what the calendar draws"));
}

void DiaryView::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::LanguageChange) retranslate();
  if (event->type() == QEvent::LanguageChange || event->type() == QEvent::FontChange) fit_columns();
}

void DiaryView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  // The line to search in is the first to go.
  search_->setVisible(height() > 160);
  // What is selected stays in sight.
  if (table_->currentIndex().isValid()) table_->scrollTo(table_->currentIndex());
}

}  // namespace humantime::ui
