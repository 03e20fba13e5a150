// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcp/analysis.h"

#include <algorithm>

namespace humantime::tcp {
namespace {

using wire::TcpSegment;
using enum wire::TcpFlag;

/// Everything that is asked about a segment before the state moves on.
struct View {
  Offset begin, end;     ///< sequence space: SYN and FIN count as one each
  Offset data;           ///< first payload byte
  std::uint32_t length;  ///< payload
  bool control;          ///< SYN, FIN or RST
  bool has_ack;
  Offset ack;  ///< in the other direction's offsets
  SeenRanges::Overlap overlap;
};

/// Further than senders mostly are ahead of what is acknowledged.
constexpr std::int32_t far = std::int32_t{1} << 20;

bool is_near(std::uint32_t number, std::uint32_t other) {
  const auto distance = static_cast<std::int32_t>(number - other);
  return distance <= far && distance >= -far;
}

/// The direction's first segment fixes where its offsets begin.
void place(Sender& sender, const TcpSegment& segment) {
  if (segment.has(tcp_syn)) {
    // What came before it was of an older connection: a host that still knows one answers the SYN with its
    // numbers (RFC 9293 3.5.1, figure 9).
    const bool spoke = sender.seen.next() > 1;
    if (sender.sent && !sender.syn_seen && segment.sequence != sender.base &&
        (!spoke || !is_near(segment.sequence, sender.base)))
      sender = Sender{};
    // Also where it had been guessed from the other side's acknowledgment: the SYN knows.
    if (!sender.known || !sender.sent) {
      sender.base = segment.sequence;
      sender.seen.begin(0);
      sender.stream.begin(1);
    }
  } else if (!sender.known) {
    sender.base = segment.sequence - 1;
    sender.seen.begin(1);
    sender.seen.unknown_below(1);
    sender.stream.begin(1);
  }
  sender.known = true;
}

/// A direction of which only the acknowledgments have been seen begins where they stand; what is below
/// arrived before, unseen here.
void place_by_ack(Sender& sender, const TcpSegment& segment) {
  if (sender.known || !segment.has(tcp_ack)) return;
  sender.known = true;
  sender.base = segment.acknowledgment - 1;
  sender.seen.begin(1);
  sender.stream.begin(1);
}

View look(Sender& sender, Sender& receiver, const TcpSegment& segment) {
  View view{};
  view.begin = sender.offset_of(segment.sequence);
  view.data = view.begin + (segment.has(tcp_syn) ? 1 : 0);
  view.length = segment.payload_length;
  view.end = view.data + view.length + (segment.has(tcp_fin) ? 1 : 0);
  view.control = (segment.flags & (tcp_syn | tcp_fin | tcp_rst)) != 0;
  view.has_ack = segment.has(tcp_ack) && receiver.known;
  view.ack = view.has_ack ? receiver.offset_of(segment.acknowledgment) : 0;
  view.overlap = sender.seen.overlap(view.begin, view.end);
  return view;
}

/// RFC 9293 3.8.6.1: one byte at the edge of a window of zero, or (Linux) an empty segment one below it.
bool is_zero_window_probe(const Sender& sender, const Sender& receiver, const View& view) {
  if (view.control || !receiver.told_ack || receiver.last_window != 0) return false;
  const Offset edge = sender.seen.next();
  return (view.length <= 1 && view.begin == edge - 1) || (view.length == 1 && view.begin == edge);
}

/// RFC 9293 3.8.4: one byte or none, one below what comes next.
bool is_keep_alive(const Sender& sender, const View& view) {
  return !view.control && view.length <= 1 && sender.sent && view.begin == sender.seen.next() - 1;
}

bool repeats_ack(const Sender& sender, const View& view) {
  return view.has_ack && sender.told_ack && view.ack == sender.last_ack;
}

/// Whether the segment reaches the edge of the window that the receiver told last. Nothing is known without
/// its scale.
bool fills_window(const Sender& sender, const Sender& receiver, const View& view) {
  if (view.control || view.length == 0 || !receiver.told_ack || receiver.last_window == 0) return false;
  if (receiver.last_window_scaled && (!receiver.scale_known || !sender.scale_known)) return false;
  // RFC 7323 2.2: windows are scaled only if both SYNs had the option, and never in a SYN.
  const bool scaled = receiver.last_window_scaled && receiver.scale != TcpSegment::no_scale &&
                      sender.scale != TcpSegment::no_scale;
  const Offset window = Offset{receiver.last_window} << (scaled ? receiver.scale : 0);
  return view.end == receiver.last_ack + window;
}

/// What there is to say of the sequence range: new, seen before, or filling a gap.
void name_range(const View& view, bool probe, PhaseList& phases) {
  if (view.end == view.begin || probe) return;
  if (view.overlap.seen)
    phases.add(Phase::tcp_retransmission);
  else if (view.overlap.below)
    phases.add(Phase::tcp_out_of_order);
}

/// A segment without payload, SYN, FIN and RST.
void name_pure_ack(const Sender& sender, const Sender& receiver, const View& view, const TcpSegment& segment,
                   PhaseList& phases) {
  const bool same_ack = repeats_ack(sender, view);
  // A window in a SYN is not scaled (RFC 7323 2.2), so it compares with none that follows.
  const bool comparable = sender.last_window_scaled;
  const bool same_window = comparable && segment.window == sender.last_window;
  const bool in_place = view.begin == sender.seen.next();
  if (segment.window == 0) {
    phases.add(Phase::tcp_zero_window);
  } else if (same_ack && in_place && comparable && !same_window) {
    phases.add(Phase::tcp_window_update);
  } else if (same_ack && in_place && receiver.probed) {
    phases.add(Phase::tcp_keep_alive);
  } else if (same_ack && same_window && in_place && receiver.seen.next() > view.ack) {
    phases.add(Phase::tcp_dup_ack);
  } else if (phases.empty()) {
    phases.add(Phase::tcp_ack);
  }
}

class Turns {
 public:
  Turns(Connection& connection, Role from, PhaseList& phases)
      : connection_(connection), from_(from), phases_(phases) {}
  void take(Signal signal) {
    const Turn next = turn(connection_.life, from_, signal);
    connection_.life = next.next;
    if (next.phase) phases_.add(*next.phase);
  }

