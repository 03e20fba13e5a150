# SPDX-License-Identifier: GPL-2.0-or-later
"""humantime.handshake and what is below it: each capture against Wireshark's own fields, with the secrets and
without, and against what the programs printed that were recorded."""

import pytest

from oracle_handshakes import handshakes
from tshark import capture_names, keys_path

FIELDS = ("frame.number", "humantime.handshake", "humantime.handshake.rtts", "humantime.handshake.time")


def is_of_tls(name):
    return name.startswith(("tls", "starttls", "dns-over-tls", "article-fetch", "journey-hosts-file"))


NAMES = [name for name in capture_names() if is_of_tls(name)]


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


def seen_at_one_place(wireshark, name):
    """Wireshark takes what was captured twice for one connection."""
    return len({tuple(row["frame.interface_id"]) for row in wireshark.fields(name, "frame.interface_id")}) == 1


def expected(wireshark, name, options=()):
    return [(one.frame, one.kind, one.rtts) for one in handshakes(wireshark, name, options)]


@pytest.mark.parametrize("name", NAMES)
def test_as_wireshark_shows_it(wireshark, name):
    if not seen_at_one_place(wireshark, name):
        pytest.skip("captured at both ends: see test_both_ends")
    secrets = wireshark.secrets(name)
    assert told(wireshark, name, secrets) == expected(wireshark, name, secrets)


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


@pytest.mark.parametrize("name", ["tls12-ecdhe", "tls12-ticket", "tls13-hrr"])
def test_duration(wireshark, name):
    """From the ClientHello's frame to the one with the later Finished."""
    rows = wireshark.fields(name, "frame.time_epoch", *FIELDS, options=wireshark.secrets(name))
    frames = {int(row["frame.number"][0]): row for row in rows}
    for one in handshakes(wireshark, name, wireshark.secrets(name)):
        begin, end = (float(frames[frame]["frame.time_epoch"][0]) for frame in (one.begin, one.frame))
        assert abs(float(frames[one.frame]["humantime.handshake.time"][0]) - (end - begin)) < 1e-6


def test_infers_nothing_where_that_is_not_wanted(wireshark):
    off = ("-o", "humantime.infer_encrypted:FALSE")
    for name in ("tls12-ticket", "tls13-psk"):
        assert told(wireshark, name, off) == []
        assert told(wireshark, name, (*off, *wireshark.secrets(name))) == expected(
            wireshark, name, wireshark.secrets(name)
        )
