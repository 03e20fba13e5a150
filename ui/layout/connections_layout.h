// SPDX-License-Identifier: GPL-2.0-or-later
// The page of connections: what shares of them had what, how long their handshakes took, what their segments
// and messages were; beside it the servers. Pure functions from what was counted to shapes.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "layout/scene.h"
#include "layout/view.h"
#include "model/connections.h"

namespace humantime::ui {

/// A line of the page: what a person points at, chooses, copies and has read aloud.
struct ConnectionsRow {
  static constexpr std::size_t no_kind = static_cast<std::size_t>(-1);

  Rect rect;
  std::size_t kind = no_kind;  ///< among the record's kinds of handshake
  std::string cells;           ///< what is copied: a name and its values, separated by tabs
  std::string spoken;
};

/// Lays a record out into `width` pixels, at least into `height`: where less is needed, lines are further
/// apart. `scene` and `rows` are overwritten. Returns the height that is needed. Everything is bounded by the
/// number of kinds and versions.
double lay_out_connections(const ConnectionsRecord& record, const View& view, double width, double height,
                           const TextMeasure& measure, Scene& scene, std::vector<ConnectionsRow>& rows);

/// The order in which servers are listed, as places among the records: all of them first, then whoever was
/// connected to most.
std::vector<std::size_t> server_order(const Connections& connections);

/// What the list of servers shows.
struct ServerList {
  const Connections& connections;
  const std::vector<std::size_t>& order;
  std::size_t chosen = 0;  ///< place in the order
  double scroll = 0;       ///< pixels that the lines are moved up
};

/// Lays out those of the servers that are to be seen: the cost follows the pixels. `scene` is overwritten.
void lay_out_servers(const ServerList& list, const View& view, double width, double height,
                     const TextMeasure& measure, Scene& scene);
/// Where a line of the list lies when it is not scrolled, and how high all of it is.
Rect server_rect(std::size_t place, double width, const TextMeasure& measure);
double server_list_height(std::size_t count, const TextMeasure& measure);
/// A server as it is copied, and as it is read aloud.
std::string server_cells(const ConnectionsRecord& record, const View& view);
std::string describe_server(const ConnectionsRecord& record, const View& view);

/// How wide the list is beside the page; 0 where there is nothing to choose from.
double server_list_width(const Connections& connections, double width);

}  // namespace humantime::ui
