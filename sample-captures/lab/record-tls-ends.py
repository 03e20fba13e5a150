#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records TLS connections that fail with an alert, and the ways in which one ends. All at the client's end."""
import contextlib
import functools
import json
import socket
import ssl
import struct
import time

import servers
from internet import SERVER
from recorder import capture, main
from tls import (CLOSE, CLOSE_BY_CLIENT, CLOSE_BY_SERVER, FETCH, FINISHED, FROM_CLIENT, FROM_SERVER, HELLOS, PLAIN, URL, WORDS, Home, agreed_by_curl,
                 request)

CURL = ("curl", "nginx", "dnsmasq")
FIN_OF = {"FIN of the client": f"tcp.flags.fin == 1 && {FROM_CLIENT}", "FIN of the server": f"tcp.flags.fin == 1 && {FROM_SERVER}"}


def alert(number, sender):
    return {"alert": f"tls.alert_message.level == 2 && tls.alert_message.desc == {number} && {sender}"}


def failing_fetch(version, *options, closed, capture, settings="", keys=False):
    """A fetch whose handshake fails."""
    with Home() as home:
        home.nginx(version, settings)
        with capture.tcpdump(home.client) as raw:
            home.fetch(*options, f"{URL}/small", check=False)
        home.truth(capture, raw, [], closed, keys)


def unknown_ca(version, capture):
    with Home() as home:
        home.nginx(version)
        stranger = home.certificates.make("stranger", "/CN=Another Root CA", None, ())
        with capture.tcpdump(home.client) as raw:
            home.fetch("--cacert", stranger, f"{URL}/small", check=False)
        home.truth(capture, raw, [], ("unknown_ca", None), keys=version == "tls13")


capture("tls12-alert-unknown-ca", "TLS 1.2: the client does not know the root of the server's certificates", {
    **{words: PLAIN["tls12"][words] for words in (*HELLOS, "Certificate")}, **alert(48, FROM_CLIENT)}, CURL)(functools.partial(unknown_ca, "tls12"))
capture("tls13-alert-unknown-ca", "TLS 1.3: the client does not know the root of the server's certificates; its alert is encrypted",
        PLAIN["tls13"], CURL, {**alert(48, FROM_CLIENT), "Certificate": "tls.handshake.type == 11"})(functools.partial(unknown_ca, "tls13"))
capture("tls-alert-handshake-failure", "TLS 1.2: client and server have no cipher suite in common",
        {"ClientHello": HELLOS["ClientHello"], **alert(40, FROM_SERVER)}, CURL)(
            functools.partial(failing_fetch, "tls12", "--tls-max", "1.2", "--ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256", closed=(None, "handshake_failure")))
capture("tls-alert-protocol-version", "the client speaks TLS 1.2 at most, the server TLS 1.3 only",
        {"ClientHello": HELLOS["ClientHello"], **alert(70, FROM_SERVER)}, CURL)(
            functools.partial(failing_fetch, "tls13", "--tls-max", "1.2", closed=(None, "protocol_version")))


@capture("tls13-alert-certificate-required", "TLS 1.3: the server insists on a client certificate, the client has none; the alert comes after the client's "
         "Finished and its request", PLAIN["tls13"], ("curl", "openssl", "dnsmasq"), {
    **FINISHED, "CertificateRequest": "tls.handshake.type == 13", "empty Certificate": f"tls.handshake.type == 11 && {FROM_CLIENT}",
    "request": "http.request", **alert(116, FROM_SERVER)})
def tls13_alert_certificate_required(capture):
    with Home() as home:
        home.s_server("-tls1_3", "-Verify", "2", "-verify_return_error", "-CAfile", home.root, "-HTTP")
        with capture.tcpdump(home.client) as raw:
            home.fetch(f"{URL}/reply", check=False)
        home.truth(capture, raw, [], (None, "certificate_required"))


