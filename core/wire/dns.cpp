// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/dns.h"

#include <algorithm>
#include <charconv>

namespace humantime::wire {
namespace {

constexpr std::size_t header_size = 12;
// Lengths and pointers are of 16 and 14 bits: TCP carries no more, UDP less.
constexpr std::size_t most_message_size = 65535;
constexpr std::size_t most_name_size = 255;

// The two upper bits of a length byte (RFC 1035 4.1.4). 01 and 10 have no meaning today (RFC 6891 5).
constexpr std::uint8_t first_non_length = 0x40;
constexpr std::uint8_t first_pointer = 0xc0;
constexpr std::uint16_t pointer_bits = 0x3fff;

namespace type {
constexpr std::uint16_t a = 1;
constexpr std::uint16_t ns = 2;
constexpr std::uint16_t cname = 5;
constexpr std::uint16_t soa = 6;
constexpr std::uint16_t aaaa = 28;
constexpr std::uint16_t dname = 39;
constexpr std::uint16_t opt = 41;
constexpr std::uint16_t rrsig = 46;
constexpr std::uint16_t nsec = 47;
constexpr std::uint16_t ixfr = 251;
constexpr std::uint16_t axfr = 252;
constexpr std::uint16_t any = 255;
}  // namespace type

constexpr std::uint16_t class_any = 255;
// mDNS uses the top bit of a class for itself (RFC 6762 5.4 and 10.2).
constexpr std::uint16_t class_bits = 0x7fff;

constexpr std::uint16_t authoritative_bit = 0x0400;
constexpr unsigned opcode_query = 0;
constexpr unsigned rcode_name_error = 3;

// A server that gives the chain of CNAMEs in another order than its own makes us read the answers once more;
// resolvers themselves follow about so many.
constexpr int most_passes = 8;
// Labels that may be compared in one message: enough for 500 names that differ in their last label only, and
// the end of what a hostile message can cost.
constexpr int most_compared_labels = 4096;

/// Gives the labels of a name, from the left. A pointer leads to an earlier place, and the name there ends
/// before the one that pointed to it begins: what is left to be read shrinks with every pointer. (All names
/// are so where a writer points to names that it has written, RFC 1035 4.1.4.)
class Labels {
 public:
  Labels(Bytes message, std::size_t offset)
      : message_(message), at_(offset), begin_(offset), end_(message.size()) {}

  /// The next label; empty for the root at the end of the name, and where the name is cut or broken.
  Bytes next() {
    for (;;) {
      ++steps_;
      if (at_ >= end_) return fail();
      const std::uint8_t length = message_[at_];
      if (length < first_non_length) {
        size_ += length + std::size_t{1};
        if (length >= end_ - at_ || size_ > most_name_size) return fail();
        const Bytes label = message_.subspan(at_ + 1, length);
        at_ += length + std::size_t{1};
        return label;
      }
      if (length < first_pointer || end_ - at_ < 2 || steps_ > most_name_size) return fail();
      const std::size_t target = (length & 0x3fU) << 8 | message_[at_ + 1];
      if (target >= begin_ || target < header_size) return fail();
      end_ = begin_;
      begin_ = at_ = target;
    }
  }

  bool ok() const { return ok_; }
  int steps() const { return static_cast<int>(steps_); }

 private:
  Bytes fail() {
    ok_ = false;
    return {};
  }

  Bytes message_;
  std::size_t at_;
  std::size_t begin_, end_;  ///< of the stretch between two pointers
  std::size_t size_ = 0;     ///< of the name so far, uncompressed
  std::size_t steps_ = 0;
  bool ok_ = true;
};

std::uint8_t lower(std::uint8_t byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<std::uint8_t>(byte + ('a' - 'A')) : byte;
}

bool same_label(Bytes a, Bytes b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](auto x, auto y) { return x == y || lower(x) == lower(y); });
}

