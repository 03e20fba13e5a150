// SPDX-License-Identifier: GPL-2.0-or-later
// What the dialog asks of the program whose capture it shows, besides the events.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "language.h"
#include "layout/view.h"
#include "letters/light.h"
#include "types.h"

namespace humantime::ui {

/// Wireshark's preferences humantime.*, as far as they are about what is shown.
struct Preferences {
  std::uint32_t seconds_per_year = 1;
  OriginChoice origin = OriginChoice::capture;
  Language language = Language::english;
  double distance_km = 0;  ///< 0: not known
  double refractive_index = 1.5;
  bool open_timeline = false;  ///< open the dialog with each file
  bool operator==(const Preferences&) const = default;

  /// The time that light needs from end to end, real nanoseconds.
  std::optional<std::int64_t> light_ns() const {
    const std::int64_t ns = letters::light_ns(distance_km, refractive_index);
    return ns == 0 ? std::nullopt : std::optional(ns);
  }
};

/// On the thread of the window only. A sentence that is returned is for the user, empty where all went well.
class Wireshark {
 public:
  virtual ~Wireshark() = default;

  /// Selects the packet in the packet list; false where it is hidden by the display filter, or the capture is
  /// still being read.
  virtual bool go_to_frame(FrameNumber frame) = 0;
  /// What is wrong with a display filter.
  virtual std::string check_filter(const std::string& filter) const = 0;
  /// Applies it, if nothing is wrong with it.
  virtual std::string apply_filter(const std::string& filter) = 0;
  /// Writes it where Wireshark's user would.
  virtual std::string prepare_filter(const std::string& filter) = 0;

  virtual Preferences preferences() const = 0;
  /// Sets humantime.`name` as `-o` would, and keeps it in the user's profile.
  virtual std::string set_preference(const std::string& name, const std::string& value) = 0;

 protected:
  Wireshark() = default;
  Wireshark(const Wireshark&) = default;
  Wireshark& operator=(const Wireshark&) = default;
};

}  // namespace humantime::ui
