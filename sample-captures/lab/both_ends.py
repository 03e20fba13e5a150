# SPDX-License-Identifier: GPL-2.0-or-later
"""What is recorded at the client and at the server at once, and merged as two interfaces of one capture.

Both recordings have the same clock, this machine's: the one-way times that they show are true.
"""
import contextlib

from internet import ROLES

SYN = "tcp.flags.syn == 1 && tcp.flags.ack == 0"
AT_EACH_END = {"SYN": SYN, "SYN+ACK": "tcp.flags.syn == 1 && tcp.flags.ack == 1", "request": "http.request",
               "response": "http.response.code == 200", "FIN": "tcp.flags.fin == 1"}
AT_THE_CLIENT = {"ARP": "arp", "the address": "dns.a == 198.51.100.80", **AT_EACH_END}
MERGED = {"SYN, sent": f"{SYN} && frame.interface_id == 0", "SYN, received": f"{SYN} && frame.interface_id == 1",
          "FIN, at the server": "tcp.flags.fin == 1 && frame.interface_id == 1"}
NANOSECONDS = ("--time-stamp-precision=nano",)


def keep_both(capture, network, at_client, at_server, shown, keys=None, ms=(20, 20), **more):
    """The two recordings, and one in which they are two interfaces; `shown` are the filters for the client's, the server's and the merged one."""
    capture.keep(at_client, "-client", shown[0], keys)
    capture.keep(at_server, "-server", shown[1], keys)
    merged = capture.merge(network, at_client, at_server)
    capture.truth(network, capture.keep(merged, "", shown[2], keys, {}), ROLES, interfaces={"0": "client", "1": "server"}, clock_offset_ns=0,
                  one_way_ms_of_the_wires={"LAN, each way": 0.1,
                                           **({"to the server, each way": ms[0]} if ms[0] == ms[1] else {"to the server": ms[0], "from the server": ms[1]}), "to each name server, each way": 17}, **more)


@contextlib.contextmanager
def tcpdump_both(capture, network):
    """Records at both ends while the block runs; gives the two files."""
    with (capture.tcpdump(network.client, part="-client", options=NANOSECONDS) as at_client,
          capture.tcpdump(network.server, part="-server", options=NANOSECONDS) as at_server):
        yield at_client, at_server
