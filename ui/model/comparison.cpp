// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/comparison.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <tuple>

#include "handshake.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

/// A journey before it is aligned.
struct Looked {
  std::uint32_t journey = 0;
  JourneyTrips trips;
  std::optional<std::int64_t> first_ns;
  std::vector<StageSpan> stages;
};

struct AlignmentRow {
  Alignment align;
  std::optional<std::int64_t> (*at)(const Looked& journey);
};
// In this order they are tried.
constexpr std::array alignments = {
    AlignmentRow{Alignment::client_hello, [](const Looked& j) { return j.trips.client_hello_ns; }},
    AlignmentRow{Alignment::connection, [](const Looked& j) { return j.trips.connection_ns; }},
    AlignmentRow{Alignment::first_frame, [](const Looked& j) { return j.first_ns; }},
};

std::optional<std::int64_t> instant_of(const Looked& journey, Alignment align) {
  return alignments[static_cast<std::size_t>(align)].at(journey);
}

bool is_drawn(Stage stage) {
  return stage == Stage::address || stage == Stage::dns;
}

/// The TLS handshake's, of which its kind says how many are waited for.
bool is_of_handshake(TripKind kind) {
  return kind == TripKind::hello || kind == TripKind::retry || kind == TripKind::keys ||
         kind == TripKind::quic;
}

const JourneyRecord* record_of(const std::vector<JourneyRecord>& records, std::uint32_t journey) {
  const auto found =
      std::lower_bound(records.begin(), records.end(), journey,
                       [](const JourneyRecord& a, std::uint32_t number) { return a.number < number; });
  return found != records.end() && found->number == journey ? &*found : nullptr;
}

class RowMaker {
 public:
  RowMaker(const Timeline& timeline, const Looked& journey, std::int64_t at_ns)
      : timeline_(timeline),
        journey_(journey),
        record_(record_of(timeline.journeys(), journey.journey)),
        at_ns_(at_ns) {}

  /// None where nothing was asked since.
  std::optional<ComparedRow> make() {
    row_.journeys = {journey_.journey};
    if (record_ != nullptr) {
      row_.name = record_->name;
      row_.handshake = record_->handshake;
    }
    const std::optional<RoundTrip>& request = journey_.trips.request;
    if (request && request->begin_ns >= at_ns_) row_.asks_ns = since(request->begin_ns);
    if (row_.asks_ns && request->answer != no_event) row_.hears_ns = since(request->end_ns);
    // QUIC's handshake is TLS's: one way there and back for both.
    const auto& exchanges = journey_.trips.exchanges;
    const bool has_quic = std::any_of(exchanges.begin(), exchanges.end(),
                                      [](const RoundTrip& trip) { return trip.lane == Lane::quic; });
    for (const RoundTrip& trip : exchanges)
      if (!has_quic || trip.lane != Lane::tls) add_trip(trip);
    if (row_.hears_ns) add_trip(*request);
    if (row_.trips.empty()) return std::nullopt;
    row_.inferred = row_.asks_ns && (is_inferred(request->ask) || is_inferred(request->answer));
    count_trips();
    add_stages();
    for (const ComparedTrip& trip : row_.trips) row_.last_ns = std::max(row_.last_ns, trip.end_ns);
    return std::move(row_);
  }

 private:
  std::int64_t since(std::int64_t time_ns) const { return difference(time_ns, at_ns_); }
  bool is_inferred(EventIndex event) const {
    return event != no_event && (timeline_.at(event).flags & Event::inferred) != 0;
  }

  void add_trip(const RoundTrip& trip) {
    if (trip.begin_ns < at_ns_) return;
    ComparedTrip made{trip.kind, trip.lane};
    made.begin_ns = since(trip.begin_ns);
    made.end_ns = since(trip.end_ns);
    made.ask = trip.ask;
    made.answer = trip.answer;
    made.inferred = is_inferred(trip.ask) || is_inferred(trip.answer);
    const std::int64_t middle = made.begin_ns + (made.end_ns - made.begin_ns) / 2;
    const auto known = [&](std::int64_t time_ns, EventIndex event) {
      return time_ns != Event::unknown && (timeline_.at(event).flags & Event::estimated) == 0;
    };
    const bool there = known(trip.turn_ns, trip.ask), gone = known(trip.answered_ns, trip.answer);
    made.estimated = !there || !gone;
    // Of an exchange that was seen at one end both ways are taken to be alike.
    made.turn_ns = there ? since(trip.turn_ns) : gone ? since(trip.answered_ns) : middle;
    made.answered_ns = gone ? since(trip.answered_ns) : made.turn_ns;
    row_.trips.push_back(made);
  }

