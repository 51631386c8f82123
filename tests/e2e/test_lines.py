# SPDX-License-Identifier: MIT
"""Lines of events for people: the columns stand below their headings, whatever a cell holds."""

import os
import re

from harness import Case, per_tool
from opens import TOOL, OpenCase, openat

FAR = 4_000_000_000  # a user id that is wider than its column
RIGHT = {"PID", "TID", "PPID", "UID", "TOOK"}
LONG = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_NONBLOCK | os.O_CLOEXEC


class LineCase(Case):
    ARGS = {"bcc-openat": ("--stream",), "bcc-syscalls": ("--stream",), "bcc-fork": ()}

    def columns(self, head):
        """Each heading but the last, which is of words: its name, where it begins and ends."""
        return [(m.group(), m.start(), m.end()) for m in re.finditer(r"\S+", head)][:-1]

    def assert_aligned(self, run, but=()):
        # A summary may follow.
        head, *lines = run.out.decode().partition("\n\n")[0].splitlines()
        self.assertGreater(len(lines), 3, run)
        for line in lines:
            for name, begin, end in self.columns(head):
                if name in but:
                    continue
                at = (end - 1, end) if name in RIGHT else (begin, begin - 1)
                self.assertNotEqual(line[at[0]], " ", (name, head, line))
                if 0 <= at[1] < len(line):
                    self.assertEqual(line[at[1]], " ", (name, head, line))


class Lines(LineCase):
    """The same events by all tools."""

    def attached(self, tool, name, **identity):
        """Its lines while it opens files, makes processes and calls."""
        work = self.workload(f"comm {name} + openat 2 2 + fork 3 + getppid 3", **identity)
        run, _ = self.attach(tool, work, "--pid", work.pid, *self.ARGS[tool], output="table")
        return run

    @per_tool
    def test_long_names(self, tool):
        self.assert_aligned(self.attached(tool, "fifteen-bytes-x"))

    @per_tool
    def test_a_long_user_id(self, tool):
        """It shifts the column behind it, which has room to spare, and no other."""
        self.assert_aligned(self.attached(tool, "abc", user=FAR), but=("UID", "COMM"))


class Opens(LineCase, OpenCase):
    """The cells that are long in lines of bcc-openat alone: flags and errors."""

    def test_long_flags_and_errors(self):
        long_name = "/tmp/" + "x" * 300
        work = self.workload([openat(2, "/dev/null"), openat(2, "/dev/null", LONG, 0o644),
                              openat(2, long_name), openat(1, "/dev/null/x", LONG, 0o644)])
        run, _ = self.attach(TOOL, work, "--pid", work.pid, "--stream", output="table")
        self.assertIn(b"O_NONBLOCK", run.out)
        self.assertIn(b"ENAMETOOLONG", run.out)
        short = [line for line in run.out.splitlines() if not re.search(b"ENAME|ENOTDIR", line)]
        self.assert_aligned(type(run)(run.tool, run.argv, 0, b"\n".join(short) + b"\n", b""),
                            but=("PATH",))
        self.assert_aligned(run, but=("FD", "MODE", "TOOK", "FLAGS"))
        head, *lines = run.out.decode().splitlines()
        begins = {line.index("/") for line in lines if "ENAMETOOLONG" in line}
        self.assertEqual(begins, {head.index("PATH")}, run)
