// SPDX-License-Identifier: GPL-2.0-or-later
// DNS messages (RFC 1035): over UDP, as one message of a TCP stream, and as mDNS and LLMNR use them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "bytes.h"
#include "phases.h"

namespace humantime::wire {

/// What a message says. Names and addresses are offsets into the message, 0 where there is none: a header
/// stands there.
struct Dns {
  static constexpr std::size_t most_addresses = 64;
  static constexpr std::size_t most_name_servers = 4;

  std::uint16_t id = 0;
  std::uint16_t flags = 0;  ///< the second word of the header as it stands
  std::uint16_t rcode = 0;  ///< 12 bits: with the upper 8 of EDNS (RFC 6891 6.1.3) where they were found

  // How many records the header promises.
  std::uint16_t question_count = 0;
  std::uint16_t answer_count = 0;
  std::uint16_t authority_count = 0;
  std::uint16_t additional_count = 0;

  // The first question. In mDNS the top bit of the class asks for a unicast answer (RFC 6762 5.4).
  std::uint16_t question_name = 0;
  std::uint16_t question_type = 0;
  std::uint16_t question_class = 0;

  std::uint16_t cname_target = 0;    ///< where the chain of CNAMEs that starts at the question has led to
  std::uint16_t referral_owner = 0;  ///< the zone that is delegated: see `phase_of`
  std::array<std::uint16_t, most_addresses> addresses{};  ///< the first ones that answer, all of one family
  std::uint8_t address_count = 0;
  std::uint8_t address_size = 0;                                ///< 4: A, 16: AAAA
  std::array<std::uint16_t, most_name_servers> name_servers{};  ///< the first ones of the authority section
  std::uint8_t name_server_count = 0;

  // Evidence found in the records. What was not captured is not evidence.
  bool answered : 1 = false;       ///< an answer has the type asked, for the name or the end of its chain
  bool redirected : 1 = false;     ///< the name has a CNAME or lies below a DNAME
  bool other_answers : 1 = false;  ///< an answer is none of these, nor an RRSIG or NSEC beside them
  bool has_soa : 1 = false;        ///< the authority section has an SOA
  bool has_ns : 1 = false;         ///< the authority section has an NS
  bool answers_read : 1 = false;   ///< all answers were there to be read
  bool authority_read : 1 = false;
  bool complete : 1 = false;  ///< all that the header promises was there; false also for broken records

  bool is_response() const { return (flags & 0x8000) != 0; }
  unsigned opcode() const { return flags >> 11 & 0xf; }
  bool is_authoritative() const { return (flags & 0x0400) != 0; }
  bool is_truncated() const { return (flags & 0x0200) != 0; }
  bool recursion_desired() const { return (flags & 0x0100) != 0; }
  bool recursion_available() const { return (flags & 0x0080) != 0; }
};

/// Reads a message of `length` bytes, of which the capture may hold the first ones only. Nothing where the
/// message is too short for a header, or the capture too short for its first two words. The work is bounded
/// by a small multiple of the message's size, whatever its pointers and counts say.
std::optional<Dns> read_dns(Bytes captured, std::size_t length);
inline std::optional<Dns> read_dns(Bytes message) {
  return read_dns(message, message.size());
}

/// The phase of a message of unicast DNS or LLMNR (RFC 4795). Of a response the first of: truncated,
/// nxdomain, error, answer, alias, referral, no_data. Nothing for opcodes other than QUERY, whose messages
/// ask and answer something else, and where the sections that would tell were not captured or contradict each
/// other.
std::optional<Phase> phase_of(const Dns& dns);

/// The phase of an mDNS message (RFC 6762): responses repeat no question, whatever they hold is an answer.
std::optional<Phase> phase_of_mdns(const Dns& dns);

/// The bytes of the address `dns.addresses[index]`.
inline Bytes address_of(Bytes message, const Dns& dns, std::size_t index) {
  return index < dns.address_count ? slice(message, dns.addresses[index], dns.address_size) : Bytes{};
}

/// Enough for every name: 255 bytes of which each may take four characters.
constexpr std::size_t most_name_characters = 1024;
/// Enough for every type.
constexpr std::size_t most_type_characters = 10;

/// Writes the name at `offset` as RFC 4343 section 2.1 presents it (`\.`, `\\`, `\032`), without the final
/// dot; the root is `.`. Gives what was written: empty where there is no name, where it is cut or broken, and
/// where the buffer is too small.
std::string_view write_name(Bytes message, std::size_t offset, std::span<char> buffer);

/// Writes the mnemonic of a record type, or `TYPE123` (RFC 3597) where it has none that we know. Empty where
/// the buffer is too small.
std::string_view write_type(std::uint16_t type, std::span<char> buffer);

/// Whether the names at two places, of one message or of two, are equal but for the case of ASCII letters
/// (RFC 4343). False where one is cut or broken, unless both lead to the same place of the same message.
bool same_name(Bytes message, std::size_t offset, Bytes other_message, std::size_t other_offset);

}  // namespace humantime::wire
