// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/stats_tree.h"

#include <array>
#include <string>
#include <vector>

#include "plugin/session.h"

namespace humantime::plugin {

const char first_pass_tag = 1;

namespace {

std::array<int, lane_count> lane_nodes;
int root_node = -1;

void init(stats_tree* tree) {
  root_node = stats_tree_create_node(tree, "Phases", 0, STAT_DT_INT, TRUE);
  for (std::size_t lane = 0; lane < lane_count; ++lane)
    lane_nodes[lane] = stats_tree_create_node(tree, std::string(token_of(static_cast<Lane>(lane))).c_str(),
                                              root_node, STAT_DT_INT, TRUE);
}

void count(stats_tree* tree, Phase phase, int by) {
  const auto lane = static_cast<std::size_t>(row_of(phase).lane);
  increase_stat_node(tree, "Phases", 0, TRUE, by);
  increase_stat_node(tree, std::string(token_of(row_of(phase).lane)).c_str(), root_node, TRUE, by);
  increase_stat_node(tree, std::string(token_of(phase)).c_str(), lane_nodes[lane], FALSE, by);
}

/// On the first pass a frame may complete others: what was counted for them is taken back.
tap_packet_status packet(stats_tree* tree, packet_info* pinfo, epan_dissect_t*, const void* data,
                         tap_flags_t) {
  static std::vector<PhaseMark> marks;
  const FrameStore& store = session().engine.store();
  if (data == &first_pass_tag) {
    store.for_each_change([&](FrameNumber frame, std::span<const PhaseMark> before) {
      for (const PhaseMark& mark : before) count(tree, mark.phase, -1);
      store.marks(frame, false, marks);
      for (const PhaseMark& mark : marks) count(tree, mark.phase, 1);
    });
  }
  store.marks(FrameNumber{pinfo->num}, false, marks);
  for (const PhaseMark& mark : marks) count(tree, mark.phase, 1);
  return TAP_PACKET_REDRAW;
}

}  // namespace

void register_stats_tree() {
  stats_tree_register_plugin("humantime", "humantime", "Humantime/Phases", 0, packet, init, nullptr);
}

}  // namespace humantime::plugin
