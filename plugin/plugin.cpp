// SPDX-License-Identifier: GPL-2.0-or-later
// Registration: what Wireshark calls when it loads the plugin, opens a capture, and dissects a frame.
#include <optional>

#include "plugin/command_line.h"
#include "plugin/fields.h"
#include "plugin/frame.h"
#include "plugin/host.h"
#include "plugin/preferences.h"
#include "plugin/reports.h"
#include "plugin/session.h"
#include "plugin/together.h"
#include "plugin/ui_host.h"
#include "plugin/ui_library.h"
#include "saturating.h"

// A C++ const is internal unless it is declared extern first: Wireshark looks these up by name.
extern "C" {
extern WS_DLL_PUBLIC_DEF const char plugin_version[];
extern WS_DLL_PUBLIC_DEF const int plugin_want_major;
extern WS_DLL_PUBLIC_DEF const int plugin_want_minor;
WS_DLL_PUBLIC_DEF void plugin_register();
#if HUMANTIME_WIRESHARK_AT_LEAST(4, 2)
WS_DLL_PUBLIC_DEF uint32_t plugin_describe();
#endif
}

const char plugin_version[] = HUMANTIME_VERSION;
const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

namespace humantime::plugin {

Session the_session;

namespace {

Nanoseconds to_nanoseconds(const nstime_t& time) {
  return std::chrono::seconds{time.secs} + Nanoseconds{time.nsecs};
}

/// How much more goes by between two frames' corrected times than between those that were captured. Nothing
/// on the first pass where they are of two clocks: what these differ by is known when all have come.
std::optional<Nanoseconds> correction_since(FrameNumber frame, FrameNumber origin, bool first_pass) {
  Engine& engine = session().engine;
  if (!engine.corrects_clocks()) return Nanoseconds{0};
  if (first_pass) return engine.share_clock(frame, origin) ? std::optional(Nanoseconds{0}) : std::nullopt;
  const std::optional<std::int64_t> here = correction_of(frame), there = correction_of(origin);
  if (!here || !there) return std::nullopt;
  return Nanoseconds{difference(*here, *there)};
}

}  // namespace

std::optional<Nanoseconds> since_frame(FrameNumber frame, FrameNumber origin, bool first_pass) {
  const FrameStore& store = session().engine.store();
  const FrameRow *begun = store.find(origin), *row = store.find(frame);
  if (begun == nullptr || row == nullptr) return std::nullopt;
  if (!begun->has(FrameRow::has_time) || !row->has(FrameRow::has_time)) return std::nullopt;
  const std::optional<Nanoseconds> correction = correction_since(frame, origin, first_pass);
  if (!correction) return std::nullopt;
  return Nanoseconds{sum(difference(row->time_ns, begun->time_ns), correction->count())};
}

std::optional<Nanoseconds> since_origin(const packet_info* pinfo, bool first_pass) {
  const FrameStore& store = session().engine.store();
  const FrameNumber self{pinfo->num};
  if (session().origin() == Origin::journey) {
    const journeys::Journeys* journeys = all_journeys();
    const std::uint32_t number = journeys == nullptr ? 0 : journeys->of(self);
    if (number == 0 || (first_pass && !journeys->is_settled(number))) return std::nullopt;
    return since_frame(self, journeys->first_of(number), first_pass);
  }
  const frame_data& frame = *pinfo->fd;
  const bool from_reference = session().origin() == Origin::reference;
  // Wireshark's number of the last time reference: frame 1 where none is set, 0 for a reference itself.
  const FrameNumber reference{frame.frame_ref_num == 0 ? pinfo->num : frame.frame_ref_num};
  const FrameNumber first = store.first_timed().value_or(self);
  const FrameNumber origin = from_reference ? reference : first;
  const std::optional<Nanoseconds> correction = correction_since(self, origin, first_pass);
  if (!correction) return std::nullopt;

  const Nanoseconds shift = to_nanoseconds(frame.shift_offset);
  const auto captured = [&store](FrameNumber number) {
    const FrameRow* row = store.find(number);
    return Nanoseconds{row == nullptr ? 0 : row->time_ns};
  };
  if (shift == Nanoseconds{0} && store.find(origin) != nullptr)
    return to_nanoseconds(frame.abs_ts) - captured(origin) + *correction;

  // Time Shift is at work, and may have moved the origin by another length than this frame. Wireshark does
  // not tell other frames' times, but how long ago the last reference was; so how far the first frame was
  // moved is learned from the frames that refer to it.
  Nanoseconds& shift_of_first = session().shift_of_first;
  if (pinfo->num == to_number(first)) shift_of_first = shift;
  if (reference == first && pinfo->num != to_number(first))
    shift_of_first = to_nanoseconds(frame.abs_ts) - to_nanoseconds(pinfo->rel_ts) - captured(first);
  if (from_reference) return to_nanoseconds(pinfo->rel_ts) + *correction;
  return to_nanoseconds(frame.abs_ts) - captured(first) - shift_of_first + *correction;
}

namespace {

FrameReader reader;
protocol_t* own_protocol = nullptr;
bool enabled = true;  ///< as long as a capture is read: enabling a protocol reads it anew
int expert_tap = 0;   ///< Wireshark's number of the tap that collects expert information

/// Whether nothing of ours can be seen in what is being printed: then a frame costs nothing. tshark in one
/// pass makes trees for all frames or for none: for none, nothing will ask for a field of this or any later
/// frame.
bool nobody_asks(const proto_tree* tree) {
  static const bool once = CommandLine::own().reads_once();
  return tree == nullptr && once && !have_tap_listener(session().tap) && !have_tap_listener(expert_tap);
}

void clear() {
  ui_host_forgets();
  enabled = proto_is_protocol_enabled(own_protocol);
  expert_tap = find_tap_id("expert");  // not there yet when we are registered
  session().engine.clear();
  session().engine.all_frames_stay(CommandLine::own().keeps_all_frames());
  session().engine.infer_encrypted(session().preferences.infer_encrypted != 0);
}

int dissect(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, void*) {
  if (!enabled || nobody_asks(tree)) return 0;
  const bool first_pass = !PINFO_FD_VISITED(pinfo);
  fields_are_for(pinfo, tree);
  // A record that is no packet (a system call, a custom block) has nothing to read, but may have a date.
  if (first_pass)
    session().engine.take(reader.read(tvb, pinfo));
  else
    finish_capture();
  add_fields(tvb, pinfo, tree, first_pass);
  queue_for_reports(pinfo, first_pass);
  return static_cast<int>(tvb_captured_length(tvb));
}

void register_protocol() {
  Session& state = session();
  state.protocol = proto_register_protocol("Humantime Year Timeline", "Humantime", "humantime");
  register_fields(state.protocol);
  register_preferences(state.protocol);
  register_reports();
  register_init_routine(clear);
  register_cleanup_routine(clear);
}

void hand_off() {
  reader.learn_protocols();
  own_protocol = find_protocol_by_id(session().protocol);
  // Without a protocol, so that Wireshark does not list us among the frame's layers (frame.protocols), which
  // would cost more than reading the frame's headers; so whether we are enabled is for dissect() to ask.
  register_postdissector(create_dissector_handle(dissect, -1));
  start_ui_library();
}

}  // namespace
}  // namespace humantime::plugin

void plugin_register() {
  static proto_plugin plugin;
  plugin.register_protoinfo = humantime::plugin::register_protocol;
  plugin.register_handoff = humantime::plugin::hand_off;
  proto_register_plugin(&plugin);
}

#if HUMANTIME_WIRESHARK_AT_LEAST(4, 2)
uint32_t plugin_describe() {
  return WS_PLUGIN_DESC_DISSECTOR;
}
#endif
