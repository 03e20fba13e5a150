// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/story.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "reports/chapters.h"
#include "reports/format.h"
#include "reports/journey_text.h"
#include "reports/sentences.h"
#include "reports/stage_totals.h"
#include "reports/time_text.h"
#include "reports/wrap.h"
#include "text.h"

namespace humantime::reports {
namespace {

using journeys::Direction;
using journeys::Journey;
using journeys::Milestone;

constexpr std::size_t line_width = 88;
constexpr std::size_t longest_detail = 120;

/// The packets that each response came in, by the frame that ended it.
class Pages {
 public:
  struct Response {
    FrameNumber end;
    std::uint32_t pages;
    std::int64_t length_ns;
  };

  Pages(const FrameStore& store, const Journey& journey) {
    std::vector<PhaseMark> marks;
    std::map<std::uint16_t, Open> open;  // at each vantage
    for (const journeys::Leg& leg : journey.legs) {
      const FrameRow* row = store.find(leg.frame);
      if (row == nullptr || row->has(FrameRow::is_copy)) continue;
      store.marks(leg.frame, false, marks);
      bool counted = false;
      for (const PhaseMark& mark : marks) {
        const bool starts = mark.phase == Phase::http_response_start;
        const bool ends = mark.phase == Phase::http_response_end;
        if (!starts && !ends && mark.phase != Phase::http_response_body) continue;
        Open& now = open[row->vantage];
        if (starts && now.responses++ == 0) now = {1, 0, leg.time_ns};
        if (!counted || starts) ++now.pages;
        counted = true;
        if (!ends) continue;
        responses_.push_back({leg.frame, now.pages, difference(leg.time_ns, now.begin_ns)});
        now.responses -= now.responses > 0 ? 1 : 0;
      }
    }
    std::sort(responses_.begin(), responses_.end(),
              [](const Response& a, const Response& b) { return a.end < b.end; });
  }

  /// Null where the beginning of the response was not seen.
  const Response* ended_by(FrameNumber frame) const {
    const auto found = std::lower_bound(responses_.begin(), responses_.end(), frame,
                                        [](const Response& r, FrameNumber f) { return r.end < f; });
    return found == responses_.end() || found->end != frame ? nullptr : &*found;
  }

 private:
  struct Open {
    std::uint32_t responses = 0;
    std::uint32_t pages = 0;
    std::int64_t begin_ns = 0;
  };
  std::vector<Response> responses_;
};

/// Tells one journey.
class Story {
 public:
  Story(const FrameStore& store, const Dates& dates, const Journey& journey,
        std::span<const Milestone> milestones, const Sink& sink)
      : store_(store),
        dates_(dates),
        language_(dates.language()),
        journey_(journey),
        milestones_(milestones),
        view_(clients_view(store, journey, milestones)),
        pages_(store, journey),
        sink_(sink) {
    find_roles();
  }

  void tell() {
    title();
    std::span<const Milestone> rest = milestones_;
    while (!rest.empty()) {
      std::vector<Packet> run{first_packet(rest)};
      rest = rest.subspan(run.front().size());
      while (!rest.empty() && run.front().size() == 1) {
        const Packet next = first_packet(rest);
        if (!is_like(run.front(), next)) break;
        run.push_back(next);
        rest = rest.subspan(next.size());
      }
      tell(run);
    }
    end();
  }

 private:
  void title() {
    const bool japanese = language_ == Language::japanese;
    const std::string name = cut(name_of(store_, journey_), line_width - 20);
    std::string text = (japanese ? "通信 " : "Journey ") + std::to_string(journey_.number);
    if (!name.empty()) text += (japanese ? "　" : ": ") + name;
    std::string rule;
    for (std::size_t i = 0; i < width_of(text); ++i) rule += "═";
    sink_(text + "\n" + rule + "\n");
    date_width_ = std::max(dates_.minute_width(view_.first_ns), dates_.minute_width(view_.last_ns));
  }

  /// A dated paragraph, its text beside the date.
  void paragraph(const std::string& date, const std::string& text) {
    const std::size_t indent = date_width_ + 4;
    sink_("  " + pad(date, indent - 2) + wrap(text, line_width - indent, indent));
  }

  void end() {
    if (!view_.timed) return sink_("\n");
    const std::int64_t length = difference(view_.last_ns, view_.first_ns);
    const Values values = {{"name", name_of(store_, journey_)},
                           {"length", unbroken(dates_.length(length))},
                           {"ms", ms_text(length)}};
    sink_("\n" + wrap(fill(end_of(journey_.kind).in(language_), values), line_width, 0) + "\n");
  }

  // -- who takes part

