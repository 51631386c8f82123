# SPDX-License-Identifier: MIT
"""
bcc-syscalls counts calls that do not return: each call that is in progress when the run ends is
there once, with every filter.
"""

import os
import pathlib
import signal
import subprocess
import time

from arch import NUMBERS, PAUSE, POLL
from harness import (NOBODY, Case, cgroup_root, each, essential, fresh_path, patience,
                     tool_environment, tool_path, wait_until,
                     workload_path)
from finished_run import Run

TOOL = "bcc-syscalls"
STRANGER = 2_000_000 + 2 * os.getpid()
BY = ("--by", "process,syscall")
plain_and_timed = each((), ("-L",))


def blocked(run, *keys):
    """{key: blocked} of the last interval, with -L."""
    rows = [row for row in run.rows if row["interval"] == len(run.totals)]
    return {tuple(row[key] for key in keys): row["blocked"] for row in rows if row["blocked"]}


class BlockedCase(Case):
    """Starts workloads that wait in a call."""

    def paused(self, steps="block pause", **identity):
        """A workload that waits for ever, and did so before any tool started."""
        work = self.workload(steps, **identity)
        work.say()
        work.wait_in(NUMBERS[PAUSE])
        return work

    def children(self, pid):
        def there():
            return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        self.assertTrue(wait_until(there))
        return [int(child) for child in there()]

    def pausing_children(self, pid):
        children = self.children(pid)
        for child in children:
            self.addCleanup(os.kill, child, signal.SIGKILL)
            self.assertTrue(
                wait_until(
                    lambda: pathlib.Path(f"/proc/{child}/syscall").read_text().startswith(
                        f"{NUMBERS[PAUSE]} ")))
        return children


