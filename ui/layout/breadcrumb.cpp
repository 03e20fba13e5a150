// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/breadcrumb.h"

#include <algorithm>

#include "layout/event_text.h"

namespace humantime::ui {

std::vector<Crumb> breadcrumb(const View& view) {
  std::vector<Crumb> crumbs;
  const auto first = static_cast<int>(std::min(view.level, Level::year));
  for (int level = first; level <= static_cast<int>(view.level); ++level) {
    View above = view;
    above.level = static_cast<Level>(level);
    if (above.level != view.level) above.zoom = 1, above.scroll = 0;
    crumbs.push_back({page_title(above), above});
  }
  return crumbs;
}

}  // namespace humantime::ui
