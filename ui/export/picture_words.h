// SPDX-License-Identifier: GPL-2.0-or-later
// What is printed around a picture of the year, in the languages that dates are written in: a picture's
// language is its dates' one, whatever the program's.
#pragma once

#include <string_view>

#include "language.h"

namespace humantime::ui {

/// `{0}` stands for what a sentence tells.
struct PictureWords {
  std::string_view title;              ///< {0} the file
  std::string_view scale, one_second;  ///< {0} seconds of the capture
  std::string_view from_capture, from_journey, from_reference;
  std::string_view from_alignment;  ///< {0} what a comparison's rows begin with
  std::string_view letter, estimated, light, trip, segment, spread;
};

inline const PictureWords& picture_words(Language language) {
  static constexpr PictureWords english = {
      .title = "Year Timeline · {0}",
      .scale = "{0} s = 1 year",
      .one_second = "1 s = 1 year",
      .from_capture = "January 1st: the capture's first frame",
      .from_journey = "January 1st: the journey's first frame",
      .from_reference = "January 1st: the time reference",
      .from_alignment = "January 1st: {0}",
      .letter = "a letter, sent (hollow) to received (filled); client above, server below",
      .estimated = "other end estimated",
      .light = "before light can arrive",
      .trip = "round trip, counted",
      .segment = "one line per segment",
      .spread = "mean date, ± one standard deviation, earliest to latest",
  };
  static constexpr PictureWords japanese = {
      .title = "年表 · {0}",
      .scale = "{0}秒 = 1年",
      .one_second = "1秒 = 1年",
      .from_capture = "1月1日：キャプチャの最初のフレーム",
      .from_journey = "1月1日：旅の最初のフレーム",
      .from_reference = "1月1日：時刻の基準",
      .from_alignment = "1月1日：{0}",
      .letter = "手紙、投函（白抜き）から配達（塗り）まで。上端クライアント、下端サーバー",
      .estimated = "相手側は推定",
      .light = "光が届く前",
      .trip = "往復（番号つき）",
      .segment = "1 通に 1 本",
      .spread = "平均の日付、± 標準偏差、最も早い日から最も遅い日まで",
  };
  return language == Language::japanese ? japanese : english;
}

}  // namespace humantime::ui
