# SPDX-License-Identifier: GPL-2.0-or-later
"""The handshake that the report `journeys` tells of each journey: against the field on the frames, and against what the
programs printed that were recorded."""

import json

import pytest

from test_handshakes import FIELDS
from tshark import CAPTURES, capture_names, keys_path

# With TLS of one kind or another, looked up names, tunnels, renegotiations, both ends.
NAMES = [name for name in capture_names() if keys_path(name)]
# Where the handshake's last frame is also a look-up's first one, and so that journey's: the port of who was asked.
NAME_SERVERS = {"dns-over-tls": ":853", "dns-over-http3-get": ":443"}


def journeys(wireshark, name, options=()):
    text = wireshark.tshark(name, *options, "-q", "-z", "humantime,journeys,json")
    return [json.loads(line) for line in text.splitlines()]


def handshakes_of_frames(wireshark, name, options):
    """journey → what humantime.handshake and its round trips say on its frames, in their order."""
    found = {}
    for row in wireshark.fields(name, *FIELDS, options=options):
        for kind, rtts in zip(row["humantime.handshake"], row["humantime.handshake.rtts"]):
            if row["humantime.journey"]:
                found.setdefault(int(row["humantime.journey"][0]), []).append((kind, int(rtts)))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_as_the_frames_say(wireshark, name):
    secrets = wireshark.secrets(name)
    frames = handshakes_of_frames(wireshark, name, secrets)
    for journey in journeys(wireshark, name, secrets):
        opening = [one for one in frames.get(journey["journey"], []) if "renegotiation" not in one[0]]
        told = (journey["handshake"], journey["handshake_rtts"])
        if name in NAME_SERVERS and not (journey["server"] or "").endswith(NAME_SERVERS[name]):
            assert told == (None, None), "names were looked up over TLS, the journey itself is no such connection"
            continue
        assert told == (opening[0] if opening else (None, None))


def test_what_was_recorded_to_be_compared(wireshark):
    """openssl and ngtcp2 said how each connection was made; the options they got say which kind was wanted."""
    name = "handshakes-compared"
    truth = json.loads((CAPTURES / f"{name}.truth.json").read_text())["compared"]
    for one in truth:
        kind = one["kind"]
        assert one["early_data"] == kind.endswith("0rtt")
        if one["transport"] == "TCP":
            assert one["resumed"] == (not kind.endswith("full"))
            assert one["version"] == {"tls12": "TLSv1.2", "tls13": "TLSv1.3"}[kind[:5]]
        else:
            assert one["completed"]
    expected = [one["kind"] for one in truth]
    assert [journey["handshake"] for journey in journeys(wireshark, name, wireshark.secrets(name))] == expected
    # Whether early data was taken is told by lengths where nobody has the secrets; in QUIC by nothing.
    without = [(journey["handshake"], journey["handshake_rtts"]) for journey in journeys(wireshark, name)]
    assert [kind for kind, _ in without[:7]] == expected[:7]
    assert [rtts for _, rtts in without] == [2, 1, 1, 1, 1, 0, 1, None]
    assert without[7] == ("quic", None)


def test_in_csv_and_without_tls(wireshark):
    head, row = wireshark.tshark("http-plain", "-q", "-z", "humantime,journeys,csv").splitlines()[:2]
    cells = dict(zip(head.split(","), row.split(",")))
    assert cells["handshake"] == "" and cells["handshake_rtts"] == ""
