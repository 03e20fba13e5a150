// SPDX-License-Identifier: GPL-2.0-or-later
// The protocols that Wireshark found in a frame, as far as they matter here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace humantime {

enum class Layer : std::uint8_t {
#define LAYER(enumerator, name, kind) enumerator,
#include "layers.def"
#undef LAYER
};

enum class LayerKind : std::uint8_t { transparent, link, network, transport, application };

struct LayerRow {
  Layer layer;
  std::string_view name;  ///< Wireshark's filter name of the protocol; empty for Layer::unknown
  LayerKind kind;
};

inline constexpr LayerRow layer_rows[] = {
#define LAYER(enumerator, name, kind) {Layer::enumerator, name, LayerKind::kind},
#include "layers.def"
#undef LAYER
};

/// All layers, indexed by Layer; the last one stands for every protocol that has no row.
std::span<const LayerRow> layer_table();
inline LayerKind kind_of(Layer layer) {
  return layer_rows[static_cast<std::size_t>(layer)].kind;
}
/// Layer::unknown where the name has no row.
Layer layer_from_name(std::string_view name);

/// A set of layers.
class LayerSet {
 public:
  void add(Layer layer) { bits_ |= bit(layer); }
  void remove(Layer layer) { bits_ &= ~bit(layer); }
  bool has(Layer layer) const { return (bits_ & bit(layer)) != 0; }
  bool empty() const { return bits_ == 0; }

 private:
  static std::uint64_t bit(Layer layer) { return std::uint64_t{1} << static_cast<unsigned>(layer); }
  std::uint64_t bits_ = 0;
};

}  // namespace humantime
