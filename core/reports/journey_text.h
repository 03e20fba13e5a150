// SPDX-License-Identifier: GPL-2.0-or-later
// What the reports say of a journey in the same words.
#pragma once

#include <span>
#include <string>

#include "journeys/journey.h"
#include "language.h"
#include "store.h"

namespace humantime::reports {

/// The name or, without one, the server's address; printable. Empty where there is neither.
std::string name_of(const FrameStore& store, const journeys::Journey& journey);
/// `completed`, `refused`, … in words.
std::string_view label_of(journeys::Kind kind, Language language);
/// `dns.query#2/sent`; without a direction `dns.query#2`.
std::string text_of(const journeys::Milestone& milestone);
/// `1st`, `2nd`, `11th`; `2回目`.
std::string ordinal_text(std::uint32_t ordinal, Language language);
/// `192.0.2.1:443`, `—` for none.
std::string end_text(const FrameStore& store, AddressId address, std::uint16_t port);

/// The milestones of one packet, in its order.
using Packet = std::span<const journeys::Milestone>;
/// The packet that `milestones` begin with.
Packet first_packet(std::span<const journeys::Milestone> milestones);

}  // namespace humantime::reports
