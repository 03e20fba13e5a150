// SPDX-License-Identifier: GPL-2.0-or-later
// Dates, lengths and real times as the reports write them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "reports/rounded_date.h"
#include "reports/telling.h"
#include "saturating.h"
#include "store.h"

namespace humantime::reports {

/// `Mar 9, 19:27`; `3月9日 午後7時27分`: a date as write_date has it, without its seconds.
std::string minute_text(const Date& date, Language language);
/// The same of a date that is known to hours or days only: `Mar 9, 19:00`, `Mar 9`.
std::string rounded_text(const RoundedDate& date, Language language);

/// The dates of one capture: its first frame with a time begins year 1.
class Dates {
 public:
  Dates(const FrameStore& store, Telling telling);

  /// Of times that are counted since the beginning of year 1.
  static Dates since_zero(Telling telling);

  /// The dates of the journey that begins with `first`, no_frame for none. The same ones but where each
  /// journey begins its own year 1: then without a first frame, or its time, there is no date.
  Dates of_journey(const FrameStore& store, FrameNumber first) const;
  Dates of_journey(const FrameStore& store, const journeys::Journey& journey) const {
    return of_journey(store, journey.legs.empty() ? no_frame : journey.legs.front().frame);
  }

  Language language() const { return telling_.language; }
  /// Whether there are dates; without, those of at() are meaningless.
  bool known() const { return known_; }
  Date at(std::int64_t time_ns) const;
  /// `Mar 9, 19:27:31`, as the field humantime.time has it.
  std::string to_second(std::int64_t time_ns) const;
  /// `Mar 9, 19:27`.
  std::string to_minute(std::int64_t time_ns) const;
  /// The frame's time by the clock that dates are told by: corrected where clocks are. Without a time of its
  /// own 0.
  std::int64_t instant_of(const FrameStore& store, FrameNumber frame) const;
  /// The date, known to `precision_ns` real nanoseconds, and no finer than that: `Mar 9, 19:27`, to a
  /// quarter of an hour, to an hour, or `Mar 9` where the day is all that can be said. Rounded to the
  /// nearest. Empty where there are no dates.
  std::string rounded(std::int64_t time_ns, std::int64_t precision_ns) const;
  /// A real length in stretched words: `8 d 3 h`.
  std::string length(std::int64_t ns) const;
  /// A real length in days of the year.
  double days(std::int64_t ns) const;
  /// The real nanoseconds since the origin that stretch to `time`.
  std::int64_t real(StretchedTime time) const { return shrink(time, telling_.scale).count(); }
  /// How wide to_minute is at `time_ns` at the most: dates of year 1 are short.
  std::size_t minute_width(std::int64_t time_ns) const;

 private:
  explicit Dates(Telling telling) : telling_(telling), known_(true) {}

  Telling telling_;
  bool known_ = false;
  std::int64_t origin_ns_ = 0;
};

/// Real milliseconds: `914.777`, to the microsecond.
std::string ms_text(std::int64_t ns);
/// The same as a number, to the nanosecond.
double ms_of(std::int64_t ns);
/// `2016-06-25 12:00:00.123456789`: an instant since 1970, UTC.
std::string utc_text(std::int64_t time_ns);

}  // namespace humantime::reports
