// SPDX-License-Identifier: GPL-2.0-or-later
#include "dtls/fragments.h"

#include <algorithm>

namespace humantime::dtls {
namespace {

bool is_kept(const wire::DtlsFragment& fragment) {
  const auto type = static_cast<wire::TlsHandshake>(fragment.type);
  return fragment.message_length <= Fragments::most_body &&
         (type == wire::TlsHandshake::client_hello || type == wire::TlsHandshake::server_hello);
}

}  // namespace

/// False where nothing of the range is new, or there are too many gaps.
bool Fragments::add(std::vector<Range>& seen, Range range) {
  // Those that it touches become one with it.
  const auto first =
      std::lower_bound(seen.begin(), seen.end(), range,
                       [](const Range& one, const Range& wanted) { return one.end < wanted.begin; });
  auto last = first;
  while (last != seen.end() && last->begin <= range.end) ++last;
  if (first == last) {
    if (seen.size() == most_ranges) return false;
    seen.insert(first, range);
    return true;
  }
  if (first->begin <= range.begin && first->end >= range.end) return false;
  first->begin = std::min(first->begin, range.begin);
  first->end = std::max(std::prev(last)->end, range.end);
  seen.erase(std::next(first), last);
  return true;
}

Fragments::Taken Fragments::take(const wire::DtlsFragment& fragment) {
  if (fragment.message_sequence >= most_messages) return {};
  if (is_done(fragment.message_sequence)) return {Arrival::again, {}};
  const std::uint64_t bit = std::uint64_t{1} << fragment.message_sequence;
  auto at = std::find_if(partial_.begin(), partial_.end(),
                         [&](const Partial& one) { return one.sequence == fragment.message_sequence; });
  if (fragment.is_whole()) {
    if (at != partial_.end()) partial_.erase(at);
    done_ |= bit;
    return {Arrival::whole, fragment.body};
  }
  if (fragment.length == 0) return {};  // a part without bytes says nothing
  if (at == partial_.end()) {
    if (partial_.size() == most_partial) partial_.erase(partial_.begin());
    at = partial_.insert(partial_.end(), Partial{});
    at->sequence = fragment.message_sequence;
    at->type = fragment.type;
    at->length = at->captured = fragment.message_length;
    if (is_kept(fragment)) at->kept.resize(fragment.message_length);
  }
  if (at->type != fragment.type || at->length != fragment.message_length) return {};
  if (!add(at->seen, {fragment.offset, fragment.offset + fragment.length})) return {Arrival::again, {}};
  const auto captured = static_cast<std::uint32_t>(fragment.body.size());
  if (captured < fragment.length) at->captured = std::min(at->captured, fragment.offset + captured);
  if (!at->kept.empty())
    std::copy(fragment.body.begin(), fragment.body.end(), at->kept.begin() + fragment.offset);
  if (at->seen.front().begin > 0 || at->seen.front().end < at->length) return {Arrival::part, {}};
  done_ |= bit;
  whole_ = std::move(at->kept);
  const std::uint32_t whole = at->captured;
  partial_.erase(at);
  return {Arrival::whole, slice(whole_, 0, whole)};
}

}  // namespace humantime::dtls
