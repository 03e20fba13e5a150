// SPDX-License-Identifier: GPL-2.0-or-later
// A DTLS connection, datagram by datagram, and what must hold of what is told of its frames whatever the
// bytes.
//
// Input: steps of an operation byte, two bytes of length and that many bytes (fewer at the end). Operation:
// bit 0 the side; bit 1 the capture has not the last quarter of the bytes; bit 2 the host has decrypted the
// datagram's records: their types and contents, but for a header of 13 bytes; bit 3 nothing is to be
// inferred.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "dtls/connection.h"

namespace humantime::dtls {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

/// Keeps what is told, and checks it.
class Judge final : public PhaseSink {
 public:
  explicit Judge(std::uint32_t last) : last_(last) {}
  void add(FrameNumber frame, Phase phase, Certainty) override {
    require(frame != no_frame && to_number(frame) <= last_);
    require(row_of(phase).lane == Lane::tls);
    told.emplace_back(frame, phase);
  }
  void settle(FrameNumber frame, Phase, Phase after, Certainty certainty) override {
    require(frame != no_frame && to_number(frame) <= last_ && is_settled(certainty));
    told.emplace_back(frame, after);
  }
  void detail(FrameNumber frame, std::string_view) override { require(frame != no_frame); }
  void moment(Stage) override {}
  void handshake(const Handshake& handshake, std::string_view) override {
    require(handshake.client_hello != no_frame && handshake.client_hello <= handshake.end_frame);
    require(to_number(handshake.end_frame) <= last_);
  }

  std::vector<std::pair<FrameNumber, Phase>> told;

 private:
  std::uint32_t last_;
};

void run(Reader input) {
  Connection connection;
  std::vector<std::unique_ptr<std::vector<std::uint8_t>>> kept;
  std::uint32_t frame = 0;
  while (input.remaining() > 0 && frame < 256) {
    const std::uint8_t operation = input.u8();
    const std::size_t wanted = input.u16();
    if (!input.ok()) break;
    const Bytes bytes = input.take(std::min(wanted, input.remaining()));
    // A copy of its own, so that a read behind its end is seen.
    auto own = std::make_unique<std::vector<std::uint8_t>>(bytes.begin(), bytes.end());
    udp::Datagram datagram;
    datagram.frame = FrameNumber{++frame};
    datagram.from = (operation & 1) != 0 ? tcp::Role::responder : tcp::Role::initiator;
    datagram.payload_length = static_cast<std::uint32_t>(own->size());
    if ((operation & 2) != 0) {
      own->resize(own->size() - own->size() / 4);
      own->shrink_to_fit();
    }
    datagram.payload = *own;
    datagram.above.add(Layer::dtls);
    datagram.infer = (operation & 8) == 0;
    std::vector<DecryptedRecord> decrypted;
    if ((operation & 4) != 0 && own->size() > wire::DtlsRecordHeader::size)
      decrypted.push_back({slice(*own, wire::DtlsRecordHeader::size), own->front()});
    datagram.decrypted = decrypted;
    Connection::beginning(datagram);
    (void)connection.begins_anew(datagram);
    // A frame that was taken back and comes again tells the same: the state is a value.
    Connection before = connection;
    Judge first(frame), again(frame);
    connection.take(datagram, first);
    before.take(datagram, again);
    require(first.told == again.told && connection.proven() == before.proven());
    // Nothing is named without a proof.
    require(connection.proven() || first.told.empty());
    kept.push_back(std::move(own));
  }
  Judge last(frame);
  connection.finish(last);
  require(!connection.waits());
}

}  // namespace
}  // namespace humantime::dtls

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  humantime::dtls::run(humantime::Reader(humantime::Bytes(data, size)));
  return 0;
}
