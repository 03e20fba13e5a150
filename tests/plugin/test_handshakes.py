# SPDX-License-Identifier: GPL-2.0-or-later
"""humantime.handshake and what is below it: each capture against Wireshark's own fields, with the secrets and
without, and against what the programs printed that were recorded."""

import json
import re

import pytest

from oracle_dtls import dtls_handshakes
from oracle_handshakes import handshakes
from tshark import CAPTURES, ROOT, capture_names, has_several_interfaces, keys_path

# With the journey, which only test_journey_handshakes.py wants: so both ask tshark the same, once.
FIELDS = (
    "frame.number", "humantime.journey", "humantime.handshake", "humantime.handshake.rtts", "humantime.handshake.time"
)  # fmt: skip


def is_of_tls(name):
    return name.startswith(("tls", "dtls", "starttls", "dns-over-tls", "article-fetch", "journey-hosts-file"))


def seen(wireshark, name, options=()):
    return (dtls_handshakes if name.startswith("dtls") else handshakes)(wireshark, name, options)


NAMES = [name for name in capture_names() if is_of_tls(name)]


# GnuTLS takes the same random for both handshakes: a key log cannot hold the secrets of both, and Wireshark shows nothing
# of the second one. What the programs said of it: see test_as_the_programs_said.
ENCRYPTED = "dtls12-gnutls-rehandshake"


def told(wireshark, name, options=(), two_pass=True):
    """frame, kind, round trips of each."""
    found = []
    for row in wireshark.fields(name, *FIELDS, options=options, two_pass=two_pass):
        kinds = row["humantime.handshake"]
        assert len(row["humantime.handshake.time"]) == len(kinds)
        assert len(row["humantime.handshake.rtts"]) == len(kinds)
        for kind, rtts in zip(kinds, row["humantime.handshake.rtts"]):
            found.append((int(row["frame.number"][0]), kind, int(rtts)))
    return found


def expected(wireshark, name, options=()):
    return [(one.frame, one.kind, one.rtts) for one in seen(wireshark, name, options)]


@pytest.mark.parametrize("name", [name for name in NAMES if not has_several_interfaces(name)])
def test_as_wireshark_shows_it(wireshark, name):
    """Wireshark takes what was captured twice for one connection: of that see test_both_ends."""
    secrets = wireshark.secrets(name)
    shown = told(wireshark, name, secrets)
    if name == ENCRYPTED:
        assert shown.pop()[1].endswith("+renegotiation")
    assert shown == expected(wireshark, name, secrets)


@pytest.mark.parametrize("name", [name for name in NAMES if keys_path(name)])
def test_without_secrets(wireshark, name):
    """What is said is what the secrets say; what only they tell is left out, and nothing else."""
    with_secrets, without = told(wireshark, name, wireshark.secrets(name)), told(wireshark, name)
    assert [(frame, blunt(kind), rtts) for frame, kind, rtts in without] == [
        (frame, blunt(kind), rtts) for frame, kind, rtts in with_secrets
    ]
    for (_, kind, _), (_, known, _) in zip(without, with_secrets):
        hidden = known.startswith("tls13") or known.endswith("renegotiation")
        assert ("+client_auth" in kind) == ("+client_auth" in known and not hidden)


def blunt(kind):
    """Without what only secrets tell."""
    kind = kind.replace("+client_auth", "")
    if kind.endswith("+renegotiation"):
        kind = kind.replace("_ticket", "_resumed").replace("_session_id", "_resumed")
    return kind


@pytest.mark.parametrize("name", NAMES)
def test_one_pass_is_never_wrong(wireshark, name):
    early, late = told(wireshark, name, two_pass=False), told(wireshark, name)
    assert set(early) <= set(late)


@pytest.mark.parametrize("name", ["tls12-two-ended", "tls13-two-ended", "article-fetch-01"])
def test_both_ends(wireshark, name):
    """Each copy is complete in itself: the same kinds as in the captures of one end."""
    both = sorted((kind, rtts) for _, kind, rtts in told(wireshark, name, wireshark.secrets(name)))
    ends = [
        (kind, rtts)
        for end in ("client", "server")
        for _, kind, rtts in told(wireshark, f"{name}-{end}", wireshark.secrets(f"{name}-{end}"))
    ]
    assert both == sorted(ends) and len(both) == 2


@pytest.mark.parametrize("name", ["tls12-ecdhe", "tls12-ticket", "tls13-hrr", "dtls12-ticket"])
def test_duration(wireshark, name):
    """From the ClientHello's frame to the one with the later Finished."""
    rows = wireshark.fields(name, "frame.time_epoch", *FIELDS, options=wireshark.secrets(name))
    frames = {int(row["frame.number"][0]): row for row in rows}
    for one in seen(wireshark, name, wireshark.secrets(name)):
        begin, end = (float(frames[frame]["frame.time_epoch"][0]) for frame in (one.begin, one.frame))
        assert abs(float(frames[one.frame]["humantime.handshake.time"][0]) - (end - begin)) < 1e-6


def test_infers_nothing_where_that_is_not_wanted(wireshark):
    off = ("-o", "humantime.infer_encrypted:FALSE")
    for name in ("tls12-ticket", "tls13-psk", "dtls12-ticket"):
        assert told(wireshark, name, off) == []
        assert told(wireshark, name, (*off, *wireshark.secrets(name))) == expected(
            wireshark, name, wireshark.secrets(name)
        )


# -- the table in the docs, and what the programs said

