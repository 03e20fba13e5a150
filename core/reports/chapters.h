// SPDX-License-Identifier: GPL-2.0-or-later
// The chapters of a journey, as the diary and the story divide it.
#pragma once

#include <span>
#include <string_view>

#include "language.h"
#include "phases.h"

namespace humantime::reports {

/// A chapter: the stages that it tells of, its title, and for the story a title and a few words for readers
/// who know no networks.
struct Chapter {
  std::span<const Stage> stages;
  std::string_view english, japanese;
  std::string_view story_english, story_japanese;
  std::string_view opening_english, opening_japanese;

  std::string_view title(Language language) const {
    return language == Language::japanese ? japanese : english;
  }
  std::string_view story_title(Language language) const {
    return language == Language::japanese ? story_japanese : story_english;
  }
  std::string_view opening(Language language) const {
    return language == Language::japanese ? opening_japanese : opening_english;
  }
};

/// The chapter that goes on, or begins, with an event of `stage`; `current` is null at the beginning. A
/// chapter does not go back to an earlier one for a straggler (the handshake's last letter arrives when the
/// next chapter has begun at the other end), only from the farewell: a response may follow the client's.
const Chapter& chapter_of(Stage stage, const Chapter* current);

}  // namespace humantime::reports
