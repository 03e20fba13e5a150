// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/http_exchanges.h"

#include <algorithm>
#include <deque>
#include <utility>

namespace humantime::reports {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// `200 OK`; 0 where the text is none.
int status_of(std::string_view text) {
  if (text.size() < 3 || !is_digit(text[0]) || !is_digit(text[1]) || !is_digit(text[2])) return 0;
  if (text.size() > 3 && text[3] != ' ') return 0;
  return (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
}

/// Puts responses to requests, in the order in which they come. On one connection of HTTP/1 they come in the
/// order of the requests (RFC 9112 9.3.2); streams may overtake each other, so that with more than one of
/// them under way nobody who has not read their numbers can tell.
class Pairing {
 public:
  explicit Pairing(bool in_order) : in_order_(in_order) {}

  void ask(Exchange exchange) {
    if (is_idle()) ++period_;
    if (!is_idle() || exchange.pushed) doubt();
    waiting_.push_back(list_.size());
    periods_.push_back(period_);
    list_.push_back(std::move(exchange));
  }
  void end_request(std::int64_t time_ns) {
    // A server may answer before it has heard everything.
    if (!is_idle()) list_[waiting_.empty() ? answered_.back() : waiting_.back()].request_end_ns = time_ns;
  }
  /// Null where no request waits.
  Exchange* answer(std::int64_t time_ns) {
    // An end that was not captured: the next response tells that there was one.
    if (in_order_) answered_.clear();
    if (waiting_.empty()) {
      ++unclaimed_;
      if (!answered_.empty()) doubt();
      return nullptr;
    }
    Exchange& exchange = list_[waiting_.front()];
    answered_.push_back(waiting_.front());
    waiting_.pop_front();
    exchange.answer = Exchange::Answer::seen;
    exchange.response_ns = time_ns;
    return &exchange;
  }
  /// Null where no response is under way.
  Exchange* end_answer(std::int64_t time_ns) {
    if (answered_.empty()) return nullptr;
    Exchange& exchange = list_[answered_.front()];
    answered_.pop_front();
    exchange.response_end_ns = time_ns;
    return &exchange;
  }

  std::vector<Exchange> take() {
    for (std::size_t i = 0; i < list_.size(); ++i) {
      if (in_order_ || !std::binary_search(doubtful_.begin(), doubtful_.end(), periods_[i])) continue;
      list_[i].answer = Exchange::Answer::unknown;
      list_[i].request_end_ns = list_[i].request_ns;
      list_[i].status = 0;
      list_[i].reason.clear();
      list_[i].response_end_ns.reset();
      list_[i].response_bytes.reset();
    }
    return std::move(list_);
  }
  std::uint32_t unclaimed() const { return unclaimed_; }

 private:
  bool is_idle() const { return waiting_.empty() && answered_.empty(); }
  void doubt() {
    if (doubtful_.empty() || doubtful_.back() != period_) doubtful_.push_back(period_);
  }

  bool in_order_;
  std::vector<Exchange> list_;
  std::vector<std::uint32_t> periods_;   ///< of each exchange: the time from nobody waits to nobody waits
  std::vector<std::uint32_t> doubtful_;  ///< ascending
  std::deque<std::size_t> waiting_, answered_;  ///< for their response, for its end
  std::uint32_t period_ = 0;
  std::uint32_t unclaimed_ = 0;
};

bool begins_request(Phase phase) {
  return phase == Phase::http_request || phase == Phase::http_push_promise;
}
bool begins_response(Phase phase) {
  return phase == Phase::http_response_start || phase == Phase::http_interim;
}

}  // namespace

std::uint32_t FetchReader::pair_of(std::string_view sender, std::string_view receiver) {
  std::string from(sender), to(receiver);
  auto key = from < to ? std::pair(from, to) : std::pair(to, from);
  const auto [found, added] = numbers_.try_emplace(std::move(key), static_cast<std::uint32_t>(pairs_.size()));
  if (added) {
    pairs_.emplace_back();
    pairs_.back().first_sender = std::move(from);
  }
  return found->second;
}

void FetchReader::take(const JourneyPacket& packet) {
  if (packet.is_copy) {
    // Whose other packets may be copies that are not known as such: their bytes are not told.
    pairs_[pair_of(packet.from, packet.to)].copied = true;
    return;
  }
  if (!any_) first_ns_ = last_ns_ = packet.time_ns;
  any_ = true;
  first_ns_ = std::min(first_ns_, packet.time_ns);
  last_ns_ = std::max(last_ns_, packet.time_ns);
  const std::uint32_t number = pair_of(packet.from, packet.to);
  Pair& pair = pairs_[number];
  std::uint64_t& bytes = pair.bytes[packet.from == pair.first_sender ? 0 : 1];
  const std::uint64_t before = bytes;
  bytes += packet.bytes;
  const bool again = std::any_of(packet.marks.begin(), packet.marks.end(), [](const PhaseMark& mark) {
    return mark.phase == Phase::tcp_retransmission;
  });
  const bool hello = std::any_of(packet.marks.begin(), packet.marks.end(),
                                 [](const PhaseMark& mark) { return mark.phase == Phase::tls_client_hello; });
  // A frame has one detail: that of its first message. A ClientHello's is the server's name.
  bool detail_is_taken = hello;
  for (const PhaseMark& mark : packet.marks) {
    const PhaseRow& row = row_of(mark.phase);
    pair.looks_up = pair.looks_up || row.lane == Lane::dns;
    pair.secure = pair.secure || row.lane == Lane::tls || row.lane == Lane::quic;
    pair.quic = pair.quic || row.lane == Lane::quic;
    pair.connection = pair.connection || row.lane == Lane::tcp || row.lane == Lane::tls ||
                      row.lane == Lane::quic || row.lane == Lane::http;
    pair.opened = pair.opened || mark.phase == Phase::tcp_syn;
    pair.has_settings = pair.has_settings || mark.phase == Phase::http_settings;
    tunnel_ = tunnel_ || row.lane == Lane::vpn;
    const bool asks = mark.phase == Phase::tcp_syn || mark.phase == Phase::tls_client_hello ||
                      mark.phase == Phase::http_request;
    if ((asks || mark.phase == Phase::quic_initial) && pair.server.empty()) pair.server = packet.to;
    // The header of a segment that is sent again is no event of its own.
    const bool repeated = again && row.lane == Lane::tcp;
    if (!row.milestone || repeated) continue;
    Step step{packet.time_ns, packet.frame, mark, number, pair.secure, before, bytes, {}};
    if (begins_request(mark.phase) || begins_response(mark.phase)) {
      if (!detail_is_taken) step.detail = packet.detail;
      detail_is_taken = true;
    }
    steps_.push_back(std::move(step));
  }
}

FetchReader::Steps FetchReader::steps_of(std::span<const std::uint32_t> pairs) const {
  std::vector<bool> is_of(pairs_.size());
  for (const std::uint32_t pair : pairs) is_of[pair] = true;
  Steps steps;
  for (const Step& step : steps_)
    if (is_of[step.pair]) steps.push_back(&step);
  return steps;
}

Exchanges FetchReader::exchanges_of(std::span<const std::uint32_t> pairs) const {
  Exchanges found;
  bool opened = false, has_settings = false, quic = false;
  for (const std::uint32_t number : pairs) {
    const Pair& pair = pairs_[number];
    opened = opened || pair.opened;
    has_settings = has_settings || pair.has_settings;
    quic = quic || pair.quic;
    found.secure = found.secure || pair.secure;
    if (found.server.empty()) found.server = pair.server;
  }
  // A connection that was seen from its SYN on and has no SETTINGS is HTTP/1's.
  const bool in_order = opened && !has_settings && !quic;
  const Steps steps = steps_of(pairs);
  std::vector<Streamed> streams;
  for (const Streamed& one : streams_)
    if (std::find(pairs.begin(), pairs.end(), one.pair) != pairs.end()) streams.push_back(one);
  if (!streams.empty()) {
    tell_by_streams(steps, streams, found);
    found.version = quic ? HttpVersion::http3 : HttpVersion::http2;
    return found;
  }
  Pairing pairing(in_order);
  std::uint64_t response_begins = 0;
  std::uint32_t response_pair = 0;
  const auto bytes_until = [&](const Step& step) -> std::optional<std::uint64_t> {
    if (step.pair != response_pair || pairs_[response_pair].copied) return std::nullopt;
    return step.bytes_after - response_begins;
  };
  const auto tell_status = [](Exchange& exchange, const Step& step, int status) {
    exchange.status = status;
    if (status != 0 && step.detail.size() > 4) exchange.reason = step.detail.substr(4);
  };
  for (const Step* step : steps) {
    const bool inferred = is_inferred(step->mark.certainty);
    switch (step->mark.phase) {
      case Phase::http_request:
      case Phase::http_push_promise: {
        Exchange exchange;
        exchange.frame = step->frame;
        exchange.request = step->detail;
        exchange.secure = step->secure;
        exchange.inferred = inferred;
        exchange.pushed = step->mark.phase == Phase::http_push_promise;
        exchange.request_ns = exchange.request_end_ns = step->time_ns;
        pairing.ask(std::move(exchange));
        break;
      }
      case Phase::http_request_end:
        pairing.end_request(step->time_ns);
        break;
      case Phase::http_interim:
        // Switching Protocols is the answer (RFC 9110 15.2.2), and the end of HTTP/1; others announce one.
        if (status_of(step->detail) != 101) break;
        if (Exchange* exchange = pairing.answer(step->time_ns)) {
          tell_status(*exchange, *step, 101);
          pairing.end_answer(step->time_ns);
        }
        break;
      case Phase::http_response_start:
        response_begins = step->bytes_before;
        response_pair = step->pair;
        if (Exchange* exchange = pairing.answer(step->time_ns)) {
          const int status = status_of(step->detail);
          tell_status(*exchange, *step, status >= 200 && status <= 599 ? status : 0);
        }
        break;
      case Phase::http_response_end:
        if (Exchange* exchange = pairing.end_answer(step->time_ns))
          exchange->response_bytes = bytes_until(*step);
        break;
      default:
        break;
    }
  }
  found.list = pairing.take();
  found.unclaimed = pairing.unclaimed();
  if (found.list.empty()) return found;
  found.version = quic           ? HttpVersion::http3
                  : has_settings ? HttpVersion::http2
                  : in_order     ? HttpVersion::http1
                                 : HttpVersion::unknown;
  return found;
}

Fetch FetchReader::finish() {
  std::vector<std::uint32_t> own;
  for (std::uint32_t i = 0; i < pairs_.size(); ++i)
    if (pairs_[i].connection && !pairs_[i].looks_up) own.push_back(i);
  Fetch fetch;
  fetch.connected = !own.empty();
  fetch.tunnel = tunnel_;
  fetch.first_ns = first_ns_;
  fetch.last_ns = last_ns_;
  fetch.own = exchanges_of(own);
  for (std::uint32_t i = 0; i < pairs_.size(); ++i) {
    if (!pairs_[i].looks_up) continue;
    Exchanges lookup = exchanges_of(std::span(&i, 1));
    if (!lookup.list.empty()) fetch.lookups.push_back(std::move(lookup));
  }
  std::vector<journeys::Milestone> milestones;
  for (const Step& step : steps_) {
    if (fetch.connected && pairs_[step.pair].looks_up && row_of(step.mark.phase).lane != Lane::dns) continue;
    milestones.push_back({step.frame, step.time_ns, step.mark});
    const auto begin = [&](std::optional<std::int64_t>& at, Phase phase) {
      if (!at && step.mark.phase == phase) at = step.time_ns;
    };
    begin(fetch.connect_ns, Phase::tcp_syn);
    begin(fetch.connect_ns, Phase::quic_initial);
    begin(fetch.ssl_ns, Phase::tls_client_hello);
  }
  if (any_) fetch.totals = stage_totals(milestones, first_ns_, last_ns_);
  return fetch;
}

}  // namespace humantime::reports
