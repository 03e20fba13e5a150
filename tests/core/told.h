// SPDX-License-Identifier: GPL-2.0-or-later
// What readers told of frames, as text that can be compared.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "phase_sink.h"

namespace humantime {

/// Keeps what was told of each frame, as the contract of PhaseSink says, and checks what must hold of it
/// whatever the bytes.
class Told final : public PhaseSink {
 public:
  struct One {
    Phase phase;
    Certainty certainty;
  };

  void add(FrameNumber frame, Phase phase, Certainty certainty) override {
    EXPECT_NE(frame, no_frame) << token_of(phase);
    std::vector<One>& told = frames[to_number(frame)];
    // Payload that an upper phase names is not tcp.data any more.
    if (row_of(phase).lane != Lane::tcp)
      std::erase_if(told, [](const One& one) { return one.phase == Phase::tcp_data; });
    if (is_state(phase))
      for (One& one : told)
        if (one.phase == phase) {
          if (certainty == Certainty::seen) one.certainty = certainty;
          return;
        }
    told.push_back({phase, certainty});
  }
  void settle(FrameNumber frame, Phase before, Phase after, Certainty certainty) override {
    EXPECT_TRUE(is_settled(certainty)) << token_of(after);
    std::vector<One>& told = frames[to_number(frame)];
    const auto found = std::find_if(told.rbegin(), told.rend(), [before](const One& one) {
      return one.phase == before && !is_settled(one.certainty);
    });
    if (found != told.rend()) *found = {after, certainty};
  }
  void detail(FrameNumber frame, std::string_view text) override {
    details.try_emplace(to_number(frame), text);
  }
  void moment(Stage stage) override { moments.push_back(stage); }

  /// `http.request?` is unsettled, `http.request~` inferred, `http.request?~` both.
  std::vector<std::string> of(std::uint32_t frame) const {
    std::vector<std::string> names;
    if (const auto found = frames.find(frame); found != frames.end())
      for (const One& one : found->second)
        names.push_back(std::string(token_of(one.phase)) + (is_settled(one.certainty) ? "" : "?") +
                        (is_inferred(one.certainty) ? "~" : ""));
    return names;
  }

  std::map<std::uint32_t, std::vector<One>> frames;
  std::map<std::uint32_t, std::string> details;
  std::vector<Stage> moments;
};

}  // namespace humantime
