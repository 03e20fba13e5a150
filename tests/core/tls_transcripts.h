// SPDX-License-Identifier: GPL-2.0-or-later
// The situations that a TLS connection gets into, each as a transcript (see transcript.h, tls_notation.h).
#pragma once

#include "transcripts.h"

namespace humantime {

inline constexpr Situation tls_situations[] = {
    // --- handshakes, of which nothing is decrypted ------------------------------------------------------
    {"Tls12Full", R"(
server 443
> PA [CH(a.example;1.2)]              : tls.client_hello@ssl
< PA [SH(1.2)+Cert=900+SKE+SHD]       : tls.server_hello tls.certificate tls.server_key_exchange tls.server_hello_done
> PA [CKE CCS hs=40]                  : tls.client_key_exchange tls.change_cipher_spec tls.finished@ssl~
< PA [NST CCS hs=40]                  : tls.new_session_ticket tls.change_cipher_spec tls.finished~
> A                                   : tcp.ack@other
> PA [ad=150]                         : http.request@request~
< A                                   : tcp.ack@wait
< PA [ad=1000]                        : http.response_start@response~ http.response_end@response~
> A                                   : tcp.ack@response
> PA [ad=150]                         : http.request~
< PA [ad=500]                         : http.response_start~ http.response_end~
> PA [alert=26]                       : tls.close_notify@close~
> FA                                  : tcp.fin
< FA                                  : tcp.fin_ack tcp.fin
> A                                   : tcp.fin_ack
)"},
    {"Tls12SessionId", R"(
server 443
> PA [CH(a.example;1.2)]              : tls.client_hello
< PA [SH(1.2) CCS hs=40]              : tls.server_hello tls.change_cipher_spec tls.finished~
> PA [CCS hs=40 ad=200]               : tls.change_cipher_spec tls.finished~ http.request~
< PA [ad=100]                         : http.response_start~
)"},
    {"Tls12Ticket", R"(
server 443
> PA [CH(a.example;1.2)]              : tls.client_hello
< PA [SH(1.2)+NST=180 CCS hs=40]      : tls.server_hello tls.new_session_ticket tls.change_cipher_spec tls.finished~
> PA [CCS hs=40]                      : tls.change_cipher_spec tls.finished~
> A                                   : tcp.ack@other
)"},
    {"Tls12EachMessageASegment", R"(
server 443
> PA [CH(1.2)]                        : tls.client_hello
< A [SH(1.2)]                         : tls.server_hello
< A [Cert=3000] part=0-1400           : tcp.data@ssl
< A [Cert=3000] part=1400-2800        : tcp.data@ssl
< A [Cert=3000] part=2800-            : tls.certificate
< A [Status]                          : tls.certificate_status
< A [SKE]                             : tls.server_key_exchange
< A [CR]                              : tls.certificate_request
< PA [SHD]                            : tls.server_hello_done
> A [Cert=800]                        : tls.certificate
> A [CKE]                             : tls.client_key_exchange
> A [CV]                              : tls.certificate_verify
> A [CCS]                             : tls.change_cipher_spec
> PA [hs=40]                          : tls.finished~
< A [NST]                             : tls.new_session_ticket
< A [CCS]                             : tls.change_cipher_spec
< PA [hs=40]                          : tls.finished~
> A                                   : tcp.ack@other
)"},
    {"Tls12MessagesInManyRecords", R"(
server 443
> PA [(CH(1.2))/20]                   : tls.client_hello
< A [(SH(1.2)+Cert=2000+SHD)/500] part=0-600   : tls.server_hello
< A [(SH(1.2)+Cert=2000+SHD)/500] part=600-2000 : tcp.data
< PA [(SH(1.2)+Cert=2000+SHD)/500] part=2000- : tls.certificate tls.server_hello_done
> PA [CKE CCS hs=40]                  : tls.client_key_exchange tls.change_cipher_spec tls.finished~
)"},
    {"Tls12Renegotiation", R"(
server 443
> PA [CH(1.2)]                        : tls.client_hello
< PA [SH(1.2)+Cert=900+SHD]           : tls.server_hello tls.certificate tls.server_hello_done
> PA [CKE CCS hs=40]                  : tls.client_key_exchange tls.change_cipher_spec tls.finished~
< PA [CCS hs=40]                      : tls.change_cipher_spec tls.finished~
> PA [ad=200]                         : http.request~
< PA [hs=28]                          : tls.encrypted_handshake
> PA [hs=210]                         : tls.encrypted_handshake
< PA [hs=1200]                        : tls.encrypted_handshake
> PA [hs=900 CCS hs=40]               : tls.encrypted_handshake tls.change_cipher_spec tls.finished~
< PA [CCS hs=40]                      : tls.change_cipher_spec tls.finished~
< PA [ad=900]                         : http.response_start~
)"},
    {"Ssl3", R"(
server 443
> PA [CH(3.0)]                        : tls.client_hello
< PA [SH(3.0)+Cert=900+SHD]           : tls.server_hello tls.certificate tls.server_hello_done
> PA [CKE CCS hs=64]                  : tls.client_key_exchange tls.change_cipher_spec tls.finished~
< PA [CCS hs=64]                      : tls.change_cipher_spec tls.finished~
> PA [ad=150]                         : http.request~
)"},
    {"TlsHelloInShortRecords", R"(
server 443
> PA [CH(1.2)] is=tls part=0-10       : tcp.data
> PA [CH(1.2)] part=10-               : tls.client_hello
< PA [(SH(1.2)+SHD)/1]                : tls.server_hello tls.server_hello_done
)"},
    {"TlsPickedUpInShortRecords", R"(
server 443
< PA [(SKE=20)/1]                     : tls.server_key_exchange
< PA [(SHD)/3]                        : tls.server_hello_done
)"},
    {"Ssl2ClientHello", R"(
server 443
> PA [CH2]                            : tls.client_hello@ssl
< PA [SH(1.2)+Cert=900+SHD]           : tls.server_hello tls.certificate tls.server_hello_done
> PA [CKE CCS hs=64]                  : tls.client_key_exchange tls.change_cipher_spec tls.finished~
< PA [CCS hs=64]                      : tls.change_cipher_spec tls.finished~
> PA [ad=150]                         : http.request~
)"},
    {"Ssl2ClientHelloInPieces", R"(
server 443
> A [CH2] part=0-1                    : tcp.data
> A [CH2] part=1-3                    : tcp.data
> A [CH2] part=3-20                   : tcp.data
> PA [CH2] part=20-                   : tls.client_hello@ssl
< PA [SH(1.2)+Cert=900+SHD]           : tls.server_hello tls.certificate tls.server_hello_done
> PA [CKE CCS hs=64]                  : tls.client_key_exchange tls.change_cipher_spec tls.finished~
)"},
    {"Tls13Full", R"(
server 443
> PA [CH(a.example;h2;http/1.1)]      : tls.client_hello
< A [SH CCS ad=42 ad=900 ad=281]      : tls.server_hello tls.change_cipher_spec tls.encrypted_handshake
< PA [ad=53]                          : tls.encrypted_handshake@ssl tls.finished~
> PA [CCS ad=53]                      : tls.change_cipher_spec tls.encrypted_handshake tls.finished~
> PA [ad=100]                         : http.request@request~
< PA [ad=255]                         : tls.new_session_ticket~
< PA [ad=255]                         : tls.new_session_ticket~
< PA [ad=700]                         : http.response_start~ http.response_end~
< PA [ad=19]                          : tls.close_notify@close~
< FA                                  : tcp.fin
)"},
    {"Tls13HttpTwo", R"(
server 443
> PA [CH(a.example;h2;http/1.1)]      : tls.client_hello
< A [SH CCS ad=36 ad=900 ad=281]      : tls.server_hello tls.change_cipher_spec tls.encrypted_handshake
< PA [ad=53]                          : tls.encrypted_handshake tls.finished~
> PA [CCS ad=53]                      : tls.change_cipher_spec tls.encrypted_handshake tls.finished~
> PA [ad=100 ad=80]                   : tls.application_data@other
< PA [ad=255 ad=255]                  : tls.new_session_ticket~ tls.new_session_ticket~
< PA [ad=700]                         : tls.application_data
> PA [ad=19]                          : tls.close_notify@close~
> FA                                  : tcp.fin
)"},
    {"Tls13NoAlpnOnHttpsPort", R"(
server 8443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH ad=23 ad=900 ad=281 ad=53]   : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53 ad=100]                   : tls.encrypted_handshake tls.finished~ http.request~
)"},
    {"Tls13NoAlpnOnOtherPort", R"(
server 993
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH ad=23 ad=900 ad=281 ad=53]   : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53 ad=100]                   : tls.encrypted_handshake tls.finished~ tls.application_data
)"},
    {"Tls13OnlyHttpOneOffered", R"(
server 993
> PA [CH(a.example;http/1.1)]         : tls.client_hello
< PA [SH ad=1000 ad=53]               : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53 ad=100]                   : tls.encrypted_handshake tls.finished~ http.request~
)"},
    {"Tls13AnotherProtocolOffered", R"(
server 443
> PA [CH(a.example;imap)]             : tls.client_hello
< PA [SH ad=1000 ad=53]               : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53 ad=100]                   : tls.encrypted_handshake tls.finished~ tls.application_data
)"},
    {"Tls13ExtensionsOfUnknownLength", R"(
server 443
> PA [CH(a.example;h2;http/1.1;sized)] : tls.client_hello
< PA [SH ad=38 ad=900 ad=281 ad=53]   : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53 ad=100]                   : tls.encrypted_handshake tls.finished~ tls.application_data
)"},
    {"Tls13ServerSelectsNone", R"(
server 993
> PA [CH(a.example;h2;http/1.1)]      : tls.client_hello
< PA [SH ad=27 ad=900 ad=281 ad=53]   : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53 ad=100]                   : tls.encrypted_handshake tls.finished~ http.request~
)"},
    {"Tls13RetryRequest", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [HRR CCS]                        : tls.hello_retry_request tls.change_cipher_spec
> PA [CCS CH(a.example)]              : tls.change_cipher_spec tls.client_hello
< PA [SH ad=23 ad=900 ad=281 ad=53]   : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53 ad=100]                   : tls.encrypted_handshake tls.finished~ http.request~
)"},
    {"Tls13Psk", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH CCS ad=23 ad=53]             : tls.server_hello tls.change_cipher_spec tls.encrypted_handshake tls.finished~
