// SPDX-License-Identifier: GPL-2.0-or-later
// A page of lines as a screen reader sees it: a list.
#include <QAccessible>
#include <QAccessibleWidget>
#include <memory>
#include <vector>

#include "window/lines_canvas.h"

namespace humantime::ui {
namespace {

/// Holds no line, only its place: a page that has changed under it makes it invalid or another one.
class LineAccessible final : public QAccessibleInterface {
 public:
  LineAccessible(LinesCanvas* page, QAccessibleInterface* parent, std::size_t line)
      : page_(page), parent_(parent), line_(line) {}
  bool isValid() const override { return line_ < page_->line_count(); }
  QObject* object() const override { return nullptr; }
  QAccessibleInterface* parent() const override { return parent_; }
  QAccessibleInterface* child(int) const override { return nullptr; }
  QAccessibleInterface* childAt(int, int) const override { return nullptr; }
  int childCount() const override { return 0; }
  int indexOfChild(const QAccessibleInterface*) const override { return -1; }
  QAccessible::Role role() const override { return QAccessible::ListItem; }
  QString text(QAccessible::Text kind) const override {
    return kind == QAccessible::Name && isValid() ? page_->line_name(line_) : QString();
  }
  void setText(QAccessible::Text, const QString&) override {}
  QRect rect() const override {
    const QRect inside = page_->rect_of_line(line_);
    return {page_->mapToGlobal(inside.topLeft()), inside.size()};
  }
  QAccessible::State state() const override {
    QAccessible::State state;
    state.readOnly = state.selectable = state.focusable = true;
    state.selected = page_->current() == line_;
    state.focused = state.selected && page_->hasFocus();
    state.invisible = !page_->isVisible();
    state.offscreen = !page_->rect().intersects(page_->rect_of_line(line_));
    return state;
  }

 private:
  LinesCanvas* page_;
  QAccessibleInterface* parent_;
  std::size_t line_;
};

class PageAccessible final : public QAccessibleWidget {
 public:
  explicit PageAccessible(LinesCanvas* page) : QAccessibleWidget(page, QAccessible::List), page_(page) {}
  ~PageAccessible() override {
    for (const QAccessible::Id id : ids_) QAccessible::deleteAccessibleInterface(id);
  }
  PageAccessible(const PageAccessible&) = delete;
  PageAccessible& operator=(const PageAccessible&) = delete;
  QString text(QAccessible::Text kind) const override {
    if (kind == QAccessible::Name && page_->timeline() != nullptr) return page_->page_name();
    return QAccessibleWidget::text(kind);
  }
  int childCount() const override {
    page_->scene();
    return static_cast<int>(page_->line_count());
  }
  QAccessibleInterface* child(int index) const override {
    if (index < 0 || index >= childCount()) return nullptr;
    auto* self = const_cast<PageAccessible*>(this);
    while (static_cast<int>(ids_.size()) <= index)
      ids_.push_back(QAccessible::registerAccessibleInterface(new LineAccessible(page_, self, ids_.size())));
    return QAccessible::accessibleInterface(ids_[static_cast<std::size_t>(index)]);
  }
  QAccessibleInterface* childAt(int x, int y) const override {
    for (int i = 0; i < childCount(); ++i)
      if (child(i)->rect().contains(x, y)) return child(i);
    return nullptr;
  }
  int indexOfChild(const QAccessibleInterface* part) const override {
    for (std::size_t i = 0; i < ids_.size(); ++i)
      if (QAccessible::accessibleInterface(ids_[i]) == part) return static_cast<int>(i);
    return -1;
  }

 private:
  LinesCanvas* page_;
  mutable std::vector<QAccessible::Id> ids_;
};

QAccessibleInterface* make(const QString&, QObject* object) {
  auto* page = qobject_cast<LinesCanvas*>(object);
  return page == nullptr ? nullptr : new PageAccessible(page);
}

}  // namespace

void make_lines_canvases_accessible() {
  static const bool once = [] {
    QAccessible::installFactory(make);
    return true;
  }();
  static_cast<void>(once);
}

}  // namespace humantime::ui
