// SPDX-License-Identifier: GPL-2.0-or-later
#include "store.h"

#include <algorithm>

#include "saturating.h"

namespace humantime {
namespace {

// A mark in 16 bits: phase 8, stage 4, certainty 2.
std::uint16_t pack(PhaseMark mark) {
  return static_cast<std::uint16_t>(static_cast<unsigned>(mark.phase) |
                                    static_cast<unsigned>(mark.stage) << 8 |
                                    static_cast<unsigned>(mark.certainty) << 12);
}

bool is_trouble(Phase phase) {
  switch (phase) {
    case Phase::tcp_retransmission:
    case Phase::tcp_out_of_order:
    case Phase::tcp_dup_ack:
    case Phase::tcp_window_full:
    case Phase::tcp_zero_window:
    case Phase::tcp_zero_window_probe:
    case Phase::tcp_window_update:
    case Phase::tcp_keep_alive:
      return true;
    default:
      return false;
  }
}

/// A flood of messages in one frame must not make it cost more and more.
constexpr std::size_t most_marks = 255;
constexpr std::size_t most_handshakes = 255;  ///< of a frame
constexpr std::size_t most_vantages = 0xffff;

}  // namespace

PhaseMark FrameStore::unpack(std::uint16_t packed) {
  return {static_cast<Phase>(packed & 0xff), static_cast<Stage>(packed >> 8 & 0x0f),
          static_cast<Certainty>(packed >> 12 & 0x03)};
}

void FrameStore::clear() {
  rows_.clear();
  overflow_.clear();
  originals_.clear();
  handshakes_.clear();
  handshakes_of_.clear();
  handshakes_before_ = 0;
  exchanges_.clear();
  carried_.clear();
  addresses_.clear();
  texts_.clear();
  vantages_.clear();
  vantage_index_.clear();
  current_ = no_frame;
  at_checkpoint_ = false;
  first_timed_ = no_frame;
  forget_changes();
}

FrameRow* FrameStore::row(FrameNumber frame) {
  const std::size_t number = to_number(frame);
  return number == 0 || number > rows_.size() ? nullptr : &rows_[number - 1];
}

const FrameRow* FrameStore::find(FrameNumber frame) const {
  const std::size_t number = to_number(frame);
  if (number == 0 || number > rows_.size()) return nullptr;
  const FrameRow& found = rows_[number - 1];
  return found.has(FrameRow::present) ? &found : nullptr;
}

std::optional<FrameNumber> FrameStore::first_timed() const {
  const auto timed = [this](FrameNumber frame) {
    const FrameRow* row = find(frame);
    return row != nullptr && row->has(FrameRow::has_time);
  };
  if (first_timed_ != no_frame && timed(first_timed_)) return first_timed_;
  for (std::uint32_t number = 1; number <= rows_.size(); ++number) {
    if (!timed(FrameNumber{number})) continue;
    first_timed_ = FrameNumber{number};
    return first_timed_;
  }
  return std::nullopt;
}

std::span<const std::uint16_t> FrameStore::packed(FrameNumber frame, const FrameRow& row) const {
  if (row.mark_count <= FrameRow::inline_marks) return {row.marks.data(), row.mark_count};
  return overflow_.at(frame);
}

void FrameStore::set_packed(FrameNumber frame, FrameRow& row, std::span<const std::uint16_t> marks) {
  if (marks.size() <= FrameRow::inline_marks) {
    std::copy(marks.begin(), marks.end(), row.marks.begin());
    if (row.mark_count > FrameRow::inline_marks) overflow_.erase(frame);
  } else {
    overflow_[frame].assign(marks.begin(), marks.end());
  }
  row.mark_count = static_cast<std::uint8_t>(marks.size());
}

void FrameStore::remember(FrameNumber frame, const FrameRow& row) {
  if (frame == current_) return;
  ++late_changes_;
  const auto hash_of = [this](std::uint32_t entry) { return mix(to_number(log_[entry].frame)); };
  const std::uint64_t hash = mix(to_number(frame));
  if (log_index_.find(hash, [&](std::uint32_t entry) { return log_[entry].frame == frame; }) !=
      FlatIndex::none)
    return;
  const auto marks = packed(frame, row);
  log_.push_back({frame, row, Marks(marks.begin(), marks.end())});
  log_index_.insert(hash, static_cast<std::uint32_t>(log_.size() - 1), hash_of);
}

void FrameStore::forget_changes() {
  bytes_log_.clear();
  exchanges_.forget_changes();
  if (log_.empty()) return;
  log_.clear();
  log_index_.clear();
}

FrameRow& FrameStore::begin(FrameNumber frame) {
  const std::size_t number = std::max<std::size_t>(to_number(frame), 1);
  rows_.grow_to(number);
  FrameRow& begun = rows_[number - 1];
  if (begun.mark_count > FrameRow::inline_marks) overflow_.erase(frame);
  if (begun.has(FrameRow::is_copy)) originals_.erase(frame);
  if (begun.has(FrameRow::ends_handshake)) handshakes_of_.erase(frame);
  if (begun.has(FrameRow::begins_exchange)) exchanges_.forget(frame);
  begun = FrameRow{};
  begun.flags = FrameRow::present;
  current_ = frame;
  handshakes_before_ = handshakes_.size();
  at_checkpoint_ = false;
  forget_changes();
  return begun;
}

void FrameStore::checkpoint() {
  before_checkpoint_ = {current_,           std::move(log_),     std::move(log_index_), std::move(bytes_log_),
                        handshakes_before_, exchanges_.suspend()};
  handshakes_before_ = handshakes_.size();
  at_checkpoint_ = true;
  current_ = no_frame;
  log_.clear();
  log_index_.clear();
  bytes_log_.clear();
}

void FrameStore::undo() {
  late_changes_ += log_.size();
  forget_handshakes(handshakes_before_);
  exchanges_.undo();
  // One that changed twice was logged twice: the first entry is what it was.
  for (auto before = bytes_log_.rbegin(); before != bytes_log_.rend(); ++before)
    carried_[before->connection] = before->bytes;
  for (const Before& before : log_) {
    FrameRow& changed = *row(before.frame);
    set_packed(before.frame, changed, before.marks);
    changed = before.row;
  }
  if (FrameRow* begun = row(current_)) {
    if (begun->mark_count > FrameRow::inline_marks) overflow_.erase(current_);
    if (begun->has(FrameRow::is_copy)) originals_.erase(current_);
    *begun = FrameRow{};
  }
  forget_changes();
  current_ = no_frame;
  if (!at_checkpoint_) return;
  at_checkpoint_ = false;
  current_ = before_checkpoint_.current;
  log_ = std::move(before_checkpoint_.log);
  log_index_ = std::move(before_checkpoint_.index);
  bytes_log_ = std::move(before_checkpoint_.bytes);
  handshakes_before_ = before_checkpoint_.handshakes;
  exchanges_.resume(std::move(before_checkpoint_.exchanges));
}

void FrameStore::forget_handshakes(std::size_t kept) {
  for (; handshakes_.size() > kept; handshakes_.pop_back()) {
    const auto of_frame = handshakes_of_.find(handshakes_.back().end_frame);
    if (of_frame == handshakes_of_.end()) continue;
    of_frame->second.pop_back();
    if (of_frame->second.empty()) handshakes_of_.erase(of_frame);
  }
}

void FrameStore::add(FrameNumber frame, PhaseMark mark) {
  FrameRow* changed = row(frame);
  if (changed == nullptr || !changed->has(FrameRow::present)) return;
  if (changed->mark_count == 0) {
    remember(frame, *changed);
    changed->marks[0] = pack(mark);
    changed->mark_count = 1;
    return;
  }
  const auto old = packed(frame, *changed);
  if (old.size() >= most_marks) return;

  Marks overflowing;
  std::array<std::uint16_t, FrameRow::inline_marks + 1> few;
  std::span<std::uint16_t> marks;
  if (old.size() < few.size()) {
    marks = few;
  } else {
    overflowing.resize(old.size() + 1);
    marks = overflowing;
  }

  // Payload that an upper phase names is not tcp.data any more.
  const bool names_payload = row_of(mark.phase).lane != Lane::tcp;
  std::size_t count = 0;
  bool placed = false;
  const int order = order_in_frame(mark.phase);
  for (const std::uint16_t other : old) {
    const Phase phase = unpack(other).phase;
    if (phase == mark.phase && is_state(mark.phase)) {
      // Told again, and surer: what waited for a gap to be filled has been read.
      if (mark.certainty == Certainty::seen) settle(frame, phase, mark);
      return;
    }
    if (phase == Phase::tcp_data && names_payload) continue;
    if (!placed && order_in_frame(phase) > order) {
      marks[count++] = pack(mark);
      placed = true;
    }
    marks[count++] = other;
  }
  if (!placed) marks[count++] = pack(mark);
  remember(frame, *changed);
  set_packed(frame, *changed, marks.first(count));
}

bool FrameStore::settle(FrameNumber frame, Phase before, PhaseMark after) {
  FrameRow* changed = row(frame);
  if (changed == nullptr) return false;
  const auto marks = packed(frame, *changed);
  for (std::size_t i = marks.size(); i > 0; --i) {
    const PhaseMark found = unpack(marks[i - 1]);
    if (found.phase != before || is_settled(found.certainty)) continue;
    remember(frame, *changed);
    (changed->mark_count <= FrameRow::inline_marks ? changed->marks[i - 1] : overflow_.at(frame)[i - 1]) =
        pack(after);
    return true;
  }
  return false;
}

void FrameStore::set_detail(FrameNumber frame, std::string_view text) {
  FrameRow* changed = row(frame);
  if (changed == nullptr || changed->detail != TextId{0}) return;
  remember(frame, *changed);
  changed->detail = texts_.intern(text);
}

void FrameStore::add_handshake(const Handshake& handshake, std::string_view server_name) {
  FrameRow* changed = row(handshake.end_frame);
  if (changed == nullptr || !changed->has(FrameRow::present)) return;
  std::vector<std::uint32_t>& of_frame = handshakes_of_[handshake.end_frame];
  if (of_frame.size() >= most_handshakes) return;
  remember(handshake.end_frame, *changed);
  changed->flags |= FrameRow::ends_handshake;
  of_frame.push_back(static_cast<std::uint32_t>(handshakes_.size()));
  handshakes_.push_back(handshake);
  handshakes_.back().vantage = changed->vantage;
  handshakes_.back().server_name = texts_.intern(server_name);
}

void FrameStore::add_exchange(HttpExchange news, std::string_view request) {
  if (!request.empty()) news.what = texts_.intern(request);
  const FrameNumber first = exchanges_.add(news);
  FrameRow* changed = row(first);
  if (changed == nullptr || !changed->has(FrameRow::present) || changed->has(FrameRow::begins_exchange))
    return;
  remember(first, *changed);
  changed->flags |= FrameRow::begins_exchange;
}

void FrameStore::add_message_bytes(std::uint32_t connection, const MessageBytes& bytes) {
  carried_.grow_to(std::size_t{connection} + 1);
  ConnectionBytes& of = carried_[connection];
  if (bytes_log_.empty() || bytes_log_.back().connection != connection)
    bytes_log_.push_back({connection, of});
  CarriedBytes& carried = bytes.requests ? of.requests : of.responses;
  carried.application += bytes.application;
  carried.records += bytes.records;
  if (bytes.unread) carried.unread += bytes.records;
}

std::optional<Nanoseconds> FrameStore::duration(const Handshake& handshake) const {
  return between(handshake.client_hello, handshake.end_frame);
}

std::optional<Nanoseconds> FrameStore::between(FrameNumber from, FrameNumber to) const {
  const FrameRow *first = find(from), *last = find(to);
  if (first == nullptr || last == nullptr || !first->has(FrameRow::has_time) ||
      !last->has(FrameRow::has_time))
    return std::nullopt;
  return Nanoseconds{difference(last->time_ns, first->time_ns)};
}

Nanoseconds FrameStore::waited(const Handshake& handshake, bool behind_client) const {
  std::int64_t waited_ns = 0;
  for (const HandshakeTurn& turn : handshake.kept_turns())
    if (const auto gap = between(turn.last, turn.next); gap && turn.from_client == behind_client)
      waited_ns = sum(waited_ns, gap->count());
  return Nanoseconds{waited_ns};
}

void FrameStore::set_copy_of(FrameNumber copy, FrameNumber original) {
  if (FrameRow* changed = row(copy)) {
    changed->flags |= FrameRow::is_copy;
    originals_[copy] = original;
  }
}

std::uint16_t FrameStore::find_vantage(const Vantage& vantage) {
  const auto hash_of = [](const Vantage& v) {
    return mix(std::uint64_t{v.section} << 32 | v.interface, v.ifindex);
  };
  const std::uint64_t hash = hash_of(vantage);
  std::uint32_t id =
      vantage_index_.find(hash, [&](std::uint32_t other) { return vantages_[other] == vantage; });
  if (id != FlatIndex::none) return last_vantage_ = static_cast<std::uint16_t>(id);
  // A hostile file can name more interfaces than are worth telling apart; the last one stands for the rest.
  if (vantages_.size() > most_vantages) return most_vantages;
  id = static_cast<std::uint32_t>(vantages_.size());
  vantages_.push_back(vantage);
  vantage_index_.insert(hash, id, [&](std::uint32_t other) { return hash_of(vantages_[other]); });
  return last_vantage_ = static_cast<std::uint16_t>(id);
}

FrameNumber FrameStore::shown_as(FrameNumber frame, const FrameRow& row) const {
  return row.has(FrameRow::is_copy) ? originals_.at(frame) : frame;
}

void FrameStore::marks(FrameNumber frame, bool settled_only, std::vector<PhaseMark>& out) const {
  out.clear();
  const FrameRow* found = find(frame);
  if (found == nullptr) return;
  const bool copy = found->has(FrameRow::is_copy);
  frame = shown_as(frame, *found);
  found = find(frame);
  if (found == nullptr) return;
  for (const std::uint16_t packed_mark : packed(frame, *found)) {
    const PhaseMark mark = unpack(packed_mark);
    if (settled_only && !is_settled(mark.certainty)) continue;
    if (copy && is_trouble(mark.phase)) continue;
    out.push_back(mark);
  }
}

std::string_view FrameStore::detail(FrameNumber frame) const {
  const FrameRow* found = find(frame);
  if (found != nullptr) found = find(shown_as(frame, *found));
  return found == nullptr ? std::string_view{} : texts_[found->detail];
}

}  // namespace humantime
