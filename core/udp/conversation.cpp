// SPDX-License-Identifier: GPL-2.0-or-later
#include "udp/conversation.h"

#include <algorithm>
#include <array>

namespace humantime::udp {
namespace {

struct ProtocolRow {
  Layer layer;
  Beginning (*begin)(const Datagram&, Reader&);
  Aliases (*aliases_in)(Bytes payload, std::uint32_t lengths);
};

template <typename Protocol>
Beginning begin_as(const Datagram& datagram, Reader& reader) {
  reader.emplace<Protocol>();
  return Protocol::beginning(datagram);
}

template <typename Protocol>
Aliases aliases_as(Bytes payload, std::uint32_t lengths) {
  if constexpr (requires { Protocol::aliases_in(payload, lengths); })
    return Protocol::aliases_in(payload, lengths);
  return {};
}

template <typename Protocol>
constexpr ProtocolRow row(Layer layer) {
  return {layer, begin_as<Protocol>, aliases_as<Protocol>};
}

/// The protocols that are conversations, by Wireshark's word for them.
constexpr std::array protocols = {
    row<quic::Connection>(Layer::quic),
    row<openvpn::Datagrams>(Layer::openvpn),
    row<wireguard::Session>(Layer::wireguard),
    row<dtls::Connection>(Layer::dtls),
};

}  // namespace

bool has_reader(LayerSet above) {
  return std::any_of(protocols.begin(), protocols.end(),
                     [above](const ProtocolRow& row) { return above.has(row.layer); });
}

Aliases aliases_in(const Datagram& datagram, std::uint32_t lengths) {
  for (const ProtocolRow& row : protocols)
    if (datagram.above.has(row.layer)) return row.aliases_in(datagram.payload, lengths);
  return {};
}

Beginning Conversation::begin(const Datagram& datagram) {
  for (const ProtocolRow& row : protocols)
    if (datagram.above.has(row.layer)) return row.begin(datagram, reader);
  return {};
}

void Conversation::take(const Datagram& datagram, PhaseSink& sink) {
  std::visit(
      [&](auto& protocol) {
        if constexpr (requires { protocol.take(datagram, sink); }) protocol.take(datagram, sink);
      },
      reader);
}

bool Conversation::begins_anew(const Datagram& datagram) const {
  return std::visit(
      [&](const auto& protocol) {
        if constexpr (requires { protocol.begins_anew(datagram); }) return protocol.begins_anew(datagram);
        return false;
      },
      reader);
}

bool Conversation::proven() const {
  return std::visit(
      [](const auto& protocol) {
        if constexpr (requires { protocol.proven(); }) return protocol.proven();
        return true;
      },
      reader);
}

bool Conversation::waits() const {
  return std::visit(
      [](const auto& protocol) {
        if constexpr (requires { protocol.waits(); }) return protocol.waits();
        return false;
      },
      reader);
}

void Conversation::finish(PhaseSink& sink) {
  std::visit(
      [&](auto& protocol) {
        if constexpr (requires { protocol.finish(sink); }) protocol.finish(sink);
      },
      reader);
}

}  // namespace humantime::udp
