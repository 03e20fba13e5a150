// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/control_frames.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QLineEdit>

#include "paint/theme.h"

namespace humantime::ui {

QPalette with_seen_frames(QPalette palette) {
  if (Theme::variant_of(palette) == Theme::Variant::high_contrast)
    palette.setColor(QPalette::Window, palette.color(QPalette::WindowText));
  return palette;
}

void show_frames_of_controls(QWidget& window) {
  const QColor frame = with_seen_frames(window.palette()).color(QPalette::Window);
  for (QWidget* control : window.findChildren<QWidget*>()) {
    if (qobject_cast<QAbstractButton*>(control) == nullptr && qobject_cast<QComboBox*>(control) == nullptr &&
        qobject_cast<QLineEdit*>(control) == nullptr)
      continue;
    QPalette palette = control->palette();
    if (palette.color(QPalette::Window) == frame) continue;
    palette.setColor(QPalette::Window, frame);
    control->setPalette(palette);
  }
}

}  // namespace humantime::ui
