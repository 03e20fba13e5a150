// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/dns_said.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "text.h"
#include "wire/address.h"

namespace humantime::wire {
namespace {

// IANA's DNS RCODEs (RFC 1035 4.1.1, RFC 2136 2.2, RFC 6891 9), by number.
constexpr std::array<std::string_view, 11> rcode_names = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN",
                                                          "NOTIMP",  "REFUSED", "YXDOMAIN", "YXRRSET",
                                                          "NXRRSET", "NOTAUTH", "NOTZONE"};
constexpr std::uint16_t rcode_badvers = 16, rcode_badcookie = 23;

/// Text put one behind another into a buffer; empty where one does not fit.
class Text {
 public:
  explicit Text(std::span<char> buffer) : buffer_(buffer) {}

  Text& put(std::string_view text) {
    if (text.size() > buffer_.size() - size_) full_ = true;
    if (full_) return *this;
    std::copy(text.begin(), text.end(), buffer_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += text.size();
    return *this;
  }
  Text& put(unsigned number) {
    std::array<char, 10> digits;
    return put({digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr});
  }
  /// What a function writes into the rest of the buffer; nothing written leaves nothing at all.
  template <typename Write>
  Text& put_written(Write write) {
    const std::string_view text = full_ ? std::string_view() : write(buffer_.subspan(size_));
    size_ += text.size();
    full_ = full_ || text.empty();
    return *this;
  }
  bool empty() const { return size_ == 0; }
  std::string_view written() const {
    return full_ ? std::string_view() : std::string_view(buffer_.data(), size_);
  }

 private:
  std::span<char> buffer_;
  std::size_t size_ = 0;
  bool full_ = false;
};

void put_name(Text& text, Bytes message, std::size_t offset) {
  text.put_written([&](std::span<char> rest) { return write_name(message, offset, rest); });
}

void put_rcode(Text& text, std::uint16_t rcode) {
  if (rcode < rcode_names.size())
    text.put(rcode_names[rcode]);
  else if (rcode == rcode_badvers)
    text.put("BADVERS");
  else if (rcode == rcode_badcookie)
    text.put("BADCOOKIE");
  else
    text.put("RCODE ").put(static_cast<unsigned>(rcode));
}

}  // namespace

std::string_view write_said(Bytes message, const Dns& dns, Phase phase, std::span<char> buffer) {
  Text text(buffer);
  switch (phase) {
    case Phase::dns_referral:
      if (dns.recursion_available()) return {};
      put_name(text.put("ask "), message, dns.referral_owner);
      return text.written();
    case Phase::dns_answer:
      if (dns.address_count == 0) break;
      text.put_written([&](std::span<char> rest) {
        return write_address(Address::from(address_of(message, dns, 0)), rest);
      });
      if (dns.address_count > 1) text.put(" + ").put(dns.address_count - 1U);
      break;
    case Phase::dns_alias:
      if (dns.cname_target == 0) break;
      put_name(text.put("CNAME "), message, dns.cname_target);
      break;
    case Phase::dns_error:
      put_rcode(text, dns.rcode);
      break;
    default:
      break;
  }
  if (dns.is_authoritative()) text.put(text.empty() ? "AA" : " AA");
  return text.written();
}

}  // namespace humantime::wire
