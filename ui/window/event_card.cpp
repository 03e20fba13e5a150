// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/event_card.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <QVBoxLayout>
#include <algorithm>
#include <string>

#include "layout/event_text.h"
#include "layout/packet_bytes.h"
#include "layout/words.h"
#include "paint/mark_shapes.h"
#include "pieces/piece_text.h"
#include "reports/sentences.h"
#include "reports/time_text.h"
#include "saturating.h"
#include "window/event_words.h"

namespace humantime::ui {
namespace {

using journeys::Direction;
using reports::Role;

constexpr int stripe_height = 4;
constexpr int longest_text = 40;

/// Names of a capture are cut: nothing in it decides how wide a window is.
QString cut(const QString& text) {
  return text.size() <= longest_text ? text : text.left(longest_text - 1) + QStringLiteral("…");
}

/// The milestone before it in its journey, at the same end.
std::optional<EventIndex> one_before(const Timeline& timeline, const Event& event) {
  if (event.journey == 0 || event.time_ns == Event::unknown) return std::nullopt;
  // Back over the frames before it: a journey's events stand close together. What is further away than this
  // is not looked for, so that a card is there at once.
  constexpr std::size_t furthest = 20000;
  const std::span<const Event> events = timeline.events();
  const auto place = static_cast<std::size_t>(&event - events.data());
  const std::size_t stop = place > furthest ? place - furthest : 0;
  for (std::size_t i = place; i > stop; --i) {
    const Event& other = events[i - 1];
    if (other.journey != event.journey || other.end != event.end || !is_mark(other)) continue;
    if (other.time_ns == Event::unknown || other.time_ns > event.time_ns) continue;
    return EventIndex{static_cast<std::uint32_t>(i - 1)};
  }
  return std::nullopt;
}

struct Roles {
  std::string sender, receiver;
};

/// Who they are, as far as the frame tells: else their addresses.
Roles roles_of(const Event& event, const EventText& text, Language language) {
  const auto role = [&](Role who) { return std::string(reports::text_of(who).in(language)); };
  const bool from_client = is_sent(event) == is_at_client(event);
  const Lane lane = lane_of(event);
  const std::string client = role(Role::client);
  std::string other = role(Role::server);
  if (lane == Lane::dns) other = role(Role::name_server);
  if (lane == Lane::arp) other = role(Role::router);
  const std::string& address = from_client ? text.to : text.from;
  // There are many name servers: the address tells which. Without its port.
  if (lane == Lane::dns) {
    const std::size_t colon = address.rfind(':');
    const bool has_port =
        colon != std::string::npos && (address.find(':') == colon || address[colon - 1] == ']');
    other += " " + (has_port ? address.substr(0, colon) : address);
    if (language == Language::japanese) other += " ";
  }
  return from_client ? Roles{client, other} : Roles{other, client};
}

/// Says as much of its text as there is room for, and all of it where the pointer rests: its tool tip or,
/// without one, its text.
class ElidedLabel : public QLabel {
 public:
  using QLabel::QLabel;

 protected:
  bool event(QEvent* event) override {
    if (event->type() != QEvent::ToolTip) return QLabel::event(event);
    const bool fits = fontMetrics().horizontalAdvance(text()) <= contentsRect().width();
    if (fits && toolTip().isEmpty()) {
      QToolTip::hideText();
      return true;
    }
    // What a capture says is never markup.
    const QString whole = toolTip().isEmpty() ? text() : toolTip();
    QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(),
                       QStringLiteral("<qt>%1</qt>").arg(whole.toHtmlEscaped()), this);
    return true;
  }
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setPen(palette().color(foregroundRole()));
    painter.drawText(contentsRect(), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     fontMetrics().elidedText(text(), Qt::ElideRight, contentsRect().width()));
  }
};

}  // namespace

