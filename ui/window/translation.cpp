// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/translation.h"

#include <QCoreApplication>
#include <QLocale>

// Resources of a static library are only there when they are asked for, from outside of all namespaces.
static void add_resources() {
  Q_INIT_RESOURCE(humantime_translations);
}

namespace humantime::ui {

Translation::Translation(Language language) : language_(language) {
  add_resources();
  load();
}

Translation::~Translation() {
  QCoreApplication::removeTranslator(&translator_);
}

void Translation::set_language(Language language) {
  if (language == language_) return;
  language_ = language;
  QCoreApplication::removeTranslator(&translator_);
  load();
}

Language Translation::preferred() {
  return QLocale().language() == QLocale::Japanese ? Language::japanese : Language::english;
}

void Translation::load() {
  // English has a file too: it knows the plurals.
  const bool loaded = translator_.load(language_ == Language::japanese
                                           ? QStringLiteral(":/humantime/translations/humantime_ja.qm")
                                           : QStringLiteral(":/humantime/translations/humantime_en.qm"));
  Q_ASSERT(loaded);
  Q_UNUSED(loaded);
  QCoreApplication::installTranslator(&translator_);
}

}  // namespace humantime::ui
