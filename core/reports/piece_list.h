// SPDX-License-Identifier: GPL-2.0-or-later
// The report `bytes`: what each frame is made of, from its first byte to its last.
#pragma once

#include <optional>
#include <string_view>

#include "pieces/piece_log.h"
#include "reports/format.h"
#include "reports/telling.h"

namespace humantime::reports {

/// One record for each frame of the log, in its order.
void write_pieces(const FrameStore& store, const PieceLog& log, Telling telling, Format format,
                  const Sink& sink);

/// What stands for a piece in the report: the token of its phase, where it has one, else its kind's.
std::string_view token_of(const FramePiece& piece);
/// The piece that a token stands for, without sizes; nothing where none has it.
std::optional<FramePiece> piece_named(std::string_view token);

}  // namespace humantime::reports
