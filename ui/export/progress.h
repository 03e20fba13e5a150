// SPDX-License-Identifier: GPL-2.0-or-later
// How an export tells how far it is, and how it is stopped.
#pragma once

#include <cstdint>
#include <functional>

namespace humantime::ui {

/// Called between the slices of an export with the share that is done, 0 to 1; false cancels it. May handle
/// the window's events, but what is exported must not change meanwhile.
using Progress = std::function<bool(double share)>;

enum class Outcome : std::uint8_t { done, cancelled, failed };

}  // namespace humantime::ui
