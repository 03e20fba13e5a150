#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records what TLS begins behind (STARTTLS of IMAP, LDAP, XMPP and PostgreSQL, SOCKS), and hellos and certificates of rarer kinds.

`handshake` in the truth is what the client printed of it, or the server where the client is none that prints.
"""
import os
import re
import shutil
import socket
import ssl
import struct
import textwrap

from internet import CLIENT, ROLES, ROUTER, SERVER
from network import command
from recorder import capture, main
from tls import FINISHED, NAME, PLAIN, Home, agreed_by_curl, agreed_by_s_client

FROM_CLIENT, FROM_SERVER = f"ip.src == {CLIENT}", f"ip.src == {SERVER}"
TLS13 = {"ClientHello": "tls.handshake.type == 1", "ServerHello": "tls.handshake.type == 2", "encrypted record": "tls.record.opaque_type == 23"}


def owned(path, user):
    shutil.chown(path, user)
    return path


class Mail(Home):
    def dovecot(self):
        leaf = self.certificates.leaf()
        file = self.server.folder / "dovecot.conf"
        file.write_text(textwrap.dedent(f"""\
            base_dir = {self.server.folder}/dovecot
            log_path = {self.server.folder}/dovecot.log
            protocols = imap
            listen = {SERVER}
            ssl = required
            ssl_cert = <{leaf.with_suffix(".chain")}
            ssl_key = <{leaf.with_suffix(".key")}
            mail_location = maildir:{self.server.folder}/mail
            passdb {{
              driver = static
              args = nopassword=y
            }}
            userdb {{
              driver = static
              args = uid=nobody gid=nogroup home={self.server.folder}
            }}
            service imap-login {{
              inet_listener imaps {{
                port = 0
              }}
            }}
            """))
        self.server.spawn("dovecot", "-F", "-c", file)
        self.server.wait_listening(143)


class Directory(Home):
    def slapd(self):
        leaf = self.certificates.leaf()
        file = self.server.folder / "slapd.conf"
        file.write_text(textwrap.dedent(f"""\
            pidfile {self.server.folder}/slapd.pid
            TLSCACertificateFile {self.certificates.intermediate}
            TLSCertificateFile {leaf.with_suffix(".chain")}
            TLSCertificateKeyFile {leaf.with_suffix(".key")}
            """))
        self.server.spawn("slapd", "-d", "0", "-h", f"ldap://{SERVER}/", "-f", file)
        self.server.wait_listening(389)


class Chat(Home):
    def prosody(self):
        leaf = self.certificates.leaf()
        file = self.server.folder / "prosody.cfg.lua"
        file.write_text(textwrap.dedent(f"""\
            run_as_root = true
            pidfile = "{self.server.folder}/prosody.pid"
            data_path = "{self.server.folder}"
            interfaces = {{ "{SERVER}" }}
            c2s_require_encryption = true
            modules_enabled = {{ "tls", "saslauth" }}
            modules_disabled = {{ "s2s" }}
            log = {{ info = "{self.server.folder}/prosody.log" }}
            VirtualHost "{NAME}"
              ssl = {{ key = "{leaf.with_suffix(".key")}", certificate = "{leaf.with_suffix(".chain")}" }}
            """))
        self.server.spawn("prosody", "-F", "--config", file)
        self.server.wait_listening(5222)


class Tables(Home):
    BINARIES = "/usr/lib/postgresql/15/bin"

    def postgres(self):
        leaf = self.certificates.leaf()
        home = self.server.folder / "postgres"
        home.mkdir()
        owned(home, "postgres")
        as_postgres = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")
        command(*as_postgres, f"{self.BINARIES}/initdb", "-D", home / "tables", "-A", "trust", "--no-sync")
        for name in ("chain", "key"):
            file = home / f"server.{name}"
            shutil.copy(leaf.with_suffix(f".{name}"), file)
            owned(file, "postgres").chmod(0o600)
        (home / "tables/pg_hba.conf").write_text(f"hostssl all all {CLIENT}/32 trust\n")
        self.server.spawn(*as_postgres, f"{self.BINARIES}/postgres", "-D", home / "tables", "-k", home, "-h", SERVER, "-c", "ssl=on",
                          "-c", f"ssl_cert_file={home}/server.chain", "-c", f"ssl_key_file={home}/server.key")
        self.server.wait_listening(5432)


def starttls(home, capture, protocol, port, script, *options):
    with capture.tcpdump(home.client) as raw:
        home.client.flush_neighbours()
        said = home.s_client("-starttls", protocol, *options, port=port, script=script)
    home.truth(capture, raw, agreed_by_s_client(said), closed=(None, None))


@capture("starttls-imap", "IMAP that turns to TLS 1.3 by STARTTLS, to Dovecot", {**TLS13, "STARTTLS": 'imap.request.command == "STARTTLS"'}, ("openssl", "dovecot-imapd"), FINISHED)
def starttls_imap(capture):
    with Mail() as home:
        home.dovecot()
        starttls(home, capture, "imap", 143, (0.5, "a1 CAPABILITY\r\n", 0.3, "a2 LOGOUT\r\n", 0.5))


@capture("starttls-ldap", "LDAP that turns to TLS 1.3 by its extended operation, to OpenLDAP", {**TLS13, "StartTLS": "ldap.requestName"}, ("openssl", "slapd"), FINISHED)
def starttls_ldap(capture):
    with Directory() as home:
        home.slapd()
        starttls(home, capture, "ldap", 389, (0.5,))


@capture("starttls-xmpp", "XMPP that turns to TLS 1.3 by <starttls/>, to Prosody", {**TLS13, "starttls": 'tcp.payload contains "<starttls"'}, ("openssl", "prosody"), FINISHED)
def starttls_xmpp(capture):
    with Chat() as home:
        home.prosody()
        starttls(home, capture, "xmpp", 5222, (0.5, "</stream:stream>", 0.3), "-xmpphost", NAME)


@capture("starttls-postgresql", "PostgreSQL that turns to TLS 1.3 by its SSLRequest, to PostgreSQL 15", {**TLS13, "SSLRequest": "tcp.payload == 00:00:00:08:04:d2:16:2f"},
         ("openssl", "postgresql-15"), FINISHED)
def starttls_postgresql(capture):
    with Tables() as home:
        home.postgres()
        starttls(home, capture, "postgres", 5432, (0.5,))


@capture("tls-socks", "TLS 1.3 and a GET through a SOCKS 5 proxy on the router", {**TLS13, "SOCKS": "socks"}, ("curl", "microsocks", "nginx"), FINISHED)
def tls_socks(capture):
    with Home() as home:
        home.nginx("tls13")
        home.router.spawn("microsocks", "-i", ROUTER, "-p", "1080")
        home.router.wait_listening(1080)
        with capture.tcpdump(home.client) as raw:
            said = home.fetch("--socks5", f"{ROUTER}:1080", f"https://{NAME}/small")
        home.truth(capture, raw, agreed_by_curl(said))


def gnutls(home, capture, server, client):
    """gnutls-serv and gnutls-cli; what the client says of the handshake."""
    home.server.spawn("gnutls-serv", "--http", "-p", "443", *server)
    home.server.wait_listening(443)
    with capture.tcpdump(home.client) as raw:
        home.client.flush_neighbours()
        process = home.client.spawn("env", f"SSLKEYLOGFILE={home.keys}", "gnutls-cli", "-p", "443", "--insecure", *client, NAME, stdin=-1)
        process.stdin.write(f"GET / HTTP/1.0\r\nHost: {NAME}\r\n\r\n".encode())
        process.stdin.flush()
        process.wait(20)
    said = process.log.read_text(errors="replace")
    found = re.search(r"- Description: \((TLS[\d.]+)[^)]*\)[^\n]*", said)
    if not found or "Handshake was completed" not in said:
        raise RuntimeError(f"gnutls-cli says {said}")
    capture.truth(home, capture.keep(raw, keys=home.keys), ROLES, handshake={"version": found[1], "said": [
        line.strip("- ") for line in said.splitlines() if re.match(r"- (Description|Options|Certificate type|Compression)", line)]})


@capture("tls13-raw-public-key", "TLS 1.3: the server shows a raw public key, no certificate (RFC 7250)", TLS13, ("gnutls-bin",), {**FINISHED, "Certificate": "tls.handshake.type == 11"})
def raw_public_key(capture):
    with Home() as home:
        leaf = home.certificates.leaf()
        public = home.server.folder / "public.pem"
        public.write_text(command("openssl", "x509", "-in", leaf, "-noout", "-pubkey"))
        gnutls(home, capture, ("--rawpkkeyfile", leaf.with_suffix(".key"), "--rawpkfile", public, "--priority", "NORMAL:+CTYPE-SRV-RAWPK"),
               ("--priority", "NORMAL:-CTYPE-ALL:+CTYPE-SRV-RAWPK:+CTYPE-CLI-X509"))


@capture("tls13-post-handshake-authentication", "TLS 1.3: the server asks for the client's certificate long after the handshake, and gets it", TLS13, ("openssl",), {
    **FINISHED, "CertificateRequest": "tls.handshake.type == 13", "Certificate of the client": f"tls.handshake.type == 11 && {FROM_CLIENT}"})
def post_handshake_authentication(capture):
    with Home() as home:
        server = home.s_server("-tls1_3", "-CAfile", home.root)
        one = home.certificates.leaf("a.example.jp", usage="clientAuth")
        with capture.tcpdump(home.client) as raw:
            home.client.flush_neighbours()

            def ask():
                server.stdin.write(b"c\n")
                server.stdin.flush()
            script = Steps(["hello\n", 0.5, ask, 0.5, "again\n", 0.5])
            said = home.s_client("-enable_pha", "-cert", one, "-key", one.with_suffix(".key"), "-cert_chain", home.certificates.intermediate, script=script)
        home.truth(capture, raw, agreed_by_s_client(said), closed=(None, None))


class Steps(list):
    """A script of which some steps are functions, called when their turn comes."""

    def __iter__(self):
        for step in super().__iter__():
            if callable(step):
                step()
            else:
                yield step


def sslv2_hello():
    """The hello of SSL 2 that offers TLS 1.2 (RFC 5246 E.2), said once; what the server answers to it is read, and no more."""
    suites = b"".join(bytes([0]) + struct.pack("!H", suite) for suite in (0xC02F, 0x009C, 0x003C, 0x002F))
    body = struct.pack("!BHHHH", 1, 0x0303, len(suites), 0, 32) + suites + os.urandom(32)
    with socket.create_connection((SERVER, 443)) as connection:
        connection.settimeout(1)
        connection.sendall(struct.pack("!H", 0x8000 | len(body)) + body)
        try:
            while connection.recv(65536):
                pass
        except TimeoutError:
            pass


@capture("tls12-sslv2-hello", "a ClientHello in the form of SSL 2 that offers TLS 1.2: the server answers, and the client goes away (no client of today sends it: a script did)",
         {"ClientHello of SSL 2": f"tcp.payload && {FROM_CLIENT}", "ServerHello": "tls.handshake.type == 2", "ServerHelloDone": "tls.handshake.type == 14"}, ("openssl",))
def tls12_sslv2_hello(capture):
    with Home() as home:
        home.s_server("-tls1_2", "-cipher", "ALL:@SECLEVEL=0", "-www")
        with capture.tcpdump(home.client) as raw:
            home.client.flush_neighbours()
            home.client.call(sslv2_hello).join()
        capture.truth(home, capture.keep(raw), ROLES)


def split(flight, most):
    """A flight whose records hold `most` bytes at the most: messages go over the ends of records (RFC 8446 5.1)."""
    records = b""
    while flight:
        kind, length = flight[:3], struct.unpack("!H", flight[3:5])[0]
        body, flight = flight[5 : 5 + length], flight[5 + length :]
        for at in range(0, len(body), most):
            part = body[at : at + most]
            records += kind + struct.pack("!H", len(part)) + part
    return records


def fetch_in_pieces(root, keys, most):
    """Python's TLS, its ClientHello in records of `most` bytes; a fetch of /small."""
    context = ssl.create_default_context(cafile=root)
    context.keylog_filename = str(keys)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname=NAME)
    with socket.create_connection((SERVER, 443)) as connection:
        def do(step, first=False):
            while True:
                try:
                    done = step()
                except ssl.SSLWantReadError:
                    done = None
                if data := outgoing.read():
                    connection.sendall(split(data, most) if first else data)
                    first = False
                if done is not None:
                    return done
                incoming.write(connection.recv(65536))
        do(lambda: tls.do_handshake() or True, first=True)
        do(lambda: tls.write(f"GET /small HTTP/1.0\r\nHost: {NAME}\r\n\r\n".encode()))
        do(lambda: tls.read(65536))


@capture("tls13-split-client-hello", "TLS 1.3: the ClientHello is spread over records of 100 bytes, all in one segment", TLS13, ("python3", "nginx"), FINISHED)
def split_client_hello(capture):
    with Home() as home:
        home.nginx("tls13")
        with capture.tcpdump(home.client) as raw:
            home.client.flush_neighbours()
            home.client.call(fetch_in_pieces, home.root, home.keys, 100).join()
        home.truth(capture, raw, closed=(None, None))


@capture("tls12-small-records", "TLS 1.2: the server's handshake messages are spread over records of 512 bytes at most", PLAIN["tls12"], ("openssl",), FINISHED)
def small_records(capture):
    with Home() as home:
        home.s_server("-tls1_2", "-max_send_frag", "512", "-WWW")
        with capture.tcpdump(home.client) as raw:
            home.client.flush_neighbours()
            home.s_client("-tls1_2", "-quiet", script=("GET /small HTTP/1.0\r\n\r\n", 0.5))
        capture.truth(home, capture.keep(raw, keys=home.keys), ROLES)


if __name__ == "__main__":
    main()