def serve(certificate, version, talk):
    """A server for one connection, which `talk` gets."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.with_suffix(".chain"), certificate.with_suffix(".key"))
    if version == "tls12":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    with socket.create_server((SERVER, 443)) as listener:
        connection, _ = listener.accept()
        with context.wrap_socket(connection, server_side=True) as connection:
            talk(connection)


def answer(connection, size):
    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n{servers.page(size)}".encode())


def answer_without_close_notify(connection):
    """Answers and closes its side of the TCP connection; TLS is not told."""
    connection.recv(4096)
    answer(connection, 1200)
    connection.shutdown(socket.SHUT_WR)  # of the socket: the SSL object is forgotten by it
    while connection.recv(4096):
        pass


def answer_after_close_notify(connection):
    while connection.recv(4096):
        pass
    answer(connection, 20000)
    connection.unwrap().close()


@capture("tls12-no-close-notify", "TLS 1.2: the server ends the TCP connection without a close_notify", {**PLAIN["tls12"], **FIN_OF},
         ("curl", "python3", "dnsmasq"), {**FETCH, **CLOSE_BY_CLIENT})
def tls12_no_close_notify(capture):
    with Home() as home:
        server = home.server.call(serve, home.certificates.leaf(), "tls12", answer_without_close_notify)
        home.server.wait_listening(443)
        with capture.tcpdump(home.client) as raw:
            curl = home.fetch(f"{URL}/small")
        server.join()
        home.truth(capture, raw, agreed_by_curl(curl), ("close_notify", None))


def get(connection, path, *headers, size=0):
    """Asks and reads the answer, or `size` bytes of it."""
    connection.sendall(request(path, *headers).encode())
    answer = connection.recv(4096)
    while len(answer) < size:
        answer += connection.recv(4096)


def leave_without_close_notify(home, version):
    connection = home.connect(version)
    get(connection, "/small", size=1200)
    time.sleep(0.3)
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(4096):
        pass


def leave_by_reset(home, version):
    connection = home.connect(version)
    get(connection, "/page", size=8000)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def close_one_side(home, version):
    connection = home.connect(version)
    connection.sendall(request("/middle", "Connection: close").encode())
    connection.setblocking(False)
    with contextlib.suppress(ssl.SSLWantReadError):
        connection.unwrap()  # sends close_notify, and does not wait for the other one
    connection.setblocking(True)
    with contextlib.suppress(ssl.SSLZeroReturnError):  # how it says "closed" to the one who has closed too
        while connection.recv(4096):
            pass
    return {"version": connection.version(), "cipher": connection.cipher()[0], "alpn": connection.selected_alpn_protocol() or ""}


def half_close(version, capture):
    with Home() as home:
        server = home.server.call(serve, home.certificates.leaf(), version, answer_after_close_notify)
        home.server.wait_listening(443)
        said = home.folder / "said"
        with capture.tcpdump(home.client) as raw:
            home.client.call(lambda: said.write_text(json.dumps(close_one_side(home, version)))).join()
        server.join()
        home.truth(capture, raw, [json.loads(said.read_text())])


def talk_with_nginx(talk, version, closed, capture):
    with Home() as home:
        home.nginx(version)
        with capture.tcpdump(home.client) as raw:
            home.client.call(talk, home, version).join()
        home.truth(capture, raw, closed=closed)


PYTHON = ("python3", "nginx")
capture("tls13-no-close-notify", "TLS 1.3: the client ends the TCP connection without a close_notify", {**PLAIN["tls13"], **FIN_OF}, PYTHON, FETCH)(
    functools.partial(talk_with_nginx, leave_without_close_notify, "tls13", (None, None)))
capture("tls13-rst", "TLS 1.3: the client resets the connection in the middle of the response", {
    **PLAIN["tls13"], "reset by the client": f"tcp.flags.reset == 1 && {FROM_CLIENT}"}, PYTHON, {**FINISHED, "request": "http.request"})(
        functools.partial(talk_with_nginx, leave_by_reset, "tls13", ("reset", None)))
for version in ("tls12", "tls13"):
    capture(f"{version}-half-close", f"{WORDS[version]}: the client sends its request and close_notify; only then the server answers, and closes too",
            {**PLAIN[version], **FIN_OF}, ("python3",), {**FETCH, **CLOSE})(functools.partial(half_close, version))


def server_closes(version, capture):
    with Home() as home:
        home.nginx(version, "keepalive_timeout 1s;")
        with capture.tcpdump(home.client) as raw:
            home.s_client("-alpn", "http/1.1", script=(0.3, request("/small"), 2.5))
        home.truth(capture, raw)


for version in ("tls12", "tls13"):
    capture(f"{version}-server-closes", f"{WORDS[version]}: after an idle second the server closes with close_notify, then the client",
            {**PLAIN[version], **FIN_OF}, ("openssl", "nginx", "dnsmasq"), {**FETCH, **CLOSE_BY_SERVER})(functools.partial(server_closes, version))


if __name__ == "__main__":
    main()
