# SPDX-License-Identifier: GPL-2.0-or-later
"""Look-ups over TLS, over HTTPS and over QUIC: what the client printed of them (truth.json) and Wireshark's own dns fields against the
phases, and which journeys they are part of."""

import json
from ipaddress import ip_address

import pytest

from tshark import CAPTURES, capture_names

NAMES = [name for name in capture_names() if name.startswith(("dns-over-https", "dns-over-tls-"))]
OVER_QUIC = [name for name in capture_names() if name.startswith(("dns-over-http3", "dns-over-quic"))]
FIELDS = ("frame.number", "ip.src", "tcp.stream", "tcp.srcport", "tcp.dstport", "tls.handshake.extensions_server_name", "dns.flags.response", "dns.qry.name", "dns.qry.type")
TYPES = {"1": "A", "28": "AAAA"}


def truth_of(name):
    return json.loads((CAPTURES / f"{name}.truth.json").read_text(encoding="utf-8"))


def rows_of(wireshark, name):
    rows = wireshark.fields(name, *FIELDS, options=wireshark.secrets(name), plugin=False)
    return {int(row["frame.number"][0]): row for row in rows}


def events_of(wireshark, name, secrets=True):
    return {event["frame"]: event for event in wireshark.events(name, *(wireshark.secrets(name) if secrets else ()))}


def dns_of(event):
    return [phase for phase in event["phases"] if phase.startswith("dns.")]


def over_tcp(rows, events):
    return {number: event for number, event in events.items() if rows[number]["tcp.stream"]}


def test_there_are_captures():
    assert {"dns-over-https", "dns-over-https-get", "dns-over-https-fetch", "dns-over-tls-fetch", "dns-over-https-http1", "dns-over-https-http1-get"} <= set(NAMES)
    assert {"dns-over-http3", "dns-over-http3-get", "dns-over-quic"} <= set(OVER_QUIC)


@pytest.mark.parametrize("name", NAMES)
def test_messages(wireshark, name):
    """As many questions and answers as the client printed; Wireshark shows them in the same frames, but for a question in
    a target (RFC 8484 4.1), of which it shows the answer alone."""
    rows, events, asked = rows_of(wireshark, name), events_of(wireshark, name), truth_of(name)["look_ups"]
    told = {number: phases for number, event in over_tcp(rows, events).items() if (phases := dns_of(event))}
    queries = [number for number, phases in told.items() if phases == ["dns.query"]]
    answers = [number for number, phases in told.items() if phases == ["dns.answer"]]
    assert len(queries) == len(answers) == len(asked) and len(told) == 2 * len(asked)
    shown = {number: row["dns.flags.response"][0] in ("1", "True") for number, row in rows.items() if row["tcp.stream"] and row["dns.qry.name"]}
    assert [number for number, response in shown.items() if response] == answers
    if name.endswith("-get"):
        assert not any(response is False for response in shown.values())
    else:
        assert [number for number, response in shown.items() if not response] == queries
    for number, look_up in zip(answers, asked):
        assert (rows[number]["dns.qry.name"][0], TYPES[rows[number]["dns.qry.type"][0]]) == (look_up["name"], look_up["type"])


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_claimed_without_secrets(wireshark, name):
    rows, events = rows_of(wireshark, name), events_of(wireshark, name, secrets=False)
    assert not [number for number, event in over_tcp(rows, events).items() if dns_of(event)]


def streams(rows):
    """The frames of each connection, and its server's port."""
    found = {}
    for number, row in rows.items():
        if row["tcp.stream"]:
            found.setdefault(row["tcp.stream"][0], (row["tcp.dstport"][0], []))[1].append(number)
    return found.values()


