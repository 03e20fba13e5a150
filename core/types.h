// SPDX-License-Identifier: GPL-2.0-or-later
// The strong types that all parts share.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

namespace humantime {

/// A frame's number as Wireshark shows it: from 1; 0 is no frame.
enum class FrameNumber : std::uint32_t {};
constexpr FrameNumber no_frame{0};
constexpr std::uint32_t to_number(FrameNumber frame) {
  return static_cast<std::uint32_t>(frame);
}

/// Captured time, real nanoseconds: an instant since 1970-01-01 00:00:00 UTC, or a difference of two.
/// Range: 292 years to each side.
using Nanoseconds = std::chrono::nanoseconds;

/// A place where frames were captured: pcapng section and interface, and for cooked captures (Linux cooked
/// v2) the interface index that each frame tells of itself.
struct Vantage {
  std::uint32_t section = 0;
  std::uint32_t interface = 0;
  std::uint32_t ifindex = 0;
  auto operator<=>(const Vantage&) const = default;
};

}  // namespace humantime
