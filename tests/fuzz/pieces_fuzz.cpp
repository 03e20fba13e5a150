// SPDX-License-Identifier: GPL-2.0-or-later
// Frames (see frames_input.h) as segments of one direction of a connection, and what must hold of the pieces
// that they are made of.
#include <cstdint>
#include <cstdlib>

#include "frames_input.h"
#include "pieces/frame_pieces.h"

namespace humantime {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void judge(const RawFrame& raw, StreamPlace& place) {
  std::vector<FramePiece> pieces;
  read_pieces(raw, place, pieces);
  std::uint64_t sum = 0;
  for (const FramePiece& piece : pieces) {
    require(piece.bytes > 0 && (piece.whole == 0 || piece.whole > piece.bytes));
    sum += piece.bytes;
  }
  require(sum == raw.length);
}

}  // namespace
}  // namespace humantime

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace humantime;
  for (const LinkType link : {LinkType::ethernet, LinkType::cooked, LinkType::cooked_v2, LinkType::null,
                              LinkType::raw, LinkType::other}) {
    StreamPlace place;
    for (const InputFrame& frame : read_frames({data, size}))
      for (const DataSource& source : frame.sources)
        judge({link, source.bytes, source.reported_length}, place);
  }
  return 0;
}
