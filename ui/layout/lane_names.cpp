// SPDX-License-Identifier: GPL-2.0-or-later
// The names of letters on their way, where no line crosses them.
#include <algorithm>
#include <vector>

#include "layout/lane_row.h"

namespace humantime::ui {
namespace {

bool crosses(const Piece& piece, const Rect& box) {
  const double left = std::max(piece.from.x, box.x);
  const double right = std::min(piece.to.x, box.right());
  if (left > right) return false;
  const double width = piece.to.x - piece.from.x;
  const auto y_at = [&](double x) {
    return width > 0 ? piece.from.y + (piece.to.y - piece.from.y) * (x - piece.from.x) / width : piece.from.y;
  };
  const auto [low, high] =
      width > 0 ? std::minmax({y_at(left), y_at(right)}) : std::minmax({piece.from.y, piece.to.y});
  return low < box.bottom() && high > box.y;
}

}  // namespace

void write_ways(LaneRow& lane) {
  if (lane.pieces.size() > most_pieces_avoided) return;
  std::stable_sort(lane.ways.begin(), lane.ways.end(),
                   [](const auto& a, const auto& b) { return a.first.weight > b.first.weight; });
  std::vector<Rect> boxes;
  const double height = lane.d.measure.height(TextStyle::label_bold);
  if (lane.frame->band_bottom - lane.frame->band_top < height + 2) return;
  for (const auto& [wish, piece] : lane.ways) {
    bool written = false;
    for (LabelWording& wording : wordings_of(lane.d, wish, lane.ink)) {
      const double width = width_of(lane.d, wording);
      const double room = piece.to.x - piece.from.x - 2 * lane.style.radius - 4;
      if (room < width) continue;
      const double low = lane.frame->band_bottom - height / 2 - 1;
      const double high = lane.frame->band_top + height / 2 + 1;
      for (const double share : {0.5, 0.15, 0.85, 0.0, 1.0}) {
        const double x = piece.from.x + lane.style.radius + 2 + (room - width) * share;
        for (const double y : {low, high}) {
          const Rect box{x - 1, y - height / 2, width + 2, height};
          const auto hits = [&](const Piece& other) { return crosses(other, box); };
          const auto covers = [&](const Rect& other) { return other.intersects(box); };
          if (std::any_of(lane.pieces.begin(), lane.pieces.end(), hits) ||
              std::any_of(boxes.begin(), boxes.end(), covers))
            continue;
          const Rect drawn = write_wording(lane.d, wording, x, y, EventIndex{wish.event});
          lane.d.scene.hits.push_back({drawn, EventIndex{wish.event}, 0});
          boxes.push_back(box);
          written = true;
          break;
        }
        if (written) break;
      }
      if (written) break;
    }
  }
}

}  // namespace humantime::ui
