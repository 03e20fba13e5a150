// SPDX-License-Identifier: GPL-2.0-or-later
// What year-timeline was asked for.
#pragma once

#include <QString>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "command/exit_status.h"
#include "export/exporter.h"
#include "language.h"
#include "layout/view.h"
#include "paint/theme.h"

namespace humantime::ui {

/// One of the captures that are averaged or compared.
struct Recording {
  std::string capture;
  std::string key_log;  ///< empty: none
};

struct Options {
  std::string capture;          ///< any bytes, as are the other files' names; empty where runs are averaged
  std::vector<Recording> runs;  ///< --average: of these the mean; empty: the capture is drawn
  std::vector<Recording> compared;  ///< --compare: their journeys; with one it is the capture, too
  CompareChoice compare;            ///< how; without the journeys, which are not known yet
  std::optional<std::string> output;
  const Exporter* exporter = nullptr;  ///< of the output
  std::string key_log;                 ///< empty: none
  QString filter;                      ///< empty: none
  QString journey;                     ///< a number or a name, of runs a name; empty: all
  std::optional<std::int64_t> year;    ///< that is shown; none: the first one with an event
  int width = 1280, height = 800;
  Theme::Variant theme = Theme::Variant::light;
  Language language = Language::english;
  std::uint32_t seconds_per_year = 1;
  OriginChoice origin = OriginChoice::capture;
  ViewKind view = ViewKind::calendar;
  double distance_km = 0;  ///< between the ends; 0: not known
};

/// What parsing came to: options; or a text and how to end.
struct Parsed {
  std::optional<Options> options;
  ExitStatus status = ExitStatus::done;
  QString text;  ///< help or version, or a sentence where the status is not done
};

/// The program's arguments without its name, as bytes. Needs no application.
Parsed parse_options(const std::vector<std::string>& arguments);

}  // namespace humantime::ui
