// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/motion.h"

#include <QGuiApplication>
#include <QStyle>
#include <QWidget>

namespace humantime::ui {

int motion(const QWidget& widget, int milliseconds) {
  if (QGuiApplication::platformName() == QLatin1String("offscreen")) return 0;
  // What desktops set to 0 for those whom motion disturbs.
  return widget.style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, &widget) == 0
             ? 0
             : milliseconds;
}

}  // namespace humantime::ui
