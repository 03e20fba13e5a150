#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records a fetch at the client and at the server at once, and merges the two files as two interfaces of one.

Both recordings have the same clock, this machine's: the one-way times that they show are true.
"""
import time

import servers
from internet import ROLES, Internet
from network import command
from recorder import capture, main

SYN = "tcp.flags.syn == 1 && tcp.flags.ack == 0"
AT_EACH_END = {"SYN": SYN, "SYN+ACK": "tcp.flags.syn == 1 && tcp.flags.ack == 1", "request": "http.request",
               "response": "http.response.code == 200", "FIN": "tcp.flags.fin == 1"}
AT_THE_CLIENT = {"ARP": "arp", "the address": "dns.a == 198.51.100.80", **AT_EACH_END}
MERGED = {"SYN, sent": f"{SYN} && frame.interface_id == 0", "SYN, received": f"{SYN} && frame.interface_id == 1",
          "FIN, at the server": "tcp.flags.fin == 1 && frame.interface_id == 1"}


@capture("http-two-ended", "the fetch of http-plain, recorded at the client and at the server at once", MERGED, ("curl", "nginx", "bind"))
def http_two_ended(capture):
    with Internet(names=True) as internet:
        servers.nginx(internet.server)
        servers.all_name_servers(internet)
        servers.iterative_resolver(internet.client)
        time.sleep(0.5)
        internet.client.flush_neighbours()
        nano = ("--time-stamp-precision=nano",)
        with (capture.tcpdump(internet.client, part="-client", options=nano) as at_client,
              capture.tcpdump(internet.server, part="-server", options=nano) as at_server):
            internet.client.run("curl", "-4", "-sS", "-o", "/dev/null", "-H", "Connection: close", "http://www.example.jp/page")
        capture.keep(at_client, "-client", AT_THE_CLIENT)
        capture.keep(at_server, "-server", AT_EACH_END)
        merged = internet.folder / "merged.pcapng"
        command("mergecap", "-I", "none", "-w", "merged", at_client.with_suffix(".pcapng"), at_server.with_suffix(".pcapng"),
                cwd=internet.folder)
        # mergecap's own comment speaks of the folder that the files were in
        command("editcap", "-F", "pcapng", "--discard-capture-comment", "--capture-comment", capture.what, "merged", merged,
                cwd=internet.folder)
        capture.truth(internet, capture.keep(merged), ROLES, interfaces={"0": "client", "1": "server"}, clock_offset_ns=0,
                      one_way_ms_of_the_wires={"LAN, each way": 0.1, "to the server, each way": 20, "to each name server, each way": 17})


if __name__ == "__main__":
    main()
