// SPDX-License-Identifier: GPL-2.0-or-later
// Names the frames of a connection: knows its number, and adds the stage that it is in.
#pragma once

#include <cstdint>
#include <string_view>

#include "journeys/facts.h"
#include "phase_sink.h"
#include "store.h"

namespace humantime {

class ConnectionNamer final : public PhaseSink {
 public:
  /// `moment` is the connection's stage: read where a phase has none of its own, moved by its readers.
  ConnectionNamer(FrameStore& store, journeys::FactLog& facts, std::uint32_t number, Stage& moment)
      : store_(store), facts_(facts), number_(number), moment_(moment) {}

  void add(FrameNumber frame, Phase phase, Certainty certainty = Certainty::seen) override {
    store_.add(frame, mark(phase, certainty));
  }
  void settle(FrameNumber frame, Phase before, Phase after, Certainty certainty = Certainty::seen) override {
    store_.settle(frame, before, mark(after, certainty));
  }
  void detail(FrameNumber frame, std::string_view text) override { store_.set_detail(frame, text); }
  /// From the first FIN, RST, closure alert or QUIC close on it is the close.
  void moment(Stage stage) override {
    if (moment_ != Stage::close) moment_ = stage;
  }

  void dns(FrameNumber frame, const wire::Dns& dns, Bytes message, std::string_view name) override {
    facts_.dns(frame, number_, dns, message, name);
  }
  void server_name(FrameNumber frame, std::string_view name) override {
    facts_.server_name(frame, number_, name);
  }
  void carries(const MessageBytes& bytes) override { store_.add_message_bytes(number_, bytes); }
  void handshake(const Handshake& handshake, std::string_view name) override {
    Handshake told = handshake;
    told.connection = number_;
    store_.add_handshake(told, name);
  }
  void exchange(const HttpExchange& exchange, std::string_view request) override {
    HttpExchange told = exchange;
    told.connection = number_;
    store_.add_exchange(told, request);
  }

 private:
  PhaseMark mark(Phase phase, Certainty certainty) const {
    const Stage own = row_of(phase).stage;
    return {phase, own == Stage::of_the_moment ? moment_ : own, certainty};
  }

  FrameStore& store_;
  journeys::FactLog& facts_;
  std::uint32_t number_;
  Stage& moment_;
};

}  // namespace humantime
