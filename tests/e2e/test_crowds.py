# SPDX-License-Identifier: MIT
"""20,000 threads at once, of one process and of many: each counts."""

import os
import pathlib
import time

import memory
from harness import Case, Workload, compiled, each, many, patience, thorough
from load import dropped


@thorough
class Crowds(Case):
    """Thousands of threads at once, which are there before the tool starts and after it ends."""

    THREADS, USER = many(20000), 3_000_000
    SHAPES = ((1, THREADS), (100, THREADS // 100))

    def crowd(self, processes, threads, calls):
        """So many threads, which wait; say() twice."""
        return self.own(Workload([str(processes), str(threads), str(calls)], user=self.USER,
                                 program=compiled("crowd")))

    def observe(self, shape, tool, *args):
        """Let each thread make 3 calls while the tool counts. Returns the run."""
        work = self.crowd(*shape, 3)
        began = time.monotonic()
        running = self.start(tool, *args, "-u", self.USER)
        started = time.monotonic() - began
        work.say()
        work.wait_for("all calls", lambda: b"done" in work.out.data, patience(60))
        found, began = memory.of_tree(running.pid), time.monotonic()
        run = running.stop()
        print(f"{tool} {' '.join(args)} {shape}: start {started:.1f} s, end "
              f"{time.monotonic() - began:.1f} s, {found}", flush=True)
        work.say()
        work.end(patience(60))
        self.assertEqual(run.status, 0, run)
        return run

    @each(*SHAPES)
    def test_by_thread(self, shape):
        run = self.observe(shape, "bcc-syscalls", "--by", "thread,syscall", "-e", "getppid", "-i",
                           "0").check()
        calls = [row["calls"] for row in run.rows if row["calls"]]
        self.assertEqual((len(calls), set(calls), dropped(run)), (self.THREADS, {3}, 0),
                         str(run)[-900:])

    @each(*SHAPES)
    def test_in_progress(self, shape):
        """At the end all wait in futex, which began while the tool counted."""
        run = self.observe(shape, "bcc-syscalls", "-L", "-e", "getppid,futex", "-i", "0").check()
        self.assertEqual(run.table("syscall")["getppid"], (3 * self.THREADS, 0), run)
        self.assertEqual(dropped(run), 0, run)

    @each(*SHAPES)
    def test_stream(self, shape):
        run = self.observe(shape, "bcc-syscalls", "--stream", "-e", "getppid")
        self.assertEqual(run.end["calls"] + dropped(run), 3 * self.THREADS, str(run)[-900:])

    @each(*SHAPES)
    def test_summary(self, shape):
        """They begin and end while the tool counts."""
        processes, threads = shape
        run = self.run_tool("bcc-fork", "--summary", "--", compiled("crowd"), processes, threads, 1,
                            output="json", within=120)
        told = [run.end[key] for key in ("forks", "threads", "execs", "exits")]
        there = [processes, processes * (threads - 1), 1, 1 + processes * threads]
        self.assertEqual(sum(told) + dropped(run), sum(there), run)
        self.assertTrue(all(a <= b for a, b in zip(told, there)), run)

    def test_chosen_threads(self):
        work = self.crowd(1, self.THREADS, 3)
        tids = sorted(map(int, os.listdir(f"/proc/{self.child_of(work)}/task")))[::200]
        running = self.start("bcc-syscalls", "-t", ",".join(map(str, tids)), "-e", "getppid",
                             "--by", "thread", "-i", "0")
        work.say()
        work.wait_for("all calls", lambda: b"done" in work.out.data, patience(60))
        run = running.stop().check()
        work.say()
        self.assertEqual(run.table("tid"), {tid: (3, 0) for tid in tids}, str(run)[-900:])

    @staticmethod
    def child_of(work):
        return int(pathlib.Path(f"/proc/{work.pid}/task/{work.pid}/children").read_text())
