// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/event_canvas_accessible.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <memory>
#include <vector>

#include "window/event_canvas.h"

namespace humantime::ui {
namespace {

/// What rows and cells have in common: a place on the page, and a name. They hold no event, only where
/// they stand; a page that has changed under them makes them invalid or others.
class PartAccessible : public QAccessibleInterface {
 public:
  PartAccessible(EventCanvas* view, QAccessibleInterface* parent) : view_(view), parent_(parent) {}
  bool isValid() const override { return view_ != nullptr; }
  QObject* object() const override { return nullptr; }
  QAccessibleInterface* parent() const override { return parent_; }
  QString text(QAccessible::Text kind) const override {
    return kind == QAccessible::Name ? name() : QString();
  }
  void setText(QAccessible::Text, const QString&) override {}
  QRect rect() const override {
    const QRect inside = place();
    return {view_->mapToGlobal(inside.topLeft()), inside.size()};
  }
  QAccessible::State state() const override {
    QAccessible::State state;
    state.readOnly = true;
    state.invisible = !view_->isVisible();
    state.offscreen = !view_->rect().intersects(place());
    return state;
  }

 protected:
  virtual QString name() const = 0;
  virtual QRect place() const = 0;
  EventCanvas* view_;
  QAccessibleInterface* parent_;
};

class CellAccessible final : public PartAccessible {
 public:
  CellAccessible(EventCanvas* view, QAccessibleInterface* row, std::size_t row_number, std::size_t number)
      : PartAccessible(view, row), row_(row_number), number_(number) {}
  QAccessible::Role role() const override { return QAccessible::Cell; }
  QAccessibleInterface* childAt(int, int) const override { return nullptr; }
  QAccessibleInterface* child(int) const override { return nullptr; }
  int childCount() const override { return 0; }
  int indexOfChild(const QAccessibleInterface*) const override { return -1; }
  QAccessible::State state() const override {
    QAccessible::State state = PartAccessible::state();
    const Hit* at = hit();
    state.selectable = true;
    state.selected = at != nullptr && view_->selected() == at->event;
    return state;
  }

 protected:
  QString name() const override {
    const Hit* at = hit();
    return at == nullptr ? QString() : view_->name_of_hit(*at);
  }
  QRect place() const override {
    const Hit* at = hit();
    return at == nullptr ? QRect() : view_->rect_of(*at);
  }

 private:
  const Hit* hit() const {
    const auto& rows = view_->rows();
    if (row_ >= rows.size() || number_ >= rows[row_].hits.size()) return nullptr;
    return &rows[row_].hits[number_];
  }
  std::size_t row_, number_;
};

/// Keeps the interfaces of its parts: Qt deletes them by their numbers.
class Parts {
 public:
  Parts() = default;
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;
  ~Parts() {
    for (const QAccessible::Id id : ids_) QAccessible::deleteAccessibleInterface(id);
  }
  template <typename Make>
  QAccessibleInterface* at(int index, int count, Make make) {
    if (index < 0 || index >= count) return nullptr;
    while (static_cast<int>(ids_.size()) <= index)
      ids_.push_back(QAccessible::registerAccessibleInterface(make(ids_.size())));
    return QAccessible::accessibleInterface(ids_[static_cast<std::size_t>(index)]);
  }
  int index_of(const QAccessibleInterface* part) const {
    for (std::size_t i = 0; i < ids_.size(); ++i)
      if (QAccessible::accessibleInterface(ids_[i]) == part) return static_cast<int>(i);
    return -1;
  }

 private:
  std::vector<QAccessible::Id> ids_;
};

class RowAccessible final : public PartAccessible {
 public:
  RowAccessible(EventCanvas* view, QAccessibleInterface* page, std::size_t number)
      : PartAccessible(view, page), number_(number) {}
  QAccessible::Role role() const override { return QAccessible::Row; }
  int childCount() const override {
    const auto& rows = view_->rows();
    return number_ < rows.size() ? static_cast<int>(rows[number_].hits.size()) : 0;
  }
  QAccessibleInterface* child(int index) const override {
    auto* self = const_cast<RowAccessible*>(this);
    return cells_.at(index, childCount(),
                     [this, self](std::size_t i) { return new CellAccessible(view_, self, number_, i); });
  }
  QAccessibleInterface* childAt(int x, int y) const override {
    for (int i = 0; i < childCount(); ++i)
      if (child(i)->rect().contains(x, y)) return child(i);
    return nullptr;
  }
  int indexOfChild(const QAccessibleInterface* part) const override { return cells_.index_of(part); }

 protected:
  QString name() const override { return view_->row_name(number_); }
  QRect place() const override {
    const auto& rows = view_->rows();
    return number_ < rows.size() ? rows[number_].rect : QRect();
  }

 private:
  std::size_t number_;
  mutable Parts cells_;
};

class PageAccessible final : public QAccessibleWidget {
 public:
  explicit PageAccessible(EventCanvas* view) : QAccessibleWidget(view, QAccessible::Table), view_(view) {}
  QString text(QAccessible::Text kind) const override {
    if (kind == QAccessible::Name && view_->timeline() != nullptr) return view_->page_name();
    return QAccessibleWidget::text(kind);
  }
  int childCount() const override { return static_cast<int>(view_->rows().size()); }
  QAccessibleInterface* child(int index) const override {
    auto* self = const_cast<PageAccessible*>(this);
    return rows_.at(index, childCount(),
                    [this, self](std::size_t i) { return new RowAccessible(view_, self, i); });
  }
  QAccessibleInterface* childAt(int x, int y) const override {
    for (int i = 0; i < childCount(); ++i)
      if (child(i)->rect().contains(x, y)) return child(i);
    return nullptr;
  }
  int indexOfChild(const QAccessibleInterface* part) const override { return rows_.index_of(part); }

 private:
  EventCanvas* view_;
  mutable Parts rows_;
};

QAccessibleInterface* make(const QString&, QObject* object) {
  auto* view = qobject_cast<EventCanvas*>(object);
  return view == nullptr ? nullptr : new PageAccessible(view);
}

}  // namespace

void make_event_canvases_accessible() {
  static const bool once = [] {
    QAccessible::installFactory(make);
    return true;
  }();
  static_cast<void>(once);
}

}  // namespace humantime::ui
