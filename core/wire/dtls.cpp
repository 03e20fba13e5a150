// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/dtls.h"

#include <algorithm>
#include <array>

namespace humantime::wire {
namespace {

/// What a record's header may say: DTLS 1.0's number and 1.2's, with which 1.3's records in the clear go too
/// (RFC 9147 4).
constexpr std::array versions = {dtls_1_0, dtls_1_2};

}  // namespace

std::optional<DtlsRecordHeader> read_dtls_record_header(Bytes bytes) {
  Reader reader(bytes);
  DtlsRecordHeader header;
  header.content = static_cast<TlsContent>(reader.u8());
  header.version = reader.u16();
  header.epoch = reader.u16();
  header.sequence = std::uint64_t{reader.u16()} << 32;
  header.sequence |= reader.u32();
  header.length = reader.u16();
  if (!reader.ok() || header.content < TlsContent::change_cipher_spec ||
      header.content > TlsContent::heartbeat ||
      std::find(versions.begin(), versions.end(), header.version) == versions.end() ||
      header.length > TlsRecordHeader::most_length)
    return std::nullopt;
  return header;
}

std::optional<DtlsFragment> read_dtls_fragment(Bytes content, std::size_t length) {
  Reader reader(content);
  DtlsFragment fragment;
  fragment.type = reader.u8();
  fragment.message_length = reader.u24();
  fragment.message_sequence = reader.u16();
  fragment.offset = reader.u24();
  fragment.length = reader.u24();
  if (!reader.ok() || fragment.length > length - DtlsFragment::header_size ||
      fragment.offset > fragment.message_length ||
      fragment.length > fragment.message_length - fragment.offset)
    return std::nullopt;
  fragment.body = slice(reader.rest(), 0, fragment.length);
  return fragment;
}

bool is_dtls_hello_verify_request(Bytes body) {
  Reader reader(body);
  const std::uint16_t version = reader.u16();
  const std::size_t cookie = reader.u8();
  return reader.ok() && std::find(versions.begin(), versions.end(), version) != versions.end() &&
         reader.remaining() == cookie;
}

}  // namespace humantime::wire