> PA [CCS ad=53]                      : tls.change_cipher_spec tls.encrypted_handshake tls.finished~
> A                                   : tcp.ack@other
)"},
    {"Tls13Sha384", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH(1.3;1302) ad=23 ad=900 ad=281 ad=69] : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=69 ad=100]                   : tls.encrypted_handshake tls.finished~ http.request~
)"},
    {"Tls13ClientCertificate", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH ad=23 ad=60 ad=900 ad=281 ad=53] : tls.server_hello tls.encrypted_handshake tls.finished~
> A [ad=1100] part=0-1000             : tcp.data@ssl
> A [ad=1100] part=1000-              : tls.encrypted_handshake
> PA [ad=281 ad=53]                   : tls.encrypted_handshake tls.finished~
> PA [ad=100]                         : http.request~
< PA [ad=1600]                        : tls.new_session_ticket~
< PA [ad=1600]                        : tls.new_session_ticket~
< PA [ad=300]                         : http.response_start~
)"},
    {"Tls13WholeFlightInOneRecord", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH ad=1300]                     : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53 ad=100]                   : tls.encrypted_handshake tls.finished~ http.request~
)"},
    {"Tls13EarlyDataAccepted", R"(
server 443
> PA [CH(a.example;early) CCS ad=200] : tls.client_hello tls.change_cipher_spec tls.early_data http.request~
< PA [SH CCS ad=27 ad=53]             : tls.server_hello tls.change_cipher_spec tls.encrypted_handshake tls.finished~
< PA [ad=600]                         : http.response_start~ http.response_end~
> PA [ad=21 ad=53]                    : tls.encrypted_handshake tls.finished~
> PA [ad=200]                         : http.request~
)"},
    {"Tls13EarlyDataRejected", R"(
server 443
> PA [CH(a.example;early) ad=200]     : tls.client_hello tls.early_data http.request~
< PA [SH ad=23 ad=900 ad=281 ad=53]   : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53]                          : tls.encrypted_handshake tls.finished~
> PA [ad=200]                         : http.request~
< PA [ad=600]                         : http.response_start~
)"},
    {"Tls13EarlyDataRefusedByRetry", R"(
server 443
> PA [CH(a.example;early) CCS ad=200] : tls.client_hello tls.change_cipher_spec tls.early_data http.request~
< PA [HRR CCS]                        : tls.hello_retry_request tls.change_cipher_spec
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH ad=23 ad=900 ad=281 ad=53]   : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53 ad=200]                   : tls.encrypted_handshake tls.finished~ http.request~
)"},
    {"Tls13EarlyDataOfWhatever", R"(
server 993
> PA [CH(a.example;early) ad=200]     : tls.client_hello tls.early_data
< PA [SH ad=27 ad=53]                 : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=21 ad=53]                    : tls.encrypted_handshake tls.finished~
)"},

    // --- alerts -----------------------------------------------------------------------------------------
    {"TlsAlertInTheClear", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [alert(2,40)]                    : tls.alert@ssl
< FA                                  : tcp.fin
)"},
    {"TlsCloseNotifyInTheClear", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [alert(1,0)]                     : tls.close_notify@close
< FA                                  : tcp.fin
)"},
    {"Tls13ClientRefuses", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH ad=23 ad=900 ad=281 ad=53]   : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=19]                          : tls.alert~
