// SPDX-License-Identifier: GPL-2.0-or-later
// How a place where frames were captured is written.
#pragma once

#include <cstdint>
#include <string>

#include "types.h"

namespace humantime::reports {

/// `section.interface`, counted as Wireshark does (sections from 1, interfaces from 0), with the interface
/// index behind where a cooked capture tells it.
inline std::string vantage_text(const Vantage& vantage) {
  const std::string text =
      std::to_string(std::uint64_t{vantage.section} + 1) + "." + std::to_string(vantage.interface);
  return vantage.ifindex == 0 ? text : text + "." + std::to_string(vantage.ifindex);
}

}  // namespace humantime::reports
