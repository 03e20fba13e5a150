// SPDX-License-Identifier: GPL-2.0-or-later
#include "pieces/stream_pieces.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace humantime {
namespace {

using Speaks = StreamPlace::Speaks;
using wire::TlsContent;

constexpr std::string_view end_of_headers = "\r\n\r\n";
constexpr std::size_t longest_start_line = 8192;

PieceKind kind_of(TlsContent content) {
  switch (content) {
    case TlsContent::change_cipher_spec:
      return PieceKind::tls_change_cipher_spec;
    case TlsContent::alert:
      return PieceKind::tls_alert;
    case TlsContent::handshake:
      return PieceKind::tls_encrypted_handshake;
    case TlsContent::application_data:
      return PieceKind::tls_application_data;
    case TlsContent::heartbeat:
      return PieceKind::tls_heartbeat;
  }
  return PieceKind::payload;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

/// A status line or a request line of HTTP/1 (RFC 9112 3, 4).
bool begins_http(std::string_view text) {
  const std::string_view line = text.substr(0, std::min(text.find("\r\n"), longest_start_line));
  if (line.size() == text.size()) return false;
  constexpr std::string_view version = "HTTP/1.";
  if (line.starts_with(version)) return line.size() >= 12 && line[8] == ' ';
  const std::size_t method = line.find(' ');
  if (method == 0 || method == std::string_view::npos ||
      !std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(method),
                   [](char c) { return (c >= 'A' && c <= 'Z') || c == '-'; }))
    return false;
  const std::size_t last = line.rfind(' ');
  return last > method && line.substr(last + 1).starts_with(version) && line.size() == last + 9;
}

/// The one Content-Length of a header section that has no Transfer-Encoding (RFC 9112 6.3).
std::optional<std::uint64_t> content_length(std::string_view headers) {
  std::optional<std::uint64_t> length;
  while (!headers.empty()) {
    const std::size_t end = std::min(headers.find("\r\n"), headers.size());
    const std::string_view line = headers.substr(0, end);
    headers.remove_prefix(std::min(end + 2, headers.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, colon);
    if (equals_ignoring_case(name, "transfer-encoding")) return std::nullopt;
    if (!equals_ignoring_case(name, "content-length")) continue;
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
    std::uint64_t number = 0;
    const auto [rest, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || length) return std::nullopt;
    length = number;
  }
  return length;
}

std::uint32_t as_whole(std::uint64_t whole, std::uint32_t part) {
  return whole > part && whole <= UINT32_MAX ? static_cast<std::uint32_t>(whole) : 0;
}

/// One segment's payload, from its first byte to its last.
class Segment {
 public:
  Segment(Bytes bytes, std::uint32_t length, StreamPlace& place, std::vector<FramePiece>& out)
      : bytes_(bytes.first(std::min<std::size_t>(bytes.size(), length))),
        length_(length),
        place_(place),
        out_(out),
        begun_(out.size()),
        proven_(place.speaks != Speaks::unknown) {}

  void read() {
    while (at_ < length_) {
      if (place_.speaks == Speaks::unknown) sniff();
      switch (place_.speaks) {
        case Speaks::unknown:
          give_up();
          break;
        case Speaks::tls:
          read_tls();
          break;
        case Speaks::http1:
          read_http();
          break;
      }
    }
  }

 private:
  Bytes here() const { return slice(bytes_, at_); }
  std::uint32_t left() const { return length_ - at_; }

  void put(PieceKind kind, std::uint32_t bytes, std::uint64_t whole = 0,
           std::optional<Phase> phase = std::nullopt) {
    if (bytes > 0) out_.push_back({kind, phase, bytes, as_whole(whole, bytes)});
    at_ += bytes;
  }

  /// The rest has no name; where nothing had been known before, what led here was no proof either.
  void give_up() {
    if (!proven_) {
      out_.resize(begun_);
      at_ = 0;
    }
    place_ = {};
    put(PieceKind::payload, left());
  }

  void sniff() {
    const auto header = wire::read_tls_record_header(here());
    // A record that is longer than the segment is no proof, unless its content is.
    const bool holds = header && header->length > 0 && (header->version & 0xff) <= 4 &&
                       (header->content != TlsContent::change_cipher_spec || header->length == 1) &&
                       (header->content != TlsContent::alert || header->length < 64);
    if (holds)
      begin(Speaks::tls);
    else if (begins_http(as_chars(here())))
      begin(Speaks::http1);
  }

  void begin(Speaks speaks) {
    const bool from_start = place_.from_start;
    place_ = {};
    place_.speaks = speaks;
    place_.from_start = from_start;
  }

  // -- TLS

  void read_tls() {
    if (place_.record_left > 0) {
      read_content();
    } else {
      read_record_header();
    }
  }

  void read_record_header() {
    const std::size_t wanted = place_.header.size() - place_.header_bytes;
    const auto taken = std::min<std::size_t>(wanted, left());
    const Bytes bytes = slice(here(), 0, taken);
    if (bytes.size() < taken) {
      give_up();
      return;
    }
    std::copy(bytes.begin(), bytes.end(), place_.header.begin() + place_.header_bytes);
    const std::size_t all = place_.header_bytes + taken;
    if (all == place_.header.size()) {
      const auto header = wire::read_tls_record_header(place_.header);
      if (!header) {
        give_up();
        return;
      }
      place_.content = header->content;
      place_.record_length = place_.record_left = header->length;
      place_.encrypted = true;
      place_.header_bytes = 0;
    } else {
      place_.header_bytes = static_cast<std::uint8_t>(all);
    }
    put(PieceKind::tls_record, static_cast<std::uint32_t>(taken), place_.header.size());
  }

  void read_content() {
    const std::uint32_t chunk = std::min<std::uint32_t>(place_.record_left, left());
    const bool begins = place_.record_left == place_.record_length;
    if (place_.content == TlsContent::handshake && begins) place_.encrypted = !is_clear();
    if (place_.content == TlsContent::handshake && !place_.encrypted) {
      const std::uint32_t end = at_ + chunk;
      while (at_ < end && place_.speaks == Speaks::tls) read_message(end - at_);
      if (place_.speaks != Speaks::tls) return;
    } else {
      put(kind_of(place_.content), chunk, place_.record_length);
    }
    place_.record_left = static_cast<std::uint16_t>(place_.record_left - chunk);
    if (place_.record_left == 0 && place_.content == TlsContent::change_cipher_spec)
      place_.cipher_changed = true;
  }

  /// Behind ChangeCipherSpec only hellos may be in the clear: those that follow a HelloRetryRequest (RFC 8446
  /// D.4).
  bool is_clear() const {
    if (place_.message_left > 0 || place_.message_header_bytes > 0) return !place_.cipher_changed;
    const Bytes content = slice(here(), 0, place_.record_length);
    const auto header = wire::read_tls_handshake_header(content);
    if (!header) return !content.empty() && !place_.cipher_changed && proven_;
    if (!wire::looks_like_tls_handshake(content, place_.record_length)) return false;
    const bool hello = header->type == static_cast<std::uint8_t>(wire::TlsHandshake::client_hello) ||
                       header->type == static_cast<std::uint8_t>(wire::TlsHandshake::server_hello);
    if (place_.cipher_changed && !hello) return false;
    // What is longer than its record goes on in the next ones; of a stream that was met in its middle, where
    // any byte may look like a type, only where the record is long.
    return header->length + header->size <= place_.record_length || hello || place_.from_start ||
           place_.record_length >= 1024;
  }

  void read_message(std::uint32_t room) {
    if (place_.message_left > 0) {
      const std::uint32_t taken = std::min(room, place_.message_left);
      place_.message_left -= taken;
      put(PieceKind::tls_message, taken, place_.message_length, place_.message);
      return;
    }
    auto& header = place_.message_header;
    const std::size_t taken = std::min<std::size_t>(header.size() - place_.message_header_bytes, room);
    const Bytes bytes = slice(here(), 0, taken);
    if (bytes.size() < taken) {
      give_up();
      return;
    }
    std::copy(bytes.begin(), bytes.end(), header.begin() + place_.message_header_bytes);
    const std::size_t before = place_.message_header_bytes, all = before + taken;
    if (all < header.size()) {
      place_.message_header_bytes = static_cast<std::uint8_t>(all);
      put(PieceKind::tls_message, static_cast<std::uint32_t>(taken));
      return;
    }
    place_.message_header_bytes = 0;
    const auto read = wire::read_tls_handshake_header(header);
    place_.message = read ? wire::phase_of_tls_handshake(read->type) : std::nullopt;
    const Bytes body = slice(here(), taken, read ? read->length : 0);
    if (place_.message == Phase::tls_server_hello) {
      const auto hello = wire::read_tls_server_hello(body);
      if (hello && hello->retry_request) place_.message = Phase::tls_hello_retry_request;
    }
    place_.message_length = (read ? read->length : 0) + wire::TlsHandshakeHeader::size;
    place_.message_left = place_.message_length - static_cast<std::uint32_t>(before);
    const std::uint32_t part = std::min(room, place_.message_left);
    place_.message_left -= part;
    put(PieceKind::tls_message, part, place_.message_length, place_.message);
  }

  // -- HTTP/1

  void read_http() {
    if (place_.body_left > 0) {
      const auto taken = static_cast<std::uint32_t>(std::min<std::uint64_t>(place_.body_left, left()));
      place_.body_left -= taken;
      put(PieceKind::http_body, taken, place_.body_length);
      return;
    }
    const std::string_view text = as_chars(here());
    if (!begins_http(text)) {
      give_up_rest();
      return;
    }
    const std::size_t end = text.find(end_of_headers);
    if (end == std::string_view::npos) {
      // Headers that go on in the next segment: where they end there is not followed.
      place_.speaks = Speaks::unknown;
      put(PieceKind::http_headers, left());
      return;
    }
    const std::string_view headers = text.substr(0, end + end_of_headers.size());
    const std::optional<std::uint64_t> body = content_length(headers);
    put(PieceKind::http_headers, static_cast<std::uint32_t>(headers.size()));
    proven_ = true;
    place_.body_length = place_.body_left = body.value_or(0);
  }

  void give_up_rest() {
    place_ = {};
    put(PieceKind::payload, left());
  }

  Bytes bytes_;
  std::uint32_t length_ = 0, at_ = 0;
  StreamPlace& place_;
  std::vector<FramePiece>& out_;
  std::size_t begun_ = 0;
  bool proven_ = false;
};

}  // namespace

void read_segment(Bytes payload, std::uint32_t length, std::uint32_t sequence, StreamPlace& place,
                  std::vector<FramePiece>& out) {
  if (length == 0) return;
  const std::uint32_t end = sequence + length;
  if (place.has_next && sequence != place.next_sequence) {
    // Sent again, early, or behind what is missing.
    StreamPlace own;
    Segment(payload, length, own, out).read();
    if (static_cast<std::int32_t>(end - place.next_sequence) > 0) {
      place = own;
      place.has_next = true;
      place.next_sequence = end;
    }
    return;
  }
  Segment(payload, length, place, out).read();
  place.has_next = true;
  place.next_sequence = end;
}

}  // namespace humantime