/// Whether what is left of both names is equal.
bool same_rest(Labels& a, Labels& b) {
  for (;;) {
    const Bytes label = a.next();
    const Bytes other = b.next();
    if (!a.ok() || !b.ok()) return false;
    // Where both have come to the same place the rest is the same too. Most names of an answer are pointers
    // to the question's.
    if (label.data() == other.data()) return true;
    if (!same_label(label, other)) return false;
    if (label.empty()) return true;
  }
}

/// Offsets, and what every record is looked at for. Class and TTL stand before the data.
struct Record {
  std::size_t owner = 0;
  std::size_t data = 0;
  std::size_t data_size = 0;
  std::uint16_t type = 0;
  bool captured = false;  ///< the data too
};

/// Walks through the sections once, in their order, and collects the facts.
class Walk {
 public:
  Walk(Bytes captured, std::size_t length, Dns& dns)
      : message_(captured), length_(length), at_(header_size), dns_(dns) {}

  void run() {
    if (!read_questions()) return;
    if (!read_answers()) return;
    dns_.answers_read = true;
    if (!read_section(dns_.authority_count, [this](const Record& record) { return take_authority(record); }))
      return;
    dns_.authority_read = true;
    dns_.complete = read_section(dns_.additional_count, [this](const Record& record) {
      // Of an OPT record the TTL's first byte is the RCODE's upper part.
      if (record.type == type::opt)
        dns_.rcode = static_cast<std::uint16_t>(dns_.rcode | message_[record.data - 6] << 4);
      return true;
    });
  }

 private:
  std::uint16_t u16(std::size_t at) const {
    return static_cast<std::uint16_t>(message_[at] << 8 | message_[at + 1]);
  }

  enum class NameEnd : std::uint8_t { none, root, pointer };

  /// To the end of a name as it stands, without following its pointer; `none` where it is cut or broken.
  NameEnd skip_name() {
    while (at_ < message_.size()) {
      const std::uint8_t length = message_[at_];
      if (length == 0) {
        ++at_;
        return NameEnd::root;
      }
      if (length >= first_pointer) {
        at_ += 2;
        return at_ <= message_.size() ? NameEnd::pointer : NameEnd::none;
      }
      if (length >= first_non_length) return NameEnd::none;
      at_ += length + std::size_t{1};
    }
    return NameEnd::none;
  }

  bool read_questions() {
    for (unsigned i = 0; i < dns_.question_count; ++i) {
      const std::size_t name = at_;
      const NameEnd end = skip_name();
      if (end == NameEnd::none || message_.size() - at_ < 4) return false;
      if (i == 0) {
        // Before the first name there is nothing that it could point to.
        if (end != NameEnd::root || at_ - name > most_name_size) return false;
        name_ = name;
        dns_.question_name = static_cast<std::uint16_t>(name);
        dns_.question_type = u16(at_);
        dns_.question_class = u16(at_ + 2);
      }
      at_ += 4;
    }
    return true;
  }

  /// The record at `at_`, which goes to its end. False where it has no end in the message, or its data would
  /// be the only thing that was captured of it.
  bool read_record(Record& record) {
    record.owner = at_;
    if (skip_name() == NameEnd::none || message_.size() - at_ < 10) return false;
    record.type = u16(at_);
    record.data_size = u16(at_ + 8);
    record.data = at_ + 10;
    at_ = record.data + record.data_size;
    record.captured = at_ <= message_.size();
    return at_ <= length_;
  }

  /// False where the section was not read to its end.
  template <typename Take>
  bool read_section(unsigned count, Take take) {
    Record record;
    for (unsigned i = 0; i < count; ++i)
      if (!read_record(record) || !take(record) || !record.captured) return false;
    return true;
  }

  bool read_answers() {
    const std::size_t begin = at_;
    for (int pass = 0; pass < most_passes; ++pass) {
      at_ = begin;
      moved_ = passed_over_ = false;
      if (!read_section(dns_.answer_count, [this](const Record& record) { return take_answer(record); }))
        return false;
      // What was passed over before the chain went on may belong to its new end.
      if (dns_.answered || !moved_ || !passed_over_) return true;
    }
    return false;
  }

