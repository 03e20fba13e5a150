// SPDX-License-Identifier: GPL-2.0-or-later
// A page of the calendar, of the letters or of a comparison as a picture: title, strip, page, legend; no
// controls and no selection. Built on the same layouts as the window.
#pragma once

#include <QPainter>
#include <vector>

#include "export/export_job.h"
#include "layout/scene.h"
#include "model/comparison.h"
#include "paint/text_measure.h"
#include "paint/theme.h"

namespace humantime::ui {

/// The colours of the job: those of paper, or VISUAL.md's dark ones.
Theme theme_of(const ExportJob& job);

/// What stands where on a sheet, in logical pixels; valid for one view.
class YearPicture {
 public:
  /// `measure` outlives it, and so does the job. A row of the calendar that finds no room is on another
  /// sheet.
  YearPicture(const ExportJob& job, const View& view, FontMeasure& measure, double width, double height);

  /// How many sheets the rows need; at least 1. Rows are not cut unless one is taller than a sheet.
  std::size_t sheet_count() const { return sheets_.size(); }
  void paint(QPainter& painter, const Theme& theme, std::size_t sheet) const;

  /// Draws what stands for one segment thinner than on a screen; logical pixels.
  void set_segment_width(double width);

 private:
  struct Sheet {
    double top = 0, bottom = 0;  ///< of the page
  };

  void lay_out_map(const ExportJob& job, const View& view, const TextMeasure& measure);
  void lay_out_page(const ExportJob& job, const View& view, const TextMeasure& measure, double room);
  void cut_into_sheets(const ExportJob& job, const View& view, double room);
  void cut_between(const std::vector<Sheet>& rows, double room);

  void lay_out_title(const ExportJob& job, const View& view, const TextMeasure& measure);
  /// Returns the height.
  double lay_out_legend(const ExportJob& job, const View& view, const TextMeasure& measure);

  double width_, height_;
  double page_top_ = 0;
  double legend_top_ = 0;
  double header_ = 0;  ///< of the calendar: the days' numbers, above every sheet's rows
  Scene title_, strip_, page_, legend_;
  std::vector<Sheet> sheets_;
  Comparison comparison_;  ///< of a page that compares
};

/// The width at which a day of the view's rows is `day` wide.
double width_for_day(const ExportJob& job, const View& view, double day);

}  // namespace humantime::ui
