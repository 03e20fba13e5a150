# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures that are cut, corrupted, out of order: the plugin changes nothing of what tshark makes of them."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

import pcapng
from tshark import capture_path

NAMES = (
    "arp-probe-announcement",
    "dhcp",
    "dns-cname",
    "dns-tcp-pipelined",
    "gre-http",
    "http-chunked",
    "http-pipelined",
    "http-post-continue",
    "http-upgrade",
    "ipv6-ndp-http",
    "mdns",
    "sll2-http",
    "tcp-loss",
    "vxlan-http",
)
FIELDS = ("frame.number", "frame.len", "_ws.malformed", "frame.protocols")


def cut_frames(length):
    return lambda wireshark, name, out: wireshark.output("editcap", "-s", length, wireshark.readable(name), out)


def corrupted(share, seed):
    return lambda wireshark, name, out: wireshark.output(
        "editcap", "-E", share, "--seed", seed, wireshark.readable(name), out
    )


def split(name):
    blocks = pcapng.read(capture_path(name))
    head = [block for block in blocks if block.kind in (pcapng.SECTION, pcapng.INTERFACE)]
    return head, [block for block in blocks if block.kind == pcapng.PACKET]


def backwards(wireshark, name, out):
    head, packets = split(name)
    return wireshark.write(out.name, pcapng.join(head + packets[::-1]))


def shuffled(wireshark, name, out):
    head, packets = split(name)
    random.Random(name).shuffle(packets)
    return wireshark.write(out.name, pcapng.join(head + packets))


def sorted_again(wireshark, name, out):
    """reordercap puts the shuffled packets back."""
    mixed = shuffled(wireshark, name, out.with_name("mixed-" + out.name))
    wireshark.output("reordercap", mixed, out)


def every_packet_twice(wireshark, name, out):
    head, packets = split(name)
    return wireshark.write(out.name, pcapng.join(head + [packet for packet in packets for _ in range(2)]))


def cut_file(share):
    def cut(wireshark, name, out):
        content = pcapng.join(pcapng.read(capture_path(name)))
        return wireshark.write(out.name, content[: int(len(content) * share)])

    return cut


MUTATIONS = {
    "frames-of-20": cut_frames(20),
    "frames-of-60": cut_frames(60),
    "frames-of-200": cut_frames(200),
    "corrupted": corrupted("0.01", 1),
    "corrupted-more": corrupted("0.05", 2),
    "backwards": backwards,
    "shuffled": shuffled,
    "sorted-again": sorted_again,
    "twice": every_packet_twice,
    "half-a-file": cut_file(0.5),
    "cut-at-the-end": cut_file(0.997),
}


@pytest.fixture(scope="module")
def mutated(wireshark):
    known = {}

    def make(name, mutation):
        if (name, mutation) not in known:
            out = wireshark.scratch / f"{name}-{mutation}.pcapng"
            made = MUTATIONS[mutation](wireshark, name, out)
            known[name, mutation] = out if not isinstance(made, type(out)) else made
        return known[name, mutation]

    return make


def read(wireshark, capture, *fields, passes=("-2",), plugin=True):
    words = [word for name in fields for word in ("-e", name)]
    return wireshark.run(
        "tshark", *passes, "-r", capture, "-T", "fields", "-E", "separator=/t", "-E", "aggregator=|", *words,
        plugin=plugin,
    )  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mutation", MUTATIONS)
def test_nothing_changes_for_wireshark(wireshark, mutated, name, mutation):
    """Same exit code, same words on stderr, same frames, nothing malformed that was not before. Our own fields stand
    behind Wireshark's, and each token that one pass tells two passes tell as well."""
    capture = mutated(name, mutation)
    ours = ("humantime.phase",)
    with ThreadPoolExecutor(2) as both:
        without = both.submit(read, wireshark, capture, *FIELDS, plugin=False)
        with_ours = both.submit(read, wireshark, capture, *FIELDS, *ours)
        without, with_ours = without.result(), with_ours.result()
    assert with_ours.status == without.status
    assert with_ours.stderr == without.stderr
    told = [line.rpartition("\t") for line in with_ours.stdout.splitlines()]
    assert [line[0] for line in told] == without.stdout.splitlines()


