// SPDX-License-Identifier: GPL-2.0-or-later
// Texts of controls with a letter that leads there together with Alt: "&Save", ja "保存(&S)".
#pragma once

#include <QString>

namespace humantime::ui {

/// As it is read aloud, and in a tool tip: without the letter's sign, and without the brackets that Japanese
/// has around it.
inline QString without_mnemonic(const QString& text) {
  const auto bracket = text.indexOf(QStringLiteral("(&"));
  if (bracket > 0) return text.left(bracket) + text.mid(bracket + 4);
  QString plain = text;
  return plain.remove(QLatin1Char('&'));
}

}  // namespace humantime::ui
