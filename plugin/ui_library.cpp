// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/ui_library.h"

#include <dlfcn.h>
#include <gmodule.h>

#include <string>
#include <string_view>

#include "plugin/host.h"
#include "plugin/ui_host.h"

namespace humantime::plugin {
namespace {

/// A folder beside the one that Wireshark scans: what lies in that must be a plugin of its own kind.
constexpr const char* folder = "humantime";
constexpr const char* file_name = "humantime-ui.so";

/// …/plugins/M.m/epan/humantime.so → …/plugins/M.m/humantime/humantime-ui.so
std::string library_path() {
  Dl_info self{};
  if (dladdr(reinterpret_cast<const void*>(&start_ui_library), &self) == 0 || self.dli_fname == nullptr)
    return {};
  gchar* epan = g_path_get_dirname(self.dli_fname);
  gchar* plugins = g_path_get_dirname(epan);
  gchar* path = g_build_filename(plugins, folder, file_name, nullptr);
  std::string found = path;
  g_free(path);
  g_free(plugins);
  g_free(epan);
  return found;
}

/// The version of the Qt that is in this process, `5.15.8`; empty where there is none, or no application.
std::string qt_version() {
  using Version = const char* (*)();
  const auto version = reinterpret_cast<Version>(dlsym(RTLD_DEFAULT, "qVersion"));
  const bool has_application = dlsym(RTLD_DEFAULT, "_ZN16QCoreApplication4selfE") != nullptr;
  return has_application && version != nullptr ? version() : std::string{};
}

/// Whether the library needs that Qt. Asked of the file, for to load it would load its Qt too, and two of
/// them in one process is what must not be.
bool needs_qt(std::string_view library, char major) {
  const std::string name = std::string("libQt") + major + "Core.so.";
  return library.find(name) != std::string_view::npos;
}

/// Gives a sentence where it cannot be started.
std::string start() {
  const std::string qt = qt_version();
  if (qt.empty()) return {};
  const std::string path = library_path();
  gchar* content = nullptr;
  gsize size = 0;
  if (!g_file_test(path.c_str(), G_FILE_TEST_EXISTS)) {
    // Left out when it was built, or not installed: no reason for a box at every start.
    g_message("humantime: no Statistics -> Year Timeline, because there is no %s", path.c_str());
    return {};
  }
  if (!g_file_get_contents(path.c_str(), &content, &size, nullptr)) return path + " cannot be read.";
  const bool same_qt = needs_qt({content, size}, qt[0]);
  g_free(content);
  if (!same_qt)
    return path + " was not built for Qt " + qt[0] +
           ", which this Wireshark has: build and install humantime again.";

  GModule* module = g_module_open(path.c_str(), G_MODULE_BIND_LOCAL);
  if (module == nullptr) return path + " cannot be loaded: " + g_module_error();
  gpointer symbol = nullptr;
  if (!g_module_symbol(module, HUMANTIME_UI_START, &symbol)) {
    g_module_close(module);
    return path + " is not humantime's dialog.";
  }
  // Its classes are known to Qt from now on.
  g_module_make_resident(module);
  const char* refusal = reinterpret_cast<HumantimeUiStart>(symbol)(&ui_host());
  return refusal == nullptr ? std::string{} : path + " " + refusal;
}

}  // namespace

void start_ui_library() {
  const std::string sentence = start();
  if (!sentence.empty()) report_failure("Statistics → Year Timeline is missing: %s", sentence.c_str());
}

}  // namespace humantime::plugin
