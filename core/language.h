// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace humantime {

enum class Language : std::uint8_t { english, japanese };

}  // namespace humantime
