# SPDX-License-Identifier: GPL-2.0-or-later
"""Recording with tcpdump, and what a recorder script is made of: functions marked with @capture.

    record-http.py                 records all captures of the family
    record-http.py http-plain …    records these
    record-http.py --list          says which there are
    record-http.py --output DIR    writes there instead of beside the lab

Each capture names display filters for what it must show; a capture in which one of them finds no frame is not kept. The
filters in `decrypted` are for what it shows to those who have its key log.
"""
import argparse
import contextlib
import gzip
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import user_mode_linux
from network import LAB, command, end_on_signals

CAPTURES = {}


class Capture:
    def __init__(self, function, name, what, shows, software, decrypted):
        self.function, self.name, self.what, self.shows, self.software = function, name, what, shows, software
        self.decrypted = decrypted
        self.output = None

    @contextlib.contextmanager
    def tcpdump(self, host, device="eth0", *filter_words, part="", options=(), settle=0.3, immediate=True):
        """Records while the block runs, and `settle` seconds longer."""
        raw = host.network.folder / f"{self.name}{part}.pcap"
        if immediate:
            options = ("--immediate-mode", *options)
        else:
            settle = max(settle, 1.5)  # the kernel hands over a block a second
        words = ["tcpdump", "-U", "-n", "-Z", "root", "-B", "32768", "-i", device, "-w", raw, *options, *filter_words]
        process = host.spawn(*words)
        end = time.monotonic() + 10
        while b"listening on" not in process.log.read_bytes():
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(process.log.read_text())
            time.sleep(0.02)
        yield raw
        time.sleep(settle)
        process.send_signal(signal.SIGINT)
        process.wait(10)
        if "\n0 packets dropped by kernel" not in process.log.read_text():
            raise RuntimeError(f"{self.name}: tcpdump lost packets: {process.log.read_text()}")

    def keep(self, raw, part="", shows=None, keys=None, decrypted=None, inside=False):
        """Converts to compressed pcapng beside the lab, once it shows what it should; returns what it shows, for `truth`.

        The key log is kept beside the capture, or put into it (`inside`) as a block of decryption secrets.
        """
        if user_mode_linux.inside():  # tshark is slow in there: the recorder outside looks at it
            shutil.copy(raw, self.output / f"{self.name}{part}.raw.pcap")
            return {"shows": {}}
        target = self.output / f"{self.name}{part}.pcapng.gz"
        converted = raw.with_suffix(".pcapng")
        if raw != converted:
            words = ["--inject-secrets", f"tls,{keys}"] if inside else []
            command("editcap", "-F", "pcapng", "--capture-comment", self.what, *words, raw, converted)
        kept = {"shows": self.found(converted, part, self.shows if shows is None else shows)}
        if keys:
            decrypted = self.found(converted, part, self.decrypted if decrypted is None else decrypted, *([] if inside else key_log(keys)))
            kept = {"keys": None if inside else self.keep_keys(keys), **kept, "shows_decrypted": decrypted}
        with open(converted, "rb") as source, open(target, "wb") as sink:
            with gzip.GzipFile("", "wb", 9, sink, mtime=0) as packed:
                shutil.copyfileobj(source, packed)
        print(f"    kept {target.name}, {target.stat().st_size} bytes")
        return kept

    def merge(self, network, *raw, part=""):
        """One capture in which each of these, which were kept before, is an interface, in this order."""
        merged = network.folder / f"{self.name}{part}-merged.pcapng"
        command("mergecap", "-I", "none", "-w", "merged", *(file.with_suffix(".pcapng") for file in raw), cwd=network.folder)
        # mergecap's own comment speaks of the folder that the files were in
        command("editcap", "-F", "pcapng", "--discard-capture-comment", "--capture-comment", self.what, "merged", merged, cwd=network.folder)
        return merged

    def keep_keys(self, keys):
        """The secrets of the connections that were recorded; all parts of a capture share them."""
        file = self.output / f"{self.name}.keys"
        file.write_text("".join(line for line in keys.read_text().splitlines(True) if not line.startswith("#")))
        return file.name

    def found(self, converted, part, filters, *options):
        """The frames that each filter finds; one that finds none makes the capture worthless."""
        found = {}
        for words, display_filter in filters.items():
            frames = command("tshark", "-n", "-r", converted, *options, "-Y", display_filter, "-T", "fields", "-e", "frame.number",
                             env={**os.environ, "LC_ALL": "C", "TZ": "UTC"}).split()
            if not frames:
                shutil.copy(converted, self.output / f"{self.name}{part}.rejected.pcapng")
                raise RuntimeError(f"{self.name}{part} does not show: {words} ({display_filter})")
            found[words] = {"filter": display_filter, "frames": [int(number) for number in frames]}
        return found

    def truth(self, network, kept, roles, part="", **more):
        """Writes what the recorder knows beside the capture."""
        facts = {"capture": f"{self.name}{part}.pcapng.gz", "what": self.what, "recorder": pathlib.Path(sys.argv[0]).name, "software": versions(self.software),
                 "kernel": os.uname().release, "roles": roles, "relay": network.touched() if network else [], **more, **kept}
        file = self.output / f"{self.name}{part}.truth.json"
        file.write_text(text_of(facts))

    def finish(self, output):
        """Looks at what was recorded in User-Mode Linux, and completes its truth."""
        self.output = output
        left, file = output / f"{self.name}.raw.pcap", output / f"{self.name}.truth.json"
        with tempfile.TemporaryDirectory(prefix="humantime-lab-") as folder:
            kept = self.keep(pathlib.Path(shutil.move(left, folder)))
        file.write_text(text_of({**json.loads(file.read_text()), **kept}))

    def record(self, output):
        self.output = output
        print(f"{self.name}: {self.what}", flush=True)
        self.function(capture=self)


