// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/year_calendar.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "reports/columns.h"
#include "reports/journey_text.h"
#include "reports/spans.h"
#include "reports/stage_totals.h"
#include "reports/time_text.h"

namespace humantime::reports {
namespace {

using journeys::Direction;
using journeys::Journey;
using journeys::Milestone;

using Counts = std::array<std::uint32_t, lane_count>;

std::size_t place_of(Lane lane) {
  return static_cast<std::size_t>(lane);
}

/// Days since the origin, the first of January of year 1 being 0; as a map's key.
std::int64_t day_number(const Date& date) {
  Date day;
  day.year = date.year;
  day.month = date.month;
  day.day = date.day;
  return time_of(day).seconds / seconds_per_day;
}

// -- JSON and CSV: one record a day

struct Day {
  const Dates& dates;
  Date date;
  const Counts& counts;
};
using Column = TableColumn<Day>;

template <Lane lane>
Json count_in(const Day& day) {
  return day.counts[place_of(lane)];
}

constexpr std::array columns = {
    Column{"year", [](const Day& d) -> Json { return d.date.year; }},
    Column{"month", [](const Day& d) -> Json { return d.date.month; }},
    Column{"day", [](const Day& d) -> Json { return d.date.day; }},
    Column{"arp", count_in<Lane::arp>},
    Column{"dns", count_in<Lane::dns>},
    Column{"tcp", count_in<Lane::tcp>},
    Column{"tls", count_in<Lane::tls>},
    Column{"http", count_in<Lane::http>},
    Column{"quic", count_in<Lane::quic>},
    Column{"vpn", count_in<Lane::vpn>},
};

/// Calls `visit(milestone)` for each that has one of the dates.
template <typename Visit>
void for_each_dated(const FrameStore& store, const Dates& dates, std::span<const Milestone> milestones,
                    Visit visit) {
  if (!dates.known()) return;
  for (const Milestone& m : milestones)
    if (store.find(m.frame)->has(FrameRow::has_time)) visit(m);
}

void write_days(const FrameStore& store, const Dates& dates, Format format, const JourneysSource& journeys,
                const Sink& sink) {
  struct Seen {
    Date date;
    Counts counts{};
  };
  std::map<std::int64_t, Seen> days;
  std::vector<Milestone> milestones;
  journeys([&](const Journey& journey) {
    list_milestones(store, journey, milestones);
    const Dates own = dates.of_journey(store, journey);
    for_each_dated(store, own, milestones, [&](const Milestone& m) {
      const Date date = own.at(m.time_ns);
      Seen& seen = days[day_number(date)];
      seen.date = date;
      ++seen.counts[place_of(row_of(m.mark.phase).lane)];
    });
  });
  if (format == Format::csv) sink(csv_head<Day>(columns));
  for (const auto& [number, seen] : days) {
    const Day day{dates, seen.date, seen.counts};
    sink(format == Format::json ? json_line<Day>(columns, day) : csv_line<Day>(columns, day));
  }
}

// -- text

constexpr int months_per_year = 12;
constexpr std::size_t days_per_row = 31;
constexpr std::size_t most_pages = 12;
constexpr std::size_t gutter_width = 10;  // the month, and when it begins in real time
constexpr std::size_t lane_width = 5;
constexpr std::size_t day_width = 2;
constexpr std::size_t page_width = 100;
constexpr std::size_t note_width = page_width - gutter_width - lane_width - days_per_row * day_width - 2;

struct Words {
  std::string_view year_before, year_after;
  std::string_view journey, journeys, event, events, comma;
  std::string_view legend, more_before, more_after, nothing;
  std::array<std::string_view, months_per_year> months;
};
constexpr Words english = {
    "Year ",
    "",
    " journey",
    " journeys",
    " event",
    " events",
    ", ",
    "○ sent   ● received   2…99 that many packets, ++ more\n"
    "── under way   ┄┄ waiting for the answer   ━━ the answer   · an empty day\n",
    "… ",
    " more years\n",
    "No journeys.\n",
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}};
constexpr Words japanese = {
    "",
    "年目",
    "件の通信",
    "件の通信",
    "個の出来事",
    "個の出来事",
    "、",
    "○ 送信   ● 受信   2…99 その日のパケットの数、++ それ以上\n"
    "── 進行中   ┄┄ 返事待ち   ━━ 返事を受信中   · 何もない日\n",
    "… ほかに ",
    " 年分\n",
    "通信はありません。\n",
    {"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"}};

const Words& words_of(Language language) {
  return language == Language::japanese ? japanese : english;
}

/// Where the usual label is too long for a margin.
struct ShortLabel {
  Phase phase;
  std::string_view english, japanese;
};
constexpr std::array short_labels = {
    ShortLabel{Phase::http_request_end, "request ends", "リクエスト終了"},
    ShortLabel{Phase::http_response_start, "response begins", "レスポンス開始"},
    ShortLabel{Phase::http_response_end, "response ends", "レスポンス終了"},
    ShortLabel{Phase::dns_alias, "alias", "別名応答"},
};

/// What happens in one lane on one day.
struct Cell {
  std::uint32_t packets = 0;
  FrameNumber last = no_frame;
  bool received = false;
  bool line_before = false;  ///< a span that comes from the day before, or began earlier this day
  bool line_after = false;   ///< a span that goes on to the next day
  SpanKind before = SpanKind::exchange, after = SpanKind::exchange;
};

struct Note {
  int day;
  Phase phase;
};

/// A month of one lane.
struct Row {
  std::array<Cell, days_per_row> days{};
  std::vector<Note> notes;  ///< the first ones, for there is little room
  std::size_t unnoted = 0;
  bool used = false;
};

constexpr std::size_t most_notes = 16;

/// Year pages, in order.
struct Page {
  std::array<std::array<Row, lane_count>, months_per_year> months{};
  std::uint64_t events = 0;
  std::uint64_t journeys = 0;
  std::uint32_t last_journey = 0;
};

class Calendar {
 public:
  Calendar(const FrameStore& store, const Dates& dates) : store_(store), dates_(dates) {}

