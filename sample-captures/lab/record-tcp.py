#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records the TCP captures: loss, order, windows, ends and beginnings. At the client's end where nothing else is said."""
import socket
import struct
import time

import servers
from internet import CLIENT, ROLES, SERVER, Internet
from network import command
from recorder import capture, main

PAGE = f"http://{SERVER}/page"
FETCH = ("curl", "-sS", "-o", "/dev/null", "-H", "Connection: close")
FROM_CLIENT, FROM_SERVER = f"ip.src == {CLIENT}", f"ip.src == {SERVER}"
SYN = "tcp.flags.syn == 1 && tcp.flags.ack == 0"


def fetch_with(capture, rules, settle=0.4, check=True, words=FETCH, url=PAGE, **more):
    """The page, fetched over a wire with these rules."""
    with Internet(rules=rules) as internet:
        servers.nginx(internet.server)
        with capture.tcpdump(internet.client, settle=settle) as raw:
            internet.client.run(*words, url, check=check)
        capture.truth(internet, capture.keep(raw), ROLES, **more)


def fetch_at_server(capture, rules):
    with Internet(rules=rules) as internet:
        servers.nginx(internet.server)
        with capture.tcpdump(internet.server, settle=0.4) as raw:
            internet.client.run(*FETCH, PAGE)
        capture.truth(internet, capture.keep(raw), ROLES)


@capture("tcp-loss", "the server's 20th data segment is lost once: duplicate ACKs with SACK blocks, fast retransmission", {
    "gap": "tcp.analysis.lost_segment", "duplicate ACK": "tcp.analysis.duplicate_ack", "SACK block": "tcp.options.sack.count > 0",
    "sent again": "tcp.analysis.retransmission || tcp.analysis.out_of_order || tcp.analysis.fast_retransmission"})
def tcp_loss(capture):
    fetch_with(capture, [{"from": "b", "match": "data", "n": 20, "do": "drop"}])


@capture("tcp-loss-at-server", "the same loss, recorded at the server: the segment is seen twice there", {
    "duplicate ACK": "tcp.analysis.duplicate_ack", "retransmission": "tcp.analysis.retransmission"})
def tcp_loss_at_server(capture):
    fetch_at_server(capture, [{"from": "b", "match": "data", "n": 20, "do": "drop"}])


@capture("tcp-reorder", "the server's data segments 20 and 21 change places", {
    "out of order": "tcp.analysis.out_of_order || tcp.analysis.retransmission", "duplicate ACK": "tcp.analysis.duplicate_ack"})
def tcp_reorder(capture):
    fetch_with(capture, [{"from": "b", "match": "data", "n": 20, "do": "swap"}])


@capture("tcp-duplicate", "the network delivers the server's 20th data segment twice: the client answers with a D-SACK", {
    "the second copy": "tcp.analysis.retransmission || tcp.analysis.spurious_retransmission",
    "D-SACK": "tcp.options.sack.dsack || tcp.options.sack.count > 0"})
def tcp_duplicate(capture):
    fetch_with(capture, [{"from": "b", "match": "data", "n": 20, "do": "duplicate"}])


@capture("tcp-loss-tail", "the last data segment is lost, and the tail loss probe too: the retransmission timer sends it again", {
    "late segment": f"tcp.time_delta > 0.2 && tcp.len > 0 && {FROM_SERVER}", "FIN of the server": f"tcp.flags.fin == 1 && {FROM_SERVER}"})
def tcp_loss_tail(capture):
    fetch_with(capture, [{"from": "b", "match": "byte:102400", "n": [1, 2], "do": "drop"}], settle=1)


@capture("tcp-syn-loss", "the SYN is lost once and sent again after a second", {
    "SYN": SYN, "SYN sent again": f"{SYN} && tcp.analysis.retransmission"})
def tcp_syn_loss(capture):
    fetch_with(capture, [{"from": "a", "match": "syn", "n": 1, "do": "drop"}])


@capture("tcp-synack-loss", "the SYN+ACK is lost once, seen by the client: the SYN is sent again", {
    "SYN": SYN, "SYN sent again": f"{SYN} && tcp.analysis.retransmission", "SYN+ACK": "tcp.flags.syn == 1 && tcp.flags.ack == 1"})
def tcp_synack_loss(capture):
    fetch_with(capture, [{"from": "b", "match": "syn-ack", "n": 1, "do": "drop"}])


@capture("tcp-synack-loss-at-server", "the same loss, recorded at the server: two SYNs come in, two SYN+ACKs go out", {
    "SYN again": f"{SYN} && tcp.analysis.retransmission", "SYN+ACK again": "tcp.flags.syn == 1 && tcp.flags.ack == 1 && tcp.analysis.retransmission"})
