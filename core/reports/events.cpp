// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/events.h"

#include <array>
#include <nlohmann/json.hpp>

#include "text.h"

namespace humantime::reports {
namespace {

using Json = nlohmann::ordered_json;

/// A frame and what is asked of it.
struct Event {
  FrameNumber frame;
  const FrameStore& store;
  const FrameRow& row;
  std::span<const PhaseMark> marks;
  std::uint32_t journey;
  std::string date;
};

Json number_or_null(std::uint32_t number) {
  return number == 0 ? Json() : Json(number);
}

Json text_or_null(std::string text) {
  return text.empty() ? Json() : Json(std::move(text));
}

template <typename Value>
Json of_marks(const Event& event, Value value) {
  Json list = Json::array();
  for (const PhaseMark& mark : event.marks) list.push_back(value(mark));
  return list;
}

/// `section.interface`, counted as Wireshark does (sections from 1, interfaces from 0), with the interface
/// index behind where a cooked capture tells it.
std::string vantage_text(const Vantage& vantage) {
  std::string text = std::to_string(vantage.section + 1) + "." + std::to_string(vantage.interface);
  return vantage.ifindex == 0 ? text : text + "." + std::to_string(vantage.ifindex);
}

struct Column {
  std::string_view name;
  Json (*value)(const Event&);
};

Json nothing(const Event&) {
  return {};
}
Json empty_list(const Event&) {
  return Json::array();
}

// In this order in CSV and JSON. Columns without a source yet are there and empty, so that readers need not
// change.
constexpr std::array columns = {
    Column{"frame", [](const Event& e) -> Json { return to_number(e.frame); }},
    Column{"time_ns",
           [](const Event& e) { return e.row.has(FrameRow::has_time) ? Json(e.row.time_ns) : Json(); }},
    Column{"corrected_ns", nothing},
    Column{"vantage", [](const Event& e) -> Json { return vantage_text(e.store.vantages()[e.row.vantage]); }},
    Column{"end", nothing},
    Column{"direction", nothing},
    Column{"journey", [](const Event& e) { return number_or_null(e.journey); }},
    Column{"phases",
           [](const Event& e) { return of_marks(e, [](const PhaseMark& m) { return token_of(m.phase); }); }},
    Column{"milestones", empty_list},
    Column{"inferred",
           [](const Event& e) {
             return of_marks(e, [](const PhaseMark& m) { return is_inferred(m.certainty); });
           }},
    Column{"estimated", [](const Event&) -> Json { return false; }},
    Column{"peer_frame", nothing},
    Column{"travel_ns", nothing},
    Column{"travel_precision_ns", nothing},
    Column{"travel_error_ns", nothing},
    Column{"from",
           [](const Event& e) {
             return text_or_null(to_text(e.store.addresses()[e.row.source], e.row.source_port));
           }},
    Column{"to",
           [](const Event& e) {
             return text_or_null(to_text(e.store.addresses()[e.row.destination], e.row.destination_port));
           }},
    Column{"bytes", [](const Event& e) -> Json { return e.row.length; }},
    Column{"detail", [](const Event& e) { return text_or_null(printable(e.store.detail(e.frame))); }},
    Column{"stages",
           [](const Event& e) { return of_marks(e, [](const PhaseMark& m) { return token_of(m.stage); }); }},
    Column{"time", [](const Event& e) { return text_or_null(e.date); }},
};

std::string as_json(const Event& event) {
  Json object = Json::object();
  for (const Column& column : columns) object[std::string(column.name)] = column.value(event);
  return object.dump() + "\n";
}

/// Lists in one cell, separated by spaces.
std::string as_cell(const Json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::string cell;
  for (const Json& element : value) cell.append(cell.empty() ? "" : " ").append(as_cell(element));
  return cell;
}

std::string as_csv(const Event& event) {
  std::string line;
  for (const Column& column : columns) {
    if (&column != columns.begin()) line += ',';
    line += csv_cell(as_cell(column.value(event)));
  }
  return line + "\r\n";
}

constexpr std::size_t frame_width = 7;
constexpr std::size_t phases_width = 34;

/// The longest date of a capture of a few years.
std::size_t date_width(Language language) {
  return language == Language::japanese ? 34 : 25;
}

std::string as_text(const Event& event, Language language) {
  std::string phases;
  for (const PhaseMark& mark : event.marks) {
    if (!phases.empty()) phases += ", ";
    phases += label_of(mark.phase, language);
    if (is_inferred(mark.certainty)) phases += language == Language::japanese ? "（推定）" : " (inferred)";
  }
  const auto end = [&](AddressId address, std::uint16_t port) {
    const std::string text = to_text(event.store.addresses()[address], port);
    return text.empty() ? std::string("—") : text;
  };
  const std::string detail = printable(event.store.detail(event.frame));
  std::string line = std::to_string(to_number(event.frame));
  line.insert(0, line.size() < frame_width ? frame_width - line.size() : 0, ' ');
  line += "  " + pad(event.date, date_width(language)) + pad(phases, phases_width) + "  " +
          end(event.row.source, event.row.source_port) + " → " +
          end(event.row.destination, event.row.destination_port);
  return line + (detail.empty() ? "" : "  " + detail) + "\n";
}

}  // namespace

Events::Events(const FrameStore& store, const journeys::Journeys& journeys, Telling telling)
    : store_(store), journeys_(journeys), telling_(telling) {
  const std::optional<FrameNumber> first = store.first_timed();
  has_origin_ = first.has_value();
  if (first) origin_ns_ = store.find(*first)->time_ns;
}

std::string Events::head(Format format) const {
  const bool japanese = telling_.language == Language::japanese;
  switch (format) {
    case Format::json:
      return {};
    case Format::csv: {
      std::string line;
      for (const Column& column : columns) line.append(line.empty() ? "" : ",").append(column.name);
      return line + "\r\n";
    }
    case Format::text:
      return (japanese ? pad("フレーム", frame_width + 2) : "  Frame  ") +
             pad(japanese ? "日付" : "Date", date_width(telling_.language)) +
             pad(japanese ? "フェーズ" : "Phase", phases_width) + "  " +
             (japanese ? "送信元 → 宛先" : "From → To") + "\n";
  }
  return {};
}

std::string Events::record(FrameNumber frame, Format format) {
  const FrameRow* row = store_.find(frame);
  if (row == nullptr) return {};
  store_.marks(frame, false, marks_);
  if (marks_.empty()) return {};
  Event event{frame, store_, *row, marks_, journeys_.of(frame), {}};
  if (has_origin_ && row->has(FrameRow::has_time)) {
    std::array<char, date_text_size> text;
    const Nanoseconds elapsed{row->time_ns - origin_ns_};
    event.date = write_date(date_of(stretch(elapsed, telling_.scale)), telling_.language, text);
  }
  switch (format) {
    case Format::json:
      return as_json(event);
    case Format::csv:
      return as_csv(event);
    case Format::text:
      return as_text(event, telling_.language);
  }
  return {};
}

}  // namespace humantime::reports
