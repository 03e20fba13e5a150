// SPDX-License-Identifier: GPL-2.0-or-later
// How long a window waits while all frames of a large capture are looked at together: the parts of a survey,
// and the longest of them, in instructions where the kernel tells and in the time of the processor. With
// arguments the number of frames (500,000) and what a part may look at (2,000).
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "engine.h"
#include "frame_builder.h"
#include "instruction_counter.h"
#include "survey.h"
#include "wire/tcp.h"

namespace {

using namespace humantime;

double processor_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// What is taken: one frame after another, a microsecond apart, by turns from so many connections.
class Capture {
 public:
  explicit Capture(Engine& engine) : engine_(engine) {}

  std::uint32_t frames() const { return number_; }

  void segment(std::uint32_t connection, bool from_client, std::uint8_t flags, std::uint32_t sequence,
               std::uint32_t acknowledgment, std::size_t length, std::uint32_t place = 0,
               std::int64_t later_ns = 0) {
    Ends ends = ipv4_ends();
    ends.source = number(0x0a000000 + connection / 50'000, 4);
    TcpHeader header;
    header.source_port = static_cast<std::uint16_t>(10'000 + connection % 50'000);
    header.sequence = (from_client ? 1'000U : 9'000U) + connection * 77 + sequence;
    header.acknowledgment = (from_client ? 9'000U : 1'000U) + connection * 77 + acknowledgment;
    header.flags = flags;
    if (!from_client) {
      std::swap(header.source_port, header.destination_port);
      ends = ends.reversed();
    }
    IpOptions options;
    options.id = static_cast<std::uint16_t>(sequence / 100 + connection + (from_client ? 1 : 7));
    take({Layer::frame, Layer::ethernet, Layer::ethertype, Layer::ipv4, Layer::tcp},
         ethernet_ip(ends, tcp_segment(ends, header, Message(length, 'x')), options), place, later_ns);
  }
  void question(std::uint32_t id) {
    const Ends ends = ipv4_ends();
    const std::string label = "h" + std::to_string(id);
    Message dns = number(id & 0xffff, 2) + number(0x0100, 2) + number(1, 2) + number(0, 2) + number(0, 2) +
                  number(0, 2) + number(label.size(), 1);
    dns.insert(dns.end(), label.begin(), label.end());
    dns = dns + number(0, 1) + number(1, 2) + number(1, 2);
    IpOptions options;
    options.protocol = 17;
    take({Layer::frame, Layer::ethernet, Layer::ethertype, Layer::ipv4, Layer::udp, Layer::dns},
         ethernet_ip(ends, udp_datagram(ends, static_cast<std::uint16_t>(20'000 + id % 40'000), 53, dns),
                     options),
         0, 0);
  }

 private:
  void take(std::vector<Layer> layers, const Message& bytes, std::uint32_t place, std::int64_t later_ns) {
    OwnedFrame frame(std::move(layers), bytes);
    ++number_;
    frame.time = Nanoseconds{1'466'812'800'000'000'000 + std::int64_t{number_} * 1000 + later_ns};
    frame.vantage.interface = place;
    frame.view(FrameNumber{number_}, [&](const FrameBytes& view) { engine_.take(view); });
  }

  Engine& engine_;
  std::uint32_t number_ = 0;
};

/// A connection whose first answer was not captured: what comes behind it waits until the capture ends.
void lose(Capture& capture, std::uint32_t connection) {
  using namespace wire;
  capture.segment(connection, true, tcp_syn, 0, 0, 0);
  capture.segment(connection, false, tcp_syn | tcp_ack, 0, 1, 0);
  capture.segment(connection, true, tcp_ack, 1, 1, 0);
  capture.segment(connection, true, tcp_ack | tcp_psh, 1, 1, 100);
  capture.segment(connection, false, tcp_ack | tcp_psh, 1001, 101, 1000);
}

/// A connection of `turns` requests, seen at one place, or at both ends.
void talk(Capture& capture, std::uint32_t connection, std::uint32_t turns, bool both_ends) {
  using namespace wire;
  const auto one = [&](bool from_client, std::uint8_t flags, std::uint32_t sequence,
                       std::uint32_t acknowledgment, std::size_t length) {
    capture.segment(connection, from_client, flags, sequence, acknowledgment, length, 0,
                    from_client ? 0 : 20'000);
    if (both_ends)
      capture.segment(connection, from_client, flags, sequence, acknowledgment, length, 1,
                      5'000'000 + (from_client ? 20'000 : 0));
  };
  one(true, tcp_syn, 0, 0, 0);
  one(false, tcp_syn | tcp_ack, 0, 1, 0);
  one(true, tcp_ack, 1, 1, 0);
  for (std::uint32_t turn = 0; turn < turns; ++turn) {
    one(true, tcp_ack | tcp_psh, 1 + turn * 100, 1 + turn * 1000, 100);
    one(false, tcp_ack | tcp_psh, 1 + turn * 1000, 101 + turn * 100, 1000);
  }
  one(true, tcp_ack | tcp_fin, 1 + turns * 100, 1 + turns * 1000, 0);
  one(false, tcp_ack | tcp_fin, 1 + turns * 1000, 2 + turns * 100, 0);
  one(true, tcp_ack, 2 + turns * 100, 2 + turns * 1000, 0);
}

template <typename Fill>
void run(const char* name, std::uint64_t budget, Fill fill) {
  static const InstructionCounter instructions;
  Engine engine;
  Capture capture(engine);
  fill(capture);
  Surveyor surveyor(engine, [](FrameNumber, const FrameRow&) { return std::optional<std::int64_t>(0); });
  std::uint64_t parts = 0, most_units = 0, most_instructions = 0, all_instructions = 0, units = 0;
  std::uint64_t longest_at = 0;
  double longest_ms = 0, all_ms = 0, begun_ms = 0;
  bool begun = false;
  for (bool more = true; more; ++parts) {
    const std::uint64_t before = instructions.count();
    const double before_ms = processor_ms();
    if (!begun) {
      surveyor.begin(true);
      begun = true;
    } else {
      more = surveyor.advance(budget);
    }
    const double ms = processor_ms() - before_ms;
    if (parts == 0) begun_ms = ms;
    const std::uint64_t spent = instructions.count() - before;
    if (ms > longest_ms) longest_at = units;
    longest_ms = std::max(longest_ms, ms);
    all_ms += ms;
    most_instructions = std::max(most_instructions, spent);
    all_instructions += spent;
    if (more) most_units = std::max(most_units, surveyor.spent() - units);
    if (more) units = surveyor.spent();
  }
  const double frames = capture.frames();
  std::printf("%s: %u frames, %zu journeys\n", name, capture.frames(), surveyor.survey()->journeys.size());
  std::printf("  %llu parts, at most %llu units in one, %.1f units and %.0f ns a frame\n",
              static_cast<unsigned long long>(parts), static_cast<unsigned long long>(most_units),
              static_cast<double>(units) / frames, all_ms * 1e6 / frames);
  std::printf("  longest part %.2f ms of %.0f ms, behind %llu units; the capture's end %.2f ms", longest_ms,
              all_ms, static_cast<unsigned long long>(longest_at), begun_ms);
  if (all_instructions > 0)
    std::printf("; at most %.2f million instructions of %.0f million",
                static_cast<double>(most_instructions) / 1e6, static_cast<double>(all_instructions) / 1e6);
  std::printf("\n");
}

}  // namespace

int main(int count, char** arguments) {
  const auto frames =
      count > 1 ? static_cast<std::uint32_t>(std::strtoul(arguments[1], nullptr, 10)) : 500'000;
  const std::uint64_t budget = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 2'000;
  run("short connections", budget, [&](Capture& capture) {
    for (std::uint32_t i = 0; capture.frames() < frames; ++i) talk(capture, i, 2, false);
  });
  run("one long connection", budget, [&](Capture& capture) { talk(capture, 0, frames / 2, false); });
  run("short connections at both ends", budget, [&](Capture& capture) {
    for (std::uint32_t i = 0; capture.frames() < frames; ++i) talk(capture, i, 2, true);
  });
  run("one long connection at both ends", budget,
      [&](Capture& capture) { talk(capture, 0, frames / 4, true); });
  run("connections with a gap", budget, [&](Capture& capture) {
    for (std::uint32_t i = 0; capture.frames() < frames; ++i) lose(capture, i);
  });
  run("questions that nobody answers", budget, [&](Capture& capture) {
    for (std::uint32_t i = 0; capture.frames() < frames; ++i) capture.question(i);
  });
  return 0;
}
