// SPDX-License-Identifier: GPL-2.0-or-later
#include "http2/dns_messages.h"

#include <algorithm>
#include <string_view>

#include "app/dns_stream.h"
#include "wire/dns.h"

namespace humantime::http2 {
namespace {

/// The digit's value (RFC 4648 5), or 64.
unsigned value_of(char digit) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return static_cast<unsigned>(std::min(digits.find(digit), digits.size()));
}

std::vector<std::uint8_t> from_base64url(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char digit : text) {
    const unsigned value = value_of(digit);
    if (value == 64) break;
    bits = bits << 6 | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<std::uint8_t>(bits >> count));
  }
  return bytes;
}

/// What the target's query has behind `dns=`; empty where it has none.
std::string_view dns_in(std::string_view target) {
  constexpr std::string_view name = "dns=";
  const std::size_t query = target.find('?');
  if (query == std::string_view::npos) return {};
  std::string_view rest = target.substr(query + 1);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    if (rest.starts_with(name)) return rest.substr(name.size(), end - name.size());
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

bool is_query(Bytes bytes, std::size_t length) {
  const auto dns = wire::read_dns(bytes, length);
  return dns && !dns->is_response();
}

bool is_response(Bytes bytes, std::size_t length) {
  const auto dns = wire::read_dns(bytes, length);
  return dns && dns->is_response();
}

}  // namespace

DnsMessages::Message* DnsMessages::find(std::uint64_t stream, bool of_request) {
  const auto found = std::find_if(messages_.begin(), messages_.end(), [&](const Message& one) {
    return one.stream == stream && one.of_request == of_request;
  });
  return found == messages_.end() ? nullptr : &*found;
}

DnsMessages::Message& DnsMessages::begin(std::uint64_t stream, bool of_request) {
  if (messages_.size() == most) messages_.erase(messages_.begin());
  Message& message = messages_.emplace_back();
  message.stream = stream;
  message.of_request = of_request;
  return message;
}

void DnsMessages::erase(const Message* message) {
  messages_.erase(messages_.begin() + (message - messages_.data()));
}

void DnsMessages::ask(std::uint64_t stream, const PseudoHeaders& request, FrameNumber frame) {
  forget(stream);
  if (request.is_dns_message && request.method.text() == "POST") {
    begin(stream, true);
    return;
  }
  if (request.method.text() != "GET" || frame == no_frame) return;
  std::vector<std::uint8_t> bytes = from_base64url(dns_in(request.path.text()));
  // Of a longer target only the beginning is kept.
  const bool cut = request.path.full();
  const std::size_t length = bytes.size() + (cut ? 1 : 0);
  if (bytes.empty() || !is_query(bytes, length)) return;
  Message& message = begin(stream, true);
  message.in_target = true;
  message.frame = frame;
  message.length = length;
  message.bytes = std::move(bytes);
}

void DnsMessages::answer(std::uint64_t stream, const PseudoHeaders& response, PhaseSink& sink) {
  const bool is_dns = response.is_dns_message && response.status >= 200 && response.status < 300;
  if (const Message* asked = find(stream, true); asked != nullptr && asked->in_target) {
    if (is_dns)
      app::name_dns(asked->frame, asked->bytes, static_cast<std::size_t>(asked->length),
                    app::NameService::dns, sink);
    erase(asked);
  }
  if (is_dns) begin(stream, false);
}

void DnsMessages::take(std::uint64_t stream, bool of_request, Bytes captured, std::uint64_t count,
                       bool padded) {
  Message* message = find(stream, of_request);
  if (message == nullptr || message->in_target) return;
  message->length += count;
  if (padded || (message->damaged && !captured.empty())) return erase(message);
  const std::size_t room = most_bytes - message->bytes.size();
  const Bytes kept = slice(captured, 0, room);
  message->bytes.insert(message->bytes.end(), kept.begin(), kept.end());
  message->damaged = captured.size() < count;
}

bool DnsMessages::end(std::uint64_t stream, bool of_request, FrameNumber frame, PhaseSink& sink) {
  const Message* message = find(stream, of_request);
  if (message == nullptr || message->in_target) return false;
  const auto length = static_cast<std::size_t>(message->length);
  const bool fits = of_request ? is_query(message->bytes, length) : is_response(message->bytes, length);
  if (fits && frame != no_frame) app::name_dns(frame, message->bytes, length, app::NameService::dns, sink);
  erase(message);
  return fits;
}

void DnsMessages::forget(std::uint64_t stream) {
  std::erase_if(messages_, [stream](const Message& one) { return one.stream == stream; });
}

void DnsMessages::lose(bool of_requests) {
  std::erase_if(messages_,
                [=](const Message& one) { return one.of_request == of_requests && !one.in_target; });
}

}  // namespace humantime::http2
