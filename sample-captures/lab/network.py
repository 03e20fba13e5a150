# SPDX-License-Identifier: GPL-2.0-or-later
"""Hosts (network namespaces) and the wires between them. Nothing leaves the namespaces; all of them go with the process."""
import atexit
import contextlib
import ctypes
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

LAB = pathlib.Path(__file__).resolve().parent
CLONE_NEWNET = 0x40000000


def command(*words, **options):
    """Runs a command that must succeed; its output is returned, and shown when it fails."""
    result = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, **options)
    if result.returncode:
        raise RuntimeError(f"{' '.join(map(str, words))}: {result.stderr.strip() or result.stdout.strip()}")
    return result.stdout


class Host:
    """A network namespace with its own resolv.conf and its own folder for what its servers keep."""

    def __init__(self, network, name, ipv6):
        self.network, self.name = network, name
        network.hosts[name] = self
        self.namespace = f"{network.prefix}-{name}"
        self.folder = network.folder / name
        self.folder.mkdir()
        self.folder.chmod(0o755)
        self.resolver = self.folder / "resolv.conf"
        self.resolver.write_text("")
        command("ip", "netns", "add", self.namespace)
        self.sysctl("net.ipv6.conf.all.disable_ipv6", int(not ipv6))
        self.sysctl("net.ipv6.conf.default.disable_ipv6", int(not ipv6))
        # cubic, as most machines have it; where this machine's default forbids it in a namespace, Reno, which is always allowed
        try:
            self.sysctl("net.ipv4.tcp_congestion_control", "cubic")
        except RuntimeError:
            self.sysctl("net.ipv4.tcp_congestion_control", "reno")
        # nothing learned from one run for the next one
        self.sysctl("net.ipv4.tcp_no_metrics_save", 1)
        self.ip("link", "set", "lo", "up")

    def resolve_with(self, *servers, options=""):
        lines = [f"nameserver {server}" for server in servers] + ([f"options {options}"] if options else [])
        self.resolver.write_text("\n".join(lines) + "\n")

    def words(self, words):
        inside = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'
        return ["ip", "netns", "exec", self.namespace, "sh", "-c", inside, str(self.resolver), *map(str, words)]

    def run(self, *words, check=True, **options):
        """Runs a command inside to its end. Clients may fail on purpose: check=False."""
        options.setdefault("capture_output", True)
        options.setdefault("timeout", 120)
        print("   ", self.name + "$", " ".join(map(str, words)), flush=True)
        result = subprocess.run(self.words(words), check=False, **options)
        if check and result.returncode:
            raise RuntimeError(f"{self.name}: {words}: {result.returncode} {result.stderr!r}")
        return result

    def spawn(self, *words, **options):
        """Starts a command inside; it is ended with the network at the latest. Its output goes to a file."""
        log = open(self.folder / f"{pathlib.Path(words[0]).name}-{len(self.network.processes)}.log", "wb")
        options.setdefault("stdout", log)
        options.setdefault("stderr", subprocess.STDOUT)
        options.setdefault("stdin", subprocess.DEVNULL)
        process = subprocess.Popen(self.words(words), **options)
        process.log = pathlib.Path(log.name)
        self.network.processes.append(process)
        return process

    def call(self, function, *arguments):
        """Runs a Python function inside, in a process of its own. Returns at once; `join` waits for it."""
        sys.stdout.flush()
        child = os.fork()
        if child:
            return Call(child, function.__name__)
        status = 1
        try:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            with open(f"/run/netns/{self.namespace}", "rb") as namespace:
                if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), CLONE_NEWNET):
                    raise OSError(ctypes.get_errno(), "setns")
            function(*arguments)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(status)

    def ip(self, *words):
        return command("ip", "-n", self.namespace, *words)

    def sysctl(self, key, value):
        command("ip", "netns", "exec", self.namespace, "sysctl", "-q", "-w", f"{key}={value}")

    def flush_neighbours(self):
        self.ip("neigh", "flush", "nud", "all")

    def wait_listening(self, port, protocol="tcp", seconds=10):
        """Until a socket listens on the port; looks at the kernel's list, sends nothing."""
        end = time.monotonic() + seconds
        option = "-Hltn" if protocol == "tcp" else "-Hlun"
        while time.monotonic() < end:
            sockets = command("ip", "netns", "exec", self.namespace, "ss", option)
            if any(line.split()[3].endswith(f":{port}") for line in sockets.splitlines()):
                return
            time.sleep(0.02)
        raise RuntimeError(f"{self.name}: nothing listens on {protocol} port {port}")


class Call:
    def __init__(self, child, name):
        self.child, self.name = child, name

    def join(self):
        _, status = os.waitpid(self.child, 0)
        if status:
            raise RuntimeError(f"{self.name} failed")


class Network:
    """Hosts and wires. Declare them, then `start`; as a context manager it takes everything away again."""

    def __init__(self):
        self.prefix = f"humantime-{os.getpid()}"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="humantime-lab-"))
        self.folder.chmod(0o755)
        self.hosts, self.wires, self.processes = {}, [], []
        self.mac = 0
        atexit.register(self.close)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def host(self, name, ipv6=False):
        return Host(self, name, ipv6)

    def wire(self, a, b, ms=(0.1, 0.1), mbit=100, mode="tap", mtu=1500, rules=()):
        """A wire from (host, device, addresses…) to another; ms are the one-way delays a to b and b to a."""
        rules = [dict(rule) for rule in rules]
        self.wires.append({"a": a, "b": b, "ms": ms, "mbit": mbit, "mode": mode, "mtu": mtu, "rules": rules})

    def start(self):
        self.log = self.folder / "relay.jsonl"
        spec = {"log": str(self.log), "wires": []}
        for wire in self.wires:
            entry = {"mode": wire["mode"], "mbit": wire["mbit"], "rules": wire["rules"]}
            entry["ms"] = {"a": wire["ms"][0], "b": wire["ms"][1]}
            for end in "ab":
                host, device, *_ = wire[end]
                entry[end] = {"namespace": host.namespace, "device": device}
            spec["wires"].append(entry)
        relay = subprocess.Popen([sys.executable, LAB / "relay.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.processes.append(relay)
        relay.stdin.write(json.dumps(spec).encode())
        relay.stdin.close()
        if relay.stdout.readline() != b"ready\n":
            raise RuntimeError("the relay did not start")
        for wire in self.wires:
            for end in "ab":
                self.configure(*wire[end], mtu=wire["mtu"], tap=wire["mode"] == "tap")

    def configure(self, host, device, *addresses, mtu=1500, tap=True):
        if tap:
            self.mac += 1
            host.ip("link", "set", device, "address", f"02:00:00:00:00:{self.mac:02x}")
        host.ip("link", "set", device, "mtu", mtu, "up")
        for address in addresses:
            words = ["nodad"] if ":" in address else []
            host.ip("address", "add", address, "dev", device, *words)

    def touched(self):
        """What the relay's rules did so far."""
        if not self.log.exists():
            return []
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def close(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()
        for host in self.hosts.values():
            with contextlib.suppress(RuntimeError):
                for pid in command("ip", "netns", "pids", host.namespace).split():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(int(pid), signal.SIGKILL)
                command("ip", "netns", "del", host.namespace)
        self.hosts.clear()
        shutil.rmtree(self.folder, ignore_errors=True)
        atexit.unregister(self.close)


def end_on_signals():
    """SIGTERM and SIGHUP end the recorder the way an exception does, so that the namespaces are taken away."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
