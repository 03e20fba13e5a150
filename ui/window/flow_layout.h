// SPDX-License-Identifier: GPL-2.0-or-later
// Controls in a row and, where the window is narrow, in a second one.
#pragma once

#include <QLayout>
#include <memory>
#include <vector>

namespace humantime::ui {

class FlowLayout : public QLayout {
 public:
  explicit FlowLayout(QWidget* parent) : QLayout(parent) {}
  ~FlowLayout() override = default;

  /// What follows stands at the right end of its row.
  void add_stretch() { stretch_before_ = items_.size(); }

  void addItem(QLayoutItem* item) override { items_.emplace_back(item); }
  int count() const override { return static_cast<int>(items_.size()); }
  QLayoutItem* itemAt(int index) const override;
  QLayoutItem* takeAt(int index) override;
  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override { return place(QRect(0, 0, width, 0), false); }
  QSize sizeHint() const override { return minimumSize(); }
  QSize minimumSize() const override;
  Qt::Orientations expandingDirections() const override { return {}; }
  void setGeometry(const QRect& rect) override;

 private:
  /// The height that is needed; moves the items where asked to.
  int place(const QRect& rect, bool move) const;

  std::vector<std::unique_ptr<QLayoutItem>> items_;
  std::size_t stretch_before_ = SIZE_MAX;
};

}  // namespace humantime::ui
