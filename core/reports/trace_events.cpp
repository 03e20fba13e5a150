// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/trace_events.h"

#include <utility>

#include "reports/columns.h"

namespace humantime::reports {
namespace {

double microseconds(std::int64_t ns) {
  return static_cast<double>(ns) / 1e3;
}

/// From 1: viewers take a thread 0 for one without a name.
int thread_of(Stage stage) {
  return static_cast<int>(stage) + 1;
}

Json metadata(std::string_view name, std::uint32_t process, Json arguments) {
  return {{"ph", "M"}, {"name", name}, {"pid", process}, {"args", std::move(arguments)}};
}

void put(Json& arguments, std::string_view name, std::string_view text) {
  if (!text.empty()) arguments[std::string(name)] = text;
}

}  // namespace

void TraceWriter::add(std::string& text, const std::string& object) {
  text.append(any_ ? ",\n" : "\n").append(object);
  any_ = true;
}

std::string TraceWriter::head() const {
  return "{\"traceEvents\":[";
}

std::string TraceWriter::process(std::uint32_t journey, std::string_view name) {
  std::string text;
  add(text, metadata("process_name", journey, {{"name", name}}).dump());
  add(text, metadata("process_sort_index", journey, {{"sort_index", journey}}).dump());
  return text;
}

std::string TraceWriter::thread(std::uint32_t journey, Stage stage) {
  std::uint32_t& named = threads_[journey];
  const std::uint32_t bit = 1U << static_cast<unsigned>(stage);
  if ((named & bit) != 0) return {};
  named |= bit;
  const int thread = thread_of(stage);
  Json name = metadata("thread_name", journey, {{"name", label_of(stage, language_)}});
  Json place = metadata("thread_sort_index", journey, {{"sort_index", thread}});
  name["tid"] = place["tid"] = thread;
  std::string text;
  add(text, name.dump());
  add(text, place.dump());
  return text;
}

std::string TraceWriter::span(const TraceSpan& span) {
  std::string text = thread(span.journey, span.stage);
  Json arguments = Json::object();
  put(arguments, "date", span.date);
  const Json event = {{"ph", "X"},
                      {"name", label_of(span.stage, language_)},
                      {"cat", token_of(span.lane)},
                      {"ts", microseconds(span.begin_ns)},
                      {"dur", microseconds(span.length_ns)},
                      {"pid", span.journey},
                      {"tid", thread_of(span.stage)},
                      {"args", std::move(arguments)}};
  add(text, event.dump());
  return text;
}

std::string TraceWriter::instant(const TraceInstant& instant) {
  std::string text = thread(instant.journey, instant.stage);
  Json arguments = Json::object();
  if (instant.frame != no_frame) arguments["frame"] = to_number(instant.frame);
  put(arguments, "phase", instant.token);
  put(arguments, "date", instant.date);
  put(arguments, "from", instant.from);
  put(arguments, "to", instant.to);
  put(arguments, "detail", instant.detail);
  put(arguments, "end", instant.end);
  if (instant.inferred) arguments["inferred"] = true;
  const Json event = {{"ph", "i"},
                      {"name", instant.name},
                      {"cat", token_of(instant.lane)},
                      {"ts", microseconds(instant.time_ns)},
                      {"pid", instant.journey},
                      {"tid", thread_of(instant.stage)},
                      {"s", "t"},  // of its thread
                      {"args", std::move(arguments)}};
  add(text, event.dump());
  return text;
}

std::string TraceWriter::tail(std::string_view file, std::string_view origin) const {
  const Json about = {{"capture", file}, {"origin", origin}, {"program", "humantime " HUMANTIME_VERSION}};
  return "],\n\"displayTimeUnit\":\"ms\",\"otherData\":" + about.dump() + "}\n";
}

}  // namespace humantime::reports
