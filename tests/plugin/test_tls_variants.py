# SPDX-License-Identifier: GPL-2.0-or-later
"""TLS behind another protocol, and hellos and certificates of rarer kinds: what the client said that was agreed upon, and where Wireshark
sees the first ClientHello."""

import json

import pytest

from tshark import CAPTURES

# What speaks in the clear first, as Wireshark calls it.
BEHIND = {"starttls-imap": "imap", "starttls-ldap": "ldap", "starttls-xmpp": "xmpp", "starttls-postgresql": "pgsql", "tls-socks": "socks"}
OTHERS = ("tls13-raw-public-key", "tls13-post-handshake-authentication", "tls13-split-client-hello", "tls12-small-records", "browser-http2")


def truth_of(name):
    return json.loads((CAPTURES / f"{name}.truth.json").read_text(encoding="utf-8"))


def handshakes(wireshark, name, secrets):
    options = wireshark.secrets(name) if secrets else ()
    rows = wireshark.fields(name, "frame.number", "humantime.handshake", options=options)
    return [row["humantime.handshake"][0] for row in rows if row["humantime.handshake"]]


@pytest.mark.parametrize("name", BEHIND)
def test_what_comes_before_is_no_tls(wireshark, name):
    """What Wireshark shows as the other protocol alone is data; the first frame of TLS is that of Wireshark's first ClientHello."""
    rows = wireshark.fields(name, "frame.number", "frame.protocols", "tls.handshake.type", plugin=False)
    hello = next(int(row["frame.number"][0]) for row in rows if "1" in row["tls.handshake.type"])
    other = {int(row["frame.number"][0]) for row in rows if BEHIND[name] in row["frame.protocols"][0].split(":") and int(row["frame.number"][0]) < hello}
    events = {event["frame"]: event["phases"] for event in wireshark.events(name)}
    assert other and all(events[number] == ["tcp.data"] for number in other)
    assert min(number for number, phases in events.items() if any(phase.startswith("tls.") for phase in phases)) == hello


@pytest.mark.parametrize("secrets", (True, False))
@pytest.mark.parametrize("name", (*BEHIND, *OTHERS))
def test_kind_of_handshake(wireshark, name, secrets):
    """One each, full, of the version that the client says; the browser makes two connections."""
    truth = truth_of(name)
    versions = [connection["version"] for connection in truth.get("tls", {}).get("connections", ())] or [truth.get("handshake", {}).get("version", "")]
    kind = {"TLSv1.3": "tls13_full", "TLS1.3": "tls13_full"}.get(versions[0], "tls12_full" if name == "tls12-small-records" else "tls13_full")
    shown = wireshark.fields(name, "tls.handshake.type", plugin=False)
    # A retry has the type of a ServerHello too.
    retried = sum(kinds.count("2") for kinds in (row["tls.handshake.type"] for row in shown)) > 1 and name != "browser-http2"
    expected = ["tls13_hrr" if retried else kind] * (2 if name == "browser-http2" else 1)
    assert handshakes(wireshark, name, secrets) == expected


def test_authentication_after_the_handshake_is_none_of_it(wireshark):
    """RFC 8446 4.6.2: the certificate that is asked for later changes nothing of what the handshake was; its messages have their names."""
    events = wireshark.events("tls13-post-handshake-authentication", *wireshark.secrets("tls13-post-handshake-authentication"))
    order = [phase for event in events for phase in event["phases"] if phase in ("tls.finished", "tls.certificate_request", "tls.certificate", "tls.certificate_verify")]
    first = ["tls.certificate", "tls.certificate_verify", "tls.finished", "tls.finished"]
    assert order == [*first, "tls.certificate_request", "tls.certificate", "tls.certificate_verify", "tls.finished"]


def test_hello_of_ssl_2(wireshark):
    """RFC 5246 E.2. The server took it, as its ServerHello shows; no handshake was completed."""
    name = "tls12-sslv2-hello"
    events = wireshark.events(name)
    frames = truth_of(name)["shows"]
    named = [event["frame"] for event in events if "tls.client_hello" in event["phases"]]
    assert named == frames["ClientHello of SSL 2"]["frames"]
    assert [event["frame"] for event in events if "tls.server_hello" in event["phases"]] == frames["ServerHello"]["frames"]
    assert not handshakes(wireshark, name, False)
