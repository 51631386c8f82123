# SPDX-License-Identifier: MIT
"""/proc changes while a tool reads it. Of the processes that stay, nothing is wrong or lost."""

import os
import pathlib
import subprocess

from arch import NUMBERS, PAUSE
from harness import SLOW, Case, Process, compiled, each, thorough, wait_until

STEPS = "openat 11 3 + getppid 23 + fork 7"


def ancestors(pid):
    """Names from the first process to this one, of processes that live as long as the test."""
    names = []
    while pid:
        fields = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
        names.insert(0, fields[0].split("\t", 1)[1])
        pid = int(next(line.split()[1] for line in fields if line.startswith("PPid:")))
    return names


class ProcCase(Case):
    """Runs the helper program storm beside a tool."""

    def storms(self, count):
        for _ in range(count):
            storm = self.own(Process([compiled("storm")], stdin=subprocess.PIPE))
            storm.wait_for("the storm", lambda storm=storm: b"storm\n" in storm.out.data)


class Storm(ProcCase):
    """All that reads /proc works in the middle of a storm of processes."""

    def fork_lineage(self):
        """--lineage reads /proc in the middle of a storm: every parent is the right one."""
        work = self.workload("fork 7")
        expected = [*ancestors(work.pid), "workload"]
        run, _ = self.attach("bcc-fork", work, "--pid", work.pid, "--descendants", "--lineage")
        self.assertEqual([e["lineage"] for e in run.check().select("fork")], [expected] * 7, run)
        self.assertEqual(run.end["exits"], 8, run)

    def fork_everything(self):
        """Every event has a lineage, and each lineage ends with the process itself."""
        running = self.start("bcc-fork", "--lineage", "-x", "--rusage")
        running.wait_for("some lives", lambda: len(running.lines()) > 100)
        run = running.stop()
        self.assertEqual(run.status, 0, run)
        # On a machine this slow the tool may drop some; then it says so.
        if run.end["dropped"]["buffer"]:
            self.assertIn("dropped", run.err, run)
            return
        run.check()
        for event in run.select("fork") + run.select("exec", ret=0):
            self.assertEqual(event["lineage"][-1], event["comm"], event)

    def fork_summary(self):
        run = self.run_tool("bcc-fork", "--summary", "-d", "0.2", output="json")
        self.assertEqual(run.status, 0, run)

    def syscalls_blocked(self):
        """
        Blocked calls are read from /proc at the beginning and at the end: a process that waits is
        there once.
        """
        work = self.workload("block pause")
        running = self.start("bcc-syscalls", "--pid", work.pid, "-L", "-e", PAUSE,
                             "--descendants")
        work.say()
        work.wait_in(NUMBERS[PAUSE])
        run = running.stop().check()
        (row,) = run.rows
        self.assertEqual((row["calls"], row["blocked"]), (1, 1), run)

    def syscalls_everything(self):
        for options in (), ("-L", "--by", "thread"), ("--by", "process,cgroup"):
            run = self.run_tool("bcc-syscalls", "-d", "0.2", *options, output="json")
            self.assertEqual(run.status, 0, run)
            self.assertEqual(run.records[-1]["type"], "end", run)

    def openat_command(self):
        run, results = self.command("bcc-openat", STEPS)
        self.assertEqual(run.check().table("pid"), {results.pid: (14, 3)}, run)

    def openat_everything(self):
        run = self.run_tool("bcc-openat", "-d", "0.2", "--by", "thread", "-a", output="json")
        self.assertEqual(run.status, 0, run)

    WAYS = ("fork_lineage", "fork_everything", "fork_summary", "syscalls_blocked",
            "syscalls_everything", "openat_command",
            "openat_everything")

    @each(*WAYS)
    def test_once(self, way):
        self.storms(1)
        getattr(self, way)()

    @thorough
    @each(*WAYS)
    def test_again_and_again(self, way):
        self.storms(2)
        for _ in range(3 if SLOW else 20):
            getattr(self, way)()


class Remains(ProcCase):
    """Processes of which little is left: zombies, and processes without their first thread."""

    def test_a_leader_that_has_ended(self):
        """The second thread waits, and the tool finds it by its own name and by the process's."""
        leader = self.own(Process([compiled("storm"), "leader"]))
        task = pathlib.Path(f"/proc/{leader.pid}/task")

        def waits():
            others = [tid for tid in os.listdir(task) if tid != str(leader.pid)]
            text = (task / others[0] / "syscall").read_text() if others else ""
            return text.startswith(f"{NUMBERS[PAUSE]} ")
        self.assertTrue(wait_until(waits))
        (tid,) = [int(tid) for tid in os.listdir(task) if tid != str(leader.pid)]
        for more in (), ("-L",):
            run = self.start("bcc-syscalls", "-p", leader.pid, "-e", PAUSE, "--by", "thread",
                             *more).stop().check()
            (row,) = run.rows
            self.assertEqual((row["pid"], row["tid"], row["comm"], row["calls"]),
                             (leader.pid, tid, "second", 1), run)


    @each("bcc-syscalls", "bcc-fork", "bcc-openat")
    def test_a_zombie(self, tool):
        """
        -p may name a zombie. It does nothing, and a later process with its id is not taken for
        it.
        """
        parent = self.own(Process([compiled("storm"), "zombie"], stdin=subprocess.PIPE))
        parent.wait_for("its child", lambda: b"\n" in parent.out.data)
        more = ["--lineage", "--descendants"] if tool == "bcc-fork" else ["-L", "--descendants"]
        run = self.start(tool, "-p", int(parent.out.data), *more).stop().check()
        self.assertEqual((run.events if tool == "bcc-fork" else run.rows), [], run)
