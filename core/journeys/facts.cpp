// SPDX-License-Identifier: GPL-2.0-or-later
#include "journeys/facts.h"

#include <array>
#include <optional>

#include "journeys/tunnel_text.h"
#include "phases.h"

namespace humantime::journeys {

void FactLog::clear() {
  facts_.clear();
  size_ = before_frame_ = before_end_ = 0;
  more_.clear();
  texts_.clear();
  ++generation_;
}

void FactLog::checkpoint(bool of_end) {
  (of_end ? before_end_ : before_frame_) = size_;
}

void FactLog::undo(bool of_end) {
  const std::size_t before = of_end ? before_end_ : before_frame_;
  if (before == size_) return;
  size_ = before;
  ++generation_;
}

Fact& FactLog::add(FrameNumber frame, Fact::Kind kind) {
  facts_.grow_to(size_ + 1);
  Fact& fact = facts_[size_++];
  fact = Fact{};
  fact.frame = frame;
  fact.kind = kind;
  if (frame_ == nullptr) return fact;
  const wire::LinkAddresses link = wire::link_addresses(*frame_);
  fact.link_source = link.source;
  fact.link_destination = link.destination;
  if (link.to_group) fact.flags |= Fact::to_group;
  return fact;
}

TextId FactLog::lower_case(std::string_view name) {
  std::array<char, TextPool::longest> text;
  name = name.substr(0, text.size());
  for (std::size_t i = 0; i < name.size(); ++i)
    text[i] = name[i] >= 'A' && name[i] <= 'Z' ? static_cast<char>(name[i] - 'A' + 'a') : name[i];
  return texts_.intern({text.data(), name.size()});
}

/// `GRE 192.0.2.1–198.51.100.1`, the client's end first; nothing where the packet is in no tunnel.
TextId FactLog::tunnel(bool from_client) {
  if (carrier_ == nullptr || !carrier_->is_tunnel) return TextId{0};
  return texts_.intern(text_of(*carrier_, from_client));
}

void FactLog::neighbour(FrameNumber frame, bool request, const Address& address) {
  Fact& fact = add(frame, request ? Fact::Kind::neighbour_request : Fact::Kind::neighbour_reply);
  fact.address = addresses_.intern(address);
}

void FactLog::dns(FrameNumber frame, std::uint32_t connection, const wire::Dns& dns, Bytes message,
                  std::string_view name) {
  // The root's name servers are asked for to begin with, for no name in particular (RFC 8109).
  if (name.empty() || name == ".") return;
  Fact& fact = add(frame, dns.is_response() ? Fact::Kind::answer : Fact::Kind::question);
  fact.number = connection;
  fact.name = lower_case(name);
  fact.type = dns.question_type;
  fact.id = dns.id;
  if (!dns.is_response()) {
    if (dns.recursion_desired()) fact.flags |= Fact::recursion_desired;
    fact.alias = tunnel(true);
    return;
  }
  std::array<char, wire::most_name_characters> text;
  const std::optional<Phase> phase = wire::phase_of(dns);
  if (phase == Phase::dns_truncated) fact.flags |= Fact::truncated;
  if (phase == Phase::dns_nxdomain || phase == Phase::dns_error) fact.flags |= Fact::failure;
  if (phase && phase != Phase::dns_referral && phase != Phase::dns_truncated)
    fact.flags |= Fact::final_answer;
  fact.first_more = static_cast<std::uint32_t>(more_.size());
  for (std::size_t i = 0; i < dns.address_count; ++i)
    more_.push_back(
        static_cast<std::uint32_t>(addresses_.intern(Address::from(wire::address_of(message, dns, i)))));
  fact.address_count = dns.address_count;
  if (dns.cname_target != 0) fact.alias = lower_case(wire::write_name(message, dns.cname_target, text));
  // Their addresses may have to be asked for before the next one can be asked.
  if (phase != Phase::dns_referral) return;
  for (std::size_t i = 0; i < dns.name_server_count; ++i)
    more_.push_back(
        static_cast<std::uint32_t>(lower_case(wire::write_name(message, dns.name_servers[i], text))));
  fact.name_server_count = dns.name_server_count;
}

void FactLog::connection(FrameNumber frame, std::uint32_t number, bool from_client, bool has_sequence,
                         std::uint32_t sequence) {
  Fact& fact = add(frame, Fact::Kind::connection);
  fact.number = number;
  fact.sequence = sequence;
  fact.alias = tunnel(from_client);
  if (from_client) fact.flags |= Fact::from_client;
  if (has_sequence) fact.flags |= Fact::has_sequence;
}

void FactLog::datagrams(FrameNumber frame, std::uint32_t number, bool from_client, bool has_sequence,
                        std::uint32_t sequence) {
  connection(frame, number, from_client, has_sequence, sequence);
  facts_[size_ - 1].flags |= Fact::over_udp;
}

void FactLog::server_name(FrameNumber frame, std::uint32_t connection, std::string_view name) {
  // Host may have a port behind it (RFC 9110 7.2), and either name the root's dot.
  const std::size_t colon = name.starts_with('[') ? name.find(':', name.find(']')) : name.find(':');
  name = name.substr(0, colon);
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.empty()) return;
  Fact& fact = add(frame, Fact::Kind::server_name);
  fact.number = connection;
  fact.name = lower_case(name);
}

}  // namespace humantime::journeys
