// SPDX-License-Identifier: GPL-2.0-or-later
// What is known of one event, on a card: beside the pointer, and in the panel for the selected one.
#pragma once

#include <QCoreApplication>
#include <QFrame>
#include <QLabel>
#include <QString>
#include <vector>

#include "layout/view.h"
#include "model/timeline.h"
#include "paint/theme.h"

class QGridLayout;

namespace humantime::ui {

/// The card's words. Everything is plain text: most of it comes from a capture.
struct CardText {
  Q_DECLARE_TR_FUNCTIONS(humantime::ui::CardText)

 public:
  struct Row {
    QString label, value, aside;
    QString whole;  ///< of a value that is cut: what it is cut of
  };
  Mark mark;
  QString name, milestone;
  std::vector<Row> rows;
  QString sentence;
};

/// What the story says of the event; empty for phases that are no milestones. `kind` is its journey's.
QString sentence_of(const Timeline& timeline, const View& view, const Event& event);

CardText card_of(const Timeline& timeline, const View& view, EventIndex event);

class EventCard : public QFrame {
  Q_OBJECT

 public:
  enum class Place : std::uint8_t { panel, hover };
  static constexpr int hover_width = 356;

  EventCard(Place place, QWidget* parent);
  void show_card(const CardText& card, const Theme& theme);
  const CardText& card() const { return card_; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QLabel* make_label();
  QLabel* prepared(QLabel* label);

  CardText card_;
  QColor stripe_;
  Place place_;
  QLabel *mark_, *name_, *milestone_, *sentence_;
  QFrame* rule_;
  QGridLayout* grid_;
  std::vector<QLabel*> cells_;  ///< three a row, kept for the next card
};

}  // namespace humantime::ui
