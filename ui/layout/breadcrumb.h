// SPDX-License-Identifier: GPL-2.0-or-later
// The way from the year to what is shown, as in "March ‹ Year 1".
#pragma once

#include <string>
#include <vector>

#include "layout/view.h"

namespace humantime::ui {

struct Crumb {
  std::string text;
  View view;  ///< what it leads to
};

/// From the year (or the ten years) to the page itself, which comes last.
std::vector<Crumb> breadcrumb(const View& view);

}  // namespace humantime::ui
