// SPDX-License-Identifier: GPL-2.0-or-later
// A frame as Wireshark holds it, handed over to core.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "frame_bytes.h"
#include "plugin/host.h"

namespace humantime::plugin {

/// Reads frames into one and the same FrameBytes: no allocation per frame.
class FrameReader {
 public:
  /// Learns Wireshark's numbers of the protocols; once, when all are registered.
  void learn_protocols();

  /// Valid until the next call and while the frame is being dissected.
  const FrameBytes& read(tvbuff_t* tvb, const packet_info* pinfo);

 private:
  void read_layers(const packet_info* pinfo);
  void read_sources(tvbuff_t* tvb, const packet_info* pinfo);
  void read_decrypted(const packet_info* pinfo);
  void read_decrypted(const packet_info* pinfo, int protocol, std::uint32_t last_layer);

  std::vector<Layer> by_protocol_;  ///< Layer by Wireshark's protocol number
  std::array<Layer, 64> layers_{};  ///< a frame with more layers is read as far as these go
  std::vector<DataSource> sources_;
  std::vector<DecryptedRecord> decrypted_;
  int tls_ = -1, dtls_ = -1;  ///< Wireshark's numbers of the protocols
  FrameBytes frame_;
};

}  // namespace humantime::plugin
