// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/label_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <initializer_list>

#include "layout/answer_words.h"
#include "layout/dialogue_words.h"
#include "layout/event_text.h"
#include "layout/known_date.h"
#include "layout/letter.h"
#include "layout/packet_bytes.h"
#include "layout/words.h"
#include "model/round_trips.h"
#include "reports/time_text.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

constexpr double run_gap = 6;
constexpr double line_height = 15;

/// Of a packet with several messages the last one: of `Certificate … ServerHelloDone` the second.
std::string last_message(const Drawing& d, std::uint32_t event) {
  constexpr std::string_view between = " … ", below = " + ";
  std::string name = name_of(d.timeline, EventIndex{event}, d.view.language);
  if (const std::size_t at = name.find(below); at != std::string::npos) name.resize(at);
  if (const std::size_t at = name.rfind(between); at != std::string::npos) name.erase(0, at + between.size());
  return name;
}

std::string name_of_wish(const Drawing& d, const LabelWish& wish) {
  if (wish.last == wish.event) {
    std::string name = dialogue_name(d.timeline, d.view, EventIndex{wish.event});
    if (!name.empty()) return name;
    return letter_name(d.timeline.at(EventIndex{wish.event}).phase,
                       name_of(d.timeline, EventIndex{wish.event}, d.view.language), d.view.language);
  }
  // Of many that were folded the first and the last.
  std::string name(label_of(d.timeline.at(EventIndex{wish.event}).phase, d.view.language));
  const std::string last = last_message(d, wish.last);
  if (last != name) name.append(" … ").append(last);
  // A pair that has two names is counted by them.
  const bool alike =
      wish.count == 2 && last == label_of(d.timeline.at(EventIndex{wish.event}).phase, d.view.language);
  name = in_letters(std::move(name), d.view.language);
  if (wish.count > 2 || alike) name.append(" (").append(counted(wish.count)).append(")");
  return name;
}

std::string length_of(const Drawing& d, std::int64_t ns) {
  return length_text(stretch(Nanoseconds{ns}, d.view.scale), d.view.language);
}

Date date_at(const Drawing& d, std::int64_t ns) {
  return date_of(stretched(ns, d.frame.origin_ns, d.view.scale));
}

/// When it was, as far as that is known: of a mean with its date, for its whisker is days long.
std::string when_of(const Drawing& d, std::uint32_t event) {
  if (d.timeline.spread(EventIndex{event}) != nullptr)
    return mean_date(d.timeline, d.view, EventIndex{event});
  const reports::RoundedDate date = known_date(d.timeline, d.view, d.timeline.at(EventIndex{event}));
  return date.day_only ? std::string() : clock_text(date.date, d.view.language);
}

/// On a flag of a minute's page to the second, where its place's clock tells.
std::string flag_time(const Drawing& d, std::uint32_t event) {
  const Event& of = d.timeline.at(EventIndex{event});
  std::string when = when_of(d, event);
  if (d.view.level < Level::minute || d.timeline.spread(EventIndex{event}) != nullptr ||
      precision_here(d.timeline, of) != 0)
    return when;
  std::array<char, 16> seconds;
  const char* format = d.view.language == Language::japanese ? "%02d秒" : ":%02d";
  std::snprintf(seconds.data(), seconds.size(), format, date_at(d, of.time_ns).second);
  return when + seconds.data();
}

/// Everything that a packet does, as `130 bytes: ClientKeyExchange, ChangeCipherSpec, Finished`; empty where
/// that is its name.
std::string packet_of(const Drawing& d, const Event& event) {
  constexpr std::size_t most_named = 6;
  EventRecord record;
  if (d.view.level < Level::hour || (event.flags & Event::mean) != 0 ||
      !d.timeline.source().read(event.frame, record) || record.bytes == 0)
    return {};
  const Words& words = words_of(d.view.language);
  std::string named;
  for (std::size_t i = 0; i < std::min(record.marks.size(), most_named); ++i)
    named.append(i == 0 ? "" : words.comma).append(label_of(record.marks[i].phase, d.view.language));
  if (record.marks.size() > most_named) named += " …";
  return filled(words.packet, {counted(record.bytes), named});
}

/// What is not empty of these, in their order.
LabelLineText runs_of(std::initializer_list<LabelRun> runs) {
  LabelLineText line;
  for (const LabelRun& run : runs)
    if (!run.text.empty()) line.push_back(run);
  return line;
}

