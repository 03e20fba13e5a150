// SPDX-License-Identifier: GPL-2.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "http1/exchange.h"

namespace humantime::http1 {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

struct Told {
  Phase phase;
  Certainty certainty;
};

/// Keeps what was told of each frame, as the contract of PhaseSink says.
class Record final : public PhaseSink {
 public:
  void add(FrameNumber frame, Phase phase, Certainty certainty) override {
    EXPECT_NE(frame, no_frame) << token_of(phase);
    std::vector<Told>& told = frames[to_number(frame)];
    if (is_state(phase))
      for (Told& one : told)
        if (one.phase == phase && one.certainty == certainty) return;
    told.push_back({phase, certainty});
  }
  void settle(FrameNumber frame, Phase before, Phase after, Certainty certainty) override {
    std::vector<Told>& told = frames[to_number(frame)];
    const auto found = std::find_if(told.rbegin(), told.rend(), [before](const Told& one) {
      return one.phase == before && one.certainty == Certainty::unsettled;
    });
    ASSERT_NE(found, told.rend()) << "nothing to settle: " << token_of(before);
    *found = {after, certainty};
  }
  void detail(FrameNumber frame, std::string_view text) override {
    details.try_emplace(to_number(frame), text);
    EXPECT_LE(text.size(), 120u);
  }
  void moment(Stage stage) override { moments.push_back(stage); }

  /// `http.request?` is unsettled, `http.request~` inferred.
  std::vector<std::string> of(std::uint32_t frame) const {
    std::vector<std::string> names;
    const auto found = frames.find(frame);
    if (found == frames.end()) return names;
    for (const Told& told : found->second)
      names.push_back(std::string(token_of(told.phase)) + (told.certainty == Certainty::unsettled  ? "?"
                                                           : told.certainty == Certainty::inferred ? "~"
                                                                                                   : ""));
    return names;
  }

  std::map<std::uint32_t, std::vector<Told>> frames;
  std::map<std::uint32_t, std::string> details;
  std::vector<Stage> moments;
};

// --- transcripts and what each segment of them is -------------------------------------------------------

enum class Kind { request, connect, interim, response, blank, tunnel, upgraded };

/// A part of a message, sent at once. The same message number again continues the message.
struct Part {
  int message;
  Kind kind;
  std::string text;
};

struct Transcript {
  std::string name;
  std::vector<Part> parts;
};

struct Byte {
  int message;
  Kind kind;
  Side side;
  bool first, last;
};

/// Numbers below zero are the client's, for the kinds that both sides send.
Side sender(const Part& part) {
  if (part.kind == Kind::blank || part.kind == Kind::tunnel || part.kind == Kind::upgraded)
    return part.message < 0 ? Side::client : Side::server;
  return part.kind == Kind::request || part.kind == Kind::connect ? Side::client : Side::server;
}

struct Stream {
  std::string text;
  std::vector<Byte> bytes;

  explicit Stream(const Transcript& transcript) {
    std::map<int, std::size_t> length, done;
    for (const Part& part : transcript.parts) length[part.message] += part.text.size();
    for (const Part& part : transcript.parts)
      for (const char c : part.text) {
        text += c;
        const std::size_t at = done[part.message]++;
        bytes.push_back({part.message, part.kind, sender(part), at == 0, at + 1 == length[part.message]});
      }
  }
};

struct Segment {
  std::size_t begin, end;
};

/// Cuts at the given places and where the other side begins to speak.
std::vector<Segment> cut(const Stream& stream, const std::vector<std::size_t>& places) {
  std::vector<Segment> segments;
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= stream.bytes.size(); ++i) {
    const bool turn = i == stream.bytes.size() || stream.bytes[i].side != stream.bytes[i - 1].side;
    if (!turn && !std::binary_search(places.begin(), places.end(), i)) continue;
    segments.push_back({begin, i});
    begin = i;
  }
  return segments;
}

std::vector<Segment> cut_every(const Stream& stream, std::size_t size) {
  std::vector<std::size_t> places;
  for (std::size_t i = size; i < stream.bytes.size(); i += size) places.push_back(i);
  return cut(stream, places);
}

