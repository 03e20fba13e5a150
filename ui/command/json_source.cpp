// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/json_source.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "reports/piece_list.h"
#include "saturating.h"
#include "text.h"

namespace humantime::ui {
namespace {

using Json = JsonRecord::Json;

std::optional<Stage> stage_from_token(std::string_view token) {
  for (std::size_t i = 0; i < stage_count; ++i)
    if (token_of(static_cast<Stage>(i)) == token) return static_cast<Stage>(i);
  return std::nullopt;
}

/// Printable, and cut between characters at what a TextPool keeps.
std::string bounded(std::string_view text) {
  std::string clean = printable(text);
  if (clean.size() <= TextPool::longest) return clean;
  std::size_t end = TextPool::longest;
  while (end > 0 && (static_cast<unsigned char>(clean[end]) & 0xc0U) == 0x80U) --end;
  clean.resize(end);
  return clean;
}

/// The n of `dns.query#n/sent`; 1 where there is none.
std::uint16_t ordinal_of(std::string_view milestone) {
  const std::size_t at = milestone.find('#');
  std::uint16_t ordinal = 1;
  if (at != std::string_view::npos)
    std::from_chars(milestone.data() + at + 1, milestone.data() + milestone.size(), ordinal);
  return std::max<std::uint16_t>(ordinal, 1);
}

}  // namespace

bool JsonSource::take_event(const JsonRecord& record) {
  Row row;
  row.frame = FrameNumber{record.integer<std::uint32_t>("frame").value_or(0)};
  if (row.frame == no_frame || (!rows_.empty() && row.frame <= rows_.back().frame)) return false;
  std::optional<std::int64_t> time = record.integer<std::int64_t>("corrected_ns");
  if (const auto captured = record.integer<std::int64_t>("time_ns"); !time) time = captured;
  row.has_time = time.has_value();
  row.time_ns = time.value_or(0);
  const auto travel = record.integer<std::int64_t>("travel_ns");
  row.has_travel = travel.has_value();
  row.travel_ns = travel.value_or(0);
  row.peer = FrameNumber{record.integer<std::uint32_t>("peer_frame").value_or(0)};
  row.journey = record.integer<std::uint32_t>("journey").value_or(0);
  if (!may_be_journey_of(to_number(row.frame), row.journey)) return false;
  row.bytes = record.integer<std::uint32_t>("bytes").value_or(0);
  row.end = record.word("end", json_ends);
  row.direction = record.word("direction", json_directions);
  const Json& estimated = record.at("estimated");
  row.estimated = estimated.is_boolean() && estimated.get<bool>();
  row.from = texts_.intern(bounded(record.text("from")));
  row.to = texts_.intern(bounded(record.text("to")));
  row.detail = texts_.intern(bounded(record.text("detail")));

  const Uncertainty uncertainty{record.integer<std::int64_t>("travel_precision_ns").value_or(0),
                                record.integer<std::int64_t>("travel_error_ns").value_or(0)};
  // One pair of clocks has one: the last is mostly it.
  if (uncertainty != Uncertainty{}) {
    if (uncertainties_.back() != uncertainty) uncertainties_.push_back(uncertainty);
    row.uncertainty = static_cast<std::uint32_t>(uncertainties_.size() - 1);
  }
  // Beyond 65,535 places they are one: a vantage tells places apart, nothing else.
  const auto place = static_cast<std::uint16_t>(std::min<std::size_t>(vantages_.size(), 0xffff));
  row.vantage = vantages_.size() < 0xffff
                    ? vantages_.try_emplace(std::string(record.text("vantage")), place).first->second
                    : place;

  const Json& phases = record.at("phases");
  const Json& stages = record.at("stages");
  const Json& inferred = record.at("inferred");
  if (!phases.is_array() || phases.empty() || phases.size() > 0xffff || !stages.is_array() ||
      stages.size() != phases.size() || !inferred.is_array() || inferred.size() != phases.size())
    return false;
  row.first_mark = static_cast<std::uint32_t>(marks_.size());
  row.mark_count = static_cast<std::uint16_t>(phases.size());
  for (std::size_t i = 0; i < phases.size(); ++i) {
    if (!phases[i].is_string() || !stages[i].is_string() || !inferred[i].is_boolean()) return false;
    const auto phase = phase_from_token(phases[i].get_ref<const std::string&>());
    const auto stage = stage_from_token(stages[i].get_ref<const std::string&>());
    if (!phase || !stage) return false;
    marks_.push_back({*phase, *stage, inferred[i].get<bool>() ? Certainty::inferred : Certainty::seen});
  }
  const Json& milestones = record.at("milestones");
  if (!milestones.is_array()) return false;
  if (!milestones.empty() && milestones[0].is_string())
    row.ordinal = ordinal_of(milestones[0].get_ref<const std::string&>());
  // A journey counts no second copy of a packet (a mirror port's), whatever its phases.
  row.is_copy = row.journey != 0 && milestones.empty() &&
                std::any_of(marks_.begin() + row.first_mark, marks_.end(),
                            [](const PhaseMark& mark) { return row_of(mark.phase).milestone; });
  rows_.push_back(row);
  return true;
}

bool JsonSource::take_journey(const JsonRecord& record) {
  JourneyRecord journey;
  journey.number = record.integer<std::uint32_t>("journey").value_or(0);
  if (journey.number == 0 || (!journeys_.empty() && journey.number <= journeys_.back().number)) return false;
  const std::optional<journeys::Kind> kind = record.kind("kind");
  if (!kind) return false;
  journey.kind = *kind;
  journey.first = FrameNumber{record.integer<std::uint32_t>("first_frame").value_or(0)};
  journey.first_ns = record.integer<std::int64_t>("start_ns").value_or(0);
  journey.last_ns = record.integer<std::int64_t>("end_ns").value_or(journey.first_ns);
  const std::string_view server = record.text("server");
  const std::string_view name = record.text("name");
  journey.name = bounded(name.empty() ? server : name);
  journey.handshake = bounded(record.text("handshake"));
  journey.handshake_round_trips = record.integer<std::uint8_t>("handshake_rtts");
  journeys_.push_back(std::move(journey));
  return true;
}

bool JsonSource::take_capture(const JsonRecord& record) {
  if (has_capture_) return false;
  has_capture_ = true;
  frames_ = record.integer<std::uint32_t>("frames").value_or(0);
  expected_events_ = record.integer<std::uint64_t>("events").value_or(0);
  expected_journeys_ = record.integer<std::uint64_t>("journeys").value_or(0);
  origin_ns_ = record.integer<std::int64_t>("origin_ns");
  return true;
}

bool JsonSource::take_connections(std::string_view line) {
  std::optional<ConnectionsRecord> record = read_connections(line);
  // The first line is that of all of them, and no other is.
  if (!record || record->server.empty() != connections_.empty()) return false;
  connections_.push_back(*std::move(record));
  return true;
}

bool JsonSource::take_stream(const JsonRecord& record) {
  const auto frame = [&](const char* key) {
    return FrameNumber{record.integer<std::uint32_t>(key).value_or(0)};
  };
  const auto flag = [&](const char* key) {
    const Json& value = record.at(key);
    return value.is_boolean() && value.get<bool>();
  };
  StreamRecord stream;
  stream.stream = record.integer<std::uint64_t>("stream").value_or(0);
  stream.request = frame("request_frame");
  stream.request_end = frame("request_end_frame");
  stream.response = frame("response_frame");
  stream.response_end = frame("response_end_frame");
  stream.status = record.integer<std::uint16_t>("status").value_or(0);
  stream.pushed = flag("pushed");
  stream.reset = flag("reset");
  stream.request_bytes = record.integer<std::uint64_t>("request_bytes");
  stream.response_bytes = record.integer<std::uint64_t>("response_bytes");
  stream.what = bounded(record.text("request"));
  const FrameNumber first = stream.request != no_frame ? stream.request : stream.response;
  if (first == no_frame || stream.status > 999) return false;
  streams_[first].push_back(std::move(stream));
  return true;
}

bool JsonSource::take_pieces(const JsonRecord& record) {
  const FrameNumber frame{record.integer<std::uint32_t>("frame").value_or(0)};
  const Json &names = record.at("pieces"), &sizes = record.at("sizes"), &wholes = record.at("wholes");
  if (frame == no_frame || (!frame_pieces_.empty() && frame <= frame_pieces_.back().frame) ||
      !names.is_array() || !sizes.is_array() || !wholes.is_array() || names.size() != sizes.size() ||
      names.size() != wholes.size() || pieces_.size() + names.size() > UINT32_MAX)
    return false;
  const auto number = [](const Json& value) -> std::optional<std::uint32_t> {
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > UINT32_MAX) return std::nullopt;
    return static_cast<std::uint32_t>(value.get<std::uint64_t>());
  };
  frame_pieces_.push_back({frame, static_cast<std::uint32_t>(pieces_.size())});
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!names[i].is_string()) return false;
    std::optional<FramePiece> piece = reports::piece_named(names[i].get_ref<const std::string&>());
    const auto bytes = number(sizes[i]), whole = number(wholes[i]);
    if (!piece || !bytes || !whole) return false;
    piece->bytes = *bytes;
    piece->whole = *whole;
    pieces_.push_back(*piece);
  }
  return true;
}