  /// False where the record's data are needed and not there, or no name.
  bool take_answer(const Record& record) {
    if (dns_.question_name == 0) {
      if (record.type != type::rrsig && record.type != type::nsec) dns_.other_answers = true;
      take_address(record);
      return true;
    }
    // A zone transfer is the records of all of the zone's names (RFC 5936, RFC 1995).
    if (dns_.question_type == type::axfr || dns_.question_type == type::ixfr) {
      dns_.answered = true;
      return true;
    }
    const bool asked = dns_.question_type == record.type || dns_.question_type == type::any;
    // One answer is enough; of addresses, the others are wanted too.
    const bool wanted = is_address(record) && dns_.address_count < Dns::most_addresses;
    if (dns_.answered && !(asked && wanted)) return true;
    if (!asked && record.type != type::cname && record.type != type::dname) {
      if (record.type != type::rrsig && record.type != type::nsec) dns_.other_answers = true;
      return true;
    }
    const std::uint16_t record_class = u16(record.data - 8);
    // A key that was agreed on is of all classes (RFC 2930 2).
    const bool same_class = dns_.question_class == class_any || record_class == class_any ||
                            (dns_.question_class & class_bits) == (record_class & class_bits);
    if (!asked && record.type == type::dname) {
      // The server puts the CNAME that follows from it beside (RFC 6672 3.1): that one is followed.
      if (same_class && labels_below(record.owner, name_) > 0)
        dns_.redirected = true;
      else
        dns_.other_answers = true;
      return !exhausted();
    }
    if (!same_class || !is_name(record.owner)) {
      dns_.other_answers = true;
      passed_over_ = true;
      return !exhausted();
    }
    if (asked) {
      dns_.answered = true;
      take_address(record);
      return true;
    }
    dns_.redirected = true;
    moved_ = true;
    if (!record.captured || !is_whole_name(record)) return false;
    name_ = record.data;
    dns_.cname_target = static_cast<std::uint16_t>(record.data);
    return true;
  }

  bool take_authority(const Record& record) {
    if (record.type == type::soa) dns_.has_soa = true;
    if (record.type != type::ns) return true;
    dns_.has_ns = true;
    if (record.captured && dns_.name_server_count < Dns::most_name_servers)
      dns_.name_servers[dns_.name_server_count++] = static_cast<std::uint16_t>(record.data);
    // Beside an answer the name servers are told for information, of whatever zone.
    if (dns_.referral_owner != 0 || dns_.answered || dns_.redirected || dns_.question_name == 0) return true;
    if (labels_of(record.owner) > 0 && labels_below(record.owner, dns_.question_name) >= 0)
      dns_.referral_owner = static_cast<std::uint16_t>(record.owner);
    return !exhausted();
  }

  static bool is_address(const Record& record) { return record.type == type::a || record.type == type::aaaa; }

  void take_address(const Record& record) {
    const std::uint8_t size = record.type == type::a ? 4 : 16;
    if (!is_address(record) || record.data_size != size || !record.captured) return;
    if (dns_.address_count == 0) dns_.address_size = size;
    if (dns_.address_size != size || dns_.address_count == Dns::most_addresses) return;
    dns_.addresses[dns_.address_count++] = static_cast<std::uint16_t>(record.data);
  }

  /// Whether the data are one name, to its end, and nothing else.
  bool is_whole_name(const Record& record) {
    const std::size_t end = at_;
    at_ = record.data;
    const bool whole = skip_name() != NameEnd::none && at_ == end && labels_of(record.data) >= 0;
    at_ = end;
    return whole;
  }

  /// Whether the name is the one that answers are looked for.
  bool is_name(std::size_t offset) {
    // Nearly always the owner is nothing but a pointer to where the name, read before, was written first.
    if (name_ < offset && message_[offset] >= first_pointer && (u16(offset) & pointer_bits) == name_)
      return true;
    Labels a(message_, offset);
    Labels b(message_, name_);
    const bool same = !exhausted() && same_rest(a, b);
    compared_ += a.steps() + b.steps();
    return same;
  }

