// SPDX-License-Identifier: GPL-2.0-or-later
// What holds of TLS connections however their bytes are cut, and whatever they are. What each situation is
// called: tls_transcripts.h.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "app/conversation.h"
#include "engine.h"
#include "store_text.h"
#include "tls/session.h"
#include "tls_notation.h"
#include "tls_transcripts.h"
#include "told.h"
#include "transcript.h"

namespace humantime::tls {
namespace {

using tcp::Role;

// --- segmentation ---------------------------------------------------------------------------------------

/// Who says what, in the notation of tls_notation.h.
struct Script {
  const char* name;
  std::uint16_t server_port;
  std::vector<std::pair<char, const char*>> parts;
};
void PrintTo(const Script& script, std::ostream* out) {
  *out << script.name;
}

/// The bytes of a script, one side after the other, and the records in them.
struct Dialogue {
  struct Record {
    std::size_t begin, end;
    TlsBytes::Record what;
  };
  Message bytes;
  std::vector<Role> from;  ///< of each byte
  std::vector<Record> records;

  explicit Dialogue(const Script& script) {
    for (const auto& [side, notation] : script.parts) {
      const TlsBytes part = TlsNotation::read(notation);
      std::size_t begin = bytes.size();
      for (const TlsBytes::Record& record : part.records) {
        const std::size_t end = bytes.size() + record.end;
        records.push_back({begin, end, record});
        begin = end;
      }
      bytes = bytes + part.bytes;
      from.resize(bytes.size(), side == '>' ? Role::initiator : Role::responder);
    }
  }
};

/// The dialogue cut at some places and where the other side begins to speak: segment i is frame i + 1.
struct Reading {
  std::vector<std::size_t> ends;
  Told told;

  Reading(const Script& script, const Dialogue& dialogue, const std::set<std::size_t>& cuts,
          bool infer = true) {
    Decrypted decrypted;
    Surroundings around;
    around.decrypted = &decrypted;
    around.flows = {FlowId{1}, FlowId{2}};
    around.ports = {40000, script.server_port};
    around.infer = infer;
    app::Conversation conversation;
    conversation.begin(around);
    std::array<std::uint32_t, 2> next = {100, 200};
    for (std::size_t begin = 0, end = 1; begin < dialogue.bytes.size(); end = begin + 1) {
      while (end < dialogue.bytes.size() && dialogue.from[end] == dialogue.from[begin] && !cuts.contains(end))
        ++end;
      ends.push_back(end);
      const FrameNumber frame{static_cast<std::uint32_t>(ends.size())};
      tcp::Piece piece;
      std::vector<DecryptedRecord> opened;
      for (const Dialogue::Record& record : dialogue.records) {
        if (record.end <= begin || record.end > end) continue;
        piece.above.add(Layer::tls);
        if (!record.what.decrypted) continue;
        opened.push_back({record.what.content, record.what.type});
        if (record.what.type == 23) piece.above.add(Layer::http);
      }
      decrypted.deposit(frame, opened);
      const Role role = dialogue.from[begin];
      const Message copy(dialogue.bytes.begin() + static_cast<std::ptrdiff_t>(begin),
                         dialogue.bytes.begin() + static_cast<std::ptrdiff_t>(end));
      piece.frame = piece.now = frame;
      piece.bytes = copy;
      piece.length = static_cast<std::uint32_t>(copy.size());
      piece.sequence = next[static_cast<std::size_t>(role)];
      next[static_cast<std::size_t>(role)] += piece.length;
      conversation.feed(role, piece, told);
      begin = end;
    }
    conversation.end(Role::initiator, false, told);
    conversation.end(Role::responder, false, told);
  }

