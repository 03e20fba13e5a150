// SPDX-License-Identifier: GPL-2.0-or-later
// How long an end kept what it had got before it wrote, and how long it wrote nothing: of what a page shows.
#pragma once

#include <cstdint>
#include <vector>

#include "layout/drawing.h"

namespace humantime::ui {

/// At one end, from one packet to the next one that it sends. ACKs that carry nothing count as nothing, but
/// nobody says that nothing was sent while there are some.
struct Wait {
  enum class Kind : std::uint8_t {
    answering,  ///< after something has come in
    resting,    ///< after something of its own
  };
  std::int64_t begin_ns = 0, end_ns = 0;
  Kind kind = Kind::answering;
  bool client = false;
  Lane from{}, to{};  ///< of what came before, and of what goes out
};

struct PageWaits {
  std::vector<Wait> waits;  ///< in order of time, the client's before the server's
  /// When bare ACKs left an end: ascending.
  std::vector<std::int64_t> client_acks, server_acks;
  bool quiet(const Wait& wait, std::int64_t begin_ns, std::int64_t end_ns) const;
};

/// The journey that the page tells of: the chosen one, the only one of the capture, or the only one that goes
/// on while the page does; 0: there are several, or none.
std::uint32_t told_on_page(const Drawing& drawing);

/// The waits that fall into the page, also those that begin before it or end behind it. None where several
/// journeys go on, where more happens than anybody reads, and where not all events are looked at.
PageWaits waits_of_page(const Drawing& drawing);

}  // namespace humantime::ui
