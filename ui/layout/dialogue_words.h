// SPDX-License-Identifier: GPL-2.0-or-later
// Questions before a connection in words: where the router is, whom DNS is asked, and what it says.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "layout/view.h"
#include "model/dialogue.h"
#include "model/timeline.h"

namespace humantime::ui {

/// What an answer says, in quotation marks: `“ask jp”`; empty where it says nothing that is known.
std::string dns_word_text(const DnsWord& word, Language language);

/// What a label says of a question of ARP, NDP or DNS, from the longest to the shortest:
/// `DNS 1 → root, 12 d 17 h: “ask jp”`. `length_ns` of real time from the question to its answer; 0: of ARP
/// and NDP what was measured, of others nothing is said. Empty for other events, for those of no journey, and
/// for means, of which nobody knows a text.
std::vector<std::string> question_wordings(const Timeline& timeline, const View& view, EventIndex event,
                                           std::int64_t length_ns);

/// What an event is called where it stands alone: `DNS 2 → jp`, `DNS: “ask jp”`; empty where name_of() says
/// it.
std::string dialogue_name(const Timeline& timeline, const View& view, EventIndex event);

/// Whose server was asked, `root`, `jp`; empty where nothing proves it.
std::string zone_text(const DnsStep& step, Language language);

}  // namespace humantime::ui