  /// The frame that carries a byte.
  std::uint32_t frame_of(std::size_t byte) const {
    return static_cast<std::uint32_t>(std::upper_bound(ends.begin(), ends.end(), byte) - ends.begin() + 1);
  }
};

using Tokens = std::map<std::uint32_t, std::vector<std::string>>;

/// What is told of the records: on the frames of their last bytes, if the stream is cut at each record.
void add(std::vector<std::string>& tokens, const std::string& token, Phase phase) {
  if (!is_state(phase) || std::find(tokens.begin(), tokens.end(), token) == tokens.end())
    tokens.push_back(token);
}

Tokens model(const Reading& by_record, const Reading& cut) {
  Tokens tokens;
  for (const auto& [frame, told] : by_record.told.frames) {
    const auto names = by_record.told.of(frame);
    for (std::size_t i = 0; i < told.size(); ++i)
      if (row_of(told[i].phase).lane == Lane::tls)
        add(tokens[cut.frame_of(by_record.ends[frame - 1] - 1)], names[i], told[i].phase);
  }
  for (auto& [frame, names] : tokens) std::sort(names.begin(), names.end());
  return tokens;
}

Tokens records_of(const Reading& reading) {
  Tokens tokens;
  for (const auto& [frame, told] : reading.told.frames) {
    const auto names = reading.told.of(frame);
    for (std::size_t i = 0; i < told.size(); ++i)
      if (row_of(told[i].phase).lane == Lane::tls) tokens[frame].push_back(names[i]);
  }
  for (auto& [frame, names] : tokens) std::sort(names.begin(), names.end());
  return tokens;
}

/// Where messages of decrypted HTTP begin: in these scripts where their records do.
void expect_http_where_it_begins(const Dialogue& dialogue, const Reading& reading) {
  std::vector<std::uint32_t> expected, is;
  for (const Dialogue::Record& record : dialogue.records) {
    const std::string text(record.what.content.begin(), record.what.content.end());
    if (record.what.type == 23 && (text.starts_with("GET") || text.starts_with("HTTP/")))
      expected.push_back(reading.frame_of(record.begin + 5));
  }
  if (expected.empty()) return;
  for (const auto& [frame, told] : reading.told.frames)
    for (const Told::One& one : told)
      if (one.phase == Phase::http_request || one.phase == Phase::http_response_start) is.push_back(frame);
  EXPECT_EQ(is, expected);
}

const std::vector<Script> scripts = {
    {"Tls12",
     443,
     {{'>', "CH(a.example;1.2)"},
      {'<', "(SH(1.2)+Cert=200+SKE=50)/90 SHD"},
      {'>', "CKE CCS hs=40"},
      {'<', "NST=60 CCS hs=40"},
      {'>', "ad=100 ad=50"},
      {'<', "ad=100 ad=90"},
      {'>', "ad=100"},
      {'<', "ad=100"},
      {'>', "alert=26"}}},
    {"Tls12Decrypted",
     443,
     {{'>', "CH(a.example;1.2)"},
      {'<', "SH(1.2)+Cert=200 SHD"},
      {'>', "CKE CCS Ehs(Fin=12)"},
      {'<', "CCS Ehs(Fin=12)"},
      {'>', "Ealert(1,100)"},
      {'<', "Ehs(HReq)"},
      {'>', "Ealert(1,0)"}}},
    {"Tls13",
     443,
     {{'>', "CH(a.example;http/1.1)"},
      {'<', "SH CCS ad=34 ad=200 ad=90 ad=53"},
      {'>', "CCS ad=53 ad=100"},
      {'<', "ad=120 ad=120 ad=90 ad=80"},
      {'>', "ad=22 ad=70"},
      {'<', "ad=80"},
      {'>', "ad=19"}}},
    {"Tls13OfAnotherProtocol",
     993,
     {{'>', "CH(a.example)"},
      {'<', "HRR CCS"},
      {'>', "CCS CH(a.example)"},
      {'<', "SH ad=200"},
      {'>', "ad=53 ad=90"},
      {'<', "ad=80 ad=70 ad=19"}}},
    {"Tls13Early",
     443,
     {{'>', "CH(a.example;early) CCS ad=80 ad=60"},
      {'<', "SH CCS ad=27 ad=53"},
      {'>', "ad=21 ad=53"},
      {'<', "ad=600 ad=19"}}},
    {"Tls13Decrypted",
     443,
     {{'>', "CH(a.example)"},
      {'<', "SH CCS Dhs(EE+Cert=100) Dhs(CV=60) Dhs(Fin=32)"},
      {'>', "CCS Dhs(Fin=32) D\"GET / HTTP/1.1\\r\\nA: b\\r\\n\\r\\n\""},
      {'<', "Dhs(NST=50+NST=50) D\"HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\nhello\" D\"more\""},
      {'>', "Dhs(KU) D\"GET / HTTP/1.1\\r\\nA: b\\r\\n\\r\\n\" Dalert(1,0)"},
      {'<', "Dalert(2,80)"}}},
    {"Ssl2ClientHello",
     443,
     {{'>', "CH2"}, {'<', "SH(1.2)+Cert=100+SHD"}, {'>', "CKE CCS hs=40"}, {'<', "CCS hs=40"}}},
    {"Refused", 443, {{'>', "(CH(a.example))/7"}, {'<', "alert(2,40)"}}},
};

class Scripts : public ::testing::TestWithParam<Script> {
 protected:
  void expect(const std::set<std::size_t>& cuts) {
    const Reading cut(GetParam(), dialogue, cuts);
    ASSERT_EQ(records_of(cut), model(by_record, cut)) << "cut at " << ::testing::PrintToString(cuts);
    expect_http_where_it_begins(dialogue, cut);
    for (const auto& [frame, told] : cut.told.frames)
      for (const std::string& name : cut.told.of(frame))
        EXPECT_EQ(name.find('?'), std::string::npos)
            << "frame " << frame << " " << name << " was never settled";
  }