def tcp_synack_loss_at_server(capture):
    fetch_at_server(capture, [{"from": "b", "match": "syn-ack", "n": 1, "do": "drop"}])


@capture("tcp-fin-loss", "the client's FIN is lost twice", {
    "FIN": f"tcp.flags.fin == 1 && {FROM_CLIENT}", "FIN sent again": "tcp.flags.fin == 1 && tcp.analysis.retransmission"})
def tcp_fin_loss(capture):
    fetch_with(capture, [{"from": "a", "match": "fin", "n": [1, 2], "do": "drop"}], settle=2, words=("curl", "-sS", "-o", "/dev/null"))


def read_slowly(pauses):
    """A client with a small receive buffer that stops reading now and then."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    connection.connect((SERVER, 80))
    connection.sendall(b"GET /page HTTP/1.1\r\nHost: www.example.jp\r\nConnection: close\r\n\r\n")
    for pause in pauses:
        time.sleep(pause)
        received = 0
        while received < 20000:
            received += len(connection.recv(4096))
    while connection.recv(4096):
        pass
    connection.close()


@capture("tcp-zero-window", "the client stops reading for 3 seconds and once more for 0.6: window full, zero window, probes, window update", {
    "window full": "tcp.analysis.window_full", "zero window": "tcp.analysis.zero_window",
    "probe": f"tcp.analysis.zero_window_probe || tcp.analysis.keep_alive && {FROM_SERVER}",
    "window update": "tcp.analysis.window_update"}, ("python3", "nginx"))
def tcp_zero_window(capture):
    with Internet() as internet:
        servers.nginx(internet.server)
        with capture.tcpdump(internet.client) as raw:
            internet.client.call(read_slowly, (3, 0.6)).join()
        capture.truth(internet, capture.keep(raw), ROLES)


def idle_with_keep_alive(seconds):
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
    connection.connect((SERVER, 80))
    for _ in range(2):
        connection.sendall(b"GET /small HTTP/1.1\r\nHost: www.example.jp\r\n\r\n")
        connection.recv(4096)
        time.sleep(seconds)
    connection.close()


@capture("tcp-keep-alive", "two requests with 3.5 idle seconds after each; the client's kernel probes every second (SO_KEEPALIVE)", {
    "keep-alive": "tcp.analysis.keep_alive", "its ACK": "tcp.analysis.keep_alive_ack"}, ("python3", "nginx"))
def tcp_keep_alive(capture):
    with Internet() as internet:
        servers.nginx(internet.server)
        with capture.tcpdump(internet.client) as raw:
            internet.client.call(idle_with_keep_alive, 3.5).join()
        capture.truth(internet, capture.keep(raw), ROLES)


@capture("tcp-refused", "nothing listens on port 81: the SYN is answered with a reset", {
    "SYN": SYN, "reset": f"tcp.flags.reset == 1 && {FROM_SERVER}"}, ("curl",))
def tcp_refused(capture):
    fetch_with(capture, [], check=False, url=f"http://{SERVER}:81/")


@capture("tcp-syn-timeout", "no SYN arrives: the client sends it again and again, and gives up after 8 seconds", {
    "SYN": SYN, "SYN sent again": f"{SYN} && tcp.analysis.retransmission"}, ("curl",))
def tcp_syn_timeout(capture):
    fetch_with(capture, [{"from": "a", "match": "syn", "n": "all", "do": "drop"}], check=False,
               words=(*FETCH, "--connect-timeout", "8"))


@capture("tcp-half-close", "the client sends lines and shuts down its side; the server sorts them and goes on sending for a while", {
    "FIN of the client": f"tcp.flags.fin == 1 && {FROM_CLIENT}",
    "data after it": f"{FROM_SERVER} && tcp.len > 0", "FIN of the server": f"tcp.flags.fin == 1 && {FROM_SERVER}"}, ("nc", "socat"))
def tcp_half_close(capture):
    with Internet() as internet:
        internet.server.spawn("socat", "-t", "5", "TCP-LISTEN:7000,reuseaddr", "SYSTEM:sort -r; sleep 0.2; echo that is all")
        internet.server.wait_listening(7000)
        lines = internet.client.folder / "lines"
        lines.write_text(servers.page(6000))
        with capture.tcpdump(internet.client) as raw:
            internet.client.run("sh", "-c", f"nc -N {SERVER} 7000 < {lines}")
        capture.truth(internet, capture.keep(raw), ROLES)


def wait_until(moment):
    time.sleep(max(0, moment - time.time()))


def listen_then(end, at):
    """Accepts one connection, exchanges a line, ends it with `end` at the moment `at`."""
    with socket.create_server((SERVER, 7000)) as listener:
        connection, _ = listener.accept()
        connection.sendall(b"welcome\n")
        connection.recv(100)
        wait_until(at)
        end(connection)


def connect_then(end, at):
    connection = socket.create_connection((SERVER, 7000))
    connection.recv(100)
    connection.sendall(b"hello\n")
    wait_until(at)
    end(connection)


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def both_end(capture, end, settle=1.0):
    with Internet() as internet:
        with capture.tcpdump(internet.client, settle=settle) as raw:
            at = time.time() + 0.8
            calls = [internet.server.call(listen_then, end, at)]
            internet.server.wait_listening(7000)
            calls.append(internet.client.call(connect_then, end, at))
            for call in calls:
                call.join()
        capture.truth(internet, capture.keep(raw), ROLES)


@capture("tcp-crossed-fins", "both ends close at the same moment: the FINs cross, each is acknowledged by the other side (state CLOSING)", {
    "FIN of the client": f"tcp.flags.fin == 1 && {FROM_CLIENT}", "FIN of the server": f"tcp.flags.fin == 1 && {FROM_SERVER}"}, ("python3",))
def tcp_crossed_fins(capture):
    both_end(capture, socket.socket.close)


@capture("tcp-rst-both", "both ends abort at the same moment: the resets cross", {
    "reset of the client": f"tcp.flags.reset == 1 && {FROM_CLIENT}", "reset of the server": f"tcp.flags.reset == 1 && {FROM_SERVER}"}, ("python3",))
def tcp_rst_both(capture):
    both_end(capture, reset)


def fetch_and_stall():
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    connection.connect((SERVER, 80))
    connection.sendall(b"GET /page HTTP/1.1\r\nHost: www.example.jp\r\n\r\n")
    time.sleep(3)
    connection.close()


@capture("tcp-rst-server", "the client stops reading; nginx gives up in the middle of the response and resets the connection", {
    "zero window": "tcp.analysis.zero_window", "reset": f"tcp.flags.reset == 1 && {FROM_SERVER}"}, ("python3", "nginx"))
def tcp_rst_server(capture):
    with Internet() as internet:
        internet.server.sysctl("net.ipv4.tcp_wmem", "4096 16384 16384")
        servers.nginx(internet.server, extra="send_timeout 2s; reset_timedout_connection on;")
        with capture.tcpdump(internet.client) as raw:
            internet.client.call(fetch_and_stall).join()
        capture.truth(internet, capture.keep(raw), ROLES)


def open_towards(local, remote, at, words):
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        connection.bind(local)
        wait_until(at)
        connection.connect(remote)
        connection.sendall(words)
        connection.recv(100)
        time.sleep(0.3 if local[0] == SERVER else 0.1)


@capture("tcp-simultaneous-open", "both sides connect at the same moment from known ports: the SYNs cross, one connection comes of it", {
    "SYN of the client": f"{SYN} && {FROM_CLIENT}", "SYN of the server": f"{SYN} && {FROM_SERVER}",
    "SYN+ACK": "tcp.flags.syn == 1 && tcp.flags.ack == 1"}, ("python3",))
def tcp_simultaneous_open(capture):
    with Internet() as internet:
        internet.client.run("ping", "-c", "1", SERVER)  # ARP is done before, so that both SYNs leave at once
        with capture.tcpdump(internet.client) as raw:
            at = time.time() + 0.5
            calls = [internet.client.call(open_towards, (CLIENT, 5001), (SERVER, 5002), at, b"from the client\n"),
                     internet.server.call(open_towards, (SERVER, 5002), (CLIENT, 5001), at, b"from the server\n")]
            for call in calls:
                call.join()
        capture.truth(internet, capture.keep(raw), ROLES)


@capture("tcp-fast-open", "TCP Fast Open: the first connection asks for a cookie, the second carries its request in the SYN", {
    "cookie request": f"{SYN} && tcp.options.tfo", "SYN with data": f"{SYN} && tcp.len > 0",
    "cookie": "tcp.flags.syn == 1 && tcp.flags.ack == 1 && tcp.options.tfo"})
def tcp_fast_open(capture):
    with Internet() as internet:
        for host in (internet.client, internet.server):
            host.sysctl("net.ipv4.tcp_fastopen", 3)
        servers.nginx(internet.server, listen=("80 fastopen=16",))
        with capture.tcpdump(internet.client) as raw:
            for _ in range(2):
                internet.client.run("curl", "-sS", "-o", "/dev/null", "--tcp-fastopen", f"http://{SERVER}/small")
                time.sleep(0.2)
        capture.truth(internet, capture.keep(raw), ROLES)


@capture("tcp-port-reuse", "two connections one after the other with the same addresses and ports: the second SYN has a new ISN", {
    "SYN": f"{SYN} && tcp.srcport == 40000", "port reused": "tcp.analysis.reused_ports"})
def tcp_port_reuse(capture):
    with Internet() as internet:
        servers.nginx(internet.server)
        with capture.tcpdump(internet.client) as raw:
            for _ in range(2):
                # nginx closes first, the client's port is free again at once
                internet.client.run(*FETCH, "--local-port", "40000", f"http://{SERVER}/small")
                time.sleep(0.5)
        capture.truth(internet, capture.keep(raw), ROLES)


def fetch_and_abort():
    """A request from a known port, its answer, and a reset instead of a FIN."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.bind((CLIENT, 40000))
        connection.connect((SERVER, 80))
        connection.sendall(b"GET /small HTTP/1.1\r\nHost: www.example.jp\r\n\r\n")
        connection.recv(4096)


