// SPDX-License-Identifier: GPL-2.0-or-later
// The dialog's words in a language: what tr() of our classes says while an object of this class lives.
#pragma once

#include <QTranslator>

#include "language.h"

namespace humantime::ui {

/// Our contexts only: Wireshark's and Qt's own words stay as they are.
class Translation {
 public:
  explicit Translation(Language language);
  ~Translation();
  Translation(const Translation&) = delete;
  Translation& operator=(const Translation&) = delete;

  /// Widgets hear of it by QEvent::LanguageChange.
  void set_language(Language language);
  Language language() const { return language_; }

  /// Of the user's or, where one is set, the application's locale.
  static Language preferred();

 private:
  void load();

  Language language_;
  QTranslator translator_;
};

}  // namespace humantime::ui
