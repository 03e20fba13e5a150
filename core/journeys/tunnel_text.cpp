// SPDX-License-Identifier: GPL-2.0-or-later
#include "journeys/tunnel_text.h"

#include <array>
#include <string_view>

#include "text.h"

namespace humantime::journeys {
namespace {

struct TunnelName {
  Layer layer;
  std::string_view over_ipv4, over_ipv6;
};
constexpr std::array tunnel_names = {
    TunnelName{Layer::ipv4, "IP in IP", "4in6"},
    TunnelName{Layer::ipv6, "6in4", "IPv6 in IPv6"},
    TunnelName{Layer::gre, "GRE", "GRE"},
    TunnelName{Layer::vxlan, "VXLAN", "VXLAN"},
    TunnelName{Layer::geneve, "GENEVE", "GENEVE"},
    TunnelName{Layer::gtp, "GTP", "GTP"},
    TunnelName{Layer::l2tp, "L2TP", "L2TP"},
    TunnelName{Layer::teredo, "Teredo", "Teredo"},
    TunnelName{Layer::ether_ip, "EtherIP", "EtherIP"},
    TunnelName{Layer::esp, "ESP", "ESP"},
    TunnelName{Layer::mpls, "MPLS", "MPLS"},
    TunnelName{Layer::wireguard, "WireGuard", "WireGuard"},
    TunnelName{Layer::openvpn, "OpenVPN", "OpenVPN"},
};

}  // namespace

std::string text_of(const wire::Carrier& carrier, bool from_client) {
  std::string_view name = "tunnel";
  for (const TunnelName& row : tunnel_names)
    if (row.layer == carrier.layer) name = carrier.over_ipv6 ? row.over_ipv6 : row.over_ipv4;
  const Address& client = from_client ? carrier.source : carrier.destination;
  const Address& server = from_client ? carrier.destination : carrier.source;
  return std::string(name) + " " + to_text(client) + "–" + to_text(server);
}

}  // namespace humantime::journeys
