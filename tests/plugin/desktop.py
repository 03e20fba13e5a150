# SPDX-License-Identifier: GPL-2.0-or-later
"""A display that nobody looks at, with Wireshark's window on it: for the tests of the dialog. Hands are xdotool's, eyes
are the accessibility interface's, which every screen reader uses: nothing in the product is there for the tests.
"""

import atexit
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

PROGRAMS = {"wireshark": "wireshark", "Xvfb": "xvfb", "xdotool": "xdotool", "dbus-run-session": "dbus-daemon"}
HERE = Path(__file__).resolve().parent
# Qt's own words for it.
BLIND = "Error in contacting registry"


def missing():
    """What the tests would need and is not installed: a sentence, or None."""
    packages = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    if not Path("/usr/libexec/at-spi-bus-launcher").exists():
        packages.append("at-spi2-core")
    if subprocess.run([sys.executable, "-c", "from gi.repository import Gio"], capture_output=True).returncode != 0:
        packages.append("python3-gi")
    return f"not installed: {', '.join(packages)}" if packages else None


class Desktop:
    """One Wireshark on one display. Everything waits until it is so, and says what there was if it never is."""

    numbers = itertools.count()
    # Nothing but the capture and our dialog may open.
    OPTIONS = ("-o", "gui.update.enabled:FALSE", "-o", "gui.ask_unsaved:FALSE")

    def __init__(self, wireshark, *arguments, plugins=None, recent="", before=None):
        """`recent`: what Wireshark remembers of earlier sessions. `before`: what is to be done before it starts."""
        home = Path(wireshark.environment()["HOME"])
        remembered = wireshark.write("recent_common", recent.encode())
        subprocess.run(
            **wireshark.process("install", "-D", "-m", "644", remembered, home / ".config/wireshark/recent_common"),
            check=True,
        )
        self.wireshark = wireshark
        eyes = wireshark.write("desktop_session.py", (HERE / "desktop_session.py").read_bytes())
        # Rarely Qt loses the accessibility bus while it registers there ("Error in contacting registry") and does not come
        # back to it. Then all is begun anew, the display too: the bus's address stands on its root window, and Qt takes the
        # one that it finds there, though its bus has ended.
        for _ in range(3):
            self.begin_display()
            atexit.register(self.display.kill)
            self.begin_session(eyes, {"WIRESHARK_PLUGIN_DIR": str(plugins)} if plugins else {})
            if before:
                before()
            self.ask("start", command=["wireshark", *self.OPTIONS, *map(str, arguments)], log=str(self.log))
            if self.comes_into_sight():
                return
            told = self.told()
            self.end_session()
            self.end_display()
        raise AssertionError(f"nothing can be seen of Wireshark; it says: {told}")

    def comes_into_sight(self, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end and BLIND not in self.told() and self.status() is None:
            if self.ask("is_seen"):
                return True
            time.sleep(0.1)
        return False

    def begin_display(self):
        read, write = os.pipe()
        display = self.wireshark.process(
            "Xvfb", "-displayfd", str(write), "-screen", "0", "1400x1000x24", "-nolisten", "tcp", "-noreset",
            pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.display = subprocess.Popen(**display)
        os.close(write)
        with os.fdopen(read) as number:
            self.number = number.readline().strip()
        assert self.number, "Xvfb did not start"

    def begin_session(self, eyes, environment):
        # The accessibility bus has a name there that is made of the display's number.
        runtime = self.wireshark.scratch / f"run-{os.getpid()}-{next(Desktop.numbers)}"
        subprocess.run(**self.wireshark.process("install", "-d", "-m", "700", runtime), check=True)
        self.log, self.session_log = self.wireshark.scratch / f"{runtime.name}.log", runtime / "log"
        session = self.wireshark.process(
            "dbus-run-session", "--", sys.executable, eyes,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.session_log.open("w"), text=True,
        )  # fmt: skip
        session["env"] |= {
            "DISPLAY": f":{self.number}",
            "XDG_RUNTIME_DIR": str(runtime),
            "QT_ACCESSIBILITY": "1",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "QT_QPA_PLATFORM": "xcb",
            **environment,
        }
        self.session = subprocess.Popen(**session)

    def end_session(self):
        self.session.stdin.close()
        self.session.wait(timeout=20)
        self.session.stdout.close()

    def end_display(self):
        self.display.terminate()
        self.display.wait(timeout=20)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            self.picture("failed")
        self.end_session()
        self.end_display()

    def picture(self, name):
        """For people: where HUMANTIME_TEST_PICTURES names a folder and ImageMagick is installed."""
        folder = os.environ.get("HUMANTIME_TEST_PICTURES")
        if folder and shutil.which("import"):
            path = Path(folder) / f"{name}-{self.number}.png"
            subprocess.run(["import", "-display", f":{self.number}", "-window", "root", str(path)], check=False)

    def ask(self, question, **parameters):
        self.session.stdin.write(json.dumps({"ask": question, **parameters}) + "\n")
        self.session.stdin.flush()
        # The daemons of the session write there too.
        for line in self.session.stdout:
            if line.startswith('{"answer"'):
                return json.loads(line)["answer"]
        raise AssertionError(f"the session ended: {self.session_log.read_text(encoding='utf-8')[-2000:]}")

    # -- eyes

    def find(self, **what):
        return self.ask("find", **what)

    def wait_for(self, seconds=60, **what):
        """The first that is found."""
        found = self.until(lambda: self.find(**what), f"nothing like {what}", seconds)
        return found[0]

    def until(self, condition, otherwise, seconds=60):
        end = time.monotonic() + seconds
        while True:
            value = condition()
            if value:
                return value
            assert self.status() is None, f"Wireshark ended with {self.status()}: {self.told()}"
            if time.monotonic() > end:
                windows = [item["name"] for item in self.find(most=400) if item["name"]]
                raise AssertionError(f"{otherwise} after {seconds} s; there is {windows}; it says: {self.told()}")
            time.sleep(0.1)

    def told(self):
        return "".join(
            log.read_text(encoding="utf-8", errors="replace")[-1500:] for log in (self.log, self.session_log)
        )

    def status(self):
        return self.ask("status")

    def ended(self, seconds=60):
        """The exit status of a Wireshark that ends."""
        end = time.monotonic() + seconds
        while self.status() is None:
            assert time.monotonic() < end, f"Wireshark does not end; it says: {self.told()}"
            time.sleep(0.1)
        return self.status()

    def windows(self, name=""):
        """The ids of the windows whose title begins so."""
        status, text = self.ask("do", command=["xdotool", "search", "--onlyvisible", "--name", f"^{re.escape(name)}"])
        return text.split() if status == 0 else []

    def selected_packet(self):
        """What the packet details begin with: `Frame 3: …`."""
        for item in self.find(name="Frame ", most=5):
            number = re.match(r"Frame (\d+): ", item["name"])
            if number:
                return int(number[1])
        return None

    # -- hands

    def xdotool(self, *words):
        status, _ = self.ask("do", command=["xdotool", *map(str, words)])
        assert status == 0, f"xdotool {words}"

    def click(self, item, times=1):
        x, y, width, height = item["box"]
        self.xdotool("mousemove", x + width // 2, y + height // 2)
        self.xdotool("click", "--repeat", times, "--delay", 60, 1)

    def keys(self, window, *keys):
        """To the window with the title: there is no window manager that gives it the focus."""
        (number, *_) = self.until(lambda: self.windows(window), f"no window {window}")
        self.xdotool("windowfocus", "--sync", number)
        self.xdotool("key", "--delay", 80, *keys)

    def menu(self, menu, entry, window=None):
        """Opens a menu with the mouse and clicks on the entry; raises the window with the title before, where another
        one may lie on it."""
        if window is not None:
            (number, *_) = self.until(lambda: self.windows(window), f"no window {window}")
            self.xdotool("windowraise", number)
        title = self.wait_for(role="menu item", name=menu)
        wanted = {"role": "menu item", "name": entry, "showing": True}
        # A window that is busy with a capture lets a click on its menu pass; a second click closes an open one.
        for _ in range(4):
            self.click(title)
            end = time.monotonic() + 5
            while time.monotonic() < end:
                found = self.find(**wanted)
                if found:
                    self.click(found[0])
                    return
                time.sleep(0.1)
        self.wait_for(**wanted)
