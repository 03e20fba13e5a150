# SPDX-License-Identifier: GPL-2.0-or-later
"""What HAR 1.2 and the Trace Event Format ask of a file, written from their documents:
http://www.softwareishard.com/blog/har-12-spec/ and "Trace Event Format" (Duffy, Sinclair). Each raises AssertionError
with the place that is wrong."""

import re
from datetime import datetime
from urllib.parse import urlsplit

NUMBER = (int, float)
# ISO 8601: YYYY-MM-DDThh:mm:ss.sTZD
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|[+-]\d\d:\d\d)")


def check_fields(what, place, required, optional=()):
    """An object with fields of these types; custom ones begin with an underscore, and there are no others."""
    assert isinstance(what, dict), place
    optional = {"comment": str, **dict(optional)}
    for name, kind in required.items():
        assert name in what, f"{place}.{name} is missing"
    for name, value in what.items():
        if name.startswith("_"):
            continue
        kind = required.get(name) or optional.get(name)
        assert kind, f"{place}.{name} is no field of HAR"
        assert isinstance(value, kind) and not isinstance(value, bool), f"{place}.{name}: {value!r}"


def check_instant(text, place):
    assert INSTANT.fullmatch(text), f"{place}: {text}"
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def check_size(number, place):
    assert isinstance(number, int) and number >= -1, f"{place}: {number}"


def check_timings(timings, time, place):
    check_fields(timings, place, {"send": NUMBER, "wait": NUMBER, "receive": NUMBER},
                 {"blocked": NUMBER, "dns": NUMBER, "connect": NUMBER, "ssl": NUMBER})
    for name in ("send", "wait", "receive"):
        assert timings[name] >= 0, f"{place}.{name} may not be left out"
    for name in ("blocked", "dns", "connect", "ssl"):
        assert timings.get(name, -1) == -1 or timings[name] >= 0, f"{place}.{name}"
    if timings.get("ssl", -1) != -1:
        assert timings["ssl"] <= timings["connect"] + 1e-6, f"{place}: ssl is part of connect"
    parts = [timings.get(name, -1) for name in ("blocked", "dns", "connect", "send", "wait", "receive")]
    assert abs(time - sum(part for part in parts if part > 0)) < 1e-6, f"{place}: time is not the sum"


def check_har(har):
    """A HAR 1.2 log; returns its entries."""
    assert set(har) == {"log"}
    log = har["log"]
    check_fields(log, "log", {"version": str, "creator": dict, "entries": list}, {"browser": dict, "pages": list})
    assert log["version"] == "1.2"
    check_fields(log["creator"], "log.creator", {"name": str, "version": str})
    pages = {}
    for i, page in enumerate(log.get("pages", [])):
        place = f"pages[{i}]"
        check_fields(page, place, {"startedDateTime": str, "id": str, "title": str, "pageTimings": dict})
        check_fields(page["pageTimings"], place, {}, {"onContentLoad": NUMBER, "onLoad": NUMBER})
        assert page["id"] not in pages, f"{place}.id is not unique"
        pages[page["id"]] = check_instant(page["startedDateTime"], place)
    for i, entry in enumerate(log["entries"]):
        place = f"entries[{i}]"
        check_fields(
            entry, place,
            {"startedDateTime": str, "time": NUMBER, "request": dict, "response": dict, "cache": dict, "timings": dict},
            {"pageref": str, "serverIPAddress": str, "connection": str})
        started = check_instant(entry["startedDateTime"], place)
        assert entry["time"] >= 0
        if "pageref" in entry:
            assert pages[entry["pageref"]] <= started, f"{place} begins before its page"
        request, response = entry["request"], entry["response"]
        check_fields(request, f"{place}.request",
                     {"method": str, "url": str, "httpVersion": str, "cookies": list, "headers": list, "queryString": list,
                      "headersSize": int, "bodySize": int}, {"postData": dict})
        url = urlsplit(request["url"])
        assert url.scheme in ("http", "https") and url.netloc and not url.fragment, f"{place}.request.url"
        for query in request["queryString"]:
            check_fields(query, f"{place}.queryString", {"name": str, "value": str})
        check_fields(response, f"{place}.response",
                     {"status": int, "statusText": str, "httpVersion": str, "cookies": list, "headers": list, "content": dict,
                      "redirectURL": str, "headersSize": int, "bodySize": int})
        assert response["status"] == 0 or 100 <= response["status"] <= 599
        check_fields(response["content"], f"{place}.content", {"size": int, "mimeType": str},
                     {"compression": int, "text": str, "encoding": str})
        for of in (request, response):
            assert of["cookies"] == [] and of["headers"] == [], f"{place}: cookies are never written"
            check_size(of["headersSize"], place)
            check_size(of["bodySize"], place)
        check_size(response["content"]["size"], place)
        assert entry["cache"] == {}
        check_timings(entry["timings"], entry["time"], f"{place}.timings")
    return log["entries"]


def check_trace(trace):
    """The JSON object format of trace events; returns them without the metadata."""
    assert trace["displayTimeUnit"] in ("ms", "ns")
    assert isinstance(trace["traceEvents"], list)
    processes, threads, events = set(), set(), []
    for i, event in enumerate(trace["traceEvents"]):
        place = f"traceEvents[{i}]"
        assert isinstance(event["name"], str) and event["name"], place
        assert isinstance(event["pid"], int), place
        assert isinstance(event.get("args", {}), dict), place
        if event["ph"] == "M":
            value = event["args"]
            if event["name"] == "process_name":
                assert event["pid"] not in processes and isinstance(value["name"], str)
                processes.add(event["pid"])
            elif event["name"] == "thread_name":
                key = (event["pid"], event["tid"])
                assert key not in threads and isinstance(value["name"], str) and value["name"]
                threads.add(key)
            else:
                assert event["name"] in ("process_sort_index", "thread_sort_index"), place
                assert isinstance(value["sort_index"], int), place
            continue
        assert event["ph"] in ("X", "i"), place
        assert isinstance(event["ts"], NUMBER) and isinstance(event["tid"], int), place
        assert isinstance(event["cat"], str) and event["cat"], place
        assert (event["pid"], event["tid"]) in threads, f"{place}: its thread has no name yet"
        if event["ph"] == "X":
            assert isinstance(event["dur"], NUMBER) and event["dur"] >= 0, place
        else:
            assert event["s"] in ("g", "p", "t"), place
        events.append(event)
    # Complete events of one thread must nest.
    spans = {}
    for event in events:
        if event["ph"] == "X":
            spans.setdefault((event["pid"], event["tid"]), []).append((event["ts"], event["ts"] + event["dur"]))
    for thread, list_of in spans.items():
        ends = []
        for begin, end in sorted(list_of, key=lambda span: (span[0], -span[1])):
            while ends and ends[-1] <= begin + 1e-3:
                ends.pop()
            assert not ends or end <= ends[-1] + 1e-3, f"spans of {thread} cross"
            ends.append(end)
    return events
