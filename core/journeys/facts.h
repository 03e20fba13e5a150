// SPDX-License-Identifier: GPL-2.0-or-later
// What frames say that links them with others: neighbours, look-ups, connections, names. Noted while a
// capture is first read, in the order of reading; Journeys makes sense of it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "chunked.h"
#include "pools.h"
#include "types.h"
#include "wire/dns.h"
#include "wire/link_addresses.h"
#include "wire/locate.h"

namespace humantime::journeys {

struct Fact {
  enum class Kind : std::uint8_t {
    neighbour_request,  ///< ARP, NDP: `address` is asked for
    neighbour_reply,    ///< `address` is told
    question,           ///< DNS: `name`, `type`, `id`
    answer,             ///< the same, and what it says
    connection,         ///< a connection begins, over TCP or UDP: `number`, `id` is none
    server_name,        ///< what the client of connection `number` calls the server: SNI, Host
  };
  enum Flag : std::uint8_t {
    to_group = 1,           ///< the frame was sent to all
    recursion_desired = 2,  ///< question
    final_answer = 4,       ///< answer: nothing is left to ask for this type
    failure = 8,            ///< answer: NXDOMAIN or an error
    truncated = 16,         ///< answer
    from_client = 32,       ///< connection: the frame's source is the client
    has_sequence = 64,      ///< connection: `sequence` is the client's first
    over_udp = 128,         ///< connection
  };

  FrameNumber frame = no_frame;
  std::uint32_t link_source = 0, link_destination = 0;
  std::uint32_t number = 0;    ///< of the connection; 0: none
  std::uint32_t sequence = 0;  ///< connection: the client's initial sequence number, or what stands for it
  TextId name{0};              ///< in lower case
  TextId alias{0};             ///< answer: what the name leads to; connection, question: the tunnel it is in
  AddressId address{0};
  std::uint32_t first_more = 0;  ///< of more(): addresses answered, then name servers named
  std::uint16_t type = 0;
  std::uint16_t id = 0;
  std::uint8_t address_count = 0;
  std::uint8_t name_server_count = 0;
  Kind kind = Kind::question;
  std::uint8_t flags = 0;

  bool has(Flag flag) const { return (flags & flag) != 0; }
};

class FactLog {
 public:
  explicit FactLog(AddressPool& addresses) : addresses_(addresses) {}

  void clear();
  /// From here on what is noted is taken back by undo(): told before each frame and before the end.
  void checkpoint(bool of_end);
  void undo(bool of_end);

  /// The frame that is being read: its link addresses are looked at where a fact is noted.
  void reading(const FrameBytes* frame) { frame_ = frame; }
  /// Where the packet is that is being read: noted with questions and connections.
  void inside(const wire::Carrier* carrier) { carrier_ = carrier; }
  void neighbour(FrameNumber frame, bool request, const Address& address);
  void dns(FrameNumber frame, std::uint32_t connection, const wire::Dns& dns, Bytes message,
           std::string_view name);
  void connection(FrameNumber frame, std::uint32_t number, bool from_client, bool has_sequence,
                  std::uint32_t sequence);
  /// The same of a conversation over UDP; `sequence` is its own wherever it is seen.
  void datagrams(FrameNumber frame, std::uint32_t number, bool from_client, bool has_sequence,
                 std::uint32_t sequence);
  void server_name(FrameNumber frame, std::uint32_t connection, std::string_view name);

  std::size_t size() const { return size_; }
  const Fact& operator[](std::size_t i) const { return facts_[i]; }
  AddressId address(const Fact& fact, std::size_t i) const { return AddressId{more_[fact.first_more + i]}; }
  TextId name_server(const Fact& fact, std::size_t i) const {
    return TextId{more_[fact.first_more + fact.address_count + i]};
  }
  std::string_view text(TextId id) const { return texts_[id]; }
  /// Grows each time that facts are taken back.
  std::uint32_t generation() const { return generation_; }
  /// How many there were before the frame that was read last.
  std::size_t before_last_frame() const { return before_frame_; }

 private:
  Fact& add(FrameNumber frame, Fact::Kind kind);
  TextId lower_case(std::string_view name);
  TextId tunnel(bool from_client);

  AddressPool& addresses_;
  const FrameBytes* frame_ = nullptr;
  const wire::Carrier* carrier_ = nullptr;
  Chunked<Fact, 1024> facts_;
  std::size_t size_ = 0;
  std::vector<std::uint32_t> more_;
  TextPool texts_;
  std::size_t before_frame_ = 0, before_end_ = 0;
  std::uint32_t generation_ = 0;
};

}  // namespace humantime::journeys
