// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/json_lines.h"

#include <algorithm>

#include "text.h"

namespace humantime::ui {
bool JsonLines::take(std::string_view bytes, const TakeLine& take_line) {
  for (;;) {
    const std::size_t end = bytes.find('\n');
    const std::size_t size = std::min(end, bytes.size());
    if (pending_.size() + size > longest) {
      too_long_ = true;
      return false;
    }
    if (end == std::string_view::npos) {
      pending_.append(bytes);
      return true;
    }
    if (pending_.empty()) {
      if (!take_line(bytes.substr(0, end))) return false;
    } else {
      pending_.append(bytes.substr(0, end));
      const bool taken = take_line(pending_);
      pending_.clear();
      if (!taken) return false;
    }
    bytes.remove_prefix(end + 1);
  }
}

std::string wrong_line_sentence(std::string_view line) {
  constexpr std::size_t shown = 60;
  return "tshark told something that is no event of this version's: " + printable(line.substr(0, shown));
}

}  // namespace humantime::ui