  /// How many labels the name has below `zone`: 0 for the zone itself; -1 where it does not lie in the zone.
  int labels_below(std::size_t zone, std::size_t name) {
    const int zone_labels = labels_of(zone);
    const int below = labels_of(name) - zone_labels;
    if (zone_labels < 0 || below < 0) return -1;
    Labels a(message_, name);
    Labels b(message_, zone);
    for (int i = 0; i < below; ++i) a.next();
    const bool same = same_rest(a, b);
    compared_ += a.steps() + b.steps();
    return same ? below : -1;
  }

  /// Without the root's; -1 where the name is cut or broken.
  int labels_of(std::size_t name) {
    if (exhausted()) return -1;
    Labels labels(message_, name);
    int count = 0;
    while (!labels.next().empty()) ++count;
    compared_ += labels.steps();
    return labels.ok() ? count : -1;
  }

  bool exhausted() const { return compared_ > most_compared_labels; }

  Bytes message_;
  std::size_t length_;
  std::size_t at_;
  Dns& dns_;
  std::size_t name_ = 0;  ///< the question's, or the end of the chain that starts there
  bool moved_ = false;
  bool passed_over_ = false;
  int compared_ = 0;
};

struct TypeName {
  std::uint16_t type;
  std::string_view name;
};

// Types that one meets, in the order of their numbers, under IANA's mnemonics; 255 is `*` there.
constexpr TypeName type_names[] = {
    {1, "A"},           {2, "NS"},     {5, "CNAME"},       {6, "SOA"},    {10, "NULL"},  {12, "PTR"},
    {13, "HINFO"},      {15, "MX"},    {16, "TXT"},        {17, "RP"},    {18, "AFSDB"}, {24, "SIG"},
    {25, "KEY"},        {28, "AAAA"},  {29, "LOC"},        {33, "SRV"},   {35, "NAPTR"}, {37, "CERT"},
    {39, "DNAME"},      {41, "OPT"},   {43, "DS"},         {44, "SSHFP"}, {46, "RRSIG"}, {47, "NSEC"},
    {48, "DNSKEY"},     {50, "NSEC3"}, {51, "NSEC3PARAM"}, {52, "TLSA"},  {59, "CDS"},   {60, "CDNSKEY"},
    {61, "OPENPGPKEY"}, {62, "CSYNC"}, {63, "ZONEMD"},     {64, "SVCB"},  {65, "HTTPS"}, {99, "SPF"},
    {249, "TKEY"},      {250, "TSIG"}, {251, "IXFR"},      {252, "AXFR"}, {255, "ANY"},  {256, "URI"},
    {257, "CAA"},
};
static_assert(std::ranges::is_sorted(type_names, {}, &TypeName::type));
static_assert(std::ranges::all_of(type_names, [](const TypeName& row) {
  return row.name.size() <= most_type_characters;
}));

/// Characters put one after another into a buffer, until one does not fit.
class Writer {
 public:
  explicit Writer(std::span<char> buffer) : buffer_(buffer) {}

  void put(char character) {
    if (size_ < buffer_.size())
      buffer_[size_++] = character;
    else
      full_ = true;
  }
  std::string_view written() const {
    return full_ ? std::string_view{} : std::string_view{buffer_.data(), size_};
  }
  bool empty() const { return size_ == 0; }

 private:
  std::span<char> buffer_;
  std::size_t size_ = 0;
  bool full_ = false;
};

void put_label(Writer& writer, Bytes label) {
  for (const std::uint8_t byte : label) {
    if (byte > ' ' && byte < 0x7f) {
      if (byte == '.' || byte == '\\') writer.put('\\');
      writer.put(static_cast<char>(byte));
    } else {
      writer.put('\\');
      writer.put(static_cast<char>('0' + byte / 100));
      writer.put(static_cast<char>('0' + byte / 10 % 10));
      writer.put(static_cast<char>('0' + byte % 10));
    }
  }
}

}  // namespace

