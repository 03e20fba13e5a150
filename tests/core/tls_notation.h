// SPDX-License-Identifier: GPL-2.0-or-later
// TLS records written down. A word is a record:
//
//   CH SH EE Cert …=N     a handshake message (`handshakes` below), its body N bytes long where that is said
//   CH(a.example;h2;early) ClientHello: a name with a dot, ALPN protocols, early, sized (an extension with an
//                         answer of its own length), 1.2 or 3.0 (no supported_versions), id and id2 (session
//                         IDs), ticket, psk (of a ticket) and psk0 (of none)
//   SH(1.2) SH(1.3;1302;http/1.1)  ServerHello: version, cipher suite, ALPN, id, id2, psk; HRR is one that
//   asks
//                         again; EE0 is an EncryptedExtensions that accepts early data
//   SH+Cert=900+SHD       several messages in one record
//   (Cert=900)/300        a message in records of 300 bytes
//   CCS, alert(2,40)      as they are in the clear; CH2 is a ClientHello in SSLv2's format
//   hs=40 alert=26 ad=99  encrypted records with so many bytes, which nobody decrypted
//   D"text" Dhs(EE+Fin=32) Dalert(1,0)   encrypted in TLS 1.3 and decrypted: 17 bytes more, behind it
//   E"text" Ehs(Fin=12) Ealert(1,0)      the same in TLS 1.2: 8 before, 16 behind
//   heartbeat=9, raw=50   bytes that are no record
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "frame_builder.h"
#include "message.h"

namespace humantime {

struct TlsBytes {
  struct Record {
    std::size_t end;         ///< offset behind it
    bool decrypted = false;  ///< `content` and `type` are known
    Message content;
    std::uint8_t type = 0;
  };
  Message bytes;
  std::vector<Record> records;
};

class TlsNotation {
 public:
  static TlsBytes read(std::string_view notation) {
    TlsNotation reader;
    for (const std::string& word : split(notation, ' ')) reader.word(word);
    return reader.result_;
  }

 private:
  struct Handshake {
    std::string_view name;
    std::uint8_t type;
    std::size_t size;
  };
  static constexpr Handshake handshakes[] = {
      {"HReq", 0, 0},    {"HVR", 3, 35},   {"NST", 4, 200},     {"EOED", 5, 0}, {"EE", 8, 2},
      {"Cert", 11, 900}, {"SKE", 12, 300}, {"CR", 13, 40},      {"SHD", 14, 0}, {"CV", 15, 260},
      {"CKE", 16, 66},   {"Fin", 20, 12},  {"Status", 22, 500}, {"KU", 24, 1},  {"odd", 77, 5},
  };