  static std::set<std::size_t> record_ends(const Dialogue& dialogue) {
    std::set<std::size_t> ends;
    for (const Dialogue::Record& record : dialogue.records) ends.insert(record.end);
    return ends;
  }

  const Dialogue dialogue{GetParam()};
  const Reading by_record{GetParam(), dialogue, record_ends(dialogue)};
};
INSTANTIATE_TEST_SUITE_P(All, Scripts, ::testing::ValuesIn(scripts),
                         [](const auto& one) { return one.param.name; });

TEST_P(Scripts, Whole) {
  expect({});
}

TEST_P(Scripts, ByteByByte) {
  std::set<std::size_t> cuts;
  for (std::size_t i = 1; i < dialogue.bytes.size(); ++i) cuts.insert(i);
  expect(cuts);
}

TEST_P(Scripts, EveryCut) {
  for (std::size_t i = 1; i < dialogue.bytes.size() && !HasFailure(); ++i) expect({i});
}

TEST_P(Scripts, RandomCuts) {
  std::mt19937 random(5246);
  for (int run = 0; run < 300 && !HasFailure(); ++run) {
    std::set<std::size_t> cuts;
    const std::size_t mean = 1 + random() % 120;
    for (std::size_t i = 1; i < dialogue.bytes.size(); ++i)
      if (random() % mean == 0) cuts.insert(i);
    expect(cuts);
  }
}

// --- what is not inferred -------------------------------------------------------------------------------

class TlsSituations : public ::testing::TestWithParam<Situation> {};
INSTANTIATE_TEST_SUITE_P(All, TlsSituations, ::testing::ValuesIn(tls_situations),
                         [](const auto& one) { return std::string(one.param.name); });

void take_all(Engine& engine, const Transcript& transcript) {
  std::uint32_t number = 0;
  for (const Transcript::Line& line : transcript.lines())
    line.frame.view(FrameNumber{++number}, [&](const FrameBytes& frame) { engine.take(frame); });
  engine.finish();
}

TEST_P(TlsSituations, NothingIsInferredWhereItIsNotWanted) {
  const Transcript transcript(GetParam().text);
  Engine with, without;
  without.infer_encrypted(false);
  take_all(with, transcript);
  take_all(without, transcript);
  for (std::uint32_t number = 1; number <= transcript.lines().size(); ++number) {
    std::vector<PhaseMark> marks, all;
    with.store().marks(FrameNumber{number}, false, all);
    without.store().marks(FrameNumber{number}, false, marks);
    for (const PhaseMark& mark : marks)
      EXPECT_FALSE(is_inferred(mark.certainty)) << number << ": " << token_of(mark.phase);
    // And what the bytes show is told all the same.
    for (const PhaseMark& mark : all) {
      if (mark.certainty != Certainty::seen || mark.phase == Phase::tcp_data) continue;
      EXPECT_TRUE(std::any_of(
          marks.begin(), marks.end(),
          [&](const PhaseMark& one) { return one.phase == mark.phase && one.certainty == mark.certainty; }))
          << number << ": " << token_of(mark.phase) << " is missing";
    }
  }
}

// --- what does not grow ---------------------------------------------------------------------------------

/// Counts, and remembers nothing.
class Counting final : public PhaseSink {
 public:
  void add(FrameNumber, Phase, Certainty) override { ++calls; }
  void settle(FrameNumber, Phase, Phase, Certainty) override { ++calls; }
  void detail(FrameNumber, std::string_view) override { ++calls; }
  void moment(Stage) override { ++calls; }
  std::size_t calls = 0;
};

class LongConnection : public ::testing::Test {
 protected:
  LongConnection() {
    around.decrypted = &decrypted;
    around.flows = {FlowId{1}, FlowId{2}};
    around.ports = {40000, 443};
    conversation.begin(around);
  }
  void segment(Role from, const Message& bytes) {
    tcp::Piece piece;
    piece.frame = piece.now = FrameNumber{++frame};
    piece.bytes = bytes;
    piece.length = static_cast<std::uint32_t>(bytes.size());
    piece.above.add(Layer::tls);
    conversation.feed(from, piece, sink);
    // As the tracker does before each frame: what grows with the connection makes this quadratic.
    if (frame % 16 == 0) before = conversation;
  }
  void handshake() {
    segment(Role::initiator, TlsNotation::read("CH(a.example)").bytes);
    segment(Role::responder, TlsNotation::read("SH CCS ad=23 ad=900 ad=281 ad=53").bytes);
    segment(Role::initiator, TlsNotation::read("ad=53").bytes);
  }

