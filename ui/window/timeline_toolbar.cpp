// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/timeline_toolbar.h"

#include <QCheckBox>
#include <QPushButton>
#include <QSignalBlocker>
#include <array>

#include "window/flow_layout.h"
#include "window/journey_chooser.h"
#include "window/labelled_chooser.h"
#include "window/view_switch.h"

namespace humantime::ui {
namespace {

constexpr std::array<std::uint32_t, 7> scales = {1, 2, 5, 10, 30, 60, 600};
constexpr int origin_count = 3, alignment_count = 3, compared_count = 2;

}  // namespace

TimelineToolbar::TimelineToolbar(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("toolbar"));
  auto* row = new FlowLayout(this);
  row->setContentsMargins(10, 5, 10, 5);
  row->setSpacing(8);
  views_ = new ViewSwitch(this);
  journeys_ = new JourneyChooser(this);
  // Long names are cut anyway: it gives way where the others, which can do without their longest item's
  // width, are as narrow as they can be.
  journeys_->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
  const auto chooser = [&](const char* name) {
    auto* made = new LabelledChooser(this);
    made->setObjectName(QString::fromLatin1(name));
    made->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    return made;
  };
  scale_ = chooser("scale_chooser");
  origin_ = chooser("origin_chooser");
  align_ = chooser("align_chooser");
  compared_ = chooser("compare_chooser");
  language_ = chooser("language_chooser");
  limit_ = new QCheckBox(this);
  limit_->setObjectName(QStringLiteral("limit_to_filter"));
  save_ = new QPushButton(this);
  save_->setObjectName(QStringLiteral("save"));
  save_->setAutoDefault(false);
  for (QWidget* widget :
       {static_cast<QWidget*>(views_), static_cast<QWidget*>(journeys_), static_cast<QWidget*>(scale_),
        static_cast<QWidget*>(origin_), static_cast<QWidget*>(align_), static_cast<QWidget*>(compared_),
        static_cast<QWidget*>(language_), static_cast<QWidget*>(limit_)})
    row->addWidget(widget);
  row->add_stretch();
  row->addWidget(save_);
  // As their own names: whoever looks for one of them may not read the other.
  language_->addItem(QStringLiteral("English"));
  language_->addItem(QStringLiteral("日本語"));
  for (const std::uint32_t seconds : scales) scale_->addItem({}, seconds);
  for (int i = 0; i < origin_count; ++i) origin_->addItem({});
  // As they are without a choice, and each of them.
  for (int i = 0; i < alignment_count + 1; ++i) align_->addItem({});
  for (int i = 0; i < compared_count + 1; ++i) compared_->addItem({});

  connect(views_, &ViewSwitch::kind_chosen, this, &TimelineToolbar::kind_chosen);
  connect(journeys_, &JourneyChooser::journey_chosen, this, &TimelineToolbar::journey_chosen);
  const auto activated = QOverload<int>::of(&QComboBox::activated);
  connect(scale_, activated, this, [this](int at) { Q_EMIT scale_chosen(scale_->itemData(at).toUInt()); });
  connect(origin_, activated, this, [this](int at) { Q_EMIT origin_chosen(static_cast<OriginChoice>(at)); });
  connect(language_, activated, this, [this](int at) { Q_EMIT language_chosen(static_cast<Language>(at)); });
  connect(align_, activated, this, [this](int at) { Q_EMIT alignment_chosen(at - 1); });
  connect(compared_, activated, this, [this](int at) { Q_EMIT compared_chosen(at - 1); });
  connect(limit_, &QCheckBox::toggled, this, &TimelineToolbar::limit_chosen);
  connect(save_, &QPushButton::clicked, this, &TimelineToolbar::save_wanted);
}

void TimelineToolbar::show_view(const View& view) {
  journeys_->set_label(tr("&Journey"));
  scale_->set_label(tr("Scal&e"));
  origin_->set_label(tr("&Origin"));
  // What it stands at says what it is; beside it there is no room for a name, too.
  language_->setAccessibleName(tr("Language"));
  align_->set_label(tr("&Align"));
  compared_->set_label(tr("&Rows"));
  int row = scale_->findData(view.scale.seconds_per_year);
  if (row < 0) {
    scale_->addItem({}, view.scale.seconds_per_year);
    row = scale_->count() - 1;
  }
  for (int i = 0; i < scale_->count(); ++i)
    scale_->setItemText(i, tr("%1 s = 1 year").arg(scale_->itemData(i).toUInt()));
  scale_->setCurrentIndex(row);
  const std::array<QString, origin_count> origins = {tr("capture start"), tr("journey start"),
                                                     tr("time reference")};
  for (int i = 0; i < origin_count; ++i) origin_->setItemText(i, origins[static_cast<std::size_t>(i)]);
  origin_->setCurrentIndex(static_cast<int>(view.origin));
  const std::array<QString, alignment_count + 1> alignments = {tr("auto"), tr("ClientHello"), tr("SYN"),
                                                               tr("first frame")};
  for (int i = 0; i <= alignment_count; ++i) align_->setItemText(i, alignments[static_cast<std::size_t>(i)]);
  align_->setCurrentIndex(view.compare.align ? static_cast<int>(*view.compare.align) + 1 : 0);
  const std::array<QString, compared_count + 1> compared = {tr("auto"), tr("journeys"), tr("handshakes")};
  for (int i = 0; i <= compared_count; ++i) compared_->setItemText(i, compared[static_cast<std::size_t>(i)]);
  compared_->setCurrentIndex(view.compare.rows ? static_cast<int>(*view.compare.rows) + 1 : 0);
  language_->setCurrentIndex(static_cast<int>(view.language));
  limit_->setText(tr("Limit to display &filter"));
  {
    const QSignalBlocker silent(limit_);
    limit_->setChecked(view.limit_to_filter);
  }
  save_->setText(tr("&Save…"));
  save_->setAccessibleName(tr("Save"));
}

void TimelineToolbar::set_kind(ViewKind kind) {
  views_->set_kind(kind);
  const bool compares = kind == ViewKind::compare;
  origin_->setVisible(!compares);
  align_->setVisible(compares);
  compared_->setVisible(compares);
}

ViewKind TimelineToolbar::kind() const {
  return views_->kind();
}

void TimelineToolbar::set_timeline(const Timeline* timeline) {
  journeys_->set_timeline(timeline);
}

void TimelineToolbar::set_journey(std::uint32_t journey) {
  journeys_->set_journey(journey);
}

void TimelineToolbar::toggle_limit() {
  limit_->toggle();
}

void TimelineToolbar::clear_limit() {
  limit_->setChecked(false);
}

QWidget* TimelineToolbar::last() const {
  return save_;
}

}  // namespace humantime::ui
