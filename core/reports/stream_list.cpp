// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/stream_list.h"

#include <array>
#include <optional>
#include <string>

#include "reports/columns.h"
#include "reports/journey_text.h"
#include "reports/time_text.h"
#include "text.h"

namespace humantime::reports {
namespace {

using journeys::Journey;
using journeys::Leg;

/// An exchange and what is asked of it.
struct Line {
  const FrameStore& store;
  const Dates& dates;
  const Journey& journey;
  const HttpExchange& exchange;

  std::optional<std::int64_t> instant(FrameNumber frame) const {
    const FrameRow* row = store.find(frame);
    if (row == nullptr || !row->has(FrameRow::has_time)) return std::nullopt;
    return dates.instant_of(store, frame);
  }
  /// From one frame to another; none where one of them was not captured, or has no time.
  std::optional<std::int64_t> between(FrameNumber from, FrameNumber to) const {
    const auto begin = instant(from), end = instant(to);
    return begin && end ? std::optional(difference(*end, *begin)) : std::nullopt;
  }
  std::optional<std::int64_t> send() const { return between(exchange.request, exchange.request_end); }
  /// A server may answer before it has heard everything: then nothing was waited for.
  std::optional<std::int64_t> wait() const {
    const auto waited = between(exchange.request_end, exchange.response);
    return waited && *waited < 0 ? 0 : waited;
  }
  std::optional<std::int64_t> receive() const { return between(exchange.response, exchange.response_end); }
  std::string date(FrameNumber frame) const {
    const auto time = instant(frame);
    return time && dates.known() ? dates.to_minute(*time) : std::string();
  }
};

using Column = TableColumn<Line>;

Json frame_or_null(FrameNumber frame) {
  return number_or_null(to_number(frame));
}

Json bytes_or_null(std::uint64_t bytes) {
  return bytes == HttpExchange::unknown_bytes ? Json() : Json(bytes);
}

Json ms_or_null(const std::optional<std::int64_t>& ns) {
  return ns ? Json(ms_of(*ns)) : Json();
}

Json date_or_null(const Line& line, FrameNumber frame) {
  const auto time = line.instant(frame);
  return time && line.dates.known() ? Json(line.dates.to_second(*time)) : Json();
}

// In this order in CSV and JSON.
constexpr std::array columns = {
    Column{"journey", [](const Line& l) -> Json { return l.journey.number; }},
    Column{"name", [](const Line& l) { return text_or_null(name_of(l.store, l.journey)); }},
    Column{"vantage",
           [](const Line& l) -> Json {
             return vantage_text(l.store.vantages()[l.store.find(l.exchange.first())->vantage]);
           }},
    Column{"connection", [](const Line& l) -> Json { return l.exchange.connection; }},
    Column{"stream", [](const Line& l) -> Json { return l.exchange.stream; }},
    Column{"request", [](const Line& l) { return text_or_null(printable(l.store.what(l.exchange))); }},
    Column{"status", [](const Line& l) { return number_or_null(l.exchange.status); }},
    Column{"pushed", [](const Line& l) -> Json { return l.exchange.pushed; }},
    Column{"reset", [](const Line& l) -> Json { return l.exchange.reset; }},
    Column{"request_frame", [](const Line& l) { return frame_or_null(l.exchange.request); }},
    Column{"request_end_frame", [](const Line& l) { return frame_or_null(l.exchange.request_end); }},
    Column{"response_frame", [](const Line& l) { return frame_or_null(l.exchange.response); }},
    Column{"response_end_frame", [](const Line& l) { return frame_or_null(l.exchange.response_end); }},
    Column{"request_bytes", [](const Line& l) { return bytes_or_null(l.exchange.request_bytes); }},
    Column{"response_bytes", [](const Line& l) { return bytes_or_null(l.exchange.response_bytes); }},
    Column{"start_ns", [](const Line& l) { return ns_or_null(l.instant(l.exchange.first())); }},
    Column{"start", [](const Line& l) { return date_or_null(l, l.exchange.first()); }},
    Column{"send_ms", [](const Line& l) { return ms_or_null(l.send()); }},
    Column{"wait_ms", [](const Line& l) { return ms_or_null(l.wait()); }},
    Column{"receive_ms", [](const Line& l) { return ms_or_null(l.receive()); }},
};

// -- text

constexpr std::size_t journey_width = 7, stream_width = 9, stage_width = 10, status_width = 8,
                      bytes_width = 13, longest_request = 70;

std::size_t date_width(Language language) {
  return language == Language::japanese ? 24 : 16;
}

std::string text_head(Language language) {
  const bool japanese = language == Language::japanese;
  std::string line = pad_left(japanese ? "通信" : "Journey", journey_width) +
                     pad_left(japanese ? "ストリーム" : "stream", stream_width + 2) + "  " +
                     pad(japanese ? "開始" : "Start", date_width(language));
  for (const std::string_view stage : japanese ? std::array{"送信 ms", "待ち ms", "受信 ms"}
                                               : std::array{"send ms", "wait ms", "receive ms"})
    line += pad_left(stage, stage_width + 1);
  return line + pad_left(japanese ? "状態" : "status", status_width) +
         pad_left(japanese ? "バイト" : "bytes", bytes_width) + "  " + (japanese ? "要求" : "Request") + "\n";
}

std::string as_text(const Line& line) {
  const Language language = line.dates.language();
  const bool japanese = language == Language::japanese;
  const HttpExchange& exchange = line.exchange;
  std::string text = pad_left(std::to_string(line.journey.number), journey_width) +
                     pad_left(std::to_string(exchange.stream), stream_width + 2) + "  " +
                     pad(line.date(exchange.first()), date_width(language));
  for (const std::optional<std::int64_t>& ns : {line.send(), line.wait(), line.receive()})
    text += pad_left(ns ? ms_text(*ns) : "–", stage_width + 1);
  text += pad_left(exchange.status == 0 ? "–" : std::to_string(exchange.status), status_width) +
          pad_left(
              exchange.response_bytes == HttpExchange::unknown_bytes ? "–" : grouped(exchange.response_bytes),
              bytes_width) +
          "  ";
  const std::string request = cut(printable(line.store.what(exchange)), longest_request);
  text += request.empty() ? "—" : request;
  if (exchange.pushed) text += japanese ? "（プッシュ）" : " (pushed)";
  if (exchange.reset) text += japanese ? "（リセット）" : " (reset)";
  return text + "\n";
}

}  // namespace

void write_streams(const FrameStore& store, Telling telling, Format format, const JourneysSource& journeys,
                   const Sink& sink) {
  const Dates dates(store, telling);
  if (format == Format::csv) sink(csv_head<Line>(columns));
  if (format == Format::text) sink(text_head(telling.language));
  journeys([&](const Journey& journey) {
    const Dates own = dates.of_journey(store, journey);
    for (const Leg& leg : journey.legs) {
      store.for_each_exchange(leg.frame, [&](const HttpExchange& exchange) {
        const Line line{store, own, journey, exchange};
        sink(format == Format::json  ? json_line<Line>(columns, line)
             : format == Format::csv ? csv_line<Line>(columns, line)
                                     : as_text(line));
      });
    }
  });
}

}  // namespace humantime::reports