  void count_trips() {
    std::size_t of_handshake = 0, before = 0;
    std::size_t may_wait = 0;
    bool is_known = false;
    if (record_ != nullptr && record_->handshake_round_trips) {
      may_wait = *record_->handshake_round_trips;
      is_known = true;
    }
    for (const RoundTrip& trip : journey_.trips.waited) {
      if (trip.begin_ns < at_ns_) {
        if (trip.end_ns <= at_ns_) ++row_.trips_before;
        continue;
      }
      ComparedWait wait{trip.kind, trip.lane, since(trip.begin_ns), since(trip.end_ns), false};
      if (row_.asks_ns) {
        wait.before_question = wait.end_ns <= *row_.asks_ns;
      } else if (is_of_handshake(trip.kind)) {
        // Nobody saw the question: the handshake's kind tells what it may have waited for.
        wait.before_question = of_handshake++ < may_wait;
      } else {
        wait.before_question = trip.kind != TripKind::request;
      }
      before += wait.before_question ? 1 : 0;
      row_.waits.push_back(wait);
    }
    if (row_.asks_ns || is_known || of_handshake == 0) row_.round_trips = before;
    const auto& begun = journey_.trips.connection_ns;
    if (begun && *begun < at_ns_) row_.before_ns = difference(at_ns_, *begun);
  }

  void add_stages() {
    for (const StageSpan& span : journey_.stages) {
      if (span.end_ns <= at_ns_) continue;
      row_.stages.push_back(
          {span.stage, span.lane, since(std::max(span.begin_ns, at_ns_)), since(span.end_ns)});
    }
  }

  const Timeline& timeline_;
  const Looked& journey_;
  const JourneyRecord* record_;
  std::int64_t at_ns_;
  ComparedRow row_;
};

// -- means

/// Journeys of one handshake that went alike, question by question.
using Shape =
    std::tuple<std::string, std::vector<std::pair<TripKind, bool>>, bool, bool, std::optional<std::size_t>>;

Shape shape_of(const ComparedRow& row) {
  std::vector<std::pair<TripKind, bool>> waits;
  for (const ComparedTrip& trip : row.trips) waits.emplace_back(trip.kind, false);
  for (const ComparedWait& wait : row.waits) waits.emplace_back(wait.kind, true);
  return {row.handshake, std::move(waits), row.asks_ns.has_value(), row.hears_ns.has_value(),
          row.round_trips};
}

/// The mean of one member over all rows; exact to a nanosecond, whatever their sum.
template <typename Get>
std::int64_t mean_of(const std::vector<const ComparedRow*>& rows, Get get) {
  __int128 total = 0;
  for (const ComparedRow* row : rows) total += get(*row);
  return static_cast<std::int64_t>(total / static_cast<__int128>(rows.size()));
}

