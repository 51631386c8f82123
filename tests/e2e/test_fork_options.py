# SPDX-License-Identifier: MIT
"""
bcc-fork's own options: chosen events, failed execs, resource usage, the tree, the lineage,
limits.
"""

import json
import os
import resource
import subprocess
import sys

from harness import Case, Process, each, patience, tool_environment, tool_path

TOOL = "bcc-fork"


class OptionCase(Case):
    def trace(self, *argv, options=(), output="json"):
        """Run a command under the tool. Returns the Run, its records parsed."""
        return self.run_tool(TOOL, *options, "--", *argv, output=output)


class Events(OptionCase):
    SCRIPT = "(exit 3); /bin/true; exit 7"

    @each("fork", "exec", "exit", "fork,exit", "exec,exit", "thread")
    def test_only_those_asked_for(self, chosen):
        run = self.trace("/bin/sh", "-c", self.SCRIPT, options=("-E", chosen))
        wanted = chosen.split(",")
        self.assertEqual({e["type"] for e in run.events} - set(wanted), set(), run)
        numbers = {"fork": 2, "exec": 2, "exit": 3, "thread": 0}
        for kind in numbers:
            self.assertEqual(len(run.select(kind)), numbers[kind] if kind in wanted else 0,
                             f"{kind}{run}")
            self.assertEqual(run.end[kind + "s"], numbers[kind] if kind in wanted else 0, run)

    def test_the_hooks_are_those_needed(self):
        run = self.trace("/bin/true", options=("-E", "exit"))
        self.assertNotIn("raw_tracepoint:sched_process_exec", run.start["hooks"], run)


class FailedExecs(OptionCase):
    def trace_failures(self, *argv):
        run = self.trace(*argv, options=("-x",))
        failures = [e for e in run.select("exec") if e["ret"]]
        self.assertEqual(run.end["exec_failures"], len(failures), run)
        return run, failures

    def test_errno_path_and_arguments(self):
        script = "import os\n" + "\n".join(
            f"try: os.execv({path!r}, ['name', 'a b', 'c\\nd'])\nexcept OSError: pass"
            for path in ("/nonexistent", "/etc/passwd", "/etc", "/nonexistent"))
        run, failures = self.trace_failures(sys.executable, "-c", script)
        self.assertEqual([(e["filename"], e["ret"]) for e in failures],
                         [("/nonexistent", -2), ("/etc/passwd", -13), ("/etc", -13),
                          ("/nonexistent", -2)], run)
        for event in failures:
            self.assertEqual((event["argv"], event["truncated"]), (["name", "a b", "c\nd"], False),
                             event)

    def test_execveat_fails_too(self):
        script = "import os\ntry: os.execve(os.open('/etc', os.O_PATH), ['x'], {})\nexcept OSError: pass"
        run, failures = self.trace_failures(sys.executable, "-c", script)
        self.assertEqual([e["ret"] for e in failures], [-13], run)

    def test_none(self):
        run, failures = self.trace_failures("/bin/true")
        self.assertEqual((failures, run.end["exec_failures"]), ([], 0), run)

    def test_many_arguments_are_cut_and_marked(self):
        script = "import os\ntry: os.execv('/nonexistent', ['x'] * 1009)\nexcept OSError: pass"
        run, failures = self.trace_failures(sys.executable, "-c", script)
        (event,) = failures
        self.assertTrue(event["truncated"], run)
        self.assertEqual(set(event["argv"]), {"x"}, run)

    def test_the_table_names_the_errno(self):
        run = self.trace("/bin/sh", "-c", "exec /nonexistent", options=("-x",), output=None)
        self.assertIn("/nonexistent: ENOENT", run.out.decode(), run)


