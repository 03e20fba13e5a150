// SPDX-License-Identifier: GPL-2.0-or-later
// An answer in words: how many letters, how far apart, and what of them is sent, on the way and read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "layout/page.h"
#include "layout/view.h"
#include "model/answer.h"
#include "model/timeline.h"

namespace humantime::ui {

/// What of the answers' letters happens in a row, all of them counted.
struct LetterTally {
  std::size_t sent = 0, read = 0;
  std::size_t on_the_way = 0;                 ///< at the row's end
  std::size_t to_come = 0;                    ///< leave later
  bool sent_seen = false, read_seen = false;  ///< whether leaving and arriving are known of any letter
  bool only_answers = true;                   ///< no other event of the lane that is counted, not marked
};
/// Of a lane's index. Nothing is counted where it has more than 20,000 events.
std::optional<LetterTally> tally_of(const Timeline& timeline, const LaneIndex& lane, const PageRow& row);
/// `15 sent, 9 read, 8 on their way on May 31`; empty where there is nothing to be said of answers alone.
std::string tally_text(const LetterTally& tally, const PageRow& row, Language language);

/// `41 ACKs sent, 41 received` where a lane's segments of a row are nothing else; empty where they are, and
/// of more than 20,000.
std::string acks_text(const Timeline& timeline, const LaneIndex& lane, const PageRow& row, std::size_t sent,
                      std::size_t received, bool directed, Language language);

/// `71 letters, one every 1 d 23 h`; empty of a single one.
std::string answer_count(const Answer& answer, const View& view);
/// `, and an answer in 71 letters that fills the summer`: what a sentence on a fetch ends with.
/// `length_ns` is how long the client read it; 0: as long as it was on the way, from the first leaving to the
/// last arriving.
std::string answer_clause(const Timeline& timeline, const Answer& answer, const View& view,
                          std::int64_t length_ns);
/// `71 letters of answer`, for a sentence on letters.
std::string letters_of_answer(const Answer& answer, Language language);
/// That they get slower, as a sentence with a space before it; empty where that is not so.
std::string slower_sentence(const Answer& answer, const View& view);
/// `71 letters of answer: 12 d 16 h on the way in May, 47 d in September`, and shorter ones.
std::vector<std::string> answer_spans(const Timeline& timeline, const Answer& answer, const View& view);
/// What a letter with a phase of an answer is called, from the name that it has as a message.
std::string letter_name(Phase phase, std::string name, Language language);
/// The same wherever in a text the messages are named.
std::string in_letters(std::string text, Language language);
/// `3 questions to DNS`.
std::string questions_text(std::size_t count, Language language);
/// `end,` and the date.
std::string_view end_word(Language language);
/// `last letter arrives Oct 30`.
std::string last_letter_text(const Date& date, Language language);

}  // namespace humantime::ui