> FA                                  : tcp.fin
)"},
    {"Tls13ServerRefuses", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH ad=23 ad=60 ad=900 ad=53]    : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=25 ad=53]                    : tls.encrypted_handshake tls.finished~
< PA [ad=19]                          : tls.alert@ssl~
< FA                                  : tcp.fin
)"},
    {"Tls12AlertThatIsAWarning", R"(
server 443
> PA [CH(1.2)]                        : tls.client_hello
< PA [SH(1.2) CCS hs=40]              : tls.server_hello tls.change_cipher_spec tls.finished~
> PA [CCS hs=40 ad=200]               : tls.change_cipher_spec tls.finished~ http.request~
< PA [alert=26]                       : tls.alert~
< PA [ad=900]                         : http.response_start~
)"},
    {"Tls13AlertSizedThatWasData", R"(
server 993
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH ad=23 ad=900 ad=281 ad=53]   : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53 ad=100]                   : tls.encrypted_handshake tls.finished~ tls.application_data
> PA [ad=19]                          : tls.application_data
> PA [ad=100]                         : tls.application_data
)"},
    {"TlsCloseNotifyWithoutAClose", R"(
server 443
> PA [CH(1.2)]                        : tls.client_hello
< PA [SH(1.2) CCS hs=40]              : tls.server_hello tls.change_cipher_spec tls.finished~
> PA [CCS hs=40]                      : tls.change_cipher_spec tls.finished~
< PA [alert=26]                       : tls.close_notify?~
)"},
    {"TlsCloseNotifyWithTheFin", R"(
server 443
> PA [CH(1.2)]                        : tls.client_hello
< PA [SH(1.2) CCS hs=40]              : tls.server_hello tls.change_cipher_spec tls.finished~
> PA [CCS hs=40]                      : tls.change_cipher_spec tls.finished~
< FPA [alert=26]                      : tls.close_notify@close~ tcp.fin
)"},
    {"TlsCloseNotifyThenReset", R"(
server 443
> PA [CH(1.2)]                        : tls.client_hello
< PA [SH(1.2) CCS hs=40]              : tls.server_hello tls.change_cipher_spec tls.finished~
> PA [CCS hs=40 ad=100]               : tls.change_cipher_spec tls.finished~ http.request~
< PA [ad=500]                         : http.response_start~ http.response_end~
> PA [alert=26]                       : tls.close_notify@close~
> R                                   : tcp.rst
)"},

    // --- what comes first in TLS 1.3, tickets or a short response ----------------------------------------
    {"NoTicket", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH ad=23 ad=53]                 : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53 ad=100]                   : tls.encrypted_handshake tls.finished~ http.request~
