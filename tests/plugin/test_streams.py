# SPDX-License-Identifier: GPL-2.0-or-later
"""The report `streams` puts each response of HTTP/2 and HTTP/3 to its request, as Wireshark's own fields do stream by
stream, and as the clients of the lab wrote them down."""

import json
from xml.etree import ElementTree

import pytest

from tshark import CAPTURES

#: Without padding, which the report does not look at.
HTTP2 = ["http2-forty", "http2-many-streams", "http2-curl", "http2-post", "http2-interim", "http2-statuses", "http2-trailers",
         "http2-streaming", "http2-two-ended-client", "http2-two-ended-server", "browser-http2"]  # fmt: skip
HTTP3 = ["quic-forty", "quic-page", "quic-fetch", "quic-not-found", "quic-resumed", "quic-two-ended-client",
         "quic-two-ended-server", "browser-http3"]  # fmt: skip
DATA, HEADERS, RST_STREAM = 0, 1, 3


def truth(name):
    return json.loads((CAPTURES / f"{name}.truth.json").read_text(encoding="utf-8"))


def streams_of(wireshark, name, *options, secrets=True):
    options = (*(wireshark.secrets(name) if secrets else ()), *options)
    text = wireshark.tshark(name, *options, "-q", "-z", "humantime,streams,json")
    return [json.loads(line) for line in text.splitlines()]


def packets_of(wireshark, name, protocol):
    """Each packet's number, sender's port and the protocol's tree, as tshark's packet details have them."""
    text = wireshark.tshark(name, *wireshark.secrets(name), "-T", "pdml", "-Y", protocol, plugin=False)
    for packet in ElementTree.fromstring(text).iter("packet"):
        values = {field.get("name"): field.get("show") for field in packet.iter("field")}
        yield packet, int(values["frame.number"]), int(values.get("tcp.srcport") or values["udp.srcport"])


def shown(tree, name):
    return [field.get("show") for field in tree.iter("field") if field.get("name") == name]


class Seen(dict):
    """By connection and stream: what Wireshark says of it."""

    def at(self, connection, stream):
        return self.setdefault((connection, stream), {
            "request_frame": None, "request_end_frame": None, "response_frame": None, "response_end_frame": None,
            "request_bytes": 0, "response_bytes": 0, "status": None, "path": None, "method": None})  # fmt: skip


def http2_of(wireshark, name):
    seen, resets = Seen(), set()
    for packet, number, port in packets_of(wireshark, name, "http2"):
        who = "request" if port not in (80, 443) else "response"
        (connection,) = set(shown(packet, "tcp.stream"))
        for tree in packet.iter("field"):
            if tree.get("name") != "http2.stream" or not shown(tree, "http2.type"):
                continue
            stream, kind = int(shown(tree, "http2.streamid")[0]), int(shown(tree, "http2.type")[0])
            if kind == RST_STREAM:
                resets.add(stream)
            if stream == 0 or kind not in (DATA, HEADERS):
                continue
            one = seen.at(connection, stream)
            if kind == DATA:
                one[f"{who}_bytes"] += int(shown(tree, "http2.length")[0])
            for field, key in (("http2.headers.method", "method"), ("http2.headers.path", "path")):
                one[key] = one[key] or next(iter(shown(tree, field)), None)
            status = next(iter(shown(tree, "http2.headers.status")), None)
            if kind == HEADERS and who == "response" and status and int(status) >= 200:
                one["status"] = int(status)
                one["response_frame"] = one["response_frame"] or number
            if kind == HEADERS and who == "request":
                one["request_frame"] = one["request_frame"] or number
            if shown(tree, "http2.flags.end_stream")[0] in ("1", "True"):
                one[f"{who}_end_frame"] = number
    return seen, resets


@pytest.mark.parametrize("name", HTTP2)
def test_http2(wireshark, name):
    told = streams_of(wireshark, name)
    seen, resets = http2_of(wireshark, name)
    phases = wireshark.fields(name, "humantime.phase", options=wireshark.secrets(name))
    starts, ends = ({number for number, frame in enumerate(phases, 1) if phase in frame["humantime.phase"]}
                    for phase in ("http.response_start", "http.response_end"))  # fmt: skip
    assert len(told) == len(seen) > 0
    by_request = {(one["request_frame"], stream): one for (_, stream), one in seen.items()}
    for one in told:
        expected = by_request[one["request_frame"], one["stream"]]
        words = (one["request"] or "").split(" ")
        assert (words[0], words[1]) == (expected["method"], expected["path"][: len(words[1])])
        for key in ("request_end_frame", "status", "request_bytes", "response_bytes"):
            assert one[key] == expected[key], (key, one)
        # Wireshark shows a frame where the last segment of its TLS record comes, not where its bytes are.
        for key, named in (("response_frame", starts), ("response_end_frame", ends)):
            assert one[key] <= expected[key] and one[key] in named, (key, one)
        assert not one["pushed"] and (not one["reset"] or one["stream"] in resets)


def http3_of(wireshark, name):
    """A message begins with the first packet of its stream, and ends with the packet that has the FIN."""
    seen = Seen()
    for packet, number, port in packets_of(wireshark, name, "quic"):
        who = "request" if port != 443 else "response"
        for tree in packet.iter("field"):
            if tree.get("name") != "quic.frame" or not shown(tree, "quic.stream.stream_id"):
                continue
            stream = int(shown(tree, "quic.stream.stream_id")[0])
            if stream % 4 != 0:
                continue
            one = seen.at(None, stream)
            one[f"{who}_frame"] = one[f"{who}_frame"] or number
            if shown(tree, "quic.stream.fin")[0] in ("1", "True"):
                one[f"{who}_end_frame"] = one[f"{who}_end_frame"] or number
    return seen


