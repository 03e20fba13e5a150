// SPDX-License-Identifier: GPL-2.0-or-later
// The first bytes of a stream, kept until they show which protocol it is.
#pragma once

#include <array>
#include <cstdint>

#include "bytes.h"
#include "phase_sink.h"
#include "tcp/lifecycle.h"
#include "types.h"

namespace humantime::app {

/// The bytes at the start of each direction that are too few to tell, and the frames that carried them.
class Sniffer {
 public:
  struct Prefix {
    static constexpr std::size_t most = 24;
    std::array<std::uint8_t, most> bytes{};
    std::array<FrameNumber, most> frames{};
    std::uint8_t size = 0;
    bool passed = false;  ///< other bytes came before, and told nothing

    Bytes all() const { return {bytes.data(), size}; }
    bool append(FrameNumber frame, Bytes more) {
      if (more.size() > most - size) return false;
      for (const std::uint8_t byte : more) {
        frames[size] = frame;
        bytes[size++] = byte;
      }
      return true;
    }
  };

  Prefix& prefix(tcp::Role from) { return prefixes_[static_cast<std::size_t>(from)]; }
  const Prefix& prefix(tcp::Role from) const { return prefixes_[static_cast<std::size_t>(from)]; }

 private:
  std::array<Prefix, 2> prefixes_;
};

}  // namespace humantime::app
