// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/icmpv6.h"

#include <array>

namespace humantime::wire {
namespace {

struct Row {
  std::size_t smallest;  ///< bytes that a valid message has at least
  bool has_target;
  Phase phase;
};

constexpr std::uint8_t first_type = 133;
constexpr std::array<Row, 4> rows = {{
    {8, false, Phase::ndp_router_solicitation},    // 133, RFC 4861 6.1.1
    {16, false, Phase::ndp_router_advertisement},  // 134, RFC 4861 6.1.2
    {24, true, Phase::ndp_solicitation},           // 135, RFC 4861 7.1.1
    {24, true, Phase::ndp_advertisement},          // 136, RFC 4861 7.1.2
}};
constexpr std::size_t target_offset = 8;
constexpr std::size_t address_size = 16;

const Row* row_of(std::uint8_t type) {
  const std::size_t index = static_cast<std::uint8_t>(type - first_type);
  return index < rows.size() ? &rows[index] : nullptr;
}

}  // namespace

std::optional<Icmpv6> read_icmpv6(Bytes captured, std::size_t length) {
  Reader reader(slice(captured, 0, length));
  Icmpv6 message;
  message.type = reader.u8();
  message.code = reader.u8();
  message.length = length;
  if (!reader.ok()) return std::nullopt;
  const Row* row = row_of(message.type);
  if (row != nullptr && row->has_target) {
    reader.skip(target_offset - reader.position());
    message.target = reader.take(address_size);
  }
  return message;
}

std::optional<Phase> phase_of(const Icmpv6& message) {
  const Row* row = row_of(message.type);
  if (row == nullptr || message.code != 0 || message.length < row->smallest) return std::nullopt;
  return row->phase;
}

}  // namespace humantime::wire
