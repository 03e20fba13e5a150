// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/command_line.h"

#include <algorithm>
#include <fstream>

namespace humantime::plugin {
namespace {

/// The value of the last -T, which may stand in the argument itself (-Tfields), behind flags (-nT), or in the
/// next one.
std::string_view output_type(const std::vector<std::string>& arguments) {
  std::string_view type;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (argument.size() < 2 || argument[0] != '-' || argument[1] == '-') continue;
    const std::size_t at = argument.find('T');
    // Only flags without a value may stand before it.
    if (at == std::string_view::npos ||
        argument.substr(1, at - 1).find_first_not_of("2lnpPqQVxS") != std::string_view::npos)
      continue;
    if (at + 1 < argument.size())
      type = argument.substr(at + 1);
    else if (i + 1 < arguments.size())
      type = arguments[i + 1];
  }
  return type;
}

}  // namespace

CommandLine::CommandLine(std::vector<std::string> arguments)
    : arguments_(std::move(arguments)), fields_only_(output_type(arguments_) == "fields") {}

const CommandLine& CommandLine::own() {
  static const CommandLine command_line = [] {
    std::vector<std::string> arguments;
    std::ifstream file("/proc/self/cmdline", std::ios::binary);
    for (std::string argument; std::getline(file, argument, '\0');) arguments.push_back(argument);
    return CommandLine(std::move(arguments));
  }();
  return command_line;
}

bool CommandLine::is_tshark() const {
  if (arguments_.empty()) return false;
  return std::string_view(arguments_[0]).substr(arguments_[0].find_last_of('/') + 1) == "tshark";
}

bool CommandLine::may_have_flag(std::string_view flags) const {
  return std::any_of(arguments_.begin() + 1, arguments_.end(), [flags](const std::string& argument) {
    return argument.size() > 1 && argument[0] == '-' &&
           (argument.find_first_of(flags) != std::string::npos || argument.starts_with("--r"));
  });
}

bool CommandLine::keeps_all_frames() const {
  return is_tshark() && !may_have_flag("R");
}

bool CommandLine::reads_once() const {
  return is_tshark() && !may_have_flag("R2");
}

bool CommandLine::prints(std::string_view name) const {
  return std::any_of(arguments_.begin(), arguments_.end(), [&](const std::string& argument) {
    return argument == name || argument == "-e" + std::string(name);
  });
}

bool CommandLine::mentions(std::string_view name) const {
  return std::any_of(arguments_.begin(), arguments_.end(),
                     [&](const std::string& argument) { return argument.find(name) != std::string::npos; });
}

}  // namespace humantime::plugin
