#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records handshakes that record-tls-kinds.py does not: tickets refused and renewed, keys shared beforehand, certificates that were asked for and not
given, renegotiations, False Start. All at the client's end.

What the programs printed of each handshake is in the truth (`handshakes`), and must be what was meant.
"""
import ctypes
import functools
import re
import socket
import time

import gnutls
from internet import SERVER
from recorder import capture, main
from tls import FETCH, FINISHED, FROM_CLIENT, FROM_SERVER, HELLOS, NAME, PLAIN, WORDS, Home, agreed_by_s_client, request

NGINX = ("openssl", "nginx", "dnsmasq")
S_SERVER = ("openssl", "dnsmasq")
GNUTLS = ("libgnutls30", "nginx", "dnsmasq")
GET = request("/small", "Connection: close")
TICKET_SHOWN = {"ticket in the ClientHello": "tls.handshake.type == 1 && tls.handshake.extension.type == 35 && tls.handshake.extension.len > 100"}
NEW_TICKET = {"NewSessionTicket": "tls.handshake.type == 4"}
ENCRYPTED = {"encrypted handshake message": "tls.record.content_type == 22 && !tls.handshake.type"}


def said_of(text):
    """What s_client prints of a handshake: `Reused, TLSv1.2, Cipher is …`, `Verification: OK`, `Early data was not sent`."""
    session, protocol, cipher = re.search(r"^(New|Reused), (\S+), Cipher is (\S+)", text, re.M).groups()
    lines = {"verification": r"^Verification: (.+)$", "early_data": r"^(Early data was .+)$", "asked": r"^(Acceptable client certificate CA names|No client certificate CA names sent)$"}
    found = {key: re.search(pattern, text, re.M) for key, pattern in lines.items()}
    return {"session": session, "protocol": protocol, "cipher": cipher, **{key: match[1] for key, match in found.items() if match}}


def expect(said, **wanted):
    for key, value in wanted.items():
        if said.get(key) != value:
            raise RuntimeError(f"the client says {key}: {said.get(key)}, not {value}")
    return said


def other_ticket_keys(before, after, session, capture):
    """Two connections; between them the server is started again with other keys for its tickets."""
    with Home() as home:
        for key in "ab":
            (home.folder / f"ticket-{key}.key").write_bytes(bytes([ord(key)]) * 80)

        def settings(keys):
            return "ssl_session_cache off; " + " ".join(f"ssl_session_ticket_key {home.folder}/ticket-{key}.key;" for key in keys)

        server = home.nginx("tls12", settings(before))
        file, said = home.folder / "session", []
        with capture.tcpdump(home.client) as raw:
            said.append(said_of(home.s_client("-alpn", "http/1.1", "-sess_out", file, script=(0.3, GET, 0.5))))
            server.terminate()
            server.wait()
            configuration = home.server.folder / "nginx.conf"
            configuration.write_text(configuration.read_text().replace(settings(before), settings(after)))
            home.server.spawn("nginx", "-c", configuration, "-p", home.server.folder)
            home.server.wait_listening(443)
            said.append(said_of(home.s_client("-alpn", "http/1.1", "-sess_in", file, script=(0.3, GET, 0.5))))
        expect(said[0], session="New")
        expect(said[1], session=session)
        home.truth(capture, raw, handshakes=said)


capture("tls12-ticket-refused", "TLS 1.2: the server cannot read the ticket of the second connection any more: a full handshake, and another ticket",
        {**PLAIN["tls12"], **TICKET_SHOWN, **NEW_TICKET}, NGINX, FETCH)(functools.partial(other_ticket_keys, "a", "b", "New"))
capture("tls12-ticket-renewed", "TLS 1.2: the server takes the ticket of the second connection, and gives another one, for its key is no longer in use",
        {**PLAIN["tls12"], **TICKET_SHOWN, "NewSessionTicket before the server's Finished": f"tls.handshake.type == 4 && tls.handshake.type == 2 && {FROM_SERVER}"},
        NGINX, FETCH)(functools.partial(other_ticket_keys, "a", "ba", "Reused"))


@capture("tls13-external-psk", "TLS 1.3 with a key that both sides were given beforehand, and no certificate", {
    **PLAIN["tls13"], "a key without a ticket's age": "tls.handshake.extensions.psk.identity.obfuscated_ticket_age == 0",
    "taken by the server": "tls.handshake.type == 2 && tls.handshake.extension.type == 41"}, S_SERVER, FINISHED)
def external_psk(capture):
    with Home() as home:
        key = ("-psk", "6162636465666768696a6b6c6d6e6f707172737475767778797a303132333435")
        home.s_server("-tls1_3", "-nocert", *key)
        with capture.tcpdump(home.client) as raw:
            text = home.s_client(*key, script=(0.3, "hello\n", 0.3))
        home.truth(capture, raw, agreed_by_s_client(text), handshakes=[expect(said_of(text), session="Reused", protocol="TLSv1.3")])


@capture("tls13-hrr-psk", "TLS 1.3: a second connection resumes the session, and the server wants another group (HelloRetryRequest) for both", {
    **PLAIN["tls13"], "taken by the server": "tls.handshake.type == 2 && tls.handshake.extension.type == 41",
    "HelloRetryRequest": "tls.handshake.random == cf:21:ad:74:e5:9a:61:11:be:1d:8c:02:1e:65:b8:91:c2:a2:11:16:7a:bb:8c:5e:07:9e:09:e2:c8:a8:33:9c"},
         NGINX, FETCH)
def retry_of_a_resumption(capture):
    with Home() as home:
        home.nginx("tls13", "ssl_ecdh_curve secp384r1;")
        session, said = home.folder / "session", []
        with capture.tcpdump(home.client) as raw:
            for file in ("-sess_out", "-sess_in"):
                said.append(said_of(home.s_client("-alpn", "http/1.1", "-groups", "X25519:P-384", file, session, script=(0.3, GET, 0.5))))
        expect(said[0], session="New")
        expect(said[1], session="Reused")
        home.truth(capture, raw, handshakes=said)


def no_client_certificate(version, capture):
    with Home() as home:
        home.nginx(version, f"ssl_verify_client optional; ssl_client_certificate {home.root}; ssl_verify_depth 2;")
        with capture.tcpdump(home.client) as raw:
            text = home.s_client("-alpn", "http/1.1", script=(0.3, GET, 0.5))
        home.truth(capture, raw, handshakes=[expect(said_of(text), session="New", asked="Acceptable client certificate CA names")])


ASKED = {"CertificateRequest": "tls.handshake.type == 13", "Certificate of the client, empty": f"tls.handshake.certificates_length == 0 && {FROM_CLIENT}"}
for version, plain, decrypted in (("tls12", ASKED, {}), ("tls13", {}, ASKED)):
    capture(f"{version}-no-client-certificate", f"{WORDS[version]}: the server asks for a certificate, and the client has none", {**PLAIN[version], **plain}, NGINX,
            {**FETCH, **decrypted})(functools.partial(no_client_certificate, version))


def renegotiation_by_the_server(by, *options, capture):
    """s_server sends a HelloRequest (`r`); s_client answers by resuming the session that it is in."""
    with Home() as home:
        server = home.s_server("-tls1_2", *options)
        with capture.tcpdump(home.client) as raw:
            client = home.client.spawn("openssl", "s_client", "-connect", f"{NAME}:443", "-4", "-servername", NAME, "-CAfile", home.root, "-keylogfile", home.keys,
                                       *options, stdin=-1)
            time.sleep(0.5)
            server.stdin.write(b"r\n")
            server.stdin.flush()
            time.sleep(0.5)
            client.stdin.write(b"hello\n")
            client.stdin.close()
            client.wait(20)
        text = client.log.read_text(errors="replace")
        home.truth(capture, raw, agreed_by_s_client(text), handshakes=[expect(said_of(text), session="New"), {"asked_by": "server", "session": "Reused", "resumed_by": by}])


RESUMED_INSIDE = {**FINISHED, "HelloRequest": "tls.handshake.type == 0", "second ClientHello": "tls.handshake.type == 1 && tls.handshake.extensions_reneg_info_len > 0"}
capture("tls12-renegotiation-resumed", "TLS 1.2: the server asks for a renegotiation, and the session is resumed by its ticket: an abbreviated handshake within the connection",
        {**PLAIN["tls12"], **ENCRYPTED}, S_SERVER, RESUMED_INSIDE)(functools.partial(renegotiation_by_the_server, "ticket"))
capture("tls12-renegotiation-session-id", "TLS 1.2: the server asks for a renegotiation, and the session is resumed by its ID: an abbreviated handshake within the connection",
        {**PLAIN["tls12"], **ENCRYPTED}, S_SERVER, RESUMED_INSIDE)(functools.partial(renegotiation_by_the_server, "session_id", "-no_ticket"))


@capture("tls12-renegotiation-refused", "TLS 1.2: the client asks for a renegotiation, and the server refuses", {**HELLOS, **ENCRYPTED}, S_SERVER, {
    **FINISHED, "alert of the server": f"tls.alert_message.desc == 100 && {FROM_SERVER}"})
def renegotiation_refused(capture):
    with Home() as home:
        home.s_server("-tls1_2", "-no_renegotiation")
        with capture.tcpdump(home.client) as raw:
            text = home.s_client(script=(0.3, "R\n", 0.5))
        if "no renegotiation" not in text:
            raise RuntimeError(f"the client does not say that it was refused: {text[-400:]}")
        home.truth(capture, raw, agreed_by_s_client(text), handshakes=[said_of(text), {"asked_by": "client", "alert": "no_renegotiation"}])


@capture("tls12-false-start", "TLS 1.2 with False Start: the client's request goes with its Finished, before the server's has come", {
    **PLAIN["tls12"], "request before the server's Finished": f"tls.record.content_type == 23 && {FROM_CLIENT}"}, GNUTLS, FETCH)
def false_start(capture):
    def fetch():
        client = gnutls.Client(SERVER, 443, NAME, home.keys, flags=gnutls.FALSE_START)
        client.handshake()
        if not client.false_start:
            raise RuntimeError("GnuTLS says that it did no False Start")
        client.send(GET)
        while client.receive():
            pass
        client.bye()

    with Home() as home:
        home.nginx("tls12", "ssl_session_tickets off;")
        with capture.tcpdump(home.client) as raw:
            home.client.call(fetch).join()
        home.truth(capture, raw, handshakes=[{"session": "New", "protocol": "TLSv1.2", "false_start": True}])


@capture("tls12-renegotiation-by-client-resumed", "TLS 1.2: the client renegotiates and resumes the session that it is in: an abbreviated handshake within the connection", {
    **PLAIN["tls12"], **ENCRYPTED}, S_SERVER, {
        **FINISHED, "second ClientHello": "tls.handshake.type == 1 && tls.handshake.extensions_reneg_info_len > 0"})
def renegotiation_by_the_client_resumed(capture):
    """s_client's `R` would make a session of its own."""
    def renegotiate():
        ssl = ctypes.CDLL("libssl.so.3")
        for function in ("TLS_client_method", "SSL_CTX_new", "SSL_new"):
            getattr(ssl, function).restype = ctypes.c_void_p
        connection = socket.create_connection((SERVER, 443))
        session = ctypes.c_void_p(ssl.SSL_new(ctypes.c_void_p(ssl.SSL_CTX_new(ctypes.c_void_p(ssl.TLS_client_method())))))
        steps = [ssl.SSL_set_fd(session, connection.fileno()), ssl.SSL_connect(session), ssl.SSL_renegotiate_abbreviated(session), ssl.SSL_do_handshake(session),
                 ssl.SSL_session_reused(session), ssl.SSL_write(session, b"hello\n", 6)]
        if steps != [1, 1, 1, 1, 1, 6]:
            raise RuntimeError(f"OpenSSL says {steps}")
        time.sleep(0.2)
        ssl.SSL_shutdown(session)
        connection.close()

    with Home() as home:
        home.s_server("-tls1_2", "-client_renegotiation", "-keylogfile", home.keys)
        with capture.tcpdump(home.client) as raw:
            home.client.call(renegotiate).join()
        home.truth(capture, raw, [], handshakes=[{"session": "New"}, {"asked_by": "client", "session": "Reused", "resumed_by": "ticket"}])