class Usage(OptionCase):
    def test_agrees_with_wait4(self):
        """
        --rusage reports CPU time to within two ticks, and memory and faults as wait4(2) tells the
        parent.
        """
        script = ("import os, resource, json\n"
                  "pid = os.fork()\n"
                  "if pid == 0:\n"
                  "    x = bytearray(64 << 20)\n"
                  "    for i in range(1500000): pass\n"
                  "    os._exit(0)\n"
                  "_, status, r = os.wait4(pid, 0)\n"
                  "print(json.dumps({'pid': pid, 'cpu': r.ru_utime + r.ru_stime, 'rss': r.ru_maxrss,"
                  " 'faults': r.ru_minflt}))\n")
        run = self.trace(sys.executable, "-c", script, options=("--rusage",))
        (line,) = [line for line in run.err.splitlines() if line.startswith("{")]
        told = json.loads(line)
        (event,) = run.select("exit", pid=told["pid"])
        self.assertAlmostEqual((event["user_ns"] + event["system_ns"]) / 1e9, told["cpu"],
                               delta=max(0.03, told["cpu"] / 10), msg=run)
        self.assertGreaterEqual(event["max_rss_bytes"], 64 << 20, run)
        self.assertAlmostEqual(event["max_rss_bytes"] / 1024, told["rss"], delta=1024, msg=run)
        self.assertAlmostEqual(event["minor_faults"], told["faults"], delta=64, msg=run)

    def test_only_when_asked(self):
        run = self.trace("/bin/true")
        (event,) = run.select("exit")
        self.assertNotIn("user_ns", event, run)


class Tree(OptionCase):
    def test_lineage(self):
        run = self.trace("/bin/sh", "-c", "/bin/sh -c '/bin/true; exit 0'; exit 0",
                         options=("--lineage",))
        (true,) = [e for e in run.select("exec") if e["comm"] == "true"]
        self.assertEqual(true["lineage"][-3:], ["sh", "sh", "true"], run)
        # Processes that were there before come from /proc: the tool itself is the command's
        # parent.
        self.assertEqual(true["lineage"][-4], TOOL, run)
        with open(f"/proc/{os.getpid()}/comm") as comm:
            self.assertEqual(true["lineage"][-5], comm.read().rstrip("\n"), run)

    def test_lineage_outlives_the_parent(self):
        script = "(sh -c 'sleep 0.1; /bin/true; exit 0' & ); sleep 0.5; exit 0"
        run = self.trace("/bin/sh", "-c", script, options=("--lineage", "-E", "exec"))
        (true,) = [e for e in run.select("exec") if e["comm"] == "true"]
        self.assertEqual(true["lineage"][-4:-1], ["sh", "sh", "sh"], run)

    def test_events_not_shown_still_make_the_tree(self):
        run = self.trace("/bin/sh", "-c", "/bin/true; exit 0", options=("--lineage", "-E", "exit"))
        self.assertEqual({e["type"] for e in run.events}, {"exit"}, run)
        self.assertEqual(run.end["forks"], 0, run)
        (true,) = [e for e in run.events if e["comm"] == "true"]
        self.assertEqual(true["lineage"][-2:], ["sh", "true"], run)

    @each("fork", "thread", "exec,exit")
    def test_what_only_the_tree_needs_is_not_dropped(self, chosen):
        """
        The tool is stopped until its buffer is full. Each event that was asked for is shown or
        dropped, and no other event is.
        """
        script = (
            "import os, signal\ntool = os.getppid()\nos.kill(tool, signal.SIGSTOP)\nfor _ in range(300):\n"
                  "    if not os.fork():\n        os._exit(0)\n    os.wait()\nos.kill(tool, signal.SIGCONT)")
        run = self.trace(sys.executable, "-S", "-c", script,
                         options=("--lineage", "-E", chosen, "--buffer", "1"))
        there = {"fork": 300, "thread": 0, "exec,exit": 302}[chosen]
        self.assertEqual(len(run.events) + sum(run.end["dropped"].values()), there, run.end)
        self.assertGreater(run.end["lineage_lost"], 0, run.end)
        self.assertIn(
            f"{TOOL}: {run.end['lineage_lost']} births, execs and ends that tell who is whose child", run.err)

    def test_lineage_without_end(self):
        script = ("import os\nread, write = os.pipe()\nfor i in range(101):\n    if os.fork():\n"
                  "        if i == 0:\n            os.close(write)\n            os.read(read, 1)\n        os._exit(0)\n"
                  "os.set_inheritable(write, True)\nos.execv('/bin/true', ['true'])")
        run = self.trace(sys.executable, "-S", "-c", script, options=("--lineage", "-E", "exec"))
        self.assertEqual(len(run.events), 2, run)
        lineage = run.events[-1]["lineage"]
        self.assertEqual((len(lineage), set(lineage[:-1]), lineage[-1]),
                         (64, {run.events[0]["comm"]}, "true"), run)

    def test_indent(self):
        run = self.trace("/bin/sh", "-c", "/bin/sh -c '/bin/true; exit 0'; exit 0",
                         options=("--tree", "-E", "exit"),
                         output=None)
        # The command's tree comes after a blank line.
        lines = run.out.decode().split("\n\n")[0].splitlines()
        column = lines[0].index("DETAIL")
        indents = [len(line[column:]) - len(line[column:].lstrip()) for line in lines[1:]]
        self.assertEqual(indents, [4, 2, 0], run)


