// SPDX-License-Identifier: GPL-2.0-or-later
// What a segment's payload is made of, from the place in the stream where it begins.
#pragma once

#include <cstdint>
#include <vector>

#include "bytes.h"
#include "pieces/piece.h"
#include "pieces/stream_place.h"

namespace humantime {

/// Adds the payload's pieces to `out` and moves `place` behind it. `payload` as captured, `length` on the
/// wire. Where it does not follow what came before, it must show by itself what it is.
void read_segment(Bytes payload, std::uint32_t length, std::uint32_t sequence, StreamPlace& place,
                  std::vector<FramePiece>& out);

}  // namespace humantime