 private:
  Connection& connection_;
  Role from_;
  PhaseList& phases_;
};

/// What the acknowledgment completes, each once: the other side's SYN+ACK, the other side's FIN.
void take_acknowledgment(Sender& sender, Sender& receiver, const View& view, const TcpSegment& segment,
                         Turns& turns) {
  if (!view.has_ack || segment.has(tcp_rst)) return;
  // Where the capture has only this direction, the first ACK after the SYN acknowledges a SYN+ACK that it
  // lacks.
  const bool answered = receiver.syn_ack_seen || (sender.syn_seen && !sender.syn_ack_seen && !receiver.sent);
  if (!segment.has(tcp_syn) && answered && !receiver.syn_acked && view.ack >= 1) {
    receiver.syn_acked = true;
    turns.take(Signal::ack_of_syn_ack);
  }
  if (receiver.fin_seen && !receiver.fin_acked && view.ack > receiver.fin) {
    receiver.fin_acked = true;
    turns.take(sender.fin_seen && sender.fin_acked ? Signal::ack_of_fins : Signal::ack_of_fin);
  }
}

/// RFC 9293 3.10.7.3: who has sent a SYN believes but a reset that acknowledges it. His own has the SYN's
/// number or the next one; another is of a connection before.
bool is_believed_reset(Life life, Role from, const Sender& sender, const Sender& receiver, const View& view) {
  if (life != Life::syn_sent) return true;
  if (from == Role::initiator) return view.begin >= 0 && view.begin <= sender.seen.next();
  return view.has_ack && view.ack > 0 && view.ack <= receiver.seen.next();
}

void take_flags(Sender& sender, const View& view, const TcpSegment& segment, Turns& turns) {
  if (segment.has(tcp_syn)) {
    turns.take(segment.has(tcp_ack) ? Signal::syn_ack : Signal::syn);
    sender.syn_seen = true;
    sender.syn_ack_seen = sender.syn_ack_seen || segment.has(tcp_ack);
    sender.scale = segment.window_scale;
    sender.scale_known = true;
  }
  if (!view.control) turns.take(Signal::segment);
  if (segment.has(tcp_fin)) {
    turns.take(Signal::fin);
    sender.fin_seen = true;
    sender.fin = view.end - 1;
  }
}

void remember(Sender& sender, const View& view, const TcpSegment& segment, bool probe) {
  // A reset's sequence number may be anything (RFC 9293 3.10.7.1 sends zero), and its payload is no data.
  if (!segment.has(tcp_rst)) sender.seen.add(view.begin, view.end);
  // An acknowledgment has the number of what is sent next (RFC 9293 3.4): what lies before it was sent.
  if (view.length == 0 && !view.control && !probe && view.begin > sender.seen.next())
    sender.seen.lack_until(view.begin);
  if (view.has_ack && !segment.has(tcp_rst)) {
    sender.last_ack = sender.told_ack ? std::max(sender.last_ack, view.ack) : view.ack;
    sender.last_window = segment.window;
    sender.last_window_scaled = !segment.has(tcp_syn);
    sender.told_ack = true;
  }
  sender.probed = probe;
  sender.strayed = false;
  sender.sent = true;
}

}  // namespace

bool begins_anew(Connection& connection, Role from, const TcpSegment& segment) {
  if (!segment.has(tcp_syn) || segment.has(tcp_ack) || segment.has(tcp_rst)) return false;
  const Sender& sender = connection.sender(from);
  return connection.life != Life::unseen && sender.known && sender.sent && segment.sequence != sender.base;
}

bool far_off(Connection& connection, Role from, const TcpSegment& segment) {
  Sender& sender = connection.sender(from);
  Sender& receiver = connection.sender(other(from));
  if (sender.known && sender.sent) {
    const Offset distance = sender.offset_of(segment.sequence) - sender.seen.next();
    if (distance > far || distance < -far) return true;
  }
  if (receiver.known && receiver.sent && segment.has(tcp_ack)) {
    const Offset distance = receiver.offset_of(segment.acknowledgment) - receiver.seen.next();
    if (distance > far || distance < -far) return true;
  }
  return false;
}

bool strays_again(Sender& sender, const TcpSegment& segment) {
  const bool again = sender.strayed && is_near(segment.sequence, sender.stray_sequence) &&
                     (!segment.has(tcp_ack) || is_near(segment.acknowledgment, sender.stray_acknowledgment));
  sender.strayed = !again;
  sender.stray_sequence = segment.sequence;
  sender.stray_acknowledgment = segment.has(tcp_ack) ? segment.acknowledgment : 0;
  return again;
}

Analysis analyse(Connection& connection, Role from, const TcpSegment& segment) {
  Sender& sender = connection.sender(from);
  Sender& receiver = connection.sender(other(from));
  Analysis result;

  // Who was refused may ask again with the same number, as Windows does, and be answered.
  if (connection.life == Life::reset && segment.has(tcp_syn) && !segment.has(tcp_ack) && !receiver.syn_seen) {
    connection.life = Life::unseen;
    sender.ended = receiver.ended = false;
  }
  if (!segment.has(tcp_rst)) {
    place(sender, segment);
    place_by_ack(receiver, segment);
  }
  const View view = look(sender, receiver, segment);
  const bool crossed_answer =
      segment.has(tcp_syn) && segment.has(tcp_ack) && sender.syn_seen && !sender.syn_ack_seen;

  Turns turns(connection, from, result.phases);
  take_acknowledgment(sender, receiver, view, segment, turns);
  take_flags(sender, view, segment, turns);
  if (segment.has(tcp_rst)) {
    result.rst = is_believed_reset(connection.life, from, sender, receiver, view);
    if (result.rst)
      turns.take(Signal::rst);
    else
      result.phases.add(Phase::tcp_rst);
  }

  bool keep_alive = false;
  if (!segment.has(tcp_rst)) {
    const bool window_probe = is_zero_window_probe(sender, receiver, view);
    keep_alive = !window_probe && is_keep_alive(sender, view);
    if (window_probe) result.phases.add(Phase::tcp_zero_window_probe);
    if (keep_alive) result.phases.add(Phase::tcp_keep_alive);
    // In a simultaneous open the SYN+ACK repeats the SYN's number: an answer, not a retransmission.
    if (!crossed_answer) name_range(view, window_probe || keep_alive, result.phases);
    if (view.length == 0 && !view.control) {
      if (!window_probe && !keep_alive) name_pure_ack(sender, receiver, view, segment, result.phases);
    } else {
      if (segment.window == 0 && !view.control) result.phases.add(Phase::tcp_zero_window);
      if (!window_probe && fills_window(sender, receiver, view)) result.phases.add(Phase::tcp_window_full);
    }
    const SeenRanges::Overlap data = view.overlap;
    result.carries_new = view.length > 0 && data.unseen && !keep_alive;
  }
  result.data_offset = view.data;
  result.fin = segment.has(tcp_fin);
  remember(sender, view, segment, keep_alive);
  result.finished = connection.life == Life::finished || connection.life == Life::reset;
  return result;
}

}  // namespace humantime::tcp