QString sentence_of(const Timeline& timeline, const View& view, const Event& event) {
  if (!is_mark(event)) return {};
  const EventText text = timeline.source().text(event.frame);
  const Roles roles = roles_of(event, text, view.language);
  journeys::Kind kind = journeys::Kind::completed;
  const auto& records = timeline.journeys();
  const auto journey = std::lower_bound(records.begin(), records.end(), event.journey,
                                        [](const JourneyRecord& j, std::uint32_t n) { return j.number < n; });
  if (journey != records.end() && journey->number == event.journey) kind = journey->kind;

  reports::Values values = {{"sender", roles.sender},
                            {"Sender", reports::capitalised(roles.sender)},
                            {"receiver", roles.receiver},
                            {"to", text.to},
                            {"label", std::string(label_of(event.phase, view.language))},
                            {"detail", text.detail}};
  if (lane_of(event) == Lane::dns) {
    const reports::AskedRecord asked = reports::asked_in(text.detail);
    if (!asked.host.empty()) {
      values.emplace_back("host", asked.host);
      values.emplace_back("record", reports::record_text(asked.type, view.language));
    }
  }
  const reports::SentenceRow& row = reports::sentences_of(event.phase);
  const bool arrives = event.direction == Direction::received && !row.arrives.english.empty();
  const reports::Sentence& sentence = event.phase == Phase::tcp_rst ? reports::reset_of(kind)
                                      : arrives                     ? row.arrives
                                                                    : row.leaves;
  return QString::fromStdString(reports::fill(sentence.in(view.language), values));
}

namespace {

/// What the packet is made of: its headers together, then what they carry.
void add_bytes(const Timeline& timeline, const View& view, EventIndex index, CardText& card) {
  constexpr std::size_t most_rows = 3;
  const std::vector<FramePiece> pieces = with_joint_headers(timeline.pieces(index));
  if (pieces.empty()) return;
  const auto add = [&](const QString& label, const QString& value, const QString& aside) {
    card.rows.push_back({label, value, aside, value});
  };
  const bool headers = pieces.front().kind == PieceKind::headers;
  const std::size_t begin = headers ? 1 : 0;
  add(CardText::tr("bytes"), to_qt(counted(bytes_of(pieces))),
      headers ? to_qt(text_of(pieces.front(), view.language)) : QString());
  for (std::size_t i = begin; i < std::min(pieces.size(), begin + most_rows); ++i) {
    const FramePiece& piece = pieces[i];
    const QString size = to_qt(counted(piece.bytes));
    add({}, to_qt(std::string(name_of(piece, view.language))),
        piece.whole == 0 ? size : CardText::tr("%1 of %2").arg(size, to_qt(counted(piece.whole))));
  }
  if (pieces.size() > begin + most_rows)
    add({}, CardText::tr("and %n more", nullptr, static_cast<int>(pieces.size() - begin - most_rows)), {});
}

}  // namespace

