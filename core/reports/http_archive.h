// SPDX-License-Identifier: GPL-2.0-or-later
// An HTTP archive (HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/), an entry at a time. Times are
// real ones: milliseconds, and the instant since 1970 in UTC.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "journeys/journey.h"
#include "reports/http_exchanges.h"

namespace humantime::reports {

/// What an archive's page is: a journey.
struct ArchivedJourney {
  std::uint32_t number = 0;
  journeys::Kind kind = journeys::Kind::completed;
  std::string_view name;  ///< printable UTF-8
};

/// Makes the text of an archive piece by piece; what it keeps is a few words for each journey.
///
/// An entry is a request and its response. A connection whose requests nobody can read, because they are
/// encrypted or because there was no connection, is one entry where its port is HTTP's. What a capture does
/// not show is empty, −1 where HAR allows it, else 0 with a comment; cookies, headers and bodies are never
/// written. Besides HAR's there are: `_transferSize`, as browsers write it, here the bytes of the frames from
/// the response's first to its last; `_frame`, the number of the request's; `_stream`, where streams tell
/// requests apart.
class HttpArchive {
 public:
  std::string head() const;
  /// The journey's entries; empty where it has none.
  std::string entries(const ArchivedJourney& journey, const Fetch& fetch);
  std::string tail() const;

 private:
  struct Page {
    std::uint32_t journey;
    std::int64_t start_ns;
    std::string title;
  };
  std::vector<Page> pages_;
  std::uint64_t left_out_ = 0;   ///< journeys that have no entry
  std::uint64_t unclaimed_ = 0;  ///< Exchanges::unclaimed
  bool any_ = false;
};

}  // namespace humantime::reports