class Filters(BlockedCase):
    """
    One workload has waited since before the tool started, one begins to wait later, and the
    filter leaves a third out.
    """

    def observe_pause(self, before, after, *args):
        tool = self.start(TOOL, *args, "-e", PAUSE, *BY)
        after.say()
        after.wait_in(NUMBERS[PAUSE])
        run = tool.stop().check()
        self.assertEqual(run.table("pid", "syscall"),
                         {(before.pid, PAUSE): (1, 0), (after.pid, PAUSE): (1, 0)}, run)
        if "-L" in args:
            self.assertEqual(blocked(run, "pid"), {(before.pid,): 1, (after.pid,): 1}, run)

    @plain_and_timed
    def test_an_id_that_is_given_twice(self, more):
        work = self.paused()
        run = self.start(TOOL, "--pid", f"{work.pid},{work.pid}", "-e", PAUSE,
                         *more).stop().check()
        self.assertEqual(run.table("syscall"), {PAUSE: (1, 0)}, run)

    @plain_and_timed
    def test_in_a_pid_namespace(self, more):
        """A call from before is there too, although /proc does not tell the host's ids."""
        number = NUMBERS["clock_nanosleep"]
        script = (f"sleep 1000 & P=$!; while ! grep -q '^{number} ' /proc/$P/syscall; do :; done; "
                  f"{tool_path(TOOL)} -q -o json {' '.join(more)} -e clock_nanosleep "
                  "--by process -i 0 -d 0.3 -p $P; kill $P")
        done = subprocess.run(["unshare", "-pf", "--mount-proc", "sh", "-c", script],
                              capture_output=True,
                              timeout=patience(30), env=tool_environment())
        run = Run(TOOL, ["unshare"], done.returncode, done.stdout, done.stderr).check()
        (row,) = run.rows
        self.assertEqual((row["comm"], row["calls"]), ("sleep", 1), run)
        if more:
            self.assertEqual(row["blocked"], 1, run)
            self.assertGreaterEqual(row["blocked_ns"], 0.3e9, run)

    @plain_and_timed
    @each("--pid", "--tid")
    def test_ids(self, option, more):
        before, after = self.paused(), self.workload("block pause")
        self.paused()
        self.observe_pause(before, after, option, f"{before.pid},{after.pid}", *more)

    @plain_and_timed
    def test_uid(self, more):
        before, after = self.paused(user=STRANGER), self.workload("block pause", user=STRANGER)
        self.paused(user=NOBODY)
        self.observe_pause(before, after, "--uid", STRANGER, *more)

    @plain_and_timed
    def test_name(self, more):
        tag = f"{os.getpid()}"
        before, after = self.paused(f"comm {tag}-a + block pause"), self.workload(
            f"comm {tag}-b + block pause")
        self.paused(f"comm x{tag}-c + block pause")
        self.observe_pause(before, after, "--name", f"{tag}-?", *more)

    @plain_and_timed
    @each("itself", "above")
    def test_cgroup(self, which, more):
        root = cgroup_root()
        if root is None:
            self.skipTest("no writable cgroup2 mount")
        top = root / fresh_path(f"bcc-tools-e2e-{os.getpid()}-blocked").name
        below = top / "below"
        for path in (top, below):
            path.mkdir()
            self.addCleanup(lambda path=path: wait_until(lambda: not path.exists()
                                                         or self.removed(path)))
        before, after, other = self.paused(), self.workload("block pause"), self.paused()
        for work in (before, after):
            (below / "cgroup.procs").write_text(str(work.pid))
        if which == "itself":
            (top / "cgroup.procs").write_text(str(other.pid))
        self.observe_pause(before, after, "--cgroup", below if which == "itself" else top, *more)

    @staticmethod
    def removed(path):
        try:
            path.rmdir()
        except OSError:
            return False
        return True

    @plain_and_timed
    def test_ppid(self, more):
        """--ppid: the calls of the children, and not the one that their parent waits in."""
        work = self.workload("spawn 3 block pause")
        work.say()
        self.assertTrue(wait_until(lambda: len(self.children(work.pid)) == 3))
        children = self.pausing_children(work.pid)
        tool = self.start(TOOL, "--ppid", work.pid, "-e", f"{PAUSE},wait4", *BY, *more)
        run = tool.stop().check()
        self.assertEqual(run.table("pid", "syscall"), {(pid, PAUSE): (1, 0) for pid in children},
                         run)

    @plain_and_timed
    def test_descendants(self, more):
        """--descendants: the process itself and the children it makes from now on."""
        work = self.workload("spawn 3 block pause")
        tool = self.start(TOOL, "--pid", work.pid, "--descendants", "-e", f"{PAUSE},wait4", *BY,
                          *more)
        work.say()
        self.assertTrue(wait_until(lambda: len(self.children(work.pid)) == 3))
        expected = {(pid, PAUSE): (1, 0)
                    for pid in self.pausing_children(work.pid)} | {(work.pid, "wait4"): (1, 0)}
        work.wait_in(NUMBERS["wait4"])
        run = tool.stop().check()
        self.assertEqual(run.table("pid", "syscall"), expected, run)

    @plain_and_timed
    def test_what_outlives_a_command(self, more):
        """
        A child in the background outlives the command; the run ends with the command all the
        same.
        """
        out, fifo = fresh_path("out"), fresh_path("fifo")
        os.mkfifo(fifo)
        script = '"$0" --out "$1" abandon block pause >/dev/null 2>&1; read line <"$2"; exit 0'
        tool = self.start(TOOL, "-e", PAUSE, *BY, *more, "--", "/bin/sh", "-c", script,
                          workload_path(), out, fifo)
        self.assertTrue(wait_until(lambda: out.exists() and b"\n" in out.read_bytes()))
        child = int(out.read_bytes().split(b'"child":')[1].split(b"}")[0])
        self.addCleanup(os.kill, child, signal.SIGKILL)
        call = pathlib.Path(f"/proc/{child}/syscall")
        self.assertTrue(wait_until(lambda: call.read_text().startswith(f"{NUMBERS[PAUSE]} ")))
        fifo.write_text("\n")
        run = tool.finish().check()
        self.assertEqual((run.status, run.table("pid", "syscall")), (0, {(child, PAUSE): (1, 0)}),
                         run)

    @plain_and_timed
    def test_keys(self, more):
        """A call in progress has every key that a row can have."""
        work = self.paused("comm sleeper + block pause", user=STRANGER)
        by = "process,thread,comm,user,syscall,errno"
        (row,) = self.start(TOOL, "--pid", work.pid, "-e", PAUSE, "--by", by,
                            *more).stop().check().rows
        got = {key: row[key] for key in ("pid", "tid", "comm", "uid", "user", "syscall", "errno",
                                         "calls", "errors")}
        self.assertEqual(got, {"pid": work.pid, "tid": work.pid, "comm": "sleeper", "uid": STRANGER,
                               "errno": None,
                               "user": str(STRANGER), "syscall": PAUSE, "calls": 1, "errors": 0})

    def test_failed(self):
        """Nobody knows how a call in progress will end: -x leaves it out."""
        work = self.paused()
        for more in (("-x",), ("--errno", "EINTR"), ("-x", "-L")):
            run = self.start(TOOL, "--pid", work.pid, "-e", PAUSE, *more).stop().check()
            self.assertEqual(run.rows, [], run)


