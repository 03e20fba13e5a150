// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace humantime::letters {

/// What light needs for the distance in a medium, one way, in nanoseconds: no packet is faster. From Tokyo to
/// Ishikari, 1,177.3 km of fibre (refractive index 1.50), 5.9 ms. 0 where either number makes no sense: a
/// distance that is not positive, an index below that of the vacuum.
constexpr std::int64_t light_ns(double distance_km, double refractive_index) {
  constexpr double km_per_ns = 299'792.458e-9;  // BIPM, SI brochure 2.3.1
  constexpr double longest_km = 1e9;
  if (!(distance_km > 0 && distance_km < longest_km)) return 0;
  if (!(refractive_index >= 1 && refractive_index < 100)) return 0;
  return static_cast<std::int64_t>(distance_km * refractive_index / km_per_ns);
}

}  // namespace humantime::letters
