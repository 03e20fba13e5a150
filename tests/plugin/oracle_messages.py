# SPDX-License-Identifier: GPL-2.0-or-later
"""The messages of DNS and HTTP in Wireshark's packet details, in clear and inside TLS, with the segments that
carry them."""

import xml.etree.ElementTree as ElementTree

from oracle_dtls import Associations
from oracle_http2 import Http2
from oracle_quic import Http3, read_quic
from oracle_tls import DATA, Records, parts_of

DNS = ("dns", "mdns", "llmnr")
TRANSFERS = (251, 252)  # IXFR, AXFR


def labels(name):
    return [] if name in ("<Root>", "") else name.lower().split(".")


def is_in(name, zone):
    """Whether the name is the zone's or lies below it."""
    name, zone = labels(name), labels(zone)
    return not zone or name[-len(zone) :] == zone


class Dns:
    """One message out of tshark's packet details."""

    def __init__(self, proto):
        self.values = {}
        self.sections = {}
        for item in proto.iter("field"):
            self.values.setdefault(item.get("name"), item.get("show"))
            title = (item.get("show") or "").split(" ")[0]
            if item.get("name") == "" and title in ("Answers", "Authoritative"):
                self.sections[title] = [self.record(child) for child in item]
        self.multicast = proto.get("name") == "mdns"
        self.cut = any(
            len(self.sections.get(title, [])) < int(self.values.get(count, "0"))
            for title, count in (("Answers", "dns.count.answers"), ("Authoritative", "dns.count.auth_rr"))
        )

    @staticmethod
    def record(item):
        values = {child.get("name"): child.get("show") for child in item.iter("field")}
        return values.get("dns.resp.name", ""), int(values.get("dns.resp.type", "0")), values.get("dns.cname")

    def token(self):
        """The first that matches: truncated, nxdomain, error, answer, alias, referral, no_data. None where
        the records that would tell were not captured."""
        value = self.values.get
        if value("dns.flags.response") in ("0", "False"):
            return "dns.query"
        rcode = int(value("dns.flags.rcode", "0"))
        if value("dns.flags.truncated") in ("1", "True") and not self.multicast:
            return "dns.truncated"
        if rcode == 3:
            return "dns.nxdomain"
        if rcode != 0:
            return "dns.error"
        if self.cut:
            return None
        answers = self.sections.get("Answers", [])
        if self.multicast:
            return "dns.answer" if answers else "dns.no_data"
        asked, name = int(value("dns.qry.type", "0")), value("dns.qry.name", "")
        # RFC 5936 2.2: all records of the zone answer; the messages behind the first have no question.
        if answers and (asked in TRANSFERS or value("dns.count.queries") == "0"):
            return "dns.answer"
        for _ in answers:
            if any(labels(owner) == labels(name) and asked in (kind, 255) for owner, kind, _ in answers):
                return "dns.answer"
            name = next(
                (target for owner, _, target in answers if target and labels(owner) == labels(name)), name
            )
        if any(target for _, _, target in answers):
            return "dns.alias"
        authority = self.sections.get("Authoritative", [])
        zones = [owner for owner, kind, _ in authority if kind == 2]
        asked_name = value("dns.qry.name", "")
        if (
            not answers
            and not any(kind == 6 for _, kind, _ in authority)
            and any(labels(zone) and is_in(asked_name, zone) for zone in zones)
        ):
            return "dns.referral"
        return "dns.no_data"


def name_http(message, parts, frames):
    """One HTTP message that begins in parts[0] and ends in parts[-1]; 1xx responses are named where they
    end."""
    values = {item.get("name"): item.get("show") for item in message.iter("field")}
    code = int(values.get("http.response.code", "0"))
    add = lambda number, token: frames[number].messages.update([token])  # noqa: E731
    if "http.response" in values:
        if 100 <= code < 200:
            add(parts[0], "http.interim")
            frames[parts[0]].switches = code == 101
            return True
        add(parts[0], "http.response_start")
        add(parts[-1], "http.response_end")
        body = "http.response_body"
    elif "http.request" in values:
        add(parts[0], "http.request")
        if values.get("http.request.method") == "CONNECT":
            add(parts[0], "http.tunnel")
        if len(parts) > 1:
            add(parts[-1], "http.request_end")
        body = "http.request_body"
    else:
        return False
    for number in parts[1:-1]:
        frames[number].messages[body] = 1
    return True