@pytest.mark.parametrize("mutation", ["frames-of-200", "corrupted", "shuffled", "twice", "half-a-file"])
@pytest.mark.parametrize("name", ["http-pipelined", "http-post-continue", "dns-tcp-pipelined", "tcp-loss"])
def test_one_pass_is_never_wrong(wireshark, mutated, name, mutation):
    capture = mutated(name, mutation)
    late = read(wireshark, capture, "humantime.phase").stdout.splitlines()
    early = read(wireshark, capture, "humantime.phase", passes=()).stdout.splitlines()
    for number, (before, after) in enumerate(zip(early, late, strict=True), 1):
        rest = after.split("|")
        for token in before.split("|") if before else []:
            assert token in rest, f"frame {number}: one pass says {before}, two say {after}"
            rest.remove(token)


@pytest.mark.parametrize("mutation", ["corrupted", "corrupted-more", "half-a-file"])
def test_reports_survive(wireshark, mutated, mutation):
    for name in ("http-upgrade", "dns-cname", "vxlan-http"):
        for words in ("events,json", "events,csv", "events", "tree"):
            result = wireshark.run("tshark", "-r", mutated(name, mutation), "-q", "-z", f"humantime,{words}")
            plain = wireshark.run("tshark", "-r", mutated(name, mutation), "-q", plugin=False)
            assert (result.status, result.stderr) == (plain.status, plain.stderr)


# -- tokens stay where the evidence is


def phases(wireshark, capture):
    return [row["humantime.phase"] for row in wireshark.fields(capture, "humantime.phase")]


def test_cut_frames_keep_their_headers_words(wireshark, mutated):
    """200 bytes hold every header here: TCP's words stay, and the beginnings of HTTP's messages."""
    kept = ("tcp.", "http.request", "http.response_start")
    for name in ("http-chunked", "tcp-loss", "http-post-continue"):
        whole, cut = phases(wireshark, name), phases(wireshark, mutated(name, "frames-of-200"))
        for number, (before, after) in enumerate(zip(whole, cut, strict=True), 1):
            must = {token for token in before if token.startswith(kept) and token != "http.request_end"}
            must.discard("http.request_body")
            assert must <= set(after), f"{name}, frame {number}: {before} became {after}"


def test_frames_without_transport_have_no_words(wireshark, mutated):
    """20 bytes hold an Ethernet header and the beginning of IP's."""
    assert not any(phases(wireshark, mutated("http-chunked", "frames-of-20")))
    assert not any(phases(wireshark, mutated("dns-cname", "frames-of-20")))


@pytest.mark.parametrize("name", ["http-chunked", "dns-tcp-pipelined", "mdns"])
def test_a_cut_file_is_a_shorter_capture(wireshark, mutated, name):
    """What was recorded before the cut is named as before, but for what only later frames would tell."""
    result = read(wireshark, mutated(name, "half-a-file"), "humantime.phase")
    whole = phases(wireshark, name)
    lines = result.stdout.splitlines()
    assert 0 < len(lines) < len(whole)
    assert [line.split("|") if line else [] for line in lines] == whole[: len(lines)]


@pytest.mark.parametrize("name", ["http-pipelined", "tcp-loss", "dns-cname"])
def test_sorted_again(wireshark, mutated, name):
    """Shuffled and put in order by their times they are what they were. (Packets of one microsecond may change places.)"""
    capture = mutated(name, "sorted-again")
    before, after = (wireshark.fields(c, "frame.time_epoch", "humantime.phase") for c in (name, capture))
    times = [row["frame.time_epoch"][0] for row in before]
    assert len(set(times)) == len(times)
    assert before == after


def test_every_packet_twice(wireshark, mutated):
    """Copies show what their originals show, without trouble."""
    for name in ("http-pipelined", "http-upgrade"):
        tokens = phases(wireshark, mutated(name, "twice"))
        assert tokens[0::2] == phases(wireshark, name)
        assert all(set(copy) <= set(original) for original, copy in zip(tokens[0::2], tokens[1::2]))
        assert not any("tcp.retransmission" in frame for frame in tokens)
