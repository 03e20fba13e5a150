// SPDX-License-Identifier: GPL-2.0-or-later
// What the story says of each phase, one row each.
//
// A sentence is a template. {name} is replaced; what stands in [ ] is left out where a {name} in it is empty:
//   {sender}, {receiver}  who they are, `the client`, `the name server 192.0.2.53`; {Sender} begins a
//   sentence {to}                  the receiver's address {detail}              what the packet says of
//   itself {host}                the name of a look-up's question, {record} what is asked for, `IPv4 address`
//   {label}               the label of the phase
//   {nth}                 `2nd`, where there is more than one of the phase
//   {pages}, {mean}       of a response: the packets that it came in, and the mean time between them
//   {count}, {last}       of events that are told in one: how many, and the date of the last
//   {name}, {date}, {length}, {ms}  of the journey: its name, its last date, how long it took
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "journeys/journey.h"
#include "language.h"
#include "phases.h"

namespace humantime::reports {

struct Sentence {
  std::string_view english, japanese;
  std::string_view in(Language language) const { return language == Language::japanese ? japanese : english; }
};

struct SentenceRow {
  Phase phase;
  Sentence leaves;   ///< seen where it is sent, or on its way
  Sentence arrives;  ///< seen where it is received; empty: the same words do
};

/// Of a phase that makes milestones.
const SentenceRow& sentences_of(Phase phase);
/// Why the connection was reset, how the journey ended.
const Sentence& reset_of(journeys::Kind kind);
const Sentence& end_of(journeys::Kind kind);

namespace sentence {
extern const Sentence preface;       ///< in front of all journeys
extern const Sentence arrives;       ///< a letter arrives whose leaving has been told
extern const Sentence repeated;      ///< of a run of equal events
extern const Sentence whole_answer;  ///< a response in one packet
extern const Sentence pages;         ///< a response in several
}  // namespace sentence

/// What is put into a sentence, by name.
using Values = std::vector<std::pair<std::string_view, std::string>>;
/// Fills a template.
std::string fill(std::string_view pattern, const Values& values);
/// As a sentence begins.
std::string capitalised(std::string text);

/// Who takes part.
enum class Role : unsigned char { client, server, name_server, router, neighbour };
const Sentence& text_of(Role role);

/// What a DNS question of this type asks for: of `A`, `AAAA`, `MX`, ….
std::string_view record_text(std::string_view type, Language language);

/// The question in what a DNS frame says of itself, `www.example.jp A, 198.51.100.80`: views of it; empty
/// where there is none. In names spaces are escaped (RFC 4343 2.1).
struct AskedRecord {
  std::string_view host, type;
};
AskedRecord asked_in(std::string_view detail);

}  // namespace humantime::reports
