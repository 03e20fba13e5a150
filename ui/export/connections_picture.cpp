// SPDX-License-Identifier: GPL-2.0-or-later
#include "export/connections_picture.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "export/picture_words.h"
#include "layout/connections_layout.h"
#include "layout/connections_sheet.h"
#include "layout/words.h"
#include "paint/scene_painter.h"
#include "reports/connection_list.h"

namespace humantime::ui {
namespace {

constexpr double margin = 8;
constexpr double title_height = 30;

void paint_at(QPainter& painter, const Scene& scene, const Theme& theme, double x, double y) {
  painter.save();
  painter.translate(x, y);
  painter.setClipRect(QRectF(scene.bounds.x, scene.bounds.y, scene.bounds.width, scene.bounds.height));
  paint_scene(painter, scene, theme);
  painter.restore();
}

Scene title_of(const ExportJob& job, const TextMeasure& measure, double width) {
  const PictureWords& words = picture_words(job.view.language);
  Scene scene;
  scene.bounds = {0, 0, width, title_height};
  const ConnectionsSheet sheet{job.view, connection_words(job.view.language), measure, scene};
  constexpr double side = 12, middle = title_height / 2 + 2;
  const std::string scale = job.view.scale.seconds_per_year == 1
                                ? std::string(words.one_second)
                                : filled(words.scale, {std::to_string(job.view.scale.seconds_per_year)});
  const double taken = sheet.text(scale, width - side, middle, TextStyle::label, Ink::muted, Align::right);
  // A long file name is cut in its middle: the ends tell files apart.
  sheet.text(filled(words.title, {job.file.toStdString()}), side, middle, TextStyle::heading, Ink::text,
             Align::left, width - taken - 4 * side);
  sheet.line({0, title_height}, {width, title_height}, Ink::grid);
  return scene;
}

/// Where the last line of a list of servers ends that leaves room for one more.
double whole_lines(double height, const TextMeasure& measure) {
  const double head = server_list_height(0, measure), line = server_rect(0, 0, measure).height;
  return head + std::max(1.0, std::floor((height - head) / line) - 1) * line;
}

}  // namespace

void paint_connections(QPainter& painter, const Theme& theme, const ExportJob& job, FontMeasure& fonts,
                       double width, double height) {
  const TextMeasure measure = fonts.measure();
  const Connections connections = job.timeline.source().connections(job.view.limit_to_filter);
  const ConnectionsRecord* record = record_of(connections, job.view.server);
  Scene page, servers;
  std::vector<ConnectionsRow> rows;
  double scale = 1, list = 0;
  constexpr double step = 1.06, smallest = 5;
  if (record != nullptr) {
    // Drawn smaller until all of it has room, for a picture does not scroll.
    for (double larger = 1; larger < smallest; larger *= step) {
      scale = 1 / larger;
      list = server_list_width(connections, width * larger);
      const double room = height * larger - title_height - margin;
      if (lay_out_connections(*record, job.view, width * larger - list, room, measure, page, rows) <= room)
        break;
    }
  }
  painter.fillRect(QRectF(0, 0, width, height), theme.color(Ink::page));
  painter.save();
  painter.scale(scale, scale);
  paint_at(painter, title_of(job, measure, width / scale), theme, 0, 0);
  if (record != nullptr && list > 0) {
    const std::vector<std::size_t> order = server_order(connections);
    const auto chosen = static_cast<std::size_t>(record - connections.data());
    const auto place =
        static_cast<std::size_t>(std::find(order.begin(), order.end(), chosen) - order.begin());
    const double high = height / scale - title_height;
    // Of a list that is longer than the page the part with the server that is shown.
    const Rect line = server_rect(place, list, measure);
    // What finds no room is counted in a line of its own.
    const bool all = server_list_height(order.size(), measure) <= high;
    const double list_bottom = all ? high : whole_lines(high, measure);
    const double scroll = std::max(0.0, line.bottom() - list_bottom);
    lay_out_servers({connections, order, place, scroll}, job.view, list, list_bottom, measure, servers);
    paint_at(painter, servers, theme, 0, title_height);
    if (!all) {
      const double head = server_list_height(0, measure);
      const auto shown = static_cast<std::size_t>(std::lround((list_bottom - head) / line.height));
      Scene rest;
      rest.bounds = {0, 0, list, line.height};
      const ConnectionsSheet sheet{job.view, connection_words(job.view.language), measure, rest};
      sheet.text(filled(words_of(job.view.language).more, {counted(order.size() - shown)}),
                 measure.height(TextStyle::body) * 0.8, line.height / 2, TextStyle::body, Ink::muted);
      paint_at(painter, rest, theme, 0, title_height + list_bottom);
    }
    Scene edge;
    edge.lines.push_back({{list, title_height}, {list, height / scale}, Ink::grid_strong});
    paint_scene(painter, edge, theme);
  }
  paint_at(painter, page, theme, list, title_height);
  painter.restore();
}

Outcome write_connection_records(const ExportJob& job, reports::Format format, QIODevice& device,
                                 const Progress& progress) {
  bool written = true;
  const auto put = [&](std::string_view text) {
    const auto size = static_cast<qint64>(text.size());
    written = written && device.write(text.data(), size) == size;
  };
  if (progress && !progress(0)) return Outcome::cancelled;
  if (format == reports::Format::csv) put(reports::measures_head());
  for (const ConnectionsRecord& record : job.timeline.source().connections(job.view.limit_to_filter)) {
    if (format == reports::Format::csv) {
      reports::write_measures(record.line, put);
    } else {
      put(record.line);
      put("\n");
    }
    if (!written) return Outcome::failed;
  }
  return Outcome::done;
}

}  // namespace humantime::ui
