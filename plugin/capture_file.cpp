// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/capture_file.h"

#include <algorithm>

#include "plugin/host.h"
#include "saturating.h"

namespace humantime::plugin {
namespace {

Nanoseconds to_nanoseconds(const nstime_t& time) {
  return std::chrono::seconds{time.secs} + Nanoseconds{time.nsecs};
}

}  // namespace

/// Asking Wireshark costs more than reading a frame, so what it said is kept until a capture ends or begins.
const _capture_file* CaptureFile::file() const {
  if (file_ == nullptr)
    plugin_if_get_capture_file(
        [](capture_file* file, void* found) -> void* {
          *static_cast<const capture_file**>(found) = file;
          return nullptr;
        },
        &file_);
  // While a file is closed it is there, and has no frames any more.
  const bool usable = file_ != nullptr && file_->state != FILE_CLOSED && file_->provider.frames != nullptr;
  return usable ? file_ : nullptr;
}

const _frame_data* CaptureFile::find(FrameNumber frame) const {
  const capture_file* open = file();
  if (open == nullptr || frame == no_frame || to_number(frame) > open->count) return nullptr;
  return frame_data_sequence_find(open->provider.frames, to_number(frame));
}

bool CaptureFile::is_loading() const {
  const capture_file* open = file();
  return open != nullptr && open->read_lock;
}

bool CaptureFile::is_read_again() const {
  const capture_file* open = file();
  return open != nullptr && open->read_lock && open->state == FILE_READ_DONE;
}

bool CaptureFile::is_live() const {
  const capture_file* open = file();
  return open != nullptr && !open->read_lock && open->state == FILE_READ_IN_PROGRESS;
}

double CaptureFile::progress(std::uint32_t read) const {
  const capture_file* open = file();
  if (open == nullptr || !open->read_lock) return 1;
  double share = 1;
  if (open->state == FILE_READ_DONE) {
    // Read anew: the frames are known. Where it is the display filter only, all have been dissected.
    share = open->count == 0 ? 1 : static_cast<double>(read) / open->count;
  } else if (open->provider.wth != nullptr) {
    const auto size = static_cast<double>(wtap_file_size(open->provider.wth, nullptr));
    share = size <= 0 ? 0 : static_cast<double>(wtap_read_so_far(open->provider.wth)) / size;
  }
  return std::clamp(share, 0.0, 1.0);
}

std::string CaptureFile::name() const {
  const capture_file* open = file();
  if (open == nullptr) return {};
  if (open->is_tempfile && open->source != nullptr && open->source[0] != '\0') return open->source;
  if (open->filename == nullptr) return {};
  gchar* text = g_filename_display_basename(open->filename);
  std::string name = text;
  g_free(text);
  return name;
}

std::optional<Nanoseconds> CaptureFile::time_of(FrameNumber frame) const {
  const frame_data* found = find(frame);
  if (found == nullptr || found->has_ts == 0) return std::nullopt;
  return to_nanoseconds(found->abs_ts);
}

Nanoseconds CaptureFile::shift_of(FrameNumber frame) const {
  const frame_data* found = find(frame);
  return found == nullptr ? Nanoseconds{0} : to_nanoseconds(found->shift_offset);
}

std::optional<std::int64_t> CaptureFile::shown_shift(FrameNumber frame, const FrameRow& row) const {
  if (!row.has(FrameRow::has_time)) return std::nullopt;
  const std::optional<Nanoseconds> shown = time_of(frame);
  return shown ? difference(shown->count(), row.time_ns) : 0;
}

bool CaptureFile::passes_filter(FrameNumber frame) const {
  const frame_data* found = find(frame);
  return found != nullptr && found->passed_dfilter != 0;
}

RawFrame CaptureFile::read(FrameNumber frame, RecordReader& reader) const {
  const frame_data* found = find(frame);
  if (found == nullptr || file()->provider.wth == nullptr) return {};
  return reader.read(file()->provider.wth, found->file_off);
}

FrameNumber CaptureFile::last_reference() const {
  const capture_file* open = file();
  const frame_data* last = open == nullptr ? nullptr : find(FrameNumber{open->count});
  if (last == nullptr) return no_frame;
  // Before 4.6 a reference refers to 0, since then to itself.
  return FrameNumber{last->frame_ref_num == 0 ? last->num : last->frame_ref_num};
}

FrameNumber CaptureFile::selected() const {
  if (!is_open()) return no_frame;
  FrameNumber found = no_frame;
  plugin_if_get_frame_data(
      [](frame_data* frame, void* number) -> void* {
        *static_cast<FrameNumber*>(number) = FrameNumber{frame->num};
        return nullptr;
      },
      &found);
  return found;
}

CaptureFile& open_capture() {
  static CaptureFile one;
  return one;
}

}  // namespace humantime::plugin