DOCS = (ROOT / "docs" / "handshakes.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\S+)` \| `(\S+)` \| (\d+)–(\d+) \| (\d) \|", DOCS, re.M)
ALERTS = re.findall(r"^\| `(\w+)` \| `(\S+)` \| (\d+) \|$", DOCS, re.M)


def documented(name):
    return [(int(end), kind, int(rtts)) for kind, of, _, end, rtts in ROWS if of == name]


def test_the_docs_show_each_kind_that_there_is():
    kinds = set(re.findall(r"^HANDSHAKE\((\w+), \d, 0x\w+, \w+\)$", (ROOT / "core" / "handshakes.def").read_text(), re.M))
    recorded = {kind.split("+")[0] for kind, *_ in ROWS}
    assert recorded <= kinds
    # No software that can be installed speaks SSL 3; TLS 1.0 and 1.1 resume as 1.2 does; `resumed` is without secrets.
    old = {kind for kind in kinds if kind.startswith(("ssl30", "tls10", "tls11", "dtls10")) and not kind.endswith("full")}
    assert kinds - recorded - old == {"ssl30_full", "tls12_resumed", "dtls12_resumed"}


@pytest.mark.parametrize("name", sorted({name for _, name, *_ in ROWS}))
def test_docs(wireshark, name):
    shown = told(wireshark, name, wireshark.secrets(name))
    assert shown == documented(name)
    begins = [int(begin) for _, of, begin, *_ in ROWS if of == name]
    if name == ENCRYPTED:
        assert begins.pop() == shown[0][0] + 1  # the record behind the first Finished
    assert begins == begun(wireshark, name)


def begun(wireshark, name):
    if is_of_tls(name):
        return [one.begin for one in seen(wireshark, name, wireshark.secrets(name))]
    rows = wireshark.fields(name, "frame.number", "tls.handshake.type", options=wireshark.secrets(name))
    return [int(row["frame.number"][0]) for row in rows if "1" in row["tls.handshake.type"]][:1]


@pytest.mark.parametrize("alert, name, frame", ALERTS)
def test_alerts(wireshark, alert, name, frame):
    """No kind of a handshake that an alert ended, and the alert's name on its frame."""
    secrets = wireshark.secrets(name)
    by_frame = {event["frame"]: event for event in wireshark.events(name, *secrets)}
    assert "tls.alert" in by_frame[int(frame)]["phases"]
    assert by_frame[int(frame)]["detail"] == alert
    assert not [one for one in told(wireshark, name, secrets) if one[0] >= int(frame)]


VERSIONS = {"TLSv1": "tls10", "TLSv1.1": "tls11", "TLSv1.2": "tls12", "TLSv1.3": "tls13", "DTLSv1": "dtls10", "DTLSv1.2": "dtls12"}


def contradicts(said, kind, rtts):
    """What a program said of a handshake against what we call it. A retried one may be of either kind."""
    course = kind.split("+")[0].split("_", 1)[1]
    yield said.get("protocol") and not kind.startswith(VERSIONS[said["protocol"]] + "_")
    yield said["session"] == "New" and course not in ("full", "hrr")
    yield said["session"] == "Reused" and course == "full"
    yield said.get("resumed_by") and course not in (said["resumed_by"], "resumed")
    yield ("asked_by" in said) != kind.endswith("+renegotiation")
    yield bool(said.get("false_start")) != (course == "full" and kind.startswith("tls12") and rtts == 1)
    yield said.get("early_data") == "Early data was accepted" and course != "0rtt"
    yield "cookie" in said and rtts != (2 if course == "full" else 1) + said["cookie"]
    yield said.get("client_certificate", False) and "+client_auth" not in kind


def truths():
    for name in NAMES:
        file = CAPTURES / f"{name}.truth.json"
        yield name, json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


@pytest.mark.parametrize("name", [name for name, truth in truths() if "handshakes" in truth])
def test_as_the_programs_said(wireshark, name):
    truth = json.loads((CAPTURES / f"{name}.truth.json").read_text(encoding="utf-8"))
    completed = [said for said in truth["handshakes"] if "alert" not in said]
    for secrets in ((), wireshark.secrets(name)):
        shown = told(wireshark, name, secrets)
        assert len(shown) == len(completed)
        for said, (_, kind, rtts) in zip(completed, shown):
            assert not any(contradicts(said, kind, rtts)), (said, kind, rtts)


LOGGED = [
    name
    for name, truth in truths()
    if truth.get("tls", {}).get("connections")
    and all({"resumed", "early_data"} <= connection.keys() for connection in truth["tls"]["connections"])
]


@pytest.mark.parametrize("name", LOGGED)
def test_as_the_server_logged(wireshark, name):
    """nginx says of each connection whether it resumed a session and whether it took early data."""
    truth = json.loads((CAPTURES / f"{name}.truth.json").read_text(encoding="utf-8"))
    connections = truth["tls"]["connections"]
    shown = told(wireshark, name, wireshark.secrets(name))
    if has_several_interfaces(name):
        connections = [connection for connection in connections for _ in range(2)]
    if len(shown) != len(connections):
        pytest.skip("the server was started again and counted anew, or the capture begins in a connection's middle")
    for connection, (_, kind, rtts) in zip(connections, shown):
        assert kind.startswith(VERSIONS[connection["version"]] + "_"), (connection, kind)
        if not connection["requests"]:
            continue
        assert connection["early_data"] == (rtts == 0), (connection, kind)
        if "_hrr" not in kind:
            assert connection["resumed"] == ("_full" not in kind), (connection, kind)
