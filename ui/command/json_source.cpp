// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/json_source.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "text.h"

namespace humantime::ui {
namespace {

using Json = nlohmann::json;

/// Frame numbers beyond it are not believed: an index is kept by them.
constexpr std::uint32_t most_frames = 1U << 30;
constexpr std::size_t most_vantages = 65535;

/// What `tokens` name, by place; the first where there is none of it.
template <typename Value, std::size_t Count>
Value named(const Json& value, const std::array<std::string_view, Count>& tokens) {
  const auto* text = value.get_ptr<const std::string*>();
  if (text == nullptr) return Value{};
  const auto found = std::find(tokens.begin(), tokens.end(), *text);
  return found == tokens.end() ? Value{} : static_cast<Value>(found - tokens.begin());
}

constexpr std::array<std::string_view, 4> ends = {"", "client", "server", "middle"};
constexpr std::array<std::string_view, 3> directions = {"", "sent", "received"};

std::optional<Stage> stage_of(std::string_view token) {
  for (std::size_t i = 0; i < stage_count; ++i)
    if (token_of(static_cast<Stage>(i)) == token) return static_cast<Stage>(i);
  return std::nullopt;
}

journeys::Kind kind_of(std::string_view token) {
  constexpr std::array kinds = {journeys::Kind::completed, journeys::Kind::refused, journeys::Kind::unanswered,
                                journeys::Kind::abandoned, journeys::Kind::failed};
  const auto found =
      std::find_if(kinds.begin(), kinds.end(), [&](journeys::Kind kind) { return token_of(kind) == token; });
  return found == kinds.end() ? journeys::Kind::completed : *found;
}

/// Of `dns.query#2/sent`: 2.
std::uint32_t ordinal_of(std::string_view milestone) {
  std::uint32_t ordinal = 1;
  const std::size_t sign = milestone.find('#');
  if (sign != std::string_view::npos)
    std::from_chars(milestone.data() + sign + 1, milestone.data() + milestone.size(), ordinal);
  return std::max(ordinal, 1U);
}

std::uint32_t number(const Json& value) {
  return value.is_number_unsigned() ? static_cast<std::uint32_t>(
                                          std::min<std::uint64_t>(value.get<std::uint64_t>(), UINT32_MAX))
                                    : 0;
}

std::string text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : std::string{};
}

}  // namespace