/// The model: which bytes of which messages lie in the segment, nothing else.
std::vector<std::string> expected(const Stream& stream, Segment segment) {
  std::vector<std::string> names;
  const auto tell = [&](Phase phase) {
    const std::string name(token_of(phase));
    if (!is_state(phase) || std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (std::size_t i = segment.begin; i < segment.end;) {
    const Byte& byte = stream.bytes[i];
    bool first = false, last = false;
    for (; i < segment.end && stream.bytes[i].message == byte.message; ++i) {
      first = first || stream.bytes[i].first;
      last = last || stream.bytes[i].last;
    }
    switch (byte.kind) {
      case Kind::blank:
        break;
      case Kind::tunnel:
        tell(Phase::http_tunnel);
        break;
      case Kind::upgraded:
        tell(Phase::http_upgraded);
        break;
      case Kind::interim:
        if (first) tell(Phase::http_interim);
        break;
      case Kind::request:
      case Kind::connect:
        if (first) tell(Phase::http_request);
        if (first && byte.kind == Kind::connect) tell(Phase::http_tunnel);
        if (last && !first) tell(Phase::http_request_end);
        if (!last && !first) tell(Phase::http_request_body);
        break;
      case Kind::response:
        if (first) tell(Phase::http_response_start);
        if (last) tell(Phase::http_response_end);
        if (!last && !first) tell(Phase::http_response_body);
        break;
    }
  }
  return names;
}

/// One segment into the exchange, what it leaves over included.
void feed_all(Exchange& exchange, Side side, std::uint32_t frame, std::string_view text, PhaseSink& sink,
              More more = More::no) {
  const std::size_t taken = exchange.feed(side, FrameNumber{frame}, bytes_of(text), sink, more);
  ASSERT_LE(taken, text.size());
  if (taken == text.size()) return;
  ASSERT_NE(exchange.inner(side), Inner::none);
  const std::string_view rest = text.substr(taken);
  ASSERT_EQ(exchange.feed(side, FrameNumber{frame}, bytes_of(rest), sink, more), rest.size());
}

Record play(const Stream& stream, const std::vector<Segment>& segments, bool in_pieces = false) {
  Exchange exchange;
  Record record;
  std::uint32_t frame = 0;
  for (const Segment& segment : segments) {
    ++frame;
    const std::string_view text =
        std::string_view(stream.text).substr(segment.begin, segment.end - segment.begin);
    const Side side = stream.bytes[segment.begin].side;
    if (in_pieces) {
      for (const char& c : text)
        feed_all(exchange, side, frame, {&c, 1}, record, &c == &text.back() ? More::no : More::yes);
    } else {
      feed_all(exchange, side, frame, text, record);
    }
  }
  exchange.end(Side::client, false, record);
  exchange.end(Side::server, false, record);
  return record;
}

void expect_model(const Stream& stream, const std::vector<Segment>& segments, const Record& record) {
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const auto names = record.of(static_cast<std::uint32_t>(i + 1));
    const auto model = expected(stream, segments[i]);
    if (names != model)
      ADD_FAILURE() << "segment " << i + 1 << " of " << segments.size() << ", bytes " << segments[i].begin
                    << " to " << segments[i].end << ":\n  told  " << ::testing::PrintToString(names)
                    << "\n  model " << ::testing::PrintToString(model);
  }
}

const std::string get = "GET /index.html HTTP/1.1\r\nHost: example.com\r\n\r\n";
const std::string ok5 = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

std::vector<Transcript> transcripts() {
  using enum Kind;
  const std::string head = "HEAD / HTTP/1.1\r\nHost: example.com\r\n\r\n";
  return {
      {"Get", {{1, request, get}, {2, response, ok5}, {3, request, get}, {4, response, ok5}}},
      {"Post",
       {{1, request, "POST /form HTTP/1.1\r\ncontent-length:11\r\n\r\nkey=value&x"}, {2, response, ok5}}},
      {"Continue",
       {{1, request, "PUT /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n"},
        {2, interim, "HTTP/1.1 100 Continue\r\n\r\n"},
        {1, request, "0123456789"},
        {3, response, "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"}}},
      {"EarlyHints",
       {{1, request, get},
        {2, interim, "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nContent-Length: 9\r\n\r\n"},
        {3, interim, "HTTP/1.1 102 \r\n\r\n"},
        {4, response, ok5}}},
      {"Chunked",
       {{1, request, get},
        {2, response,
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
         "5\r\nhello\r\n0a ; name=\"value\"\r\n0123\r\n5678\r\n0\r\nExpires: never\r\nX: y\r\n\r\n"},
        {3, request, get},
        {4, response, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"}}},
      {"CodingsBeforeChunked",
       {{1, request, get},
        {2, response,
         "HTTP/1.1 200 OK\r\nTRANSFER-ENCODING: gzip, Chunked\r\nContent-Length: "
         "99\r\n\r\n1\r\nx\r\n0\r\n\r\n"},
        {3, request, get},
        {4, response,
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: "
         "chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"},
        {5, request,
         "POST / HTTP/1.1\r\nTransfer-Encoding:\r\n chunked\r\n\r\nB\r\n01234567890\r\n0\r\n\r\n"},
        {6, response, ok5}}},
      {"NotChunkedLast",
       {{1, request, get},
        {2, response,
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\nContent-Length: 1\r\n\r\nHTTP/1.1 200 "
         "OK\r\n\r\nx"}}},
      {"Head",
       {{1, request, head},
        {2, response, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"},
        {3, request, head},
        {4, response, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"},
        {5, request, head},
        {6, response, "HTTP/1.1 200 OK\r\n\r\n"},
        {7, request, get},
        {8, response, ok5}}},
      {"NoContent",
       {{1, request, get},
        {2, response, "HTTP/1.1 204 No Content\r\n\r\n"},
        {3, request, get},
        {4, response, "HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n"},
        {5, request, get},
        {6, response, "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n"}}},
      {"ToClose",
       {{1, request, "GET / HTTP/1.0\r\n\r\n"},
        {2, response, "HTTP/1.0 200 OK\r\nServer: x\r\n\r\n<html>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n</html>"}}},
      {"ToCloseEmpty", {{1, request, get}, {2, response, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"}}},
      {"Pipelined",
       {{1, request, get},
        {2, request, head},
        {3, request, "POST /x HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"},
        {4, request, get},
        {5, response, ok5},
        {6, response, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"},
        {7, response, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"},
        {8, response, ok5}}},
      {"Tunnel",
       {{1, connect, "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n"},
        {2, response, "HTTP/1.1 200 Connection established\r\nTransfer-Encoding: chunked\r\n\r\n"},
        {-3, tunnel, std::string("\x16\x03\x01\0\x02hi", 7)},
        {4, tunnel, std::string("\x16\x03\x03\0\x05hello", 10)},
        {-5, tunnel, get}}},
      {"ServerSpeaksFirstInTunnel",
       {{1, connect, "CONNECT example.com:22 HTTP/1.0\r\n\r\n"},
        {2, response, "HTTP/1.0 200 OK\r\n\r\n"},
        {3, tunnel, "SSH-2.0-x\r\n"},
        {-4, tunnel, "SSH-2.0-y\r\n"}}},
      {"TunnelRefused",
       {{1, connect, "CONNECT example.com:443 HTTP/1.1\r\n\r\n"},
        {2, response, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 4\r\n\r\nauth"},
        {3, connect, "CONNECT example.com:443 HTTP/1.1\r\nProxy-Authorization: Basic eDp5\r\n\r\n"},
        {4, response, "HTTP/1.1 200 OK\r\n\r\n"},
        {-5, tunnel, std::string("\x16\x03\x01\0\x02hi", 7)}}},
      {"WebSocket",
       {{1, request, "GET /chat HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"},
        {2, interim, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"},
        {3, upgraded, "\x81\x05hello"},
        {-4, upgraded, std::string("\x81\x85\0\0\0\0hello", 11)}}},
      {"H2c",
       {{1, request, "GET / HTTP/1.1\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n\r\n"},
        {2, interim, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nupgrade: h2c\r\n\r\n"},
        {3, upgraded, std::string("\0\0\0\x04\0\0\0\0\0", 9)},
        {-4, upgraded, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"}}},
      {"Tolerated",
       {{-1, blank, "\r\n\r\n"},
        {2, request,
         "POST / HTTP/1.1\nHost:\texample.com \nX-Folded: a\n b\n\tc\nno colon\ncontent-Length : 5, "
         "5\nCONTENT-LENGTH: 5\n\nhello"},
        {-3, blank, "\r\n"},
        {4, request, get},
        {5, response, "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"},
        {6, blank, "\n"},
        {7, response, "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n"}}},
      {"OtherMethods",
       {{1, request, "BREW /pot HTTP/1.1\r\n\r\n"},
        {2, response, "HTTP/1.1 418 I'm a teapot\r\nContent-Length: 0\r\n\r\n"},
        {3, request, "OPTIONS * HTTP/1.1\r\n\r\n"},
        {4, response, "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nok"},
        {5, request, "VERSION-CONTROL http://example.com/a HTTP/1.1\r\nHost: example.com\r\n\r\n"},
        {6, response, "HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\nok"}}},
      {"EarlyResponse",
       {{1, request, "POST / HTTP/1.1\r\nContent-Length: 20\r\n\r\n0123456789"},
        {2, response, "HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\nto"},
        {1, request, "0123456789"},
        {2, response, "o!"}}},
  };
}

class Http1Transcript : public ::testing::TestWithParam<Transcript> {};
INSTANTIATE_TEST_SUITE_P(All, Http1Transcript, ::testing::ValuesIn(transcripts()),
                         [](const auto& one) { return one.param.name; });

TEST_P(Http1Transcript, Whole) {
  const Stream stream(GetParam());
  const auto segments = cut(stream, {});
  expect_model(stream, segments, play(stream, segments));
}

TEST_P(Http1Transcript, ByteByByte) {
  const Stream stream(GetParam());
  const auto segments = cut_every(stream, 1);
  expect_model(stream, segments, play(stream, segments));
}

TEST_P(Http1Transcript, EveryTwoWaySplit) {
  const Stream stream(GetParam());
  for (std::size_t i = 1; i < stream.text.size(); ++i) {
    const auto segments = cut(stream, {i});
    expect_model(stream, segments, play(stream, segments));
  }
}

TEST_P(Http1Transcript, EveryTwoWaySplitInPieces) {
  const Stream stream(GetParam());
  for (std::size_t i = 1; i < stream.text.size(); ++i) {
    const auto segments = cut(stream, {i});
    expect_model(stream, segments, play(stream, segments, true));
  }
}

TEST_P(Http1Transcript, RandomSplits) {
  const Stream stream(GetParam());
  std::mt19937 random(1);
  for (int run = 0; run < 300; ++run) {
    std::vector<std::size_t> places;
    const std::size_t mean = 1 + random() % 40;
    for (std::size_t i = 1; i < stream.text.size(); ++i)
      if (random() % mean == 0) places.push_back(i);
    const auto segments = cut(stream, places);
    expect_model(stream, segments, play(stream, segments, run % 2 == 1));
  }
}

// --- what the capture does not have ---------------------------------------------------------------------

/// Nothing may be told as seen that the whole capture does not show, and no message twice.
void expect_nothing_wrong(const Stream& stream, const std::vector<Segment>& segments, const Record& record) {
  for (std::size_t i = 0; i < segments.size(); ++i) {
    auto told = record.of(static_cast<std::uint32_t>(i + 1));
    std::erase_if(told, [](const std::string& name) { return name.ends_with('~') || name.ends_with('?'); });
    if (told.empty()) continue;
    auto model = expected(stream, segments[i]);
    for (const std::string& name : told) {
      const auto found = std::find(model.begin(), model.end(), name);
      if (found == model.end())
        ADD_FAILURE() << "segment " << i + 1 << " of " << segments.size() << ", bytes " << segments[i].begin
                      << " to " << segments[i].end << ": " << name << " is wrong";
      else
        model.erase(found);
    }
  }
}

/// How many bytes of segment `i` the capture has, and whether it has the frame.
struct Kept {
  std::size_t bytes;
  bool frame;
};

template <typename Keep>
Record play_with_gaps(const Stream& stream, const std::vector<Segment>& segments, Keep keep) {
  Exchange exchange;
  Record record;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const Segment segment = segments[i];
    const std::size_t size = segment.end - segment.begin;
    const Kept kept = keep(i, size);
    const auto frame = static_cast<std::uint32_t>(kept.frame ? i + 1 : 0);
    const Side side = stream.bytes[segment.begin].side;
    const bool snapped = kept.bytes < size;
    if (kept.bytes > 0)
      feed_all(exchange, side, frame, std::string_view(stream.text).substr(segment.begin, kept.bytes), record,
               snapped ? More::yes : More::no);
    std::uint64_t missing = size - kept.bytes;
    if (missing > 0) missing -= exchange.skip(side, FrameNumber{frame}, missing, record);
    if (missing > 0) missing -= exchange.skip(side, FrameNumber{frame}, missing, record);
    EXPECT_EQ(missing, 0u);
  }
  exchange.end(Side::client, false, record);
  exchange.end(Side::server, false, record);
  return record;
}

constexpr std::size_t segment_sizes[] = {1, 7, 16, 41, 4096};

TEST_P(Http1Transcript, LossesMakeNothingWrong) {
  const Stream stream(GetParam());
  for (const std::size_t size : segment_sizes) {
    const auto segments = cut_every(stream, size);
    for (std::size_t first = 0; first < segments.size(); ++first)
      for (const std::size_t count : {1, 2, 20}) {
        const auto keep = [&](std::size_t i, std::size_t whole) {
          const bool lost = i >= first && i < first + count;
          return Kept{lost ? 0 : whole, !lost};
        };
        expect_nothing_wrong(stream, segments, play_with_gaps(stream, segments, keep));
      }
  }
}

TEST_P(Http1Transcript, ManyLossesMakeNothingWrong) {
  const Stream stream(GetParam());
  std::mt19937 random(2);
  for (int run = 0; run < 500; ++run) {
    const auto segments = cut_every(stream, 1 + random() % 60);
    const auto share = 2 + random() % 10;
    const auto keep = [&](std::size_t, std::size_t whole) {
      const bool lost = random() % share == 0;
      return Kept{lost ? 0 : whole, !lost};
    };
    expect_nothing_wrong(stream, segments, play_with_gaps(stream, segments, keep));
  }
}

TEST_P(Http1Transcript, SnappedSegmentsMakeNothingWrong) {
  const Stream stream(GetParam());
  for (const std::size_t size : segment_sizes) {
    const auto segments = cut_every(stream, size);
    for (std::size_t length = 0; length < std::min<std::size_t>(size, 90); ++length) {
      const auto all = [&](std::size_t, std::size_t whole) { return Kept{std::min(whole, length), true}; };
      expect_nothing_wrong(stream, segments, play_with_gaps(stream, segments, all));
      for (std::size_t one = 0; one < segments.size() && size >= 16; ++one) {
        const auto single = [&](std::size_t i, std::size_t whole) {
          return Kept{i == one ? std::min(whole, length) : whole, true};
        };
        expect_nothing_wrong(stream, segments, play_with_gaps(stream, segments, single));
      }
    }
  }
}

TEST_P(Http1Transcript, OneSideAloneMakesNothingWrong) {
  const Stream stream(GetParam());
  for (const std::size_t size : segment_sizes)
    for (const Side only : {Side::client, Side::server}) {
      const auto segments = cut_every(stream, size);
      Exchange exchange;
      Record record;
      for (std::size_t i = 0; i < segments.size(); ++i)
        if (stream.bytes[segments[i].begin].side == only)
          feed_all(
              exchange, only, static_cast<std::uint32_t>(i + 1),
              std::string_view(stream.text).substr(segments[i].begin, segments[i].end - segments[i].begin),
              record);
      exchange.end(only, false, record);
      expect_nothing_wrong(stream, segments, record);
    }
}

TEST_P(Http1Transcript, MutationsAreRead) {
  const Stream stream(GetParam());
  std::mt19937 random(3);
  const std::string spice = "\r\n :,;0123456789abcdefHTTP/1. \x80\xff";
  for (int run = 0; run < 400; ++run) {
    std::string sides[2];
    for (std::size_t i = 0; i < stream.text.size(); ++i)
      sides[static_cast<int>(stream.bytes[i].side)] += stream.text[i];
    for (std::string& text : sides)
      for (auto n = random() % 6; n > 0 && !text.empty(); --n) {
        const std::size_t at = random() % text.size();
        const char c = spice[random() % spice.size()];
        switch (random() % 4) {
          case 0:
            text[at] = c;
            break;
          case 1:
            text.insert(at, 1, c);
            break;
          case 2:
            text.erase(at, 1 + random() % 8);
            break;
          default:
            text.insert(at, text.substr(random() % text.size(), random() % 50));
        }
      }
    Exchange exchange;
    Record record;
    std::size_t done[2] = {};
    for (std::uint32_t frame = 1; done[0] < sides[0].size() || done[1] < sides[1].size(); ++frame) {
      const std::size_t s = random() % 2;
      const std::size_t size = std::min<std::size_t>(1 + random() % 60, sides[s].size() - done[s]);
      feed_all(exchange, Side{static_cast<std::uint8_t>(s)}, frame,
               std::string_view(sides[s]).substr(done[s], size), record,
               random() % 4 == 0 ? More::yes : More::no);
      done[s] += size;
      if (random() % 30 == 0)
        exchange.skip(Side{static_cast<std::uint8_t>(s)}, FrameNumber{random() % 2 ? frame : 0},
                      random() % 40, record);
    }
    exchange.end(Side::client, run % 2, record);
    exchange.end(Side::server, run % 3, record);
  }
}

// --- one by one -----------------------------------------------------------------------------------------

class Http1 : public ::testing::Test {
 protected:
  void client(std::uint32_t frame, std::string_view text, More more = More::no) {
    feed_all(exchange, Side::client, frame, text, record, more);
  }
  void server(std::uint32_t frame, std::string_view text, More more = More::no) {
    feed_all(exchange, Side::server, frame, text, record, more);
  }
  void lose(Side side, std::uint64_t count) { exchange.skip(side, no_frame, count, record); }
  void fin(Side side) { exchange.end(side, false, record); }
  void rst(Side side) { exchange.end(side, true, record); }

  Exchange exchange;
  Record record;
};

TEST_F(Http1, IsSmall) {
  EXPECT_LT(sizeof(Exchange), 300u);
}

TEST_F(Http1, Moments) {
  client(1, get);
  server(2, "HTTP/1.1 103 Early Hints\r\n\r\n");
  server(3, ok5);
  client(4, get);
  EXPECT_THAT(record.moments, ElementsAre(Stage::request, Stage::wait, Stage::response, Stage::wait,
                                          Stage::request, Stage::wait));
  record.moments.clear();
  server(5, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
  client(6, get);  // pipelined: the response goes on
  EXPECT_THAT(record.moments, ElementsAre(Stage::response, Stage::request, Stage::response));
}

TEST_F(Http1, MomentsOfATunnel) {
  client(1, "CONNECT a:1 HTTP/1.1\r\n\r\n");
  server(2, "HTTP/1.1 200 OK\r\n\r\n");
  EXPECT_THAT(record.moments,
              ElementsAre(Stage::request, Stage::wait, Stage::response, Stage::wait, Stage::connect));
}

TEST_F(Http1, Details) {
  client(1, get);
  server(2, "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 404 Not Found \r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(record.details[1], "GET /index.html example.com");
  EXPECT_EQ(record.details[2], "103 Early Hints");
  EXPECT_EQ(exchange.status(), 404);
  client(3, "GET http://example.com/ HTTP/1.1\r\nHost: example.com\r\n\r\n");
  EXPECT_EQ(record.details[3], "GET http://example.com/");
  client(4, "GET /a HTTP/1.1\r\nHo");
  client(5, "st: example.com\r\n\r\n");
  EXPECT_EQ(record.details[4], "GET /a");
  client(6, "GET /" + std::string(500, 'x') + " HTTP/1.1\r\nhost: example.com\r\n\r\n");
  EXPECT_EQ(record.details[6], "GET /" + std::string(103, 'x') + " example.com");
  client(7, "G");
  client(8, "ET /late HTTP/1.1\r\nHost: example.com\r\n\r\n");
  EXPECT_EQ(record.details[7], "GET /late");
  EXPECT_EQ(record.details.count(8), 0u);
  client(9, "GET /snapped", More::yes);
  exchange.skip(Side::client, FrameNumber{9}, 100, record);
  EXPECT_EQ(record.details[9], "GET /snapped");
}

TEST_F(Http1, AFirstSegmentThatDoesNotShowWhatItIsStaysOpen) {
  client(1, get);
  server(2, "HTTP/1.1 ");
  EXPECT_THAT(record.of(2), ElementsAre("http.response_start?"));
  server(3, "100 Continue\r\n\r\nHTTP/1.1 2");
  EXPECT_THAT(record.of(2), ElementsAre("http.interim"));
  EXPECT_THAT(record.of(3), ElementsAre("http.response_start?"));
  server(4, "0");
  EXPECT_THAT(record.of(4), IsEmpty());
  server(5, "0 OK\r\nContent-Length: 0\r\n\r\n");
  EXPECT_THAT(record.of(3), ElementsAre("http.response_start"));
  EXPECT_THAT(record.of(4), ElementsAre("http.response_body"));
  EXPECT_THAT(record.of(5), ElementsAre("http.response_end"));
}

TEST_F(Http1, ABodyToCloseIsSettledSegmentBySegment) {
  client(1, get);
  server(2, "HTTP/1.1 200 OK\r\n\r\nab");
  EXPECT_THAT(record.of(2), ElementsAre("http.response_start"));
  server(3, "cd");
  EXPECT_THAT(record.of(3), ElementsAre("http.response_body?"));
  server(4, "ef");
  EXPECT_THAT(record.of(3), ElementsAre("http.response_body"));
  fin(Side::server);
  EXPECT_THAT(record.of(4), ElementsAre("http.response_end"));
}

TEST_F(Http1, AResetIsNoEnd) {
  client(1, get);
  server(2, "HTTP/1.1 200 OK\r\n\r\nab");
  server(3, "cd");
  rst(Side::server);
  EXPECT_THAT(record.of(3), ElementsAre("http.response_body"));
}

TEST_F(Http1, AMissingRestIsNoEnd) {
  client(1, get);
  server(2, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab");
  server(3, "cd");
  fin(Side::server);
  EXPECT_THAT(record.of(2), ElementsAre("http.response_start"));
  EXPECT_THAT(record.of(3), ElementsAre("http.response_body"));
}

TEST_F(Http1, TheLastSegmentOfABodyToCloseWasLost) {
  client(1, get);
  server(2, "HTTP/1.1 200 OK\r\n\r\nab");
  server(3, "cd");
  lose(Side::server, 10);
  fin(Side::server);
  EXPECT_THAT(record.of(3), ElementsAre("http.response_body"));
}

TEST_F(Http1, ConflictingLengthsAreNotTrusted) {
  client(1, get);
  server(2, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n");
  server(3, "hello");
  EXPECT_THAT(record.of(3), ElementsAre("http.response_body?"));
  server(4, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_THAT(record.of(3), ElementsAre("http.response_end~"));
  EXPECT_THAT(record.of(4), ElementsAre("http.response_start~", "http.response_end~"));
  server(5, ok5);  // where framing said: in step again
  EXPECT_THAT(record.of(5), ElementsAre("http.response_start", "http.response_end"));
}

TEST_F(Http1, LengthsThatAreNoLength) {
  for (const char* length : {"-1", "+5", "5 5", "0x5", "", "18446744073709551616", "5,6", "5,", "5\r\n 5"}) {
    exchange = {};
    record = {};
    client(1, get);
    server(2, std::string("HTTP/1.1 200 OK\r\nContent-Length: ") + length + "\r\n\r\nhello");
    EXPECT_THAT(record.of(2), ElementsAre("http.response_start")) << length;
    fin(Side::server);
    EXPECT_THAT(record.of(2), ElementsAre("http.response_start", "http.response_end~")) << length;
  }
}

TEST_F(Http1, ChunkSizesThatAreNoSize) {
  for (const char* size : {"", "x", "-1", "0x5", "10000000000000000", "5,5"}) {
    exchange = {};
    record = {};
    client(1, get);
    server(2, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    server(3, std::string(size) + "\r\nhello\r\n0\r\n\r\n");
    EXPECT_THAT(record.of(3), ElementsAre("http.response_body?")) << size;
    client(4, get);
    EXPECT_THAT(record.of(3), ElementsAre("http.response_end~")) << size;
  }
}

TEST_F(Http1, TheOldVersionHasNoChunks) {
  client(1, get);
  server(2, "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  fin(Side::server);
  EXPECT_THAT(record.of(2), ElementsAre("http.response_start", "http.response_end~"));
}

TEST_F(Http1, ALossInACountedBodyIsCounted) {
  client(1, "POST / HTTP/1.1\r\nContent-Length: 30\r\n\r\n");
  lose(Side::client, 20);
  client(2, "0123456789");
  EXPECT_THAT(record.of(2), ElementsAre("http.request_end"));
  server(3, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
  lose(Side::server, 10);
  client(4, get);
  server(5, ok5);
  EXPECT_THAT(record.of(4), ElementsAre("http.request"));
  EXPECT_THAT(record.of(5), ElementsAre("http.response_start", "http.response_end"));
}

TEST_F(Http1, ALossInAChunkIsCounted) {
  client(1, get);
  server(2, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n0123");
  lose(Side::server, 4);
  server(3, "89abcdef\r\n0\r\n\r\n");
  EXPECT_THAT(record.of(3), ElementsAre("http.response_end"));
  client(4, get);
  server(5, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n0123");
  lose(Side::server, 14);  // and the line end behind it: where the next size begins is not known
  server(6, "0\r\n\r\n");
  EXPECT_THAT(record.of(6), ElementsAre("http.response_body?"));
}

TEST_F(Http1, SnappedSegmentsAreCounted) {
  client(1, get);
  server(2, "HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n", More::yes);
  exchange.skip(Side::server, FrameNumber{2}, 1000, record);
  exchange.skip(Side::server, FrameNumber{3}, 1000, record);
  exchange.skip(Side::server, FrameNumber{4}, 1000, record);
  EXPECT_THAT(record.of(2), ElementsAre("http.response_start"));
  EXPECT_THAT(record.of(3), ElementsAre("http.response_body"));
  EXPECT_THAT(record.of(4), ElementsAre("http.response_end"));
}

TEST_F(Http1, ALossInAHeader) {
  client(1, get);
  server(2, "HTTP/1.1 200 OK\r\nContent-Le");
  lose(Side::server, 20);
  server(3, "ab");
  server(4, "cd");
  EXPECT_THAT(record.of(2), ElementsAre("http.response_start"));
  EXPECT_THAT(record.of(3), ElementsAre("http.response_body~"));
  EXPECT_THAT(record.of(4), ElementsAre("http.response_body?"));
  client(5, get);
  EXPECT_THAT(record.of(4), ElementsAre("http.response_end~"));
  server(6, ok5);
  server(7, ok5);
  EXPECT_THAT(record.of(6), ElementsAre("http.response_start~", "http.response_end~"));
  EXPECT_THAT(record.of(7), ElementsAre("http.response_start", "http.response_end"));
}

TEST_F(Http1, ALossInARequest) {
  client(1, "POST / HTTP/1.1\r\nContent-Le");
  lose(Side::client, 20);
  client(2, "ab");
  client(3, "cd");
  EXPECT_THAT(record.of(2), ElementsAre("http.request_body~"));
  EXPECT_THAT(record.of(3), ElementsAre("http.request_body?"));
  server(4, ok5);
  EXPECT_THAT(record.of(3), ElementsAre("http.request_end~"));
  EXPECT_THAT(record.of(4), ElementsAre("http.response_start", "http.response_end"));  // it shows a body
  client(5, get);
  EXPECT_THAT(record.of(5), ElementsAre("http.request~"));
  client(6, get);
  EXPECT_THAT(record.of(6), ElementsAre("http.request"));
}

TEST_F(Http1, NothingButHeadersWasCaptured) {
  const auto snapped = [&](Side side, std::uint32_t frame) {
    exchange.skip(side, FrameNumber{frame}, 100, record);
  };
  snapped(Side::client, 1);
  snapped(Side::server, 2);
  snapped(Side::server, 3);
  snapped(Side::server, 4);
  snapped(Side::client, 5);
  snapped(Side::client, 6);
  snapped(Side::server, 7);
  fin(Side::server);
  EXPECT_THAT(record.of(1), ElementsAre("http.request~"));
  EXPECT_THAT(record.of(2), ElementsAre("http.response_start~"));
  EXPECT_THAT(record.of(3), ElementsAre("http.response_body~"));
  EXPECT_THAT(record.of(4), ElementsAre("http.response_end~"));
  EXPECT_THAT(record.of(5), ElementsAre("http.request~"));
  EXPECT_THAT(record.of(6), ElementsAre("http.request_end~"));
  EXPECT_THAT(record.of(7), ElementsAre("http.response_start~", "http.response_end~"));
}

TEST_F(Http1, WithoutTheRequestTheBodyShowsWhetherThereIsOne) {
  server(1, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
  server(2, "012345678");
  EXPECT_THAT(record.of(1), ElementsAre("http.response_start"));
  EXPECT_THAT(record.of(2), ElementsAre("http.response_end"));
  server(3, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");  // it answered a HEAD
  server(4, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab");
  EXPECT_THAT(record.of(3), ElementsAre("http.response_start", "http.response_end~"));
  EXPECT_THAT(record.of(4), ElementsAre("http.response_start~", "http.response_end~"));
}

TEST_F(Http1, GarbageIsNotNamed) {
  client(1, get);
  server(2, "\x16\x03\x01 no HTTP");
  EXPECT_TRUE(exchange.broken(Side::server));
  EXPECT_FALSE(exchange.broken(Side::client));
  server(3, "more of it\r\n\r\n");
  EXPECT_THAT(record.of(2), IsEmpty());
  EXPECT_THAT(record.of(3), IsEmpty());
  server(4, ok5);
  EXPECT_FALSE(exchange.broken(Side::server));
  EXPECT_THAT(record.of(4), ElementsAre("http.response_start~", "http.response_end~"));
  client(5, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  EXPECT_TRUE(exchange.broken(Side::client));
  EXPECT_THAT(record.of(5), IsEmpty());
}

TEST_F(Http1, TheTunnelBeginsWhereTheResponseEnds) {
  const std::string established = "HTTP/1.1 200 OK\r\n\r\n";
  client(1, "CONNECT a:1 HTTP/1.1\r\n\r\n");
  EXPECT_THAT(record.of(1), ElementsAre("http.request", "http.tunnel"));
  EXPECT_FALSE(exchange.tunnel(Side::client));
  EXPECT_EQ(exchange.feed(Side::server, FrameNumber{2}, bytes_of(established + "inner"), record),
            established.size());
  EXPECT_TRUE(exchange.tunnel(Side::client));
  EXPECT_TRUE(exchange.tunnel(Side::server));
  EXPECT_THAT(record.of(2), ElementsAre("http.response_start", "http.response_end"));
}

TEST_F(Http1, AClientThatDoesNotWaitForItsTunnel) {
  client(1, "CONNECT a:1 HTTP/1.1\r\n\r\n");
  client(2, "\x16\x03\x01");
  EXPECT_THAT(record.of(2), ElementsAre("http.tunnel~"));
  Exchange refused = exchange;
  server(3, "HTTP/1.1 200 OK\r\n\r\n");
  client(4, "more");
  EXPECT_THAT(record.of(4), ElementsAre("http.tunnel"));

  exchange = refused;
  server(5, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  client(6, get);
  EXPECT_THAT(record.of(6), ElementsAre("http.request~"));
}

TEST_F(Http1, ATunnelBehindALossIsInferredOnBothSides) {
  client(1, get);
  lose(Side::server, 50);
  client(2, "CONNECT a:1 HTTP/1.1\r\n\r\n");
  server(3, "HTTP/1.1 200 OK\r\n\r\n");
  client(4, "\x16\x03\x01");
  server(5, "\x16\x03\x01");
  EXPECT_THAT(record.of(3), ElementsAre("http.response_start~", "http.response_end~"));
  EXPECT_THAT(record.of(4), ElementsAre("http.tunnel~"));
  EXPECT_THAT(record.of(5), ElementsAre("http.tunnel~"));
}

TEST_F(Http1, AnUpgradeAcceptedBeforeTheRequestIsThere) {
  client(1, "POST / HTTP/1.1\r\nUpgrade: h2c\r\nContent-Length: 6\r\n\r\n");
  server(2, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n");
  EXPECT_EQ(exchange.inner(Side::server), Inner::h2c);
  EXPECT_EQ(exchange.inner(Side::client), Inner::none);
  client(3, "abc");
  EXPECT_EQ(exchange.feed(Side::client, FrameNumber{4}, bytes_of("defPRI *"), record), 3u);
  EXPECT_EQ(exchange.inner(Side::client), Inner::h2c);
  EXPECT_THAT(record.of(2), ElementsAre("http.interim"));
  EXPECT_THAT(record.of(3), ElementsAre("http.request_body"));
  EXPECT_THAT(record.of(4), ElementsAre("http.request_end"));
}

TEST_F(Http1, UpgradesByName) {
  const std::pair<const char*, Inner> names[] = {
      {"WebSocket", Inner::websocket}, {"h2c", Inner::h2c}, {"TLS/1.0, HTTP/1.1", Inner::other}};
  for (const auto& [name, inner] : names) {
    exchange = {};
    server(1, std::string("HTTP/1.1 101 \r\nUpgrade: ") + name + "\r\n\r\n");
    EXPECT_EQ(exchange.inner(Side::client), inner) << name;
  }
}

TEST_F(Http1, MoreRequestsThanAreCounted) {
  for (std::uint32_t i = 0; i < 40; ++i) client(1, get);
  for (std::uint32_t i = 0; i < 40; ++i) server(10 + i, ok5);
  for (std::uint32_t i = 0; i < 40; ++i)
    EXPECT_THAT(record.of(10 + i), ElementsAre("http.response_start", "http.response_end"));
}

TEST_F(Http1, LongLinesAreCut) {
  client(1, "GET /" + std::string(20000, 'x') + " HTTP/1.1\r\nCookie: " + std::string(20000, 'y') + "\r\n");
  client(2, "X: " + std::string(9000, 'z'));
  client(3, std::string(9000, 'z') + "\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_THAT(record.of(3), ElementsAre("http.request_end"));
  server(4, "HTTP/1.1 200 OK\r\nContent-Length: " + std::string(9000, '0') + "3\r\n\r\n");
  server(5, "abc");
  EXPECT_THAT(record.of(5), ElementsAre("http.response_body?"));
}

TEST_F(Http1, AnEndlessHeaderIsNone) {
  client(1, get);
  server(2, "HTTP/1.1 200 OK\r\n");
  for (std::uint32_t i = 0; i < 300; ++i) server(3 + i, "X: " + std::string(1000, 'x') + "\r\n");
  EXPECT_TRUE(exchange.broken(Side::server));
}

TEST_F(Http1, BytewiseHeadersTakeLinearTime) {
  const auto began = std::chrono::steady_clock::now();
  const std::string text = "BREW /" + std::string(max_line, 'x') +
                           " HTTP/1.1\r\nCookie: " + std::string(200 * 1024, 'y') + "\r\n\r\n";
  std::uint32_t frame = 0;
  for (const char& c : text) client(++frame, {&c, 1});
  // A quadratic reader takes minutes.
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
}

TEST(Http1Looks, Request) {
  const auto looks = [](std::string_view text) { return looks_like_request(bytes_of(text)); };
  EXPECT_EQ(looks(""), Looks::more);
  EXPECT_EQ(looks("\r\n"), Looks::more);
  EXPECT_EQ(looks("G"), Looks::more);
  EXPECT_EQ(looks("GET"), Looks::more);
  EXPECT_EQ(looks("GET "), Looks::more);
  EXPECT_EQ(looks("GET /"), Looks::yes);
  EXPECT_EQ(looks("\r\nGET /"), Looks::yes);
  EXPECT_EQ(looks("GET / HTTP/1.1\r\n"), Looks::yes);
  EXPECT_EQ(looks("GET / HTTP/1.0\n"), Looks::yes);
  EXPECT_EQ(looks("BREW /"), Looks::more);
  EXPECT_EQ(looks("BREW / HTTP/1.1\r\n"), Looks::yes);
  EXPECT_EQ(looks("GET /\r\n"), Looks::no);
  EXPECT_EQ(looks("GET HTTP/1.1\r\n"), Looks::no);
  EXPECT_EQ(looks("GET  HTTP/1.1\r\n"), Looks::no);
  EXPECT_EQ(looks("OPTIONS rtsp://a RTSP/1.0\r\n"), Looks::no);
  EXPECT_EQ(looks("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), Looks::no);
  EXPECT_EQ(looks("PRI "), Looks::no);
  EXPECT_EQ(looks("\x16\x03\x01"), Looks::no);
  EXPECT_EQ(looks("HELO\r\n"), Looks::no);
  EXPECT_EQ(looks(std::string(40, 'A')), Looks::no);
  EXPECT_EQ(looks("GET /" + std::string(20000, 'x')), Looks::yes);
  EXPECT_EQ(looks("BREW /" + std::string(20000, 'x')), Looks::no);
}

TEST(Http1Looks, Response) {
  const auto looks = [](std::string_view text) { return looks_like_response(bytes_of(text)); };
  EXPECT_EQ(looks(""), Looks::more);
  EXPECT_EQ(looks("HTTP/1.1 200"), Looks::more);
  EXPECT_EQ(looks("HTTP/1.1 200\r"), Looks::yes);
  EXPECT_EQ(looks("HTTP/1.1 200\n"), Looks::yes);
  EXPECT_EQ(looks("HTTP/1.0 999 Odd"), Looks::yes);
  EXPECT_EQ(looks("HTTP/1.1 2000"), Looks::no);
  EXPECT_EQ(looks("HTTP/1.1 099 "), Looks::no);
  EXPECT_EQ(looks("HTTP/1.1\r\n"), Looks::no);
  EXPECT_EQ(looks("HTTP/2.0 200 "), Looks::no);
  EXPECT_EQ(looks("http/1.1 200 "), Looks::no);
}

}  // namespace
}  // namespace humantime::http1
