// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/ui_host.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connection_counter.h"
#include "journeys/milestone_index.h"
#include "plugin/capture_file.h"
#include "plugin/preferences.h"
#include "plugin/session.h"
#include "plugin/together.h"
#include "reports/journey_text.h"
#include "reports/vantage_text.h"
#include "saturating.h"
#include "text.h"

namespace humantime::plugin {
namespace {

/// Copies a text, and cuts it between two characters where it is too long.
void put(std::string_view text, char* out, std::size_t size) {
  if (size == 0) return;
  std::size_t length = std::min(text.size(), size - 1);
  const auto continues = [&](std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
  };
  while (length > 0 && continues(length)) --length;
  std::memcpy(out, text.data(), length);
  out[length] = '\0';
}

template <std::size_t Size>
void put(std::string_view text, char (&out)[Size]) {
  put(text, out, Size);
}

/// Notices that other times are shown than before, of which Wireshark says nothing. Time Shift moves all
/// frames, or those between two along a line: a few frames tell.
class ShownTimes {
 public:
  /// True where frames that were looked at before have another time now, or the last time reference is
  /// another one.
  bool changed(const CaptureFile& file, std::uint32_t count) {
    const FrameNumber reference = file.last_reference();
    const bool by_reference = session().preferences.origin == static_cast<gint>(Origin::reference);
    bool changed = by_reference && reference != reference_;
    reference_ = reference;
    std::size_t place = 0;
    for (std::uint64_t frame = 1; frame <= count; frame *= 2, ++place) {
      const Nanoseconds shift = file.shift_of(FrameNumber{static_cast<std::uint32_t>(frame)});
      if (place == shifts_.size()) shifts_.push_back(shift);
      changed = changed || shifts_[place] != shift;
      shifts_[place] = shift;
    }
    return changed;
  }
  void forget() { shifts_.clear(); }

