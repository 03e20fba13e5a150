// SPDX-License-Identifier: GPL-2.0-or-later
#include "exchange_log.h"

#include <algorithm>

namespace humantime {
namespace {

void complete(FrameNumber& known, FrameNumber told) {
  if (known == no_frame) known = told;
}
template <typename Number>
void complete(Number& known, Number told, Number unknown) {
  if (known == unknown) known = told;
}

}  // namespace

void ExchangeLog::clear() {
  exchanges_.clear();
  by_frame_.clear();
  of_stream_.clear();
  changes_.clear();
}

FrameNumber ExchangeLog::add(const HttpExchange& news) {
  const auto [place, is_new] = of_stream_.try_emplace({news.connection, news.stream}, FlatIndex::none);
  const bool begins = news.request != no_frame && !is_new && exchanges_[place->second].first() != no_frame;
  if (is_new || begins) {
    const auto at = static_cast<std::uint32_t>(exchanges_.size());
    changes_.push_back({at, true, {}, place->second});
    place->second = at;
    exchanges_.push_back(news);
    if (news.first() != no_frame) by_frame_[news.first()].push_back(at);
    return news.first();
  }
  HttpExchange& known = exchanges_[place->second];
  changes_.push_back({place->second, false, known, FlatIndex::none});
  const FrameNumber first = known.first();
  complete(known.request, news.request);
  complete(known.request_end, news.request_end);
  complete(known.response, news.response);
  complete(known.response_end, news.response_end);
  complete(known.what, news.what, TextId{0});
  complete(known.status, news.status, std::uint16_t{0});
  complete(known.request_bytes, news.request_bytes, HttpExchange::unknown_bytes);
  complete(known.response_bytes, news.response_bytes, HttpExchange::unknown_bytes);
  known.pushed = known.pushed || news.pushed;
  known.reset = known.reset || news.reset;
  if (first != no_frame || known.first() == no_frame) return no_frame;
  by_frame_[known.first()].push_back(place->second);
  return known.first();
}

void ExchangeLog::undo() {
  for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) {
    HttpExchange& changed = exchanges_[change->at];
    const FrameNumber first = changed.first();
    const bool found_anew = first != no_frame && (change->made || change->before.first() == no_frame);
    // The last one of its frame; the frame itself may have been forgotten.
    if (const auto of_frame = by_frame_.find(first); found_anew && of_frame != by_frame_.end()) {
      std::erase(of_frame->second, change->at);
      if (of_frame->second.empty()) by_frame_.erase(of_frame);
    }
    if (!change->made) {
      changed = change->before;
      continue;
    }
    const Key key{changed.connection, changed.stream};
    if (change->of_stream_before == FlatIndex::none)
      of_stream_.erase(key);
    else
      of_stream_[key] = change->of_stream_before;
    exchanges_.pop_back();
  }
  changes_.clear();
}

}  // namespace humantime
