// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/dialogue_words.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "layout/words.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

constexpr std::size_t most_characters = 40;

struct DialogueWords {
  std::string_view numbered;              ///< {0} which question of DNS
  std::string_view asks_of;               ///< {0} DNS, {1} whom
  std::string_view within, says, answer;  ///< {0} what, {1} how long or which words
  std::string_view quoted;                ///< {0}
  std::string_view root;
  std::array<std::string_view, 11> says_of;  ///< by DnsSays: {0} its text
  std::string_view brief_address, more;      ///< {0} address, {1} how many more
  std::string_view where_is_router, who_is;  ///< {0} protocol, {1} address
};

constexpr DialogueWords english = {
    .numbered = "DNS {0}",
    .asks_of = "{0} → {1}",
    .within = "{0}, {1}",
    .says = "{0}: {1}",
    .answer = "DNS: {0}",
    .quoted = "“{0}”",
    .root = "root",
    .says_of = {"", "ask {0}", "the address is {0}", "see {0}", "", "no such record", "no such name",
                "too long, ask over TCP", "I have failed", "I refuse", "error: {0}"},
    .brief_address = "{0}",
    .more = "{0} and {1} more",
    .where_is_router = "{0}: where is the router?",
    .who_is = "{0}: who is {1}?",
};

constexpr DialogueWords japanese = {
    .numbered = "DNS {0}",
    .asks_of = "{0} → {1}",
    .within = "{0}、{1}",
    .says = "{0}：{1}",
    .answer = "DNS：{0}",
    .quoted = "「{0}」",
    .root = "ルート",
    .says_of = {"", "{0} に聞け", "住所は {0}", "{0} を見よ", "", "その記録はない", "その名前はない",
                "長すぎる、TCP で聞け", "答えに失敗", "お断り", "エラー：{0}"},
    .brief_address = "{0}",
    .more = "{0} ほか {1} 件",
    .where_is_router = "{0}：ポスト（ルーター）はどこ？",
    .who_is = "{0}：{1} は誰？",
};

const DialogueWords& dialogue_words(Language language) {
  return language == Language::japanese ? japanese : english;
}

/// A name of the capture, no longer than a label bears. It is escaped: a character is a byte.
std::string bounded(std::string text) {
  if (text.size() <= most_characters) return text;
  std::size_t cut = most_characters - 1;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0U) == 0x80U) --cut;
  text.resize(cut);
  return text + "…";
}

std::string text_of(const DnsWord& word, Language language, bool brief) {
  const DialogueWords& words = dialogue_words(language);
  std::string text = bounded(word.text);
  if (word.more > 0) text = filled(words.more, {text, counted(word.more)});
  const bool short_address = brief && word.says == DnsSays::address;
  text = filled(short_address ? words.brief_address : words.says_of[static_cast<std::size_t>(word.says)],
                {text});
  return text.empty() ? text : filled(words.quoted, {text});
}

std::string whom(const DnsStep& step, Language language) {
  const std::string zone = zone_text(step, language);
  return zone.empty() ? bounded(step.server) : zone;
}

/// `DNS 2 → jp`.
std::string asks(const Timeline& timeline, EventIndex query, const DnsStep& step, Language language) {
  const DialogueWords& words = dialogue_words(language);
  const std::string name =
      step.one_of_several ? filled(words.numbered, {std::to_string(timeline.at(query).ordinal)}) : "DNS";
  const std::string of = whom(step, language);
  return of.empty() ? name : filled(words.asks_of, {name, of});
}

std::string with_length(std::string text, std::int64_t length_ns, const View& view) {
  if (length_ns <= 0) return text;
  return filled(dialogue_words(view.language).within,
                {text, length_text(stretch(Nanoseconds{length_ns}, view.scale), view.language)});
}

std::vector<std::string> neighbour_wordings(const Timeline& timeline, const View& view, EventIndex event) {
  const auto step = neighbour_step(timeline, event);
  if (!step || step->address.empty()) return {};
  const DialogueWords& words = dialogue_words(view.language);
  const std::string protocol = timeline.at(event).phase == Phase::arp_request ? "ARP" : "NDP";
  std::string text = step->is_router ? filled(words.where_is_router, {protocol})
                                     : filled(words.who_is, {protocol, bounded(step->address)});
  if (step->reply == no_event) return {text};
  const std::int64_t length = difference(timeline.at(step->reply).time_ns, timeline.at(event).time_ns);
  // A question is no clause: its length stands behind it without a comma.
  const std::string within =
      length <= 0 ? text : text + " " + length_text(stretch(Nanoseconds{length}, view.scale), view.language);
  return {within, text};
}