/// What came of a mean, and how far apart it was: the arrival of a letter, the answer to a question whose
/// arrival nobody captured, else the mean itself.
struct Outlook {
  std::string_view wording;
  const journeys::Spread* spread = nullptr;
};
Outlook outlook_of(const Drawing& d, std::uint32_t index) {
  const Words& words = words_of(d.view.language);
  const journeys::Spread* own = d.timeline.spread(EventIndex{index});
  if (own == nullptr) return {};
  const Event& event = d.timeline.at(EventIndex{index});
  if ((event.flags & Event::estimated) != 0) {
    const auto answer = turned_with(d.timeline, EventIndex{index});
    return {words.answered_within, answer ? d.timeline.spread(*answer) : nullptr};
  }
  EventRecord record;
  if (event.other_ns == Event::unknown || !d.timeline.source().read(event.frame, record))
    return {words.with_deviation, own};
  const auto peer = d.timeline.find(record.peer);
  return {words.arrives_within, peer ? d.timeline.spread(*peer) : nullptr};
}

/// What is counted of a row of the year, in an answer's terms.
std::vector<LabelWording> counts_of(const Drawing& d, const LabelWish& wish, Ink ink) {
  std::vector<LabelWording> made;
  if (wish.row == nullptr || d.view.level != Level::year || d.view.until) return made;
  const Lane lane = lane_of(d.timeline.at(EventIndex{wish.event}));
  const LaneIndex& index = d.index.of(lane);
  if (lane == Lane::tcp) {
    std::string acks =
        acks_text(d.timeline, index, *wish.row, wish.count, wish.received, wish.directed, d.view.language);
    if (!acks.empty()) made.push_back({{{std::move(acks), TextStyle::label, ink}}});
    return made;
  }
  const std::optional<LetterTally> tally =
      lane == Lane::http ? tally_of(d.timeline, index, *wish.row) : std::nullopt;
  const std::string told = tally ? tally_text(*tally, *wish.row, d.view.language) : std::string();
  if (told.empty()) return made;
  if (const Answer* answer = wish.answer; answer != nullptr) {
    const Event& first = d.timeline.at(answer->first);
    const std::int64_t arrives =
        answer->first_way_ns ? std::max(first.time_ns, first.other_ns) : first.time_ns;
    const std::string count = answer_count(*answer, d.view);
    if (!count.empty() && arrives >= wish.row->begin_ns && arrives < wish.row->end_ns) {
      made.push_back({{{count, TextStyle::label_bold, ink}, {told, TextStyle::label, ink}}});
      made.push_back({{{count, TextStyle::label_bold, ink}}});
    }
  }
  made.push_back({{{told, TextStyle::label, ink}}});
  return made;
}

/// `ClientHello sent`, where it is known which.
std::string sent_or_received(const Drawing& d, const LabelWish& wish, std::string name) {
  const Event& event = d.timeline.at(EventIndex{wish.event});
  if (event.direction == journeys::Direction::unknown || wish.both_ways) return name;
  const Words& words = words_of(d.view.language);
  return filled(is_sent(event) ? words.sent : words.received, {name});
}

/// Cut, not rounded: what is not there has not arrived. As fine as a row differs from the next.
std::string percent(double share, double row_share) {
  const int decimals = row_share >= 0.01 ? 0 : row_share >= 0.001 ? 1 : 2;
  const double unit = decimals == 0 ? 1 : decimals == 1 ? 10 : 100;
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.*f", decimals, std::floor(share * 100 * unit) / unit);
  return text.data();
}

/// `06:00`; where a day ends `midnight`.
std::string share_date(const Drawing& d, std::int64_t ns) {
  const Date date = date_at(d, ns);
  if (d.view.level == Level::day && date.hour == 0 && date.minute == 0)
    return std::string(words_of(d.view.language).midnight);
  return clock_text(date, d.view.language);
}

reports::RoundedDate sending_date(const Drawing& d, const Event& event) {
  return is_sent(event) ? known_date(d.timeline, d.view, event) : known_other_date(d.timeline, d.view, event);
}
reports::RoundedDate arrival_date(const Drawing& d, const Event& event) {
  return is_sent(event) ? known_other_date(d.timeline, d.view, event) : known_date(d.timeline, d.view, event);
}

std::string_view sender_of(const Drawing& d, const Event& event) {
  const Words& words = words_of(d.view.language);
  return is_sent(event) == is_at_client(event) ? words.client : words.server;
}

