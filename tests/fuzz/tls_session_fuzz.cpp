// SPDX-License-Identifier: GPL-2.0-or-later
// A TLS connection's segments, in any order and with whatever was decrypted (see tls_session_input.h), and
// what must hold of what they are called.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "judge.h"
#include "store_text.h"
#include "tcp/tracker.h"
#include "tls_session_input.h"

namespace humantime {
namespace {

/// A frame with one segment.
struct Segment {
  wire::TcpSegment header;
  std::vector<std::uint8_t> payload;
  std::vector<DecryptedRecord> decrypted;
  LayerSet above;
  std::uint32_t place = 0;
  std::int64_t time_ns = 0;
  std::uint16_t ip_id = 0;
  bool server = false;
  bool again = false;     ///< has the number of the one before
  bool finishes = false;  ///< the capture is finished behind it
};

struct Input {
  std::vector<Segment> segments;
  std::uint16_t port = 443;
  bool infer = true;
  bool may_show_http = false;  ///< bytes of the input might be a message of HTTP/1
};

class InputReader {
 public:
  explicit InputReader(Bytes bytes) : in_(bytes) {
    const std::uint8_t options = in_.u8();
    input_.infer = (options & option_infers_nothing) == 0;
    input_.port = session_ports[(options & option_port) >> 1];
    input_.may_show_http = as_chars(bytes).find("HTTP/") != std::string_view::npos;
    while (in_.remaining() > 1 && input_.segments.size() < most_segments && bytes_ < most_bytes)
      step(in_.u8());
  }
  Input take() { return std::move(input_); }

 private:
  static constexpr std::size_t most_segments = 300, most_bytes = 400'000;

  std::uint32_t& next(bool server) { return next_[server ? 1 : 0]; }

  Segment bare(bool server) {
    Segment segment;
    segment.server = server;
    segment.header.source_port = server ? input_.port : 40000;
    segment.header.destination_port = server ? 40000 : input_.port;
    segment.header.flags = wire::tcp_ack;
    segment.header.sequence = next(server);
    segment.header.acknowledgment = next(!server);
    segment.header.window = 60000;
    segment.ip_id = ++ip_id_;
    return segment;
  }

  void send(Segment segment) {
    time_ns_ += 1'000'000;
    segment.time_ns = time_ns_;
    segment.header.payload_length =
        std::max(segment.header.payload_length, static_cast<std::uint32_t>(segment.payload.size()));
    input_.segments.push_back(std::move(segment));
  }

  void control(bool server) {
    switch (in_.u8() % control_count) {
      case control_fin: {
        Segment segment = bare(server);
        segment.header.flags |= wire::tcp_fin;
        send(std::move(segment));
        ++next(server);
        break;
      }
      case control_rst: {
        Segment segment = bare(server);
        segment.header.flags |= wire::tcp_rst;
        send(std::move(segment));
        break;
      }
      case control_release:
        if (held_.empty()) break;
        send(std::move(held_.front()));
        held_.pop_front();
        break;
      case control_copy:
        if (input_.segments.empty()) break;
        send(input_.segments.back());
        input_.segments.back().again = false;
        input_.segments.back().place ^= 1;
        input_.segments.back().decrypted.clear();
        break;
      case control_finish:
        if (!input_.segments.empty()) input_.segments.back().finishes = true;
        break;
      case control_ack:
        send(bare(server));
        break;
      case control_other:
        other_ = true;
        break;
    }
  }

  void step(std::uint8_t operation) {
    const bool server = (operation & step_server) != 0;
    switch (operation & step_record) {
      case step_control:
        return control(server);
      case step_lost:
        next(server) += in_.u16();
        return;
    }
    Segment segment = bare(server);
    bool data = false;
    if ((operation & step_decrypted) != 0)
      for (unsigned count = in_.u8() % 16U; count > 0; --count) {
        DecryptedRecord record;
        record.type = in_.u8();
        record.content = take_bytes(in_.u16());
        data = data || record.type == 23;
        segment.decrypted.push_back(record);
      }
    if ((operation & step_record) == step_record) {
      const std::uint8_t type = in_.u8();
      const std::uint16_t length = in_.u16() % 18432U;
      segment.payload = {type, 3, 3, static_cast<std::uint8_t>(length >> 8),
                         static_cast<std::uint8_t>(length)};
      segment.payload.resize(segment.payload.size() + length, 0xee);
    } else {
      const Bytes bytes = take_bytes(in_.u16());
      segment.payload.assign(bytes.begin(), bytes.end());
    }
    bytes_ += segment.payload.size();
    segment.header.payload_length = static_cast<std::uint32_t>(segment.payload.size());
    next(server) += segment.header.payload_length;
    if ((operation & step_snapped) != 0) segment.payload.resize(segment.payload.size() / 2);
    if ((operation & step_shown) != 0) {
      segment.above.add(other_ ? Layer::unknown : Layer::tls);
      if (data && !other_) segment.above.add(Layer::http);
    }
    other_ = false;
    segment.again = (operation & step_again) != 0 && !input_.segments.empty();
    if ((operation & step_held) != 0)
      held_.push_back(std::move(segment));
    else
      send(std::move(segment));
  }

