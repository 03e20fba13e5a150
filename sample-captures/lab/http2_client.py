#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""An HTTP/2 client (python3-h2) for what nghttp and curl do not do: it leaves a key log, takes pushed responses, and resets
streams. Prints a JSON line for each frame that it sends or gets, as python3-hyperframe reads them.

    http2_client.py [--ca FILE --keys FILE] [--together | --gap SECONDS] HOST[:PORT] WORD…

A WORD is a path, or
    post:BYTES:PATH          a request with a body
    cancel:BYTES:PATH        reset (CANCEL) after that much of the response
    websocket:LINE,LINE:PATH an extended CONNECT (RFC 8441), with these lines as messages
    connect:HOST:PORT:PATH   a tunnel (RFC 9110 9.3.6), and a GET in it
    wait:SECONDS             nothing, for a while
    ping                     a PING
"""
import argparse
import json
import os
import socket
import ssl
import time

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.settings
from hyperframe.frame import Frame


class Watch:
    """Cuts one direction's bytes into frames, and says which they are."""

    def __init__(self, who, preface):
        self.who, self.bytes, self.preface = who, b"", 24 if preface else 0

    def take(self, more):
        self.bytes += more
        if self.preface:
            if len(self.bytes) < self.preface:
                return
            self.bytes, self.preface = self.bytes[self.preface:], 0
        while len(self.bytes) >= 9:
            frame, length = Frame.parse_frame_header(memoryview(self.bytes[:9]))
            if len(self.bytes) < 9 + length:
                return
            flags, stream = self.bytes[4], int.from_bytes(self.bytes[5:9], "big") & 0x7FFFFFFF
            name = type(frame).__name__.removesuffix("Frame")
            names = {"RstStream": "RST_STREAM", "PushPromise": "PUSH_PROMISE", "GoAway": "GOAWAY", "WindowUpdate": "WINDOW_UPDATE"}
            print(json.dumps({"from": self.who, "type": names.get(name, name.upper()), "length": length, "flags": flags, "stream": stream}), flush=True)
            self.bytes = self.bytes[9 + length:]


