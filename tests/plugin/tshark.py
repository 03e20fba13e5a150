# SPDX-License-Identifier: GPL-2.0-or-later
"""The one way in which the tests run Wireshark's programs: as an ordinary user, with the plugin as it was
built.

Wireshark ignores WIRESHARK_PLUGIN_DIR and personal folders for root, so root runs them as `nobody`;
everything that they read is copied where that user can read it. The environment is the same everywhere: no
personal preferences, no time zone, UTF-8.
"""

import atexit
import json
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CAPTURES = ROOT / "sample-captures"
SUFFIX = ".pcapng.gz"


def capture_names():
    """The sample captures, without folder and suffix."""
    return sorted(path.name.removesuffix(SUFFIX) for path in CAPTURES.glob("*" + SUFFIX))


def capture_path(name):
    return CAPTURES / (name + SUFFIX)


def keys_path(name):
    """The key log of a sample's TLS connections, or None. One for both ends of a recording."""
    truth = CAPTURES / f"{name}.truth.json"
    if truth.exists() and (told := json.loads(truth.read_text(encoding="utf-8")).get("keys")):
        return CAPTURES / told
    candidates = (name, name.removesuffix("-client"), name.removesuffix("-server"))
    return next((path for c in candidates if (path := CAPTURES / (c + ".keys")).exists()), None)


