# SPDX-License-Identifier: MIT
"""
bcc-openat --hook: each hook gives the same numbers. If a hook does not exist here, one line says
so.
"""

import functools
import os
import pathlib
import re
import subprocess

from arch import IS_X86, NUMBERS, OPENAT_SYMBOL
from harness import Tool, both_ways, each, essential, fresh_path, kernel_version
from opens import MISSING, TOOL, OpenCase, known, openat, opens

HOOKS = ("kprobe", "fexit", "sys_exit", "tracepoint", "raw_syscalls")
NULL = "/dev/null"


@functools.lru_cache(None)
def kernel_functions():
    return {line.split()[2] for line in pathlib.Path("/proc/kallsyms").read_text().splitlines()
            if line.count(" ") == 2}


@functools.lru_cache(None)
def can_trace(function):
    """Can a trampoline be attached to this function? The kernel must allow ftrace there."""
    script = 'mount -t tracefs none /mnt && grep -qw "$1" /mnt/available_filter_functions'
    return subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", function],
                          capture_output=True).returncode == 0


@functools.lru_cache(None)
def preempts():
    """
    Can a task lose its CPU inside the kernel, so that the program of a trampoline can miss calls?
    """
    script = 'mount -t debugfs none /mnt && cat /mnt/sched/preempt'
    modes = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True,
                           text=True).stdout
    if modes:
        return "(full)" in modes or "(lazy)" in modes
    return "PREEMPT" in os.uname().version


def can_have(hook):
    """
    Does this kernel have this kind of hook? Told without trying, by what exists only where it
    does.
    """
    tracefs = "tracefs" in pathlib.Path("/proc/filesystems").read_text().split()
    return {"kprobe": "register_kprobe" in kernel_functions(),
            "fexit": (os.path.exists("/sys/kernel/btf/vmlinux") and can_trace(OPENAT_SYMBOL)
                      and not preempts()
                      # On arm64, ftrace calls the trampolines since 6.4.
                      and (IS_X86 or kernel_version() >= (6, 4))),
            "sys_exit": True,
            "tracepoint": tracefs and "perf_syscall_exit" in kernel_functions(),
            "raw_syscalls": tracefs and "perf_trace_sys_exit" in kernel_functions()}[hook]


NAMES = {"kprobe": r"k(ret)?probe:\w*sys_openat$", "fexit": r"f(entry|exit):\w*sys_openat$",
         "sys_exit": r"raw_tracepoint:sys_(enter|exit)$",
         "tracepoint": r"tracepoint:syscalls:sys_e\w+_openat$",
         "raw_syscalls": r"tracepoint:raw_syscalls:sys_e\w+$"}


