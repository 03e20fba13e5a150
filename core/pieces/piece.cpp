// SPDX-License-Identifier: GPL-2.0-or-later
#include "pieces/piece.h"

#include <array>

namespace humantime {
namespace {

constexpr std::array table = {
#define PIECE(enumerator, token, lane, depth, english, japanese) \
  PieceRow{token, Lane::lane, PieceDepth::depth, english, japanese},
#include "pieces/pieces.def"
#undef PIECE
};

}  // namespace

std::span<const PieceRow> piece_table() {
  return table;
}

std::optional<PieceKind> piece_from_token(std::string_view token) {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (table[i].token == token) return static_cast<PieceKind>(i);
  return std::nullopt;
}

std::string_view name_of(const FramePiece& piece, Language language) {
  if (piece.phase) return label_of(*piece.phase, language);
  const PieceRow& row = row_of(piece.kind);
  return language == Language::japanese ? row.japanese : row.english;
}

}  // namespace humantime
