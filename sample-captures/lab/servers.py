# SPDX-License-Identifier: GPL-2.0-or-later
"""The servers of the lab, each started inside a host and ready to answer when its function returns."""
import textwrap

from internet import JP, PROXY, ROOT, SERVER, SERVER6, ZONE

BODY_BYTES = 102400


def page(size=BODY_BYTES):
    """A text of exactly `size` bytes whose lines are numbered: easy to compress, easy to find one's place in."""
    lines = "".join(f"line {number:06d} of the page that is fetched\n" for number in range(size // 40 + 1))
    return lines[:size]


def nginx(host, listen=("80",), locations="", extra=""):
    """nginx with /page (102,400 bytes), /small, /nothing (204), /echo (says the request's body again)."""
    root = host.folder / "www"
    root.mkdir()
    (root / "page").write_text(page())
    (root / "small").write_text(page(1200))
    for name in "abc":
        (root / name).write_text(f"this is {name}\n" * 20)
    configuration = host.folder / "nginx.conf"
    listens = "\n".join(f"listen {address};" for address in listen)
    configuration.write_text(textwrap.dedent(f"""
        user root;
        worker_processes 1;
        daemon off;
        pid {host.folder}/nginx.pid;
        error_log {host.folder}/error.log;
        load_module /usr/lib/nginx/modules/ngx_http_echo_module.so;
        events {{ }}
        http {{
          access_log {host.folder}/access.log;
          client_body_temp_path {host.folder}/body; proxy_temp_path {host.folder}/proxy; fastcgi_temp_path {host.folder}/fcgi;
          uwsgi_temp_path {host.folder}/uwsgi; scgi_temp_path {host.folder}/scgi;
          default_type text/plain;
          sendfile off; output_buffers 4 128k;
          {extra}
          server {{
            {listens}
            server_name www.example.jp;
            root {root};
            location = /nothing {{ return 204; }}
            location = /echo {{ client_body_buffer_size 1m; echo_read_request_body; echo_request_body; }}
            {locations}
          }}
        }}
        """))
    process = host.spawn("nginx", "-c", configuration, "-p", host.folder)
    for address in listen:
        host.wait_listening(address.split()[0].rsplit(":", 1)[-1])
    return process


def named(host, zones="", options="", address="any", name="named", recursion=False, files=()):
    """BIND. `files` are (name, text) pairs of zone files that `zones` speaks of."""
    folder = host.folder / name
    folder.mkdir()
    for file, text in files:
        (folder / file).write_text(textwrap.dedent(text))
    configuration = folder / "named.conf"
    configuration.write_text(textwrap.dedent(f"""
        options {{
          directory "{folder}"; pid-file "{folder}/pid"; session-keyfile "{folder}/session.key";
          managed-keys-directory "{folder}"; lock-file none;
          listen-on {{ {address}; }}; listen-on-v6 {{ none; }};
          recursion {"yes" if recursion else "no"}; allow-query {{ any; }}; allow-recursion {{ any; }};
          dnssec-validation no; empty-zones-enable no; notify no; minimal-responses no-auth-recursive;
          {options}
        }};
        controls {{ }};
        {zones}
        """))
    process = host.spawn("named", "-f", "-4", "-n", "1", "-c", configuration)
    host.wait_listening(53)
    host.wait_listening(53, "udp")
    return process


SOA = "@ 3600 IN SOA {ns} hostmaster.{ns} 2016010101 3600 600 86400 300"


def root_name_server(host):
    named(host, 'zone "." { type primary; file "root.zone"; };', files=[("root.zone", f"""\
        . 86400 IN SOA a.root.test. hostmaster.root.test. 2016010101 3600 600 86400 300
        . 518400 IN NS a.root.test.
        a.root.test. 518400 IN A {ROOT}
        jp. 172800 IN NS a.dns.jp.
        a.dns.jp. 172800 IN A {JP}
        """)])


def jp_name_server(host):
    """Delegates example.jp, has another.jp itself, delegates lame.jp to a server that does not know of it."""
    named(host, """zone "jp" { type primary; file "jp.zone"; };
        zone "another.jp" { type primary; file "another.zone"; };""", files=[
        ("jp.zone", f"""\
        $ORIGIN jp.
        {SOA.format(ns="a.dns.jp.")}
        @ 86400 IN NS a.dns.jp.
        a.dns 86400 IN A {JP}
        example 86400 IN NS ns1.example.jp.
        ns1.example 86400 IN A {ZONE}
        another 86400 IN NS a.dns.jp.
        lame 86400 IN NS ns1.example.jp.
        unloaded 86400 IN NS ns1.example.jp.
        """),
        ("another.zone", f"""\
        $ORIGIN another.jp.
        {SOA.format(ns="a.dns.jp.")}
        @ 86400 IN NS a.dns.jp.
        www 300 IN A {SERVER}
        """)])


def zone_name_server(host, options=""):
    large = "\n".join(f'        large 300 IN TXT "{number:03d} {"a text record that makes the answer large " * 5}"' for number in range(15))
    middle = "\n".join(f'        middle 300 IN TXT "{number:03d} {"more than fits into 512 bytes " * 4}"' for number in range(6))
    many = "\n".join(f"        many 300 IN A 198.51.100.{number}" for number in range(129, 169))
    named(host, """zone "example.jp" { type primary; file "example.zone"; };
        zone "unloaded.jp" { type secondary; primaries { 127.0.0.1 port 54; }; };""", options=options, files=[
        ("example.zone", f"""\
        $ORIGIN example.jp.
        {SOA.format(ns="ns1.example.jp.")}
        @ 86400 IN NS ns1
        ns1 86400 IN A {ZONE}
        www 300 IN A {SERVER}
        www 300 IN AAAA {SERVER6}
        v4only 300 IN A {SERVER}
        web 300 IN CNAME www
        cdn 300 IN CNAME www.another.jp.
        a.b.c 300 IN A {SERVER}
        front 300 IN A {SERVER}
        proxy 300 IN A {PROXY}
{many}
{large}
{middle}
        """)])


def all_name_servers(internet, zone_options=""):
    root_name_server(internet.name_servers["root"])
    jp_name_server(internet.name_servers["jp"])
    zone_name_server(internet.name_servers["zone"], zone_options)


def iterative_resolver(host, options="", address="127.0.0.1", name="resolver"):
    """BIND as resolver with an empty cache, which asks the root server, the jp server and the zone's server in turn."""
    process = named(host, 'zone "." { type hint; file "hints"; };', recursion=True, name=name, address=address,
                    options=f"qname-minimization off; {options}" if "qname-minimization" not in options else options,
                    files=[("hints", f"""\
        . 3600000 IN NS a.root.test.
        a.root.test. 3600000 IN A {ROOT}
        """)])
    host.resolve_with(address.split(";")[0])
    return process


def home_router_resolver(host, address, names=(("www.example.jp", SERVER),)):
    """dnsmasq, as on many a home router: it answers from its own table."""
    records = [f"--host-record={name},{','.join([value] if isinstance(value, str) else value)}" for name, value in names]
    process = host.spawn("dnsmasq", "--keep-in-foreground", "--no-resolv", "--no-hosts", "--bind-interfaces", "--user=root", "--local=/jp/",
                         f"--listen-address={address}", "--conf-file=/dev/null", "--pid-file=", *records)
    host.wait_listening(53, "udp")
    return process


def private_mounts(host):
    """Words of a shell that give the host a system bus and an /etc/avahi of its own."""
    run, etc = host.folder / "run", host.folder / "avahi"
    return f"mount --bind {run} /run; mount --bind {etc} /etc/avahi;"


def avahi(host, name):
    run, etc = host.folder / "run", host.folder / "avahi"
    for folder in (run / "dbus", run / "avahi-daemon", etc / "services"):
        folder.mkdir(parents=True)
    (etc / "avahi-daemon.conf").write_text(f"[server]\nhost-name={name}\nuse-ipv6=no\nallow-interfaces=eth0\nenable-dbus=yes\n"
                                           "[publish]\npublish-workstation=no\n")
    (etc / "hosts").write_text("")
    if name == "printer":
        (etc / "services" / "http.service").write_text(
            "<service-group><name>Office printer</name><service><type>_http._tcp</type><port>80</port></service></service-group>\n")
    (host.folder / "bus.conf").write_text(
        "<busconfig><type>system</type><listen>unix:path=/run/dbus/system_bus_socket</listen><auth>EXTERNAL</auth>"
        '<policy context="default"><allow user="*"/><allow own="*"/><allow send_type="*"/><allow receive_type="*"/></policy></busconfig>')
    host.spawn("unshare", "-m", "sh", "-c", f"{private_mounts(host)} dbus-daemon --config-file={host.folder}/bus.conf --fork;"
               f" exec avahi-daemon --no-drop-root --no-rlimits --no-chroot -f /etc/avahi/avahi-daemon.conf")


def tinyproxy(host, address, client):
    """A proxy on port 8888, for this client and HTTP and HTTPS."""
    configuration = host.folder / "tinyproxy.conf"
    configuration.write_text(f"Port 8888\nListen {address}\nTimeout 600\nAllow {client}\nConnectPort 80\nConnectPort 443\nMaxClients 4\nUser root\nGroup root\n")
    host.spawn("tinyproxy", "-d", "-c", configuration)
    host.wait_listening(8888)
