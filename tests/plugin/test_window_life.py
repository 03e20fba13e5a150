# SPDX-License-Identifier: GPL-2.0-or-later
"""What may happen to Wireshark's window while the dialog is open: what was shown before must be gone, and every click
must lead to the packet that it shows.
"""

import os
import subprocess
import threading
from pathlib import Path

import pytest

import pcapng
from desktop import Desktop, missing
from dialog import FETCH, OTHER, TITLE, choose, frame_of, goes_to, gone, holds, mark, open_dialog, quit, ready
from tshark import capture_path

pytestmark = pytest.mark.skipif(missing() is not None, reason=f"no window: {missing()}")

# Of Wireshark's own windows.
SHIFT, PROFILES = "Wireshark · Time Shift", "Wireshark · Configuration Profiles"


def test_times_are_moved(wireshark):
    """Edit → Time Shift moves the beginning of the year with its events; a time reference is another beginning."""
    hello = frame_of(wireshark, FETCH, "tls.client_hello")
    with Desktop(wireshark, "-r", wireshark.readable(FETCH)) as desktop:
        ready(desktop, FETCH)
        open_dialog(desktop)
        dated = mark(desktop, "ClientHello, TLS, client to server, sent ")["name"]

        desktop.keys(FETCH, "ctrl+shift+t")
        desktop.click(desktop.wait_for(inside=SHIFT, name="Shift all packets by"))
        desktop.xdotool("key", "Tab")
        desktop.xdotool("type", "1:00:00")
        desktop.click(desktop.wait_for(inside=SHIFT, name="Apply"))
        shifted = f"*{FETCH}"
        desktop.until(lambda: desktop.windows(shifted), "nothing is shifted")
        desktop.click(desktop.wait_for(inside=SHIFT, name="Close"))
        mark(desktop, "Year 1, 145 events")
        mark(desktop, dated)
        goes_to(desktop, "ClientHello", hello)

        # The packet that is selected stays in sight, in whatever year it is.
        choose(desktop, "capture start", 2)
        desktop.wait_for(inside=TITLE, name="time reference")
        desktop.keys(shifted, "ctrl+t")
        mark(desktop, "ClientHello, TLS, client to server, sent January 1 00:00")
        mark(desktop, f"Year 1, {145 - hello + 1} events")
        desktop.keys(shifted, "ctrl+t")
        mark(desktop, dated)
        mark(desktop, "Year 1, 145 events")
        goes_to(desktop, "ARP reply", 2)
        # It is a preference, which the next session would have too.
        choose(desktop, "time reference", 0)
        desktop.wait_for(inside=TITLE, name="capture start")
        assert quit(desktop, shifted) == 0


def test_profile(wireshark):
    """Another profile has other preferences: another language, and nothing is inferred."""
    home = Path(wireshark.environment()["HOME"])
    preferences = wireshark.write("preferences", b"humantime.language: ja\nhumantime.infer_encrypted: FALSE\n")
    subprocess.run(
        **wireshark.process(
            "install", "-D", "-m", "644", preferences, home / ".config/wireshark/profiles/Another/preferences"
        ),
        check=True,
    )

    def switch(desktop, profile):
        desktop.keys(FETCH, "ctrl+shift+a")
        desktop.click(desktop.wait_for(inside=PROFILES, name=profile))
        desktop.click(desktop.wait_for(inside=PROFILES, name="OK"))

    with Desktop(wireshark, "-r", wireshark.readable(FETCH)) as desktop:
        ready(desktop, FETCH)
        open_dialog(desktop)
        mark(desktop, "HTTP request")
        switch(desktop, "Another")
        japanese = "Wireshark · "
        desktop.wait_for(inside=japanese, name="ClientHello、TLS、")
        assert not desktop.find(inside=japanese, name="HTTP リクエスト")
        assert not desktop.find(inside=japanese, name="HTTP request")
        # The mark, not the diary's row, which the panel may cut.
        found = desktop.find(inside=japanese, name="ClientHello、TLS、")
        desktop.click(min(found, key=lambda item: item["box"][2] * item["box"][3]), times=2)
        wanted = frame_of(wireshark, FETCH, "tls.client_hello")
        desktop.until(lambda: desktop.selected_packet() == wanted, f"packet {wanted} is not selected")
        switch(desktop, "Default")
        mark(desktop, "HTTP request")
        assert quit(desktop, FETCH) == 0


