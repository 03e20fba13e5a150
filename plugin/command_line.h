// SPDX-License-Identifier: GPL-2.0-or-later
// What the command that we run in was asked to print.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace humantime::plugin {

/// With `-T fields`, tshark builds every frame's whole tree and then prints the fields that were named; it
/// tells nobody which. Its command line does, so that a frame need not cost the fields that nobody will see.
class CommandLine {
 public:
  explicit CommandLine(std::vector<std::string> arguments);
  /// This process's own; without arguments where the system does not tell them.
  static const CommandLine& own();

  /// Whether only named fields are printed. False wherever there is doubt.
  bool prints_named_fields_only() const { return fields_only_; }
  /// Whether it is tshark without a read filter: the one thing that takes frames back. False in doubt.
  bool keeps_all_frames() const;
  /// Whether it is tshark, which reads each frame once and never comes back to it: no -2. False in doubt.
  bool reads_once() const;
  /// Whether an argument is the name of a field to print: `-e NAME`, `-eNAME`.
  bool prints(std::string_view name) const;
  /// Whether any argument has the name in it.
  bool mentions(std::string_view name) const;

 private:
  bool is_tshark() const;
  /// Whether an argument may hold one of the flags, alone or among others (`-2`, `-n2`), or is a long option
  /// that may be the read filter's, cut short.
  bool may_have_flag(std::string_view flags) const;

  std::vector<std::string> arguments_;
  bool fields_only_ = false;
};

}  // namespace humantime::plugin
