// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/summary.h"

#include <algorithm>

#include "layout/answer_words.h"
#include "layout/letters_frame.h"
#include "layout/words.h"
#include "model/round_trips.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

std::string length_of(std::int64_t ns, const View& view) {
  return length_text(stretch(Nanoseconds{ns}, view.scale), view.language);
}

}  // namespace

std::optional<LightShare> light_share_of(const Timeline& timeline, const View& view, std::uint32_t journey) {
  const JourneySummary* of = timeline.summary(journey);
  if (of == nullptr || of->first_ns == Event::unknown || !view.light_ns || *view.light_ns <= 0)
    return std::nullopt;
  LightShare share;
  share.ways = 2 * round_trips_of(timeline, journey).size();
  if (share.ways == 0) return std::nullopt;
  if (__builtin_mul_overflow(*view.light_ns, static_cast<std::int64_t>(share.ways), &share.distance_ns))
    return std::nullopt;
  // Less than light needs: a clock or the distance is wrong, and there is no rest.
  share.rest_ns =
      std::max<std::int64_t>(0, difference(difference(of->last_ns, of->first_ns), share.distance_ns));
  return share;
}

std::string light_sentence(const Timeline& timeline, const View& view, std::uint32_t journey) {
  if (!view.light_ns || *view.light_ns <= 0) return {};
  const Words& words = words_of(view.language);
  const std::string way = length_of(*view.light_ns, view);
  const auto share = light_share_of(timeline, view, journey);
  if (!share) return filled(words.light, {way});
  return filled(words.distance, {way, counted(share->ways), length_of(share->distance_ns, view),
                                 length_of(share->rest_ns, view)});
}

std::string trips_sentence(const Timeline& timeline, const View& view) {
  const Words& words = words_of(view.language);
  const std::uint32_t journey = journey_in(timeline, view);
  std::string text;
  const std::vector<RoundTrip> trips = round_trips_of(timeline, journey);
  if (journey == 0 && timeline.last_journey() > 1) text = words.choose_journey;
  if (!trips.empty()) {
    const bool answered = trips.back().kind == TripKind::request;
    const std::size_t before = trips.size() - (answered ? 1 : 0);
    const std::string count =
        before == 1 ? std::string(words.round_trip) : filled(words.round_trips, {std::to_string(before)});
    text = filled(answered ? words.trips_total : words.trips_only, {count});
    if (answered) {
      const auto answer = answer_of(timeline, journey);
      if (answer) text.append(words.comma).append(letters_of_answer(*answer, view.language));
      text.append(words.sentence_end);
      if (answer) text.append(slower_sentence(*answer, view));
    }
  }
  const ClockUncertainty clocks = clock_uncertainty_of(timeline, journey);
  // How far the clocks of several captures are off at worst is not averaged.
  if (clocks.precision_ns > 0 && !timeline.has_means())
    text += filled(words.clocks, {length_of(clocks.precision_ns, view), length_of(clocks.error_ns, view)});
  return text + light_sentence(timeline, view, journey);
}

void write_sentence(const Drawing& d, std::string_view sentence, double x, double y, double right) {
  bool bold = false;
  while (!sentence.empty()) {
    const std::size_t star = std::min(sentence.find('*'), sentence.size());
    const std::string_view part = sentence.substr(0, star);
    if (!part.empty()) {
      const TextStyle style = bold ? TextStyle::body_bold : TextStyle::body;
      const double width = d.text_width(part, style);
      if (x + width > right) return;
      d.text(std::string(part), x, y, style, Ink::text);
      x += width;
    }
    sentence.remove_prefix(std::min(star + 1, sentence.size()));
    bold = !bold;
  }
}

}  // namespace humantime::ui
