#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records the kinds of TLS handshake: resumed, with early data, retried, with a client certificate, renewed, old. All at the client's end."""
import functools
import textwrap

import servers
from recorder import capture, main
from tls import CLOSE, CLOSE_BY_CLIENT, FETCH, FINISHED, FROM_CLIENT, FROM_SERVER, NAME, PLAIN, URL, WORDS, Home, agreed_by_curl, agreed_by_s_client, request

CURL = ("curl", "nginx", "dnsmasq")
S_CLIENT = ("openssl", "nginx", "dnsmasq")
GET = request("/small", "Connection: close")
RESUMED = {"abbreviated handshake": f"tls.handshake.type == 2 && tls.record.content_type == 20 && !(tls.handshake.type == 11) && {FROM_SERVER}"}
PSK = {"ticket in the ClientHello": "tls.handshake.type == 1 && tls.handshake.extension.type == 41",
       "taken by the server": "tls.handshake.type == 2 && tls.handshake.extension.type == 41"}
EARLY_DATA = {"early data announced": "tls.handshake.type == 1 && tls.handshake.extension.type == 42"}
TICKETS = {"NewSessionTicket": "tls.handshake.type == 4"}


def resumed(version, settings, *options, capture):
    """Two fetches; the second connection resumes the session of the first."""
    with Home() as home:
        home.nginx(version, settings)
        session = home.folder / "session"
        with capture.tcpdump(home.client) as raw:
            for file in ("-sess_out", "-sess_in"):
                home.s_client("-alpn", "http/1.1", file, session, *options, script=(0.3, GET, 0.5))
        home.truth(capture, raw)


capture("tls12-session-id", "TLS 1.2: a second connection resumes the session by its ID", {**PLAIN["tls12"], **RESUMED}, S_CLIENT, {**FETCH, **CLOSE})(
    functools.partial(resumed, "tls12", "ssl_session_tickets off;", "-no_ticket"))
capture("tls12-ticket", "TLS 1.2: a second connection resumes the session by a ticket", {**PLAIN["tls12"], **RESUMED, **TICKETS}, S_CLIENT, {**FETCH, **CLOSE})(
    functools.partial(resumed, "tls12", "ssl_session_cache off;"))
capture("tls13-psk", "TLS 1.3: a second connection resumes the session by a ticket", {**PLAIN["tls13"], **PSK}, S_CLIENT, {**FETCH, **TICKETS, **CLOSE})(
    functools.partial(resumed, "tls13", ""))


def early_data(accepted, capture):
    with Home() as home:
        ticket_key = home.folder / "ticket.key"
        ticket_key.write_bytes(bytes(range(80)))
        settings = f"ssl_session_ticket_key {ticket_key}; ssl_early_data"
        server = home.nginx("tls13", f"{settings} on;")
        session, early = home.folder / "session", home.folder / "early"
        early.write_text(GET)
        with capture.tcpdump(home.client) as raw:
            home.s_client("-alpn", "http/1.1", "-sess_out", session, script=(0.3, GET, 0.5))
            if not accepted:
                server.terminate()
                server.wait()
                configuration = home.server.folder / "nginx.conf"
                configuration.write_text(configuration.read_text().replace("ssl_early_data on;", "ssl_early_data off;"))
                home.server.spawn("nginx", "-c", configuration, "-p", home.server.folder)
                home.server.wait_listening(443)
            said = home.s_client("-alpn", "http/1.1", "-sess_in", session, "-early_data", early, script=(0.5,) if accepted else (0.3, GET, 0.5))
        verdict = "Early data was accepted" if accepted else "Early data was rejected"
        if verdict not in said:
            raise RuntimeError(f"the client does not say: {verdict}")
        home.truth(capture, raw, early_data=verdict)


capture("tls13-0rtt", "TLS 1.3: a second connection resumes the session, its request is early data", {**PLAIN["tls13"], **PSK, **EARLY_DATA}, S_CLIENT, {
    **FETCH, "EndOfEarlyData": "tls.handshake.type == 5", "early data accepted": "tls.handshake.type == 8 && tls.handshake.extension.type == 42", **CLOSE})(
        functools.partial(early_data, True))
capture("tls13-0rtt-rejected", "TLS 1.3: a second connection resumes the session, the server ignores the early data: the request is sent again",
        {**PLAIN["tls13"], **PSK, **EARLY_DATA}, S_CLIENT, {**FETCH, **CLOSE})(functools.partial(early_data, False))


def fetch_with(version, *options, capture, settings="", key="rsa", closed=("close_notify", None)):
    with Home() as home:
        home.nginx(version, settings, key=key)
        with capture.tcpdump(home.client) as raw:
            home.fetch(*options, f"{URL}/small")
        home.truth(capture, raw, closed=closed)


capture("tls13-hrr", "TLS 1.3: the server wants another group (HelloRetryRequest): the client sends a second ClientHello", {
    **PLAIN["tls13"], "HelloRetryRequest": "tls.handshake.random == cf:21:ad:74:e5:9a:61:11:be:1d:8c:02:1e:65:b8:91:c2:a2:11:16:7a:bb:8c:5e:07:9e:09:e2:c8:a8:33:9c"},
    CURL, {**FETCH, **CLOSE_BY_CLIENT})(functools.partial(fetch_with, "tls13", "--curves", "X25519:P-384", settings="ssl_ecdh_curve secp384r1;"))
