// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcp/stream.h"

#include <algorithm>

namespace humantime::tcp {

void Stream::wait(const Piece& piece) {
  const auto behind = [](Offset offset, const Waiting& other) { return offset < other.offset; };
  std::vector<Waiting>& waiting = waiting_.make();
  const auto place = std::upper_bound(waiting.begin(), waiting.end(), piece.offset, behind);
  waiting.insert(place,
                 {piece.offset, piece.frame, piece.length, piece.above, piece.sequence,
                  std::make_shared<const std::vector<std::uint8_t>>(piece.bytes.begin(), piece.bytes.end())});
  waiting_bytes_ += piece.bytes.size();
}

}  // namespace humantime::tcp
