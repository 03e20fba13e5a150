// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/quic.h"

#include <array>

#include "wire/quic_integer.h"

namespace humantime::wire {
namespace {

/// By the two bits of the first byte (RFC 9000 17.2, RFC 9369 3.2).
constexpr std::array<QuicPacketType, 4> types_of_version_1 = {
    QuicPacketType::initial, QuicPacketType::zero_rtt, QuicPacketType::handshake, QuicPacketType::retry};
constexpr std::array<QuicPacketType, 4> types_of_version_2 = {
    QuicPacketType::retry, QuicPacketType::initial, QuicPacketType::zero_rtt, QuicPacketType::handshake};

constexpr std::array<Phase, 6> phases = {Phase::quic_initial,
                                         Phase::quic_zero_rtt,
                                         Phase::quic_handshake,
                                         Phase::quic_retry,
                                         Phase::quic_version_negotiation,
                                         Phase::quic_one_rtt};

/// Draft 22 and those before it wrote the lengths of the connection IDs otherwise.
constexpr std::uint32_t first_draft = 0xff000017, last_draft = 0xff000022;
/// draft-ietf-quic-v2, as it was deployed before the RFC gave it another number.
constexpr std::uint32_t version_2_draft = 0x709a50c4;

}  // namespace

QuicDialect dialect_of_quic(std::uint32_t version) {
  if (version == quic_version_1 || (version >= first_draft && version <= last_draft))
    return QuicDialect::version_1;
  if (version == quic_version_2 || version == version_2_draft) return QuicDialect::version_2;
  return QuicDialect::unknown;
}

std::optional<QuicLongHeader> read_quic_long_header(Bytes bytes, std::size_t length) {
  Reader reader(bytes);
  const std::uint8_t first = reader.u8();
  if (!reader.ok() || (first & 0x80) == 0) return std::nullopt;
  QuicLongHeader header;
  header.version = reader.u32();
  header.destination_id = reader.take(reader.u8());
  header.source_id = reader.take(reader.u8());
  if (!reader.ok()) return std::nullopt;
  if (header.version == 0) {
    header.type = QuicPacketType::version_negotiation;
    header.known_version = true;
    header.packet_length = length;
    return header;
  }
  if (header.destination_id.size() > most_quic_connection_id ||
      header.source_id.size() > most_quic_connection_id)
    return std::nullopt;
  const QuicDialect dialect = dialect_of_quic(header.version);
  header.known_version = dialect != QuicDialect::unknown;
  const auto& types = dialect == QuicDialect::version_2 ? types_of_version_2 : types_of_version_1;
  header.type = types[first >> 4 & 3];
  if (header.type == QuicPacketType::retry) {
    constexpr std::size_t integrity_tag = 16;
    if (length < reader.position() + integrity_tag) return std::nullopt;
    header.token = slice(reader.rest(), 0, length - reader.position() - integrity_tag);
    header.packet_length = length;
    return header;
  }
  if (header.type == QuicPacketType::initial) {
    const std::uint64_t token_length = read_quic_integer(reader);
    if (token_length > reader.remaining()) return std::nullopt;
    header.token = reader.take(static_cast<std::size_t>(token_length));
  }
  const std::uint64_t rest = read_quic_integer(reader);
  if (!reader.ok() || rest > length - reader.position()) return std::nullopt;
  header.packet_number_offset = reader.position();
  header.packet_length = reader.position() + static_cast<std::size_t>(rest);
  return header;
}

Phase phase_of(QuicPacketType type) {
  return phases[static_cast<std::size_t>(type)];
}

}  // namespace humantime::wire
