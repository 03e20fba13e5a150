// SPDX-License-Identifier: GPL-2.0-or-later
// Any bytes through one of the readers, READER, and what must hold of the facts whatever the bytes.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "wire/arp.h"
#include "wire/dhcp.h"
#include "wire/dhcpv6.h"
#include "wire/dns.h"
#include "wire/icmpv6.h"

namespace humantime::wire {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

/// Whether `part` lies in `whole`, or is nothing.
bool lies_in(Bytes part, Bytes whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void arp(Bytes bytes) {
  const auto arp = read_arp(bytes);
  if (!arp) return;
  for (const Bytes address :
       {arp->sender_hardware, arp->sender_protocol, arp->target_hardware, arp->target_protocol})
    require(lies_in(address, bytes));
  phase_of(*arp);
}

void icmpv6(Bytes bytes) {
  const auto whole = read_icmpv6(bytes);
  if (!whole) return;
  require(lies_in(whole->target, bytes));
  for (std::size_t size = 0; size < bytes.size() && size < 32; ++size) {
    const auto cut = read_icmpv6(bytes.first(size), bytes.size());
    if (cut) require(phase_of(*cut) == phase_of(*whole));
  }
}

void dhcp(Bytes bytes) {
  const auto dhcp = read_dhcp(bytes);
  if (dhcp) phase_of(*dhcp);
}

void dhcpv6(Bytes bytes) {
  const auto dhcp = read_dhcpv6(bytes);
  if (dhcp) phase_of(*dhcp);
}

void dns(Bytes bytes) {
  const auto whole = read_dns(bytes);
  if (!whole) return;
  std::array<char, most_name_characters> buffer{};
  for (const std::size_t name : {whole->question_name, whole->cname_target, whole->referral_owner}) {
    require(name < bytes.size());
    const std::string_view written = write_name(bytes, name, buffer);
    for (const char character : written) require(character > ' ' && character < 0x7f);
    require(written.empty() || same_name(bytes, name, bytes, name));
  }
  require(!write_type(whole->question_type, std::span(buffer).first(most_type_characters)).empty());
  for (std::size_t i = 0; i < whole->address_count; ++i) {
    const Bytes address = address_of(bytes, *whole, i);
    require(address.size() == whole->address_size && lies_in(address, bytes));
  }
  phase_of_mdns(*whole);
  // What is cut off may leave the phase open, it cannot make it another. (Upper bits of the RCODE that
  // contradict the sections are beyond that.)
  if (whole->rcode > 15) return;
  const auto phase = phase_of(*whole);
  for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 4) {
    const auto cut = read_dns(bytes.first(size), bytes.size());
    if (!cut) continue;
    const auto seen = phase_of(*cut);
    require(!seen || seen == phase);
  }
}

struct Target {
  std::string_view name;
  void (*read)(Bytes);
};
constexpr Target targets[] = {
    {"arp", arp}, {"dhcp", dhcp}, {"dhcpv6", dhcpv6}, {"dns", dns}, {"icmpv6", icmpv6}};

constexpr auto target_named(std::string_view name) -> void (*)(Bytes) {
  for (const Target& target : targets)
    if (target.name == name) return target.read;
  return nullptr;
}
static_assert(target_named(READER) != nullptr);

}  // namespace
}  // namespace humantime::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  humantime::wire::target_named(READER)({data, size});
  return 0;
}
