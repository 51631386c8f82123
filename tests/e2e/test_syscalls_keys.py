# SPDX-License-Identifier: MIT
"""
bcc-syscalls --by: rows by each key and by several, every number known, and a total that is their
sum.
"""

import os
import pwd
import re
import shutil

from harness import (NOBODY, Case, cgroup_root, each, essential, fresh_path, scratch, wait_until,
                     workload_path)

TOOL = "bcc-syscalls"
STRANGER = 1_000_000 + 2 * os.getpid() + 1  # a uid that nobody has
# Calls that the workloads below make, and nothing else in them does.
COUNTED = "getppid,close,sched_get_priority_max"


class KeyCase(Case):
    """Runs several workloads under one tool."""

    def pids(self, works, *args):
        """
        Run these waiting workloads, one after the other, under one tool that sees all of them and
        nothing else.
        """
        tool = self.start(TOOL, "--pid", ",".join(str(work.pid) for work in works), *args)
        results = [work.go() for work in works]
        run = tool.stop()
        self.assertEqual(run.status, 0, run)
        return run.check(), results


@essential
class OneKey(KeyCase):
    """--by with one key."""

    STEPS = ("getppid 11 + syscall close 2 -1", "getppid 13 + syscall close 3 -1",
             "getppid 17 + syscall close 5 -1")

    def test_process(self):
        works = [self.workload(steps) for steps in self.STEPS]
        run, _ = self.pids(works, "--by", "process", "-e", COUNTED)
        self.assertEqual(run.table("pid"),
                         {works[0].pid: (13, 2), works[1].pid: (16, 3), works[2].pid: (22, 5)}, run)
        self.assertEqual({row["comm"] for row in run.rows}, {"workload"}, run)
        self.assertNotIn("tid", run.rows[0], run)
        self.assertNotIn("syscall", run.rows[0], run)

    def test_process_of_threads(self):
        """
        All threads of a process are one row, under the first thread's name, which none of them
        has.
        """
        work = self.workload("comm thread + getppid 11 + syscall close 2 -1", "--threads", "7")
        run, _ = self.attach(TOOL, work, "--pid", work.pid, "--by", "process", "-e", COUNTED)
        self.assertEqual(run.check().table("pid", "comm"), {(work.pid, "workload"): (91, 14)}, run)

    def test_process_of_descendants(self):
        work = self.workload("spawn 5 getppid 11 + spawn 2 getppid 17")
        run, results = self.attach(TOOL, work, "--pid", work.pid, "--descendants", "--by",
                                   "process", "-e", "getppid")
        below = [line["pid"] for line in results.of("getppid") if line["calls"] == 17]
        expected = {pid: (11, 0) for pid in results.one("spawn")["children"]}
        expected |= {pid: (17, 0) for pid in below}
        self.assertEqual((len(expected), run.check().table("pid")), (15, expected), run)

    def test_thread(self):
        work = self.workload("comm thread + getppid 11 + syscall close 2 -1", "--threads", "5")
        run, _ = self.attach(TOOL, work, "--pid", work.pid, "--by", "thread", "-e", COUNTED)
        self.assertEqual(run.check().table("pid", "tid", "comm"),
                         {(work.pid, tid, "thread"): (13, 2) for tid in work.tids}, run)

    def test_comm(self):
        """
        The row has the name that the thread has when the call returns, whichever process it
        belongs to.
        """
        run, _ = self.command(TOOL, "spawn 3 comm one + getppid 11 + comm two + syscall close 2 -1",
                              "--by", "comm",
                              "-e", COUNTED)
        self.assertEqual(run.check().table("comm"), {"one": (33, 0), "two": (6, 6)}, run)
        self.assertNotIn("pid", run.rows[0], run)

    def test_comm_of_any_bytes(self):
        run, _ = self.command(TOOL, [*r"comm \x01\xff\x0a + getppid 11".split()], "--by", "comm",
                              "-e", "getppid")
        self.assertEqual([(row["comm"], row["calls"]) for row in run.check().rows],
                         [("\x01\\xff\n", 11)], run)

    def test_user(self):
        users = (STRANGER, NOBODY, 0)
        works = [self.workload(steps, user=user) for steps, user in zip(self.STEPS, users)]
        run, _ = self.pids(works, "--by", "user", "-e", COUNTED)
        name = pwd.getpwuid(NOBODY).pw_name
        self.assertEqual(run.table("uid", "user"),
                         {(STRANGER, str(STRANGER)): (13, 2), (NOBODY, name): (16, 3),
                          (0, "root"): (22, 5)}, run)

    def test_errno(self):
        """null means success. Each row's share is of all calls."""
        steps = "getppid 12 + openat 4 6 + syscall close 4 -1 + syscall sched_get_priority_max 6 -1"
        run, _ = self.command(TOOL, steps, "--by", "errno", "-e", COUNTED + ",openat")
        rows = {row["errno"]: (row["calls"], row["errors"], str(row["share"]))
                for row in run.check().rows}
        self.assertEqual(rows, {None: (20, 0, "0.555556"), "ENOENT": (6, 6, "0.166667"),
                                "EBADF": (4, 4, "0.111111"),
                                "EINVAL": (6, 6, "0.166667")}, run)

    def test_syscall_is_the_default(self):
        run, _ = self.command(TOOL, "getppid 11 + syscall close 2 -1", "--by", "syscall", "-e",
                              COUNTED)
        self.assertEqual(run.check().table("syscall"), {"getppid": (11, 0), "close": (2, 2)}, run)