ComparedRow mean_row(const std::vector<const ComparedRow*>& rows) {
  ComparedRow mean = *rows.front();
  if (rows.size() == 1) return mean;
  mean.journeys.clear();
  for (const ComparedRow* row : rows)
    mean.journeys.insert(mean.journeys.end(), row->journeys.begin(), row->journeys.end());
  for (std::size_t i = 0; i < mean.trips.size(); ++i) {
    ComparedTrip& trip = mean.trips[i];
    for (std::int64_t ComparedTrip::*at :
         {&ComparedTrip::begin_ns, &ComparedTrip::turn_ns, &ComparedTrip::answered_ns, &ComparedTrip::end_ns})
      trip.*at = mean_of(rows, [&](const ComparedRow& row) { return row.trips[i].*at; });
    for (const ComparedRow* row : rows) {
      trip.estimated = trip.estimated || row->trips[i].estimated;
      trip.inferred = trip.inferred || row->trips[i].inferred;
    }
    trip.ask = trip.answer = no_event;
  }
  for (std::size_t i = 0; i < mean.waits.size(); ++i)
    for (std::int64_t ComparedWait::*at : {&ComparedWait::begin_ns, &ComparedWait::end_ns})
      mean.waits[i].*at = mean_of(rows, [&](const ComparedRow& row) { return row.waits[i].*at; });
  // Stages differ from journey to journey: a name is looked up once.
  mean.stages.clear();
  mean.before_ns = mean_of(rows, [](const ComparedRow& row) { return row.before_ns; });
  mean.last_ns = mean_of(rows, [](const ComparedRow& row) { return row.last_ns; });
  if (mean.asks_ns) mean.asks_ns = mean_of(rows, [](const ComparedRow& row) { return *row.asks_ns; });
  if (mean.hears_ns) {
    mean.hears_ns = mean_of(rows, [](const ComparedRow& row) { return *row.hears_ns; });
    double squares = 0;
    for (const ComparedRow* row : rows) {
      const auto off = static_cast<double>(difference(*row->hears_ns, *mean.hears_ns));
      squares += off * off;
    }
    // Of made up times it may be more than there is room for.
    constexpr double most = 9e18;
    mean.hears_sd_ns =
        std::llround(std::min(most, std::sqrt(squares / static_cast<double>(rows.size() - 1))));
  }
  for (const ComparedRow* row : rows) mean.inferred = mean.inferred || row->inferred;
  return mean;
}

/// In the order of handshakes.def; those without a kind are behind them.
std::size_t place_of(const std::string& handshake) {
  static constexpr std::array kinds = {
#define HANDSHAKE(token, round_trips, version, course) std::string_view(#token),
#include "handshakes.def"
#undef HANDSHAKE
  };
  const std::string_view kind = std::string_view(handshake).substr(0, handshake.find('+'));
  return static_cast<std::size_t>(std::find(kinds.begin(), kinds.end(), kind) - kinds.begin());
}

std::vector<ComparedRow> grouped(const std::vector<ComparedRow>& rows) {
  std::map<Shape, std::vector<const ComparedRow*>> groups;
  for (const ComparedRow& row : rows) groups[shape_of(row)].push_back(&row);
  std::vector<ComparedRow> means;
  means.reserve(groups.size());
  for (const auto& [shape, members] : groups) means.push_back(mean_row(members));
  std::stable_sort(means.begin(), means.end(), [](const ComparedRow& a, const ComparedRow& b) {
    return std::tuple(place_of(a.handshake), a.handshake, a.journeys.front()) <
           std::tuple(place_of(b.handshake), b.handshake, b.journeys.front());
  });
  return means;
}

Work choose(const Timeline& timeline, const View& view, std::vector<std::uint32_t>& chosen) {
  if (view.journey != 0) {
    chosen = {view.journey};
    co_return;
  }
  // With the display filter those that have a frame which passes it.
  const bool limited = view.limit_to_filter && timeline.hidden_count() > 0;
  std::vector<bool> passes(std::size_t{timeline.last_journey()} + 1, !limited);
  if (limited)
    co_await each(std::size_t{0}, timeline.events().size(), [&](std::size_t i) {
      const Event& event = timeline.events()[i];
      if ((event.flags & Event::hidden_by_filter) == 0 && event.journey < passes.size())
        passes[event.journey] = true;
    });
  chosen.reserve(passes.size());
  co_await each(std::size_t{1}, passes.size(), [&](std::size_t i) {
    const auto journey = static_cast<std::uint32_t>(i);
    if (passes[journey] && (view.compare.only.empty() ||
                            std::binary_search(view.compare.only.begin(), view.compare.only.end(), journey)))
      chosen.push_back(journey);
  });
}

