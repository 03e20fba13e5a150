// SPDX-License-Identifier: GPL-2.0-or-later
// What was asked of whom before a connection, and what came back: the steps of a look-up, the neighbour. As
// far as frames prove it, in texts that are printable and bounded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/timeline.h"

namespace humantime::ui {

/// What an answer of DNS says.
enum class DnsSays : std::uint8_t {
  nothing,  ///< no answer is known, or its text tells nothing
  ask,      ///< `text`: the zone that is to be asked
  address,  ///< `text`: the address; and of how many more it was the first, `more`
  alias,    ///< `text`: the name it stands for
  records,  ///< an answer of another type
  no_data,
  no_name,
  truncated,
  failed,   ///< the server failed (SERVFAIL)
  refused,  ///< REFUSED
  error,    ///< `text`: the code
};

struct DnsWord {
  DnsSays says = DnsSays::nothing;
  std::string text;
  unsigned more = 0;
};

/// A question of DNS.
struct DnsStep {
  std::string server;  ///< the address that was asked; empty where it is not known
  /// The zone whose server that is, `.` the root's; empty where nothing proves it. The root's: it referred to
  /// a zone directly below. Another's: the answer before, to the same question and from elsewhere, referred
  /// to it, and this server speaks with authority or refers further down (RFC 1034 4.3.2).
  std::string zone;
  bool one_of_several = false;  ///< the journey asks more than this one
  EventIndex answer = no_event;
  DnsWord word;
};
/// Of a query's event; none of others. At most 64 events before and behind it are looked at.
std::optional<DnsStep> dns_step(const Timeline& timeline, EventIndex query);
/// What an event says that answers a question of DNS.
DnsWord dns_word(const Timeline& timeline, EventIndex answer);

/// A neighbour that was asked for (ARP, NDP).
struct NeighbourStep {
  std::string address;     ///< of whom; empty where it is not known
  bool is_router = false;  ///< it answered, and what the journey sends to goes on from there
  EventIndex reply = no_event;
};
/// Of a request's event that belongs to a journey; none of others.
std::optional<NeighbourStep> neighbour_step(const Timeline& timeline, EventIndex request);

/// `192.0.2.1:443` and `[2001:db8::1]:443` without the port.
std::string without_port(std::string address);

}  // namespace humantime::ui
