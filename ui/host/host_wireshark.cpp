// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/host_wireshark.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QLineEdit>
#include <array>

namespace humantime::ui {
namespace {

using Sentence = std::array<char, 1024>;

}  // namespace

bool HostWireshark::go_to_frame(FrameNumber frame) {
  return host_.go_to_frame(host_.context, to_number(frame)) != 0;
}

std::string HostWireshark::check_filter(const std::string& filter) const {
  Sentence error{};
  host_.check_filter(host_.context, filter.c_str(), error.data(), error.size());
  return error.data();
}

std::string HostWireshark::apply_filter(const std::string& filter) {
  Sentence error{};
  host_.apply_filter(host_.context, filter.c_str(), error.data(), error.size());
  return error.data();
}

/// Wireshark has a function for it, which applies the filter.
std::string HostWireshark::prepare_filter(const std::string& filter) {
  std::string error = check_filter(filter);
  if (!error.empty() || main_window_ == nullptr) return error;
  for (QComboBox* box : main_window_->findChildren<QComboBox*>()) {
    if (!box->inherits("DisplayFilterCombo") || box->lineEdit() == nullptr) continue;
    box->lineEdit()->setText(QString::fromStdString(filter));
    box->lineEdit()->setFocus();
    return {};
  }
  return QCoreApplication::translate("HostWireshark", "This Wireshark has no display filter box.")
      .toStdString();
}

Preferences HostWireshark::preferences() const {
  HumantimePreferences set;
  host_.preferences(host_.context, &set);
  Preferences preferences;
  preferences.seconds_per_year = set.seconds_per_year;
  preferences.origin = set.origin <= static_cast<std::uint8_t>(OriginChoice::reference)
                           ? static_cast<OriginChoice>(set.origin)
                           : OriginChoice::capture;
  preferences.language =
      set.language == static_cast<std::uint8_t>(Language::japanese) ? Language::japanese : Language::english;
  preferences.distance_km = set.distance_km;
  preferences.refractive_index = set.refractive_index;
  preferences.open_timeline = set.open_timeline != 0;
  return preferences;
}

std::string HostWireshark::set_preference(const std::string& name, const std::string& value) {
  Sentence error{};
  host_.set_preference(host_.context, name.c_str(), value.c_str(), error.data(), error.size());
  // The packet list may have columns with dates.
  QMetaObject::invokeMethod(qApp, "columnDataChanged");
  return error.data();
}

FrameNumber HostWireshark::selected_frame() const {
  return FrameNumber{host_.selected_frame(host_.context)};
}

}  // namespace humantime::ui
