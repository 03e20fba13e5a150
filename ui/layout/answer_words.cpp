// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/answer_words.h"

#include <vector>

#include "layout/frame.h"
#include "layout/words.h"
#include "phases.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

constexpr std::size_t most_counted = 20'000;

struct AnswerWords {
  std::string_view one_letter, letters;                ///< {0} how many
  std::string_view count;                              ///< {0} letters, {1} how long between two
  std::string_view one_clause, clause, summer_clause;  ///< {0} how many, {1} how long
  std::string_view slower;                             ///< {0} the first on the way, {1} the last
  std::string_view spaced;                             ///< {0} letters, {1} how long between two
  std::string_view span, spans;                        ///< {0} letters, {1} way in {2} month, {3} in {4}
  std::string_view sent, read, under_way;              ///< {0} how many, {1} date
  std::string_view sent_only, read_only;               ///< {0} how many
  std::string_view last_read, last_one_read;           ///< {0} how many
  std::string_view first_letter, last_letter, only_letter;
  std::string_view acks, acks_sent, acks_received;  ///< {0} how many
  std::string_view acks_sent_received;              ///< {0} how many, {1}
  std::string_view one_question, questions;         ///< {0} how many
  std::string_view end;
  std::string_view last_arrives;  ///< {0} date
};

constexpr AnswerWords english = {
    .one_letter = "one letter of answer",
    .letters = "{0} letters of answer",
    .count = "{0} letters, one every {1}",
    .one_clause = ", and an answer in *one letter*",
    .clause = ", and an answer in *{0} letters* that takes *{1}*",
    .summer_clause = ", and an answer in *{0} letters* that fills the summer",
    .slower = " Letters get slower, *{0}* on the way at first and *{1}* at last: the queue grows.",
    .spaced = "{0}, one every {1}",
    .span = "{0}, {1} on the way",
    .spans = "{0}: {1} on the way in {2}, {3} in {4}",
    .sent = "{0} sent",
    .read = "{0} read",
    .under_way = "{0} on their way on {1}",
    .sent_only = "{0} letters sent",
    .read_only = "{0} letters read",
    .last_read = "the last {0} letters are read",
    .last_one_read = "the last letter is read",
    .first_letter = "first letter of the answer",
    .last_letter = "last letter of the answer",
    .only_letter = "the answer",
    .acks = "{0} ACKs",
    .acks_sent = "{0} ACKs sent",
    .acks_received = "{0} ACKs received",
    .acks_sent_received = "{0} ACKs sent, {1} received",
    .one_question = "one question to DNS",
    .questions = "{0} questions to DNS",
    .end = "end,",
    .last_arrives = "last letter arrives {0}",
};

constexpr AnswerWords japanese = {
    .one_letter = "返事は 1 通",
    .letters = "返事は {0} 通",
    .count = "返事は {0} 通、{1}おき",
    .one_clause = "、返事は *1 通*",
    .clause = "、返事は *{0} 通*で *{1}*",
    .summer_clause = "、返事は *{0} 通*、夏じゅう届く",
    .slower = "手紙はだんだん遅くなる。最初は *{0}*、最後は *{1}*。道の途中に列ができている。",
    .spaced = "{0}、{1}おき",
    .span = "{0}、道のり {1}",
    .spans = "{0}：{2}は道のり {1}、{4}は {3}",
    .sent = "{0} 通投函",
    .read = "{0} 通配達",
    .under_way = "{1}に {0} 通が道の途中",
    .sent_only = "{0} 通投函",
    .read_only = "{0} 通配達",
    .last_read = "残りの {0} 通を読む",
    .last_one_read = "最後の手紙を読む",
    .first_letter = "返事の最初の手紙",
    .last_letter = "返事の最後の手紙",
    .only_letter = "返事",
    .acks = "ACK {0} 通",
    .acks_sent = "ACK {0} 通投函",
    .acks_received = "ACK {0} 通配達",
    .acks_sent_received = "ACK {0} 通投函、{1} 通配達",
    .one_question = "DNS へ 1 回",
    .questions = "DNS へ {0} 回",
    .end = "おわり",
    .last_arrives = "最後の手紙が届く、{0}",
};

const AnswerWords& words_for(Language language) {
  return language == Language::japanese ? japanese : english;
}

