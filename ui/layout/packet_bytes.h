// SPDX-License-Identifier: GPL-2.0-or-later
// What a packet is made of: a bar of its bytes, to scale, and in words. Its width is bytes, not time.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "layout/drawing.h"
#include "layout/label_text.h"
#include "pieces/piece.h"

namespace humantime::ui {

/// Whether a page of the level tells what packets are made of.
constexpr bool tells_bytes(Level level) {
  return level >= Level::hour;
}
/// The bar, and the room that it takes below a flag's words.
constexpr double packet_bar_height = 9, packet_bar_room = 15;

/// How many bytes they are together.
std::uint64_t bytes_of(std::span<const FramePiece> pieces);

/// One line of words, piece by piece in the colours of the bar, from the longest wording to the shortest; the
/// last says the sum only. Empty where there are no pieces.
std::vector<LabelLineText> piece_lines(std::span<const FramePiece> pieces, Language language);

/// Where each piece stands in a bar: from left to right without gaps, each as wide as its bytes.
std::vector<Rect> places_in_bar(std::span<const FramePiece> pieces, const Rect& bar);

/// Draws it: what carries the rest muted, the rest in the colours of its lanes.
void lay_out_packet_bar(const Drawing& drawing, std::span<const FramePiece> pieces, const Rect& bar,
                        EventIndex event);

}  // namespace humantime::ui
