#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures to measure costs on: made up, or real ones repeated. Good for what a frame costs, proof of nothing else.

    traffic.py empty FILE
    traffic.py dns FRAMES FILE                      queries and answers
    traffic.py connections COUNT FILE               HTTP over TCP, ten frames each
    traffic.py two-ended COUNT FILE                 HTTP over TCP, ten packets each, captured at both ends
    traffic.py half-open COUNT FILE                 SYN and SYN+ACK, never acknowledged
    traffic.py mixed FRAMES FILE CAPTURE...         pcapng captures (also gzipped), repeated up to FRAMES in all
"""

import gzip
import struct
import sys

SERVER = bytes((192, 0, 2, 80))
RESOLVER = bytes((192, 0, 2, 53))
MICROSECOND = 1_000
MILLISECOND = 1_000_000

ETHERNET, RAW, NULL, LINUX_SLL, LINUX_SLL2 = 1, 101, 0, 113, 276
EPHEMERAL_FIRST, EPHEMERAL_COUNT = 32768, 28232  # Linux's default range of client ports


def ipv4(source, destination, protocol, payload):
    """An Ethernet frame. Checksums stay zero: Wireshark verifies none unless told to."""
    ethernet = bytes.fromhex("020000000001" "020000000002" "0800")
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0x4000, 64, protocol, 0, source, destination)
    return ethernet + header + payload


def tcp(source_port, destination_port, sequence, acknowledgment, flags, payload=b""):
    options = bytes.fromhex("020405b4") if flags & 2 else b""
    header_words = 5 + len(options) // 4
    header = struct.pack("!HHIIBBHHH", source_port, destination_port, sequence, acknowledgment, header_words << 4,
                         flags, 64240, 0, 0)
    return header + options + payload


def udp(source_port, destination_port, payload):
    return struct.pack("!HHHH", source_port, destination_port, 8 + len(payload), 0) + payload


def client_of(number):
    """A client's address and port: no two numbers below a thousand million share both."""
    host = number // 20000
    return bytes((10, host >> 16 & 255, host >> 8 & 255, host & 255)), EPHEMERAL_FIRST + number % 20000


