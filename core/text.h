// SPDX-License-Identifier: GPL-2.0-or-later
// Bytes of a capture as text that is safe to show and to write.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "wire/address.h"

namespace humantime {

/// Valid, printable UTF-8 stays; control characters, marks that turn the writing direction, and invalid bytes
/// become
/// `\xHH`. A backslash stays: what a reader has escaped already (DNS names, RFC 4343) is not escaped again.
std::string printable(std::string_view bytes);

/// `192.0.2.1`, `2001:db8::1` (RFC 5952), empty for none.
std::string to_text(const Address& address);

/// The same into a buffer, without allocating; empty for none, and where the buffer has not
/// most_address_characters.
std::string_view write_address(const Address& address, std::span<char> buffer);
/// Enough for every address.
constexpr std::size_t most_address_characters = 45;

/// `192.0.2.1:443`, `[2001:db8::1]:443` (RFC 5952 6); without a port just the address.
std::string to_text(const Address& address, std::uint16_t port);

}  // namespace humantime
