// SPDX-License-Identifier: GPL-2.0-or-later
// A report's columns as a table: one row each, the same in JSON and CSV.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "reports/format.h"
#include "reports/vantage_text.h"

namespace humantime::reports {

using Json = nlohmann::ordered_json;

template <typename Row>
struct TableColumn {
  std::string_view name;
  Json (*value)(const Row&);
};

inline Json number_or_null(std::uint32_t number) {
  return number == 0 ? Json() : Json(number);
}

inline Json ns_or_null(const std::optional<std::int64_t>& ns) {
  return ns ? Json(*ns) : Json();
}

inline Json text_or_null(std::string text) {
  return text.empty() ? Json() : Json(std::move(text));
}

template <typename Row>
std::string json_line(std::span<const TableColumn<Row>> columns, const Row& row) {
  Json object = Json::object();
  for (const TableColumn<Row>& column : columns) object[std::string(column.name)] = column.value(row);
  return object.dump() + "\n";
}

/// Lists in one cell, separated by spaces.
inline std::string as_cell(const Json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::string cell;
  for (const Json& element : value) cell.append(cell.empty() ? "" : " ").append(as_cell(element));
  return cell;
}

template <typename Row>
std::string csv_line(std::span<const TableColumn<Row>> columns, const Row& row) {
  std::string line;
  for (const TableColumn<Row>& column : columns) {
    if (&column != columns.data()) line += ',';
    line += csv_cell(as_cell(column.value(row)));
  }
  return line + "\r\n";
}

template <typename Row>
std::string csv_head(std::span<const TableColumn<Row>> columns) {
  std::string line;
  for (const TableColumn<Row>& column : columns) line.append(line.empty() ? "" : ",").append(column.name);
  return line + "\r\n";
}

}  // namespace humantime::reports
