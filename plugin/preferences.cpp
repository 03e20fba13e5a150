// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/preferences.h"

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

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

/// Wireshark's own checks know numbers, not their range.
void check() {
  guint& seconds_per_year = session().preferences.seconds_per_year;
  if (seconds_per_year > 0) return;
  constexpr const char* sentence =
      "humantime.seconds_per_year must be 1 or more: a year takes at least one second.";
  seconds_per_year = 1;
  // In the window the user is told and may go on; a command has been given a wrong argument.
  if (dlsym(RTLD_DEFAULT, "_ZN16QCoreApplication4selfE") != nullptr) {
    report_failure("%s", sentence);
    return;
  }
  std::fprintf(stderr, "%s\n", sentence);
  std::exit(1);  // NOLINT(concurrency-mt-unsafe): options are read before there is a second thread
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
}

}  // namespace humantime::plugin
