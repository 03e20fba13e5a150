// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/quic_frames.h"

#include <algorithm>
#include <array>

#include "wire/quic_integer.h"

namespace humantime::wire {
namespace {

/// What a frame is made of, as far as it must be stepped over.
enum class Part : std::uint8_t {
  none,
  integer,     ///< of variable length
  bytes,       ///< as many as an integer before them says
  eight,       ///< bytes
  ack_ranges,  ///< a count, and as many pairs behind the first range
};

struct LayoutRow {
  std::uint64_t first, last;  ///< types
  std::array<Part, 4> parts;
};

using enum Part;

/// RFC 9000 19, but for those that are read.
constexpr LayoutRow layouts[] = {
    {0x01, 0x01, {}},                                    // PING
    {0x02, 0x02, {integer, integer, ack_ranges}},        // ACK
    {0x03, 0x03, {integer, integer, ack_ranges}},        // ACK with ECN counts: see below
    {0x05, 0x05, {integer, integer}},                    // STOP_SENDING
    {0x07, 0x07, {bytes}},                               // NEW_TOKEN
    {0x10, 0x10, {integer}},                             // MAX_DATA
    {0x11, 0x11, {integer, integer}},                    // MAX_STREAM_DATA
    {0x12, 0x14, {integer}},                             // MAX_STREAMS, DATA_BLOCKED
    {0x15, 0x15, {integer, integer}},                    // STREAM_DATA_BLOCKED
    {0x16, 0x17, {integer}},                             // STREAMS_BLOCKED
    {0x19, 0x19, {integer}},                             // RETIRE_CONNECTION_ID
    {0x1a, 0x1b, {eight}},                               // PATH_CHALLENGE, PATH_RESPONSE
    {0x1f, 0x1f, {}},                                    // IMMEDIATE_ACK
    {0x31, 0x31, {bytes}},                               // DATAGRAM with a length (RFC 9221)
    {0xaf, 0xaf, {integer, integer, integer, integer}},  // ACK_FREQUENCY
};

constexpr std::uint64_t padding = 0x00, ack_with_counts = 0x03, reset_stream = 0x04, crypto = 0x06,
                        first_stream = 0x08, last_stream = 0x0f, new_connection_id = 0x18,
                        connection_close = 0x1c, application_close = 0x1d, handshake_done = 0x1e,
                        datagram_to_the_end = 0x30;

Bytes take_counted(Reader& reader) {
  const std::uint64_t length = read_quic_integer(reader);
  return reader.take(static_cast<std::size_t>(std::min<std::uint64_t>(length, SIZE_MAX)));
}

void skip(Reader& reader, Part part) {
  switch (part) {
    case none:
      return;
    case integer:
      read_quic_integer(reader);
      return;
    case bytes:
      take_counted(reader);
      return;
    case eight:
      reader.skip(8);
      return;
    case ack_ranges:
      // The count, the first range, then pairs of gap and range: each takes two bytes at least.
      std::uint64_t count = read_quic_integer(reader);
      read_quic_integer(reader);
      for (; count > 0 && reader.ok(); --count) {
        read_quic_integer(reader);
        read_quic_integer(reader);
      }
      return;
  }
}

QuicFrame read_stream(Reader& reader, std::uint64_t type) {
  constexpr std::uint64_t has_offset = 4, has_length = 2, ends = 1;
  QuicFrame frame;
  frame.type = QuicFrameType::stream;
  frame.stream = read_quic_integer(reader);
  if ((type & has_offset) != 0) frame.offset = read_quic_integer(reader);
  frame.content = (type & has_length) != 0 ? take_counted(reader) : reader.take(reader.remaining());
  frame.fin = (type & ends) != 0;
  return frame;
}

QuicFrame read_crypto(Reader& reader) {
  QuicFrame frame;
  frame.type = QuicFrameType::crypto;
  frame.offset = read_quic_integer(reader);
  frame.content = take_counted(reader);
  return frame;
}

QuicFrame read_new_connection_id(Reader& reader) {
  constexpr std::size_t reset_token = 16;
  QuicFrame frame;
  frame.type = QuicFrameType::new_connection_id;
  read_quic_integer(reader);
  read_quic_integer(reader);
  frame.content = reader.take(reader.u8());
  reader.skip(reset_token);
  return frame;
}

QuicFrame read_connection_close(Reader& reader, std::uint64_t type) {
  QuicFrame frame;
  frame.type = QuicFrameType::connection_close;
  frame.code = read_quic_integer(reader);
  frame.of_application = type == application_close;
  if (!frame.of_application) read_quic_integer(reader);
  frame.content = take_counted(reader);
  return frame;
}

}  // namespace

std::optional<QuicFrame> QuicFrames::next() {
  while (!reader_.rest().empty() && reader_.rest()[0] == padding) reader_.skip(1);
  if (reader_.remaining() == 0) return std::nullopt;
  const std::uint64_t type = read_quic_integer(reader_);
  QuicFrame frame;
  if (type >= first_stream && type <= last_stream) {
    frame = read_stream(reader_, type);
  } else if (type == crypto) {
    frame = read_crypto(reader_);
  } else if (type == reset_stream) {
    frame.type = QuicFrameType::reset_stream;
    frame.stream = read_quic_integer(reader_);
    read_quic_integer(reader_);
    read_quic_integer(reader_);
  } else if (type == new_connection_id) {
    frame = read_new_connection_id(reader_);
  } else if (type == connection_close || type == application_close) {
    frame = read_connection_close(reader_, type);
  } else if (type == handshake_done) {
    frame.type = QuicFrameType::handshake_done;
  } else if (type == datagram_to_the_end) {
    reader_.skip(reader_.remaining());
  } else {
    const auto row = std::find_if(std::begin(layouts), std::end(layouts), [type](const LayoutRow& layout) {
      return type >= layout.first && type <= layout.last;
    });
    if (row == std::end(layouts))
      reader_.skip(reader_.remaining() + 1);
    else
      for (const Part part : row->parts) skip(reader_, part);
    for (int count = 0; type == ack_with_counts && count < 3; ++count) read_quic_integer(reader_);
  }
  if (!reader_.ok()) return std::nullopt;
  constexpr std::uint64_t beyond = std::uint64_t{1} << 62;
  if (frame.offset + frame.content.size() >= beyond) return std::nullopt;
  return frame;
}

}  // namespace humantime::wire