std::vector<FramePiece> JsonSource::pieces(FrameNumber frame) const {
  const auto found =
      std::lower_bound(frame_pieces_.begin(), frame_pieces_.end(), frame,
                       [](const FramePieces& of, FrameNumber number) { return of.frame < number; });
  if (found == frame_pieces_.end() || found->frame != frame) return {};
  const std::size_t end = found + 1 == frame_pieces_.end() ? pieces_.size() : (found + 1)->first;
  return {pieces_.begin() + found->first, pieces_.begin() + static_cast<std::ptrdiff_t>(end)};
}

std::vector<StreamRecord> JsonSource::streams(FrameNumber frame) const {
  const auto found = streams_.find(frame);
  return found == streams_.end() ? std::vector<StreamRecord>() : found->second;
}

bool JsonSource::is_complete() {
  complete_ = has_capture_ && rows_.size() == expected_events_ && journeys_.size() == expected_journeys_ &&
              (rows_.empty() || to_number(rows_.back().frame) <= frames_);
  if (complete_) ++revision_;
  return complete_;
}

std::uint32_t JsonSource::frame_count() const {
  return std::max(has_capture_ ? frames_ : 0, rows_.empty() ? 0 : to_number(rows_.back().frame));
}

const JsonSource::Row* JsonSource::find(FrameNumber frame) const {
  const auto is = [&](std::size_t at) { return at < rows_.size() && rows_[at].frame == frame; };
  if (!is(last_found_) && is(last_found_ + 1)) ++last_found_;
  if (is(last_found_)) return &rows_[last_found_];
  const auto found = std::lower_bound(rows_.begin(), rows_.end(), frame,
                                      [](const Row& row, FrameNumber number) { return row.frame < number; });
  if (found == rows_.end() || found->frame != frame) return nullptr;
  last_found_ = static_cast<std::size_t>(found - rows_.begin());
  return &*found;
}

