// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/timeline_window.h"

#include <QVBoxLayout>

namespace humantime::ui {

TimelineWindow::TimelineWindow(const Source& source, Wireshark* wireshark, QWidget* parent)
    : QDialog(parent), source_(source), wireshark_(wireshark) {
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(state_ = new QLabel);
  layout->addWidget(list_ = new QListWidget);
  connect(list_, &QListWidget::itemActivated, this, [this](QListWidgetItem* item) {
    if (wireshark_ != nullptr) wireshark_->go_to_frame(FrameNumber{item->data(Qt::UserRole).toUInt()});
  });
  resize(600, 500);
}

void TimelineWindow::select_frame(FrameNumber frame) {
  for (int i = 0; i < list_->count(); ++i)
    if (list_->item(i)->data(Qt::UserRole).toUInt() == to_number(frame)) list_->setCurrentRow(i);
}

void TimelineWindow::source_changed() {
  setWindowTitle(
      QStringLiteral("Wireshark · Year Timeline · %1").arg(QString::fromStdString(source_.name())));
  state_->setText(QStringLiteral("%1 frames, %2 %, revision %3, %4 journeys")
                      .arg(source_.frame_count())
                      .arg(source_.progress() * 100)
                      .arg(source_.revision())
                      .arg(source_.journeys().size()));
  list_->clear();
  EventRecord event;
  const std::int64_t origin = source_.origin_ns().value_or(0);
  for (std::uint32_t n = 1; n <= source_.frame_count() && n < 2000; ++n) {
    if (!source_.read(FrameNumber{n}, event)) continue;
    const EventText text = source_.text(event.frame);
    auto* item = new QListWidgetItem(QStringLiteral("%1 j%2 %3 ns %4 %5/%6 #%7 %8 %9")
                                         .arg(n)
                                         .arg(event.journey)
                                         .arg(event.time_ns.value_or(0) - origin)
                                         .arg(QString::fromUtf8(token_of(event.marks[0].phase).data()))
                                         .arg(int(event.end))
                                         .arg(int(event.direction))
                                         .arg(event.ordinal)
                                         .arg(QString::fromStdString(text.from + " > " + text.to))
                                         .arg(event.passes_filter ? QString() : QStringLiteral("hidden")));
    item->setData(Qt::UserRole, n);
    list_->addItem(item);
  }
}

void TimelineWindow::filter_changed() {
  source_changed();
}
void TimelineWindow::preferences_changed() {
  source_changed();
}

}  // namespace humantime::ui
