# SPDX-License-Identifier: GPL-2.0-or-later
"""Chromium as a client in the lab, without a window, and Caddy as its server."""
import base64
import hashlib
import textwrap

import servers
from internet import SERVER
from network import command
from tls import NAME, Home


class Browsing(Home):
    """The server has Caddy, with /page, /small, /a, /b, /c, and what `site` says besides."""

    def caddy(self, site="", protocols="h1 h2 h3", name=NAME, port=443):
        leaf = self.certificates.leaf(name, key="ecdsa")
        root = self.server.folder / "site"
        root.mkdir(exist_ok=True)
        (root / "page").write_text(servers.page(20000))
        (root / "small").write_text(servers.page(1200))
        for letter in "abc":
            (root / letter).write_text(f"this is {letter}\n" * 20)
        (root / "index.html").write_text(f"<!DOCTYPE html><title>{name}</title><script>{self.script}</script>" if self.script else "<p>nothing</p>")
        configuration = self.server.folder / "Caddyfile"
        configuration.write_text(textwrap.dedent(f"""\
            {{
              admin off
              auto_https off
              servers {{
                protocols {protocols}
              }}
            }}
            https://{name}:{port} {{
              bind {SERVER}
              tls {leaf.with_suffix(".chain")} {leaf.with_suffix(".key")}
              {site}
              root * {root}
              file_server
            }}
            """))
        home = self.server.folder / "caddy"
        process = self.server.spawn("env", f"HOME={home}", "caddy", "run", "--config", configuration, "--adapter", "caddyfile")
        self.server.wait_listening(port, "tcp" if "h1" in protocols else "udp")
        return process

    script = ""  # of the page at /: what the browser does

    def chromium(self, *options, name=NAME, port=443):
        """Opens the page at / and returns it, as it is when its script has ended."""
        self.client.flush_neighbours()
        key = command("openssl", "x509", "-in", self.certificates.folder / f"{name}.pem", "-noout", "-pubkey")
        public = base64.b64decode("".join(line for line in key.splitlines() if not line.startswith("-")))
        pin = base64.b64encode(hashlib.sha256(public).digest()).decode()
        return self.client.run("env", f"SSLKEYLOGFILE={self.keys}", f"HOME={self.client.folder}", "chromium", "--headless=new", "--no-sandbox", "--disable-gpu",
                               "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-extensions",
                               "--disable-features=OptimizationHints,MediaRouter,AutofillServerCommunication",
                               f"--user-data-dir={self.client.folder}/chromium", f"--ignore-certificate-errors-spki-list={pin}",
                               
                               # it would ask for its maker's servers
                               f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {name}", "--virtual-time-budget=5000", "--dump-dom", *options, f"https://{name}:{port}/").stdout.decode()
