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
}

void Decrypted::deposit(FrameNumber frame, std::span<const DecryptedRecord> records) {
  while (!frames_.empty() && frames_.back().frame >= frame) {
    OfFrame& last = frames_.back();
    for (std::uint32_t id = last.first; id < last.first + last.count; ++id) {
      const Entry& entry = entries_[id];
      if (entry.placed)
        by_place_.erase(hash_of(entry.flow, entry.sequence), id, [this](std::uint32_t other) {
          return hash_of(entries_[other].flow, entries_[other].sequence);
        });
    }
    frames_.pop_back();
  }
  records = records.first(std::min(records.size(), most_records_of_a_frame));
  if (records.empty()) return;
  const std::size_t first = entries_.size();
  entries_.grow_to(first + records.size());
  for (std::size_t i = 0; i < records.size(); ++i) entries_[first + i].record = records[i];
  frames_.push_back({frame, static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(records.size())});
}

const DecryptedRecord* Decrypted::place(std::uint32_t id, FlowId flow, std::uint32_t sequence) {
  Entry& entry = entries_[id];
  entry.flow = flow;
  entry.sequence = sequence;
  entry.placed = true;
  by_place_.insert(hash_of(flow, sequence), id, [this](std::uint32_t other) {
    return hash_of(entries_[other].flow, entries_[other].sequence);
  });
  return &entry.record;
}

const DecryptedRecord* Decrypted::find(FlowId flow, std::uint32_t sequence,
                                       const wire::TlsRecordHeader& header, FrameNumber frame) {
  if (frames_.empty()) return nullptr;
  const std::uint32_t known = by_place_.find(hash_of(flow, sequence), [&](std::uint32_t id) {
    return entries_[id].flow == flow && entries_[id].sequence == sequence;
  });
  if (known != FlatIndex::none)
    return fits(entries_[known].record, header) ? &entries_[known].record : nullptr;

  const auto of_frame =
      std::lower_bound(frames_.begin(), frames_.end(), frame,
                       [](const OfFrame& one, FrameNumber wanted) { return one.frame < wanted; });
  if (of_frame == frames_.end() || of_frame->frame != frame) return nullptr;
  for (std::uint32_t tried = 0; tried < of_frame->count; ++tried) {
    const std::uint32_t at = (of_frame->next + tried) % of_frame->count;
    const Entry& entry = entries_[of_frame->first + at];
    if (entry.placed || !fits(entry.record, header)) continue;
    of_frame->next = at + 1;
    return place(of_frame->first + at, flow, sequence);
  }
  return nullptr;
}

}  // namespace humantime::tls
