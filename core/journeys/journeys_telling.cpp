// SPDX-License-Identifier: GPL-2.0-or-later
// What is told of the journeys: their frames, in order, what became of them, and where they were captured.
#include <algorithm>

#include "journeys/journeys.h"
#include "journeys/witness.h"

namespace humantime::journeys {
namespace {

/// What nobody may have answered.
bool asks_for_tunnel(Phase phase) {
  return phase == Phase::openvpn_hard_reset_client || phase == Phase::wireguard_initiation;
}

bool is_of_tls(const PhaseMark& mark) {
  return row_of(mark.phase).lane == Lane::tls;
}

bool is(const Endpoint& endpoint, AddressId address, std::uint16_t port) {
  return endpoint.address == address && endpoint.port == port;
}

}  // namespace

void Journeys::Outcome::take(const Journeys& journeys, const Leg& leg, const Group& group) {
  const FrameStore& store = journeys.store_;
  std::vector<PhaseMark>& marks = journeys.marks_;
  store.marks(leg.frame, false, marks);
  const auto is_from_client = [&] {
    return journeys.is_from_client(leg.frame, *store.find(leg.frame), group, journeys.unused_);
  };
  if (std::any_of(marks.begin(), marks.end(),
                  [](const PhaseMark& mark) { return row_of(mark.phase).lane == Lane::quic; })) {
    // Without an answer of the server's the ClientHello in the first packet says nothing.
    by_datagrams = true;
    if (is_from_client()) return;
    answered = true;
    for (const PhaseMark& mark : marks) {
      if (mark.phase == Phase::quic_handshake || mark.phase == Phase::quic_one_rtt) spoke = true;
      if (mark.phase == Phase::quic_connection_close) reset = true;
    }
    return;
  }
  // The same of DTLS. A server that only wants the address proved has agreed to nothing yet.
  if (group.over_udp && !marks.empty() && is_of_tls(marks.front())) {
    by_datagrams = true;
    if (is_from_client()) return;
    answered = true;
    for (const PhaseMark& mark : marks) {
      if (mark.phase == Phase::tls_alert)
        reset = true;
      else if (is_of_tls(mark) && mark.phase != Phase::tls_hello_verify_request)
        spoke = true;
    }
    return;
  }
  for (const PhaseMark& mark : marks) {
    const Lane lane = row_of(mark.phase).lane;
    if (mark.phase == Phase::tcp_syn_ack) answered = true;
    if (mark.phase == Phase::tcp_rst) reset = true;
    if (mark.phase == Phase::tcp_data || lane == Lane::tls || lane == Lane::http ||
        (lane == Lane::vpn && !asks_for_tunnel(mark.phase)))
      spoke = true;
  }
}

Kind Journeys::Outcome::kind(const Group& group) const {
  if (group.attempt == 0) return Kind::failed;
  if (spoke) return Kind::completed;
  if (by_datagrams && answered) return reset ? Kind::refused : Kind::abandoned;
  if (!answered) return reset ? Kind::refused : Kind::unanswered;
  return Kind::abandoned;
}

/// What a frame tells of the place where it was captured.
void Journeys::take_witness(const Leg& leg, const Group& group, Witnesses& witnesses) const {
  const FrameRow& row = *store_.find(leg.frame);
  Witness& witness = witnesses.at(row.vantage);
  if (row.connection != 0) {
    witness.has_tcp = true;
    if (store_.addresses()[row.source].is_loopback()) witness.on_loopback = true;
    if (witness.shook_hands()) return;
  }
  store_.marks(leg.frame, false, marks_);
  const bool is_quic = !marks_.empty() && (row_of(marks_.front().phase).lane == Lane::quic ||
                                           (group.over_udp && is_of_tls(marks_.front())));
  if (is_quic && row.has(FrameRow::has_time))
    witness.take_quic(is_from_client(leg.frame, row, group, unused_), row.time_ns);
  for (const PhaseMark& mark : marks_) {
    if (mark.phase == Phase::dns_query) witness.asked = true;
    if (row.connection != 0 && row.has(FrameRow::has_time)) witness.take(mark.phase, row.time_ns);
  }
}

/// Where the frame was captured, and whether it was sent there.
void Journeys::tell_end(Leg& leg, const Group& group, Witnesses& witnesses) const {
  const FrameRow& row = *store_.find(leg.frame);
  if (row.source == row.destination) return;
  leg.end = witnesses.at(row.vantage).end();
  if (leg.end != End::client && leg.end != End::server) return;
  const bool from_client = is_from_client(leg.frame, row, group, unused_);
  leg.direction = from_client == (leg.end == End::client) ? Direction::sent : Direction::received;
}

bool Journeys::is_from_client(FrameNumber frame, const FrameRow& row, const Group& group,
                              std::vector<PhaseMark>& marks) const {
  // Behind a translated address the client has another one, the server has not.
  const bool from_server = is(group.server, row.source, row.source_port);
  const bool to_server = is(group.server, row.destination, row.destination_port);
  if (from_server != to_server) return to_server;
  if (row.connection != 0) return row.source == group.client || row.source == group.asker;
  // The client may look up from other addresses than it connects from: IPv4 and IPv6, a link-local one.
  store_.marks(frame, false, marks);
  return std::any_of(marks.begin(), marks.end(), [](const PhaseMark& mark) {
    return mark.phase == Phase::dns_query || mark.phase == Phase::arp_request ||
           mark.phase == Phase::ndp_solicitation;
  });
}

/// By frame number, Leg::question. Whoever asks the same server for the same in one journey asks again: the
/// id, the port and the transport may be others.
Work Journeys::number_questions(const std::vector<std::uint32_t>& journey_of,
                                std::vector<std::uint32_t>& numbers) const {
  struct Asked {
    std::uint32_t journey;
    AddressId server;
    TextId name;
    std::uint16_t type;
    bool operator==(const Asked&) const = default;
  };
  const auto hash_of = [](const Asked& q) {
    return mix(std::uint64_t{q.journey} << 32 | static_cast<std::uint32_t>(q.server),
               std::uint64_t{static_cast<std::uint32_t>(q.name)} << 16 | q.type);
  };
  std::vector<Asked> questions;
  GradualIndex index;
  co_await each(std::size_t{0}, taken_, [&](std::size_t i) {
    const Fact& fact = facts_[i];
    if (fact.kind != Fact::Kind::question && fact.kind != Fact::Kind::answer) return;
    const FrameRow* row = store_.find(fact.frame);
    const std::size_t frame = to_number(fact.frame);
    const std::uint32_t journey = frame < journey_of.size() ? journey_of[frame] : 0;
    if (row == nullptr || journey == 0) return;
    const bool asks = fact.kind == Fact::Kind::question;
    const Asked question{journey, asks ? row->destination : row->source, fact.name, fact.type};
    const std::uint64_t hash = hash_of(question);
    std::uint32_t id = index.find(hash, [&](std::uint32_t other) { return questions[other] == question; });
    if (id == GradualIndex::none) {
      id = static_cast<std::uint32_t>(questions.size());
      questions.push_back(question);
      index.insert(hash, id, [&](std::uint32_t other) { return hash_of(questions[other]); });
    }
    if (numbers.size() <= frame) numbers.resize(std::max(frame + 1, numbers.size() * 2), 0);
    // Of several messages in a segment the first one stands for it, as it does where packets are counted.
    if (numbers[frame] == 0) numbers[frame] = id + 1;
  });
}

void Journeys::for_each(const Completion& complete, const std::function<void(const Journey&)>& visit) const {
  const Visit at_once = [&](const Journey& journey) {
    visit(journey);
    return Work();
  };
  visit_all(static_cast<std::uint32_t>(store_.size()), complete, at_once).finish();
}

Work Journeys::visit_all(std::uint32_t frames, const Completion& complete, const Visit& visit) const {
  // As they are numbered now: while this rests, others may come.
  const std::vector<std::uint32_t> by_number = by_number_, number_of = number_of_;
  const auto journeys = static_cast<std::uint32_t>(by_number.size());
  // A journey's frames side by side: counted first, then put in their places.
  std::vector<std::uint32_t> begin, journey_of;
  co_await grown(begin, journeys + std::size_t{2});
  journey_of.reserve(frames + std::size_t{1});
  journey_of.push_back(0);
  co_await each(1U, frames + 1, [&](std::uint32_t frame) {
    const auto group = static_cast<std::size_t>(group_of(FrameNumber{frame}));
    journey_of.push_back(group < number_of.size() ? number_of[group] : 0);
    if (journey_of.back() != 0) ++begin[journey_of.back() + 1];
  });
  co_await each(std::size_t{1}, begin.size(), [&](std::size_t i) { begin[i] += begin[i - 1]; });
  std::vector<std::uint32_t> questions;
  co_await number_questions(journey_of, questions);
  std::vector<Leg> legs;
  co_await grown(legs, begin.back());
  std::vector<std::uint32_t> next;
  next.reserve(begin.size());
  co_await each(std::size_t{0}, begin.size() - 1, [&](std::size_t i) { next.push_back(begin[i]); });
  co_await each(1U, frames + 1, [&](std::uint32_t frame) {
    const FrameRow* row = store_.find(FrameNumber{frame});
    if (row == nullptr || journey_of[frame] == 0) return;
    Leg& leg = legs[next[journey_of[frame]]++];
    leg.frame = FrameNumber{frame};
    leg.has_time = row->has(FrameRow::has_time);
    if (leg.has_time) leg.time_ns = leg.sent_ns = row->time_ns;
    if (frame < questions.size()) leg.question = questions[frame];
  });

  Witnesses witnesses(store_.vantages().size());
  for (std::uint32_t number = 1; number <= journeys; ++number) {
    const Group group = groups_[by_number[number - 1]];
    const std::span<Leg> own(legs.data() + begin[number], begin[number + 1] - begin[number]);
    Outcome outcome;
    witnesses.clear();
    co_await each(std::size_t{0}, own.size(), [&](std::size_t i) { take_witness(own[i], group, witnesses); });
    co_await each(std::size_t{0}, own.size(), [&](std::size_t i) {
      tell_end(own[i], group, witnesses);
      complete(own[i]);
      if (group.attempt != 0) outcome.take(*this, own[i], group);
    });
    std::array<std::string_view, 2> others;
    std::size_t other_count = 0;
    for (const TextId other : group.other_names)
      if (other != TextId{0}) others[other_count++] = facts_.text(other);
    Journey journey;
    journey.number = number;
    journey.kind = outcome.kind(group);
    journey.name = facts_.text(group.name);
    journey.other_names = std::span<const std::string_view>(others.data(), other_count);
    journey.server = group.server;
    journey.carrier = facts_.text(group.carrier);
    journey.over_udp = group.over_udp;
    journey.legs = own;
    co_await visit(journey);
    co_await spent(1);
  }
}

}  // namespace humantime::journeys
