// SPDX-License-Identifier: GPL-2.0-or-later
// DNS over HTTPS (RFC 8484): the DNS messages that are content of an HTTP connection's requests and
// responses, told by their content type. What nobody decrypted shows nothing of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bytes.h"
#include "http2/pseudo_headers.h"
#include "phase_sink.h"
#include "types.h"

namespace humantime::http2 {

/// A value, and empty where there are none.
class DnsMessages {
 public:
  /// Exchanges that are under way; of more the oldest are not named.
  static constexpr std::size_t most = 32;
  /// Of a message so much is kept.
  static constexpr std::size_t most_bytes = 4096;

  bool empty() const { return messages_.empty(); }
  /// A request's header. A POST has the message as its content; a GET has it in its target, and that it is
  /// one shows in the response (RFC 8484 4.1): `frame` is where the request begins.
  void ask(std::uint64_t stream, const PseudoHeaders& request, FrameNumber frame);
  /// A final response's header.
  void answer(std::uint64_t stream, const PseudoHeaders& response, PhaseSink& sink);
  /// The next `count` bytes of DATA, of which the capture has the first. `padded`: what of them is content is
  /// not known here.
  void take(std::uint64_t stream, bool of_request, Bytes captured, std::uint64_t count, bool padded);
  /// The message's last byte went by in this frame. True where it was named.
  bool end(std::uint64_t stream, bool of_request, FrameNumber frame, PhaseSink& sink);
  /// There will be no more of the stream; or of a side, whose bytes are missing.
  void forget(std::uint64_t stream);
  void lose(bool of_requests);

 private:
  struct Message {
    std::uint64_t stream = 0;
    bool of_request = false;
    bool in_target = false;  ///< of a GET
    bool damaged = false;    ///< bytes are missing before others
    FrameNumber frame = no_frame;
    std::uint64_t length = 0;
    std::vector<std::uint8_t> bytes;  ///< the first ones
  };

  Message* find(std::uint64_t stream, bool of_request);
  Message& begin(std::uint64_t stream, bool of_request);
  void erase(const Message* message);

  std::vector<Message> messages_;  ///< the oldest first
};

}  // namespace humantime::http2
