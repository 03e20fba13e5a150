// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/words.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace humantime::ui {
namespace {

constexpr Words english = {
    .months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
    .long_months = {"January", "February", "March", "April", "May", "June", "July", "August", "September",
                    "October", "November", "December"},
    .year = "Year {0}",
    .years = "Years {0} to {1}",
    .month_of_year = "{0}, year {1}",
    .day = "{0} {1}",
    .events = "{0} events",
    .one_event = "1 event",
    .segments = "{0} segments",
    .segments_sent_received = "{0} segments sent, {1} received",
    .one_segment_sent_received = "1 segment sent, {1} received",
    .segments_sent = "{0} segments sent",
    .segments_received = "{0} segments received",
    .share_of_way = "{0} % of the way at {1}",
    .light_share = "; light {0} %",
    .midnight = "midnight",
    .just_on_the_way = "{0} on the way",
    .sets_off = "{0} sets off",
    .in_its_last = "{0}, in its last {1}: {2} % of the way",
    .answer_after = "{0}, answer after {1}",
    .segments_on_the_way = "{0} segments on the way",
    .light_there = "light would be there on {0}",
    .light_brief = "light {0}",
    .light_there_at = "light would be there at {0}",
    .sent_before = "← sent by the {0} {1}",
    .there_after = "there on {0} →",
    .begin = "{0} begin",
    .sent = "{0} sent",
    .received = "{0} received",
    .client = "client",
    .router = "router",
    .name_servers = "name servers",
    .server = "server",
    .middle = "on the way",
    .fetch_total = "One fetch of {2} took *{0}* ({1})",
    .fetch_trips = ": *{0}*",
    .fetch_light = ", for which light alone needs *{0}*",
    .fetch_answer = ", and an answer that takes *{0}*",
    .sentence_end = ".",
    .no_more_letters = "No more letters. The last, {0}, is dated {1}, {2} ({3}) after the first.",
    .next_letter = "The next letter is in year {0}.",
    .page_spans = {"this month", "today", "in this hour", "in this minute"},
    .nothing_here = "At the {0}, nothing arrives {1}: its next letter is the {2} on {3}.",
    .nothing_goes = "At the {0}, nothing happens {1}: its next letter, the {2}, sets off on {3}.",
    .nothing_at_all = "Nothing sets off and nothing arrives {0}. Next: {1} on {2}.",
    .inside_client = "{0} inside the client",
    .inside_server = "{0} inside the server",
    .with_client = "{0} with the client",
    .with_server = "{0} with the server",
    .until_client_writes = "{0} until the client writes again",
    .until_server_writes = "{0} until the server writes again",
    .with_real = "{0} ({1})",
    .client_sends_nothing = "{0} with the client, nothing is sent",
    .server_sends_nothing = "{0} with the server, nothing is sent",
    .day_parts = {"night", "morning", "afternoon", "evening"},
    .page_total = "*{0} journeys* in {2}, {1} packets.",
    .years_total = "*{0} journeys* in {1} years. Each column is as high as the stages in progress.",
    .light = " Light alone needs *{0}* for each way.",
    .frame = "{0} ms, frame {1}",
    .arrives = "there on {0}",
    .left = "sent on {0}",
    .on_the_way = "{0}, {1} on the way",
    .of_the_capture = "{0} to {1} ms of the capture",
    .event_line = "{0}, {1}{2}{3}",
    .client_to_server = ", client to server",
    .server_to_client = ", server to client",
    .sent_on = ", sent {0}",
    .received_on = ", received {0}",
    .seen_on = ", {0}",
    .estimated = " (estimated)",
    .row_events = "{0}, {1}",
    .begin_on = "{0} journeys begin on {1}",
    .comma = ", ",
    .trips = {"tunnel", "TCP", "QUIC", "TLS hellos", "TLS retry", "TLS keys", "proxy", "HTTP"},
    .round_trip = "1 round trip",
    .round_trips = "{0} round trips",
    .trips_total = "*{0}* before the question may be asked, *one* to ask it",
    .trips_only = "*{0}*, and no answer to a question.",
    .choose_journey = "Choose a journey to count its round trips.",
    .distance = " Distance, {1} ways at the speed of light: *{2}*; the rest: *{3}*.",
    .clocks = " Clocks ± {0} if both ways are alike, ± {1} at worst.",
    .letters_more = "{0} letters more, one every {1}",
    .light_in_fibre = "light in fibre",
    .bytes = "{0} bytes",
    .packet = "{0} bytes: {1}",
    .more = "{0} more",
    .trip_line = "round trip {0}, {1}, {2}",
    .dates = "{0} – {1}",
    .mean_of = "mean of {0}, ± {1}",
    .mean_of_journeys = "mean of {0} journeys",
    .arrives_within = "{0}, arrives ± {1}",
    .answered_within = "{0}, answer ± {1}",
    .with_deviation = "{0} ± {1}",
    .mean_total =
        "On average the fetch ends on *{0}*, ± {1} (one standard deviation); the earliest on {2}, "
        "the latest on {3}.",
};

constexpr Words japanese = {
    .months = {"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"},
    .long_months = {"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"},
    .year = "{0}年目",
    .years = "{0}年目から{1}年目",
    .month_of_year = "{1}年目 {0}",
    .day = "{0}{1}日",
    .events = "{0} 件の出来事",
    .one_event = "1 件の出来事",
    .segments = "{0} 通",
    .segments_sent_received = "{0} 通送信、{1} 通受信",
    .one_segment_sent_received = "1 通送信、{1} 通受信",
    .segments_sent = "{0} 通送信",
    .segments_received = "{0} 通受信",
    .share_of_way = "{1}に道のりの {0} %",
    .light_share = "、光なら {0} %",
    .midnight = "午前0時",
    .just_on_the_way = "{0}、移動中",
    .sets_off = "{0}、出発",
    .in_its_last = "{0}、残り{1}（道のりの {2} %）",
    .answer_after = "{0}、応答まで {1}",
    .segments_on_the_way = "{0} 通が移動中",
    .light_there = "光なら{0}に到着",
    .light_brief = "光 {0}",
    .light_there_at = "光なら{0}に到着",
    .sent_before = "← {0}が{1}に送信",
    .there_after = "到着は{0} →",
    .begin = "{0} 件開始",
    .sent = "{0} 送信",
    .received = "{0} 受信",
    .client = "クライアント",
    .router = "ルーター",
    .name_servers = "DNS サーバー",
    .server = "サーバー",
    .middle = "途中",
    .fetch_total = "{2} の取得に *{0}*（{1}）",
    .fetch_trips = "。うち *{0}*",
    .fetch_light = "（光だけなら *{0}*）",
    .fetch_answer = "、レスポンスに *{0}*",
    .sentence_end = "。",
    .no_more_letters = "手紙はここまで。最後は{1}の {0}、最初の手紙から{2}（{3}）。",
    .next_letter = "次の手紙は{0}年目。",
    .page_spans = {"今月", "今日", "この1時間", "この1分"},
    .nothing_here = "{0}には{1}何も届かない。次に届くのは{3}の {2}。",
    .nothing_goes = "{0}では{1}何も起こらない。次に送るのは{3}の {2}。",
    .nothing_at_all = "{0}は何も送られず、何も届かない。次は{2}の {1}。",
    .inside_client = "クライアントの中で{0}",
    .inside_server = "サーバーの中で{0}",
    .with_client = "クライアントの手元に{0}",
    .with_server = "サーバーの手元に{0}",
    .until_client_writes = "クライアントが次に送るまで{0}",
    .until_server_writes = "サーバーが次に送るまで{0}",
    .with_real = "{0}（{1}）",
    .client_sends_nothing = "{0}、クライアントは何も送らない",
    .server_sends_nothing = "{0}、サーバーは何も送らない",
    .day_parts = {"夜", "午前", "午後", "晩"},
    .page_total = "{2} のあいだに *旅 {0} 件*、パケット {1} 個。",
    .years_total = "{1} 年のあいだに *旅 {0} 件*。柱の高さは同時に進行中の段階の数。",
    .light = "光だけなら片道 *{0}*。",
    .frame = "{0} ms、フレーム {1}",
    .arrives = "到着は{0}",
    .left = "送信は{0}",
    .on_the_way = "{0}、道のり {1}",
    .of_the_capture = "キャプチャの {0}–{1} ms",
    .event_line = "{0}、{1}{2}{3}",
    .client_to_server = "、クライアントからサーバーへ",
    .server_to_client = "、サーバーからクライアントへ",
    .sent_on = "、{0} 送信",
    .received_on = "、{0} 受信",
    .seen_on = "、{0}",
    .estimated = "（推定）",
    .row_events = "{0}、{1}",
    .begin_on = "{1}に旅が {0} 件始まる",
    .comma = "、",
    .trips = {"トンネル", "TCP", "QUIC", "TLS ハロー", "TLS やり直し", "TLS 鍵", "プロキシ", "HTTP"},
    .round_trip = "1 往復",
    .round_trips = "{0} 往復",
    .trips_total = "質問できるまでに *{0}*、質問と答えに *1 往復*",
    .trips_only = "*{0}*、質問への答えなし。",
    .choose_journey = "往復を数えるには、旅を一つ選んでください。",
    .distance = "距離（光の速さで片道 {1} 回）が *{2}*、残りが *{3}*。",
    .clocks = "時計の誤差は、往路と復路が同じなら ± {0}、最悪で ± {1}。",
    .letters_more = "あと {0} 通、{1} に 1 通",
    .light_in_fibre = "ファイバー中の光",
    .bytes = "{0} バイト",
    .packet = "{0} バイト：{1}",
    .more = "ほか {0} 件",
    .trip_line = "{0} 往復目、{1}、{2}",
    .dates = "{0}–{1}",
    .mean_of = "{0} 回の平均、± {1}",
    .mean_of_journeys = "{0} 回の通信の平均",
    .arrives_within = "{0}、到着 ± {1}",
    .answered_within = "{0}、応答 ± {1}",
    .with_deviation = "{0} ± {1}",
    .mean_total = "平均では *{0}* に終わる（標準偏差 ± {1}）。最も早くて {2}、最も遅くて {3}。",
};

}  // namespace