def capture(name, what, shows, software=("curl", "nginx"), decrypted=()):
    def register(function):
        CAPTURES[name] = Capture(function, name, what, shows, software, dict(decrypted))
        return function
    return register


def text_of(facts):
    """JSON for people: lists of frame numbers on one line."""
    text = json.dumps(facts, indent=1, ensure_ascii=False)
    return re.sub(r"\[\s*(-?\d+(?:,\s+-?\d+)*)\s*\]", lambda found: "[" + re.sub(r"\s+", " ", found[1]) + "]", text) + "\n"


def key_log(file):
    """tshark's option that names the secrets."""
    return "-o", f"tls.keylog_file:{file}"


PACKAGES = {"nginx": "nginx", "bind": "bind9", "dig": "bind9-dnsutils", "dnsmasq": "dnsmasq-base", "nc": "netcat-openbsd", "avahi": "avahi-daemon",
            "tinyproxy": "tinyproxy-bin", "dhcpd": "isc-dhcp-server", "dhclient": "isc-dhcp-client",
            "radvd": "radvd", "gnutls-cli": "gnutls-bin", "kdig": "knot-dnsutils", "aiosmtpd": "python3-aiosmtpd", "apache2": "apache2-bin", "nghttp": "nghttp2-client", "nghttpd": "nghttp2-server"}


def versions(names):
    """The Debian packages' versions."""
    found = {}
    for name in (*names, "tcpdump"):
        package = PACKAGES.get(name, name)
        found[package] = command("dpkg-query", "-W", "-f", "${Version}", package)
    return found


def main(other_kernel=False):
    """With `other_kernel` the recording is done in User-Mode Linux, by this same script."""
    if os.geteuid():
        sys.exit("needs root: it makes network namespaces and TAP devices")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--output", type=pathlib.Path, default=LAB.parent)
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(CAPTURES))
        return
    unknown = set(arguments.names) - set(CAPTURES)
    if unknown:
        parser.error(f"no such capture here: {', '.join(sorted(unknown))}")
    arguments.output.mkdir(parents=True, exist_ok=True)
    end_on_signals()
    failed, names, output = [], arguments.names or list(CAPTURES), arguments.output.resolve()
    work = Capture.record
    if other_kernel and not user_mode_linux.inside():
        user_mode_linux.run_inside(sys.argv[0], *names, "--output", user_mode_linux.path_inside(output))
        work = Capture.finish
    for name in names:
        try:
            work(CAPTURES[name], output)
        except (RuntimeError, subprocess.SubprocessError, OSError) as error:
            print(f"    FAILED: {error}", file=sys.stderr, flush=True)
            failed.append(name)
    if failed:
        sys.exit(f"not recorded: {' '.join(failed)}")
