# SPDX-License-Identifier: GPL-2.0-or-later
"""What the detail of a DNS response says behind its name and type, held against Wireshark's own fields."""

import pytest

NAMES = [f"dns-{kind}" for kind in ("aaaa", "cname", "fragmented", "iterative", "nodata", "nxdomain", "qmin", "servfail-refused", "tcp")]
FIELDS = ("frame.number", "dns.count.answers", "dns.resp.name", "dns.resp.type", "dns.a", "dns.aaaa", "dns.cname",
          "dns.flags.rcode", "dns.flags.recavail", "dns.flags.authoritative", "dns.qry.type")
RCODES = {"1": "FORMERR", "2": "SERVFAIL", "4": "NOTIMP", "5": "REFUSED"}
NS = "2"


def fields_of(wireshark, name):
    """{frame: {field: [values]}} of all DNS frames with one message."""
    rows = wireshark.fields(name, *FIELDS, plugin=False)
    return {int(row["frame.number"][0]): row for row in rows}


def expected(phase, row):
    said, flag = words_of(phase, row), ""
    if phase not in ("dns.query", "dns.referral") and row["dns.flags.authoritative"] in (["1"], ["True"]):
        flag = "AA"
    return f"{said} {flag}".strip()


def words_of(phase, row):
    if phase == "dns.referral":
        zones = [owner for owner, kind in zip(row["dns.resp.name"], row["dns.resp.type"]) if kind == NS]
        return "" if row["dns.flags.recavail"] in (["1"], ["True"]) else f"ask {zones[0].lower()}"
    if phase == "dns.answer" and row["dns.qry.type"] in (["1"], ["28"]):
        kind = row["dns.qry.type"][0]
        # Addresses of the additional section are not the answer.
        answers = row["dns.resp.type"][: int(row["dns.count.answers"][0])].count(kind)
        first = row["dns.a" if kind == "1" else "dns.aaaa"][0]
        return first if answers == 1 else f"{first} + {answers - 1}"
    if phase == "dns.alias":
        return f"CNAME {row['dns.cname'][-1]}"
    if phase == "dns.error":
        return RCODES[row["dns.flags.rcode"][0]]
    return ""


@pytest.mark.parametrize("name", NAMES)
def test_what_a_response_says(wireshark, name):
    fields, checked = fields_of(wireshark, name), 0
    for event in wireshark.events(name):
        phases = [phase for phase in event["phases"] if phase.startswith("dns.")]
        if not phases or len(fields[event["frame"]]["dns.count.answers"]) != 1:
            continue
        _, _, said = event["detail"].partition(", ")
        assert said.lower() == expected(phases[0], fields[event["frame"]]).lower(), event
        checked += phases[0] != "dns.query"
    assert checked
