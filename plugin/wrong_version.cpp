// SPDX-License-Identifier: GPL-2.0-or-later
// A plugin works with the version of Wireshark that it was built for. Wireshark refuses another one by
// itself, but says less than its user needs to know.
#include <cstdio>

#include "plugin/host.h"

namespace humantime::plugin {
namespace {

[[gnu::constructor]] void tell_wrong_version() {
  int major = 0, minor = 0, micro = 0;
  epan_get_version_number(&major, &minor, &micro);
  if (major == WIRESHARK_VERSION_MAJOR && minor == WIRESHARK_VERSION_MINOR) return;
  std::fprintf(
      stderr,
      "humantime.so was built for Wireshark %d.%d and cannot work with this one, %d.%d. Build and install it "
      "again, with the wireshark-dev package of Wireshark %d.%d.\n",
      WIRESHARK_VERSION_MAJOR, WIRESHARK_VERSION_MINOR, major, minor, major, minor);
}

}  // namespace
}  // namespace humantime::plugin
