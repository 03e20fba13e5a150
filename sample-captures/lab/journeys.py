# SPDX-License-Identifier: GPL-2.0-or-later
"""Which frames of a capture belong to which fetch, as its recorder knows it: from what was run, and from ports, names and transaction ids.

One journey is one connection, with the ARP (NDP) exchange and the DNS steps that it waited for; or a lookup that led to none.
"""
import frames

FIELDS = ("eth.dst", "arp.opcode", "arp.src.proto_ipv4", "arp.dst.proto_ipv4", "icmpv6.type", "icmpv6.nd.ns.target_address",
          "icmpv6.nd.na.target_address", "ip.src", "ip.dst", "icmp.type", "ipv6.src", "ipv6.dst", "udp.srcport", "udp.dstport", "tcp.srcport", "tcp.dstport",
          "tcp.stream", "tcp.flags", "tcp.len", "dns.id", "dns.flags.response", "dns.qry.name", "dns.qry.type", "dns.flags.rcode", "dns.flags.truncated")
TYPES = {"1": "A", "2": "NS", "5": "CNAME", "6": "SOA", "16": "TXT", "28": "AAAA", "65": "HTTPS"}
FIN, SYN, RST, ACK = 1, 2, 4, 16


class Frame:
    """The first occurrence of each field: what is quoted in ICMP errors, and the questions after the first, do not count."""

    def __init__(self, fields):
        self.number = fields["number"]
        for name in FIELDS:
            setattr(self, name.replace(".", "_"), fields[name][0] if fields[name] else "")
        self.source, self.target = self.ip_src or self.ipv6_src, self.ip_dst or self.ipv6_dst
        self.flags = int(self.tcp_flags, 16) if self.tcp_flags else 0
        self.response = self.dns_flags_response in ("1", "True")
        self.neighbour = self.arp_dst_proto_ipv4 if self.arp_opcode == "1" else self.arp_src_proto_ipv4 if self.arp_opcode else (
            self.icmpv6_nd_ns_target_address or self.icmpv6_nd_na_target_address)
        self.asks_neighbour = self.arp_opcode == "1" or self.icmpv6_type == "135"


class Step:
    """A question to one name server, over UDP or over a TCP connection of its own; asked again until there is an answer."""

    def __init__(self, frame):
        self.name, self.type = frame.dns_qry_name, TYPES.get(frame.dns_qry_type, frame.dns_qry_type)
        self.sender, self.server = frame.source, frame.target
        self.stream = frame.tcp_stream
        self.ids, self.questions, self.answers, self.connection = [], [], [], []
        self.rcode = self.truncated = None

    def same_question(self, frame):
        return (self.name, self.type, self.sender, self.server, self.stream) == (
            frame.dns_qry_name, TYPES.get(frame.dns_qry_type, frame.dns_qry_type), frame.source, frame.target, frame.tcp_stream)

    def facts(self, roles):
        found = {"name": self.name, "type": self.type, "to": self.server, "role": roles.get(self.server, ""), "transport": "tcp" if self.stream else "udp",
                 "ids": self.ids, "query_frames": self.questions, "response_frames": self.answers, "rcode": self.rcode, "truncated": self.truncated}
        if self.stream:
            found["tcp_frames"] = self.connection
        return found

    def every_frame(self):
        return sorted({*self.questions, *self.answers, *self.connection})


class Connection:
    def __init__(self, syn):
        self.client, self.port, self.server, self.server_port = syn.source, int(syn.tcp_srcport), syn.target, int(syn.tcp_dstport)
        self.frames = []

    def numbers(self):
        return [frame.number for frame in self.frames]

    def kind(self):
        """What became of it: completed, refused, unanswered, abandoned (answered too late) or reset."""
        answered = [frame for frame in self.frames if frame.source == self.server and frame.flags & (SYN | ACK) == SYN | ACK]
        data = [frame for frame in self.frames if frame.source == self.server and int(frame.tcp_len or 0) > 0]
        if not answered:
            return "refused" if any(frame.flags & RST and frame.source == self.server for frame in self.frames) else "unanswered"
        if not data:
            return "abandoned"
        return "completed" if any(frame.flags & FIN for frame in self.frames) else "reset"


