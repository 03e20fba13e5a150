// SPDX-License-Identifier: GPL-2.0-or-later
// Play: the year goes by. Start and pause, how fast, a step to the next event, and the date that it is.
#pragma once

#include <QComboBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QTimer>
#include <QToolButton>
#include <QWidget>
#include <optional>

#include "layout/view.h"

namespace humantime::ui {

class PlayControl : public QWidget {
  Q_OBJECT

 public:
  explicit PlayControl(QWidget* parent);

  /// What is played, from the first to the last event; none: there is nothing to play.
  void set_range(std::optional<StretchedTime> begin, StretchedTime end);
  /// The date that is shown while it is played.
  void set_date_text(const QString& text);
  bool is_playing() const { return clock_.isActive(); }
  std::optional<StretchedTime> now() const { return now_; }
  /// How many stretched seconds go by in a real one.
  double speed() const;

 public Q_SLOTS:
  void play();
  void pause();
  void toggle();
  /// Everything is shown again.
  void stop();
  /// Lets so much real time go by.
  void advance(qint64 milliseconds);
  void go_to(humantime::StretchedTime time);

 Q_SIGNALS:
  /// What happens after it is not to be drawn; none: everything is.
  void now_changed(std::optional<humantime::StretchedTime> now);
  void next_wanted();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void show_state();

  QToolButton *play_, *next_, *stop_;
  QComboBox* speed_;
  QLabel* date_;
  QTimer clock_;
  QElapsedTimer elapsed_;
  std::optional<StretchedTime> begin_, now_;
  StretchedTime end_;
};

}  // namespace humantime::ui
