# SPDX-License-Identifier: MIT
"""
An id that is used again is another process: in rows, and for the filters that name one.

The kernel gives ids in turn, and ns_last_pid of a PID namespace says which one is next. So in a
namespace of its own a process can give its children any id.
"""

import json
import os
import subprocess
import sys

from harness import Case, each, essential, patience, per_tool, tool_environment, tool_path

REUSED = 500
# os.fork() of Python 3.12 and later opens /proc/self/stat.
FORK = """
import ctypes, os
fork = ctypes.PyDLL(None).fork
"""
CHILDREN = FORK + """
def child(*paths):
    with open("/proc/sys/kernel/ns_last_pid", "w") as last:
        last.write("%d")
    pid = fork()
    if not pid:
        for path in paths:
            os.open(path, os.O_RDONLY)
        os._exit(0)
    assert pid == %d, pid
    os.waitpid(pid, 0)
""" % (REUSED - 1, REUSED)


class ReusedCase(Case):
    def namespace(self, argv):
        """Run this in a PID namespace of its own. Returns its output and what it says."""
        done = subprocess.run(["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", *argv],
                              capture_output=True, timeout=patience(60), check=False,
                              env=tool_environment())
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout, done.stderr.decode()

    def inside(self, tool, script, *args):
        """Run a script of Python there, as the command of a tool. Returns the tool's records."""
        out, _ = self.namespace([tool_path(tool), "-o", "json", *map(str, args), "--",
                                 sys.executable, "-c", CHILDREN + script])
        return [json.loads(line) for line in out.splitlines()]


@essential
class Rows(ReusedCase):
    """Each process is a row, and start_ts tells those with one id apart."""

    def reused(self, records):
        return [r for r in records if r["type"] == "row" and r["pid"] == REUSED]

    def check_apart(self, rows, count):
        starts = [row["start_ts"] for row in rows]
        self.assertEqual(len(rows), count, rows)
        self.assertEqual(len(set(starts)), count, rows)
        self.assertLess(max(starts) - min(starts), patience(60), rows)

    def test_opens(self):
        records = self.inside("bcc-openat", """
for i in range(17):
    child(*["/dev/null"] * (i + 1))
""", "-i", 0)
        rows = self.reused(records)
        self.check_apart(rows, 17)
        self.assertEqual(sorted(row["opens"] for row in rows), list(range(1, 18)))
        by_start = sorted(rows, key=lambda row: row["start_ts"])
        self.assertEqual([row["opens"] for row in by_start], list(range(1, 18)))
        (processes,) = [r for r in records if r.get("of") == "process"]
        self.assertEqual(processes["count"], 18)

    def test_threads(self):
        records = self.inside("bcc-openat", """
for i in range(5):
    child("/dev/null", "/dev/null")
""", "-i", 0, "--by", "thread")
        self.check_apart(self.reused(records), 5)
        (processes,) = [r for r in records if r.get("of") == "process"]
        self.assertEqual(processes["count"], 6)

    def test_calls(self):
        for more in (), ("-L",), ("--cumulative",):
            records = self.inside("bcc-syscalls", """
for i in range(11):
    child("/dev/null")
""", "-i", 0, "--by", "process,syscall", "-e", "exit_group", *more)
            rows = self.reused(records)
            self.check_apart(rows, 11)
            self.assertEqual({row["calls"] for row in rows}, {1})


class Starts(Case):
    """A process has one start in all its rows, also in those of calls that it waits in."""

    def test_waiting(self):
        work = self.workload("getppid 3 + block read + getppid 5")
        running = self.start("bcc-syscalls", "-L", "--by", "process,syscall", "-p", work.pid,
                             "-i", 0.2, "--cumulative")
        work.say()
        work.wait_in(0)
        running.wait_for("the row of the call that blocks", lambda: any(
            r["syscall"] == "read" and r["blocked"] for r in running.records("row")))
        work.say()
        work.results()
        run = running.stop().check()
        starts = {row["start_ts"] for row in run.rows}
        self.assertEqual(len(starts), 1, run)
        self.assertEqual({row["all_calls"] for row in run.select("row", syscall="getppid")} - {3},
                         {8}, run)


# One process of the id that is named acts 5 times, a later one 7 times; another that is named, and
# does nothing, keeps the tool running. To act is to open a file, and to make a child that does.
LATER = FORK + """
import signal, subprocess, sys
def child(act, wanted=None):
    if wanted:
        with open("/proc/sys/kernel/ns_last_pid", "w") as last:
            last.write(str(wanted - 1))
    pid = fork()
    if not pid:
        act()
        os._exit(0)
    assert wanted in (None, pid), pid
    return pid
def act(times):
    for i in range(times):
        os.open("/dev/null", os.O_RDONLY)
        os.waitpid(child(lambda: os.open("/dev/zero", os.O_RDONLY)), 0)
gate, go = os.pipe()
def first():
    os.read(gate, 1)
    act(5)
named = child(first, %d)
keeper = child(signal.pause)
ids = sys.argv[-1] + f"{named},{keeper}"
tool = subprocess.Popen([*sys.argv[1:-1], ids], stderr=subprocess.PIPE)
while not tool.stderr.readline().startswith(b"Tracing"):
    pass
os.write(go, b"x")
os.waitpid(named, 0)
os.waitpid(child(lambda: act(7), named), 0)
tool.send_signal(signal.SIGINT)
sys.exit(tool.wait())
""" % REUSED


