#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records fetches that show where one journey ends and the next begins: which lookups, ARP exchanges and connections belong together.

The truth has `journeys` in the order of their first frames, one per connection (or per lookup that led to none), and the frames
of `not_in_any_journey`. `fetch` counts what the client was told to fetch: a fetch that tries two addresses is two journeys.
"""
import contextlib
import functools
import random
import time

import frames
import servers
from internet import CLIENT, CLIENT6, JP, PROXY, ROLES, ROOT, ROUTER, ROUTER6, SERVER, SERVER6, ZONE
from journeys import Journeys
from network import command
from recorder import capture, main
from tls import CLOSE_BY_CLIENT, FETCH, FINISHED, NAME, PLAIN, URL, Home

PAGE = f"http://{NAME}/small"
OTHER = "www.another.jp"
SYN = {"SYN": "tcp.flags.syn == 1 && tcp.flags.ack == 0"}
SYN_ACK = "tcp.flags.syn == 1 && tcp.flags.ack == 1"
ONE_FETCH = {**SYN, "request": "http.request", "response": "http.response.code == 200", "FIN": "tcp.flags.fin == 1"}
QUESTION = {"question": "dns.flags.response == 0", "answer": "dns.flags.response == 1"}
STEPS = {"ARP": "arp", **{f"question to the {ROLES[address]}": f"dns.flags.response == 0 && ip.dst == {address}" for address in (ROOT, JP, ZONE)}}
REFUSED = "tcp.flags.reset == 1 && tcp.flags.ack == 1 && tcp.seq == 1"
BIND, DNSMASQ = ("curl", "nginx", "bind"), ("curl", "nginx", "dnsmasq")
CLOSE = ("-H", "Connection: close")
SECOND, SILENT6 = "198.51.100.81", "2001:db8:2::dead"
ALL_ROLES = {**ROLES, CLIENT6: "client", ROUTER6: "router", SERVER6: "server", SECOND: "server's second address", SILENT6: "nobody"}


def resolver(home, start, *arguments):
    """Another one in the place of the one that was started with the network."""
    home.resolver.terminate()
    home.resolver.wait(10)
    home.resolver = start(*arguments)
    time.sleep(0.5)


def at_home(home, *names):
    resolver(home, servers.home_router_resolver, home.router, ROUTER, names)


@contextlib.contextmanager
def recorded(capture, home, listen=("80",), version=None, roles=ALL_ROLES, keys=False, options=(), settle=0.3, **more):
    """Records at the client while the block runs; the block may add journeys to what it is given, to be told when all is recorded."""
    home.nginx(version, listen=listen)
    tell = []
    with capture.tcpdump(home.client, settle=settle) as raw:
        yield tell
    found = Journeys(raw, roles, options=options)
    for journey in tell:
        journey(found)
    kept = capture.keep(raw, keys=home.keys if keys else None)
    if keys:
        more["tls"] = agreed(home)
    capture.truth(home, kept, found.roles_seen(), **found.facts(), **more)


def agreed(home):
    """What the server says of the connections with TLS, all of which both sides close with close_notify."""
    connections = [connection for connection in home.agreed() if connection["version"]]
    return {"connections": connections, "closed_with": {"client": "close_notify", "server": "close_notify"}}


def journey(name, kind="completed", where=None, **more):
    """For `tell`: a journey, whose connection is the one with these attributes (and `nth` of them); where=False: a lookup alone."""
    def add(found):
        found.add(name, kind, None if where is False else found.connection(**(where or {})), **more)
    return add


def fetch_either(home, *words, **options):
    """curl, which may choose between IPv4 and IPv6."""
    home.client.flush_neighbours()
    return home.client.run("curl", "-sS", "-o", "/dev/null", *words, **options)


def many_requests(version, capture):
    """One connection: GETs with and without much to say, HEADs, POSTs, answers of 0 to 24,000 bytes, 204, 304 and 404."""
    chance = random.Random(2016)
    with Home() as home:
        home.nginx(version, extra="if_modified_since before;")
        configuration, exchanges = [], []
        for number in range(1, 41):
            kind = {7: "HEAD", 19: "HEAD", 11: "304", 23: "304", 13: "204", 29: "204", 17: "404"}.get(number, "POST" if number % 8 == 4 else "GET")
            size = chance.choice((0, 1, 90, 400, 1300, 1500, 3000, 6000, 11000, 24000)) if number not in (2, 3) else (24000, 0)[number - 2]
            path = f"/r{number:02}" + "-of-a-path-that-is-somewhat-longer" * chance.choice((0, 0, 1, 3))
            (home.server.folder / "www" / path[1:]).write_text(servers.page(size))
            lines = ['header = "X-Note: {}"'.format("m" * chance.choice((200, 900, 2500)))] if number % 5 == 0 else []
            if kind == "HEAD":
                lines.append("head")
            elif kind == "304":
                lines.append('header = "If-Modified-Since: Fri, 02 Jan 2037 00:00:00 GMT"')
            elif kind == "204":
                path = "/nothing"
            elif kind == "404":
                path = "/absent"
            elif kind == "POST":
                path, body = "/echo", home.client.folder / f"body-{number}"
                body.write_text(servers.page(size))
                lines += [f'data-binary = "@{body}"', 'header = "Expect:"', 'header = "Content-Type: text/plain"']
            words = ["ipv4", "silent", "show-error", f'cacert = "{home.root}"', 'output = "/dev/null"', f'url = "{URL}{path}"',
                     'write-out = "%{method} %{response_code} %{size_request} %{size_upload} %{size_header} %{size_download} %{local_port}\\n"', *lines]
            configuration.append("\n".join(words))
            exchanges.append({"number": number, "path": path})
        file = home.client.folder / "curl.conf"
        file.write_text("\nnext\n".join(configuration) + "\n")
        home.client.flush_neighbours()
        with capture.tcpdump(home.client) as raw:
            said = home.client.run("env", f"SSLKEYLOGFILE={home.keys}", "curl", "-q", "-K", file).stdout.decode().splitlines()
        ports = set()
        for exchange, line in zip(exchanges, said, strict=True):
            method, status, *counts, port = line.split()
            request, upload, header, download = map(int, counts)
            exchange.update(method=method, status=int(status), request_bytes=request, request_body_bytes=upload,
                            response_header_bytes=header, response_body_bytes=download)
            ports.add(int(port))
        (port,) = ports
        options = ("-o", f"tls.keylog_file:{home.keys}")
        heads = frames.read(raw, ("http.request.method", "http.response.code"), "http", options=options)
        requests = [frame["number"] for frame in heads if frame["http.request.method"]]
        responses = [frame["number"] for frame in heads if frame["http.response.code"]]
        if not len(requests) == len(responses) == len(exchanges):
            raise RuntimeError(f"{len(requests)} requests, {len(responses)} responses of {len(exchanges)}")
        data = frames.read(raw, ("ip.src", "tls.handshake.type", "http.response.code"), "tcp.port == 443 && tcp.len > 0", options=options)
        before = next(frame["number"] for frame in reversed(data) if frame["number"] < requests[0] and frame["ip.src"] != [CLIENT])
        for exchange, request, response in zip(exchanges, requests, responses):
            def sent(source, first, last):
                return [frame["number"] for frame in data if frame["ip.src"] == [source] and first < frame["number"] <= last
                        and not ("4" in frame["tls.handshake.type"] and not frame["http.response.code"])]
            exchange["request_frames"] = sent(CLIENT, before, request)
            if before < requests[0]:
                exchange["request_frames"] = [request]
            exchange["response_frames"] = sent(SERVER, request, response)
            before = response
        found = Journeys(raw, ROLES)
        found.add(NAME, "completed", found.connection(port=port), (NAME,), neighbour=ROUTER)
        home.truth(capture, raw, closed=("close_notify", None), exchanges=exchanges, **found.facts())


for many_version, many_words in (("tls12", "TLS 1.2"), ("tls13", "TLS 1.3")):
    capture(f"{many_version}-many-requests", f"{many_words}: forty requests on one connection, of many sizes, with and without bodies, and their responses",
            PLAIN[many_version], DNSMASQ, {**FETCH, "POST": 'http.request.method == "POST"', "HEAD": 'http.request.method == "HEAD"',
                                           "304": "http.response.code == 304", "204": "http.response.code == 204", "404": "http.response.code == 404",
                                           **CLOSE_BY_CLIENT})(functools.partial(many_requests, many_version))


@capture("journey-qmin", "QNAME minimisation (strict): the resolver tells each server no more of the name than it must; then a fetch", {
    **STEPS, **ONE_FETCH, "minimised question": 'dns.flags.response == 0 && dns.qry.name == "_.jp" || dns.qry.name == "jp" || dns.qry.name == "example.jp"'}, BIND)
def journey_qmin(capture):
    with Home(names=True) as home:
        resolver(home, functools.partial(servers.iterative_resolver, name="strict"), home.client, "qname-minimization strict;")
        with recorded(capture, home) as tell:
            home.fetch(*CLOSE, "http://a.b.c.example.jp/small")
            names = ("jp", "example.jp", "c.example.jp", "b.c.example.jp", "a.b.c.example.jp")
            tell.append(lambda found: found.add("a.b.c.example.jp", "completed", found.connection(),
                                                {step.name for step in found.steps if step.name in names or step.name.startswith("_.")}, neighbour=ROUTER))


@capture("journey-cname", "the name is an alias (CNAME) of a name in another zone, whose address is asked for in its turn; then a fetch", {
    **STEPS, **ONE_FETCH, "alias": f'dns.flags.response == 1 && dns.cname == "{OTHER}" && !dns.a'}, BIND)
def journey_cname(capture):
    with Home(names=True) as home, recorded(capture, home) as tell:
        home.fetch(*CLOSE, "http://cdn.example.jp/small")
        tell.append(journey("cdn.example.jp", asked=("cdn.example.jp", OTHER), neighbour=ROUTER))


def a_and_aaaa(listen, capture):
    with Home() as home:
        home.speak_ipv6()
        at_home(home, (NAME, (SERVER, SERVER6)))
        with recorded(capture, home, listen) as tell:
            fetch_either(home, *CLOSE, PAGE)
            kind = "completed" if len(listen) == 2 else "refused"
            tell.append(journey(NAME, kind, {"server": SERVER6}, asked=(NAME,), neighbour=(ROUTER, ROUTER6)))
            if kind == "refused":
                tell.append(journey(NAME, "completed", {"server": SERVER}))


A_AND_AAAA = {"A question": "dns.flags.response == 0 && dns.qry.type == 1", "AAAA question": "dns.flags.response == 0 && dns.qry.type == 28",
              "SYN over IPv6": f"ipv6 && {SYN['SYN']}", **ONE_FETCH}
capture("journey-a-and-aaaa", "A and AAAA are asked side by side; the connection is IPv6's", {**A_AND_AAAA, "NDP": "icmpv6.type == 135"}, DNSMASQ)(
    functools.partial(a_and_aaaa, ("80", "[::]:80")))
capture("journey-a-and-aaaa-refused", "A and AAAA are asked side by side; IPv6 is refused, then IPv4 is taken", {
    **A_AND_AAAA, "refused": f"ipv6 && {REFUSED}"}, DNSMASQ)(functools.partial(a_and_aaaa, ("80",)))


@capture("journey-dns-retry", "the question to the zone's server is lost, BIND asks again with another id; then a fetch", {**STEPS, **ONE_FETCH}, BIND)
def journey_dns_retry(capture):
    with Home(names=True, name_rules=[{"at": "zone", "from": "a", "match": "dns-query", "n": 1, "do": "drop"}]) as home, recorded(capture, home) as tell:
        home.fetch(*CLOSE, PAGE)
        tell.append(journey(NAME, asked=(NAME,), neighbour=ROUTER))


@capture("journey-dns-truncated", "the zone's server cuts its answer, and is asked again over TCP: a step, no journey of its own; then a fetch", {
    **STEPS, **ONE_FETCH, "truncated": "dns.flags.truncated == 1", "over TCP": "dns && tcp && dns.flags.response == 0"}, BIND)
def journey_dns_truncated(capture):
    with Home(names=True) as home:
        # the name has forty addresses, all of them the server's
        home.server.ip("route", "add", "local", "198.51.100.128/25", "dev", "lo")
        home.router.ip("route", "add", "198.51.100.128/25", "via", SERVER)
        resolver(home, functools.partial(servers.iterative_resolver, name="small"), home.client, "edns-udp-size 512;")
        roles = {**ALL_ROLES, **{f"198.51.100.{number}": "server" for number in range(129, 169)}}
        with recorded(capture, home, roles=roles) as tell:
            home.fetch(*CLOSE, "http://many.example.jp/small")
            tell.append(journey("many.example.jp", asked=("many.example.jp",), neighbour=ROUTER))


@capture("journey-priming", "BIND has just started: its priming query goes out beside the first step, and is none; then a fetch", {
    **STEPS, **ONE_FETCH, "priming query": 'dns.qry.name == "<Root>"'}, BIND)
def journey_priming(capture):
    with Home(names=True) as home, recorded(capture, home) as tell:
        home.fetch(*CLOSE, PAGE)
        tell.append(journey(NAME, asked=(NAME,), neighbour=ROUTER))


@capture("journey-stub", "the client asks the home router, whose address it must resolve first; then a fetch over TLS 1.3", {
    "ARP": "arp", **QUESTION, **PLAIN["tls13"]}, DNSMASQ, {**FINISHED, **CLOSE_BY_CLIENT, "request": "http.request"})
def journey_stub(capture):
    with Home() as home, recorded(capture, home, ("443 ssl",), "tls13", keys=True) as tell:
        home.fetch(*CLOSE, f"{URL}/small")
        tell.append(journey(NAME, asked=(NAME,), neighbour=ROUTER))


@capture("journey-several-connections", "three fetches of one name at once: one lookup, three connections", {**STEPS, **ONE_FETCH}, BIND)
def journey_several_connections(capture):
    with Home(names=True) as home, recorded(capture, home) as tell:
        home.fetch("-Z", "--parallel-immediate", *CLOSE, PAGE, "-o", "/dev/null", f"http://{NAME}/a", "-o", "/dev/null", f"http://{NAME}/b")
        tell.append(journey(NAME, asked=(NAME,), neighbour=ROUTER))
        tell += [journey(NAME, where={"nth": nth}, fetch=nth + 1) for nth in (1, 2)]


@capture("journey-cached-name", "two fetches, three seconds apart: the resolver knows the name for the second one, no question goes out", {
    **STEPS, **ONE_FETCH}, BIND)
def journey_cached_name(capture):
    with Home(names=True) as home, recorded(capture, home) as tell:
        home.fetch(*CLOSE, PAGE)
        time.sleep(3)
        home.client.run("curl", "-4", "-sS", "-o", "/dev/null", *CLOSE, PAGE)
        tell.append(journey(NAME, asked=(NAME,), neighbour=ROUTER))
        tell.append(journey(NAME, where={"nth": 1}, fetch=2))


# Looks both names up before it connects, and fetches the second one first.
LOOKED_UP_BEFORE = """
import http.client, socket, sys
names = sys.argv[1:]
addresses = {name: socket.getaddrinfo(name, 80, socket.AF_INET)[0][4] for name in names}
for name in reversed(names):
    connection = http.client.HTTPConnection(name)
    connection.sock = socket.create_connection(addresses[name])
    connection.request("GET", "/small", headers={"Connection": "close"})
    connection.getresponse().read()
