#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The wires of the lab: a relay between TAP (or TUN) devices in network namespaces.

Each wire joins two devices. A frame written to one end comes out of the other after the wire's delay, byte for byte
the same; the devices do no segmentation offload, so what is recorded at one end is what is recorded at the other.
Rules lose, duplicate, swap or hold back frames, always the same ones: "drop the 5th data segment from b".

The specification is one JSON object on standard input, see `network.py`, which starts this program. The program prints
"ready" when all devices exist, and one JSON line to the log for each frame that a rule touched.
"""
import ctypes
import fcntl
import heapq
import json
import os
import select
import struct
import sys
import time

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TUN, IFF_TAP, IFF_NO_PI = 0x0001, 0x0002, 0x1000
PR_SET_TIMERSLACK = 29
LIBC = ctypes.CDLL(None, use_errno=True)

FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10


def enter_namespace(name):
    with open(f"/run/netns/{name}", "rb") as namespace:
        if LIBC.setns(namespace.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"setns {name}")


def open_device(namespace, name, mode):
    """A TAP or TUN device inside the namespace; it lives as long as the file descriptor."""
    enter_namespace(namespace)
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    flags = (IFF_TUN if mode == "tun" else IFF_TAP) | IFF_NO_PI
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), flags))
    return fd


class Segment:
    """What the rules need to know of a frame. Everything that is not IP is only a frame."""

    def __init__(self, frame, mode):
        self.protocol = None
        self.flags = 0
        self.payload = 0
        self.ports = (0, 0)
        self.fragment = False
        self.ip_id = None
        try:
            self._read(frame, mode)
        except (IndexError, struct.error):
            pass

    def _read(self, frame, mode):
        at = 0
        if mode == "tap":
            kind, at = struct.unpack_from("!H", frame, 12)[0], 14
            while kind in (0x8100, 0x88A8):
                kind, at = struct.unpack_from("!H", frame, at + 2)[0], at + 4
            if kind not in (0x0800, 0x86DD):
                return
        if frame[at] >> 4 == 4:
            header = (frame[at] & 15) * 4
            end = at + struct.unpack_from("!H", frame, at + 2)[0]
            self.ip_id, offset = struct.unpack_from("!HH", frame, at + 4)
            self.fragment = bool(offset & 0x3FFF)
            self.protocol = frame[at + 9]
            self.addresses = (frame[at + 12:at + 16], frame[at + 16:at + 20])
            if offset & 0x1FFF:
                return
            at += header
        else:
            end = at + 40 + struct.unpack_from("!H", frame, at + 4)[0]
            self.protocol = frame[at + 6]
            self.addresses = (frame[at + 8:at + 24], frame[at + 24:at + 40])
            at += 40
        if self.protocol in (6, 17):
            self.ports = struct.unpack_from("!HH", frame, at)
        if self.protocol == 6:
            self.sequence, self.acknowledgement = struct.unpack_from("!II", frame, at + 4)
            self.flags = frame[at + 13]
            self.payload = end - at - (frame[at + 12] >> 4) * 4
        if self.protocol == 17:
            self.payload = end - at - 8

    def flow(self):
        return (*self.addresses, *self.ports)


class Rule:
    """`match` is a kind of frame, `n` which of them in order (1, …; a list; "all"), `do` what happens to it."""

    KINDS = {
        "any": lambda s: True,
        "syn": lambda s: s.flags & (SYN | ACK) == SYN,
        "syn-ack": lambda s: s.flags & (SYN | ACK) == SYN | ACK,
        "fin": lambda s: bool(s.flags & FIN),
        "rst": lambda s: bool(s.flags & RST),
        "data": lambda s: s.protocol == 6 and s.payload > 0,
        "ack": lambda s: s.protocol == 6 and s.payload == 0 and s.flags & (SYN | FIN | RST | ACK) == ACK,
        "dns-query": lambda s: s.protocol == 17 and s.ports[1] == 53,
        "dns-response": lambda s: s.protocol == 17 and s.ports[0] == 53,
        "udp": lambda s: s.protocol == 17,
        "large-udp": lambda s: s.protocol == 17 and s.payload > 1000,
        "quic": lambda s: s.protocol == 17 and 443 in s.ports,
        "dtls": lambda s: s.protocol == 17 and 4433 in s.ports,
        "fragment": lambda s: s.fragment,
    }

    def __init__(self, spec):
        self.spec = spec
        self.sender = spec["from"]
        self.action = spec["do"]
        self.which = spec.get("n", 1)
        self.seen = 0
        self.held = None
        self.initial = {}
        # "byte:N" is the segment that carries byte N (from 1) of its sender's stream, each time that it is sent
        self.byte = int(spec["match"].split(":")[1]) if spec["match"].startswith("byte:") else None
        self.kind = None if self.byte else self.KINDS[spec["match"]]

    def matches(self, segment):
        if self.byte:
            if segment.flags & SYN:
                self.initial[segment.flow()] = segment.sequence
            if segment.payload <= 0 or segment.flow() not in self.initial:
                return False
            first = (segment.sequence - self.initial[segment.flow()]) & 0xFFFFFFFF
            if not first <= self.byte < first + segment.payload:
                return False
        elif not self.kind(segment):
            return False
        self.seen += 1
        if self.which == "all":
            return True
        return self.seen in (self.which if isinstance(self.which, list) else [self.which])


class Wire:
    """One direction of a wire."""

    def __init__(self, source, target, delay, bits_per_second, rules, mode, sender, log):
        self.source, self.target, self.delay = source, target, delay
        self.seconds_per_byte = 8 / bits_per_second if bits_per_second else 0
        self.busy_until = 0
        self.rules = [rule for rule in rules if rule.sender == sender]
        self.mode, self.sender, self.log = mode, sender, log

    def accept(self, frame, now):
        """The frames that come out of the wire and when, for this frame that goes in."""
        # the line is busy while a frame leaves: preamble, checksum and gap are 24 bytes
        self.busy_until = max(now, self.busy_until) + (len(frame) + 24) * self.seconds_per_byte
        out = [(self.busy_until + self.delay, frame)]
        if not self.rules:
            return out
        segment = Segment(frame, self.mode)
        for rule in self.rules:
            if rule.held and rule.kind(segment):
                out.append((out[-1][0] + 1e-5, rule.held))
                rule.held = None
            elif rule.matches(segment):
                self.note(rule, segment, frame)
                due = out[0][0]
                if rule.action == "drop":
                    out = []
                elif rule.action == "duplicate":
                    out.append((due + 1e-5, frame))
                elif rule.action == "swap":
                    rule.held = frame
                    out = []
                elif rule.action == "delay":
                    out = [(due + rule.spec["ms"] / 1000, frame)]
                else:
                    raise ValueError(rule.action)
                break
        return out

    def note(self, rule, segment, frame):
        line = {"rule": rule.spec, "time": f"{time.time():.6f}", "bytes": len(frame)}
        if segment.ip_id is not None:
            line["ip_id"] = segment.ip_id
        if segment.protocol == 6:
            line["tcp_seq"] = segment.sequence
            line["tcp_len"] = segment.payload
        self.log.write(json.dumps(line) + "\n")
        self.log.flush()


def relay(wires):
    poll = select.epoll()
    for fd in wires:
        poll.register(fd, select.EPOLLIN)
    waiting, order = [], 0
    while True:
        timeout = max(0.0, waiting[0][0] - time.monotonic()) if waiting else -1
        # the epoll timeout has whole milliseconds: leave the rest to a shorter sleep
        if timeout >= 0:
            timeout = int(timeout * 1000) / 1000
        for fd, _ in poll.poll(timeout):
            while True:
                try:
                    frame = os.read(fd, 65536)
                except BlockingIOError:
                    break
                now = time.monotonic()
                for due, copy in wires[fd].accept(frame, now):
                    order += 1
                    heapq.heappush(waiting, (due, order, wires[fd].target, copy))
        while waiting and waiting[0][0] - time.monotonic() < 0.001:
            rest = waiting[0][0] - time.monotonic()
            if rest > 0:
                if select.select(list(wires), [], [], rest)[0]:
                    break
                continue
            _, _, target, frame = heapq.heappop(waiting)
            try:
                os.write(target, frame)
            except OSError as error:  # the device is down or being taken away
                print(f"relay: {error}", file=sys.stderr)


def main():
    spec = json.loads(sys.stdin.read())
    log = open(spec["log"], "a", encoding="utf-8")
    wires = {}
    for wire in spec["wires"]:
        a, b = (open_device(end["namespace"], end["device"], wire["mode"]) for end in (wire["a"], wire["b"]))
        rules = [Rule(rule) for rule in wire["rules"]]
        rate = wire["mbit"] * 1e6
        wires[a] = Wire(a, b, wire["ms"]["a"] / 1000, rate, rules, wire["mode"], "a", log)
        wires[b] = Wire(b, a, wire["ms"]["b"] / 1000, rate, rules, wire["mode"], "b", log)
    LIBC.prctl(PR_SET_TIMERSLACK, 1)
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
    except OSError:
        pass
    print("ready", flush=True)
    relay(wires)


if __name__ == "__main__":
    main()
