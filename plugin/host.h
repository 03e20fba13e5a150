// SPDX-License-Identifier: GPL-2.0-or-later
// Wireshark's headers, and all that differs between its versions (4.0, 4.4, 4.6).
//
// Never wrap these includes in extern "C": since 4.0 they hold C++ templates and do it themselves.
#pragma once

#include <ws_version.h>
// Behind ws_version.h: what follows may depend on it.
#include <cfile.h>
#include <epan/dfilter/dfilter.h>
#include <epan/dissectors/packet-tls-utils.h>
#include <epan/epan.h>
#include <epan/epan_dissect.h>
#include <epan/expert.h>
#include <epan/frame_data_sequence.h>
#include <epan/packet.h>
#include <epan/plugin_if.h>
#include <epan/prefs.h>
#include <epan/proto.h>
#include <epan/proto_data.h>
#include <epan/stat_tap_ui.h>
#include <epan/stats_tree.h>
#include <epan/tap.h>
#include <glib.h>
#include <wiretap/wtap.h>
#include <wsutil/report_message.h>
#if __has_include(<wsutil/plugins.h>)
#include <wsutil/plugins.h>
#endif

#include <string>
#include <type_traits>

#define HUMANTIME_WIRESHARK_AT_LEAST(major, minor) \
  (WIRESHARK_VERSION_MAJOR > (major) ||            \
   (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

#ifndef WS_DLL_PUBLIC_DEF
#define WS_DLL_PUBLIC_DEF __attribute__((visibility("default")))
#endif

/// What a statistic's start function returns: nothing before 4.6, since then whether it could start.
using StatStarted = std::invoke_result_t<stat_tap_init_cb, const char*, void*>;

/// What a boolean preference points to: `gboolean` before 4.4, since then `bool`.
#if HUMANTIME_WIRESHARK_AT_LEAST(4, 4)
using PreferenceBool = bool;
#else
using PreferenceBool = gboolean;
#endif

// Functions that not every version has are weak, so that a plugin of another version can be loaded and say
// what it is.
#if HUMANTIME_WIRESHARK_AT_LEAST(4, 6)
#pragma weak get_data_source_description
#else
#pragma weak get_data_source_name
#endif

/// The name of a data source, to be freed with wmem_free(nullptr, …).
inline char* data_source_name(const struct data_source* source) {
#if HUMANTIME_WIRESHARK_AT_LEAST(4, 6)
  return get_data_source_description(source);
#else
  return get_data_source_name(source);
#endif
}

#if HUMANTIME_WIRESHARK_AT_LEAST(4, 2)
#pragma weak dfilter_compile_full
#pragma weak df_error_free
#else
#pragma weak dfilter_compile_real
#endif

/// Why a display filter does not compile, in Wireshark's words; empty where it does.
inline std::string display_filter_error(const char* filter) {
  dfilter_t* compiled = nullptr;
  std::string sentence;
#if HUMANTIME_WIRESHARK_AT_LEAST(4, 2)
  df_error_t* error = nullptr;
  if (!dfilter_compile(filter, &compiled, &error))
    sentence = error != nullptr && error->msg != nullptr ? error->msg : "This is no display filter.";
  if (error != nullptr) df_error_free(&error);
#else
  gchar* error = nullptr;
  if (!dfilter_compile(filter, &compiled, &error))
    sentence = error != nullptr ? error : "This is no display filter.";
  g_free(error);
#endif
  dfilter_free(compiled);
  return sentence;
}
