// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/preferences.h"

#include <dlfcn.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "letters/light.h"
#include "plugin/session.h"

namespace humantime::plugin {
namespace {

const enum_val_t origins[] = {
    {"capture", "First frame of the capture", static_cast<gint>(Origin::capture)},
    {"journey", "First frame of the frame's journey", static_cast<gint>(Origin::journey)},
    {"reference", "Last time reference", static_cast<gint>(Origin::reference)},
    {nullptr, nullptr, 0},
};

const enum_val_t languages[] = {
    {"en", "English", static_cast<gint>(Language::english)},
    {"ja", "日本語", static_cast<gint>(Language::japanese)},
    {nullptr, nullptr, 0},
};

const enum_val_t capture_positions[] = {
    {"auto", "Find out", static_cast<gint>(letters::CapturePosition::automatic)},
    {"client", "At the client's end", static_cast<gint>(letters::CapturePosition::client)},
    {"middle", "Between client and server", static_cast<gint>(letters::CapturePosition::middle)},
    {"server", "At the server's end", static_cast<gint>(letters::CapturePosition::server)},
    {nullptr, nullptr, 0},
};

/// In the window the user is told and may go on; a command has been given a wrong argument.
void refuse(const char* sentence) {
  if (dlsym(RTLD_DEFAULT, "_ZN16QCoreApplication4selfE") != nullptr) {
    report_failure("%s", sentence);
    return;
  }
  std::fprintf(stderr, "%s\n", sentence);
  std::exit(1);  // NOLINT(concurrency-mt-unsafe): options are read before there is a second thread
}

/// A number with a point and nothing behind it, whatever the locale; empty text is `otherwise`.
std::optional<double> number_of(const char* text, double otherwise) {
  const std::string_view view = text == nullptr ? "" : text;
  if (view.empty()) return otherwise;
  double value = 0;
  const auto [end, error] = std::from_chars(view.data(), view.data() + view.size(), value);
  if (error != std::errc{} || end != view.data() + view.size()) return std::nullopt;
  return value;
}

/// Wireshark's own checks know numbers, not their range, and no fractions.
void check() {
  Preferences& preferences = session().preferences;
  if (preferences.seconds_per_year == 0) {
    preferences.seconds_per_year = 1;
    refuse("humantime.seconds_per_year must be 1 or more: a year takes at least one second.");
  }
  constexpr double longest_km = 1e9, usual_index = 1.50, greatest_index = 100;
  std::optional<double> distance = number_of(preferences.distance_km, 0);
  if (!distance || !(*distance >= 0 && *distance < longest_km)) {
    distance = 0;
    refuse(
        "humantime.distance_km must be a number of kilometres, 0 or more: 1177.3. Empty where it is not "
        "known.");
  }
  std::optional<double> index = number_of(preferences.refractive_index, usual_index);
  if (!index || !(*index >= 1 && *index < greatest_index)) {
    index = usual_index;
    refuse(
        "humantime.refractive_index must be a number from 1 on: nothing is faster than light in the vacuum.");
  }
  session().light_ns = letters::light_ns(*distance, *index);
}

}  // namespace

void register_preferences(int protocol) {
  Preferences& preferences = session().preferences;
  module_t* module = prefs_register_protocol(protocol, check);
  prefs_register_uint_preference(module, "seconds_per_year", "Captured seconds that make a year",
                                 "How many seconds of the capture are stretched to one year of 365 days. "
                                 "At least 1.",
                                 10, &preferences.seconds_per_year);
  prefs_register_enum_preference(module, "origin", "The year begins with",
                                 "The instant that is January 1st, 00:00:00 of year 1.", &preferences.origin,
                                 origins, FALSE);
  prefs_register_enum_preference(module, "language", "Language of dates and labels",
                                 "The language of dates and labels in the packet details and reports.",
                                 &preferences.language, languages, FALSE);
  prefs_register_bool_preference(
      module, "infer_encrypted", "Infer what is encrypted",
      "Whether to name what encrypted bytes do not show but the exchange implies: a "
      "Finished, an HTTP request, the closure alert. Such phases are marked as inferred.",
      &preferences.infer_encrypted);
  prefs_register_bool_preference(module, "correct_clocks", "Correct clocks",
                                 "Whether times at several places are corrected to the clock at the client's "
                                 "end, by the packets that both places saw.",
                                 &preferences.correct_clocks);
  prefs_register_enum_preference(module, "capture_position", "The capture was taken",
                                 "Where the capture was taken, for what only one interface saw.",
                                 &preferences.capture_position, capture_positions, FALSE);
  prefs_register_string_preference(module, "distance_km", "Distance between the ends, km",
                                   "How far the two ends are apart: no packet is faster than light. Empty "
                                   "where it is not known.",
                                   &preferences.distance_km);
  prefs_register_string_preference(module, "refractive_index", "Refractive index of the fibre",
                                   "How many times slower light is in the fibre than in the vacuum.",
                                   &preferences.refractive_index);
}

}  // namespace humantime::plugin
