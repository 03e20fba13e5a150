// SPDX-License-Identifier: GPL-2.0-or-later
#include "export/year_picture.h"

#include <QPalette>
#include <algorithm>
#include <string>

#include "export/picture_words.h"
#include "layout/calendar_layout.h"
#include "layout/compare_layout.h"
#include "layout/compare_words.h"
#include "layout/drawing.h"
#include "layout/frame.h"
#include "layout/letters_layout.h"
#include "layout/strip.h"
#include "layout/words.h"
#include "paint/scene_painter.h"

namespace humantime::ui {
namespace {

// VISUAL.md's geometry, without toolbar and side panel.
constexpr double margin = 8;
constexpr double title_height = 30;
constexpr double strip_height = 72;
constexpr double legend_line = 24;
constexpr double sample_gap = 7, item_gap = 20;

QPalette dark_palette() {
  QPalette palette;
  palette.setColor(QPalette::Base, QColor(0x15, 0x18, 0x1c));
  palette.setColor(QPalette::Window, QColor(0x23, 0x27, 0x2c));
  palette.setColor(QPalette::Text, QColor(0xec, 0xef, 0xf2));
  palette.setColor(QPalette::Highlight, QColor(0x7c, 0xc0, 0xff));
  return palette;
}

void paint_at(QPainter& painter, const Scene& scene, const Theme& theme, double x, double y) {
  painter.save();
  painter.translate(x, y);
  paint_scene(painter, scene, theme);
  painter.restore();
}

/// One sign of the legend: its shapes around y 0, how wide they are, and whether the page has any.
struct Sample {
  std::string_view PictureWords::*text;
  double width;
  bool (*is_used)(const Scene& calendar);
  void (*draw)(Scene& scene, double x, double y);
};

void rails(Scene& scene, double x, double y, double width, Lane lane) {
  for (const double edge : {y - 7, y + 7})
    scene.lines.push_back(
        {{x, edge}, {x + width, edge}, ink_of(lane), Strength::rails, LineStyle::solid, 1, no_event});
}

constexpr double sample_width = 44;

constexpr Sample samples[] = {
    {&PictureWords::letter, sample_width,
     [](const Scene& calendar) {
       return std::any_of(calendar.marks.begin(), calendar.marks.end(), [](const Mark&) { return true; });
     },
     [](Scene& scene, double x, double y) {
       rails(scene, x, y, sample_width, Lane::tcp);
       scene.lines.push_back({{x, y - 7},
                              {x + sample_width, y + 7},
                              Ink::tcp,
                              Strength::solid,
                              LineStyle::solid,
                              1.6F,
                              no_event});
       scene.marks.push_back({{x, y - 7}, 3.6F, Lane::tcp, Filling::hollow, no_event});
       scene.marks.push_back({{x + sample_width, y + 7}, 3.6F, Lane::tcp, Filling::filled, no_event});
     }},
    {&PictureWords::estimated, 30,
     [](const Scene& calendar) {
       return std::any_of(calendar.lines.begin(), calendar.lines.end(), [](const Line& line) {
         return line.style == LineStyle::dashed && line.event != no_event;
       });
     },
     [](Scene& scene, double x, double y) {
       const Point corner{x + 15, y + 6};
       for (const Point from : {Point{x, y - 6}, Point{x + 30, y - 6}})
         scene.lines.push_back({from, corner, Ink::dns, Strength::solid, LineStyle::dashed, 1.6F, no_event});
     }},
    {&PictureWords::light, 22,
     [](const Scene& page) {
       return std::any_of(page.wedges.begin(), page.wedges.end(),
                          [](const Wedge& wedge) { return wedge.ink == Ink::light_fill; });
     },
     [](Scene& scene, double x, double y) {
       scene.wedges.push_back({{{x, y - 6}, {x, y + 6}, {x + 22, y + 6}}, Ink::light_fill});
       scene.lines.push_back(
           {{x, y - 6}, {x + 22, y + 6}, Ink::light_line, Strength::solid, LineStyle::solid, 1, no_event});
     }},
    {&PictureWords::spread, sample_width,
     [](const Scene& calendar) {
       return std::any_of(calendar.lines.begin(), calendar.lines.end(),
                          [](const Line& line) { return line.width == deviation_width; });
     },
     [](Scene& scene, double x, double y) {
       const auto part = [&](double from, double to, float width) {
         scene.lines.push_back(
             {{x + from, y}, {x + to, y}, Ink::http, Strength::solid, LineStyle::solid, width, no_event});
       };
       part(0, sample_width, range_width);
       part(sample_width * 0.25, sample_width * 0.75, deviation_width);
       scene.marks.push_back({{x + sample_width / 2, y}, 3.6F, Lane::http, Filling::hollow, no_event});
     }},
    {&PictureWords::trip, 28,
     [](const Scene& page) {
       // Small ones have a title's size, which has no other lane's colour.
       return std::any_of(page.labels.begin(), page.labels.end(), [](const Label& label) {
         return label.style == TextStyle::number ||
                (label.style == TextStyle::title && label.ink != Ink::text);
       });
     },
     [](Scene& scene, double x, double y) {
       scene.fills.push_back({{x, y - 7, 28, 14}, Ink::tls, Strength::tint});
     }},
    {&PictureWords::segment, 30,
     [](const Scene& calendar) {
       return std::any_of(calendar.lines.begin(), calendar.lines.end(),
                          [](const Line& line) { return line.strength == Strength::segments; });
     },
     [](Scene& scene, double x, double y) {
       for (int i = 0; i < 6; ++i)
         scene.lines.push_back({{x + i * 4.0, y + 6},
                                {x + 10 + i * 4.0, y - 6},
                                Ink::http,
                                Strength::segments,
                                LineStyle::solid,
                                1,
                                no_event});
     }},
};

std::string origin_text(const PictureWords& words, OriginChoice origin) {
  constexpr std::string_view PictureWords::*texts[] = {
      &PictureWords::from_capture, &PictureWords::from_journey, &PictureWords::from_reference};
  return std::string(words.*texts[static_cast<std::size_t>(origin)]);
}

/// What a window makes a part at a time.
void make_index(const ExportJob& job, const View& view) {
  while (job.timeline.prepare(view.journey, view.limit_to_filter, UINT32_MAX)) {
  }
}

}  // namespace

Theme theme_of(const ExportJob& job) {
  if (job.variant == Theme::Variant::dark) return {dark_palette(), job.font, Theme::Variant::dark};
  return Theme::for_print(job.font);
}

double width_for_day(const ExportJob& job, const View& view, double day) {
  constexpr double wide = 4000;
  make_index(job, view);
  const CalendarFrame frame = frame_of(job.timeline, view, wide, wide);
  return 31 * day + (wide - frame.width) + 2 * margin;
}

YearPicture::YearPicture(const ExportJob& job, const View& view, FontMeasure& fonts, double width,
                         double height)
    : width_(width), height_(height) {
  const TextMeasure measure = fonts.measure();
  make_index(job, view);
  if (job.kind == ViewKind::compare) comparison_ = compare(job.timeline, view);
  lay_out_title(job, view, measure);
  lay_out_map(job, view, measure);
  page_top_ = title_height + strip_.bounds.height;

  // The legend tells what is on the page, and the page what room the legend leaves: it is one line high, or
  // once more.
  double legend_height = legend_line;
  for (int round = 0; round < 2; ++round) {
    const double room = std::max(1.0, height - page_top_ - legend_height - margin);
    lay_out_page(job, view, measure, room);
    const double needed = lay_out_legend(job, view, measure);
    if (needed <= legend_height) break;
    legend_height = needed;
  }
  legend_top_ = height - legend_height;
  cut_into_sheets(job, view, std::max(1.0, legend_top_ - margin - page_top_));
}

void YearPicture::lay_out_page(const ExportJob& job, const View& view, const TextMeasure& measure,
                               double room) {
  const double width = width_ - 2 * margin;
  if (job.kind == ViewKind::compare)
    return lay_out_compare(job.timeline, comparison_, view, width, room, measure, page_);
  const auto lay_out = job.kind == ViewKind::letters ? lay_out_letters : lay_out_calendar;
  lay_out(job.timeline, view, width, room, measure, page_);
}

void YearPicture::lay_out_map(const ExportJob& job, const View& view, const TextMeasure& measure) {
  // A comparison has its summary on the page.
  if (job.kind == ViewKind::compare) return;
  if (job.kind == ViewKind::letters) {
    // Here the bracket stays: the page is a part of what the overview shows.
    lay_out_letters_overview(job.timeline, view, width_, overview_height, measure, strip_);
    return;
  }
  lay_out_strip(job.timeline, view, width_, strip_height, measure, strip_);
  // What is shown is the page: the strip's bracket around it is a control of the window.
  std::erase_if(strip_.lines, [](const Line& line) { return line.ink == Ink::selection; });
  std::erase_if(strip_.fills, [](const Fill& fill) { return fill.ink == Ink::selection; });
  const Rect map = strip_map(job.timeline, view, width_, strip_height).rect;
  const auto edge = [&](Point from, Point to) {
    strip_.lines.push_back({from, to, Ink::grid_strong, Strength::solid, LineStyle::solid, 1, no_event});
  };
  edge({map.x, map.y}, {map.right(), map.y});
  edge({map.right(), map.y}, {map.right(), map.bottom()});
  edge({map.x, map.bottom()}, {map.right(), map.bottom()});
  edge({map.x, map.y}, {map.x, map.bottom()});
}

void YearPicture::cut_into_sheets(const ExportJob& job, const View& view, double room) {
  // Letters fill the room that there is.
  if (job.kind == ViewKind::letters) return sheets_.push_back({0, room});
  std::vector<Sheet> rows;
  if (job.kind == ViewKind::compare) {
    const CompareFrame frame = compare_frame(comparison_, view, width_ - 2 * margin, room);
    header_ = frame.header_bottom;
    for (const CompareRowFrame& row : frame.rows) rows.push_back({row.top, row.bottom});
    // What is said below the rows goes with the last.
    if (!rows.empty() && frame.axis.bounds.height > room) rows.back().bottom = frame.axis.bounds.height;
  } else {
    const CalendarFrame frame = frame_of(job.timeline, view, width_ - 2 * margin, room);
    header_ = frame.page.count == 0 ? 0 : frame.rows[0].top;
    for (std::size_t r = 0; r < frame.page.count; ++r)
      rows.push_back({frame.rows[r].top, frame.rows[r].bottom});
  }
  cut_between(rows, room);
}

void YearPicture::cut_between(const std::vector<Sheet>& rows, double room) {
  sheets_.push_back({header_, header_});
  for (const Sheet& row : rows) {
    Sheet& sheet = sheets_.back();
    if (row.bottom - sheet.top + header_ > room + 0.5 && sheet.bottom > sheet.top)
      sheets_.push_back(row);
    else
      sheet.bottom = row.bottom;
  }
}

void YearPicture::lay_out_title(const ExportJob& job, const View& view, const TextMeasure& measure) {
  const PictureWords& words = picture_words(view.language);
  constexpr double middle = title_height / 2 + 2;
  const auto text = [&](std::string said, double x, TextStyle style, Ink ink, Align align) {
    const double width = measure.width(said, style);
    const double high = measure.height(style);
    const double left = align == Align::right ? x - width : x;
    title_.labels.push_back(
        {{left, middle - high / 2, width, high}, std::move(said), style, ink, align, false, no_event});
    return left;
  };
  const std::string scale = view.scale.seconds_per_year == 1
                                ? std::string(words.one_second)
                                : filled(words.scale, {std::to_string(view.scale.seconds_per_year)});
  const std::string origin =
      job.kind == ViewKind::compare
          ? filled(words.from_alignment,
                   {compare_words(view.language).alignments[static_cast<std::size_t>(comparison_.align)]})
          : origin_text(words, job.timeline.has_means() ? OriginChoice::journey : view.origin);
  const double left =
      text(scale + "   ·   " + origin, width_ - 14, TextStyle::label, Ink::muted, Align::right);
  // A long file name is cut in its middle: the ends tell files apart.
  QString file = job.file;
  std::string title;
  for (;;) {
    title = filled(words.title, {file.toStdString()});
    if (file.size() < 8 || measure.width(title, TextStyle::heading) < left - 12 - item_gap) break;
    const auto half = (file.size() - 2) / 2;
    file = file.left(half) + QChar(0x2026) + file.right(half);
    if (half < 4) break;
  }
  text(std::move(title), 12, TextStyle::heading, Ink::text, Align::left);
}

double YearPicture::lay_out_legend(const ExportJob& job, const View& view, const TextMeasure& measure) {
  legend_.clear();
  const PictureWords& words = picture_words(view.language);
  double x = 14, y = legend_line / 2;
  const auto place = [&](double sample, const std::string& said, TextStyle style) {
    const double needed = sample + sample_gap + measure.width(said, style);
    if (x + needed > width_ - margin && x > 14) {
      x = 14;
      y += legend_line;
    }
    return needed;
  };
  const auto label = [&](double at, std::string said, TextStyle style, Ink ink) {
    const double high = measure.height(style);
    const double wide = measure.width(said, style);
    legend_.labels.push_back(
        {{at, y - high / 2, wide, high}, std::move(said), style, ink, Align::left, false, no_event});
  };
  const TimelineIndex& index = job.timeline.index(view.journey, view.limit_to_filter);
  for (std::size_t l = 0; l < lane_count; ++l) {
    const LaneIndex& of = index.lanes[l];
    const auto lane = static_cast<Lane>(l);
    const bool used = job.kind != ViewKind::compare
                          ? of.marks.size() + of.segments.size() > 0
                          : std::any_of(page_.marks.begin(), page_.marks.end(),
                                        [&](const Mark& mark) { return mark.lane == lane; });
    if (view.hidden[l] || !used) continue;
    const std::string name(token_of(lane));
    constexpr double radius = 5;
    const double needed = place(2 * radius, name, TextStyle::label_bold);
    legend_.marks.push_back({{x + radius, y}, 4.2F, lane, Filling::filled, no_event});
    label(x + 2 * radius + 4, name, TextStyle::label_bold, ink_of(lane));
    x += needed + item_gap / 2;
  }
  x += item_gap / 2;
  for (const Sample& sample : samples) {
    if (!sample.is_used(page_)) continue;
    const std::string said(words.*sample.text);
    const double needed = place(sample.width, said, TextStyle::label);
    sample.draw(legend_, x, y);
    label(x + sample.width + sample_gap, said, TextStyle::label, Ink::text);
    x += needed + item_gap;
  }
  return y + legend_line / 2;
}

void YearPicture::set_segment_width(double width) {
  for (Scene* scene : {&page_, &legend_})
    for (Line& line : scene->lines)
      if (line.strength == Strength::segments) line.width = static_cast<float>(width);
}

void YearPicture::paint(QPainter& painter, const Theme& theme, std::size_t at) const {
  painter.fillRect(QRectF(0, 0, width_, height_), theme.color(Ink::page));
  paint_at(painter, title_, theme, 0, 0);
  paint_at(painter, strip_, theme, 0, title_height);
  const Sheet& sheet = sheets_[at];
  const auto part = [&](double from, double to, double y) {
    if (to <= from) return;
    painter.save();
    painter.translate(margin, y - from);
    painter.setClipRect(QRectF(0, from, width_ - 2 * margin, to - from));
    paint_scene(painter, page_, theme);
    painter.restore();
  };
  // The rows of the first sheet follow their header; where they are all, what lies below them comes with
  // them.
  if (sheets_.size() == 1) {
    part(0, legend_top_ - page_top_, page_top_);
  } else {
    part(0, header_, page_top_);
    part(sheet.top, sheet.bottom, page_top_ + header_);
  }
  paint_at(painter, legend_, theme, 0, legend_top_);
}

}  // namespace humantime::ui
