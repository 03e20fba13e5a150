// SPDX-License-Identifier: GPL-2.0-or-later
#include "layers.h"

namespace humantime {

static_assert(std::size(layer_rows) <= 64, "a LayerSet is one word");

std::span<const LayerRow> layer_table() {
  return layer_rows;
}

Layer layer_from_name(std::string_view name) {
  for (const LayerRow& row : layer_rows)
    if (row.name == name) return row.layer;
  return Layer::unknown;
}

}  // namespace humantime
