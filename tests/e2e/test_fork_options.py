# SPDX-License-Identifier: MIT
"""bcc-fork's own options: chosen events, failed execs, resource usage, the lineage, limits."""

import json
import os
import resource
import subprocess
import sys

from forks import OptionCase, TOOL
from harness import each, patience, tool_path


class Events(OptionCase):
    """-E shows the chosen types of events, and attaches only the hooks that these need."""

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
    """-x shows execs that fail, with errno, path and arguments."""

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
        script = ("import os\n"
                  "try: os.execve(os.open('/etc', os.O_PATH), ['x'], {})\n"
                  "except OSError: pass")
        run, failures = self.trace_failures(sys.executable, "-c", script)
        self.assertEqual([e["ret"] for e in failures], [-13], run)

    def test_empty_texts(self):
        """An empty path or argument is not one that could not be read."""
        program = ("import os\n"
                   "try: os.execv('', ['x', '', 'y'])\n"
                   "except FileNotFoundError: pass")
        run = self.trace(sys.executable, "-c", program, options=("-x",))
        failed = [(e["filename"], e["argv"], e["truncated"]) for e in run.select("exec", ret=-2)]
        self.assertEqual(failed[-1:], [("", ["x", "", "y"], False)], run)

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
    """--rusage adds the resources that a process used to its exit."""

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
                  "print(json.dumps({'pid': pid, 'cpu': r.ru_utime + r.ru_stime,"
                  " 'rss': r.ru_maxrss, 'faults': r.ru_minflt}))\n")
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
    """--lineage shows the names of all ancestors, --tree indents by the depth in the tree."""

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
        script = ("import os, signal\n"
                  "tool = os.getppid()\n"
                  "os.kill(tool, signal.SIGSTOP)\n"
                  "for _ in range(300):\n"
                  "    if not os.fork():\n"
                  "        os._exit(0)\n"
                  "    os.wait()\n"
                  "os.kill(tool, signal.SIGCONT)")
        run = self.trace(sys.executable, "-S", "-c", script,
                         options=("--lineage", "-E", chosen, "--buffer", "1"))
        there = {"fork": 300, "thread": 0, "exec,exit": 302}[chosen]
        self.assertEqual(len(run.events) + sum(run.end["dropped"].values()), there, run.end)
        self.assertGreater(run.end["lineage_lost"], 0, run.end)
        lost = run.end["lineage_lost"]
        self.assertIn(f"{TOOL}: {lost} births, execs and ends that tell who is whose child",
                      run.err)

    def test_lineage_without_end(self):
        script = ("import os\n"
                  "read, write = os.pipe()\n"
                  "for i in range(101):\n"
                  "    if os.fork():\n"
                  "        if i == 0:\n"
                  "            os.close(write)\n"
                  "            os.read(read, 1)\n"
                  "        os._exit(0)\n"
                  "os.set_inheritable(write, True)\n"
                  "os.execv('/bin/true', ['true'])")
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
    """Tables quote arguments so that a shell reads them back."""

    def test_a_shell_reads_the_arguments_back(self):
        """A table shows every byte there is, escaped."""
        argv = [bytes(range(1, 256)), b"a b", b"", b"it's", b'"', b"\\", b"\\$x", b"$'x'",
                "\u202ehi \u4e16".encode(), b"\xffa",
                b"-x", b"~", b"a=b", b"#c", b"{a,b}", b"!x", b"*", b"\x01\x31"]
        run = self.trace("/bin/true", *argv, options=("-E", "exec"), output=None)
        line = run.out.decode().splitlines()[1]
        self.assertIn(" /bin/true ", line, run)
        told = subprocess.run(["bash", "-c", "printf '%s\\0' " + line[line.index("/bin/true "):]],
                              capture_output=True, timeout=patience(), check=True)
        self.assertEqual(told.stdout.split(b"\0")[1:-1], argv, run)


class Bounds(OptionCase):
    """Limits of what is kept: --max-args and --buffer."""

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
                              timeout=patience())
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
        done = subprocess.run([tool_path(TOOL), "--buffer", pages], capture_output=True,
                              timeout=patience())
        self.assertEqual(done.returncode, 2)
        self.assertIn(f"--buffer: '{pages}'", done.stderr.decode())