def dns(frames):
    for number in range(frames // 2):
        client, port = client_of(number)
        start = number * MILLISECOND
        name = b"".join(bytes((len(label),)) + label for label in (b"host%d" % number, b"example", b"com")) + b"\0"
        question = name + struct.pack("!HH", 1, 1)
        identifier = number * 40503 & 0xFFFF
        query = struct.pack("!HHHHHH", identifier, 0x0100, 1, 0, 0, 0) + question
        answer = (struct.pack("!HHHHHH", identifier, 0x8180, 1, 1, 0, 0) + question
                  + struct.pack("!HHHIH4s", 0xC00C, 1, 1, 300, 4, SERVER))
        yield start, ipv4(client, RESOLVER, 17, udp(port, 53, query))
        yield start + 700 * MICROSECOND, ipv4(RESOLVER, client, 17, udp(53, port, answer))


def connections(count):
    """Each lasts 60 ms and one begins every millisecond, so that sixty are open at a time."""
    frames = []
    for number in range(count):
        client, port = client_of(number)
        request = b"GET /%d HTTP/1.1\r\nHost: www.example.com\r\n\r\n" % number
        body = b"%0512d" % number
        response = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        c, s = number * 2654435761 & 0x7FFFFFFF, number * 2246822519 & 0x7FFFFFFF
        c_end, s_end = c + 1 + len(request), s + 1 + len(response)
        exchange = (
            (0, True, c, 0, 0x02, b""),
            (20, False, s, c + 1, 0x12, b""),
            (20, True, c + 1, s + 1, 0x10, b""),
            (21, True, c + 1, s + 1, 0x18, request),
            (41, False, s + 1, c_end, 0x10, b""),
            (42, False, s + 1, c_end, 0x18, response),
            (42, True, c_end, s_end, 0x10, b""),
            (43, True, c_end, s_end, 0x11, b""),
            (60, False, s_end, c_end + 1, 0x11, b""),
            (60, True, c_end + 1, s_end + 1, 0x10, b""),
        )
        for step, (milliseconds, from_client, sequence, acknowledgment, flags, payload) in enumerate(exchange):
            time = (number + milliseconds) * MILLISECOND + step * MICROSECOND
            if from_client:
                packet = ipv4(client, SERVER, 6, tcp(port, 80, sequence, acknowledgment, flags, payload))
            else:
                packet = ipv4(SERVER, client, 6, tcp(80, port, sequence, acknowledgment, flags, payload))
            frames.append((time, packet))
    frames.sort(key=lambda frame: frame[0])
    return frames


def two_ended(count):
    """The same connections at the client and, 20 ms away, at the server, whose clock is 137 ms ahead: (time,
    interface, packet) in order of time stamps. Routers have counted the TTL down; each packet has its identification."""
    frames = []
    for number, (time, packet) in enumerate(connections(count)):
        packet = packet[:18] + struct.pack("!H", number & 0xFFFF or 1) + packet[20:]
        routed = packet[:22] + bytes((packet[22] - 5,)) + packet[23:]
        from_client = packet[30:34] == SERVER
        way = 20 * MILLISECOND + number * 40503 % 200 * MICROSECOND
        sent, received = (time, time + way) if from_client else (time - way, time)
        at_server = (received if from_client else sent) + 137 * MILLISECOND
        frames.append((sent if from_client else received, 0, packet if from_client else routed))
        frames.append((at_server, 1, routed if from_client else packet))
    frames.sort(key=lambda frame: frame[0])
    return frames


def half_open(count):
    """A SYN flood: the server answers, the clients do not exist."""
    for number in range(count):
        client, port = client_of(number)
        start, c, s = number * MILLISECOND, number * 2654435761 & 0x7FFFFFFF, number * 2246822519 & 0x7FFFFFFF
        yield start, ipv4(client, SERVER, 6, tcp(port, 80, c, 0, 0x02))
        yield start + 50 * MICROSECOND, ipv4(SERVER, client, 6, tcp(80, port, s, c + 1, 0x12))


def write_pcap(path, frames):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, ETHERNET))
        for time, packet in frames:
            file.write(struct.pack("<IIII", *divmod(time, 1_000_000_000), len(packet), len(packet)) + packet)


def write_pcapng(path, frames):
    """Of frames that tell their interface: one or two of these, with nanoseconds."""
    def block(kind, body):
        body += b"\0" * (-len(body) % 4)
        length = struct.pack("<I", len(body) + 12)
        return struct.pack("<I", kind) + length + body + length

    nanoseconds = struct.pack("<HHB3xHH", 9, 1, 9, 0, 0)
    begin = 1_700_000_000_000_000_000
    with open(path, "wb") as file:
        file.write(block(Pcapng.SECTION, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)))
        file.write(2 * block(Pcapng.INTERFACE, struct.pack("<HHI", ETHERNET, 0, 262144) + nanoseconds))
        for time, interface, packet in frames:
            high, low = divmod(begin + time, 1 << 32)
            file.write(block(Pcapng.ENHANCED_PACKET, struct.pack("<IIIII", interface, high, low, len(packet), len(packet)) + packet))


def network_offset(link_type, packet):
    """Where the IP header begins, or None when the frame carries no IP."""
    if link_type == ETHERNET:
        offset, kind = 14, packet[12:14]
        while kind in (b"\x81\x00", b"\x88\xa8"):
            offset, kind = offset + 4, packet[offset + 2:offset + 4]
    elif link_type == LINUX_SLL:
        offset, kind = 16, packet[14:16]
    elif link_type == LINUX_SLL2:
        offset, kind = 20, packet[0:2]
    elif link_type in (RAW, NULL):
        offset = 0 if link_type == RAW else 4
        kind = b"\x08\x00" if packet[offset:offset + 1] and packet[offset] >> 4 == 4 else b"\x86\xdd"
    else:
        return None
    return offset if kind in (b"\x08\x00", b"\x86\xdd") and len(packet) > offset + 40 else None