  void write(const JourneysSource& journeys, const Sink& sink) {
    // Which years there are is known only when all journeys have been seen; a page holds one.
    journeys([&](const Journey& journey) {
      list_milestones(store_, journey, milestones_);
      const Dates own = dates_.of_journey(store_, journey);
      for_each_dated(store_, own, milestones_, [&](const Milestone& m) {
        const std::int64_t year = own.at(m.time_ns).year;
        if (year != last_year_ || known_years_.empty()) add_year(year);
      });
    });
    journeys([&](const Journey& journey) { take(journey); });
    const Words& words = words_of(dates_.language());
    if (pages_.empty()) return sink(words.nothing);
    for (const auto& [year, page] : pages_) sink(text_of(year, page));
    if (known_years_.size() > pages_.size())
      sink(std::string(words.more_before) + grouped(known_years_.size() - pages_.size()) +
           std::string(words.more_after) + "\n");
    sink(words.legend);
  }

 private:
  void add_year(std::int64_t year) {
    last_year_ = year;
    if (!known_years_.insert(year).second) return;
    pages_[year];
    if (pages_.size() > most_pages) pages_.erase(std::prev(pages_.end()));
  }

  void take(const Journey& journey) {
    list_milestones(store_, journey, milestones_);
    const PlaceView view = clients_view(store_, journey, milestones_);
    const Dates own = dates_.of_journey(store_, journey);
    for_each_dated(store_, own, milestones_, [&](const Milestone& m) {
      const Date date = own.at(m.time_ns);
      const auto page = pages_.find(date.year);
      if (page == pages_.end()) return;
      ++page->second.events;
      if (page->second.last_journey != journey.number) ++page->second.journeys;
      page->second.last_journey = journey.number;
      Row& line = row_at(page->second, date, row_of(m.mark.phase).lane);
      line.used = true;
      Cell& cell = line.days[static_cast<std::size_t>(date.day - 1)];
      // A packet is one mark, however many messages it carries.
      if (cell.last != m.frame) ++cell.packets;
      cell.last = m.frame;
      cell.received = cell.received || m.direction == Direction::received;
      note(line, {date.day, m.mark.phase});
    });
    if (!own.known()) return;
    for_each_span(store_, milestones_, view.vantage,
                  [&](Lane lane, SpanKind kind, std::int64_t begin, std::int64_t end) {
                    draw(lane, kind, own.at(begin), own.at(end));
                  });
  }

