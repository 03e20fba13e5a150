// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/comparing.h"

#include <QStringList>
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "command/argument_bytes.h"
#include "command/combined_source.h"
#include "command/json_source.h"
#include "command/saving.h"
#include "layout/words.h"
#include "model/comparison.h"
#include "text.h"

namespace humantime::ui {
namespace {

/// With several captures a sentence says which it is about.
Failure of_capture(const HandedFile& capture, Failure failure) {
  if (failure.status != ExitStatus::bad_filter && !failure.sentence.contains(capture.shown()))
    failure.sentence = QStringLiteral("\"%1\": %2").arg(capture.shown(), failure.sentence);
  return failure;
}

std::optional<Failure> read(const Options& options, const Recording& recording,
                            std::vector<std::unique_ptr<Source>>& out) {
  HandedFile capture, key_log;
  if (auto failure = capture.open(recording.capture, QStringLiteral("The capture"))) return failure;
  if (!recording.key_log.empty())
    if (auto failure = key_log.open(recording.key_log, QStringLiteral("The key log"))) return failure;
  auto source = std::make_unique<JsonSource>(base_name(recording.capture).toStdString());
  if (auto failure = load_source(options, capture, key_log, *source))
    return options.compared.size() > 1 ? of_capture(capture, std::move(*failure)) : failure;
  out.push_back(std::move(source));
  return std::nullopt;
}

std::string title_of(const Options& options) {
  const std::string first = base_name(options.compared.front().capture).toStdString();
  const std::string count = counted(options.compared.size());
  return options.language == Language::japanese ? count + " 個のキャプチャ · " + first + " …"
                                                : count + " captures · " + first + " …";
}

/// `1,3` or names, whatever their case: all journeys that are called so.
std::optional<Failure> choose_journeys(const Options& options, const Timeline& timeline, View& view) {
  for (const QString& item : options.journey.split(QLatin1Char(','))) {
    if (options.journey.isEmpty()) break;
    bool is_number = false, found = false;
    const unsigned number = item.trimmed().toUInt(&is_number);
    for (const JourneyRecord& journey : timeline.journeys()) {
      // Of several captures a name has the capture's in front.
      const QString name = QString::fromStdString(journey.name);
      const bool is = is_number
                          ? journey.number == number
                          : name.compare(item.trimmed(), Qt::CaseInsensitive) == 0 ||
                                name.endsWith(QStringLiteral(" · ") + item.trimmed(), Qt::CaseInsensitive);
      if (!is) continue;
      found = true;
      view.compare.only.push_back(journey.number);
    }
    if (!found)
      return Failure{
          ExitStatus::bad_arguments,
          QStringLiteral("There is no journey \"%1\" among the %2 that there are. tshark -q -r CAPTURE -z "
                         "humantime,journeys lists a capture's; those of the next one are numbered on.")
              .arg(QString::fromStdString(printable(bytes_of(item))))
              .arg(timeline.journeys().size())};
  }
  std::sort(view.compare.only.begin(), view.compare.only.end());
  view.compare.only.erase(std::unique(view.compare.only.begin(), view.compare.only.end()),
                          view.compare.only.end());
  return std::nullopt;
}

}  // namespace

std::optional<Failure> save_comparison(const Options& options) {
  std::vector<std::unique_ptr<Source>> captures;
  for (const Recording& recording : options.compared)
    if (auto failure = read(options, recording, captures)) return failure;
  std::unique_ptr<Source> source;
  if (captures.size() == 1) {
    source = std::move(captures.front());
  } else {
    auto combined = std::make_unique<CombinedSource>(title_of(options), std::move(captures));
    if (!combined->fits())
      return Failure{ExitStatus::bad_input,
                     QStringLiteral("The captures have more frames than can be numbered.")};
    source = std::move(combined);
  }
  Timeline timeline(*source);
  if (!take_all(timeline)) return Failure{ExitStatus::interrupted, {}};
  View view = view_of(options);
  if (auto failure = choose_journeys(options, timeline, view)) return failure;
  if (timeline.journeys().empty())
    return Failure{ExitStatus::bad_input, QStringLiteral("There is no journey to be compared.")};
  return save_timeline(options, timeline, view, {});
}

}  // namespace humantime::ui
