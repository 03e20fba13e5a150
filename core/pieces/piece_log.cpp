// SPDX-License-Identifier: GPL-2.0-or-later
#include "pieces/piece_log.h"

namespace humantime {

void PieceLog::clear() {
  places_.clear();
  frames_.clear();
  pieces_.clear();
}

void PieceLog::take(FrameNumber frame, const RawFrame& raw, const FrameStore& store) {
  StreamPlace unknown;
  StreamPlace* place = &unknown;
  if (const FrameRow* row = store.find(frame); row != nullptr && row->connection != 0) {
    if (places_.size() >= most_directions) places_.clear();
    place = &places_[{row->vantage, row->connection, row->source, row->destination, row->source_port,
                      row->destination_port}];
  }
  read_pieces(raw, *place, read_);
  pieces_.insert(pieces_.end(), read_.begin(), read_.end());
  frames_.push_back({frame, pieces_.size()});
}

std::vector<FramePiece> PieceLog::pieces(std::size_t at, const FrameStore& store) const {
  const std::size_t begin = at == 0 ? 0 : frames_[at - 1].end;
  std::vector<FramePiece> pieces(pieces_.begin() + static_cast<std::ptrdiff_t>(begin),
                                 pieces_.begin() + static_cast<std::ptrdiff_t>(frames_[at].end));
  std::vector<PhaseMark> marks;
  store.marks(frames_[at].number, false, marks);
  name_by_phases(pieces, marks);
  return pieces;
}

}  // namespace humantime
