// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/event_words.h"

#include <array>

#include "layout/event_text.h"
#include "layout/known_date.h"
#include "layout/page.h"
#include "reports/time_text.h"
#include "saturating.h"

namespace humantime::ui {

EventWords::EventWords(const Timeline& timeline, const View& view)
    : timeline_(timeline),
      view_(view),
      language_(view.language),
      scale_(view.scale),
      origin_ns_(origin_of(timeline, view)) {}

Date EventWords::date(std::int64_t time_ns) const {
  return date_of(stretched(time_ns, origin_ns_.value_or(0), scale_));
}

QString EventWords::minute(std::int64_t time_ns) const {
  if (time_ns == Event::unknown) return {};
  return to_qt(reports::minute_text(date(time_ns), language_));
}

QString EventWords::second(std::int64_t time_ns) const {
  if (time_ns == Event::unknown) return {};
  std::array<char, date_text_size> text;
  return to_qt(write_date(date(time_ns), language_, text));
}

QString EventWords::known(const Event& event) const {
  if (event.time_ns == Event::unknown) return {};
  return to_qt(reports::rounded_text(known_date(timeline_, view_, event), language_));
}

QString EventWords::known_there(const Event& event) const {
  if (event.other_ns == Event::unknown) return {};
  return to_qt(reports::rounded_text(known_other_date(timeline_, view_, event), language_));
}

QString EventWords::known_second(const Event& event) const {
  return precision_here(timeline_, event) == 0 ? second(event.time_ns) : known(event);
}

QString EventWords::ms(std::int64_t time_ns) const {
  if (time_ns == Event::unknown) return {};
  return to_qt(reports::ms_text(difference(time_ns, origin_ns_.value_or(0))));
}

QString EventWords::length(std::int64_t ns) const {
  std::array<char, date_text_size> text;
  return to_qt(write_duration(stretch(Nanoseconds{ns}, scale_), language_, text));
}

QString EventWords::real(std::int64_t ns) {
  //: A real length of time, in milliseconds
  return tr("%1 ms").arg(to_qt(reports::ms_text(ns)));
}

QString EventWords::says(EventIndex index) const {
  const QString name = QString::fromStdString(name_of(timeline_, index, language_));
  switch (timeline_.at(index).direction) {
    case journeys::Direction::sent:
      return tr("%1 sent").arg(name);
    case journeys::Direction::received:
      return tr("%1 received").arg(name);
    case journeys::Direction::unknown:
      break;
  }
  return name;
}

QString EventWords::end_letter(End end) {
  switch (end) {
    case End::client:
      return tr("C", "one letter: the client's end");
    case End::server:
      return tr("S", "one letter: the server's end");
    case End::middle:
      return tr("M", "one letter: between the ends");
    case End::unknown:
      break;
  }
  return {};
}

QString EventWords::end_name(End end) {
  switch (end) {
    case End::client:
      return tr("client");
    case End::server:
      return tr("server");
    case End::middle:
      return tr("in between");
    case End::unknown:
      break;
  }
  return {};
}

QString EventWords::milestone(const Event& event) {
  const QString token = to_qt(token_of(event.phase));
  return is_mark(event) ? QStringLiteral("%1#%2").arg(token).arg(event.ordinal) : token;
}

}  // namespace humantime::ui
