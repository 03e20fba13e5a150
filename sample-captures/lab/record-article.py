#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records the article's fetch ten times, at the client and at the server at once: article-fetch-01 to -10, and article-fetch-ten.

A client with a resolver of its own (BIND with an empty cache) fetches 102,400 bytes from nginx: ARP, three DNS steps, TCP,
TLS 1.2 with ECDHE-RSA-AES256-GCM-SHA384, one request, its response, the close. Before each run the client forgets its
neighbours, BIND starts anew, and so does curl. Everything is kept of the first run, of the others only both ends in one file.
"""
import time

import frames
import servers
from internet import CLIENT, JP, ROLES, ROOT, SERVER, ZONE
from network import command
from recorder import Capture, capture, main
from tls import CLOSE, FETCH, FROM_CLIENT, FROM_SERVER, NAME, PLAIN, URL, Home

RUNS = 10
SOFTWARE = ("curl", "nginx", "bind", "openssl")
MS = {"LAN": 0.1, "server": 22, "names": 17}
CIPHER = "ECDHE-RSA-AES256-GCM-SHA384"
NANOSECONDS = ("--time-stamp-precision=nano",)
WHAT = "the article's fetch: ARP, three DNS steps, TCP, TLS 1.2, 102,400 bytes"

SYN = "tcp.flags.syn == 1 && tcp.flags.ack == 0"
ENDS = {"SYN": SYN, "SYN+ACK": "tcp.flags.syn == 1 && tcp.flags.ack == 1", **PLAIN["tls12"], "FIN": "tcp.flags.fin == 1"}
AT_CLIENT = {"ARP": "arp", "question to the root server": f"dns.flags.response == 0 && ip.dst == {ROOT} && dns.qry.name == {NAME}",
             "question to the jp server": f"dns.flags.response == 0 && ip.dst == {JP}",
             "question to the zone's server": f"dns.flags.response == 0 && ip.dst == {ZONE}", "the address": f"dns.a == {SERVER}", **ENDS}
MERGED = {"SYN, sent": f"{SYN} && frame.interface_id == 0", "SYN, received": f"{SYN} && frame.interface_id == 1",
          "FIN, at the client": "tcp.flags.fin == 1 && frame.interface_id == 0",
          "FIN, at the server": "tcp.flags.fin == 1 && frame.interface_id == 1"}
DECRYPTED = {**FETCH, **CLOSE}


def steps():
    """The filters of the DNS steps: to whom, the question, the answer."""
    for address in (ROOT, JP, ZONE):
        question = f"dns.qry.name == {NAME} && dns.flags.response"
        yield address, f"{question} == 0 && ip.dst == {address}", f"{question} == 1 && ip.src == {address}"


class Milestones:
    """The article's 34 events (its table counts them so), and in which frames of the recordings they are."""

    def __init__(self, ends, keys):
        self.ends, self.keys = ends, keys
        self.events = []

    def frames(self, end, display_filter):
        return frames.read(self.ends[end], (), display_filter, self.keys)

    def add(self, number, end, event, display_filter, which=slice(0, 1)):
        found = self.frames(end, display_filter)[which]
        if not found:
            raise RuntimeError(f"no frame at the {end} for: {event}")
        self.events.append({"number": number, "end": end, "event": event, "frames": [frame["number"] for frame in found], "ns": found[-1]["ns"]})
        return found

    def find(self):
        self.add(1, "client", "ARP request sent", f"arp.opcode == 1 && arp.src.proto_ipv4 == {CLIENT}")
        self.add(2, "client", "ARP reply received", f"arp.opcode == 2 && arp.dst.proto_ipv4 == {CLIENT}")
        for ordinal, (address, question, answer) in enumerate(steps(), 1):
            self.add(1 + 2 * ordinal, "client", f"DNS query {ordinal} sent (to the {ROLES[address]})", question)
            self.add(2 + 2 * ordinal, "client", f"DNS response {ordinal} received", answer)
        both = (("sent", "client"), ("received", "server")), (("sent", "server"), ("received", "client"))
        for number, way, event, display_filter, which in (
                (9, 0, "SYN", SYN, slice(0, 1)),
                (11, 1, "SYN+ACK", ENDS["SYN+ACK"], slice(0, 1)),
                (13, 0, "handshake ACK", f"{FROM_CLIENT} && tcp.flags == 0x010", slice(0, 1)),
                (15, 0, "ClientHello", ENDS["ClientHello"], slice(0, 1)),
                (17, 1, "ServerHello, Certificate, ServerKeyExchange, ServerHelloDone", "tls.handshake.type in {2, 11, 12, 14}", slice(None)),
                (19, 0, "ClientKeyExchange, ChangeCipherSpec, Finished", f"{FROM_CLIENT} && tls.handshake.type in {{16, 20}}", slice(None)),
                (21, 1, "ChangeCipherSpec, Finished (no NewSessionTicket: curl offers none)", f"{FROM_SERVER} && tls.handshake.type == 20", slice(None)),
                (23, 0, "HTTP request", "http.request", slice(0, 1))):
            for more, (word, end) in enumerate(both[way]):
                self.add(number + more, end, f"{event} {word}", display_filter, which)
        for number, word, end in ((25, "sent", "server"), (26, "received", "client")):
            last = self.frames(end, "http.response")[-1]["number"]
            request = self.frames(end, "http.request")[0]["number"]
            response = f"{FROM_SERVER} && tcp.len > 0 && frame.number > {request}"
            self.add(number, end, f"first packet of the HTTP response {word}", response)
            found = self.frames(end, f"{response} && tcp.flags.fin == 1")
            with_fin = ", FIN set" if found and found[0]["number"] == last else ""
            self.add(number + 2, end, f"last packet of the HTTP response {word}{with_fin}", f"frame.number == {last}")
        self.add(29, "client", "TLS closure alert sent", f"{FROM_CLIENT} && tls.alert_message.desc == 0")
        self.add(30, "client", "FIN sent", f"{FROM_CLIENT} && tcp.flags.fin == 1")
        self.add(31, "server", "TLS closure alert received", f"{FROM_CLIENT} && tls.alert_message.desc == 0")
        self.add(32, "server", "FIN received", f"{FROM_CLIENT} && tcp.flags.fin == 1")
        for number, word, end in ((33, "sent", "server"), (34, "received", "client")):
            fin = self.frames(end, f"{FROM_CLIENT} && tcp.flags.fin == 1")[0]["number"]
            acknowledged = frames.read(self.ends[end], ("tcp.ack",), f"{FROM_SERVER} && frame.number > {fin} && tcp.flags.ack == 1")
            last = max((int(frame["tcp.ack"][0]) for frame in acknowledged), default=0)
            self.add(number, end, f"ACK of the FIN {word}", f"{FROM_SERVER} && frame.number > {fin} && tcp.ack == {last} && tcp.flags.ack == 1")
        self.events.sort(key=lambda event: event["number"])
        return self.events

    def others(self):
        """At the client: what belongs to no journey."""
        of_the_journey = {frame for event in self.events if event["end"] == "client" for frame in event["frames"]}
        return [number for number in frames.numbers(self.ends["client"], "!tcp") if number not in of_the_journey]