@capture("tcp-half-open", "the client's reset is lost; the server still knows the connection when the next one comes from the same port, "
         "and answers with the old one's numbers (RFC 9293 figure 9)", {
    "SYN": SYN, "reset that is lost": f"tcp.flags == 0x014 && {FROM_CLIENT}", "reset of what has old numbers": f"tcp.flags == 0x004 && {FROM_CLIENT}",
    "SYN again": f"{SYN} && tcp.analysis.retransmission"}, ("python3", "nginx"))
def tcp_half_open(capture):
    with Internet(rules=[{"from": "a", "match": "rst", "n": 1, "do": "drop"}]) as internet:
        servers.nginx(internet.server)
        with capture.tcpdump(internet.client) as raw:
            for _ in range(2):
                internet.client.call(fetch_and_abort).join()
        capture.truth(internet, capture.keep(raw), ROLES)


def server_isn(port):
    """The initial sequence number that the server gives a connection from this port now, and the moment; sends no data."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800)) as tap, socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.bind((CLIENT, port))
        connection.connect((SERVER, 80))
        moment = time.time()
        while True:
            packet = tap.recv(200)
            at = (packet[0] & 15) * 4
            if packet[9] == 6 and packet[at + 13] & 0x12 == 0x12 and struct.unpack_from("!H", packet, at + 2)[0] == port:
                return struct.unpack_from("!I", packet, at + 4)[0], moment


def wait_for_wrap(path):
    """Linux adds one to a 5-tuple's initial sequence number every 64 ns: find the port whose number comes round next, wait."""
    best = None
    for port in range(40001, 40061):
        isn, moment = server_isn(port)
        # let the number be 50,000 below 2^32
        due = moment + ((2**32 - 50000 - isn) % 2**32) * 64e-9
        if due - moment > 5 and (best is None or due < best[0]):
            best = due, port
    path.write_text(f"{best[0]} {best[1]}")