"""


@capture("journey-shared-address", "names of one address: one is looked up and not fetched; another one is, two seconds later; then two are looked up "
         "one after the other, and fetched in the other order", {**QUESTION, **ONE_FETCH}, ("python3", "curl", "nginx", "dnsmasq"))
def journey_shared_address(capture):
    unused, first, second = (f"{name}.example.jp" for name in ("unused", "first", "second"))
    with Home() as home:
        at_home(home, *((name, SERVER) for name in (NAME, unused, first, second)))
        with recorded(capture, home) as tell:
            home.client.flush_neighbours()
            home.client.run("getent", "ahostsv4", unused)
            time.sleep(2)
            home.client.run("curl", "-4", "-sS", "-o", "/dev/null", *CLOSE, PAGE)
            home.client.run("python3", "-c", LOOKED_UP_BEFORE, first, second)
            tell.append(journey(unused, "failed", where=False, asked=(unused,), neighbour=ROUTER, why="nobody fetched it"))
            tell.append(journey(NAME, asked=(NAME,), fetch=2))
            tell.append(journey(second, where={"nth": 1}, asked=(second,), fetch=3))
            tell.append(journey(first, where={"nth": 2}, asked=(first,), fetch=4))


@capture("journey-hosts-file", "the name is in /etc/hosts: no question goes out, SNI alone says the name", {
    "ARP": "arp", **PLAIN["tls13"], "SNI": f'tls.handshake.extensions_server_name == "{NAME}"'}, ("curl", "nginx"),
    {**FINISHED, **CLOSE_BY_CLIENT, "request": "http.request"})
def journey_hosts_file(capture):
    with Home() as home:
        hosts = home.client.folder / "hosts"
        hosts.write_text(f"127.0.0.1 localhost\n{SERVER} {NAME}\n")
        with recorded(capture, home, ("443 ssl",), "tls13", keys=True) as tell:
            home.client.flush_neighbours()
            home.client.run("sh", "-c", f"mount --bind {hosts} /etc/hosts && SSLKEYLOGFILE={home.keys} exec curl -4 -sS -o /dev/null --cacert {home.root}"
                            f" -H 'Connection: close' {URL}/small")
            tell.append(journey(NAME, neighbour=ROUTER, names={"sni": NAME, "host": NAME}))


@capture("journey-names-differ", "a connection to the address of front.example.jp that says www.example.jp (SNI, Host); then one without TLS whose Host is "
         "not the name that was looked up", {**STEPS, **PLAIN["tls13"], "SNI": f'tls.handshake.extensions_server_name == "{NAME}"',
                                            "Host": 'http.host == "elsewhere.example.jp"'}, BIND, {**FINISHED, **CLOSE_BY_CLIENT, "request": "http.request"})
def journey_names_differ(capture):
    with Home(names=True) as home, recorded(capture, home, ("80", "443 ssl"), "tls13", keys=True) as tell:
        home.fetch(*CLOSE, "--connect-to", f"{NAME}:443:front.example.jp:443", f"{URL}/small")
        time.sleep(0.5)
        home.client.run("curl", "-4", "-sS", "-o", "/dev/null", *CLOSE, "-H", "Host: elsewhere.example.jp", PAGE)
        tell.append(journey("front.example.jp", where={"server_port": 443}, asked=("front.example.jp",), neighbour=ROUTER,
                            names={"looked up": "front.example.jp", "sni": NAME, "host": NAME}))
        tell.append(journey(NAME, where={"server_port": 80}, asked=(NAME,), fetch=2, names={"looked up": NAME, "host": "elsewhere.example.jp"}))


@capture("journey-failed-lookup", "the name does not exist: a lookup that leads to no connection, and a fetch after it", {
    **STEPS, **ONE_FETCH, "no such name": "dns.flags.rcode == 3"}, BIND)
def journey_failed_lookup(capture):
    with Home(names=True) as home, recorded(capture, home) as tell:
        home.fetch("http://nothing.example.jp/", check=False)
        time.sleep(1)
        home.client.run("curl", "-4", "-sS", "-o", "/dev/null", *CLOSE, PAGE)
        tell.append(journey("nothing.example.jp", "failed", False, asked=("nothing.example.jp",), neighbour=ROUTER, why="NXDOMAIN"))
        tell.append(journey(NAME, asked=(NAME,), fetch=2))


@capture("journey-servfail", "the zone's server, whose own address must be asked for first, cannot answer for its zone (SERVFAIL): a lookup that leads to no connection", {
    **STEPS, "SERVFAIL": "dns.flags.rcode == 2"}, BIND)
def journey_servfail(capture):
    with Home(names=True) as home, recorded(capture, home, settle=1) as tell:
        home.fetch("http://www.unloaded.jp/", check=False)
        tell.append(journey("www.unloaded.jp", "failed", False, asked=("www.unloaded.jp", "ns1.example.jp"), neighbour=ROUTER, why="SERVFAIL"))


def second_address(first_is, words, capture):
    """Two addresses, of which the client tries the one that does not work first; which one that is, is chance: until it is so."""
    for _ in range(6):
        with Home() as home:
            if first_is == "refused":
                home.server.ip("address", "add", f"{SECOND}/24", "dev", "eth0")
            # nobody answers for it, or the server does
            mac = home.server.ip("-br", "link", "show", "eth0").split()[2]
            home.router.ip("neigh", "replace", SECOND, "lladdr", mac, "dev", "wan", "nud", "permanent")
            at_home(home, (NAME, SECOND), (NAME, SERVER))
            home.nginx(listen=(f"{SERVER}:80",))
            with capture.tcpdump(home.client) as raw:
                home.fetch(*CLOSE, *words, PAGE)
            found = Journeys(raw, ALL_ROLES)
            if len(found.connections) != 2:
                continue
            found.add(NAME, first_is, found.connection(server=SECOND), (NAME,), neighbour=ROUTER)
            found.add(NAME, "completed", found.connection(server=SERVER))
            capture.truth(home, capture.keep(raw), found.roles_seen(), **found.facts())
            return
    raise RuntimeError("the address that works came first each time")


capture("journey-refused-then-next", "two addresses: the first refuses the connection, the second one is taken", {
    **QUESTION, **ONE_FETCH, "refused": REFUSED, "SYN to the second": f"{SYN['SYN']} && ip.dst == {SERVER}"}, DNSMASQ)(
        functools.partial(second_address, "refused", ()))
capture("journey-syn-timeout-then-next", "two addresses: the first is silent, after three seconds the second one is taken", {
    **QUESTION, **ONE_FETCH, "SYN to the second": f"{SYN['SYN']} && ip.dst == {SERVER}", "SYN sent again": "tcp.analysis.retransmission"}, DNSMASQ)(
        functools.partial(second_address, "unanswered", ("--connect-timeout", "4")))


def happy_eyeballs(silent, capture):
    rules = [] if silent else [{"from": "a", "match": "syn", "n": 1, "do": "delay", "ms": 400}]
    with Home(rules=rules) as home:
        home.speak_ipv6()
        at_home(home, (NAME, (SERVER, SILENT6 if silent else SERVER6)))
        with recorded(capture, home, ("80", "[::]:80"), settle=0.3 if silent else 1) as tell:
            fetch_either(home, "--happy-eyeballs-timeout-ms", "250", *CLOSE, PAGE)
            slow = {"server": SILENT6 if silent else SERVER6}
            tell.append(journey(NAME, "unanswered" if silent else "abandoned", slow, asked=(NAME,), neighbour=(ROUTER, ROUTER6)))
            tell.append(journey(NAME, "completed", {"server": SERVER}))


capture("journey-happy-eyeballs", "IPv6 does not answer: 250 ms later the client tries IPv4 beside it, and takes that", A_AND_AAAA, DNSMASQ)(
    functools.partial(happy_eyeballs, True))
capture("journey-happy-eyeballs-late", "IPv6 answers too late: the client has given it up for IPv4, and resets it", {
    **A_AND_AAAA, "late SYN+ACK": f"ipv6 && {SYN_ACK}", "reset": "ipv6 && tcp.flags.reset == 1"}, DNSMASQ)(functools.partial(happy_eyeballs, False))


class Office(Home):
    """With a proxy behind the router, which resolves names itself."""

    def extend(self):
        self.proxy = self.host("proxy")
        self.wire((self.router, "proxy", "203.0.113.65/28"), (self.proxy, "eth0", f"{PROXY}/28"), ms=(2, 2))

    def build(self, *arguments):
        super().build(*arguments)
        self.know(self.proxy, "proxy", PROXY, "203.0.113.65")
        servers.iterative_resolver(self.proxy)
        servers.tinyproxy(self.proxy, PROXY, CLIENT)


@capture("journey-proxy", "a fetch over TLS 1.3 through a proxy (CONNECT); the client looks up the proxy's name, the proxy looks up the server's; "
         "recorded at both", {}, ("curl", "nginx", "bind", "tinyproxy"), {**FINISHED, **CLOSE_BY_CLIENT})
def journey_proxy(capture):
    roles = {**ROLES, PROXY: "proxy"}
    what = capture.what
    with Office(names=True) as home:
        home.nginx("tls13")
        with capture.tcpdump(home.client, part="-client") as at_client, capture.tcpdump(home.proxy, part="-at-proxy") as at_proxy:
            home.fetch(*CLOSE, "-x", "http://proxy.example.jp:8888", f"{URL}/small")
        names = {"connect": f"{NAME}:443", "sni": NAME, "host": NAME}
        for raw, part, words in ((at_client, "-client", "the client's part"), (at_proxy, "-at-proxy", "the proxy's part")):
            found = Journeys(raw, roles)
            if part == "-client":
                shown = {**STEPS, "CONNECT": 'http.request.method == "CONNECT"', "the proxy's 200": "http.response.code == 200", **PLAIN["tls13"]}
                found.add("proxy.example.jp", "completed", found.connection(), ("proxy.example.jp",), neighbour=ROUTER,
                          names={"looked up": "proxy.example.jp", **names})
            else:
                shown = {"CONNECT": 'http.request.method == "CONNECT"', "question": f'dns.flags.response == 0 && dns.qry.name == "{NAME}"',
                         "SYN to the server": f"{SYN['SYN']} && ip.dst == {SERVER}", **PLAIN["tls13"]}
                found.add(None, "completed", found.connection(client=CLIENT), names=names)
                found.add(NAME, "completed", found.connection(client=PROXY), (NAME,), names={"looked up": NAME, "sni": NAME, "host": NAME}, fetch=2)
            capture.what = f"{what}: {words}"
            capture.truth(home, capture.keep(raw, part, shown, home.keys, {**FINISHED} if part == "-client" else {}), found.roles_seen(), part, tls=agreed(home), **found.facts())
        capture.what = what


@capture("journey-nat", "the router translates addresses and ports (NAT): one fetch, recorded on both sides of it and merged", {
    "SYN, inside": f"{SYN['SYN']} && ip.src == {CLIENT}", "SYN, outside": f"{SYN['SYN']} && ip.src == 198.51.100.1",
    "question": "dns.flags.response == 0", "response": "http.response.code == 200"}, (*DNSMASQ, "nftables"))
def journey_nat(capture):
    roles = {**ROLES, "198.51.100.1": "client, as the router translates it"}
    what = capture.what
    with Home() as home:
        home.nginx(listen=("80",))
        command("ip", "netns", "exec", home.router.namespace, "nft", "-f", "-",
                input='table ip nat { chain post { type nat hook postrouting priority 100;\noifname "wan" ip protocol tcp snat to 198.51.100.1:61000-61999; }\n}')
        with (capture.tcpdump(home.client, part="-inside", options=("--time-stamp-precision=nano",)) as inside,
              capture.tcpdump(home.router, "wan", part="-outside", options=("--time-stamp-precision=nano",)) as outside):
            home.fetch(*CLOSE, PAGE)
        parts = []
        for raw, part, words, asked in ((inside, "-inside", "the LAN's side", (NAME,)), (outside, "-outside", "the WAN's side", ())):
            found = Journeys(raw, roles)
            found.add(NAME, "completed", found.connection(), asked, neighbour=ROUTER if asked else None)
            capture.what = f"{what}: {words}"
            capture.truth(home, capture.keep(raw, part, {**ONE_FETCH, **(QUESTION if asked else {})}), found.roles_seen(), part, **found.facts())
            parts.append(found)
        capture.what = what
        merged = capture.merge(home, inside, outside)
        place = frames.places(merged)
        one, other = (part.facts()["journeys"][0] for part in parts)
        one["frames"]["tcp"] = sorted([place[0][n - 1] for n in one["frames"]["tcp"]] + [place[1][n - 1] for n in other["frames"]["tcp"]])
        one["frames"]["arp"] = [place[0][n - 1] for n in one["frames"]["arp"]]
        for step in one["frames"]["dns"]:
            for key in ("query_frames", "response_frames"):
                step[key] = [place[0][n - 1] for n in step[key]]
        one["client_ports"] += other["client_ports"]
        none = sorted(place[at][n - 1] for at, part in enumerate(parts) for n in part.facts()["not_in_any_journey"])
        capture.truth(home, capture.keep(merged), {**parts[0].roles_seen(), **parts[1].roles_seen()}, interfaces={"0": "inside", "1": "outside"}, clock_offset_ns=0, journeys=[one], not_in_any_journey=none)


@capture("journey-ndp", "IPv6 alone: neighbour discovery for the router, an AAAA lookup over IPv6, a fetch", {
    "neighbour solicitation": "icmpv6.type == 135", "neighbour advertisement": "icmpv6.type == 136", "question": "ipv6 && dns.flags.response == 0",
    **ONE_FETCH}, DNSMASQ)
def journey_ndp(capture):
    with Home() as home:
        home.speak_ipv6()
        home.client.ip("-4", "address", "flush", "dev", "eth0")
        resolver(home, servers.home_router_resolver, home.router, ROUTER6, ((NAME, SERVER6),))
        home.client.resolve_with(ROUTER6)
        time.sleep(5)  # the kernel's first router solicitations and reports go by
        with recorded(capture, home, ("[::]:80",)) as tell:
            fetch_either(home, "-6", *CLOSE, PAGE)
            tell.append(journey(NAME, asked=(NAME,), neighbour=ROUTER6))


@capture("journey-two-hosts", "two names are fetched at once: their DNS steps interleave", {**STEPS, **ONE_FETCH}, BIND)
def journey_two_hosts(capture):
    with Home(names=True) as home, recorded(capture, home) as tell:
        home.fetch("-Z", "--parallel-immediate", *CLOSE, PAGE, "-o", "/dev/null", f"http://{OTHER}/a")

        def both(found):
            requests = {fields["tcp.srcport"][0]: fields["http.host"][0] for fields in frames.read(found.file, ("tcp.srcport", "http.host"), "http.request")}
            ports = {host: int(port) for port, host in requests.items()}
            first = min(found.steps, key=lambda step: step.questions[0] if step.name in ports else float("inf")).name
            for number, name in enumerate((NAME, OTHER), 1):
                found.add(name, "completed", found.connection(port=ports[name]), (name,), neighbour=ROUTER if name == first else None, fetch=number)
        tell.append(both)


class Lan(Home):
    """The client's LAN has a printer too: the router is its switch."""

    def extend(self):
        self.printer = self.host("printer")
        self.wire((self.router, "lan2"), (self.printer, "eth0", "192.0.2.20/24"))

    def started(self):
        router = self.router
        router.ip("link", "add", "switch", "type", "bridge")
        router.ip("address", "flush", "dev", "lan")
        for port in ("lan", "lan2"):
            router.ip("link", "set", port, "master", "switch")
        router.ip("link", "set", "switch", "up")
        router.ip("address", "add", f"{ROUTER}/24", "dev", "switch")