class Forced(OpenCase):
    """--hook takes the hook that was asked for, and numbers do not depend on it."""

    STEPS = [openat(1009, NULL), openat(211, MISSING)]

    def forced(self, hook, steps, *args, way="command"):
        """The Run; None where there is no such hook, once the tool has said so as it should."""
        if can_have(hook):
            run, results = self.opened(steps, "--hook", hook, *args, way=way)
            self.assertTrue(any(re.search(NAMES[hook], name) for name in run.start["hooks"]), run)
            return run, results
        run = self.own(Tool(TOOL, "--hook", hook, *args, "--", "/bin/true")).finish()
        self.assertEqual((run.status, run.out), (1, b""), run)
        self.assertRegex(run.err, r"^bcc-openat: ", run)
        self.assertLessEqual(len(run.err.splitlines()), 2, run)
        return None, None

    @both_ways
    @each(*HOOKS)
    def test_counts(self, hook, way):
        run, results = self.forced(hook, self.STEPS, way=way)
        if run:
            self.assertEqual(run.table("pid", "comm"), {(results.pid, "opener"): (1220, 211)}, run)

    @both_ways
    @each(*HOOKS)
    def test_errors(self, hook, way):
        steps = [*self.STEPS, openat(5, "@null"), openat(7, "/dev/null/x")]
        run, results = self.forced(hook, steps, "-x", "--by", "errno", way=way)
        if run:
            self.assertEqual(run.table("errno"),
                             {"ENOENT": (211, 211), "EFAULT": (5, 5), "ENOTDIR": (7, 7)}, run)

    @each(*HOOKS)
    def test_paths(self, hook):
        run, _ = self.forced(hook, [*self.STEPS, openat(5, "@null")], "--by", "path")
        if run:
            self.assertEqual(run.table("path"),
                             {NULL: (1009, 0), MISSING: (211, 211), None: (5, 5)}, run)

    @each(*HOOKS)
    def test_choices(self, hook):
        steps = [*self.STEPS, openat(5, NULL, os.O_WRONLY),
                 openat(7, NULL, os.O_RDWR | os.O_APPEND)]
        run, results = self.forced(hook, steps, "-w", "--flags", "O_APPEND", "--path", "/dev/*")
        if run:
            self.assertEqual(run.table("pid"), {results.pid: (7, 0)}, run)

    @each(*HOOKS)
    def test_latency(self, hook):
        run, results = self.forced(hook, self.STEPS, "-L", "-i", "0")
        if run:
            (row,) = run.rows
            self.assertEqual((row["opens"], row["failed"], row["timed"]), (1220, 211, 1220), run)
            self.assertLessEqual(row["min_ns"], min(min(line["ns"]) for line in results.of("open")),
                                 run)

    @each(*HOOKS)
    def test_stream(self, hook):
        steps = [openat(2, NULL, os.O_WRONLY), openat(3, MISSING)]
        run, results = self.forced(hook, steps, "--stream")
        if run:
            self.assertEqual([(e["path"], e["flags"], e["errno"], e["duration_ns"] > 0)
                              for e in run.events],
                             [(NULL, ["O_WRONLY"], None, True)] * 2
                             + [(MISSING, ["O_RDONLY"], "ENOENT", True)] * 3, run)
            self.assertEqual([e["fd"] for e in run.events[:2]], results.of("open")[0]["ret"], run)

    @each(*HOOKS)
    def test_32_bit(self, hook):
        """
        All hooks see 32-bit calls but the tracepoint of openat, which the kernel has for native
        calls only.
        """
        run, results = self.forced(hook, [openat(3, NULL), opens("i386:openat", 5, NULL)], "--by",
                                   "call")
        if run:
            expected = {"openat": (3, 0)}
            if results.of("open")[1]["there"] and hook != "tracepoint":
                expected["i386:openat"] = (5, 0)
            self.assertEqual(run.table("call"), expected, run)

    @each(*HOOKS)
    def test_no_results(self, hook):
        run, results = self.forced(hook, self.STEPS, "--no-results")
        if run:
            self.assertEqual(run.table("pid"), {results.pid: (1220,)}, run)

    @each(*HOOKS)
    @essential
    def test_all(self, hook):
        """A hook sees all ways to open, or the tool says that it does not; never some of them."""
        steps = [*self.STEPS, opens("openat2", 13, NULL), opens("open", 17, NULL),
                 opens("io_uring:openat", 3, NULL)]
        if not can_have(hook):
            return
        run = self.own(Tool(TOOL, "--hook", hook, "--all", "--by", "call", "--duration",
                            "0.01")).finish()
        if run.status:
            self.assertIn(run.status, (1, 2), run)
            self.assertEqual(run.out, b"", run)
            return
        run, results = self.forced(hook, steps, "--all", "--by", "call")
        expected = known({"openat": (1220, 211), "openat2": (13, 0), "open": (17, 0)})
        if results.of("open")[-1]["there"]:
            expected["io_uring:openat"] = (3, 0)
        self.assertEqual(run.table("call"), expected, run)

    @each(*HOOKS)
    def test_waiting(self, hook):
        """An open that waits when the run ends is counted then, and nowhere else."""
        if not can_have(hook):
            return
        fifo = fresh_path("fifo")
        os.mkfifo(fifo)
        work = self.workload([openat(3, NULL), openat(1, fifo)])
        tool = self.start(TOOL, "--pid", work.pid, "--hook", hook)
        work.say()
        work.wait_in(NUMBERS["openat"])
        run = tool.stop().check()
        self.assertEqual(run.end["dropped"]["unmatched"], 0, run)
        self.assertEqual(run.table("pid"), {work.pid: (4, 0)}, run)


class NoResults(OpenCase):
    """With --no-results opens are counted as they begin."""

    @both_ways
    def test_counts(self, way):
        run, results = self.opened(Forced.STEPS, "--no-results", way=way)
        self.assertEqual(run.table("pid", "comm"), {(results.pid, "opener"): (1220,)}, run)
        for record in [*run.rows, *run.totals, run.end]:
            self.assertFalse({"failed", "failed_share"} & set(record), run)

    @each("thread", "comm", "user", "cgroup", "call", "process,call")
    def test_keys(self, by):
        run, _ = self.opened(Forced.STEPS, "--no-results", "--by", by)
        self.assertEqual([row["opens"] for row in run.rows], [1220], run)

    def test_columns(self):
        run, _ = self.command(TOOL, Forced.STEPS, "--no-results", output=None)
        self.assertIn("OPENS", run.out.decode(), run)
        self.assertNotIn("FAIL", run.out.decode(), run)

    def test_csv(self):
        run, _ = self.command(TOOL, Forced.STEPS, "--no-results", output="csv")
        self.assertNotIn("failed", run.out.decode(), run)

    def test_32_bit(self):
        run, results = self.opened([openat(3, NULL), opens("i386:openat", 5, NULL)], "--no-results",
                                   "--by", "call")
        expected = {"openat": (3,),
                    "i386:openat": (5,)} if results.of("open")[1]["there"] else {"openat": (3,)}
        self.assertEqual(run.table("call"), expected, run)