/// Journeys that go on at once have their events among each other's: all are passed once, not once for each.
Work look_at_events(const Timeline& timeline, std::vector<Looked>& journeys) {
  constexpr std::uint32_t nobody = 0xffffffff;
  std::vector<std::uint32_t> place(std::size_t{timeline.last_journey()} + 1, nobody);
  std::vector<std::vector<EventIndex>> events(journeys.size());
  std::uint32_t begin = nobody, end = 0;
  for (std::size_t i = 0; i < journeys.size(); ++i) {
    const JourneySummary& of = *timeline.summary(journeys[i].journey);
    place[journeys[i].journey] = static_cast<std::uint32_t>(i);
    begin = std::min(begin, of.first_event);
    end = std::max(end, of.last_event + 1);
  }
  co_await each(begin, end, [&](std::uint32_t i) {
    const std::uint32_t journey = timeline.at(EventIndex{i}).journey;
    const std::uint32_t of = journey < place.size() ? place[journey] : nobody;
    if (of != nobody && events[of].size() < most_events_of_trips) events[of].push_back(EventIndex{i});
  });
  co_await each(std::size_t{0}, journeys.size(), [&](std::size_t i) {
    journeys[i].trips = trips_of(timeline, events[i]);
    return events[i].size() + 1;
  });
}

/// All spans once: they stand in the order in which they began, whoever's they are.
Work look_at_stages(const Timeline& timeline, std::vector<Looked>& journeys) {
  co_await each(std::size_t{0}, timeline.all_stages().size(), [&](std::size_t i) {
    const StageSpan& span = timeline.all_stages()[i];
    if (!is_drawn(span.stage) || span.end_ns <= span.begin_ns) return;
    const auto of =
        std::lower_bound(journeys.begin(), journeys.end(), span.journey,
                         [](const Looked& a, std::uint32_t number) { return a.journey < number; });
    if (of != journeys.end() && of->journey == span.journey) of->stages.push_back(span);
  });
}

}  // namespace

Work compare(const Timeline& timeline, View view, Comparison& out) {
  Comparison made;
  std::vector<std::uint32_t> chosen;
  co_await choose(timeline, view, chosen);
  std::vector<Looked> journeys;
  co_await each(std::size_t{0}, chosen.size(), [&](std::size_t i) {
    const JourneySummary* summary = timeline.summary(chosen[i]);
    if (summary == nullptr) return;
    if (journeys.size() == most_compared) {
      ++made.left_out;
      return;
    }
    Looked looked;
    looked.journey = chosen[i];
    if (summary->first_ns != Event::unknown) looked.first_ns = summary->first_ns;
    journeys.push_back(std::move(looked));
  });
  co_await look_at_events(timeline, journeys);
  co_await look_at_stages(timeline, journeys);
  made.align = view.compare.align.value_or(Alignment::first_frame);
  if (!view.compare.align)
    for (auto row = alignments.rbegin(); row != alignments.rend(); ++row)
      if (std::any_of(journeys.begin(), journeys.end(),
                      [&](const Looked& journey) { return row->at(journey).has_value(); }))
        made.align = row->align;

  std::vector<ComparedRow> rows;
  co_await each(std::size_t{0}, journeys.size(), [&](std::size_t i) {
    const Looked& journey = journeys[i];
    const std::optional<std::int64_t> at = instant_of(journey, made.align);
    std::optional<ComparedRow> row = at ? RowMaker(timeline, journey, *at).make() : std::nullopt;
    if (row)
      rows.push_back(std::move(*row));
    else
      made.without.push_back(journey.journey);
    return journey.trips.exchanges.size() + journey.stages.size() + 1;
  });
  made.journeys = rows.size();
  made.rows_are = view.compare.rows.value_or(rows.size() <= few_journeys ? CompareRows::journeys
                                                                         : CompareRows::handshakes);
  made.rows = made.rows_are == CompareRows::handshakes ? grouped(rows) : std::move(rows);

  for (std::size_t i = 0; i < made.rows.size(); ++i) {
    const auto& hears = made.rows[i].hears_ns;
    if (!hears) continue;
    if (!made.slowest || *hears > *made.rows[*made.slowest].hears_ns) made.slowest = i;
    if (!made.fastest || *hears < *made.rows[*made.fastest].hears_ns) made.fastest = i;
  }
  if (made.slowest == made.fastest) made.slowest = made.fastest = std::nullopt;
  out = std::move(made);
}

Comparison compare(const Timeline& timeline, const View& view) {
  Comparison made;
  compare(timeline, view, made).finish();
  return made;
}

}  // namespace humantime::ui