  Decrypted decrypted;
  Surroundings around;
  app::Conversation conversation, before;
  Counting sink;
  std::uint32_t frame = 0;
};

/// 64 KiB of the shortest records.
TEST_F(LongConnection, OfShortRecords) {
  handshake();
  Message shortest;
  for (const Message one = TlsNotation::read("ad=1").bytes; shortest.size() + one.size() < 65536;)
    shortest.insert(shortest.end(), one.begin(), one.end());
  const std::size_t start = sink.calls;
  for (int i = 0; i < 20; ++i) segment(i % 2 == 0 ? Role::initiator : Role::responder, shortest);
  EXPECT_LT(sink.calls - start, 20u * 4 * 11000);
}

/// A million records by turns: an exchange is forgotten when it is over.
TEST_F(LongConnection, OfAMillionRecords) {
  handshake();
  std::string many;
  for (int i = 0; i < 50; ++i) many += "ad=1 ";
  const Message request = TlsNotation::read("ad=100 " + many).bytes;
  const Message response = TlsNotation::read("ad=900 " + many).bytes;
  const std::size_t start = sink.calls;
  for (int i = 0; i < 10'000; ++i) {
    segment(Role::initiator, request);
    segment(Role::responder, response);
  }
  EXPECT_LT(sink.calls - start, 1'000'000u * 6);
}

/// A handshake message that never ends, in records of a byte.
TEST_F(LongConnection, OfAMessageWithoutEnd) {
  segment(Role::initiator, TlsNotation::read("CH(a.example)").bytes);
  Message message = TlsNotation::read("(Cert=3)/4").bytes;
  message[6] = 0xff;
  segment(Role::responder, message);
  const Message more = humantime::message("16 0303 0001 01");
  for (int i = 0; i < 50'000; ++i) segment(Role::responder, more);
  EXPECT_LT(sink.calls, 50'100u * 3);
}

/// Segments that are no records.
TEST_F(LongConnection, OfGarbage) {
  handshake();
  const Message garbage(1400, 0xee);
  const std::size_t start = sink.calls;
  for (int i = 0; i < 20'000; ++i) segment(Role::responder, garbage);
  EXPECT_LE(sink.calls - start, 20'000u * 2);
}

}  // namespace
}  // namespace humantime::tls
