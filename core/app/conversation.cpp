// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/conversation.h"

namespace humantime::app {
namespace {

constexpr std::uint16_t dns_port = 53;

/// Knows whether a frame was given a name, so that what has none becomes tcp.data.
class Noticing final : public PhaseSink {
 public:
  Noticing(PhaseSink& sink, FrameNumber frame) : sink_(sink), frame_(frame) {}
  void add(FrameNumber frame, Phase phase, Certainty certainty) override {
    named_ = named_ || frame == frame_;
    sink_.add(frame, phase, certainty);
  }
  void settle(FrameNumber frame, Phase before, Phase after, Certainty certainty) override {
    sink_.settle(frame, before, after, certainty);
  }
  void detail(FrameNumber frame, std::string_view text) override { sink_.detail(frame, text); }
  void moment(Stage stage) override { sink_.moment(stage); }
  bool named() const { return named_; }

 private:
  PhaseSink& sink_;
  FrameNumber frame_;
  bool named_ = false;
};

}  // namespace

void Conversation::begin(std::uint16_t initiator_port, std::uint16_t responder_port) {
  dns_port_ = initiator_port == dns_port || responder_port == dns_port;
}

void Conversation::start_http(tcp::Role client) {
  reader_.emplace<http1::Exchange>();
  http_client_ = client;
}

/// Wireshark shows what it made of the frame: nothing yet (it waits for more segments), our protocol, or
/// another one.
void Conversation::heed(LayerSet above, PhaseSink& sink) {
  if (above.empty()) return;
  const bool agrees = (std::holds_alternative<http1::Exchange>(reader_) && above.has(Layer::http)) ||
                      (std::holds_alternative<DnsStreams>(reader_) && above.has(Layer::dns));
  if (agrees) confirmed_ = true;
  if (confirmed_ || std::holds_alternative<Sniffer>(reader_)) return;
  // It reads the connection as something else (Decode As, a disabled protocol, another protocol on this
  // port).
  reader_.emplace<Unknown>();
  sink.moment(Stage::other);
}

void Conversation::feed(tcp::Role from, const tcp::Piece& piece, PhaseSink& sink) {
  Noticing noticing(sink, piece.frame);
  heed(piece.above, noticing);
  Bytes bytes = piece.bytes;
  // A reader that hands over to another one (a tunnel opens) leaves bytes behind.
  for (std::size_t used = 1; !bytes.empty() && used > 0; bytes = slice(bytes, used))
    used = read(from, piece.frame, bytes, piece.above, noticing);
  if (piece.length > piece.bytes.size()) {
    const std::uint64_t missing = piece.length - piece.bytes.size();
    if (auto* http = std::get_if<http1::Exchange>(&reader_))
      http->skip(side(from), piece.frame, missing, noticing);
    else
      skip(from, missing, noticing);
  }
  if (!noticing.named()) sink.add(piece.frame, tunnelled_ ? Phase::http_tunnel : Phase::tcp_data);
}

std::size_t Conversation::read(tcp::Role from, FrameNumber frame, Bytes bytes, LayerSet above,
                               PhaseSink& sink) {
  // A protocol that had no reader, or HTTP behind something else (SOCKS, a mail of STARTTLS refused):
  // Wireshark knows.
  if (std::holds_alternative<Unknown>(reader_) && (above.has(Layer::http) || above.has(Layer::dns)))
    reader_.emplace<Sniffer>();
  if (std::holds_alternative<Sniffer>(reader_)) return sniff(from, frame, bytes, above, sink);
  if (std::holds_alternative<http1::Exchange>(reader_)) return read_http(from, frame, bytes, sink);
  if (auto* dns = std::get_if<DnsStreams>(&reader_)) dns->feed(from, frame, bytes, sink);
  return bytes.size();
}

std::size_t Conversation::read_http(tcp::Role from, FrameNumber frame, Bytes bytes, PhaseSink& sink) {
  auto& http = std::get<http1::Exchange>(reader_);
  const std::size_t used = http.feed(side(from), frame, bytes, sink);
  switch (http.inner(side(from))) {
    case http1::Inner::tunnel:
      if (used == 0) break;
      reader_.emplace<Sniffer>();
      tunnelled_ = true;
      confirmed_ = false;
      break;
    case http1::Inner::h2c:
      reader_.emplace<Unknown>();
      break;
    case http1::Inner::none:
    case http1::Inner::websocket:
    case http1::Inner::other:
      break;
  }
  return used;
}

std::size_t Conversation::sniff(tcp::Role from, FrameNumber frame, Bytes bytes, LayerSet above,
                                PhaseSink& sink) {
  using http1::Looks;
  const bool dns = above.has(Layer::dns) || (dns_port_ && above.empty() && !tunnelled_);
  if (dns) {
    reader_.emplace<DnsStreams>();
    return read(from, frame, bytes, above, sink);
  }
  // What Wireshark reads as another protocol is none of ours, however it looks.
  const bool open = above.empty() || above.has(Layer::http);

  Sniffer::Prefix& prefix = std::get<Sniffer>(reader_).prefix(from);
  Sniffer::Prefix joined = prefix;
  // More bytes than the prefix holds decide by themselves, unless some came before.
  const bool fits = joined.append(frame, slice(bytes, 0, Sniffer::Prefix::most - joined.size));
  const Bytes start = prefix.size == 0 ? bytes : joined.all();
  const Looks request = open && fits ? http1::looks_like_request(start) : Looks::no;
  const Looks response = open && fits ? http1::looks_like_response(start) : Looks::no;

  if (request == Looks::yes || response == Looks::yes) {
    const Sniffer::Prefix before = prefix;
    start_http(request == Looks::yes ? from : tcp::other(from));
    confirmed_ = above.has(Layer::http);
    for (std::size_t i = 0; i < before.size; ++i)
      read_http(from, before.frames[i], slice(before.all(), i, 1), sink);
    return read_http(from, frame, bytes, sink);
  }
  if ((request == Looks::more || response == Looks::more) &&
      bytes.size() <= Sniffer::Prefix::most - prefix.size) {
    prefix = joined;
    sink.add(frame, tunnelled_ ? Phase::http_tunnel : Phase::tcp_data, Certainty::unsettled);
    return bytes.size();
  }
  for (std::size_t i = 0; i < prefix.size; ++i)
    sink.settle(prefix.frames[i], tunnelled_ ? Phase::http_tunnel : Phase::tcp_data,
                tunnelled_ ? Phase::http_tunnel : Phase::tcp_data);
  prefix = {};
  return bytes.size();
}

void Conversation::skip(tcp::Role from, std::uint64_t count, PhaseSink& sink) {
  if (auto* http = std::get_if<http1::Exchange>(&reader_))
    http->skip(side(from), no_frame, count, sink);
  else if (auto* dns = std::get_if<DnsStreams>(&reader_))
    dns->skip(from);
  else if (auto* sniffer = std::get_if<Sniffer>(&reader_))
    sniffer->prefix(from) = {};
}

void Conversation::end(tcp::Role from, bool reset, PhaseSink& sink) {
  if (auto* http = std::get_if<http1::Exchange>(&reader_)) http->end(side(from), reset, sink);
}

}  // namespace humantime::app
