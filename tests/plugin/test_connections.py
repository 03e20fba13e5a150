# SPDX-License-Identifier: GPL-2.0-or-later
"""The report `connections`, against Wireshark's own fields and what the recorders know."""

import csv
import io
import json
import statistics
import unicodedata

import pytest

from tshark import CAPTURES

CLIENT = "192.0.2.10"


def connections(wireshark, name, *options, words=""):
    """The records: of all connections, then of each server."""
    text = wireshark.tshark(
        name, *wireshark.secrets(name), *options, "-q", "-z", f"humantime,connections,json{words}"
    )
    return [json.loads(line) for line in text.splitlines()]


def rows(wireshark, name, *names):
    return wireshark.fields(name, *names, options=wireshark.secrets(name))


def seconds_to_ns(text):
    whole, _, fraction = text.partition(".")
    return int(whole) * 10**9 + int(fraction.ljust(9, "0"))


def counted(histogram):
    return {key: value for key, value in histogram.items() if value}


# name: connections, versions, kinds with their round trips, HTTP
EXPECTED = {
    "article-fetch-ten": (10, {"tls12": 10}, {"tls12_full": (10, [2])}, {"http1": 10}),
    "tls10": (1, {"tls10": 1}, {"tls10_full": (1, [2])}, {"http1": 1}),
    "tls12-session-id": (2, {"tls12": 2}, {"tls12_full": (1, [2]), "tls12_session_id": (1, [1])}, {"http1": 2}),
    "tls12-ticket": (2, {"tls12": 2}, {"tls12_full": (1, [2]), "tls12_ticket": (1, [1])}, {"http1": 2}),
    "tls12-false-start": (1, {"tls12": 1}, {"tls12_full": (1, [1])}, {"http1": 1}),
    "tls12-two-ended": (1, {"tls12": 1}, {"tls12_full": (1, [2])}, {"http1": 1}),
    "tls13-hrr": (1, {"tls13": 1}, {"tls13_hrr": (1, [2])}, {"http1": 1}),
    "tls13-psk": (2, {"tls13": 2}, {"tls13_full": (1, [1]), "tls13_psk": (1, [1])}, {"http1": 2}),
    "tls13-0rtt": (2, {"tls13": 2}, {"tls13_full": (1, [1]), "tls13_0rtt": (1, [0])}, {"http1": 2}),
    "tls13-two-ended": (1, {"tls13": 1}, {"tls13_full": (1, [1])}, {"http1": 1}),
    "http2-curl": (1, {"tls13": 1}, {"tls13_full": (1, [1])}, {"http2": 1}),
    "http2-prior-knowledge": (1, {}, {}, {"http2": 1}),
    "quic-fetch": (1, {"quic": 1}, {"quic": (1, [1])}, {"http3": 1}),
    "quic-retry": (1, {"quic": 1}, {"quic": (1, [2])}, {"http3": 1}),
    "http-two-ended": (1, {}, {}, {"http1": 1}),
    "journey-two-hosts": (2, {}, {}, {"http1": 2}),
    "tcp-mid-start": (1, {}, {}, {"unknown": 1}),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_counts(wireshark, name):
    number, versions, kinds, http = EXPECTED[name]
    everything, *servers = connections(wireshark, name)
    assert everything["scope"] == "all" and everything["server"] is None
    assert everything["connections"] == number == sum(server["connections"] for server in servers)
    assert counted(everything["versions"]) == versions
    assert everything["tls"] == sum(versions.values())
    assert everything["tls_share"] == sum(versions.values()) / number
    assert {kind: (told["n"], told["rtts"]) for kind, told in everything["kinds"].items()} == kinds
    assert counted(everything["http_versions"]) == http


def test_each_server(wireshark):
    _, *servers = connections(wireshark, "journey-two-hosts")
    assert [(server["scope"], server["server"], server["connections"]) for server in servers] == [
        ("server", "www.example.jp", 1),
        ("server", "www.another.jp", 1),
    ]
    everything, *servers = connections(wireshark, "journey-two-hosts", words=",http.host == www.another.jp")
    assert everything["connections"] == 1
    assert [server["server"] for server in servers] == ["www.another.jp"]


def test_times_of_ten_handshakes(wireshark):
    """From each ClientHello to the server's Finished."""
    begun, times = {}, []
    for row in rows(wireshark, "article-fetch-ten", "frame.time_epoch", "tcp.stream", "ip.src",
                    "tls.handshake.type"):  # fmt: skip
        if not row["tls.handshake.type"]:
            continue
        (stream,), now = row["tcp.stream"], seconds_to_ns(row["frame.time_epoch"][0])
        if "1" in row["tls.handshake.type"]:
            begun[stream] = now
        if "20" in row["tls.handshake.type"] and row["ip.src"] != [CLIENT]:
            times.append(now - begun[stream])
    assert len(times) == 10
    told = connections(wireshark, "article-fetch-ten")[0]["kinds"]["tls12_full"]
    quartiles = statistics.quantiles(times, n=4, method="inclusive")
    assert (told["time_min_ns"], told["time_max_ns"]) == (min(times), max(times))
    for key, quartile in zip(("q1", "median", "q3"), quartiles):
        assert abs(told[f"time_{key}_ns"] - quartile) <= 1
    assert 0 < told["waiting_min_ns"] < told["waiting_max_ns"] < max(times)
    assert 0.9 < told["waiting_share"] < 1, "on the wire each round trip takes more than 40 ms"


@pytest.mark.parametrize("name", ["quic-fetch", "quic-retry", "quic-version-negotiation", "tls13-hrr"])
def test_waiting(wireshark, name):
    """Seen at the client a handshake is mostly waiting, however many round trips it takes."""
    for kind in connections(wireshark, name)[0]["kinds"].values():
        assert 0.8 < kind["waiting_share"] < 1


@pytest.mark.parametrize("name", ["article-fetch-ten", "tcp-loss", "tcp-zero-window", "http-plain", "tls13"])
def test_segments(wireshark, name):
    """Those of the connections that journeys lead to: no look-up was made over TCP here."""
    streams = {}
    again = zero = 0
    for row in rows(wireshark, name, "frame.time_epoch", "tcp.stream", "humantime.phase",
                    "tcp.analysis.zero_window"):  # fmt: skip
        if not row["tcp.stream"]:
            continue
        streams.setdefault(row["tcp.stream"][0], []).append(seconds_to_ns(row["frame.time_epoch"][0]))
        again += "tcp.retransmission" in row["humantime.phase"]
        zero += bool(row["tcp.analysis.zero_window"])
    told = connections(wireshark, name)[0]
    assert told["segments"] == sum(map(len, streams.values()))
    assert told["retransmissions"] == again
    assert told["zero_windows"] == zero
    steps = sum(len(times) - 1 for times in streams.values())
    assert told["segment_interval_ns"] == sum(max(times) - min(times) for times in streams.values()) // steps


def by_direction(wireshark, name, value, *names):
    """What `value` makes of each frame, added up: of the client's and of the server's."""
    sums = {"requests": 0, "responses": 0}
    for row in rows(wireshark, name, "ip.src", *names):
        if row["ip.src"]:
            sums["requests" if row["ip.src"] == [CLIENT] else "responses"] += value(row)
    return sums


@pytest.mark.parametrize("name, overhead", [("article-fetch-ten", 24), ("tls12-ecdhe", 24), ("tls12-ticket", 24)])
def test_bytes_of_tls_12(wireshark, name, overhead):
    """AES-GCM adds a nonce of 8 bytes and a tag of 16 to each record. All application data are HTTP/1's."""
    names = ("tls.record.content_type", "tls.record.length")

    def lengths(row):
        pairs = zip(row[names[0]], row[names[1]], strict=True)
        return [int(length) for kind, length in pairs if kind == "23"]

    records = by_direction(wireshark, name, lambda row: sum(5 + length for length in lengths(row)), *names)
    content = by_direction(wireshark, name, lambda row: sum(n - overhead for n in lengths(row)), *names)
    told = connections(wireshark, name)[0]
    for side in ("requests", "responses"):
        assert told[side]["tls_bytes"] == records[side]
        assert told[side]["application_bytes"] == content[side]
        assert told[side]["application_bytes"] < told[side]["tls_bytes"] < told[side]["frame_bytes"]


@pytest.mark.parametrize("name", ["article-fetch-ten", "tls12-ecdhe", "tls13"])
def test_bytes_without_secrets(wireshark, name):
    """How long the records are is seen; what HTTP wrote is not."""
    told = json.loads(wireshark.tshark(name, "-q", "-z", "humantime,connections,json").splitlines()[0])
    known = connections(wireshark, name)[0]
    for side in ("requests", "responses"):
        assert told[side]["application_bytes"] is None
        assert told[side]["tls_bytes"] == known[side]["tls_bytes"]
        assert told[side]["frame_bytes"] == known[side]["frame_bytes"]


@pytest.mark.parametrize("name", ["http-plain", "http-keepalive", "http-chunked", "http-pipelined", "tcp-snap200"])
def test_bytes_of_plain_http(wireshark, name):
    """All that TCP carries; what a short snapshot cuts off was on the wire. The captures lose and repeat nothing."""
    told = connections(wireshark, name)[0]
    payload = by_direction(wireshark, name, lambda row: sum(map(int, row["tcp.len"])), "tcp.len")
    frames = by_direction(
        wireshark, name, lambda row: int(row["frame.len"][0]) if row["tcp.len"] not in ([], ["0"]) else 0,
        "tcp.len", "frame.len",
    )  # fmt: skip
    for side in ("requests", "responses"):
        assert told[side]["application_bytes"] == payload[side]
        assert told[side]["tls_bytes"] is None
        assert told[side]["frame_bytes"] == frames[side]


@pytest.mark.parametrize("name", ["http2-curl", "http2-prior-knowledge", "http2-post"])
def test_bytes_of_http2(wireshark, name):
    """The frames that messages are made of: DATA, HEADERS, CONTINUATION."""

    def value(row):
        pairs = zip(row["http2.type"], row["http2.length"], strict=True)
        return sum(9 + int(length) for kind, length in pairs if kind in ("0", "1", "9"))

    told = connections(wireshark, name)[0]
    expected = by_direction(wireshark, name, value, "http2.type", "http2.length")
    for side in ("requests", "responses"):
        assert told[side]["application_bytes"] == expected[side]


@pytest.mark.parametrize("name", ["http2-connect", "http2-upgrade", "http-post-continue", "tls13-expect-continue"])
def test_frames_hold_what_was_said(wireshark, name):
    """What a tunnel carries is no message; an interim response belongs to the response."""
    told = connections(wireshark, name)[0]
    for side in ("requests", "responses"):
        assert told[side]["application_bytes"] < told[side]["frame_bytes"]


def test_bytes_of_quic(wireshark):
    """Its packets are what the records of TLS are: the same as Wireshark's own lengths of those that carry messages."""
    told = connections(wireshark, "quic-fetch")[0]
    expected = packets_with_messages(wireshark, "quic-fetch")
    for side in ("requests", "responses"):
        assert told[side]["tls_bytes"] == expected[side]
        assert 0 < told[side]["application_bytes"] < told[side]["tls_bytes"] < told[side]["frame_bytes"]


@pytest.mark.parametrize("name", ["quic-page", "quic-post", "quic-loss", "quic-0rtt", "quic-reordered"])
def test_http_in_quic_is_less_than_its_packets(wireshark, name):
    told = connections(wireshark, name)[0]
    for side in ("requests", "responses"):
        assert 0 < told[side]["application_bytes"] < told[side]["tls_bytes"] < told[side]["frame_bytes"]


def packets_with_messages(wireshark, name):
    """The bytes of the QUIC packets that carry something of a stream of requests (RFC 9000 2.1), as Wireshark tells them: of
    a capture in which nothing was sent again. They are the last of their datagrams."""
    rows = wireshark.fields(name, "quic.stream.stream_id", "quic.packet_length", "udp.srcport", options=wireshark.secrets(name), plugin=False)
    sums = {"requests": 0, "responses": 0}
    for row in rows:
        if any(int(stream) % 4 == 0 for stream in row["quic.stream.stream_id"]):
            side = "responses" if row["udp.srcport"] == ["443"] else "requests"
            sums[side] += int(row["quic.packet_length"][-1])
    return sums


@pytest.mark.parametrize("name", ["http-two-ended", "tls12-two-ended", "tls13-two-ended"])
def test_both_ends_are_one_connection(wireshark, name):
    """The same is told of the capture at the client's end alone. There segments came in another order, behind which
    Wireshark decrypts nothing of TLS 1.3: what is known of the server's end only is not compared."""
    alone = f"{name}-client"
    assert (CAPTURES / f"{alone}.pcapng.gz").exists()
    both, one = connections(wireshark, name), connections(wireshark, alone)
    for told, client in zip(both, one, strict=True):
        if name == "tls13-two-ended":
            assert client["responses"].pop("application_bytes") is None
            assert told["responses"].pop("application_bytes") > 0
    assert both == one


@pytest.mark.parametrize("name", ["article-fetch-ten", "http2-curl", "journey-two-hosts", "quic-fetch"])
def test_csv_has_a_row_for_each_measure(wireshark, name):
    def flat(value, path):
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from flat(inner, f"{path}.{key}")
        elif isinstance(value, list):
            yield path, " ".join(map(str, value))
        else:
            yield path, "" if value is None else json.dumps(value)

    expected = [
        {"scope": record["scope"], "server": record["server"] or "", "measure": measure, "value": value}
        for record in connections(wireshark, name)
        for key in list(record)[2:]
        for measure, value in flat(record[key], key)
    ]
    text = wireshark.tshark(name, *wireshark.secrets(name), "-q", "-z", "humantime,connections,csv")
    assert list(csv.DictReader(io.StringIO(text, newline=""))) == expected


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", EXPECTED)
def test_text_fits(wireshark, name, language):
    text = wireshark.tshark(
        name, *wireshark.secrets(name), "-o", f"humantime.language:{language}", "-q", "-z", "humantime,connections"
    )
    for line in text.splitlines():
        assert sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) <= 100
    kinds = connections(wireshark, name)[0]["kinds"]
    for kind in kinds:
        assert f"    {kind} " in text