< PA [ad=900]                         : http.response_start~ http.response_end~
> PA [ad=100]                         : http.request~
)"},
    {"OneTicketThatIsAShortResponse", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH ad=23 ad=53]                 : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53 ad=100]                   : tls.encrypted_handshake tls.finished~ http.request~
< PA [ad=200]                         : http.response_start~ http.response_end~
> PA [ad=100]                         : http.request~
< PA [ad=200]                         : http.response_start~
)"},
    {"OneTicketOrAShortResponse", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH ad=23 ad=53]                 : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53 ad=100]                   : tls.encrypted_handshake tls.finished~ http.request~
< PA [ad=200]                         : tls.new_session_ticket?~
)"},
    {"OneTicketThatIsAShortResponseBeforeTheEnd", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH ad=23 ad=53]                 : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53 ad=100]                   : tls.encrypted_handshake tls.finished~ http.request~
< PA [ad=200]                         : http.response_start~ http.response_end~
< PA [ad=19]                          : tls.close_notify@close~
< FA                                  : tcp.fin
)"},
    {"OneShortRecordOfAnotherProtocol", R"(
server 993
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH ad=23 ad=53]                 : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53 ad=100]                   : tls.encrypted_handshake tls.finished~ tls.application_data
< PA [ad=200]                         : tls.application_data
> PA [ad=100]                         : tls.application_data
)"},
    {"OneTicketThenTheResponse", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH ad=23 ad=53]                 : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53 ad=100]                   : tls.encrypted_handshake tls.finished~ http.request~
< PA [ad=200 ad=300]                  : tls.new_session_ticket~ http.response_start~ http.response_end~
> PA [ad=100]                         : http.request~
)"},
    {"TicketBeforeTheRequest", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH ad=23 ad=53]                 : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53]                          : tls.encrypted_handshake tls.finished~
< PA [ad=255]                         : tls.new_session_ticket~
> PA [ad=100]                         : http.request~
< PA [ad=200]                         : http.response_start~ http.response_end~
> PA [ad=100]                         : http.request~
)"},
    {"FourTicketsThenAShortResponse", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH ad=23 ad=53]                 : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53 ad=100]                   : tls.encrypted_handshake tls.finished~ http.request~
< PA [ad=255 ad=255 ad=255 ad=255]    : tls.new_session_ticket~ tls.new_session_ticket~ tls.new_session_ticket~ tls.new_session_ticket~
< PA [ad=255]                         : http.response_start~ http.response_end~
> PA [ad=100]                         : http.request~
)"},
    {"TooLongForATicket", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH ad=23 ad=53]                 : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53 ad=100]                   : tls.encrypted_handshake tls.finished~ http.request~
< PA [ad=513]                         : http.response_start~
)"},

    // --- HTTP/1 by turns --------------------------------------------------------------------------------
    {"TurnsOverManySegments", R"(
server 443
> PA [CH(1.2)]                        : tls.client_hello
< PA [SH(1.2) CCS hs=40]              : tls.server_hello tls.change_cipher_spec tls.finished~
> PA [CCS hs=40]                      : tls.change_cipher_spec tls.finished~
> A [ad=4000] part=0-1400             : http.request@request~
> A [ad=4000] part=1400-2800          : http.request_body~
> A [ad=4000] part=2800-              : http.request_body~
> A [ad=1000]                         : http.request_body~
> PA [ad=500]                         : http.request_end@request~
< A                                   : tcp.ack@wait
< A [ad=300]                          : http.response_start~
< A [ad=4000] part=0-1400             : http.response_body~
< A [ad=4000] part=1400-2800          : http.response_body~
< PA [ad=4000] part=2800-             : http.response_end@response~
> A                                   : tcp.ack@response
> PA [ad=200]                         : http.request~
< A                                   : tcp.ack@wait
)"},
    {"TwoRequestsInOneSegmentAndPieces", R"(
server 443
> PA [CH(1.2)]                        : tls.client_hello
< PA [SH(1.2) CCS hs=40]              : tls.server_hello tls.change_cipher_spec tls.finished~
> PA [CCS hs=40 ad=300 ad=300]        : tls.change_cipher_spec tls.finished~ http.request~
< A [ad=300 ad=300] part=0-100        : http.response_start~
< A [ad=300 ad=300] part=100-307      : http.response_body~
< A [ad=300 ad=300] part=307-         : http.response_end~
> PA [ad=300]                         : http.request~
)"},
    {"ContinueSized12", R"(
server 443
> PA [CH(1.2)]                        : tls.client_hello
< PA [SH(1.2) CCS hs=40]              : tls.server_hello tls.change_cipher_spec tls.finished~
> PA [CCS hs=40 ad=300]               : tls.change_cipher_spec tls.finished~ http.request~
< PA [ad=49]                          : http.interim~
> PA [ad=1000]                        : http.request_end~
< PA [ad=300]                         : http.response_start~
)"},
    {"ContinueSized13", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH ad=23 ad=53]                 : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53 ad=100]                   : tls.encrypted_handshake tls.finished~ http.request~
