// SPDX-License-Identifier: GPL-2.0-or-later
// What is known of every frame: written once while a capture is first read (and completed by later frames),
// then only read, by the fields, the reports and the dialog alike.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "chunked.h"
#include "exchange_log.h"
#include "handshake.h"
#include "phase_sink.h"
#include "phases.h"
#include "pools.h"
#include "types.h"

namespace humantime {

/// A phase of a frame, with the stage it counted to when the frame went by.
struct PhaseMark {
  Phase phase{};
  Stage stage = Stage::other;
  Certainty certainty = Certainty::seen;
  bool operator==(const PhaseMark&) const = default;
};

/// One end of a packet; port 0 where there is none.
struct Endpoint {
  AddressId address{0};
  std::uint16_t port = 0;
};

/// One frame. 48 bytes: captures have millions. All zero bits: no frame was seen under the number.
struct FrameRow {
  static constexpr std::size_t inline_marks = 4;
  enum Flag : std::uint8_t {
    present = 1,
    has_time = 2,
    time_backwards = 4,
    is_copy = 8,
    ends_handshake = 16,
    begins_exchange = 32
  };

  std::int64_t time_ns = 0;  ///< as captured, since 1970-01-01 UTC
  AddressId source{0}, destination{0};
  std::uint16_t source_port = 0, destination_port = 0;
  TextId detail{0};
  std::uint32_t length = 0;                         ///< bytes on the wire
  std::uint32_t connection = 0;                     ///< its number, over TCP or UDP, from 1; 0: none
  std::array<std::uint16_t, inline_marks> marks{};  ///< packed; where there are more, all are in the overflow
  std::uint8_t mark_count = 0;
  std::uint8_t flags = 0;
  std::uint16_t vantage = 0;  ///< index into FrameStore::vantages()

  bool has(Flag flag) const { return (flags & flag) != 0; }
};

static_assert(sizeof(FrameRow) == 48);

/// What a connection carried of HTTP's messages, one direction.
struct CarriedBytes {
  std::uint64_t application = 0;  ///< as MessageBytes has them
  std::uint64_t records = 0;
  std::uint64_t unread = 0;  ///< of the records
};
struct ConnectionBytes {
  CarriedBytes requests, responses;
};

class FrameStore {
 public:
  void clear();

  // -- writing, while a capture is first read
  // --------------------------------------------------------------------------

  /// Begins a frame; what was stored under its number is replaced. From here on every change to other frames
  /// is remembered, so that undo() can take it back.
  FrameRow& begin(FrameNumber frame);
  /// The same without a frame: from here on changes to any are remembered, apart from those since begin().
  void checkpoint();
  /// Takes back all that has been written since the last checkpoint() or begin(), that frame included. What
  /// was written between the two is taken back by a second undo().
  void undo();

  void add(FrameNumber frame, PhaseMark mark);
  /// Replaces the frame's last unsettled `before`; true where there was one.
  bool settle(FrameNumber frame, Phase before, PhaseMark after);
  void set_detail(FrameNumber frame, std::string_view text);
  /// The frame is a second copy of another one: it shows that one's phases, without the trouble.
  void set_copy_of(FrameNumber copy, FrameNumber original);
  /// A handshake that has ended, on its end_frame. The vantage and the server's name are filled in; nothing
  /// happens where that frame was never seen.
  void add_handshake(const Handshake& handshake, std::string_view server_name);
  /// `connection`: FrameRow::connection.
  void add_message_bytes(std::uint32_t connection, const MessageBytes& bytes);
  /// What is told of an exchange (ExchangeLog::add); `request` is its HttpExchange::what, empty where that is
  /// not told now.
  void add_exchange(HttpExchange news, std::string_view request);
  std::uint16_t vantage_index(const Vantage& vantage) {
    // One frame is mostly from where the one before it was.
    const bool same = last_vantage_ < vantages_.size() && vantages_[last_vantage_] == vantage;
    return same ? last_vantage_ : find_vantage(vantage);
  }
  AddressPool& addresses() { return addresses_; }

  // -- reading
  // ---------------------------------------------------------------------------------------------------------