const Words& words_of(Language language) {
  return language == Language::japanese ? japanese : english;
}

std::string filled(std::string_view text, std::initializer_list<std::string_view> arguments) {
  std::string made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool place = text[i] == '{' && i + 2 < text.size() && text[i + 2] == '}';
    const auto argument = place ? static_cast<std::size_t>(text[i + 1] - '0') : arguments.size();
    if (argument < arguments.size()) {
      made += arguments.begin()[argument];
      i += 2;
    } else {
      made += text[i];
    }
  }
  return made;
}

std::string counted(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t i = text.size(); i > 3;) text.insert(i -= 3, ",");
  return text;
}

std::string clock_text(const Date& date, Language language) {
  std::array<char, 48> text;
  const int size = language == Language::japanese
                       ? std::snprintf(text.data(), text.size(), "%s%d時%02d分",
                                       date.hour < 12 ? "午前" : "午後", date.hour % 12, date.minute)
                       : std::snprintf(text.data(), text.size(), "%02d:%02d", date.hour, date.minute);
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string day_text(const Date& date, Language language) {
  const Words& words = words_of(language);
  return filled(words.day, {words.months[date.month - 1], std::to_string(date.day)});
}

std::string date_text(const Date& date, Language language) {
  const Words& words = words_of(language);
  const bool ja = language == Language::japanese;
  std::string text;
  if (date.year != 1) text = filled(words.year, {std::to_string(date.year)}) + (ja ? " " : ", ");
  return text + day_text(date, language) + (ja ? " " : ", ") + clock_text(date, language);
}

std::string spoken_date(const reports::RoundedDate& known, Language language) {
  const Words& words = words_of(language);
  const Date& date = known.date;
  std::string text;
  if (date.year != 1) text = filled(words.year, {std::to_string(date.year)}) + " ";
  text += filled(words.day, {words.long_months[date.month - 1], std::to_string(date.day)});
  return known.day_only ? text : text + " " + clock_text(date, language);
}

std::string length_text(StretchedTime length, Language language) {
  std::array<char, date_text_size> text;
  return std::string(write_duration(length, language, text));
}

std::string spoken_length(StretchedTime length, Language language) {
  std::string text = length_text(length, language);
  if (language == Language::japanese) return text;
  // `9 d 15 h` word by word.
  struct Unit {
    std::string_view brief, one, many;
  };
  static constexpr Unit units[] = {{"y", "year", "years"},
                                   {"d", "day", "days"},
                                   {"h", "hour", "hours"},
                                   {"min", "minute", "minutes"},
                                   {"s", "second", "seconds"}};
  std::string made;
  std::string_view rest = text;
  std::string_view number;
  while (!rest.empty()) {
    const std::size_t space = std::min(rest.find(' '), rest.size());
    const std::string_view word = rest.substr(0, space);
    rest.remove_prefix(std::min(space + 1, rest.size()));
    std::string_view said = word;
    for (const Unit& unit : units)
      if (unit.brief == word) said = number == "1" ? unit.one : unit.many;
    number = word;
    made.append(made.empty() ? "" : " ").append(said);
  }
  return made;
}

namespace {

/// `decimals` of a value.
template <typename Decimals>
std::string in_real_units(std::int64_t ns, Decimals decimals) {
  struct Unit {
    double ns;
    const char* name;
  };
  static constexpr Unit units[] = {{1e9, "s"}, {1e6, "ms"}, {1e3, "µs"}};
  const double magnitude = std::abs(static_cast<double>(ns));
  const Unit* unit = &units[0];
  while (unit != &units[2] && magnitude < unit->ns && magnitude != 0) ++unit;
  if (magnitude == 0) unit = &units[1];
  const double value = static_cast<double>(ns) / unit->ns;
  std::array<char, 48> text;
  const int size = std::snprintf(text.data(), text.size(), "%.*f %s", decimals(value), value, unit->name);
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace

std::string real_text(std::int64_t ns) {
  return in_real_units(ns, [](double value) {
    return std::abs(value) >= 1000 || value == 0 ? 0 : std::abs(value) >= 100 ? 1 : 2;
  });
}

std::string whole_real_text(std::int64_t ns) {
  return in_real_units(ns, [](double) { return 0; });
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::array units = {" B", " KB", " MB", " GB", " TB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; size >= 999.5 && unit + 1 < units.size(); ++unit) size /= 1000;
  std::array<char, 32> text;
  const int length =
      std::snprintf(text.data(), text.size(), "%.*f%s", unit > 0 && size < 9.95 ? 1 : 0, size, units[unit]);
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace humantime::ui
