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


@essential
class LateFailure(Case):
    """
    An exec that fails when the old program is gone already. The kernel ends the process.
    """

    def program(self):
        """Its only segment lies where no program can have one."""
        machine = {"x86_64": 62, "aarch64": 183}[os.uname().machine]
        head = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\2\1\1", 2, machine, 1, 0x400000, 64, 0, 0,
                           64, 56, 1, 0, 0, 0)
        segment = struct.pack("<IIQQQQQQ", 1, 5, 0, 0x7fff_ffff_f000_0000, 0, 4096, 4096, 4096)
        path = fresh_path("a-name-that-is-longer-than-comm")
        path.write_bytes((head + segment).ljust(8192, b"\0"))
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
