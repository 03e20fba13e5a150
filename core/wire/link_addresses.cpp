// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/link_addresses.h"

namespace humantime::wire {
namespace {

std::uint32_t number_of(Bytes address) {
  Reader reader(address);
  const std::uint64_t value = std::uint64_t{reader.u16()} << 32 | reader.u32();
  return value == 0 ? 0 : static_cast<std::uint32_t>(value * 0x9e3779b97f4a7c15U >> 32) | 1;
}

}  // namespace

LinkAddresses link_addresses(const FrameBytes& frame) {
  constexpr std::size_t size = 6;
  if (frame.sources.empty()) return {};
  const Bytes bytes = frame.sources.front().bytes;
  for (const Layer layer : frame.layers) {
    if (kind_of(layer) != LayerKind::link) {
      if (kind_of(layer) == LayerKind::transparent) continue;
      return {};
    }
    LinkAddresses found;
    if (layer == Layer::ethernet && bytes.size() >= 2 * size) {
      found.destination = number_of(slice(bytes, 0, size));
      found.source = number_of(slice(bytes, size, size));
      found.to_group = (bytes[0] & 1) != 0;
    } else if (layer == Layer::cooked) {
      // Behind the packet type and the link's type; version 2 has the protocol and the interface before.
      found.source = number_of(slice(bytes, frame.cooked_v2 ? 12 : 6, size));
    }
    return found;
  }
  return {};
}

}  // namespace humantime::wire
