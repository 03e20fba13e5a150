// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/empty_state.h"

#include <QEvent>
#include <QHBoxLayout>
#include <algorithm>

namespace humantime::ui {

EmptyState::EmptyState(QWidget* parent)
    : QFrame(parent), sentence_(new QLabel(this)), action_(new QPushButton(this)) {
  setObjectName(QStringLiteral("empty_state"));
  setFrameShape(QFrame::StyledPanel);
  setBackgroundRole(QPalette::Base);
  setAutoFillBackground(true);
  sentence_->setTextFormat(Qt::PlainText);
  sentence_->setWordWrap(true);
  sentence_->setAlignment(Qt::AlignCenter);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(16, 10, 16, 10);
  row->addWidget(sentence_, 1);
  row->addWidget(action_);
  parent->installEventFilter(this);
  hide();
}

void EmptyState::show_sentence(const QString& sentence, const QString& action) {
  sentence_->setText(sentence);
  setAccessibleName(sentence);
  action_->setText(action);
  action_->setVisible(!action.isEmpty());
  setVisible(!sentence.isEmpty());
  if (!sentence.isEmpty()) centre();
}

void EmptyState::centre() {
  const QSize room = parentWidget()->size();
  const int text = sentence_->fontMetrics().horizontalAdvance(sentence_->text()) + 60 +
                   (action_->isHidden() ? 0 : action_->sizeHint().width() + 10);
  const int width = std::min(text, std::max(120, room.width() - 40));
  const int height = heightForWidth(width) > 0 ? heightForWidth(width) : sizeHint().height();
  setGeometry((room.width() - width) / 2, (room.height() - height) / 2, width, height);
}

bool EmptyState::eventFilter(QObject* object, QEvent* event) {
  if (event->type() == QEvent::Resize && isVisible()) centre();
  return QFrame::eventFilter(object, event);
}

}  // namespace humantime::ui
