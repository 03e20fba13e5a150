// SPDX-License-Identifier: GPL-2.0-or-later
// How long handshakes took, kind by kind: boxes on one axis, in days of the year and in milliseconds.
#pragma once

#include <cstdint>
#include <vector>

#include "layout/connections_layout.h"
#include "layout/connections_sheet.h"

namespace humantime::ui {

/// Where the table stands.
struct TimesPlace {
  double left = 0, right = 0, top = 0;
  double stretch = 1;  ///< of the lines
};

/// A line for each kind: how many, what share, its round trips, and the distribution of its times. Returns
/// where it ends.
double lay_out_handshake_times(const ConnectionsRecord& record, const ConnectionsSheet& sheet,
                               const TimesPlace& place, std::vector<ConnectionsRow>& rows);

/// The axis that all times share.
class TimeScale {
 public:
  /// Real nanoseconds. Where the longest is more than a hundred times the shortest it is logarithmic, else it
  /// begins with 0.
  TimeScale(std::int64_t shortest_ns, std::int64_t longest_ns);
  bool is_logarithmic() const { return logarithmic_; }
  /// 0 to 1.
  double share_of(double ns) const;
  /// Round numbers of `unit_ns` on the axis, ascending, about so many that `most` have room.
  std::vector<double> ticks(double unit_ns, std::size_t most) const;

 private:
  bool logarithmic_;
  double from_, to_;
};

}  // namespace humantime::ui
