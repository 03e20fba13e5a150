#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records a browser: Chromium against Caddy and nginx, with all that a browser's handshake has today: a post-quantum key share, so that a
ClientHello takes several packets, whose pieces it shuffles; GREASE (RFC 8701) and a greased ECH (RFC 9849); compressed certificates are offered.

`browser` in the truth is what the page's own script said of what it fetched: for each its path, its status, its length, and the protocol that
the browser says it used (`nextHopProtocol`).
"""
import html
import json
import re

from internet import CLIENT, ROLES, SERVER
from recorder import capture, main
from tls import FINISHED, NAME, PLAIN
from web_browser import Browsing

SOFTWARE = ("chromium", "caddy")
FROM_CLIENT, FROM_SERVER = f"ip.src == {CLIENT}", f"ip.src == {SERVER}"
INITIALS = {"Initial of the client": f"quic.long.packet_type == 0 && {FROM_CLIENT}", "Initial of the server": f"quic.long.packet_type == 0 && {FROM_SERVER}",
            "Handshake": "quic.long.packet_type == 2", "1-RTT": "quic.header_form == 0"}
QUIC = ("--enable-quic", f"--origin-to-force-quic-on={NAME}:443")


def fetching(paths):
    """A script that fetches one after the other and says what it got in the page's title."""
    return """(async () => {
      const got = [];
      for (const path of %s) {
        const response = await fetch(path, {cache: "no-store"});
        const body = await response.arrayBuffer();
        const entry = performance.getEntriesByName(new URL(path, location).href).at(-1);
        got.push({path, status: response.status, length: body.byteLength, protocol: entry ? entry.nextHopProtocol : null});
      }
      document.title = JSON.stringify(got);
    })()""" % json.dumps(paths)


def title_of(page):
    found = re.search(r"<title>(\[.*\])</title>", page, re.S)
    if not found:
        raise RuntimeError(f"the script did not end: {page}")
    return json.loads(html.unescape(found[1]))


def told_browsing(capture, paths, *options, **server):
    with Browsing() as home:
        home.script = fetching(paths)
        home.caddy(**server)
        with capture.tcpdump(home.client) as raw:
            got = title_of(home.chromium(*options))
        capture.truth(home, capture.keep(raw, keys=home.keys), ROLES, browser=got)


@capture("browser-http3", "Chromium fetches a page and two files over HTTP/3; its ClientHello takes two Initial packets, in pieces that it shuffles",
         INITIALS, SOFTWARE, {"Finished": "tls.handshake.type == 20"})
def browser_http3(capture):
    told_browsing(capture, ["/small", "/a", "/page"], *QUIC)


@capture("browser-http2", "Chromium fetches the same over HTTP/2: its ClientHello takes two segments", PLAIN["tls13"], SOFTWARE, {**FINISHED, "SETTINGS": "http2.type == 4"})
def browser_http2(capture):
    told_browsing(capture, ["/small", "/a", "/page"], protocols="h1 h2")


if __name__ == "__main__":
    main()
