// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/ui_host.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "journeys/journey_handshake.h"
#include "journeys/milestone_index.h"
#include "plugin/capture_file.h"
#include "plugin/preferences.h"
#include "plugin/session.h"
#include "reports/connection_list.h"
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

CaptureFile file;
ShownTimes shown_times;
journeys::MilestoneIndex places;  ///< as of settle(): also of a capture that goes on
/// As of settle(), too: asked for in between they would be worked out anew for every frame.
const letters::Letters* known_letters = nullptr;
std::uint64_t revision = 1;
std::vector<PhaseMark> marks;

const FrameStore& store() {
  return session().engine.store();
}

std::uint32_t frames_read() {
  return static_cast<std::uint32_t>(store().size());
}

/// Of a frame that Wireshark has no more or not yet, as captured.
std::optional<std::int64_t> time_of(FrameNumber frame, const FrameRow& row) {
  if (!row.has(FrameRow::has_time)) return std::nullopt;
  const std::optional<Nanoseconds> shown = file.time_of(frame);
  return shown ? shown->count() : row.time_ns;
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
  out->revision = revision;
  out->late_changes = session().engine.late_changes();
  put(printable(file.name()), out->name);
}

void settle(void*) {
  // What goes on growing is not at its end; the next frame would take it back, at a cost.
  if (file.is_open() && !file.is_loading() && !file.is_live()) session().engine.finish();
  session().engine.make_milestones(places);
  known_letters = &session().engine.letters();
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
  const journeys::Place place = places.place_of(frame);
  const letters::Sighting letter = known_letters == nullptr ? letters::Sighting{} : known_letters->of(frame);
  std::optional<std::int64_t> time = time_of(frame, *row);
  std::optional<std::int64_t> other;
  if (time && letter.corrected_ns != 0) {
    // Clocks are corrected by what was captured; what is shown may have been shifted.
    const std::int64_t shift = difference(*time, row->time_ns);
    time = sum(letter.corrected_ns, shift);
    if (letter.other_end_ns) other = sum(*letter.other_end_ns, shift);
  }
  out->journey = session().engine.journeys().of(frame);
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
  for (const journeys::Milestone& milestone : places.place_of(frame).milestones) {
    const std::string text = reports::text_of(milestone);
    // Never half of one: a frame may hold hundreds of messages.
    if (milestones.size() + text.size() + 2 > sizeof out->milestones) break;
    milestones.append(milestones.empty() ? "" : " ").append(text);
  }
  put(milestones, out->milestones);
  out->is_captured = row->has(FrameRow::has_time);
  out->captured_ns = row->time_ns;
}

void visit_journeys(void*, void (*visit)(void*, const HumantimeJourney*), void* user) {
  session().engine.for_each_journey([&](const journeys::Journey& journey) {
    HumantimeJourney told{};
    told.number = journey.number;
    told.kind = static_cast<std::uint8_t>(journey.kind);
    told.first = journey.legs.empty() ? 0 : to_number(journey.legs.front().frame);
    told.first_ns = std::numeric_limits<std::int64_t>::max();
    told.last_ns = std::numeric_limits<std::int64_t>::min();
    for (const journeys::Leg& leg : journey.legs) {
      const FrameRow* row = store().find(leg.frame);
      const std::optional<std::int64_t> shown = row == nullptr ? std::nullopt : time_of(leg.frame, *row);
      if (!shown || !leg.has_time) continue;
      const std::int64_t time = sum(leg.time_ns, difference(*shown, row->time_ns));
      told.has_time = 1;
      told.first_ns = std::min(told.first_ns, time);
      told.last_ns = std::max(told.last_ns, time);
    }
    if (told.has_time == 0) told.first_ns = told.last_ns = 0;
    const std::string name = reports::name_of(store(), journey);
    told.name = name.c_str();
    const Handshake* opening = journeys::opening_handshake(store(), journey);
    const std::string handshake = opening == nullptr ? std::string() : text_of(*opening);
    told.handshake = handshake.c_str();
    static_assert(Handshake::unknown_round_trips == HUMANTIME_UNKNOWN_ROUND_TRIPS);
    told.handshake_round_trips = opening == nullptr ? HUMANTIME_UNKNOWN_ROUND_TRIPS : opening->round_trips;
    visit(user, &told);
  });
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
  *out_ns = sum(*time, session().engine.correction_of(frame));
  return 1;
}

void visit_connections(void*, int limited, void (*visit)(void*, const char*), void* user) {
  reports::JourneysSource journeys = [](const reports::JourneyVisit& take) {
    session().engine.for_each_journey(take);
  };
  if (limited != 0) {
    std::vector<FrameNumber> passed;
    for (std::uint32_t frame = 1; frame <= frames_read(); ++frame)
      if (file.passes_filter(FrameNumber{frame})) passed.push_back(FrameNumber{frame});
    journeys = reports::limited_to(std::move(journeys), passed);
  }
  std::string line;
  reports::write_connections(store(), {}, reports::Format::json, journeys, [&](std::string_view text) {
    line = text.substr(0, text.find('\n'));
    visit(user, line.c_str());
  });
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
      settle,
      event,
      passes_filter,
      text,
      visit_journeys,
      origin,
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
  places.clear();
  known_letters = nullptr;
  ++revision;
}

void ui_host_preferences_changed() {
  ++revision;
}

}  // namespace humantime::plugin
