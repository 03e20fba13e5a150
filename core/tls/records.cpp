// SPDX-License-Identifier: GPL-2.0-or-later
#include "tls/records.h"

namespace humantime::tls {

std::size_t find_record(Bytes bytes) {
  for (std::size_t at = 0; at + wire::TlsRecordHeader::size <= bytes.size(); ++at) {
    const auto header = wire::read_tls_record_header(slice(bytes, at));
    if (!header || header->length == 0) continue;
    const Bytes next = slice(bytes, at + wire::TlsRecordHeader::size + header->length);
    if (next.size() < wire::TlsRecordHeader::size || wire::read_tls_record_header(next)) return at;
  }
  return bytes.size();
}

bool Messages::is_read(std::uint8_t type) {
  switch (static_cast<wire::TlsHandshake>(type)) {
    case wire::TlsHandshake::client_hello:
    case wire::TlsHandshake::server_hello:
    case wire::TlsHandshake::encrypted_extensions:
      return true;
    default:
      return false;
  }
}

}  // namespace humantime::tls
