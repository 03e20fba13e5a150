// SPDX-License-Identifier: GPL-2.0-or-later
// Letters: packets seen at both ends, each sent at one and received at the other, and the clocks by which
// they were dated. All that is known of them, by frame number.
//
// Everything is worked out after the fact, when somebody asks, from notes of all frames: two places' clocks
// may be hours apart, so that the twin of a file's first frame may be its last.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "gradual_index.h"
#include "journeys/facts.h"
#include "journeys/journey.h"
#include "letters/clocks.h"
#include "letters/ends.h"
#include "letters/finding.h"
#include "letters/flows.h"
#include "letters/note.h"
#include "letters/twins.h"
#include "store.h"
#include "work.h"

namespace humantime::letters {

/// Why a frame has no peer.
enum class Unmatched : std::uint8_t {
  none,              ///< it has one
  no_key,            ///< nothing to find it by: no TCP or UDP over IP, or a fragment of it
  only_one_vantage,  ///< what it belongs to was seen at one place, or at one end only
  outside,           ///< the other place's capture was not running
  lost,              ///< the other place should have seen it: lost on the way, or by the capture
  ambiguous,         ///< there are several like it, and no telling which is which
  copy,              ///< a second copy at its own place (a mirror port): its first copy has the peer
  count_
};
/// `only_one_vantage`, …; empty for none.
std::string_view token_of(Unmatched reason);

/// What is known of a frame. Times in nanoseconds.
struct Sighting {
  End end = End::unknown;
  journeys::Direction direction = journeys::Direction::unknown;
  FrameNumber peer = no_frame;  ///< the same packet at the other end
  Unmatched unmatched = Unmatched::no_key;
  bool estimated = false;                    ///< other_end_ns and travel_ns are: nobody captured there
  std::int64_t corrected_ns = 0;             ///< its time by the reference's clock; 0 where it has none
  std::int64_t clock_precision_ns = 0;       ///< of corrected_ns, if both ways take equally long
  std::optional<std::int64_t> other_end_ns;  ///< when it left or reached the other end, by that clock
  std::optional<std::int64_t> travel_ns;     ///< one way; never negative where clocks are corrected
  std::optional<std::int64_t> precision_ns;  ///< of travel_ns, if both ways take equally long
  std::optional<std::int64_t> error_ns;      ///< of travel_ns, whatever they take
  /// Received at one end sooner after it was sent at the other than light needs (Settings::light_ns): clocks,
  /// or the distance, are wrong.
  bool faster_than_light = false;
};

struct Letter {
  FrameNumber sent = no_frame, received = no_frame;  ///< one of them is none where it is estimated
  std::int64_t sent_ns = 0, received_ns = 0;         ///< by the reference's clock; sent first
  bool estimated = false;
};

/// Whether one clock stamped the frames of both: of one interface, whatever indexes its frames tell.
inline bool share_clock(const Vantage& a, const Vantage& b) {
  return a.section == b.section && a.interface == b.interface;
}

struct Settings {
  bool correct_clocks = true;  ///< humantime.correct_clocks; without it times are as captured
  /// Overrules what is inferred where a flow was seen at one place only. Where two places saw it they cannot
  /// both be one end.
  CapturePosition position = CapturePosition::automatic;
  std::int64_t light_ns = 0;  ///< one way between the ends (light.h); 0: not known
  bool operator==(const Settings&) const = default;
};

class Letters {
 public:
  Letters(const FrameStore& store, const Notes& notes, const journeys::FactLog& facts)
      : store_(store), notes_(notes), facts_(facts) {}

  /// How much of a capture is looked at.
  struct Extent {
    std::uint32_t frames = 0;  ///< up to that number
    std::size_t facts = 0;
    std::uint64_t revision = 0;  ///< stands for the frames
    bool operator==(const Extent&) const = default;
  };
  /// Works everything out; once. Linear in frames but for sorting. The extent's last frame may not be taken
  /// back meanwhile; others may come behind it.
  Work work_out(Extent extent, Settings settings);
  /// Whether it has been worked out of these.
  bool is_of(const Extent& extent, const Settings& settings) const {
    return made_ && extent == extent_ && settings == settings_;
  }

  /// What is known of the frame; O(1). A default one where it was never seen.
  Sighting of(FrameNumber frame) const;
  /// Whether the frame, of which no more is known, may have been captured at that end for all that is known
  /// of its place and of the others that saw it.
  bool may_be_at(FrameNumber frame, End end) const;
  /// Sighting::corrected_ns. Of a frame that came since catch_up(), too: by its place's clock as it was known
  /// then. 0 without a time.
  std::int64_t corrected_ns(FrameNumber frame) const;
  /// All letters in order of sending, estimated ones too, without those that have no time.
  void for_each(const std::function<void(const Letter&)>& visit) const;
  /// Frames that have no peer, by Unmatched.
  std::span<const std::uint64_t> unmatched() const { return unmatched_; }
  /// Frames that have a peer.
  std::uint64_t matched() const { return unmatched_[0]; }
  const std::vector<Finding>& findings() const { return findings_; }
  /// The vantage whose clock the others are corrected to; nothing in an empty capture.
  std::optional<std::uint16_t> reference() const { return reference_; }
  /// The least precision between the reference and another place, by which dates of both ends are rounded; 0
  /// where there is no other.
  std::int64_t precision_ns() const;

