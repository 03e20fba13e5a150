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
#include "plugin/ui_host.h"

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

/// A preference with a decimal fraction: Wireshark has none, so it is a text.
struct Decimal {
  const char* Preferences::*text;
  double least, most;
  const char* usual;
  const char* wrong;  ///< what a text outside of that is answered with
};
constexpr Decimal distance_km_text{&Preferences::distance_km, 0, 1e9, "0",
                                   "humantime.distance_km must be a number of kilometres from 0 to "
                                   "1000000000; 0 where the distance is not known."};
constexpr Decimal refractive_index_text{&Preferences::refractive_index, 1, 10, "1.50",
                                        "humantime.refractive_index must be a number from 1 to 10; 1.50 is "
                                        "that of fibre."};

/// The number that is the whole text.
std::optional<double> number_from(const char* text, const Decimal& decimal) {
  if (text == nullptr) return std::nullopt;
  const std::string_view all = text;
  double value = 0;
  const auto [end, error] = std::from_chars(all.data(), all.data() + all.size(), value);
  if (error != std::errc{} || end != all.data() + all.size()) return std::nullopt;
  if (!(value >= decimal.least && value <= decimal.most)) return std::nullopt;
  return value;
}
/// The text is Wireshark's, and stays as it is: what is wrong in it counts as what is usual.
double value_of(const Decimal& decimal) {
  const char* text = session().preferences.*decimal.text;
  return number_from(text, decimal).value_or(number_from(decimal.usual, decimal).value_or(decimal.least));
}

void refuse(const char* sentence) {
  // In the window the user is told and may go on; a command has been given a wrong argument.
  if (dlsym(RTLD_DEFAULT, "_ZN16QCoreApplication4selfE") != nullptr) {
    report_failure("%s", sentence);
    return;
  }
  std::fprintf(stderr, "%s\n", sentence);
  std::exit(1);  // NOLINT(concurrency-mt-unsafe): options are read before there is a second thread
}

/// Wireshark's own checks know numbers, not their range. What is wrong counts as what is usual.
void check() {
  Preferences& set = session().preferences;
  ui_host_preferences_changed();
  if (set.seconds_per_year == 0) {
    set.seconds_per_year = 1;
    refuse("humantime.seconds_per_year must be 1 or more: a year takes at least one second.");
  }
  for (const Decimal* decimal : {&distance_km_text, &refractive_index_text})
    if (!number_from(set.*decimal->text, *decimal)) refuse(decimal->wrong);
  session().engine.compare_places({.correct_clocks = set.correct_clocks != FALSE,
                                   .position = static_cast<letters::CapturePosition>(set.capture_position),
                                   .light_ns = letters::light_ns(distance_km(), refractive_index())});
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
  prefs_register_bool_preference(
      module, "open_timeline", "Open the Year Timeline with a capture",
      "Whether to open Statistics → Year Timeline whenever a capture file is opened.",
      &preferences.open_timeline);
  preferences.distance_km = distance_km_text.usual;
  prefs_register_string_preference(
      module, "distance_km", "Distance between the ends (km)",
      "How far apart client and server are, in kilometres along the cable: no packet is faster "
      "than light. 0 where it is not known.",
      &preferences.distance_km);
  preferences.refractive_index = refractive_index_text.usual;
  prefs_register_string_preference(
      module, "refractive_index", "Refractive index of the way",
      "How much slower than in the vacuum light goes: 1.50 in fibre, 1.00 through the air.",
      &preferences.refractive_index);
}

double distance_km() {
  return value_of(distance_km_text);
}
double refractive_index() {
  return value_of(refractive_index_text);
}

std::string store_preference(const std::string& name, const std::string& value) {
  std::string assignment = "humantime." + name + ":" + value;
  char* error = nullptr;
  const prefs_set_pref_e result = prefs_set_pref(assignment.data(), &error);
  g_free(error);
  if (result != PREFS_SET_OK) return "Wireshark does not take " + value + " for humantime." + name + ".";
  if (module_t* module = prefs_find_module("humantime")) prefs_apply(module);
  char* path = nullptr;
  const int failed = write_prefs(&path);
  std::string sentence;
  if (failed != 0)
    sentence = std::string("The preference holds until Wireshark is closed: ") +
               (path == nullptr ? "the profile" : path) + " cannot be written.";
  g_free(path);
  return sentence;
}

}  // namespace humantime::plugin