< PA [ad=255 ad=255]                  : tls.new_session_ticket~ tls.new_session_ticket~
< PA [ad=42]                          : http.interim~
> PA [ad=1000]                        : http.request_end~
< PA [ad=300]                         : http.response_start~
)"},
    {"PipelinedInTheMiddleOfARecord", R"(
server 443
> PA [CH(1.2)]                        : tls.client_hello
< PA [SH(1.2) CCS hs=40]              : tls.server_hello tls.change_cipher_spec tls.finished~
> PA [CCS hs=40 ad=300]               : tls.change_cipher_spec tls.finished~ http.request~
< A [ad=4000] part=0-1400             : http.response_start~
> PA [ad=100]                         : http.request~
< PA [ad=4000] part=1400-             : http.response_end~
< PA [alert=26]                       : tls.close_notify@close~
< FA                                  : tcp.fin
)"},
    {"ResetInTheMiddle", R"(
server 443
> PA [CH(1.2)]                        : tls.client_hello
< PA [SH(1.2) CCS hs=40]              : tls.server_hello tls.change_cipher_spec tls.finished~
> PA [CCS hs=40 ad=300]               : tls.change_cipher_spec tls.finished~ http.request~
< A [ad=4000] part=0-1400             : http.response_start~
< A [ad=4000] part=1400-2800          : http.response_body~
> R                                   : tcp.rst
)"},
    {"ResetBehindARecord", R"(
server 443
> PA [CH(1.2)]                        : tls.client_hello
< PA [SH(1.2) CCS hs=40]              : tls.server_hello tls.change_cipher_spec tls.finished~
> PA [CCS hs=40 ad=300]               : tls.change_cipher_spec tls.finished~ http.request~
< A [ad=1000]                         : http.response_start~
< A [ad=1000]                         : http.response_end~
> R                                   : tcp.rst
)"},
    {"EndInTheMiddle", R"(
server 443
> PA [CH(1.2)]                        : tls.client_hello
< PA [SH(1.2) CCS hs=40]              : tls.server_hello tls.change_cipher_spec tls.finished~
> PA [CCS hs=40 ad=300]               : tls.change_cipher_spec tls.finished~ http.request~
< A [ad=1000]                         : http.response_start~
< A [ad=1000]                         : http.response_body@response?~
)"},
    {"ShortRecordsAreNoHttp", R"(
server 443
> PA [CH(1.2)]                        : tls.client_hello
< PA [SH(1.2) CCS hs=40]              : tls.server_hello tls.change_cipher_spec tls.finished~
> PA [CCS hs=40 ad=300]               : tls.change_cipher_spec tls.finished~ http.request~
< PA [ad=200]                         : http.response_start~ http.response_end~
> PA [ad=31]                          : tls.application_data@wait
< PA [ad=31]                          : tls.application_data
> PA [ad=300]                         : tls.application_data
)"},
    {"KeyUpdateSized", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH ad=23 ad=53]                 : tls.server_hello tls.encrypted_handshake tls.finished~
> PA [ad=53 ad=100]                   : tls.encrypted_handshake tls.finished~ http.request~
< PA [ad=1000 ad=22]                  : http.response_start~ http.response_end~
> PA [ad=22]                          : tls.key_update~
> PA [ad=100]                         : http.request~
)"},
    {"NothingIsSaidOfHttpTwo", R"(
server 443
> PA [CH(1.2;h2;http/1.1)]            : tls.client_hello
< PA [SH(1.2;h2) CCS hs=40]           : tls.server_hello tls.change_cipher_spec tls.finished~
> A [ad=3000] part=0-1400             : tcp.data
> PA [ad=3000] part=1400-             : tls.application_data
)"},

    // --- what was decrypted -----------------------------------------------------------------------------
    {"Decrypted13", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< A [SH CCS Dhs(EE+Cert=900) Dhs(CV+Fin=32)] part=0-500 : tls.server_hello tls.change_cipher_spec
< PA [SH CCS Dhs(EE+Cert=900) Dhs(CV+Fin=32)] part=500- : tls.encrypted_extensions tls.certificate tls.certificate_verify tls.finished@ssl
> PA [CCS Dhs(Fin=32) D"GET / HTTP/1.1\r\n\r\n"] : tls.change_cipher_spec tls.finished http.request@request
< A                                   : tcp.ack@wait
< PA [Dhs(NST) Dhs(NST)]              : tls.new_session_ticket tls.new_session_ticket
< PA [D"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"] : http.response_start@response http.response_end@response
> A                                   : tcp.ack@wait
> PA [Dhs(KU)]                        : tls.key_update
> PA [Dalert(1,0)]                    : tls.close_notify@close
> FA                                  : tcp.fin
)"},
    {"Decrypted12", R"(
server 443
> PA [CH(a.example;1.2)]              : tls.client_hello
< PA [SH(1.2)+Cert=900+SHD]           : tls.server_hello tls.certificate tls.server_hello_done
> PA [CKE CCS Ehs(Fin=12)]            : tls.client_key_exchange tls.change_cipher_spec tls.finished
< PA [CCS Ehs(Fin=12)]                : tls.change_cipher_spec tls.finished
> PA [E"GET / HTTP/1.1\r\n\r\n"]      : http.request
< PA [E"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"] : http.response_start http.response_end
< PA [Ealert(1,0)]                    : tls.close_notify@close
< FA                                  : tcp.fin
)"},
    {"DecryptedEarlyData", R"(
server 443
> PA [CH(a.example;early) D"GET / HTTP/1.1\r\n\r\n"] : tls.client_hello tls.early_data http.request
< PA [SH Dhs(EE) Dhs(Fin=32)]         : tls.server_hello tls.encrypted_extensions tls.finished
> PA [Dhs(EOED) Dhs(Fin=32)]          : tls.end_of_early_data tls.finished
< PA [D"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"] : http.response_start http.response_end
)"},
    {"DecryptedMessagesAcrossRecords", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH Dhs(EE+Fin=32)]              : tls.server_hello tls.encrypted_extensions tls.finished
