// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/view_switch.h"

#include <QButtonGroup>
#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QToolButton>

#include "window/control_frames.h"
#include "window/mnemonic.h"

namespace humantime::ui {
namespace {

constexpr std::array<const char*, view_kind_count> object_names = {
    "view_calendar", "view_letters", "view_diary", "view_compare", "view_connections"};

/// Its focus is seen on the colours of a selection too.
class SwitchButton : public QToolButton {
 public:
  using QToolButton::QToolButton;

 protected:
  void paintEvent(QPaintEvent* event) override {
    QToolButton::paintEvent(event);
    if (!hasFocus()) return;
    QPainter painter(this);
    painter.setPen(QPen(palette().color(QPalette::ButtonText), 1, Qt::DotLine));
    painter.drawRect(rect().adjusted(3, 3, -4, -4));
  }
};

}  // namespace

ViewSwitch::ViewSwitch(QWidget* parent) : QWidget(parent) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  auto* group = new QButtonGroup(this);
  for (std::size_t i = 0; i < view_kind_count; ++i) {
    auto* button = new SwitchButton(this);
    button->setObjectName(QString::fromLatin1(object_names[i]));
    button->setCheckable(true);
    button->setFocusPolicy(Qt::TabFocus);
    group->addButton(button);
    row->addWidget(button);
    connect(button, &QToolButton::clicked, this, [this, i] { Q_EMIT kind_chosen(static_cast<ViewKind>(i)); });
    buttons_[i] = button;
  }
  retranslate();
  show_kind();
}

void ViewSwitch::set_kind(ViewKind kind) {
  kind_ = kind;
  show_kind();
}

/// The view that is shown has the colours of a selection.
void ViewSwitch::show_kind() {
  for (std::size_t i = 0; i < view_kind_count; ++i) {
    const bool shown = static_cast<ViewKind>(i) == kind_;
    buttons_[i]->setChecked(shown);
    QPalette colors = with_seen_frames(palette());
    if (shown) {
      colors.setColor(QPalette::Button, colors.color(QPalette::Highlight));
      colors.setColor(QPalette::ButtonText, colors.color(QPalette::HighlightedText));
    }
    buttons_[i]->setPalette(colors);
  }
}

void ViewSwitch::retranslate() {
  const std::array<QString, view_kind_count> names = {tr("&Calendar"), tr("&Letters"), tr("&Diary"),
                                                      tr("Co&mpare"), tr("Co&nnections")};
  for (std::size_t i = 0; i < view_kind_count; ++i) {
    buttons_[i]->setText(names[i]);
    const QString plain = without_mnemonic(names[i]);
    buttons_[i]->setAccessibleName(tr("View: %1").arg(plain));
    buttons_[i]->setToolTip(tr("%1 (%2)", "a view and its key").arg(plain).arg(i + 1));
  }
}

void ViewSwitch::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::LanguageChange) retranslate();
  if (event->type() == QEvent::PaletteChange) show_kind();
}

}  // namespace humantime::ui
