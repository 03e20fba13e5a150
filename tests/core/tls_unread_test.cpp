// SPDX-License-Identifier: GPL-2.0-or-later
// What the hellos imply. What the records do: tls_transcripts.h.
#include <gtest/gtest.h>

#include "tls/unread.h"

namespace humantime::tls {
namespace {

struct Case {
  const char* name;
  Agreement said;
  bool http1;
};
void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

Agreement hello(std::uint16_t port) {
  Agreement said;
  said.client_hello_seen = true;
  said.server_port = port;
  return said;
}
Agreement offering(std::uint16_t port, bool http1, bool only) {
  Agreement said = hello(port);
  said.alpn_offered = true;
  said.http1_offered = http1;
  said.only_http1_offered = only;
  return said;
}
Agreement selecting(Agreement said, wire::Alpn alpn) {
  said.alpn_known = true;
  said.alpn = alpn;
  return said;
}

const Case cases[] = {
    {"NoHello", {}, false},
    {"Https", hello(443), true},
    {"HttpsByCustom", hello(8443), true},
    {"AnotherPort", hello(993), false},
    {"OnlyHttp1OnAnotherPort", offering(993, true, true), true},
    {"OnlyHttp1ThatIsNotSelected", selecting(offering(993, true, true), wire::Alpn::none), true},
    {"Http1AndHttp2", offering(443, true, false), false},
    {"Http1AndHttp2AndNoneSelected", selecting(offering(993, true, false), wire::Alpn::none), true},
    {"Http2Selected", selecting(offering(443, true, false), wire::Alpn::http2), false},
    {"Http1Selected", selecting(offering(993, true, false), wire::Alpn::http1), true},
    {"OtherProtocols", offering(443, false, false), false},
    {"OtherProtocolsAndNoneSelected", selecting(offering(443, false, false), wire::Alpn::none), false},
    {"DnsSelected", selecting(offering(443, false, false), wire::Alpn::dns), false},
    {"NothingOfferedNoneSelected", selecting(hello(443), wire::Alpn::none), true},
};

class Implied : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(Agreements, Implied, ::testing::ValuesIn(cases),
                         [](const auto& one) { return one.param.name; });

TEST_P(Implied, Http1) {
  EXPECT_EQ(GetParam().said.implies_http1(), GetParam().http1);
}

TEST(Agreement, Http1BySelectionWithoutAHello) {
  EXPECT_TRUE(selecting({}, wire::Alpn::http1).implies_http1());
  EXPECT_FALSE(selecting({}, wire::Alpn::none).implies_http1());
}

}  // namespace
}  // namespace humantime::tls
