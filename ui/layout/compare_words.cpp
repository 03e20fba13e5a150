// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/compare_words.h"

namespace humantime::ui {
namespace {

constexpr CompareWords english = {
    .earlier_title = "{0} hears its answer {1} before {2}",
    .single_title = "{0} hears its answer after {1}",
    .unanswered_title = "Journeys side by side",
    .both_ends =
        "January 1st is {0}. {1} asks after *{2}* and hears on *{3}*; {4} asks after *{5}* and hears on "
        "*{6}*.",
    .aligned = "January 1st is {0}.",
    .alignments = {"the ClientHello", "the connection's first packet", "the journey's first frame"},
    .no_round_trip = "no round trip",
    .round_trip = "1 round trip",
    .round_trips = "{0} round trips",
    .unknown_round_trips = "round trips not known",
    .trips_and_time = "{0}, {1}",
    .asks_on = "asks on {0}",
    .hears_on = "hears on {0}",
    .trips_less = "{0} round trips less",
    .one_trip_less = "1 round trip less",
    .trips_more = "{0} round trips more",
    .one_trip_more = "1 round trip more",
    .earlier = "{0}, {1} earlier",
    .slowest = "the slowest",
    .before = "before it {0}, {1}",
    .mean_of = "mean of {0} journeys",
    .with_deviation = "{0} ± {1}",
    .no_question = "question not readable",
    .no_answer = "no answer",
    .inferred = "inferred",
    .no_tls = "no TLS",
    .unknown_handshake = "kind not known",
    .without = "{0} not shown, without {1}: {2}",
    .lacking = {"a ClientHello and a round trip behind it", "a first packet and a round trip behind it",
                "a round trip"},
    .left_out = "{0} more journeys are not compared; choose some.",
    .nothing = "No journey here has {0}.",
    .row_line = "{0}, {1}{2}{3}{4}",
    .page_line = "Compare, {0} rows, January 1st is {1}",
    .separator = ", ",
};

constexpr CompareWords japanese = {
    .earlier_title = "{0}は、{2}より {1}早く返事を聞く",
    .single_title = "{0}は {1}後に返事を聞く",
    .unanswered_title = "旅を並べて比べる",
    .both_ends = "1月1日は{0}。{1}は*{2}*のあとに尋ね、*{3}*に聞く。{4}は*{5}*のあとに尋ね、*{6}*に聞く。",
    .aligned = "1月1日は{0}。",
    .alignments = {"ClientHello", "接続の最初のパケット", "旅の最初のフレーム"},
    .no_round_trip = "往復なし",
    .round_trip = "往復 1 回",
    .round_trips = "往復 {0} 回",
    .unknown_round_trips = "往復の回数は不明",
    .trips_and_time = "{0}、{1}",
    .asks_on = "{0}に尋ねる",
    .hears_on = "{0}に聞く",
    .trips_less = "往復 {0} 回少ない",
    .one_trip_less = "往復 1 回少ない",
    .trips_more = "往復 {0} 回多い",
    .one_trip_more = "往復 1 回多い",
    .earlier = "{0}、{1}早い",
    .slowest = "最も遅い",
    .before = "その前に{0}、{1}",
    .mean_of = "{0} 件の旅の平均",
    .with_deviation = "{0} ± {1}",
    .no_question = "質問は読めない",
    .no_answer = "返事なし",
    .inferred = "推定",
    .no_tls = "TLS なし",
    .unknown_handshake = "種類は不明",
    .without = "{0} 件は{1}がなく、描かれない: {2}",
    .lacking = {"ClientHello とその後の往復", "最初のパケットとその後の往復", "往復"},
    .left_out = "ほか {0} 件の旅は比べていない。選んでください。",
    .nothing = "ここには{0}のある旅がない。",
    .row_line = "{0}、{1}{2}{3}{4}",
    .page_line = "比較、{0} 行、1月1日は{1}",
    .separator = "、",
};

}  // namespace

const CompareWords& compare_words(Language language) {
  return language == Language::japanese ? japanese : english;
}

}  // namespace humantime::ui
