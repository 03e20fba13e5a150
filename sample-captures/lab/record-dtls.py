#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records DTLS 1.2 and 1.0 over UDP: OpenSSL's and GnuTLS's clients against their servers. All at the client's end.

What the programs printed of each handshake is in the truth (`handshakes`), and must be what was meant; how a server answered the
first ClientHello (`cookie`: with a HelloVerifyRequest or not) is what it was told to do.
"""
import functools
import re
import time

from internet import CLIENT, ROLES, SERVER
from recorder import capture, main
from tls import NAME, Home, follow

PORT = 4433
OPENSSL, GNUTLS = ("openssl", "dnsmasq"), ("gnutls-bin", "dnsmasq")
FROM_CLIENT, FROM_SERVER = f"ip.src == {CLIENT}", f"ip.src == {SERVER}"
HELLOS = {"ClientHello": "dtls.handshake.type == 1", "ServerHello": "dtls.handshake.type == 2", "ChangeCipherSpec": "dtls.record.content_type == 20"}
COOKIE = {"HelloVerifyRequest": "dtls.handshake.type == 3", "ClientHello with the cookie": "dtls.handshake.type == 1 && dtls.handshake.cookie_length > 0"}
CERTIFIED = {"Certificate": "dtls.handshake.type == 11", "ServerHelloDone": "dtls.handshake.type == 14"}
FULL = {**HELLOS, **COOKIE, **CERTIFIED}
DATA = {"application data": "dtls.record.content_type == 23"}
FINISHED = {"Finished of the client": f"dtls.handshake.type == 20 && {FROM_CLIENT}", "Finished of the server": f"dtls.handshake.type == 20 && {FROM_SERVER}"}
CLOSE = {"close_notify of the client": f"dtls.alert_message.desc == 0 && {FROM_CLIENT}"}
PSK = "6162636465666768696a6b6c6d6e6f70"


class Dtls(Home):
    """The server has OpenSSL's or GnuTLS's; both print what they are sent."""

    def s_server(self, *options, key="rsa"):  # pylint: disable=arguments-differ
        leaf = self.certificates.leaf(key=key)
        process = self.server.spawn("openssl", "s_server", "-accept", PORT, "-cert", leaf, "-key", leaf.with_suffix(".key"),
                                    "-cert_chain", self.certificates.intermediate, *options, cwd=self.server.folder, stdin=-1)
        self.server.wait_listening(PORT, "udp")
        return process

    def gnutls_serv(self, *options, key="rsa"):
        leaf = self.certificates.leaf(key=key)
        process = self.server.spawn("gnutls-serv", "--udp", "--port", PORT, "--echo", "--x509certfile", leaf.with_suffix(".chain"),
                                    "--x509keyfile", leaf.with_suffix(".key"), *options, cwd=self.server.folder, stdin=-1)
        self.server.wait_listening(PORT, "udp")
        return process

    def s_client(self, *options, script=(0.3, "hello\n", 0.3), **more):  # pylint: disable=arguments-differ
        self.client.flush_neighbours()
        return super().s_client(*options, script=script, port=PORT, **more)

    def gnutls_cli(self, *options, script=(0.5, "hello\n", 0.5)):
        self.client.flush_neighbours()
        process = self.client.spawn("env", f"SSLKEYLOGFILE={self.keys}", "gnutls-cli", "--udp", "--port", PORT, "--x509cafile", self.root, *options, NAME, stdin=-1)
        print("    client$ gnutls-cli", *options, flush=True)
        return follow(process, script)

    def told(self, capture, raw, handshakes, keys=True, **more):
        capture.truth(self, capture.keep(raw, keys=self.keys if keys else None), ROLES, handshakes=handshakes, **more)


def said_by_openssl(text, cookie=True, **wanted):
    """What s_client prints of a handshake: `Reused, TLSv1.2, Cipher is …`; the protocol is that of the session."""
    session, cipher = re.search(r"^(New|Reused), \S+, Cipher is (\S+)", text, re.M).groups()
    found = {"session": session, "protocol": re.search(r"^ *Protocol *: (\S+)", text, re.M)[1], "cipher": cipher, "cookie": cookie}
    return expect(found, wanted)


def said_by_gnutls(text, cookie=True, **wanted):
    """What gnutls-cli prints: `- Description: (DTLS1.2)-(ECDHE-X25519)-(RSA-PSS-RSAE-SHA256)-(AES-256-GCM)`."""
    found = [{"session": "New", "protocol": described.replace("DTLS", "DTLSv"), "cookie": cookie}
             for described in re.findall(r"^- Description: \((\w+[\d.]+)[^)]*\)\S*$", text, re.M)]
    if "*** This is a resumed session" in text:
        found[1]["session"] = "Reused"
    if "- ReHandshake was completed" in text:
        found[1:] = [{"session": "New", "asked_by": "client", "cookie": False}]
    if not found:
        raise RuntimeError(f"gnutls-cli does not say what was agreed upon: {text[-600:]}")
    for one in found[:1]:
        expect(one, wanted)
    return found


def expect(said, wanted):
    for key, value in wanted.items():
        if said.get(key) != value:
            raise RuntimeError(f"the client says {key}: {said.get(key)}, not {value}")
    return said


def openssl(name, what, shows, decrypted, server=(), client=(), key="rsa", rules=(), **wanted):
    """One connection of OpenSSL's client to OpenSSL's server."""
    def record(capture):
        with Dtls(rules=rules) as home:
            home.s_server(*server, key=key)
            with capture.tcpdump(home.client) as raw:
                text = home.s_client(*client, script=(2.5 if rules else 0.3, "hello\n", 0.3))
            home.told(capture, raw, [said_by_openssl(text, **wanted)])

    capture(name, what, shows, OPENSSL, decrypted)(record)


BOTH = ("-dtls1_2",)
WIDE = (*BOTH, "-mtu", "1400")  # OpenSSL begins with 256 bytes where it cannot ask the kernel
HELLO = {**FULL, **DATA}
CLOSED = {**FINISHED, **CLOSE}
NO_CERTIFICATE = {**HELLOS, **COOKIE, **DATA}
FRAGMENT = {"fragment": "dtls.handshake.fragment_length < dtls.handshake.length"}

openssl("dtls12-ecdhe", "DTLS 1.2, ECDHE: the server asks for a cookie (HelloVerifyRequest), then a full handshake, `hello`, and the client's close_notify",
        HELLO, CLOSED, WIDE, WIDE, session="New", protocol="DTLSv1.2")
openssl("dtls12-rsa", "DTLS 1.2: the secret goes encrypted with the server's RSA key; the server remembers nothing until the cookie comes back", HELLO, CLOSED,
        (*WIDE, "-listen"), (*WIDE, "-cipher", "AES128-GCM-SHA256"), session="New", cipher="AES128-GCM-SHA256")
openssl("dtls10", "DTLS 1.0: a full handshake with a cookie, AES in CBC mode", HELLO, CLOSED,
        ("-dtls1", "-mtu", "1400", "-cipher", "ALL:@SECLEVEL=0"), ("-dtls1", "-mtu", "1400", "-cipher", "ALL:@SECLEVEL=0"), session="New", protocol="DTLSv1")
openssl("dtls12-mtu", "DTLS 1.2 where datagrams may have 256 bytes: handshake messages go in fragments, the second ClientHello among them", {
    **HELLO, **FRAGMENT, "fragment of a ClientHello": "dtls.handshake.type == 1 && dtls.handshake.fragment_offset > 0"}, CLOSED,
        (*BOTH, "-mtu", "256"), (*BOTH, "-mtu", "256"), session="New")
openssl("dtls12-psk", "DTLS 1.2 with a key that both sides were given beforehand, and no certificate: the two round trips of a full handshake, and the cookie's",
        NO_CERTIFICATE, CLOSED, (*WIDE, "-nocert", "-psk", PSK, "-cipher", "PSK"), (*WIDE, "-psk", PSK, "-cipher", "PSK-AES128-GCM-SHA256"),
        session="New", cipher="PSK-AES128-GCM-SHA256")
openssl("dtls12-client-hello-lost", "DTLS 1.2: the first ClientHello is lost, and sent again a second later", {
    **HELLO, "ClientHello without a cookie, twice": "dtls.handshake.type == 1 && dtls.handshake.message_seq == 0 && dtls.record.sequence_number == 1"}, CLOSED,
        WIDE, WIDE, rules=[{"from": "a", "match": "dtls", "n": 1, "do": "drop"}], session="New")
openssl("dtls12-server-flight-lost", "DTLS 1.2: a datagram of the server's flight is lost; the client repeats its ClientHello, and the server all of its flight",
        HELLO, CLOSED, WIDE, WIDE, rules=[{"from": "b", "match": "dtls", "n": 3, "do": "drop"}], session="New")
openssl("dtls12-finished-lost", "DTLS 1.2: the server's last flight, with its Finished, is lost; both sides repeat their last flights", HELLO, CLOSED,
        WIDE, WIDE, rules=[{"from": "b", "match": "dtls", "n": [4, 5, 6], "do": "drop"}], session="New")
openssl("dtls12-reordered", "DTLS 1.2 in small datagrams, of which the 3rd and 4th of the server's come the other way round", {**HELLO, **FRAGMENT}, CLOSED,
        (*BOTH, "-mtu", "256"), (*BOTH, "-mtu", "256"), rules=[{"from": "b", "match": "dtls", "n": 3, "do": "swap"}], session="New")


def openssl_twice(by, server, capture):
    with Dtls() as home:
        home.s_server(*WIDE, *server)
        session, said = home.folder / "session", []
        with capture.tcpdump(home.client) as raw:
            for file in ("-sess_out", "-sess_in"):
                said.append(said_by_openssl(home.s_client(*WIDE, *server, file, session), session={"-sess_out": "New", "-sess_in": "Reused"}[file]))
        home.told(capture, raw, [said[0], {**said[1], "resumed_by": by}])


for by, server, what in (("ticket", (), "its ticket"), ("session_id", ("-no_ticket",), "its ID")):
    capture(f"dtls12-{by.replace('_', '-')}", f"DTLS 1.2: a second connection resumes the session by {what}", HELLO, OPENSSL, CLOSED)(
        functools.partial(openssl_twice, by, server))


@capture("dtls12-client-certificate", "DTLS 1.2: the server wants the client's certificate", {
    **HELLO, "CertificateRequest": "dtls.handshake.type == 13", "CertificateVerify": "dtls.handshake.type == 15"}, OPENSSL, CLOSED)
def client_certificate(capture):
    with Dtls() as home:
        home.s_server(*WIDE, "-Verify", "2", "-CAfile", home.root)
        leaf = home.certificates.leaf("client", usage="clientAuth")
        with capture.tcpdump(home.client) as raw:
            text = home.s_client(*WIDE, "-cert", leaf, "-key", leaf.with_suffix(".key"), "-cert_chain", home.certificates.intermediate)
        home.told(capture, raw, [{**said_by_openssl(text, session="New"), "client_certificate": True}])


@capture("dtls12-alert-handshake-failure", "DTLS 1.2: no cipher suite in common: the server refuses with an alert", {
    "ClientHello": "dtls.handshake.type == 1", "HelloVerifyRequest": "dtls.handshake.type == 3", "alert of the server": f"dtls.alert_message.desc == 40 && {FROM_SERVER}"},
         OPENSSL)
def handshake_failure(capture):
    with Dtls() as home:
        home.s_server(*WIDE, "-cipher", "ECDHE-RSA-AES128-GCM-SHA256")
        with capture.tcpdump(home.client) as raw:
            text = home.s_client(*WIDE, "-cipher", "ECDHE-RSA-AES256-GCM-SHA384", keys=False)
        if "alert handshake failure" not in text:
            raise RuntimeError(f"the client does not say that it was refused: {text[-400:]}")
        home.told(capture, raw, [{"alert": "handshake_failure", "cookie": True}], keys=False)


@capture("dtls12-alert-unknown-ca", "DTLS 1.2: the client does not know who signed the server's certificate, and ends the handshake with an alert", {
    "ClientHello": "dtls.handshake.type == 1", **CERTIFIED, "alert of the client": f"dtls.alert_message.desc == 48 && {FROM_CLIENT}"}, OPENSSL)
def unknown_ca(capture):
    with Dtls() as home:
        home.s_server(*WIDE)
        (home.folder / "other").mkdir()
        (home.folder / "other" / "openssl.cnf").write_text("")
        stranger = home.certificates.make("stranger", "/O=Example/CN=Stranger Root CA", None, ("basicConstraints=critical,CA:TRUE",))
        with capture.tcpdump(home.client) as raw:
            text = home.s_client(*WIDE, "-CAfile", stranger, "-verify_return_error", keys=False)
        if "verify error" not in text:
            raise RuntimeError(f"the client does not say that it refused: {text[-400:]}")
        home.told(capture, raw, [{"alert": "unknown_ca", "cookie": True}], keys=False)


@capture("dtls12-unanswered", "DTLS 1.2: nothing answers on the port: three ClientHellos, all the same", {"ClientHello": "dtls.handshake.type == 1"}, OPENSSL)
def unanswered(capture):
    with Dtls() as home:
        home.server.spawn("socat", "-u", f"UDP-RECV:{PORT}", "OPEN:/dev/null")
        home.server.wait_listening(PORT, "udp")
        with capture.tcpdump(home.client) as raw:
            process = home.client.spawn("openssl", "s_client", "-connect", f"{NAME}:{PORT}", "-4", *WIDE, stdin=-1)
            time.sleep(4)
            process.kill()
            process.wait()
        home.told(capture, raw, [], keys=False)


def gnutls(name, what, shows, decrypted, server=(), client=(), keys=True, **wanted):
    """One run of GnuTLS's client against GnuTLS's server."""
    def record(capture):
        with Dtls() as home:
            home.gnutls_serv("--disable-client-cert", *server)
            with capture.tcpdump(home.client) as raw:
                text = home.gnutls_cli(*client)
            home.told(capture, raw, said_by_gnutls(text, **wanted), keys)

    capture(name, what, shows, GNUTLS, decrypted)(record)


PRIORITY = ("--priority", "NORMAL:-VERS-ALL:+VERS-DTLS1.2")
gnutls("dtls12-gnutls", "DTLS 1.2 between GnuTLS's client and server, with a cookie", HELLO, FINISHED, PRIORITY, PRIORITY, protocol="DTLSv1.2")
gnutls("dtls12-gnutls-no-cookie", "DTLS 1.2 between GnuTLS's client and server, which asks for no cookie: a round trip less", {**HELLOS, **CERTIFIED, **DATA}, FINISHED,
       ("--nocookie", *PRIORITY), PRIORITY, protocol="DTLSv1.2", cookie=False)
gnutls("dtls12-gnutls-mtu", "DTLS 1.2 between GnuTLS's client and server in datagrams of 400 bytes", {**HELLO, **FRAGMENT}, FINISHED,
       ("--mtu", "400", *PRIORITY), ("--mtu", "400", *PRIORITY), protocol="DTLSv1.2")
gnutls("dtls12-gnutls-rehandshake", "DTLS 1.2 between GnuTLS's client and server: the client renegotiates within the encrypted connection", {
    **HELLO, "ChangeCipherSpec of the second handshake": "dtls.record.content_type == 20 && dtls.record.epoch == 1"}, {},
       PRIORITY, (*PRIORITY, "--rehandshake"), keys=False, protocol="DTLSv1.2")
gnutls("dtls12-gnutls-resumed", "DTLS 1.2 between GnuTLS's client and server: a second connection resumes the session", HELLO, FINISHED,
       PRIORITY, (*PRIORITY, "--resume"), protocol="DTLSv1.2")


if __name__ == "__main__":
    main()