 private:
  /// Two captures of one end see a packet within a microsecond; a packet on a wire takes longer.
  static constexpr std::int64_t same_place_ns = 1'000;

  /// What came out, by frame.
  struct Fate {
    std::uint32_t peer = 0;
    Unmatched unmatched = Unmatched::no_key;
    End end = End::unknown;
    journeys::Direction direction = journeys::Direction::unknown;
    std::uint8_t flags = 0;
  };
  enum FateFlag : std::uint8_t {
    of_letter = 1,      ///< tells the letter: of its two frames one does
    received_here = 2,  ///< and is the one that was received
    estimated = 4,      ///< nobody captured at the other end
    elsewhere = 8,      ///< estimated, and not half a round trip away: in `estimates_`
  };

  /// What a place saw of a flow.
  struct Place {
    /// The round trip between the flow's first place and this, positive where this one is nearer to the
    /// server; from the two packets of opposite ways that followed each other most closely, so that clocks
    /// have no time to drift.
    std::int64_t position_ns = 0;
    std::int64_t closest_ns = -1;                                 ///< how closely; negative: nothing known
    std::array<std::int64_t, 2> last_ns{}, last_difference_ns{};  ///< by from_client
    std::array<bool, 2> has_last{};
    bool one_way = false;  ///< the position is from corrected times of one way
    End end = End::unknown;
    std::int64_t half_ns = 0;  ///< half the smallest round trip to the other end; 0: not known
  };

  /// From a place's clock to the reference's.
  struct Correction {
    bool known = false;
    std::int64_t own_ns = 0, reference_ns = 0;  ///< the same instant
    double rate = 0;                            ///< the reference's time that goes by in a second, less one
    std::vector<ClockStep> steps;               ///< of this place's clock
    /// How far a step that may lie before or behind the frame shifts it.
    std::int64_t unsure_ns(FrameNumber frame) const;
    std::uint32_t parent = 0;
    std::int64_t precision_ns = 0, error_ns = 0;              ///< against the parent
    std::int64_t total_precision_ns = 0, total_error_ns = 0;  ///< against the reference
  };

  void see_place(std::uint32_t frame);
  Work see_handshakes();
  Work see_one_way();
  Work choose_reference();
  Work compare_places();
  Work settle_alike();
  Work match_frames();
  Work estimate();
  Work find_folded();
  Work sort_letters();

  /// Behind the last frame.
  std::uint32_t frame_end() const { return static_cast<std::uint32_t>(fates_.size()); }
  bool timed(std::uint32_t frame) const;
  std::int64_t time_of(std::uint32_t frame) const { return store_.find(FrameNumber{frame})->time_ns; }
  std::int64_t stepless(std::uint32_t frame, std::uint16_t place) const;
  std::int64_t corrected(std::uint32_t frame) const;
  std::int64_t told(std::uint32_t frame) const;
  std::optional<bool> was_sent(std::uint32_t frame, std::uint32_t peer) const;
  std::uint16_t place_of(std::uint32_t frame) const;
  bool are_compared(std::uint16_t place, std::uint16_t other) const;
  Letter letter_of(std::uint32_t frame) const;
  std::uint32_t find_estimate(std::uint32_t frame) const;
  void keep_estimate(std::uint32_t frame, std::int64_t ns);
  std::optional<std::int64_t> estimated_other_end(std::uint32_t frame, const Fate& fate) const;

  const FrameStore& store_;
  const Notes& notes_;
  const journeys::FactLog& facts_;
  Extent extent_;
  bool made_ = false;
  Settings settings_;

  Flows flows_;
  Twins twins_;
  std::vector<Place> sights_;             ///< by sight
  std::vector<Fate> fates_;               ///< by frame, 0 unused
  std::vector<Correction> corrections_;   ///< by place
  std::vector<std::uint8_t> place_ends_;  ///< by place: a bit for each End that flows have there
  std::vector<std::uint32_t> sorted_;     ///< frames that tell letters, by sending
  /// Other ends that are no half round trip away, by frame.
  std::vector<std::pair<std::uint32_t, std::int64_t>> estimates_;
  GradualIndex estimate_index_;
  std::vector<std::uint64_t> unmatched_ =
      std::vector<std::uint64_t>(static_cast<std::size_t>(Unmatched::count_));
  std::vector<Finding> findings_;
  std::optional<std::uint16_t> reference_;
};

}  // namespace humantime::letters
