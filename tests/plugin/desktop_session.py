# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside of a session of its own, as the ordinary user: starts Wireshark, and tells by the accessibility interface
(AT-SPI, over D-Bus) what a person sees in its windows. One request a line on standard input, one answer a line on
standard output, both JSON. desktop.py is the other side.
"""

import json
import subprocess
import sys

from gi.repository import Gio, GLib

ACCESSIBLE, COMPONENT, ACTION = (f"org.a11y.atspi.{name}" for name in ("Accessible", "Component", "Action"))
# A bus starts with the first question, and Wireshark answers between two slices of its work.
PATIENCE_MS = 30000
PROPERTIES = "org.freedesktop.DBus.Properties"
# Bits of AtspiStateType.
STATES = {"active": 1, "enabled": 8, "focused": 12, "selected": 23, "showing": 25}
ROLES = {"menu item": 35, "popup menu": 41, "tree": 65, "table": 55, "table cell": 56, "push button": 43}
MENUS = (ROLES["menu item"], ROLES["popup menu"])
# A table has a child for each cell, and each is asked for by itself. Wireshark's lists are trees.
MOST_CHILDREN = {ROLES["tree"]: 24, ROLES["table"]: 250}


class Session:
    def __init__(self):
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        # Qt tells only where somebody listens.
        session.call_sync(
            "org.a11y.Bus", "/org/a11y/bus", PROPERTIES, "Set",
            GLib.Variant("(ssv)", ("org.a11y.Status", "IsEnabled", GLib.Variant("b", True))),
            None, Gio.DBusCallFlags.NONE, PATIENCE_MS,
        )  # fmt: skip
        (address,) = session.call_sync(
            "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None,
            None, Gio.DBusCallFlags.NONE, PATIENCE_MS,
        )  # fmt: skip
        self.bus = Gio.DBusConnection.new_for_address_sync(
            address,
            Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION,
        )
        self.root = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
        self.children(self.root)
        self.process = None

    # -- questions

    def start(self, command, log):
        self.stop()
        with open(log, "wb") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output)
        return self.process.pid

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def is_seen(self):
        """Whether the program tells what it shows."""
        return bool(self.children(self.root))

    def status(self):
        """The exit status; None while it runs."""
        return self.process.poll()

    def do(self, command):
        """What stands in for hands: xdotool."""
        done = subprocess.run(command, capture_output=True, text=True)
        return [done.returncode, done.stdout]

    def loaded(self):
        """The shared libraries in the process."""
        with open(f"/proc/{self.process.pid}/maps", encoding="utf-8") as maps:
            return sorted({line.split(None, 5)[5].strip() for line in maps if "/" in line})

    def find(self, role=None, name="", inside="", showing=True, most=50):
        """All that have the role and whose name begins so, inside of the windows whose name begins so."""
        found = []
        for application in self.children(self.root):
            for window in self.children(application):
                try:
                    if self.name(window).startswith(inside):
                        self.walk(window, ROLES[role] if role else None, name, showing, most, found)
                except GLib.Error as error:
                    print(f"{application} {window}: {error}", file=sys.stderr)  # it is gone by now
        return found

    # -- the tree

    def walk(self, item, role, name, showing, most, found):
        if len(found) >= most:
            return
        try:
            own = self.role(item)
            is_shown = "showing" in self.states(item)
            # What is not shown has nothing in it that is; but a menu's entry is shown with its menu or without.
            if not is_shown and own not in MENUS:
                return
            if (is_shown or not showing) and role in (None, own):
                own_name = self.name(item)
                if own_name.startswith(name):
                    found.append(self.told(item, own, own_name))
            for child in self.children(item, MOST_CHILDREN.get(own)):
                self.walk(child, role, name, showing, most, found)
        except GLib.Error:
            return  # it is gone by now

    def told(self, item, role, name):
        return {
            "role": role,
            "name": name,
            "shortcut": self.call(item, ACTION, "GetKeyBinding", "(i)", 0)[0] if role in MENUS else "",
            "box": self.call(item, COMPONENT, "GetExtents", "(u)", 0)[0],
            "states": self.states(item),
        }

    def call(self, item, interface, method, signature=None, *arguments):
        return self.bus.call_sync(
            item[0], item[1], interface, method, GLib.Variant(signature, arguments) if signature else None,
            None, Gio.DBusCallFlags.NONE, PATIENCE_MS,
        ).unpack()  # fmt: skip

    def children(self, item, most=None):
        if most is None:
            return self.call(item, ACCESSIBLE, "GetChildren")[0]
        count = self.call(item, PROPERTIES, "Get", "(ss)", ACCESSIBLE, "ChildCount")[0]
        return [self.call(item, ACCESSIBLE, "GetChildAtIndex", "(i)", i)[0] for i in range(min(count, most))]

    def role(self, item):
        return self.call(item, ACCESSIBLE, "GetRole")[0]

    def name(self, item):
        return self.call(item, PROPERTIES, "Get", "(ss)", ACCESSIBLE, "Name")[0]

    def states(self, item):
        low, high = self.call(item, ACCESSIBLE, "GetState")[0]
        return [name for name, bit in STATES.items() if (high << 32 | low) >> bit & 1]

    def serve(self):
        for line in sys.stdin:
            request = json.loads(line)
            try:
                answer = getattr(self, request.pop("ask"))(**request)
            except GLib.Error as error:
                print(error, file=sys.stderr)  # Wireshark has no time for the question, or is gone
                answer = []
            print(json.dumps({"answer": answer}), flush=True)
        self.stop()


if __name__ == "__main__":
    Session().serve()
