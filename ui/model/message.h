// SPDX-License-Identifier: GPL-2.0-or-later
// What a frame is called by when it is one mark: its principal phase, and which side sends such a packet.
#pragma once

#include <cstdint>
#include <span>

#include "phases.h"
#include "store.h"

namespace humantime::ui {

/// The side that a phase's packet comes from, where the phase alone tells.
enum class Sender : std::uint8_t { either, client, server };
Sender sender_of(Phase phase);

/// The phase that names a frame: of the highest lane the first milestone; where there is no milestone, of the
/// highest lane the first phase.
struct PrincipalPhase {
  Phase phase{};
  bool inferred = false;
  bool others = false;  ///< the frame has more phases
};
PrincipalPhase principal_of(std::span<const PhaseMark> marks);

}  // namespace humantime::ui
