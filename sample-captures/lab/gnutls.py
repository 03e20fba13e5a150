# SPDX-License-Identifier: GPL-2.0-or-later
"""A client of GnuTLS, for what gnutls-cli has no option for: False Start. Runs inside a host of the lab."""
import ctypes
import os
import socket

CLIENT, FALSE_START = 1 << 1, 1 << 8  # gnutls_init_flags_t
DID_FALSE_START = 1 << 5  # gnutls_session_flags_t
CERTIFICATES = 1  # gnutls_credentials_type_t


class Client:
    """One connection. Certificates are not verified: this is about what goes over the wire."""

    def __init__(self, address, port, name, keys, priority="NORMAL:-VERS-ALL:+VERS-TLS1.2", flags=0):
        os.environ["SSLKEYLOGFILE"] = str(keys)
        self.library = ctypes.CDLL("libgnutls.so.30")
        self.session, credentials = ctypes.c_void_p(), ctypes.c_void_p()
        self.do("gnutls_init", ctypes.byref(self.session), ctypes.c_uint(CLIENT | flags))
        self.do("gnutls_priority_set_direct", self.session, priority.encode(), None)
        self.do("gnutls_certificate_allocate_credentials", ctypes.byref(credentials))
        self.do("gnutls_credentials_set", self.session, CERTIFICATES, credentials)
        self.do("gnutls_server_name_set", self.session, 1, name.encode(), ctypes.c_size_t(len(name)))
        self.socket = socket.create_connection((address, port))
        # What is written early must not wait for the acknowledgment of what went before (Nagle).
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.library.gnutls_transport_set_int2(self.session, self.socket.fileno(), self.socket.fileno())

    def do(self, function, *arguments):
        status = getattr(self.library, function)(*arguments)
        if status < 0:
            self.library.gnutls_strerror.restype = ctypes.c_char_p
            raise RuntimeError(f"{function}: {self.library.gnutls_strerror(status).decode()}")
        return status

    def handshake(self):
        self.do("gnutls_handshake", self.session)

    @property
    def false_start(self):
        return bool(self.library.gnutls_session_get_flags(self.session) & DID_FALSE_START)

    def send(self, text):
        self.do("gnutls_record_send", self.session, text.encode(), ctypes.c_size_t(len(text)))

    def receive(self, most=65536):
        buffer = ctypes.create_string_buffer(most)
        return buffer.raw[: self.do("gnutls_record_recv", self.session, buffer, ctypes.c_size_t(most))]

    def bye(self):
        self.do("gnutls_bye", self.session, 0)
        self.socket.close()
