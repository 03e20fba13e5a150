// SPDX-License-Identifier: GPL-2.0-or-later
// Journeys written down by hand, for what tells of them: frames with their phases, as a tracker would leave
// them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "journeys/journey.h"
#include "reports/telling.h"
#include "store.h"

namespace humantime {

struct PaperFrame {
  std::int64_t time_us = 0;
  std::string_view from, to;  ///< `192.0.2.1` or `192.0.2.1:443`; IPv4
  std::string_view phases;    ///< tokens, separated by spaces; `token~` is inferred
  std::string_view detail = {};
  journeys::Direction direction = journeys::Direction::unknown;
  std::uint32_t interface = 0;
  std::uint32_t connection = 0;
  bool timed = true;
  std::uint32_t copy_of = 0;
  std::uint32_t length = 100;
  std::uint32_t question = 0;  ///< Leg::question
};

/// A store and the journeys in it.
class PaperJourneys {
 public:
  /// 2016-06-25 00:00:00 UTC.
  static constexpr std::int64_t begin_ns = 1'466'812'800'000'000'000;

  FrameStore store;

  /// Adds a frame, and returns its number.
  FrameNumber add(const PaperFrame& paper) {
    const FrameNumber number{static_cast<std::uint32_t>(store.size()) + 1};
    FrameRow& row = store.begin(number);
    if (paper.timed) {
      row.flags |= FrameRow::has_time;
      row.time_ns = begin_ns + paper.time_us * 1000;
    }
    const Endpoint from = endpoint(paper.from), to = endpoint(paper.to);
    row.source = from.address;
    row.source_port = from.port;
    row.destination = to.address;
    row.destination_port = to.port;
    row.length = paper.length;
    row.connection = paper.connection;
    row.vantage = store.vantage_index({0, paper.interface, 0});
    Stage stage = Stage::other;
    for (std::string_view rest = paper.phases; !rest.empty();) {
      std::string_view token = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(rest.size(), token.size() + 1));
      Certainty certainty = Certainty::seen;
      if (token.ends_with('~')) {
        certainty = Certainty::inferred;
        token.remove_suffix(1);
      }
      const auto phase = phase_from_token(token);
      if (!phase) throw std::invalid_argument("no phase " + std::string(token));
      if (row_of(*phase).stage != Stage::of_the_moment) stage = row_of(*phase).stage;
      store.add(number, {*phase, stage, certainty});
    }
    if (!paper.detail.empty()) store.set_detail(number, paper.detail);
    if (paper.copy_of != 0) store.set_copy_of(number, FrameNumber{paper.copy_of});
    return number;
  }

  /// A journey of these frames, the last one that was begun or a new one.
  struct Paper {
    std::string name;
    std::vector<std::string_view> other_names;
    journeys::Kind kind = journeys::Kind::completed;
    Endpoint server;
    std::vector<journeys::Leg> legs;
  };
  Paper& begin(std::string name, std::string_view server, journeys::Kind kind = journeys::Kind::completed) {
    papers_.push_back({std::move(name), {}, kind, endpoint(server), {}});
    return papers_.back();
  }
  void travel(std::initializer_list<PaperFrame> frames) {
    for (const PaperFrame& frame : frames) travel(frame);
  }
  FrameNumber travel(const PaperFrame& frame) {
    const FrameNumber number = add(frame);
    const FrameRow& row = *store.find(number);
    journeys::Leg& leg = papers_.back().legs.emplace_back();
    leg.frame = number;
    leg.direction = frame.direction;
    leg.question = frame.question;
    leg.has_time = row.has(FrameRow::has_time);
    if (leg.has_time) leg.time_ns = leg.sent_ns = row.time_ns;
    return number;
  }

  journeys::Journey journey(std::size_t index = 0) const {
    const Paper& paper = papers_.at(index);
    return {static_cast<std::uint32_t>(index + 1),
            paper.kind,
            paper.name,
            paper.other_names,
            paper.server,
            paper.legs};
  }
  reports::JourneysSource source() const {
    return [this](const reports::JourneyVisit& visit) {
      for (std::size_t i = 0; i < papers_.size(); ++i) visit(journey(i));
    };
  }

 private:
  Endpoint endpoint(std::string_view text) {
    if (text.empty()) return {};
    std::vector<std::uint8_t> bytes(1);
    std::uint16_t port = 0;
    bool in_port = false;
    for (const char c : text) {
      if (c == '.')
        bytes.push_back(0);
      else if (c == ':')
        in_port = true;
      else if (in_port)
        port = static_cast<std::uint16_t>(port * 10 + (c - '0'));
      else
        bytes.back() = static_cast<std::uint8_t>(bytes.back() * 10 + (c - '0'));
    }
    return {store.addresses().intern(Address::from(bytes)), port};
  }

