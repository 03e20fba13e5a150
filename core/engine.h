// SPDX-License-Identifier: GPL-2.0-or-later
// The one way in: a frame's bytes go through the readers and trackers into the store.
#pragma once

#include "connection_numbers.h"
#include "frame_bytes.h"
#include "journeys/facts.h"
#include "journeys/journeys.h"
#include "journeys/milestone_index.h"
#include "store.h"
#include "tcp/tracker.h"
#include "udp/tracker.h"
#include "wire/locate.h"

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

  const FrameStore& store() const { return store_; }
  /// Grows whenever frames, or what journey they belong to, may read otherwise than before. A frame that
  /// comes behind the others changes nothing.
  std::uint64_t late_changes() { return store_.late_changes() + journeys().late_changes(); }
  /// Of the frames that have come so far.
  const journeys::Journeys& journeys() {
    journeys_.catch_up();
    return journeys_;
  }
  /// The milestones by frame. They depend on frames that may yet come: there are none before finish(). Made
  /// when first asked for, thrown away by the next take().
  const journeys::MilestoneIndex& milestones() {
    if (finished_ && !milestones_.is_made()) milestones_.make(store_, journeys());
    return milestones_;
  }

 private:
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
  journeys::MilestoneIndex milestones_;
  wire::Packets packets_;
  FrameNumber last_ = no_frame;
  bool finished_ = false;
  std::int64_t last_time_ns_ = 0, time_before_last_ns_ = 0;
};

}  // namespace humantime
