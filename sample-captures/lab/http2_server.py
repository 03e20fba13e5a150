#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""An HTTP/2 server (python3-h2) for what nghttpd, Apache and nginx do not do on demand. Paths:

    /SIZE         a response of so many bytes
    /poll         answered after 0.3 s (long polling)
    /events       server-sent events: five, 60 ms apart (a response that stays open)
    /hints        103 Early Hints, and 60 ms later 200
    /continue     100 Continue when the headers are there, 200 when the body is
    /none         204
    /moved/N      302: a status that is in no static table
    /large        a header section of 30,000 bytes: CONTINUATION
    /trailers     trailers behind the body
    /headers-only trailers behind no body
    /reset        reset (INTERNAL_ERROR) in the middle of the response
    /refused      reset (REFUSED_STREAM) without a response
    /goaway       a response, and GOAWAY
    CONNECT       a tunnel (RFC 9110 9.3.6); with :protocol websocket (RFC 8441) messages are sent back

    http2_server.py [--first] [--cert FILE --key FILE] PORT
"""
import argparse
import heapq
import itertools
import select
import socket
import ssl
import threading
import time

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.settings

TEXT = b"a line of what is sent, one of many\n"


def body_of(size):
    return (TEXT * (size // len(TEXT) + 1))[:size]


class Connection:
    def __init__(self, connection, options):
        self.socket = connection
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(
            client_side=False, header_encoding="utf-8", validate_inbound_headers=False, validate_outbound_headers=False))
        self.h2.local_settings = h2.settings.Settings(client=False, initial_values={
            h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: 100, h2.settings.SettingCodes.ENABLE_CONNECT_PROTOCOL: 1})
        self.options = options
        self.timers, self.count = [], itertools.count()
        self.bodies, self.sockets, self.messages, self.waits = {}, {}, {}, set()

    def send(self):
        data = self.h2.data_to_send()
        if data:
            self.socket.sendall(data)

    def after(self, seconds, function, *arguments):
        heapq.heappush(self.timers, (time.monotonic() + seconds, next(self.count), function, arguments))

    def headers(self, stream, status, *more, end=False):
        self.h2.send_headers(stream, [(":status", str(status)), ("server", "lab"), *more], end_stream=end)

    def body(self, stream, data, end=True):
        self.bodies[stream] = (data, end)
        self.flow()

    def flow(self):
        for stream, (data, end) in list(self.bodies.items()):
            while data:
                room = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size)
                if room <= 0:
                    break
                self.h2.send_data(stream, data[:room], end_stream=end and len(data) <= room)
                data = data[room:]
            self.bodies[stream] = (data, end)
            if not data:
                del self.bodies[stream]

    def events(self, stream, number):
        self.h2.send_data(stream, f"event: tick\ndata: {number}\n\n".encode(), end_stream=number == 5)
        if number < 5:
            self.after(0.06, self.events, stream, number + 1)

    def answer(self, stream, path):
        if path == "/poll":
            self.after(0.3, self.simple, stream, 600)
        elif path == "/events":
            self.headers(stream, 200, ("content-type", "text/event-stream"))
            self.after(0.06, self.events, stream, 1)
        elif path == "/hints":
            self.headers(stream, 103, ("link", "</style.css>; rel=preload"))
            self.after(0.06, self.simple, stream, 2000)
        elif path == "/continue":
            self.headers(stream, 100)
            self.waits.add(stream)
        elif path == "/none":
            self.headers(stream, 204, end=True)
        elif path.startswith("/moved"):
            self.headers(stream, 302, ("location", path[6:] + "/elsewhere"), end=True)
        elif path == "/large":
            self.headers(stream, 200, *((f"x-part-{number}", f"{number:03d} " + "part of what is large" * 9) for number in range(150)))
            self.body(stream, body_of(300))
        elif path in ("/trailers", "/headers-only"):
            self.headers(stream, 200, ("trailer", "x-sum"))
            if path == "/trailers":
                self.body(stream, body_of(3000), end=False)
            self.h2.send_headers(stream, [("x-sum", "12345678")], end_stream=True)
        elif path == "/reset":
            self.headers(stream, 200)
            self.body(stream, body_of(4000), end=False)
            self.after(0.03, self.h2.reset_stream, stream, h2.errors.ErrorCodes.INTERNAL_ERROR)
        elif path == "/refused":
            self.h2.reset_stream(stream, h2.errors.ErrorCodes.REFUSED_STREAM)
        elif path == "/goaway":
            self.simple(stream, 500)
            self.after(0.02, self.h2.close_connection, h2.errors.ErrorCodes.ENHANCE_YOUR_CALM)
        else:
            self.simple(stream, int(path[1:]))

    def simple(self, stream, size):
        self.headers(stream, 200, ("content-length", str(size)))
        self.body(stream, body_of(size))

    def connect(self, stream, headers):
        if ":protocol" in headers:
            self.headers(stream, 200)
            self.messages[stream] = b""
            return
        host, _, port = headers[":authority"].partition(":")
        other = socket.create_connection((host, int(port)))
        self.sockets[other] = stream
        self.headers(stream, 200)

    def echo(self, stream, data):
        """Sends whole WebSocket messages back, unmasked (RFC 6455 5.2)."""
        held = self.messages[stream] + data
        while len(held) >= 6 and len(held) >= 6 + (held[1] & 127):
            size = held[1] & 127
            text = bytes(byte ^ held[2 + i % 4] for i, byte in enumerate(held[6:6 + size]))
            held = held[6 + size:]
            self.h2.send_data(stream, bytes((0x81, size)) + text)
        self.messages[stream] = held

    def take(self, event):
        if isinstance(event, h2.events.RequestReceived):
            headers = dict(event.headers)
            if headers[":method"] == "CONNECT":
                self.connect(event.stream_id, headers)
            elif headers[":method"] == "POST" and headers[":path"] != "/continue":
                self.waits.add(event.stream_id)
            else:
                self.answer(event.stream_id, headers[":path"])
        elif isinstance(event, h2.events.DataReceived):
            self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            if event.stream_id in self.messages:
                self.echo(event.stream_id, event.data)
            for other, stream in self.sockets.items():
                if stream == event.stream_id:
                    other.sendall(event.data)
        elif isinstance(event, h2.events.StreamEnded):
            if event.stream_id in self.waits:
                self.waits.discard(event.stream_id)
                self.simple(event.stream_id, 400)
            elif event.stream_id in self.messages:
                self.h2.end_stream(event.stream_id)
        elif isinstance(event, h2.events.StreamReset):
            self.bodies.pop(event.stream_id, None)

    def relay(self, other):
        data, stream = other.recv(65536), self.sockets[other]
        if data:
            self.h2.send_data(stream, data)
        else:
            self.h2.end_stream(stream)
            del self.sockets[other]
            other.close()

    def run(self):
        self.h2.initiate_connection()
        if self.options.first:
            self.send()  # its SETTINGS come before the client's preface
        while True:
            now = time.monotonic()
            while self.timers and self.timers[0][0] <= now:
                _, _, function, arguments = heapq.heappop(self.timers)
                function(*arguments)
            self.flow()
            self.send()
            pending = isinstance(self.socket, ssl.SSLSocket) and self.socket.pending()
            wait = self.timers[0][0] - time.monotonic() if self.timers else 10
            ready = [self.socket] if pending else select.select([self.socket, *self.sockets], [], [], max(0, wait))[0]
            for one in ready:
                if one is not self.socket:
                    self.relay(one)
                    continue
                data = self.socket.recv(65536)
                if not data:
                    return
                for event in self.h2.receive_data(data):
                    self.take(event)


def serve(connection, options, context):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        if context:
            connection = context.wrap_socket(connection, server_side=True)
        Connection(connection, options).run()
        if context:
            connection.unwrap()
    except (OSError, ssl.SSLError) as error:
        print(error, flush=True)
    connection.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", action="store_true", help="say SETTINGS before the client has spoken")
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("port", type=int)
    options = parser.parse_args()
    context = None
    if options.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.cert, options.key)
        context.set_alpn_protocols(["h2"])
    with socket.create_server(("", options.port)) as listener:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection, options, context), daemon=True).start()


if __name__ == "__main__":
    main()
