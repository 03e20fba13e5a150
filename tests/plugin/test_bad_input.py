# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures that are cut, corrupted, out of order: the plugin changes nothing of what tshark makes of them."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

import pcapng
from tshark import capture_names, capture_path

# What Wireshark makes of corrupted bytes depends on whether somebody reads details, which nobody does in the first of two
# passes: Kerberos, LDAP and OpenVPN take what they refuse otherwise. A filter lets it read them there too.
TWO_PASSES = ("-2", "-Y", "frame")

FIELDS = ("frame.number", "frame.len", "_ws.malformed", "frame.protocols")


def cut_frames(length):
    return lambda wireshark, capture, out: wireshark.output("editcap", "-s", length, capture, out)


def corrupted(share, seed):
    return lambda wireshark, capture, out: wireshark.output(
        "editcap", "-E", share, "--seed", seed, capture, out
    )


def of_packets(change):
    """A mutation of the list of packets."""

    def write(_wireshark, capture, out):
        blocks = pcapng.read(capture)
        head = [block for block in blocks if block.kind in (pcapng.SECTION, pcapng.INTERFACE)]
        packets = [block for block in blocks if block.kind == pcapng.PACKET]
        out.write_bytes(pcapng.join(head + change(packets)))

    return write


def shuffled(packets):
    return random.Random(len(packets)).sample(packets, len(packets))


def nearly_in_order(packets):
    """As several processors would record them: each packet up to four places off."""
    places = random.Random(len(packets))
    return [
        packet for _, packet in sorted(enumerate(packets), key=lambda pair: pair[0] + places.uniform(0, 4))
    ]


def sorted_again(wireshark, capture, out):
    """reordercap puts the shuffled packets back."""
    mixed = out.with_name("mixed-" + out.name)
    of_packets(shuffled)(wireshark, capture, mixed)
    wireshark.output("reordercap", mixed, out)


def cut_file(share):
    def cut(_wireshark, capture, out):
        content = pcapng.join(pcapng.read(capture))
        out.write_bytes(content[: int(len(content) * share)])

    return cut


MUTATIONS = {
    "frames-of-20": cut_frames(20),
    "frames-of-60": cut_frames(60),
    "frames-of-200": cut_frames(200),
    "corrupted": corrupted("0.01", 1),
    "corrupted-much": corrupted("0.05", 2),
    "corrupted-little": corrupted("0.001", 3),
    "backwards": of_packets(lambda packets: packets[::-1]),
    "shuffled": of_packets(shuffled),
    "nearly-in-order": of_packets(nearly_in_order),
    "sorted-again": sorted_again,
    "twice": of_packets(lambda packets: [packet for packet in packets for _ in range(2)]),
    "half-a-file": cut_file(0.5),
    "cut-at-the-end": cut_file(0.9997),
}


@pytest.fixture(scope="module")
def everything(wireshark):
    """All sample captures, one behind the other, each on an interface of its own."""
    out = wireshark.scratch / "everything.pcapng"
    wireshark.output("mergecap", "-a", "-I", "none", "-w", out, *map(wireshark.readable, capture_names()))
    return out


@pytest.fixture(scope="module")
def mutated(wireshark):
    known = {}

    def make(capture, mutation):
        """Of a sample's name, or of a file."""
        if (capture, mutation) not in known:
            path = wireshark.readable(capture)
            out = wireshark.scratch / f"{mutation}-{path.name.removesuffix('.gz')}"
            MUTATIONS[mutation](wireshark, path, out)
            out.chmod(0o644)
            known[capture, mutation] = out
        return known[capture, mutation]

    return make