bool is_of_answer(Phase phase) {
  return phase == Phase::http_response_start || phase == Phase::http_response_body ||
         phase == Phase::http_response_end;
}

std::string length_of(std::int64_t ns, const View& view) {
  return length_text(stretch(Nanoseconds{ns}, view.scale), view.language);
}

Date date_at(const Timeline& timeline, const View& view, std::int64_t ns) {
  return date_of(stretched(ns, origin_of(timeline, view).value_or(0), view.scale));
}

/// From June 1st or before until August 31st or later of one year.
bool fills_the_summer(const Date& begin, const Date& end) {
  return begin.year == end.year && (begin.month < 6 || (begin.month == 6 && begin.day == 1)) &&
         (end.month > 8 || (end.month == 8 && end.day == 31));
}

void count(LetterTally& tally, const PageRow& row, const Event& event) {
  const bool measured = event.other_ns != Event::unknown && (event.flags & Event::estimated) == 0;
  const bool sends = is_sent(event);
  const std::int64_t sent = sends ? event.time_ns : measured ? event.other_ns : Event::unknown;
  const std::int64_t read = !sends ? event.time_ns : measured ? event.other_ns : Event::unknown;
  const auto here = [&](std::int64_t ns) {
    return ns != Event::unknown && ns >= row.begin_ns && ns < row.end_ns;
  };
  tally.sent_seen |= sent != Event::unknown;
  tally.read_seen |= read != Event::unknown;
  tally.sent += here(sent) ? 1 : 0;
  tally.read += here(read) ? 1 : 0;
  tally.to_come += sent != Event::unknown && sent >= row.end_ns ? 1 : 0;
  tally.on_the_way += measured && sent < row.end_ns && read >= row.end_ns ? 1 : 0;
}

}  // namespace

std::optional<LetterTally> tally_of(const Timeline& timeline, const LaneIndex& lane, const PageRow& row) {
  if (lane.marks.size() + lane.segments.size() > most_counted) return std::nullopt;
  LetterTally tally;
  for (const TimeIndex* index : {&lane.marks, &lane.segments}) {
    for (std::size_t i = 0; i < index->size(); ++i) {
      const Event& event = timeline.at(EventIndex{index->event_at(i)});
      if (event.time_ns == Event::unknown || (event.flags & Event::twin) != 0) continue;
      if (is_of_answer(event.phase))
        count(tally, row, event);
      else if (index == &lane.segments && event.time_ns >= row.begin_ns && event.time_ns < row.end_ns)
        tally.only_answers = false;
    }
  }
  return tally;
}

std::string tally_text(const LetterTally& tally, const PageRow& row, Language language) {
  const AnswerWords& words = words_for(language);
  if (!tally.only_answers || tally.sent + tally.read < 2) return {};
  const std::string sent = counted(tally.sent), read = counted(tally.read);
  if (!tally.read_seen) return filled(words.sent_only, {sent});
  if (!tally.sent_seen) return filled(words.read_only, {read});
  if (tally.sent == 0 && tally.on_the_way == 0 && tally.to_come == 0)
    return tally.read == 1 ? std::string(words.last_one_read) : filled(words.last_read, {read});
  // What is none is not counted.
  std::string text;
  const auto add = [&](std::size_t number, std::string_view part, const std::string& date) {
    if (number > 0)
      text.append(text.empty() ? "" : words_of(language).comma).append(filled(part, {counted(number), date}));
  };
  StretchedTime last = row.start;
  last.seconds = sum(last.seconds, row.seconds - 1);
  add(tally.sent, words.sent, {});
  add(tally.read, words.read, {});
  add(tally.on_the_way, words.under_way, day_text(date_of(last), language));
  return text;
}

std::string acks_text(const Timeline& timeline, const LaneIndex& lane, const PageRow& row, std::size_t sent,
                      std::size_t received, bool directed, Language language) {
  const TimeIndex::Events events = timeline.events();
  const std::size_t begin = lane.segments.lower_bound(events, row.begin_ns);
  const std::size_t end = lane.segments.lower_bound(events, row.end_ns, begin);
  if (end - begin > most_counted) return {};
  for (std::size_t i = begin; i < end; ++i)
    if (events[lane.segments.event_at(i)].phase != Phase::tcp_ack) return {};
  const AnswerWords& words = words_for(language);
  if (!directed) return filled(words.acks, {counted(sent + received)});
  const std::string_view wording = received == 0 ? words.acks_sent
                                   : sent == 0   ? words.acks_received
                                                 : words.acks_sent_received;
  return filled(wording, {counted(sent == 0 ? received : sent), counted(received)});
}