capture("tls12-ecdsa", "TLS 1.2 with a certificate for ECDSA", {
    **PLAIN["tls12"], "cipher suite": "tls.handshake.type == 2 && tls.handshake.ciphersuite == 0xc02c"}, CURL, {**FETCH, **CLOSE_BY_CLIENT})(
        functools.partial(fetch_with, "tls12", key="ecdsa"))
for version, number in (("tls10", 0x0301), ("tls11", 0x0302)):
    digits = WORDS[version].removeprefix("TLS ")
    capture(version, f"{WORDS[version]}, which newer software refuses", {
        **PLAIN["tls12"], "version": f"tls.handshake.type == 2 && tls.handshake.version == {number:#06x}"}, CURL, {**FETCH, **CLOSE_BY_CLIENT})(
            functools.partial(fetch_with, version, "--ciphers", "DEFAULT@SECLEVEL=0", f"--tlsv{digits}", "--tls-max", digits,
                              settings="ssl_ciphers DEFAULT@SECLEVEL=0;"))


def client_certificate(version, capture):
    with Home() as home:
        home.nginx(version, f"ssl_verify_client on; ssl_client_certificate {home.root}; ssl_verify_depth 2;")
        client = home.certificates.leaf("client", usage="clientAuth")
        with capture.tcpdump(home.client) as raw:
            home.fetch("--cert", client.with_suffix(".chain"), "--key", client.with_suffix(".key"), f"{URL}/small")
        home.truth(capture, raw, closed=("close_notify", None))


AUTHENTICATION = {"CertificateRequest": "tls.handshake.type == 13", "Certificate of the client": f"tls.handshake.type == 11 && {FROM_CLIENT}",
                  "CertificateVerify of the client": f"tls.handshake.type == 15 && {FROM_CLIENT}"}
for version, plain, decrypted in (("tls12", AUTHENTICATION, {}), ("tls13", {}, AUTHENTICATION)):
    capture(f"{version}-client-certificate", f"{WORDS[version]}: the client shows a certificate too", {**PLAIN[version], **plain}, CURL,
            {**FETCH, **decrypted, **CLOSE_BY_CLIENT})(functools.partial(client_certificate, version))


@capture("tls13-key-update", "TLS 1.3: the client renews the keys after a fetch and asks the server to do the same; a second fetch", PLAIN["tls13"], S_CLIENT,
         {**FETCH, "KeyUpdate of the client": f"tls.handshake.type == 24 && {FROM_CLIENT}",
          "KeyUpdate of the server": f"tls.handshake.type == 24 && {FROM_SERVER}", **CLOSE})
def tls13_key_update(capture):
    with Home() as home:
        home.nginx("tls13")
        with capture.tcpdump(home.client) as raw:
            home.s_client("-alpn", "http/1.1", script=(0.3, request("/small"), 0.3, "K\n", 0.3, GET, 0.5))
        home.truth(capture, raw)


@capture("tls12-renegotiation", "TLS 1.2: the client renegotiates before its request; the second handshake is encrypted", PLAIN["tls12"], ("openssl", "dnsmasq"), {
    **FINISHED, "second ClientHello": "tls.handshake.type == 1 && tls.handshake.extensions_reneg_info_len > 0", "request": "http.request"})
def tls12_renegotiation(capture):
    with Home() as home:
        home.s_server("-tls1_2", "-client_renegotiation", "-HTTP")
        with capture.tcpdump(home.client) as raw:
            said = home.s_client(script=(0.3, "R\n", 0.5, f"GET /reply HTTP/1.1\r\nHost: {NAME}\r\n\r\n", 1.5))
        home.truth(capture, raw, agreed_by_s_client(said))


@capture("tls12-renegotiation-server", "TLS 1.2: Apache renegotiates when it has read the request, for this path needs a client certificate", PLAIN["tls12"],
         ("curl", "apache2", "dnsmasq"), {**FETCH, "HelloRequest": "tls.handshake.type == 0", **AUTHENTICATION})
def tls12_renegotiation_server(capture):
    with Home() as home:
        leaf, client, folder = home.certificates.leaf(), home.certificates.leaf("client", usage="clientAuth"), home.server.folder
        (folder / "private").write_text(servers.page(1200))
        modules = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in ("mpm_event", "authz_core", "ssl"))
        (folder / "apache.conf").write_text(textwrap.dedent(f"""
            ServerRoot {folder}
            ServerName {NAME}
            PidFile {folder}/pid
            ErrorLog {folder}/error.log
            Mutex file:{folder}
            Listen 443
            DocumentRoot {folder}
            SSLEngine on
            SSLProtocol TLSv1.2
            SSLCertificateFile {leaf.with_suffix(".chain")}
            SSLCertificateKeyFile {leaf.with_suffix(".key")}
            SSLCACertificateFile {home.root}
            SSLVerifyDepth 2
            <Location /private>
              SSLVerifyClient require
            </Location>
            """) + modules)
        home.server.spawn("apache2", "-f", folder / "apache.conf", "-D", "FOREGROUND")
        home.server.wait_listening(443)
        with capture.tcpdump(home.client) as raw:
            curl = home.fetch("--cert", client.with_suffix(".chain"), "--key", client.with_suffix(".key"), f"{URL}/private")
        home.truth(capture, raw, agreed_by_curl(curl))


if __name__ == "__main__":
    main()
