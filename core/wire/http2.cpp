// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/http2.h"

#include <algorithm>
#include <iterator>

namespace humantime::wire {
namespace {

enum class On : std::uint8_t { stream, connection, either };

struct TypeRow {
  Http2Type type;
  std::uint8_t flags;  // that are defined
  On on;
  std::uint32_t least, most, multiple;  // of the length
};

constexpr std::uint32_t any = ~std::uint32_t{0};

constexpr TypeRow type_rows[] = {
    {Http2Type::data, 0x09, On::stream, 0, any, 1},
    {Http2Type::headers, 0x2d, On::stream, 0, any, 1},
    {Http2Type::priority, 0, On::stream, 5, 5, 1},
    {Http2Type::rst_stream, 0, On::stream, 4, 4, 1},
    {Http2Type::settings, 0x01, On::connection, 0, any, 6},
    {Http2Type::push_promise, 0x0c, On::stream, 4, any, 1},
    {Http2Type::ping, 0x01, On::connection, 8, 8, 1},
    {Http2Type::goaway, 0, On::connection, 8, any, 1},
    {Http2Type::window_update, 0, On::either, 4, 4, 1},
    {Http2Type::continuation, 0x04, On::stream, 0, any, 1},
};
static_assert([] {
  for (std::size_t i = 0; i < std::size(type_rows); ++i)
    if (type_rows[i].type != static_cast<Http2Type>(i)) return false;
  return true;
}());

const TypeRow* row_of(Http2Type type) {
  const auto i = static_cast<std::size_t>(type);
  return i < std::size(type_rows) ? &type_rows[i] : nullptr;
}

constexpr std::string_view error_names[] = {"NO_ERROR",
                                            "PROTOCOL_ERROR",
                                            "INTERNAL_ERROR",
                                            "FLOW_CONTROL_ERROR",
                                            "SETTINGS_TIMEOUT",
                                            "STREAM_CLOSED",
                                            "FRAME_SIZE_ERROR",
                                            "REFUSED_STREAM",
                                            "CANCEL",
                                            "COMPRESSION_ERROR",
                                            "CONNECT_ERROR",
                                            "ENHANCE_YOUR_CALM",
                                            "INADEQUATE_SECURITY",
                                            "HTTP_1_1_REQUIRED"};

}  // namespace

LooksHttp2 looks_like_http2_preface(Bytes bytes) {
  const std::string_view chars = as_chars(bytes).substr(0, http2_preface.size());
  if (!http2_preface.starts_with(chars)) return LooksHttp2::no;
  return chars.size() == http2_preface.size() ? LooksHttp2::yes : LooksHttp2::more;
}

Http2Header read_http2_header(std::span<const std::uint8_t, Http2Header::size> bytes) {
  Http2Header header;
  header.length = u32_at<0>(bytes) >> 8;
  header.type = static_cast<Http2Type>(bytes[3]);
  header.flags = bytes[4];
  header.stream = u32_at<5>(bytes) & 0x7fff'ffff;
  return header;
}

bool is_legal_http2_header(const Http2Header& header) {
  const TypeRow* row = row_of(header.type);
  if (row == nullptr) return true;
  if (row->on != On::either && (row->on == On::stream) != (header.stream != 0)) return false;
  if (header.is(Http2Type::settings) && header.has(Http2Header::ack) && header.length != 0) return false;
  return header.length >= row->least && header.length <= row->most && header.length % row->multiple == 0;
}

bool is_likely_http2_header(const Http2Header& header) {
  const TypeRow* row = row_of(header.type);
  return row != nullptr && is_legal_http2_header(header) && (header.flags & ~row->flags) == 0 &&
         header.length <= Http2Header::usual_most_length;
}

std::optional<Http2Fragment> read_http2_fragment(const Http2Header& header, Bytes payload) {
  Reader in(payload.first(std::min<std::size_t>(payload.size(), header.length)));
  std::size_t around = 0;
  std::size_t padding = 0;
  if (header.has(Http2Header::padded) && !header.is(Http2Type::continuation)) {
    padding = in.u8();
    around += 1 + padding;
  }
  if (header.is(Http2Type::headers) && header.has(Http2Header::priority)) {
    in.skip(5);
    around += 5;
  }
  Http2Fragment fragment;
  if (header.is(Http2Type::push_promise)) {
    fragment.promised_stream = in.u32() & 0x7fff'ffff;
    around += 4;
  }
  if (!in.ok() || around > header.length) return std::nullopt;
  fragment.bytes = slice(in.rest(), 0, header.length - around);
  return fragment;
}

std::string_view name_of_http2_error(std::uint32_t code) {
  return code < std::size(error_names) ? error_names[code] : std::string_view{};
}

}  // namespace humantime::wire
