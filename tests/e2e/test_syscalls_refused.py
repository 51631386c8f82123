# SPDX-License-Identifier: MIT
"""Calls whose beginning bcc-syscalls --stream does not see: those that seccomp refuses."""

import sys

from harness import Case, essential

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
