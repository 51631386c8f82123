# SPDX-License-Identifier: MIT
"""What bcc-fork says at the end: --summary, and the tree of a command."""

import re
import sys

from forks import OptionCase, TOOL
from harness import each, patience


class Summary(OptionCase):
    """--summary replaces events by their numbers, busiest parents and shortest lives."""

    SCRIPT = "for i in 1 2 3 4 5; do (exit $i); done; (exit 3); /bin/true; exit 0"

    def test_numbers(self):
        run = self.trace("/bin/sh", "-c", self.SCRIPT, options=("--summary",))
        (summary,) = run.select("summary")
        self.assertEqual((summary["forks"], summary["threads"], summary["execs"], summary["exits"]),
                         (7, 0, 2, 8), run)
        (forker,) = run.select("forker")
        self.assertEqual((forker["comm"], forker["forks"]), ("sh", 7), run)
        codes = {e["code"]: e["count"] for e in run.select("status")}
        self.assertEqual(codes, {0: 2, 1: 1, 2: 1, 3: 2, 4: 1, 5: 1}, run)
        lives = [e["lifetime_ns"] for e in run.select("shortest")]
        self.assertEqual((len(lives), lives), (5, sorted(lives)), run)

    def test_intervals_add_up(self):
        run = self.trace("/bin/sh", "-c", "for i in 1 2 3 4 5 6 7; do /bin/true; sleep 0.1; done",
                         options=("--summary", "-i", "0.2"))
        self.assertGreater(len(run.select("summary")), 1, run)
        for kind in ("forks", "execs", "exits"):
            self.assertEqual(sum(e[kind] for e in run.select("summary")), run.end[kind], run)
        self.assertEqual(run.end["forks"], 14, run)

    def test_whole_intervals(self):
        """A duration of five intervals has five summaries."""
        interval = patience(0.12)
        run = self.run_tool(TOOL, "--summary", "-i", interval, "-d", 5 * interval, output="json")
        spans = [e["span_ns"] / 1e9 for e in run.check().select("summary")]
        self.assertEqual(len(spans), 5, run)
        self.assertTrue(all(span > interval / 2 for span in spans), run)
        for kind in ("forks", "execs", "exits"):
            self.assertEqual(sum(e[kind] for e in run.select("summary")), run.end[kind], run)

    def test_text(self):
        run = self.trace("/bin/sh", "-c", self.SCRIPT, options=("--summary",), output=None)
        text = run.out.decode()
        for part in ("7 forks (", "2 execs (", "8 exits (", "FORKS  BY", "7  sh (", "SHORTEST",
                     "2  code 3"):
            self.assertIn(part, text, run)
        self.assertNotIn("EVENT", text, run)

    @each("--tree", "--lineage")
    def test_excludes(self, other):
        run = self.run_tool(TOOL, "--summary", other)
        self.assertEqual(run.status, 2, run)

    def test_a_stopped_table_ends_with_one(self):
        work = self.workload("fork 13")
        run, _ = self.attach(TOOL, work, "--pid", work.pid, output=None)
        self.assertIn("13 forks (", run.out.decode(), run)

    def test_a_stopped_stream_ends_with_one(self):
        """
        The records of --summary come after the last event and before the end record. They sum up
        what was shown.
        """
        work = self.workload("fork 13 + threads 3")
        run, _ = self.attach(TOOL, work, "--pid", work.pid, "-E", "fork,exit")
        (summary,) = run.check().select("summary")
        self.assertEqual([summary[key] for key in ("forks", "threads", "execs", "exits")],
                         [13, 0, 0, 4], run)
        self.assertEqual([(e["pid"], e["forks"]) for e in run.select("forker")], [(work.pid, 13)],
                         run)
        self.assertEqual(len(run.events), 17, run)

    def test_stopped_csv_ends_with_one(self):
        work = self.workload("fork 13")
        run, _ = self.attach(TOOL, work, "--pid", work.pid, output="csv")
        rows = run.csv()
        self.assertEqual([row["type"] for row in rows],
                         ["fork"] * 13 + ["exit", "summary", "forker", "shortest", "status"], run)
        self.assertEqual([rows[-4][key] for key in ("forks", "exits")], ["13", "1"], run)

    def test_none_when_the_run_ends_by_itself(self):
        for output in ("json", "csv", None):
            run = self.trace("/bin/true", output=output)
            self.assertNotIn(b"summary", run.out, run)
            self.assertNotIn(b" exits (", run.out, run)

    def test_the_rates_are_those_of_the_run(self):
        """
        The summary leaves out the time for starting and compiling, in which nothing is counted.
        """
        run = self.trace("/bin/true", options=("--summary", "--no-cache"))
        (summary,) = run.select("summary")
        self.assertAlmostEqual(summary["span_ns"] / 1e9, float(run.end["seconds"]), delta=0.1,
                               msg=run)


class CommandTree(OptionCase):
    """After a COMMAND a table shows the tree of its processes, with the time each took."""

    def test_what_ran_slowest_first(self):
        # The second command must be the slower one even on a machine where starting a program
        # takes a third of a second.
        long = patience(0.3)
        script = f"/bin/sh -c 'sleep 0.05; exit 3'; sleep {long:g}; kill -9 $$"
        run = self.trace("/bin/sh", "-c", script, options=("-E", "thread"), output=None)
        tree = run.out.decode().split("SLOWEST FIRST\n")[1].splitlines()
        shape = [line[23:] for line in tree]
        self.assertEqual(len(shape), 4, run)
        self.assertTrue(shape[0].startswith("/bin/sh -c "), run)
        self.assertTrue(shape[0].endswith("[SIGKILL]"), run)
        self.assertEqual(shape[1:],
                         [f"  sleep {long:g}", "  /bin/sh -c 'sleep 0.05; exit 3'  [code 3]",
                          "    sleep 0.05"], run)
        walls = [float(line.split("s")[0]) for line in tree]
        self.assertGreaterEqual(walls[0], walls[1], run)
        self.assertGreaterEqual(walls[1], long, run)

    def test_only_in_tables(self):
        run = self.trace("/bin/true")
        self.assertNotIn(b"SLOWEST", run.out, run)

    def test_generations_without_end(self):
        """
        Each process forks the next and ends: the tree must neither grow nor move to the right for
        ever.
        """
        script = ("import os\n"
                  "for i in range(101):\n"
                  "    if os.fork():\n"
                  "        os.wait()\n"
                  "        os._exit(0)")
        run = self.trace(sys.executable, "-S", "-c", script,
                         options=("-E", "thread", "--top", "200"), output=None)
        lines = run.out.decode().split("SLOWEST FIRST\n")[1].splitlines()
        # The 64 generations that are told apart; the 38 others are the children of the last one.
        indents = [len(line[23:]) - len(line[23:].lstrip()) for line in lines]
        self.assertEqual(indents, [2 * min(i, 16) for i in range(65)], run)
        deeper = [int(found[1]) if (found := re.match(r" *\+(\d+) ", line[23:])) else 0
                  for line in lines]
        self.assertEqual(deeper, [max(i - 16, 0) for i in range(65)], run)
        together = [int(found[1]) if (found := re.search(r" (\d+) x ", line)) else 1
                    for line in lines]
        self.assertEqual(together, 64 * [1] + [102 - 64], run)