class Quoting(OptionCase):
    def test_a_shell_reads_the_arguments_back(self):
        """A table shows every byte there is, escaped."""
        argv = [bytes(range(1, 256)), b"a b", b"", b"it's", b'"', b"\\", b"\\$x", b"$'x'",
                "\u202ehi \u4e16".encode(), b"\xffa",
                b"-x", b"~", b"a=b", b"#c", b"{a,b}", b"!x", b"*", b"\x01\x31"]
        run = self.trace("/bin/true", *argv, options=("-E", "exec"), output=None)
        line = run.out.decode().splitlines()[1]
        self.assertIn(" /bin/true ", line, run)
        told = subprocess.run(["bash", "-c", "printf '%s\\0' " + line[line.index("/bin/true "):]],
                              capture_output=True, timeout=60, check=True)
        self.assertEqual(told.stdout.split(b"\0")[1:-1], argv, run)


class Bounds(OptionCase):
    def test_max_args(self):
        run = self.trace("/bin/echo", "x" * 500, options=("--max-args", "101"))
        event = run.select("exec")[0]
        self.assertTrue(event["truncated"], run)
        self.assertEqual(len("\0".join(event["argv"])), 101, run)

    @each((), ("-x",))
    def test_the_most_arguments(self, failed):
        run = self.trace("/bin/sh", "-c",
                         "/nonexistent " + "z" * 5000 + "; exec /bin/echo " + "x" * 30000,
                         options=("--max-args", "24000", *failed))
        event = run.select("exec", ret=0)[-1]
        self.assertTrue(event["truncated"], run.end)
        self.assertEqual(len("\0".join(event["argv"])), 24000, run.end)
        self.assertEqual(run.end["exec_failures"], 1 if failed else None)

    @each("0", "24001", "1k", "")
    def test_bad_max_args(self, amount):
        done = subprocess.run([tool_path(TOOL), "--max-args", amount], capture_output=True,
                              timeout=60)
        self.assertEqual(done.returncode, 2)
        self.assertIn(f"--max-args: '{amount}'", done.stderr.decode())

    def test_two_megabytes_of_arguments(self):
        limit = resource.getrlimit(resource.RLIMIT_STACK)[0]
        self.assertGreaterEqual(limit, 8 << 20,
                                "needs the usual stack limit for a 2 MB argument list")
        argv = ["/bin/true"] + ["y" * 100000] * 20
        run = self.trace(*argv)
        event = run.select("exec")[0]
        self.assertTrue(event["truncated"], run.end)
        self.assertEqual(event["argv"][0], "/bin/true", run.end)
        self.assertEqual(len("\0".join(event["argv"])), 8192, run.end)

    def test_a_buffer_too_small_says_how_much_it_lost(self):
        """Events shown and events dropped together are exactly what happened."""
        run = self.command(TOOL, "spawn 3 fork 499", "--buffer", "1")[0]
        happened = 2 * (3 + 3 * 499) + 2  # each child's birth and end; the command's execve and end
        self.assertEqual(len(run.events) + run.end["dropped"]["buffer"], happened, run.end)

    @each("0", "3", "abc", "131072")
    def test_bad_buffer(self, pages):
        done = subprocess.run([tool_path(TOOL), "--buffer", pages], capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 2)
        self.assertIn(f"--buffer: '{pages}'", done.stderr.decode())


