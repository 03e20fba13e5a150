// SPDX-License-Identifier: GPL-2.0-or-later
#include "tls/decrypted.h"

#include <algorithm>

namespace humantime::tls {
namespace {

/// The search in one frame's records must not become quadratic, whatever the frame holds.
constexpr std::size_t most_records_of_a_frame = 1024;

/// Encryption adds bytes, and TLS 1.3 hides the content's type (RFC 8446 5.2).
bool fits(const DecryptedRecord& record, const wire::TlsRecordHeader& header) {
  return record.content.size() <= header.length && (header.content == wire::TlsContent::application_data ||
                                                    static_cast<std::uint8_t>(header.content) == record.type);
}

}  // namespace

void Decrypted::clear() {
  entries_.clear();
  frames_.clear();
  by_place_.clear();
  log_.clear();
}

void Decrypted::forget_last_frame() {
  const OfFrame& last = frames_.back();
  for (std::uint32_t entry = last.first; entry < last.first + last.count; ++entry) displace(entry);
  frames_.pop_back();
}

void Decrypted::deposit(FrameNumber frame, std::span<const DecryptedRecord> records) {
  while (!frames_.empty() && frames_.back().frame > frame) forget_last_frame();
  records = records.first(std::min(records.size(), most_records_of_a_frame));
  if (records.empty() || (!frames_.empty() && frames_.back().frame == frame)) return;
  const std::size_t first = entries_.size();
  entries_.grow_to(first + records.size());
  for (std::size_t i = 0; i < records.size(); ++i) entries_[first + i].record = records[i];
  frames_.push_back({frame, static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(records.size())});
  log_.emplace_back();
}

void Decrypted::undo(std::size_t kept) {
  for (; log_.size() > kept; log_.pop_back()) {
    const Change& change = log_.back();
    if (change.entry == FlatIndex::none) {
      forget_last_frame();
      continue;
    }
    displace(change.entry);
    frames_[change.of_frame].next = change.next_before;
  }
}

const DecryptedRecord* Decrypted::place(std::uint32_t entry, FlowId flow, std::uint32_t sequence) {
  Entry& placed = entries_[entry];
  placed.flow = flow;
  placed.sequence = sequence;
  placed.placed = true;
  by_place_.insert(hash_of(entry), entry, [this](std::uint32_t other) { return hash_of(other); });
  return &placed.record;
}

void Decrypted::displace(std::uint32_t entry) {
  if (!entries_[entry].placed) return;
  by_place_.erase(hash_of(entry), entry, [this](std::uint32_t other) { return hash_of(other); });
  entries_[entry].placed = false;
}

const DecryptedRecord* Decrypted::find(FlowId flow, std::uint32_t sequence,
                                       const wire::TlsRecordHeader& header, FrameNumber frame) {
  if (frames_.empty()) return nullptr;
  const std::uint32_t known = by_place_.find(hash_of(flow, sequence), [&](std::uint32_t entry) {
    return entries_[entry].flow == flow && entries_[entry].sequence == sequence;
  });
  if (known != FlatIndex::none)
    return fits(entries_[known].record, header) ? &entries_[known].record : nullptr;

  const auto of_frame =
      std::lower_bound(frames_.begin(), frames_.end(), frame,
                       [](const OfFrame& one, FrameNumber wanted) { return one.frame < wanted; });
  if (of_frame == frames_.end() || of_frame->frame != frame) return nullptr;
  for (std::uint32_t tried = 0; tried < of_frame->count; ++tried) {
    const std::uint32_t at = (of_frame->next + tried) % of_frame->count;
    const std::uint32_t entry = of_frame->first + at;
    if (entries_[entry].placed || !fits(entries_[entry].record, header)) continue;
    log_.push_back({entry, static_cast<std::uint32_t>(of_frame - frames_.begin()), of_frame->next});
    of_frame->next = at + 1;
    return place(entry, flow, sequence);
  }
  return nullptr;
}

}  // namespace humantime::tls
