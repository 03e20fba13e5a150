// SPDX-License-Identifier: GPL-2.0-or-later
// The servers beside the page of connections: a line for each name.
#include <algorithm>
#include <numeric>

#include "layout/connections_layout.h"
#include "layout/connections_sheet.h"
#include "layout/words.h"

namespace humantime::ui {
namespace {

// In lines of the body's type.
constexpr double head_lines = 2.0, server_lines = 2.5;
constexpr double side = 0.8;
constexpr double least_width = 200, most_width = 320, share_of_width = 0.26;

std::string name_of(const ConnectionsRecord& record, const View& view) {
  return record.server.empty() ? std::string(connection_words(view.language).all_servers) : record.server;
}

std::string tls_share(const ConnectionsRecord& record) {
  return percent_text(static_cast<double>(record.tls), static_cast<double>(record.connections));
}

}  // namespace

std::vector<std::size_t> server_order(const Connections& connections) {
  std::vector<std::size_t> order(connections.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (order.size() > 1)
    std::stable_sort(order.begin() + 1, order.end(), [&](std::size_t a, std::size_t b) {
      return connections[a].connections > connections[b].connections;
    });
  return order;
}

double server_list_width(const Connections& connections, double width) {
  // All of them, and the only one: there is nothing to choose.
  if (connections.size() <= 2) return 0;
  return std::clamp(share_of_width * width, least_width, most_width);
}

Rect server_rect(std::size_t place, double width, const TextMeasure& measure) {
  const double em = measure.height(TextStyle::body);
  return {0, head_lines * em + static_cast<double>(place) * server_lines * em, width, server_lines * em};
}

double server_list_height(std::size_t count, const TextMeasure& measure) {
  return server_rect(count, 0, measure).y;
}

std::string server_cells(const ConnectionsRecord& record, const View& view) {
  return name_of(record, view) + "\t" + std::to_string(record.connections) + "\t" + tls_share(record);
}

std::string describe_server(const ConnectionsRecord& record, const View& view) {
  const ConnectionWords& words = connection_words(view.language);
  const std::string count = record.connections == 1
                                ? std::string(words.one_connection)
                                : filled(words.connections, {counted(record.connections)});
  return filled(words.said_server, {name_of(record, view), count, tls_share(record)});
}

void lay_out_servers(const ServerList& list, const View& view, double width, double height,
                     const TextMeasure& measure, Scene& scene) {
  scene.clear();
  scene.bounds = {0, 0, width, height};
  if (list.order.empty()) return;
  const ConnectionsSheet s{view, connection_words(view.language), measure, scene};
  const double em = measure.height(TextStyle::body);
  const double left = side * em, right = width - side * em, row = server_lines * em;
  // The longest bar is the busiest server's; all of them together would dwarf the rest.
  std::uint64_t most = 0;
  if (list.order.size() > 1) most = list.connections[list.order[1]].connections;
  const auto first = static_cast<std::size_t>(std::max(0.0, list.scroll / row));
  for (std::size_t place = first; place < list.order.size(); ++place) {
    Rect rect = server_rect(place, width, measure);
    rect.y -= list.scroll;
    if (rect.y > height) break;
    const ConnectionsRecord& record = list.connections[list.order[place]];
    const bool chosen = place == list.chosen;
    if (chosen) {
      s.fill(rect, Ink::selection, Strength::tint);
      s.fill({rect.x, rect.y, 3, rect.height}, Ink::selection);
    }
    const double above = rect.y + row * 0.34, below = rect.y + row * 0.73;
    const double count =
        s.text(counted(record.connections), right, above, TextStyle::body, Ink::text, Align::right);
    s.text(name_of(record, view), left, above, chosen ? TextStyle::body_bold : TextStyle::body, Ink::text,
           Align::left, right - left - count - em);
    const std::string share = std::string(s.words.tls) + " " + tls_share(record);
    const double label = s.wide("TLS 100.0 %", TextStyle::tick);
    s.text(share, right, below, TextStyle::tick, Ink::muted, Align::right, right - left);
    if (place == 0 || most == 0) continue;
    const double room = right - left - label - em, high = 0.42 * em;
    const double bar = room * static_cast<double>(record.connections) / static_cast<double>(most);
    const double with_tls = record.connections == 0 ? 0
                                                    : bar * static_cast<double>(record.tls) /
                                                          static_cast<double>(record.connections);
    s.fill({left, below - high / 2, bar, high}, Ink::tcp, Strength::stage_bar);
    s.fill({left, below - high / 2, with_tls, high}, Ink::tls);
  }
  // Above what is scrolled below it.
  const Rect head = {0, 0, width, head_lines * em};
  std::erase_if(scene.labels,
                [&](const Label& label) { return label.box.y + label.box.height / 2 < head.bottom(); });
  std::erase_if(scene.fills, [&](const Fill& fill) { return fill.rect.bottom() <= head.bottom(); });
  for (Fill& fill : scene.fills) {
    const double hidden = head.bottom() - fill.rect.y;
    if (hidden <= 0) continue;
    fill.rect.y += hidden;
    fill.rect.height -= hidden;
  }
  s.text(filled(s.words.servers, {counted(list.order.size() - 1)}), left, head.height / 2,
         TextStyle::heading);
  s.line({0, head.bottom()}, {width, head.bottom()}, Ink::grid_strong);
}

}  // namespace humantime::ui