  Bytes take_bytes(std::size_t count) { return in_.take(std::min(count, in_.remaining())); }

  Reader in_;
  Input input_;
  std::array<std::uint32_t, 2> next_ = {1000, 4'294'967'000};
  std::deque<Segment> held_;
  std::int64_t time_ns_ = 0;
  std::size_t bytes_ = 0;
  std::uint16_t ip_id_ = 0;
  bool other_ = false;
};

/// What Engine does of it.
class Connections {
 public:
  explicit Connections(const Input& input) : infer_(input.infer) { tracker_.infer_encrypted(infer_); }

  void take(const Segment& segment, FrameNumber number, bool again) {
    if (finished_) {
      tracker_.undo();
      store_.undo();
      finished_ = false;
    }
    if (again) {
      tracker_.undo();
      numbers_.undo();
      store_.undo();
    }
    tracker_.checkpoint();
    numbers_.checkpoint();
    FrameRow& row = store_.begin(number);
    row.vantage = store_.vantage_index({0, segment.place, 0});
    FrameBytes frame;
    frame.number = number;
    frame.time = Nanoseconds{segment.time_ns};
    frame.has_time = true;
    frame.vantage.interface = segment.place;
    frame.decrypted = segment.decrypted;
    wire::Packet packet;
    packet.above = segment.above;
    packet.ip_id = segment.ip_id;
    wire::TcpSegment header = segment.header;
    header.payload = segment.payload;
    const AddressId client{1}, server{2};
    row.connection = tracker_.take(frame,
                                   {segment.server ? server : client, segment.server ? client : server,
                                    header.source_port, header.destination_port, row.vantage},
                                   packet, header);
    judge(store_, number);
  }
  void finish() {
    if (finished_) return;
    finished_ = true;
    store_.checkpoint();
    tracker_.finish();
  }
  /// What was settled stays as it is.
  void remember() {
    settled_.resize(store_.size() + 1);
    for (std::uint32_t number = 1; number <= store_.size(); ++number) {
      std::vector<PhaseMark> now;
      store_.marks(FrameNumber{number}, true, now);
      for (const PhaseMark& mark : settled_[number]) {
        if (std::find(now.begin(), now.end(), mark) != now.end()) continue;
        std::fprintf(stderr, "frame %u of %zu was %s, now %s\n", number, store_.size(),
                     std::string(token_of(mark.phase)).c_str(), dump(store_, FrameNumber{number}).c_str());
        std::abort();
      }
      settled_[number] = std::move(now);
    }
  }
  const FrameStore& store() const { return store_; }

 private:
  FrameStore store_;
  journeys::FactLog facts_{store_.addresses()};
  ConnectionNumbers numbers_;
  tcp::Tracker tracker_{store_, facts_, numbers_};
  bool infer_, finished_ = false;
  std::vector<std::vector<PhaseMark>> settled_;
};

void judge_inferred(const Input& input, const FrameStore& store) {
  for (std::uint32_t number = 1; !input.infer && number <= store.size(); ++number) {
    std::vector<PhaseMark> marks;
    store.marks(FrameNumber{number}, false, marks);
    for (const PhaseMark& mark : marks)
      require(!is_inferred(mark.certainty) || (row_of(mark.phase).lane == Lane::http && input.may_show_http));
  }
}

}  // namespace
}  // namespace humantime

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace humantime;
  const Input input = InputReader({data, size}).take();

  Connections connections(input);
  std::vector<const Segment*> last_with_number;
  for (const Segment& segment : input.segments) {
    const bool again = segment.again && !last_with_number.empty();
    if (again)
      last_with_number.back() = &segment;
    else
      last_with_number.push_back(&segment);
    connections.take(segment, FrameNumber{static_cast<std::uint32_t>(last_with_number.size())}, again);
    if (segment.finishes) connections.finish();
  }
  connections.finish();
  judge(connections.store());
  judge_inferred(input, connections.store());

  // As if the frames that were thrown away had never been there, and nothing had been finished too early.
  Connections plain(input);
  for (std::size_t i = 0; i < last_with_number.size(); ++i) {
    plain.take(*last_with_number[i], FrameNumber{static_cast<std::uint32_t>(i + 1)}, false);
    if (input.segments.size() < 64) plain.remember();
  }
  plain.finish();
  plain.remember();
  require(dump(connections.store()) == dump(plain.store()));
  return 0;
}
