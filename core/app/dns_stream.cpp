// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/dns_stream.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "pools.h"
#include "wire/dns.h"
#include "wire/dns_said.h"

namespace humantime::app {
namespace {

constexpr std::size_t length_size = 2;

std::size_t whole_size(Bytes bytes) {
  return length_size + Reader(bytes).u16();
}

/// Whether the bytes are messages from the first to the last, and nothing else.
bool is_whole_messages(Bytes bytes) {
  while (bytes.size() > length_size && whole_size(bytes) <= bytes.size())
    bytes = slice(bytes, whole_size(bytes));
  return bytes.empty();
}

}  // namespace

void name_dns(FrameNumber frame, Bytes captured, std::size_t length, NameService service, PhaseSink& sink) {
  const std::optional<wire::Dns> dns = wire::read_dns(captured, length);
  if (!dns) return;
  const std::optional<Phase> phase =
      service == NameService::mdns ? wire::phase_of_mdns(*dns) : wire::phase_of(*dns);
  if (!phase) return;
  sink.add(frame, *phase);

  std::array<char,
             wire::most_name_characters + 1 + wire::most_type_characters + 2 + wire::most_said_characters>
      text;
  const std::string_view name = wire::write_name(captured, dns->question_name, text);
  if (name.empty()) return;
  if (service == NameService::dns) sink.dns(frame, *dns, captured, name);
  text[name.size()] = ' ';
  const std::string_view type =
      wire::write_type(dns->question_type, std::span(text).subspan(name.size() + 1));
  const std::size_t asked = name.size() + 1 + type.size();
  if (!dns->is_response() || service != NameService::dns) return sink.detail(frame, {text.data(), asked});
  text[asked] = ',';
  text[asked + 1] = ' ';
  const std::string_view said = wire::write_said(captured, *dns, *phase, std::span(text).subspan(asked + 2));
  // What is cut would say something else.
  const std::size_t whole = asked + 2 + said.size();
  sink.detail(frame, {text.data(), said.empty() || whole > TextPool::longest ? asked : whole});
}

void DnsStreams::feed(tcp::Role from, FrameNumber frame, Bytes bytes, PhaseSink& sink) {
  Direction& direction = directions_[static_cast<std::size_t>(from)];
  if (direction.lost) {
    if (!is_whole_messages(bytes)) return;
    direction.lost = false;
  }
  while (!bytes.empty()) {
    std::vector<std::uint8_t>& partial = direction.partial;
    if (partial.empty() && bytes.size() >= length_size && whole_size(bytes) <= bytes.size()) {
      const std::size_t size = whole_size(bytes);
      name_dns(frame, bytes.subspan(length_size, size - length_size), size - length_size, NameService::dns,
               sink);
      bytes = bytes.subspan(size);
      continue;
    }
    // Not more than is missing: first of the length, then of the message.
    const std::size_t wanted = partial.size() < length_size ? length_size : whole_size(partial);
    const Bytes part = slice(bytes, 0, wanted - partial.size());
    direction.latest = partial.empty() ? frame : std::max(direction.latest, frame);
    partial.insert(partial.end(), part.begin(), part.end());
    bytes = bytes.subspan(part.size());
    if (partial.size() >= length_size && partial.size() == whole_size(partial)) {
      name_dns(direction.latest, slice(partial, length_size), partial.size() - length_size, NameService::dns,
               sink);
      partial.clear();
    }
  }
}

void DnsStreams::skip(tcp::Role from) {
  Direction& direction = directions_[static_cast<std::size_t>(from)];
  direction.partial.clear();
  direction.lost = true;
}

}  // namespace humantime::app