def with_other_ports(link_type, packet, shift):
    """The frame as the same client would send or get it on another connection: its client port moved by shift."""
    offset = network_offset(link_type, packet)
    if offset is None or shift == 0:
        return packet
    if packet[offset] >> 4 == 4:
        protocol, transport = packet[offset + 9], offset + 4 * (packet[offset] & 15)
        if packet[offset + 6] & 0x1F or packet[offset + 7]:
            return packet  # a later fragment has no ports
    else:
        protocol, transport = packet[offset + 6], offset + 40
    if protocol not in (6, 17) or len(packet) < transport + 4:
        return packet
    moved = bytearray(packet)
    for at in (transport, transport + 2):
        port = int.from_bytes(moved[at:at + 2], "big")
        if EPHEMERAL_FIRST <= port < EPHEMERAL_FIRST + EPHEMERAL_COUNT:
            moved[at:at + 2] = (EPHEMERAL_FIRST + (port - EPHEMERAL_FIRST + shift) % EPHEMERAL_COUNT).to_bytes(2, "big")
    return bytes(moved)


class Pcapng:
    """One section: everything that is no packet (with the TLS secrets), and the enhanced packets."""

    SECTION, INTERFACE, ENHANCED_PACKET = 0x0A0D0D0A, 1, 6

    def __init__(self, path):
        with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
            data = file.read()
        if data[8:12] != b"\x4d\x3c\x2b\x1a":
            raise ValueError(f"{path} is no little-endian pcapng")
        self.head, self.link_types, self.units, self.packets = [], [], [], []
        offset = 0
        while offset + 12 <= len(data):
            kind, length = struct.unpack_from("<II", data, offset)
            block = data[offset:offset + length]
            if kind == self.SECTION and offset:
                break  # one section is enough
            if kind == self.INTERFACE:
                self.link_types.append(struct.unpack_from("<H", block, 8)[0])
                self.units.append(self.units_per_second(block))
            if kind == self.ENHANCED_PACKET:
                self.packets.append(block)
            elif kind in (self.SECTION, self.INTERFACE, 0x0A):
                self.head.append(block)
            offset += length
        times = [self.seconds(block) for block in self.packets]
        self.first = min(times, default=0)
        self.duration = max(times, default=0) - self.first

    @staticmethod
    def units_per_second(block):
        offset = 16
        while offset + 4 <= len(block) - 4:
            code, length = struct.unpack_from("<HH", block, offset)
            if code == 0:
                break
            if code == 9:
                value = block[offset + 4]
                return 2 ** (value & 127) if value & 128 else 10 ** value
            offset += 4 + (length + 3 & ~3)
        return 1_000_000

    def seconds(self, block):
        interface, high, low = struct.unpack_from("<III", block, 8)
        return (high << 32 | low) / self.units[interface]

    def again(self, block, run, begin):
        """The packet as it is in the run-th repetition: later, and on another connection; the first run begins then."""
        interface, high, low, captured = struct.unpack_from("<IIII", block, 8)
        later = begin - self.first + run * (self.duration + 1)
        time = (high << 32 | low) + round(later * self.units[interface])
        packet = with_other_ports(self.link_types[interface], block[28:28 + captured], run * 97)
        return (block[:12] + struct.pack("<II", time >> 32, time & 0xFFFFFFFF) + block[20:28] + packet
                + block[28 + captured:])


def write_mixed(path, frames, captures):
    """Each capture becomes a section in which all its packets come again and again, a second after they ended."""
    sections = [section for section in map(Pcapng, captures) if section.packets]
    share = -(-frames // len(sections))
    begin = 1_700_000_000
    with open(path, "wb") as file:
        for section in sections:
            # The section's length would be wrong now: -1 says that it is not given.
            section.head[0] = section.head[0][:16] + b"\xff" * 8 + section.head[0][24:]
            file.writelines(section.head)
            for number in range(share):
                run, index = divmod(number, len(section.packets))
                file.write(section.again(section.packets[index], run, begin))
            begin += (share // len(section.packets) + 1) * (section.duration + 1)


def main(arguments):
    match arguments:
        case ["empty", path]:
            write_pcap(path, [])
        case ["dns", frames, path]:
            write_pcap(path, dns(int(frames)))
        case ["connections", count, path]:
            write_pcap(path, connections(int(count)))
        case ["two-ended", count, path]:
            write_pcapng(path, two_ended(int(count)))
        case ["half-open", count, path]:
            write_pcap(path, half_open(int(count)))
        case ["mixed", frames, path, _, *_]:
            write_mixed(path, int(frames), arguments[3:])
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
