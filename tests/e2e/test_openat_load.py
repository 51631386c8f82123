# SPDX-License-Identifier: MIT
"""
bcc-openat under load: no open is lost or counted twice, however often the tool reads, however
short processes live.
"""

import os
import re

from harness import both_ways, each, fresh_path, many
from opens import MISSING, TOOL, OpenCase, openat, opens

NULL = "/dev/null"
THREADS = 2 * (os.cpu_count() or 1)


class Sums(OpenCase):
    """Threads on every CPU open files while the tool exchanges the kernel's table every 10 ms."""
    GOOD, BAD = many(40009), many(9973)

    def steps(self):
        return [["pin"], openat(self.GOOD, NULL), openat(self.BAD, MISSING)]

    @each((), ("--by", "thread"), ("--by", "path"), ("--by", "process,path,errno"), ("-L",),
          ("-L", "--by", "thread,path"),
          ("--distinct",), ("--all",), ("--no-results",), ("--full-path", "--by", "dir"))
    def test_all_intervals(self, more):
        work = self.workload(self.steps(), "--threads", THREADS)
        run, _ = self.attach(TOOL, work, "--pid", work.pid, "-i", "0.01", *more)
        run.check()
        opened, failed = THREADS * (self.GOOD + self.BAD), THREADS * self.BAD
        self.assertEqual(run.end["opens"], opened, run)
        self.assertEqual(sum(row["opens"] for row in run.rows), opened, run)
        self.assertGreater(len(run.totals), 2, run)
        if "--no-results" not in more:
            self.assertEqual(sum(row["failed"] for row in run.rows), failed, run)
            self.assertEqual(run.end["failed"], failed, run)
        if "thread" in more:
            self.assertEqual(run.table("tid"), {tid: (opened // THREADS, failed // THREADS)
                                                for tid in work.tids}, run)

    @each((), ("-x",), ("--path", "/nonexistent*"), ("--errno", "ENOENT"))
    def test_chosen(self, more):
        work = self.workload(self.steps(), "--threads", THREADS)
        run, _ = self.attach(TOOL, work, "--pid", work.pid, "-i", "0.01", *more)
        count = THREADS * (self.BAD if more else self.GOOD + self.BAD)
        self.assertEqual((run.check().end["opens"], run.end["failed"]), (count, THREADS * self.BAD),
                         run)

    def test_uring(self):
        work = self.workload([["pin"], opens("io_uring:openat", 5003, NULL), openat(5003, NULL)],
                             "--threads", THREADS)
        run, results = self.attach(TOOL, work, "--pid", work.pid, "-i", "0.01", "--all", "--by",
                                   "call")
        there = results.of("open")[0]["there"]
        expected = {call: (THREADS * 5003, 0) for call in ["openat"] + ["io_uring:openat"] * there}
        self.assertEqual(run.check().table("call"), expected, run)


class ShortLives(OpenCase):
    """Thousands of processes, each of which has ended before the next begins."""

    @staticmethod
    def names(results):
        """Which names each process id had: the id of a process that has ended may be reused."""
        return [(pid, f"c{line['first'] + i}") for line in results.of("children") for i,
                pid in enumerate(line["children"])]

    @each((many(10_000),), (many(2_000), "-i", "0"), (many(2_000), "-i", "0.01"))
    def test_none_is_lost(self, what):
        count, *more = what
        run, results = self.command(TOOL, [["children", count, "c", 2, 1]], *more, within=120)
        names = self.names(results)
        self.assertEqual(len(set(names)), count)
        self.assertEqual(run.check().table("pid", "comm"), {key: (3, 1) for key in names})
        self.assertEqual((run.end["opens"], run.end["failed"]), (3 * count, count), str(run)[-800:])

    def test_distribution(self):
        """All processes opened 3 files: they are in the bucket from 2 to 4."""
        run, _ = self.command(TOOL, [["children", 1000, "c", 2, 1]], "--top", "3")
        process = run.check().distributions["process"]
        self.assertEqual((process["count"], process["p50"], process["p99"], process["max"]),
                         (1000, 3, 3, 3), run)
        self.assertEqual([bucket for bucket in process["histogram"] if bucket[2]], [[2, 4, 1000]],
                         run)
        self.assertEqual(float(process["mean"]), 3.0, run)

    def test_by_comm(self):
        run, _ = self.command(TOOL, [["children", many(2000), "c", 2, 1]], "--by", "comm")
        self.assertEqual(run.check().table("comm"), {f"c{i}": (3, 1) for i in range(many(2000))})

    def test_stream(self):
        run, results = self.command(TOOL, [["children", 1000, "c", 2, 1]], "--stream", "--buffer",
                                    "512")
        counts = {}
        for event in run.check().events:
            counts[event["pid"], event["comm"]] = counts.get((event["pid"], event["comm"]), 0) + 1
        self.assertEqual(counts, {key: 3 for key in self.names(results)})


class Paths(OpenCase):
    """Many different paths: each has its row, over as many readings as it takes."""

    @each("0", "0.05")
    def test_many(self, interval):
        prefix, count = fresh_path("many"), many(8000)
        run, _ = self.command(TOOL, [["distinct", count, prefix]], "--by", "path", "-i", interval)
        self.assertEqual(run.check().table("path"), {f"{prefix}{i}": (1, 1) for i in range(count)})

    def test_more_than_a_table_holds(self):
        """Paths that find no room are in `dropped`, and all others in rows."""
        count = many(300_000)
        run, _ = self.command(TOOL, [["distinct", count, fresh_path("many")]], "--by", "path", "-i",
                              "0", "--top", "1")
        dropped = run.end["dropped"]["map_full"] or 0
        self.assertEqual(run.end["opens"] + dropped, count, run)
        if dropped:
            self.assertTrue(re.search(rf"(?m)^bcc-openat: dropped {dropped}\b", run.err), run)


class Distributions(OpenCase):
    """How opens are spread over processes and seconds; check() compares them with the sums."""

    @both_ways
    @each("", "process", "thread", "path", "comm,process")
    def test_which(self, by, way):
        options = ["--by", by] if by else []
        run, _ = self.opened([openat(100, NULL)], *options, way=way)
        expected = {"second", "process"} if by in ("", "process", "thread",
                                                   "comm,process") else {"second"}
        self.assertEqual(set(run.distributions), expected, run)

    def test_processes(self):
        """The distribution is over the whole run, whatever the intervals are."""
        counts = (1, 2, 3, 70, 700)
        works = [self.workload([openat(n, NULL)]) for n in counts]
        tool = self.start(TOOL, "--pid", ",".join(str(work.pid) for work in works), "-i", "0.02")
        for work in works:
            work.go()
        process = tool.stop().check().distributions["process"]
        self.assertEqual((process["count"], process["max"], float(process["mean"])),
                         (5, 700, 155.2))
        self.assertEqual([bucket for bucket in process["histogram"] if bucket[2]],
                         [[1, 2, 1], [2, 4, 2], [64, 128, 1], [512, 1024, 1]])

    def test_seconds(self):
        """A run of a little over two seconds has two of them; a shorter one has one."""
        run, _ = self.opened([openat(100, NULL)])
        self.assertEqual((run.distributions["second"]["count"],
                          run.distributions["second"]["max"] > 0), (1, True), run)
        run = self.run_tool(TOOL, "--pid", os.getpid(), "--duration", "2.5", output="json").check()
        self.assertIn(run.distributions["second"]["count"], (2, 3), run)

    def test_in_text(self):
        run, _ = self.command(TOOL, [["children", 30, "c", 2, 1]], output=None)
        self.assertRegex(run.out.decode(), r"(?i)process(?s:.*)second", run)

    def test_not_in_csv(self):
        run, _ = self.command(TOOL, [["children", 30, "c", 2, 1]], output="csv")
        self.assertEqual({row["opens"] for row in run.csv()}, {"3"}, run)
