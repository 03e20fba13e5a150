// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/dialogue.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace humantime::ui {
namespace {

/// Events are looked at so far before and behind a question; others' events stand between.
constexpr std::uint32_t furthest = 64;

struct SaidRow {
  Phase phase;
  DnsSays says;
};
/// By the phase alone; a text may say more.
constexpr SaidRow said_by_phase[] = {
    {Phase::dns_referral, DnsSays::nothing}, {Phase::dns_answer, DnsSays::records},
    {Phase::dns_alias, DnsSays::nothing},    {Phase::dns_no_data, DnsSays::no_data},
    {Phase::dns_nxdomain, DnsSays::no_name}, {Phase::dns_truncated, DnsSays::truncated},
    {Phase::dns_error, DnsSays::nothing},
};

bool is_answer(Phase phase) {
  return std::any_of(std::begin(said_by_phase), std::end(said_by_phase),
                     [&](const SaidRow& row) { return row.phase == phase; });
}

/// `www.example.jp A, ask jp`: what was asked, and what is said. In names a space is escaped (RFC 4343 2.1),
/// so that the first one stands before the type.
struct Told {
  std::string asked, said;
  bool with_authority = false;
};
Told told_of(std::string detail) {
  Told told;
  const std::size_t space = detail.find(' ');
  const std::size_t comma = detail.find(", ", std::min(space, detail.size()));
  told.asked = detail.substr(0, comma);
  if (comma == std::string::npos) return told;
  told.said = detail.substr(comma + 2);
  constexpr std::string_view authority = " AA";
  if (told.said == authority.substr(1)) {
    told.said.clear();
    told.with_authority = true;
  } else if (told.said.ends_with(authority)) {
    told.said.resize(told.said.size() - authority.size());
    told.with_authority = true;
  }
  return told;
}

DnsWord word_of(Phase phase, const Told& told) {
  DnsWord word;
  for (const SaidRow& row : said_by_phase)
    if (row.phase == phase) word.says = row.says;
  const auto behind = [&](std::string_view begin) {
    return told.said.starts_with(begin) ? told.said.substr(begin.size()) : std::string();
  };
  if (phase == Phase::dns_referral) {
    word.text = behind("ask ");
    if (!word.text.empty()) word.says = DnsSays::ask;
  } else if (phase == Phase::dns_alias) {
    word.text = behind("CNAME ");
    if (!word.text.empty()) word.says = DnsSays::alias;
  } else if (phase == Phase::dns_error && !told.said.empty()) {
    word.says = told.said == "SERVFAIL"  ? DnsSays::failed
                : told.said == "REFUSED" ? DnsSays::refused
                                         : DnsSays::error;
    if (word.says == DnsSays::error) word.text = told.said;
  } else if (phase == Phase::dns_answer && !told.said.empty()) {
    constexpr std::string_view plus = " + ";
    const std::size_t at = told.said.find(plus);
    word.says = DnsSays::address;
    word.text = told.said.substr(0, at);
    if (at != std::string::npos) {
      const char* number = told.said.data() + at + plus.size();
      std::from_chars(number, told.said.data() + told.said.size(), word.more);
    }
  }
  return word;
}

bool same_letters(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

/// Whether a zone lies below another one; both without the last dot.
bool is_below(std::string_view zone, std::string_view above) {
  return zone.size() > above.size() + 1 && zone[zone.size() - above.size() - 1] == '.' &&
         same_letters(zone.substr(zone.size() - above.size()), above);
}

/// Without a dot that is no part of a label: directly below the root.
bool is_top_level(std::string_view zone) {
  for (std::size_t i = 0; i < zone.size(); ++i) {
    if (zone[i] == '.') return false;
    if (zone[i] == '\\') ++i;
  }
  return !zone.empty();
}

/// Without port and brackets.
std::string address_of(std::string text) {
  text = without_port(std::move(text));
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  return text;
}

class Steps {
 public:
  Steps(const Timeline& timeline, std::uint32_t query)
      : timeline_(timeline), query_(query), asked_(timeline.at(EventIndex{query})), text_(text(query)) {}

  DnsStep make() {
    DnsStep step;
    step.server = address_of(text_.to);
    if (asked_.journey == 0) return step;
    const auto answer = find_answer();
    Told told;
    if (answer) {
      step.answer = EventIndex{*answer};
      told = told_of(text(*answer).detail);
      step.word = word_of(timeline_.at(step.answer).phase, told);
    }
    step.zone = zone_of(step, told);
    step.one_of_several = asked_.ordinal > 1 || is_followed();
    return step;
  }

 private:
  EventText text(std::uint32_t event) const {
    return timeline_.source().text(timeline_.at(EventIndex{event}).frame);
  }
  std::uint32_t count() const { return static_cast<std::uint32_t>(timeline_.events().size()); }
  bool is_here(const Event& event) const {
    return event.journey == asked_.journey && event.end == asked_.end && lane_of(event) == Lane::dns;
  }

  /// The first that answers what was asked, from where it was asked.
  std::optional<std::uint32_t> find_answer() const {
    for (std::uint32_t i = query_ + 1; i < count() && i - query_ <= furthest; ++i) {
      const Event& event = timeline_.at(EventIndex{i});
      if (!is_here(event) || !is_answer(event.phase)) continue;
      const EventText answer = text(i);
      if (answer.from == text_.to && answer.to == text_.from &&
          same_letters(told_of(answer.detail).asked, text_.detail))
        return i;
    }
    return std::nullopt;
  }

  /// Whether another question follows.
  bool is_followed() const {
    for (std::uint32_t i = query_ + 1; i < count() && i - query_ <= furthest; ++i) {
      const Event& event = timeline_.at(EventIndex{i});
      if (is_here(event) && event.phase == Phase::dns_query && event.ordinal > asked_.ordinal) return true;
    }
    return false;
  }

  std::string zone_of(const DnsStep& step, const Told& told) const {
    const bool refers = step.word.says == DnsSays::ask;
    if (refers && is_top_level(step.word.text)) return ".";
    if (!refers && !told.with_authority) return {};
    for (std::uint32_t i = query_; i > 0 && query_ - (i - 1) <= furthest; --i) {
      const Event& event = timeline_.at(EventIndex{i - 1});
      if (!is_here(event) || event.phase != Phase::dns_referral) continue;
      const EventText before = text(i - 1);
      const Told referral = told_of(before.detail);
      const DnsWord word = word_of(event.phase, referral);
      if (word.says != DnsSays::ask || !same_letters(referral.asked, text_.detail)) continue;
      if (address_of(before.from) == step.server) return {};
      return refers && !is_below(step.word.text, word.text) ? std::string() : word.text;
    }
    return {};
  }

  const Timeline& timeline_;
  std::uint32_t query_;
  const Event& asked_;
  EventText text_;
};

}  // namespace

std::string without_port(std::string address) {
  const std::size_t colon = address.rfind(':');
  const bool has_port =
      colon != std::string::npos && colon > 0 && (address.find(':') == colon || address[colon - 1] == ']');
  if (has_port) address.resize(colon);
  return address;
}

std::optional<DnsStep> dns_step(const Timeline& timeline, EventIndex query) {
  if (timeline.at(query).phase != Phase::dns_query) return std::nullopt;
  return Steps(timeline, static_cast<std::uint32_t>(query)).make();
}

DnsWord dns_word(const Timeline& timeline, EventIndex answer) {
  const Event& event = timeline.at(answer);
  if (!is_answer(event.phase)) return {};
  return word_of(event.phase, told_of(timeline.source().text(event.frame).detail));
}

std::optional<NeighbourStep> neighbour_step(const Timeline& timeline, EventIndex request) {
  const Event& asked = timeline.at(request);
  const bool arp = asked.phase == Phase::arp_request;
  if ((!arp && asked.phase != Phase::ndp_solicitation) || asked.journey == 0) return std::nullopt;
  NeighbourStep step;
  const auto whom = [&](const Event& event) {
    const EventText text = timeline.source().text(event.frame);
    // NDP asks a group, and says in the message whom (RFC 4861 4.3 and 4.4).
    return !arp ? text.detail : event.phase == Phase::arp_request ? text.to : text.from;
  };
  step.address = whom(asked);
  const Phase answers = arp ? Phase::arp_reply : Phase::ndp_advertisement;
  const auto at = static_cast<std::uint32_t>(request);
  const auto count = static_cast<std::uint32_t>(timeline.events().size());
  for (std::uint32_t i = at + 1; i < count && i - at <= furthest; ++i) {
    const Event& event = timeline.at(EventIndex{i});
    if (event.journey != asked.journey || event.end != asked.end) continue;
    if (step.reply == no_event) {
      if (event.phase != answers) continue;
      if (whom(event) != step.address) continue;
      step.reply = EventIndex{i};
    } else if (lane_of(event) != Lane::arp && is_sent(event)) {
      // The journey waited for this neighbour to send its first packet: who is not the one that is written to
      // carries it on.
      step.is_router =
          !step.address.empty() && address_of(timeline.source().text(event.frame).to) != step.address;
      break;
    }
  }
  return step;
}

}  // namespace humantime::ui
