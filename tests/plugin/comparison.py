# SPDX-License-Identifier: GPL-2.0-or-later
"""Frame by frame: what Wireshark's words come to (oracle.py) against what the plugin tells.

Where both differ for a reason, a test lists it: capture -> [(display filter of the frames, what Wireshark's words
come to, what we say, reason)].
"""

from collections import Counter


def inferred_phases(event):
    return [phase for phase, inferred in zip(event["phases"], event["inferred"], strict=True) if inferred]


def compare(frame, event):
    """(what Wireshark's words come to, what we say), sorted; equal where both agree. What we inferred counts as
    agreed on where the frame has what it could be, together with the words that it replaces."""
    ours, theirs = Counter(event["phases"] if event else ()), frame.expected()
    inferred = Counter(inferred_phases(event) if event and frame.maybe else ())
    replaced = {word for token in inferred for word in frame.maybe.get(token, ())}
    seen = ours - inferred
    agreed = all(token in frame.maybe for token in inferred)
    if agreed and not seen - theirs and set(theirs - seen) <= replaced:
        theirs = ours
    return sorted(theirs.elements()), sorted(ours.elements())


def is_reference(wireshark):
    """RULES and DIFFERENCES list where Wireshark 4.0 needs them: other versions may need fewer."""
    return "(Wireshark) 4.0." in wireshark.output("tshark", "--version")


def listed_differences(wireshark, capture, differences, options=()):
    """{frame: (theirs, ours, reason)}"""
    found = {}
    for frames, theirs, ours, reason in differences:
        rows = wireshark.fields(capture, "frame.number", options=(*options, "-Y", frames), plugin=False)
        assert rows, f"no frame is {frames}"
        found.update({int(row["frame.number"][0]): (theirs, ours, reason) for row in rows})
    return found


def problems(wireshark, expectation, capture, differences, options=()):
    """A line for each frame on which both differ and no difference is listed, or the other way round. `options`:
    what the plugin's tshark is to know."""
    told = {event["frame"]: event for event in wireshark.events(capture, *options)}
    listed = listed_differences(wireshark, capture, differences, options)
    for number, frame in expectation.frames.items():
        theirs, ours = compare(frame, told.get(number))
        if theirs == ours:
            if number in listed and is_reference(wireshark):
                reason = listed[number][2]
                yield f"frame {number}: no difference any more, though one is listed ({reason})"
        elif (theirs, ours) != listed.get(number, ((), (), ""))[:2]:
            yield f"frame {number}: by Wireshark {theirs}, by the plugin {ours}"
