// SPDX-License-Identifier: GPL-2.0-or-later
// FetchReader where streams tell which response is whose.
#include <algorithm>
#include <utility>

#include "reports/http_exchanges.h"

namespace humantime::reports {
namespace {

bool begins_request(Phase phase) {
  return phase == Phase::http_request || phase == Phase::http_push_promise;
}

/// The stream of the response to a request that HTTP/1 made (RFC 7540 3.2).
constexpr std::uint64_t upgraded_stream = 1;

}  // namespace

void FetchReader::take(const StreamExchange& told) {
  Streamed streamed{pair_of(told.from, told.to), told.response, told.response_end, {}};
  Exchange& exchange = streamed.exchange;
  exchange.frame = told.request;
  exchange.request = told.what;
  exchange.pushed = told.pushed;
  exchange.stream = told.stream;
  exchange.reset = told.reset;
  exchange.status = told.status;
  exchange.request_ns = told.request_ns.value_or(0);
  exchange.request_end_ns = told.request_end_ns.value_or(exchange.request_ns);
  exchange.request_content = told.request_bytes;
  if (told.response_ns) {
    exchange.answer = Exchange::Answer::seen;
    exchange.response_ns = *told.response_ns;
    exchange.response_end_ns = told.response_end_ns;
    exchange.response_content = told.response_bytes;
  }
  // Without its time it is as if it had not been captured.
  if (!told.request_ns) exchange.frame = no_frame;
  streams_.push_back(std::move(streamed));
}

/// Requests are those that streams have, and of what came before them: HTTP/1's, which the upgrade answers.
void FetchReader::tell_by_streams(const Steps& steps, std::vector<Streamed>& streams,
                                  Exchanges& found) const {
  tell_frames(steps, streams);
  std::stable_sort(streams.begin(), streams.end(),
                   [](const Streamed& a, const Streamed& b) { return a.exchange.frame < b.exchange.frame; });
  Streamed* upgraded = nullptr;
  auto next = streams.begin();
  for (; next != streams.end() && next->exchange.frame == no_frame; ++next) {
    if (next->exchange.stream == upgraded_stream) upgraded = &*next;
    if (next->exchange.answer == Exchange::Answer::seen) ++found.unclaimed;
  }
  std::vector<const Step*> requests;
  for (const Step* step : steps)
    if (begins_request(step->mark.phase)) requests.push_back(step);
  std::stable_sort(requests.begin(), requests.end(),
                   [](const Step* a, const Step* b) { return a->frame < b->frame; });
  for (const Step* step : requests) {
    while (next != streams.end() && next->exchange.frame < step->frame) ++next;
    Exchange exchange;
    if (next != streams.end() && next->exchange.frame == step->frame) {
      exchange = next->exchange;
      ++next;
    } else {
      exchange.frame = step->frame;
      exchange.request = step->detail;
      exchange.request_ns = exchange.request_end_ns = step->time_ns;
      exchange.answer = Exchange::Answer::unknown;
      if (upgraded != nullptr && upgraded->exchange.answer == Exchange::Answer::seen) {
        const auto end = std::find_if(steps.begin(), steps.end(), [&](const Step* one) {
          return one->mark.phase == Phase::http_request_end && one->frame > step->frame &&
                 one->frame < upgraded->response;
        });
        const Exchange asked = exchange;
        exchange = upgraded->exchange;
        exchange.frame = asked.frame;
        exchange.request = asked.request;
        exchange.request_ns = asked.request_ns;
        exchange.request_end_ns = end != steps.end() ? (*end)->time_ns : asked.request_ns;
        exchange.request_content.reset();
        --found.unclaimed;
        upgraded = nullptr;
      }
    }
    exchange.secure = step->secure;
    exchange.inferred = is_inferred(step->mark.certainty);
    found.list.push_back(std::move(exchange));
  }
  std::stable_sort(found.list.begin(), found.list.end(),
                   [](const Exchange& a, const Exchange& b) { return a.request_ns < b.request_ns; });
}

/// How much was on the wire of a response that shares its frames with no other.
void FetchReader::tell_frames(const Steps& steps, std::vector<Streamed>& streams) const {
  std::vector<Streamed*> responses;
  for (Streamed& one : streams)
    if (one.response != no_frame) responses.push_back(&one);
  std::sort(responses.begin(), responses.end(),
            [](const Streamed* a, const Streamed* b) { return a->response < b->response; });
  Steps by_frame = steps;
  std::stable_sort(by_frame.begin(), by_frame.end(),
                   [](const Step* a, const Step* b) { return a->frame < b->frame; });
  const auto step_of = [&](FrameNumber frame, Phase phase) -> const Step* {
    auto found = std::lower_bound(by_frame.begin(), by_frame.end(), frame,
                                  [](const Step* step, FrameNumber wanted) { return step->frame < wanted; });
    while (found != by_frame.end() && (*found)->frame == frame && (*found)->mark.phase != phase) ++found;
    return found != by_frame.end() && (*found)->frame == frame ? *found : nullptr;
  };
  FrameNumber busy_to = no_frame;  // some response before has frames up to this one
  for (std::size_t i = 0; i < responses.size(); ++i) {
    Streamed& one = *responses[i];
    const bool open = one.response_end == no_frame;
    const bool alone = !open && busy_to < one.response &&
                       (i + 1 == responses.size() || one.response_end < responses[i + 1]->response);
    busy_to = open ? FrameNumber{0xffffffff} : std::max(busy_to, one.response_end);
    if (!alone || pairs_[one.pair].copied) continue;
    const Step *begin = step_of(one.response, Phase::http_response_start),
               *end = step_of(one.response_end, Phase::http_response_end);
    if (begin != nullptr && end != nullptr && begin->pair == end->pair)
      one.exchange.response_bytes = end->bytes_after - begin->bytes_before;
  }
}

}  // namespace humantime::reports