class Journeys:
    """Reads the capture; `add` the journeys in any order; `facts` has them in the order of their first frames."""

    def __init__(self, file, roles, dns_port=53, options=()):
        self.file, self.roles = file, roles
        self.frames = [Frame(fields) for fields in frames.read(file, FIELDS, options=options)]
        self.steps, self.connections, streams = [], [], {}
        for frame in self.frames:
            if frame.tcp_stream and not frame.icmp_type and not frame.icmpv6_type:
                stream = streams.get(frame.tcp_stream)
                if stream is None:
                    stream = streams[frame.tcp_stream] = Connection(frame)
                    if stream.server_port != dns_port:
                        self.connections.append(stream)
                stream.frames.append(frame)
            if frame.dns_qry_name and not frame.icmp_type and not frame.icmpv6_type and str(dns_port) in (frame.udp_srcport, frame.udp_dstport, frame.tcp_srcport, frame.tcp_dstport):
                self.step(frame)
        for step in self.steps:
            if step.stream:
                step.connection = streams[step.stream].numbers()
        self.taken, self.journeys = set(), []

    def step(self, frame):
        if frame.response:
            for step in self.steps:
                if (frame.dns_id in step.ids and (step.name, step.server, step.sender, step.stream) ==
                        (frame.dns_qry_name, frame.source, frame.target, frame.tcp_stream) and step.type == TYPES.get(frame.dns_qry_type, frame.dns_qry_type)):
                    step.answers.append(frame.number)
                    step.rcode, step.truncated = int(frame.dns_flags_rcode), frame.dns_flags_truncated in ("1", "True")
                    return
            raise RuntimeError(f"frame {frame.number} answers nothing")
        step = next((step for step in self.steps if not step.answers and step.same_question(frame)), None)
        if step is None:
            step = Step(frame)
            self.steps.append(step)
        if frame.dns_id not in step.ids:
            step.ids.append(frame.dns_id)
        step.questions.append(frame.number)

    def neighbours(self, address, before):
        """The frames of the exchange that asks all for this neighbour, not those that check an old entry."""
        asked = [frame for frame in self.frames if frame.asks_neighbour and frame.neighbour == address and frame.number < before
                 and frame.eth_dst.startswith(("ff:ff", "33:33")) and frame.number not in self.taken and not self.is_probe(frame)]
        if not asked:
            return []
        answers = [frame for frame in self.frames if frame.neighbour == address and not frame.asks_neighbour and frame.number > asked[0].number
                   and frame.number not in self.taken]
        return [frame.number for frame in asked] + [frame.number for frame in answers[:1]]

    @staticmethod
    def is_probe(frame):
        return frame.arp_src_proto_ipv4 == "0.0.0.0" or frame.ipv6_src == "::" or (frame.arp_opcode and frame.arp_src_proto_ipv4 == frame.arp_dst_proto_ipv4)

    def connection(self, nth=0, **attributes):
        """The nth connection whose client, port, server or server_port these are."""
        found = [connection for connection in self.connections if all(getattr(connection, name) == value for name, value in attributes.items())]
        return found[nth]

    def add(self, name, kind, connection=None, asked=(), types=("A", "AAAA", "NS"), neighbour=None, fetch=1, **more):
        """`asked` are the names of its DNS steps: those before its SYN that no journey before it has."""
        numbers = connection.numbers() if connection else []
        until = numbers[0] if numbers else float("inf")
        steps = [step for step in self.steps if step.name in asked and step.type in types and step.questions[0] < until
                 and not self.taken & set(step.questions)]
        if len(steps) < len(set(asked)):
            raise RuntimeError(f"no DNS step for all of {asked}")
        if connection and connection.kind() != kind:
            raise RuntimeError(f"{name}: the connection was {connection.kind()}, not {kind}")
        self.taken.update(numbers, *(step.every_frame() for step in steps))
        first = numbers[0] if numbers else steps[0].questions[0]  # IPv6 finds its router when the SYN goes out, after the lookup over IPv4
        near = [number for address in ([neighbour] if isinstance(neighbour, str) else neighbour or ()) for number in self.neighbours(address, first)]
        self.taken.update(near)
        ends = {"client": connection.client, "client_ports": [connection.port], "server": connection.server,
                "server_port": connection.server_port} if connection else {"client_ports": []}
        self.journeys.append({"name": name, "kind": kind, "fetch": fetch, **ends, **more, "frames": {
            "arp": near, "dns": [{"ordinal": ordinal, **step.facts(self.roles)} for ordinal, step in enumerate(steps, 1)], "tcp": numbers}})

    def roles_seen(self):
        """Of the roles those whose addresses are in the capture."""
        seen = {address for frame in self.frames for address in (frame.source, frame.target, frame.neighbour, frame.arp_src_proto_ipv4)}
        return {address: role for address, role in self.roles.items() if address in seen}

    @staticmethod
    def first(journey):
        of = journey["frames"]
        return min([*of["arp"], *of["tcp"], *(number for step in of["dns"] for number in step["query_frames"])])

    def facts(self):
        left = [connection.numbers()[0] for connection in self.connections if connection.numbers()[0] not in self.taken]
        if left:
            raise RuntimeError(f"connections of no journey, from frames {left}")
        return {"journeys": sorted(self.journeys, key=self.first),
                "not_in_any_journey": [frame.number for frame in self.frames if frame.number not in self.taken]}
