# SPDX-License-Identifier: MIT
"""
bcc-openat reports exactly the openat calls that were made, by which process, and how many of them
failed.
"""

import os

from harness import Case, both_ways, essential, fresh_path
from records import escaped

TOOL = "bcc-openat"


@essential
class Counts(Case):
    """
    The row of a process has all its openat calls, in whichever way the tool came to trace it.
    """

    @both_ways
    def test_opens_and_failures(self, way):
        run, results = self.observe(way, TOOL, "openat 1009 211")
        self.assertEqual(run.table("pid", "comm").get((results.pid, "workload")), (1220, 211), run)
        self.assertEqual(run.table("pid").keys(), {results.pid}, run)

    @both_ways
    def test_only_failures(self, way):
        run, results = self.observe(way, TOOL, "openat 0 17")
        self.assertEqual(run.table("pid"), {results.pid: (17, 17)}, run)

    @both_ways
    def test_no_opens_no_row(self, way):
        run, _ = self.observe(way, TOOL, "getppid 7")
        self.assertEqual(run.rows, [], run)
        self.assertEqual((run.end["opens"], run.end["failed"]), (0, 0), run)

    @both_ways
    def test_threads_of_a_process_share_its_row(self, way):
        run, results = self.observe(way, TOOL, "openat 1009 211 13")
        self.assertEqual(run.table("pid"), {results.pid: (1220, 211)}, run)

    @both_ways
    def test_each_child_has_its_own_row(self, way):
        run, results = self.observe(way, TOOL, "openat 23 3 + spawn 11 openat 101 7", tree=True)
        expected = {pid: (108, 7) for pid in results.one("spawn")["children"]}
        expected[results.pid] = (26, 3)
        self.assertEqual(run.table("pid"), expected, run)

    @both_ways
    def test_names_outlive_their_processes(self, way):
        """There is one report, at the very end, when every child has long been gone."""
        run, results = self.observe(way, TOOL, "spawn 13 comm shortlived + openat 3 2",
                                    "--interval", "0", tree=True)
        expected = {(pid, "shortlived"): (5, 2) for pid in results.one("spawn")["children"]}
        self.assertEqual(run.table("pid", "comm"), expected, run)
        self.assertEqual(len(run.totals), 1, run)

    @both_ways
    def test_grandchildren(self, way):
        run, results = self.observe(way, TOOL, "spawn 2 openat 5 2 + spawn 3 openat 11 3",
                                    tree=True)
        expected = {pid: (7, 2) for pid in results.one("spawn")["children"]}
        for child in list(expected):
            (spawned,) = results.of("spawn", child)
            expected.update({pid: (14, 3) for pid in spawned["children"]})
        self.assertEqual(run.table("pid"), expected, run)

    def test_a_command_that_execs(self):
        """A process that executes another program stays one process and is counted on."""
        path = fresh_path("opened")
        path.touch()
        script = f'exec 5<{path}; exec 6<{path}; exec /bin/true'
        run = self.run_tool(TOOL, "--", "/bin/sh", "-c", script, output="json").check()
        (pid,) = run.table("pid")
        self.assertGreaterEqual(run.table("pid")[pid][0], 2, run)
        self.assertEqual(run.status, 0, run)

    @both_ways
    def test_other_ways_to_open_are_not_openat(self, way):
        """A plain run counts openat(2) and nothing else; the workload opens --out by openat2."""
        run, results = self.observe(way, TOOL, "openat 7 0")
        self.assertEqual(run.table("pid"), {results.pid: (7, 0)}, run)