@essential
class Later(ReusedCase):
    """A filter means the task that has the id when the run begins, and none that gets it later."""

    def later(self, tool, *args, before=""):
        """before: what stands in front of the ids"""
        out, _ = self.namespace([sys.executable, "-c", LATER, tool_path(tool), "-o", "json",
                                 *map(str, args), before])
        return [json.loads(line) for line in out.splitlines()]

    @each("--pid", "--tid")
    def test_opens(self, option):
        records = self.later("bcc-openat", option)
        self.assertEqual([r["opens"] for r in records if r["type"] == "end"], [5], records)

    @each("--pid", "--tid")
    def test_opens_in_a_stream(self, option):
        records = self.later("bcc-openat", "--stream", option)
        self.assertEqual([r["path"] for r in records if r["type"] == "open"], ["/dev/null"] * 5)

    @each("--pid", "--tid")
    def test_calls(self, option):
        records = self.later("bcc-syscalls", "-e", "openat", option)
        self.assertEqual([r["calls"] for r in records if r["type"] == "end"], [5], records)

    @each("--pid", "--tid")
    def test_left_out(self, option):
        """The later one, too, is a child of the first process; it is not the one left out."""
        for tool, args, key in (("bcc-openat", (), "opens"),
                                ("bcc-syscalls", ("-e", "openat"), "calls"),
                                ("bcc-fork", (), "forks")):
            with self.subTest(tool=tool):
                records = self.later(tool, *args, "--ppid", "1", option, before="!")
                self.assertEqual([r[key] for r in records if r["type"] == "end"], [7], records)

    @each("--pid", "--tid")
    def test_events(self, option):
        records = self.later("bcc-fork", option)
        (end,) = [r for r in records if r["type"] == "end"]
        self.assertEqual((end["forks"], end["exits"]), (5, 1), records)

    def test_children(self):
        for tool, args, name in (("bcc-openat", (), "opens"),
                                 ("bcc-syscalls", ("-e", "openat"), "calls"),
                                 ("bcc-fork", (), "exits")):
            records = self.later(tool, *args, "--ppid")
            self.assertEqual([r[name] for r in records if r["type"] == "end"], [5], records)


@essential
class Ended(Case):
    """When all that were named have ended the run ends with status 0, and says so."""

    def check_ended(self, running, says):
        run = running.finish().check()
        self.assertEqual(run.status, 0, run)
        self.assertRegex(run.err, rf"(?m)^{run.tool}: {says}$")
        return run

    @per_tool
    def test_a_process(self, tool):
        work = self.workload("openat 3 0 + fork 2")
        running = self.start(tool, "-p", work.pid)
        work.go()
        run = self.check_ended(running, f"process {work.pid} has ended")
        if tool == "bcc-openat":
            self.assertEqual(run.end["opens"], 3, run)
        if tool == "bcc-fork":
            self.assertEqual([e["pid"] for e in run.select("exit", last=True)], [work.pid], run)

    @per_tool
    def test_the_last_of_several(self, tool):
        works = [self.workload("openat 3 0 + fork 2") for _ in range(3)]
        running = self.start(tool, "-p", ",".join(str(work.pid) for work in works))
        for work in works:
            self.assertIsNone(running.popen.poll(), running)
            work.go()
        run = self.check_ended(running, "all 3 processes have ended")
        if tool == "bcc-openat":
            self.assertEqual(run.end["opens"], 9, run)

    def test_threads(self):
        work = self.workload("openat 3 0")
        running = self.start("bcc-openat", "-t", work.pid)
        work.go()
        self.assertEqual(self.check_ended(running, f"thread {work.pid} has ended").end["opens"], 3)

    def test_a_thread_of_a_process_that_goes_on(self):
        script = """
import sys, threading
def run():
    print(threading.get_native_id(), flush=True)
    sys.stdin.readline()
thread = threading.Thread(target=run)
thread.start()
thread.join()
sys.stdin.readline()
"""
        process = self.own(subprocess.Popen([sys.executable, "-c", script], text=True,
                                            stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        self.addCleanup(process.communicate)
        tid = int(process.stdout.readline())
        running = self.start("bcc-openat", "-t", tid)
        process.stdin.write("\n")
        process.stdin.flush()
        self.check_ended(running, f"thread {tid} has ended")
        self.assertIsNone(process.poll())

    @per_tool
    def test_descendants(self, tool):
        script = FORK + """
os.write(1, b"ready")
os.read(0, 1)
if not fork():
    if not fork():
        os.read(0, 1)
        os.open("/dev/null", os.O_RDONLY)
    os._exit(0)
os.wait()
os._exit(0)
"""
        process = self.own(subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE))
        self.addCleanup(process.communicate)
        self.assertEqual(os.read(process.stdout.fileno(), 5), b"ready")
        running = self.start(tool, "-p", process.pid, "--descendants")
        process.stdin.write(b"x")
        process.stdin.flush()
        process.wait(patience())
        self.assertIsNone(running.popen.poll(), running)
        process.stdin.write(b"x")
        process.stdin.flush()
        run = self.check_ended(
            running, f"process {process.pid} and all that it started have ended")
        if tool == "bcc-openat":
            self.assertEqual(run.end["opens"], 1, run)
        if tool == "bcc-fork":
            self.assertEqual((run.end["forks"], run.end["exits"]), (2, 3), run)
