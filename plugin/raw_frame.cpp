// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/raw_frame.h"

#include <type_traits>

namespace humantime::plugin {
namespace {

/// Since 4.6 a record holds its bytes; before, they are in a buffer beside it. Templates, so that of the two
/// only what this version has must compile.
constexpr bool holds_bytes =
    !std::is_invocable_v<decltype(wtap_seek_read)*, struct wtap*, gint64, wtap_rec*, Buffer*, int*, gchar**>;

template <typename Record>
void begin(Record& record, Buffer& buffer) {
  if constexpr (holds_bytes) {
    static_cast<void>(buffer);
    wtap_rec_init(&record, 1514);
  } else {
    wtap_rec_init(&record);
    ws_buffer_init(&buffer, 1514);
  }
}

template <typename Record>
void end(Record& record, Buffer& buffer) {
  wtap_rec_cleanup(&record);
  if constexpr (holds_bytes)
    static_cast<void>(buffer);
  else
    ws_buffer_free(&buffer);
}

template <typename Record>
const guint8* read_record(struct wtap* file, std::int64_t offset, Record& record, Buffer& buffer) {
  int error = 0;
  gchar* words = nullptr;
  bool read = false;
  const guint8* bytes = nullptr;
  if constexpr (holds_bytes) {
    static_cast<void>(buffer);
    read = wtap_seek_read(file, offset, &record, &error, &words);
    bytes = ws_buffer_start_ptr(&record.data);
  } else {
    read = wtap_seek_read(file, offset, &record, &buffer, &error, &words);
    bytes = ws_buffer_start_ptr(&buffer);
  }
  g_free(words);
  return read ? bytes : nullptr;
}

}  // namespace

LinkType link_type_of(int encapsulation) {
  switch (encapsulation) {
    case WTAP_ENCAP_ETHERNET:
      return LinkType::ethernet;
    case WTAP_ENCAP_SLL:
      return LinkType::cooked;
    case WTAP_ENCAP_SLL2:
      return LinkType::cooked_v2;
    case WTAP_ENCAP_NULL:
    case WTAP_ENCAP_LOOP:
      return LinkType::null;
    case WTAP_ENCAP_RAW_IP:
    case WTAP_ENCAP_RAW_IP4:
    case WTAP_ENCAP_RAW_IP6:
      return LinkType::raw;
    default:
      return LinkType::other;
  }
}

RawFrame raw_frame_of(tvbuff_t* tvb, const packet_info* pinfo) {
  RawFrame raw;
  if (tvb == nullptr || pinfo->rec == nullptr || pinfo->rec->rec_type != REC_TYPE_PACKET) return raw;
  const guint captured = tvb_captured_length(tvb);
  // In range by construction, so that it cannot throw.
  if (captured > 0) raw.bytes = {tvb_get_ptr(tvb, 0, static_cast<gint>(captured)), captured};
  raw.length = pinfo->fd->pkt_len;
  raw.link = link_type_of(pinfo->rec->rec_header.packet_header.pkt_encap);
  return raw;
}

RecordReader::RecordReader() {
  begin(record_, buffer_);
}

RecordReader::~RecordReader() {
  end(record_, buffer_);
}

RawFrame RecordReader::read(struct wtap* file, std::int64_t offset) {
  const guint8* bytes = read_record(file, offset, record_, buffer_);
  if (bytes == nullptr || record_.rec_type != REC_TYPE_PACKET) return {};
  const auto& header = record_.rec_header.packet_header;
  return {link_type_of(header.pkt_encap), {bytes, header.caplen}, header.len};
}

}  // namespace humantime::plugin
