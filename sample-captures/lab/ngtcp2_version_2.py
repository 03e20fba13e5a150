# SPDX-License-Identifier: GPL-2.0-or-later
"""ngtcp2 with QUIC version 2 as RFC 9369 has it.

Debian 12's ngtcp2 (0.12) speaks the draft before it, which differs in its number (3.1), the salt of the Initial packets (3.3.1) and
the key of the Retry packets (3.3.3) and in nothing else, and which Wireshark does not read. In a copy of its programs and
libraries these constants are exchanged.
"""
import pathlib

LIBRARIES = pathlib.Path("/usr/lib/x86_64-linux-gnu")
FILES = (LIBRARIES / "libngtcp2.so.9", LIBRARIES / "libngtcp2_crypto_gnutls.so.2", pathlib.Path("/usr/bin/gtlsclient"), pathlib.Path("/usr/sbin/gtlsserver"))
CONSTANTS = {
    "version, as x86 has it in its instructions": ("c4509a70", "cf43336b"),
    "salt": ("a707c203a59b47184a1d62ca570406ea7ae3e5d3", "0dede3def700a6db819381be6e269dcbf9bd2ed9"),
    "key of Retry": ("ba858dc7b43de5dbf87617ff4ab253db", "8fb4b01b56ac48e260fbcbcead7ccc92"),
    "nonce of Retry": ("141b99c239b03e785d6a2e9f", "d86969bc2d7c6d9990efb04a"),
}


def with_version_2(folder):
    """Copies the programs into the folder; they are to be run with it as their LD_LIBRARY_PATH."""
    folder.mkdir()
    found = set()
    for file in FILES:
        program = file.read_bytes()
        for what, (draft, rfc) in CONSTANTS.items():
            if (draft := bytes.fromhex(draft)) in program:
                found.add(what)
                program = program.replace(draft, bytes.fromhex(rfc))
        copy = folder / file.name
        copy.write_bytes(program)
        copy.chmod(0o755)
    if found != set(CONSTANTS):
        raise RuntimeError(f"not ngtcp2 0.12: without {set(CONSTANTS) - found}")
