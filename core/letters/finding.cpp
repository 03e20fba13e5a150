// SPDX-License-Identifier: GPL-2.0-or-later
#include "letters/finding.h"

#include <array>
#include <cstdio>

#include "reports/time_text.h"

namespace humantime::letters {
namespace {

struct Row {
  Finding::Kind kind;
  std::string_view token;
  /// {place}, {other}: vantages; {offset}, {precision}, {error}: milliseconds; {ppm}, {count}, {frame}.
  std::string_view english, japanese;
};

constexpr std::array<Row, 9> rows = {{
    {Finding::Kind::clock, "clock",
     "The clock of {place} shows {offset} ms more than that of {other}: ± {precision} ms if both ways take "
     "equally long, ± {error} ms at worst.",
     "{place} の時計は {other} の時計より {offset} ms 進んでいます。往復の所要時間が等しければ ± {precision} "
     "ms、"
     "最悪でも ± {error} ms の精度です。"},
    {Finding::Kind::drift, "drift", "The clock of {place} gains {ppm} ppm on that of {other}.",
     "{place} の時計は {other} の時計に対して {ppm} ppm の割合で進みます。"},
    {Finding::Kind::step, "step", "The clock of {place} was put forward by {offset} ms at frame {frame}.",
     "{place} の時計はフレーム {frame} で {offset} ms 進められました。"},
    {Finding::Kind::contradiction, "contradiction",
     "The clocks of {place} and {other} contradict themselves: packets arrive up to {offset} ms before they "
     "are sent. Times between the two are not to be trusted.",
     "{place} と {other} の時計は矛盾しています。パケットが送信より最大 {offset} ms 早く届いています。"
     "両者の間の時間は信頼できません。"},
    {Finding::Kind::faster_than_light, "faster_than_light",
     "The fastest round trip between {place} and {other} is {offset} ms shorter than light needs for the "
     "distance: check distance_km and the clocks.",
     "{place} と {other} の最短の往復時間は、光がその距離を進む時間より {offset} ms 短くなっています。"
     "distance_km と時計を確認してください。"},
    {Finding::Kind::one_way, "one_way",
     "Packets between {place} and {other} were seen one way only: their clocks cannot be compared, and times "
     "are left as captured.",
     "{place} と {other} の間では片方向のパケットしか記録されていません。時計を比べられないため、"
     "時刻は記録されたままです。"},
    {Finding::Kind::nothing_in_common, "nothing_in_common",
     "{place} and {other} have no packet in common: their clocks cannot be compared.",
     "{place} と {other} に共通するパケットがありません。時計を比べられません。"},
    {Finding::Kind::same_place, "same_place",
     "{place} and {other} show the same packets at the same times: both were captured at one end.",
     "{place} と {other} は同じパケットを同じ時刻に記録しています。どちらも同じ端で記録されたものです。"},
    {Finding::Kind::folded, "folded",
     "{count} packets of {place} stand there twice, as seen at two places: two captures seem to have been "
     "merged into one interface. Merge them again with mergecap -I none, and both ends are told apart.",
     "{place} の {count} 個のパケットが、二つの場所で見たように二度ずつ記録されています。"
     "二つの記録が一つのインターフェースに統合されたようです。mergecap -I none "
     "で統合し直すと両端を区別できます。"},
}};

const Row& row_of(Finding::Kind kind) {
  return rows[static_cast<std::size_t>(kind)];
}

constexpr bool in_order() {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (static_cast<std::size_t>(rows[i].kind) != i) return false;
  return true;
}
static_assert(in_order());

}  // namespace

std::string_view token_of(Finding::Kind kind) {
  return row_of(kind).token;
}

std::string name_of_vantage(std::uint16_t vantage, Language language) {
  return (language == Language::japanese ? "インターフェース " : "interface ") + std::to_string(vantage);
}

std::string sentence_of(const Finding& finding, Language language) {
  std::array<char, 32> ppm;
  std::snprintf(ppm.data(), ppm.size(), "%.1f", finding.rate * 1e6);
  const std::array<std::pair<std::string_view, std::string>, 8> values = {{
      {"{place}", name_of_vantage(finding.place, language)},
      {"{other}", name_of_vantage(finding.other, language)},
      {"{offset}", reports::ms_text(finding.offset_ns)},
      {"{precision}", reports::ms_text(finding.precision_ns)},
      {"{error}", reports::ms_text(finding.error_ns)},
      {"{ppm}", ppm.data()},
      {"{count}", std::to_string(finding.count)},
      {"{frame}", std::to_string(finding.frame)},
  }};
  const Row& row = row_of(finding.kind);
  std::string text(language == Language::japanese ? row.japanese : row.english);
  for (const auto& [name, value] : values)
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
      text.replace(at, name.size(), value);
  // A sentence begins with a capital.
  if (text.starts_with('i')) text[0] = 'I';
  return text;
}

}  // namespace humantime::letters
