// SPDX-License-Identifier: GPL-2.0-or-later
// What the page of connections says, in the languages that dates are written in.
#pragma once

#include <string>
#include <string_view>

#include "journeys/connection_totals.h"
#include "language.h"

namespace humantime::ui {

/// `{0}`, `{1}`, … stand for what a sentence tells.
struct ConnectionWords {
  std::string_view all_servers, server, servers;  ///< servers: {0} how many
  std::string_view connections, one_connection;   ///< {0} how many
  std::string_view refused, unanswered;           ///< {0} how many
  std::string_view with_tls, with_http, unknown_version;
  std::string_view tls, http, segments_heading, handshakes, bytes;
  std::string_view segments, interval, again, zero_windows;
  std::string_view completed, broken_off;  ///< {0} how many
  std::string_view kind, count, share, trips, median, waiting;
  std::string_view days, real;           ///< of the axis
  std::string_view logarithmic;          ///< of the axis
  std::string_view five;                 ///< what the five numbers are
  std::string_view requests, responses;  ///< {0} messages, {1} frames
  std::string_view http_bytes, tls_bytes, frame_bytes;
  std::string_view some_tls_bytes;  ///< where not all of it was in TLS records
  std::string_view unread;          ///< nobody decrypted it
  std::string_view mean;            ///< of a message, from the inside out: {0}
  // Read aloud.
  std::string_view said_share;      ///< {0} what, {1} how many, {2} of how many, {3} percent
  std::string_view said_handshake;  ///< {0} kind, {1} how many, {2} percent, {3} round trips
  std::string_view said_times;      ///< {0} minimum, {1} quartile, {2} median, {3} quartile, {4} maximum
  std::string_view said_waiting;    ///< {0} percent
  std::string_view said_server;     ///< {0} name, {1} connections, {2} percent with TLS
  std::string_view said_bytes;      ///< {0} what, {1} bytes
  std::string_view days_unit;       ///< behind a number of days
};
const ConnectionWords& connection_words(Language language);

std::string label_of(journeys::TlsVersion version, Language language);
std::string label_of(journeys::HttpVersion version, Language language);

/// `97.3 %`; `–` of nothing.
std::string percent_text(double part, double whole);

}  // namespace humantime::ui
