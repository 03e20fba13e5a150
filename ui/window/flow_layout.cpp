// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/flow_layout.h"

#include <QWidget>
#include <algorithm>
#include <vector>

namespace humantime::ui {

QLayoutItem* FlowLayout::itemAt(int index) const {
  const auto place = static_cast<std::size_t>(index);
  return index >= 0 && place < items_.size() ? items_[place].get() : nullptr;
}

QLayoutItem* FlowLayout::takeAt(int index) {
  if (itemAt(index) == nullptr) return nullptr;
  const auto place = items_.begin() + index;
  QLayoutItem* item = place->release();
  items_.erase(place);
  return item;
}

QSize FlowLayout::minimumSize() const {
  QSize size;
  for (const auto& item : items_) size = size.expandedTo(item->minimumSize());
  const QMargins margins = contentsMargins();
  return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom());
}

void FlowLayout::setGeometry(const QRect& rect) {
  QLayout::setGeometry(rect);
  place(rect, true);
}

namespace {

/// By how much an item may be narrower than it would like: what says that its hint is the most it needs, by
/// all that it can do without.
int slack_of(QLayoutItem& item) {
  const QWidget* widget = item.widget();
  if (widget == nullptr || widget->sizePolicy().horizontalPolicy() != QSizePolicy::Maximum) return 0;
  return std::max(0, item.sizeHint().width() - item.minimumSize().width());
}

}  // namespace

int FlowLayout::place(const QRect& rect, bool move) const {
  const QMargins margins = contentsMargins();
  const QRect room = rect.marginsRemoved(margins);
  const int gap = std::max(spacing(), 0);
  std::size_t first = 0;
  int y = room.top(), bottom = y;
  while (first < items_.size()) {
    // As many as fit, those that can be narrower as narrow as they can be.
    int width = 0, height = 0, slack = 0;
    std::size_t end = first;
    for (; end < items_.size(); ++end) {
      if (items_[end]->isEmpty()) continue;
      const QSize hint = items_[end]->sizeHint();
      const int own = slack_of(*items_[end]);
      if (width > 0 && width + gap + hint.width() - slack - own > room.width()) break;
      slack += own;
      width += (width > 0 ? gap : 0) + hint.width();
      height = std::max(height, hint.height());
    }
    if (move) {
      int x = room.left();
      int over = std::min(std::max(0, width - room.width()), slack);
      width -= over;
      // The first ones give way last.
      std::vector<int> narrower(end - first, 0);
      for (std::size_t i = end; i-- > first;) {
        if (items_[i]->isEmpty()) continue;
        narrower[i - first] = std::min(over, slack_of(*items_[i]));
        over -= narrower[i - first];
      }
      for (std::size_t i = first; i < end; ++i) {
        if (items_[i]->isEmpty()) continue;
        if (i == stretch_before_) x += std::max(0, room.width() - width);
        QSize hint = items_[i]->sizeHint();
        hint.rwidth() -= narrower[i - first];
        items_[i]->setGeometry(
            QRect(x, y + (height - hint.height()) / 2, std::min(hint.width(), room.width()), hint.height()));
        x += hint.width() + gap;
      }
    }
    bottom = y + height;
    y = bottom + gap;
    first = end;
  }
  return bottom - rect.top() + margins.bottom();
}

}  // namespace humantime::ui
