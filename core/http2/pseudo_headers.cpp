// SPDX-License-Identifier: GPL-2.0-or-later
#include "http2/pseudo_headers.h"

#include <optional>

#include "http2/media_type.h"
#include "wire/hpack.h"

namespace humantime::http2 {
namespace {

using wire::HpackField;
using Of = PseudoHeaders::Of;

constexpr std::size_t longest_known_name = 16;  // content-encoding
constexpr std::size_t most_authority_shown = 64;

/// A string's beginning and its length.
struct Decoded {
  std::array<char, HeaderTable::most_value> chars;
  std::size_t length = 0;

  bool decode(const wire::HpackString& string) {
    const std::optional<std::size_t> all = wire::decode_hpack_string(string, chars);
    length = all.value_or(0);
    return all.has_value();
  }
  std::string_view text() const { return {chars.data(), std::min(length, chars.size())}; }
};

Of of_field(FieldName name) {
  switch (name) {
    case FieldName::unknown:
      return Of::unknown;
    case FieldName::regular:
    case FieldName::content:
    case FieldName::content_type:
      return Of::trailers;
    case FieldName::status:
      return Of::response;
    case FieldName::method:
    case FieldName::path:
    case FieldName::authority:
    case FieldName::scheme:
    case FieldName::protocol:
      return Of::request;
  }
  return Of::unknown;
}

std::uint16_t status_of(std::string_view value) {
  std::uint16_t status = 0;
  if (value.size() != 3) return 0;
  for (const char digit : value) {
    if (digit < '0' || digit > '9') return 0;
    status = static_cast<std::uint16_t>(status * 10 + (digit - '0'));
  }
  return status >= 100 ? status : std::uint16_t{0};
}

/// One field line: reads its name and value, and puts it into the table where it says so.
class FieldReader {
 public:
  explicit FieldReader(HeaderTable& table) : table_(table) {}

  bool read(const HpackField& field) {
    if (field.kind == HpackField::Kind::indexed) {
      const HeaderTable::Field known = table_.at(field.index);
      name_ = known.name;
      value_ = known.value;
      return field.index != 0;
    }
    std::uint32_t name_length = 0;
    if (field.index != 0) {
      const HeaderTable::Field known = table_.at(field.index);
      name_ = known.name;
      name_length = known.name_length;
    } else {
      if (!decoded_.decode(field.name)) return false;
      name_length = static_cast<std::uint32_t>(decoded_.length);
      name_ = decoded_.length > longest_known_name ? FieldName::regular : field_name(decoded_.text());
    }
    // Only how long it is matters of most values, and that only of those that enter the table.
    const bool kept = field.kind == HpackField::Kind::inserted;
    if (!kept && !keeps_value(name_)) return true;
    if (!decoded_.decode(field.value)) return false;
    value_ = decoded_.text();
    if (kept) table_.insert(name_, name_length, value_, static_cast<std::uint32_t>(decoded_.length));
    return true;
  }
  FieldName name() const { return name_; }
  std::string_view value() const { return value_; }

 private:
  HeaderTable& table_;
  Decoded decoded_;
  FieldName name_ = FieldName::unknown;
  std::string_view value_;
};

}  // namespace

void PseudoHeaders::take(FieldName field, std::string_view value) {
  // A first field that depends on what was not captured may be a pseudo-header field, or not; one behind it
  // tells.
  const Of of_this = of_field(field);
  if (!begun || (of == Of::unknown && of_this != Of::trailers)) of = of_this;
  begun = true;
  switch (field) {
    case FieldName::method:
      return method.set(value);
    case FieldName::path:
      return path.set(value);
    case FieldName::authority:
      return authority.set(value);
    case FieldName::status:
      status = status_of(value);
      return;
    case FieldName::protocol:
      has_protocol = true;
      return;
    case FieldName::content_type:
      is_dns_message = names_dns_message(value);
      [[fallthrough]];
    case FieldName::content:
      has_content = true;
      return;
    case FieldName::unknown:
    case FieldName::regular:
    case FieldName::scheme:
      return;
  }
}

PseudoHeaders read_header_block(Bytes block, bool whole, HeaderTable& table) {
  PseudoHeaders out;
  FieldReader reader(table);
  while (!block.empty()) {
    const std::optional<HpackField> field = wire::take_hpack_field(block);
    if (!field) {
      table.lose();
      return out;
    }
    if (field->kind == HpackField::Kind::resize) {
      table.resize(field->index);
      continue;
    }
    if (!reader.read(*field)) {
      table.lose();
      return out;
    }
    out.take(reader.name(), reader.value());
  }
  if (!whole) table.lose();
  // An empty block is one of trailers.
  if (!out.begun && whole) out.of = Of::trailers;
  return out;
}

std::string_view describe_request(const PseudoHeaders& request, std::array<char, 120>& room) {
  std::size_t size = 0;
  const auto append = [&](std::string_view part, std::size_t limit) {
    part = part.substr(0, limit - std::min(size, limit));
    std::copy(part.begin(), part.end(), room.begin() + static_cast<std::ptrdiff_t>(size));
    size += part.size();
  };
  const std::string_view host =
      request.path.empty() ? std::string_view{} : request.authority.text().substr(0, most_authority_shown);
  append(request.method.text(), room.size());
  append(" ", room.size());
  append(request.path.empty() ? request.authority.text() : request.path.text(),
         room.size() - (host.empty() ? 0 : host.size() + 1));
  if (!host.empty()) {
    append(" ", room.size());
    append(host, room.size());
  }
  return {room.data(), size};
}

}  // namespace humantime::http2
