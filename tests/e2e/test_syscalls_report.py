# SPDX-License-Identifier: MIT
"""Reports of bcc-syscalls: --cumulative, --sort, --top, and every column of CSV."""

import re

from arch import NUMBERS, POLL
from harness import Case, each

TOOL = "bcc-syscalls"
READ = NUMBERS["read"]
TIMES = ["timed", "total_ns", "avg_ns", "min_ns", "p50_ns", "p99_ns", "max_ns", "blocked",
         "blocked_ns"]
STEPS = f"getppid 11 + openat 5 3 + syscall close 2 -1 + wait {POLL} 3 4"
SELECT = ("-e", f"getppid,openat,close,{POLL}")


class Cumulative(Case):
    """--cumulative: each report is about the time since the start."""

    def run_of_two_halves(self, *args):
        """
        A run with calls, then intervals without any while the workload waits, then more calls.
        """
        work = self.workload(
            "getppid 11 + syscall close 5 -1 + block read + getppid 13 + openat 2 3")
        tool = self.start(TOOL, "--pid", work.pid, "--cumulative", "-i", "0.03", "-e",
                          "getppid,close,openat", *args)

        def idle():
            rows = [row for row in tool.records("row") if row["syscall"] == "getppid"]
            return len([row for row in rows if row["calls"] == 0 and row["all_calls"] == 11]) > 2
        work.say()
        tool.wait_for("idle rows", idle)
        work.wait_in(READ)
        work.say()
        work.results()
        return tool.stop().check()

    @each((), ("-L",))
    def test_sums_since_the_start(self, more):
        run = self.run_of_two_halves(*more)
        expected = {"getppid": (24, 0), "close": (7, 5), "openat": (5, 3)}
        self.assertEqual(run.table("syscall"), expected, run)
        last = {row["syscall"]: row for row in run.rows if row["interval"] == len(run.totals)}
        self.assertEqual({name: (row["all_calls"], row["all_errors"]) for name,
                          row in last.items()}, expected, run)
        self.assertEqual((run.totals[-1]["all_calls"], run.totals[-1]["all_errors"]), (36, 8), run)
        for name in expected:
            calls = 0
            for row in run.select("row", syscall=name):
                calls += row["calls"]
                self.assertEqual(row["all_calls"], calls, run)
            if more:
                rows = run.select("row", syscall=name)
                self.assertEqual(last[name]["all_total_ns"], sum(row["total_ns"] for row in rows),
                                 run)

    def test_rows_stay(self):
        """A row that has appeared is in every later report."""
        run = self.run_of_two_halves()
        for name in ("getppid", "close"):
            intervals = [row["interval"] for row in run.select("row", syscall=name)]
            self.assertEqual(intervals, list(range(intervals[0], len(run.totals) + 1)), run)

    def test_without(self):
        run, _ = self.command(TOOL, STEPS)
        self.assertFalse([key for key in run.rows[0] if key.startswith("all_")], run)


class Csv(Case):
    """The columns of CSV."""

    ALL = ("--by", "process,thread,comm,user,cgroup,syscall,errno", "-L", "--histogram",
           "--cumulative", *SELECT)
    KEYS = ["pid", "tid", "start_ts", "comm", "uid", "user", "cgroup", "syscall", "errno"]

    def test_every_column(self):
        """CSV has the columns of JSON, in the same order, and numbers of the same precision."""
        run, results = self.command(TOOL, STEPS, *self.ALL, "-i", "0", output="csv")
        columns = ["interval", *self.KEYS, "calls", "share", "errors", *TIMES, "all_calls",
                   "all_errors",
                   "all_total_ns", "histogram"]
        self.assertEqual(run.out.decode().splitlines()[0].split(","), columns, run)
        rows = {(row["syscall"], row["errno"]): row for row in run.csv()}
        got = {key: tuple(row[name] for name in ("pid", "tid", "comm", "uid", "user", "calls",
                                                 "errors", "timed"))
               for key, row in rows.items()}
        who = (str(results.pid), str(results.pid), "workload", "0", "root")
        self.assertEqual(got, {
            ("getppid", ""): (*who, "11", "0", "11"), (POLL, ""): (*who, "3", "0", "3"),
            ("openat", ""): (*who, "5", "0", "5"), ("openat", "ENOENT"): (*who, "3", "3", "3"),
            ("close", ""): (*who, "5", "0", "5"), ("close", "EBADF"): (*who, "2", "2", "2")}, run)
        self.assertEqual((rows["openat", ""]["share"], rows["close", "EBADF"]["share"]),
                         ("0.625000", "0.285714"), run)
        self.assertGreaterEqual(int(rows[POLL, ""]["min_ns"]), 4_000_000, run)
        for row in rows.values():
            self.assertEqual(row["blocked_ns"], "", run)
            self.assertEqual((row["all_calls"], row["all_total_ns"]),
                             (row["calls"], row["total_ns"]), run)
            buckets = [re.fullmatch(r"(\d+)-(\d+):(\d+)", bucket)
                       for bucket in row["histogram"].split(" ")]
            self.assertEqual(sum(int(bucket[3]) for bucket in buckets), int(row["timed"]), run)

    def test_as_json(self):
        run, _ = self.command(TOOL, STEPS, *self.ALL, "-i", "0")
        csv, _ = self.command(TOOL, STEPS, *self.ALL, "-i", "0", output="csv")
        self.assertEqual(list(run.check().rows[0])[1:], csv.out.decode().splitlines()[0].split(","),
                         run)

    @each(("--by", "process"), ("--by", "user"), ("--by", "cgroup,errno"), ("-L",), ())
    def test_only_what_is_asked_for(self, args):
        csv, _ = self.command(TOOL, STEPS, *args, output="csv")
        by = args[1] if "--by" in args else "syscall"
        keys = {"process": ["pid", "start_ts", "comm"], "user": ["uid", "user"],
                "cgroup,errno": ["cgroup", "errno"],
                "syscall": ["syscall"]}[by]
        share = ["share"] if "errno" in by else []
        self.assertEqual(csv.out.decode().splitlines()[0].split(","),
                         ["interval", *keys, "calls", *share, "errors",
                          *(TIMES if "-L" in args else [])], csv)


