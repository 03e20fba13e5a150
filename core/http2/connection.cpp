// SPDX-License-Identifier: GPL-2.0-or-later
#include "http2/connection.h"

#include "http2/reading.h"

namespace humantime::http2 {
namespace {

constexpr std::uint32_t upgraded_stream = 1;

}  // namespace

void Connection::begin_with_preface(Role client) {
  client_ = client;
  direction(client).framing.expect_preface();
}

void Connection::begin_upgraded(Role client, PhaseSink& sink) {
  begin_with_preface(client);
  streams_.note_opened(upgraded_stream);
  Stream& stream = streams_.open(upgraded_stream);
  stream.method = Stream::Method::ordinary;
  streams_.change(stream, [](Stream& one) { one.request.state = Half::State::ended; });
  sink.moment(streams_.moment());
}

void Connection::feed(Role from, FrameNumber segment, Bytes bytes, bool more, PhaseSink& sink) {
  // Its peer has spoken before it, as a server may (RFC 9113 3.4).
  if (!client_ && wire::looks_like_http2_preface(bytes) == wire::LooksHttp2::yes) {
    direction(from) = Direction{};
    begin_with_preface(from);
  }
  Reading reading(*this, from, segment, sink);
  reading.open_segment();
  direction(from).framing.read(bytes, reading);
  if (!more) reading.close_segment();
}

void Connection::skip(Role from, FrameNumber segment, std::uint64_t count, bool more, PhaseSink& sink) {
  Reading reading(*this, from, segment, sink);
  reading.open_segment();
  direction(from).framing.skip(count, reading);
  if (!more) reading.close_segment();
}

void Connection::flush(Role from, PhaseSink& sink) {
  Reading(*this, from, direction(from).segment, sink).close_segment();
}

void Connection::end(Role from, PhaseSink& sink) {
  Reading(*this, from, direction(from).segment, sink).end();
}

bool Connection::undecided(Role from) const {
  const Direction& me = direction(from);
  return me.framing.in_header() || me.block.state == Block::State::waiting;
}

}  // namespace humantime::http2
