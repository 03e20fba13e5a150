// SPDX-License-Identifier: GPL-2.0-or-later
// Cells that the reports of packets have in common.
#pragma once

#include <span>

#include "journeys/journey.h"
#include "reports/columns.h"
#include "reports/journey_text.h"
#include "store.h"
#include "text.h"

namespace humantime::reports {

inline Json sender_of(const FrameStore& store, const FrameRow& row) {
  return text_or_null(to_text(store.addresses()[row.source], row.source_port));
}

inline Json receiver_of(const FrameStore& store, const FrameRow& row) {
  return text_or_null(to_text(store.addresses()[row.destination], row.destination_port));
}

/// A list with what `value` says of each mark.
template <typename Value>
Json list_of(std::span<const PhaseMark> marks, Value value) {
  Json list = Json::array();
  for (const PhaseMark& mark : marks) list.push_back(value(mark));
  return list;
}

/// `["dns.query#2/sent"]`
inline Json list_of(std::span<const journeys::Milestone> milestones) {
  Json list = Json::array();
  for (const journeys::Milestone& milestone : milestones) list.push_back(text_of(milestone));
  return list;
}

}  // namespace humantime::reports