 private:
  std::vector<Nanoseconds> shifts_;  ///< of the frames 1, 2, 4, …
  FrameNumber reference_ = no_frame;
};

CaptureFile& file = open_capture();
ShownTimes shown_times;
std::uint64_t revision = 1, dissection = 1;
std::vector<PhaseMark> marks;

const FrameStore& store() {
  return session().engine.store();
}

std::uint32_t frames_read() {
  return static_cast<std::uint32_t>(store().size());
}

/// Of a frame that Wireshark has no more or not yet, as captured.
std::optional<std::int64_t> time_of(FrameNumber frame, const FrameRow& row) {
  const std::optional<std::int64_t> shift = file.shown_shift(frame, row);
  return shift ? std::optional(sum(row.time_ns, *shift)) : std::nullopt;
}

/// As of the last survey: of a frame that came since, or before the first one, nothing.
letters::Sighting surveyed_sighting(FrameNumber frame) {
  const Survey* known = surveyor().survey();
  return known == nullptr ? letters::Sighting{} : known->letters->of(frame);
}

journeys::Place surveyed_place(FrameNumber frame) {
  const Survey* known = surveyor().survey();
  return known == nullptr ? journeys::Place{} : known->places->place_of(frame);
}

// -- the capture ------------------------------------------------------------------------------------------

void capture(void*, HumantimeCapture* out) {
  *out = {};
  if (shown_times.changed(file, frames_read())) ++revision;
  out->is_open = file.is_open();
  out->is_loading = file.is_loading();
  out->is_live = file.is_live();
  out->frame_count = out->is_open ? frames_read() : 0;
  out->progress = file.progress(frames_read());
  out->dissection = dissection;
  out->revision = revision;
  out->late_changes = session().engine.late_changes();
  put(printable(file.name()), out->name);
}

/// What goes on growing is not at its end; the next frame would take it back, at a cost.
bool is_complete() {
  return file.is_open() && !file.is_loading() && !file.is_live();
}

void begin_settling(void*) {
  surveyor().begin(is_complete());
}

int settle(void*, std::uint32_t budget) {
  return session().engine.catch_up_journeys(budget) || surveyor().advance(budget) ? 1 : 0;
}

void settle_for_fields(void*, void (*wanted)(void*, int), void* user) {
  settle_in_parts(wanted, user);
}

int event(void*, std::uint32_t number, HumantimeEvent* out) {
  const FrameNumber frame{number};
  const FrameRow* row = store().find(frame);
  if (row == nullptr || row->mark_count == 0) {
    // A copy shows another frame's.
    if (row == nullptr || !row->has(FrameRow::is_copy)) return 0;
  }
  store().marks(frame, false, marks);
  if (marks.empty()) return 0;
  const journeys::Place place = surveyed_place(frame);
  const letters::Sighting letter = surveyed_sighting(frame);
  std::optional<std::int64_t> time = time_of(frame, *row);
  std::optional<std::int64_t> other;
  if (time && letter.corrected_ns != 0) {
    // Clocks are corrected by what was captured; what is shown may have been shifted.
    const std::int64_t shift = difference(*time, row->time_ns);
    time = sum(letter.corrected_ns, shift);
    if (letter.other_end_ns) other = sum(*letter.other_end_ns, shift);
  }
  out->journey = session().engine.known_journeys().of(frame);
  out->peer = to_number(letter.peer);
  out->bytes = row->length;
  out->ordinal = place.milestones.empty() ? 1 : place.milestones.front().ordinal;
  out->has_time = time.has_value();
  out->time_ns = time.value_or(0);
  out->has_other = other.has_value();
  out->other_ns = other.value_or(0);
  out->precision_ns = letter.precision_ns.value_or(0);
  out->error_ns = letter.error_ns.value_or(0);
  out->is_estimated = letter.estimated;
  out->vantage = row->vantage;
  out->end = static_cast<std::uint8_t>(place.end);
  out->direction = static_cast<std::uint8_t>(place.direction);
  out->passes_filter = file.passes_filter(frame);
  out->is_copy = row->has(FrameRow::is_copy);
  const std::size_t count = std::min<std::size_t>(marks.size(), HUMANTIME_MOST_MARKS);
  out->mark_count = static_cast<std::uint8_t>(count);
  for (std::size_t i = 0; i < count; ++i) {
    out->phases[i] = static_cast<std::uint8_t>(marks[i].phase);
    out->stages[i] = static_cast<std::uint8_t>(marks[i].stage);
    out->certainties[i] = static_cast<std::uint8_t>(marks[i].certainty);
  }
  return 1;
}

int passes_filter(void*, std::uint32_t frame) {
  return file.passes_filter(FrameNumber{frame}) ? 1 : 0;
}

void text(void*, std::uint32_t number, HumantimeText* out) {
  out->from[0] = out->to[0] = out->detail[0] = out->vantage[0] = out->milestones[0] = '\0';
  out->captured_ns = 0;
  out->is_captured = 0;
  const FrameNumber frame{number};
  const FrameRow* row = store().find(frame);
  if (row == nullptr) return;
  put(to_text(store().addresses()[row->source], row->source_port), out->from);
  put(to_text(store().addresses()[row->destination], row->destination_port), out->to);
  put(printable(store().detail(frame)), out->detail);
  put(reports::vantage_text(store().vantages()[row->vantage]), out->vantage);
  std::string milestones;
  for (const journeys::Milestone& milestone : surveyed_place(frame).milestones) {
    const std::string text = reports::text_of(milestone);
    // Never half of one: a frame may hold hundreds of messages.
    if (milestones.size() + text.size() + 2 > sizeof out->milestones) break;
    milestones.append(milestones.empty() ? "" : " ").append(text);
  }
  put(milestones, out->milestones);
  out->is_captured = row->has(FrameRow::has_time);
  out->captured_ns = row->time_ns;
}

void visit_journeys(void*, std::uint32_t first, std::uint32_t count,
                    void (*visit)(void*, const HumantimeJourney*), void* user) {
  const Survey* known = surveyor().survey();
  if (known == nullptr) return;
  const std::size_t all = known->journeys.size(), begin = std::min<std::size_t>(first, all),
                    end = std::min(all, begin + count);
  for (std::size_t i = begin; i < end; ++i) {
    const ListedJourney& journey = known->journeys[i];
    static_assert(Handshake::unknown_round_trips == HUMANTIME_UNKNOWN_ROUND_TRIPS);
    HumantimeJourney told{};
    told.number = journey.number;
    told.kind = static_cast<std::uint8_t>(journey.kind);
    told.first = to_number(journey.first);
    told.has_time = journey.has_time;
    told.first_ns = journey.first_ns;
    told.last_ns = journey.last_ns;
    told.name = journey.name.c_str();
    told.handshake = journey.handshake.c_str();
    told.handshake_round_trips = journey.handshake_round_trips;
    visit(user, &told);
  }
}

void visit_streams(void*, std::uint32_t frame, void (*visit)(void*, const HumantimeStream*), void* user) {
  store().for_each_exchange(FrameNumber{frame}, [&](const HttpExchange& exchange) {
    HumantimeStream told{};
    told.stream = exchange.stream;
    told.request_bytes = exchange.request_bytes;
    told.response_bytes = exchange.response_bytes;
    told.request = to_number(exchange.request);
    told.request_end = to_number(exchange.request_end);
    told.response = to_number(exchange.response);
    told.response_end = to_number(exchange.response_end);
    told.status = exchange.status;
    told.pushed = exchange.pushed ? 1 : 0;
    told.reset = exchange.reset ? 1 : 0;
    const std::string what = printable(store().what(exchange));
    told.what = what.c_str();
    visit(user, &told);
  });
}

void visit_pieces(void*, std::uint32_t number, void (*visit)(void*, const HumantimePiece*), void* user) {
  const FrameNumber frame{number};
  RecordReader reader;
  StreamPlace place;
  std::vector<FramePiece> pieces;
  for (const FrameNumber before : frames_before(store(), frame))
    read_pieces(file.read(before, reader), place, pieces);
  read_pieces(file.read(frame, reader), place, pieces);
  store().marks(frame, false, marks);
  name_by_phases(pieces, marks);
  for (const FramePiece& piece : pieces) {
    HumantimePiece told{};
    told.kind = static_cast<std::uint8_t>(piece.kind);
    told.bytes = piece.bytes;
    told.whole = piece.whole;
    told.has_phase = piece.phase ? 1 : 0;
    told.phase = piece.phase ? static_cast<std::uint8_t>(*piece.phase) : 0;
    visit(user, &told);
  }
}

int origin(void*, std::int64_t* out_ns) {
  FrameNumber frame = store().first_timed().value_or(no_frame);
  if (session().preferences.origin == static_cast<gint>(Origin::reference)) {
    const FrameNumber reference = file.last_reference();
    if (file.time_of(reference)) frame = reference;
  }
  const FrameRow* row = store().find(frame);
  const std::optional<std::int64_t> time = row == nullptr ? std::nullopt : time_of(frame, *row);
  if (!time) return 0;
  // By the clocks that events are dated by.
  const std::int64_t corrected = surveyed_sighting(frame).corrected_ns;
  *out_ns = corrected == 0 ? *time : sum(*time, difference(corrected, row->time_ns));
  return 1;
}

ConnectionCounter& counter() {
  static ConnectionCounter one(session().engine);
  return one;
}

int count_connections(void*, int limited, std::uint32_t budget) {
  static int of = 0;
  if (budget == 0) {
    counter().clear();
    return 0;
  }
  if (!counter().is_under_way() || of != limited) {
    const Survey* known = surveyor().survey();
    const ConnectionCounter::Passes all, passes = [](FrameNumber frame) { return file.passes_filter(frame); };
    counter().begin(is_complete(), known == nullptr ? nullptr : known->letters, limited != 0 ? passes : all);
    of = limited;
  }
  return counter().advance(budget) ? 1 : 0;
}

void visit_connections(void*, std::uint32_t first, std::uint32_t count, void (*visit)(void*, const char*),
                       void* user) {
  const std::vector<std::string>& lines = counter().lines();
  const std::size_t begin = std::min<std::size_t>(first, lines.size()),
                    end = std::min<std::size_t>(lines.size(), begin + count);
  for (std::size_t i = begin; i < end; ++i) visit(user, lines[i].c_str());
}

// -- preferences ------------------------------------------------------------------------------------------

void preferences(void*, HumantimePreferences* out) {
  const Preferences& set = session().preferences;
  *out = {};
  out->seconds_per_year = set.seconds_per_year;
  out->origin = static_cast<std::uint8_t>(set.origin);
  out->language = static_cast<std::uint8_t>(set.language);
  out->open_timeline = set.open_timeline != 0;
  out->distance_km = distance_km();
  out->refractive_index = refractive_index();
}

int set_preference(void*, const char* name, const char* value, char* error, std::size_t size) {
  const std::string sentence = store_preference(name, value);
  if (error != nullptr) put(sentence, error, size);
  return sentence.empty() ? 1 : 0;
}

// -- Wireshark's window -----------------------------------------------------------------------------------

std::uint32_t selected_frame(void*) {
  return to_number(file.selected());
}

int go_to_frame(void*, std::uint32_t frame) {
  // The packet list has no row for what the filter hides, and none at all while a file is loading.
  if (file.is_loading() || !file.passes_filter(FrameNumber{frame})) return 0;
  plugin_if_goto_frame(frame);
  return 1;
}

int check_filter(void*, const char* filter, char* error, std::size_t size) {
  const std::string sentence = display_filter_error(filter);
  if (error != nullptr) put(printable(sentence), error, size);
  return sentence.empty() ? 1 : 0;
}

int apply_filter(void* context, const char* filter, char* error, std::size_t size) {
  // One that does not compile would be answered with a modal box.
  if (check_filter(context, filter, error, size) == 0) return 0;
  if (file.is_loading()) {
    put("Wireshark is still reading the capture.", error, error == nullptr ? 0 : size);
    return 0;
  }
  plugin_if_apply_filter(filter, FALSE);
  return 1;
}

}  // namespace

const HumantimeHost& ui_host() {
  static const HumantimeHost host = {
      HUMANTIME_UI_ABI,
      sizeof(HumantimeHost),
      vocabulary(),
      nullptr,
      capture,
      begin_settling,
      settle,
      settle_for_fields,
      event,
      passes_filter,
      text,
      visit_streams,
      visit_pieces,
      visit_journeys,
      origin,
      count_connections,
      visit_connections,
      preferences,
      set_preference,
      selected_frame,
      go_to_frame,
      check_filter,
      apply_filter,
  };
  return host;
}

void ui_host_forgets() {
  file.forget();
  shown_times.forget();
  surveyor().clear();
  counter().clear();
  ++revision;
  ++dissection;
}

void ui_host_preferences_changed() {
  ++revision;
}

}  // namespace humantime::plugin
