# SPDX-License-Identifier: MIT
"""
Tables at their limit: on a machine that allows few threads (or so the tools are told) they are
full at once.
"""

from harness import Case, each, many, thorough, workload_path
from load import squeezed


class Followed(Case):
    """
    There is room for all processes that live at one moment, and a dead process gives its place
    up.
    """
    CHILDREN = many(4000)
    ROOM = many(2000)  # more than can end before the kernel gets to forget them

    def expect(self, run, told, there):
        """
        The sum is exact. Where the kernel skips births (7.x, in a namespace) it is not more, and
        not less for want of room.
        """
        if run.end["dropped"]["missed"]:
            self.assertTrue(all(a <= b for a, b in zip(told, there)), run)
        else:
            self.assertEqual(told, there, run)

    @each("host", "namespace")
    def test_forks(self, where):
        """More processes, one after the other, than the table has room for."""
        run = squeezed(self.ROOM, "bcc-fork", "--", workload_path(), "spawn", "2", "fork",
                       self.CHILDREN,
                       namespace=where == "namespace").check()
        self.expect(run, (run.end["forks"], run.end["exits"]),
                    (2 + 2 * self.CHILDREN, 3 + 2 * self.CHILDREN))

    def test_calls(self):
        run = squeezed(self.ROOM, "bcc-syscalls", "-i", "0", "-e", "exit_group", "--",
                       workload_path(), "fork", self.CHILDREN,
                       namespace=True).check()
        self.expect(run, (run.end["calls"],), (1 + self.CHILDREN,))

    def test_full(self):
        """
        More processes at one moment than there can be: the tool counts each that has no room.
        """
        run = squeezed(4, "bcc-syscalls", "-i", "0", "-e", "getppid", "--", workload_path(),
                       "spawn", "20",
                       "wait", "poll", "1", "500", "+", "getppid", "3")
        lost = run.end["dropped"]["map_full"]
        self.assertEqual((run.end["calls"] + 3 * lost, run.totals[0]["dropped"]), (60, lost), run)


class Begun(Case):
    """
    More threads than there is room to note when their calls began: their calls are counted,
    without a time.
    """
    THREADS, CALLS = 20, 300

    def threads(self, tool, *args):
        load = [workload_path(), "--threads", self.THREADS, "getppid", self.CALLS]
        return squeezed(8, tool, "-i", "0", *args, "--", *load).check()

    def test_latency(self):
        """All the threads wait in futex at once."""
        run = self.threads("bcc-syscalls", "-L", "-e", "getppid,futex")
        (total,) = run.totals
        self.assertEqual(run.table("syscall")["getppid"], (self.THREADS * self.CALLS, 0), run)
        self.assertGreater(total["untimed"], 0, run)
        self.assertEqual((total["calls"] - total["timed"], total["dropped"]), (total["untimed"], 0),
                         run)
        self.assertEqual(run.end["untimed"], total["untimed"], run)
        self.assertIn(f"bcc-syscalls: {total['untimed']} are without a time", run.err)

    def test_stream(self):
        run = squeezed(8, "bcc-syscalls", "--stream", "-e", "getppid,futex", "--buffer", "512",
                       "--", workload_path(),
                       "--threads", self.THREADS, "getppid", self.CALLS).check()
        calls = run.select("call", syscall="getppid")
        self.assertEqual(len(calls), self.THREADS * self.CALLS, run)
        untimed = [call for call in run.events if call["duration_ns"] is None]
        self.assertEqual((len(untimed), run.end["dropped"]["map_full"]), (run.end["untimed"], 0),
                         run)
        self.assertTrue(untimed and all(call["args"] is not None for call in untimed), run)


class Names(Case):
    """A process that gives itself more names than a table of the tool's has room for."""
    ROWS, STEP = 262144, 50000  # ROWS_MAX of row_table.h; fewer than the kernel's table holds
    STEPS = 6

    def rename_all(self):
        for i in range(self.STEPS):
            yield from ["rename", self.STEP, i * self.STEP, "+", "wait", "poll", "1", "1200", "+"]

    @thorough
    @each("one report", "cumulative")
    def test_full(self, how):
        """Each call is in a row or is dropped."""
        steps = [str(step) for step in self.rename_all()][:-1]
        args = ["-i", "0"] if how == "one report" else ["--cumulative"]
        run = self.run_tool("bcc-syscalls", "--by", "comm", "-e", "prctl", "--top", "3", *args,
                            "--", workload_path(), *steps, output="json")
        lost = run.end["dropped"]["map_full"]
        self.assertEqual(run.end["calls"] + lost, self.STEPS * self.STEP, run)
        self.assertEqual(run.end["calls"], self.ROWS, run)
        self.assertRegex(run.err, rf"dropped {lost}: table full {lost} \(")