std::optional<Dns> read_dns(Bytes captured, std::size_t length) {
  length = std::min(length, most_message_size);
  const Bytes message = slice(captured, 0, length);
  Reader reader(message);
  Dns dns;
  dns.id = reader.u16();
  dns.flags = reader.u16();
  if (!reader.ok() || length < header_size) return std::nullopt;
  dns.rcode = dns.flags & 0xf;
  if (message.size() < header_size) return dns;
  dns.question_count = reader.u16();
  dns.answer_count = reader.u16();
  dns.authority_count = reader.u16();
  dns.additional_count = reader.u16();
  Walk(message, length, dns).run();
  return dns;
}

std::optional<Phase> phase_of(const Dns& dns) {
  if (dns.opcode() != opcode_query) return std::nullopt;
  if (!dns.is_response()) return Phase::dns_query;
  if (dns.is_truncated()) return Phase::dns_truncated;
  if (dns.rcode == rcode_name_error) return Phase::dns_nxdomain;
  if (dns.rcode != 0) return Phase::dns_error;
  if (dns.answered) return Phase::dns_answer;
  if (!dns.answers_read) return std::nullopt;
  // A zone's transfer asks in its first message only (RFC 5936 2.2.1); the records of all of them answer.
  const bool authoritative = (dns.flags & authoritative_bit) != 0;
  if (dns.question_count == 0 && dns.answer_count > 0 && authoritative) return Phase::dns_answer;
  if (dns.redirected) return Phase::dns_alias;
  if (dns.other_answers) return std::nullopt;
  // An SOA is only given by who knows that there is nothing (RFC 2308 2.2).
  if (dns.has_soa) return Phase::dns_no_data;
  if (dns.referral_owner != 0) return dns.authority_read ? std::optional(Phase::dns_referral) : std::nullopt;
  // Name servers of elsewhere are neither a referral nor a no. Without any, the upper bits of the RCODE still
  // may say that it is an error: all of the message must be there.
  if (dns.has_ns || !dns.complete) return std::nullopt;
  return Phase::dns_no_data;
}

std::optional<Phase> phase_of_mdns(const Dns& dns) {
  // RFC 6762 18.3 and 18.11: messages with another opcode or RCODE are ignored. TC has no meaning in
  // responses.
  if (dns.opcode() != opcode_query || (dns.flags & 0xf) != 0) return std::nullopt;
  if (!dns.is_response()) return Phase::dns_query;
  if (dns.answered || dns.redirected || dns.other_answers) return Phase::dns_answer;
  // NSEC records alone say what the name does not have (RFC 6762 6.1).
  if (dns.answers_read && dns.answer_count != 0) return Phase::dns_no_data;
  return std::nullopt;
}

std::string_view write_name(Bytes message, std::size_t offset, std::span<char> buffer) {
  if (offset < header_size) return {};
  Labels labels(message, offset);
  Writer writer(buffer);
  for (Bytes label = labels.next(); !label.empty(); label = labels.next()) {
    if (!writer.empty()) writer.put('.');
    put_label(writer, label);
  }
  if (!labels.ok()) return {};
  if (writer.empty()) writer.put('.');
  return writer.written();
}

std::string_view write_type(std::uint16_t type, std::span<char> buffer) {
  Writer writer(buffer);
  const auto* row = std::ranges::lower_bound(type_names, type, {}, &TypeName::type);
  if (row != std::end(type_names) && row->type == type) {
    for (const char character : row->name) writer.put(character);
    return writer.written();
  }
  std::array<char, 5> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), type).ptr;
  for (const char character : std::string_view("TYPE")) writer.put(character);
  for (const char* digit = digits.data(); digit != end; ++digit) writer.put(*digit);
  return writer.written();
}

bool same_name(Bytes message, std::size_t offset, Bytes other_message, std::size_t other_offset) {
  if (offset < header_size || other_offset < header_size) return false;
  Labels a(message, offset);
  Labels b(other_message, other_offset);
  return same_rest(a, b);
}

}  // namespace humantime::wire
