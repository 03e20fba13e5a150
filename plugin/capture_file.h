// SPDX-License-Identifier: GPL-2.0-or-later
// The capture that is open in Wireshark's window: its frames, their times as they are shown, the display
// filter. Only where there is a window, and only on its thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "plugin/raw_frame.h"
#include "store.h"
#include "types.h"

struct _capture_file;
struct _frame_data;

namespace humantime::plugin {

class CaptureFile {
 public:
  /// Wireshark is about to free its frames, or has new ones.
  void forget() { file_ = nullptr; }

  bool is_open() const { return file() != nullptr; }
  /// A file is being read, for the first time or again: nothing may be started that reads it too.
  bool is_loading() const;
  /// All frames are gone through once more, as for a display filter.
  bool is_read_again() const;
  bool is_live() const;
  /// 0 to 1; `read` is the highest frame that has been dissected.
  double progress(std::uint32_t read) const;
  /// Without the folder; of a capture that is not saved what it is captured from. Raw.
  std::string name() const;

  /// As shown, with Time Shift: since 1970-01-01 UTC. Nothing where the frame has no time, or is none.
  std::optional<Nanoseconds> time_of(FrameNumber frame) const;
  /// How far Time Shift has moved the frame.
  Nanoseconds shift_of(FrameNumber frame) const;
  /// What a frame of the store is shown as, nanoseconds more than it was captured; nothing where it has no
  /// time. 0 for one that Wireshark has no more or not yet.
  std::optional<std::int64_t> shown_shift(FrameNumber frame, const FrameRow& row) const;
  bool passes_filter(FrameNumber frame) const;
  /// The frame's bytes, read from the file, until the reader's next call; empty where they cannot be.
  RawFrame read(FrameNumber frame, RecordReader& reader) const;
  /// The last time reference of the capture, else its first frame.
  FrameNumber last_reference() const;

  FrameNumber selected() const;

 private:
  const _capture_file* file() const;
  const _frame_data* find(FrameNumber frame) const;

  mutable const _capture_file* file_ = nullptr;
};

/// The one there is.
CaptureFile& open_capture();

}  // namespace humantime::plugin