def run(capture, home, number):
    """One fetch with nothing remembered. Returns the two recordings and the key log."""
    name = f"article-fetch-{number:02}"
    one = Capture(None, name, f"{WHAT}: run {number} of {RUNS}, at both ends", MERGED, SOFTWARE, DECRYPTED)
    one.output = capture.output
    resolver = servers.iterative_resolver(home.client, name=f"resolver-{number:02}")
    time.sleep(1.5)
    home.keys = home.folder / f"keys-{number:02}"
    home.keys.touch()
    with (one.tcpdump(home.client, part="-client", options=NANOSECONDS) as at_client,
          one.tcpdump(home.server, part="-server", options=NANOSECONDS) as at_server):
        curl = home.fetch("-H", "Connection: close", "-w", "%{local_port}", f"{URL}/page")
    resolver.terminate()
    resolver.wait(10)
    return one, at_client, at_server, int(curl.stdout)


def keep(home, one, at_client, at_server, port, number):
    ends = {"client": at_client.with_suffix(".pcapng"), "server": at_server.with_suffix(".pcapng")}
    for raw in (at_client, at_server):
        command("editcap", "-F", "pcapng", raw, raw.with_suffix(".pcapng"))
    milestones = Milestones(ends, home.keys)
    events = milestones.find()
    others = milestones.others()
    if number == 1:
        what = one.what
        for raw, end, shown in ((at_client, "client", AT_CLIENT), (at_server, "server", ENDS)):
            one.what = what.replace("at both ends", f"at the {end}")
            one.keep(raw, f"-{end}", shown, home.keys)
        one.what = what
    merged = one.merge(home, at_client, at_server)
    place = frames.places(merged)
    interface = {"client": 0, "server": 1}
    for event in events:
        event["frames_at_that_end"] = event.pop("frames")
        event["frames"] = [place[interface[event["end"]]][frame - 1] for frame in event["frames_at_that_end"]]
    first = events[0]["ns"]
    for event in events:
        event["ns_since_the_first"] = event.pop("ns") - first
    times, alone = frames.one_way_times(*ends.values())
    agreed = home.agreed()[-1]
    if agreed["cipher"] != CIPHER or agreed["requests"] != ["GET /page 200"]:
        raise RuntimeError(f"{one.name}: {agreed}")
    steps_found = [{"ordinal": ordinal, "name": NAME, "type": "A", "to": address, "role": ROLES[address],
                    "query_frames": [place[0][n - 1] for n in frames.numbers(ends["client"], question)],
                    "response_frames": [place[0][n - 1] for n in frames.numbers(ends["client"], answer)]}
                   for ordinal, (address, question, answer) in enumerate(steps(), 1)]
    journey = {"name": NAME, "kind": "completed", "client_ports": [port],
               "frames": {"arp": [place[0][n - 1] for event in events[:2] for n in event["frames_at_that_end"]], "dns": steps_found,
                          "tcp": frames.numbers(merged, f"tcp.port == {port}")}}
    kept = one.keep(merged, "", MERGED, home.keys, {})
    one.truth(home, kept, ROLES, interfaces={"0": "client", "1": "server"}, clock_offset_ns=0, body_bytes=servers.BODY_BYTES,
              one_way_ms_of_the_wires={"LAN, each way": MS["LAN"], "to the server, each way": MS["server"], "to each name server, each way": MS["names"]},
              one_way_ns_measured={"from the client to the server": times[CLIENT], "from the server to the client": times[SERVER],
                                   "packets at one end only": alone},
              tls={"connections": [agreed], "closed_with": {"client": "close_notify", "server": "close_notify"}},
              journeys=[journey], not_in_any_journey=[place[0][n - 1] for n in others], milestones=events)
    return events, others, steps_found, place