  static Row& row_at(Page& page, const Date& date, Lane lane) {
    return page.months[static_cast<std::size_t>(date.month - 1)][place_of(lane)];
  }

  static void note(Row& row, Note note) {
    const bool known = std::any_of(row.notes.begin(), row.notes.end(), [&](const Note& other) {
      return other.day == note.day && other.phase == note.phase;
    });
    if (known) return;
    if (row.notes.size() < most_notes)
      row.notes.push_back(note);
    else
      ++row.unnoted;
  }

  /// Draws a span on the pages that there are: twelve at the most, however long it is.
  void draw(Lane lane, SpanKind kind, const Date& begin, const Date& end) {
    for (auto page = pages_.lower_bound(begin.year); page != pages_.end() && page->first <= end.year;
         ++page) {
      const Date first = page->first == begin.year ? begin : Date{};
      Date last{page->first, months_per_year, 31};
      if (page->first == end.year) last = end;
      const bool comes = page->first != begin.year;
      const bool goes = page->first != end.year;
      for (int month = first.month; month <= last.month; ++month) {
        Row& row = page->second.months[static_cast<std::size_t>(month - 1)][place_of(lane)];
        row.used = true;
        const int from = month == first.month ? first.day : 1;
        const int to = month == last.month ? last.day : days_in_month(month);
        for (int day = from; day <= to; ++day) {
          Cell& cell = row.days[static_cast<std::size_t>(day - 1)];
          const bool is_first = !comes && month == first.month && day == first.day;
          const bool is_last = !goes && month == last.month && day == last.day;
          if (!is_first) cell.line_before = true, cell.before = kind;
          if (!is_last) cell.line_after = true, cell.after = kind;
        }
      }
    }
  }

  // -- writing

  std::string text_of(std::int64_t year, const Page& page) const {
    const Words& words = words_of(dates_.language());
    std::string text = std::string(words.year_before) + std::to_string(year) + std::string(words.year_after);
    const auto count = [](std::uint64_t number, std::string_view one, std::string_view more) {
      return grouped(number).append(number == 1 ? one : more);
    };
    const std::string totals = count(page.journeys, words.journey, words.journeys)
                                   .append(words.comma)
                                   .append(count(page.events, words.event, words.events));
    text = pad(text, gutter_width + lane_width) + day_numbers() + "  " + totals + "\n";
    for (int month = 1; month <= months_per_year; ++month) text += text_of(year, month, page);
    return text + "\n";
  }

  static std::string day_numbers() {
    std::string text;
    for (int day = 1; day <= static_cast<int>(days_per_row); day += 2)
      text += pad(std::to_string(day), 2 * day_width);
    return text.substr(0, days_per_row * day_width);
  }

  std::string text_of(std::int64_t year, int month, const Page& page) const {
    const auto& rows = page.months[static_cast<std::size_t>(month - 1)];
    const Words& words = words_of(dates_.language());
    // Two lines where something happens: the month's name, and when it begins in real time.
    std::vector<std::string> lines;
    for (std::size_t lane = 0; lane < lane_count; ++lane)
      if (rows[lane].used)
        lines.push_back(pad(token_of(static_cast<Lane>(lane)), lane_width) + days_text(rows[lane], month) +
                        "  " + notes_text(rows[lane]));
    if (lines.size() == 1) lines.emplace_back();
    if (lines.empty()) lines.push_back(std::string(lane_width, ' ') + days_text(Row{}, month));
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      std::string gutter = i == 0   ? std::string(words.months[static_cast<std::size_t>(month - 1)])
                           : i == 1 ? real_time(year, month)
                                    : std::string();
      std::string line = pad(gutter, gutter_width) + lines[i];
      line.erase(line.find_last_not_of(' ') + 1);
      text += line + "\n";
    }
    return text;
  }

