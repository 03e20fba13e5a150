// SPDX-License-Identifier: GPL-2.0-or-later
// Any bytes through one of the readers, READER, and what must hold of the facts whatever the bytes.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "wire/arp.h"
#include "wire/dhcp.h"
#include "wire/dhcpv6.h"
#include "wire/dns.h"
#include "wire/dtls.h"
#include "wire/hpack.h"
#include "wire/http2.h"
#include "wire/icmpv6.h"
#include "wire/openvpn.h"
#include "wire/quic.h"
#include "wire/quic_frames.h"
#include "wire/tls.h"
#include "wire/tls_key_exchange.h"
#include "wire/wireguard.h"

namespace humantime::wire {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

/// Whether `part` lies in `whole`, or is nothing.
bool lies_in(Bytes part, Bytes whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void arp(Bytes bytes) {
  const auto arp = read_arp(bytes);
  if (!arp) return;
  for (const Bytes address :
       {arp->sender_hardware, arp->sender_protocol, arp->target_hardware, arp->target_protocol})
    require(lies_in(address, bytes));
  phase_of(*arp);
}

void icmpv6(Bytes bytes) {
  const auto whole = read_icmpv6(bytes);
  if (!whole) return;
  require(lies_in(whole->target, bytes));
  for (std::size_t size = 0; size < bytes.size() && size < 32; ++size) {
    const auto cut = read_icmpv6(bytes.first(size), bytes.size());
    if (cut) require(phase_of(*cut) == phase_of(*whole));
  }
}

void dhcp(Bytes bytes) {
  const auto dhcp = read_dhcp(bytes);
  if (dhcp) phase_of(*dhcp);
}

void dhcpv6(Bytes bytes) {
  const auto dhcp = read_dhcpv6(bytes);
  if (dhcp) phase_of(*dhcp);
}

void dns(Bytes bytes) {
  const auto whole = read_dns(bytes);
  if (!whole) return;
  std::array<char, most_name_characters> buffer{};
  for (const std::size_t name : {whole->question_name, whole->cname_target, whole->referral_owner}) {
    require(name < bytes.size());
    const std::string_view written = write_name(bytes, name, buffer);
    for (const char character : written) require(character > ' ' && character < 0x7f);
    require(written.empty() || same_name(bytes, name, bytes, name));
  }
  require(!write_type(whole->question_type, std::span(buffer).first(most_type_characters)).empty());
  for (std::size_t i = 0; i < whole->address_count; ++i) {
    const Bytes address = address_of(bytes, *whole, i);
    require(address.size() == whole->address_size && lies_in(address, bytes));
  }
  phase_of_mdns(*whole);
  // What is cut off may leave the phase open, it cannot make it another. (Upper bits of the RCODE that
  // contradict the sections are beyond that.)
  if (whole->rcode > 15) return;
  const auto phase = phase_of(*whole);
  for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 4) {
    const auto cut = read_dns(bytes.first(size), bytes.size());
    if (!cut) continue;
    const auto seen = phase_of(*cut);
    require(!seen || seen == phase);
  }
}

/// Calls `test` with some of the sizes below `size`.
template <typename Test>
void for_some_sizes(std::size_t size, Test test) {
  for (std::size_t cut = 0; cut < size; cut += 1 + cut / 8) test(cut);
}

// What was said in the part that was captured, the whole says too.
void tls_client_hello(Bytes body) {
  const auto whole = read_tls_client_hello(body);
  if (!whole) return;
  const std::string_view name = whole->server_name;
  require(lies_in({reinterpret_cast<const std::uint8_t*>(name.data()), name.size()}, body));
  for_some_sizes(body.size(), [&](std::size_t size) {
    const auto cut = read_tls_client_hello(body.first(size));
    if (!cut) return;
    require(cut->legacy_version == whole->legacy_version);
    require(cut->server_name.empty() || cut->server_name == name);
    require(cut->has_alpn <= whole->has_alpn);
    require(cut->offers_http1 <= whole->offers_http1);
    require(cut->offers_http2 <= whole->offers_http2);
    require(cut->offers_other <= whole->offers_other);
    require(cut->offers_tls_1_3 <= whole->offers_tls_1_3);
    require(cut->has_key_share <= whole->has_key_share);
    require(cut->has_early_data <= whole->has_early_data);
    require(cut->has_pre_shared_key <= whole->has_pre_shared_key);
    require(cut->has_session_ticket_extension <= whole->has_session_ticket_extension);
    require(cut->has_session_ticket <= whole->has_session_ticket);
  });
}

void tls_server_hello(Bytes body) {
  const auto whole = read_tls_server_hello(body);
  if (!whole) return;
  for_some_sizes(body.size(), [&](std::size_t size) {
    const auto cut = read_tls_server_hello(body.first(size));
    if (!cut) return;
    require(cut->cipher_suite == whole->cipher_suite && cut->retry_request == whole->retry_request);
    require(cut->session_id_length == whole->session_id_length);
    require(cut->has_key_share <= whole->has_key_share);
    require(cut->has_pre_shared_key <= whole->has_pre_shared_key);
    require(cut->has_session_ticket_extension <= whole->has_session_ticket_extension);
    require(cut->alpn == Alpn::none || cut->alpn == whole->alpn);
  });
  name_of_tls_version(whole->version);
  tls_1_3_hash_length(whole->cipher_suite);
  require(whole->session_id.size() <= whole->session_id_length);
  name_of(key_exchange_of_suite(whole->cipher_suite));
  name_of(key_exchange_of_group(whole->group));
}

void tls(Bytes bytes) {
  const LooksTls answer = looks_like_client_hello(bytes);
  require(answer != LooksTls::more || bytes.size() < most_bytes_to_tell_tls);
  for (std::size_t size = 0; size < bytes.size() && size <= most_bytes_to_tell_tls; ++size) {
    const LooksTls early = looks_like_client_hello(bytes.first(size));
    require(early == LooksTls::more || early == answer);
  }
  // A message may stand behind the header of a record, and its body behind its own header.
  if (const auto record = read_tls_record_header(bytes))
    require(record->length <= TlsRecordHeader::most_length && record->version >> 8 == 3);
  for (const std::size_t offset : {std::size_t{0}, TlsRecordHeader::size})
    if (const auto handshake = read_tls_handshake_header(slice(bytes, offset)))
      phase_of_tls_handshake(handshake->type);
  for (const std::size_t offset :
       {std::size_t{0}, TlsHandshakeHeader::size, TlsRecordHeader::size + TlsHandshakeHeader::size}) {
    const Bytes body = slice(bytes, offset);
    tls_client_hello(body);
    tls_server_hello(body);
    read_tls_encrypted_extensions_alpn(body);
    accepts_early_data(body);
  }
  for (const std::size_t offset : {std::size_t{0}, TlsRecordHeader::size})
    if (const auto alert = read_tls_alert(slice(bytes, offset))) name_of_tls_alert(alert->description);
}

// A record, and behind its header a fragment, and behind that one's a message.
void dtls(Bytes bytes) {
  if (const auto record = read_dtls_record_header(bytes))
    require(record->length <= TlsRecordHeader::most_length && record->sequence >> 48 == 0);
  for (const std::size_t offset : {std::size_t{0}, DtlsRecordHeader::size}) {
    const Bytes content = slice(bytes, offset);
    const auto fragment = read_dtls_fragment(content, content.size());
    if (!fragment) continue;
    require(lies_in(fragment->body, bytes) && fragment->body.size() == fragment->length);
    require(fragment->offset + fragment->length <= fragment->message_length);
    phase_of_tls_handshake(fragment->type);
  }
  for (const std::size_t offset : {std::size_t{0}, DtlsRecordHeader::size + DtlsFragment::header_size}) {
    const Bytes body = slice(bytes, offset);
    is_dtls_hello_verify_request(body);
    const auto whole = read_dtls_client_hello(body);
    if (!whole) continue;
    for_some_sizes(body.size(), [&](std::size_t size) {
      const auto cut = read_dtls_client_hello(body.first(size));
      require(!cut || cut->server_name.empty() || cut->server_name == whole->server_name);
    });
  }
}

void hpack(Bytes bytes) {
  Bytes block = bytes;
  std::array<char, 64> room{};
  while (const auto field = take_hpack_field(block)) {
    for (const HpackString& string : {field->name, field->value}) {
      require(lies_in(string.bytes, bytes));
      // No code is shorter than five bits.
      const auto size = decode_hpack_string(string, room);
      require(!size || *size <= string.bytes.size() * 8 / 5);
    }
    require(lies_in(block, bytes));
  }
}

void http2(Bytes bytes) {
  require((looks_like_http2_preface(bytes) == LooksHttp2::no) ||
          (looks_like_http2_preface(bytes.first(bytes.size() / 2)) == LooksHttp2::more) ||
          bytes.size() >= 48);
  if (bytes.size() < Http2Header::size) return;
  const Http2Header header = read_http2_header(bytes.first<Http2Header::size>());
  require(header.length < 1U << 24 && header.stream < 1U << 31);
  require(!is_likely_http2_header(header) || is_legal_http2_header(header));
  const Bytes payload = slice(bytes, Http2Header::size);
  const auto whole = read_http2_fragment(header, payload);
  if (!whole) return;
  require(lies_in(whole->bytes, bytes) && whole->promised_stream < 1U << 31);
  for (std::size_t size = 0; size < payload.size(); size += 1 + size / 8) {
    const auto cut = read_http2_fragment(header, payload.first(size));
    if (cut)
      require(cut->bytes.size() <= whole->bytes.size() && cut->promised_stream == whole->promised_stream);
  }
}

// A header, and the bytes as a payload without protection.
void quic(Bytes bytes) {
  if (const auto header = read_quic_long_header(bytes, bytes.size())) {
    require(header->packet_length > 0 && header->packet_length <= bytes.size());
    require(header->packet_number_offset <= header->packet_length);
    for (const Bytes part : {header->destination_id, header->source_id, header->token})
      require(lies_in(part, bytes));
    phase_of(header->type);
    // What was cut off behind the header changes nothing of it.
    for_some_sizes(bytes.size(), [&](std::size_t size) {
      const auto cut = read_quic_long_header(bytes.first(size), bytes.size());
      require(!cut || (cut->type == header->type && cut->packet_length == header->packet_length));
    });
  }
  QuicFrames frames(bytes);
  for (std::size_t count = 0; const auto frame = frames.next(); ++count) {
    require(count < bytes.size());
    require(lies_in(frame->content, bytes));
    require(frame->offset + frame->content.size() < std::uint64_t{1} << 62);
  }
}

// A byte says how much more there was on the wire. What the part that was captured says, the whole says too.
void wireguard(Bytes bytes) {
  if (bytes.empty()) return;
  const Bytes message = bytes.subspan(1);
  const auto length = static_cast<std::uint32_t>(message.size() + bytes[0]);
  const auto whole = read_wireguard(message, length);
  if (whole) require(row_of(phase_of(*whole)).lane == Lane::vpn);
  for_some_sizes(message.size(), [&](std::size_t size) {
    const auto cut = read_wireguard(message.first(size), length);
    if (cut) require(whole && cut->receiver == whole->receiver && phase_of(*cut) == phase_of(*whole));
  });
}

void openvpn(Bytes bytes) {
  if (bytes.empty()) return;
  const Bytes packet = bytes.subspan(1);
  const auto length = static_cast<std::uint32_t>(packet.size() + bytes[0]);
  if (const auto read = read_openvpn(packet, length)) {
    require(row_of(phase_of(*read)).lane == Lane::vpn && read->key_id < 8);
    require(!read->is_data() || read->session_id == 0);
  }
  if (const auto first = read_openvpn_first(packet, length)) {
    require(read_openvpn(packet, length)->is_client_reset());
    if (first->hmac) {
      const auto control = read_openvpn_control(packet, length, *first->hmac);
      require(control && control->ack_count == 0 && control->packet_id == 0 && control->payload_length == 0);
    }
  }
  for (const OpenVpnHmac hmac : openvpn_hmacs) {
    const auto control = read_openvpn_control(packet, length, hmac);
    if (!control) continue;
    require(lies_in(control->payload, packet) && control->payload.size() <= control->payload_length);
    require(control->payload_length < length && control->ack_count <= OpenVpnControl::most_acks);
  }
}

struct Target {
  std::string_view name;
  void (*read)(Bytes);
};
constexpr Target targets[] = {{"arp", arp},         {"dhcp", dhcp},   {"dhcpv6", dhcpv6},
                              {"dns", dns},         {"dtls", dtls},   {"icmpv6", icmpv6},
                              {"tls", tls},         {"hpack", hpack}, {"http2", http2},
                              {"openvpn", openvpn}, {"quic", quic},   {"wireguard", wireguard}};

constexpr auto target_named(std::string_view name) -> void (*)(Bytes) {
  for (const Target& target : targets)
    if (target.name == name) return target.read;
  return nullptr;
}
static_assert(target_named(READER) != nullptr);

}  // namespace
}  // namespace humantime::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  humantime::wire::target_named(READER)({data, size});
  return 0;
}