class SeveralKeys(KeyCase):
    """--by with several keys."""

    @each("process,syscall", "syscall,process")
    def test_process_syscall(self, by):
        run, results = self.command(TOOL, "spawn 3 getppid 11 + syscall close 2 -1", "--by", by,
                                    "-e", COUNTED)
        expected = {}
        for pid in results.one("spawn")["children"]:
            expected |= {(pid, "getppid"): (11, 0), (pid, "close"): (2, 2)}
        self.assertEqual(run.check().table("pid", "syscall"), expected, run)

    def test_thread_syscall(self):
        work = self.workload("getppid 11 + syscall close 2 -1", "--threads", "3")
        run, _ = self.attach(TOOL, work, "--pid", work.pid, "--by", "thread,syscall", "-e", COUNTED)
        expected = {}
        for tid in work.tids:
            expected |= {(work.pid, tid, "getppid"): (11, 0), (work.pid, tid, "close"): (2, 2)}
        self.assertEqual(run.check().table("pid", "tid", "syscall"), expected, run)

    def test_syscall_errno(self):
        """A share is of the calls by that name."""
        run, _ = self.command(TOOL, "openat 13 3 + syscall close 2 -1", "--by", "syscall,errno",
                              "-e", "openat,close")
        rows = {(row["syscall"], row["errno"]): (row["calls"], str(row["share"]))
                for row in run.check().rows}
        self.assertEqual(rows,
                         {("openat", None): (13, "0.812500"), ("openat", "ENOENT"): (3, "0.187500"),
                          ("close", None): (13, "0.866667"), ("close", "EBADF"): (2, "0.133333")},
                         run)

    def test_comm_user(self):
        works = [self.workload(f"comm {comm} + getppid {calls}", user=user) for comm, calls, user in
                 (("one", 11, STRANGER), ("one", 13, NOBODY), ("two", 17, NOBODY))]
        run, _ = self.pids(works, "--by", "comm,user", "-e", COUNTED)
        self.assertEqual(run.table("comm", "uid"),
                         {("one", STRANGER): (11, 0), ("one", NOBODY): (13, 0),
                          ("two", NOBODY): (17, 0)}, run)

    def test_all(self):
        run, results = self.command(TOOL, "getppid 11 + syscall close 2 -1", "-e", COUNTED,
                                    "--by", "errno,cgroup,user,comm,thread,process,syscall")
        rows = run.check().table("pid", "tid", "comm", "uid", "syscall", "errno")
        who = (results.pid, results.pid, "workload", 0)
        self.assertEqual(rows, {(*who, "getppid", None): (11, 0), (*who, "close", "EBADF"): (2, 2)},
                         run)

    @each("proces", "", "process,", "process,,errno", "pid")
    def test_no_such_key(self, by):
        run = self.run_tool(TOOL, "--by", by)
        self.assertEqual((run.status, run.out), (2, b""), run)
        self.assertIn(f"'{by.split(',')[-1] if by != 'process,,errno' else ''}'", run.err)
        self.assertRegex(run.err, "syscall.*process.*thread.*comm.*user.*cgroup.*errno", run)


class Cgroups(KeyCase):
    """--by cgroup."""

    def make_cgroup(self, parent):
        if parent is None:
            self.skipTest("no writable cgroup2 mount")
        path = parent / fresh_path(f"bcc-tools-e2e-{os.getpid()}-by").name
        path.mkdir()
        self.addCleanup(lambda: wait_until(lambda: self.removed(path)))
        return path

    @staticmethod
    def removed(path):
        try:
            path.rmdir()
        except OSError:
            return not path.exists()
        return True

    def test_cgroup(self):
        """
        The cgroup is its path from the root of the hierarchy; a cgroup below it has another row.
        """
        top = self.make_cgroup(cgroup_root())
        below = self.make_cgroup(top)
        works = [self.workload(steps) for steps in OneKey.STEPS]
        for work, path in zip(works, (top, below, below)):
            (path / "cgroup.procs").write_text(str(work.pid))
        run, _ = self.pids(works, "--by", "cgroup", "-e", COUNTED)
        self.assertEqual(run.table("cgroup"),
                         {f"/{top.name}": (13, 2), f"/{top.name}/{below.name}": (38, 8)}, run)

    def test_cgroup_that_is_gone(self):
        """The row of a removed cgroup has its id and all numbers."""
        path = self.make_cgroup(cgroup_root())
        inode = path.stat().st_ino
        name = f"gone-{os.getpid()}"
        work = self.workload(f"comm {name} + getppid 11")
        (path / "cgroup.procs").write_text(str(work.pid))
        # Not with --pid: the run would end with the process, maybe before the cgroup goes.
        tool = self.start(TOOL, "--name", name, "--by", "cgroup", "-e", "getppid", "-i", "0")
        work.go()
        self.assertTrue(wait_until(lambda: self.removed(path)))
        run = tool.stop().check()
        self.assertEqual(run.table("cgroup"), {f"id:{inode}": (11, 0)}, run)


