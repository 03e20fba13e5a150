// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/fields.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "plugin/command_line.h"
#include "plugin/session.h"
#include "plugin/together.h"
#include "reports/journey_text.h"
#include "saturating.h"
#include "text.h"

namespace humantime::plugin {
namespace {

enum Field : std::size_t {
  field_phase,
  field_stage,
  field_lane,
  field_inferred,
  field_time,
  field_year,
  field_month,
  field_day,
  field_hour,
  field_minute,
  field_second,
  field_elapsed,
  field_handshake,
  field_handshake_rtts,
  field_handshake_time,
  field_journey,
  field_journey_name,
  field_journey_time,
  field_journey_elapsed,
  field_milestone,
  field_end,
  field_direction,
  field_peer_frame,
  field_travel,
  field_travel_human,
  field_travel_precision,
  field_travel_error,
  field_count,
};

struct FieldRow {
  Field field;
  const char* name;
  const char* filter;
  enum ftenum type;
  int display;
  const char* help;
};

constexpr std::array<FieldRow, field_count> field_rows = {{
    {field_phase, "Phase", "humantime.phase", FT_STRING, BASE_NONE, "What the frame does in the exchange"},
    {field_stage, "Stage", "humantime.stage", FT_STRING, BASE_NONE,
     "The part of the exchange that the phase counts to, named after the timings of an HTTP archive"},
    {field_lane, "Lane", "humantime.lane", FT_STRING, BASE_NONE, "The row of the year calendar"},
    {field_inferred, "Inferred", "humantime.inferred", FT_BOOLEAN, BASE_NONE,
     "The bytes do not show the phase, the exchange implies it"},
    {field_time, "Date", "humantime.time", FT_STRING, BASE_NONE,
     "The date in the year that a second of the capture is stretched to"},
    {field_year, "Year", "humantime.year", FT_INT64, BASE_DEC,
     "The year of the date: the origin begins year 1"},
    {field_month, "Month", "humantime.month", FT_UINT8, BASE_DEC, "The month of the date, 1 to 12"},
    {field_day, "Day", "humantime.day", FT_UINT8, BASE_DEC, "The day of the month, 1 to 31"},
    {field_hour, "Hour", "humantime.hour", FT_UINT8, BASE_DEC, "The hour of the date, 0 to 23"},
    {field_minute, "Minute", "humantime.minute", FT_UINT8, BASE_DEC, "The minute of the date, 0 to 59"},
    {field_second, "Second", "humantime.second", FT_UINT8, BASE_DEC, "The second of the date, 0 to 59"},
    {field_elapsed, "Stretched time since the origin", "humantime.elapsed", FT_RELATIVE_TIME, BASE_NONE,
     "Stretched time since the origin"},
    {field_handshake, "Handshake", "humantime.handshake", FT_STRING, BASE_NONE,
     "The kind of the handshake that the frame completes: its version and how it went, +client_auth where "
     "the "
     "client proved a certificate, +renegotiation within an encrypted connection"},
    {field_handshake_rtts, "Round trips", "humantime.handshake.rtts", FT_UINT8, BASE_DEC,
     "How many round trips the client waited before it could send application data, TCP's own left out"},
    {field_handshake_time, "Handshake time", "humantime.handshake.time", FT_RELATIVE_TIME, BASE_NONE,
     "From the frame with the ClientHello to the one that completes the handshake, in real time"},
    {field_journey, "Journey", "humantime.journey", FT_UINT32, BASE_DEC,
     "The fetch that the frame is part of, counted in order of their first frames"},
    {field_journey_name, "Name", "humantime.journey.name", FT_STRING, BASE_NONE,
     "The name that was looked up, else the server's name in SNI or Host, else its address"},
    {field_journey_time, "Date in the journey", "humantime.journey.time", FT_STRING, BASE_NONE,
     "The date in a year that begins with the journey's first frame"},
    {field_journey_elapsed, "Stretched time since the journey began", "humantime.journey.elapsed",
     FT_RELATIVE_TIME, BASE_NONE, "Stretched time since the journey's first frame"},
    {field_milestone, "Milestone", "humantime.milestone", FT_STRING, BASE_NONE,
     "The event of the journey that compares with other journeys': which packet of the phase, sent or "
     "received"},
    {field_end, "End", "humantime.end", FT_STRING, BASE_NONE,
     "Where the frame was captured: client, server, middle"},
    {field_direction, "Direction", "humantime.direction", FT_STRING, BASE_NONE,
     "The packet's way, seen from that end: sent, received"},
    {field_peer_frame, "Peer frame", "humantime.peer_frame", FT_FRAMENUM, BASE_NONE,
     "The same packet at the other end"},
    {field_travel, "Travel time", "humantime.travel", FT_RELATIVE_TIME, BASE_NONE,
     "Real time from one end to the other, clocks corrected"},
    {field_travel_human, "Travel time, stretched", "humantime.travel.human", FT_STRING, BASE_NONE,
     "The travel time as the year has it"},
    {field_travel_precision, "Precision", "humantime.travel.precision", FT_RELATIVE_TIME, BASE_NONE,
     "How well the travel time is known if both ways take equally long; real time, to both sides"},
    {field_travel_error, "Error", "humantime.travel.error", FT_RELATIVE_TIME, BASE_NONE,
     "How far the travel time may be off at worst; real time, to both sides"},
}};

std::array<int, field_count> field_ids;
std::array<hf_register_info, field_count> field_registrations;

int tree_root = -1;
int tree_date = -1;
int tree_phase = -1;
int tree_handshake = -1;
int tree_journey = -1;
int tree_travel = -1;

expert_field expert_time_backwards = EI_INIT;
expert_field expert_faster_than_light = EI_INIT;

constexpr const char* title = "Humantime Year Timeline";

/// Phase, stage and lane tokens and labels, ending in zero as Wireshark wants them.
const char* c_str(std::string_view literal) {
  return literal.data();
}

nstime_t to_nstime(StretchedTime time) {
  nstime_t result;
  result.secs = static_cast<time_t>(time.seconds);
  result.nsecs = static_cast<int>(time.nanoseconds);
  // Wireshark wants both parts of one sign.
  if (result.secs < 0 && result.nsecs > 0) {
    result.secs += 1;
    result.nsecs -= 1'000'000'000;
  }
  return result;
}

/// Which fields are worth their cost.
class Wanted {
 public:
  Wanted()
      : named_only_(CommandLine::own().prints_named_fields_only()),
        expert_(CommandLine::own().mentions("_ws.expert")),
        // What Wireshark tells of an item needs the item.
        protocol_(!named_only_ || expert_ || CommandLine::own().prints("humantime")),
        own_protocol_(info_of(session().protocol)) {
    for (const FieldRow& row : field_rows) {
      named_[row.field] = CommandLine::own().mentions(row.filter);
      infos_[row.field] = info_of(field_ids[row.field]);
    }
  }
  bool has(Field field) const { return !named_only_ || named_[field] || is_referenced(infos_[field]); }
  /// The item above the fields.
  bool protocol() const { return protocol_ || is_referenced(own_protocol_); }
  /// One of those from `first` to `last`.
  bool any(Field first, Field last) const {
    for (std::size_t field = first; field <= last; ++field)
      if (has(static_cast<Field>(field))) return true;
    return false;
  }
  /// For what is not cheap to know: whether somebody reads the tree, or the field out of it.
  bool reads(const proto_tree* tree, Field field) const {
    return named_only_ ? has(field) : PTREE_DATA(tree)->visible || is_referenced(infos_[field]);
  }
  /// One of those from `first` to `last`.
  bool reads(const proto_tree* tree, Field first, Field last) const {
    for (std::size_t field = first; field <= last; ++field)
      if (reads(tree, static_cast<Field>(field))) return true;
    return false;
  }
  /// The date stands on the item above the fields, too.
  bool dates(const proto_tree* tree) const {
    return reads(tree, field_time, field_elapsed) || (labels() && is_referenced(own_protocol_));
  }
  bool journeys(const proto_tree* tree) const { return reads(tree, field_journey, field_milestone); }
  /// What is known of them is worked out anew where frames have come since.
  bool letters(const proto_tree* tree) const { return reads(tree, field_end, field_travel_error); }
  /// Of what Wireshark is to tell as expert information, too: whether its report or dialog is open, or
  /// somebody reads the tree, or a filter, column or rule asks.
  bool experts(const proto_tree* tree) const {
    static const int tap = find_tap_id("expert");
    if (tap != 0 && have_tap_listener(tap)) return true;
    if (tree == nullptr) return false;
    if (named_only_ ? expert_ : PTREE_DATA(tree)->visible) return true;
    static const std::vector<const header_field_info*> asked = [] {
      std::vector<const header_field_info*> infos;
      for (const char* name : {"_ws.expert", "_ws.expert.message", "_ws.expert.severity", "_ws.expert.group",
                               "humantime.faster_than_light"})
        if (const int id = proto_registrar_get_id_byname(name); id > 0) infos.push_back(info_of(id));
      return infos;
    }();
    return std::any_of(asked.begin(), asked.end(), is_referenced);
  }
  /// Whether a filter, a column or a colouring rule names any of ours for this frame.
  bool any_referenced() const {
    return is_referenced(own_protocol_) || std::any_of(infos_.begin(), infos_.end(), is_referenced);
  }
  /// Whether a person may read the tree: then labels are written behind the values.
  bool labels() const { return !named_only_; }