CardText card_of(const Timeline& timeline, const View& view, EventIndex index) {
  const Event& event = timeline.at(index);
  const EventWords words(timeline, view);
  EventRecord record;
  if (!timeline.source().read(event.frame, record)) return {};
  const EventText text = timeline.source().text(event.frame);
  const bool sent = is_sent(event);

  CardText card;
  card.mark = {.at = {},
               .radius = 5,
               .lane = lane_of(event),
               .filling = sent ? Filling::hollow : Filling::filled,
               .event = index};
  card.name = QString::fromStdString(name_of(timeline, index, view.language));
  card.milestone = EventWords::milestone(event);

  const auto add = [&](const QString& label, const QString& value, const QString& aside,
                       const QString& whole = {}) {
    card.rows.push_back({label, value, aside, whole.isEmpty() ? value : whole});
  };
  const std::string mean = mean_text(timeline, view, index);
  const auto frame_text = [&](End end, FrameNumber frame) {
    const QString name = EventWords::end_name(end);
    // A mean has no frame.
    if (!mean.empty()) return name;
    return name.isEmpty() ? CardText::tr("frame %1").arg(to_number(frame))
                          : CardText::tr("%1, frame %2").arg(name).arg(to_number(frame));
  };
  const QString here = event.direction == Direction::unknown ? CardText::tr("seen")
                       : sent                                ? CardText::tr("sent")
                                                             : CardText::tr("received");
  const QString there = sent ? CardText::tr("received") : CardText::tr("sent");
  const auto add_here = [&] {
    const bool timed = event.time_ns != Event::unknown;
    const QString date = mean.empty() ? words.known_second(event) : to_qt(mean_date(timeline, view, index));
    add(here, timed ? date : CardText::tr("no time stamp"), frame_text(event.end, event.frame));
    if (timed) add(CardText::tr("real time"), EventWords::tr("%1 ms").arg(words.ms(event.time_ns)), {});
  };
  const auto add_there = [&] {
    if (event.other_ns == Event::unknown) return;
    const QString aside = record.peer == no_frame ? CardText::tr("estimated")
                                                  : frame_text(event.end == End::client   ? End::server
                                                               : event.end == End::server ? End::client
                                                                                          : End::unknown,
                                                               record.peer);
    const auto peer = mean.empty() ? std::nullopt : timeline.find(record.peer);
    add(there, peer ? to_qt(mean_date(timeline, view, *peer)) : words.known_there(event), aside);
  };
  if (!sent) add_there();
  add_here();
  if (sent) add_there();

  if (event.other_ns != Event::unknown && event.time_ns != Event::unknown) {
    const std::int64_t way =
        sent ? difference(event.other_ns, event.time_ns) : difference(event.time_ns, event.other_ns);
    QString real = EventWords::real(way);
    if (record.precision_ns > 0) real += QStringLiteral(" ± ") + to_qt(reports::ms_text(record.precision_ns));
    add(CardText::tr("on the way"), words.length(way), real);
    if (view.light_ns) {
      add(CardText::tr("light needs"), words.length(*view.light_ns), EventWords::real(*view.light_ns));
      if (way > *view.light_ns)
        add(CardText::tr("more than light"), words.length(way - *view.light_ns),
            EventWords::real(way - *view.light_ns));
    }
  }
  if (const journeys::Spread* spread = timeline.spread(index)) {
    add(CardText::tr("average"), to_qt(mean),
        QStringLiteral("%1 – %2").arg(words.minute(spread->min_ns), words.minute(spread->max_ns)));
  }
  if (const auto before = one_before(timeline, event)) {
    const std::int64_t ago = difference(event.time_ns, timeline.at(*before).time_ns);
    add(CardText::tr("before that"), cut(words.says(*before)),
        CardText::tr("%1 earlier").arg(words.length(ago)), words.says(*before));
  }
  if (!text.from.empty() || !text.to.empty())
    add(CardText::tr("from → to"), QStringLiteral("%1 → %2").arg(cut(to_qt(text.from)), cut(to_qt(text.to))),
        {}, QStringLiteral("%1 → %2").arg(to_qt(text.from), to_qt(text.to)));
  if (!text.detail.empty()) add(CardText::tr("it says"), cut(to_qt(text.detail)), {}, to_qt(text.detail));
  add_bytes(timeline, view, index, card);
  if ((event.flags & Event::inferred) != 0)
    add(CardText::tr("inferred"), CardText::tr("from lengths and order, not from the bytes"), {});
  card.sentence = sentence_of(timeline, view, event);
  return card;
}

EventCard::EventCard(Place place, QWidget* parent)
    : QFrame(parent, place == Place::hover ? Qt::ToolTip | Qt::FramelessWindowHint : Qt::Widget),
      place_(place) {
  setObjectName(place == Place::hover ? QStringLiteral("hover_card") : QStringLiteral("event_card"));
  setFrameShape(QFrame::NoFrame);
  setBackgroundRole(QPalette::Base);
  setAutoFillBackground(true);
  if (place == Place::hover) {
    setFixedWidth(hover_width);
    setAttribute(Qt::WA_ShowWithoutActivating);
    setAttribute(Qt::WA_TransparentForMouseEvents);
  }
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(10, stripe_height + 8, 10, 8);
  column->setSpacing(5);
  auto* head = new QHBoxLayout;
  head->setSpacing(6);
  mark_ = new QLabel(this);
  name_ = prepared(new ElidedLabel(this));
  name_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  milestone_ = make_label();
  head->addWidget(mark_);
  head->addWidget(name_, 1);
  head->addWidget(milestone_);
  column->addLayout(head);
  grid_ = new QGridLayout;
  grid_->setHorizontalSpacing(10);
  grid_->setVerticalSpacing(3);
  grid_->setColumnStretch(1, 1);
  column->addLayout(grid_);
  rule_ = new QFrame(this);
  rule_->setFrameShape(QFrame::HLine);
  rule_->setFrameShadow(QFrame::Plain);
  column->addWidget(rule_);
  sentence_ = make_label();
  sentence_->setWordWrap(true);
  column->addWidget(sentence_);
  column->addStretch();
  if (place == Place::panel) setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
}

