// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/whereabouts_words.h"

#include <algorithm>
#include <iterator>

namespace humantime::ui {
namespace {

constexpr WhereaboutsWords english = {
    .where_went = "Where {0} went",
    .where_is = "Where {0} is",
    .in_its_journey = "{0} in its journey",
    .letters_of = "Letters of {0}",
    .to_far = {"on the way to the router", "on the way to the name server", "on the way to the server"},
    .with_far = {"with the router", "with the name server", "with the server"},
    .away = {"on the way and at the router", "on the way and at the name server",
             "on the way and at the server"},
    .to_client = "on the way to the client",
    .with_client = "with the client",
    .away_at_client = "on the way and at the client",
    .before = "before {0}",
    .one_end = "Where one end only was captured, travel and the other end’s time cannot be told apart.",
    .first_later = "{0} of {1} come before its first letter.",
    .last_earlier = "{0} of {1} come after its last letter.",
    .no_letter = "No letter of this journey falls into {0}.",
    .by_stage = "More letters than can be told apart: by stage.",
    .journeys = "Days of {0} journeys, added up; {1} begin and {2} end here.",
    .no_journey = "Nothing happens in {0}.",
    .separator = ", ",
    .round_trip = "{0}, 1 round trip",
    .round_trips = "{0}, {1} round trips",
};

constexpr WhereaboutsWords japanese = {
    .where_went = "{0}の行方",
    .where_is = "{0}の位置",
    .in_its_journey = "旅の中の {0}",
    .letters_of = "{0} の手紙",
    .to_far = {"ルーターへの道のり", "DNS サーバーへの道のり", "サーバーへの道のり"},
    .with_far = {"ルーターの中", "DNS サーバーの中", "サーバーの中"},
    .away = {"道のりとルーターの中", "道のりと DNS サーバーの中", "道のりとサーバーの中"},
    .to_client = "クライアントへの道のり",
    .with_client = "クライアントの中",
    .away_at_client = "道のりとクライアントの中",
    .before = "{0}の前",
    .one_end = "片側だけの記録では、道のりと相手の中の時間は区別できません。",
    .first_later = "{1}のうち{0}は最初の手紙より前です。",
    .last_earlier = "{1}のうち{0}は最後の手紙より後です。",
    .no_letter = "{0}にはこの旅の手紙がありません。",
    .by_stage = "手紙が多すぎて区別できないため、段階別に示します。",
    .journeys = "旅 {0} 件の日数の合計です。ここで {1} 件が始まり、{2} 件が終わります。",
    .no_journey = "{0}には何も起きません。",
    .separator = "、",
    .round_trip = "{0}、1往復",
    .round_trips = "{0}、{1}往復",
};

struct WorkRow {
  Phase phase;
  std::string_view english, japanese;
};
// What the message's content takes, as its RFC has it; nothing that an end might do besides.
constexpr WorkRow work_rows[] = {
    {Phase::dns_query, "asks for the address", "アドレスを尋ねる"},
    {Phase::tcp_syn, "opens the connection", "接続を開く"},
    {Phase::tcp_syn_ack, "accepts the connection", "接続を受け入れる"},
    {Phase::tcp_handshake_ack, "confirms the connection", "接続を確認する"},
    {Phase::tls_client_hello, "offers ciphers", "暗号を提案する"},
    {Phase::tls_server_hello, "chooses the cipher", "暗号を選ぶ"},
    {Phase::tls_hello_retry_request, "asks for another key", "別の鍵を求める"},
    {Phase::tls_certificate, "shows its certificate", "証明書を示す"},
    {Phase::tls_server_key_exchange, "signs", "署名する"},
    {Phase::tls_certificate_verify, "signs", "署名する"},
    {Phase::tls_client_key_exchange, "makes the keys", "鍵を作る"},
    {Phase::tls_finished, "checks the handshake", "ハンドシェイクを確かめる"},
    {Phase::tls_new_session_ticket, "writes a ticket", "チケットを書く"},
    {Phase::tls_close_notify, "ends TLS", "TLS を終える"},
    {Phase::http_request, "writes the request", "リクエストを書く"},
    {Phase::http_response_start, "makes the response", "レスポンスを作る"},
    {Phase::http_response_body, "goes on responding", "レスポンスを続ける"},
    {Phase::http_response_end, "goes on responding", "レスポンスを続ける"},
    {Phase::tcp_fin, "closes the connection", "接続を閉じる"},
    {Phase::tcp_fin_ack, "confirms the close", "切断を確認する"},
};

}  // namespace

const WhereaboutsWords& whereabouts_words(Language language) {
  return language == Language::japanese ? japanese : english;
}

std::string_view work_before(Phase phase, Language language) {
  const auto* const row = std::find_if(std::begin(work_rows), std::end(work_rows),
                                       [&](const WorkRow& of) { return of.phase == phase; });
  if (row == std::end(work_rows)) return {};
  return language == Language::japanese ? row->japanese : row->english;
}

}  // namespace humantime::ui
