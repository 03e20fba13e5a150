// SPDX-License-Identifier: GPL-2.0-or-later
#include "http2/streams.h"

#include <algorithm>

namespace humantime::http2 {
namespace {

bool is_before(const Stream& stream, std::uint32_t number) {
  return stream.number < number;
}

}  // namespace

Stream* Streams::find(std::uint32_t number) {
  const auto found = std::lower_bound(streams_.begin(), streams_.end(), number, is_before);
  return found != streams_.end() && found->number == number ? &*found : nullptr;
}

Stream& Streams::open(std::uint32_t number) {
  if (Stream* known = find(number)) return *known;
  if (streams_.size() >= most) make_room();
  const auto place = std::lower_bound(streams_.begin(), streams_.end(), number, is_before);
  Stream& opened = *streams_.insert(place, Stream{});
  opened.number = number;
  ++shares_[share_of(opened)];
  return opened;
}

Stage Streams::moment() const {
  if (shares_[receiving] > 0) return Stage::response;
  if (shares_[sending] > 0) return Stage::request;
  if (shares_[waiting] > 0 || shares_[tunnelled] == 0) return Stage::wait;
  return Stage::connect;
}

Streams::Share Streams::share_of(const Stream& stream) {
  if (stream.abandoned) return nothing;
  if (stream.inner == Stream::Inner::tunnel) return tunnelled;
  if (stream.inner == Stream::Inner::upgraded || stream.response.state == Half::State::open) return receiving;
  if (stream.request.state == Half::State::open) return sending;
  return stream.response.over() ? nothing : waiting;
}

void Streams::forget(const Stream& stream) {
  --shares_[share_of(stream)];
  streams_.erase(streams_.begin() + (&stream - streams_.data()));
}

/// What nobody waits for goes first.
void Streams::make_room() {
  const auto abandoned =
      std::find_if(streams_.begin(), streams_.end(), [](const Stream& one) { return one.abandoned; });
  forget(abandoned != streams_.end() ? *abandoned : streams_.front());
}

}  // namespace humantime::http2
