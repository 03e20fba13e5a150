# SPDX-License-Identifier: GPL-2.0-or-later
"""HTTP archives and trace events that year-timeline writes: whether they are what their formats ask for, and whether they
say what tshark's own fields and the recorders' programs say."""

import json
import re
from datetime import datetime, timezone
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from archive_formats import check_har, check_trace
from test_streams import http2_of, http3_of
from test_year_timeline import BAD_ARGUMENTS, CLIENT, DONE, ROOT, refused
from tshark import capture_names, keys_path


def truth(name):
    return json.loads((ROOT / "sample-captures" / f"{name}.truth.json").read_text())


def with_keys(command, name):
    keys = keys_path(name)
    return ("--keylog", command.readable(keys)) if keys else ()


def archive(command, name, *options, keys=True):
    options = (*(with_keys(command, name) if keys else ()), *options)
    return json.loads(command.saved(name, "a.har", *options).read_text())


def trace(command, name, *options):
    return json.loads(command.saved(name, "a.trace.json", *with_keys(command, name), *options).read_text())


def instant_ns(text):
    whole, fraction = re.fullmatch(r"(.*)\.(\d+)Z", text).groups()
    return int(datetime.fromisoformat(whole).replace(tzinfo=timezone.utc).timestamp()) * 10**9 + int(fraction.ljust(9, "0"))


def frame_times(command, name):
    return {int(row["frame.number"][0]): int(Decimal(row["frame.time_epoch"][0]) * 10**9)
            for row in command.fields(name, "frame.number", "frame.time_epoch")}


def ends_at(entry):
    return instant_ns(entry["startedDateTime"]) + round(entry["time"] * 1e6)


# -- HTTP archives

# Of each kind of connection one or more; test_other_captures has some of the others.
FORMS = ["http-keepalive", "http-aborted", "http-connect", "http-upgrade", "tls13-many-requests", "http2-many-streams", "http2-push",
         "quic-page", "quic-0rtt", "journey-two-hosts", "journey-proxy-at-proxy", "dns-over-https-fetch", "tcp-refused",
         "article-fetch-01", "article-fetch-ten", "ipv6-ndp-http", "tcp-mirror-duplicate", "http2-gap", "openvpn-udp", "dhcp"]


@pytest.mark.parametrize("capture", FORMS)
def test_archives_are_har(command, capture):
    for keys in (True, False):
        check_har(archive(command, capture, keys=keys))


@pytest.mark.parametrize("capture", ["tls12-many-requests", "tls13-many-requests"])
def test_every_exchange_is_an_entry(command, capture):
    """Forty requests on one connection, as the recorder's server and client told them."""
    entries = check_har(archive(command, capture))
    told = truth(capture)["exchanges"]
    times = frame_times(command, capture)
    assert len(entries) == len(told)
    for i, (entry, exchange) in enumerate(zip(entries, told)):
        request, response = entry["request"], entry["response"]
        path = urlsplit(request["url"]).path
        # The events keep 120 characters of a request.
        assert path == exchange["path"] or (exchange["path"].startswith(path) and "may have been longer" in entry["comment"])
        assert request["method"] == exchange["method"]
        assert request["url"].startswith("https://www.example.jp/")
        assert response["status"] == exchange["status"]
        assert request["httpVersion"] == "HTTP/1"
        asked, heard = exchange["request_frames"], exchange["response_frames"]
        assert entry["_frame"] == asked[0]
        timings = entry["timings"]
        near = {"abs": 1e-3}
        if i > 0:
            assert abs(instant_ns(entry["startedDateTime"]) - times[asked[0]]) < 1000
            assert timings["dns"] == timings["connect"] == timings["ssl"] == timings["blocked"] == -1
        assert timings["send"] == pytest.approx((times[asked[-1]] - times[asked[0]]) / 1e6, **near)
        assert timings["wait"] == pytest.approx((times[heard[0]] - times[asked[-1]]) / 1e6, **near)
        assert timings["receive"] == pytest.approx((times[heard[-1]] - times[heard[0]]) / 1e6, **near)
        assert abs(ends_at(entry) - times[heard[-1]]) < 2000
        assert response["_transferSize"] > exchange["response_header_bytes"] + exchange["response_body_bytes"]


