// SPDX-License-Identifier: GPL-2.0-or-later
// A datagram of a conversation, as its reader gets it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "bytes.h"
#include "frame_bytes.h"
#include "layers.h"
#include "tcp/lifecycle.h"
#include "types.h"

namespace humantime::udp {

using tcp::Role;

/// Everything views: valid while the frame is being processed.
struct Datagram {
  FrameNumber frame = no_frame;
  std::int64_t time_ns = 0;  ///< as captured; 0 where the frame has no time
  /// The initiator is the client, as the reader told when the conversation began.
  Role from = Role::initiator;
  std::uint16_t source_port = 0, destination_port = 0;
  Bytes payload;                     ///< as captured
  std::uint32_t payload_length = 0;  ///< on the wire
  LayerSet above;                    ///< what Wireshark recognised above UDP
  /// All of the frame's data sources: the frame itself, and what the host made of it.
  std::span<const DataSource> sources;
  /// The TLS records that the host decrypted in the frame.
  std::span<const DecryptedRecord> decrypted;
  bool infer = true;  ///< whether to name what the bytes do not show
};

/// What a conversation's first datagram tells.
struct Beginning {
  bool from_client = true;
  /// A number that is the conversation's own wherever it is seen, behind a translated address too: it links
  /// what two vantages saw, as the initial sequence number does for TCP.
  bool has_sequence = false;
  std::uint32_t sequence = 0;
};

/// Names that a datagram from an unknown address may have for its conversation.
struct Aliases {
  static constexpr std::size_t most = 21;
  std::array<Bytes, most> names{};
  std::size_t count = 0;
};

}  // namespace humantime::udp
