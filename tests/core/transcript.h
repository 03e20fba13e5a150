// SPDX-License-Identifier: GPL-2.0-or-later
// TCP connections written down as transcripts: a line a frame, and behind the colon what it should be called.
//
//   > S ws=7            : tcp.syn@connect
//   < SA                : tcp.syn_ack
//   > A                 : tcp.handshake_ack
//   > PA 'GET / HTTP/1.1\r\n\r\n' : http.request
//   again 4 dt=200000   : tcp.retransmission
//
//   >, <          from the client, from the server
//   S A F R P     the flags, or - for none
//   '…', len=N    payload: text (with \r, \n and \xNN), or N bytes that look like nothing
//   seq=, ack=    relative to the SYN; without them what comes next, and all that the other side sent
//   isn=          the initial sequence number from here on (both relative numbers begin anew)
//   win=, ws=     window, window scale option
//   dt=           microseconds since the frame before (1000)
//   if=, port=    interface, the client's port (another connection)
//   is=           what Wireshark recognises above TCP
//   snap=N        the capture keeps only N bytes of the payload
//   far           the sequence number is changed without the checksum: corrupted
//   […]           payload: TLS records (tls_notation.h). Wireshark shows tls where one ends (is=), and http
//   where
//                 application data was decrypted
//   part=A-B      of the records only these bytes
//   lost, hold    the frame was not captured; it is captured later
//   released      the frame that was held longest
//   again N, copy N  frame N sent again (with another IP identification), seen again (the same packet)
//   routed        the copy has passed a router: its TTL, or hop limit, is one less
//
// `server N` in a line of its own: the server's port (80).
//
// Behind the colon: tokens, with @stage, ? (unsettled), ~ (inferred) or ?~ (both) behind, and conn=N, the
// connection's number.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "frame_builder.h"
#include "tls_notation.h"
#include "wire/tcp.h"

namespace humantime {

class Transcript {
 public:
  struct Options {
    Ends ends = ipv4_ends();  ///< client, server
    /// Added to every sequence number: transcripts do not depend on it.
    std::uint32_t client_base = 1'000'000'000, server_base = 3'000'000'000;
  };

  struct Line {
    OwnedFrame frame;
    bool from_client = true;
    TcpHeader header;
    Message payload;
    std::size_t kept = ~std::size_t{0};  ///< payload bytes that the capture keeps
    std::string expected;                ///< without conn=
    std::uint32_t connection = 0;        ///< 0: not said
    std::string text;
    std::vector<OwnedFrame::Decrypted> decrypted;  ///< records that end in it
  };

  explicit Transcript(std::string_view text) : Transcript(text, Options{}) {}
  Transcript(std::string_view text, const Options& options) : options_(options) {
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
      const std::size_t comment = line.find('#');
      if (comment != std::string::npos) line.resize(comment);
      if (line.starts_with("server "))
        server_port_ = static_cast<std::uint16_t>(std::stoul(line.substr(7)));
      else if (line.find_first_not_of(' ') != std::string::npos)
        read(line);
    }
  }

  const std::vector<Line>& lines() const { return lines_; }
  /// A line's frame made anew after its header was changed.
  void rebuild(Line& line, std::uint16_t ip_id) const {
    const Ends ends = line.from_client ? options_.ends : options_.ends.reversed();
    const std::vector<Layer> above(line.frame.layers.begin() + 5, line.frame.layers.end());
    rebuild(line, ends, ip_id, above);
  }

 private:
  struct Side {
    std::uint32_t isn = 0;
    std::int64_t next = 0;
    bool sent = false;
  };
  struct Sides {
    Side client, server;
  };

  static std::vector<std::string> words_of(const std::string& line) {
    std::vector<std::string> words;
    std::string word;
    char end = 0;  // of what is quoted
    for (const char c : line) {
      if (end != 0) {
        if (c == end) end = 0;
      } else if (c == '\'' || c == '[') {
        end = c == '[' ? ']' : c;
      }
      if (c == ' ' && end == 0) {
        if (!word.empty()) words.push_back(word);
        word.clear();
      } else {
        word += c;
      }
    }
    if (!word.empty()) words.push_back(word);
    return words;
  }

