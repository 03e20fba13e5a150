// SPDX-License-Identifier: GPL-2.0-or-later
// What part of the year is shown, how fine, and what of it: the state that every view shares.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "calendar.h"
#include "language.h"
#include "phases.h"

namespace humantime::ui {

/// What a row of the calendar is. From one level to the next rows break anew.
enum class Level : std::uint8_t { years, year, month, day, hour, minute };
constexpr std::size_t level_count = 6;

/// What the window shows its events as.
enum class ViewKind : std::uint8_t { calendar, letters, diary, compare, connections };

/// A stretch of the year, in whole stretched seconds; may end behind the end of time.
struct TimeWindow {
  std::int64_t begin = 0, seconds = 1;
  bool operator==(const TimeWindow&) const = default;
};

enum class OriginChoice : std::uint8_t { capture, journey, reference };

/// What journeys that are compared have in common: the instant that each one's January 1st begins with.
/// `connection` is the connection's first packet: TCP's SYN, or QUIC's first Initial.
enum class Alignment : std::uint8_t { client_hello, connection, first_frame };
/// What a row of the comparison is: a journey, or the mean of those whose handshakes were of one kind.
enum class CompareRows : std::uint8_t { journeys, handshakes };

/// How journeys are compared.
struct CompareChoice {
  std::optional<Alignment> align;    ///< none: the first that one of them has
  std::optional<CompareRows> rows;   ///< none: journeys while they are few
  std::vector<std::uint32_t> only;   ///< journeys, ascending; empty: all
  std::optional<TimeWindow> window;  ///< since the alignment; none: until the last answer
};

struct View {
  Level level = Level::year;
  StretchedTime at;  ///< an instant in the page that is shown: the year, month, day, … that holds it
  /// How far the level is zoomed in beyond its whole page: 1 the page fills the view, more: rows are taller
  /// and the page scrolls.
  double zoom = 1;
  /// Logical pixels that the page is moved up. Layouts and scenes know nothing of it: who paints moves the
  /// scene, and moves points back.
  double scroll = 0;
  /// What of the year the letters are shown of; none: the round trips of the journey, or all of it.
  std::optional<TimeWindow> window;
  CompareChoice compare;

  Scale scale;
  OriginChoice origin = OriginChoice::capture;
  Language language = Language::english;
  std::uint32_t journey = 0;  ///< 0: all
  std::string server;         ///< whose connections are shown, as it is counted; empty: all servers
  bool limit_to_filter = false;
  std::array<bool, lane_count> hidden{};
  /// The time that light needs from end to end, real nanoseconds; none where the distance is not known.
  std::optional<std::int64_t> light_ns;
  /// While the year is played: what happens after it is not drawn.
  std::optional<StretchedTime> until;
};

}  // namespace humantime::ui