@capture("tls12-renegotiation-alert", "TLS 1.2: NSS's client sends data in the middle of a renegotiation, and OpenSSL's server ends the connection with an alert", {
    **PLAIN["tls12"], **ENCRYPTED}, ("libnss3-tools", "openssl", "dnsmasq"), {
        **FINISHED, "second ClientHello": "tls.handshake.type == 1 && tls.handshake.extensions_reneg_info_len > 0",
        "alert of the server": f"tls.alert_message.desc == 10 && {FROM_SERVER}"})
def renegotiation_alert(capture):
    with Home() as home:
        home.s_server("-tls1_2", "-client_renegotiation", "-HTTP", "-keylogfile", home.keys)
        asked = home.folder / "asked"
        asked.write_text(f"GET /reply HTTP/1.0\r\nHost: {NAME}\r\n\r\n")
        with capture.tcpdump(home.client) as raw:
            result = home.client.run("tstclnt", "-h", NAME, "-4", "-p", "443", "-D", "-o", "-v", "-V", "tls1.2:tls1.2", "-A", asked, "-r", "2", check=False)
        if b"SSL_ERROR_HANDSHAKE_UNEXPECTED_ALERT" not in result.stderr:
            raise RuntimeError("NSS does not say that it was refused")
        home.truth(capture, raw, [], handshakes=[{"session": "New"}, {"asked_by": "client", "alert": "unexpected_message"}])


if __name__ == "__main__":
    main()
