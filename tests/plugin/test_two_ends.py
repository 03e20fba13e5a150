# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames of a file that holds both ends of the wire are named as in the file of their end alone, frame by frame."""

import json

import pytest

from tshark import CAPTURES, capture_names, capture_path

NAMES = ("humantime.phase", "humantime.stage", "humantime.inferred")


def ends_of(name):
    """By interface what the recorder calls its end; nothing where one place was recorded."""
    truth = CAPTURES / f"{name}.truth.json"
    told = json.loads(truth.read_text(encoding="utf-8")) if truth.exists() else {}
    ends = told.get("interfaces", {})
    return ends if len(ends) > 1 else {}


TWO_ENDED = [name for name in capture_names() if ends_of(name)]


def test_what_is_recorded():
    """Plain, encrypted, translated, with losses, HTTP/2 and QUIC."""
    assert {"http-two-ended", "tls12-two-ended", "tls13-two-ended", "http2-two-ended", "quic-two-ended", "both-ends-nat",
            "both-ends-loss-reorder", "both-ends-asymmetric", "article-fetch-01", "article-fetch-10"} <= set(TWO_ENDED)  # fmt: skip


def one_end(wireshark, name, interface):
    """The file of one end: as it was recorded or, where both were kept in one only, as tshark takes it out."""
    recorded = capture_path(f"{name}-{ends_of(name)[interface]}")
    if recorded.exists():
        return recorded
    part = wireshark.scratch / f"{name}-{interface}.pcapng"
    if not part.exists():
        wireshark.output("tshark", "-r", wireshark.readable(name), "-Y", f"frame.interface_id == {interface}", "-w", part,
                         plugin=False)  # fmt: skip
    return part


def named(frames):
    """By frame its phases, each with its stage and whether it is inferred."""
    return [list(zip(*(frame[name] for name in NAMES))) for frame in frames]


def agree(of_both, alone):
    """The same phases and stages. What one end's file can but infer, behind a segment that was lost there, the other
    end's copy may have shown."""
    return [mark[:2] for mark in of_both] == [mark[:2] for mark in alone] and all(
        here[2] <= there[2] for here, there in zip(of_both, alone)
    )


@pytest.mark.parametrize("with_keys", [False, True], ids=["without-keys", "with-keys"])
@pytest.mark.parametrize("name", TWO_ENDED)
def test_each_end_is_named_as_alone(wireshark, name, with_keys):
    secrets = wireshark.secrets(name)
    if with_keys and not secrets:
        pytest.skip("nothing in it is encrypted")
    secrets = secrets if with_keys else ()
    both = wireshark.fields(name, "frame.interface_id", "frame.time_epoch", *NAMES, options=secrets)
    for interface, end in ends_of(name).items():
        here = [frame for frame in both if frame["frame.interface_id"] == [interface]]
        alone = wireshark.fields(one_end(wireshark, name, interface), "frame.time_epoch", *NAMES, options=secrets)
        assert [frame["frame.time_epoch"] for frame in here] == [frame["frame.time_epoch"] for frame in alone]
        pairs = list(zip(named(here), named(alone)))
        wrong = [(number, *pair) for number, pair in enumerate(pairs, 1) if not agree(*pair)]
        assert not wrong, f"{end}: frame of that end, told of both, told of it alone"
        if not with_keys:
            assert named(here) == named(alone)
        assert sum(map(bool, named(alone))) >= 10