 private:
  /// What Wireshark knows of a field; it stays where it is.
  static const header_field_info* info_of(int id) { return proto_registrar_get_nth(static_cast<guint>(id)); }
  /// By a filter, a column, a colouring rule.
  static bool is_referenced(const header_field_info* info) { return info->ref_type != HF_REF_TYPE_NONE; }

  bool named_only_;
  bool expert_;
  bool protocol_;
  const header_field_info* own_protocol_;
  std::array<bool, field_count> named_{};
  std::array<const header_field_info*, field_count> infos_{};
};

const Wanted& wanted() {
  static const Wanted the_wanted;
  return the_wanted;
}

/// Adds generated items, of no bytes, where they are wanted.
class Items {
 public:
  Items(tvbuff_t* tvb, proto_tree* tree) : tvb_(tvb), tree_(tree) {}
  /// What belongs below `item`; below nothing, it stays here.
  Items below(proto_item* item, int subtree) const {
    return item == nullptr ? *this : Items(tvb_, proto_item_add_subtree(item, subtree));
  }

  proto_item* protocol(const char* headline) const {
    const int id = session().protocol;
    return generated(wanted().labels()
                         ? proto_tree_add_protocol_format(tree_, id, tvb_, 0, 0, "%s%s", title, headline)
                         : proto_tree_add_item(tree_, id, tvb_, 0, 0, ENC_NA));
  }
  proto_item* text(Field field, const char* value) const {
    if (!wanted().has(field)) return nullptr;
    return generated(proto_tree_add_string(tree_, field_ids[field], tvb_, 0, 0, value));
  }
  bool read(Field field) const { return wanted().reads(tree_, field); }
  proto_item* text(Field field, const char* value, const char* label, const char* remark) const {
    if (!wanted().labels()) return text(field, value);
    return generated(proto_tree_add_string_format_value(tree_, field_ids[field], tvb_, 0, 0, value,
                                                        "%s (%s%s)", value, label, remark));
  }
  void part(Field field, std::int32_t value) const {
    if (wanted().has(field))
      generated(proto_tree_add_uint(tree_, field_ids[field], tvb_, 0, 0, static_cast<guint32>(value)));
  }
  proto_item* numbered(Field field, std::uint32_t value, const char* label) const {
    if (!wanted().has(field)) return nullptr;
    return generated(wanted().labels() && label[0] != '\0'
                         ? proto_tree_add_uint_format_value(tree_, field_ids[field], tvb_, 0, 0, value,
                                                            "%u (%s)", value, label)
                         : proto_tree_add_uint(tree_, field_ids[field], tvb_, 0, 0, value));
  }
  void part(Field field, std::int64_t value) const {
    if (wanted().has(field)) generated(proto_tree_add_int64(tree_, field_ids[field], tvb_, 0, 0, value));
  }
  void part(Field field, bool value) const {
    if (wanted().has(field))
      generated(proto_tree_add_boolean(tree_, field_ids[field], tvb_, 0, 0, value ? 1 : 0));
  }
  void part(Field field, std::uint8_t value) const { part(field, std::int32_t{value}); }
  void frame_link(Field field, FrameNumber frame) const {
    if (wanted().has(field))
      generated(proto_tree_add_uint(tree_, field_ids[field], tvb_, 0, 0, to_number(frame)));
  }
  /// Not stretched.
  proto_item* real(Field field, std::int64_t ns) const {
    if (!wanted().has(field)) return nullptr;
    constexpr std::int64_t second_ns = 1'000'000'000;
    nstime_t time;
    time.secs = static_cast<time_t>(ns / second_ns);
    time.nsecs = static_cast<int>(ns % second_ns);
    return generated(proto_tree_add_time(tree_, field_ids[field], tvb_, 0, 0, &time));
  }
  /// Real time; how long that is in the year stands behind it.
  void part(Field field, Nanoseconds value) const {
    proto_item* item = real(field, value.count());
    if (item == nullptr || !wanted().labels()) return;
    std::array<char, date_text_size> words;
    proto_item_append_text(
        item, " (%s)", write_duration(stretch(value, session().scale()), session().language(), words).data());
  }
  void part(Field field, StretchedTime value) const {
    if (!wanted().has(field)) return;
    const nstime_t time = to_nstime(value);
    proto_item* item = generated(proto_tree_add_time(tree_, field_ids[field], tvb_, 0, 0, &time));
    if (!wanted().labels()) return;
    std::array<char, date_text_size> words;
    proto_item_append_text(item, " (%s)", write_duration(value, session().language(), words).data());
  }