class Names(KeyCase):
    """Processes that have ended before the report are in it under the names they had."""

    def copies(self):
        """The workload under other names, as execve makes them known."""
        paths = [scratch() / f"{name}-{os.getpid() % 100000}" for name in ("first", "second")]
        for path in paths:
            shutil.copy(workload_path(), path)
        return paths

    @each("process", "thread")
    def test_of_what_a_shell_ran(self, key):
        """The name is not the shell's, which forked, but that of the executed program."""
        first, second = self.copies()
        out = fresh_path("out")
        script = f"{first} --out {out} getppid 11; {second} --out {out} getppid 13; exit 0"
        run = self.run_tool(TOOL, "-i", "0", "--by", key, "--", "/bin/sh", "-c", script,
                            output="json").check()
        self.assertEqual(sorted(row["comm"] for row in run.rows),
                         sorted([first.name, second.name, "sh"]), run)

    def test_gone(self):
        run, results = self.command(TOOL, "spawn 3 comm child + getppid 11", "-i", "0", "--by",
                                    "process",
                                    "-e", "getppid")
        children = results.one("spawn")["children"]
        self.assertEqual(run.check().table("pid", "comm"),
                         {(pid, "child"): (11, 0) for pid in children}, run)


class Intervals(KeyCase):
    """
    The tool exchanges the table of rows while all CPUs count: no call is lost or counted twice.
    """
    STEPS = "spawn 5 getppid 60000 + syscall close 20000 -1"
    CALLS = {"getppid": (60000, 0), "close": (20000, 20000)}

    @each("syscall", "process,syscall")
    @each("0.01", "0")
    def test_add_up(self, interval, by):
        run, results = self.command(TOOL, self.STEPS, "--interval", interval, "--by", by, "-e",
                                    COUNTED)
        self.expect(run.check(), results, by)
        if interval != "0":
            self.assertGreater(len(run.totals), 2, run)

    @each("syscall", "process,syscall")
    def test_add_up_with_latency(self, by):
        run, results = self.command(TOOL, self.STEPS, "--interval", "0.02", "--by", by, "-e",
                                    COUNTED, "-L")
        self.expect(run.check(), results, by)
        self.assertEqual(sum(row["timed"] for row in run.rows), run.end["calls"], run)

    def expect(self, run, results, by):
        if by == "syscall":
            expected = {call: (5 * calls, 5 * errors) for call,
                        (calls, errors) in self.CALLS.items()}
            self.assertEqual(run.table("syscall"), expected, run)
            return
        expected = {(pid, call): counts for pid in results.one("spawn")["children"]
                    for call, counts in self.CALLS.items()}
        self.assertEqual(run.table("pid", "syscall"), expected, run)

    def test_one_report_of_more_than_a_table_holds(self):
        """
        The tool takes rows out of the kernel every second, however long an interval is: 24,000
        rows where 16,384 have room.
        """
        run, _ = self.command(TOOL, "rename 12000 + wait poll 1 1500 + rename 12000 12000", "-i",
                              "0", "-L",
                              "--by", "comm,syscall", "-e", "prctl", "--top", "3")
        total = run.check().totals[0]
        self.assertEqual((total["calls"], total["timed"], total["rows"], total["dropped"]),
                         (24000, 24000, 24000, 0), run)

    def test_a_full_table_is_reported(self):
        """
        More names within a second than there is room for: what is not in the rows is in
        `dropped`.
        """
        calls = 300_000
        run, _ = self.command(TOOL, f"rename {calls}", "-i", "0", "-L", "--by", "comm", "-e",
                              "prctl", "--top", "1")
        dropped = run.end["dropped"]["map_full"]
        self.assertGreater(dropped, 0, run)
        self.assertEqual(run.end["calls"] + dropped, calls, run)
        self.assertEqual(run.totals[0]["dropped"], dropped, run)
        self.assertTrue(re.search(rf"(?m)^bcc-syscalls: dropped {dropped}: table full {dropped} \(",
                                  run.err), run)
