// SPDX-License-Identifier: GPL-2.0-or-later
// What is known only when all frames are looked at together, for the fields. A command works it out in one go
// when it is first asked for. Wireshark's window would stand still meanwhile, for seconds in a capture of a
// million frames: there it is made a part at a time by the dialog's library, and until it is nothing is told.
#pragma once

#include <cstdint>
#include <optional>

#include "journeys/journeys.h"
#include "journeys/milestone_index.h"
#include "letters/letters.h"
#include "plugin/host.h"
#include "survey.h"

namespace humantime::plugin {

/// The surveys of the capture, which the dialog shows too.
Surveyor& surveyor();

/// From now on nothing is worked out in one go, but for what Wireshark itself is going through all frames
/// for: a display filter must not miss a frame. `wanted` is called in the midst of a dissection, on its
/// thread: `in_details` where the packet's details show what is not known yet, else the packet list does.
void settle_in_parts(void (*wanted)(void* user, int in_details), void* user);

/// Fields of this packet are about to be added to this tree, which may be null.
void fields_are_for(const packet_info* pinfo, const proto_tree* tree);
/// Before a frame is shown that has been seen: what waited for frames that never came is told.
void finish_capture();

/// The frame's letter, and its end and direction also where only its journey tells them.
letters::Sighting sighting_of(FrameNumber frame);
/// The letter alone.
letters::Sighting letter_of(FrameNumber frame);
journeys::Place place_of(FrameNumber frame);
/// As Engine::correction_of(); nothing where it is not known yet.
std::optional<std::int64_t> correction_of(FrameNumber frame);
/// All journeys of the frames that have come; null where they are not known yet.
const journeys::Journeys* all_journeys();

}  // namespace humantime::plugin
