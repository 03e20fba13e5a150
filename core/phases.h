// SPDX-License-Identifier: GPL-2.0-or-later
// What a frame does in the exchange: phases, the lanes they are drawn in, the stages they count to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "language.h"

namespace humantime {

enum class Lane : std::uint8_t { arp, dns, tcp, tls, http, quic, vpn };
constexpr std::size_t lane_count = 7;

/// The coarser part of an exchange, named after the timings of an HTTP archive (HAR).
enum class Stage : std::uint8_t {
  address,
  dns,
  connect,
  ssl,
  request,
  wait,
  response,
  close,
  tunnel,
  other,
  /// Only in the phase table: the frame takes the stage that its connection is in.
  of_the_moment,
};
constexpr std::size_t stage_count = 10;

enum class Phase : std::uint8_t {
#define PHASE(enumerator, token, lane, stage, english, japanese, milestone, source) enumerator,
#include "phases.def"
#undef PHASE
};

struct PhaseRow {
  Phase phase;
  std::string_view token;  ///< `protocol.step`: the value of the field humantime.phase
  Lane lane;
  Stage stage;
  std::string_view english;
  std::string_view japanese;
  bool milestone;           ///< an event of a journey that can be compared with other journeys
  std::string_view source;  ///< the document that defines the message
};

inline constexpr PhaseRow phase_rows[] = {
#define PHASE(enumerator, token, lane, stage, english, japanese, milestone, source) \
  {Phase::enumerator, token, Lane::lane, Stage::stage, english, japanese, milestone, source},
#include "phases.def"
#undef PHASE
};

/// All phases, indexed by Phase.
std::span<const PhaseRow> phase_table();

inline const PhaseRow& row_of(Phase phase) {
  return phase_rows[static_cast<std::size_t>(phase)];
}
std::string_view token_of(Phase phase);
std::string_view label_of(Phase phase, Language language);
std::optional<Phase> phase_from_token(std::string_view token);

/// A number that two libraries have in common only if their enumerations of phases and stages are the same.
std::uint64_t vocabulary();

/// `ARP`, `DNS`, …: the value of the field humantime.lane.
std::string_view token_of(Lane lane);
/// `address`, `dns`, …: the value of the field humantime.stage.
std::string_view token_of(Stage stage);
std::string_view label_of(Stage stage, Language language);

/// Whether a frame has the phase once at the most, however many messages it carries: states, not messages.
bool is_state(Phase phase);

/// Where in a frame the phase stands: what the TCP header acknowledges, opens, then trouble, the payload in
/// stream order, and last what the header closes.
int order_in_frame(Phase phase);

}  // namespace humantime
