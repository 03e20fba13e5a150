# SPDX-License-Identifier: GPL-2.0-or-later
"""Another kernel for what this machine's has no modules for: User-Mode Linux, Debian's package `user-mode-linux`.

The kernel runs as a process with this machine's files as its root and no network of its own. A recorder that calls
`run_inside` runs once more in there, where it makes its namespaces, devices and recordings as anywhere else.
"""
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

MODULES = "tun veth 8021q ip_gre ipip sit vxlan geneve mpls_router mpls_iptunnel pppoe ppp_async ppp_synctty"
INIT = """#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 {variable}=1
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t tmpfs run /run
mkdir -p /run/host /run/lib/modules
mount -t hostfs none /run/host -o /
mount -t tmpfs tmp /tmp; mount -t tmpfs tmp /var/tmp; mount -t tmpfs dev /dev
mkdir /dev/net /dev/shm /dev/pts
mknod -m 666 /dev/null c 1 3; mknod -m 666 /dev/zero c 1 5; mknod -m 666 /dev/urandom c 1 9; mknod -m 666 /dev/random c 1 8
mknod -m 600 /dev/net/tun c 10 200; mknod -m 600 /dev/ppp c 108 0; mknod -m 666 /dev/tty c 5 0; mknod -m 666 /dev/ptmx c 5 2
mount -t devpts pts /dev/pts; ln -s /proc/self/fd /dev/fd
ln -s /usr/lib/uml/modules/$(uname -r) /run/lib/modules/
for module in {modules}; do modprobe -d /run $module; done
ip link set lo up
cd /run/host{folder}
{command} > /run/host{output} 2>&1 < /dev/null
echo $? > /run/host{status}
sync
/usr/bin/python3 -c 'import ctypes; ctypes.CDLL(None).reboot(0x4321fedc)'
"""
VARIABLE = "HUMANTIME_LAB_INSIDE"


def inside():
    return VARIABLE in os.environ


def path_inside(path):
    """How a path of this machine is called in there, where /tmp and /run are other ones."""
    return pathlib.Path(f"/run/host{path}")


def run_inside(script, *arguments):
    """Runs a Python script in the other kernel and returns its exit status."""
    print("in User-Mode Linux:", pathlib.Path(script).name, *arguments, flush=True)
    with tempfile.TemporaryDirectory(prefix="humantime-uml-") as folder:
        init, output, status = (pathlib.Path(folder, name) for name in ("init", "output", "status"))
        words = ["/usr/bin/python3", pathlib.Path(script).name, *map(str, arguments)]
        init.write_text(INIT.format(variable=VARIABLE, modules=MODULES, folder=pathlib.Path(script).resolve().parent,
                                    command=shlex.join(words), output=output, status=status))
        init.chmod(0o755)
        kernel = ["linux.uml", "mem=768M", "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "rw", f"init={init}",
                  "con=null", "con0=null,fd:1", "quiet"]
        subprocess.run(kernel, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
                       timeout=900, env={**os.environ, "TMPDIR": "/dev/shm"})
        if output.exists():
            sys.stdout.write(output.read_text())
        return int(status.read_text()) if status.exists() else 1


