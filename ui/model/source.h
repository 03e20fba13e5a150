// SPDX-License-Identifier: GPL-2.0-or-later
// Where the dialog's events come from: Wireshark's process, or a tshark's report. Read only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "journeys/average.h"
#include "journeys/journey.h"
#include "model/connections.h"
#include "pieces/piece.h"
#include "store.h"
#include "types.h"

namespace humantime::ui {

using journeys::End;

/// One frame that has a phase.
struct EventRecord {
  FrameNumber frame = no_frame;
  std::uint32_t journey = 0;             ///< from 1; 0: none
  std::optional<std::int64_t> time_ns;   ///< as shown (time shift, clocks corrected), since 1970 UTC
  std::optional<std::int64_t> other_ns;  ///< when the packet was at the other end, by the same clock
  bool estimated = false;                ///< other_ns is reckoned from round trips, nobody captured it
  FrameNumber peer = no_frame;           ///< the same packet, captured at the other end
  std::int64_t precision_ns = 0;         ///< of the clocks, ±, where peer is there
  std::int64_t error_ns = 0;             ///< the worst that asymmetric ways would make, ±
  End end = End::unknown;
  journeys::Direction direction = journeys::Direction::unknown;
  std::uint16_t vantage = 0;     ///< any number that is the same for the same place
  std::uint32_t bytes = 0;       ///< on the wire
  std::uint32_t ordinal = 1;     ///< of the first milestone among the marks: `dns.query#2` is 2
  bool passes_filter = true;     ///< Wireshark's display filter
  bool is_copy = false;          ///< a mirror port's second copy
  std::vector<PhaseMark> marks;  ///< in their order, never empty
  /// Of an event that is the mean of several: how far apart they were, by the clock of time_ns, which is
  /// their mean; n is 0 where it was captured.
  journeys::Spread spread = {};
};

/// What is asked for when a person points at an event, and when all of it is written to a file: printable
/// UTF-8, bounded.
struct EventText {
  std::string from, to;  ///< address and port
  std::string detail;    ///< what the packet says of itself: a name, a host, a status
  /// As the reports call the place, `1.0`; empty where the source does not know.
  std::string vantage = {};
  /// `dns.query#2/sent`, of all marks; empty where the source does not know, then the record's ordinal and
  /// direction tell the first.
  std::vector<std::string> milestones = {};
  /// The time stamp in the file, without Time Shift and corrections; none where the source does not know.
  std::optional<std::int64_t> captured_ns = std::nullopt;
};

struct JourneyRecord {
  std::uint32_t number = 0;
  journeys::Kind kind = journeys::Kind::completed;
  FrameNumber first = no_frame;
  std::int64_t first_ns = 0, last_ns = 0;
  std::string name;  ///< printable; the server's address where there is no name
  /// How its connection was opened, as humantime.handshake says it: `tls12_full`, `tls13_0rtt+client_auth`;
  /// printable, empty where it is not known.
  std::string handshake = {};
  /// Round trips of that handshake before application data may flow, TCP's left out; none where not known.
  std::optional<std::uint8_t> handshake_round_trips = std::nullopt;
};

/// An exchange of HTTP/2 or HTTP/3, told by its stream. Frames that were not captured are no_frame.
struct StreamRecord {
  std::uint64_t stream = 0;
  FrameNumber request = no_frame, request_end = no_frame;
  FrameNumber response = no_frame, response_end = no_frame;
  std::uint16_t status = 0;  ///< 0: not known
  bool pushed = false, reset = false;
  std::optional<std::uint64_t> request_bytes, response_bytes;  ///< of content
  std::string what;  ///< `GET / www.example.jp`, printable; empty where it is not known
};

class Source {
 public:
  virtual ~Source() = default;

  /// The file's name without its folder; empty: no capture is open.
  virtual std::string name() const = 0;
  /// The highest frame number so far.
  virtual std::uint32_t frame_count() const = 0;
  /// What share of the file has been read, 0 to 1; 1 when all has been, or when a live capture goes on.
  virtual double progress() const = 0;
  /// Changes whenever events that were read before may read otherwise now; not when frames come to the end.
  virtual std::uint64_t revision() const = 0;
  /// Does a part of what has to be done before frames can be read as revision() will tell them: about
  /// `budget` frames are looked at. True where there is more to do; until it is done nothing that was read
  /// before reads otherwise. 0 only asks.
  virtual bool settle(std::uint32_t budget) const {
    static_cast<void>(budget);
    return false;
  }
  /// Whether frames that were read under that revision are the same ones still, if they read otherwise: they
  /// may be shown until all have been read anew.
  virtual bool has_frames_of(std::uint64_t revision) const { return revision == this->revision(); }
  /// Reads the frame's event; false where it has none. `out` is overwritten, its capacity kept. Cheap: is
  /// called for every frame.
  virtual bool read(FrameNumber frame, EventRecord& out) const = 0;
  /// Whether the frame passes the display filter.
  virtual bool passes_filter(FrameNumber frame) const = 0;
  virtual EventText text(FrameNumber frame) const = 0;
  /// What the frame is made of, from its first byte to its last; empty where the source does not know. Not
  /// cheap: is called for what a page shows of single packets.
  virtual std::vector<FramePiece> pieces(FrameNumber frame) const {
    static_cast<void>(frame);
    return {};
  }
  /// The exchanges that begin with the frame: with their request, or where that was not captured with their
  /// response. Empty where the source does not know.
  virtual std::vector<StreamRecord> streams(FrameNumber frame) const {
    static_cast<void>(frame);
    return {};
  }
  /// Journeys in order of their numbers; complete only when the progress is 1.
  virtual std::vector<JourneyRecord> journeys() const = 0;
  /// The same in pages: `count` of them from the place `first` on, from 0, or all that are left. Who has them
  /// at hand may give all with the first page.
  virtual std::vector<JourneyRecord> journeys_from(std::uint32_t first, std::uint32_t count) const {
    static_cast<void>(count);
    return first == 0 ? journeys() : std::vector<JourneyRecord>();
  }
  /// The time that year 1 begins with, where the origin is the capture or the last time reference.
  virtual std::optional<std::int64_t> origin_ns() const = 0;
  /// Does a part of what connections() tells: about `budget` frames are looked at. True where there is more
  /// to do; then it is to be called again, and once it is done connections(). 0 gives up what is under way.
  virtual bool count_connections(bool limited, std::uint32_t budget) const {
    static_cast<void>(limited), static_cast<void>(budget);
    return false;
  }
  /// What the connections were like, of all journeys, or `limited` to those that have a frame which passes
  /// the display filter. Empty where the source does not know, or has not counted.
  virtual Connections connections(bool limited) const = 0;

 protected:
  Source() = default;
  Source(const Source&) = default;
  Source& operator=(const Source&) = default;
};

}  // namespace humantime::ui
