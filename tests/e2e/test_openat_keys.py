# SPDX-License-Identifier: MIT
"""
bcc-openat --by: rows by each key and by several, every number known, and a total that is their
sum.
"""

import os
import pwd

from harness import NOBODY, both_ways, cgroup_root, each, essential, fresh_path, wait_until
from opens import MISSING, TOOL, OpenCase, known, openat, opens

STRANGER = 3_000_000 + 2 * os.getpid() + 1  # a uid that nobody has
NULL = "/dev/null"


class KeyCase(OpenCase):
    """Runs several workloads under one tool."""

    def pids(self, works, *args):
        """
        Run these waiting workloads, one after the other, under one tool that sees all of them and
        nothing else.
        """
        tool = self.start(TOOL, "--pid", ",".join(str(work.pid) for work in works), *args)
        for work in works:
            work.go()
        run = tool.stop()
        self.assertEqual(run.status, 0, run)
        return run.check()


@essential
class OneKey(KeyCase):
    """--by with one key."""

    STEPS = [[openat(n, NULL), openat(m, MISSING)] for n, m in ((11, 2), (13, 3), (17, 5))]

    def test_process(self):
        works = [self.workload(steps) for steps in self.STEPS]
        run = self.pids(works, "--by", "process")
        expected = {work.pid: counts for work, counts in zip(works, ((13, 2), (16, 3), (22, 5)))}
        self.assertEqual(run.table("pid"), expected, run)
        self.assertEqual({row["comm"] for row in run.rows}, {"opener"}, run)
        self.assertEqual([str(row["failed_share"])
                          for row in sorted(run.rows, key=lambda row: row["opens"])],
                         ["0.153846", "0.187500", "0.227273"], run)

    def test_process_of_threads(self):
        """
        All threads of a process are one row, under the first thread's name, which none of them
        has.
        """
        work = self.workload([["comm", "thread"], *self.STEPS[0]], "--threads", "7")
        run, _ = self.attach(TOOL, work, "--pid", work.pid, "--by", "process")
        self.assertEqual(run.check().table("pid", "comm"), {(work.pid, "opener"): (91, 14)}, run)

    def test_thread(self):
        work = self.workload([["comm", "thread"], *self.STEPS[0]], "--threads", "5")
        run, _ = self.attach(TOOL, work, "--pid", work.pid, "--by", "thread")
        self.assertEqual(run.check().table("pid", "tid", "comm"),
                         {(work.pid, tid, "thread"): (13, 2) for tid in work.tids}, run)

    @both_ways
    def test_comm(self, way):
        """
        The row has the name that the thread has when the call returns, whichever process it
        belongs to.
        """
        steps = [["comm", "one"], openat(11, NULL), ["comm", "two"], openat(2, MISSING),
                 r"comm \x01\xff\x0a", openat(3, NULL)]
        run, _ = self.opened(steps, "--by", "comm", way=way)
        self.assertEqual(run.table("comm"), {"one": (11, 0), "two": (2, 2), "\x01\\xff\n": (3, 0)},
                         run)
        self.assertNotIn("pid", run.rows[0], run)

    @both_ways
    def test_path(self, way):
        """
        Paths are as the program gave them, so one file may have several; null where no path could
        be read.
        """
        steps = [openat(11, NULL), openat(2, MISSING), ["chdir", "/dev"], openat(3, "null"),
                 openat(5, "../dev/null"), openat(7, "@null"), openat(13, "@bad"), openat(17, "")]
        run, _ = self.opened(steps, "--by", "path", way=way)
        expected = {NULL: (11, 0), MISSING: (2, 2), "null": (3, 0), "../dev/null": (5, 0),
                    None: (20, 20), "": (17, 17)}
        self.assertEqual(run.table("path"), expected, run)

    @both_ways
    def test_dir(self, way):
        """The directory is what stands before the last slash that has something after it."""
        steps = [openat(11, NULL), openat(2, "/dev/zero"), openat(3, MISSING), openat(5, "/"),
                 openat(7, "/none-of-this"), ["chdir", "/"], openat(13, "dev/null"),
                 openat(17, "dev"),
                 openat(19, "./dev"), openat(23, "proc/sys/"), openat(29, "@null")]
        run, _ = self.opened(steps, "--by", "dir", way=way)
        expected = {"/dev": (13, 0), os.path.dirname(MISSING): (3, 3), "/": (12, 7), "dev": (13, 0),
                    ".": (36, 0),
                    "proc": (23, 0), None: (29, 29)}
        self.assertEqual(run.table("dir"), expected, run)

    def test_user(self):
        users = (STRANGER, NOBODY, 0)
        works = [self.workload(steps, user=user) for steps, user in zip(self.STEPS, users)]
        run = self.pids(works, "--by", "user")
        name = pwd.getpwuid(NOBODY).pw_name
        self.assertEqual(run.table("uid", "user"),
                         {(STRANGER, str(STRANGER)): (13, 2), (NOBODY, name): (16, 3),
                          (0, "root"): (22, 5)}, run)

    def test_errno(self):
        """null means success. Each row's share is of all opens."""
        steps = [openat(12, NULL), openat(6, MISSING), openat(4, "@null"), openat(2, "/dev/null/x")]
        run, _ = self.opened(steps, "--by", "errno")
        rows = {row["errno"]: (row["opens"], row["failed"], str(row["share"])) for row in run.rows}
        self.assertEqual(rows, {None: (12, 0, "0.500000"), "ENOENT": (6, 6, "0.250000"),
                                "EFAULT": (4, 4, "0.166667"),
                                "ENOTDIR": (2, 2, "0.083333")}, run)

    def test_call(self):
        run, _ = self.opened(self.STEPS[0], "--by", "call")
        self.assertEqual(run.table("call"), {"openat": (13, 2)}, run)

    def test_a_path_of_several_intervals(self):
        """The row of each interval has its path, although the tool knew the path before."""
        work = self.workload([openat(20000, NULL), openat(20000, NULL)])
        run, _ = self.attach(TOOL, work, "--pid", work.pid, "--by", "path", "-i", "0.01")
        self.assertEqual(run.check().table("path"), {NULL: (40000, 0)}, run)


