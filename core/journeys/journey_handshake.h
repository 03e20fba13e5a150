// SPDX-License-Identifier: GPL-2.0-or-later
// Which handshake a journey's connection was opened with.
#pragma once

#include "handshake.h"
#include "journeys/journey.h"
#include "store.h"

namespace humantime::journeys {

/// The first handshake of the journey's own connection that was completed and whose kind is known; one that
/// its name was looked up over is none, and neither is a renegotiation. Null where there is no such one. Of a
/// capture of both ends the one that was completed first in the order of frames.
const Handshake* opening_handshake(const FrameStore& store, const Journey& journey);

}  // namespace humantime::journeys
