# SPDX-License-Identifier: GPL-2.0-or-later
"""TLS in the lab: certificates made for each recording, servers that use them, clients that leave a key log."""
import json
import re
import socket
import ssl
import time

import servers
from internet import CLIENT, ROLES, ROUTER, SERVER, Internet
from network import command

NAME = "www.example.jp"
URL = f"https://{NAME}"
VERSIONS = {"tls10": "TLSv1", "tls11": "TLSv1.1", "tls12": "TLSv1.2", "tls13": "TLSv1.3"}
WORDS = {"tls10": "TLS 1.0", "tls11": "TLS 1.1", "tls12": "TLS 1.2", "tls13": "TLS 1.3"}

FROM_CLIENT, FROM_SERVER = f"ip.src == {CLIENT}", f"ip.src == {SERVER}"
HELLOS = {"SYN": "tcp.flags.syn == 1 && tcp.flags.ack == 0", "ClientHello": "tls.handshake.type == 1", "ServerHello": "tls.handshake.type == 2"}
# what the handshake shows without secrets, and what a fetch shows with them
PLAIN = {"tls12": {**HELLOS, "Certificate": "tls.handshake.type == 11", "ServerHelloDone": "tls.handshake.type == 14",
                   "ChangeCipherSpec": "tls.record.content_type == 20", "application data": "tls.record.content_type == 23"},
         "tls13": {**HELLOS, "encrypted record": "tls.record.opaque_type == 23"}}
FINISHED = {"Finished": "tls.handshake.type == 20"}
FETCH = {**FINISHED, "request": "http.request", "response": "http.response.code == 200"}
CLOSE_BY_CLIENT = {"close_notify of the client": f"tls.alert_message.desc == 0 && {FROM_CLIENT}"}
CLOSE_BY_SERVER = {"close_notify of the server": f"tls.alert_message.desc == 0 && {FROM_SERVER}"}
CLOSE = {**CLOSE_BY_CLIENT, **CLOSE_BY_SERVER}

# for nginx: what it agreed upon, one line a request
LOG = """log_format tls escape=json '{"connection": $connection, "version": "$ssl_protocol", "cipher": "$ssl_cipher", '
    '"alpn": "$ssl_alpn_protocol", "resumed": "$ssl_session_reused", "early_data": "$ssl_early_data", "request": "$request_method $request_uri $status"}';"""


def follow(process, script):
    """Tells a program on its standard input what `script` says: seconds to wait, or what to type. Returns what it
    printed."""
    for step in script:
        if isinstance(step, str):
            process.stdin.write(step.encode())
            process.stdin.flush()
        else:
            time.sleep(step)
    process.stdin.close()
    process.wait(20)
    return process.log.read_text(errors="replace")


class Certificates:
    """A root, an intermediate, and leaves that it signed. They go with the network's folder, the private keys too."""

    KEYS = {"rsa": ("rsa:2048",), "ecdsa": ("ec", "-pkeyopt", "ec_paramgen_curve:P-256")}

    def __init__(self, folder):
        self.folder = folder
        (folder / "openssl.cnf").write_text("[req]\ndistinguished_name = names\n[names]\n")
        authority = ("basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign")
        self.root = self.make("root", "/O=Example/CN=Example Root CA", None, authority)
        self.intermediate = self.make("intermediate", "/O=Example/CN=Example Server CA", "root", authority)

    def make(self, name, subject, issuer, extensions, key="rsa"):
        words = ["-CA", self.folder / f"{issuer}.pem", "-CAkey", self.folder / f"{issuer}.key"] if issuer else []
        for extension in extensions:
            words += ["-addext", extension]
        file = self.folder / f"{name}.pem"
        command("openssl", "req", "-x509", "-config", self.folder / "openssl.cnf", "-newkey", *self.KEYS[key], "-noenc", "-days", "90",
                "-subj", subject, "-keyout", file.with_suffix(".key"), "-out", file, *words)
        return file

    def leaf(self, name=NAME, key="rsa", usage="serverAuth"):
        """A certificate with the intermediate's behind it in NAME.chain, its key in NAME.key."""
        file = self.make(name, f"/O=Example/CN={name}", "intermediate", (f"subjectAltName=DNS:{name}", f"extendedKeyUsage={usage}"), key)
        file.with_suffix(".chain").write_text(file.read_text() + self.intermediate.read_text())
        return file


