# SPDX-License-Identifier: MIT
"""
Calls whose arguments are not where they are otherwise: those that seccomp refuses have no
beginning, and an exec that fails late has no memory at its return.
"""

import os
import struct
import sys

from harness import Case, essential, fresh_path

# Refuse mkdirat with EACCES before it begins.
REFUSED = """
import ctypes, os, struct
libc = ctypes.CDLL(None)
number = {"x86_64": 258, "aarch64": 34}[os.uname().machine]
steps = ((0x20, 0, 0, 0),
         (0x15, 0, 1, number), (0x06, 0, 0, 0x50000 | 13), (0x06, 0, 0, 0x7fff0000))
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
program = struct.pack("HxxxxxxQ", len(steps), ctypes.addressof(code))
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, program, 0, 0) == 0
assert libc.syscall(number, -100, b"/nonexistent/refused", 0o751) == -1
"""


@essential
class Refused(Case):
    def test_arguments(self):
        run = self.run_tool("bcc-syscalls", "--stream", "-e", "mkdirat", "--", sys.executable, "-c",
                            REFUSED, output="json").check()
        (call,) = run.events
        self.assertEqual(list(call["args"].values()), [-100, "/nonexistent/refused", 0o751], run)
        self.assertEqual((call["ret"], call["errno"], call["duration_ns"]), (-13, "EACCES", None))

AT = 0x10000000

# Execute a program by a path at AT, where that program will have something else.
FORGING = """
import ctypes, os, sys
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + 3 * [ctypes.c_int] + [ctypes.c_long]
at, path = 0x10000000, os.fsencode(sys.argv[1])
assert libc.mmap(at, 4096, 3, 0x32, -1, 0) == at
ctypes.memmove(at, path, len(path) + 1)
argv = (ctypes.c_void_p * 2).from_address(at + 2048)
argv[0], argv[1] = at, None
libc.execve(ctypes.c_void_p(at), argv, None)
"""
# A thread that is not the first one executes a program.
BESIDE = """
import os, sys, threading, time
threading.Thread(target=os.execv, args=(sys.argv[1], sys.argv[1:])).start()
time.sleep(30)
"""


@essential
class LateFailure(Case):
    """
    An exec that fails when the old program is gone already. The kernel ends the process.
    """

    @staticmethod
    def program(first=b""):
        """
        An ELF file whose last segment lies where no program can have one. FIRST: what is in memory
        then, from address AT on.
        """
        machine = {"x86_64": 62, "aarch64": 183}[os.uname().machine]
        head = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\2\1\1", 2, machine, 1, AT, 64, 0, 0, 64,
                           56, 2, 0, 0, 0)
        # What is behind the file's bytes in the page is cleared, so the page is in memory.
        segments = b"".join(struct.pack("<IIQQQQQQ", 1, 7, 4096, at, 0, 4000, 4096, 4096)
                            for at in (AT, 0x7fff_ffff_f000_0000))
        path = fresh_path("a-name-that-is-longer-than-comm")
        path.write_bytes((head + segments).ljust(4096, b"\0") + first.ljust(4096, b"\0"))
        path.chmod(0o755)
        return path

    def test_stream(self):
        path = self.program()
        run = self.run_tool("bcc-syscalls", "--stream", "-x", "-e", "execve", "--", "sh", "-c",
                            f"{path} one two; true", output="json").check()
        (call,) = run.events
        self.assertEqual((call["args"]["filename"], call["errno"]), (str(path), "ENOMEM"), run)

    def test_fork(self):
        """The name of the file is there; directories and arguments are gone."""
        path = self.program()
        run = self.run_tool("bcc-fork", "-x", "-E", "exec,exit", "--", "sh", "-c",
                            f"{path} one two; true", output="json").check()
        (failed,) = [e for e in run.select("exec") if e["ret"]]
        self.assertEqual((failed["filename"], failed["ret"], failed["old_comm"], failed["argv"],
                          failed["truncated"]), (path.name, -12, "sh", [], True), run)
        self.assertEqual([e["signal"] for e in run.select("exit", pid=failed["pid"])], ["SIGSEGV"])

    def forged(self, tool, *options):
        first = b"/usr/bin/forged".ljust(2048, b"\0") + struct.pack("QQ", AT, 0)
        path = self.program(first)
        run = self.run_tool(tool, *options, "--", "sh", "-c",
                            f"{sys.executable} -c '{FORGING}' {path}; true", output="json").check()
        return path, [e for e in run.events if "ENOMEM" in (e.get("errno"), self.name(e))]

    @staticmethod
    def name(event):
        return "ENOMEM" if event.get("ret") == -12 else None

    def test_forged_in_a_stream(self):
        path, failed = self.forged("bcc-syscalls", "--stream", "-e", "execve")
        self.assertEqual([e["args"]["filename"] for e in failed], [str(path)])

    def test_forged_fork(self):
        path, failed = self.forged("bcc-fork", "-x", "-E", "exec")
        self.assertEqual([(e["filename"], e["argv"]) for e in failed], [(path.name, [])])

    def test_beside_the_first_thread(self):
        """The thread takes the id of the first one, and its call is over."""
        path = self.program()
        script = 'for i in 1 2 3; do "$0" -c "$1" "$2"; done; true'
        run = self.run_tool("bcc-syscalls", "-L", "-i", "0", "-e", "execve", "--", "sh", "-c", script,
                            sys.executable, BESIDE, path, output="json").check()
        (row,) = run.rows
        self.assertEqual((row["calls"], row["errors"], row["blocked"]), (7, 3, 0), run)
