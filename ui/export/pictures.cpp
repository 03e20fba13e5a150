// SPDX-License-Identifier: GPL-2.0-or-later
// PNG, SVG and PDF: one picture on three devices.
#include <QBuffer>
#include <QCoreApplication>
#include <QImage>
#include <QImageWriter>
#include <QMarginsF>
#include <QPageLayout>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>
#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "export/connections_picture.h"
#include "export/formats.h"
#include "export/picture_words.h"
#include "export/year_picture.h"
#include "layout/page.h"
#include "layout/words.h"

namespace humantime::ui {
namespace {

constexpr double mm_per_inch = 25.4;
constexpr double points_per_inch = 72;
// A logical pixel on paper: labels are 7.6 points high, and the lanes of a usual fetch keep theirs on one
// sheet.
constexpr double points_per_pixel = 0.72;
constexpr double pixels_per_mm = points_per_inch / mm_per_inch / points_per_pixel;
constexpr double day_mm = 8, segment_mm = 0.15;
constexpr double a4_width_mm = 297, a4_height_mm = 210;
constexpr int pdf_resolution = 1200;

bool goes_on(const Progress& progress, double share) {
  return !progress || progress(share);
}

QString title_of(const ExportJob& job) {
  return QString::fromStdString(filled(picture_words(job.view.language).title, {job.file.toStdString()}));
}

/// A picture is made in memory and handed over whole: Qt's writers do not notice a full disk, or do not say
/// that it is full.
Outcome hand_over(const QByteArray& picture, QIODevice& device) {
  return device.write(picture) == picture.size() ? Outcome::done : Outcome::failed;
}

/// The picture at the job's size; where the rows need more room, at a larger one, to be drawn smaller.
struct Fitted {
  YearPicture picture;
  double scale;  ///< how much smaller
};
Fitted fit(const ExportJob& job, FontMeasure& measure) {
  constexpr double step = 1.08, smallest = 4;
  for (double larger = 1;; larger *= step) {
    YearPicture picture(job, job.view, measure, job.width * larger, job.height * larger);
    if (picture.sheet_count() == 1 || larger > smallest) return {std::move(picture), 1 / larger};
  }
}

void paint_page(QPainter& painter, const Theme& theme, const ExportJob& job, FontMeasure& measure) {
  painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
  if (job.kind == ViewKind::connections)
    return paint_connections(painter, theme, job, measure, job.width, job.height);
  const Fitted fitted = fit(job, measure);
  painter.scale(fitted.scale, fitted.scale);
  fitted.picture.paint(painter, theme, 0);
}

/// One view for each sheet of paper's year.
std::optional<std::vector<View>> views_of(const ExportJob& job, const Progress& progress) {
  // Letters have one sheet, their window, and so have connections. A comparison's rows have no year of their
  // own.
  if (job.kind == ViewKind::letters || job.kind == ViewKind::compare || job.kind == ViewKind::connections ||
      (job.view.level != Level::year && job.view.level != Level::years))
    return std::vector{job.view};
  const std::int64_t years_a_page = job.view.level == Level::years ? 10 : 1;
  const std::int64_t origin = origin_of(job.timeline, job.view).value_or(0);
  std::set<std::int64_t> pages;
  std::size_t count = 0;
  for (const Event& event : job.timeline.events()) {
    constexpr std::size_t slice = 1U << 16U;
    if (count++ % slice == 0 && !goes_on(progress, 0)) return std::nullopt;
    if (event.time_ns == Event::unknown || (job.view.journey != 0 && event.journey != job.view.journey))
      continue;
    if (job.view.limit_to_filter && (event.flags & Event::hidden_by_filter) != 0) continue;
    const std::int64_t year = date_of(stretched(event.time_ns, origin, job.view.scale)).year - 1;
    pages.insert(year >= 0 ? year / years_a_page : (year + 1) / years_a_page - 1);
  }
  std::vector<View> views;
  for (const std::int64_t page : pages) {
    View& view = views.emplace_back(job.view);
    Date date;
    date.year = page * years_a_page + 1;
    view.at = time_of(date);
  }
  if (views.empty()) views.push_back(job.view);
  return views;
}

}  // namespace

Outcome write_png(const ExportJob& job, QIODevice& device, const Progress& progress, QString& error) {
  if (!goes_on(progress, 0)) return Outcome::cancelled;
  const Theme theme = theme_of(job);
  FontMeasure measure(theme);
  QImage image(static_cast<int>(job.width), static_cast<int>(job.height), QImage::Format_RGB32);
  if (image.isNull()) {
    error = QCoreApplication::translate("Exporter", "There is not enough memory for a picture of this size.");
    return Outcome::failed;
  }
  image.fill(theme.color(Ink::page));
  QPainter painter(&image);
  paint_page(painter, theme, job, measure);
  painter.end();
  if (!goes_on(progress, 0.8)) return Outcome::cancelled;
  image.setText(QStringLiteral("Title"), title_of(job));
  image.setText(QStringLiteral("Software"), QStringLiteral("humantime"));
  QBuffer buffer;
  QImageWriter writer(&buffer, "png");
  // The highest; a picture of few colours becomes small.
  writer.setCompression(100);
  if (writer.write(image)) return hand_over(buffer.data(), device);
  error = writer.errorString();
  return Outcome::failed;
}

Outcome write_svg(const ExportJob& job, QIODevice& device, const Progress& progress, QString&) {
  if (!goes_on(progress, 0)) return Outcome::cancelled;
  const Theme theme = theme_of(job);
  FontMeasure measure(theme);
  QBuffer buffer;
  QSvgGenerator generator;
  generator.setOutputDevice(&buffer);
  // CSS's pixels (CSS Values 3, 6.2), so that the size is the one that was asked for.
  constexpr int css_pixels_per_inch = 96;
  generator.setResolution(css_pixels_per_inch);
  generator.setSize({static_cast<int>(job.width), static_cast<int>(job.height)});
  generator.setViewBox(QRectF(0, 0, job.width, job.height));
  // Qt 5 writes the title as it is, also where it is no XML, and later versions escape it: neither is relied
  // on.
  const QString title = QStringLiteral("humantime-title");
  generator.setTitle(title);
  generator.setDescription(QStringLiteral("humantime"));
  QPainter painter;
  if (!painter.begin(&generator)) return Outcome::failed;
  paint_page(painter, theme, job, measure);
  if (!painter.end()) return Outcome::failed;
  if (!goes_on(progress, 1)) return Outcome::cancelled;
  QByteArray picture = buffer.data();
  if (const auto at = picture.indexOf(title.toUtf8()); at >= 0)
    picture.replace(at, title.size(), title_of(job).toHtmlEscaped().toUtf8());
  return hand_over(picture, device);
}

Outcome write_pdf(const ExportJob& job, QIODevice& device, const Progress& progress, QString&) {
  const auto views = views_of(job, progress);
  if (!views) return Outcome::cancelled;
  const Theme theme = Theme::for_print(job.font);
  FontMeasure measure(theme);
  QBuffer buffer;
  buffer.open(QIODevice::WriteOnly);
  QPdfWriter writer(&buffer);
  writer.setResolution(pdf_resolution);
  writer.setTitle(title_of(job));
  writer.setCreator(QStringLiteral("humantime"));
  writer.setPageLayout({QPageSize(QPageSize::A4), QPageLayout::Landscape, QMarginsF()});

  const double width = width_for_day(job, job.view, day_mm * pixels_per_mm);
  const double side_mm = (a4_width_mm - width / pixels_per_mm) / 2;
  const double height = (a4_height_mm - 2 * side_mm) * pixels_per_mm;
  QPainter painter;
  if (!painter.begin(&writer)) return Outcome::failed;
  painter.scale(pdf_resolution / mm_per_inch / pixels_per_mm, pdf_resolution / mm_per_inch / pixels_per_mm);
  painter.translate(side_mm * pixels_per_mm, side_mm * pixels_per_mm);
  if (job.kind == ViewKind::connections) {
    if (!goes_on(progress, 0)) return painter.end(), Outcome::cancelled;
    paint_connections(painter, theme, job, measure, width, height);
    return painter.end() ? hand_over(buffer.data(), device) : Outcome::failed;
  }
  bool first = true;
  for (std::size_t v = 0; v < views->size(); ++v) {
    YearPicture picture(job, (*views)[v], measure, width, height);
    picture.set_segment_width(segment_mm * pixels_per_mm);
    for (std::size_t sheet = 0; sheet < picture.sheet_count(); ++sheet) {
      if (!goes_on(progress, static_cast<double>(v) / static_cast<double>(views->size())))
        return painter.end(), Outcome::cancelled;
      if (!first && !writer.newPage()) return painter.end(), Outcome::failed;
      first = false;
      picture.paint(painter, theme, sheet);
    }
  }
  return painter.end() ? hand_over(buffer.data(), device) : Outcome::failed;
}

}  // namespace humantime::ui
