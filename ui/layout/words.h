// SPDX-License-Identifier: GPL-2.0-or-later
// What the views say, in the languages that dates are written in.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "calendar.h"
#include "language.h"
#include "reports/rounded_date.h"

namespace humantime::ui {

/// `{0}`, `{1}`, … stand for what a sentence tells; text between stars is bold where the style can.
struct Words {
  std::string_view months[12];       ///< as a row's head
  std::string_view long_months[12];  ///< as read aloud
  std::string_view year;             ///< {0} its number
  std::string_view years;            ///< {0} the first, {1} the last
  std::string_view month_of_year;    ///< {0} month, {1} year
  std::string_view day;              ///< {0} month, {1} day
  std::string_view events, one_event;
  std::string_view segments;
  std::string_view segments_sent_received;     ///< {0} sent, {1} received
  std::string_view one_segment_sent_received;  ///< {1} received
  std::string_view segments_sent;              ///< {0} none of which arrives
  std::string_view segments_received;          ///< {0} of those that were sent before
  std::string_view share_of_way;               ///< {0} percent, {1} when
  std::string_view light_share;                ///< {0} percent that light has done by then
  std::string_view midnight;                   ///< at the end of a day
  std::string_view just_on_the_way, sets_off;  ///< {0} name
  std::string_view in_its_last;                ///< {0} name, {1} until it is there, {2} percent done
  std::string_view answer_after;               ///< {0} name, {1} until the answer is there
  std::string_view segments_on_the_way;        ///< {0} how many
  std::string_view light_there, light_brief;   ///< {0} when
  std::string_view light_there_at;             ///< {0} time of the day
  std::string_view sent_before;                ///< {0} by whom, {1} when
  std::string_view there_after;                ///< {0} when
  std::string_view begin;                      ///< {0} how many connections
  std::string_view sent, received;
  std::string_view client, router, name_servers, server, middle;
  std::string_view fetch_total;   ///< {0} length in stretched time, {1} in real time, {2} size
  std::string_view fetch_trips;   ///< {0} round trips
  std::string_view fetch_light;   ///< {0} what light needs for them
  std::string_view fetch_answer;  ///< {0} how long the answer takes
  std::string_view sentence_end;
  std::string_view
      no_more_letters;              ///< {0} the last, {1} its date, {2} since the first one, {3} in real time
  std::string_view next_letter;     ///< {0} year
  std::string_view page_spans[4];   ///< a month, a day, an hour, a minute: `today`
  std::string_view nothing_here;    ///< {0} end, {1} when, {2} the next one, which arrives there, {3} when
  std::string_view nothing_goes;    ///< the same; the next one sets off there
  std::string_view nothing_at_all;  ///< {0} when, {1} the next one, {2} its date
  std::string_view inside_client, inside_server;  ///< {0} how long
  // Closer than the year.
  std::string_view with_client, with_server;                    ///< {0} how long
  std::string_view until_client_writes, until_server_writes;    ///< {0} how long
  std::string_view with_real;                                   ///< {0} what, {1} in real time
  std::string_view client_sends_nothing, server_sends_nothing;  ///< {0} which part of the day
  std::string_view day_parts[4];                                ///< of six hours each, from midnight
  std::string_view page_total;                                  ///< {0} journeys, {1} events, {2} real time
  std::string_view years_total;                                 ///< {0} journeys, {1} years
  std::string_view light;                                       ///< {0} one way
  std::string_view frame;                                       ///< {0} ms, {1} number
  std::string_view arrives, left;                               ///< {0} date at the other end
  std::string_view on_the_way;                                  ///< {0} name, {1} length
  std::string_view of_the_capture;                              ///< {0} to {1}
  std::string_view event_line;                                  ///< {0} name, {1} lane, {2} way, {3} dates
  std::string_view client_to_server, server_to_client;
  std::string_view sent_on, received_on, seen_on;  ///< {0} date
  std::string_view estimated;
  std::string_view row_events;  ///< {0} row, {1} events
  std::string_view begin_on;    ///< {0} how many, {1} date
  std::string_view comma;
  std::string_view trips[8];                 ///< what a round trip is for, by TripKind
  std::string_view round_trip, round_trips;  ///< {0} how many
  std::string_view trips_total;              ///< {0} round trips before the question, {1} for it
  std::string_view trips_only;               ///< {0} round trips; there is no answer
  std::string_view choose_journey;           ///< several are shown
  std::string_view distance;                 ///< {0} one way, {1} ways, {2} all of them, {3} the rest
  std::string_view clocks;                   ///< {0} precision, {1} error
  std::string_view letters_more;             ///< {0} how many, {1} how long between two
  std::string_view light_in_fibre;
  std::string_view bytes;      ///< {0} on the wire
  std::string_view packet;     ///< {0} bytes on the wire, {1} what is in it
  std::string_view more;       ///< {0} how many lines are not written
  std::string_view trip_line;  ///< {0} number, {1} what for, {2} length
  std::string_view dates;      ///< {0} first, {1} last day
  // Of means.
  std::string_view mean_of, mean_of_journeys;        ///< {0} how many, {1} standard deviation
  std::string_view arrives_within, answered_within;  ///< {0} name, {1} the arrival's standard deviation
  std::string_view with_deviation;                   ///< {0} date or name, {1} standard deviation
  std::string_view mean_total;  ///< {0} date of the end, {1} standard deviation, {2} earliest, {3} latest
};
const Words& words_of(Language language);

/// Replaces `{0}` by the first argument and so on.
std::string filled(std::string_view text, std::initializer_list<std::string_view> arguments);

/// `1,204`.
std::string counted(std::uint64_t number);

/// `19:27`; ja: `午後7時27分`.
std::string clock_text(const Date& date, Language language);
/// `Mar 9`; ja: `3月9日`.
std::string day_text(const Date& date, Language language);
/// `Mar 9, 19:27`, in other years than the first `Year 2, Mar 9, 19:27`; ja: `3月9日 午後7時27分`.
std::string date_text(const Date& date, Language language);
/// `March 9 19:27`: as read aloud. Where only the day is known, `March 9`.
std::string spoken_date(const reports::RoundedDate& date, Language language);
/// A length of stretched time in two units, `9 d 15 h`; `spoken`: `9 days 15 hours`.
std::string length_text(StretchedTime length, Language language);
std::string spoken_length(StretchedTime length, Language language);
/// Real time, as coarse as is enough: `914.8 ms`, `12.09 s`, `3.425 µs`.
std::string real_text(std::int64_t ns);
/// The same without a fraction: `915 ms`.
std::string whole_real_text(std::int64_t ns);
/// `46 KB`: decimal units, rounded.
std::string size_text(std::uint64_t bytes);

}  // namespace humantime::ui