@pytest.mark.parametrize("capture", ["tls12-many-requests", "tls13-many-requests"])
def test_without_secrets_no_url_and_no_status_is_claimed(command, capture):
    entries = check_har(archive(command, capture, keys=False))
    assert entries
    for entry in entries:
        assert entry["request"]["method"] == "" and entry["response"]["status"] == 0
        assert entry["request"]["url"] == "https://www.example.jp/"
        assert "not known" in entry["comment"]


HTTP1 = ["http-plain", "http-keepalive", "http-chunked", "http-close-delimited", "http-post-continue", "http-odd-port", "journey-two-hosts",
         "journey-several-connections"]


@pytest.mark.parametrize("capture", HTTP1)
def test_requests_are_those_of_wireshark(command, capture):
    """Method, URL and status of each, by tshark's own dissection."""
    rows = command.fields(capture, "tcp.stream", "http.request.method", "http.request.full_uri", "http.response.code")
    asked, answered = {}, {}
    for row in rows:
        stream = row["tcp.stream"][0] if row["tcp.stream"] else None
        asked.setdefault(stream, []).extend(zip(row["http.request.method"], row["http.request.full_uri"]))
        answered.setdefault(stream, []).extend(int(code) for code in row["http.response.code"] if int(code) >= 200)
    expected = sorted((*of, status) for stream in asked for of, status in zip(asked[stream], answered[stream]))
    entries = check_har(archive(command, capture))
    found = sorted((e["request"]["method"], e["request"]["url"], e["response"]["status"]) for e in entries)
    assert found == expected


def test_pipelined_requests_are_answered_in_their_order(command):
    """Of three requests in a segment only the first one's words are kept: the others have no URL, and no wrong one."""
    entries = check_har(archive(command, "http-pipelined"))
    # Wireshark 4.4 says http.request.uri of a response too, and http.request.full_uri of the last request in a frame alone.
    rows = command.fields("http-pipelined", "http.request.method", "http.request.uri")
    asked = [uri for row in rows for _, uri in zip(row["http.request.method"], row["http.request.uri"])]
    assert len(entries) == len(asked) == 5
    for entry, uri in zip(entries, asked):
        known = bool(entry["request"]["method"])
        assert entry["request"]["url"] == "http://www.example.jp" + uri if known else "not known" in entry["comment"]
        assert entry["response"]["status"] in (200, 0)
    assert [bool(entry["request"]["method"]) for entry in entries] == [True, False, False, True, True]
    starts = [instant_ns(entry["startedDateTime"]) for entry in entries]
    assert starts == sorted(starts) and [ends_at(entry) for entry in entries] == sorted(ends_at(entry) for entry in entries)


def test_a_fetch_in_har_is_the_journey(command):
    """The stages are those of the report; the entry begins with the fetch and ends with its response."""
    entry, = check_har(archive(command, CLIENT))
    journey, = [json.loads(line) for line in
                command.tshark(CLIENT, *command.secrets(CLIENT), "-q", "-z", "humantime,journeys,json").splitlines()]
    timings = entry["timings"]
    for name in ("dns", "connect", "ssl", "send", "wait", "receive"):
        assert timings[name] == pytest.approx(journey[f"{name}_ms"], abs=1e-6), name
    # HAR has no stage for ARP: it is waited for, too.
    assert timings["blocked"] == pytest.approx(journey["blocked_ms"] + journey["address_ms"], abs=1e-3)
    assert abs(instant_ns(entry["startedDateTime"]) - journey["start_ns"]) < 1000
    assert entry["serverIPAddress"] == journey["server"].rsplit(":", 1)[0]
    assert entry["request"]["url"].startswith("https://www.example.jp")


def test_both_ends_are_one_archive(command):
    """Of a file of both ends the client's times are told, each request once."""
    both, = check_har(archive(command, "article-fetch-01"))
    client, = check_har(archive(command, CLIENT))
    assert both["timings"] == pytest.approx(client["timings"], abs=1e-6)
    assert both["request"]["url"] == client["request"]["url"]


