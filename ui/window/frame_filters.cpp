// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/frame_filters.h"

#include <QStringList>

#include "layout/page.h"
#include "window/event_words.h"

namespace humantime::ui {
namespace {

QString epoch_text(std::int64_t ns) {
  constexpr std::int64_t second = 1000000000;
  const std::int64_t whole = ns / second - (ns % second < 0 ? 1 : 0);
  return QStringLiteral("%1.%2").arg(whole).arg(ns - whole * second, 9, 10, QLatin1Char('0'));
}

}  // namespace

QString filter_of_journey(std::uint32_t number) {
  return QStringLiteral("humantime.journey == %1").arg(number);
}

QString filter_of_journeys(const std::vector<std::uint32_t>& numbers) {
  constexpr int most_ranges = 400;
  if (numbers.size() == 1) return filter_of_journey(numbers.front());
  QStringList ranges;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t last = i;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    ranges +=
        last == i ? QString::number(numbers[i]) : QStringLiteral("%1..%2").arg(numbers[i]).arg(numbers[last]);
    i = last + 1;
  }
  if (ranges.isEmpty() || ranges.size() > most_ranges) return {};
  return QStringLiteral("humantime.journey in {%1}").arg(ranges.join(QStringLiteral(", ")));
}

QString filter_of_phase(Phase phase) {
  return QStringLiteral("humantime.phase == \"%1\"").arg(to_qt(token_of(phase)));
}

QString filter_of_handshake(const std::string& kind) {
  QString quoted = to_qt(kind);
  quoted.replace(QLatin1Char('\\'), QLatin1String("\\\\")).replace(QLatin1Char('"'), QLatin1String("\\\""));
  return QStringLiteral("humantime.handshake == \"%1\"").arg(quoted);
}

QString filter_of_date(DateSpan span, StretchedTime time, std::int64_t origin_ns, Scale scale,
                       bool as_preferences) {
  const Date date = date_of(time);
  if (as_preferences) {
    QString filter =
        QStringLiteral("humantime.year == %1 && humantime.month == %2").arg(date.year).arg(date.month);
    if (span == DateSpan::day) filter += QStringLiteral(" && humantime.day == %1").arg(date.day);
    return filter;
  }
  Date begin{date.year, date.month, span == DateSpan::day ? date.day : 1, 0, 0, 0, 0};
  Date end = begin;
  end.day += span == DateSpan::day ? 1 : days_in_month(date.month);
  return QStringLiteral("frame.time_epoch >= %1 && frame.time_epoch < %2")
      .arg(epoch_text(captured(time_of(begin), origin_ns, scale)),
           epoch_text(captured(time_of(end), origin_ns, scale)));
}

}  // namespace humantime::ui
