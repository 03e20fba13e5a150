// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/main_window_link.h"

#include <QCoreApplication>

namespace humantime::ui {
namespace {

// How often the capture is looked at, milliseconds: frames come without a signal, and so do Time Shift and
// time references.
constexpr int while_growing = 200, at_rest = 1000;

}  // namespace

MainWindowLink::MainWindowLink(const HumantimeHost& host, QWidget* main_window)
    : QObject(main_window),
      main_window_(main_window),
      source_(host),
      wireshark_(host, main_window),
      fields_(host, source_, main_window) {
  // Wireshark's classes are no API: connected by name, a signal that a version lacks is one less. A capture
  // is closed behind its signal, and the others may come while frames are being dissected: all but the
  // closing is looked at in the next turn of the event loop.
  connect(main_window, SIGNAL(setCaptureFile(capture_file*)), this, SLOT(begin_capture()));
  connect(main_window, SIGNAL(setDissectedCaptureFile(capture_file*)), this, SLOT(read_capture()),
          Qt::QueuedConnection);
  connect(main_window, SIGNAL(displayFilterSuccess(bool)), this, SLOT(filter()), Qt::QueuedConnection);
  connect(main_window, SIGNAL(framesSelected(QList<int>)), &selection_, SLOT(start()));
  QCoreApplication* application = QCoreApplication::instance();
  connect(application, SIGNAL(preferencesChanged()), this, SLOT(take_preferences()), Qt::QueuedConnection);
  connect(application, SIGNAL(packetDissectionChanged()), this, SLOT(look()), Qt::QueuedConnection);
  connect(application, SIGNAL(zoomRegularFont(QFont)), this, SLOT(zoom(QFont)));

  selection_.setSingleShot(true);
  selection_.setInterval(0);
  connect(&selection_, &QTimer::timeout, this, &MainWindowLink::select);
  connect(&look_, &QTimer::timeout, this, &MainWindowLink::look);
}

MainWindowLink::~MainWindowLink() {
  // Before the source that it reads.
  delete window_.data();
}

void MainWindowLink::open() {
  if (window_ == nullptr) {
    preferences_ = wireshark_.preferences();
    window_ = new TimelineWindow(source_, &wireshark_, main_window_);
    window_->setAttribute(Qt::WA_DeleteOnClose);
    // A click in the one selects in the other; double clicks and the menu ask Wireshark themselves.
    connect(window_, &TimelineWindow::frame_selected, this,
            [this](quint32 frame) { wireshark_.go_to_frame(FrameNumber{frame}); });
    window_->select_frame(wireshark_.selected_frame());
    look_.start(at_rest);
    look();
  }
  window_->show();
  window_->raise();
  window_->activateWindow();
}

/// Opened, or about to be closed. The signal's argument is a type of Wireshark's.
void MainWindowLink::begin_capture() {
  opened_ = source_.is_open();
  // At once, for frames that are shown must not be those of another capture.
  look();
}

void MainWindowLink::read_capture() {
  look();
  if (window_ != nullptr) window_->filter_changed();
  if (!opened_ || !source_.is_open() || source_.is_growing()) return;
  opened_ = false;
  if (wireshark_.preferences().open_timeline) open();
}

void MainWindowLink::filter() {
  if (window_ != nullptr) window_->filter_changed();
}

void MainWindowLink::select() {
  if (window_ != nullptr) window_->select_frame(wireshark_.selected_frame());
}

void MainWindowLink::take_preferences() {
  if (window_ == nullptr) return;
  look();
  const Preferences preferences = wireshark_.preferences();
  if (preferences == preferences_) return;
  preferences_ = preferences;
  window_->preferences_changed();
}

void MainWindowLink::zoom(const QFont& font) {
  if (window_ != nullptr) window_->setFont(font);
}

void MainWindowLink::look() {
  if (window_ == nullptr) {
    look_.stop();
    return;
  }
  look_.setInterval(source_.is_growing() ? while_growing : at_rest);
  const std::uint64_t revision = source_.revision();
  const std::uint32_t frames = source_.frame_count();
  if (revision == revision_ && frames == frames_ && !source_.settle(0)) return;
  revision_ = revision;
  frames_ = frames;
  window_->source_changed();
}

}  // namespace humantime::ui
