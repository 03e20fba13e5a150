// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/host_source.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace humantime::ui {
namespace {

/// What a frame costs to be read anew and indexed, about.
constexpr std::chrono::nanoseconds per_frame{500};
constexpr int share = 20;
/// What it costs to read a line of the connections, in frames that are looked at.
constexpr std::uint32_t per_line = 100;
constexpr std::chrono::seconds seldom{1};

/// Everything but what has been read: a value out of an enumeration's range would be an index out of a table.
template <typename Enum>
Enum in_range(std::uint8_t value, std::size_t count, Enum otherwise) {
  return value < count ? static_cast<Enum>(value) : otherwise;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    if (space > 0) words.emplace_back(text.substr(0, space));
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return words;
}

constexpr std::size_t kind_count = 5, direction_count = 3, end_count = 4, certainty_count = 4;

}  // namespace

HumantimeCapture HostSource::ask() const {
  HumantimeCapture capture;
  host_.capture(host_.context, &capture);
  return capture;
}

std::string HostSource::name() const {
  return ask().name;
}

std::uint32_t HostSource::frame_count() const {
  return ask().frame_count;
}

double HostSource::progress() const {
  return ask().progress;
}

bool HostSource::is_growing() const {
  const HumantimeCapture capture = ask();
  return capture.is_loading != 0 || capture.is_live != 0;
}

namespace {

bool is_complete(const HumantimeCapture& capture) {
  return capture.is_loading == 0 && capture.is_live == 0;
}

}  // namespace

/// Other frames are noticed at once.
void HostSource::look(const HumantimeCapture& capture) const {
  if (revision_ != 0 && capture.dissection == dissection_) return;
  dissection_ = capture.dissection;
  first_revision_ = ++revision_;
  settling_.reset();
  settled_ = {capture.revision, capture.late_changes, 0, false};
}

bool HostSource::is_stale(const HumantimeCapture& capture) const {
  const bool otherwise = capture.revision != settled_->revision;
  const bool later = capture.late_changes != settled_->late_changes;
  const bool grown = capture.frame_count != settled_->frames;
  if (is_complete(capture)) return otherwise || later || grown || !settled_->complete;
  // Read again for a display filter it is complete still.
  if (settled_->complete && !grown) return otherwise;
  if (settled_->frames == 0) return grown;
  const bool doubled = capture.frame_count / 2 >= settled_->frames;
  return otherwise || ((later || doubled) && now_() >= next_);
}

std::uint64_t HostSource::revision() const {
  look(ask());
  return revision_;
}

bool HostSource::has_frames_of(std::uint64_t revision) const {
  look(ask());
  return revision >= first_revision_;
}

bool HostSource::settle(std::uint32_t budget) const {
  HumantimeCapture capture = ask();
  look(capture);
  // It may have begun with other times, or before the last frame came.
  const bool ends_now = settling_ && !settling_->complete && is_complete(capture);
  const bool overtaken = ends_now || (settling_ && settling_->revision != capture.revision);
  const bool stale = overtaken || (!settling_ && is_stale(capture));
  if (budget == 0) return settling_ || stale;
  const Clock::time_point begin = now_();
  if (stale) {
    host_.begin_settling(host_.context);
    settling_ = {capture.revision, 0, capture.frame_count, is_complete(capture)};
    spent_ = {};
  }
  const bool more = host_.settle(host_.context, budget) != 0;
  if (!settling_) return more;
  const Clock::time_point end = now_();
  spent_ += end - begin;
  if (more) return true;
  capture = ask();
  ++revision_;
  settled_ = *settling_;
  settled_->late_changes = capture.late_changes;
  settling_.reset();
  next_ = end + std::max<Clock::duration>(seldom, share * (spent_ + capture.frame_count * per_frame));
  return false;
}

bool HostSource::read(FrameNumber frame, EventRecord& out) const {
  HumantimeEvent event;
  if (host_.event(host_.context, to_number(frame), &event) == 0 || event.mark_count == 0) return false;
  out.frame = frame;
  out.journey = event.journey;
  out.time_ns = event.has_time != 0 ? std::optional(event.time_ns) : std::nullopt;
  out.other_ns = event.has_other != 0 ? std::optional(event.other_ns) : std::nullopt;
  out.estimated = event.is_estimated != 0;
  out.peer = FrameNumber{event.peer};
  out.precision_ns = event.precision_ns;
  out.error_ns = event.error_ns;
  out.spread = {};
  out.end = in_range(event.end, end_count, End::unknown);
  out.direction = in_range(event.direction, direction_count, journeys::Direction::unknown);
  out.vantage = event.vantage;
  out.bytes = event.bytes;
  out.ordinal = event.ordinal;
  out.passes_filter = event.passes_filter != 0;
  out.is_copy = event.is_copy != 0;
  out.marks.clear();
  for (std::size_t i = 0; i < event.mark_count; ++i)
    if (event.phases[i] < phase_table().size() && event.stages[i] < stage_count)
      out.marks.push_back({static_cast<Phase>(event.phases[i]), static_cast<Stage>(event.stages[i]),
                           in_range(event.certainties[i], certainty_count, Certainty::seen)});
  return !out.marks.empty();
}

