// SPDX-License-Identifier: GPL-2.0-or-later
// What is stored of frames, as text that can be compared.
#pragma once

#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include "phases.h"
#include "store.h"
#include "text.h"

namespace humantime {

/// A frame's phases as a transcript writes them, each with its stage where `stages` says so.
inline std::vector<std::string> tokens_of(const FrameStore& store, FrameNumber frame, bool stages = false) {
  std::vector<PhaseMark> marks;
  store.marks(frame, false, marks);
  std::vector<std::string> tokens;
  for (const PhaseMark& mark : marks) {
    std::string token(token_of(mark.phase));
    if (stages) token += "@" + std::string(token_of(mark.stage));
    if (!is_settled(mark.certainty)) token += '?';
    if (is_inferred(mark.certainty)) token += '~';
    tokens.push_back(token);
  }
  return tokens;
}

inline std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

inline std::string dump(const FrameStore& store, const Handshake& one) {
  std::ostringstream text;
  text << text_of(one) << " end" << static_cast<int>(one.end) << " alert" << int{one.alert} << " rtts"
       << int{one.round_trips} << ' ' << to_number(one.client_hello) << '-' << to_number(one.end_frame)
       << " c" << one.connection << ' ' << std::hex << one.version << ' ' << one.cipher_suite << std::dec
       << " auth" << static_cast<int>(one.client_authentication) << " early"
       << static_cast<int>(one.early_data) << (one.inferred ? " inferred" : "")
       << (one.false_start ? " false_start" : "") << (one.asked_by_server ? " asked" : "")
       << (one.ticket_offered ? " offered" : "") << (one.ticket_issued ? " issued" : "") << " ["
       << store.server_name(one) << ']';
  for (const HandshakeTurn& turn : one.kept_turns())
    text << (turn.from_client ? " >" : " <") << to_number(turn.last) << '-' << to_number(turn.next);
  return text.str();
}

/// All that is stored of a frame, by value: numbers of addresses and texts depend on what came before.
inline std::string dump(const FrameStore& store, FrameNumber frame) {
  const FrameRow* row = store.find(frame);
  if (row == nullptr) return "absent";
  const Vantage& vantage = store.vantages()[row->vantage];
  std::ostringstream text;
  text << row->time_ns << ' ' << to_text(store.addresses()[row->source], row->source_port) << " > "
       << to_text(store.addresses()[row->destination], row->destination_port) << ' ' << row->length << " c"
       << row->connection << " v" << vantage.section << '.' << vantage.interface << '.' << vantage.ifindex
       << " f" << int{row->flags} << " [" << store.detail(frame) << "] "
       << join(tokens_of(store, frame, true));
  store.for_each_handshake(frame, [&](const Handshake& one) { text << ' ' << dump(store, one); });
  return text.str();
}

inline std::vector<std::string> dump(const FrameStore& store) {
  std::vector<std::string> frames;
  for (std::uint32_t i = 1; i <= store.size(); ++i)
    frames.push_back(std::to_string(i) + ": " + dump(store, FrameNumber{i}));
  return frames;
}

}  // namespace humantime
