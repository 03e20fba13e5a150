// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/legend_bar.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <algorithm>

#include "layout/letters_layout.h"
#include "model/round_trips.h"
#include "paint/mark_shapes.h"
#include "paint/scene_painter.h"
#include "window/event_words.h"

namespace humantime::ui {
namespace {

constexpr int picture_width = 44, picture_height = 18;

/// A letter on its ladder, as wide as the picture.
Scene letter_sample() {
  Scene scene;
  const Point sent{5, 3}, received{39, 15};
  for (const double y : {sent.y, received.y})
    scene.lines.push_back({{1, y}, {43, y}, Ink::tcp, Strength::rails});
  scene.lines.push_back({sent, received, Ink::tcp, Strength::solid, LineStyle::solid, 1.8F});
  scene.marks = {{sent, 3.2F, Lane::tcp, Filling::hollow}, {received, 3.2F, Lane::tcp, Filling::filled}};
  return scene;
}

Scene estimated_sample() {
  Scene scene;
  scene.lines = {{{4, 3}, {22, 15}, Ink::dns, Strength::solid, LineStyle::dashed, 1.6F},
                 {{22, 15}, {40, 3}, Ink::dns, Strength::solid, LineStyle::dashed, 1.6F}};
  return scene;
}

Scene light_sample() {
  Scene scene;
  scene.wedges = {{{{5, 3}, {5, 15}, {27, 15}}}};
  scene.lines = {{{5, 3}, {27, 15}, Ink::light_line, Strength::solid, LineStyle::solid, 1.2F}};
  return scene;
}

Scene segments_sample() {
  Scene scene;
  scene.fills = {{{2, 3, 40, 12}, Ink::http, Strength::density, 0.3F}};
  for (int i = 0; i < 8; ++i) {
    const double x = 2 + i * 4.5;
    scene.lines.push_back({{x, 15}, {x + 8, 3}, Ink::http, Strength::segments});
  }
  return scene;
}

Scene trip_sample() {
  Scene scene;
  scene.fills = {{{8, 2, 28, 14}, Ink::tls, Strength::tint}};
  return scene;
}

/// The signs of the line, in its order.
enum class Sign : std::uint8_t { letter, estimated, light, trip, segments };

/// A lane's mark and name; hidden lanes are hollow and grey. Flat: a row of pressed buttons would look like a
/// choice.
class LaneToggle : public QToolButton {
 public:
  LaneToggle(Lane lane, const Theme& theme, QWidget* parent)
      : QToolButton(parent), lane_(lane), theme_(theme) {}
  QSize sizeHint() const override {
    const QFontMetrics metrics(theme_.font(TextStyle::label_bold));
    return {metrics.horizontalAdvance(text()) + 26, qMax(22, metrics.height() + 6)};
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (underMouse()) painter.fillRect(rect(), theme_.color(Ink::night));
    const Filling filling = isChecked() ? Filling::filled : Filling::hollow;
    paint_mark(painter, {.at = {10, height() / 2.0}, .radius = 4.2F, .lane = lane_, .filling = filling},
               theme_);
    painter.setFont(theme_.font(isChecked() ? TextStyle::label_bold : TextStyle::label));
    painter.setPen(theme_.color(isChecked() ? ink_of(lane_) : Ink::muted));
    painter.drawText(rect().adjusted(20, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, text());
    if (!hasFocus()) return;
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(theme_.color(Ink::selection), 1, Qt::DotLine));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
  }

 private:
  Lane lane_;
  const Theme& theme_;
};

}  // namespace

class LegendSample : public QWidget {
 public:
  LegendSample(Scene scene, QWidget* parent)
      : QWidget(parent), scene_(std::move(scene)), label_(new QLabel(this)) {
    label_->setTextFormat(Qt::PlainText);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(picture_width + 6, 0, 0, 0);
    row->addWidget(label_);
    setAttribute(Qt::WA_TransparentForMouseEvents, false);
  }
  void set_text(const QString& text) {
    label_->setText(text);
    setToolTip(text);
  }
  void set_theme(const Theme& theme) {
    theme_ = &theme;
    label_->setFont(theme.font(TextStyle::label));
    update();
  }
  bool wanted = true;

