// SPDX-License-Identifier: GPL-2.0-or-later
// Which view is shown: Calendar | Letters | Diary | Compare | Connections, as one row of buttons.
#pragma once

#include <QWidget>
#include <array>

#include "layout/view.h"

class QToolButton;

namespace humantime::ui {

constexpr std::size_t view_kind_count = static_cast<std::size_t>(ViewKind::connections) + 1;

class ViewSwitch : public QWidget {
  Q_OBJECT

 public:
  explicit ViewSwitch(QWidget* parent);
  void set_kind(ViewKind kind);
  ViewKind kind() const { return kind_; }

 Q_SIGNALS:
  /// A person has chosen it.
  void kind_chosen(humantime::ui::ViewKind kind);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void show_kind();

  std::array<QToolButton*, view_kind_count> buttons_{};
  ViewKind kind_ = ViewKind::calendar;
};

}  // namespace humantime::ui
