// SPDX-License-Identifier: GPL-2.0-or-later
// Pieces in words: `Ethernet 14`, `Certificate 1,028`, `part of Certificate, 1,448 of 2,930`.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "pieces/piece.h"

namespace humantime {

/// With its size.
std::string text_of(const FramePiece& piece, Language language);
/// All of them in their order, with dots between.
std::string text_of(std::span<const FramePiece> pieces, Language language);

/// All that only carries the rest as one piece in front, `headers`, then what it carries: their bytes add up
/// to the same.
std::vector<FramePiece> with_joint_headers(std::span<const FramePiece> pieces);

}  // namespace humantime
