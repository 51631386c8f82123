# SPDX-License-Identifier: MIT
"""What a person or a pipe gets: tables, CSV, terminals, intervals, and readers that go away."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import time

from harness import (Case, Process, Tool, each, patience, per_tool, tool_path, wait_until,
                     workload_path)
from records import EVENTS

AGGREGATING = ("bcc-syscalls", "bcc-openat")
# What moves the cursor home, and what wipes the screen before drawing on it.
HOME = re.compile(rb"\x1b\[(?:1;1|0;0|1|;)?[Hf]")
WIPE = re.compile(rb"\x1b\[[23]J|\x1bc")
ESCAPE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[()][0-9A-Za-z]|[=>78])")
HOSTILE = b"x\x1b[31m\ny\x9b\xff"


def spelled(data):
    return "".join("\\x%02x" % byte for byte in data)


class Table(Case):
    """Tables: headings, rows, totals, timestamps."""

    HEADS = {
        "bcc-syscalls": ("SYSCALL", "CALLS", "ERRORS"),
        "bcc-openat": ("OPENS", "FAILED", "PID", "COMM"),
        "bcc-fork": ("PID", "TID", "PPID", "UID", "COMM"),
    }
    STEPS = "openat 1009 211 + getppid 503 + fork 3"

    def table(self, tool, *args, steps=STEPS):
        run, results = self.command(tool, steps, *args, output=None)
        return run, [line.split() for line in run.out.decode().splitlines()], results

    def heading(self, run, lines):
        found = [line for line in lines if set(self.HEADS[run.tool]) <= set(line)]
        self.assertTrue(found, f"no heading with {self.HEADS[run.tool]}{run}")
        return found[0]

    @per_tool
    def test_heading(self, tool):
        run, lines, _ = self.table(tool)
        self.heading(run, lines)

    @each(*AGGREGATING)
    def test_row_and_total(self, tool):
        run, lines, results = self.table(tool, "--interval", "0")
        head = self.heading(run, lines)
        rows = [dict(zip(head, line)) for line in lines if len(line) == len(head)]
        if tool == "bcc-openat":
            (row,) = [r for r in rows if r["PID"] == str(results.pid)]
            self.assertEqual((row["OPENS"], row["FAILED"], row["COMM"]),
                             ("1220", "211", "workload"), run)
        else:
            (row,) = [r for r in rows if r["SYSCALL"] == "openat"]
            self.assertEqual((row["CALLS"], row["ERRORS"]), ("1220", "211"), run)
        (total,) = [line for line in lines if "TOTAL" in line]
        self.assertIn("211", total, run)
        self.assertGreaterEqual(max(int(n) for n in total if n.isdigit()), 1220, run)

    @each(*AGGREGATING)
    def test_top_says_how_much_it_hides(self, tool):
        run, lines, _ = self.table(tool, "--interval", "0", "--top", "1",
                                   steps="spawn 3 openat 7 2 + getppid 11")
        self.assertRegex("\n".join(" ".join(line) for line in lines),
                         r"TOTAL.*\n\(1 of \d+ rows shown\)", run)

    def test_fork_lines(self):
        run, lines, results = self.table("bcc-fork",
                                         steps="fork 3 + threads 2 + exit 61 + signal SIGKILL")
        kinds = [next((word for word in line[:2] if word in EVENTS), None) for line in lines]
        self.assertEqual([kinds.count(kind) for kind in EVENTS], [5, 2, 1, 8], run)
        for step, detail in (("exit", r"\b61\b"), ("signal", r"\bSIGKILL\b")):
            (child,) = results.one(step)["children"]
            (line,) = [line for kind,
                       line in zip(kinds, lines) if kind == "exit" and str(child["pid"]) in line]
            self.assertRegex(" ".join(line), detail, run)

    @per_tool
    def test_hostile_names(self, tool):
        """No control character reaches a terminal, and no name forges a line."""
        argument = spelled(HOSTILE + b"\rTOTAL\n")
        steps = f"comm {spelled(HOSTILE)} + openat 7 2 + fork 2 + exec-argv {argument}"
        run, _ = self.command(tool, steps, output=None)
        text = run.out.decode()
        self.assertNotRegex(text, "[\x00-\x09\x0b-\x1f\x7f-\x9f]", run)
        self.assertNotRegex(text, r"(?m)^y", run)
        if tool == "bcc-fork":
            self.assertNotRegex(text, r"(?m)^TOTAL", run)
        if tool != "bcc-syscalls":
            self.assertRegex(text, r"x\\(e|x1b|033)\[31m\\(n|x0a|012)y", run)

    @each(*AGGREGATING)
    def test_timestamp(self, tool):
        run, _, _ = self.table(tool, "--timestamp")
        self.assertRegex(run.out.decode(), r"(?m)^\d\d:\d\d:\d\d", run)

    def test_timestamp_of_events(self):
        run, _, _ = self.table("bcc-fork", "-T")
        self.assertRegex(run.out.decode(), r"(?m)^\d\d:\d\d:\d\d\.\d+ .*fork", run)

    def test_appends_reports_without_a_terminal(self):
        run, lines, _ = self.table("bcc-openat")
        self.assertNotIn(b"\x1b", run.out, run)


class Csv(Case):
    """CSV of each tool."""

    def test_openat(self):
        run, results = self.command("bcc-openat", "openat 1009 211", output="csv")
        rows = [r for r in run.csv() if r["pid"] == str(results.pid)]
        self.assertEqual((sum(int(r["opens"]) for r in rows), sum(int(r["failed"]) for r in rows)),
                         (1220, 211), run)
        self.assertEqual({(r["comm"], r["interval"].isdigit()) for r in rows}, {("workload", True)},
                         run)

    def test_syscalls(self):
        run, _ = self.command("bcc-syscalls", "getppid 1009 + syscall close 17 -1", output="csv")
        for name, calls, errors in (("getppid", 1009, 0), ("close", 17, 17)):
            rows = [r for r in run.csv() if r["syscall"] == name]
            self.assertEqual((sum(int(r["calls"]) for r in rows),
                              sum(int(r["errors"]) for r in rows)),
                             (calls, errors), run)
        self.assertNotIn("TOTAL", run.out.decode(), run)

    @per_tool
    def test_hostile_names(self, tool):
        """Whatever the names are, each line has the fields of the heading."""
        steps = (f"comm {spelled(HOSTILE + b',')} + openat 7 2 + fork 2"
                 f" + exec-argv {spelled(b'a,b ' + HOSTILE)}")
        run, _ = self.command(tool, steps, output="csv")
        self.assertTrue(run.csv(), run)
        for row in run.csv():
            self.assertNotIn(None, [*row, *row.values()], run)

    def test_fork(self):
        run, results = self.command("bcc-fork", "fork 13 + exit 61", output="csv")
        rows = run.csv()
        kinds = [next((v for v in r.values() if v in ("fork", "exec", "exit", "thread")), None)
                 for r in rows]
        self.assertEqual((kinds.count("fork"), kinds.count("exit"), kinds.count("exec")),
                         (14, 15, 1), run)
        (child,) = results.one("exit")["children"]
        self.assertEqual([r["code"] for k, r in zip(kinds, rows)
                          if k == "exit" and r["pid"] == str(child["pid"])], ["61"], run)


class Intervals(Case):
    """-i and -d: when reports come, and that they add up."""

    @each(*AGGREGATING)
    def test_fractions_add_up(self, tool):
        """Work in two intervals, each shown as soon as its interval is over; the sums agree."""
        column, sums = ("calls", 1009 + 503) if tool == "bcc-syscalls" else ("opens", 11 + 17)
        one, two = (self.workload(s)
                    for s in ("openat 11 0 + getppid 1009", "openat 17 0 + getppid 503"))
        running = self.start(tool, "--pid", f"{one.pid},{two.pid}", "--interval", "0.15")
        one.go()

        def reported():
            return sum(record[column] for record in running.records("total")) >= (
                11 if tool == "bcc-openat" else 1009)
        running.wait_for("a report of the first workload", reported)
        two.go()
        run = running.stop().check()
        self.assertGreaterEqual(len({row["interval"] for row in run.rows}), 2, run)
        keys = ("syscall", "getppid") if tool == "bcc-syscalls" else ("comm", "workload")
        self.assertEqual(run.table(keys[0])[keys[1]], (sums, 0), run)
        self.assertLessEqual(len(run.totals), float(run.end["seconds"]) / 0.15 + 2, run)

    @each(*AGGREGATING)
    def test_zero_reports_once(self, tool):
        run = self.run_tool(tool, "--interval", "0", "--duration", "0.5", output="json").check()
        self.assertEqual(len(run.totals), 1, run)

    @each(*AGGREGATING)
    def test_whole_intervals(self, tool):
        """A duration of five intervals has five reports, and the last one has all that is left."""
        interval = patience(0.2)
        work = self.workload("openat 11 2 + getppid 1009 + block pause")
        running = self.start(tool, "--pid", work.pid, "--interval", interval, "--duration",
                             5 * interval)
        work.say()
        run = running.finish().check()
        self.assertEqual([total["interval"] for total in run.totals], [1, 2, 3, 4, 5], run)
        self.assertTrue(all(total["seconds"] > interval / 2 for total in run.totals), run)

    @per_tool
    def test_duration(self, tool):
        running = self.own(Tool(tool, "--duration", "0.7")).ready()
        began = time.monotonic()
        run = running.finish().check()
        took = time.monotonic() - began
        self.assertEqual(run.status, 0, run)
        self.assertTrue(0.69 <= float(run.end["seconds"]) < patience(10), run)
        self.assertLess(took, 0.7 + patience(10), run)


class Terminal(Case):
    """Standard output on a terminal: repainted in place, or appended."""

    def terminal(self, tool, *args, rows=24, columns=80):
        """Start the tool with standard output on a terminal of this size."""
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", rows, columns, 0, 0))
        mode = termios.tcgetattr(theirs)
        mode[1] &= ~termios.OPOST  # see the very bytes that were written
        termios.tcsetattr(theirs, termios.TCSANOW, mode)
        running = self.own(Tool(tool, *args, output=None, stdout=theirs, pty=ours))
        os.close(theirs)
        return running.ready()

    @each(*AGGREGATING)
    def test_repaints_without_a_blank_flash(self, tool):
        work = self.workload("spawn 13 openat 7 2 + getppid 3")
        # The run ends with the processes that it is about; this one goes on.
        sleeper = self.own(Process(["sleep", "60"]))
        running = self.terminal(tool, "--interval", "0.1", "--pid", f"{work.pid},{sleeper.pid}",
                                "--descendants", rows=9)
        work.go()
        running.wait_for("three repaints", lambda: len(HOME.findall(running.out.data)) >= 3)
        run = running.stop()
        self.assertEqual(run.status, 0, run)
        self.assertNotRegex(run.out, WIPE, run)
        for frame in HOME.split(run.out)[1:]:
            # What ends the run may be as long as it likes.
            frame = re.split(rb"\w+ per process:", frame)[0]
            lines = ESCAPE.sub(b"", frame).replace(b"\r", b"").strip(b"\n").split(b"\n")
            self.assertLessEqual(len(lines), 9, f"{frame!r}{run}")
            self.assertLessEqual(max(len(line.decode()) for line in lines), 80, f"{frame!r}{run}")

    @each(*AGGREGATING)
    def test_no_clear_appends(self, tool):
        running = self.terminal(tool, "--interval", "0.1", "--no-clear")
        running.wait_for("three reports", lambda: running.out.data.count(b"TOTAL") >= 3)
        run = running.stop()
        self.assertEqual(run.status, 0, run)
        self.assertNotRegex(run.out, HOME, run)
        self.assertNotRegex(run.out, WIPE, run)

    def test_events_scroll(self):
        work = self.workload("fork 7")
        running = self.terminal("bcc-fork", "--pid", work.pid)
        work.go()
        running.wait_for("the forks", lambda: running.out.data.count(b"fork") >= 7)
        run = running.stop()
        self.assertEqual(run.status, 0, run)
        self.assertNotRegex(run.out, HOME, run)


class Readers(Case):
    """Readers of standard output that do not behave."""

    @per_tool
    def test_reader_that_leaves(self, tool):
        """A reader leaves, like `| head -n 1`: the tool ends quietly, with status 0."""
        reader, writer = os.pipe()
        args = ["--interval", "0.05"] if tool in AGGREGATING else []
        running = self.own(Tool(tool, "--quiet", *args, stdout=writer))
        os.close(writer)
        with os.fdopen(reader, "rb", 0) as pipe:
            pipe.readline()

        def ended():  # bcc-fork writes only when something happens
            subprocess.run([workload_path(), "fork", "13"], stdout=subprocess.DEVNULL, check=True)
            return running.popen.poll() is not None
        wait_until(ended)
        run = running.finish()
        self.assertEqual((run.status, run.err), (0, ""), run)

    @per_tool
    @each("json", "table")
    def test_full_device(self, output, tool):
        with open("/dev/full", "wb") as full:
            run = self.run_tool(tool, "--duration", "0.3", output=output, stdout=full)
        self.assertEqual(run.status, 1, run)
        self.assertRegex(run.err, rf"(?m)^{tool}: cannot write the report: "
                                  r"no space left on device \(ENOSPC\)$", run)

    @per_tool
    def test_closed_stdout(self, tool):
        process = self.own(Process(["/bin/sh", "-c", 'exec "$@" >&-', "sh", tool_path(tool),
                                    "--duration", "0.3", "--output", "json"]))
        self.assertEqual(process.end(patience(30)), 1, process)
        self.assertRegex(process.err.data.decode(), r"EBADF|[Bb]ad file descriptor|closed", process)
