// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/chapters.h"

#include <algorithm>
#include <array>

namespace humantime::reports {
namespace {

constexpr std::array address = {Stage::address};
constexpr std::array dns = {Stage::dns};
constexpr std::array connect = {Stage::connect};
constexpr std::array tunnel = {Stage::tunnel};
constexpr std::array ssl = {Stage::ssl};
constexpr std::array exchange = {Stage::request, Stage::wait, Stage::response};
constexpr std::array close = {Stage::close};
constexpr std::array other = {Stage::other};

// In the order of a journey.
constexpr std::array chapters = {
    Chapter{
        address, "Address lookup", "アドレス解決", "Looking for the post box", "ポストを探す",
        "Letters leave the house through a post box, the router. Where is it? There is no map: one has to "
        "ask "
        "from door to door.",
        "手紙はポスト、つまりルーターを通って外に出ていきます。けれども、そのポストがどこにあるのかは、近所に"
        "尋ねてみないと分かりません。"},
    Chapter{
        dns, "Name lookup", "名前解決", "Asking for the address", "住所を尋ねる",
        "A name is not an address, and no letter arrives with a name alone. Name servers know addresses, or "
        "know who knows more.",
        "名前が分かっていても、住所が分からなければ手紙は届きません。住所を知っている、あるいはもっと詳しい相"
        "手を"
        "教えてくれるのが、ネームサーバーです。"},
    Chapter{
        connect, "Connection", "接続", "The greeting", "あいさつ",
        "Nobody begins with the question. First the two make sure that letters arrive in both directions.",
        "いきなり用件を書くことはしません。まずは手紙がどちらの向きにも届くことを、互いに確かめます。"},
    Chapter{tunnel, "Tunnel", "トンネル", "The tunnel", "トンネル",
            "From here on letters travel inside other letters.",
            "ここからは、手紙が別の手紙の中に入って運ばれます。"},
    Chapter{
        ssl, "TLS handshake", "TLS ハンドシェイク", "Agreeing on a secret", "秘密の取り決め",
        "So far every postman could read along. Now the two agree on a secret that nobody else can know, and "
        "on a way to write with it.",
        "ここまでの手紙は、配達の途中で誰にでも読めるものでした。これから二人だけの秘密を決めて、暗号で書ける"
        "ように"
        "します。"},
    Chapter{exchange, "Request and response", "リクエストとレスポンス", "The question and the answer",
            "質問と答え", "Only now comes what all of this was for.", "ここでようやく本題に入ります。"},
    Chapter{close, "Close", "切断", "The farewell", "別れのあいさつ",
            "All is said. Each of the two says that it has no more to send, and has it confirmed.",
            "話は終わりました。もう送るものがないことをそれぞれが伝え、確かめ合います。"},
    Chapter{other, "Other", "その他", "Other letters", "そのほかの手紙", "", ""},
};
constexpr std::size_t farewell = 6;
static_assert(chapters[farewell].stages.front() == Stage::close);

}  // namespace

const Chapter& chapter_of(Stage stage, const Chapter* current) {
  const auto* found = std::find_if(chapters.begin(), chapters.end(), [&](const Chapter& chapter) {
    return std::find(chapter.stages.begin(), chapter.stages.end(), stage) != chapter.stages.end();
  });
  if (current == nullptr) return found == chapters.end() ? chapters.back() : *found;
  const bool straggler = found == chapters.end() || found->stages.front() == Stage::other ||
                         (found < current && current != &chapters[farewell]);
  return straggler ? *current : *found;
}

}  // namespace humantime::reports
