// SPDX-License-Identifier: GPL-2.0-or-later
// The one way in: a frame's bytes go through the readers and trackers into the store.
#pragma once

#include <functional>
#include <memory>

#include "connection_numbers.h"
#include "frame_bytes.h"
#include "journeys/facts.h"
#include "journeys/journeys.h"
#include "journeys/milestone_index.h"
#include "letters/letters.h"
#include "store.h"
#include "tcp/tracker.h"
#include "udp/tracker.h"
#include "wire/locate.h"
#include "work.h"

namespace humantime {

class Engine {
 public:
  /// Forgets everything: another capture, or the same one read anew.
  void clear();

  /// humantime.infer_encrypted: to be set before the first frame.
  void infer_encrypted(bool infer) {
    connections_.infer_encrypted(infer);
    conversations_.infer_encrypted(infer);
  }

  /// Whether the host will never give a number again: then frames cost less. To be set before the first
  /// frame.
  void all_frames_stay(bool stay) {
    connections_.all_frames_stay(stay);
    conversations_.all_frames_stay(stay);
  }

  /// Takes a frame on its first pass, in the capture's order. A number that comes again replaces the frame
  /// that had it last: a read filter threw that one away.
  void take(const FrameBytes& frame);

  /// All frames have come, as far as is known: names what could not be named for want of a frame that never
  /// came. The next take() takes it back.
  void finish();
  /// The same a part at a time; done at once where finish() has nothing to do. Until it is done, and where
  /// frames come meanwhile, what is named by it may yet be taken back.
  Work finish_gradually();
  bool is_finished() const { return finished_; }

  const FrameStore& store() const { return store_; }
  /// All handshakes of the capture that have ended so far: FrameStore::handshakes().
  std::span<const Handshake> handshakes() const { return store_.handshakes(); }
  /// Grows whenever frames, or what journey they belong to, may read otherwise than before. A frame that
  /// comes behind the others changes nothing. Of journeys as far as they have been made.
  std::uint64_t late_changes() const { return store_.late_changes() + journeys_.late_changes(); }
  /// Of the frames that have come so far.
  const journeys::Journeys& journeys() {
    journeys_.catch_up();
    return journeys_;
  }
  /// The same, of the facts that have been taken so far.
  const journeys::Journeys& known_journeys() const { return journeys_; }
  /// Takes at most `budget` facts that have come since; true where there are more.
  bool catch_up_journeys(std::uint32_t budget) { return journeys_.catch_up(budget); }
  Work catch_up_journeys();
  /// Whether letters() and milestones() are there, of all frames: then to ask for them costs nothing.
  bool knows_all_together() const {
    return finished_ && milestones_ != nullptr && letters_ != nullptr && letters_->is_of(extent(), places_);
  }
  /// How places and clocks are told.
  void compare_places(const letters::Settings& settings) {
    if (settings == places_) return;
    places_ = settings;
    compared_frames_ = 0;
    milestones_.reset();
  }
  const letters::Settings& places() const { return places_; }
  /// Of the frames that have come so far. They are worked out anew when some have come since: to be asked for
  /// when a capture has been read.
  const letters::Letters& letters();
  /// Whether two frames were stamped by one clock: of one interface, whatever indexes its frames tell.
  bool share_clock(FrameNumber frame, FrameNumber other) const;
  /// Whether times of several clocks are put right.
  bool corrects_clocks();
  /// What a frame's time as captured is put right by, nanoseconds, to be added to it; 0 where clocks are not
  /// corrected, or there is but one. While a large capture goes on growing the clocks are not compared anew
  /// for each frame: what was known a little earlier holds.
  std::int64_t correction_of(FrameNumber frame);
  /// All journeys of the frames that have come so far, in order of their numbers; with what letters() tell of
  /// their frames.
  void for_each_journey(const std::function<void(const journeys::Journey&)>& visit);
  /// The milestones by frame. They depend on frames that may yet come: there are none before finish(). Made
  /// when first asked for, thrown away by the next take().
  const journeys::MilestoneIndex& milestones();

  // -- the same a part at a time, while frames may come (Surveyor)

  /// What may be looked at: what no frame that comes will take back, and how to tell that one did.
  struct Standing {
    letters::Letters::Extent extent;
    letters::Settings places;
    std::uint32_t facts_taken_back = 0;
    bool complete = false;  ///< of all frames, after finish()
  };
  /// `complete` before finish() is done stands as long as no frame comes, but says nothing of what it names.
  Standing standing(bool complete) const;
  bool still_stands(const Standing& standing) const;
  Work work_out_letters(const Standing& standing, std::shared_ptr<const letters::Letters>& out);
  /// Keeps them, so that they are not made again, if they are of all frames.
  void adopt(const Standing& standing, std::shared_ptr<const letters::Letters> letters,
             std::shared_ptr<const journeys::MilestoneIndex> milestones);
  /// What letters tell of a journey's frames. They outlive it.
  static journeys::Journeys::Completion told_by(const letters::Letters& letters);

 private:
  /// Of so many connections, and conversations, at the most; true where there are more.
  bool finish(std::uint32_t budget);
  letters::Letters::Extent extent() const;
  void name_packets(const FrameBytes& frame, FrameRow& row);
  void name_segment(const FrameBytes& frame, const wire::Packet& packet, const wire::TcpSegment& segment,
                    FrameRow& row);
  void name_datagram(const FrameBytes& frame, const wire::Packet& packet, const wire::UdpDatagram& udp,
                     FrameRow& row);

  FrameStore store_;
  journeys::FactLog facts_{store_.addresses()};
  ConnectionNumbers numbers_;
  tcp::Tracker connections_{store_, facts_, numbers_};
  udp::Tracker conversations_{store_, facts_, numbers_};
  journeys::Journeys journeys_{store_, facts_};
  std::shared_ptr<const journeys::MilestoneIndex> milestones_;  ///< null where they are not known
  letters::Notes notes_;
  std::shared_ptr<const letters::Letters> letters_;  ///< as they were made last; null where never
  letters::Settings places_;
  std::size_t compared_frames_ = 0;  ///< when clocks were compared last
  std::size_t compared_vantages_ = 0;
  bool has_several_clocks_ = false;  ///< among `compared_vantages_`
  std::uint64_t revision_ = 0;       ///< grows with each change of the frames
  wire::Packets packets_;
  FrameNumber last_ = no_frame;
  bool finishing_ = false, finished_ = false;  ///< finish() has begun, is done
  std::int64_t last_time_ns_ = 0, time_before_last_ns_ = 0;
};

}  // namespace humantime
