// SPDX-License-Identifier: GPL-2.0-or-later
// Runs the window's tests in an application without a screen.
#include <gtest/gtest.h>

#include <QApplication>
#include <QFont>

int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", "offscreen");
  testing::InitGoogleTest(&argc, argv);
  QApplication application(argc, argv);
  QFont font(QStringLiteral("Noto Sans"));
  font.setPixelSize(12);
  QApplication::setFont(font);
  return RUN_ALL_TESTS();
}