  /// When a month begins, in real time since the origin: `84.9 ms`, `12.085 s`.
  std::string real_time(std::int64_t year, int month) const {
    Date date;
    date.year = year;
    date.month = month;
    const std::int64_t ns = dates_.real(time_of(date));
    const bool seconds = ns >= 1'000'000'000 || ns <= -1'000'000'000;
    // To the tenth of a millisecond, or to the millisecond.
    std::string text = ms_text(seconds ? ns / 1000 : ns);
    if (!seconds) text.resize(text.size() - 2);
    return text + (seconds ? " s" : " ms");
  }

  static std::string_view line_of(SpanKind kind) {
    switch (kind) {
      case SpanKind::exchange:
        return "─";
      case SpanKind::wait:
        return "┄";
      case SpanKind::response:
        return "━";
    }
    return "─";
  }

  static std::string days_text(const Row& row, int month) {
    std::string text;
    for (int day = 1; day <= days_in_month(month); ++day) {
      const Cell& cell = row.days[static_cast<std::size_t>(day - 1)];
      const std::string_view after = cell.line_after ? line_of(cell.after) : " ";
      if (cell.packets > 99) {
        text += "++";
      } else if (cell.packets > 9) {
        text += std::to_string(cell.packets);
      } else if (cell.packets > 1) {
        text.append(std::to_string(cell.packets)).append(after);
      } else if (cell.packets == 1) {
        text.append(cell.received ? "●" : "○").append(after);
      } else {
        text.append(cell.line_before ? line_of(cell.before) : "·").append(after);
      }
    }
    const int missing = static_cast<int>(days_per_row) - days_in_month(month);
    return text + std::string(static_cast<std::size_t>(missing) * day_width, ' ');
  }

  /// `9 SYN+ACK, handshake ACK`: what the marks of a row are, as far as there is room.
  std::string notes_text(const Row& row) const {
    std::string text;
    int day = 0;
    std::vector<Note> notes = row.notes;
    std::stable_sort(notes.begin(), notes.end(), [](const Note& a, const Note& b) { return a.day < b.day; });
    for (const Note& note : notes) {
      if (!text.empty()) text += note.day != day ? "  " : words_of(dates_.language()).comma;
      if (note.day != day) text += std::to_string(note.day) + " ";
      day = note.day;
      text += short_label(note.phase);
    }
    return cut(text + (row.unnoted > 0 ? " …" : ""), note_width);
  }

  /// A short one, without the lane that it stands in.
  std::string short_label(Phase phase) const {
    const auto* found = std::find_if(short_labels.begin(), short_labels.end(),
                                     [&](const ShortLabel& row) { return row.phase == phase; });
    if (found != short_labels.end())
      return std::string(dates_.language() == Language::japanese ? found->japanese : found->english);
    std::string_view label = label_of(phase, dates_.language());
    const std::string_view lane = token_of(row_of(phase).lane);
    if (label.starts_with(lane) && label.size() > lane.size() && label[lane.size()] == ' ')
      label.remove_prefix(lane.size() + 1);
    return std::string(label);
  }

  const FrameStore& store_;
  const Dates& dates_;
  std::vector<Milestone> milestones_;
  std::map<std::int64_t, Page> pages_;
  std::set<std::int64_t> known_years_;
  std::int64_t last_year_ = 0;
};

}  // namespace

void write_calendar(const FrameStore& store, Telling telling, Format format, const JourneysSource& journeys,
                    const Sink& sink) {
  const Dates dates(store, telling);
  if (format == Format::text) return Calendar(store, dates).write(journeys, sink);
  write_days(store, dates, format, journeys, sink);
}

}  // namespace humantime::reports
