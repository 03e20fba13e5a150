// SPDX-License-Identifier: GPL-2.0-or-later
// What a DNS response says to who asked, in a word or two.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "bytes.h"
#include "phases.h"
#include "wire/dns.h"

namespace humantime::wire {

/// Enough for the longest: `CNAME ` and a name.
constexpr std::size_t most_said_characters = most_name_characters + 8;

/// What stands behind the first comma of what a DNS frame says of itself, `www.example.jp A, ask jp`. By the
/// phase that the message has:
///   referral  `ask jp`: the zone that is delegated (RFC 1034 4.3.2), the owner of the NS records
///   answer    `198.51.100.80`, `198.51.100.80 + 2` where there are more; of other types nothing
///   alias     `CNAME www2.example.jp`: where the chain has led to
///   error     the RCODE's name at IANA, `REFUSED`, or `RCODE 11`
/// Empty for other phases, which say it all; where it cannot be read; and for the referral of a server that
/// offers recursion (RA): it may speak from its cache, and points to no zone of its own (RFC 8499 7). Names
/// are escaped as write_name() does.
std::string_view write_said(Bytes message, const Dns& dns, Phase phase, std::span<char> buffer);

}  // namespace humantime::wire