  std::vector<Paper> papers_;
};

/// The fetch of reference/article-timeline.tsv, at one end or at both.
inline void add_article_fetch(PaperJourneys& paper, bool both_ends) {
  constexpr auto sent = journeys::Direction::sent, received = journeys::Direction::received;
  constexpr std::string_view c = "192.0.2.10", router = "192.0.2.1", cc = "192.0.2.10:40000",
                             s = "198.51.100.80:443", root = "203.0.113.4:53", jp = "203.0.113.20:53",
                             third = "203.0.113.36:53", q = "192.0.2.10:50000", name = "www.example.jp A";
  std::vector<PaperFrame> frames = {
      {0, c, router, "arp.request", {}, sent},
      {392, router, c, "arp.reply", {}, received},
      {584, q, root, "dns.query", name, sent},
      {36067, root, q, "dns.referral", name, received},
      {36743, q, jp, "dns.query", name, sent},
      {72888, jp, q, "dns.referral", name, received},
      {73394, q, third, "dns.query", name, sent},
      {110683, third, q, "dns.answer", name, received},
      {136010, cc, s, "tcp.syn", {}, sent, 0, 1},
      {158276, cc, s, "tcp.syn", {}, received, 1, 2},
      {158468, s, cc, "tcp.syn_ack", {}, sent, 1, 2},
      {183986, s, cc, "tcp.syn_ack", {}, received, 0, 1},
      {184028, cc, s, "tcp.handshake_ack", {}, sent, 0, 1},
      {185782, cc, s, "tls.client_hello", "www.example.jp", sent, 0, 1},
      {204492, cc, s, "tcp.handshake_ack", {}, received, 1, 2},
      {212158, cc, s, "tls.client_hello", "www.example.jp", received, 1, 2},
      {215906, s, cc, "tls.server_hello tls.certificate tls.server_key_exchange tls.server_hello_done",
       "TLS 1.2", sent, 1, 2},
      {246396, s, cc, "tls.server_hello tls.certificate tls.server_key_exchange tls.server_hello_done",
       "TLS 1.2", received, 0, 1},
      {247677, cc, s, "tls.client_key_exchange tls.change_cipher_spec tls.finished~", {}, sent, 0, 1},
      {269425, cc, s, "tls.client_key_exchange tls.change_cipher_spec tls.finished~", {}, received, 1, 2},
      {270225, s, cc, "tls.new_session_ticket tls.change_cipher_spec tls.finished~", {}, sent, 1, 2},
      {296554, s, cc, "tls.new_session_ticket tls.change_cipher_spec tls.finished~", {}, received, 0, 1},
      {296967, cc, s, "http.request", "GET /page www.example.jp", sent, 0, 1},
      {321627, cc, s, "http.request", "GET /page www.example.jp", received, 1, 2},
      {323031, s, cc, "http.response_start", "200 OK", sent, 1, 2},
      {357770, s, cc, "http.response_start", "200 OK", received, 0, 1},
      {698955, s, cc, "http.response_end tcp.fin", {}, sent, 1, 2},
      {827681, s, cc, "http.response_end tcp.fin", {}, received, 0, 1},
      {827919, cc, s, "tls.close_notify", "close_notify", sent, 0, 1},
      {828090, cc, s, "tcp.fin", {}, sent, 0, 1},
      {870103, cc, s, "tls.close_notify", "close_notify", received, 1, 2},
      {871427, cc, s, "tcp.fin", {}, received, 1, 2},
      {871442, s, cc, "tcp.fin_ack", {}, sent, 1, 2},
      {914777, s, cc, "tcp.fin_ack", {}, received, 0, 1},
  };
  // The 69 segments between the first and the last of the response, evenly.
  for (int i = 1; i < 70; ++i) {
    frames.push_back({357770 + i * 6713, s, cc, "http.response_body", {}, received, 0, 1});
    frames.push_back({323031 + i * 5370, s, cc, "http.response_body", {}, sent, 1, 2});
  }
  std::stable_sort(frames.begin(), frames.end(),
                   [](const PaperFrame& a, const PaperFrame& b) { return a.time_us < b.time_us; });
  paper.begin("www.example.jp", s);
  for (const PaperFrame& frame : frames)
    if (both_ends || frame.interface == 0) paper.travel(frame);
}

}  // namespace humantime
