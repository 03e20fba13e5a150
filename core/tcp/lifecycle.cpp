// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcp/lifecycle.h"

#include <array>
#include <cstddef>

namespace humantime::tcp {
namespace {

using enum Life;
using enum Signal;

constexpr std::optional<Phase> none{};
constexpr auto syn_phase = Phase::tcp_syn;
constexpr auto syn_ack_phase = Phase::tcp_syn_ack;
constexpr auto ack_phase = Phase::tcp_handshake_ack;
constexpr auto fin_ack_phase = Phase::tcp_fin_ack;
constexpr auto fin_phase = Phase::tcp_fin;
constexpr auto rst_phase = Phase::tcp_rst;

using Row = std::array<Turn, signal_count>;

// Columns: syn, syn_ack, ack_of_syn_ack, ack_of_fin, ack_of_fins, segment, fin, rst.
// A header flag is named whatever the state; what an acknowledgment completes is named once, because the
// signal comes once. Late SYNs do not reopen: a SYN with another sequence number begins a new connection
// before it comes here.
constexpr std::array<std::array<Row, 2>, life_count> table = {{
    // unseen: a capture that begins in the middle is established as far as we know.
    {{{{{syn_sent, syn_phase},
        {syn_answered, syn_ack_phase},
        {established, none},
        {established, fin_ack_phase},
        {finished, fin_ack_phase},
        {established, none},
        {initiator_closed, fin_phase},
        {reset, rst_phase}}},
      {{{syn_sent, syn_phase},
        {syn_answered, syn_ack_phase},
        {established, none},
        {established, fin_ack_phase},
        {finished, fin_ack_phase},
        {established, none},
        {responder_closed, fin_phase},
        {reset, rst_phase}}}}},
    // syn_sent: data in the SYN (Fast Open) and segments after a SYN+ACK that was not captured do not
    // establish it by themselves; the initiator's plain segment does, it would not send one without the
    // SYN+ACK. The responder's may be of a connection before (RFC 9293 3.5.1).
    {{{{{syn_sent, syn_phase},
        {syn_answered, syn_ack_phase},
        {established, ack_phase},
        {syn_sent, fin_ack_phase},
        {finished, fin_ack_phase},
        {established, none},
        {initiator_closed, fin_phase},
        {reset, rst_phase}}},
      {{{syn_crossed, syn_phase},
        {syn_answered, syn_ack_phase},
        {established, none},
        {syn_sent, fin_ack_phase},
        {finished, fin_ack_phase},
        {syn_sent, none},
        {responder_closed, fin_phase},
        {reset, rst_phase}}}}},
    // syn_crossed: either side may answer the other's SYN, and either may be the first to acknowledge that.
    {{{{{syn_crossed, syn_phase},
        {syn_answered, syn_ack_phase},
        {established, ack_phase},
        {syn_crossed, fin_ack_phase},
        {finished, fin_ack_phase},
        {established, none},
        {initiator_closed, fin_phase},
        {reset, rst_phase}}},
      {{{syn_crossed, syn_phase},
        {syn_answered, syn_ack_phase},
        {established, ack_phase},
        {syn_crossed, fin_ack_phase},
        {finished, fin_ack_phase},
        {established, none},
        {responder_closed, fin_phase},
        {reset, rst_phase}}}}},
    // syn_answered: only an acknowledgment completes the handshake; the responder may send data before it
    // (RFC 7413).
    {{{{{syn_answered, syn_phase},
        {syn_answered, syn_ack_phase},
        {established, ack_phase},
        {syn_answered, fin_ack_phase},
        {finished, fin_ack_phase},
        {syn_answered, none},
        {initiator_closed, fin_phase},
        {reset, rst_phase}}},
      {{{syn_answered, syn_phase},
        {syn_answered, syn_ack_phase},
        {established, ack_phase},
        {syn_answered, fin_ack_phase},
        {finished, fin_ack_phase},
        {syn_answered, none},
        {responder_closed, fin_phase},
        {reset, rst_phase}}}}},
    // established
    {{{{{established, syn_phase},
        {established, syn_ack_phase},
        {established, none},
        {established, fin_ack_phase},
        {finished, fin_ack_phase},
        {established, none},
        {initiator_closed, fin_phase},
        {reset, rst_phase}}},
      {{{established, syn_phase},
        {established, syn_ack_phase},
        {established, none},
        {established, fin_ack_phase},
        {finished, fin_ack_phase},
        {established, none},
        {responder_closed, fin_phase},
        {reset, rst_phase}}}}},
    // initiator_closed: half closed, the responder may go on for long.
    {{{{{initiator_closed, syn_phase},
        {initiator_closed, syn_ack_phase},
        {initiator_closed, ack_phase},
        {initiator_closed, fin_ack_phase},
        {finished, fin_ack_phase},
        {initiator_closed, none},
        {initiator_closed, fin_phase},
        {reset, rst_phase}}},
      {{{initiator_closed, syn_phase},
        {initiator_closed, syn_ack_phase},
        {initiator_closed, none},
        {initiator_closed, fin_ack_phase},
        {finished, fin_ack_phase},
        {initiator_closed, none},
        {both_closed, fin_phase},
        {reset, rst_phase}}}}},
    // responder_closed
    {{{{{responder_closed, syn_phase},
        {responder_closed, syn_ack_phase},
        {responder_closed, ack_phase},
        {responder_closed, fin_ack_phase},
        {finished, fin_ack_phase},
        {responder_closed, none},
        {both_closed, fin_phase},
        {reset, rst_phase}}},
      {{{responder_closed, syn_phase},
        {responder_closed, syn_ack_phase},
        {responder_closed, none},
        {responder_closed, fin_ack_phase},
        {finished, fin_ack_phase},
        {responder_closed, none},
        {responder_closed, fin_phase},
        {reset, rst_phase}}}}},
    // both_closed
    {{{{{both_closed, syn_phase},
        {both_closed, syn_ack_phase},
        {both_closed, ack_phase},
        {both_closed, fin_ack_phase},
        {finished, fin_ack_phase},
        {both_closed, none},
        {both_closed, fin_phase},
        {reset, rst_phase}}},
      {{{both_closed, syn_phase},
        {both_closed, syn_ack_phase},
        {both_closed, none},
        {both_closed, fin_ack_phase},
        {finished, fin_ack_phase},
        {both_closed, none},
        {both_closed, fin_phase},
        {reset, rst_phase}}}}},
    // finished: retransmissions and their acknowledgments may still pass.
    {{{{{finished, syn_phase},
        {finished, syn_ack_phase},
        {finished, none},
        {finished, fin_ack_phase},
        {finished, fin_ack_phase},
        {finished, none},
        {finished, fin_phase},
        {reset, rst_phase}}},
      {{{finished, syn_phase},
        {finished, syn_ack_phase},
        {finished, none},
        {finished, fin_ack_phase},
        {finished, fin_ack_phase},
        {finished, none},
        {finished, fin_phase},
        {reset, rst_phase}}}}},
    // reset: segments that were on their way when the RST was sent.
    {{{{{reset, syn_phase},
        {reset, syn_ack_phase},
        {reset, none},
        {reset, fin_ack_phase},
        {reset, fin_ack_phase},
        {reset, none},
        {reset, fin_phase},
        {reset, rst_phase}}},
      {{{reset, syn_phase},
        {reset, syn_ack_phase},
        {reset, none},
        {reset, fin_ack_phase},
        {reset, fin_ack_phase},
        {reset, none},
        {reset, fin_phase},
        {reset, rst_phase}}}}},
}};

}  // namespace

Turn turn(Life life, Role from, Signal signal) {
  return table[static_cast<std::size_t>(life)][static_cast<std::size_t>(from)]
              [static_cast<std::size_t>(signal)];
}

}  // namespace humantime::tcp
