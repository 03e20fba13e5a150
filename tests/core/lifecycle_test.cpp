// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcp/lifecycle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace humantime::tcp {
namespace {

using enum Role;
using enum Life;
using enum Signal;

constexpr Role roles[] = {initiator, responder};

template <typename Check>
void for_each_cell(Check check) {
  for (std::size_t life = 0; life < life_count; ++life)
    for (const Role from : roles)
      for (std::size_t signal = 0; signal < signal_count; ++signal) {
        SCOPED_TRACE("life " + std::to_string(life) + (from == initiator ? " initiator" : " responder") +
                     " signal " + std::to_string(signal));
        check(static_cast<Life>(life), from, static_cast<Signal>(signal));
      }
}

bool is_closing(Life life) {
  return life == initiator_closed || life == responder_closed || life == both_closed;
}
bool has_ended(Life life) {
  return life == finished || life == reset;
}
/// How far a life has come; it never goes back.
int age(Life life) {
  switch (life) {
    case unseen:
      return 0;
    case syn_sent:
      return 1;
    case syn_crossed:
      return 2;
    case syn_answered:
      return 3;
    case established:
      return 4;
    case initiator_closed:
    case responder_closed:
      return 5;
    case both_closed:
      return 6;
    case finished:
      return 7;
    case reset:
      return 8;
  }
  return -1;
}

TEST(Lifecycle, EveryCellIsSet) {
  for_each_cell([](Life life, Role from, Signal signal) {
    const Turn next = turn(life, from, signal);
    // A cell that was left out would be {unseen, none}.
    EXPECT_NE(next.next, unseen);
    EXPECT_LT(static_cast<std::size_t>(next.next), life_count);
  });
}

TEST(Lifecycle, LifeNeverGoesBack) {
  for_each_cell(
      [](Life life, Role from, Signal signal) { EXPECT_GE(age(turn(life, from, signal).next), age(life)); });
}

TEST(Lifecycle, FlagsAreNamedInEveryState) {
  for_each_cell([](Life life, Role from, Signal signal) {
    const std::optional<Phase> phase = turn(life, from, signal).phase;
    switch (signal) {
      case syn:
        EXPECT_EQ(phase, Phase::tcp_syn);
        break;
      case syn_ack:
        EXPECT_EQ(phase, Phase::tcp_syn_ack);
        break;
      case ack_of_fin:
      case ack_of_fins:
        EXPECT_EQ(phase, Phase::tcp_fin_ack);
        break;
      case fin:
        EXPECT_EQ(phase, Phase::tcp_fin);
        break;
      case rst:
        EXPECT_EQ(phase, Phase::tcp_rst);
        break;
      case segment:
        EXPECT_EQ(phase, std::nullopt);
        break;
      case ack_of_syn_ack:
        EXPECT_TRUE(!phase || phase == Phase::tcp_handshake_ack);
        break;
    }
  });
}

TEST(Lifecycle, HandshakeAckOnlyWhereAHandshakeIsGoingOn) {
  for (const Role from : roles) {
    for (const Life life : {unseen, established, finished, reset})
      EXPECT_EQ(turn(life, from, ack_of_syn_ack).phase, std::nullopt);
    EXPECT_EQ(turn(syn_crossed, from, ack_of_syn_ack).phase, Phase::tcp_handshake_ack);
    EXPECT_EQ(turn(syn_answered, from, ack_of_syn_ack).phase, Phase::tcp_handshake_ack);
  }
  EXPECT_EQ(turn(syn_sent, initiator, ack_of_syn_ack).phase, Phase::tcp_handshake_ack);
  EXPECT_EQ(turn(syn_sent, responder, ack_of_syn_ack).phase, std::nullopt);
  // A FIN may overtake it, or be of the other side.
  for (const Life life : {initiator_closed, responder_closed, both_closed}) {
    EXPECT_EQ(turn(life, initiator, ack_of_syn_ack).phase, Phase::tcp_handshake_ack);
    EXPECT_EQ(turn(life, responder, ack_of_syn_ack).phase, std::nullopt);
  }
}

TEST(Lifecycle, AResetEndsEverything) {
  for_each_cell([](Life life, Role from, Signal signal) {
    EXPECT_EQ(turn(life, from, signal).next == reset, signal == rst || life == reset);
  });
}

TEST(Lifecycle, BothFinsAcknowledgedFinish) {
  for_each_cell([](Life life, Role from, Signal signal) {
    if (life == reset || signal == rst) return;
    const Life next = turn(life, from, signal).next;
    if (signal == ack_of_fins || life == finished)
      EXPECT_EQ(next, finished);
    else
      EXPECT_NE(next, finished);
  });
}

TEST(Lifecycle, AFinClosesTheSideThatSentIt) {
  for_each_cell([](Life life, Role from, Signal signal) {
    const Life next = turn(life, from, signal).next;
    if (has_ended(life)) return;
    if (signal != fin) {
      // Nothing but a FIN opens a close.
      if (has_ended(next)) return;
      EXPECT_EQ(is_closing(life), is_closing(next));
      EXPECT_TRUE(!is_closing(life) || next == life);
      return;
    }
    const Life own = from == initiator ? initiator_closed : responder_closed;
    const Life others = from == initiator ? responder_closed : initiator_closed;
    EXPECT_EQ(next, life == others || life == both_closed ? both_closed : own);
  });
}

TEST(Lifecycle, TheSidesAreAlikeOnceItIsEstablished) {
  const auto mirrored = [](Life life) {
    return life == initiator_closed ? responder_closed : life == responder_closed ? initiator_closed : life;
  };
  for_each_cell([&](Life life, Role from, Signal signal) {
    if (life == unseen || life == syn_sent || signal == ack_of_syn_ack) return;
    const Turn one = turn(life, from, signal), two = turn(mirrored(life), other(from), signal);
    EXPECT_EQ(mirrored(one.next), two.next);
    EXPECT_EQ(one.phase, two.phase);
  });
}

TEST(Lifecycle, EveryStateCanBeReached) {
  std::set<Life> reached = {unseen};
  for (std::size_t before = 0; before != reached.size();) {
    before = reached.size();
    for_each_cell([&](Life life, Role from, Signal signal) {
      if (reached.contains(life)) reached.insert(turn(life, from, signal).next);
    });
  }
  EXPECT_EQ(reached.size(), life_count);
}

// -- the usual lives
// --------------------------------------------------------------------------------------------------------

struct Step {
  Role from;
  Signal signal;
  Life next;
};

void walk(const std::vector<Step>& steps) {
  Life life = unseen;
  int number = 0;
  for (const Step& step : steps) {
    life = turn(life, step.from, step.signal).next;
    EXPECT_EQ(life, step.next) << "step " << ++number;
  }
}

TEST(Lifecycle, HandshakeDataClose) {
  walk({{initiator, syn, syn_sent},
        {responder, syn_ack, syn_answered},
        {initiator, ack_of_syn_ack, established},
        {initiator, segment, established},
        {responder, segment, established},
        {initiator, fin, initiator_closed},
        {responder, ack_of_fin, initiator_closed},
        {responder, fin, both_closed},
        {initiator, ack_of_fins, finished},
        {responder, fin, finished}});
}

TEST(Lifecycle, DataInTheSynDoesNotEstablish) {
  walk({{initiator, syn, syn_sent},
        {responder, syn_ack, syn_answered},
        {responder, segment, syn_answered},
        {initiator, ack_of_syn_ack, established}});
}

TEST(Lifecycle, SimultaneousOpen) {
  walk({{initiator, syn, syn_sent},
        {responder, syn, syn_crossed},
        {initiator, syn_ack, syn_answered},
        {responder, syn_ack, syn_answered},
        {initiator, ack_of_syn_ack, established},
        {responder, ack_of_syn_ack, established}});
}

TEST(Lifecycle, Refused) {
  walk({{initiator, syn, syn_sent}, {responder, rst, reset}, {initiator, syn, reset}});
}

TEST(Lifecycle, CrossedFins) {
  walk({{initiator, segment, established},
        {initiator, fin, initiator_closed},
        {responder, fin, both_closed},
        {initiator, ack_of_fin, both_closed},
        {responder, ack_of_fins, finished}});
}

TEST(Lifecycle, HalfClose) {
  walk({{initiator, segment, established},
        {responder, fin, responder_closed},
        {initiator, ack_of_fin, responder_closed},
        {initiator, segment, responder_closed},
        {responder, segment, responder_closed},
        {initiator, fin, both_closed},
        {responder, ack_of_fins, finished}});
}

TEST(Lifecycle, OtherRole) {
  EXPECT_EQ(other(initiator), responder);
  EXPECT_EQ(other(responder), initiator);
}

}  // namespace
}  // namespace humantime::tcp
