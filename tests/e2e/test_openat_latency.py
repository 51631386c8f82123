# SPDX-License-Identifier: MIT
"""
bcc-openat -L: how long opens take, compared with what the workload measures around each of them.
"""

import os
import re
import time

from arch import OPENAT_SYMBOL
from harness import each, fresh_path, many
from opens import MISSING, OPENAT, TOOL, OpenCase, openat, opens

MS = 1_000_000
ERROR = 1.125  # a quantile is off by less than this factor
NULL = "/dev/null"
IO_URING_ENTER = 426


class LatencyCase(OpenCase):
    """Makes opens of known duration."""

    def fifo(self):
        path = fresh_path("fifo")
        os.mkfifo(path)
        return path

    def attach_slow(self, times, *args, first=()):
        """
        Opens that take at least so many milliseconds each: of a FIFO, where open returns when the
        other end is opened. Each open takes another FIFO; one whose other end is not closed yet
        would return at once.
        """
        fifos = [self.fifo() for _ in times]
        work = self.workload([*first, *[openat(1, fifo) for fifo in fifos]])
        tool = self.start(TOOL, "--pid", work.pid, "-L", *args)
        work.say()
        slept = -1
        for fifo, ms in zip(fifos, times):
            slept = work.wait_in(OPENAT, after=slept)
            time.sleep(ms / 1000)
            os.close(os.open(fifo, os.O_WRONLY))
        results = work.results()
        run = tool.stop().check()
        self.assertEqual(run.status, 0, run)
        return run, fifos, [line["ns"][0] for line in results.of("open")[len(first):]]