std::string answer_count(const Answer& answer, const View& view) {
  if (answer.letters < 2) return {};
  return filled(words_for(view.language).count, {counted(answer.letters), length_of(answer.every_ns, view)});
}

std::string answer_clause(const Timeline& timeline, const Answer& answer, const View& view,
                          std::int64_t length_ns) {
  const AnswerWords& words = words_for(view.language);
  if (answer.letters == 1) return std::string(words.one_clause);
  const bool summer =
      fills_the_summer(date_at(timeline, view, answer.begin_ns), date_at(timeline, view, answer.end_ns));
  if (length_ns <= 0) length_ns = difference(answer.end_ns, answer.begin_ns);
  return filled(summer ? words.summer_clause : words.clause,
                {counted(answer.letters), length_of(length_ns, view)});
}

std::string letters_of_answer(const Answer& answer, Language language) {
  const AnswerWords& words = words_for(language);
  return answer.letters == 1 ? std::string(words.one_letter)
                             : filled(words.letters, {counted(answer.letters)});
}

std::string slower_sentence(const Answer& answer, const View& view) {
  if (!answer.slower || !answer.first_way_ns || !answer.last_way_ns ||
      *answer.last_way_ns <= *answer.first_way_ns)
    return {};
  return filled(words_for(view.language).slower,
                {length_of(*answer.first_way_ns, view), length_of(*answer.last_way_ns, view)});
}

std::vector<std::string> answer_spans(const Timeline& timeline, const Answer& answer, const View& view) {
  const AnswerWords& words = words_for(view.language);
  const std::string letters = letters_of_answer(answer, view.language);
  std::vector<std::string> made;
  if (answer.first_way_ns && answer.last_way_ns && answer.letters > 1) {
    const std::string first = length_of(*answer.first_way_ns, view),
                      last = length_of(*answer.last_way_ns, view);
    const auto month = [&](EventIndex event) {
      const Event& of = timeline.at(event);
      return std::string(
          words_of(view.language)
              .long_months[date_at(timeline, view, std::min(of.time_ns, of.other_ns)).month - 1]);
    };
    if (answer.slower)
      made.push_back(filled(words.spans, {letters, first, month(answer.first), last, month(answer.last)}));
  }
  if (!answer.slower && answer.letters > 1)
    made.push_back(filled(words.spaced, {letters, length_of(answer.every_ns, view)}));
  if (answer.first_way_ns && answer.letters == 1)
    made.push_back(filled(words.span, {letters, length_of(*answer.first_way_ns, view)}));
  made.push_back(letters);
  return made;
}

std::string letter_name(Phase phase, std::string name, Language language) {
  const AnswerWords& words = words_for(language);
  const std::string_view message = label_of(phase, language);
  if (!name.starts_with(message)) return name;
  const std::string both =
      std::string(message) + " … " + std::string(label_of(Phase::http_response_end, language));
  if (phase == Phase::http_response_start && name.starts_with(both))
    return std::string(words.only_letter) + name.substr(both.size());
  if (phase == Phase::http_response_start)
    return std::string(words.first_letter) + name.substr(message.size());
  if (phase == Phase::http_response_end) return std::string(words.last_letter) + name.substr(message.size());
  return name;
}

std::string in_letters(std::string text, Language language) {
  const AnswerWords& words = words_for(language);
  for (const auto& [phase, letter] : {std::pair(Phase::http_response_start, words.first_letter),
                                      std::pair(Phase::http_response_end, words.last_letter)}) {
    const std::string_view message = label_of(phase, language);
    if (const std::size_t at = text.find(message); at != std::string::npos)
      text.replace(at, message.size(), letter);
  }
  return text;
}

std::string questions_text(std::size_t count, Language language) {
  const AnswerWords& words = words_for(language);
  return count == 1 ? std::string(words.one_question) : filled(words.questions, {counted(count)});
}

std::string_view end_word(Language language) {
  return words_for(language).end;
}

std::string last_letter_text(const Date& date, Language language) {
  return filled(words_for(language).last_arrives, {day_text(date, language)});
}

}  // namespace humantime::ui