/// A question that was sent beside this one, to the same server within a millisecond, and got an address.
std::optional<EventIndex> answered_beside(const Timeline& timeline, EventIndex query) {
  constexpr std::uint32_t furthest = 4;
  constexpr std::int64_t at_once_ns = 1'000'000;
  const Event& own = timeline.at(query);
  const auto at = static_cast<std::uint32_t>(query);
  const auto count = static_cast<std::uint32_t>(timeline.events().size());
  const std::string server = timeline.source().text(own.frame).to;
  for (std::uint32_t i = at > furthest ? at - furthest : 0; i < count && i <= at + furthest; ++i) {
    const Event& event = timeline.at(EventIndex{i});
    if (i == at || event.phase != Phase::dns_query || event.journey != own.journey || event.end != own.end)
      continue;
    if (std::abs(difference(event.time_ns, own.time_ns)) > at_once_ns) continue;
    if (timeline.source().text(event.frame).to != server) continue;
    if (const auto step = dns_step(timeline, EventIndex{i}); step && step->word.says == DnsSays::address)
      return EventIndex{i};
  }
  return std::nullopt;
}

std::vector<std::string> dns_wordings(const Timeline& timeline, const View& view, EventIndex event,
                                      std::int64_t length_ns) {
  const EventIndex asked = event;
  auto step = dns_step(timeline, event);
  if (!step || timeline.at(event).journey == 0) return {};
  // For a name both families of addresses are asked at once: the question that was answered with one speaks.
  if (step->word.says != DnsSays::address && step->word.says != DnsSays::ask) {
    if (const auto other = answered_beside(timeline, event)) {
      step = dns_step(timeline, *other);
      event = *other;
    }
  }
  // A label may speak for several that went at once, of which one was longer on its way.
  const bool there_and_back = (timeline.at(event).flags & Event::estimated) != 0 || event != asked;
  if (length_ns > 0 && step->answer != no_event && there_and_back)
    length_ns =
        std::max<std::int64_t>(difference(timeline.at(step->answer).time_ns, timeline.at(event).time_ns), 0);
  const DialogueWords& words = dialogue_words(view.language);
  const std::string question = asks(timeline, event, *step, view.language);
  std::vector<std::string> made;
  const auto add = [&](std::string text) {
    if (made.empty() || made.back() != text) made.push_back(std::move(text));
  };
  for (const bool brief : {false, true})
    if (const std::string word = text_of(step->word, view.language, brief); !word.empty())
      add(filled(words.says, {with_length(question, length_ns, view), word}));
  if (const std::string word = text_of(step->word, view.language, true); !word.empty())
    add(filled(words.says, {question, word}));
  add(with_length(question, length_ns, view));
  add(question);
  return made;
}

}  // namespace

std::string zone_text(const DnsStep& step, Language language) {
  return step.zone == "." ? std::string(dialogue_words(language).root) : bounded(step.zone);
}

std::string dns_word_text(const DnsWord& word, Language language) {
  return text_of(word, language, false);
}

std::vector<std::string> question_wordings(const Timeline& timeline, const View& view, EventIndex event,
                                           std::int64_t length_ns) {
  if (timeline.spread(event) != nullptr) return {};
  std::vector<std::string> made = neighbour_wordings(timeline, view, event);
  return made.empty() ? dns_wordings(timeline, view, event, length_ns) : made;
}

std::string dialogue_name(const Timeline& timeline, const View& view, EventIndex event) {
  if (timeline.spread(event) != nullptr || timeline.at(event).journey == 0) return {};
  if (const auto step = dns_step(timeline, event)) return asks(timeline, event, *step, view.language);
  const std::string word = text_of(dns_word(timeline, event), view.language, true);
  return word.empty() ? word : filled(dialogue_words(view.language).answer, {word});
}

}  // namespace humantime::ui