class SeveralKeys(KeyCase):
    """--by with several keys."""

    STEPS = [openat(11, NULL), openat(2, MISSING), openat(3, "/dev/zero")]

    @each("process,path", "path,process")
    def test_process_path(self, by):
        works = [self.workload(self.STEPS) for _ in range(3)]
        run = self.pids(works, "--by", by)
        expected = {}
        for work in works:
            expected |= {(work.pid, NULL): (11, 0), (work.pid, MISSING): (2, 2),
                         (work.pid, "/dev/zero"): (3, 0)}
        self.assertEqual(run.table("pid", "path"), expected, run)

    def test_dir_errno(self):
        """A share is of the opens in that directory."""
        steps = [*self.STEPS, openat(2, "/dev/none")]
        run, _ = self.opened(steps, "--by", "dir,errno")
        rows = {(row["dir"], row["errno"]): (row["opens"], str(row["share"])) for row in run.rows}
        self.assertEqual(rows,
                         {("/dev", None): (14, "0.875000"), ("/dev", "ENOENT"): (2, "0.125000"),
                          (os.path.dirname(MISSING), "ENOENT"): (2, "1.000000")}, run)

    def test_comm_user(self):
        works = [self.workload([["comm", comm], openat(count, NULL)], user=user) for comm, count,
                 user in
                 (("one", 11, STRANGER), ("one", 13, NOBODY), ("two", 17, NOBODY))]
        run = self.pids(works, "--by", "comm,user")
        self.assertEqual(run.table("comm", "uid"),
                         {("one", STRANGER): (11, 0), ("one", NOBODY): (13, 0),
                          ("two", NOBODY): (17, 0)}, run)

    def test_call_path(self):
        steps = [*self.STEPS, opens("openat2", 5, NULL), opens("open", 7, NULL),
                 opens("creat", 13, NULL, 0, 0o600)]
        run, _ = self.opened(steps, "--all", "--by", "call,path")
        expected = known({("openat", NULL): (11, 0), ("openat", MISSING): (2, 2),
                          ("openat", "/dev/zero"): (3, 0), ("openat2", NULL): (5, 0),
                          ("open", NULL): (7, 0), ("creat", NULL): (13, 0)})
        self.assertEqual(run.table("call", "path"), expected, run)

    def test_all(self):
        run, results = self.opened(self.STEPS, "--by",
                                   "errno,cgroup,user,comm,thread,process,call,path")
        who = (results.pid, results.pid, "opener", 0, "openat")
        expected = {(*who, NULL, None): (11, 0), (*who, MISSING, "ENOENT"): (2, 2),
                    (*who, "/dev/zero", None): (3, 0)}
        self.assertEqual(run.table("pid", "tid", "comm", "uid", "call", "path", "errno"), expected,
                         run)
        self.assertTrue(all(row["cgroup"].startswith(("/", "id:")) for row in run.rows), run)