def test_display_filter(wireshark):
    """With "Limit to display filter" what it hides is not there; without it, it is, and leads nowhere."""
    with Desktop(wireshark, "-r", wireshark.readable(FETCH)) as desktop:
        ready(desktop, FETCH)
        open_dialog(desktop)
        mark(desktop, "ClientHello")
        desktop.click(desktop.wait_for(inside=TITLE, name="Limit to display filter"))
        desktop.keys(FETCH, "ctrl+slash")
        desktop.xdotool("type", "dns")
        desktop.xdotool("key", "Return")
        gone(desktop, "ClientHello, ")
        gone(desktop, "ARP reply, ")
        goes_to(desktop, "DNS query", frame_of(wireshark, FETCH, "dns.query"))
        desktop.keys(FETCH, "ctrl+slash", "ctrl+a")
        desktop.xdotool("type", "arp")
        desktop.xdotool("key", "Return")
        gone(desktop, "DNS query, ")
        goes_to(desktop, "ARP reply", 2)
        desktop.click(desktop.wait_for(inside=TITLE, name="Limit to display filter"))
        mark(desktop, "ClientHello")
        assert quit(desktop, FETCH) == 0


def test_fields_of_all_frames(wireshark):
    """What all frames together tell is looked at in parts, whether the dialog is open or not: the packet list and details
    show it as soon as it is known, and a display filter misses none of it."""
    both = "article-fetch-01"
    told = wireshark.fields(both, "humantime.time", "humantime.end")
    servers = sum(fields["humantime.end"] == ["server"] for fields in told)
    columns = 'gui.column.format:"No.","%m","End","%Cus:humantime.end:0:R"'
    with Desktop(wireshark, "-o", columns, "-r", wireshark.readable(both)) as desktop:
        ready(desktop, both)
        desktop.wait_for(name=told[0]["humantime.end"][0])
        # Of two clocks: without the letters there is no date.
        desktop.wait_for(name=f"[Humantime Year Timeline: {told[0]['humantime.time'][0]}")
        desktop.keys(both, "ctrl+slash")
        desktop.xdotool("type", "humantime.end == server")
        desktop.xdotool("key", "Return")
        displayed = f"Displayed: {servers} "
        desktop.until(
            lambda: any(displayed in item["name"] for item in desktop.find(name="Packets: ")), f"not {displayed}"
        )
        assert quit(desktop, both) == 0


def test_live_capture_stops_and_starts(wireshark):
    """Stopped it stays; started again, it is another capture."""
    pipe = wireshark.scratch / "again.pipe"

    def lay_pipe():
        pipe.unlink(missing_ok=True)
        os.mkfifo(pipe)
        pipe.chmod(0o666)

    def beginning(capture, count):
        blocks = pcapng.read(capture_path(capture))
        frames = [block for block in blocks if block.kind == pcapng.PACKET]
        head = [block for block in blocks if block.kind in (pcapng.SECTION, pcapng.INTERFACE)]
        return pcapng.join(head + frames[:count])

    def keys(desktop, *keys):
        titles = ("*", "Capturing from ")
        (window, *_) = desktop.until(lambda: sum(map(desktop.windows, titles), []), "no window with packets")
        desktop.xdotool("windowfocus", "--sync", window)
        desktop.xdotool("key", *keys)

    with Desktop(wireshark, "-k", "-i", pipe, before=lay_pipe) as desktop:
        # Wireshark may begin twice (desktop.py): only what is read in the end is waited for.
        first = open(pipe, "wb", buffering=0)
        first.write(beginning(FETCH, 20))
        holds(desktop, 20)
        open_dialog(desktop)
        mark(desktop, "ClientHello")
        keys(desktop, "ctrl+e")
        desktop.until(lambda: "enabled" not in desktop.wait_for(name="Stop")["states"], "it does not stop")
        goes_to(desktop, "ClientHello", frame_of(wireshark, FETCH, "tls.client_hello"))
        mark(desktop, "Year 1, 20 events")

        lay_pipe()
        second = []

        def write_second():
            second.append(open(pipe, "wb", buffering=0))
            second[0].write(beginning(OTHER, 30))

        writer = threading.Thread(target=write_second, daemon=True)
        writer.start()
        keys(desktop, "ctrl+e")
        mark(desktop, "Year 1, 30 events")
        gone(desktop, "ClientHello, ")
        goes_to(desktop, "HTTP request", frame_of(wireshark, OTHER, "http.request"))
        writer.join()
        second[0].close()
        keys(desktop, "ctrl+q")
        assert desktop.ended() == 0
        first.close()