 protected:
  void paintEvent(QPaintEvent*) override {
    if (theme_ == nullptr) return;
    QPainter painter(this);
    painter.translate(0, (height() - picture_height) / 2.0);
    paint_scene(painter, scene_, *theme_);
  }

 private:
  Scene scene_;
  QLabel* label_;
  const Theme* theme_ = nullptr;
};

namespace {

LegendSample* sample_in(const std::vector<LegendSample*>& samples, Sign sign) {
  return samples[static_cast<std::size_t>(sign)];
}

}  // namespace

LegendBar::LegendBar(QWidget* parent) : QWidget(parent), theme_(palette(), font()) {
  setObjectName(QStringLiteral("legend"));
  // It takes what there is: fit() leaves out what has no room.
  setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(8, 1, 8, 1);
  row->setSpacing(4);
  for (std::size_t i = 0; i < lane_count; ++i) {
    const auto lane = static_cast<Lane>(i);
    auto* button = new LaneToggle(lane, theme_, this);
    button->setObjectName(QStringLiteral("lane_") + to_qt(token_of(lane)));
    button->setCheckable(true);
    button->setChecked(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAttribute(Qt::WA_Hover);
    button->setText(to_qt(token_of(lane)));
    button->hide();
    connect(button, &QToolButton::clicked, this,
            [this, lane](bool checked) { Q_EMIT lane_hidden(lane, !checked); });
    row->addWidget(button);
    lanes_[i] = button;
  }
  row->addSpacing(6);
  for (Scene scene :
       {letter_sample(), estimated_sample(), light_sample(), trip_sample(), segments_sample()}) {
    samples_.push_back(new LegendSample(std::move(scene), this));
    row->addWidget(samples_.back());
  }
  row->addStretch();
  progress_ = new QLabel(this);
  progress_->setObjectName(QStringLiteral("progress"));
  play_ = new PlayControl(this);
  further_ = new QToolButton(this);
  closer_ = new QToolButton(this);
  further_->setText(QStringLiteral("−"));
  closer_->setText(QStringLiteral("+"));
  further_->setObjectName(QStringLiteral("zoom_out"));
  closer_->setObjectName(QStringLiteral("zoom_in"));
  for (QToolButton* button : {further_, closer_}) button->setFocusPolicy(Qt::TabFocus);
  level_ = new QLabel(this);
  level_->setAlignment(Qt::AlignCenter);
  row->addWidget(progress_);
  row->addWidget(play_);
  row->addSpacing(6);
  row->addWidget(further_);
  row->addWidget(level_);
  row->addWidget(closer_);
  connect(closer_, &QToolButton::clicked, this, [this] { Q_EMIT zoom_wanted(1); });
  connect(further_, &QToolButton::clicked, this, [this] { Q_EMIT zoom_wanted(-1); });
  take_theme();
  retranslate();
}

void LegendBar::take_theme() {
  theme_ = Theme(palette(), font());
  for (QToolButton* button : lanes_) button->updateGeometry();
  for (LegendSample* sample : samples_) sample->set_theme(theme_);
  for (QLabel* label : {progress_, level_}) label->setFont(theme_.font(TextStyle::label));
}

void LegendBar::retranslate() {
  for (QToolButton* button : lanes_) {
    button->setToolTip(tr("Show or hide %1").arg(button->text()));
    button->setAccessibleName(tr("Show %1").arg(button->text()));
  }
  sample_in(samples_, Sign::letter)->set_text(tr("a letter, sent to received; client above, server below"));
  sample_in(samples_, Sign::estimated)->set_text(tr("other end estimated"));
  sample_in(samples_, Sign::segments)->set_text(tr("one line per segment"));
  sample_in(samples_, Sign::trip)->set_text(tr("round trip, counted"));
  const auto name = [](QToolButton* button, const QString& text) {
    button->setToolTip(text);
    button->setAccessibleName(text);
  };
  name(closer_, tr("Zoom in (+)"));
  name(further_, tr("Zoom out (−)"));
}

void LegendBar::show_view(const Timeline* timeline, const View& view, ViewKind kind) {
  view_ = view;
  bool segments = false, estimated = false;
  const bool counts = kind == ViewKind::connections;
  for (std::size_t i = 0; i < lane_count; ++i) {
    bool used = view.hidden[i];
    if (timeline != nullptr) {
      const LaneIndex& lane = timeline->index(0, false).lanes[i];
      used = used || lane.marks.size() + lane.segments.size() > 0;
      segments = segments || lane.segments.size() > 0;
    }
    // Shares and totals have no lanes.
    lanes_[i]->setVisible(used && !counts);
    lanes_[i]->setChecked(!view.hidden[i]);
  }
  const bool letters = kind == ViewKind::letters, compares = kind == ViewKind::compare;
  const bool any = timeline != nullptr && !timeline->events().empty() && !counts;
  // Looked for among the first: where ends are estimated, they are from the beginning.
  constexpr std::size_t searched = 1000;
  if (any) {
    const auto events = timeline->events().first(std::min(searched, timeline->events().size()));
    estimated = std::any_of(events.begin(), events.end(), [&](const Event& event) {
      // What is compared has no letters to a name server.
      return (event.flags & Event::estimated) != 0 && (!compares || lane_of(event) >= Lane::tcp);
    });
  }
  sample_in(samples_, Sign::letter)->wanted = any && !letters;
  sample_in(samples_, Sign::estimated)->wanted = estimated;
  sample_in(samples_, Sign::light)->wanted = any && !compares && view.light_ns.has_value();
  sample_in(samples_, Sign::segments)->wanted = segments && !compares && !counts;
  for (QWidget* control : {static_cast<QWidget*>(play_), static_cast<QWidget*>(further_),
                           static_cast<QWidget*>(level_), static_cast<QWidget*>(closer_)})
    control->setVisible(!counts);
  // High contrast has no tints.
  sample_in(samples_, Sign::trip)->wanted =
      any && theme_.variant() != Theme::Variant::high_contrast &&
      (compares || (letters && !round_trips_of(*timeline, journey_in(*timeline, view)).empty()));
  if (view.light_ns) {
    std::array<char, date_text_size> text;
    sample_in(samples_, Sign::light)
        ->set_text(tr("before light can arrive, %1")
                       .arg(to_qt(write_duration(stretch(Nanoseconds{*view.light_ns}, view.scale),
                                                 view.language, text))));
  }
  const std::array<QString, level_count> levels = {tr("Years"), tr("Year"), tr("Month"),
                                                   tr("Day"),   tr("Hour"), tr("Minute")};
  int widest = 0;
  QString shown = levels[static_cast<std::size_t>(view.level)];
  bool closer = view.level != Level::minute, further = view.level != Level::years;
  if (letters && timeline != nullptr) {
    const TimeWindow window = window_of(*timeline, view);
    shown = QString::fromStdString(window_length_text(window, view.language));
    closer = window.seconds > shortest_window;
    further = window.seconds < longest_window;
  }
  if (compares) {
    shown = view.compare.window
                ? QString::fromStdString(window_length_text(*view.compare.window, view.language))
                : tr("Whole");
    closer = further = true;
  }
  for (const QString& level : levels)
    widest = std::max(widest, level_->fontMetrics().horizontalAdvance(level));
  level_->setFixedWidth(std::max(widest, level_->fontMetrics().horizontalAdvance(shown)) + 8);
  level_->setText(shown);
  closer_->setEnabled(any && closer);
  further_->setEnabled(any && further);
  fit();
}

void LegendBar::set_progress(const QString& text) {
  progress_->setText(text);
  progress_->setVisible(!text.isEmpty());
  fit();
}

void LegendBar::fit() {
  // Signs are explained as far as there is room; the rest has its tool tip on the page.
  int room = width() - 40;
  const auto use = [&](const QWidget* widget) {
    if (!widget->isHidden()) room -= widget->sizeHint().width() + 6;
  };
  for (const QToolButton* button : lanes_) use(button);
  for (const QWidget* widget :
       {static_cast<QWidget*>(progress_), static_cast<QWidget*>(play_), static_cast<QWidget*>(further_),
        static_cast<QWidget*>(level_), static_cast<QWidget*>(closer_)})
    use(widget);
  for (LegendSample* sample : samples_) {
    const int wanted = sample->sizeHint().width() + 6;
    const bool fits = sample->wanted && wanted <= room;
    if (fits) room -= wanted;
    sample->setVisible(fits);
  }
}

void LegendBar::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fit();
}

void LegendBar::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::LanguageChange) retranslate();
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) take_theme();
}

}  // namespace humantime::ui
