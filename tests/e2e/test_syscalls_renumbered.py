# SPDX-License-Identifier: MIT
"""
Calls whose number at the return is another than at the beginning, because a tracer changed it, or
that look like another's return. With -L and --stream the beginning was seen, and it counts.
"""

import os
import sys

from built import compiled
from harness import Case, each, essential

TOOL = "bcc-syscalls"
ROUNDS = 7
UNLINKAT = {"x86_64": 263, "aarch64": 35}[os.uname().machine]
# What helpers/renumber.c does, with its own fork and the ends of all.
DONE = {"clone": 2 * ROUNDS + 1, "execve": ROUNDS + 1, "exit_group": 2 * ROUNDS + 2}

# Answer clone with 0 before it begins: it looks like the return of a new process.
ANSWERED = """
import ctypes, os, struct
libc = ctypes.CDLL(None)
number = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
assert libc.syscall(number, -1, 0, 0, 0, 0) == -1
steps = ((0x20, 0, 0, 0),
         (0x15, 0, 1, number), (0x06, 0, 0, 0x50000), (0x06, 0, 0, 0x7fff0000))
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
program = struct.pack("HxxxxxxQ", len(steps), ctypes.addressof(code))
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, program, 0, 0) == 0
assert [libc.syscall(number, 0, 0, 0, 0, 0) for i in range(5)] == 5 * [0]
"""


@essential
class Renumbered(Case):
    def traced(self, *options):
        return self.run_tool(TOOL, *options, "--", compiled("renumber"), ROUNDS, UNLINKAT,
                             output="json").check()

    @each("", "unlinkat,execve,clone,exit_group", "execve", "unlinkat", "clone,getppid",
          "exit_group")
    def test_counted(self, selected):
        run = self.traced("-L", "-i", "0", *(("-e", selected) if selected else ()))
        want = {call: n for call, n in DONE.items() if not selected or call in selected.split(",")}
        rows = {row["syscall"]: row["calls"] for row in run.rows}
        self.assertEqual({call: rows.get(call) for call in want}, want, run)
        self.assertNotIn("unlinkat", rows, run)
        if selected:
            self.assertEqual(rows, want, run)
            self.assertEqual(sum(row["blocked"] for row in run.rows), 0, run)

    def test_by_process(self):
        """Each call of the traced process is timed."""
        run = self.traced("-L", "-i", "0", "--by", "process,syscall", "-e", "execve,unlinkat")
        self.assertEqual(sorted((row["calls"], row["timed"]) for row in run.rows),
                         [(1, 1), (ROUNDS, ROUNDS)], run)

    @each("", "execve", "unlinkat")
    def test_streamed(self, selected):
        run = self.traced("--stream", *(("-e", selected) if selected else ()))
        names = [event["syscall"] for event in run.events]
        want = {call: n for call, n in DONE.items() if not selected or call == selected}
        self.assertEqual({call: names.count(call) for call in want}, want, run)
        self.assertNotIn("unlinkat", names, run)
        self.assertTrue(all(event["duration_ns"] for event in run.events
                            if event["syscall"] in ("execve", "clone")), run)


@essential
class Answered(Case):
    def test_counted(self):
        run = self.run_tool(TOOL, "-L", "-e", "clone", "--", sys.executable, "-c", ANSWERED,
                            output="json").check()
        self.assertEqual(run.table("syscall"), {"clone": (6, 1)}, run)

    def test_streamed(self):
        run = self.run_tool(TOOL, "--stream", "-e", "clone", "--", sys.executable, "-c", ANSWERED,
                            output="json").check()
        self.assertEqual([event["ret"] for event in run.events], [-22] + 5 * [0], run)
