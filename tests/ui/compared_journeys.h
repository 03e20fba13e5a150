// SPDX-License-Identifier: GPL-2.0-or-later
// Fetches with one handshake or another on paper, seen at both ends, each way taking as long.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

#include "model/comparison.h"
#include "paper_source.h"

namespace humantime::ui::test {

constexpr std::int64_t way = 150'000'000;

/// A source of journeys one after another, and their comparison. Each is written down at once.
class Journeys {
 public:
  Journeys() { source.origin = 0; }

  bool one_ended = false;                 ///< captured at the client's end only
  Certainty certainty = Certainty::seen;  ///< of requests and responses
  std::int64_t delay = 0;                 ///< that the client takes before it asks

  void plain() {
    begin("", std::nullopt);
    syn();
    question();
  }
  void tls12_full() {
    begin("tls12_full", 2);
    syn();
    client({Phase::tls_client_hello});
    server({Phase::tls_server_hello, Phase::tls_certificate, Phase::tls_server_hello_done});
    client({Phase::tls_client_key_exchange, Phase::tls_change_cipher_spec, Phase::tls_finished});
    server({Phase::tls_change_cipher_spec, Phase::tls_finished});
    question();
  }
  void tls12_ticket() { resumed("tls12_ticket"); }
  void tls13() { resumed("tls13_full"); }
  void tls13_early() {
    begin("tls13_0rtt", 0);
    syn();
    client({Phase::tls_client_hello});
    client({Phase::tls_early_data, Phase::http_request}, certainty);
    now_ += way;
    put({Phase::tls_server_hello, Phase::tls_finished}, false);
    put({Phase::http_response_start}, false, certainty);
    now_ += way;
  }
  void quic() {
    begin("quic", 1);
    client({Phase::quic_initial, Phase::tls_client_hello});
    server({Phase::quic_initial, Phase::tls_server_hello});
    question();
  }
  /// Nobody can read more than the hellos.
  void unread(std::string handshake, std::optional<std::uint8_t> round_trips) {
    begin(std::move(handshake), round_trips);
    syn();
    client({Phase::tls_client_hello});
    server({Phase::tls_server_hello});
    client({Phase::tls_application_data});
  }
  /// Before the next journey's connection.
  void look_up() {
    ++number_;
    looked_up_ = true;
    for (const Phase phase : {Phase::dns_query, Phase::dns_answer}) {
      EventRecord& record = source.add(now_ += 3'000'000, phase, number_);
      record.end = End::client;
      record.direction =
          phase == Phase::dns_query ? journeys::Direction::sent : journeys::Direction::received;
    }
  }

  Comparison compared(const View& view = {}) {
    timeline.emplace(source);
    while (timeline->advance(10'000)) {
    }
    return compare(*timeline, view);
  }

  PaperSource source;
  std::optional<Timeline> timeline;  ///< of the last comparison

 private:
  void begin(std::string handshake, std::optional<std::uint8_t> round_trips) {
    if (!looked_up_) ++number_;
    looked_up_ = false;
    now_ += 5 * way;
    source.journey_records.push_back({number_, journeys::Kind::completed,
                                      FrameNumber{static_cast<std::uint32_t>(source.records.size() + 1)},
                                      now_, now_, "www.example.jp", std::move(handshake), round_trips});
  }
  void resumed(std::string handshake) {
    begin(std::move(handshake), 1);
    syn();
    client({Phase::tls_client_hello});
    server({Phase::tls_server_hello, Phase::tls_finished});
    question();
  }
  void syn() {
    client({Phase::tcp_syn});
    server({Phase::tcp_syn_ack});
  }
  void question() {
    now_ += delay;
    client({Phase::http_request}, certainty);
    server({Phase::http_response_start}, certainty);
  }
  void client(std::initializer_list<Phase> phases, Certainty how = Certainty::seen) {
    put(phases, true, how);
  }
  /// What the client sent before has arrived, and is answered at once.
  void server(std::initializer_list<Phase> phases, Certainty how = Certainty::seen) {
    now_ += way;
    put(phases, false, how);
    now_ += way;
  }
  void put(std::initializer_list<Phase> phases, bool from_client, Certainty how = Certainty::seen) {
    std::vector<PhaseMark> marks;
    for (const Phase phase : phases) marks.push_back({phase, row_of(phase).stage, how});
    if (!one_ended)
      return source.add_letter(now_, now_ + way, from_client ? End::client : End::server, marks, number_);
    EventRecord& record = source.add(from_client ? now_ : now_ + way, marks.front().phase, number_);
    record.marks = marks;
    record.end = End::client;
    record.direction = from_client ? journeys::Direction::sent : journeys::Direction::received;
  }

  std::int64_t now_ = 0;
  std::uint32_t number_ = 0;
  bool looked_up_ = false;
};

}  // namespace humantime::ui::test
