# SPDX-License-Identifier: MIT
"""
A user who may run the tools by CAP_BPF and CAP_PERFMON alone: other processes of that user, which
have no capability, get nothing of them.
"""

import ctypes
import os
import pathlib
import shutil
import struct
import subprocess

import faults
from harness import NOBODY, Process, Tool, fresh_path, tool_path, unsanitized, wait_until
from setting import ROOT
from test_privileges import BPF, PERFMON, CapableCase

# What a process of the same user tries on process PID. Each must fail.
ATTACKS = """
import ctypes, os, sys
pid, libc = sys.argv[1], ctypes.CDLL(None, use_errno=True)
def attach():
    if libc.ptrace(0x4206, int(pid), 0, 0) < 0:  # PTRACE_SEIZE
        raise OSError(ctypes.get_errno(), "ptrace")
def take():
    found = libc.syscall(434, int(pid), 0)  # pidfd_open
    if libc.syscall(438, found, 0, 0) < 0:  # pidfd_getfd
        raise OSError(ctypes.get_errno(), "pidfd_getfd")
for what in (attach, take, lambda: os.listdir(f"/proc/{pid}/cwd"),
             lambda: os.listdir(f"/proc/{pid}/fd"),
             *(lambda name=name: os.open(f"/proc/{pid}/{name}", os.O_RDONLY)
               for name in ("fd/0", "mem", "environ", "ns/user", "ns/mnt", "root"))):
    try:
        what()
    except OSError:
        continue
    print("allowed")
"""

# In place of the compiler's library: waits in its first line, in the confined child.
WAITING = """
#include <stdio.h>
#include <unistd.h>
__attribute__((constructor)) static void begin(void)
{
    pause();
}
"""


@unsanitized
class SameUser(CapableCase):
    def refused(self, pid):
        run = subprocess.run(["setpriv", f"--reuid={self.USER}", f"--regid={self.USER}",
                              "--clear-groups", "/usr/bin/python3", "-c", ATTACKS, str(pid)],
                             capture_output=True, text=True, check=False)
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""), pid)

    def test_the_running_tool(self):
        running = self.with_capabilities("bcc-openat", "--duration", "600", output=None).ready()
        self.refused(running.pid)
        self.assertEqual(running.stop().status, 0, running)

    def test_the_compiler(self):
        place = fresh_path("library")
        place.mkdir(mode=0o755)
        subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-x", "c", "-", "-o",
                        place / "libbcc.so.0"], input=WAITING, text=True, check=True)
        running = self.own(Process(["/usr/bin/env", f"LD_LIBRARY_PATH={place}",
                                    tool_path("bcc-fork")], compiles_itself=True,
                                   before=self.give(BPF, PERFMON)))
        self.assertTrue(wait_until(lambda: self.compiler_of(running.pid)), running)
        self.refused(self.compiler_of(running.pid))
        self.refused(running.pid)
        written = [path for path in pathlib.Path("/tmp").glob("bcc-tools-*")
                   if path.stat().st_uid == NOBODY]
        self.assertEqual(written, [], "the compiler's headers are the user's to change")

    @staticmethod
    def compiler_of(pid):
        for child in faults.children(pid):
            try:
                if "libbcc.so.0" in pathlib.Path(f"/proc/{child}/maps").read_text():
                    return child
            except OSError:
                continue
        return None


@unsanitized
class NoNamespaces(CapableCase):
    """
    Neither a file system nor a user namespace can be made. The compiler's headers are the ones that
    root installed, or the run fails; they never lie where the user can change them.
    """

    INSTALLED = pathlib.Path("/usr/local/share/bcc-tools-c")

    def before(self, mount=False):
        """What the tool's process does before it has the user's identity."""
        become = self.give(BPF, PERFMON)
        libc = ctypes.CDLL(None, use_errno=True)
        calls = {"x86_64": (272, 430), "aarch64": (97, 430)}[os.uname().machine]  # unshare, fsopen
        steps = [(0x20, 0, 0, 0), (0x15, 1, 0, calls[0]), (0x15, 0, 1, calls[1]),
                 (0x06, 0, 0, 0x50000 | 1), (0x06, 0, 0, 0x7fff0000)]
        code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))

        def prepare():
            program = struct.pack("HxxxxxxQ", len(steps), ctypes.addressof(code))
            if mount:
                self.install(libc)
            if libc.prctl(22, 2, program, 0, 0) < 0:
                os._exit(98)
            become()
        return prepare

    def install(self, libc):
        """As `meson install` does, in a mount namespace of its own."""
        place = str(self.INSTALLED.parent).encode()
        if libc.unshare(0x20000) < 0 or libc.mount(b"none", b"/", None, 0x44000, None) < 0 or \
                libc.mount(b"headers", place, b"tmpfs", 0, b"mode=755") < 0:
            os._exit(97)
        os.umask(0o022)
        self.INSTALLED.mkdir()
        shutil.copytree(ROOT / "programs/kernel/include", self.INSTALLED / "include")

    def test_refused(self):
        run = self.own(Tool("bcc-fork", "-d", "0.1", before=self.before())).finish()
        self.assertEqual(run.status, 1, run)
        self.assertIn("headers would be this user's to change", run.err, run)

    def test_installed(self):
        run = self.own(Tool("bcc-fork", "-d", "0.1", before=self.before(mount=True))).finish()
        # At Debian's level of perf_event_paranoid the user may compile, load and attach, but have no
        # perf buffer.
        self.assertRegex(run.err, "^Tracing|^bcc-fork: opening a perf buffer .*_paranoid", run)