def fetch_from(port, at):
    """The page, in a connection from this port whose SYN leaves at the moment `at`."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    connection.bind((CLIENT, port))
    wait_until(at)
    connection.connect((SERVER, 80))
    connection.sendall(b"GET /page HTTP/1.1\r\nHost: www.example.jp\r\nConnection: close\r\n\r\n")
    while connection.recv(65536):
        pass
    connection.close()


@capture("tcp-seq-wrap", "the server's sequence numbers pass 2^32 in the middle of the response", {
    "before the wrap": f"{FROM_SERVER} && tcp.len > 0 && tcp.seq_raw > 4294800000",
    "after it": f"{FROM_SERVER} && tcp.len > 0 && tcp.seq_raw < 200000"}, ("python3", "nginx"))
def tcp_seq_wrap(capture):
    with Internet() as internet:
        servers.nginx(internet.server)
        plan = internet.folder / "plan"
        for _ in range(5):
            internet.client.call(wait_for_wrap, plan).join()
            due, port = map(float, plan.read_text().split())
            print(f"    port {port:.0f} in {due - time.time():.0f} s", flush=True)
            wait_until(due - 2)
            with capture.tcpdump(internet.client, "eth0", "tcp", "or", "arp") as raw:
                # the moment is the one when the SYN+ACK came, a round trip after the SYN
                internet.client.call(fetch_from, int(port), due - 0.0407).join()
            try:
                frames = capture.keep(raw)
            except RuntimeError as error:
                print("    missed, once more:", error)
                continue
            (capture.output / "tcp-seq-wrap.rejected.pcapng").unlink(missing_ok=True)
            capture.truth(internet, frames, ROLES)
            return
        raise RuntimeError("the wrap was missed five times")


@capture("tcp-mid-start", "the recording begins in the middle of a response; a second request follows on the same connection", {
    "first frame, no SYN": "frame.number == 1 && tcp && tcp.flags.syn == 0", "request": "http.request", "FIN": "tcp.flags.fin == 1"})
def tcp_mid_start(capture):
    with Internet() as internet:
        servers.nginx(internet.server, locations="location = /page { limit_rate 16k; }")
        curl = internet.client.spawn("curl", "-sS", "-o", "/dev/null", "-o", "/dev/null", PAGE, f"http://{SERVER}/small")
        time.sleep(3.5)
        with capture.tcpdump(internet.client, "eth0", "tcp") as raw:
            curl.wait()
        capture.truth(internet, capture.keep(raw), ROLES)


@capture("tcp-one-direction", "only what the client received was recorded", {
    "SYN+ACK": "tcp.flags.syn == 1 && tcp.flags.ack == 1", "response": "tcp.len > 0", "FIN": "tcp.flags.fin == 1"})
def tcp_one_direction(capture):
    with Internet() as internet:
        servers.nginx(internet.server)
        with capture.tcpdump(internet.client, options=("-Q", "in")) as raw:
            internet.client.run(*FETCH, PAGE)
        capture.truth(internet, capture.keep(raw), ROLES)


@capture("tcp-gap", "the recording lost packets that the network did not: every 16th segment of the server is missing, yet acknowledged", {
    "not recorded": "tcp.analysis.lost_segment", "ACK of what was not seen": "tcp.analysis.ack_lost_segment"})
def tcp_gap(capture):
    with Internet() as internet:
        servers.nginx(internet.server)
        with capture.tcpdump(internet.client, "eth0", f"not (tcp and src host {SERVER} and tcp[13] & 0x02 = 0 and ip[5] & 0x0f = 7)") as raw:
            internet.client.run(*FETCH, PAGE)
        capture.truth(internet, capture.keep(raw), ROLES, recorder_left_out="server segments whose IP ID is 7 modulo 16")


@capture("tcp-mirror-duplicate", "a switch's mirror port that copies each packet twice, when it comes in and when it goes out", {
    "second copy of the SYN": f"{SYN} && tcp.analysis.retransmission", "ARP": "arp"}, ("curl", "nginx", "nftables"))
def tcp_mirror_duplicate(capture):
    with Internet() as internet:
        servers.nginx(internet.server)
        switch = internet.client  # a bridge between the client's wire and a host behind it
        inner = internet.host("behind")
        for near, far in (("port1", "eth0"), ("mirror", "monitor")):
            switch.ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", inner.namespace)
        switch.ip("address", "flush", "dev", "eth0")
        switch.ip("link", "add", "switch", "type", "bridge")
        for port in ("eth0", "port1"):
            switch.ip("link", "set", port, "master", "switch")
        for device in ("port1", "mirror", "switch"):
            switch.ip("link", "set", device, "up")
        inner.ip("link", "set", "eth0", "address", "02:00:00:00:00:20", "up")
        inner.ip("link", "set", "monitor", "up")
        inner.ip("address", "add", f"{CLIENT}/24", "dev", "eth0")
        inner.ip("route", "add", "default", "via", "192.0.2.1")
        for device in ("eth0", "monitor"):
            command("ip", "netns", "exec", inner.namespace, "ethtool", "-K", device, *"tx off rx off tso off gso off gro off".split())
        for device in ("port1", "mirror"):
            command("ip", "netns", "exec", switch.namespace, "ethtool", "-K", device, *"tx off rx off tso off gso off gro off".split())
        rules = "\n".join(f"chain {hook}_{port} {{ type filter hook {hook} device {port} priority 0; dup to mirror; }}"
                          for port in ("eth0", "port1") for hook in ("ingress", "egress"))
        command("ip", "netns", "exec", switch.namespace, "nft", "-f", "-", input=f"table netdev span {{\n{rules}\n}}")
        time.sleep(0.5)
        with capture.tcpdump(inner, "monitor", options=("-Q", "in")) as raw:
            inner.run(*FETCH, PAGE)
        capture.truth(internet, capture.keep(raw), ROLES)


if __name__ == "__main__":
    main()
