// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/together.h"

#include "plugin/capture_file.h"
#include "plugin/fields.h"
#include "plugin/session.h"
#include "saturating.h"

namespace humantime::plugin {
namespace {

void (*tell_wanted)(void* user, int in_details) = nullptr;
void* told = nullptr;
bool in_details = false, is_drawn = false;

/// Behind the last frame of all that it has gone through Wireshark draws before it says that it is done.
bool in_parts() {
  return tell_wanted != nullptr && (is_drawn || !open_capture().is_read_again());
}

/// What is known; null where that is nothing. Where frames have come since, or changed, more is wanted.
const Survey* asked_survey() {
  if (!session().engine.knows_all_together()) tell_wanted(told, in_details ? 1 : 0);
  return surveyor().survey();
}

}  // namespace

Surveyor& surveyor() {
  static Surveyor one(session().engine, [](FrameNumber frame, const FrameRow& row) {
    return open_capture().shown_shift(frame, row);
  });
  return one;
}

void settle_in_parts(void (*wanted)(void* user, int in_details), void* user) {
  tell_wanted = wanted;
  told = user;
}

void fields_are_for(const packet_info* pinfo, const proto_tree* tree) {
  in_details = tree != nullptr && PTREE_DATA(tree)->visible;
  is_drawn = in_details || pinfo->cinfo != nullptr;
}

void finish_capture() {
  Engine& engine = session().engine;
  // Where frames are still being captured few wait, and nobody knows when the last one comes.
  if (!in_parts() || open_capture().is_live()) return engine.finish();
  // A list that shows nothing of ours is not drawn anew: of a million packets that takes Wireshark a while.
  if (!engine.is_finished() && (in_details || fields_are_referenced())) tell_wanted(told, in_details ? 1 : 0);
}

letters::Sighting letter_of(FrameNumber frame) {
  if (!in_parts()) return session().engine.letters().of(frame);
  const Survey* known = asked_survey();
  return known == nullptr ? letters::Sighting{} : known->letters->of(frame);
}

letters::Sighting sighting_of(FrameNumber frame) {
  letters::Sighting seen = letter_of(frame);
  if (seen.end != letters::End::unknown) return seen;
  const journeys::Place place = place_of(frame);
  seen.end = place.end;
  seen.direction = place.direction;
  return seen;
}

journeys::Place place_of(FrameNumber frame) {
  if (!in_parts()) return session().engine.milestones().place_of(frame);
  const Survey* known = asked_survey();
  return known == nullptr ? journeys::Place{} : known->places->place_of(frame);
}

std::optional<std::int64_t> correction_of(FrameNumber frame) {
  if (!in_parts()) return session().engine.correction_of(frame);
  const FrameRow* row = session().engine.store().find(frame);
  if (row == nullptr || !row->has(FrameRow::has_time)) return 0;
  const Survey* known = asked_survey();
  if (known == nullptr) return std::nullopt;
  return difference(known->letters->corrected_ns(frame), row->time_ns);
}

const journeys::Journeys* all_journeys() {
  if (!in_parts()) return &session().engine.journeys();
  // As good as nothing where they are asked for with each frame, and little where a page of them is drawn.
  constexpr std::uint32_t few = 32;
  if (!session().engine.catch_up_journeys(few)) return &session().engine.known_journeys();
  tell_wanted(told, in_details ? 1 : 0);
  return nullptr;
}

}  // namespace humantime::plugin
