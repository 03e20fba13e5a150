<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja" sourcelanguage="en">
<context>
    <name>Exporter</name>
    <message>
        <source>PNG picture</source>
        <translation>PNG 画像</translation>
    </message>
    <message>
        <source>SVG drawing</source>
        <translation>SVG 図</translation>
    </message>
    <message>
        <source>PDF document, A4</source>
        <translation>PDF 文書、A4</translation>
    </message>
    <message>
        <source>iCalendar</source>
        <translation>iCalendar</translation>
    </message>
    <message>
        <source>%1 could not be written: %2</source>
        <translation>%1 に書き込めませんでした：%2</translation>
    </message>
    <message>
        <source>There is not enough memory for a picture of this size.</source>
        <translation>この大きさの画像を作るにはメモリーが足りません。</translation>
    </message>
    <message>
        <source>Table as CSV</source>
        <translation>表（CSV）</translation>
    </message>
    <message>
        <source>Table as JSON lines</source>
        <translation>表（JSON、1 行に 1 件）</translation>
    </message>
    <message>
        <source>HTTP archive (HAR)</source>
        <translation>HTTP アーカイブ（HAR）</translation>
    </message>
    <message>
        <source>Trace events</source>
        <translation>トレースイベント</translation>
    </message>
    <message>
        <source>The mean of several fetches has no requests of its own.</source>
        <translation>複数の取得の平均には、それ自体のリクエストがありません。</translation>
    </message>
</context>
<context>
    <name>HostWireshark</name>
    <message>
        <source>This Wireshark has no display filter box.</source>
        <translation>この Wireshark には表示フィルターの入力欄がありません。</translation>
    </message>
</context>
<context>
    <name>humantime::ui::CardText</name>
    <message>
        <source>frame %1</source>
        <translation>フレーム %1</translation>
    </message>
    <message>
        <source>%1, frame %2</source>
        <translation>%1 %2番</translation>
    </message>
    <message>
        <source>seen</source>
        <translation>記録</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>送信</translation>
    </message>
    <message>
        <source>received</source>
        <translation>受信</translation>
    </message>
    <message>
        <source>no time stamp</source>
        <translation>時刻なし</translation>
    </message>
    <message>
        <source>real time</source>
        <translation>実際の時間</translation>
    </message>
    <message>
        <source>estimated</source>
        <translation>推定</translation>
    </message>
    <message>
        <source>on the way</source>
        <translation>道のり</translation>
    </message>
    <message>
        <source>light needs</source>
        <translation>光なら</translation>
    </message>
    <message>
        <source>more than light</source>
        <translation>光より余計に</translation>
    </message>
    <message>
        <source>before that</source>
        <translation>その前</translation>
    </message>
    <message>
        <source>%1 earlier</source>
        <translation>%1前</translation>
    </message>
    <message>
        <source>from → to</source>
        <translation>差出人 → 宛先</translation>
    </message>
    <message>
        <source>it says</source>
        <translation>中身</translation>
    </message>
    <message>
        <source>inferred</source>
        <translation>推論</translation>
    </message>
    <message>
        <source>from lengths and order, not from the bytes</source>
        <translation>長さと順序から。中身は読めません</translation>
    </message>
    <message>
        <source>average</source>
        <translation>平均</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>バイト</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%2 のうち %1</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>ほか %n 件</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>humantime::ui::ConnectionsView</name>
    <message>
        <source>Search</source>
        <translation>検索</translation>
    </message>
    <message>
        <source>Search the servers</source>
        <translation>サーバーを検索</translation>
    </message>
</context>
<context>
    <name>humantime::ui::DiaryModel</name>
    <message>
        <source>Date</source>
        <translation>日付</translation>
    </message>
    <message>
        <source>What it says</source>
        <translation>手紙の中身</translation>
    </message>
    <message>
        <source>Where it was captured: C client, S server, M in between</source>
        <translation>記録した場所：C クライアント、S サーバー、M 途中</translation>
    </message>
    <message>
        <source>at</source>
        <translation>端</translation>
    </message>
    <message>
        <source>Real milliseconds since the origin</source>
        <translation>起点からの実際のミリ秒</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>フレーム</translation>
    </message>
    <message>
        <source>From</source>
        <translation>差出人</translation>
    </message>
    <message>
        <source>To</source>
        <translation>宛先</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>詳細</translation>
    </message>