class Client:
    def __init__(self, options):
        self.options = options
        host, _, port = options.host.partition(":")
        self.host = host
        self.socket = socket.create_connection((host, int(port or (443 if options.ca else 80))))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if options.ca:
            context = ssl.create_default_context(cafile=options.ca)
            context.keylog_filename = options.keys
            context.set_alpn_protocols(["h2"])
            self.socket = context.wrap_socket(self.socket, server_hostname=host)
        self.connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True, header_encoding="utf-8"))
        self.sent, self.got = Watch("client", True), Watch("server", False)
        self.left, self.limits, self.inner, self.lines = set(), {}, {}, {}
        self.bodies = {}
        self.connection.initiate_connection()
        self.send()

    def send(self):
        data = self.connection.data_to_send()
        if data:
            self.sent.take(data)
            self.socket.sendall(data)

    def headers(self, method, path):
        scheme = "https" if self.options.ca else "http"
        return [(":method", method), (":path", path), (":scheme", scheme), (":authority", self.host), ("user-agent", "lab"), ("accept", "*/*")]

    def ask(self, word):
        stream = self.connection.get_next_available_stream_id()
        kind, _, rest = word.partition(":")
        if kind == "wait":
            self.pump(float(rest))
            return
        if kind == "ping":
            self.connection.ping(b"humantim")
            self.send()
            return
        if kind == "post":
            size, path = rest.split(":")
            self.connection.send_headers(stream, self.headers("POST", path))
            self.bodies[stream] = (b"what is posted, line by line\n" * (int(size) // 29 + 1))[:int(size)]
        elif kind == "cancel":
            size, path = rest.split(":")
            self.limits[stream] = int(size)
            self.connection.send_headers(stream, self.headers("GET", path), end_stream=True)
        elif kind == "websocket":
            lines, path = rest.split(":")
            self.lines[stream] = lines.split(",")
            self.connection.send_headers(stream, [(":method", "CONNECT"), (":protocol", "websocket"), *self.headers("", path)[1:], ("sec-websocket-version", "13")])
        elif kind == "connect":
            host, port, path = rest.split(":")
            self.inner[stream] = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
            self.connection.send_headers(stream, [(":method", "CONNECT"), (":authority", f"{host}:{port}")])
        else:
            self.connection.send_headers(stream, self.headers("GET", word), end_stream=True)
        self.left.add(stream)
        self.flow()
        self.send()

    def flow(self):
        """Sends of the bodies what the windows allow."""
        for stream, body in list(self.bodies.items()):
            while body:
                room = min(self.connection.local_flow_control_window(stream), self.connection.max_outbound_frame_size)
                if room <= 0:
                    break
                self.connection.send_data(stream, body[:room], end_stream=len(body) <= room)
                body = body[room:]
            self.bodies[stream] = body
            if not body:
                del self.bodies[stream]

    @staticmethod
    def masked(text):
        """A WebSocket message (RFC 6455 5.2)."""
        mask, data = os.urandom(4), text.encode()
        return bytes((0x81, 0x80 | len(data))) + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))

    def take(self, event):
        if isinstance(event, (h2.events.ResponseReceived, h2.events.InformationalResponseReceived)):
            status = int(dict(event.headers)[":status"])
            print(json.dumps({"from": "server", "status": status, "stream": event.stream_id}), flush=True)
            if event.stream_id in self.inner and status == 200:
                self.connection.send_data(event.stream_id, self.inner.pop(event.stream_id))
            if event.stream_id in self.lines and status == 200:
                self.connection.send_data(event.stream_id, self.masked(self.lines[event.stream_id].pop(0)))
        elif isinstance(event, h2.events.PushedStreamReceived):
            self.left.add(event.pushed_stream_id)
        elif isinstance(event, h2.events.DataReceived):
            self.connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            limit = self.limits.get(event.stream_id)
            if limit is not None:
                self.limits[event.stream_id] = limit = limit - len(event.data)
                if limit <= 0:
                    self.connection.reset_stream(event.stream_id, h2.errors.ErrorCodes.CANCEL)
                    self.left.discard(event.stream_id)
                    del self.limits[event.stream_id]
            lines = self.lines.get(event.stream_id)
            if lines is not None:
                if lines:
                    self.connection.send_data(event.stream_id, self.masked(lines.pop(0)))
                else:
                    del self.lines[event.stream_id]
                    self.connection.end_stream(event.stream_id)
        elif isinstance(event, (h2.events.StreamEnded, h2.events.StreamReset)):
            self.left.discard(event.stream_id)
        elif isinstance(event, h2.events.ConnectionTerminated):
            self.left.clear()

    def pump(self, seconds):
        """Takes what comes until nothing is left to come, or for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.socket.settimeout(max(0.001, end - time.monotonic()))
            try:
                data = self.socket.recv(65536)
            except (TimeoutError, ssl.SSLWantReadError):
                break
            if not data:
                self.left.clear()
                break
            self.got.take(data)
            for event in self.connection.receive_data(data):
                self.take(event)
            self.flow()
            self.send()
            if not self.left and seconds > 5:
                break

    def run(self):
        for word in self.options.words:
            self.ask(word)
            if not self.options.together and not word.startswith(("wait", "ping")):
                self.pump(10)
            elif self.options.gap:
                self.pump(self.options.gap)
        if self.left:
            self.pump(10)
        self.connection.close_connection()
        self.send()
        if self.options.ca:
            self.socket = self.socket.unwrap()
        self.socket.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ca")
    parser.add_argument("--keys")
    parser.add_argument("--together", action="store_true", help="all requests at once")
    parser.add_argument("--gap", type=float, default=0.0, help="together, but so many seconds apart")
    parser.add_argument("host")
    parser.add_argument("words", nargs="+", metavar="WORD")
    Client(parser.parse_args()).run()


if __name__ == "__main__":
    main()