> PA [Dhs(Fin=32)]                    : tls.finished
> A [D"GET / HTTP/1.1\r\nHo"]         : http.request@request
> A [D"st: a\r\nContent-Length: 4\r\n\r\nab"] : http.request_body
> PA [D"cdGET /b HTTP/1.1\r\n"]       : http.request_end http.request
> PA [D"\r\n"]                        : http.request_end
< PA [D"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc" D"defHTTP/1.1 404 No\r\n" D"Content-Length: 0\r\n\r\n"] : http.response_start http.response_end http.response_start http.response_end
)"},
    {"DecryptedTooLittleToTell", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH Dhs(EE+Fin=32)]              : tls.server_hello tls.encrypted_extensions tls.finished
> PA [Dhs(Fin=32)]                    : tls.finished
> A [D"G"]                            : http.request
> PA [D"ET / HTTP/1.1\r\n\r\n"]       : http.request_end
< A [D"HT"]                           : http.response_start
< A [D"TP/1.1 204 No\r\n\r\n"]        : http.response_end
)"},
    {"DecryptedRecordOverManySegments", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH Dhs(EE+Fin=32)]              : tls.server_hello tls.encrypted_extensions tls.finished
> PA [Dhs(Fin=32)]                    : tls.finished
> A [D"GET / HTTP/1.1\r\nContent-Length: 40\r\n\r\n0123456789012345678901234567890123456789"] part=0-20 : http.request@request
> A [D"GET / HTTP/1.1\r\nContent-Length: 40\r\n\r\n0123456789012345678901234567890123456789"] part=20-60 : http.request_body
> A [D"GET / HTTP/1.1\r\nContent-Length: 40\r\n\r\n0123456789012345678901234567890123456789"] part=60-95 : http.request_body
> A [D"GET / HTTP/1.1\r\nContent-Length: 40\r\n\r\n0123456789012345678901234567890123456789"] part=95- : http.request_end
< PA [D"HTTP/1.1 204 No\r\n\r\n"]     : http.response_start http.response_end
)"},
    {"DecryptedRecordThatEndsInItsTag", R"(
server 443
> PA [CH(a.example;1.2) CCS Ehs(Fin=12)] : tls.client_hello tls.change_cipher_spec tls.finished
> A [E"GET / HTTP/1.1\r\n\r\n"] part=0-10 : tcp.data
> A [E"GET / HTTP/1.1\r\n\r\n"] part=10-32 : http.request
> A [E"GET / HTTP/1.1\r\n\r\n"] part=32- : http.request_end
)"},
    {"DecryptedDnsOverTls", R"(
server 853
> PA [CH(a.example;dot)]              : tls.client_hello
< PA [SH Dhs(EE) Dhs(Fin=32)]         : tls.server_hello tls.encrypted_extensions tls.finished
> PA [Dhs(Fin=32)]                    : tls.finished
> PA [D"\0\x1d\0\x01\x01\0\0\x01\0\0\0\0\0\0\x03www\x07example\0\0\x01\0\x01"] is=tls+dns : dns.query
)"},
    {"KeysInTheMiddle", R"(
server 443
> PA [CH(a.example;1.2)]              : tls.client_hello
< PA [SH(1.2) CCS hs=40]              : tls.server_hello tls.change_cipher_spec tls.finished~
> PA [CCS hs=40 ad=150]               : tls.change_cipher_spec tls.finished~ http.request~
< PA [ad=500]                         : http.response_start~ http.response_end~
> PA [E"GET / HTTP/1.1\r\n\r\n"]      : http.request~
< PA [E"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"] : http.response_start http.response_end
> PA [E"GET / HTTP/1.1\r\n\r\n"]      : http.request
)"},
    {"KeysInTheMiddleOfARecord", R"(
server 443
> PA [CH(a.example;1.2)]              : tls.client_hello
< PA [SH(1.2) CCS hs=40]              : tls.server_hello tls.change_cipher_spec tls.finished~
> PA [CCS hs=40]                      : tls.change_cipher_spec tls.finished~
> A [E"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n123456789"] part=0-40 : http.request~
< PA [E"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"] : http.response_start~ http.response_end~
> A [E"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n123456789"] part=40-60 : tcp.data
> A [E"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n123456789"] part=60- : tcp.data
> PA [E"GET / HTTP/1.1\r\n\r\n"]      : http.request
)"},
    {"NotDecryptedAfterThePieceOfARecord", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH Dhs(EE+Fin=32)]              : tls.server_hello tls.encrypted_extensions tls.finished
