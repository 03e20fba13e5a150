// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/sentences.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace humantime::reports {
namespace {

using enum Phase;

// In the order of phases.def.
constexpr SentenceRow rows[] = {
    {arp_request,
     {"{Sender} goes from door to door: who is {to}?",
      "{sender}は、一軒ずつ戸を叩いて「{to} はどなたですか」と尋ねます。"},
     {"Somebody is at the door: {sender} asks who {to} is.",
      "{sender}が戸口に来て、「{to} はどなたですか」と尋ねます。"}},
    {arp_reply,
     {"{Sender} answers: that is me, and this is my door.",
      "{sender}は「それは私です。うちはここです」と答えます。"},
     {"A door opens: {sender} says where it is to be found.",
      "戸が開き、{sender}が自分の居場所を教えてくれます。"}},
    {arp_probe,
     {"{Sender} asks the neighbours whether anybody is {to} already.",
      "{sender}は、{to} を名乗る人がすでにいないか、近所に確かめます。"},
     {}},
    {arp_announcement,
     {"{Sender} tells all neighbours where it lives.", "{sender}は、自分の居場所を近所じゅうに知らせます。"},
     {}},
    {ndp_solicitation,
     {"{Sender} goes from door to door and asks for a neighbour.",
      "{sender}は、近所を回って相手の家がどこかを尋ねます。"},
     {}},
    {ndp_advertisement,
     {"{Sender} answers: that is me, and this is my door.",
      "{sender}は「それは私です。うちはここです」と答えます。"},
     {"A door opens: {sender} says where it is to be found.",
      "戸が開き、{sender}が自分の居場所を教えてくれます。"}},
    {ndp_router_solicitation,
     {"{Sender} asks where there is a post box.", "{sender}は、ポストがどこにあるかを尋ねます。"},
     {}},
    {ndp_router_advertisement,
     {"{Sender} tells everybody: letters are posted here.",
      "{sender}は「手紙はここで受け付けます」と皆に知らせます。"},
     {}},
    {dhcp_discover,
     {"{Sender} asks who can give it an address.", "{sender}は、住所を割り当ててくれる人を探します。"},
     {}},
    {dhcp_offer, {"{Sender} offers an address.", "{sender}が住所を一つ勧めてくれます。"}, {}},
    {dhcp_request,
     {"{Sender} asks for the address on offer.", "{sender}は、勧められた住所を申し込みます。"},
     {}},
    {dhcp_ack, {"{Sender} hands over the address.", "{sender}は住所を引き渡します。"}, {}},
    {dns_query,
     {"{Sender} writes to {receiver}[: what is the {record} of {host}?]",
      "{sender}は{receiver}に手紙を書き[、{host} の{record}を]尋ねます。"},
     {"A letter of {sender} reaches {receiver}[: what is the {record} of {host}?]",
      "{sender}の手紙が{receiver}に届きます[。{host} の{record}を尋ねる手紙です]。"}},
    {dns_referral,
     {"{Sender} does not know it, but names others who know more.",
      "{sender}は答えを知りませんが、もっと詳しい相手を教えます。"},
     {"The reply of {sender} arrives: it does not know, but it names others who know more.",
      "{sender}から返事が届きます。答えは分かりませんが、もっと詳しい相手が書いてあります。"}},
    {dns_answer,
     {"{Sender} knows[ the {record} of {host}] and writes it down.",
      "{sender}は[{host} の{record}を]知っていて、返事に書きます。"},
     {"The reply of {sender} arrives, and it holds the answer[: the {record} of {host}].",
      "{sender}から返事が届きます。[{host} の{record}が書いてあります。]"}},
    {dns_alias,
     {"{Sender} answers that[ {host} is] only a second name; the first one has to be asked for.",
      "{sender}の返事には、[{host} は]別名なので本名のほうを尋ねるように、とあります。"},
     {"The reply of {sender} arrives: the name is only a second one, and the first has to be asked for.",
      "{sender}から返事が届きます。その名前は別名なので本名のほうを尋ねるように、とあります。"}},
    {dns_no_data,
     {"{Sender} answers: the name is known[, but it has no {record}].",
      "{sender}の返事には、その名前はある[が、{record}はない]と書いてあります。"},
     {"The reply of {sender} arrives: the name is known[, but it has no {record}].",
      "{sender}から返事が届きます。その名前はある[が、{record}はない]と書いてあります。"}},
    {dns_nxdomain,
     {"{Sender} answers: nobody has that name.", "{sender}の返事には、そんな名前はないと書いてあります。"},
     {"The reply of {sender} arrives: nobody has that name.",
      "{sender}から返事が届きます。そんな名前はないと書いてあります。"}},
    {dns_truncated,
     {"{Sender} has more to say than a postcard holds, and wants to be asked in another way.",
      "{sender}の返事は、はがき一枚に収まりません。別の方法で尋ねるように、とあります。"},
     {"The reply of {sender} arrives: a postcard does not hold the answer, it has to be asked for in another "
      "way.",
      "{sender}から返事が届きます。はがき一枚に収まらないので別の方法で尋ねるように、とあります。"}},
    {dns_error,
     {"{Sender} cannot or will not answer.", "{sender}は、答えられないと返事をします。"},
     {"The reply of {sender} arrives: it cannot or will not answer.",
      "{sender}から返事が届きます。答えられないと書いてあります。"}},
    {tcp_syn,
     {"{Sender} greets {receiver}: may we write to each other?",
      "{sender}は{receiver}にあいさつをし、手紙のやり取りをしてもよいかと尋ねます。"},
     {"The greeting of {sender} reaches {receiver}.", "{sender}のあいさつが{receiver}に届きます。"}},
    {tcp_syn_ack,
     {"{Sender} agrees and greets back.", "{sender}は承知し、あいさつを返します。"},
     {"The greeting of {sender} comes back: it agrees.",
      "{sender}からあいさつが返ってきます。承知してくれました。"}},
    {tcp_handshake_ack,
     {"{Sender} confirms it. Letters arrive in both directions, as far as it can tell.",
      "{sender}は、返事を受け取ったことを知らせます。これでどちらの向きにも手紙が届くと分かりました。"},
     {"The confirmation reaches {receiver}, which now knows it, too.",
      "その知らせが{receiver}に届き、{receiver}にも互いに手紙が届くことが分かりました。"}},
    {tcp_retransmission,
     {"No word has come back: {sender} sends a letter once more.",
      "返事がないので、{sender}は手紙をもう一度送ります。"},
     {"A letter of {sender} arrives that it has sent once more.", "{sender}が送り直した手紙が届きます。"}},
    {tcp_zero_window,
     {"{Sender} has no room for more letters, and asks {receiver} to wait.",
      "{sender}の手元は手紙でいっぱいです。{receiver}に、しばらく待つように頼みます。"},
     {"{Sender} has no room for more letters: {receiver} has to wait.",
      "{sender}の手元は手紙でいっぱいです。{receiver}は待たなければなりません。"}},
    {tcp_fin,
     {"{Sender} says that it has no more to send.", "{sender}は、もう送るものがないと告げます。"},
     {"Word comes from {sender}: it has no more to send.",
      "{sender}から、もう送るものがないという知らせが届きます。"}},
    {tcp_fin_ack,
     {"{Sender} confirms that it has heard the farewell.",
      "{sender}は、別れのあいさつを受け取ったことを知らせます。"},
     {"{Sender} has heard the farewell: its confirmation arrives.",
      "別れのあいさつを受け取ったという知らせが、{sender}から届きます。"}},
    {tcp_rst,
     {"{Sender} breaks off the correspondence, without a farewell.",
      "{sender}は、あいさつもなしにやり取りを打ち切ります。"},
     {}},
    {tls_client_hello,
     {"{Sender} proposes to write in cipher, and lists the ciphers that it masters.[ The letter is for "
      "{detail}.]",
      "{sender}は暗号で書こうと持ちかけ、使える暗号の一覧を添えます。[宛名は {detail} です。]"},
     {"The proposal of {sender} to write in cipher arrives.[ It is for {detail}.]",
      "暗号で書こうという{sender}の提案が届きます。[宛名は {detail} です。]"}},
    {tls_server_hello,
     {"{Sender} chooses one of the ciphers[ ({detail})].",
      "{sender}は一覧から暗号を一つ選びます[（{detail}）]。"},
     {"{Sender} has chosen one of the ciphers[ ({detail})].",
      "{sender}が選んだ暗号の知らせが届きます[（{detail}）]。"}},
    {tls_hello_retry_request,
     {"{Sender} cannot use the proposal as it is, and asks for another one.",
      "{sender}は、この提案では始められないので、書き直してほしいと頼みます。"},
     {}},
    {tls_hello_verify_request,
     {"{Sender} first wants to see that {receiver} gets letters at its address.",
      "{sender}は、まず{receiver}が本当にその住所で手紙を受け取れるかを確かめます。"},
     {}},
    {tls_encrypted_extensions,
     {"The rest of the agreement is written in cipher already.",
      "取り決めの残りは、もう暗号で書かれています。"},
     {}},
    {tls_certificate,
     {"{Sender} shows its certificate, so that one can see who it is.",
      "{sender}は証明書を見せ、自分が何者であるかを示します。"},
     {"The certificate of {sender} shows who it is.", "{sender}の証明書も入っています。"}},
    {tls_certificate_status,
     {"A note is enclosed that the certificate has not been withdrawn.",
      "証明書が取り消されていないという確認も添えてあります。"},
     {}},
    {tls_server_key_exchange,
     {"With it goes its half of a key, made for this one time and signed.",
      "今回限りの鍵の半分も、署名を付けて入れてあります。"},
     {}},
    {tls_certificate_request,
     {"It also wants to see the certificate of {receiver}.",
      "{receiver}の証明書も見せてほしい、とあります。"},
     {}},
    {tls_server_hello_done,
     {"That is all for now: it is for {receiver} to go on.", "ひとまずここまでで、次は{receiver}の番です。"},
     {}},
    {tls_certificate_verify,
     {"A signature proves that the certificate is its own.",
      "証明書が確かに本人のものだと、署名で示します。"},
     {}},
    {tls_client_key_exchange,
     {"{Sender} sends its half of the key: from the two halves both work out the same secret.",
      "{sender}は鍵の自分の分を送ります。二つを合わせると、どちらの側でも同じ秘密が求められます。"},
     {}},
    {tls_change_cipher_spec,
     {"From here on {sender} writes in cipher.", "{sender}は、ここから先を暗号で書きます。"},
     {}},
    {tls_finished,
     {"{Sender} encloses a seal over all that was said: if anybody has changed a word, it will not fit.",
      "{sender}"
      "は、これまでのやり取り全体への封印を添えます。途中で書き換えられていなければ、封印は合うはずです。"},
     {"The seal of {sender} arrives, and shows whether anybody has changed a word on the way.",
      "{sender}の封印が届きます。途中で書き換えられていないか、これで確かめられます。"}},
    {tls_new_session_ticket,
     {"{Sender} encloses a ticket: next time the agreement will be shorter.",
      "{sender}は切符を一枚渡します。次に会うときは、取り決めを短く済ませられます。"},
     {}},
    {tls_hello_request,
     {"{Sender} asks for a new agreement.", "{sender}は、取り決めをやり直したいと頼みます。"},
     {}},
    {tls_end_of_early_data,
     {"{Sender} says that what it sent in advance ends here.",
      "{sender}は、先に送っておいた分はここまでだと知らせます。"},
     {}},
    {tls_early_data,
     {"{Sender} does not wait: it sends its question along, in the cipher of last time.",
      "{sender}は待ちません。前回の暗号を使って、用件を先に送っておきます。"},
     {}},
    {tls_key_update, {"{Sender} changes to a fresh key.", "{sender}は新しい鍵に取り替えます。"}, {}},
    {tls_alert,
     {"{Sender} raises an alarm[: {detail}].", "{sender}は警告を発します[（{detail}）]。"},
     {"An alarm arrives from {sender}[: {detail}].", "{sender}から警告が届きます[（{detail}）]。"}},
    {tls_close_notify,
     {"{Sender} ends the writing in cipher.", "{sender}は、暗号でのやり取りを終えると告げます。"},
     {"{Sender} has ended the writing in cipher.",
      "{sender}から、暗号でのやり取りを終えるという知らせが届きます。"}},
    {dtls_retransmission,
     {"Nothing has come back: {sender} sends its part of the agreement once more.",
      "返事が来ないので、{sender}は取り決めの自分の分をもう一度送ります。"},
     {}},
    {http_request,
     {"{Sender} asks its[ {nth}] question[: {detail}].", "{sender}は[{nth}の]質問を送ります[（{detail}）]。"},
     {"The[ {nth}] question of {sender} arrives[: {detail}].",
      "{sender}の[{nth}の]質問が届きます[（{detail}）]。"}},
    {http_request_end,
     {"The last page of the question is on its way.", "質問の最後の一枚を送り出しました。"},
     {"The last page of the question arrives.", "質問の最後の一枚が届きます。"}},
    {http_interim,
     {"{Sender} says: please go on.", "{sender}は「続けてください」と言います。"},
     {"Word comes from {sender}: please go on[ ({detail})].",
      "{sender}から途中の返事が届きます[（{detail}）]。"}},
    {http_response_start,
     {"{Sender} sends the first page of its[ {nth}] answer[: {detail}].",
      "{sender}は[{nth}の]答えの最初の一枚を送り出します[（{detail}）]。"},
     {"The first page of the[ {nth}] answer arrives[: {detail}].",
      "[{nth}の]答えの最初の一枚が届きます[（{detail}）]。"}},
    {http_response_end,
     {"{Sender} sends the last page: that was the whole answer.",
      "{sender}は最後の一枚を送り出します。これで答えは全部です。"},
     {"The last page arrives: the answer is complete.", "最後の一枚が届きます。答えがすべて揃いました。"}},
    {http_push_promise,
     {"{Sender} announces something that nobody has asked for yet.",
      "{sender}は、まだ尋ねられていないものも送ると予告します。"},
     {}},
    {http_settings,
     {"{Sender} says how it would like to correspond.", "{sender}は、やり取りの進め方の希望を伝えます。"},
     {}},
    {http_goaway,
     {"{Sender} announces that it will take no more questions.",
      "{sender}は、もう質問は受け付けないと予告します。"},
     {}},
    {http_tunnel,
     {"The letters are to be passed on unopened.", "ここからの手紙は、封を開けずに取り次がれます。"},
     {}},
    {quic_initial,
     {"{Sender} writes the first letter of a new kind of correspondence, QUIC: greeting and agreement in "
      "one.",
      "{sender}は QUIC という方式で最初の手紙を書きます。あいさつと取り決めを一度に済ませる方式です。"},
     {"A first letter in the manner of QUIC arrives from {sender}.",
      "{sender}から QUIC の最初の手紙が届きます。"}},
    {quic_zero_rtt,
     {"{Sender} does not wait: it sends its question along, in the cipher of last time.",
      "{sender}は待ちません。前回の暗号を使って、用件を先に送っておきます。"},
     {}},
    {quic_handshake, {"{Sender} goes on with the agreement.", "{sender}は取り決めを進めます。"}, {}},
    {quic_retry,
     {"{Sender} first wants to see that {receiver} gets letters at its address.",
      "{sender}は、まず{receiver}が本当にその住所で手紙を受け取れるかを確かめます。"},
     {}},
    {quic_version_negotiation,
     {"{Sender} does not know this version, and lists those that it knows.",
      "{sender}はこの版を知らないので、知っている版の一覧を送ります。"},
     {}},
    {quic_connection_close, {"{Sender} ends the correspondence.", "{sender}はやり取りを終えます。"}, {}},
    {openvpn_hard_reset_client,
     {"{Sender} asks for a tunnel.", "{sender}はトンネルを作りたいと申し出ます。"},
     {}},
    {openvpn_hard_reset_server, {"{Sender} agrees to the tunnel.", "{sender}はトンネルを承知します。"}, {}},
    {openvpn_soft_reset,
     {"{Sender} wants fresh keys for the tunnel.", "{sender}は、トンネルの鍵を新しくしたいと申し出ます。"},
     {}},
    {openvpn_control,
     {"{Sender} settles the tunnel's terms.", "{sender}はトンネルの取り決めを進めます。"},
     {}},
    {openvpn_ack,
     {"{Sender} confirms a letter about the tunnel.",
      "{sender}は、トンネルについての手紙を受け取ったと知らせます。"},
     {}},
    {wireguard_initiation, {"{Sender} asks for a tunnel.", "{sender}はトンネルを作りたいと申し出ます。"}, {}},
    {wireguard_response,
     {"{Sender} agrees: the tunnel stands.", "{sender}が承知し、トンネルができました。"},
     {}},
    {wireguard_cookie,
     {"{Sender} is busy, and wants to see first that {receiver} gets letters at its address.",
      "{sender}は忙しいので、まず{receiver}が本当にその住所で手紙を受け取れるかを確かめます。"},
     {}},
    {wireguard_keep_alive,
     {"{Sender} gives a sign of life.", "{sender}は、まだここにいると知らせます。"},
     {}},
};

constexpr std::size_t nowhere = std::size(rows);

/// Where each phase is, by Phase.
constexpr auto places = [] {
  std::array<std::size_t, std::size(phase_rows)> result{};
  result.fill(nowhere);
  for (std::size_t i = 0; i < std::size(rows); ++i) result[static_cast<std::size_t>(rows[i].phase)] = i;
  return result;
}();

static_assert(
    [] {
      for (std::size_t i = 0; i < std::size(phase_rows); ++i)
        if (phase_rows[i].milestone != (places[i] != nowhere)) return false;
      return true;
    }(),
    "every phase that makes milestones has a sentence, and no other");

constexpr Sentence refusal = {"{Sender} refuses: nobody listens at this door.",
                              "{sender}は断ります。この戸口で話を聞く人はいません。"};
constexpr Sentence reset = {"{Sender} breaks off the correspondence, without a farewell.",
                            "{sender}は、あいさつもなしにやり取りを打ち切ります。"};

// Indexed by Kind.
constexpr std::array<Sentence, 5> ends = {{
    {"That was all. From the first letter to the last {length} of this calendar went by: {ms} ms of real "
     "time.",
     "これですべてです。最初の手紙から最後の手紙まで、この暦では{length}、実際の時間では {ms} "
     "ミリ秒でした。"},
    {"So there was no conversation. To learn that took {length} of this calendar: {ms} ms of real time.",
     "こうして、話は始まりませんでした。それが分かるまでに、この暦では{length}、実際の時間では {ms} "
     "ミリ秒かかりました。"},
    {"No answer ever came. The attempts went on for {length} of this calendar: {ms} ms of real time.",
     "返事はとうとう来ませんでした。試みは、この暦では{length}、実際の時間では {ms} ミリ秒続きました。"},
    {"The connection was broken off before anything was said, after {length} of this calendar: {ms} ms of "
     "real time.",
     "用件を伝える前に、やり取りは打ち切られました。この暦では{length}、実際の時間では {ms} "
     "ミリ秒のことでした。"},
    {"Nobody could say where[ {name}] lives, so no letter was ever sent there. To learn that took {length} "
     "of this "
     "calendar: {ms} ms of real time.",
     "[{name} "
     "の]住所は分からず、手紙を出すことはできませんでした。それが分かるまでに、この暦では{length}"
     "、実際の時間では "
     "{ms} ミリ秒かかりました。"},
}};

// Indexed by Role.
constexpr std::array<Sentence, 5> roles = {{
    {"the client", "クライアント"},
    {"the server", "サーバー"},
    {"the name server", "ネームサーバー"},
    {"the router", "ルーター"},
    {"the neighbour", "近所の"},
}};

struct RecordRow {
  std::string_view type, english, japanese;
};
constexpr std::array<RecordRow, 9> records = {{
    {"A", "address", "住所（IPv4 アドレス）"},
    {"AAAA", "IPv6 address", "住所（IPv6 アドレス）"},
    {"NS", "list of name servers", "ネームサーバーの一覧"},
    {"MX", "post office (MX)", "郵便局（MX）"},
    {"PTR", "name", "名前"},
    {"TXT", "text", "説明文（TXT）"},
    {"CNAME", "first name (CNAME)", "本名（CNAME）"},
    {"HTTPS", "directions for browsers (HTTPS)", "ブラウザー向けの案内（HTTPS）"},
    {"SVCB", "directions (SVCB)", "案内（SVCB）"},
}};

const std::string* find_value(const Values& values, std::string_view name) {
  const auto found =
      std::find_if(values.begin(), values.end(), [&](const auto& value) { return value.first == name; });
  return found == values.end() ? nullptr : &found->second;
}

}  // namespace