def read(wireshark, capture, *fields, passes=("-2",), plugin=True):
    words = [word for name in fields for word in ("-e", name)]
    return wireshark.run(
        "tshark", *passes, "-r", capture, "-T", "fields", "-E", "separator=/t", "-E", "aggregator=|", *words,
        plugin=plugin,
    )  # fmt: skip


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_nothing_changes_for_wireshark(wireshark, everything, mutated, mutation):
    """Same exit code, same words on stderr, same frames, nothing malformed that was not before. And what one
    pass tells of a frame two passes tell, too."""
    capture = mutated(everything, mutation)
    with ThreadPoolExecutor(3) as runs:
        without = runs.submit(read, wireshark, capture, *FIELDS, plugin=False, passes=TWO_PASSES)
        with_ours = runs.submit(read, wireshark, capture, *FIELDS, "humantime.phase", passes=TWO_PASSES)
        early = runs.submit(read, wireshark, capture, "humantime.phase", passes=())
        without, with_ours, early = without.result(), with_ours.result(), early.result()
    assert with_ours.status == without.status == early.status
    assert with_ours.stderr == without.stderr
    told = [line.rpartition("\t") for line in with_ours.stdout.splitlines()]
    assert len(told) > 1000
    assert [line[0] for line in told] == without.stdout.splitlines()
    for number, (before, after) in enumerate(zip(early.stdout.splitlines(), told, strict=True), 1):
        lost = Counter(before.split("|")) - Counter(after[2].split("|")) if before else None
        assert not lost, f"frame {number}: one pass says {before}, two say {after[2]}"


@pytest.mark.parametrize("mutation", ["corrupted-much", "half-a-file"])
def test_reports_survive(wireshark, everything, mutated, mutation):
    capture = mutated(everything, mutation)
    plain = wireshark.run("tshark", "-r", capture, "-q", plugin=False)
    for words in ("events,json", "events,csv", "events", "tree"):
        result = wireshark.run("tshark", "-r", capture, "-q", "-z", f"humantime,{words}")
        assert (result.status, result.stderr) == (plain.status, plain.stderr)


@pytest.mark.parametrize("share", [0.01, 0.1, 0.3, 0.9, 0.999])
def test_cut_files(wireshark, share):
    """Cut in the header, in a block, in the last bytes: as without the plugin."""
    for name in ("http-pipelined", "dns-cname", "tcp-fast-open"):
        content = pcapng.join(pcapng.read(capture_path(name)))
        capture = wireshark.write(f"cut-{share}-{name}.pcapng", content[: int(len(content) * share)])
        ours, plain = (read(wireshark, capture, *FIELDS, plugin=plugin) for plugin in (True, False))
        assert ours == plain


# -- tokens stay where the evidence is


def phases(wireshark, capture):
    return [row["humantime.phase"] for row in wireshark.fields(capture, "humantime.phase")]


def test_cut_frames_keep_their_headers_words(wireshark, mutated):
    """200 bytes hold every header here: TCP's words stay, and the beginnings of HTTP's messages."""
    kept = ("tcp.", "http.request", "http.response_start")
    lost = {"http.request_body", "http.request_end"}
    for name in ("http-chunked", "tcp-loss", "http-post-continue"):
        whole, cut = phases(wireshark, name), phases(wireshark, mutated(name, "frames-of-200"))
        for number, (before, after) in enumerate(zip(whole, cut, strict=True), 1):
            must = {token for token in before if token.startswith(kept)} - lost
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
    """Shuffled and put in order by their times they are what they were. (Packets of one microsecond may
    change places.)"""
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


@pytest.mark.parametrize("share", [1, 0.7], ids=["whole", "cut-before-the-end"])
def test_every_other_segment_missing(wireshark, share):
    """A recorder that cannot keep up: the length of the response is known, and what is missing was
    acknowledged. So what was recorded is named, whatever is missing between."""
    rows = wireshark.fields("http-plain", "tcp.len", "tcp.srcport", "humantime.phase")
    data = [n for n, row in enumerate(rows) if row["tcp.srcport"] == ["80"] and row["tcp.len"] != ["0"]]
    missing = set(data[1:-1:2])
    kept = [n for n in range(int(len(rows) * share)) if n not in missing]
    blocks = pcapng.read(capture_path("http-plain"))
    head = [block for block in blocks if block.kind in (pcapng.SECTION, pcapng.INTERFACE)]
    packets = [block for block in blocks if block.kind == pcapng.PACKET]
    capture = wireshark.write(f"gaps-{share}.pcapng", pcapng.join(head + [packets[n] for n in kept]))
    told = dict(zip(kept, phases(wireshark, capture), strict=True))
    acknowledged = [n for n in kept[:-10] if n in data]
    unnamed = [n + 1 for n in acknowledged if not any(token.startswith("http.response") for token in told[n])]
    assert not unnamed, f"not named: {unnamed} of {len(acknowledged)}"
