// SPDX-License-Identifier: GPL-2.0-or-later
// An OpenVPN tunnel, over UDP and over TCP, and what must hold of what is told of its frames whatever the
// bytes.
//
// Input: a byte, bit 0 TCP; then steps of an operation byte, two bytes of length and that many bytes (fewer
// at the end). Operation: bit 0 the side; bit 1 the capture has not the last quarter of the bytes; bit 2 over
// TCP: the bytes are not in the capture at all; bit 3 over TCP: they are packets without their length, which
// is put before them.
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <vector>

#include "openvpn/stream.h"
#include "openvpn/tunnel.h"

namespace humantime::openvpn {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

/// Keeps what is told, and checks it.
class Judge final : public PhaseSink {
 public:
  explicit Judge(std::uint32_t last) : last_(last) {}
  void add(FrameNumber frame, Phase phase, Certainty) override {
    require(to_number(frame) <= last_);
    require(row_of(phase).lane == Lane::vpn || row_of(phase).lane == Lane::tls);
    told.emplace_back(frame, phase);
  }
  void settle(FrameNumber frame, Phase, Phase after, Certainty certainty) override {
    require(frame != no_frame && to_number(frame) <= last_ && is_settled(certainty));
    told.emplace_back(frame, after);
  }
  void detail(FrameNumber, std::string_view) override {}
  void moment(Stage stage) override { require(stage == Stage::tunnel); }

  std::vector<std::pair<FrameNumber, Phase>> told;

 private:
  std::uint32_t last_;
};

struct Step {
  tcp::Role from;
  bool missing;
  Bytes captured;
  std::uint32_t length;
};

void take(Tunnel& tunnel, const Step& step, FrameNumber frame, PhaseSink& sink) {
  tunnel.take(step.from, frame, step.captured, step.length, sink);
}

void take(Stream& stream, const Step& step, FrameNumber frame, PhaseSink& sink) {
  if (step.missing) return stream.skip(step.from, step.length);
  tcp::Piece piece;
  piece.frame = piece.now = frame;
  piece.bytes = step.captured;
  piece.length = step.length;
  stream.feed(step.from, piece, sink);
  // As the conversation does.
  if (step.length > step.captured.size()) stream.skip(step.from, step.length - step.captured.size());
}

bool proven(const Tunnel& tunnel) {
  return tunnel.proven();
}
bool proven(const Stream& stream) {
  return !stream.undecided();
}

template <typename Subject>
void run(Subject subject, Reader input, bool tcp) {
  std::vector<std::unique_ptr<std::vector<std::uint8_t>>> kept;
  std::uint32_t frame = 0;
  while (input.remaining() > 0 && frame < 256) {
    const std::uint8_t operation = input.u8();
    const std::size_t wanted = input.u16();
    if (!input.ok()) break;
    const Bytes bytes = input.take(std::min(wanted, input.remaining()));
    // A copy of its own, so that a read behind its end is seen.
    auto own = std::make_unique<std::vector<std::uint8_t>>();
    if (tcp && (operation & 8) != 0)
      *own = {static_cast<std::uint8_t>(bytes.size() >> 8), static_cast<std::uint8_t>(bytes.size())};
    own->insert(own->end(), bytes.begin(), bytes.end());
    Step step{(operation & 1) != 0 ? tcp::Role::responder : tcp::Role::initiator, (operation & 4) != 0, *own,
              static_cast<std::uint32_t>(own->size())};
    if ((operation & 2) != 0) {
      own->resize(own->size() - own->size() / 4);
      own->shrink_to_fit();
      step.captured = *own;
    }
    ++frame;
    // A frame that was taken back and comes again tells the same: the state is a value.
    Subject before = subject;
    Judge first(frame), again(frame);
    take(subject, step, FrameNumber{frame}, first);
    if ((frame & 1) != 0) before = Subject(before);
    take(before, step, FrameNumber{frame}, again);
    require(first.told == again.told && proven(subject) == proven(before));
    // Nothing is named without a proof.
    require(proven(subject) || first.told.empty());
    subject = std::move(before);
    kept.push_back(std::move(own));
  }
}

}  // namespace
}  // namespace humantime::openvpn

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const humantime::Bytes bytes(data, size);
  const bool tcp = (data[0] & 1) != 0;
  if (tcp)
    humantime::openvpn::run(humantime::openvpn::Stream(), humantime::Reader(bytes.subspan(1)), true);
  else
    humantime::openvpn::run(humantime::openvpn::Tunnel(), humantime::Reader(bytes.subspan(1)), false);
  return 0;
}