  static Message text_of(std::string_view quoted) {
    Message bytes;
    for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
      char c = quoted[i];
      if (c == '\\') {
        c = quoted[++i];
        if (c == 'x') {
          c = static_cast<char>(std::stoul(std::string(quoted.substr(i + 1, 2)), nullptr, 16));
          i += 2;
        } else {
          c = c == 'r' ? '\r' : c == 'n' ? '\n' : c;
        }
      }
      bytes.push_back(static_cast<std::uint8_t>(c));
    }
    return bytes;
  }

  void rebuild(Line& line, const Ends& ends, std::uint16_t ip_id, const std::vector<Layer>& above) const {
    IpOptions options;
    options.id = ip_id;
    const Message bytes = ethernet_ip(ends, tcp_segment(ends, line.header, line.payload), options);
    line.frame.sources.clear();
    line.frame.add_source(bytes, {});
    if (line.kept < line.payload.size())
      line.frame = line.frame.cut(bytes.size() - line.payload.size() + line.kept);
    line.frame.layers = {Layer::frame, Layer::ethernet, Layer::ethertype,
                         ends.is_ipv6() ? Layer::ipv6 : Layer::ipv4, Layer::tcp};
    line.frame.layers.insert(line.frame.layers.end(), above.begin(), above.end());
  }

  void read(const std::string& text) {
    Line line;
    line.text = text;
    const std::size_t colon = text.find(" :");
    if (colon == std::string::npos) throw std::invalid_argument("no colon: " + text);
    std::istringstream expectations(text.substr(colon + 2));
    for (std::string word; expectations >> word;) {
      if (word.starts_with("conn="))
        line.connection = static_cast<std::uint32_t>(std::stoul(word.substr(5)));
      else
        line.expected += (line.expected.empty() ? "" : " ") + word;
    }

    const std::vector<std::string> words = words_of(text.substr(0, colon));
    if (words.size() < 2 && words.at(0) != "released") throw std::invalid_argument(text);
    std::map<std::string, std::string> options;
    for (std::size_t i = 2; i < words.size(); ++i) {
      const std::string& word = words[i];
      const std::size_t equals = word.find('=');
      if (word.front() == '\'')
        options["text"] = word;
      else if (word.front() == '[')
        options["records"] = word.substr(1, word.size() - 2);
      else if (equals == std::string::npos)
        options[word] = "";
      else
        options[word.substr(0, equals)] = word.substr(equals + 1);
    }
    const auto value = [&](const char* name, long long otherwise) {
      const auto found = options.find(name);
      return found == options.end() ? otherwise : std::stoll(found->second);
    };

    now_ += std::chrono::microseconds(value("dt", 1000));
    if (words[0] == "released") {
      release(line);
    } else if (words[0] == "again" || words[0] == "copy") {
      const Line& before = lines_.at(std::stoul(words[1]) - 1);
      line.frame = before.frame;
      line.frame.decrypted.clear();  // once is enough
      line.from_client = before.from_client;
      line.header = before.header;
      line.payload = before.payload;
      line.kept = before.kept;
      if (words[0] == "again") rebuild(line, ++ip_id_);
      if (options.contains("routed")) --line.frame.bytes()[options_.ends.is_ipv6() ? 14 + 7 : 14 + 8];
    } else {
      compose(line, words, options, value);
    }
    if (options.contains("hold")) {
      held_.push_back(line);
      return;
    }
    if (options.contains("lost")) return;
    // The host decrypts in the stream's order.
    if (words[0] != "copy" && words[0] != "again") {
      std::vector<OwnedFrame::Decrypted>& waiting = held_.empty() ? line.frame.decrypted : waiting_decrypted_;
      waiting.insert(waiting.end(), line.decrypted.begin(), line.decrypted.end());
    }
    line.frame.time = now_;
    line.frame.vantage.interface = static_cast<std::uint32_t>(value("if", line.frame.vantage.interface));
    lines_.push_back(line);
  }

  void release(Line& line) {
    const std::string expected = line.expected, text = line.text;
    line = held_.at(0);
    held_.pop_front();
    line.expected = expected;
    line.text = text;
    if (!held_.empty()) return;
    line.decrypted.insert(line.decrypted.end(), waiting_decrypted_.begin(), waiting_decrypted_.end());
    waiting_decrypted_.clear();
  }

  /// The payload and what of it the host shows.
  static std::vector<Layer> add_records(Line& line, const std::string& notation, const std::string& part) {
    const TlsBytes records = TlsNotation::read(notation);
    const std::size_t dash = part.find('-');
    const std::size_t begin = part.empty() ? 0 : std::stoul(part);
    const std::size_t end =
        part.empty() || dash + 1 == part.size() ? records.bytes.size() : std::stoul(part.substr(dash + 1));
    line.payload = Message(records.bytes.begin() + static_cast<std::ptrdiff_t>(begin),
                           records.bytes.begin() + static_cast<std::ptrdiff_t>(end));
    bool whole = false, data = false;
    for (const TlsBytes::Record& record : records.records) {
      if (record.end <= begin || record.end > end) continue;
      whole = true;
      if (!record.decrypted) continue;
      data = data || record.type == 23;
      line.decrypted.push_back({std::make_shared<const Message>(record.content), record.type});
    }
    std::vector<Layer> above;
    if (whole) above.push_back(Layer::tls);
    if (data) above.push_back(Layer::http);
    return above;
  }

  template <typename Value>
  void compose(Line& line, const std::vector<std::string>& words,
               const std::map<std::string, std::string>& options, Value value) {
    line.from_client = words[0] == ">";
    if (!line.from_client && words[0] != "<") throw std::invalid_argument(line.text);
    const auto port = static_cast<std::uint16_t>(value("port", 40000));
    Sides& sides = connections_[port];
    Side& own = line.from_client ? sides.client : sides.server;
    const Side& peer = line.from_client ? sides.server : sides.client;
    if (options.contains("isn")) {
      sides = {};
      own.isn = static_cast<std::uint32_t>(value("isn", 0));
    }

    TcpHeader& header = line.header;
    header.flags = 0;
    for (const char flag : words[1]) {
      if (flag == '-') continue;
      const std::size_t bit = std::string_view("FSRPA").find(flag);
      if (bit == std::string_view::npos) throw std::invalid_argument(line.text);
      header.flags = static_cast<std::uint8_t>(header.flags | 1U << bit);
    }
    const bool syn = (header.flags & wire::tcp_syn) != 0, fin = (header.flags & wire::tcp_fin) != 0;
    if (!own.sent && !syn) own.next = 1;
    const std::int64_t sequence = value("seq", own.next);
    const std::int64_t acknowledgment = value("ack", peer.next > 0 ? peer.next : 1);
    const std::uint32_t own_base = (line.from_client ? options_.client_base : options_.server_base) + own.isn;
    const std::uint32_t peer_base =
        (line.from_client ? options_.server_base : options_.client_base) + peer.isn;
    header.source_port = line.from_client ? port : server_port_;
    header.destination_port = line.from_client ? server_port_ : port;
    header.sequence = own_base + static_cast<std::uint32_t>(sequence);
    if ((header.flags & wire::tcp_ack) != 0)
      header.acknowledgment = peer_base + static_cast<std::uint32_t>(acknowledgment);
    header.window = static_cast<std::uint16_t>(value("win", 64240));
    if (options.contains("ws"))
      header.options =
          message("0303") + number(static_cast<std::uint64_t>(value("ws", 0)), 1) + message("01");

    if (const auto text = options.find("text"); text != options.end()) line.payload = text_of(text->second);
    for (long long i = 0, length = value("len", 0); i < length; ++i)
      line.payload.push_back(static_cast<std::uint8_t>(0x80 + (sequence + i) % 101));
    line.kept = options.contains("snap") ? static_cast<std::size_t>(value("snap", 0)) : line.kept;

    std::vector<Layer> above;
    if (const auto records = options.find("records"); records != options.end()) {
      const auto part = options.find("part");
      above = add_records(line, records->second, part == options.end() ? std::string() : part->second);
    }
    if (const auto is = options.find("is"); is != options.end()) {
      above.clear();
      std::istringstream names(is->second);
      for (std::string name; std::getline(names, name, '+');)
        if (name != "none") above.push_back(layer_from_name(name));
    }
    const Ends ends = line.from_client ? options_.ends : options_.ends.reversed();
    rebuild(line, ends, ++ip_id_, above);
    if (options.contains("far")) {
      const std::size_t place = line.frame.bytes().size() - std::min(line.kept, line.payload.size()) -
                                header.options.size() - 20 + 4;
      line.frame.bytes()[place] ^= 0x40;
      return;  // not what was sent
    }
    if ((header.flags & wire::tcp_rst) == 0) {
      const std::int64_t end =
          sequence + (syn ? 1 : 0) + static_cast<std::int64_t>(line.payload.size()) + (fin ? 1 : 0);
      if (!own.sent || end > own.next) own.next = end;
      own.sent = true;
    }
  }

  Options options_;
  Nanoseconds now_{1'420'070'400'000'000'000};  // 2015-01-01 00:00:00 UTC
  std::uint16_t ip_id_ = 0, server_port_ = 80;
  std::deque<Line> held_;
  std::vector<OwnedFrame::Decrypted> waiting_decrypted_;  ///< of frames behind those that are held
  std::map<std::uint16_t, Sides> connections_;
  std::vector<Line> lines_;
};

}  // namespace humantime
