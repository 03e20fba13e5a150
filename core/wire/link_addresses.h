// SPDX-License-Identifier: GPL-2.0-or-later
// Who sent a frame to whom on its link.
#pragma once

#include <cstdint>

#include "frame_bytes.h"

namespace humantime::wire {

/// Hardware addresses, each mixed to a number; 0 where the link has none (or does not tell it).
struct LinkAddresses {
  std::uint32_t source = 0, destination = 0;
  bool to_group = false;  ///< broadcast or multicast
};

/// Of the outermost link: Ethernet, and Linux cooked capture, which tells the source only.
LinkAddresses link_addresses(const FrameBytes& frame);

}  // namespace humantime::wire