std::string fill(std::string_view pattern, const Values& values) {
  std::string text;
  std::size_t bracket = 0;  // where its text begins
  bool inside = false, complete = true;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (c == '[') {
      bracket = text.size();
      inside = complete = true;
    } else if (c == ']') {
      if (inside && !complete) text.resize(bracket);
      inside = false;
    } else if (c == '{') {
      const std::size_t end = std::min(pattern.find('}', at), pattern.size());
      const std::string* value = find_value(values, pattern.substr(at + 1, end - at - 1));
      if (value == nullptr || value->empty())
        complete = false;
      else
        text += *value;
      at = end;
    } else {
      text += c;
    }
  }
  return text;
}

std::string capitalised(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

const SentenceRow& sentences_of(Phase phase) {
  const std::size_t place = places[static_cast<std::size_t>(phase)];
  return rows[place == nowhere ? 0 : place];
}

const Sentence& reset_of(journeys::Kind kind) {
  return kind == journeys::Kind::refused ? refusal : reset;
}

const Sentence& end_of(journeys::Kind kind) {
  return ends[static_cast<std::size_t>(kind)];
}

const Sentence& text_of(Role role) {
  return roles[static_cast<std::size_t>(role)];
}

namespace sentence {
constexpr Sentence preface = {
    "In this story one second is a year. Packets are letters, addresses are where people live, and whoever "
    "fetches a page has to write a good many letters for it.",
    "この物語では、1 秒が 1 年です。パケットは手紙、アドレスは住所です。ページを一つ手に入れるまでには、"
    "何通もの手紙が行き交います。"};
constexpr Sentence arrives = {"The letter reaches {receiver}: {label}.",
                              "その手紙が{receiver}に届きます（{label}）。"};
constexpr Sentence repeated = {" This happens {count} times, the last time on {last}.",
                               "同じことが、{last}までに全部で {count} 回ありました。"};
constexpr Sentence whole_answer = {" The whole answer is on this one page.",
                                   "答えは、この一枚にすべて収まっています。"};
constexpr Sentence pages = {" It took {pages} pages[, one every {mean} on the average].",
                            "全部で {pages} 枚でした。[平均すると、{mean}に 1 枚の割合です。]"};
}  // namespace sentence

AskedRecord asked_in(std::string_view detail) {
  const std::size_t space = detail.find(' ');
  if (space == std::string_view::npos) return {};
  const std::size_t end = std::min(detail.find(", ", space), detail.size());
  return {detail.substr(0, space), detail.substr(space + 1, end - space - 1)};
}

std::string_view record_text(std::string_view type, Language language) {
  const auto* found =
      std::find_if(records.begin(), records.end(), [&](const RecordRow& row) { return row.type == type; });
  if (found == records.end()) return type;
  return language == Language::japanese ? found->japanese : found->english;
}

}  // namespace humantime::reports
