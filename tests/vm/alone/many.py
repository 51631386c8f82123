# SPDX-License-Identifier: MIT
"""
Many of everything: ids up to 4 million, and far more possible processors than there are. The counts
are exact, and memory and start stay within bounds.
"""

import os
import pathlib
import time

import memory
from harness import Case, each

KERNEL = pathlib.Path("/proc/sys/kernel")
PID_MAX, USER = 4194304, 3_000_000
# A tool, its options, and what its maps may take in the kernel, in MB.
RUNS = (("bcc-syscalls", (), 64), ("bcc-syscalls", ("-L", "--by", "process,syscall"), 64),
        ("bcc-syscalls", ("--stream",), 64), ("bcc-openat", ("--by", "path"), 64),
        ("bcc-openat", ("-L", "--by", "thread"), 64), ("bcc-openat", ("--stream",), 64),
        ("bcc-fork", (), 64), ("bcc-fork", ("--lineage", "--rusage"), 64))
PROCESS_MB = 64


class ManyCase(Case):
    """On a kernel that gives ids up to 4 million."""

    @classmethod
    def setUpClass(cls):
        (KERNEL / "pid_max").write_text(str(PID_MAX))
        (KERNEL / "threads-max").write_text("120000")


class Sizes(ManyCase):
    """What the tools take on a machine that could have many processors and ids."""

    @each(*RUNS)
    def test_memory_and_start(self, case):
        tool, args, most_mb = case
        began = time.monotonic()
        running = self.start(tool, *args, "-p", os.getpid())
        took, found = time.monotonic() - began, memory.of_tree(running.pid)
        print(f"{tool} {' '.join(args)}: {took:.1f} s, {found}", flush=True)
        self.assertLess(found["maps_kb"], most_mb << 10)
        self.assertLess(found["anon_kb"], PROCESS_MB << 10)
        self.assertEqual(running.stop().status, 0)

    def test_machine(self):
        possible = pathlib.Path("/sys/devices/system/cpu/possible").read_text().strip()
        self.assertEqual(possible, "0-63")
        self.assertEqual(os.cpu_count(), 2)


class HighIds(ManyCase):
    """Ids up to the highest one, and on from the lowest."""

    FORKS = 20

    def setUp(self):
        (KERNEL / "ns_last_pid").write_text(str(PID_MAX - self.FORKS // 2))

    def test_fork(self):
        run, results = self.command("bcc-fork", f"fork {self.FORKS}")
        pids = [event["pid"] for event in run.check().select("fork")]
        self.assertEqual((run.end["forks"], run.end["exits"]), (self.FORKS, self.FORKS + 1), run)
        self.assertIn(PID_MAX - 1, pids, run)
        self.assertLess(min(pids), 65536, run)

    @each("bcc-syscalls", "bcc-openat")
    def test_rows(self, tool):
        by = ("--by", "process,syscall", "-e", "openat") if tool == "bcc-syscalls" else ()
        work = [self.workload("openat 3 2", user=USER) for _ in range(self.FORKS)]
        self.assertGreater(max(each.pid for each in work), 65536)
        running = self.start(tool, "-u", USER, "-i", "0", *by)
        for each_work in work:
            each_work.go()
        run = running.stop().check()
        self.assertEqual(run.table("pid"), {each_work.pid: (5, 2) for each_work in work}, run)

    @each("bcc-syscalls", "bcc-openat")
    def test_chosen(self, tool):
        work = self.workload("openat 3 2")
        (KERNEL / "ns_last_pid").write_text("70000")
        other = self.workload("openat 7 4")
        running = self.start(tool, "-p", work.pid, "-i", "0",
                             *(["-e", "openat"] if tool == "bcc-syscalls" else []))
        other.go()
        work.go()
        run = running.finish().check()
        self.assertEqual(run.end["calls" if tool == "bcc-syscalls" else "opens"], 5, run)