  /// The highest frame number seen.
  std::size_t size() const { return rows_.size(); }
  /// The first frame that has a time stamp: where the year begins.
  std::optional<FrameNumber> first_timed() const;
  /// Null where the frame was never seen (ignored, filtered out while reading, or no packet).
  const FrameRow* find(FrameNumber frame) const;
  /// The frame's phases in their order; `settled_only` leaves out what a later frame may still change.
  void marks(FrameNumber frame, bool settled_only, std::vector<PhaseMark>& out) const;
  /// Calls `visit(frame, marks before)` for each other frame that changed since begin().
  template <typename Visit>
  void for_each_change(Visit visit) const {
    std::vector<PhaseMark> before;
    for (const Before& change : log_) {
      before.clear();
      for (const std::uint16_t packed_mark : change.marks) before.push_back(unpack(packed_mark));
      visit(change.frame, std::span<const PhaseMark>(before));
    }
  }
  /// What the frame's event says: raw bytes of the capture.
  std::string_view detail(FrameNumber frame) const;
  const AddressPool& addresses() const { return addresses_; }
  /// All handshakes that have ended, in the order in which that was told: mostly of their last frames.
  std::span<const Handshake> handshakes() const { return handshakes_; }
  /// SNI's name, raw bytes of the capture; empty where there was none.
  std::string_view server_name(const Handshake& handshake) const { return texts_[handshake.server_name]; }
  /// From the ClientHello's frame to its end's, real time at its vantage. Nothing where a frame has no time.
  std::optional<Nanoseconds> duration(const Handshake& handshake) const;
  /// How much of that was spent between the last frame of the client's (or the server's) flights and the
  /// first one of the answer. At the client its own flights wait for the wire and for the server, and the
  /// server's for the client itself; at the server the other way round.
  Nanoseconds waited(const Handshake& handshake, bool behind_client) const;
  /// Calls `visit(handshake)` for each that ended with the frame.
  template <typename Visit>
  void for_each_handshake(FrameNumber frame, Visit visit) const {
    const FrameRow* row = find(frame);
    if (row == nullptr || !row->has(FrameRow::ends_handshake)) return;
    for (const std::uint32_t at : handshakes_of_.at(frame)) visit(handshakes_[at]);
  }
  /// All exchanges of streams, in the order in which they became known.
  std::span<const HttpExchange> exchanges() const { return exchanges_.all(); }
  /// Calls `visit(exchange)` for each that begins with the frame.
  template <typename Visit>
  void for_each_exchange(FrameNumber frame, Visit visit) const {
    const FrameRow* row = find(frame);
    if (row != nullptr && row->has(FrameRow::begins_exchange)) exchanges_.for_each(frame, visit);
  }
  /// `GET /index.html example.com`, raw bytes of the capture, cut where it is long; empty where it is not
  /// known.
  std::string_view what(const HttpExchange& exchange) const { return texts_[exchange.what]; }
  /// What the connection carried of HTTP so far; none where nothing of it was readable or implied.
  ConnectionBytes message_bytes(std::uint32_t connection) const {
    return connection < carried_.size() ? carried_[connection] : ConnectionBytes{};
  }
  std::span<const Vantage> vantages() const { return vantages_; }
  /// Grows whenever a frame changes that is not the one being read: who has read frames before reads them
  /// anew.
  std::uint64_t late_changes() const { return late_changes_; }

 private:
  using Marks = std::vector<std::uint16_t>;

  static PhaseMark unpack(std::uint16_t packed);

  std::uint16_t find_vantage(const Vantage& vantage);
  FrameRow* row(FrameNumber frame);
  /// The frame whose phases it shows: itself, or the one that it is a copy of.
  FrameNumber shown_as(FrameNumber frame, const FrameRow& row) const;
  std::optional<Nanoseconds> between(FrameNumber from, FrameNumber to) const;
  std::span<const std::uint16_t> packed(FrameNumber frame, const FrameRow& row) const;
  void set_packed(FrameNumber frame, FrameRow& row, std::span<const std::uint16_t> marks);
  void remember(FrameNumber frame, const FrameRow& row);
  void forget_changes();
  void forget_handshakes(std::size_t kept);

  struct Before {
    FrameNumber frame;
    FrameRow row;
    Marks marks;
  };
  /// A connection's bytes, as they were.
  struct BytesBefore {
    std::uint32_t connection;
    ConnectionBytes bytes;
  };
  /// Other frames that changed, as they were.
  struct Changes {
    FrameNumber current = no_frame;  ///< the frame that changed them
    std::vector<Before> log;
    FlatIndex index;
    std::vector<BytesBefore> bytes;
    std::size_t handshakes = 0;  ///< how many there were before
    ExchangeLog::Changes exchanges;
  };

  Chunked<FrameRow> rows_;
  std::unordered_map<FrameNumber, Marks> overflow_;
  std::unordered_map<FrameNumber, FrameNumber> originals_;
  std::vector<Handshake> handshakes_;
  std::unordered_map<FrameNumber, std::vector<std::uint32_t>> handshakes_of_;  ///< by end_frame
  std::size_t handshakes_before_ = 0;  ///< how many there were at begin() or checkpoint()
  ExchangeLog exchanges_;
  Chunked<ConnectionBytes> carried_;    ///< by connection, as far as one carried any
  std::vector<BytesBefore> bytes_log_;  ///< since begin()
  AddressPool addresses_;
  TextPool texts_;
  std::vector<Vantage> vantages_;
  FlatIndex vantage_index_;
  std::uint16_t last_vantage_ = 0;
  Changes before_checkpoint_;  ///< between begin() and checkpoint()
  bool at_checkpoint_ = false;
  FrameNumber current_ = no_frame;
  mutable FrameNumber first_timed_ = no_frame;  ///< found once
  std::vector<Before> log_;                     ///< other frames that changed since begin(), as they were
  FlatIndex log_index_;
  std::uint64_t late_changes_ = 0;  ///< never goes back, not by clear() either
};

}  // namespace humantime
