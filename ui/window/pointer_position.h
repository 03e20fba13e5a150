// SPDX-License-Identifier: GPL-2.0-or-later
// Where a pointer is, in the widget's logical pixels: Qt 5 and Qt 6 have other names for it.
#pragma once

#include <QMouseEvent>

namespace humantime::ui {

inline QPointF position_of(const QMouseEvent& event) {
#if QT_VERSION >= QT_VERSION_CHECK(6, 0, 0)
  return event.position();
#else
  return event.localPos();
#endif
}

}  // namespace humantime::ui
