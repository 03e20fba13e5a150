// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/answer.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "saturating.h"

namespace humantime::ui {
namespace {

constexpr std::uint32_t most_passed = 50'000;
constexpr std::size_t least_letters = 12, quarters = 4;

struct Letter {
  std::optional<std::int64_t> sent_ns, received_ns;
  EventIndex event = no_event;
  std::int64_t left_ns() const { return sent_ns ? *sent_ns : received_ns.value_or(Event::unknown); }
};

Letter letter_of_event(const Event& event, EventIndex index) {
  Letter letter;
  letter.event = index;
  const bool measured = event.other_ns != Event::unknown && (event.flags & Event::estimated) == 0;
  (is_sent(event) ? letter.sent_ns : letter.received_ns) = event.time_ns;
  if (measured) (is_sent(event) ? letter.received_ns : letter.sent_ns) = event.other_ns;
  return letter;
}

std::int64_t median(std::vector<std::int64_t> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

bool are_slower(std::span<const std::int64_t> ways) {
  if (ways.size() < least_letters) return false;
  std::array<std::int64_t, quarters> medians;
  for (std::size_t i = 0; i < quarters; ++i) {
    const std::size_t from = ways.size() * i / quarters, to = ways.size() * (i + 1) / quarters;
    medians[i] = median(
        {ways.begin() + static_cast<std::ptrdiff_t>(from), ways.begin() + static_cast<std::ptrdiff_t>(to)});
    if (i > 0 && medians[i] <= medians[i - 1]) return false;
  }
  return medians.front() > 0 && difference(medians.back(), medians.front()) >= medians.front() / 4;
}

std::optional<Answer> answer_of(const Timeline& timeline, std::uint32_t journey) {
  const JourneySummary* of = timeline.summary(journey);
  if (of == nullptr || of->events == 0 || of->last_event - of->first_event > most_passed ||
      timeline.has_means())
    return std::nullopt;
  std::vector<Letter> letters;
  std::size_t requests = 0, begun = 0, ended = 0;
  for (std::uint32_t i = of->first_event; i <= of->last_event; ++i) {
    const Event& event = timeline.at(EventIndex{i});
    if (event.journey != journey || (event.flags & Event::twin) != 0 || event.time_ns == Event::unknown)
      continue;
    const bool begins = event.phase == Phase::http_response_start,
               ends = event.phase == Phase::http_response_end;
    requests += event.phase == Phase::http_request ? 1 : 0;
    if (requests > 1 || begun > 1) return std::nullopt;
    if (!begins && !ends && event.phase != Phase::http_response_body) continue;
    begun += begins ? 1 : 0;
    bool last = ends;
    EventRecord record;
    if (begins && (event.flags & Event::more_phases) != 0 && timeline.source().read(event.frame, record))
      last = std::any_of(record.marks.begin(), record.marks.end(),
                         [](const PhaseMark& mark) { return mark.phase == Phase::http_response_end; });
    ended += last ? 1 : 0;
    letters.push_back(letter_of_event(event, EventIndex{i}));
  }
  if (requests != 1 || begun != 1 || ended != 1) return std::nullopt;
  std::stable_sort(letters.begin(), letters.end(),
                   [](const Letter& a, const Letter& b) { return a.left_ns() < b.left_ns(); });
  Answer answer;
  answer.letters = letters.size();
  answer.first = letters.front().event;
  answer.last = letters.back().event;
  answer.begin_ns = letters.front().left_ns();
  answer.end_ns = answer.begin_ns;
  std::vector<std::int64_t> ways;
  for (const Letter& letter : letters) {
    answer.end_ns = std::max({answer.end_ns, letter.left_ns(), letter.received_ns.value_or(Event::unknown)});
    if (letter.sent_ns && letter.received_ns)
      ways.push_back(difference(*letter.received_ns, *letter.sent_ns));
  }
  if (letters.size() > 1)
    answer.every_ns = difference(letters.back().left_ns(), letters.front().left_ns()) /
                      static_cast<std::int64_t>(letters.size() - 1);
  const auto way_of = [](const Letter& letter) -> std::optional<std::int64_t> {
    if (!letter.sent_ns || !letter.received_ns) return std::nullopt;
    return difference(*letter.received_ns, *letter.sent_ns);
  };
  answer.first_way_ns = way_of(letters.front());
  answer.last_way_ns = way_of(letters.back());
  answer.last_arrives_ns = letters.back().received_ns;
  // Of some only nothing is told of all.
  answer.slower = ways.size() == letters.size() && are_slower(ways);
  return answer;
}

}  // namespace humantime::ui