@essential
class Ages(BlockedCase):
    """How long a waiting call has waited, and which interval counts it."""

    def test_age(self):
        """
        The age is at least the time that it is known to have waited, and at most the time since
        it was let go.
        """
        work = self.workload("block pause")
        tool = self.start(TOOL, "--pid", work.pid, "-e", PAUSE, "-L")
        released = time.monotonic_ns()
        work.say()
        work.wait_in(NUMBERS[PAUSE])
        waits = time.monotonic_ns()
        self.assertTrue(wait_until(lambda: time.monotonic_ns() > waits + 50_000_000))
        least = time.monotonic_ns() - waits
        run = tool.stop().check()
        (row,) = [row for row in run.rows if row["interval"] == len(run.totals)]
        self.assertEqual((row["calls"], row["timed"], row["blocked"]), (1, 0, 1), run)
        self.assertTrue(least <= row["blocked_ns"] <= time.monotonic_ns() - released, run)
        self.assertEqual(run.totals[-1]["blocked_ns"], row["blocked_ns"], run)

    def pass_gate(self, work):
        """
        Let it through its gate and wait until it waits in its own read, no longer in the gate's.
        """
        work.say()
        work.wait_for("its first step", lambda: b'"getppid"' in work.out.data)
        work.wait_in(NUMBERS["read"])

    def test_every_interval_shows_it_and_one_counts_it(self):
        """The waiting call is in each report; it is counted in the one in which it returns."""
        work = self.workload("getppid 3 + block read + block poll")
        tool = self.start(TOOL, "--pid", work.pid, "-e", f"read,{POLL},getppid", "-L", "-i", "0.03",
                          "--no-clear")

        def intervals(call):
            return [row for row in tool.records("row") if row["syscall"] == call and row["blocked"]]
        tool.wait_for("the gate's read, twice", lambda: len(intervals("read")) > 1)
        self.pass_gate(work)
        since, seen = [time.monotonic_ns()], len(intervals("read"))
        tool.wait_for("the next read, twice", lambda: len(intervals("read")) > seen + 1)
        least = [time.monotonic_ns() - since[0]]
        work.say()
        work.wait_in(NUMBERS[POLL])
        since.append(time.monotonic_ns())
        tool.wait_for("poll, three times", lambda: len(intervals(POLL)) > 2)
        least.append(time.monotonic_ns() - since[1])
        ages = [row["blocked_ns"] for row in intervals(POLL)]
        self.assertEqual(ages, sorted(ages))
        work.say()
        results = work.results()
        run = tool.stop().check()
        self.assertEqual(run.table("syscall"), {"read": (2, 0), POLL: (1, 0), "getppid": (3, 0)},
                         run)
        timed = {call: [row for row in run.rows if row["syscall"] == call and row["timed"]]
                 for call in ("read", POLL)}
        measured = [line["ns"] for line in results.of("block")]
        for call, ns, at_least in zip(("read", POLL), measured, least):
            (row,) = timed[call]
            self.assertEqual((row["timed"], row["calls"]), (1, 1), run)
            self.assertTrue(at_least <= row["total_ns"] <= ns, run)
        self.assertEqual(run.totals[-1]["blocked"], 0, run)

    def test_returned_before_the_end_is_not_counted_twice(self):
        work = self.workload("getppid 3 + block read")
        tool = self.start(TOOL, "--pid", work.pid, "-e", f"read,{POLL}", "-i", "0.03")
        self.pass_gate(work)
        tool.wait_for("an interval", lambda: len(tool.records("total")) > 1)
        work.say()
        work.results()
        run = tool.stop().check()
        self.assertEqual(run.table("syscall"), {"read": (2, 0)}, run)

    @plain_and_timed
    def test_counted_in_the_last_interval(self, more):
        work = self.paused()
        tool = self.start(TOOL, "--pid", work.pid, "-e", PAUSE, "-i", "0.03", *more)
        tool.wait_for("some intervals", lambda: len(tool.records("total")) > 3)
        run = tool.stop().check()
        calls = {row["interval"]: row["calls"] for row in run.rows if row["calls"]}
        self.assertEqual(calls, {len(run.totals): 1}, run)
        self.assertEqual(len(run.rows), len(run.totals) if more else 1, run)

    def test_threads(self):
        """Each waiting thread is one; the first thread waits for them in another call."""
        work = self.workload("block pause", "--threads", "5")
        tool = self.start(TOOL, "--pid", work.pid, "-L", "--by", "thread,syscall", "-e",
                          f"{PAUSE},futex")
        work.say()
        for tid in work.tids:
            work.wait_in(NUMBERS[PAUSE], tid=tid)
        run = tool.stop().check()
        expected = {(tid, PAUSE): 1 for tid in work.tids} | {(work.pid, "futex"): 1}
        self.assertEqual(blocked(run, "tid", "syscall"), expected, run)
        self.assertEqual(run.totals[-1]["blocked"], 6, run)

    def test_a_thread_that_executes_a_program(self):
        """
        A thread executes a program: its execve has returned, under the process's id, and the call
        that the first thread waited in is gone.
        """
        work = self.workload("exec-thread getppid 3 + block pause")
        tool = self.start(TOOL, "--pid", work.pid, "-L", "--by", "thread,syscall")
        work.say()
        work.wait_in(NUMBERS[PAUSE])
        run = tool.stop().check()
        self.assertEqual(blocked(run, "tid", "syscall"), {(work.pid, PAUSE): 1}, run)
        execs = [(row["tid"], row["calls"], row["timed"]) for row in run.rows if row["syscall"]
                 == "execve"]
        self.assertEqual(execs, [(work.pid, 1, 1)], run)

    def test_a_thread_that_is_killed(self):
        """The call that a killed thread waited in is over, and did not return."""
        work = self.workload("signal SIGTERM + block pause")
        tool = self.start(TOOL, "--pid", work.pid, "--descendants", "-L", *BY)
        work.say()
        work.wait_in(NUMBERS[PAUSE])
        run = tool.stop().check()
        self.assertEqual(blocked(run, "pid", "syscall"), {(work.pid, PAUSE): 1}, run)

    @each("rt_sigreturn", "unknown")
    def test_a_number_that_is_none(self, select):
        """Call number -1 looks like rt_sigreturn when it returns: nothing of it remains."""
        work = self.workload("syscall -1 3 + handle 1 + syscall -1 3 + block pause")
        tool = self.start(TOOL, "--pid", work.pid, "-L", "-e", select)
        work.say()
        work.wait_in(NUMBERS[PAUSE])
        run = tool.stop().check()
        self.assertEqual(blocked(run, "syscall"), {}, run)
        self.assertEqual(run.table("syscall"),
                         {select: (1, 0) if select == "rt_sigreturn" else (6, 6)}, run)