@capture("journey-background", "a fetch among what else a LAN says: mDNS, DHCP, the ARP of others, which belong to no journey", {
    "mDNS": "mdns", "DHCP": "dhcp", "ARP of others": "arp && arp.src.proto_ipv4 == 192.0.2.20", "ARP": f"arp.src.proto_ipv4 == {CLIENT}",
    **QUESTION, **ONE_FETCH}, (*DNSMASQ, "avahi", "dhclient", "dhcpd", "arping"))
def journey_background(capture):
    with Lan() as home:
        printer = home.printer
        printer.ip("route", "add", "default", "via", ROUTER)
        (home.router.folder / "dhcpd.conf").write_text("ping-check false; authoritative; default-lease-time 600;\n"
                                                       "subnet 192.0.2.0 netmask 255.255.255.0 { range 192.0.2.100 192.0.2.110; }\n")
        (home.router.folder / "leases").write_text("")
        home.router.spawn("dhcpd", "-f", "-4", "-cf", home.router.folder / "dhcpd.conf", "-lf", home.router.folder / "leases", "--no-pid", "switch")
        home.router.wait_listening(67, "udp")
        script = printer.folder / "lease-script"
        script.write_text("#!/bin/sh\n")
        script.chmod(0o755)
        with recorded(capture, home, roles={**ROLES, "192.0.2.20": "printer"}, settle=1.5) as tell:
            home.client.flush_neighbours()
            servers.avahi(printer, "printer")
            printer.spawn("dhclient", "-4", "-1", "-d", "-sf", script, "-lf", printer.folder / "lease", "-pf", printer.folder / "pid", "-cf", "/dev/null", "eth0")
            printer.spawn("arping", "-c", "4", "-i", "eth0", "-S", "192.0.2.20", "192.0.2.77")
            time.sleep(0.6)
            asking = home.client.spawn("dig", "+tries=1", "+timeout=2", "-p", "5353", "@224.0.0.251", "printer.local")
            curl = home.client.spawn("curl", "-4", "-sS", "-o", "/dev/null", *CLOSE, PAGE)
            curl.wait(20)
            asking.wait(20)
            tell.append(journey(NAME, asked=(NAME,), neighbour=ROUTER))


if __name__ == "__main__":
    main()
