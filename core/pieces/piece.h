// SPDX-License-Identifier: GPL-2.0-or-later
// One stretch of a frame's bytes: a header, a TLS message, a body.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "language.h"
#include "phases.h"

namespace humantime {

enum class PieceKind : std::uint8_t {
#define PIECE(enumerator, token, lane, depth, english, japanese) enumerator,
#include "pieces/pieces.def"
#undef PIECE
};

enum class PieceDepth : std::uint8_t { header, content };

struct PieceRow {
  std::string_view token;  ///< in the report
  Lane lane{};             ///< whose colour it has
  PieceDepth depth{};
  std::string_view english, japanese;
};

/// By PieceKind.
std::span<const PieceRow> piece_table();
inline const PieceRow& row_of(PieceKind kind) {
  return piece_table()[static_cast<std::size_t>(kind)];
}
std::optional<PieceKind> piece_from_token(std::string_view token);

/// Sizes are bytes on the wire.
struct FramePiece {
  PieceKind kind = PieceKind::payload;
  /// What the piece is more exactly: Certificate. None where that is not known, or `kind` says all.
  std::optional<Phase> phase;
  std::uint32_t bytes = 0;
  /// Where this is a part only, in one segment of several or one record of several: how long all of it is,
  /// which is more than `bytes`. 0: this is all, or how much more there is is not known.
  std::uint32_t whole = 0;
  bool operator==(const FramePiece&) const = default;
};

/// What the piece is called, in words; a name of the phase table where it has one.
std::string_view name_of(const FramePiece& piece, Language language);

}  // namespace humantime