def name_message(proto, number, parts, frames):
    """Whether a protocol above names these segments; DNS only the one in which it is complete."""
    if proto.get("name") == "http":
        return name_http(proto, parts, frames)
    token = Dns(proto).token()
    if token:
        frames[number].messages[token] += 1
    return bool(token)


def frames_of(proto, name):
    return [int(item.get("show")) for item in proto.iter("field") if item.get("name") == name]


def segments_of(proto):
    """(frame, from, to) of each segment that it was put together from."""
    items = [item for item in proto.iter("field") if item.get("name") == "tcp.segment"]
    places = [(int(item.get("show")), int(item.get("pos")), int(item.get("size"))) for item in items]
    return [(frame, begin, begin + size) for frame, begin, size in places]


def read_packet(packet, number, records, frames, http2, http3, dtls):
    """Layer by layer. What was reassembled is told before the layer that it was reassembled for."""
    segments, sealed_in, inside = [], [], False
    payload = 0
    records.begin_frame()
    for proto in packet:
        if proto.get("name") == "tcp":
            payload = int(proto.get("pos")) + int(proto.get("size"))
        if proto.get("name") == "quic":
            read_quic(proto, frames[number].messages)
            http3.take(proto, number)
            continue
        if proto.get("name") == "udp":
            http3.take_header(proto)
        if proto.get("name") in ("ip", "ipv6", "udp"):
            dtls.take_header(proto)
        if proto.get("name") == "dtls":
            dtls.read(proto, number)
            continue
        if proto.get("name") == "http2":
            http2.take(proto, number, inside, payload)
            for message in proto.iter("proto"):
                if message.get("name") in DNS:  # the content of a request or a response (RFC 8484)
                    name_message(message, number, [number], frames)
            continue
        segments = segments_of(proto) or segments
        sealed_in = frames_of(proto, "tls.segment") or sealed_in
        if proto.get("name") == "tls":
            known = len(records.all)
            records.read(proto, number, segments)
            inside = True
            for record in records.all[known:]:
                if record.content == DATA and not record.sealed and number in http2.frames_in_tls:
                    http2.take_record(record, frames[number].sender, *((17, 0) if record.modern else records.around))
        elif proto.get("name") in (*DNS, "http"):
            carriers = records.of_message(proto, number, sealed_in) if inside else []
            parts = parts_of(carriers) or [frame for frame, _, _ in segments] or [number]
            if not name_message(proto, number, parts, frames):
                continue
            for record in carriers:
                record.named = True
        else:
            continue
        segments, sealed_in = [], []


def read_messages(document, frames):
    """Names DNS and HTTP; returns the TLS records."""
    records, http2, http3, dtls = Records(), Http2(frames), Http3(), Associations(frames)
    packets = list(ElementTree.fromstring(document))
    numbers = [int(next(item.get("show") for item in packet[0] if item.get("name") == "num")) for packet in packets]
    speaks = {
        frames[number].first("tcp.stream")
        for packet, number in zip(packets, numbers, strict=True)
        if any(proto.get("name") == "http2" for proto in packet)
    }
    http2.frames_in_tls = {number for number in numbers if frames[number].first("tcp.stream") in speaks}
    for packet, number in zip(packets, numbers, strict=True):
        if not frames[number].is_error:
            read_packet(packet, number, records, frames, http2, http3, dtls)
    http2.finish()
    http3.name(frames)
    for number in http2.frames_in_tls:
        frames[number].in_http2 = True
    return records.all