bool HostSource::passes_filter(FrameNumber frame) const {
  return host_.passes_filter(host_.context, to_number(frame)) != 0;
}

EventText HostSource::text(FrameNumber frame) const {
  HumantimeText text;
  host_.text(host_.context, to_number(frame), &text);
  return {text.from,
          text.to,
          text.detail,
          text.vantage,
          words_of(text.milestones),
          text.is_captured != 0 ? std::optional(text.captured_ns) : std::nullopt};
}

std::vector<StreamRecord> HostSource::streams(FrameNumber frame) const {
  std::vector<StreamRecord> records;
  const auto visit = [](void* user, const HumantimeStream* stream) {
    const auto bytes = [](std::uint64_t told) {
      return told == UINT64_MAX ? std::nullopt : std::optional(told);
    };
    static_cast<std::vector<StreamRecord>*>(user)->push_back(
        {stream->stream, FrameNumber{stream->request}, FrameNumber{stream->request_end},
         FrameNumber{stream->response}, FrameNumber{stream->response_end}, stream->status,
         stream->pushed != 0, stream->reset != 0, bytes(stream->request_bytes), bytes(stream->response_bytes),
         stream->what});
  };
  host_.streams(host_.context, to_number(frame), visit, &records);
  return records;
}

std::vector<FramePiece> HostSource::pieces(FrameNumber frame) const {
  const HumantimeCapture capture = ask();
  // What a frame is called may change with later ones.
  if (pieces_dissection_ != capture.dissection || pieces_changes_ != capture.late_changes ||
      pieces_.size() >= most_pieces_kept)
    pieces_.clear();
  pieces_dissection_ = capture.dissection;
  pieces_changes_ = capture.late_changes;
  const auto [kept, is_new] = pieces_.try_emplace(frame);
  if (!is_new) return kept->second;
  const auto visit = [](void* user, const HumantimePiece* told) {
    FramePiece piece;
    if (told->kind >= piece_table().size()) return;
    piece.kind = static_cast<PieceKind>(told->kind);
    piece.bytes = told->bytes;
    piece.whole = told->whole;
    if (told->has_phase != 0 && told->phase < phase_table().size())
      piece.phase = static_cast<Phase>(told->phase);
    static_cast<std::vector<FramePiece>*>(user)->push_back(piece);
  };
  host_.pieces(host_.context, to_number(frame), visit, &kept->second);
  return kept->second;
}

std::vector<JourneyRecord> HostSource::journeys() const {
  return journeys_from(0, std::numeric_limits<std::uint32_t>::max());
}

std::vector<JourneyRecord> HostSource::journeys_from(std::uint32_t first, std::uint32_t count) const {
  std::vector<JourneyRecord> records;
  const auto visit = [](void* user, const HumantimeJourney* journey) {
    static_cast<std::vector<JourneyRecord>*>(user)->push_back(
        {journey->number, in_range(journey->kind, kind_count, journeys::Kind::completed),
         FrameNumber{journey->first}, journey->first_ns, journey->last_ns, journey->name, journey->handshake,
         journey->handshake_round_trips != HUMANTIME_UNKNOWN_ROUND_TRIPS
             ? std::optional(journey->handshake_round_trips)
             : std::nullopt});
  };
  host_.journeys(host_.context, first, count, visit, &records);
  return records;
}

std::optional<std::int64_t> HostSource::origin_ns() const {
  std::int64_t origin = 0;
  if (host_.origin(host_.context, &origin) == 0) return std::nullopt;
  return origin;
}

bool HostSource::count_connections(bool limited, std::uint32_t budget) const {
  if (budget == 0) {
    counting_.reset();
    return host_.count_connections(host_.context, limited ? 1 : 0, 0) != 0;
  }
  if (!counting_ || counting_->limited != limited) counting_ = {limited, false, 0, {}};
  if (!counting_->counted) {
    if (host_.count_connections(host_.context, limited ? 1 : 0, budget) != 0) return true;
    counting_->counted = true;
  }
  const auto visit = [](void* user, const char* line) {
    auto& counting = *static_cast<Counting*>(user);
    ++counting.lines;
    // Plugin and dialog are built from one tree: a line that cannot be read is none.
    if (auto record = read_connections(line)) counting.records.push_back(*std::move(record));
  };
  const std::uint32_t before = counting_->lines, page = std::max<std::uint32_t>(1, budget / per_line);
  host_.connections(host_.context, before, page, visit, &*counting_);
  return counting_->lines - before == page;
}

Connections HostSource::connections(bool limited) const {
  if (!counting_ || counting_->limited != limited) return {};
  return std::exchange(counting_, std::nullopt)->records;
}

}  // namespace humantime::ui
