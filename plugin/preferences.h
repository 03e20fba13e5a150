// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace humantime::plugin {

/// Edit → Preferences → Protocols → Humantime, and `-o humantime.…`.
void register_preferences(int protocol);

/// humantime.distance_km as a number: kilometres, 0 where it is not known.
double distance_km();

/// humantime.refractive_index as a number: of the fibre between the ends, 1 to 10.
double refractive_index();

/// Sets humantime.`name` as `-o` would, and keeps it in the user's profile. Gives a sentence where it
/// cannot.
std::string store_preference(const std::string& name, const std::string& value);

}  // namespace humantime::plugin