class Summary(OptionCase):
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
        script = "import os\nfor i in range(101):\n    if os.fork():\n        os.wait()\n        os._exit(0)"
        run = self.trace(sys.executable, "-S", "-c", script, options=("-E", "thread"), output=None)
        lines = run.out.decode().split("SLOWEST FIRST\n")[1].splitlines()
        indents = [len(line[23:]) - len(line[23:].lstrip()) for line in lines]
        self.assertEqual(indents, [2 * min(i, 64) for i in range(102)], run)


class Container(OptionCase):
    """In a PID namespace of its own the tool uses that namespace's ids."""

    def inside(self, tool, *args, output="json"):
        argv = ["unshare", "--pid", "--fork", "--mount-proc", tool_path(tool), "-o", output, *args]
        done = subprocess.run(argv, capture_output=True, timeout=patience(60), check=False,
                              env=tool_environment())
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_ids_of_both(self):
        records = self.inside(TOOL, "--", "/bin/sh", "-c", "/bin/true; exit 0")
        first = next(r for r in records if r["type"] == "exec")
        self.assertEqual((first["comm"], first["ppid"]), ("sh", 1))
        self.assertGreater(first["host_pid"], first["pid"])
        (fork,) = [r for r in records if r["type"] == "fork"]
        self.assertEqual((fork["ppid"], fork["host_ppid"]), (first["pid"], first["host_pid"]))
        self.assertEqual([r["exits"] for r in records if r["type"] == "end"], [2])

    def test_host_pids(self):
        records = self.inside(TOOL, "--host-pids", "--", "/bin/true")
        for record in (r for r in records if r["type"] in ("exec", "exit")):
            self.assertEqual(record["pid"], record["host_pid"])

    def test_a_summary_by_either(self):
        for options, key in ((), "pid"), (("--host-pids",), "host_pid"):
            records = self.inside(TOOL, "--summary", *options, "--", "/bin/sh", "-c",
                                  "/bin/true; exit 0")
            ids = {r["pid"] for r in records if r["type"] in ("forker", "shortest")}
            self.assertTrue(ids)
            self.assertEqual({pid < 10 for pid in ids}, {key == "pid"}, records)

    def test_lineage_of_those_outside(self):
        """Processes from outside have no id in the namespace, so nobody knows their parent."""
        work = self.workload("comm outsider + fork 3")
        tool = self.own(Process(["unshare", "--pid", "--fork", "--kill-child", "--mount-proc",
                                 tool_path(TOOL), "-o", "json",
                                 "--lineage", "-n", "outsider", "-d", "300"]))
        tool.wait_for("the start record", lambda: b"\n" in tool.out.data, patience(60))
        work.go()
        tool.wait_for("the events", lambda: tool.out.data.count(b'"outsider","code"') == 4)
        records = [json.loads(line) for line in tool.out.data.splitlines()[1:]]
        self.assertEqual(len(records), 7)
        for record in records:
            self.assertEqual((record["pid"], record["lineage"]), (0, ["outsider"]), record)

    def test_no_host_ids_outside(self):
        run = self.trace("/bin/true")
        for event in run.events:
            self.assertNotIn("host_pid", event, run)

    def test_the_other_tools(self):
        records = self.inside("bcc-openat", "--", "/bin/cat", "/dev/null")
        (row,) = [r for r in records if r["type"] == "row"]
        self.assertLess(row["pid"], 10)
        records = self.inside("bcc-syscalls", "--", "/bin/true")
        calls = {r["syscall"]: r["calls"] for r in records if r["type"] == "row"}
        self.assertEqual((calls["execve"], calls["exit_group"]), (1, 1))
