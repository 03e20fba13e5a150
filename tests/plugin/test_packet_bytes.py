# SPDX-License-Identifier: GPL-2.0-or-later
"""The report `bytes`: what each frame is made of adds up to the frame, and is as long as Wireshark's own fields say."""

import json

import pytest

from tshark import capture_names, has_several_interfaces

#: Handshake messages by their type (RFC 8446 4, RFC 5246 7.4), as their pieces are called.
MESSAGES = {0: "tls.hello_request", 1: "tls.client_hello", 2: "tls.server_hello", 4: "tls.new_session_ticket",
            11: "tls.certificate", 12: "tls.server_key_exchange", 13: "tls.certificate_request", 14: "tls.server_hello_done",
            15: "tls.certificate_verify", 16: "tls.client_key_exchange", 22: "tls.certificate_status"}  # fmt: skip
HEADERS = {"ip": "ip.hdr_len", "tcp": "tcp.hdr_len"}
#: TLS over TCP, from its handshake on, seen from one place without loss.
TLS = ["article-fetch-01-client", "article-fetch-01-server", "browser-http2", "http2-curl", "http2-forty", "starttls-smtp",
       "tls10", "tls11", "tls12-client-certificate", "tls12-ecdhe", "tls12-renegotiation", "tls12-rsa", "tls12-session-id",
       "tls12-small-records", "tls12-small-segments", "tls12-ticket", "tls13", "tls13-0rtt", "tls13-hrr", "tls13-ipv6",
       "tls13-psk", "tls13-records", "tls13-small-segments", "tls13-split-client-hello"]  # fmt: skip
#: Of families of captures that differ above TCP and UDP only, none: `TLS` and QUIC's have tests of their own.
FAMILIES = ("article-fetch-0", "both-ends-", "dtls12-", "http2-", "journey-", "openvpn-udp-", "quic-", "tls12-", "tls13-")
ONE_OF_EACH = [name for name in capture_names() if not name.startswith(FAMILIES)] + ["article-fetch-01", "quic-page", "tls13-ipv6"]


def pieces_of(wireshark, name, *options):
    """By frame: its length and its pieces, each (name, bytes, of how many)."""
    text = wireshark.tshark(name, *options, "-q", "-z", "humantime,bytes,json")
    records = [json.loads(line) for line in text.splitlines()]
    return {
        record["frame"]: (record["bytes"], list(zip(record["pieces"], record["sizes"], record["wholes"], strict=True)))
        for record in records
    }


def numbers(values):
    return [int(value) for value in values]


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_pieces_add_up_and_headers_are_as_long_as_wireshark_says(wireshark, name):
    told = pieces_of(wireshark, name)
    fields = wireshark.fields(name, "frame.number", "frame.len", "ip.hdr_len", "tcp.hdr_len", "udp.length", plugin=False)
    assert len(told) == len(fields) > 0
    compared = 0
    for row in fields:
        length, pieces = told[int(row["frame.number"][0])]
        assert length == int(row["frame.len"][0]) == sum(size for _, size, _ in pieces), row
        assert all(size > 0 and (whole == 0 or whole > size) for _, size, whole in pieces), (row, pieces)
        for piece, field in HEADERS.items():
            ours, theirs = [size for what, size, _ in pieces if what == piece], numbers(row[field])
            # Of tunnels the outer headers; what an ICMP error quotes is no header of the frame.
            assert ours == theirs[: len(ours)], (row, pieces)
            compared += len(ours)
        if "udp" in [what for what, _, _ in pieces]:
            at = [what for what, _, _ in pieces].index("udp")
            datagram = [size for what, size, _ in pieces[at:] if what not in ("trailer", "unread")]
            assert sum(datagram) == numbers(row["udp.length"])[0], (row, pieces)
            compared += 1
    # PPPoE and the like have no reader.
    others = any(what in ("arp", "unread") for _, pieces in told.values() for what, _, _ in pieces)
    assert compared > 0 or others


