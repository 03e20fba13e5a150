// SPDX-License-Identifier: GPL-2.0-or-later
// The situations that a TCP connection gets into, each as a transcript (see transcript.h).
#pragma once

#include <ostream>
#include <string_view>

namespace humantime {

struct Situation {
  std::string_view name;
  std::string_view text;
  /// Every frame from one place, and no packet twice: what holds of such a capture holds if it is recorded at
  /// two places or with a mirror port.
  bool plain = true;
};
/// For GoogleTest: the bytes of the struct hold addresses, which are others in each run.
inline void PrintTo(const Situation& situation, std::ostream* out) {
  *out << situation.name;
}

inline constexpr Situation situations[] = {
    {"HandshakeDataClose", R"(
> S          : tcp.syn@connect conn=1
< SA         : tcp.syn_ack@connect
> A          : tcp.handshake_ack@connect
> PA len=100 : tcp.data@other
< A          : tcp.ack@other
< PA len=900 : tcp.data@other
> A          : tcp.ack@other
> FA         : tcp.fin@close
< A          : tcp.fin_ack@close
< FA         : tcp.fin@close
> A          : tcp.fin_ack@close conn=1
)"},
    {"HandshakeAckCarriesData", R"(
> S          : tcp.syn
< SA         : tcp.syn_ack
> PA len=100 : tcp.handshake_ack@connect tcp.data@other
< A          : tcp.ack
)"},
    {"ServerClosesFirst", R"(
> S          : tcp.syn
< SA         : tcp.syn_ack
> A          : tcp.handshake_ack
> PA len=10  : tcp.data
< FPA len=20 : tcp.data@close tcp.fin@close
> FA         : tcp.fin_ack@close tcp.fin@close
< A          : tcp.fin_ack@close
)"},
    {"FinIsAcknowledgedByData", R"(
> S          : tcp.syn
< SA         : tcp.syn_ack
> A          : tcp.handshake_ack
> FA         : tcp.fin
< PA len=20  : tcp.fin_ack tcp.data@close
< FA         : tcp.fin
> A          : tcp.fin_ack
)"},
    {"CrossedFins", R"(
> S          : tcp.syn
< SA         : tcp.syn_ack
> A          : tcp.handshake_ack
> FA         : tcp.fin
< FA ack=1   : tcp.fin
> A          : tcp.fin_ack
< A          : tcp.fin_ack
)"},
    {"HalfClose", R"(
> S          : tcp.syn
< SA         : tcp.syn_ack
> A          : tcp.handshake_ack
> PA len=50  : tcp.data
> FA         : tcp.fin
< A          : tcp.fin_ack
< A len=500  : tcp.data@close
> A          : tcp.ack@close
< A len=500  : tcp.data@close
> A          : tcp.ack@close
< FA         : tcp.fin
> A          : tcp.fin_ack
)"},
    {"AfterTheClose", R"(
> S          : tcp.syn
< SA         : tcp.syn_ack
> A          : tcp.handshake_ack
> FA         : tcp.fin
< FA         : tcp.fin_ack tcp.fin
> A          : tcp.fin_ack
again 5 dt=300000 : tcp.retransmission@close tcp.fin@close
> A          : tcp.ack@close
> R          : tcp.rst
)"},
    {"Refused", R"(
> S          : tcp.syn@connect
< RA         : tcp.rst@close
again 1 dt=500000 : tcp.syn tcp.retransmission@connect
< RA         : tcp.rst@close
)"},
    {"Reset", R"(
> S          : tcp.syn
< SA         : tcp.syn_ack
> A          : tcp.handshake_ack
> PA len=80  : tcp.data
< RA         : tcp.rst@close
> PA len=80  : tcp.data@close
< R          : tcp.rst
)"},
    {"ResetInsteadOfTheHandshakeAck", R"(
> S          : tcp.syn
< SA         : tcp.syn_ack
> R          : tcp.rst
)"},
    {"SynRetransmission", R"(
> S                 : tcp.syn
again 1 dt=1000000  : tcp.syn tcp.retransmission@connect
again 1 dt=2000000  : tcp.syn tcp.retransmission@connect
< SA                : tcp.syn_ack
again 4 dt=1000000  : tcp.syn_ack tcp.retransmission@connect
> A                 : tcp.handshake_ack
> A                 : tcp.ack@other
)"},
    {"Retransmission", R"(
> S                : tcp.syn
< SA               : tcp.syn_ack
> A                : tcp.handshake_ack
> PA len=100       : tcp.data
again 4 dt=200000  : tcp.retransmission@other
< A                : tcp.ack
> PA seq=51 len=150 : tcp.retransmission tcp.data    # half of it is new
< A                : tcp.ack
< A len=1000       : tcp.data
< A len=1000       : tcp.data
again 9 dt=200000  : tcp.retransmission
> A                : tcp.ack
)"},
    {"FinRetransmission", R"(
> S                 : tcp.syn
< SA                : tcp.syn_ack
> A                 : tcp.handshake_ack
> FA                : tcp.fin
again 4 dt=200000   : tcp.retransmission@close tcp.fin@close
< A                 : tcp.fin_ack
< FA                : tcp.fin
again 7 dt=200000   : tcp.retransmission@close tcp.fin@close
> A                 : tcp.fin_ack
)"},
    {"FinIsRetransmittedWithItsData", R"(
> S                 : tcp.syn
< SA                : tcp.syn_ack
> A                 : tcp.handshake_ack
> PA len=60         : tcp.data
> FA                : tcp.fin
> FPA seq=1 len=60 dt=200000 : tcp.retransmission tcp.fin
< A                 : tcp.fin_ack
)"},
    {"DuplicateAck", R"(
> S                  : tcp.syn
< SA                 : tcp.syn_ack
> A                  : tcp.handshake_ack
< A len=1000         : tcp.data
> A                  : tcp.ack
< A seq=2001 len=1000 : tcp.data             # one is missing: read once it is there
> A ack=1001         : tcp.dup_ack
< A seq=3001 len=1000 : tcp.data
> A ack=1001         : tcp.dup_ack
< A seq=1001 len=1000 : tcp.out_of_order@other tcp.data
> A                  : tcp.ack
> A                  : tcp.ack               # nothing is outstanding: no duplicate (RFC 5681)
)"},
    {"OutOfOrder", R"(
> S                 : tcp.syn
< SA                : tcp.syn_ack
> A                 : tcp.handshake_ack
< A seq=101 len=100 : tcp.data
< A seq=1 len=100   : tcp.out_of_order tcp.data
> A                 : tcp.ack
< A seq=101 len=100 dt=200000 : tcp.retransmission
)"},
    {"FinBeforeItsData", R"(
> S                 : tcp.syn
< SA                : tcp.syn_ack
> A                 : tcp.handshake_ack
< FA seq=101        : tcp.fin
< A seq=1 len=100   : tcp.out_of_order@close tcp.data@close
> A                 : tcp.fin_ack
)"},
    {"ZeroWindow", R"(
> S                : tcp.syn
< SA               : tcp.syn_ack
> A                : tcp.handshake_ack
> A len=500        : tcp.data
< A win=0          : tcp.zero_window@other
> A seq=500 dt=200000 : tcp.zero_window_probe@other     # empty, one below the edge, as Linux does
< A win=0          : tcp.zero_window
> A len=1 dt=400000 : tcp.zero_window_probe tcp.data    # RFC 9293: a byte of new data
< A ack=501 win=0  : tcp.zero_window
< A win=8000       : tcp.ack
< A win=9000       : tcp.window_update@other
> A len=500        : tcp.data
)"},
    {"ZeroWindowWithData", R"(
> S                : tcp.syn
< SA               : tcp.syn_ack
> A                : tcp.handshake_ack
> A len=500        : tcp.data
< A len=300 win=0  : tcp.zero_window tcp.data
> A seq=501        : tcp.ack
< FA win=0         : tcp.fin                            # a window of a closing side says nothing
)"},
    {"WindowFull", R"(
> S ws=0           : tcp.syn
< SA ws=0 win=1000 : tcp.syn_ack
> A                : tcp.handshake_ack
> A len=600        : tcp.data
> A len=400        : tcp.window_full@other tcp.data
< A win=0          : tcp.zero_window
< A win=2000       : tcp.window_update
> A len=1999       : tcp.data
> A len=1          : tcp.window_full tcp.data
)"},
    {"WindowFullScaled", R"(
> S ws=2           : tcp.syn
< SA ws=7 win=64   : tcp.syn_ack
> A len=64         : tcp.handshake_ack tcp.window_full@connect tcp.data     # a SYN's window is never scaled (RFC 7323)
< A win=10         : tcp.ack
> A len=1280       : tcp.window_full tcp.data
)"},
    {"WindowScaleOfOneSideCountsForNone", R"(
> S                : tcp.syn
< SA ws=7          : tcp.syn_ack
> A                : tcp.handshake_ack
> A len=10         : tcp.data
< A win=100        : tcp.ack
> A len=100        : tcp.window_full tcp.data
)"},
    {"WindowScaleOfTheOtherSideCountsForNone", R"(
> S ws=7           : tcp.syn
< SA               : tcp.syn_ack
> A                : tcp.handshake_ack
> A len=10         : tcp.data
< A win=100        : tcp.ack
> A len=100        : tcp.window_full tcp.data
)"},
    {"WindowOfUnknownScaleIsNeverFull", R"(
> A len=10         : tcp.data
< A win=100        : tcp.ack
> A len=100        : tcp.data
)"},
    {"KeepAlive", R"(
> S                : tcp.syn
< SA               : tcp.syn_ack
> A                : tcp.handshake_ack
> A seq=0 dt=60000000 : tcp.keep_alive@other
< A                : tcp.keep_alive@other
> PA len=100       : tcp.data
< A                : tcp.ack
> A seq=100 dt=60000000 : tcp.keep_alive
< A                : tcp.keep_alive
> A seq=100 len=1 dt=60000000 : tcp.keep_alive          # with a byte of garbage (RFC 9293 3.8.4)
< A                : tcp.keep_alive
< A seq=0 dt=60000000 : tcp.keep_alive
> A                : tcp.keep_alive
> PA len=100       : tcp.data
)"},
    {"PortReuse", R"(
> S          : tcp.syn conn=1
< SA         : tcp.syn_ack
> A          : tcp.handshake_ack
> FA         : tcp.fin
< FA         : tcp.fin_ack tcp.fin
> A          : tcp.fin_ack conn=1
> S isn=5000 : tcp.syn@connect conn=2
< SA         : tcp.syn_ack@connect conn=2
> A          : tcp.handshake_ack@connect
> PA len=10  : tcp.data@other conn=2
)"},
    {"PortReuseWithoutAClose", R"(
> S            : tcp.syn conn=1
< SA           : tcp.syn_ack
> A            : tcp.handshake_ack
> PA len=10    : tcp.data
> S isn=777777 : tcp.syn@connect conn=2
< SA           : tcp.syn_ack conn=2
> A            : tcp.handshake_ack
)"},
    {"PortReuseFromTheOtherSide", R"(
> S            : tcp.syn conn=1
< RA           : tcp.rst
< A seq=1 len=5 : tcp.data@close conn=1
< S isn=9999   : tcp.syn@connect conn=2
> SA           : tcp.syn_ack conn=2
< A            : tcp.handshake_ack conn=2
)"},
    {"TwoConnectionsSideBySide", R"(
> S            : tcp.syn conn=1
> S port=40001 : tcp.syn conn=2
< SA port=40001 : tcp.syn_ack conn=2
< SA           : tcp.syn_ack conn=1
> A            : tcp.handshake_ack conn=1
> A port=40001 : tcp.handshake_ack conn=2
)"},
    {"RefusedThenAnswered", R"(
> S                 : tcp.syn conn=1
< RA                : tcp.rst conn=1
again 1 dt=500000   : tcp.syn tcp.retransmission conn=1
< SA dt=1000        : tcp.syn_ack conn=1
> A                 : tcp.handshake_ack conn=1
> PA is=http 'GET / HTTP/1.1\r\n\r\n' : http.request conn=1
< A is=none 'HTTP/1.1 200 OK\r\n\r\nhello' : http.response_start http.response_end
< FA                : tcp.fin
> FA                : tcp.fin_ack tcp.fin
< A                 : tcp.fin_ack
)"},
    {"ResetThatDoesNotAcknowledgeTheSyn", R"(
> S                 : tcp.syn
< RA seq=700000000 ack=-5000000 : tcp.rst               # forged
< R seq=700000000   : tcp.rst
< SA                : tcp.syn_ack
> A                 : tcp.handshake_ack
> PA len=10         : tcp.data
)"},
    {"AnsweredFromAnOlderConnection", R"(
> S                 : tcp.syn conn=1
< A seq=900000000 ack=700000000 : tcp.ack conn=1
> R seq=700000000   : tcp.rst conn=1
again 1 dt=50000    : tcp.syn tcp.retransmission conn=1
< SA seq=0 ack=1    : tcp.syn_ack conn=1
> A seq=1 ack=1     : tcp.handshake_ack conn=1
> PA len=10 seq=1 ack=1 : tcp.data conn=1
< A seq=1 ack=11    : tcp.ack conn=1
)"},
    {"AcknowledgmentAheadOfWhatWasSentBeforeIt", R"(
> S                 : tcp.syn
< SA                : tcp.syn_ack
> A                 : tcp.handshake_ack
> PA len=10         : tcp.data
> PA len=10 hold    :
> A                 : tcp.ack                     # its number tells that ten more bytes were sent
released            : tcp.out_of_order tcp.data
> PA len=10         : tcp.data
< A                 : tcp.ack
)"},
    {"FastOpen", R"(
> S len=100    : tcp.syn@connect tcp.data@connect
< SA           : tcp.syn_ack@connect
< PA len=200   : tcp.data@connect
> A            : tcp.handshake_ack@connect
> PA len=10    : tcp.data@other
)"},
    {"FastOpenRefused", R"(
> S len=100        : tcp.syn tcp.data
< SA ack=1         : tcp.syn_ack
> PA seq=1 len=100 : tcp.handshake_ack tcp.retransmission
< A                : tcp.ack
)"},
    {"FastOpenRequest", R"(
> S 'GET / HTTP/1.1\r\nHost: a\r\n\r\n' : tcp.syn@connect http.request@request
< SA                : tcp.syn_ack@connect
< PA 'HTTP/1.1 204 No Content\r\n\r\n' : http.response_start@response http.response_end@response
> A                 : tcp.handshake_ack
)"},
    {"MidCaptureStart", R"(
< PA len=100  : tcp.data@other conn=1
> A           : tcp.ack@other
> PA len=50   : tcp.data@other
< A           : tcp.ack@other
> FA          : tcp.fin@close
< FA          : tcp.fin_ack tcp.fin
> A           : tcp.fin_ack
)"},
    {"MidCaptureStartWithALateSegment", R"(
> PA seq=201 len=100 : tcp.data
> PA seq=101 len=100 : tcp.out_of_order tcp.data
< A                  : tcp.ack
)"},
    {"MidCaptureStartAtTheSynAck", R"(
< SA          : tcp.syn_ack@connect conn=1
> A           : tcp.handshake_ack@connect
> PA len=50   : tcp.data@other
)"},
    {"MidCaptureStartAtTheFin", R"(
> FA          : tcp.fin@close
< A           : tcp.fin_ack@close
< FA          : tcp.fin
> A           : tcp.fin_ack
)"},
    {"OnlyTheClient", R"(
> S           : tcp.syn
> A           : tcp.handshake_ack
> PA len=100  : tcp.data
> A ack=1001  : tcp.ack
> A ack=2001  : tcp.ack
> FA ack=2001 : tcp.fin
> A ack=2002  : tcp.ack
)"},
    {"OnlyTheServer", R"(
< SA          : tcp.syn_ack@connect
< A ack=101   : tcp.ack
< PA len=1000 ack=101 : tcp.data
< FA ack=102  : tcp.fin
)"},
    {"SimultaneousOpen", R"(
> S           : tcp.syn@connect conn=1
< S           : tcp.syn@connect conn=1
> SA seq=0 ack=1 : tcp.syn_ack@connect
< SA seq=0 ack=1 : tcp.syn_ack@connect
> PA len=100  : tcp.handshake_ack@connect tcp.data@other
< A           : tcp.ack@other                   # the handshake is over
)"},
    {"GapAcknowledged", R"(
> S                 : tcp.syn
< SA                : tcp.syn_ack
> A                 : tcp.handshake_ack
> PA 'GET / HTTP/1.1\r\n\r\n' : http.request
< PA 'HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n' : http.response_start
< A seq=1042 len=1000 : http.response_body       # 1000 bytes before it are not in the capture
> A                 : tcp.ack
< A len=1000        : http.response_body
> A                 : tcp.ack
< A len=999         : http.response_body
> A                 : tcp.ack@response
< A len=1           : http.response_end
> A                 : tcp.ack@wait
)"},
    {"GapBehindWhichTheCaptureEnds", R"(
> S                 : tcp.syn
< SA                : tcp.syn_ack
> A                 : tcp.handshake_ack
> PA 'GET / HTTP/1.1\r\n\r\n' : http.request
< PA 'HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n' : http.response_start
< A seq=1042 len=1000 : http.response_end
)"},
    {"HttpInOrder", R"(
> S                 : tcp.syn
< SA                : tcp.syn_ack
> A                 : tcp.handshake_ack@connect
> PA 'GET / HTTP/1.1\r\nHost: a\r\n\r\n' : http.request@request
< A                 : tcp.ack@wait
< PA 'HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n0123456789' : http.response_start@response
> A                 : tcp.ack@response
< PA '0123456789'   : http.response_end@response
> A                 : tcp.ack@wait
> FA                : tcp.fin@close
< FA                : tcp.fin_ack tcp.fin
> A                 : tcp.fin_ack
)"},
    {"Http2KnownBeforehand", R"(
> S  : tcp.syn
< SA : tcp.syn_ack
> A  : tcp.handshake_ack
> PA 'PRI * HT' : http.settings@request
> PA 'TP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00' : http.settings@request
> PA '\x00\x00\x03\x01\x05\x00\x00\x00\x01\x82\x86\x84\x00\x00\x03\x01\x04\x00\x00\x00\x03\x83\x86\x84' : http.request@request http.request@request
< PA '\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x01\x01\x04\x00\x00\x00\x01\x88\x00\x00\x05\x00\x00\x00\x00\x00\x01hello' : http.settings@request http.response_start@response
> PA '\x00\x00\x08\x06\x00\x00\x00\x00\x0012345678' : tcp.data@response
> PA '\x00\x00\x06\x00\x01\x00\x00\x00\x03posted' : http.request_end@request
< PA '\x00\x00\x04\x00\x01\x00\x00\x00\x01' : http.response_body@response
< PA 'bye.' : http.response_end@response
> A : tcp.ack@wait
< PA '\x00\x00\x01\x01\x05\x00\x00\x00\x03\x88' : http.response_start@response http.response_end@response
> A : tcp.ack@wait
)"},
    {"Http2OutOfOrder", R"(
> S  : tcp.syn
< SA : tcp.syn_ack
> A  : tcp.handshake_ack
> PA 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x03\x01\x05\x00\x00\x00\x01\x82\x86\x84' : http.settings http.request
< PA seq=20 '\x00\x00\x04\x00\x01\x00\x00\x00\x01late' : http.response_end@response
< PA seq=1 '\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x01\x01\x04\x00\x00\x00\x01\x88' : tcp.out_of_order http.settings http.response_start
)"},
    {"Http2BehindAnUpgrade", R"(
> S  : tcp.syn
< SA : tcp.syn_ack
> A  : tcp.handshake_ack
> PA 'GET / HTTP/1.1\r\nUpgrade: h2c\r\n\r\n' : http.request@request
< PA 'HTTP/1.1 101 X\r\nUpgrade: h2c\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00' : http.interim@wait http.settings@request
> A : tcp.ack@wait
> PA 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00' : http.settings@request
< PA '\x00\x00\x01\x01\x05\x00\x00\x00\x01\x88' : http.response_start@response http.response_end@response
> A : tcp.ack@wait
)"},
    {"Http2Snapped", R"(
> S  : tcp.syn
< SA : tcp.syn_ack
> A  : tcp.handshake_ack
> PA 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x03\x01\x05\x00\x00\x00\x01\x82\x86\x84' : http.settings http.request
< PA '\x00\x00\x01\x01\x04\x00\x00\x00\x01\x88\x00\x00\x0d\x00\x00\x00\x00\x00\x01not all of it' snap=20 : http.response_start@response
< PA '\x00\x00\x0d\x00\x01\x00\x00\x00\x01not all of it' snap=20 : http.response_end@response
)"},
    {"HttpOutOfOrder", R"(
> S                 : tcp.syn
< SA                : tcp.syn_ack
> A                 : tcp.handshake_ack
> PA seq=18 'Host: a\r\n\r\n' : http.request_end@request
> A seq=1 'GET / HTTP/1.1\r\nX' : tcp.out_of_order http.request@request
)"},
    {"HttpResponseOutOfOrder", R"(
> S                 : tcp.syn
< SA                : tcp.syn_ack
> A                 : tcp.handshake_ack
> PA 'GET / HTTP/1.1\r\n\r\n' : http.request
< A seq=49 len=10   : http.response_end
< A seq=39 len=10   : tcp.out_of_order http.response_body
< A seq=1 'HTTP/1.1 200 OK\r\nContent-Length:20\r\n\r\n' : tcp.out_of_order http.response_start
> A                 : tcp.ack
)"},
    {"HttpRetransmissionHasNoUpperPhase", R"(
> S                 : tcp.syn
< SA                : tcp.syn_ack
> A                 : tcp.handshake_ack
> PA 'GET / HTTP/1.1\r\n\r\n' : http.request
again 4 dt=200000   : tcp.retransmission@wait
< PA 'HTTP/1.1 204 No Content\r\n\r\n' : http.response_start http.response_end
again 6 dt=200000   : tcp.retransmission@wait
)"},
    {"HttpUntilTheConnectionCloses", R"(
> S                 : tcp.syn
< SA                : tcp.syn_ack
> A                 : tcp.handshake_ack
> PA 'GET / HTTP/1.0\r\n\r\n' : http.request
< PA 'HTTP/1.0 200 OK\r\n\r\n' : http.response_start
< A len=1000        : http.response_body
< A len=1000        : http.response_end
< FA                : tcp.fin
> FA                : tcp.fin_ack tcp.fin
< A                 : tcp.fin_ack
)"},
    {"BytesOnTheDnsPort", R"(
> S port=53         : tcp.syn
< SA port=53        : tcp.syn_ack
> A port=53         : tcp.handshake_ack
> PA port=53 len=9  : tcp.data
)"},
    {"WiresharkReadsAnotherProtocol", R"(
> S                 : tcp.syn
< SA                : tcp.syn_ack
> A                 : tcp.handshake_ack
> PA is=tls 'GET / HTTP/1.1\r\n\r\n' : tcp.data@other
< PA is=tls 'HTTP/1.1 200 OK\r\n\r\n' : tcp.data@other
)"},
    {"WiresharkContradictsTheBytesLater", R"(
> S                 : tcp.syn
< SA                : tcp.syn_ack
> A                 : tcp.handshake_ack
> A 'GET / HTTP/1.1\r\n' : http.request
> PA is=websocket 'Host: a\r\n\r\n' : tcp.data@other
< PA is=websocket 'HTTP/1.1 200 OK\r\n\r\n' : tcp.data@other
)"},
    {"WiresharkConfirmsTheBytes", R"(
> S                 : tcp.syn
< SA                : tcp.syn_ack
> A                 : tcp.handshake_ack
> PA is=http 'GET / HTTP/1.1\r\n\r\n' : http.request
< A 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n' : http.response_start
< PA is=http 'ok'   : http.response_end
)"},
    {"MirrorPort", R"(
> S                 : tcp.syn
copy 1 dt=3         : tcp.syn conn=1
< SA                : tcp.syn_ack
copy 3 dt=3         : tcp.syn_ack
> A                 : tcp.handshake_ack
copy 5 dt=3         : tcp.handshake_ack
> PA len=10         : tcp.data
copy 7 dt=3         : tcp.data
again 7 dt=200000   : tcp.retransmission
copy 9 dt=3         :                             # a copy shows its original without the trouble
< A win=0           : tcp.zero_window
copy 11 dt=3        :
)",
     false},
    {"RouterThatShowsBothSides", R"(
> S                 : tcp.syn
copy 1 routed dt=90 : tcp.syn conn=1
< SA                : tcp.syn_ack
copy 3 routed dt=90 : tcp.syn_ack
> A                 : tcp.handshake_ack
copy 5 routed dt=90 : tcp.handshake_ack
> PA len=10         : tcp.data
< A                 : tcp.ack                     # the same numbers as the next one, and nothing is outstanding
copy 7 routed dt=2000 : tcp.data
copy 8 routed dt=90 : tcp.ack
> PA len=10         : tcp.data
< A ack=11          : tcp.dup_ack
copy 12 routed dt=90 :
)",
     false},
    {"MirrorPortSeveralPacketsLater", R"(
> S                 : tcp.syn
< SA                : tcp.syn_ack
> A                 : tcp.handshake_ack
> A len=10          : tcp.data
> A len=10 dt=100   : tcp.data
> A len=10 dt=100   : tcp.data
copy 4 dt=5         : tcp.data
copy 5 dt=5         : tcp.data
copy 6 dt=5         : tcp.data
)",
     false},
    {"TapOfTwoPorts", R"(
> S if=0            : tcp.syn conn=1
< SA if=1           : tcp.syn_ack conn=1
> A if=0            : tcp.handshake_ack conn=1
> PA len=10 if=0    : tcp.data conn=1
< A if=1            : tcp.ack conn=1
< FA if=1           : tcp.fin conn=1
> FA if=0           : tcp.fin_ack tcp.fin conn=1
< A if=1            : tcp.fin_ack conn=1
> S if=0 isn=4711   : tcp.syn conn=2
< SA if=1           : tcp.syn_ack conn=2
> A if=0            : tcp.handshake_ack conn=2
)",
     false},
    {"TapOfTwoPortsFromTheMiddle", R"(
< PA len=10 if=1    : tcp.data conn=1
> A if=0            : tcp.ack conn=1
< FA if=1           : tcp.fin
> FA if=0           : tcp.fin_ack tcp.fin
< A if=1            : tcp.fin_ack conn=1
> S if=0 isn=4711   : tcp.syn conn=2
< SA if=1           : tcp.syn_ack conn=2
> A if=0            : tcp.handshake_ack conn=2
> PA len=10 if=0    : tcp.data conn=2
< A if=1            : tcp.ack conn=2
)",
     false},
    {"ASynElsewhereIsNoTap", R"(
> S if=0            : tcp.syn conn=1
< S if=1            : tcp.syn conn=2
)",
     false},
    {"NoTapAfterAll", R"(
> PA len=10 if=0    : tcp.data conn=1
< PA len=20 if=1    : tcp.data conn=1             # as a tap's other port would show it
> A if=1            : tcp.ack conn=2              # it shows both directions: a place of its own
< PA len=20 if=1    : tcp.data conn=2
< A if=0            : tcp.ack conn=1
)",
     false},
    {"NoTapWhereOneShowsBothWays", R"(
> S if=0            : tcp.syn conn=1
< SA if=0           : tcp.syn_ack conn=1
> A if=0            : tcp.handshake_ack conn=1
> S if=0 isn=4711   : tcp.syn conn=2
< SA if=1           : tcp.syn_ack conn=3
copy 5 if=0 dt=10000 : tcp.syn_ack conn=2
> A if=0            : tcp.handshake_ack conn=2
)",
     false},
    {"NoTapAfterAllOfTheFirst", R"(
> S if=0            : tcp.syn conn=1
< SA if=1           : tcp.syn_ack conn=1        # as a tap's other port would show it
copy 2 if=0 dt=10000 : tcp.syn_ack conn=1       # it was on its way to here
> A if=0            : tcp.handshake_ack conn=1
> PA len=10 if=0    : tcp.data conn=1
< A if=1            : tcp.ack conn=2
copy 6 if=0 dt=10000 : tcp.ack conn=1
)",
     false},
    {"TwoPlaces", R"(
> S if=0            : tcp.syn conn=1
copy 1 if=1 dt=10000 : tcp.syn conn=2
< SA if=1           : tcp.syn_ack conn=2
copy 3 if=0 dt=10000 : tcp.syn_ack conn=1
> A if=0            : tcp.handshake_ack conn=1
> PA if=0 len=10    : tcp.data conn=1
copy 5 if=1 dt=10000 : tcp.handshake_ack conn=2
copy 6 if=1         : tcp.data conn=2
< A if=1            : tcp.ack conn=2
copy 9 if=0 dt=10000 : tcp.ack conn=1
)",
     false},
    {"LostBetweenTwoPlaces", R"(
> PA len=10 if=0      : tcp.data conn=1
copy 1 if=1           : tcp.data conn=2
> PA len=10 if=0      : tcp.data conn=1            # lost on its way
again 3 if=0 dt=200000 : tcp.retransmission conn=1
copy 4 if=1           : tcp.data conn=2            # no retransmission where the first was never seen
)",
     false},
    {"Corrupted", R"(
> S                 : tcp.syn
< SA                : tcp.syn_ack
> A                 : tcp.handshake_ack
> PA len=10 far     :
> PA len=10         : tcp.data
< A                 : tcp.ack
)"},
    {"BehindMegabytesThatTheCaptureLacks", R"(
> S                 : tcp.syn
< SA                : tcp.syn_ack
> A                 : tcp.handshake_ack
> PA len=10         : tcp.data
> PA len=10 snap=0 seq=5000001 :                  # cut, so that nothing shows that it is not corrupted
> PA len=10 snap=0  : tcp.data                    # the second one that says the same
< A                 : tcp.ack
> PA len=10 snap=0  : tcp.data
> PA len=10 seq=9000001 : tcp.data                # its checksum is right
< A                 : tcp.ack
> PA len=10 far     :
> PA len=10         : tcp.data
)"},
    {"Snapped", R"(
> S                 : tcp.syn
< SA                : tcp.syn_ack
> A                 : tcp.handshake_ack
> PA 'GET / HTTP/1.1\r\nHost: a\r\n\r\n' : http.request
< A 'HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n' : http.response_start
< A snap=40 len=1000 : http.response_body
< PA snap=0 len=1000 : http.response_end
> A                 : tcp.ack@wait
)"},
};

}  // namespace humantime