@pytest.mark.parametrize("name", HTTP3)
def test_http3(wireshark, name):
    told = streams_of(wireshark, name)
    seen = http3_of(wireshark, name)
    assert len(told) == len(seen) > 0
    for one in told:
        expected = seen[None, one["stream"]]
        for key in ("request_frame", "request_end_frame", "response_frame", "response_end_frame"):
            assert one[key] == expected[key], (key, one)


# -- what the lab's programs wrote down


def test_forty_of_http2(wireshark):
    """Every path has the answer that the server makes for it, however late: its status and as many bytes."""
    told = streams_of(wireshark, "http2-forty")
    assert len(told) == 40
    frames = truth("http2-forty")["http2"]["frames"]
    statuses = {frame["stream"]: frame["status"] for frame in frames if "status" in frame}
    for one in told:
        path = one["request"].split(" ")[1]
        assert one["status"] == statuses[one["stream"]]
        assert one["status"] == (204 if path == "/none" else 302 if path.startswith("/moved") else 200)
        if path[1:].isdigit():
            assert one["response_bytes"] == int(path[1:])
        assert one["response_bytes"] == sum(frame["length"] for frame in frames if frame.get("type") == "DATA"
                                            and frame["from"] == "server" and frame["stream"] == one["stream"])  # fmt: skip
        # The server keeps these waiting for 0.3 s; the wire takes 40 ms for there and back.
        assert (one["wait_ms"] > 300) == (path == "/poll")
    begun = [one["response_frame"] for one in told]
    assert begun != sorted(begun), "the requests are answered in another order"


def test_forty_of_http3(wireshark):
    told = streams_of(wireshark, "quic-forty")
    files = truth("quic-forty")["files"]
    assert len(told) == 40
    assert sorted(one["status"] for one in told) == sorted(truth("quic-forty")["quic"]["statuses"])
    for one in told:
        path = one["request"].split(" ")[1]
        assert one["status"] == (200 if path in files else 404)
        if path in files:
            assert one["response_bytes"] == files[path]


def test_resets(wireshark):
    told = {one["stream"]: one for one in streams_of(wireshark, "http2-reset")}
    frames = truth("http2-reset")["http2"]["frames"]
    reset = {frame["stream"] for frame in frames if frame.get("type") == "RST_STREAM"}
    assert reset and {stream for stream, one in told.items() if one["reset"]} == reset


def test_pushes(wireshark):
    told = {one["stream"]: one for one in streams_of(wireshark, "http2-push")}
    frames = truth("http2-push")["http2"]["frames"]
    promised = {frame["stream"] for frame in frames if frame.get("type") == "HEADERS" and frame["stream"] % 2 == 0}
    assert {stream for stream, one in told.items() if one["pushed"]} == promised != set()
    for stream, one in told.items():
        assert one["response_bytes"] == sum(f["length"] for f in frames if f.get("type") == "DATA" and f["stream"] == stream)
        assert one["status"] == 200


@pytest.mark.parametrize("name", ["http2-padded", "http2-loss", "http2-gap"])
def test_what_was_not_counted_is_null(wireshark, name):
    """Padding is not looked at, and behind a gap there may be what nobody saw: then there is no number, never a
    wrong one."""
    seen, _ = http2_of(wireshark, name)
    statuses = {stream: one["status"] for (_, stream), one in seen.items()}
    told = streams_of(wireshark, name)
    assert told
    for one in told:
        assert one["status"] in (None, statuses.get(one["stream"]))
    if name == "http2-padded":
        assert any(one["response_bytes"] is None and one["response_end_frame"] for one in told)


def test_nothing_without_secrets(wireshark):
    assert streams_of(wireshark, "http2-forty", secrets=False) == []
    assert streams_of(wireshark, "quic-forty", secrets=False) == []
    assert streams_of(wireshark, "http-keepalive") == []


@pytest.mark.parametrize("name", ["http2-forty", "quic-forty"])
def test_one_pass_says_the_same(wireshark, name):
    text = wireshark.tshark(name, *wireshark.secrets(name), "-q", "-z", "humantime,streams,json", two_pass=False)
    assert [json.loads(line) for line in text.splitlines()] == streams_of(wireshark, name)


@pytest.mark.parametrize("name", ["http2-forty", "quic-forty"])
def test_frames_that_a_read_filter_drops(wireshark, name):
    """-R gives a dropped frame's number to the next one: what it told of a stream is taken back."""
    first = min(one["request_frame"] for one in streams_of(wireshark, name))
    for keep in (f"frame.number != {first}", f"frame.number < {first + 4}"):
        kept = wireshark.tshark(name, *wireshark.secrets(name), "-R", keep, "-q", "-z", "humantime,streams,json")
        for one in map(json.loads, kept.splitlines()):
            frames = [one[f"{key}_frame"] for key in ("request", "request_end", "response", "response_end")]
            assert frames == sorted((f for f in frames if f is not None)) + [None] * frames.count(None)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_text(wireshark, language):
    lines = wireshark.tshark("http2-forty", *wireshark.secrets("http2-forty"), "-o", f"humantime.language:{language}", "-q",
                             "-z", "humantime,streams").splitlines()  # fmt: skip
    told = streams_of(wireshark, "http2-forty")
    assert len(lines) == 1 + len(told)
    for line, one in zip(lines[1:], told):
        assert line.split()[1] == str(one["stream"]) and str(one["status"]) in line and one["request"] in line
