# SPDX-License-Identifier: GPL-2.0-or-later
"""Statistics → Year Timeline in Wireshark itself, on a display of its own: the menu is clicked, what is seen is what the
accessibility interface tells, and in the end Wireshark must end well.
"""

import os
import shutil
import struct
import subprocess

import pytest

import pcapng
from desktop import Desktop, missing
from dialog import ENTRY, FETCH, NO_CAPTURE, OTHER, TITLE, frame_of, holds, is_selected, mark, open_dialog, quit, ready
from tshark import capture_path

pytestmark = pytest.mark.skipif(missing() is not None, reason=f"no window: {missing()}")

def test_dialog(wireshark):
    """From the menu to the mark, from the mark to the packet and back, and out."""
    hello = frame_of(wireshark, FETCH, "tls.client_hello")
    with Desktop(wireshark, "-r", wireshark.readable(FETCH)) as desktop:
        ready(desktop, FETCH)

        # Where it stands, and that no other entry has its shortcut.
        entries = desktop.find(role="menu item", showing=False, most=2000)
        names = [item["name"] for item in entries]
        assert names.count(ENTRY) == 1
        assert names[names.index(ENTRY) - 1].startswith("I/O Graph"), names
        (shortcut,) = {item["shortcut"] for item in entries if item["name"] == ENTRY}
        assert shortcut, "no shortcut"
        assert [item["name"] for item in entries if item["shortcut"] == shortcut] == [ENTRY]

        assert not desktop.windows(TITLE)
        open_dialog(desktop)
        assert desktop.windows(f"{TITLE} · {FETCH}"), "the title does not name the capture"
        mark(desktop, "ARP request")
        desktop.picture("dialog")

        # The mark moves the packet list.
        desktop.click(mark(desktop, "ClientHello"), times=2)
        desktop.until(lambda: desktop.selected_packet() == hello, f"packet {hello} is not selected")

        # The packet list moves the mark.
        desktop.keys(FETCH, "ctrl+Home")
        desktop.until(lambda: desktop.selected_packet() == 1, "the list does not go back")
        desktop.until(lambda: is_selected(desktop, "ARP request"), "the mark of packet 1 is not selected")
        desktop.keys(FETCH, "ctrl+Down")
        desktop.until(lambda: is_selected(desktop, "ARP reply"), "the mark of packet 2 is not selected")

        # The shortcut brings it to the front, and opens no second one.
        desktop.keys(FETCH, shortcut.lower().replace("ctrl", "ctrl"))
        assert len(desktop.windows(TITLE)) == 1
        assert quit(desktop, FETCH) == 0


def test_captures_come_and_go(wireshark):
    """Reloaded, filtered, closed, another one opened: what is shown is what is there. The display filter stays."""
    recent = "".join(f"recent.capture_file: {wireshark.readable(name)}\n" for name in (OTHER, FETCH))
    with Desktop(wireshark, "-r", wireshark.readable(FETCH), recent=recent) as desktop:
        ready(desktop, FETCH)
        open_dialog(desktop)
        mark(desktop, "ClientHello")

        desktop.keys(FETCH, "ctrl+r")
        desktop.until(lambda: desktop.selected_packet() == 1, "the capture is not reloaded")
        mark(desktop, "ClientHello")

        # Hidden by the display filter there is no packet to go to, least of all another one.
        desktop.keys(FETCH, "ctrl+slash")
        desktop.xdotool("type", "arp")
        desktop.xdotool("key", "Return")
        desktop.wait_for(name="Packets: 145 · Displayed: 2 ")
        desktop.keys(FETCH, "ctrl+Home")
        desktop.until(lambda: desktop.selected_packet() == 1, "packet 1 is not selected")
        desktop.click(mark(desktop, "ClientHello"), times=2)
        desktop.wait_for(inside=TITLE, name="tls.client_hello#1")
        assert desktop.selected_packet() == 1

        desktop.keys(FETCH, "ctrl+w")
        desktop.until(lambda: not desktop.find(inside=TITLE, name="ARP"), "closed, and still shown")
        mark(desktop, "Year 1, 0 events")

        desktop.menu("File", "Open Recent", window=NO_CAPTURE)
        desktop.click(desktop.wait_for(role="menu item", name=str(wireshark.readable(OTHER))))
        desktop.until(lambda: desktop.windows(f"{TITLE} · {OTHER}"), "the title does not name the other capture")
        desktop.keys(OTHER, "ctrl+slash", "ctrl+a", "Delete", "Return")
        desktop.until(lambda: not desktop.find(name="Packets: 144 · Displayed: 2 "), "the filter stays")
        get = frame_of(wireshark, OTHER, "http.request")
        desktop.click(mark(desktop, "HTTP request"), times=2)
        desktop.until(lambda: desktop.selected_packet() == get, f"packet {get} is not selected")
        assert not desktop.find(inside=TITLE, name="ClientHello")
        assert quit(desktop, OTHER) == 0