def test_a_mirror_port_doubles_nothing(command):
    entries = check_har(archive(command, "tcp-mirror-duplicate"))
    methods = {int(f) for f in re.findall(r"\d+", command.tshark("tcp-mirror-duplicate", "-Y", "http.request", "-T", "fields", "-e", "tcp.stream"))}
    assert len(entries) == len(methods)
    assert all("_transferSize" not in entry["response"] for entry in entries)


@pytest.mark.parametrize("capture", ["http2-many-streams", "http2-forty", "quic-page", "quic-forty", "browser-http3"])
def test_streams_that_overtake_each_other(command, capture):
    """Each request has its own response, at the times of the packets in which tshark shows them begin and end."""
    entries = check_har(archive(command, capture))
    version = "HTTP/3" if capture.startswith("quic") or capture.endswith("3") else "HTTP/2"
    seen = http3_of(command, capture) if version == "HTTP/3" else http2_of(command, capture)[0]
    times = frame_times(command, capture)
    assert len(entries) == len(seen) and all(entry["request"]["httpVersion"] == version for entry in entries)
    for entry in entries:
        one, = (one for (_, stream), one in seen.items() if stream == entry["_stream"])
        assert entry["_frame"] == one["request_frame"]
        begin, asked, ended = (times[one[key]] for key in ("request_frame", "request_end_frame", "response_end_frame"))
        assert round(entry["timings"]["send"] * 1e6) == asked - begin
        # A HEADERS frame begins before Wireshark shows it where its record takes several segments.
        assert round((entry["timings"]["wait"] + entry["timings"]["receive"]) * 1e6) == ended - asked
        assert round(entry["timings"]["wait"] * 1e6) <= times[one["response_frame"]] - asked
        if one["status"]:
            assert entry["response"]["status"] == one["status"]
            assert entry["response"]["bodySize"] == one["response_bytes"]
            assert entry["request"]["method"] == one["method"]
            assert urlsplit(entry["request"]["url"]).path == one["path"]
        assert "Several requests" not in entry.get("comment", "")


@pytest.mark.parametrize("capture", ["http2-forty", "quic-forty"])
def test_forty_requests_at_once(command, capture):
    """What the client asked for, and the server's files hold, by the lab's own word."""
    entries = check_har(archive(command, capture))
    assert len(entries) == 40
    files = truth(capture).get("files", {})
    for entry in entries:
        path, status, size = urlsplit(entry["request"]["url"]).path, entry["response"]["status"], entry["response"]["bodySize"]
        assert entry["request"]["url"] == f"https://www.example.jp{path}" and entry["request"]["method"] == "GET"
        if files:
            assert (status, size) == (200, files[path]) if path in files else status == 404
        else:
            assert status == {"none": 204, "moved": 302}.get(path.split("/")[1], 200)
            assert size == int(path[1:]) if path[1:].isdigit() else True
            assert (entry["timings"]["wait"] > 300) == (path == "/poll")


@pytest.mark.parametrize("capture", ["http2-forty", "quic-forty"])
def test_streams_that_nobody_can_read_are_not_guessed(command, capture):
    entry, = check_har(archive(command, capture, keys=False))
    assert entry["response"]["status"] == 0 and "Encrypted" in entry["comment"] and "_stream" not in entry


def test_streams_one_after_another_are_told(command):
    entries = check_har(archive(command, "http2-curl"))
    told = truth("http2-curl")["curl"]
    assert [f"{e['request']['method']} {urlsplit(e['request']['url']).path}" for e in entries] == told["requests"]
    assert [e["response"]["status"] for e in entries] == told["statuses"]


def test_what_was_refused_is_an_entry_without_an_answer(command):
    refused_one, answered = check_har(archive(command, "journey-refused-then-next"))
    assert refused_one["response"]["status"] == 0 and refused_one["comment"] == "The connection was refused."
    assert refused_one["serverIPAddress"] == "198.51.100.81"
    assert answered["response"]["status"] == 200 and answered["serverIPAddress"] == "198.51.100.80"