def records_told(told, senders):
    """By direction: how long the records are that end, and the messages in the clear, in order."""
    records, messages, open_record, open_message = {}, {}, {}, {}
    for frame, (_, pieces) in sorted(told.items()):
        direction = senders.get(frame)
        for what, size, whole in pieces:
            # The same type on the wire (RFC 8446 4.1.4).
            what = "tls.server_hello" if what == "tls.hello_retry_request" else what
            if what == "tls.record":
                if open_record.get(direction, 0) > 0:
                    records.setdefault(direction, []).append(open_record.pop(direction))
            elif what.startswith("tls."):
                open_record[direction] = open_record.get(direction, 0) + size
                if what in MESSAGES.values():
                    seen = open_message.get(direction, 0) + size
                    if whole == 0 or seen == whole:
                        messages.setdefault(direction, []).append((what, seen))
                        seen = 0
                    open_message[direction] = seen
    for direction, length in open_record.items():
        records.setdefault(direction, []).append(length)
    return records, messages


@pytest.mark.parametrize("name", [name for name in TLS if name in capture_names()])
def test_records_and_messages_are_as_long_as_wireshark_says(wireshark, name):
    assert not has_several_interfaces(name)
    told = pieces_of(wireshark, name)
    fields = wireshark.fields(name, "frame.number", "tcp.stream", "tcp.srcport", "tls.record.length", "tls.handshake.type",
                              "tls.handshake.length", plugin=False)  # fmt: skip
    senders = {int(row["frame.number"][0]): (*row["tcp.stream"], *row["tcp.srcport"]) for row in fields}
    records, messages = {}, {}
    for row in fields:
        direction = (*row["tcp.stream"], *row["tcp.srcport"])
        if row["tls.record.length"]:
            records.setdefault(direction, []).extend(numbers(row["tls.record.length"]))
        for kind, length in zip(numbers(row["tls.handshake.type"]), numbers(row["tls.handshake.length"]), strict=False):
            if kind in MESSAGES:
                messages.setdefault(direction, []).append((MESSAGES[kind], length + 4))
    assert sum(map(len, records.values())) > 5
    ours = records_told(told, senders)
    assert ours[0] == records
    assert ours[1] == messages


def test_the_part_of_a_message_says_of_how_much(wireshark):
    certificate = [
        (size, whole)
        for _, pieces in pieces_of(wireshark, "article-fetch-01-client").values()
        for what, size, whole in pieces
        if what == "tls.certificate"
    ]
    assert len(certificate) == 2
    assert sum(size for size, _ in certificate) == certificate[0][1] == certificate[1][1]


@pytest.mark.parametrize("name", [name for name in capture_names() if name.startswith("quic-")])
def test_quic_packets_are_as_long_as_wireshark_says(wireshark, name):
    told = pieces_of(wireshark, name)
    fields = wireshark.fields(name, "frame.number", "quic.packet_length", plugin=False)
    compared = 0
    for row in fields:
        theirs = numbers(row["quic.packet_length"])
        ours = [size for what, size, _ in told[int(row["frame.number"][0])][1] if what.startswith("quic.")]
        if theirs and ours:
            assert ours == theirs, row
            compared += len(ours)
    assert compared > 0


def test_formats(wireshark):
    name = "article-fetch-01-client"
    text = wireshark.tshark(name, "-q", "-z", "humantime,bytes")
    assert "Ethernet 14 · ARP 28" in text and "part of Certificate, " in text
    table = wireshark.tshark(name, "-q", "-z", "humantime,bytes,csv")
    assert table.splitlines()[0] == "frame,bytes,pieces,sizes,wholes"
    japanese = wireshark.tshark(name, "-o", "humantime.language:ja", "-q", "-z", "humantime,bytes")
    assert "Certificateの一部、" in japanese
    # A filter leaves out the segment that a message begins in: the rest of it has no name, never a wrong one.
    filtered = wireshark.tshark(name, "-q", "-z", "humantime,bytes,json,tcp.len > 0 && tcp.len < 1448")
    names = [piece for line in filtered.splitlines() for piece in json.loads(line)["pieces"]]
    assert "payload" in names and "tls.certificate" not in names