class Home(Internet):
    """The internet with a home router that resolves names (or a resolver on the client, with names=True), and certificates."""

    def build(self, *arguments):
        super().build(*arguments)
        self.keys = self.folder / "keys"
        self.keys.touch()
        self.certificates = Certificates(self.folder)
        self.root = self.certificates.root
        if self.name_servers:
            servers.all_name_servers(self)
            self.resolver = servers.iterative_resolver(self.client)
            time.sleep(0.5)
        else:
            self.resolver = servers.home_router_resolver(self.router, ROUTER)
            self.client.resolve_with(ROUTER)

    def nginx(self, version=None, settings="", listen=("443 ssl",), locations="", extra="", key="rsa"):
        """nginx with a certificate; `settings` are of its server block, `extra` of the whole."""
        leaf = self.certificates.leaf(key=key)
        protocols = f"ssl_protocols {VERSIONS[version]};" if version else ""
        return servers.nginx(self.server, listen, extra=f"{LOG} access_log {self.server.folder}/tls.log tls; {extra}", locations=f"""
            {protocols} ssl_certificate {leaf.with_suffix(".chain")}; ssl_certificate_key {leaf.with_suffix(".key")};
            ssl_session_cache shared:sessions:1m; {settings} {locations}""")

    def s_server(self, *options, port=443, key="rsa"):
        """openssl s_server in a folder with the files `page` and `small`; `reply` has its HTTP header with it."""
        leaf = self.certificates.leaf(key=key)
        (self.server.folder / "page").write_text(servers.page(20000))
        (self.server.folder / "small").write_text(servers.page(1200))
        (self.server.folder / "reply").write_text(f"HTTP/1.0 200 OK\r\nContent-Length: 1200\r\n\r\n{servers.page(1200)}")
        process = self.server.spawn("openssl", "s_server", "-accept", port, "-cert", leaf, "-key", leaf.with_suffix(".key"),
                                    "-cert_chain", self.certificates.intermediate, *options, cwd=self.server.folder, stdin=-1)
        self.server.wait_listening(port)
        return process

    def fetch(self, *words, **options):
        """curl, a browser's stand-in, with no ARP entry from before."""
        self.client.flush_neighbours()
        return self.client.run("env", f"SSLKEYLOGFILE={self.keys}", "curl", "-4", "-sSv", "-o", "/dev/null", "--cacert", self.root, *words, **options)

    def s_client(self, *options, script=(), port=443, keys=True):
        """openssl s_client, told what `script` says: seconds to wait, or what to type. Returns what it printed."""
        words = ("-keylogfile", self.keys) if keys else ()
        process = self.client.spawn("openssl", "s_client", "-connect", f"{NAME}:{port}", "-4", "-servername", NAME, "-CAfile", self.root,
                                    *words, *options, stdin=-1)
        print("    client$ openssl s_client", *options, flush=True)
        return follow(process, script)

    def connect(self, version=None, port=443, alpn=("http/1.1",)):
        """A connection of Python's ssl module; for functions that run inside the client."""
        connection = socket.create_connection((SERVER, port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        context = ssl.create_default_context(cafile=self.root)
        context.keylog_filename = str(self.keys)
        if alpn:
            context.set_alpn_protocols(alpn)
        if version == "tls12":
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        return context.wrap_socket(connection, server_hostname=NAME)

    def agreed(self):
        """What nginx says of the connections: version, cipher, ALPN, what was asked for and answered."""
        connections = {}
        for line in (self.server.folder / "tls.log").read_text().splitlines():
            facts = json.loads(line)
            request = facts.pop("request")
            facts["resumed"] = facts["resumed"] == "r"
            facts["early_data"] = facts["early_data"] == "1"
            connections.setdefault(facts.pop("connection"), {**facts, "requests": []})["requests"].append(request)
        return list(connections.values())

    def truth(self, capture, raw, connections=None, closed=("close_notify", "close_notify"), keys=True, inside=False, roles=ROLES, **more):
        """Keeps the capture with its key log. `closed` is what the client and the server closed the connection with."""
        connections = self.agreed() if connections is None else connections
        capture.truth(self, capture.keep(raw, keys=self.keys if keys else None, inside=inside), roles,
                      tls={"connections": connections, "closed_with": dict(zip(("client", "server"), closed))}, **more)


def agreed_by_curl(result):
    """What curl says of its connection, where the server says nothing."""
    text = result.stderr.decode()
    version, cipher = re.search(r"SSL connection using (\S+) / (\S+)", text).groups()
    alpn = re.search(r"ALPN: server accepted (\S+)", text)
    lines = re.findall(r"^> ([A-Z]+ \S+) HTTP|^< HTTP/\S+ (\d+)", text, re.M)
    return [{"version": version, "cipher": cipher, "alpn": alpn[1] if alpn else "", "exchanges": [line[0] or line[1] for line in lines]}]


def agreed_by_s_client(said):
    alpn = re.search(r"ALPN protocol: (\S+)", said)
    kind, version, cipher = re.search(r"^(New|Reused), (\S+), Cipher is (\S+)", said, re.M).groups()
    return [{"version": version, "cipher": cipher, "alpn": alpn[1] if alpn else "", "resumed": kind == "Reused"}]


def request(path, *headers, method="GET", version="1.1"):
    """A request as one types it."""
    return "\r\n".join((f"{method} {path} HTTP/{version}", f"Host: {NAME}", *headers, "", ""))
