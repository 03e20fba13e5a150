// SPDX-License-Identifier: GPL-2.0-or-later
// How often a journey's question goes to the server and back before it is answered: its handshakes' round
// trips, and the one of the first request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/timeline.h"

namespace humantime::ui {

/// What a round trip is for.
enum class TripKind : std::uint8_t { tunnel, connect, quic, hello, retry, keys, proxy, request };
constexpr std::size_t trip_kind_count = static_cast<std::size_t>(TripKind::request) + 1;

struct RoundTrip {
  TripKind kind{};
  Lane lane{};
  std::int64_t begin_ns = 0, end_ns = 0;  ///< sent and received at the client's end
  /// When the question was at the server's end; Event::unknown where nobody knows.
  std::int64_t turn_ns = Event::unknown;
  /// And when the answer set off from there; the same.
  std::int64_t answered_ns = Event::unknown;
  EventIndex ask = no_event, answer = no_event;
};

/// All that is told of a journey's questions and answers, by the client's clock.
struct JourneyTrips {
  std::vector<RoundTrip> waited;  ///< those of round_trips_of()
  /// Each question with its answer, in order of the questions: those too that cost no round trip of their
  /// own. Without the request.
  std::vector<RoundTrip> exchanges;
  /// The first request, be it in early data, and the first packet of the first answer; without an answer
  /// `answer` is no_event.
  std::optional<RoundTrip> request;
  /// When the client sent the connection's first packet (a SYN, or QUIC's first Initial), and the first
  /// ClientHello.
  std::optional<std::int64_t> connection_ns, client_hello_ns;
};
/// Nothing is looked for behind so many events of a journey.
constexpr std::size_t most_events_of_trips = 4000;
JourneyTrips trips_of(const Timeline& timeline, std::uint32_t journey);
/// The same for who has the journey's first events at hand, in order of frames.
JourneyTrips trips_of(const Timeline& timeline, std::span<const EventIndex> events);

/// In their order, one after the other: what is asked before the answer to something else has come costs no
/// round trip of its own and belongs to the one before (a request in early data). Ends with the first answer
/// to a request. Nothing is looked for behind the journey's first 4,000 events.
std::vector<RoundTrip> round_trips_of(const Timeline& timeline, std::uint32_t journey);

/// The journey that a view tells of: the chosen one, or the only one; 0: there are several, or none.
std::uint32_t told_journey(const Timeline& timeline, std::uint32_t chosen);

/// How well the clocks of both ends are known, real nanoseconds.
struct ClockUncertainty {
  std::int64_t precision_ns = 0;  ///< ±, if both ways are alike
  std::int64_t error_ns = 0;      ///< ±, whatever they are
};
/// The largest of what the journey's first measured letters have (of all journeys where it is 0); both 0
/// where none is measured.
ClockUncertainty clock_uncertainty_of(const Timeline& timeline, std::uint32_t journey);

}  // namespace humantime::ui
