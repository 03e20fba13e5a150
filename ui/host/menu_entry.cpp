// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/menu_entry.h"

#include <QApplication>
#include <QMenu>
#include <QSet>
#include <array>

#include "host/main_window_link.h"

namespace humantime::ui {
namespace {

/// Y for year. Wireshark itself has neither in 4.0 to 4.6; Lua scripts and the user may.
constexpr std::array shortcuts = {"Ctrl+Shift+Y", "Ctrl+Alt+Y"};

}  // namespace

MenuEntry::MenuEntry(const HumantimeHost& host, QObject* parent) : QObject(parent), host_(host) {
  // Plugins are loaded before the application is ready, always.
  waiting_ = connect(parent, SIGNAL(appInitialized()), this, SLOT(insert()));
}

QKeySequence MenuEntry::free_shortcut(const QWidget& window) {
  QSet<QString> taken;
  for (const QAction* action : window.findChildren<QAction*>())
    for (const QKeySequence& sequence : action->shortcuts())
      taken.insert(sequence.toString(QKeySequence::PortableText));
  for (const char* shortcut : shortcuts) {
    const QString text = QString::fromLatin1(shortcut);
    if (!taken.contains(text)) return QKeySequence::fromString(text, QKeySequence::PortableText);
  }
  return {};
}

void MenuEntry::insert() {
  for (QWidget* window : QApplication::topLevelWidgets()) {
    if (!window->inherits("MainWindow")) continue;
    auto* menu = window->findChild<QMenu*>(QStringLiteral("menuStatistics"));
    if (menu == nullptr || window->findChild<QAction*>(QStringLiteral("actionYearTimeline")) != nullptr)
      continue;
    // Behind the graph over time that Wireshark has.
    QAction* before = nullptr;
    bool behind = false;
    for (QAction* other : menu->actions()) {
      if (behind) before = other;
      if (before != nullptr) break;
      behind = other->objectName() == QLatin1String("actionStatisticsIOGraph");
    }

    auto* action = new QAction(tr("&Year Timeline"), window);
    action->setObjectName(QStringLiteral("actionYearTimeline"));
    action->setToolTip(tr("What happens in the capture, if one second were one year"));
    action->setMenuRole(QAction::NoRole);
    action->setShortcut(free_shortcut(*window));
    menu->insertAction(before, action);
    auto* link = new MainWindowLink(host_, window);
    connect(action, &QAction::triggered, link, &MainWindowLink::open);
  }
}

}  // namespace humantime::ui