def has_several_interfaces(name):
    """Whether a sample was captured at several places, as its recorder tells."""
    truth = CAPTURES / f"{name}.truth.json"
    return truth.exists() and "interfaces" in json.loads(truth.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Result:
    """What a program left behind. Bytes that are no UTF-8 stay in the text as lone surrogates."""

    status: int
    stdout: str
    stderr: str


class Wireshark:
    """Runs tshark, sharkd, editcap and the others, and remembers what a command line printed."""

    def __init__(self, plugins):
        self.folder = Path(tempfile.mkdtemp(prefix="humantime-tests-"))
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self.folder.chmod(0o755)
        self._user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._home = self._own_folder("home", 0o700)
        self._runtime = self._own_folder("run", 0o700)
        self._none = self._own_folder("no-plugins", 0o755)
        self.scratch = self._own_folder("scratch", 0o755)
        self._inputs = self.folder / "inputs"
        self._inputs.mkdir()
        self._plugins = self.folder / "plugins"
        shutil.copytree(plugins, self._plugins)
        self._remembered = {}
        self._copies = {}

    def _own_folder(self, name, mode):
        folder = self.folder / name
        folder.mkdir(mode=mode)
        folder.chmod(mode)
        if self._user:
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)
        return folder

    def environment(self, plugin=True):
        """Another folder of global plugins replaces the installed one: without the plugin it is an empty
        one."""
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self._home),
            "XDG_RUNTIME_DIR": str(self._runtime),
            "WIRESHARK_PLUGIN_DIR": str(self._plugins if plugin else self._none),
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
            # Wireshark's start is most of what the tests wait for: an eighth of it is spent on small pages.
            "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
        }
        # A plugin that was built with a sanitizer needs its library before everything else.
        preload = os.environ.get("HUMANTIME_TEST_PRELOAD")
        if preload and plugin:
            environment["LD_PRELOAD"] = preload
            environment["ASAN_OPTIONS"] = "detect_leaks=0:abort_on_error=1:allow_user_segv_handler=1"
            environment["UBSAN_OPTIONS"] = "halt_on_error=1:print_stacktrace=1"
        return environment

    def process(self, *command, plugin=True, **keywords):
        """How subprocess is to start a program: arguments for run() or Popen()."""
        keywords.setdefault("cwd", self.scratch)
        keywords["env"] = self.environment(plugin)
        # With its own arguments for this subprocess would fork, which copies what a long run remembers.
        become = (
            ["setpriv", f"--reuid={self._user.pw_uid}", f"--regid={self._user.pw_gid}", "--clear-groups"]
            if self._user
            else []
        )
        return {"args": [*become, *(str(word) for word in command)], **keywords}

    def run(self, program, *arguments, plugin=True, stdin=b"", timeout=120):
        done = subprocess.run(
            **self.process(
                program, *arguments, plugin=plugin, input=stdin, capture_output=True, timeout=timeout
            )
        )
        return Result(
            done.returncode,
            done.stdout.decode("utf-8", "surrogateescape"),
            # Warnings come with the process's number and the time of day.
            re.sub(r"\((\w+):\d+\) [\d:.]+", r"(\1)", done.stderr.decode("utf-8", "surrogateescape")),
        )

    def output(self, program, *arguments, plugin=True):
        """What it prints if it succeeds, remembered."""
        key = (program, tuple(str(word) for word in arguments), plugin)
        if key not in self._remembered:
            result = self.run(program, *arguments, plugin=plugin)
            assert result.status == 0, f"{' '.join(key[1])}: exit {result.status}: {result.stderr}"
            self._remembered[key] = result.stdout
        return self._remembered[key]

    def readable(self, capture):
        """The capture, a sample's name or a file, where the programs may read it."""
        path = capture_path(capture) if isinstance(capture, str) else Path(capture)
        if path.is_relative_to(self.folder):
            return path
        if path not in self._copies:
            self._copies[path] = self._inputs / path.name
            shutil.copyfile(path, self._copies[path])
            self._copies[path].chmod(0o644)
        return self._copies[path]

    def secrets(self, name):
        """The options that give Wireshark a sample's secrets: none where it has none."""
        path = keys_path(name)
        return ("-o", f"tls.keylog_file:{self.readable(path)}") if path else ()

    def write(self, name, content):
        """A new input file of these bytes."""
        path = self._inputs / name
        path.write_bytes(content)
        path.chmod(0o644)
        return path

    def tshark(self, capture, *arguments, two_pass=True, plugin=True):
        """What tshark prints for the capture."""
        passes = ["-2"] if two_pass else []
        return self.output("tshark", *passes, "-r", self.readable(capture), *arguments, plugin=plugin)

    def fields(self, capture, *names, two_pass=True, options=(), plugin=True):
        """One dictionary a frame: each field's values, in their order. No value of these captures holds a
        `|`. Booleans are 0 and 1 whatever the version (from 4.2 on tshark writes False and True)."""
        booleans = {"False": "0", "True": "1"}
        words = [word for name in names for word in ("-e", name)]
        text = self.tshark(
            capture, *options, "-T", "fields", "-E", "separator=/t", "-E", "aggregator=|",
            "-E", "occurrence=a",
            *words, two_pass=two_pass, plugin=plugin,
        )  # fmt: skip
        return [
            {
                name: [booleans.get(value, value) for value in cell.split("|")] if cell else []
                for name, cell in zip(names, line.split("\t"), strict=True)
            }
            for line in text.removesuffix("\n").split("\n")
            if text
        ]

    def events(self, capture, *arguments, two_pass=True):
        """The records of the events report, as JSON tells them."""
        text = self.tshark(capture, *arguments, "-q", "-z", "humantime,events,json", two_pass=two_pass)
        return [json.loads(line) for line in text.splitlines()]


class Sharkd:
    """A session with sharkd: one request, one answer, frames in any order."""

    def __init__(self, wireshark, plugin=True):
        self._number = 0
        self._process = subprocess.Popen(
            **wireshark.process(
                "sharkd", "-", plugin=plugin,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )
        )  # fmt: skip

    def ask(self, method, **parameters):
        """The answer's `result`, or its `error`."""
        self._number += 1
        request = {"jsonrpc": "2.0", "id": self._number, "method": method, "params": parameters}
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()
        while True:
            line = self._process.stdout.readline()
            assert line, f"sharkd ended at {request}"
            answer = json.loads(line.decode("utf-8", "surrogateescape"))
            if answer.get("id") == self._number:
                return answer.get("result", answer.get("error"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(timeout=20)
        self._process.stdout.close()