def test_before_any_capture(wireshark):
    with Desktop(wireshark) as desktop:
        open_dialog(desktop)
        mark(desktop, "Year 1, 0 events")
        assert quit(desktop, NO_CAPTURE) == 0


def test_empty_capture(wireshark):
    capture = wireshark.write("empty.pcap", struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
    with Desktop(wireshark, "-r", capture, "-o", "humantime.open_timeline:TRUE") as desktop:
        desktop.until(lambda: desktop.windows(f"{TITLE} · empty"), "the preference opens no dialog")
        assert quit(desktop, "empty") == 0


def test_live_capture(wireshark):
    """From a pipe, as from any interface: events appear while it goes on, and stay when it has ended."""
    blocks = pcapng.read(capture_path(FETCH))
    head = pcapng.join([block for block in blocks if block.kind in (pcapng.SECTION, pcapng.INTERFACE)])
    frames = [block for block in blocks if block.kind == pcapng.PACKET]
    pipe = wireshark.scratch / "live.pipe"

    def lay_pipe():
        pipe.unlink(missing_ok=True)
        os.mkfifo(pipe)
        pipe.chmod(0o666)

    with Desktop(wireshark, "-k", "-i", pipe, before=lay_pipe) as desktop:
        with open(pipe, "wb", buffering=0) as live:
            live.write(head + pcapng.join(frames[:10]))
            holds(desktop, 10)
            open_dialog(desktop)
            mark(desktop, "DNS query")
            assert not desktop.find(inside=TITLE, name="SYN")
            live.write(pcapng.join(frames[10:15]))
            mark(desktop, "ClientHello")
            live.write(pcapng.join(frames[15:]))
            holds(desktop, len(frames))
        (close, *_) = desktop.until(
            lambda: desktop.find(inside=TITLE, name="ACK of the FIN", most=1), "no end of the connection"
        )
        desktop.click(close, times=2)
        desktop.until(lambda: desktop.selected_packet() not in (None, 1), "the packet list does not move")
        (window, *_) = desktop.windows("*")
        desktop.xdotool("windowfocus", "--sync", window)
        desktop.xdotool("key", "ctrl+q")
        assert desktop.ended() == 0


# -- without the dialog


def broken(content):
    return b"\x7fELF" + b"no library" * 100


def of_another_qt(content):
    for ours, other in ((b"libQt5Core.so.5", b"libQt6Core.so.6"), (b"libQt6Core.so.6", b"libQt5Core.so.5")):
        if ours in content:
            return content.replace(ours, other)
    raise AssertionError("the dialog's library needs no Qt")


@pytest.mark.parametrize(
    "change, told",
    [(None, None), (broken, "was not built for Qt"), (of_another_qt, "was not built for Qt")],
    ids=["absent", "broken", "another-qt"],
)
def test_no_library(wireshark, change, told):
    """Then there is no entry, Wireshark says why, and all the rest works."""
    plugins = wireshark.scratch / f"plugins-{change.__name__ if change else 'absent'}"
    shutil.copytree(wireshark.environment()["WIRESHARK_PLUGIN_DIR"], plugins)
    (library,) = plugins.glob("*/humantime/humantime-ui.so")
    if change:
        library.write_bytes(change(library.read_bytes()))
    else:
        library.unlink()
    with Desktop(wireshark, "-r", wireshark.readable(OTHER), plugins=plugins) as desktop:
        if told:
            desktop.until(
                lambda: any(told in item["name"] for item in desktop.find(most=2000)), "Wireshark says nothing"
            )
            desktop.click(desktop.wait_for(role="push button", name="OK"))
        ready(desktop, OTHER)
        assert not desktop.find(role="menu item", name=ENTRY, showing=False)
        assert "humantime.so" in " ".join(desktop.ask("loaded"))
        assert "humantime-ui.so" not in " ".join(desktop.ask("loaded"))
        assert quit(desktop, OTHER) == 0


def test_tshark_loads_no_qt(wireshark):
    """Neither Qt nor the dialog, whatever it is asked for."""
    process = wireshark.process(
        "tshark", "-2", "-r", wireshark.readable(FETCH), "-q", "-z", "humantime,diary", stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    process["env"]["LD_DEBUG"] = "libs"
    done = subprocess.run(**process)
    assert done.returncode == 0
    assert "humantime.so" in done.stderr, "LD_DEBUG shows not what is known to be there"
    assert "libQt" not in done.stderr and "humantime-ui" not in done.stderr


