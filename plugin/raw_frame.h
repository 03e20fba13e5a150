// SPDX-License-Identifier: GPL-2.0-or-later
// A frame's bytes as they stand in the capture, for who asks for one frame after the fact.
#pragma once

#include <cstdint>

#include "pieces/frame_pieces.h"
#include "plugin/host.h"

namespace humantime::plugin {

/// How Wireshark's numbers of link layers (WTAP_ENCAP_…) are read.
LinkType link_type_of(int encapsulation);

/// The frame that is being dissected; views of `tvb`.
RawFrame raw_frame_of(tvbuff_t* tvb, const packet_info* pinfo);

/// Reads one record after another from an open capture, at random, into one buffer. Of short life:
/// Wireshark's buffers go before static objects do.
class RecordReader {
 public:
  RecordReader();
  ~RecordReader();
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;

  /// The frame's bytes, until the next call; empty where they cannot be read or are no packet.
  RawFrame read(struct wtap* file, std::int64_t offset);

 private:
  wtap_rec record_{};
  Buffer buffer_{};
};

}  // namespace humantime::plugin
