// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/journey_list.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "journeys/journey_handshake.h"
#include "reports/columns.h"
#include "reports/journey_text.h"
#include "reports/other_end.h"
#include "reports/stage_totals.h"
#include "reports/time_text.h"
#include "reports/vantage_text.h"
#include "reports/wrap.h"
#include "text.h"

namespace humantime::reports {
namespace {

using journeys::Journey;

/// A journey and what is asked of it.
struct Line {
  const FrameStore& store;
  const Dates& dates;
  const Journey& journey;
  const PlaceView& view;
  const std::optional<OtherEnd>& other;
  std::int64_t length() const { return difference(view.last_ns, view.first_ns); }
  bool dated() const { return view.timed && dates.known(); }
};

using Column = TableColumn<Line>;

Json if_timed(const Line& line, Json value) {
  return line.view.timed ? std::move(value) : Json();
}

Json date_or_null(const Line& line, std::int64_t time_ns) {
  return line.dated() ? Json(line.dates.to_second(time_ns)) : Json();
}

Json ms_or_null(std::int64_t ns) {
  return ns == StageTotals::none ? Json() : Json(ms_of(ns));
}

/// To nine seconds: more digits would be those of the division.
Json days_or_null(const Line& line, std::int64_t ns) {
  if (ns == StageTotals::none) return {};
  return std::round(line.dates.days(ns) * 1e4) / 1e4;
}

Json other_names(const Line& line) {
  Json names = Json::array();
  for (const std::string_view name : line.journey.other_names) names.push_back(printable(name));
  return names;
}

/// What `value` says of the other end; null where there is none.
template <typename Value>
Json if_other(const Line& line, Value value) {
  return line.other ? Json(value(*line.other)) : Json();
}

Json peer_date(const Line& line, std::int64_t PlaceView::*time_ns) {
  if (!line.other || !line.other->view.timed || !line.dates.known()) return {};
  return line.dates.rounded(line.other->view.*time_ns, line.other->date_precision_ns);
}

std::int64_t network_wait(const Line& line) {
  return line.other ? line.other->network_wait_ns.value_or(StageTotals::none) : StageTotals::none;
}

// In this order in CSV and JSON.
constexpr std::array columns = {
    Column{"journey", [](const Line& l) -> Json { return l.journey.number; }},
    Column{"name", [](const Line& l) { return text_or_null(name_of(l.store, l.journey)); }},
    Column{"other_names", other_names},
    Column{"kind", [](const Line& l) -> Json { return token_of(l.journey.kind); }},
    Column{"server",
           [](const Line& l) {
             const Endpoint& server = l.journey.server;
             return text_or_null(to_text(l.store.addresses()[server.address], server.port));
           }},
    Column{"carrier", [](const Line& l) { return text_or_null(printable(l.journey.carrier)); }},
    Column{"handshake",
           [](const Line& l) {
             const Handshake* handshake = journeys::opening_handshake(l.store, l.journey);
             return handshake == nullptr ? Json() : Json(text_of(*handshake));
           }},
    Column{"handshake_rtts",
           [](const Line& l) {
             const Handshake* handshake = journeys::opening_handshake(l.store, l.journey);
             const bool known =
                 handshake != nullptr && handshake->round_trips != Handshake::unknown_round_trips;
             return known ? Json(handshake->round_trips) : Json();
           }},
    Column{"vantage",
           [](const Line& l) -> Json {
             return l.journey.legs.empty() ? Json() : Json(vantage_text(l.store.vantages()[l.view.vantage]));
           }},
    Column{"first_frame",
           [](const Line& l) {
             return l.journey.legs.empty() ? Json() : Json(to_number(l.journey.legs.front().frame));
           }},
    Column{"last_frame",
           [](const Line& l) {
             return l.journey.legs.empty() ? Json() : Json(to_number(l.journey.legs.back().frame));
           }},
    Column{"start_ns", [](const Line& l) { return if_timed(l, l.view.first_ns); }},
    Column{"end_ns", [](const Line& l) { return if_timed(l, l.view.last_ns); }},
    Column{"start_utc", [](const Line& l) { return if_timed(l, utc_text(l.view.first_ns)); }},
    Column{"start", [](const Line& l) { return date_or_null(l, l.view.first_ns); }},
    Column{"end", [](const Line& l) { return date_or_null(l, l.view.last_ns); }},
    Column{"ms", [](const Line& l) { return if_timed(l, ms_of(l.length())); }},
    Column{"days", [](const Line& l) { return if_timed(l, days_or_null(l, l.length())); }},
#define STAGE(stage)                                                                            \
  Column{#stage "_ms", [](const Line& l) { return ms_or_null(l.view.totals.stage); }}, Column { \
#stage "_days", [](const Line& l) { return days_or_null(l, l.view.totals.stage); }          \
  }
    STAGE(blocked),
    STAGE(address),
    STAGE(dns),
    STAGE(connect),
    STAGE(ssl),
    STAGE(send),
    STAGE(wait),
    STAGE(receive),
    STAGE(close),
#undef STAGE
    Column{"segments", [](const Line& l) -> Json { return l.view.segments; }},
    Column{"retransmissions", [](const Line& l) -> Json { return l.view.retransmissions; }},
    Column{"bytes", [](const Line& l) -> Json { return l.view.bytes; }},
    Column{"position",
           [](const Line& l) {
             const auto position = position_of(l.store, l.journey, l.view.vantage);
             return text_or_null(std::string(token_of(position)));
           }},
    Column{"peer_vantage",
           [](const Line& l) {
             return if_other(
                 l, [&](const OtherEnd& o) { return vantage_text(l.store.vantages()[o.view.vantage]); });
           }},
    Column{"peer_position",
           [](const Line& l) {
             return l.other ? text_or_null(std::string(token_of(l.other->position))) : Json();
           }},
    Column{"peer_first_frame",
           [](const Line& l) {
             return if_other(l, [](const OtherEnd& o) { return to_number(o.first_frame); });
           }},
    Column{
        "peer_last_frame",
        [](const Line& l) { return if_other(l, [](const OtherEnd& o) { return to_number(o.last_frame); }); }},
    Column{
        "peer_start_ns",
        [](const Line& l) { return l.other && l.other->view.timed ? Json(l.other->view.first_ns) : Json(); }},
    Column{
        "peer_end_ns",
        [](const Line& l) { return l.other && l.other->view.timed ? Json(l.other->view.last_ns) : Json(); }},
    Column{"peer_start", [](const Line& l) { return peer_date(l, &PlaceView::first_ns); }},
    Column{"peer_end", [](const Line& l) { return peer_date(l, &PlaceView::last_ns); }},
#define PEER_STAGE(stage)                                                                            \
  Column{"peer_" #stage "_ms",                                                                       \
         [](const Line& l) { return l.other ? ms_or_null(l.other->view.totals.stage) : Json(); }},   \
      Column {                                                                                       \
    "peer_" #stage "_days",                                                                          \
        [](const Line& l) { return l.other ? days_or_null(l, l.other->view.totals.stage) : Json(); } \
  }
    PEER_STAGE(connect),
    PEER_STAGE(ssl),
    PEER_STAGE(send),
    PEER_STAGE(wait),
    PEER_STAGE(receive),
    PEER_STAGE(close),
#undef PEER_STAGE
    Column{"network_wait_ms", [](const Line& l) { return ms_or_null(network_wait(l)); }},
    Column{"network_wait_days", [](const Line& l) { return days_or_null(l, network_wait(l)); }},
    Column{"peer_segments",
           [](const Line& l) { return if_other(l, [](const OtherEnd& o) { return o.view.segments; }); }},
    Column{
        "peer_retransmissions",
        [](const Line& l) { return if_other(l, [](const OtherEnd& o) { return o.view.retransmissions; }); }},
    Column{"peer_bytes",
           [](const Line& l) { return if_other(l, [](const OtherEnd& o) { return o.view.bytes; }); }},
#define WAY(way)                                                                                            \
  Column{#way "_letters",                                                                                   \
         [](const Line& l) { return if_other(l, [](const OtherEnd& o) { return o.way.letters; }); }},       \
      Column{#way "_lost",                                                                                  \
             [](const Line& l) { return if_other(l, [](const OtherEnd& o) { return o.way.lost; }); }},      \
      Column{#way "_unmatched",                                                                             \
             [](const Line& l) { return if_other(l, [](const OtherEnd& o) { return o.way.unmatched; }); }}, \
      Column{#way "_retransmissions",                                                                       \
             [](const Line& l) {                                                                            \
               return if_other(l, [](const OtherEnd& o) { return o.way.retransmissions; });                 \
             }},                                                                                            \
      Column{#way "_travel_min_ns",                                                                         \
             [](const Line& l) { return l.other ? ns_or_null(l.other->way.least_ns) : Json(); }},           \
      Column {                                                                                              \
#way "_travel_median_ns",                                                                               \
        [](const Line& l) { return l.other ? ns_or_null(l.other->way.median_ns) : Json(); }                 \
  }
    WAY(out),
    WAY(back),
#undef WAY
    Column{"travel_precision_ns",
           [](const Line& l) { return l.other ? ns_or_null(l.other->precision_ns) : Json(); }},
    Column{"travel_error_ns", [](const Line& l) { return l.other ? ns_or_null(l.other->error_ns) : Json(); }},
    Column{"peer_clock_offset_ns",
           [](const Line& l) { return l.other ? ns_or_null(l.other->clock_offset_ns) : Json(); }},
};

// -- text: two lines of a table for each journey, days of the year above real milliseconds

constexpr std::size_t number_width = 5;
constexpr std::size_t name_width = 27;
constexpr std::size_t stage_width = 8;
constexpr std::size_t most_names = 3;
constexpr std::size_t longest_name = 60;
constexpr std::size_t text_width = 118;  ///< of the table

struct TotalRow {
  std::string_view english, japanese;
  std::int64_t StageTotals::*total;
};
constexpr std::array<TotalRow, 9> total_rows = {{
    {"address", "住所", &StageTotals::address},
    {"dns", "DNS", &StageTotals::dns},
    {"blocked", "待機", &StageTotals::blocked},
    {"connect", "接続", &StageTotals::connect},
    {"(ssl)", "(TLS)", &StageTotals::ssl},
    {"send", "送信", &StageTotals::send},
    {"wait", "待ち", &StageTotals::wait},
    {"receive", "受信", &StageTotals::receive},
    {"close", "切断", &StageTotals::close},
}};

std::string text_head(Language language) {
  const bool japanese = language == Language::japanese;
  std::string line = pad_left(japanese ? "番号" : "No", number_width) + "  " +
                     pad(japanese ? "名前、開始、終了" : "Name, start, end", name_width);
  for (const TotalRow& row : total_rows) line += pad_left(japanese ? row.japanese : row.english, stage_width);
  line += pad_left(japanese ? "合計" : "total", stage_width + 1);
  return line + "\n";
}

template <typename Number>
std::string totals_text(const PlaceView& view, std::string_view unit, Number number) {
  std::string text;
  for (const TotalRow& row : total_rows) {
    const std::int64_t total = view.totals.*row.total;
    text += pad_left(total == StageTotals::none ? "–" : short_number(number(total)), stage_width);
  }
  const std::int64_t length = difference(view.last_ns, view.first_ns);
  text += pad_left(view.timed ? short_number(number(length)) : "–", stage_width + 1);
  return text.append(" ").append(unit) + "\n";
}

std::string counts_text(const Line& line) {
  const bool japanese = line.dates.language() == Language::japanese;
  const PlaceView& view = line.view;
  const std::string segments = grouped(view.segments), again = grouped(view.retransmissions),
                    bytes = grouped(view.bytes);
  if (japanese) return segments + " セグメント、再送 " + again + "、" + bytes + " バイト";
  return segments + (view.segments == 1 ? " segment, " : " segments, ") + again + " sent again, " + bytes +
         " bytes";
}

std::string to_microsecond(std::string time) {
  time.resize(time.size() - 3);
  return time;
}

/// `45 letters out, median 8 d 2 h (22.186 ms)`
std::string way_text(const Line& line, const Way& way, bool out) {
  const bool japanese = line.dates.language() == Language::japanese;
  std::string text = grouped(way.letters);
  if (japanese)
    text = (out ? "行き " : "帰り ") + text + " 通";
  else
    text += std::string(out ? way.letters == 1 ? " letter" : " letters" : "") + (out ? " out" : " back");
  if (way.median_ns) {
    text += japanese ? "（中央値 " : ", median ";
    text += unbroken(line.dates.length(*way.median_ns) + (japanese ? "、" : " (") + ms_text(*way.median_ns) +
                     (japanese ? " ms）" : " ms)"));
  }
  if (way.lost > 0) text += (japanese ? "、紛失 " : ", ") + grouped(way.lost) + (japanese ? "" : " lost");
  if (way.retransmissions > 0)
    text += (japanese ? "、再送 " : ", ") + grouped(way.retransmissions) + (japanese ? "" : " sent again");
  return text;
}

/// What the other end saw: a row of the table, and what went each way, the wait's two parts, the clocks.
std::string other_end_text(const Line& line, const OtherEnd& other) {
  const bool japanese = line.dates.language() == Language::japanese;
  const bool at_server = other.position == journeys::End::server;
  const std::string place = vantage_text(line.store.vantages()[other.view.vantage]);
  const std::string indent(number_width + 2, ' ');
  const std::string label = at_server ? japanese ? "サーバー側" : "at the server's end"
                                      : (japanese ? "もう一か所 " : "at interface ") + place;
  const std::string_view stop = japanese ? "。" : ".";
  const auto length = [&](std::int64_t ns) { return unbroken(line.dates.length(ns)); };
  const std::string ways =
      way_text(line, other.out, true) + (japanese ? "。" : "; ") + way_text(line, other.back, false);
  std::string waits, clocks;
  if (at_server && other.network_wait_ns)
    waits = (japanese ? "待ち: サーバー " : "Wait: server ") + length(other.view.totals.wait) +
            (japanese ? "、ネットワーク " : ", network ") + length(*other.network_wait_ns);
  if (other.precision_ns && other.error_ns)
    clocks = (japanese ? "時計: 往復が等しければ ± " : "Clocks: ± ") + length(*other.precision_ns) +
             (japanese ? "、最悪 ± " : " if both ways are alike, ± ") + length(*other.error_ns) +
             (japanese ? "" : " at worst");
  std::string said;
  for (const std::string& sentence : {waits, clocks}) {
    if (sentence.empty()) continue;
    if (!said.empty() && !japanese) said += " ";
    said.append(sentence).append(stop);
  }
  const auto paragraph = [&](const std::string& text) {
    return text.empty() ? text : indent + wrap(text, text_width - indent.size(), indent.size());
  };
  return indent + pad(label, name_width) +
         totals_text(other.view, japanese ? "日" : "d",
                     [&](std::int64_t ns) { return line.dates.days(ns); }) +
         paragraph(ways + std::string(stop)) + paragraph(said);
}

std::string as_text(const Line& line) {
  const bool japanese = line.dates.language() == Language::japanese;
  const std::string indent(number_width + 2, ' ');
  const PlaceView& view = line.view;
  const std::string name = name_of(line.store, line.journey);
  const std::string start = line.dated() ? line.dates.to_minute(view.first_ns) : std::string();
  const std::string end = line.dated() ? line.dates.to_minute(view.last_ns) : std::string();

  std::string text = pad_left(std::to_string(line.journey.number), number_width) + "  " +
                     (name.empty() ? "—" : cut(name, longest_name));
  const auto others = line.journey.other_names;
  for (const std::string_view other : others.first(std::min<std::size_t>(others.size(), most_names)))
    text += (japanese ? "、別名 " : ", also ") + cut(printable(other), longest_name);
  if (others.size() > most_names) text += japanese ? "、…" : ", …";
  text.append(" — ").append(label_of(line.journey.kind, line.dates.language()));
  if (!line.journey.carrier.empty())
    text += (japanese ? "、経由: " : ", through ") + printable(line.journey.carrier);
  text += (japanese ? "、" : ", ") + counts_text(line);
  if (view.timed) text += (japanese ? "、" : ", ") + to_microsecond(utc_text(view.first_ns)) + " UTC";
  text += "\n";
  text += indent + pad(start, name_width) +
          totals_text(view, japanese ? "日" : "d", [&](std::int64_t ns) { return line.dates.days(ns); });
  text += indent + pad(end.empty() ? "" : "→ " + end, name_width) + totals_text(view, "ms", ms_of);
  if (line.other) text += other_end_text(line, *line.other);
  return text;
}

}  // namespace

void write_journeys(const FrameStore& store, Telling telling, Format format, const JourneysSource& journeys,
                    const Sink& sink) {
  const Dates dates(store, telling);
  if (format == Format::csv) sink(csv_head<Line>(columns));
  if (format == Format::text) sink(text_head(telling.language));
  std::vector<journeys::Milestone> milestones;
  journeys([&](const Journey& journey) {
    list_milestones(store, journey, milestones);
    const PlaceView view = clients_view(store, journey, milestones);
    const Dates own = dates.of_journey(store, journey);
    const auto other = telling.letters == nullptr
                           ? std::nullopt
                           : other_end(store, *telling.letters, journey, milestones, view);
    const Line line{store, own, journey, view, other};
    sink(format == Format::json  ? json_line<Line>(columns, line)
         : format == Format::csv ? csv_line<Line>(columns, line)
                                 : as_text(line));
  });
}

}  // namespace humantime::reports
