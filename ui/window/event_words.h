// SPDX-License-Identifier: GPL-2.0-or-later
// Dates and lengths of events as the widgets write them, in the view's language.
#pragma once

#include <QCoreApplication>
#include <QString>
#include <optional>

#include "layout/view.h"
#include "model/timeline.h"

namespace humantime::ui {

class EventWords {
  Q_DECLARE_TR_FUNCTIONS(humantime::ui::EventWords)

 public:
  EventWords(const Timeline& timeline, const View& view);

  /// None where no event has a time.
  std::optional<std::int64_t> origin_ns() const { return origin_ns_; }
  Date date(std::int64_t time_ns) const;
  /// `Mar 9, 19:27`, empty for Event::unknown; and to the second.
  QString minute(std::int64_t time_ns) const;
  QString second(std::int64_t time_ns) const;
  /// The date at the event's own end, and at the other one, no finer than their clocks are known: `Mar 9,
  /// 19:27`, `Mar 9, 19:00`, `Mar 9`.
  QString known(const Event& event) const;
  QString known_there(const Event& event) const;
  /// At its own end, to the second where that is known.
  QString known_second(const Event& event) const;
  /// Real milliseconds since the origin, `185.782`.
  QString ms(std::int64_t time_ns) const;
  /// A real length in stretched words, two units: `9 d 15 h`.
  QString length(std::int64_t ns) const;
  /// A real length in real words, `26.376 ms`.
  static QString real(std::int64_t ns);

  /// The name and which way: `ClientHello sent`.
  QString says(EventIndex event) const;
  /// C, S, M, or nothing.
  static QString end_letter(End end);
  /// `client`, `server`, in the language of the dialog.
  static QString end_name(End end);
  /// `tls.client_hello#1`.
  static QString milestone(const Event& event);

 private:
  const Timeline& timeline_;
  const View& view_;
  Language language_;
  Scale scale_;
  std::optional<std::int64_t> origin_ns_;
};

inline QString to_qt(std::string_view text) {
  return QString::fromUtf8(text.data(), static_cast<int>(text.size()));
}

}  // namespace humantime::ui
