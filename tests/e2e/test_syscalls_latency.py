# SPDX-License-Identifier: MIT
"""
bcc-syscalls -L: how long calls take, compared with what the workload measures around each of
them.
"""

import os
import re

from arch import FORKS, POLL
from harness import Case, each, essential

TOOL = "bcc-syscalls"
MS = 1_000_000
ERROR = 1.125  # a quantile is off by less than this factor


class Times(Case):
    """Times and percentiles of calls that return."""

    def assert_times(self, row, measured, least, run):
        """
        The kernel sees each call begin later and end earlier than the workload does, and no wait
        is shorter than was asked for. So the tool's k-th shortest time lies between that and the
        workload's k-th shortest.
        """
        count, measured = len(measured), sorted(measured)
        self.assertEqual((row["calls"], row["timed"], row["errors"]), (count, count, 0), run)
        self.assertTrue(count * least <= row["total_ns"] <= sum(measured), run)
        self.assertTrue(least <= row["min_ns"] <= measured[0], run)
        self.assertTrue(least <= row["max_ns"] <= measured[-1], run)
        self.assertTrue(least / ERROR <= row["p50_ns"] <= measured[(count - 1) // 2] * ERROR, run)
        self.assertTrue(least / ERROR <= row["p99_ns"] <= measured[-1], run)
        self.assertEqual((row["blocked"], row["blocked_ns"]), (0, None), run)

    @each("clock_nanosleep", POLL, "pselect6")
    def test_waits(self, call):
        run, results = self.command(TOOL, f"wait {call} 23 7", "-i", "0", "-L", "--histogram", "-e",
                                    call)
        (row,) = run.check().rows
        self.assert_times(row, results.one("wait")["ns"], 7 * MS, run)
        self.assertTrue(all(low >= 6 * MS for low, _, _ in row["histogram"]), run)

    def test_the_median_is_not_the_average(self):
        """
        15 waits of 2 ms and 8 of 40 ms: each percentile is one of the right group, over several
        readings as well.
        """
        steps = f"wait {POLL} 15 2 + wait {POLL} 8 40"
        run, results = self.command(TOOL, steps, "-i", "0", "-L", "--histogram", "-e", POLL)
        (row,) = run.check().rows
        short, long = (line["ns"] for line in results.of("wait"))
        self.assert_times(row, short + long, 2 * MS, run)
        self.assertGreaterEqual(row["p99_ns"], 40 * MS / ERROR, run)
        self.assertGreaterEqual(row["max_ns"], 40 * MS, run)
        self.assertGreaterEqual(sum(n for low, _, n in row["histogram"] if low >= 30 * MS), 8, run)
        self.assertLessEqual(row["total_ns"], sum(short + long), run)

    def test_each_process_has_its_own(self):
        work = f"spawn 2 wait {POLL} 5 3 + spawn 2 wait {POLL} 3 11"
        run, results = self.command(TOOL, work, "-L", "-i", "0", "--by", "process,syscall", "-e",
                                    POLL)
        rows = {row["pid"]: row for row in run.check().rows}
        below = [line for line in results.of("wait") if len(line["ns"]) == 3]
        self.assertEqual((len(rows), len(below)), (6, 4), run)
        for line in below:
            self.assert_times(rows[line["pid"]], line["ns"], 11 * MS, run)
        for pid in results.one("spawn")["children"]:
            self.assert_times(rows[pid], results.of("wait", pid)[0]["ns"], 3 * MS, run)

    def test_threads_at_once(self):
        work = self.workload(f"wait {POLL} 7 5", "--threads", "5")
        run, results = self.attach(TOOL, work, "--pid", work.pid, "-L", "-i", "0", "--by",
                                   "thread,syscall", "-e", POLL)
        rows = {row["tid"]: row for row in run.check().rows}
        self.assertEqual(set(rows), set(work.tids), run)
        for line in results.of("wait"):
            self.assert_times(rows[line["tid"]], line["ns"], 5 * MS, run)

    def test_intervals_add_up(self):
        run, results = self.command(TOOL, f"wait {POLL} 40 5", "-i", "0.03", "-L", "-e", POLL)
        measured = results.one("wait")["ns"]
        self.assertGreater(len(run.check().totals), 4, run)
        self.assertEqual(sum(row["timed"] for row in run.rows), 40, run)
        self.assertTrue(200 * MS <= sum(row["total_ns"] for row in run.rows) <= sum(measured), run)
        self.assertTrue(all(row["min_ns"] >= 5 * MS for row in run.rows if row["timed"]), run)

    def test_short_calls(self):
        """Every call is timed, failing or not, and no time is 0."""
        run, _ = self.command(TOOL, "getppid 10007 + syscall close 1009 -1", "-L", "--histogram",
                              "-e", "getppid,close")
        rows = {row["syscall"]: row for row in run.check().rows}
        self.assertEqual({name: row["timed"] for name, row in rows.items()},
                         {"getppid": 10007, "close": 1009}, run)
        self.assertTrue(all(0 < row["min_ns"] < 100_000 for row in rows.values()), run)

    def test_only_failed(self):
        """Times are of the calls that are shown."""
        run, _ = self.command(TOOL, f"openat 101 7 + wait {POLL} 3 5", "-L", "-x", "--by",
                              "syscall,errno")
        rows = {(row["syscall"], row["errno"]): row["timed"] for row in run.check().rows}
        self.assertEqual(rows.get(("openat", "ENOENT")), 7, run)
        self.assertNotIn(POLL, [call for call, _ in rows], run)

    def test_sorted_by_time(self):
        """By default rows are sorted by total time, not by calls."""
        run, _ = self.command(TOOL, f"getppid 101 + wait {POLL} 3 20", "-L", "-i", "0")
        total = [row["total_ns"] for row in run.check().rows]
        self.assertEqual(total, sorted(total, reverse=True), run)
        self.assertEqual(run.rows[0]["syscall"], POLL, run)


@essential
class WhatHasNoTime(Case):
    """Calls that never return, return elsewhere, or began before the run."""

    def test_exits(self):
        """exit calls never return: they are counted, untimed, and not among the blocked."""
        run, _ = self.command(TOOL, "threads 7 + exit 3 + vfork 2 + fork 3", "-L", "-e",
                              "exit,exit_group")
        rows = {row["syscall"]: (row["calls"], row["timed"], row["blocked"])
                for row in run.check().rows}
        self.assertEqual(rows, {"exit": (7, 0, 0), "exit_group": (7, 0, 0)}, run)
        self.assertEqual(run.totals[-1]["p50_ns"], None, run)

    def test_births(self):
        """clone and vfork are timed in the parent, and are no calls of the child."""
        run, _ = self.command(TOOL, "fork 13 + vfork 11", "-L", "-e", FORKS + ",wait4")
        rows = {row["syscall"]: row for row in run.check().rows}
        self.assertEqual(rows["clone"]["timed"] + rows.get("vfork", {"timed": 0})["timed"], 24, run)
        self.assertEqual(rows["wait4"]["timed"], 24, run)
        self.assertEqual(sum(row["calls"] for row in run.rows), 48, run)

    def test_signal_handler(self):
        run, results = self.command(TOOL, "handle 101", "-L", "-e", "rt_sigreturn,tgkill")
        self.assertEqual(results.one("handle")["handled"], 101)
        rows = {row["syscall"]: (row["calls"], row["timed"], row["errors"])
                for row in run.check().rows}
        self.assertEqual(rows, {"rt_sigreturn": (101, 101, 0), "tgkill": (101, 101, 0)}, run)

    def test_execve(self):
        """
        execve lasts from the call in the old program to the first moment of the new one; the
        command's own too.
        """
        run, _ = self.command(TOOL, "exec 7", "-L", "-e", "execve", "-i", "0")
        self.assertEqual([(row["calls"], row["timed"], row["blocked"]) for row in run.check().rows],
                         [(8, 8, 0)], run)

    @each((), ("--name", "workload"), ("-e", "execveat,execve"))
    def test_execveat(self, more):
        """The kernel lets execveat return as execve. When it began is known from its entry."""
        run, _ = self.command(TOOL, "exec 7 execveat + exec 3", "-L", "-i", "0", *more)
        rows = {row["syscall"]: (row["calls"], row["timed"], row["blocked"])
                for row in run.check().rows}
        self.assertEqual((rows["execveat"], rows["execve"][0]), ((7, 7, 0), 4), run)

    def test_in_progress_at_the_start(self):
        """A call from before the run is counted when it returns, but nobody saw it begin."""
        work = self.workload("getppid 3")
        run, _ = self.attach(TOOL, work, "--pid", work.pid, "-L", "-e", "read,getppid")
        rows = {row["syscall"]: (row["calls"], row["timed"], row["total_ns"] > 0)
                for row in run.check().rows}
        self.assertEqual(rows, {"read": (1, 0, False), "getppid": (3, 3, True)}, run)

    @each("--name", "--uid", "--euid", "--ppid")
    def test_with_filters_that_change_their_mind(self, option):
        """
        A filter may decide otherwise at the end of a call than at its beginning: the call is
        timed once.
        """
        work = self.workload(f"comm before + getppid 5 + comm after + getppid 7 + wait {POLL} 3 5")
        value = {"--name": "after", "--uid": "0", "--euid": "0",
                 "--ppid": os.getpid()}[option]
        run, results = self.attach(TOOL, work, "--pid", work.pid, option, value, "-L", "-e",
                                   f"getppid,{POLL},prctl")
        rows = {row["syscall"]: (row["calls"], row["timed"]) for row in run.check().rows}
        whole = option != "--name"
        # The prctl that gives the name began under another name and ends under this one.
        self.assertEqual(rows, {"getppid": (12, 12) if whole else (7, 7), POLL: (3, 3),
                                "prctl": (2, 2) if whole else (1, 0)}, run)
        Times.assert_times(self, run.select("row", syscall=POLL)[0], results.one("wait")["ns"],
                           5 * MS, run)

    def test_a_name_of_the_command_itself(self):
        """The filter takes what the command calls itself later, not its execve."""
        for more in ((), ("-L",)):
            run, _ = self.command(TOOL, "getppid 3 + comm later + getppid 11", "--name", "later",
                                  "-e", "getppid,exit_group",
                                  *more)
            self.assertEqual(run.check().table("syscall"),
                             {"getppid": (11, 0), "exit_group": (1, 0)}, run)


class Drawn(Case):
    """Histograms as tables draw them."""

    def table(self, steps, *args):
        run, _ = self.command(TOOL, steps, "-i", "0", "-L", *args, output=None)
        return run, run.out.decode()

    def test_histogram(self):
        run, text = self.table(f"wait {POLL} 13 9 + getppid 101", "--histogram", "-e",
                               f"{POLL},getppid")
        self.assertRegex(text,
                         r"(?m)^SYSCALL +CALLS .*\bTIME +AVG +MIN +P50 +P99 +MAX +BLOCKED +OLDEST$",
                         run)
        self.assertLess(text.index("TOTAL"), text.index("@"), run)
        bars = re.findall(
            r"(?m)^ +\[([\d.]+)(ns|us|ms|s), ([\d.]+)(ns|us|ms|s)\) +(\d+) \|(@*) *\|$", text)
        self.assertEqual(sum(int(bar[4]) for bar in bars), 114, run)
        self.assertTrue(all(bool(bar[5]) <= (int(bar[4]) > 0) for bar in bars), run)
        self.assertTrue(any(bar[5] and bar[1] == "ms" for bar in bars), run)

    def test_units(self):
        """A poll of 9 ms is shown in milliseconds, with one decimal."""
        run, text = self.table(f"wait {POLL} 3 9", "-e", POLL)
        self.assertRegex(text, rf"(?m)^{POLL} +3 +[\d.]+ +0 +(\d+\.\dms) +(\d+\.\dms) .* 0 +-$",
                         run)
        self.assertNotIn("@", text, run)

    def test_histogram_needs_latency(self):
        run = self.run_tool(TOOL, "--histogram")
        self.assertEqual((run.status, run.out), (2, b""), run)
        self.assertIn("--histogram needs --latency", run.err)