class Cgroups(KeyCase):
    """--by cgroup."""

    @staticmethod
    def removed(path):
        try:
            path.rmdir()
        except OSError:
            return not path.exists()
        return True

    def make_cgroup(self, parent):
        if parent is None:
            self.skipTest("no writable cgroup2 mount")
        path = parent / fresh_path(f"bcc-tools-e2e-{os.getpid()}-opens").name
        path.mkdir()
        self.addCleanup(lambda: wait_until(lambda: self.removed(path)))
        return path

    def test_cgroup(self):
        """
        The cgroup is its path from the root of the hierarchy; a cgroup below it has another row.
        """
        top = self.make_cgroup(cgroup_root())
        below = self.make_cgroup(top)
        works = [self.workload(steps) for steps in OneKey.STEPS]
        for work, path in zip(works, (top, below, below)):
            (path / "cgroup.procs").write_text(str(work.pid))
        run = self.pids(works, "--by", "cgroup")
        self.assertEqual(run.table("cgroup"),
                         {f"/{top.name}": (13, 2), f"/{top.name}/{below.name}": (38, 8)}, run)


class Distinct(KeyCase):
    """
    --distinct estimates how many different paths there are. The tests allow five times its
    standard error of 3.3 %.
    """

    def near(self, estimate, count, run):
        self.assertLessEqual(abs(estimate - count), max(2, 0.165 * count), run)

    @each(1, 10, 100, 1000, 20000)
    def test_of_a_process(self, count):
        prefix = fresh_path("distinct")
        run, results = self.opened([["distinct", count, prefix], ["distinct", count, prefix]],
                                   "--distinct", "-i", "0")
        (row,) = run.rows
        self.assertEqual((row["pid"], row["opens"], row["failed"]),
                         (results.pid, 2 * count, 2 * count), run)
        self.near(row["paths"], count, run)

    def test_of_each(self):
        """Each row has its own estimate, and many opens of one path are one path."""
        prefix = fresh_path("distinct")
        works = [self.workload([["distinct", count, prefix], openat(500, NULL)])
                 for count in (7, 70, 700)]
        run = self.pids(works, "--distinct", "-i", "0")
        rows = {row["pid"]: row for row in run.rows}
        for work, count in zip(works, (7, 70, 700)):
            self.assertEqual(rows[work.pid]["opens"], count + 500, run)
            self.near(rows[work.pid]["paths"], count + 1, run)

    def test_by_others(self):
        """Different paths that gave one errno, whoever opened them."""
        prefix = fresh_path("distinct")
        run, _ = self.opened([["distinct", 300, prefix], openat(3, NULL), openat(5, "/dev/zero")],
                             "--distinct", "--by", "errno", "-i", "0")
        rows = {row["errno"]: row["paths"] for row in run.rows}
        self.assertEqual(set(rows), {None, "ENOENT"}, run)
        self.near(rows["ENOENT"], 300, run)
        self.near(rows[None], 2, run)

    def test_threads_at_once(self):
        """
        Threads open the same paths at once, while the tool reads the kernel's tables several
        times.
        """
        work = self.workload([["pin"], ["distinct", 5000, fresh_path("distinct")]], "--threads",
                             "4")
        run, _ = self.attach(TOOL, work, "--pid", work.pid, "--distinct", "-i", "0")
        (row,) = run.check().rows
        self.assertEqual(row["opens"], 20000, run)
        self.near(row["paths"], 5000, run)
