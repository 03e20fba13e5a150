// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/piece_list.h"

#include <array>

#include "pieces/piece_text.h"
#include "reports/columns.h"

namespace humantime::reports {
namespace {

struct FramePieces {
  FrameNumber frame;
  std::uint32_t bytes;
  std::vector<FramePiece> pieces;
};

template <typename Value>
Json of_pieces(const FramePieces& frame, Value value) {
  Json list = Json::array();
  for (const FramePiece& piece : frame.pieces) list.push_back(value(piece));
  return list;
}

constexpr std::array columns = {
    TableColumn<FramePieces>{"frame", [](const FramePieces& f) -> Json { return to_number(f.frame); }},
    TableColumn<FramePieces>{"bytes", [](const FramePieces& f) -> Json { return f.bytes; }},
    TableColumn<FramePieces>{"pieces",
                             [](const FramePieces& f) {
                               return of_pieces(f,
                                                [](const FramePiece& p) { return std::string(token_of(p)); });
                             }},
    TableColumn<FramePieces>{
        "sizes",
        [](const FramePieces& f) { return of_pieces(f, [](const FramePiece& p) { return p.bytes; }); }},
    // Of how many it is a part; 0: it is all.
    TableColumn<FramePieces>{
        "wholes",
        [](const FramePieces& f) { return of_pieces(f, [](const FramePiece& p) { return p.whole; }); }},
};

/// The kind whose pieces have phases of the lane.
struct NamedKind {
  Lane lane;
  PieceKind kind;
};
constexpr std::array named_kinds = {
    NamedKind{Lane::tls, PieceKind::tls_message},
    NamedKind{Lane::dns, PieceKind::dns},
    NamedKind{Lane::arp, PieceKind::dhcp},
};

}  // namespace

std::string_view token_of(const FramePiece& piece) {
  return piece.phase ? humantime::token_of(*piece.phase) : row_of(piece.kind).token;
}

std::optional<FramePiece> piece_named(std::string_view token) {
  FramePiece piece;
  if (const auto kind = piece_from_token(token)) {
    piece.kind = *kind;
    return piece;
  }
  piece.phase = phase_from_token(token);
  if (!piece.phase) return std::nullopt;
  for (const NamedKind& named : named_kinds)
    if (named.lane == row_of(*piece.phase).lane) {
      piece.kind = named.kind;
      return piece;
    }
  return std::nullopt;
}

void write_pieces(const FrameStore& store, const PieceLog& log, Telling telling, Format format,
                  const Sink& sink) {
  if (format == Format::csv) sink(csv_head<FramePieces>(columns));
  for (std::size_t at = 0; at < log.size(); ++at) {
    FramePieces frame{log.frame(at), 0, log.pieces(at, store)};
    for (const FramePiece& piece : frame.pieces) frame.bytes += piece.bytes;
    if (format == Format::json)
      sink(json_line<FramePieces>(columns, frame));
    else if (format == Format::csv)
      sink(csv_line<FramePieces>(columns, frame));
    else
      sink(pad_left(grouped(to_number(frame.frame)), 7) + "  " + pad_left(grouped(frame.bytes), 7) + "  " +
           text_of(frame.pieces, telling.language) + "\n");
  }
}

}  // namespace humantime::reports
