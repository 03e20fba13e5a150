// SPDX-License-Identifier: GPL-2.0-or-later
// Why the calendar is bare: one sentence, and the action that may help.
#pragma once

#include <QFrame>
#include <QLabel>
#include <QPushButton>

namespace humantime::ui {

/// Stays in the middle of its parent.
class EmptyState : public QFrame {
  Q_OBJECT

 public:
  explicit EmptyState(QWidget* parent);
  /// An empty sentence hides it, an empty action its button.
  void show_sentence(const QString& sentence, const QString& action);
  QString sentence() const { return sentence_->text(); }
  QPushButton* button() const { return action_; }

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void centre();
  QLabel* sentence_;
  QPushButton* action_;
};

}  // namespace humantime::ui
