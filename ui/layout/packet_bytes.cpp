// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/packet_bytes.h"

#include "layout/words.h"
#include "pieces/piece_text.h"

namespace humantime::ui {
namespace {

/// From so wide on a piece has an edge of its own.
constexpr double least_edged = 3;

bool is_header(const FramePiece& piece) {
  return row_of(piece.kind).depth == PieceDepth::header;
}

Ink ink_of(const FramePiece& piece) {
  return is_header(piece) ? Ink::muted : ui::ink_of(row_of(piece.kind).lane);
}

LabelLineText line_of(std::span<const FramePiece> pieces, const std::string& sum, Language language) {
  LabelLineText line = {{sum, TextStyle::label_bold, Ink::text}};
  for (std::size_t i = 0; i < pieces.size(); ++i)
    line.push_back(
        {(i == 0 ? "" : "· ") + text_of(pieces[i], language), TextStyle::label, ink_of(pieces[i])});
  return line;
}

}  // namespace

std::uint64_t bytes_of(std::span<const FramePiece> pieces) {
  std::uint64_t sum = 0;
  for (const FramePiece& piece : pieces) sum += piece.bytes;
  return sum;
}

std::vector<LabelLineText> piece_lines(std::span<const FramePiece> pieces, Language language) {
  std::vector<LabelLineText> lines;
  if (pieces.empty()) return lines;
  const std::string sum = filled(words_of(language).bytes, {counted(bytes_of(pieces))});
  lines.push_back(line_of(pieces, sum, language));
  lines.push_back(line_of(with_joint_headers(pieces), sum, language));
  lines.push_back({{sum, TextStyle::label_bold, Ink::text}});
  return lines;
}

std::vector<Rect> places_in_bar(std::span<const FramePiece> pieces, const Rect& bar) {
  std::vector<Rect> places;
  const auto all = static_cast<double>(bytes_of(pieces));
  if (all <= 0) return places;
  std::uint64_t before = 0;
  for (const FramePiece& piece : pieces) {
    const double left = bar.x + bar.width * static_cast<double>(before) / all;
    before += piece.bytes;
    const double right = bar.x + bar.width * static_cast<double>(before) / all;
    places.push_back({left, bar.y, right - left, bar.height});
  }
  return places;
}

void lay_out_packet_bar(const Drawing& d, std::span<const FramePiece> pieces, const Rect& bar,
                        EventIndex event) {
  const std::vector<Rect> places = places_in_bar(pieces, bar);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Rect& place = places[i];
    const Ink ink = ink_of(pieces[i]);
    d.fill(place.x, place.y, place.right(), place.bottom(), ink,
           is_header(pieces[i]) ? Strength::stage_bar : Strength::segments);
    if (place.width >= least_edged && i > 0)
      d.line({place.x, place.y}, {place.x, place.bottom()}, Ink::page, Strength::solid, 1, LineStyle::solid,
             event);
    for (const double y : {place.y, place.bottom()})
      d.line({place.x, y}, {place.right(), y}, ink, Strength::solid, 1, LineStyle::solid, event);
  }
  if (places.empty()) return;
  for (const double x : {bar.x, bar.right()})
    d.line({x, bar.y}, {x, bar.bottom()}, x == bar.x ? ink_of(pieces.front()) : ink_of(pieces.back()),
           Strength::solid, 1, LineStyle::solid, event);
  d.scene.hits.push_back({bar, event, 0});
}

}  // namespace humantime::ui
