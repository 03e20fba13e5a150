// SPDX-License-Identifier: GPL-2.0-or-later
// How a cipher suite of TLS up to 1.2, or a group of TLS 1.3, agrees upon a secret.
#pragma once

#include <cstdint>

#include "handshake.h"

namespace humantime::wire {

/// By IANA's registry "TLS Cipher Suites" and what was used without being registered. Whatever has a key
/// shared beforehand is psk; ephemeral keys that nobody signs (anon) are ephemeral. Unknown for a suite that
/// has no key exchange of its own (all of TLS 1.3's), and for those that nobody knows.
KeyExchange key_exchange_of_suite(std::uint16_t cipher_suite);

/// By IANA's registry "TLS Supported Groups" (RFC 8446 4.2.7): curves are ecdhe, finite fields dhe, key
/// encapsulation and what nobody knows other.
KeyExchange key_exchange_of_group(std::uint16_t group);

}  // namespace humantime::wire