class Names(Case):
    """The name in the row of a process."""

    @both_ways
    def test_comm_is_the_one_it_gave_itself(self, way):
        run, results = self.observe(way, TOOL, "comm fifteen-letters + openat 5 2")
        self.assertEqual(run.table("pid", "comm"), {(results.pid, "fifteen-letters"): (7, 2)}, run)

    @both_ways
    def test_hostile_comm(self, way):
        for name in (rb"a\b", b'q"u}', b"nl\nrow", b"esc\x1b[31m", b"bad\xff\xfe\xc3",
                     "\u00fc\u4e16".encode()):
            with self.subTest(comm=name):
                spelled = "".join("\\x%02x" % byte for byte in name)
                run, results = self.observe(way, TOOL, f"comm {spelled} + openat 3 2")
                self.assertEqual(run.table("pid", "comm"), {(results.pid, escaped(name)): (5, 2)},
                                 run)


class Top(Case):
    """--top limits what is shown, never what is counted."""

    COUNTS = (5, 11, 17, 23, 31)

    def observe_many(self, *args):
        works = [self.workload(f"openat {n} 2") for n in self.COUNTS]
        tool = self.start(TOOL, "--pid", ",".join(str(w.pid) for w in works), "--interval", "0",
                          *args)
        self.pids = [work.go().pid for work in works]
        run = tool.stop().check()
        self.assertEqual(run.status, 0, run)
        self.assertEqual(len(run.totals), 1, run)
        return run

    def test_top_shows_the_largest_and_totals_all(self):
        run = self.observe_many("--top", "3")
        self.assertEqual([row["opens"] for row in run.rows], [33, 25, 19], run)
        total = run.totals[0]
        self.assertEqual((total["opens"], total["failed"]), (sum(self.COUNTS) + 10, 10), run)
        self.assertEqual((total["rows"], total["shown"]), (5, 3), run)

    def test_top_larger_than_the_table(self):
        run = self.observe_many("--top", "101")
        self.assertEqual((run.totals[0]["rows"], run.totals[0]["shown"]), (5, 5), run)

    def test_top_follows_sort(self):
        run = self.observe_many("--top", "2", "--sort", "-opens")
        self.assertEqual([row["opens"] for row in run.rows], [7, 13], run)

    def test_sorted_by_opens_unless_told(self):
        run = self.observe_many()
        self.assertEqual([row["opens"] for row in run.rows], [33, 25, 19, 13, 7], run)

    def test_sort_by_an_id(self):
        for column, order in (("pid", True), ("-pid", False)):
            with self.subTest(column):
                run = self.observe_many("--sort", column)
                self.assertEqual([row["pid"] for row in run.rows], sorted(self.pids, reverse=order),
                                 run)

    def test_sort_by_text(self):
        run, _ = self.command(TOOL, "spawn 1 comm bb + openat 1 1 + spawn 1 comm ab + openat 2 1",
                              "--interval", "0", "--sort", "comm")
        self.assertEqual([row["comm"] for row in run.rows], ["ab", "bb"], run)


class Threads(Case):
    """Filters by thread and by process, with many threads."""

    def test_tid_filter(self):
        work = self.workload("openat 101 13", "--threads", "3")
        chosen = [str(work.tids[0]), str(work.tids[2])]
        run, _ = self.attach(TOOL, work, "--tid", ",".join(chosen))
        self.assertEqual(run.check().table("pid"), {work.pid: (2 * 114, 2 * 13)}, run)

    def test_pid_filter_holds_all_threads(self):
        work = self.workload("openat 101 13", "--threads", "3")
        run, _ = self.attach(TOOL, work, "--pid", work.pid)
        self.assertEqual(run.check().table("pid"), {work.pid: (3 * 114, 3 * 13)}, run)


class WholeMachine(Case):
    """A run without a filter."""

    def test_no_filter_sees_everyone(self):
        """Without a filter the rows of two unrelated processes, and of this one, are exact."""
        one, two = self.workload("openat 1009 7"), self.workload("openat 13 11 5")
        tool = self.start(TOOL)
        one.go()
        two.go()
        for _ in range(29):
            os.close(os.open("/dev/null", os.O_RDONLY))
        run = tool.stop().check()
        rows = run.table("pid")
        self.assertEqual((rows.get(one.pid), rows.get(two.pid)), ((1016, 7), (24, 11)), run)
        self.assertGreaterEqual(rows[os.getpid()][0], 29, run)