bool JsonSource::take(std::string_view line) {
  const auto refuse = [&](std::string why) {
    wrong_ = std::move(why);
    return false;
  };
  const Json object = Json::parse(line, nullptr, false);
  if (!object.is_object()) return refuse("a line is no JSON object: " + printable(line.substr(0, 80)));
  static const Json nothing;
  const auto member = [&](const char* key) -> const Json& {
    const auto found = object.find(key);
    return found == object.end() ? nothing : *found;
  };
  const auto time = [&](const char* key) -> std::optional<std::int64_t> {
    const Json& value = member(key);
    return value.is_number_integer() ? std::optional(value.get<std::int64_t>()) : std::nullopt;
  };

  if (object.contains("first_frame")) {
    JourneyRecord journey;
    journey.number = number(member("journey"));
    journey.kind = kind_of(text(member("kind")));
    journey.first = FrameNumber{number(member("first_frame"))};
    journey.first_ns = time("start_ns").value_or(0);
    journey.last_ns = time("end_ns").value_or(journey.first_ns);
    journey.name = text(member("name"));
    if (journey.name.empty()) journey.name = text(member("server"));
    journeys_.push_back(std::move(journey));
    return true;
  }

  const std::uint32_t frame = number(member("frame"));
  if (frame == 0 || frame > most_frames) return refuse("an event has no frame number");
  const Json& phases = member("phases");
  const Json& stages = member("stages");
  const Json& inferred = member("inferred");
  if (!phases.is_array() || phases.empty() || !stages.is_array() || stages.size() != phases.size() ||
      !inferred.is_array() || inferred.size() != phases.size())
    return refuse("the event of frame " + std::to_string(frame) + " has no phases");

  Row row;
  row.first_mark = static_cast<std::uint32_t>(marks_.size());
  for (std::size_t i = 0; i < phases.size() && row.mark_count < UINT16_MAX; ++i) {
    const auto phase = phase_from_token(text(phases[i]));
    const auto stage = stage_of(text(stages[i]));
    if (!phase || !stage)
      return refuse("the phase " + printable(text(phases[i])) + " of frame " + std::to_string(frame) +
                    " is not known: tshark's humantime is another version");
    marks_.push_back({*phase, *stage, inferred[i] == true ? Certainty::inferred : Certainty::seen});
    ++row.mark_count;
  }
  const std::optional<std::int64_t> captured = time("time_ns"), corrected = time("corrected_ns");
  row.time_ns = corrected.value_or(captured.value_or(Row::unknown));
  row.end = named<End>(member("end"), ends);
  row.direction = named<journeys::Direction>(member("direction"), directions);
  if (const auto travel = time("travel_ns"); travel && row.time_ns != Row::unknown) {
    const bool sent = row.direction == journeys::Direction::sent;
    std::int64_t other = 0;
    if (!(sent ? __builtin_add_overflow(row.time_ns, *travel, &other)
               : __builtin_sub_overflow(row.time_ns, *travel, &other)))
      row.other_ns = other;
  }
  row.precision_ns = number(member("travel_precision_ns"));
  row.error_ns = number(member("travel_error_ns"));
  row.estimated = member("estimated") == true;
  row.peer = number(member("peer_frame"));
  row.journey = number(member("journey"));
  row.bytes = number(member("bytes"));
  if (const Json& milestones = member("milestones"); milestones.is_array() && !milestones.empty())
    row.ordinal = ordinal_of(text(milestones[0]));
  row.from = texts_.intern(text(member("from")));
  row.to = texts_.intern(text(member("to")));
  row.detail = texts_.intern(text(member("detail")));
  if (vantages_.size() < most_vantages)
    row.vantage =
        vantages_.try_emplace(text(member("vantage")), static_cast<std::uint16_t>(vantages_.size()))
            .first->second;

  if (by_frame_.size() < frame) by_frame_.resize(frame, no_event);
  by_frame_[frame - 1] = static_cast<std::uint32_t>(events_.size());
  events_.push_back(row);
  return true;
}

void JsonSource::end(std::optional<std::int64_t> origin_ns) {
  origin_ns_ = origin_ns;
  ended_ = true;
  // Journeys and the origin are told last, and events are dated by them.
  ++revision_;
}

const JsonSource::Row* JsonSource::find(FrameNumber frame) const {
  const std::uint32_t number = to_number(frame);
  if (number == 0 || number > by_frame_.size() || by_frame_[number - 1] == no_event) return nullptr;
  return &events_[by_frame_[number - 1]];
}

bool JsonSource::read(FrameNumber frame, EventRecord& out) const {
  const Row* row = find(frame);
  if (row == nullptr) return false;
  const auto known = [](std::int64_t ns) { return ns == Row::unknown ? std::nullopt : std::optional(ns); };
  out.frame = frame;
  out.journey = row->journey;
  out.time_ns = known(row->time_ns);
  out.other_ns = known(row->other_ns);
  out.estimated = row->estimated;
  out.peer = FrameNumber{row->peer};
  out.precision_ns = row->precision_ns;
  out.error_ns = row->error_ns;
  out.end = row->end;
  out.direction = row->direction;
  out.vantage = row->vantage;
  out.bytes = row->bytes;
  out.ordinal = row->ordinal;
  out.passes_filter = true;
  out.is_copy = false;
  out.marks.assign(marks_.begin() + row->first_mark, marks_.begin() + row->first_mark + row->mark_count);
  return true;
}

EventText JsonSource::text(FrameNumber frame) const {
  const Row* row = find(frame);
  if (row == nullptr) return {};
  return {std::string(texts_[row->from]), std::string(texts_[row->to]), std::string(texts_[row->detail])};
}

}  // namespace humantime::ui
