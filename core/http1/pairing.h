// SPDX-License-Identifier: GPL-2.0-or-later
// Which request a response answers.
#pragma once

#include <cstdint>

namespace humantime::http1 {

/// The requests that wait for their response, oldest first (RFC 9112 9.3.2): of each only what says how its
/// response is framed. Up to 32 are known; after more of them, or after lost bytes, who answers what is a
/// guess.
class Pairing {
 public:
  enum class Method : std::uint8_t { unknown, head, connect, other };
  struct Answered {
    Method method;
    bool sure;
  };

  void ask(Method method);
  /// A final response takes the oldest request.
  Answered answer();
  /// Requests or responses went by unseen.
  void lose();
  /// Whether the client's last request is an unanswered CONNECT.
  bool connect_pending() const { return last_ == Method::connect; }

 private:
  std::uint64_t queue_ = 0;  // two bits each, the oldest in the lowest
  std::uint8_t count_ = 0;
  bool lost_ = false;
  Method last_ = Method::unknown;  // of the last request, until everything is answered
};

}  // namespace humantime::http1