@capture("article-fetch", f"{WHAT}; {RUNS} runs at both ends", MERGED, SOFTWARE, DECRYPTED)
def article_fetch(capture):
    with Home(names=True, ms=(MS["server"],) * 2, name_ms=(MS["names"],) * 2) as home:
        # the close of the article: the server says that it has no more to send, and waits for the client's close
        home.nginx("tls12", settings=f"ssl_ciphers {CIPHER}; lingering_close always;")
        home.resolver.terminate()
        home.resolver.wait(10)
        runs, journeys, others, before = [], [], [], 0
        for number in range(1, RUNS + 1):
            one, at_client, at_server, port = run(capture, home, number)
            events, none, steps_found, place = keep(home, one, at_client, at_server, port, number)
            back = {frame: at for at, frame in enumerate(place[0], before + 1)}  # of the merged file to the one of all ten
            for step in steps_found:
                for key in ("query_frames", "response_frames"):
                    step[key] = [back[frame] for frame in step[key]]
            at_the_client = [event for event in events if event["end"] == "client"]
            journeys.append({"name": NAME, "kind": "completed", "client_ports": [port], "run": one.name, "frames": {
                "arp": [before + n for event in at_the_client[:2] for n in event["frames_at_that_end"]], "dns": steps_found},
                "milestones": [{"number": event["number"], "event": event["event"], "frames": [before + n for n in event["frames_at_that_end"]],
                                "ns_since_the_first": event["ns_since_the_first"]} for event in at_the_client]})
            others += [before + n for n in none]
            before += len(place[0])
            runs.append(at_client.with_suffix(".pcapng"))
        ten = Capture(None, "article-fetch-ten", f"{WHAT}: all {RUNS} runs one after the other, at the client's end", AT_CLIENT, SOFTWARE, DECRYPTED)
        ten.output = capture.output
        together = home.folder / "ten.pcapng"
        command("mergecap", "-w", "ten", *runs, cwd=home.folder)
        command("editcap", "-F", "pcapng", "--discard-capture-comment", "--capture-comment", ten.what, "ten", together, cwd=home.folder)
        keys = home.folder / "keys-of-all"
        keys.write_text("".join((home.folder / f"keys-{number:02}").read_text() for number in range(1, RUNS + 1)))
        for journey in journeys:
            journey["frames"]["tcp"] = frames.numbers(together, f"tcp.port == {journey['client_ports'][0]}")
        kept = ten.keep(together, keys=keys)
        ten.truth(home, kept, ROLES, body_bytes=servers.BODY_BYTES, journeys=journeys, not_in_any_journey=others)


if __name__ == "__main__":
    main()
