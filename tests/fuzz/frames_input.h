// SPDX-License-Identifier: GPL-2.0-or-later
// Frames as a fuzz input: for each frame
//   flags (below), time step, number of layers, layers (as Layer), and its sources: length (2), missing bytes
//   (1), bytes; with more_sources set, the name (index into source_names) and another source behind it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "bytes.h"
#include "frame_bytes.h"
#include "layers.h"

namespace humantime {

enum FrameFlag : std::uint8_t {
  frame_without_time = 1,
  frame_comes_again = 2,  ///< has the number of the one before
  frame_finishes = 4,     ///< the capture is finished behind it
  frame_cooked_v2 = 8,
  frame_more_sources = 16,
  frame_time_backwards = 32,
  frame_interface = 0xc0,  ///< two bits
};

inline constexpr std::array<std::string_view, 5> source_names = {
    "Reassembled IPv4 (1 byte)", "Reassembled IPv6 (1 byte)", "Decrypted CCMP data", "Decrypted Packet",
    "Decrypted QUIC (1 byte)"};

struct InputFrame {
  std::uint8_t flags = 0;
  std::vector<Layer> layers;
  std::vector<DataSource> sources;
  Nanoseconds time{0};

  bool has(FrameFlag flag) const { return (flags & flag) != 0; }
  FrameBytes as(FrameNumber number) const {
    FrameBytes frame;
    frame.number = number;
    frame.time = time;
    frame.has_time = !has(frame_without_time);
    frame.cooked_v2 = has(frame_cooked_v2);
    frame.length = sources.front().reported_length;
    frame.vantage.interface = flags >> 6;
    frame.layers = layers;
    frame.sources = sources;
    return frame;
  }
};

inline DataSource read_source(Reader& in, std::string_view name) {
  const std::uint16_t length = in.u16();
  const std::uint8_t missing = in.u8();
  const Bytes bytes = in.take(length < in.remaining() ? length : in.remaining());
  return {bytes, static_cast<std::uint32_t>(bytes.size() + missing * 8U), name};
}

/// The frames of an input; their bytes are views into it.
inline std::vector<InputFrame> read_frames(Bytes input) {
  std::vector<InputFrame> frames;
  Nanoseconds now{1'000'000'000'000};
  for (Reader in(input); in.remaining() > 6;) {
    InputFrame frame;
    frame.flags = in.u8();
    const std::uint8_t step = in.u8();
    const auto passed = std::chrono::nanoseconds{std::int64_t{step & 0x1f} << (step >> 5) * 5};
    now += frame.has(frame_time_backwards) ? -passed : passed;
    frame.time = now;
    for (unsigned count = in.u8() % 16U; count > 0; --count)
      frame.layers.push_back(static_cast<Layer>(in.u8() % std::size(layer_rows)));
    frame.sources.push_back(read_source(in, {}));
    if (frame.has(frame_more_sources)) {
      const std::string_view name = source_names[in.u8() % source_names.size()];
      frame.sources.push_back(read_source(in, name));
    }
    frames.push_back(std::move(frame));
  }
  return frames;
}

}  // namespace humantime
