// SPDX-License-Identifier: GPL-2.0-or-later
// What the parts of the plugin share: one capture at a time, as in Wireshark itself.
#pragma once

#include <cstdint>
#include <optional>

#include "calendar.h"
#include "engine.h"
#include "language.h"
#include "letters/letters.h"
#include "plugin/host.h"
#include "reports/telling.h"

namespace humantime::plugin {

using reports::Origin;

/// The preferences, in the types that Wireshark writes them in.
struct Preferences {
  guint seconds_per_year = 1;
  gint origin = static_cast<gint>(Origin::capture);
  gint language = static_cast<gint>(Language::english);
  PreferenceBool infer_encrypted = TRUE;
  PreferenceBool correct_clocks = TRUE;
  gint capture_position = static_cast<gint>(letters::CapturePosition::automatic);
  PreferenceBool open_timeline = FALSE;
  const char* distance_km = nullptr;       ///< Wireshark has no preferences that are fractions
  const char* refractive_index = nullptr;  ///< as well
};

struct Session {
  int protocol = -1;  ///< Wireshark's number for us
  int tap = -1;
  Preferences preferences;
  Engine engine;
  Nanoseconds shift_of_first{0};  ///< what the user shifted the first frame by, as far as we know

  Language language() const { return static_cast<Language>(preferences.language); }
  Scale scale() const { return {preferences.seconds_per_year}; }
  Origin origin() const { return static_cast<Origin>(preferences.origin); }
};

/// The one there is. A function would pay for the check whether it has been made on every use.
extern Session the_session;
inline Session& session() {
  return the_session;
}

/// Captured time between two frames, clocks corrected. Nothing where one of them has no time and, on the
/// first pass, where they are of two clocks that are to be corrected.
std::optional<Nanoseconds> since_frame(FrameNumber frame, FrameNumber origin, bool first_pass);

/// The same since the origin, by the frame's time as Wireshark shows it (shifted, with time references).
/// Nothing, too, where the year begins with the journey and the frame has none, or none that is settled on
/// the first pass.
std::optional<Nanoseconds> since_origin(const packet_info* pinfo, bool first_pass);

}  // namespace humantime::plugin