  /// Between separators that stand outside of quotes and parentheses.
  static std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts(1);
    int depth = 0;
    bool quoted = false;
    for (const char c : text) {
      if (c == '"') quoted = !quoted;
      if (!quoted) depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == separator && depth == 0 && !quoted) {
        parts.emplace_back();
      } else {
        parts.back() += c;
      }
    }
    std::erase(parts, std::string());
    return parts;
  }

  /// What stands between the parentheses of `NAME(…)`.
  static std::string inside(const std::string& word) {
    const std::size_t open = word.find('('), close = word.rfind(')');
    if (open == std::string::npos || close == std::string::npos) return {};
    return word.substr(open + 1, close - open - 1);
  }

  /// Bytes that look like nothing, the same for each place.
  static Message noise(std::size_t size) {
    Message bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(0x80 + (i * 37 + size) % 101);
    return bytes;
  }
  static Message text_of(std::string_view quoted) {
    Message bytes;
    for (std::size_t i = 0; i < quoted.size(); ++i) {
      char c = quoted[i];
      if (c == '\\') {
        c = quoted[++i];
        if (c == 'x') {
          bytes.push_back(message(quoted.substr(i + 1, 2)).front());
          i += 2;
          continue;
        }
        c = c == 'r' ? '\r' : c == 'n' ? '\n' : c == '0' ? '\0' : c;
      }
      bytes.push_back(static_cast<std::uint8_t>(c));
    }
    return bytes;
  }

  static Message vector_of(unsigned size, const Message& bytes) { return number(bytes.size(), size) + bytes; }
  static Message extension(unsigned type, const Message& bytes) {
    return number(type, 2) + vector_of(2, bytes);
  }
  static Message alpn(const std::vector<std::string>& protocols) {
    Message list;
    for (const std::string& protocol : protocols)
      list = list + vector_of(1, Message(protocol.begin(), protocol.end()));
    return extension(16, vector_of(2, list));
  }
  static bool is_session_id(const std::string& option) { return option == "id" || option == "id2"; }
  static Message session_id(const std::string& option) { return fill(32, option == "id" ? 0x61 : 0x62); }
  static bool is_alpn(const std::string& option) {
    return option.starts_with("h2") || option.starts_with("http/") || option == "dot" || option == "imap";
  }

  static Message client_hello(const std::string& options) {
    Message extensions;
    Message id, key;
    std::vector<std::string> protocols;
    std::uint64_t version = 0x0303;
    bool tls_1_3 = true;
    for (const std::string& option : split(options, ';')) {
      if (option == "early") {
        extensions = extensions + extension(42, {});
      } else if (option == "ticket") {
        extensions = extensions + extension(35, fill(40, 0x71));
      } else if (option.starts_with("psk")) {
        const Message identity = vector_of(2, fill(40, 0x72)) + number(option == "psk" ? 77 : 0, 4);
        key = extension(41, vector_of(2, identity) + vector_of(2, vector_of(1, fill(32, 0x73))));
      } else if (is_session_id(option)) {
        id = session_id(option);
      } else if (option == "sized") {
        extensions = extensions + extension(1, message("01"));
      } else if (option == "1.2" || option == "3.0") {
        tls_1_3 = false;
        version = option == "3.0" ? 0x0300 : 0x0303;
      } else if (is_alpn(option)) {
        protocols.push_back(option);
      } else {
        const Message name(option.begin(), option.end());
        extensions = extensions + extension(0, vector_of(2, message("00") + vector_of(2, name)));
      }
    }
    if (!protocols.empty()) extensions = extensions + alpn(protocols);
    if (tls_1_3) extensions = extensions + extension(43, message("02 0304"));
    extensions = extensions + key;  // the last one (RFC 8446 4.2.11)
    return number(version, 2) + fill(32, 0x5a) + vector_of(1, id) + message("0002 1301 01 00") +
           vector_of(2, extensions);
  }

  static Message server_hello(const std::string& options, const Message& random) {
    std::uint64_t version = 0x0303, suite = 0x1301;
    Message extensions, id;
    bool tls_1_3 = true;
    for (const std::string& option : split(options, ';')) {
      if (option == "1.2" || option == "3.0") {
        tls_1_3 = false;
        version = option == "3.0" ? 0x0300 : 0x0303;
        if (suite == 0x1301) suite = 0xc02f;
      } else if (option == "psk") {
        extensions = extensions + extension(41, message("0000"));
      } else if (is_session_id(option)) {
        id = session_id(option);
      } else if (is_alpn(option)) {
        extensions = extensions + alpn({option});
      } else if (option != "1.3") {
        suite = std::stoul(option, nullptr, 16);
      }
    }
    if (tls_1_3) extensions = extensions + extension(43, message("0304"));
    return number(version, 2) + random + vector_of(1, id) + number(suite, 2) + message("00") +
           vector_of(2, extensions);
  }

  static Message one_message(const std::string& word) {
    const auto built = [](std::uint8_t type, const Message& body) {
      return number(type, 1) + vector_of(3, body);
    };
    if (word == "CH" || word.starts_with("CH(")) return built(1, client_hello(inside(word)));
    if (word == "SH" || word.starts_with("SH(")) return built(2, server_hello(inside(word), fill(32, 0xa5)));
    if (word == "HRR")
      return built(2, server_hello("", message("cf21ad74e59a6111be1d8c021e65b891"
                                               "c2a211167abb8c5e079e09e2c8a8339c")));
    if (word == "EE0") return built(8, vector_of(2, extension(42, {})));
    const std::size_t equals = word.find('=');
    for (const Handshake& one : handshakes)
      if (word.substr(0, equals) == one.name)
        return built(one.type,
                     noise(equals == std::string::npos ? one.size : std::stoul(word.substr(equals + 1))));
    throw std::invalid_argument("no handshake message: " + word);
  }
  static Message messages(const std::string& words) {
    Message bytes;
    for (const std::string& word : split(words, '+')) bytes = bytes + one_message(word);
    return bytes;
  }
  static Message alert(const std::string& word) {
    Message bytes;
    for (const std::string& value : split(inside(word), ',')) bytes = bytes + number(std::stoul(value), 1);
    return bytes;
  }

  void record(unsigned type, const Message& content) {
    result_.bytes = result_.bytes + number(type, 1) + message("0303") + vector_of(2, content);
    result_.records.push_back({result_.bytes.size(), false, {}, 0});
  }
  void decrypted(bool tls_1_3, std::uint8_t type, const Message& content) {
    record(tls_1_3 ? 23 : type, noise(content.size() + (tls_1_3 ? 17 : 24)));
    result_.records.back() = {result_.bytes.size(), true, content, type};
  }

  void word(const std::string& word) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const auto size = [&] { return std::stoul(word.substr(equals + 1)); };
    const bool opened = word[0] == 'D' || word[0] == 'E';
    const std::string kind = opened ? word.substr(1) : word;
    if (opened && kind.starts_with("\""))
      return decrypted(word[0] == 'D', 23, text_of(kind.substr(1, kind.size() - 2)));
    if (opened && kind.starts_with("hs(")) return decrypted(word[0] == 'D', 22, messages(inside(kind)));
    if (opened && kind.starts_with("alert(")) return decrypted(word[0] == 'D', 21, alert(kind));
    if (word == "CCS") return record(20, message("01"));
    if (word.starts_with("alert(")) return record(21, alert(word));
    if (word == "CH2") {
      const Message hello = message("01 0301 0003 0000 0010 00002f") + fill(16, 0x5a);
      result_.bytes = result_.bytes + number(0x8000 | hello.size(), 2) + hello;
      result_.records.push_back({result_.bytes.size(), false, {}, 0});
      return;
    }
    if (name == "raw") {
      result_.bytes = result_.bytes + noise(size());
      return;
    }
    if (name == "ad") return record(23, noise(size()));
    if (name == "hs") return record(22, noise(size()));
    if (name == "alert") return record(21, noise(size()));
    if (name == "heartbeat") return record(24, noise(size()));
    if (const std::size_t slash = word.rfind(")/"); slash != std::string::npos && word[0] == '(') {
      const Message whole = messages(word.substr(1, slash - 1));
      const std::size_t most = std::stoul(word.substr(slash + 2));
      for (std::size_t at = 0; at < whole.size(); at += most)
        record(22, Message(whole.begin() + static_cast<std::ptrdiff_t>(at),
                           whole.begin() + static_cast<std::ptrdiff_t>(std::min(whole.size(), at + most))));
      return;
    }
    record(22, messages(word));
  }

  TlsBytes result_;
};

}  // namespace humantime
