// SPDX-License-Identifier: GPL-2.0-or-later
#include "pieces/piece_text.h"

#include "reports/format.h"

namespace humantime {

std::string text_of(const FramePiece& piece, Language language) {
  const std::string name(name_of(piece, language));
  const std::string bytes = reports::grouped(piece.bytes);
  if (piece.whole == 0) return name + " " + bytes;
  const std::string whole = reports::grouped(piece.whole);
  return language == Language::japanese ? name + "の一部、" + whole + " のうち " + bytes
                                        : "part of " + name + ", " + bytes + " of " + whole;
}

std::string text_of(std::span<const FramePiece> pieces, Language language) {
  std::string text;
  for (const FramePiece& piece : pieces) {
    if (!text.empty()) text += " · ";
    text += text_of(piece, language);
  }
  return text;
}

std::vector<FramePiece> with_joint_headers(std::span<const FramePiece> pieces) {
  FramePiece headers{PieceKind::headers, std::nullopt, 0, 0};
  std::vector<FramePiece> joint;
  for (const FramePiece& piece : pieces) {
    if (row_of(piece.kind).depth == PieceDepth::header)
      headers.bytes += piece.bytes;
    else
      joint.push_back(piece);
  }
  if (headers.bytes > 0) joint.insert(joint.begin(), headers);
  return joint;
}

}  // namespace humantime