class Times(LatencyCase):
    """Times, percentiles and histograms of opens that return."""

    def assert_times(self, row, measured, least, run):
        """
        The kernel sees each call begin later and end earlier than the workload does, and no open
        is shorter than it was made to be. So the tool's k-th shortest time lies between that and
        the workload's k-th shortest.
        """
        count, measured = len(measured), sorted(measured)
        self.assertEqual((row["opens"], row["timed"], row["failed"]), (count, count, 0), run)
        self.assertTrue(count * least <= row["total_ns"] <= sum(measured), run)
        self.assertTrue(least <= row["min_ns"] <= measured[0], run)
        self.assertTrue(least <= row["max_ns"] <= measured[-1], run)
        self.assertTrue(least / ERROR <= row["p50_ns"] <= measured[(count - 1) // 2] * ERROR, run)
        self.assertTrue(least / ERROR <= row["p99_ns"] <= measured[-1], run)

    def test_slow(self):
        run, _, measured = self.attach_slow([9] * 7, "-i", "0", "--histogram")
        (row,) = run.rows
        self.assert_times(row, measured, 9 * MS, run)
        self.assertTrue(all(low >= 8 * MS for low, _, _ in row["histogram"]), run)

    def test_the_median_is_not_the_average(self):
        run, _, measured = self.attach_slow([3] * 5 + [60] * 2, "-i", "0")
        (row,) = run.rows
        self.assert_times(row, measured, 3 * MS, run)
        self.assertGreaterEqual(row["max_ns"], 60 * MS, run)
        self.assertGreaterEqual(row["p99_ns"], 60 * MS / ERROR, run)

    def test_by_path(self):
        """The slow path stands out, also among many fast ones."""
        run, fifos, measured = self.attach_slow([7] * 3, "--by", "path", "-i", "0",
                                                first=[openat(1000, NULL)])
        rows = {row["path"]: row for row in run.rows}
        for fifo, ns in zip(fifos, measured):
            self.assert_times(rows[str(fifo)], [ns], 7 * MS, run)
        self.assertEqual(rows[NULL]["timed"], 1000, run)
        self.assertEqual(run.rows[0]["path"], NULL, run)  # by opens, the default

    def test_sorted_by_time(self):
        run, fifos, _ = self.attach_slow([20, 600], "--by", "path", "-i", "0", "--sort", "max_ns",
                                         first=[openat(100, NULL)])
        self.assertEqual([row["path"] for row in run.rows], [str(fifos[1]), str(fifos[0]), NULL],
                         run)

    def test_short(self):
        """Every open is timed, failing or not, and no time is 0."""
        run, results = self.opened([openat(10007, NULL), openat(1009, MISSING)], "-L",
                                   "--histogram", "--by",
                                   "errno", "-i", "0")
        rows = {row["errno"]: row for row in run.rows}
        self.assertEqual({name: row["timed"] for name, row in rows.items()},
                         {None: 10007, "ENOENT": 1009}, run)
        first, second = (min(line["ns"]) for line in results.of("open"))
        self.assertTrue(0 < rows[None]["min_ns"] <= first and 0 < rows["ENOENT"]["min_ns"]
                        <= second, run)

    @each("-x", "-w", "--path", "--errno", "--flags")
    def test_of_what_is_chosen(self, option):
        """Times are of the opens that are shown."""
        value = {"--path": [MISSING], "--errno": ["ENOENT"],
                 "--flags": ["O_WRONLY"]}.get(option, [])
        steps = [openat(101, NULL), openat(7, MISSING, os.O_WRONLY)]
        run, results = self.opened(steps, "-L", option, *value)
        self.assertEqual(sum(row["timed"] for row in run.rows), 7, run)
        self.assertEqual(run.end["opens"], 7, run)
        self.assertLessEqual(run.totals[-1]["total_ns"], sum(results.of("open")[1]["ns"]), run)

    def test_threads_at_once(self):
        """Each thread has its own times, over several readings."""
        opens = many(30011)
        work = self.workload([["pin"], openat(opens, NULL)], "--threads", "4")
        run, _ = self.attach(TOOL, work, "--pid", work.pid, "-L", "--by", "thread", "-i", "0.02")
        sums = {}
        for row in run.check().rows:
            sums[row["tid"]] = sums.get(row["tid"], 0) + row["timed"]
        self.assertEqual(sums, {tid: opens for tid in work.tids}, run)
        self.assertEqual(run.end["opens"], 4 * opens, run)

    @each("open", "creat", "openat2", "open_by_handle_at", "i386:openat", "i386:open")
    def test_other_calls(self, call):
        path = fresh_path("other")
        path.touch()
        flags = [0, 0o600] if call == "creat" else []
        steps = [["chdir", path.parent], opens(call, 31, path, *flags)]
        run, results = self.opened(steps, "--all", "-L", "--by", "call", "-i", "0")
        line = results.one("open")
        if not line["there"]:
            self.assertEqual((run.rows, run.end["opens"]), ([], 0), run)
            return
        (row,) = run.rows
        self.assertEqual((row["call"], row["opens"], row["timed"]), (call, 31, 31), run)
        self.assertLessEqual(row["total_ns"], sum(line["ns"]), run)
        self.assertLessEqual(row["min_ns"], min(line["ns"]), run)

    @each("", ",async")
    def test_uring(self, how):
        """
        Requests to an io_uring are timed on kernels that tell when they end, from when they are
        carried out or before.
        """
        run, results = self.opened([opens(f"io_uring:openat{how}", 31, NULL)], "--all", "-L",
                                   "--by", "call", "-i", "0")
        line = results.one("open")
        self.assertEqual(run.end["opens"], line["opens"], run)
        for row in run.rows:
            self.assertLessEqual(row["total_ns"], sum(line["ns"]), run)

    def test_columns(self):
        run, _ = self.command(TOOL, [openat(11, NULL)], "-L", "-i", "0", output=None)
        self.assertRegex(run.out.decode(), r"(?m)^.*\bOPENS\b.*\bTIME +AVG +MIN +P50 +P99 +MAX\b",
                         run)

    def test_histogram_is_drawn(self):
        run, _ = self.command(TOOL, [openat(113, NULL)], "-L", "--histogram", "-i", "0",
                              output=None)
        bars = re.findall(
            r"(?m)^ +\[([\d.]+)(ns|us|ms|s), ([\d.]+)(ns|us|ms|s)\) +(\d+) \|(@*) *\|$",
                          run.out.decode())
        self.assertEqual(sum(int(bar[4]) for bar in bars), 113, run)


class Waiting(LatencyCase):
    """An open that does not return while the run lasts."""

    def waiting(self, *args, before=False):
        """
        End a run while its workload waits in an open. before: the open waits when the run begins,
        too.
        """
        fifo = self.fifo()
        work = self.workload([openat(3, NULL), openat(1, fifo)])
        if before:
            work.say()
            work.wait_in(OPENAT)
        tool = self.start(TOOL, "--pid", work.pid, *args)
        if not before:
            work.say()
            work.wait_in(OPENAT)
        run = tool.stop().check()
        self.assertEqual(run.status, 0, run)
        return run, work, fifo

    @each((), ("-L",), ("--by", "thread"), ("--by", "comm,user,call"), ("--no-results",),
          ("--all",),
          ("--by", "errno"), ("-i", "0.02"))
    def test_counted_when_the_run_ends(self, more):
        """It is an open that has not failed."""
        run, work, _ = self.waiting(*more)
        self.assertEqual((run.end["opens"], run.end.get("failed", 0)), (4, 0), run)
        if "-L" in more:
            self.assertEqual(sum(row["timed"] for row in run.rows), 3, run)

    def test_uring(self):
        """
        A request that waits is not among the opens, but the tool says that it did not see its
        end.
        """
        fifo = self.fifo()
        work = self.workload([openat(3, NULL), opens("io_uring:openat,async", 1, fifo)])
        tool = self.start(TOOL, "--pid", work.pid, "--all")
        work.say()
        work.wait_in(IO_URING_ENTER)
        run = tool.stop().check()
        self.assertEqual((run.end["opens"] + run.end["dropped"]["unmatched"], run.end["failed"]),
                         (4, 0), run)

    @each((), ("-L",), ("--all",))
    def test_that_began_before_the_run(self, more):
        run, work, _ = self.waiting(*more, before=True)
        self.assertEqual((run.table("pid"), run.end["opens"]), ({work.pid: (1, 0)}, 1), run)

    @each(("-x",), ("--errno", "EINTR"), ("--by", "path"), ("--by", "dir"), ("--path", "*"),
          ("--distinct",), ("--stream",))
    def test_not_where_its_end_or_path_matters(self, more):
        run, _, _ = self.waiting(*more)
        self.assertEqual(run.end["opens"], 0 if "-x" in more or "--errno" in more else 3, run)

    @each((), ("-w",), ("--flags", "O_RDONLY"))
    def test_returns_before_the_end(self, more):
        """It is counted once, in the interval in which it returns."""
        fifo = self.fifo()
        flags = os.O_WRONLY if "-w" in more else os.O_RDONLY
        work = self.workload([openat(1, fifo, flags)])
        tool = self.start(TOOL, "--pid", work.pid, "-i", "0.03", *more)
        work.say()
        work.wait_in(OPENAT)
        seen = len(tool.records("total"))
        tool.wait_for("two intervals", lambda: len(tool.records("total")) > seen + 1)
        self.assertEqual(tool.records("row"), [])
        os.close(os.open(fifo, os.O_RDONLY if "-w" in more else os.O_WRONLY))
        work.results()
        run = tool.stop().check()
        self.assertEqual(run.table("pid"), {work.pid: (1, 0)}, run)

    @each((), ("-L",))
    def test_had_begun_and_returns(self, more):
        """It is counted, unless the hook had to see it begin. Nobody can say how long it took."""
        fifo = self.fifo()
        work = self.workload([openat(1, fifo), openat(2, NULL)])
        work.say()
        work.wait_in(OPENAT)
        tool = self.start(TOOL, "--pid", work.pid, "-i", "0", *more)
        os.close(os.open(fifo, os.O_WRONLY))
        work.results()
        run = tool.stop().check()
        at_function = OPENAT_SYMBOL in run.start["hooks"][0]
        self.assertEqual(run.table("pid"), {work.pid: (2 if at_function else 3, 0)}, run)
        if more:
            self.assertEqual([row["timed"] for row in run.rows], [2], run)

    def test_killed(self):
        """The open ends because its process does."""
        fifo = self.fifo()
        work = self.workload([openat(3, NULL), openat(1, fifo)])
        tool = self.start(TOOL, "--pid", work.pid)
        work.say()
        work.wait_in(OPENAT)
        work.kill()
        run = tool.stop().check()
        self.assertEqual(run.end["opens"], 4, run)