@pytest.mark.parametrize("secrets", (True, False))
@pytest.mark.parametrize("name", NAMES)
def test_journeys(wireshark, name, secrets):
    """The connection to the resolver is a journey of its own, with its own name; a look-up over it is part of the journey that
    it led to, or one that failed. What nobody decrypted is the resolver's."""
    truth, rows, events = truth_of(name), rows_of(wireshark, name), events_of(wireshark, name, secrets)
    carriers, fetches = set(), set()
    for port, frames in streams(rows):
        messages = {number for number in frames if dns_of(events[number])}
        journeys = {events[number]["journey"] for number in set(frames) - messages}
        assert len(journeys) == 1
        if int(port) == truth["resolver"]["port"]:
            carriers |= journeys
            assert {events[number]["journey"] for number in messages}.isdisjoint(journeys)
        else:
            fetches |= journeys
            assert not messages
    assert len(carriers) == 1 and len(fetches) == len(truth["fetched"]) and carriers.isdisjoint(fetches)
    looked_up = {event["journey"] for event in over_tcp(rows, events).values() if dns_of(event)}
    assert bool(looked_up) == secrets
    if truth["fetched"] and secrets:
        assert looked_up == fetches
    report = wireshark.output("tshark", "-q", "-r", wireshark.readable(name), "-z", "humantime,journeys,json", *(wireshark.secrets(name) if secrets else ()))
    kinds = {told["journey"]: (told["name"], told["kind"]) for told in map(json.loads, report.splitlines())}
    assert {kinds[number] for number in carriers} == {(truth["resolver"]["name"], "completed")}
    # Without secrets the only look-up that can be seen of this address is that of the resolver, which lives there too.
    names = {fetch["name"] for fetch in truth["fetched"]} | (set() if secrets else {truth["resolver"]["name"]})
    assert all(kinds[number][0] in names and kinds[number][1] == "completed" for number in fetches)
    for number in looked_up - fetches:
        assert kinds[number] == (truth["look_ups"][0]["name"], "failed")
    assert set(kinds) == carriers | fetches | looked_up


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_is_the_clients(wireshark, name):
    """What the truth says was printed by the client: addresses, and of the fetch the one that was told."""
    for look_up in truth_of(name)["look_ups"]:
        assert ip_address(look_up["address"]).version == {"A": 4, "AAAA": 6}[look_up["type"]]
    told = {look_up["address"] for look_up in truth_of(name)["look_ups"]}
    assert all(fetch["address"] in told for fetch in truth_of(name)["fetched"])


def over_quic(events):
    return [event for event in events.values() if any(phase.startswith("quic.") for phase in event["phases"])]


@pytest.mark.parametrize("name", OVER_QUIC)
def test_messages_over_quic(wireshark, name):
    """Of these Wireshark shows nothing, or not all: the client told what it asked for, and the addresses that it got."""
    asked = truth_of(name)["look_ups"]
    messages = [(phase, event["detail"], event["direction"]) for event in over_quic(events_of(wireshark, name)) for phase in dns_of(event)]
    assert sorted(phase for phase, _, _ in messages) == ["dns.answer"] * len(asked) + ["dns.query"] * len(asked)
    assert {(phase, way) for phase, _, way in messages} == {("dns.query", "sent"), ("dns.answer", "received")}
    for look_up, message in zip(asked, [message for message in messages if message[0] == "dns.answer"]):
        assert look_up["name"] in message[1] or message[1] == "200"


@pytest.mark.parametrize("name", OVER_QUIC)
def test_nothing_is_claimed_over_quic_without_secrets(wireshark, name):
    assert not [event for event in over_quic(events_of(wireshark, name, secrets=False)) if dns_of(event)]


@pytest.mark.parametrize("name", OVER_QUIC)
def test_journeys_over_quic(wireshark, name):
    """The connection to the resolver is a journey with its own name, the look-ups over it are those of the name that was looked up."""
    truth, events = truth_of(name), events_of(wireshark, name)
    carriers = {event["journey"] for event in over_quic(events) if not dns_of(event)}
    look_ups = {event["journey"] for event in over_quic(events) if dns_of(event)}
    assert len(carriers) == 1 and look_ups and carriers.isdisjoint(look_ups)
    report = wireshark.output("tshark", "-q", "-r", wireshark.readable(name), "-z", "humantime,journeys,json", *wireshark.secrets(name))
    names = {told["journey"]: told["name"] for told in map(json.loads, report.splitlines())}
    assert {names[number] for number in carriers} == {truth["resolver"]["name"]}
    assert {names[number] for number in look_ups} == {look_up["name"] for look_up in truth["look_ups"]}


def test_wireshark_shows_the_same_over_quic(wireshark):
    """Of DNS over QUIC it reads what of HTTP/3 it does not."""
    name = "dns-over-quic"
    rows = wireshark.fields(name, "frame.number", "dns.flags.response", "quic.header_form", options=wireshark.secrets(name), plugin=False)
    shown = {int(row["frame.number"][0]): row["dns.flags.response"][0] in ("1", "True") for row in rows if row["quic.header_form"] and row["dns.flags.response"]}
    told = {number: dns_of(event) == ["dns.answer"] for number, event in events_of(wireshark, name).items() if dns_of(event)}
    assert shown == told
