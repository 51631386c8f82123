# SPDX-License-Identifier: MIT
"""
An id that is used again is another process: in rows, and for the filters that name one.

The kernel gives ids in turn, and ns_last_pid of a PID namespace says which one is next. So in a
namespace of its own a process can give its children any id.
"""

import json
import subprocess
import sys

from harness import Case, essential, patience, tool_environment, tool_path

REUSED = 500
CHILDREN = """
import os
def child(*paths):
    with open("/proc/sys/kernel/ns_last_pid", "w") as last:
        last.write("%d")
    pid = os.fork()
    if not pid:
        for path in paths:
            os.open(path, os.O_RDONLY)
        os._exit(0)
    assert pid == %d, pid
    os.waitpid(pid, 0)
""" % (REUSED - 1, REUSED)


class ReusedCase(Case):
    def namespace(self, argv):
        """Run this in a PID namespace of its own. Returns its output and what it says."""
        done = subprocess.run(["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", *argv],
                              capture_output=True, timeout=patience(60), check=False,
                              env=tool_environment())
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout, done.stderr.decode()

    def inside(self, tool, script, *args):
        """Run a script of Python there, as the command of a tool. Returns the tool's records."""
        out, _ = self.namespace([tool_path(tool), "-o", "json", *map(str, args), "--",
                                 sys.executable, "-c", CHILDREN + script])
        return [json.loads(line) for line in out.splitlines()]


@essential
class Rows(ReusedCase):
    """Each process is a row, and start_ts tells those with one id apart."""

    def reused(self, records):
        return [r for r in records if r["type"] == "row" and r["pid"] == REUSED]

    def check_apart(self, rows, count):
        starts = [row["start_ts"] for row in rows]
        self.assertEqual(len(rows), count, rows)
        self.assertEqual(len(set(starts)), count, rows)
        self.assertLess(max(starts) - min(starts), patience(60), rows)

    def test_opens(self):
        records = self.inside("bcc-openat", """
for i in range(17):
    child(*["/dev/null"] * (i + 1))
""", "-i", 0)
        rows = self.reused(records)
        self.check_apart(rows, 17)
        self.assertEqual(sorted(row["opens"] for row in rows), list(range(1, 18)))
        by_start = sorted(rows, key=lambda row: row["start_ts"])
        self.assertEqual([row["opens"] for row in by_start], list(range(1, 18)))
        (processes,) = [r for r in records if r.get("of") == "process"]
        self.assertEqual(processes["count"], 18)

    def test_threads(self):
        records = self.inside("bcc-openat", """
for i in range(5):
    child("/dev/null", "/dev/null")
""", "-i", 0, "--by", "thread")
        self.check_apart(self.reused(records), 5)
        (processes,) = [r for r in records if r.get("of") == "process"]
        self.assertEqual(processes["count"], 6)

    def test_calls(self):
        for more in (), ("-L",), ("--cumulative",):
            records = self.inside("bcc-syscalls", """
for i in range(11):
    child("/dev/null")
""", "-i", 0, "--by", "process,syscall", "-e", "exit_group", *more)
            rows = self.reused(records)
            self.check_apart(rows, 11)
            self.assertEqual({row["calls"] for row in rows}, {1})


class Starts(Case):
    """A process has one start in all its rows, also in those of calls that it waits in."""

    def test_waiting(self):
        work = self.workload("getppid 3 + block read + getppid 5")
        running = self.start("bcc-syscalls", "-L", "--by", "process,syscall", "-p", work.pid,
                             "-i", 0.2, "--cumulative")
        work.say()
        work.wait_in(0)
        running.wait_for("the row of the call that blocks", lambda: any(
            r["syscall"] == "read" and r["blocked"] for r in running.records("row")))
        work.say()
        work.results()
        run = running.stop().check()
        starts = {row["start_ts"] for row in run.rows}
        self.assertEqual(len(starts), 1, run)
        self.assertEqual({row["all_calls"] for row in run.select("row", syscall="getppid")} - {3},
                         {8}, run)