/// A letter on its way: in a month the whole of it, closer what of it falls into the row.
std::vector<LabelWording> way_wordings(const Drawing& d, const LabelWish& wish, Ink ink) {
  const Words& words = words_of(d.view.language);
  const std::string name = name_of_wish(d, wish);
  std::vector<LabelWording> made;
  // Where the same letter goes through many rows the first tells of it, the others remind of it.
  const bool again = !wish.first && wish.part == WayPart::middle && d.view.level >= Level::hour;
  const auto add = [&](std::string text) {
    made.push_back({{{std::move(text), again ? TextStyle::label : TextStyle::label_bold, ink}}});
  };
  const bool month = d.view.level <= Level::month;
  const bool estimated = (d.timeline.at(EventIndex{wish.event}).flags & Event::estimated) != 0;
  if (month || wish.part == WayPart::whole || (wish.part == WayPart::middle && wish.first)) {
    if (wish.length_ns > 0)
      add(filled(wish.there_and_back ? words.answer_after : words.on_the_way,
                 {name, length_of(d, wish.length_ns)}));
  } else if (wish.part == WayPart::beginning) {
    add(filled(words.sets_off, {name}));
  } else if (wish.part == WayPart::end && !estimated && wish.share > 0) {
    const std::int64_t rest = difference(
        wish.length_ns, static_cast<std::int64_t>(wish.share * static_cast<double>(wish.length_ns)));
    add(filled(words.in_its_last, {name, length_of(d, rest), percent(wish.share, wish.row_share)}));
  }
  if (!month && !again) add(filled(words.just_on_the_way, {name}));
  add(name);
  return made;
}

}  // namespace