bool JsonSource::read(FrameNumber frame, EventRecord& out) const {
  const Row* row = find(frame);
  if (row == nullptr) return false;
  out.frame = frame;
  out.journey = row->journey;
  out.time_ns = row->has_time ? std::optional(row->time_ns) : std::nullopt;
  out.other_ns = std::nullopt;
  out.estimated = row->estimated;
  out.peer = row->peer;
  out.precision_ns = uncertainties_[row->uncertainty].precision_ns;
  out.error_ns = uncertainties_[row->uncertainty].error_ns;
  out.end = row->end;
  out.direction = row->direction;
  out.vantage = row->vantage;
  out.bytes = row->bytes;
  out.ordinal = row->ordinal;
  out.passes_filter = true;
  out.is_copy = row->is_copy;
  out.spread = {};
  out.marks.assign(marks_.begin() + row->first_mark, marks_.begin() + row->first_mark + row->mark_count);
  if (row->has_time && row->has_travel && row->direction != journeys::Direction::unknown) {
    out.other_ns = row->direction == journeys::Direction::sent ? sum(row->time_ns, row->travel_ns)
                                                               : difference(row->time_ns, row->travel_ns);
  } else if (row->peer != no_frame) {
    const std::size_t place = last_found_;
    const Row* peer = find(row->peer);
    if (peer != nullptr && peer->has_time) out.other_ns = peer->time_ns;
    last_found_ = place;
  }
  return true;
}

EventText JsonSource::text(FrameNumber frame) const {
  const Row* row = find(frame);
  if (row == nullptr) return {};
  return {std::string(texts_[row->from]), std::string(texts_[row->to]), std::string(texts_[row->detail])};
}

}  // namespace humantime::ui
