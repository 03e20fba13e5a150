// SPDX-License-Identifier: GPL-2.0-or-later
// The dialog, opened on a capture that is written down, and what a person does with it.
#pragma once

#include <gtest/gtest.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QFrame>
#include <QKeyEvent>
#include <QMouseEvent>
#include <memory>
#include <string>
#include <vector>

#include "window/calendar_view.h"
#include "window/diary_model.h"
#include "window/empty_state.h"
#include "window/timeline_window.h"
#include "window_source.h"

namespace humantime::ui {

/// Does what it is asked, and remembers it.
class WrittenWireshark final : public Wireshark {
 public:
  bool go_to_frame(FrameNumber frame) override {
    went_to.push_back(to_number(frame));
    return answers;
  }
  std::string check_filter(const std::string&) const override { return {}; }
  std::string apply_filter(const std::string& filter) override {
    applied.push_back(filter);
    return {};
  }
  std::string prepare_filter(const std::string& filter) override {
    prepared.push_back(filter);
    return {};
  }
  Preferences preferences() const override { return set; }
  std::string set_preference(const std::string& name, const std::string& value) override {
    changed.push_back(name + "=" + value);
    return {};
  }
  std::vector<std::uint32_t> went_to;
  std::vector<std::string> applied, prepared, changed;
  Preferences set;
  bool answers = true;
};

class WindowTest : public testing::Test {
 protected:
  void open() {
    open_unsettled();
    settle();
  }
  void open_unsettled() {
    window = std::make_unique<TimelineWindow>(source, &wireshark);
    window->resize(1280, 800);
    window->show();
  }
  void open_article() {
    write_article(TEST_DATA "/article-timeline.tsv", source);
    open();
  }
  /// Until everything is taken and laid out.
  void settle() const {
    QElapsedTimer clock;
    clock.start();
    do {
      QApplication::processEvents(QEventLoop::AllEvents, 5);
      ASSERT_LT(clock.elapsed(), 20'000) << "the window is never done";
    } while (window->is_busy());
    for (int i = 0; i < 5; ++i) QApplication::processEvents(QEventLoop::AllEvents, 5);
  }
  template <typename Widget>
  Widget* child(const char* name) const {
    auto* found = window->findChild<Widget*>(QString::fromLatin1(name));
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  CalendarView* calendar() const { return child<CalendarView>("calendar"); }
  DiaryModel* diary() const { return window->findChild<DiaryModel*>(); }
  void press(QWidget* widget, int key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) const {
    QKeyEvent event(QEvent::KeyPress, key, modifiers);
    QApplication::sendEvent(widget, &event);
    settle();
  }
  void click(QWidget* widget, QPointF at, QEvent::Type type = QEvent::MouseButtonPress) const {
    QMouseEvent down(type, at, widget->mapToGlobal(at.toPoint()), Qt::LeftButton, Qt::LeftButton,
                     Qt::NoModifier);
    QApplication::sendEvent(widget, &down);
    QMouseEvent up(QEvent::MouseButtonRelease, at, widget->mapToGlobal(at.toPoint()), Qt::LeftButton,
                   Qt::NoButton, Qt::NoModifier);
    QApplication::sendEvent(widget, &up);
    settle();
  }
  QString sentence() const { return static_cast<EmptyState*>(child<QFrame>("empty_state"))->sentence(); }
  FrameNumber frame_with(Phase phase) const {
    for (std::size_t i = 0; i < source.frames.size(); ++i)
      for (const PhaseMark& mark : source.frames[i].marks)
        if (mark.phase == phase) return FrameNumber{static_cast<std::uint32_t>(i + 1)};
    return no_frame;
  }
  std::uint32_t selected_frame() const {
    const auto selected = calendar()->selected();
    return selected ? to_number(window->timeline().at(*selected).frame) : 0;
  }

  WrittenSource source;
  WrittenWireshark wireshark;
  std::unique_ptr<TimelineWindow> window;
};

}  // namespace humantime::ui
