// SPDX-License-Identifier: GPL-2.0-or-later
// Which round trips a fetch is counted to have, told by the packets of each kind of handshake.
#include "model/round_trips.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "paper_source.h"

namespace humantime::ui::test {
namespace {

constexpr std::int64_t ms = 1'000'000;

/// A client's capture of packets one after the other, each direction taking its time.
class Fetch {
 public:
  explicit Fetch(End end = End::client) : end_(end) { source.origin = 0; }
  void client(std::initializer_list<Phase> phases) { add(phases, true); }
  void server(std::initializer_list<Phase> phases) {
    now_ += 20 * ms;
    add(phases, false);
  }
  std::vector<TripKind> kinds() {
    std::vector<TripKind> made;
    for (const RoundTrip& trip : trips()) made.push_back(trip.kind);
    return made;
  }
  std::vector<RoundTrip> trips() {
    Timeline timeline(source);
    while (timeline.advance(1000)) {
    }
    return round_trips_of(timeline, 1);
  }
  PaperSource source;

 private:
  void add(std::initializer_list<Phase> phases, bool from_client) {
    EventRecord& record = source.add(now_ += ms / 10, *phases.begin());
    record.end = end_;
    record.direction =
        from_client == (end_ == End::client) ? journeys::Direction::sent : journeys::Direction::received;
    record.marks.clear();
    for (const Phase phase : phases) record.marks.push_back({phase, row_of(phase).stage, Certainty::seen});
  }
  End end_;
  std::int64_t now_ = 0;
};

using testing::ElementsAre;

TEST(RoundTrips, OfTheArticle) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv", 69);
  Timeline timeline(source);
  while (timeline.advance(1000)) {
  }
  const std::vector<RoundTrip> trips = round_trips_of(timeline, 1);
  ASSERT_EQ(trips.size(), 4U);
  constexpr TripKind kinds[] = {TripKind::connect, TripKind::hello, TripKind::keys, TripKind::request};
  constexpr Lane lanes[] = {Lane::tcp, Lane::tls, Lane::tls, Lane::http};
  for (std::size_t i = 0; i < trips.size(); ++i) {
    EXPECT_EQ(trips[i].kind, kinds[i]);
    EXPECT_EQ(trips[i].lane, lanes[i]);
    EXPECT_GT(trips[i].turn_ns, trips[i].begin_ns);
    EXPECT_GE(trips[i].answered_ns, trips[i].turn_ns);
    EXPECT_GT(trips[i].end_ns, trips[i].answered_ns);
    EXPECT_EQ(timeline.at(trips[i].ask).end, End::client) << "of both copies the client's";
    if (i > 0) {
      EXPECT_GE(trips[i].begin_ns, trips[i - 1].end_ns);
    }
  }
}

TEST(RoundTrips, OfEachHandshake) {
  Fetch ticket;
  ticket.client({Phase::tcp_syn});
  ticket.server({Phase::tcp_syn_ack});
  ticket.client({Phase::tcp_handshake_ack});
  ticket.client({Phase::tls_client_hello});
  ticket.server({Phase::tls_server_hello, Phase::tls_change_cipher_spec, Phase::tls_finished});
  ticket.client({Phase::tls_change_cipher_spec, Phase::tls_finished});
  ticket.client({Phase::http_request});
  ticket.server({Phase::http_response_start});
  ticket.client({Phase::http_request});
  ticket.server({Phase::http_response_start});
  EXPECT_THAT(ticket.kinds(), ElementsAre(TripKind::connect, TripKind::hello, TripKind::request))
      << "the second request was not waited for by the first";

  Fetch retry;
  retry.client({Phase::tcp_syn});
  retry.server({Phase::tcp_syn_ack});
  retry.client({Phase::tls_client_hello});
  retry.server({Phase::tls_hello_retry_request});
  retry.client({Phase::tls_client_hello});
  retry.server({Phase::tls_server_hello, Phase::tls_encrypted_extensions, Phase::tls_finished});
  retry.client({Phase::tls_finished});
  retry.client({Phase::http_request});
  retry.server({Phase::http_response_start});
  EXPECT_THAT(retry.kinds(),
              ElementsAre(TripKind::connect, TripKind::retry, TripKind::hello, TripKind::request));

  Fetch plain;
  plain.client({Phase::tcp_syn});
  plain.client({Phase::tcp_syn, Phase::tcp_retransmission});
  plain.server({Phase::tcp_syn_ack});
  plain.client({Phase::http_request});
  plain.server({Phase::http_response_start});
  EXPECT_THAT(plain.kinds(), ElementsAre(TripKind::connect, TripKind::request));
  EXPECT_EQ(plain.trips()[0].begin_ns, ms / 10) << "waited for since it was sent first";

  Fetch proxy;
  proxy.client({Phase::tcp_syn});
  proxy.server({Phase::tcp_syn_ack});
  proxy.client({Phase::http_request, Phase::http_tunnel});
  proxy.server({Phase::http_response_start});
  proxy.client({Phase::tls_client_hello});
  proxy.server({Phase::tls_server_hello});
  proxy.client({Phase::http_request});
  proxy.server({Phase::http_response_start});
  EXPECT_THAT(proxy.kinds(),
              ElementsAre(TripKind::connect, TripKind::proxy, TripKind::hello, TripKind::request));

  Fetch quic;
  quic.client({Phase::quic_initial, Phase::tls_client_hello});
  quic.server({Phase::quic_initial, Phase::quic_handshake, Phase::tls_server_hello});
  quic.client({Phase::http_request});
  quic.server({Phase::http_response_start});
  EXPECT_THAT(quic.kinds(), ElementsAre(TripKind::quic, TripKind::request)) << "one trip for both";
}

TEST(RoundTrips, EarlyDataCostsNone) {
  Fetch early;
  early.client({Phase::tcp_syn});
  early.server({Phase::tcp_syn_ack});
  early.client({Phase::tls_client_hello});
  early.client({Phase::tls_early_data, Phase::http_request});
  early.server({Phase::tls_server_hello, Phase::tls_finished});
  early.server({Phase::http_response_start});
  const std::vector<RoundTrip> trips = early.trips();
  ASSERT_EQ(trips.size(), 2U);
  EXPECT_EQ(trips[1].kind, TripKind::hello);
  EXPECT_EQ(trips[1].end_ns, *early.source.records.back().time_ns) << "until the answer";
}

TEST(RoundTrips, AreNotGuessed) {
  Fetch unanswered;
  unanswered.client({Phase::tcp_syn});
  unanswered.client({Phase::tcp_syn, Phase::tcp_retransmission});
  EXPECT_THAT(unanswered.kinds(), ElementsAre());
  // From the server's end alone nobody knows when the client asked.
  Fetch server(End::server);
  server.client({Phase::tls_client_hello});
  server.server({Phase::tls_finished});
  EXPECT_THAT(server.kinds(), ElementsAre());
  EXPECT_THAT(Fetch().kinds(), ElementsAre());
}

}  // namespace
}  // namespace humantime::ui::test