 private:
  static proto_item* generated(proto_item* item) {
    proto_item_set_generated(item);
    return item;
  }
  tvbuff_t* tvb_;
  proto_tree* tree_;
};

void add_date(const Items& items, StretchedTime time, const char* text) {
  const Date date = date_of(time);
  const Items parts = items.below(items.text(field_time, text), tree_date);
  parts.part(field_year, date.year);
  parts.part(field_month, date.month);
  parts.part(field_day, date.day);
  parts.part(field_hour, date.hour);
  parts.part(field_minute, date.minute);
  parts.part(field_second, date.second);
  parts.part(field_elapsed, time);
}

/// Text for Wireshark, whose exceptions run no destructor: in a buffer that needs none.
const char* in_buffer(const std::string& text, std::span<char> buffer) {
  const std::size_t size = std::min(text.size(), buffer.size() - 1);
  std::copy_n(text.begin(), size, buffer.begin());
  buffer[size] = '\0';
  return buffer.data();
}

/// Which packet of its phase a frame is, is known when all have come.
void add_milestones(const Items& items, FrameNumber frame) {
  if (!items.read(field_milestone)) return;
  std::array<char, 64> text;
  for (const journeys::Milestone& milestone : place_of(frame).milestones) {
    in_buffer(reports::text_of(milestone), text);
    items.text(field_milestone, text.data());
  }
}

/// On the first pass only what later frames cannot change: the name of a look-up may yet grow, and a
/// neighbour that was asked for may begin a journey earlier.
void add_journey(const Items& items, FrameNumber frame, bool first_pass) {
  const journeys::Journeys* known_journeys = all_journeys();
  if (known_journeys == nullptr) return;
  const journeys::Journeys& journeys = *known_journeys;
  const std::uint32_t number = journeys.of(frame);
  if (number == 0 || (first_pass && !journeys.is_settled(number))) return;
  static std::array<char, 1024> name;
  {
    const FrameStore& store = session().engine.store();
    const std::string_view known = journeys.name_of(number);
    in_buffer(known.empty() ? to_text(store.addresses()[journeys.server_of(number)]) : printable(known),
              name);
  }
  const Items parts = items.below(items.numbered(field_journey, number, name.data()), tree_journey);
  if (name[0] != '\0') parts.text(field_journey_name, name.data());
  if (!first_pass) add_milestones(parts, frame);
  const std::optional<Nanoseconds> since = since_frame(frame, journeys.first_of(number), first_pass);
  if (!since) return;
  const StretchedTime time = stretch(*since, session().scale());
  std::array<char, date_text_size> date;
  parts.text(field_journey_time, write_date(date_of(time), session().language(), date).data());
  parts.part(field_journey_elapsed, time);
}

/// Nothing on the first pass: the other end's frames may all come later.
void add_letter(const Items& items, FrameNumber frame) {
  const letters::Sighting letter = sighting_of(frame);
  const std::string_view end = letters::token_of(letter.end);
  if (!end.empty()) items.text(field_end, c_str(end));
  if (letter.direction != journeys::Direction::unknown)
    items.text(field_direction, c_str(journeys::token_of(letter.direction)));
  if (letter.peer != no_frame) items.frame_link(field_peer_frame, letter.peer);
  if (!letter.travel_ns) return;
  proto_item* item = items.real(field_travel, *letter.travel_ns);
  if (item != nullptr && letter.estimated && wanted().labels())
    proto_item_append_text(item, "%s",
                           session().language() == Language::japanese ? "（推定）" : " (estimated)");
  const Items parts = items.below(item, tree_travel);
  std::array<char, date_text_size> words;
  const StretchedTime stretched = stretch(Nanoseconds{*letter.travel_ns}, session().scale());
  parts.text(field_travel_human, write_duration(stretched, session().language(), words).data());
  if (letter.precision_ns) parts.real(field_travel_precision, *letter.precision_ns);
  if (letter.error_ns) parts.real(field_travel_error, *letter.error_ns);
}

/// Where the distance is known: a letter that came sooner than light.
void warn_of_light(packet_info* pinfo, proto_item* item, const proto_tree* tree) {
  if (session().engine.places().light_ns <= 0 || !wanted().experts(tree)) return;
  const letters::Sighting letter = letter_of(FrameNumber{pinfo->num});
  if (!letter.faster_than_light) return;
  constexpr double ms = 1e6;
  const char* format =
      session().language() == Language::japanese
          ? "送信から %.3f ms で届いています。光でもこの距離には %.3f ms かかります。"
            "時計または distance_km が間違っています"
          : "Received %.3f ms after it was sent, though light needs %.3f ms for the distance: "
            "the clocks, or distance_km, are wrong";
  expert_add_info_format(pinfo, item, &expert_faster_than_light, format,
                         static_cast<double>(*letter.travel_ns) / ms,
                         static_cast<double>(session().engine.places().light_ns) / ms);
}

void add_phase(const Items& items, const PhaseMark& mark) {
  const Language language = session().language();
  const bool inferred = is_inferred(mark.certainty);
  const char* remark = !inferred ? "" : language == Language::japanese ? "、推定" : ", inferred";
  const char* token = c_str(token_of(mark.phase));
  proto_item* item = items.text(field_phase, token, c_str(label_of(mark.phase, language)), remark);
  if (item != nullptr && !wanted().any(field_stage, field_inferred)) return;
  const Items parts = items.below(item, tree_phase);
  parts.text(field_stage, c_str(token_of(mark.stage)));
  parts.text(field_lane, c_str(token_of(row_of(mark.phase).lane)));
  parts.part(field_inferred, inferred);
}

/// Each handshake that the frame completes.
void add_handshakes(const Items& items, FrameNumber frame) {
  const FrameStore& store = session().engine.store();
  store.for_each_handshake(frame, [&](const Handshake& handshake) {
    std::array<char, 64> text;
    if (in_buffer(text_of(handshake), text)[0] == '\0') return;
    const Items parts = items.below(items.text(field_handshake, text.data()), tree_handshake);
    if (handshake.round_trips != Handshake::unknown_round_trips)
      parts.part(field_handshake_rtts, handshake.round_trips);
    if (const auto time = store.duration(handshake)) parts.part(field_handshake_time, *time);
  });
}

/// What stands on the closed subtree: `Mar 9, 19:27:31 — ClientHello`. The last labels are cut where there
/// are many.
class Headline {
 public:
  Headline() { text_[0] = '\0'; }
  void add(std::string_view text) {
    const std::size_t room = text_.size() - 1 - size_;
    if (text.size() > room) return;
    text.copy(text_.data() + size_, text.size());
    size_ += text.size();
    text_[size_] = '\0';
  }
  const char* c_str() const { return text_.data(); }