</context>
<context>
    <name>humantime::ui::DiaryView</name>
    <message>
        <source>Search the diary</source>
        <translation>日記を検索</translation>
    </message>
    <message>
        <source>Diary</source>
        <translation>日記</translation>
    </message>
    <message>
        <source>All events in order, with what the calendar draws</source>
        <translation>カレンダーに描かれたすべての出来事を順に並べた表</translation>
    </message>
</context>
<context>
    <name>humantime::ui::EventCanvas</name>
    <message numerus="yes">
        <source>, and %n more</source>
        <translation>
            <numerusform>、ほか %n 件</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>And %n event(s) more at this place: zoom in to see them.</source>
        <translation>
            <numerusform>ここにはあと %n 件あります。拡大すると見えます。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>humantime::ui::EventMenu</name>
    <message>
        <source>&amp;Go to Packet</source>
        <translation>パケットへ移動(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>コピー(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Apply as Filter</source>
        <translation>フィルターとして適用(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Prepare as Filter</source>
        <translation>フィルターとして準備(&amp;P)</translation>
    </message>
    <message>
        <source>This &amp;Journey</source>
        <translation>この旅(&amp;J)</translation>
    </message>
    <message>
        <source>This &amp;Phase</source>
        <translation>このフェーズ(&amp;P)</translation>
    </message>
    <message>
        <source>This &amp;Day</source>
        <translation>この日(&amp;D)</translation>
    </message>
    <message>
        <source>This &amp;Month</source>
        <translation>この月(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Show Only This Journey</source>
        <translation>この旅だけを表示(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Show All Journeys</source>
        <translation>すべての旅を表示(&amp;S)</translation>
    </message>
</context>
<context>
    <name>humantime::ui::EventWords</name>
    <message>
        <source>%1 ms</source>
        <extracomment>A real length of time, in milliseconds</extracomment>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 sent</source>
        <translation>%1 送信</translation>
    </message>
    <message>
        <source>%1 received</source>
        <translation>%1 受信</translation>
    </message>
    <message>
        <source>C</source>
        <comment>one letter: the client&apos;s end</comment>
        <translation>C</translation>
    </message>
    <message>
        <source>S</source>
        <comment>one letter: the server&apos;s end</comment>
        <translation>S</translation>
    </message>
    <message>
        <source>M</source>
        <comment>one letter: between the ends</comment>
        <translation>M</translation>
    </message>
    <message>
        <source>client</source>
        <translation>クライアント</translation>
    </message>
    <message>
        <source>server</source>
        <translation>サーバー</translation>
    </message>
    <message>
        <source>in between</source>
        <translation>途中</translation>
    </message>
</context>
<context>
    <name>humantime::ui::JourneyListModel</name>
    <message>
        <source>all %1</source>
        <translation>すべて（%1）</translation>
    </message>
    <message>
        <source>all · %1</source>
        <translation>すべて · %1</translation>
    </message>
    <message>
        <source>all</source>
        <translation>すべて</translation>
    </message>
</context>
<context>
    <name>humantime::ui::LegendBar</name>
    <message>
        <source>Show or hide %1</source>
        <translation>%1 の表示を切り替え</translation>
    </message>
    <message>
        <source>Show %1</source>
        <translation>%1 を表示</translation>
    </message>
    <message>
        <source>a letter, sent to received; client above, server below</source>
        <translation>手紙、投函から配達まで。上がクライアント、下がサーバー</translation>
    </message>
    <message>
        <source>other end estimated</source>
        <translation>相手側は推定</translation>
    </message>
    <message>
        <source>one line per segment</source>
        <translation>1 通に 1 本</translation>
    </message>
    <message>
        <source>Zoom in (+)</source>
        <translation>拡大 (+)</translation>
    </message>
    <message>
        <source>Zoom out (−)</source>
        <translation>縮小 (−)</translation>
    </message>
    <message>
        <source>before light can arrive, %1</source>
        <translation>光が届くまで、%1</translation>
    </message>
    <message>
        <source>Years</source>
        <translation>年々</translation>
    </message>
    <message>
        <source>Year</source>
        <translation>年</translation>
    </message>
    <message>
        <source>Month</source>
        <translation>月</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>日</translation>
    </message>
    <message>
        <source>Hour</source>
        <translation>時</translation>
    </message>
    <message>
        <source>Minute</source>
        <translation>分</translation>
    </message>
    <message>
        <source>round trip, counted</source>
        <translation>往復（番号つき）</translation>
    </message>
    <message>
        <source>Whole</source>
        <translation>全体</translation>
    </message>
</context>
<context>
    <name>humantime::ui::LettersView</name>
    <message numerus="yes">
        <source>Letters, %n event(s)</source>
        <translation>
            <numerusform>手紙、%n 件の出来事</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>humantime::ui::MenuEntry</name>
    <message>
        <source>&amp;Year Timeline</source>
        <translation>年表(&amp;Y)</translation>
    </message>
    <message>
        <source>What happens in the capture, if one second were one year</source>
        <translation>1 秒を 1 年としたときの、キャプチャの中の出来事</translation>
    </message>
</context>
<context>
    <name>humantime::ui::PlayControl</name>
    <message>
        <source>Next event</source>
        <translation>次の出来事</translation>
    </message>
    <message>
        <source>Show the whole year again</source>
        <translation>一年全体を表示に戻す</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速さ</translation>
    </message>
    <message>
        <source>1 year in %1 s</source>
        <translation>1年を%1秒で</translation>
    </message>
    <message>
        <source>1 year in %1 min</source>
        <translation>1年を%1分で</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>一時停止</translation>
    </message>
    <message>
        <source>Play the year</source>
        <translation>一年を再生</translation>
    </message>
</context>
<context>
    <name>humantime::ui::RailsCanvas</name>
    <message>
        <source>Client</source>
        <translation>クライアント</translation>
    </message>
    <message>
        <source>Router</source>
        <translation>ルーター</translation>
    </message>
    <message>
        <source>Name servers</source>
        <translation>DNS サーバー</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>サーバー</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n event(s)</source>
        <extracomment>An end and what happens there: &quot;Client, 12 events&quot;</extracomment>
        <translation>
            <numerusform>%1、%n 件の出来事</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>humantime::ui::SavePage</name>
    <message>
        <source>Save the Timeline</source>
        <translation>年表を保存</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>保存中…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>%1 として保存しました。</translation>
    </message>
</context>
<context>
    <name>humantime::ui::StageTotalsPanel</name>
    <message>
        <source>Where the days go</source>
        <extracomment>Above a list of stages with their lengths</extracomment>
        <translation>日数の内訳</translation>
    </message>
    <message>
        <source>%1: %2, %3</source>
        <comment>stage, days, milliseconds</comment>
        <translation>%1：%2、%3</translation>
    </message>
    <message numerus="yes">
        <source>distance, %n way(s)</source>
        <extracomment>How much of a journey is the distance between its ends, at the speed of light</extracomment>
        <translation>
            <numerusform>距離（片道 %n 回）</numerusform>
        </translation>
    </message>
    <message>
        <source>all the rest</source>
        <translation>残り</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <comment>where, what</comment>
        <translation>%1（%2）</translation>
    </message>
</context>
<context>
    <name>humantime::ui::TimelineToolbar</name>
    <message>
        <source>Language</source>
        <translation>言語</translation>
    </message>
    <message>
        <source>%1 s = 1 year</source>
        <translation>%1秒 = 1年</translation>
    </message>
    <message>
        <source>capture start</source>
        <translation>キャプチャの始まり</translation>
    </message>
    <message>
        <source>journey start</source>
        <translation>旅の始まり</translation>
    </message>
    <message>
        <source>time reference</source>
        <translation>時間の基準フレーム</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>ClientHello</source>
        <translation>ClientHello</translation>
    </message>
    <message>
        <source>SYN</source>
        <translation>SYN</translation>
    </message>
    <message>
        <source>first frame</source>
        <translation>最初のフレーム</translation>
    </message>
    <message>
        <source>journeys</source>
        <translation>旅ごと</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>自動</translation>
    </message>
    <message>
        <source>handshakes</source>
        <translation>ハンドシェイク</translation>
    </message>
    <message>
        <source>&amp;Journey</source>
        <translation>旅(&amp;J)</translation>
    </message>
    <message>
        <source>Scal&amp;e</source>
        <translation>縮尺(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Origin</source>
        <translation>起点(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Align</source>
        <translation>揃える(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Rows</source>
        <translation>行(&amp;R)</translation>
    </message>
    <message>
        <source>Limit to display &amp;filter</source>
        <translation>表示フィルターで絞る(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Save…</source>
        <translation>保存(&amp;S)…</translation>
    </message>
</context>
<context>
    <name>humantime::ui::TimelineWindow</name>
    <message>
        <source>Wireshark · Year Timeline</source>
        <translation>Wireshark · 年表</translation>
    </message>
    <message>
        <source>Wireshark · Year Timeline · %1</source>
        <translation>Wireshark · 年表 · %1</translation>
    </message>
    <message>
        <source>reading, %1 %</source>
        <translation>読み込み中、%1 %</translation>
    </message>
    <message>
        <source>Open a capture to see its year.</source>
        <translation>キャプチャを開くと、その一年が見えます。</translation>
    </message>
    <message>
        <source>None of these %L1 frames is ARP, DNS, TCP, TLS, HTTP, QUIC or VPN.</source>
        <translation>この %L1 フレームの中に ARP、DNS、TCP、TLS、HTTP、QUIC、VPN はありません。</translation>
    </message>
    <message numerus="yes">
        <source>The display filter hides all %n event(s).</source>
        <translation>
            <numerusform>表示フィルターが %n 件の出来事をすべて隠しています。</numerusform>
        </translation>
    </message>
    <message>
        <source>Frame %1 is not in the packet list now.</source>
        <translation>フレーム %1 は現在のパケット一覧にありません。</translation>
    </message>
    <message>
        <source>The whole capture as a map</source>
        <translation>キャプチャ全体の地図</translation>
    </message>
    <message>
        <source>Left and right turn the page, plus and minus zoom</source>
        <translation>左右キーでページをめくり、プラスとマイナスで拡大・縮小します</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>再生</translation>
    </message>
    <message>
        <source>A mean has no connections of its own.</source>
        <translation>平均には、それ自身の接続がありません。</translation>
    </message>
    <message>
        <source>None of these %L1 frames belongs to a connection.</source>
        <translation>この %L1 個のフレームに、接続に属するものはありません。</translation>
    </message>
    <message>
        <source>Journey %1</source>
        <translation>旅 %1</translation>
    </message>
    <message>
        <source>looking at all frames together</source>
        <translation>全フレームをまとめて調べています</translation>
    </message>
    <message>
        <source>&amp;Leave Out This Journey</source>
        <translation>この旅を比較から外す(&amp;L)</translation>
    </message>
    <message>
        <source>Compare All &amp;Journeys</source>
        <translation>すべての旅を比べる(&amp;J)</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>コピー(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Apply as Filter</source>
        <translation>フィルターとして適用(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Prepare as Filter</source>
        <translation>フィルターとして準備(&amp;P)</translation>
    </message>
    <message>
        <source>These &amp;Handshakes</source>
        <translation>このハンドシェイク(&amp;H)</translation>
    </message>
    <message>
        <source>Their &amp;Journeys</source>
        <translation>その旅(&amp;J)</translation>
    </message>
    <message>
        <source>&amp;Show Only</source>
        <translation>これだけを表示(&amp;S)</translation>
    </message>
    <message>
        <source>C&amp;ompare Their Journeys</source>
        <translation>その旅を比較(&amp;O)</translation>
    </message>
    <message>
        <source>Sho&amp;w all</source>
        <translation>すべて表示(&amp;W)</translation>
    </message>
</context>
<context>
    <name>humantime::ui::ViewSwitch</name>
    <message>
        <source>View: %1</source>
        <translation>表示：%1</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <comment>a view and its key</comment>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>&amp;Calendar</source>
        <translation>カレンダー(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Letters</source>
        <translation>手紙(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Diary</source>
        <translation>日記(&amp;D)</translation>
    </message>
    <message>
        <source>Co&amp;mpare</source>
        <translation>比較(&amp;M)</translation>
    </message>
    <message>
        <source>Co&amp;nnections</source>
        <translation>接続(&amp;N)</translation>
    </message>
</context>
</TS>