std::vector<LabelWording> wordings_of(const Drawing& d, const LabelWish& wish, Ink ink) {
  const Words& words = words_of(d.view.language);
  const Event& event = d.timeline.at(EventIndex{wish.event});
  const auto label = [&](std::string text) { return LabelRun{std::move(text), TextStyle::label, ink}; };
  std::vector<LabelWording> made;
  switch (wish.kind) {
    case LabelKind::name: {
      if (wish.last == wish.event || (wish.count < 3 && event.phase == Phase::dns_query &&
                                      d.timeline.at(EventIndex{wish.last}).phase == Phase::dns_query))
        for (std::string& text :
             question_wordings(d.timeline, d.view, EventIndex{wish.event}, wish.length_ns))
          made.push_back({{label(std::move(text))}});
      if (!made.empty()) break;
      const std::string name = name_of_wish(d, wish);
      const std::string with_length =
          wish.length_ns > 0 ? name + " " + length_of(d, wish.length_ns) : std::string();
      const Outlook outlook = wish.last == wish.event ? outlook_of(d, wish.event) : Outlook{};
      if (outlook.spread != nullptr && outlook.spread->sd_ns > 0)
        made.push_back({{label(filled(outlook.wording, {with_length.empty() ? name : with_length,
                                                        deviation_text(outlook.spread->sd_ns, d.view)}))}});
      if (!with_length.empty()) made.push_back({{label(with_length)}});
      made.push_back({{label(name)}});
      break;
    }
    case LabelKind::arrival:
      made.push_back(
          {{{last_letter_text(date_at(d, event.time_ns), d.view.language), TextStyle::label_bold, ink}}});
      break;
    case LabelKind::count: {
      for (LabelWording& wording : counts_of(d, wish, ink)) made.push_back(std::move(wording));
      const std::string sent = counted(wish.count), received = counted(wish.received);
      if (wish.directed)
        made.push_back({{label(wish.received == 0 ? filled(words.segments_sent, {sent})
                               : wish.count == 0  ? filled(words.segments_received, {received})
                                                  : filled(wish.count == 1 ? words.one_segment_sent_received
                                                                           : words.segments_sent_received,
                                                          {sent, received}))}});
      made.push_back(
          {{label(filled(words.segments, {counted(wish.directed ? std::max(wish.count, wish.received)
                                                                : wish.count + wish.received)}))}});
      break;
    }
    case LabelKind::timed: {
      const LabelRun time{when_of(d, wish.event), TextStyle::label_bold, ink};
      const std::string name = name_of_wish(d, wish);
      made.push_back({runs_of({time, {sent_or_received(d, wish, name), TextStyle::label, Ink::text}})});
      made.push_back({runs_of({time, {name, TextStyle::label, Ink::text}})});
      if (!time.text.empty()) made.push_back({{time}});
      break;
    }
    case LabelKind::flag: {
      const std::string when = flag_time(d, wish.event);
      // Of what is known to the day only the day.
      const LabelRun time{
          when.empty() ? day_text(known_date(d.timeline, d.view, event).date, d.view.language) : when,
          TextStyle::heading, ink};
      const LabelRun name{sent_or_received(d, wish, name_of_wish(d, wish)), TextStyle::label_bold, Ink::text};
      const std::string mean = mean_text(d.timeline, d.view, EventIndex{wish.event});
      const LabelRun frame{
          !mean.empty() ? mean
                        : filled(words.frame, {reports::ms_text(difference(event.time_ns, d.frame.origin_ns)),
                                               std::to_string(to_number(event.frame))}),
          TextStyle::label, Ink::muted};
      LabelWording full = {{time}, {name}, {frame}};
      if (event.other_ns != Event::unknown && (event.flags & Event::estimated) == 0) {
        const std::string there =
            reports::rounded_text(known_other_date(d.timeline, d.view, event), d.view.language);
        full.push_back(
            {{filled(is_sent(event) ? words.arrives : words.left, {there}), TextStyle::label, Ink::muted}});
      }
      // What it is made of, with room for the bar below; else only what it says.
      std::vector<LabelLineText> bytes;
      if (tells_bytes(d.view.level) && wish.last == wish.event)
        bytes = piece_lines(d.timeline.pieces(EventIndex{wish.event}), d.view.language);
      for (LabelLineText& line : bytes) {
        LabelWording all = full;
        all.push_back(std::move(line));
        all.emplace_back();
        made.push_back(std::move(all));
      }
      if (std::string packet = packet_of(d, event); wish.last == wish.event && !packet.empty()) {
        LabelWording all = full;
        all.push_back({{std::move(packet), TextStyle::label, Ink::muted}});
        made.push_back(std::move(all));
      }
      made.push_back(std::move(full));
      made.push_back({{time}, {name}});
      made.push_back({{time}});
      break;
    }
    case LabelKind::flying:
      made.push_back({{label(filled(words.segments_on_the_way, {counted(wish.count)}))}});
      break;
    case LabelKind::way:
      made = way_wordings(d, wish, ink);
      break;
    case LabelKind::share: {
      const std::string text =
          filled(words.share_of_way, {percent(wish.share, wish.row_share), share_date(d, wish.share_ns)});
      if (wish.light_share > 0 && wish.light_share < 1)
        made.push_back(
            {{label(text + filled(words.light_share, {percent(wish.light_share, wish.row_share)}))}});
      made.push_back({{label(text)}});
      break;
    }
    case LabelKind::light: {
      const auto light = [&](std::string_view words_of_it, const std::string& when) {
        made.push_back({{LabelRun{filled(words_of_it, {when}), TextStyle::label, Ink::light_line}}});
      };
      const Date there = date_at(d, wish.share_ns);
      const std::string clock = clock_text(there, d.view.language);
      const std::string date = reports::minute_text(there, d.view.language);
      d.view.level >= Level::day ? light(words.light_there_at, clock) : light(words.light_there, date);
      light(words.light_brief, d.view.level >= Level::day ? clock : date);
      break;
    }
    case LabelKind::sent: {
      const std::string when = rounded_text(sending_date(d, event), d.view.language);
      made.push_back(
          {{LabelRun{filled(words.sent_before, {sender_of(d, event), when}), TextStyle::label, Ink::muted}}});
      break;
    }
    case LabelKind::there: {
      const std::string when = rounded_text(arrival_date(d, event), d.view.language);
      made.push_back({{LabelRun{filled(words.there_after, {when}), TextStyle::label, Ink::muted}}});
      break;
    }
  }
  return made;
}

double width_of(const Drawing& d, const LabelWording& wording) {
  double widest = 0;
  for (const LabelLineText& line : wording) {
    double width = -run_gap;
    for (const LabelRun& run : line) width += d.text_width(run.text, run.style) + run_gap;
    widest = std::max(widest, width);
  }
  return widest;
}

Rect write_wording(const Drawing& d, LabelWording wording, double x, double y, EventIndex event) {
  Rect covered;
  double middle = y - line_height * (static_cast<double>(wording.size()) - 1);
  for (LabelLineText& line : wording) {
    double left = x;
    for (LabelRun& run : line) {
      const Rect box = d.text(std::move(run.text), left, middle, run.style, run.ink, Align::left, event);
      left = box.right() + run_gap;
      if (covered.width == 0) covered = box;
      const double right = std::max(covered.right(), box.right());
      const double bottom = std::max(covered.bottom(), box.bottom());
      covered.y = std::min(covered.y, box.y);
      covered.width = right - covered.x;
      covered.height = bottom - covered.y;
    }
    middle += line_height;
  }
  return covered;
}

}  // namespace humantime::ui