  void find_roles() {
    for (const Milestone& m : milestones_) {
      const FrameRow& row = *store_.find(m.frame);
      if (m.mark.phase == Phase::dns_query) name_servers_.insert(to_id(row.destination));
      if (m.ordinal > 1) repeated_.insert(m.mark.phase);
      const bool asks = m.mark.phase == Phase::dns_query || m.mark.phase == Phase::tcp_syn ||
                        m.mark.phase == Phase::quic_initial || m.mark.phase == Phase::arp_request;
      if (asks && client_ == AddressId{0}) client_ = row.source;
    }
  }

  static std::uint32_t to_id(AddressId address) { return static_cast<std::uint32_t>(address); }

  Role role_of(AddressId address, std::uint16_t port, Phase phase) const {
    const AddressId server = journey_.server.address;
    const bool dns = row_of(phase).lane == Lane::dns;
    if (address == client_ && client_ != AddressId{0}) return Role::client;
    if (dns) return Role::name_server;
    // A server may ask for addresses, too: its port tells.
    if (address == server && server != AddressId{0} && (port == journey_.server.port || port == 0))
      return Role::server;
    const bool name_server = name_servers_.contains(to_id(address));
    if (row_of(phase).stage == Stage::address) {
      // It may be the router as well.
      if (name_server) return Role::neighbour;
      const Address& bytes = store_.addresses()[address];
      // The unspecified address is somebody who has none yet.
      const bool nobody = std::all_of(bytes.bytes.begin(), bytes.bytes.end(), [](auto b) { return b == 0; });
      return nobody ? Role::client : Role::router;
    }
    if (name_server) return Role::name_server;
    return port == journey_.server.port && port != 0 ? Role::server : Role::client;
  }

  std::string who(AddressId address, std::uint16_t port, Phase phase) const {
    const Role role = role_of(address, port, phase);
    std::string text(text_of(role).in(language_));
    // There are many of these: the address tells which.
    if (role != Role::name_server && role != Role::neighbour) return text;
    text += " " + to_text(store_.addresses()[address]);
    // A Latin address stands off from what follows in Japanese.
    if (language_ == Language::japanese) text += " ";
    return text;
  }

  // -- what happened

  bool is_like(Packet a, Packet b) const {
    if (b.size() != 1) return false;
    const FrameRow& x = *store_.find(a.front().frame);
    const FrameRow& y = *store_.find(b.front().frame);
    return a.front().mark.phase == b.front().mark.phase && a.front().direction == b.front().direction &&
           x.source == y.source && x.destination == y.destination && x.vantage == y.vantage &&
           x.detail == y.detail;
  }

  Values values_of(const Milestone& m, const FrameRow& row, bool with_detail) const {
    const Phase phase = m.mark.phase;
    const std::string sender = who(row.source, row.source_port, phase);
    Values values = {{"sender", sender},
                     {"Sender", capitalised(sender)},
                     {"receiver", who(row.destination, row.destination_port, phase)},
                     {"to", to_text(store_.addresses()[row.destination])},
                     {"label", std::string(label_of(phase, language_))}};
    if (repeated_.contains(phase)) values.emplace_back("nth", ordinal_text(m.ordinal, language_));
    const std::string detail =
        with_detail ? cut(printable(store_.detail(m.frame)), longest_detail) : std::string();
    if (row_of(phase).lane == Lane::dns) {
      const AskedRecord asked = asked_in(detail);
      if (!asked.host.empty()) {
        values.emplace_back("host", asked.host);
        values.emplace_back("record", record_text(asked.type, language_));
      }
    }
    values.emplace_back("detail", detail);
    return values;
  }

  std::string sentence_of(const Milestone& m, const Values& values) const {
    const SentenceRow& row = sentences_of(m.mark.phase);
    if (m.mark.phase == Phase::tcp_rst) return fill(reset_of(journey_.kind).in(language_), values);
    const Sentence& arrives = row.arrives.english.empty() ? row.leaves : row.arrives;
    return fill((m.direction == Direction::received ? arrives : row.leaves).in(language_), values);
  }

  /// What is known of a response when it is complete.
  std::string response_text(const Milestone& m, bool began_here) const {
    const Pages::Response* response = pages_.ended_by(m.frame);
    if (response == nullptr) return {};
    if (response->pages < 2)
      return began_here ? std::string(sentence::whole_answer.in(language_)) : std::string();
    Values values = {{"pages", grouped(response->pages)}};
    if (response->pages > 2)
      values.emplace_back("mean", unbroken(dates_.length(response->length_ns / (response->pages - 1))));
    return fill(sentence::pages.in(language_), values);
  }