class Sort(Case):
    """Largest first, texts from A on; a minus reverses the order."""

    def sorted_by(self, key, *args):
        run, _ = self.command(TOOL, STEPS, "-i", "0", *SELECT, "--sort", key, *args)
        return run, [row[key.lstrip("-")] for row in run.check().rows]

    @each("timed", "total_ns", "avg_ns", "min_ns", "p50_ns", "p99_ns", "max_ns", "all_calls",
          "all_errors",
          "all_total_ns", "errors")
    def test_times(self, key):
        run, values = self.sorted_by(key, "-L", "--cumulative")
        self.assertEqual((len(values), values), (4, sorted(values, reverse=True)), run)
        run, values = self.sorted_by("-" + key, "-L", "--cumulative")
        self.assertEqual((len(values), values), (4, sorted(values)), run)

    def test_keys(self):
        by = ("--by", "syscall,errno")
        for key, values in (("share", ["1.000000", "1.000000", "0.714286", "0.625000", "0.375000",
                                       "0.285714"]),
                            ("syscall", ["close"] * 2 + ["getppid"] + ["openat"] * 2 + [POLL]),
                            ("errno", ["EBADF", "ENOENT", None, None, None, None])):
            run, got = self.sorted_by(key, *by)
            self.assertEqual([str(v) if key == "share" else v for v in got], values, run)

    def test_ids(self):
        for key in ("pid", "-tid", "comm"):
            run, _ = self.command(TOOL,
                                  "spawn 3 getppid 5 + comm b + getppid 5 + comm a + getppid 5",
                                  "-i", "0",
                                  "-e", "getppid", "--by", "comm,thread", "--sort", key)
            values = [row[key.lstrip("-")] for row in run.check().rows]
            self.assertEqual((len(values), values), (9, sorted(values, reverse=key == "pid")), run)

    @each(("pid",), ("total_ns",), ("all_calls", "-L"), ("share",), ("calls_per_s",),
          ("histogram", "-L", "--histogram"),
          ("syscall", "--by", "process"))
    def test_not_in_this_report(self, args):
        key, *others = args
        run = self.run_tool(TOOL, "--sort", key, *others)
        self.assertEqual((run.status, run.out), (2, b""), run)
        self.assertIn(f"--sort: '{key}' is not a column of this report (there are: ", run.err)
        there = run.err.split("there are: ")[1]
        self.assertIn("CALLS", there, run)
        self.assertNotIn(key.upper() + ",", there, run)

    def test_top(self):
        """--top takes from all rows, whatever their key; the total is of all."""
        run, _ = self.command(TOOL, "spawn 3 getppid 11 + syscall close 2 -1", "-i", "0", "--by",
                              "process,syscall",
                              "-e", "getppid,close", "--top", "2")
        self.assertEqual([(row["syscall"], row["calls"]) for row in run.check().rows],
                         [("getppid", 11)] * 2, run)
        total = run.totals[0]
        self.assertEqual((total["rows"], total["shown"], total["calls"], total["errors"]),
                         (6, 2, 39, 6), run)