def test_what_is_no_http_is_not_in_the_archive(command):
    # Nobody knows what would have been asked on port 81.
    for capture in ("dhcp", "openvpn-udp", "dns-nxdomain", "tcp-refused"):
        assert check_har(archive(command, capture)) == []


def test_archives_of_a_journey_and_of_a_filter(command):
    whole = check_har(archive(command, "article-fetch-ten"))
    assert len(whole) == 10
    assert check_har(archive(command, "article-fetch-ten", "--journey", "3")) == [whole[2]]
    filtered = check_har(archive(command, "article-fetch-ten", "--filter", "humantime.journey in {2,4}"))
    assert [entry["request"] for entry in filtered] == [whole[1]["request"], whole[3]["request"]]
    assert [entry["startedDateTime"] for entry in filtered] == [whole[1]["startedDateTime"], whole[3]["startedDateTime"]]


def test_a_mean_has_no_archive(command):
    capture = command.readable(CLIENT)
    refused(command, BAD_ARGUMENTS, "There are: png", "--average", capture, "-o", "mean.har")


# -- trace events


@pytest.mark.parametrize("capture", FORMS)
def test_traces_are_trace_events(command, capture):
    check_trace(trace(command, capture))


@pytest.mark.parametrize("capture", [CLIENT, "article-fetch-ten", "http2-push"])
def test_a_trace_has_each_milestone_at_its_frames_time(command, capture):
    events = check_trace(trace(command, capture))
    times = frame_times(command, capture)
    found = {}
    for event in events:
        if event["ph"] != "i":
            continue
        frame = event["args"]["frame"]
        assert event["ts"] == pytest.approx((times[frame] - times[1]) / 1e3, abs=1e-3)
        found.setdefault(frame, []).append(event["args"]["phase"])
    told = [json.loads(line) for line in
            command.tshark(capture, *command.secrets(capture), "-q", "-z", "humantime,events,json").splitlines()]
    for event in told:
        milestones = [re.sub("#.*", "", one) for one in event["milestones"]]
        if milestones:
            assert found[event["frame"]] == milestones
    assert len({event["pid"] for event in events if event["ph"] == "X"}) == len({e["journey"] for e in told if e["journey"]})


def test_a_traces_spans_are_the_stages(command):
    events = check_trace(trace(command, CLIENT))
    journey, = [json.loads(line) for line in
                command.tshark(CLIENT, *command.secrets(CLIENT), "-q", "-z", "humantime,journeys,json").splitlines()]
    spans = {}
    for event in events:
        if event["ph"] == "X":
            spans[event["name"]] = spans.get(event["name"], 0) + event["dur"] / 1e3
    told = sorted(spans.values())
    for name in ("dns", "ssl", "wait", "receive"):
        assert any(ms == pytest.approx(journey[f"{name}_ms"], abs=1e-3) for ms in told), (name, told)


def test_a_trace_speaks_japanese(command):
    japanese = trace(command, CLIENT, "--language", "ja")
    check_trace(japanese)
    names = {event["name"] for event in japanese["traceEvents"] if event["ph"] == "i"}
    assert any("クエリ" in name or "DNS" in name for name in names)
    assert any(re.search(r"[ぁ-んァ-ン一-龥]", name) for name in names)
    assert "1月1日" in japanese["otherData"]["origin"]


def test_a_mean_can_be_traced(command):
    result = command.draw("--average", command.readable("article-fetch-01"), command.readable("article-fetch-02"), "-o", "mean.trace.json")
    assert (result.status, result.stderr) == (DONE, "")
    events = check_trace(json.loads((command.out / "mean.trace.json").read_text()))
    assert events and not any("frame" in event["args"] for event in events)


# -- others


# Neighbours in the alphabet are of one kind: a quarter of them is enough, all would take minutes.
@pytest.mark.parametrize("capture", [name for name in capture_names() if name not in FORMS][::4])
def test_other_captures(command, capture):
    check_har(archive(command, capture))
    check_trace(trace(command, capture))