 private:
  std::array<char, 200> text_;
  std::size_t size_ = 0;
};

}  // namespace

void register_fields(int protocol) {
  for (const FieldRow& row : field_rows) {
    hf_register_info& registration = field_registrations[row.field];
    field_ids[row.field] = -1;
    registration = {&field_ids[row.field],
                    {row.name, row.filter, row.type, row.display, nullptr, 0, row.help, HFILL}};
  }
  proto_register_field_array(protocol, field_registrations.data(),
                             static_cast<int>(field_registrations.size()));

  static std::array<int*, 6> trees = {&tree_root,      &tree_date,    &tree_phase,
                                      &tree_handshake, &tree_journey, &tree_travel};
  proto_register_subtree_array(trees.data(), static_cast<int>(trees.size()));

  static std::array<ei_register_info, 2> notes = {
      {{&expert_time_backwards,
        {"humantime.time_backwards", PI_SEQUENCE, PI_NOTE,
         "Time runs backwards: this frame is older than the one before it", EXPFILL}},
       {&expert_faster_than_light,
        {"humantime.faster_than_light", PI_SEQUENCE, PI_WARN,
         "Received sooner than light needs for the distance: the clocks, or distance_km, are wrong",
         EXPFILL}}}};
  expert_register_field_array(expert_register_protocol(protocol), notes.data(),
                              static_cast<int>(notes.size()));
}

namespace {

void add_to_tree(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, const FrameRow* row, bool first_pass) {
  const FrameStore& store = session().engine.store();
  const FrameNumber frame{pinfo->num};
  const bool backwards = row->has(FrameRow::time_backwards);
  static std::vector<PhaseMark> marks;
  store.marks(frame, first_pass, marks);
  std::optional<Nanoseconds> since;
  if (pinfo->fd->has_ts != 0 && wanted().dates(tree)) since = since_origin(pinfo, first_pass);
  const bool dated = since.has_value();
  std::array<char, date_text_size> date;
  StretchedTime time;
  if (dated) {
    time = stretch(*since, session().scale());
    write_date(date_of(time), session().language(), date);
  }
  Headline headline;
  if (wanted().labels()) {
    if (dated) headline.add(": ");
    if (dated) headline.add(date.data());
    const char* separator = dated ? " — " : ": ";
    for (const PhaseMark& mark : marks) {
      headline.add(separator);
      headline.add(label_of(mark.phase, session().language()));
      separator = ", ";
    }
  }

  proto_item* root = wanted().protocol() ? Items(tvb, tree).protocol(headline.c_str()) : nullptr;
  const Items items = Items(tvb, tree).below(root, tree_root);
  if (dated) add_date(items, time, date.data());
  for (const PhaseMark& mark : marks) add_phase(items, mark);
  if (row->has(FrameRow::ends_handshake)) add_handshakes(items, frame);
  if (wanted().journeys(tree)) add_journey(items, frame, first_pass);
  if (!first_pass && wanted().letters(tree)) add_letter(items, frame);
  if (backwards) expert_add_info(pinfo, root, &expert_time_backwards);
  if (!first_pass) warn_of_light(pinfo, root, tree);
}

}  // namespace

bool fields_are_referenced() {
  return wanted().any_referenced();
}

void add_fields(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, bool first_pass) {
  const FrameRow* row = session().engine.store().find(FrameNumber{pinfo->num});
  if (row == nullptr) return;
  if (tree != nullptr) return add_to_tree(tvb, pinfo, tree, row, first_pass);
  // What is noted counts in the expert information without a tree, too.
  if (row->has(FrameRow::time_backwards)) expert_add_info(pinfo, nullptr, &expert_time_backwards);
  if (!first_pass) warn_of_light(pinfo, nullptr, nullptr);
}

}  // namespace humantime::plugin
