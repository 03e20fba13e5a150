// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/play_control.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <array>
#include <cmath>

#include "calendar.h"
#include "window/labelled_chooser.h"

namespace humantime::ui {
namespace {

constexpr int frame_ms = 33;
/// Real seconds that a year takes.
constexpr std::array<int, 5> speeds = {10, 30, 60, 120, 300};
constexpr int usual_speed = 2;

enum class Sign : std::uint8_t { play, pause, next, stop };

/// In the colour of the buttons' text: a style's own icons are dark on dark.
QIcon icon_of(Sign sign, const QWidget& widget) {
  constexpr int size = 16;
  QIcon icon;
  for (const auto& [mode, group] :
       {std::pair(QIcon::Normal, QPalette::Active), std::pair(QIcon::Disabled, QPalette::Disabled)}) {
    QPixmap picture(QSize(size, size) * widget.devicePixelRatioF());
    picture.setDevicePixelRatio(widget.devicePixelRatioF());
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(widget.palette().color(group, QPalette::ButtonText));
    const auto triangle = [&](double left, double right) {
      painter.drawPolygon(QPolygonF({QPointF(left, 3), QPointF(right, 8), QPointF(left, 13)}));
    };
    switch (sign) {
      case Sign::play:
        triangle(4, 13);
        break;
      case Sign::pause:
        painter.drawRect(QRectF(4, 3, 3, 10));
        painter.drawRect(QRectF(9, 3, 3, 10));
        break;
      case Sign::next:
        triangle(3, 11);
        painter.drawRect(QRectF(11, 3, 2, 10));
        break;
      case Sign::stop:
        painter.drawRect(QRectF(4, 4, 8, 8));
        break;
    }
    icon.addPixmap(picture, mode);
  }
  return icon;
}

}  // namespace

PlayControl::PlayControl(QWidget* parent)
    : QWidget(parent),
      play_(new QToolButton(this)),
      next_(new QToolButton(this)),
      stop_(new QToolButton(this)),
      speed_(new LabelledChooser(this)),
      date_(new QLabel(this)) {
  setObjectName(QStringLiteral("play_control"));
  play_->setObjectName(QStringLiteral("play"));
  next_->setObjectName(QStringLiteral("play_next"));
  stop_->setObjectName(QStringLiteral("play_stop"));
  speed_->setObjectName(QStringLiteral("play_speed"));
  date_->setTextFormat(Qt::PlainText);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(2);
  for (QToolButton* button : {play_, next_, stop_}) {
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    row->addWidget(button);
  }
  row->addWidget(speed_);
  row->addWidget(date_);
  for (const int seconds : speeds) speed_->addItem({}, seconds);
  speed_->setCurrentIndex(usual_speed);
  clock_.setInterval(frame_ms);
  connect(&clock_, &QTimer::timeout, this, [this] { advance(elapsed_.restart()); });
  connect(play_, &QToolButton::clicked, this, &PlayControl::toggle);
  connect(stop_, &QToolButton::clicked, this, &PlayControl::stop);
  connect(next_, &QToolButton::clicked, this, &PlayControl::next_wanted);
  retranslate();
  show_state();
}

void PlayControl::retranslate() {
  const auto name = [](QWidget* widget, const QString& text) {
    widget->setToolTip(text);
    widget->setAccessibleName(text);
  };
  name(next_, tr("Next event"));
  name(stop_, tr("Show the whole year again"));
  name(speed_, tr("Speed"));
  for (int i = 0; i < speed_->count(); ++i) {
    const int seconds = speed_->itemData(i).toInt();
    speed_->setItemText(
        i, seconds < 60 ? tr("1 year in %1 s").arg(seconds) : tr("1 year in %1 min").arg(seconds / 60));
  }
  speed_->updateGeometry();
  show_state();
}

void PlayControl::show_state() {
  const QString text = is_playing() ? tr("Pause") : tr("Play the year");
  play_->setIcon(icon_of(is_playing() ? Sign::pause : Sign::play, *this));
  next_->setIcon(icon_of(Sign::next, *this));
  stop_->setIcon(icon_of(Sign::stop, *this));
  play_->setToolTip(text);
  play_->setAccessibleName(text);
  for (QWidget* widget : {static_cast<QWidget*>(play_), static_cast<QWidget*>(next_)})
    widget->setEnabled(begin_.has_value());
  stop_->setVisible(now_.has_value());
  date_->setVisible(now_.has_value());
}

void PlayControl::set_range(std::optional<StretchedTime> begin, StretchedTime end) {
  begin_ = begin;
  end_ = end;
  if (!begin_) stop();
  show_state();
}

void PlayControl::set_date_text(const QString& text) {
  date_->setText(text);
  // What runs must not push its neighbours.
  date_->setMinimumWidth(std::max(date_->minimumWidth(), date_->sizeHint().width()));
}

double PlayControl::speed() const {
  return static_cast<double>(stretched_seconds_per_year) / std::max(1, speed_->currentData().toInt());
}

void PlayControl::play() {
  if (!begin_) return;
  if (!now_ || !(*now_ < end_)) go_to(*begin_);
  elapsed_.start();
  clock_.start();
  show_state();
}

void PlayControl::pause() {
  clock_.stop();
  show_state();
}

void PlayControl::toggle() {
  is_playing() ? pause() : play();
}

void PlayControl::stop() {
  clock_.stop();
  const bool was = now_.has_value();
  now_.reset();
  show_state();
  if (was) Q_EMIT now_changed(now_);
}

void PlayControl::go_to(StretchedTime time) {
  now_ = time;
  show_state();
  Q_EMIT now_changed(now_);
}

void PlayControl::advance(qint64 milliseconds) {
  if (!now_) return;
  const double seconds = static_cast<double>(std::clamp<qint64>(milliseconds, 0, 10000)) / 1000 * speed();
  const double whole = std::floor(seconds);
  StretchedTime next = *now_;
  const double nanoseconds = next.nanoseconds + (seconds - whole) * 1e9;
  const double carry = std::floor(nanoseconds / 1e9);
  if (__builtin_add_overflow(next.seconds, static_cast<std::int64_t>(whole + carry), &next.seconds))
    next = StretchedTime::max();
  else
    next.nanoseconds = static_cast<std::uint32_t>(std::clamp(nanoseconds - carry * 1e9, 0.0, 999999999.0));
  const bool over = !(next < end_);
  go_to(over ? end_ : next);
  // The year is over: it stands as it is, complete.
  if (over) stop();
}

void PlayControl::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::LanguageChange) retranslate();
  if (event->type() == QEvent::PaletteChange) show_state();
}

}  // namespace humantime::ui
