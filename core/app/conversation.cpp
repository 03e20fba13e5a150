// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/conversation.h"

namespace humantime::app {
namespace {

constexpr std::uint16_t dns_port = 53;

/// Knows whether a frame was given a name, so that what has none becomes tcp.data.
class Noticing final : public PassingSink {
 public:
  Noticing(PhaseSink& sink, FrameNumber frame) : PassingSink(sink), frame_(frame) {}
  void add(FrameNumber frame, Phase phase, Certainty certainty) override {
    named_ = named_ || frame == frame_;
    PassingSink::add(frame, phase, certainty);
  }
  bool named() const { return named_; }

 private:
  FrameNumber frame_;
  bool named_ = false;
};

/// The piece without its first bytes.
tcp::Piece rest_of(const tcp::Piece& piece, std::size_t used) {
  tcp::Piece rest = piece;
  rest.bytes = slice(piece.bytes, used);
  rest.length -= static_cast<std::uint32_t>(used);
  rest.sequence += static_cast<std::uint32_t>(used);
  return rest;
}

/// A byte that was kept until more were there to tell: the piece that it came in, before `next`.
tcp::Piece kept_byte(const Sniffer::Prefix& prefix, std::size_t i, const tcp::Piece& next) {
  tcp::Piece piece;
  piece.frame = prefix.frames[i];
  piece.bytes = slice(prefix.all(), i, 1);
  piece.length = 1;
  piece.sequence = next.sequence - static_cast<std::uint32_t>(prefix.size - i);
  return piece;
}

/// The client has begun HTTP/2: it got a 101 that the capture does not have.
bool switched_unseen(const http1::Exchange& http, const tcp::Piece& piece) {
  return !piece.bytes.empty() && piece.bytes.front() == 'P' && !http.in_message(http1::Side::client) &&
         wire::looks_like_http2_preface(piece.bytes) == wire::LooksHttp2::yes;
}

}  // namespace

bool Conversation::is_dns_port() const {
  return around_.ports[0] == dns_port || around_.ports[1] == dns_port;
}

void Conversation::start_http(tcp::Role client) {
  reader_.emplace<http1::Exchange>();
  http_client_ = client;
}

http2::Connection& Conversation::start_http2() {
  http2::Connection& connection = reader_.emplace<Http2>().make();
  connection.unnamed_are(unnamed_);
  return connection;
}

/// Wireshark shows what it made of the frame: nothing yet (it waits for more segments), our protocol, or
/// another one.
void Conversation::heed(LayerSet above, PhaseSink& sink) {
  if (above.empty()) return;
  const bool agrees =
      (std::holds_alternative<http1::Exchange>(reader_) && above.has(Layer::http)) ||
      // Its HTTP dissector is asked first on HTTP's ports, and hands on what is HTTP/2; where
      // nobody wants details both are not always named.
      (std::holds_alternative<Http2>(reader_) && (above.has(Layer::http2) || above.has(Layer::http))) ||
      (std::holds_alternative<tls::Session>(reader_) && (above.has(Layer::tls) || misread_tunnel(above))) ||
      (std::holds_alternative<DnsStreams>(reader_) && above.has(Layer::dns)) ||
      (std::holds_alternative<openvpn::Stream>(reader_) && above.has(Layer::openvpn));
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
  tcp::Piece rest = piece;
  // A reader that hands over to another one (a tunnel opens) leaves bytes behind.
  for (std::size_t used = 1; !rest.bytes.empty() && used > 0; rest = rest_of(rest, used))
    used = read(from, rest, noticing);
  if (rest.length > rest.bytes.size() && !std::holds_alternative<tls::Session>(reader_)) {
    const std::uint64_t missing = rest.length - rest.bytes.size();
    if (auto* http = std::get_if<http1::Exchange>(&reader_))
      skip_http(*http, from, piece.frame, missing, noticing);
    else if (auto* http2 = std::get_if<Http2>(&reader_))
      (*http2)->skip(from, piece.frame, missing, piece.more, noticing);
    else
      skip(from, missing, noticing);
  }
  // It names what has no name itself, when there is no more of the frame.
  if (noticing.named() || std::holds_alternative<Http2>(reader_)) return;
  // An exchange says what a frame is in the middle of when there is no more of it.
  const auto* http = std::get_if<http1::Exchange>(&reader_);
  if (piece.more && http != nullptr && !http->broken(side(from))) return;
  const auto* tls = std::get_if<tls::Session>(&reader_);
  // A message may yet end here: with bytes that came before, or when it is decrypted.
  const auto* vpn = std::get_if<openvpn::Stream>(&reader_);
  const bool open =
      (tls != nullptr && (piece.gap_ahead || tls->undecided(from))) || (vpn != nullptr && vpn->undecided());
  sink.add(piece.frame, tls != nullptr ? Phase::tcp_data : unnamed_,
           open ? Certainty::unsettled : Certainty::seen);
}

/// Bytes that the frame carried, and that were cut off it.
void Conversation::skip_http(http1::Exchange& http, tcp::Role from, FrameNumber frame, std::uint64_t count,
                             PhaseSink& sink) {
  const bool inner = http.inner(side(from)) != http1::Inner::none;
  const std::uint64_t used = http.skip(side(from), frame, count, sink);
  if (!inner && !http.broken(side(from))) sink.carries({side(from) == http1::Side::client, used});
}

void Conversation::flush(tcp::Role from, FrameNumber frame, PhaseSink& sink) {
  if (auto* http = std::get_if<http1::Exchange>(&reader_))
    (void)http->feed(side(from), frame, {}, sink, http1::More::no);
  else if (auto* http2 = std::get_if<Http2>(&reader_))
    (*http2)->flush(from, sink);
}

std::size_t Conversation::read(tcp::Role from, const tcp::Piece& piece, PhaseSink& sink) {
  // A protocol that had no reader, or one behind something else (SOCKS, STARTTLS): Wireshark knows. While a
  // ClientHello spans segments it has not told yet.
  if (std::holds_alternative<Unknown>(reader_)) {
    const LayerSet above = piece.above;
    const bool hello = above.empty() && wire::looks_like_client_hello(piece.bytes) == wire::LooksTls::yes;
    if (above.has(Layer::http) || above.has(Layer::http2) || above.has(Layer::dns) || above.has(Layer::tls) ||
        above.has(Layer::openvpn) || hello)
      reader_.emplace<Sniffer>();
  }
  if (std::holds_alternative<Sniffer>(reader_)) return sniff(from, piece, sink);
  if (std::holds_alternative<http1::Exchange>(reader_)) return read_http(from, piece, sink);
  if (auto* http2 = std::get_if<Http2>(&reader_))
    (*http2)->feed(from, piece.frame, piece.bytes, piece.more || piece.length > piece.bytes.size(), sink);
  if (auto* dns = std::get_if<DnsStreams>(&reader_)) dns->feed(from, piece.frame, piece.bytes, sink);
  if (auto* session = std::get_if<tls::Session>(&reader_)) session->feed(from, piece, sink);
  if (auto* vpn = std::get_if<openvpn::Stream>(&reader_)) vpn->feed(from, piece, sink);
  return piece.bytes.size();
}

std::size_t Conversation::read_http(tcp::Role from, const tcp::Piece& piece, PhaseSink& sink) {
  auto& http = std::get<http1::Exchange>(reader_);
  if (from == http_client_ && switched_unseen(http, piece)) {
    http2::Connection& http2 = start_http2();
    http2.begin_upgraded(from, sink);
    http2.begin_anywhere(tcp::other(from));
    confirmed_ = false;
    return read(from, piece, sink);
  }
  const bool inner = http.inner(side(from)) != http1::Inner::none;
  const std::size_t used =
      http.feed(side(from), piece.frame, piece.bytes, sink, piece.more ? http1::More::yes : http1::More::no);
  if (!inner && !http.broken(side(from))) sink.carries({side(from) == http1::Side::client, used});
  switch (http.inner(side(from))) {
    case http1::Inner::tunnel:
      if (used == 0) break;
      reader_.emplace<Sniffer>();
      tunnelled_ = true;
      unnamed_ = Phase::http_tunnel;
      confirmed_ = false;
      break;
    case http1::Inner::h2c: {
      const bool whole = !http.in_message(http1::Side::client);
      // The rest of a request that goes on would stand before the preface.
      if (whole)
        start_http2().begin_upgraded(http_client_, sink);
      else
        reader_.emplace<Unknown>();
      confirmed_ = false;
      break;
    }
    case http1::Inner::none:
    case http1::Inner::websocket:
    case http1::Inner::other:
      break;
  }
  return used;
}

std::size_t Conversation::sniff(tcp::Role from, const tcp::Piece& piece, PhaseSink& sink) {
  using http1::Looks;
  const LayerSet above = piece.above;
  // Over HTTPS it is content (RFC 8484).
  const bool content = above.has(Layer::http) || above.has(Layer::http2);
  const bool dns = (above.has(Layer::dns) && !content) || (above.empty() && !tunnelled_ && is_dns_port());
  if (dns && !above.has(Layer::tls)) {
    reader_.emplace<DnsStreams>();
    return read(from, piece, sink);
  }
  // The TLS that Wireshark finds in its control channel is not the connection's.
  if (above.has(Layer::openvpn)) {
    reader_.emplace<openvpn::Stream>(around_.infer);
    confirmed_ = true;
    return read(from, piece, sink);
  }
  Sniffer::Prefix& prefix = std::get<Sniffer>(reader_).prefix(from);
  Sniffer::Prefix joined = prefix;
  // More bytes than the prefix holds decide by themselves, unless some came before.
  const bool fits = joined.append(piece.frame, slice(piece.bytes, 0, Sniffer::Prefix::most - joined.size));
  const Bytes start = prefix.size == 0 ? piece.bytes : joined.all();
  // What Wireshark reads as another protocol is none of ours, however it looks.
  const bool may_be_http = fits && (above.empty() || above.has(Layer::http)) && !above.has(Layer::tls);
  const Looks request = may_be_http ? http1::looks_like_request(start) : Looks::no;
  const Looks response = may_be_http ? http1::looks_like_response(start) : Looks::no;
  const bool may_be_tls = fits && (above.empty() || misread_tunnel(above));
  const auto hello = may_be_tls ? wire::looks_like_client_hello(start) : wire::LooksTls::no;

  const bool may_be_http2 = fits && (above.empty() || above.has(Layer::http2)) && !above.has(Layer::tls);
  const auto preface = may_be_http2 ? wire::looks_like_http2_preface(start) : wire::LooksHttp2::no;

  const Sniffer::Prefix before = prefix;
  if (preface == wire::LooksHttp2::yes || above.has(Layer::http2)) {
    const tcp::Role peer = tcp::other(from);
    const Sniffer::Prefix& peers = std::get<Sniffer>(reader_).prefix(peer);
    const bool peer_spoke = peers.passed || peers.size > 0;
    http2::Connection& http2 = start_http2();
    confirmed_ = above.has(Layer::http2);
    if (preface == wire::LooksHttp2::yes)
      http2.begin_with_preface(from);
    else
      http2.begin_anywhere(from);
    if (peer_spoke || preface != wire::LooksHttp2::yes) http2.begin_anywhere(peer);
    for (std::size_t i = 0; i < before.size; ++i) {
      const tcp::Piece kept = kept_byte(before, i, piece);
      http2.feed(from, kept.frame, kept.bytes, true, sink);
    }
    return read(from, piece, sink);
  }
  if (request == Looks::yes || response == Looks::yes) {
    start_http(request == Looks::yes ? from : tcp::other(from));
    confirmed_ = above.has(Layer::http);
    for (std::size_t i = 0; i < before.size; ++i) read_http(from, kept_byte(before, i, piece), sink);
    return read_http(from, piece, sink);
  }
  if (hello == wire::LooksTls::yes || above.has(Layer::tls)) {
    auto& session = reader_.emplace<tls::Session>(around_);
    confirmed_ = above.has(Layer::tls);
    for (std::size_t i = 0; i < before.size; ++i) {
      sink.settle(before.frames[i], placeholder(), Phase::tcp_data);
      session.feed(from, kept_byte(before, i, piece), sink);
    }
    return read(from, piece, sink);
  }
  const bool more = request == Looks::more || preface == wire::LooksHttp2::more || response == Looks::more ||
                    (hello == wire::LooksTls::more && !prefix.passed);
  if (more && piece.bytes.size() <= Sniffer::Prefix::most - prefix.size) {
    prefix = joined;
    sink.add(piece.frame, placeholder(), Certainty::unsettled);
    return piece.bytes.size();
  }
  for (std::size_t i = 0; i < prefix.size; ++i) sink.settle(prefix.frames[i], placeholder(), unnamed_);
  prefix = {};
  prefix.passed = true;
  return piece.bytes.size();
}

void Conversation::skip(tcp::Role from, std::uint64_t count, PhaseSink& sink) {
  if (auto* http = std::get_if<http1::Exchange>(&reader_))
    http->skip(side(from), no_frame, count, sink);
  else if (auto* dns = std::get_if<DnsStreams>(&reader_))
    dns->skip(from);
  else if (auto* session = std::get_if<tls::Session>(&reader_))
    session->skip(from, count, sink);
  else if (auto* vpn = std::get_if<openvpn::Stream>(&reader_))
    vpn->skip(from, count);
  else if (auto* http2 = std::get_if<Http2>(&reader_))
    (*http2)->skip(from, no_frame, count, false, sink);
  else if (auto* sniffer = std::get_if<Sniffer>(&reader_))
    sniffer->prefix(from) = {};
}

void Conversation::end(tcp::Role from, bool reset, PhaseSink& sink) {
  if (auto* http = std::get_if<http1::Exchange>(&reader_))
    http->end(side(from), reset, sink);
  else if (auto* session = std::get_if<tls::Session>(&reader_))
    session->end(from, reset, sink);
  else if (auto* http2 = std::get_if<Http2>(&reader_))
    (*http2)->end(from, sink);
}

}  // namespace humantime::app