QLabel* EventCard::make_label() {
  return prepared(new QLabel(this));
}

QLabel* EventCard::prepared(QLabel* label) {
  // Never rich text: names come from a capture.
  label->setTextFormat(Qt::PlainText);
  if (place_ == Place::panel) label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  return label;
}

void EventCard::show_card(const CardText& card, const Theme& theme) {
  card_ = card;
  stripe_ = theme.color(ink_of(card.mark.lane));
  QPalette muted = palette();
  for (const auto role : {QPalette::WindowText, QPalette::Text})
    muted.setColor(role, theme.color(Ink::muted));
  QPalette plain = palette();
  for (const auto role : {QPalette::WindowText, QPalette::Text}) plain.setColor(role, theme.color(Ink::text));

  constexpr int size = 14;
  QPixmap picture(QSize(size, size) * devicePixelRatioF());
  picture.setDevicePixelRatio(devicePixelRatioF());
  picture.fill(Qt::transparent);
  QPainter painter(&picture);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.translate(size / 2.0, size / 2.0);
  paint_mark(painter, card.mark, theme);
  painter.end();
  mark_->setPixmap(picture);

  const auto set = [](QLabel* label, const QString& text, const QFont& font, const QPalette& colors) {
    label->setFont(font);
    label->setPalette(colors);
    label->setText(text);
  };
  set(name_, card.name, theme.font(TextStyle::heading), plain);
  set(milestone_, card.milestone, theme.font(TextStyle::label), muted);
  set(sentence_, card.sentence, theme.font(TextStyle::label), plain);
  sentence_->setVisible(!card.sentence.isEmpty());
  rule_->setVisible(!card.sentence.isEmpty());
  rule_->setPalette(muted);

  while (cells_.size() < card.rows.size() * 3) {
    const int row = static_cast<int>(cells_.size() / 3);
    for (int column = 0; column < 3; ++column) {
      QLabel* label = column == 1 ? prepared(new ElidedLabel(this)) : make_label();
      if (column == 1) label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
      if (column == 2) label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
      grid_->addWidget(label, row, column);
      cells_.push_back(label);
    }
  }
  for (std::size_t i = 0; i < cells_.size() / 3; ++i) {
    const bool used = i < card.rows.size();
    for (std::size_t column = 0; column < 3; ++column) cells_[3 * i + column]->setVisible(used);
    if (!used) continue;
    const CardText::Row& row = card.rows[i];
    set(cells_[3 * i], row.label, theme.font(TextStyle::label), muted);
    set(cells_[3 * i + 1], row.value, theme.font(TextStyle::label_bold), plain);
    cells_[3 * i + 1]->setToolTip(row.whole == row.value ? QString() : row.whole);
    set(cells_[3 * i + 2], row.aside, theme.font(TextStyle::label), muted);
    // Without an aside the value has the room of both.
    cells_[3 * i + 2]->setVisible(!row.aside.isEmpty());
    grid_->removeWidget(cells_[3 * i + 1]);
    grid_->addWidget(cells_[3 * i + 1], static_cast<int>(i), 1, 1, row.aside.isEmpty() ? 2 : 1);
  }
  setAccessibleName(card.name);
  setAccessibleDescription(card.sentence);
  if (place_ == Place::hover) adjustSize();
  update();
}

void EventCard::paintEvent(QPaintEvent* event) {
  QFrame::paintEvent(event);
  QPainter painter(this);
  painter.fillRect(QRect(0, 0, width(), stripe_height), stripe_);
  QColor edge = palette().color(QPalette::Text);
  edge.setAlphaF(0.25);
  painter.setPen(edge);
  painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

}  // namespace humantime::ui
