// SPDX-License-Identifier: GPL-2.0-or-later
// How wide the diary's columns are: as wide as some of their texts, and where that is too much, who gives
// way.
#include <QHeaderView>
#include <QScrollBar>
#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "window/diary_view.h"

namespace humantime::ui {

/// How wide the texts of a column are, told by some of its rows, spread over all: nothing asks a million.
int DiaryView::widest_of(DiaryModel::Column column) const {
  constexpr int most_asked = 96;
  const QFontMetrics metrics(table_->theme().font(TextStyle::body));
  const int rows = model_->rowCount();
  int widest = 0;
  for (int i = 0, asked = std::min(rows, most_asked); i < asked; ++i) {
    const int row = static_cast<int>(static_cast<std::int64_t>(i) * rows / asked);
    widest = std::max(widest, metrics.horizontalAdvance(model_->index(row, column).data().toString()));
  }
  // And as much as its name needs.
  const QString name = model_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
  const QFontMetrics heads(table_->horizontalHeader()->font());
  const int mark = column == DiaryModel::says ? DiaryTable::mark_room : 0;
  return std::max(widest + mark, heads.horizontalAdvance(name)) + DiaryTable::cell_padding;
}

void DiaryView::fit_columns() {
  // Twice as many rows may have other texts.
  int doublings = 0;
  while (columns_ == Columns::all && doublings < 31 && model_->rowCount() >> doublings > 0) ++doublings;
  const std::int64_t furthest = model_->furthest_year();
  QString number = furthest == 1 ? QString() : QString::number(furthest);
  const QString ms = model_->longest_ms();
  const Fit fit{model_->language(), static_cast<int>(number.size()), static_cast<int>(ms.size()), doublings,
                table_->theme().font(TextStyle::body)};
  // Where nothing but the width has changed, the person may have.
  if (fitted_ == fit) return share_room();
  const bool more_rows = fitted_ && fitted_->language == fit.language &&
                         fitted_->year_characters == fit.year_characters && fitted_->font == fit.font;
  fitted_ = fit;
  if (more_rows && by_hand_) return;
  const QFontMetrics metrics(table_->theme().font(TextStyle::body));
  // Of what the widest cells are made; nothing asks a million rows.
  const bool japanese = model_->language() == Language::japanese;
  for (QChar& digit : number)
    if (digit.isDigit()) digit = QLatin1Char('8');
  const QString year = number.isEmpty() ? QString()
                       : japanese       ? QStringLiteral("%1年目 ").arg(number)
                                        : QStringLiteral("Year %1, ").arg(number);
  const QString date =
      year + (japanese ? QStringLiteral("12月30日 午後10時58分") : QStringLiteral("Mar 30, 20:58"));
  const auto set = [&](int column, const QString& widest) {
    table_->setColumnWidth(column, metrics.horizontalAdvance(widest) + DiaryTable::cell_padding);
  };
  set(DiaryModel::date, date);
  set(DiaryModel::at, QStringLiteral("at"));
  // Of a column that is hidden nobody tells the width.
  const QString longest = ms.size() > 7 ? ms : QStringLiteral("888.888");
  ms_width_ = metrics.horizontalAdvance(longest) + DiaryTable::cell_padding;
  table_->setColumnHidden(DiaryModel::ms, false);
  set(DiaryModel::ms, longest);
  if (columns_ == Columns::all) {
    table_->setColumnWidth(DiaryModel::frame, widest_of(DiaryModel::frame));
    for (const DiaryModel::Column column :
         {DiaryModel::says, DiaryModel::from, DiaryModel::to, DiaryModel::detail})
      wanted_[column] = widest_of(column);
  }
  by_hand_ = false;
  share_room();
}

int DiaryView::most_says() const {
  const QFontMetrics metrics(table_->theme().font(TextStyle::body));
  return metrics.horizontalAdvance(QStringLiteral("ServerHello … ServerHelloDone received")) +
         DiaryTable::cell_padding + DiaryTable::mark_room;
}

int DiaryView::wanted_width() const {
  int width = 2 * table_->frameWidth() + table_->verticalScrollBar()->sizeHint().width();
  for (const int column : {DiaryModel::date, DiaryModel::at, DiaryModel::ms, DiaryModel::frame})
    width += table_->columnWidth(column);
  for (const DiaryModel::Column column : {DiaryModel::from, DiaryModel::to, DiaryModel::detail})
    width += wanted_[column];
  return width + std::min(wanted_[DiaryModel::says], most_says());
}

/// Where there is not enough for all the long names of what happened are the first to be shorter, for they
/// can be told by their first and last word; then what packets say of themselves, and addresses last.
void DiaryView::share_room() {
  const QFontMetrics metrics(table_->theme().font(TextStyle::body));
  const auto width = [&](const QString& text) {
    return metrics.horizontalAdvance(text) + DiaryTable::cell_padding;
  };
  int room = table_->viewport()->width();
  if (columns_ == Columns::narrow) {
    // Of two numbers the date is enough where what happened needs the room. The card tells both.
    const int beside =
        table_->columnWidth(DiaryModel::date) + table_->columnWidth(DiaryModel::at) + ms_width_;
    const int least = width(QStringLiteral("ACK of the FIN sent")) + DiaryTable::mark_room;
    table_->setColumnHidden(DiaryModel::ms,
                            (fitted_ && fitted_->year_characters > 0) || room - beside < least);
    return;
  }
  if (by_hand_) return;
  for (const int column : {DiaryModel::date, DiaryModel::at, DiaryModel::ms, DiaryModel::frame})
    room -= table_->columnWidth(column);
  const int least_says = width(QStringLiteral("ServerHello … received")) + DiaryTable::mark_room;
  const int least_detail = width(QStringLiteral("www.example.jp"));
  const int least_address = width(QStringLiteral("198.51.100.100:65535")) / 2;
  struct Share {
    DiaryModel::Column column;
    int least;
  };
  const int last_detail = least_detail / 2;
  const std::array<Share, 5> shares = {{{DiaryModel::says, least_says},
                                        {DiaryModel::detail, least_detail},
                                        {DiaryModel::from, least_address},
                                        {DiaryModel::to, least_address},
                                        {DiaryModel::detail, last_detail}}};
  std::array<int, DiaryModel::column_count> widths = wanted_;
  // A name that goes on and on takes nobody's room.
  widths[DiaryModel::says] = std::min(widths[DiaryModel::says], std::max(most_says(), room * 2 / 5));
  int over = -room;
  for (const DiaryModel::Column column :
       {DiaryModel::says, DiaryModel::detail, DiaryModel::from, DiaryModel::to})
    over += widths[column];
  if (over <= 0) {
    // What is left makes the names of what happened easier to read, up to a third of it; the last column has
    // the rest.
    widths[DiaryModel::says] += -over / 3;
  }
  for (const Share& share : shares) {
    if (over <= 0) break;
    // The two addresses are shortened alike.
    const bool address = share.column == DiaryModel::from;
    const int most = std::max(0, widths[share.column] - share.least);
    const int less = std::min(most, address ? (over + 1) / 2 : over);
    widths[share.column] -= less;
    over -= less;
  }
  const bool outer = std::exchange(sharing_, true);
  for (const DiaryModel::Column column : {DiaryModel::says, DiaryModel::from, DiaryModel::to})
    table_->setColumnWidth(column, widths[column]);
  sharing_ = outer;
}

}  // namespace humantime::ui