> PA [Dhs(Fin=32)]                    : tls.finished
> A [D"GET / HTTP/1.1\r\nHost: a\r\n" ad=50] part=0-60 : http.request
> A [D"GET / HTTP/1.1\r\nHost: a\r\n" ad=50] part=60- : http.request_body?~
)"},
    {"NotDecryptedAnyMore", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH Dhs(EE+Fin=32)]              : tls.server_hello tls.encrypted_extensions tls.finished
> PA [Dhs(Fin=32)]                    : tls.finished
> PA [D"GET / HTTP/1.1\r\n\r\n"]      : http.request
< A [D"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello"] : http.response_start
< A [ad=100]                          : http.response_body~
< A [ad=400] part=0-200               : http.response_body@response~
< A [ad=400] part=200-                : http.response_end~
> PA [ad=100]                         : http.request~
)"},
    {"DecryptedNothing", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH Dhs(EE+Fin=32)]              : tls.server_hello tls.encrypted_extensions tls.finished
> PA [Dhs(Fin=32)]                    : tls.finished
> PA [D"" D"GET / HTTP/1.1\r\n\r\n"]  : tls.application_data http.request
)"},

    // --- segments ---------------------------------------------------------------------------------------
    {"TlsOutOfOrder", R"(
server 993
> S                                   : tcp.syn
< SA                                  : tcp.syn_ack
> A                                   : tcp.handshake_ack
> PA [CH(1.2)] hold                   :
> PA [CCS hs=40]                      : tls.change_cipher_spec tls.finished~
released                              : tcp.out_of_order tls.client_hello
< A [SH(1.2) Cert=3000] part=0-1400   : tls.server_hello
< A [SH(1.2) Cert=3000] part=1400-2800 hold :
< A [SH(1.2) Cert=3000] part=2800-    : tcp.data
released                              : tcp.out_of_order tls.certificate
< A [CCS] hold                        :
< A [hs=40] hold                      :
< A [ad=300]                          : tls.application_data
released                              : tcp.out_of_order tls.change_cipher_spec
released                              : tcp.out_of_order tls.finished~
)"},
    {"DecryptedOutOfOrder", R"(
server 443
> PA [CH(a.example)]                  : tls.client_hello
< PA [SH Dhs(EE+Fin=32)]              : tls.server_hello tls.encrypted_extensions tls.finished
> PA [Dhs(Fin=32)]                    : tls.finished
> PA [D"GET / HTTP/1.1\r\n\r\n"]      : http.request
< A [D"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"] part=0-30 : http.response_start
< A [D"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"] part=30- hold : 
< A [D"world"]                        : http.response_end
released                              : tcp.out_of_order http.response_body
)"},
    {"TlsLostInTheCapture", R"(
server 443
> PA [CH(1.2)]                        : tls.client_hello
< PA [SH(1.2)+Cert=900+SHD]           : tls.server_hello tls.certificate tls.server_hello_done
> PA [CKE CCS hs=40]                  : tls.client_key_exchange tls.change_cipher_spec tls.finished~
< PA [CCS hs=40]                      : tls.change_cipher_spec tls.finished~
> PA [ad=200]                         : http.request~
< A [ad=4000] part=0-1400             : http.response_start~
< A [ad=4000] part=1400-2800 lost     :
< A [ad=4000] part=2800-              : http.response_body~
> A                                   : tcp.ack
< A [ad=300]                          : http.response_body~
> A                                   : tcp.ack
< A [ad=300]                          : http.response_body~
> A                                   : tcp.ack
< A [ad=300]                          : http.response_end~
> PA [ad=200]                         : http.request~
)"},
    {"TlsHandshakeLostInTheCapture", R"(
server 443
> PA [CH(1.2)]                        : tls.client_hello
< A [SH(1.2) (Cert=4000)/1000] part=0-1400 : tls.server_hello
< A [SH(1.2) (Cert=4000)/1000] part=1400-4000 lost :
< A [SH(1.2) (Cert=4000)/1000] part=4000- : tcp.data?
< A [SKE]                             : tls.server_key_exchange
< A [SHD]                             : tls.server_hello_done
> A                                   : tcp.ack
> PA [CKE]                            : tls.client_key_exchange
> PA [CCS]                            : tls.change_cipher_spec
> PA [hs=40]                          : tls.finished~
)"},
    {"TlsEndOfARecordLost", R"(
server 443
> PA [CH(1.2)]                        : tls.client_hello
< A [SH(1.2)]                         : tls.server_hello
< A [Cert=900] part=0-400             : tcp.data
< A [Cert=900] part=400- lost         :
< A [SHD]                             : tls.server_hello_done
> A                                   : tcp.ack
< A [CCS] part=0-5                    : tcp.data?
< A [CCS] part=5- lost                :
< A [hs=40]                           : tls.finished~
> A                                   : tcp.ack
< A [ad=300]                          : http.response_start~
< A [ad=300]                          : http.response_body~
< A [ad=300]                          : http.response_body?~
)"},
    {"TlsSnapped", R"(
server 443
> PA [CH(1.2)]                        : tls.client_hello
< PA [SH(1.2) Cert=900 SHD] snap=200  : tls.server_hello tls.certificate
> PA [CKE CCS hs=40] snap=100         : tls.client_key_exchange tls.change_cipher_spec tls.finished~
< PA [CCS hs=40]                      : tls.change_cipher_spec tls.finished~
> PA [ad=200] snap=60                 : http.request~
< A [ad=3000] part=0-1400 snap=60     : http.response_start~
< A [ad=3000] part=1400- snap=60      : http.response_end~
> PA [ad=200] snap=60                 : http.request~
)"},
    {"TlsSnappedClientHello", R"(
server 443
> A [CH(a.example;http/1.1)] part=0-60 snap=40 : tcp.data
> PA [CH(a.example;http/1.1)] part=60- : tls.client_hello
< PA [SH ad=30]                       : tls.server_hello tls.encrypted_handshake
)"},
    {"TlsPickedUpInTheMiddle", R"(
server 443
> PA [ad=200]                         : tls.application_data
< A [ad=3000] part=0-1400             : tcp.data
< A [ad=3000] part=1400-              : tls.application_data
> PA [hs=40]                          : tls.encrypted_handshake
> PA [alert=26]                       : tls.close_notify@close~
> FA                                  : tcp.fin
)"},
    {"TlsPickedUpAtTheFinished", R"(
server 443
> PA [hs=40]                          : tcp.data
< PA [CCS hs=40]                      : tls.change_cipher_spec tls.finished~
> PA [ad=200]                         : tls.application_data
)"},
    {"TlsPickedUpInTheHandshake", R"(
server 443
< PA [SKE]                            : tls.server_key_exchange
< PA [SHD]                            : tls.server_hello_done
> PA [CKE CCS hs=40]                  : tls.client_key_exchange tls.change_cipher_spec tls.finished~
)"},
    {"TlsPickedUpInTheMiddleOfARecord", R"(
server 443
< A [raw=500 ad=200]                  : tls.application_data
> PA [raw=400]                        : tcp.data
> PA [ad=200]                         : tls.application_data
< A [ad=200 raw=9 ad=100]             : tls.application_data
)"},
    {"TlsRetransmitted", R"(
server 443
> PA [CH(1.2)]                        : tls.client_hello
again 1 dt=200000                     : tcp.retransmission
< PA [SH(1.2) CCS hs=40]              : tls.server_hello tls.change_cipher_spec tls.finished~
> PA [CCS hs=40 ad=200]               : tls.change_cipher_spec tls.finished~ http.request~
again 4 dt=200000                     : tcp.retransmission
)"},

    // --- which protocol ---------------------------------------------------------------------------------
    {"TlsBehindConnect", R"(
> PA 'CONNECT a.example:443 HTTP/1.1\r\n\r\n' is=http : http.request http.tunnel
< PA 'HTTP/1.1 200 OK\r\n\r\n' is=http : http.response_start http.response_end
> PA [CH(a.example;1.2;http/1.1)]     : tls.client_hello
< PA [SH(1.2;http/1.1) CCS hs=40]     : tls.server_hello tls.change_cipher_spec tls.finished~
> PA [CCS hs=40 ad=100]               : tls.change_cipher_spec tls.finished~ http.request~
)"},
    {"TlsBehindStartTls", R"(
server 25
< PA '220 a.example\r\n' is=smtp     : tcp.data
> PA 'STARTTLS\r\n' is=smtp          : tcp.data
< PA '220 Go\r\n' is=smtp            : tcp.data
> PA [CH(a.example;1.2)]              : tls.client_hello
< PA [SH(1.2) CCS hs=40]              : tls.server_hello tls.change_cipher_spec tls.finished~
> PA [CCS hs=40]                      : tls.change_cipher_spec tls.finished~
> PA [ad=100]                         : tls.application_data
)"},
    {"WiresharkSaysItIsNoTls", R"(
server 443
> PA [CH(a.example;1.2)] is=smtp      : tcp.data
< PA [SH(1.2) CCS hs=40] is=smtp      : tcp.data
)"},
    {"WiresharkSaysLaterThatItIsNoTls", R"(
server 443
> A [CH(a.example;1.2)] is=none       : tls.client_hello
< PA [SH(1.2) CCS hs=40] is=smtp      : tcp.data
> PA [ad=100] is=smtp                 : tcp.data
)"},
    {"TlsAtTwoPlaces", R"(
server 443
> PA [CH(a.example)] if=0             : tls.client_hello conn=1
copy 1 if=1 dt=10000                  : tls.client_hello conn=2
< PA [SH Dhs(EE) Dhs(Fin=32)] if=1    : tls.server_hello tls.encrypted_extensions tls.finished conn=2
copy 3 if=0 dt=10000                  : tls.server_hello tls.encrypted_extensions tls.finished conn=1
> PA [Dhs(Fin=32) D"GET / HTTP/1.1\r\n\r\n"] if=0 : tls.finished http.request conn=1
copy 5 if=1 dt=10000                  : tls.finished http.request conn=2
< PA [D"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"] if=1 : http.response_start http.response_end conn=2
copy 7 if=0 dt=10000                  : http.response_start http.response_end conn=1
)",
     false},
};

}  // namespace humantime
