# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests do with Wireshark's window and the dialog, in a person's words."""

MENU, ENTRY, TITLE = "Statistics", "Year Timeline", "Wireshark · Year Timeline"
FETCH, OTHER = "article-fetch-01-client", "http-plain"
NO_CAPTURE = "The Wireshark Network Analyzer"


def frame_of(wireshark, capture, token, *arguments):
    """The first frame that has the phase, as the report tells."""
    for event in wireshark.events(capture, *arguments):
        if token in event["phases"]:
            return event["frame"]
    raise AssertionError(f"no {token} in {capture}")


def open_dialog(desktop):
    desktop.menu(MENU, ENTRY)
    return desktop.until(lambda: desktop.windows(TITLE), "the dialog does not open")


def mark(desktop, name, **more):
    """An event in the dialog, by the name that a screen reader reads."""
    return desktop.wait_for(inside=TITLE, name=name, **more)


def is_selected(desktop, name):
    return any({"selected", "focused"} & set(item["states"]) for item in desktop.find(inside=TITLE, name=name))


def ready(desktop, capture):
    desktop.wait_for(name=capture)
    desktop.until(lambda: desktop.selected_packet() == 1, "the first packet is not selected")


def quit(desktop, window):
    desktop.keys(window, "ctrl+q")
    return desktop.ended()


def holds(desktop, packets):
    """The status bar counts so many packets; how it goes on differs between versions."""
    beginning = ["Packets:", str(packets)]
    desktop.until(
        lambda: any(item["name"].split(" ")[:2] == beginning for item in desktop.find(name="Packets: ")),
        f"not {packets} packets",
    )


def gone(desktop, name):
    """The event is shown no more."""
    desktop.until(lambda: not desktop.find(inside=TITLE, name=name), f"{name} stays")


def goes_to(desktop, name, packet):
    """A double click on the event selects this packet, and no other."""
    desktop.click(mark(desktop, name), times=2)
    desktop.until(lambda: desktop.selected_packet() == packet, f"packet {packet} is not selected")


def choose(desktop, shown, row):
    """Another row, from 0, in the dialog's chooser that shows this one."""
    desktop.click(desktop.wait_for(inside=TITLE, name=shown))
    desktop.xdotool("key", "--delay", 80, "Home", *["Down"] * row, "Return")
