// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/connection_list.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "reports/columns.h"
#include "reports/journey_text.h"
#include "reports/time_text.h"

namespace humantime::reports {
namespace {

using journeys::ConnectionCount;
using journeys::ConnectionTotals;
using journeys::HandshakeGroup;
using journeys::HttpVersion;
using journeys::MessageTotals;
using journeys::Quartiles;
using journeys::quartiles_of;
using journeys::TlsVersion;

/// What is counted together: all connections, or those to one server.
struct Scope {
  std::optional<std::string_view> server;  ///< none: all
  const ConnectionTotals& totals;
};

/// To a millionth.
Json share_of(double part, double whole) {
  return whole > 0 ? Json(std::round(part / whole * 1e6) / 1e6) : Json();
}

double total(const std::vector<std::int64_t>& values) {
  double added = 0;
  for (const std::int64_t value : values) added += static_cast<double>(value);
  return added;
}

template <typename Version, std::size_t Size>
Json by_version(const std::array<std::uint64_t, Size>& counts) {
  Json object = Json::object();
  for (std::size_t i = 0; i < Size; ++i) object[std::string(token_of(static_cast<Version>(i)))] = counts[i];
  return object;
}

void put(Json& object, const std::string& what, const Quartiles& of) {
  const auto put_one = [&](const char* which, std::int64_t ns) {
    object[what + "_" + which + "_ns"] = of.n > 0 ? Json(ns) : Json();
  };
  object[what + "_n"] = of.n;
  put_one("min", of.min_ns);
  put_one("q1", of.q1_ns);
  put_one("median", of.median_ns);
  put_one("q3", of.q3_ns);
  put_one("max", of.max_ns);
}

Json kinds(const ConnectionTotals& totals) {
  Json object = Json::object();
  for (const auto& [order, group] : totals.groups) {
    Json& kind = object[text_of(group.like)];
    kind["n"] = group.n;
    kind["share"] = share_of(static_cast<double>(group.n), static_cast<double>(totals.handshakes));
    kind["rtts"] = group.round_trips;
    put(kind, "time", quartiles_of(group.times_ns));
    put(kind, "waiting", quartiles_of(group.waits_ns));
    kind["waiting_share"] = share_of(total(group.waits_ns), total(group.waited_of_ns));
  }
  return object;
}

bool knows_application(const MessageTotals& of) {
  return of.frames > 0 && of.unread == 0;
}

Json messages(const MessageTotals& of) {
  Json object = Json::object();
  object["messages"] = of.messages;
  object["frames"] = of.frames;
  object["application_bytes"] = knows_application(of) ? Json(of.application_bytes) : Json();
  object["tls_bytes"] = of.record_bytes > 0 ? Json(of.record_bytes) : Json();
  object["frame_bytes"] = of.frame_bytes;
  return object;
}

std::int64_t interval_ns(const ConnectionTotals& totals) {
  return totals.span_ns / static_cast<std::int64_t>(totals.steps);
}

using Column = TableColumn<Scope>;

// In this order in JSON. In CSV each number below has a row, under the names that lead to it.
constexpr std::array columns = {
    Column{"scope", [](const Scope& s) -> Json { return s.server ? "server" : "all"; }},
    Column{"server", [](const Scope& s) { return text_or_null(std::string(s.server.value_or(""))); }},
    Column{"connections", [](const Scope& s) -> Json { return s.totals.connections; }},
    Column{"refused", [](const Scope& s) -> Json { return s.totals.refused; }},
    Column{"unanswered", [](const Scope& s) -> Json { return s.totals.unanswered; }},
    Column{"tls", [](const Scope& s) -> Json { return s.totals.with_tls; }},
    Column{"tls_share",
           [](const Scope& s) {
             return share_of(static_cast<double>(s.totals.with_tls),
                             static_cast<double>(s.totals.connections));
           }},
    Column{"versions", [](const Scope& s) { return by_version<TlsVersion>(s.totals.tls); }},
    Column{"http", [](const Scope& s) -> Json { return s.totals.with_http; }},
    Column{"http_versions", [](const Scope& s) { return by_version<HttpVersion>(s.totals.http); }},
    Column{"handshakes", [](const Scope& s) -> Json { return s.totals.handshakes; }},
    Column{"handshakes_broken_off", [](const Scope& s) -> Json { return s.totals.broken_off; }},
    Column{"kinds", [](const Scope& s) { return kinds(s.totals); }},
    Column{"segments", [](const Scope& s) -> Json { return s.totals.segments; }},
    Column{"segment_interval_ns",
           [](const Scope& s) { return s.totals.steps > 0 ? Json(interval_ns(s.totals)) : Json(); }},
    Column{"retransmissions", [](const Scope& s) -> Json { return s.totals.retransmissions; }},
    Column{"zero_windows", [](const Scope& s) -> Json { return s.totals.zero_windows; }},
    Column{"requests", [](const Scope& s) { return messages(s.totals.requests); }},
    Column{"responses", [](const Scope& s) { return messages(s.totals.responses); }},
};
constexpr std::size_t first_measure = 2;

// -- CSV: a row for each measure

struct Measure {
  const Json& scope;
  const Json& server;
  std::string name;
  const Json& value;
};
constexpr std::array measure_columns = {
    TableColumn<Measure>{"scope", [](const Measure& m) { return m.scope; }},
    TableColumn<Measure>{"server", [](const Measure& m) { return m.server; }},
    TableColumn<Measure>{"measure", [](const Measure& m) -> Json { return m.name; }},
    TableColumn<Measure>{"value", [](const Measure& m) { return m.value; }},
};

void write_csv(const Json& record, const Sink& sink) {
  const Json& what = record[columns[0].name];
  const Json& server = record[columns[1].name];
  const auto write = [&](const auto& self, const std::string& name, const Json& value) -> void {
    if (!value.is_object()) return sink(csv_line<Measure>(measure_columns, {what, server, name, value}));
    for (const auto& [key, inner] : value.items())
      self(self, std::string(name).append(".").append(key), inner);
  };
  for (std::size_t i = first_measure; i < columns.size(); ++i)
    write(write, std::string(columns[i].name), record[columns[i].name]);
}

Json record_of(const Scope& scope) {
  Json record = Json::object();
  for (const Column& column : columns) record[std::string(column.name)] = column.value(scope);
  return record;
}

// -- text

constexpr std::size_t label_width = 26, count_width = 12, share_width = 10;
constexpr std::size_t trips_width = 6, unit_width = 4, time_width = 8;
constexpr std::size_t longest_name = 44;

std::string percent(double part, double whole) {
  if (!(whole > 0)) return "–";
  std::array<char, 32> text;
  const int size = std::snprintf(text.data(), text.size(), "%.1f %%", part / whole * 100);
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  return percent(static_cast<double>(part), static_cast<double>(whole));
}

// Indexed by TlsVersion and HttpVersion.
constexpr std::array<std::string_view, journeys::tls_version_count> tls_labels = {
    "SSL 3.0", "TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3", "DTLS 1.0", "DTLS 1.2", "QUIC", ""};
constexpr std::array<std::string_view, journeys::http_version_count> http_labels = {"HTTP/1", "HTTP/2",
                                                                                    "HTTP/3", ""};

std::string count_line(std::string label, std::uint64_t count, std::uint64_t whole) {
  return pad("  " + std::move(label), label_width) + pad_left(grouped(count), count_width) +
         pad_left(percent(count, whole), share_width) + "\n";
}

/// The versions that there are.
template <std::size_t Size>
std::string version_lines(const std::array<std::uint64_t, Size>& counts,
                          const std::array<std::string_view, Size>& labels, std::uint64_t whole,
                          Language language) {
  std::string text;
  for (std::size_t i = 0; i < Size; ++i) {
    if (counts[i] == 0) continue;
    const std::string_view unknown = language == Language::japanese ? "バージョン不明" : "version unknown";
    const std::string_view label = labels[i].empty() ? unknown : labels[i];
    text += count_line("  " + std::string(label), counts[i], whole);
  }
  return text;
}

std::string trips_text(const HandshakeGroup& group) {
  std::string text;
  for (const std::uint8_t trips : group.round_trips)
    text += (text.empty() ? "" : ",") + std::to_string(trips);
  return text.empty() ? "–" : text;
}

template <typename Number>
std::string times_text(const Quartiles& times, std::string_view unit, Number number) {
  std::string text = pad_left(unit, unit_width);
  for (const std::int64_t ns : {times.min_ns, times.q1_ns, times.median_ns, times.q3_ns, times.max_ns})
    text += pad_left(times.n > 0 ? short_number(number(ns)) : "–", time_width);
  return text;
}

std::string handshake_head(bool japanese) {
  std::string line = pad(japanese ? "  ハンドシェイク" : "  Handshake", label_width) +
                     pad_left(japanese ? "回数" : "n", count_width) +
                     pad_left(japanese ? "割合" : "share", share_width) +
                     pad_left(japanese ? "往復" : "rtts", trips_width) + std::string(unit_width, ' ');
  for (const std::string_view column :
       {japanese ? "最小" : "min", japanese ? "四分1" : "q1", japanese ? "中央" : "median",
        japanese ? "四分3" : "q3", japanese ? "最大" : "max"})
    line += pad_left(column, time_width);
  return line + "\n";
}

/// Days of the year above real milliseconds, and what of them was waiting.
std::string handshake_lines(const HandshakeGroup& group, std::uint64_t whole, const Dates& dates) {
  const bool japanese = dates.language() == Language::japanese;
  const Quartiles times = quartiles_of(group.times_ns);
  std::string kind = "    " + text_of(group.like);
  std::string text;
  if (width_of(kind) >= label_width) {
    text = kind + "\n";
    kind.clear();
  }
  text += pad(kind, label_width) + pad_left(grouped(group.n), count_width) +
          pad_left(percent(group.n, whole), share_width) + pad_left(trips_text(group), trips_width) +
          times_text(times, japanese ? "日" : "d", [&](std::int64_t ns) { return dates.days(ns); }) + "\n";
  std::string waiting;
  if (!group.waits_ns.empty())
    waiting = (japanese ? "      うち待ち " : "      of it waiting ") +
              percent(total(group.waits_ns), total(group.waited_of_ns));
  return text + pad(waiting, label_width + count_width + share_width + trips_width) +
         times_text(times, "ms", ms_of) + "\n";
}

std::string segments_lines(const ConnectionTotals& totals, const Dates& dates) {
  const bool japanese = dates.language() == Language::japanese;
  std::string text = (japanese ? "  TCP セグメント " : "  TCP segments: ") + grouped(totals.segments);
  if (totals.steps > 0) {
    const std::int64_t ns = interval_ns(totals);
    text += (japanese ? "、平均間隔 " : ", one every ") + dates.length(ns) + " (" + ms_text(ns) + " ms)";
  }
  text += (japanese ? "\n    再送 " : "\n    sent again: ") + grouped(totals.retransmissions) + " (" +
          percent(totals.retransmissions, totals.segments) + ")";
  return text + (japanese ? "、ゼロウィンドウ " : "; zero windows: ") + grouped(totals.zero_windows) + "\n";
}

std::string messages_line(std::string_view label, const MessageTotals& of, Language language) {
  const bool japanese = language == Language::japanese;
  std::string text = "  ";
  text.append(label).append(japanese ? " " : ": ").append(grouped(of.messages));
  if (of.messages == 0) return text + "\n";
  text += (japanese ? "、フレーム " : ", in frames: ") + grouped(of.frames);
  text += japanese ? "、バイト数: " : "; bytes: ";
  // As the article counts them: from the inside out.
  if (knows_application(of)) text += grouped(of.application_bytes) + " HTTP → ";
  if (of.record_bytes > 0) text += grouped(of.record_bytes) + " TLS → ";
  return text + grouped(of.frame_bytes) + (japanese ? " フレーム" : " in frames") + "\n";
}

std::string as_text(const Scope& scope, std::string_view heading, const Dates& dates) {
  const Language language = dates.language();
  const bool japanese = language == Language::japanese;
  const ConnectionTotals& totals = scope.totals;
  std::string text =
      cut(heading, longest_name) + (japanese ? " — 接続 " : " — connections: ") + grouped(totals.connections);
  if (totals.refused > 0) text += (japanese ? "、接続拒否 " : ", refused: ") + grouped(totals.refused);
  if (totals.unanswered > 0)
    text += (japanese ? "、応答なし " : ", unanswered: ") + grouped(totals.unanswered);
  text += "\n";
  if (totals.connections > 0)
    text += count_line(japanese ? "TLS あり" : "with TLS", totals.with_tls, totals.connections) +
            version_lines(totals.tls, tls_labels, totals.with_tls, language) +
            count_line(japanese ? "HTTP あり" : "with HTTP", totals.with_http, totals.connections) +
            version_lines(totals.http, http_labels, totals.with_http, language);
  if (totals.handshakes > 0) text += handshake_head(japanese);
  for (const auto& [order, group] : totals.groups) text += handshake_lines(group, totals.handshakes, dates);
  if (totals.broken_off > 0)
    text += (japanese ? "  途中で終わったハンドシェイク " : "  Handshakes broken off: ") +
            grouped(totals.broken_off) + "\n";
  if (totals.segments > 0) text += segments_lines(totals, dates);
  if (totals.with_http > 0)
    text += messages_line(japanese ? "リクエスト" : "Requests", totals.requests, language) +
            messages_line(japanese ? "レスポンス" : "Responses", totals.responses, language);
  return text;
}

void write_text(const ConnectionCount& count, Telling telling, const Sink& sink) {
  const Dates dates = Dates::since_zero(telling);
  const bool japanese = telling.language == Language::japanese;
  const auto servers = count.servers();
  // Of one server there is nothing to tell that is not told of all.
  const std::string all = servers.size() == 1 ? servers.front().name : japanese ? "すべて" : "All servers";
  sink(as_text({std::nullopt, count.all()}, all, dates));
  if (servers.size() == 1) return;
  for (const ConnectionCount::Server& server : servers)
    sink("\n" + as_text({server.name, server.totals}, server.name, dates));
}

}  // namespace

void write_totals(const ConnectionCount& count, Telling telling, Format format, const Sink& sink) {
  if (format == Format::text) return write_text(count, telling, sink);
  if (format == Format::csv) sink(measures_head());
  const auto write = [&](const Scope& scope) {
    if (format == Format::csv) return write_csv(record_of(scope), sink);
    sink(json_line<Scope>(columns, scope));
  };
  write({std::nullopt, count.all()});
  for (const ConnectionCount::Server& server : count.servers()) write({server.name, server.totals});
}

Work write_records(const ConnectionCount& count, Sink sink) {
  constexpr std::uint64_t cost = 100;
  sink(json_line<Scope>(columns, {std::nullopt, count.all()}));
  co_await spent(cost);
  co_await each(std::size_t{0}, count.servers().size(), [&](std::size_t i) {
    const ConnectionCount::Server& server = count.servers()[i];
    sink(json_line<Scope>(columns, {server.name, server.totals}));
    return cost;
  });
}

std::string measures_head() {
  return csv_head<Measure>(measure_columns);
}

bool write_measures(std::string_view json_line, const Sink& sink) {
  const Json record = Json::parse(json_line, nullptr, false);
  if (!record.is_object()) return false;
  for (const Column& column : columns)
    if (!record.contains(column.name)) return false;
  write_csv(record, sink);
  return true;
}

void write_connections(const FrameStore& store, Telling telling, Format format,
                       const JourneysSource& journeys, const Sink& sink) {
  ConnectionCount count(store);
  journeys([&](const journeys::Journey& journey) { count.add(journey, name_of(store, journey)); });
  write_totals(count, telling, format, sink);
}

}  // namespace humantime::reports