  static std::uint64_t identity_of(const Milestone& m) {
    return std::uint64_t{m.ordinal} << 8 | static_cast<std::uint64_t>(m.mark.phase);
  }

  /// Whether the packet has been told where it was sent, and there are no words for its arrival: then little
  /// remains to be said.
  bool has_been_told(Packet packet) const {
    // At one place what comes and what goes are two packets, though each may be the first of its phase.
    const auto told = [&](const Milestone& m) {
      const auto found = told_.find(identity_of(m));
      return found != told_.end() && found->second != store_.find(m.frame)->vantage;
    };
    const auto wordless = [](const Milestone& m) {
      return sentences_of(m.mark.phase).arrives.english.empty();
    };
    return packet.front().direction == Direction::received &&
           std::all_of(packet.begin(), packet.end(), told) &&
           std::any_of(packet.begin(), packet.end(), wordless);
  }

  std::string packet_text(Packet packet, const FrameRow& row) {
    if (has_been_told(packet)) {
      Values values = values_of(packet.front(), row, false);
      std::string labels;
      for (const Milestone& m : packet)
        labels.append(labels.empty()                    ? ""
                      : language_ == Language::japanese ? "、"
                                                        : ", ")
            .append(label_of(m.mark.phase, language_));
      std::find_if(values.begin(), values.end(), [](const auto& v) { return v.first == "label"; })->second =
          labels;
      return fill(sentence::arrives.in(language_), values);
    }
    std::string text;
    bool detail_told = false, began = false;
    for (const Milestone& m : packet) {
      const std::string sentence = sentence_of(m, values_of(m, row, !detail_told));
      const bool whole = m.mark.phase == Phase::http_response_end && began;
      if (!whole) {
        if (!text.empty() && language_ == Language::english) text += " ";
        text += sentence;
      }
      // A frame has one detail: what its first message says.
      detail_told = true;
      if (m.mark.phase == Phase::http_response_start) began = true;
      if (m.mark.phase == Phase::http_response_end) text += response_text(m, whole);
      if (m.direction == Direction::sent) told_.try_emplace(identity_of(m), row.vantage);
    }
    return text;
  }

  /// No finer than the clock is known; empty without a time.
  std::string date_of(Packet packet) const {
    const Milestone& first = packet.front();
    if (!store_.find(first.frame)->has(FrameRow::has_time)) return {};
    return dates_.rounded(first.time_ns, first.precision_ns);
  }

  void tell(const std::vector<Packet>& run) {
    const Packet packet = run.front();
    const FrameRow& row = *store_.find(packet.front().frame);
    // A reset is no farewell: it happens in the middle of whatever is going on.
    const bool reset = packet.front().mark.phase == Phase::tcp_rst && chapter_ != nullptr;
    const Chapter& now = reset ? *chapter_ : chapter_of(packet.front().mark.stage, chapter_);
    if (&now != chapter_) {
      chapter_ = &now;
      sink_("\n" + std::string(now.story_title(language_)) + "\n");
      if (!now.opening(language_).empty() && opened_.insert(&now).second)
        sink_("  " + wrap(now.opening(language_), line_width - 2, 2));
      sink_("\n");
    }
    std::string text = packet_text(packet, row);
    if (run.size() > 1) {
      text += fill(sentence::repeated.in(language_),
                   {{"count", grouped(run.size())}, {"last", unbroken(date_of(run.back()))}});
    }
    paragraph(date_of(packet), text);
  }

  const FrameStore& store_;
  const Dates& dates_;
  Language language_;
  const Journey& journey_;
  std::span<const Milestone> milestones_;
  PlaceView view_;
  Pages pages_;
  const Sink& sink_;
  AddressId client_{0};
  std::unordered_set<std::uint32_t> name_servers_;
  std::unordered_set<Phase> repeated_;                     ///< so that an ordinal says something
  std::unordered_map<std::uint64_t, std::uint16_t> told_;  ///< where it was sent: the vantage
  std::unordered_set<const Chapter*> opened_;
  const Chapter* chapter_ = nullptr;
  std::size_t date_width_ = 0;
};

}  // namespace

void write_story(const FrameStore& store, Telling telling, const JourneysSource& journeys, const Sink& sink) {
  const Dates dates(store, telling);
  sink(wrap(sentence::preface.in(telling.language), line_width, 0) + "\n");
  std::vector<Milestone> milestones;
  journeys([&](const Journey& journey) {
    list_milestones(store, journey, milestones);
    const Dates own = dates.of_journey(store, journey);
    Story(store, own, journey, milestones, sink).tell();
  });
}

}  // namespace humantime::reports
