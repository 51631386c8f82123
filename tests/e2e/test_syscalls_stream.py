# SPDX-License-Identifier: MIT
"""
bcc-syscalls --stream: each call as it returns, in order, with its arguments, its result and its
duration.
"""

import re
import sys

from arch import FORKS, IS_X86, POLL
from harness import Case, Tool, both_ways, each, essential, fresh_path, many, workload_path

TOOL = "bcc-syscalls"
MS = 1_000_000
MISSING = "/nonexistent-bcc-tools/none"


@essential
class Lines(Case):
    """The fields of each line."""

    def stream(self, steps, *args, way="command", tree=False):
        return self.observe(way, TOOL, steps, "--stream", *args, tree=tree)

    @both_ways
    def test_each_call_in_order(self, way):
        run, results = self.stream("getppid 3 + syscall close 2 -1 + getppid 1", "-e",
                                   "getppid,close", way=way)
        self.assertEqual([(e["syscall"], e["errno"]) for e in run.events],
                         [("getppid", None)] * 3 + [("close", "EBADF")] * 2 + [("getppid", None)],
                         run)
        self.assertEqual({(e["pid"], e["tid"], e["uid"], e["comm"]) for e in run.events},
                         {(results.pid, results.pid, 0, "workload")}, run)
        self.assertEqual({e["ret"] for e in run.select("call", syscall="close")}, {-9}, run)

    def test_arguments(self):
        run, _ = self.stream(
            "openat 1 1 + syscall close 1 -1 + syscall sched_get_priority_max 1 99", "-e",
                             "openat,close,sched_get_priority_max")
        calls = [(e["syscall"], e["args"], e["errno"], e["truncated"]) for e in run.events]
        fd = run.events[0]["ret"]
        self.assertEqual(calls, [
            ("openat", {"dfd": -100, "filename": "/dev/null", "flags": 0o2000000, "mode": 0}, None,
             False),
            ("close", {"fd": fd}, None, False),
            ("openat", {"dfd": -100, "filename": MISSING, "flags": 0, "mode": 0}, "ENOENT", False),
            ("close", {"fd": -1}, "EBADF", False),
            ("sched_get_priority_max", {"policy": 99}, "EINVAL", False)], run)

    def test_execve(self):
        """The path of execve is the one that it was called with, although that memory is gone."""
        run, results = self.stream("exec 3", "-e", "execve")
        self.assertEqual([e["args"]["filename"] for e in run.events], [workload_path()] * 4, run)
        self.assertEqual([e["pid"] for e in run.events],
                         [results.pid, *results.one("exec")["children"]], run)
        self.assertEqual({e["ret"] for e in run.events}, {0}, run)
        self.assertTrue(all(e["duration_ns"] > 1000 for e in run.events), run)

    @essential
    def test_empty_texts(self):
        """An empty path is not one that could not be read."""
        program = ("import os\n"
                   "for call in (os.chdir, lambda path: os.execv(path, ['x', '', 'y'])):\n"
                   "    try: call('')\n"
                   "    except FileNotFoundError: pass")
        run = self.run_tool(TOOL, "--stream", "-x", "-e", "chdir,execve", "-o", "json", "--",
                            sys.executable, "-c", program)
        calls = [(e["syscall"], e["args"]["filename"], e["errno"]) for e in run.check().events]
        self.assertEqual(calls[-2:], [("chdir", "", "ENOENT"), ("execve", "", "ENOENT")], run)

    def test_durations(self):
        run, results = self.stream(f"wait clock_nanosleep 5 7 + wait {POLL} 3 11", "-e",
                                   f"clock_nanosleep,{POLL}")
        measured = [ns for line in results.of("wait") for ns in line["ns"]]
        for event, least, most in zip(run.events, [7 * MS] * 5 + [11 * MS] * 3, measured,
                                      strict=True):
            self.assertTrue(least <= event["duration_ns"] <= most, run)

    def test_what_never_returns(self):
        run, results = self.stream("threads 2 + exit 3", "-e", "exit,exit_group")
        calls = [(e["syscall"], e["ret"], e["errno"], e["duration_ns"]) for e in run.events]
        self.assertEqual(calls, [("exit", None, None, None)] * 2
                         + [("exit_group", None, None, None)] * 2, run)
        self.assertEqual([e["args"].get("error_code") for e in run.events], [0, 0, 3, 0], run)
        self.assertEqual([e["tid"] for e in run.events[:2]], results.one("threads")["tids"], run)

    def test_signal_handler(self):
        run, _ = self.stream("handle 5", "-e", "rt_sigreturn,tgkill")
        self.assertEqual([e["syscall"] for e in run.events], ["tgkill", "rt_sigreturn"] * 5, run)

    def test_a_call_that_had_begun(self):
        """
        A call from before the run is shown when it returns, with the arguments that its registers
        still hold, and without its duration.
        """
        work = self.workload("getppid 1")
        run, _ = self.attach(TOOL, work, "--pid", work.pid, "--stream", "-e", "read,getppid")
        read, getppid = run.check().events
        self.assertEqual((read["syscall"], read["ret"], read["duration_ns"]),
                         ("read", 3, None), run)
        self.assertEqual((read["args"]["fd"], read["args"]["count"]), (0, 64), run)
        self.assertEqual(getppid["syscall"], "getppid", run)
        self.assertGreater(getppid["duration_ns"], 0, run)

    def test_births(self):
        """A birth is shown in the parent, once."""
        run, results = self.stream("fork 5 + vfork 3", "-e", FORKS)
        children = [pid for line in results.lines if "children" in line for pid in line["children"]]
        self.assertEqual([e["ret"] for e in run.events], children, run)
        self.assertEqual({e["pid"] for e in run.events}, {results.pid}, run)

    def test_a_thread_that_executes_a_program(self):
        work = self.workload("exec-thread getppid 1")
        tool = self.start(TOOL, "--stream", "--pid", work.pid, "-e", "execve,getppid")
        work.go()
        execve, getppid = tool.stop().check().events
        self.assertEqual((execve["syscall"], execve["tid"], execve["args"]["filename"]),
                         ("execve", work.pid, workload_path()))
        self.assertGreater(execve["duration_ns"], 0)
        self.assertEqual(getppid["tid"], work.pid)

    def test_of_all_cpus(self):
        """Nothing is lost, and lines are in the order of time (check() looks at that)."""
        good, bad = many(2003), many(503)
        run, results = self.stream(f"spawn 4 getppid {good} + syscall close {bad} -1", "-e",
                                   "getppid,close", "--buffer", "512")
        counts = {}
        for event in run.events:
            key = event["pid"], event["syscall"]
            counts[key] = counts.get(key, 0) + 1
        self.assertEqual(counts, {(pid, call): n for pid in results.one("spawn")["children"]
                                  for call, n in (("getppid", good), ("close", bad))}, run)


class Chosen(Case):
    """Options that choose calls choose lines."""

    STEPS = "getppid 3 + openat 2 3 + syscall close 2 -1"

    def test_failed(self):
        run, _ = self.command(TOOL, self.STEPS, "--stream", "-x", "-e", "getppid,openat,close")
        self.assertEqual([(e["syscall"], e["errno"]) for e in run.check().events],
                         [("openat", "ENOENT")] * 3 + [("close", "EBADF")] * 2, run)

    def test_errno(self):
        run, _ = self.command(TOOL, self.STEPS, "--stream", "--errno", "EBADF")
        self.assertEqual([(e["syscall"], e["errno"]) for e in run.check().events],
                         [("close", "EBADF")] * 2, run)

    def test_numbers_and_abis(self):
        steps = "syscall 1000 1 1 2 + syscall 0x40000027 1 + syscall -1 1 + compat 2 1"
        chosen = "1000,unknown,x32:*,i386:close" if IS_X86 else "1000,unknown,arm:close"
        run, results = self.command(TOOL, steps, "--stream", "-e", chosen)
        there = results.one("compat")["there"]
        self.assertEqual([e["syscall"] for e in run.check().events],
                         ["1000", "x32:getpid" if IS_X86 else "unknown", "unknown"]
                         + ["i386:close"] * 2 * there, run)
        self.assertEqual(run.events[0]["args"],
                         {"arg1": 1, "arg2": 2, "arg3": 0, "arg4": 0, "arg5": 0, "arg6": 0}, run)

    def test_name_of_the_command_itself(self):
        run, _ = self.command(TOOL, "getppid 3 + comm later + getppid 2", "--stream", "--name",
                              "later", "-e", "getppid")
        self.assertEqual([e["syscall"] for e in run.check().events], ["getppid"] * 2, run)

    @each("--by process", "--latency", "--cumulative", "--top 3", "--interval 1", "--sort calls")
    def test_not_with(self, option):
        run = self.run_tool(TOOL, "--stream", *option.split())
        self.assertEqual((run.status, run.out), (2, b""), run)
        self.assertIn(option.split()[0].lstrip("-"), run.err)


class Formats(Case):
    """Lines in each format, when they appear, and what is dropped."""

    def test_table(self):
        """A table has the shape of strace's lines."""
        run, _ = self.command(TOOL, f"openat 1 1 + wait {POLL} 1 5 + exit 3", "--stream", "-e",
                              f"openat,{POLL},exit_group",
                              output=None)
        head, *lines = run.out.decode().splitlines()
        self.assertEqual(head.split(), ["PID", "COMM", "CALL"], run)
        calls = [re.sub(r"^ *\d+ +workload +", "", line) for line in lines]
        took = r" <\d+(\.\d)?(ns|us|ms)>"
        for call, pattern in zip(calls, (
                r'openat\(dfd=AT_FDCWD, filename="/dev/null", flags=O_RDONLY\|O_CLOEXEC\)'
                r" = \d+" + took,
                rf'openat\(dfd=AT_FDCWD, filename="{MISSING}", flags=O_RDONLY\)'
                r" = -1 ENOENT \(No such file or directory\)" + took,
                (r"poll\(ufds=NULL, nfds=0, timeout_msecs=5\)" if IS_X86 else
                 r"ppoll\(ufds=NULL, nfds=0, tsp=0x\w+, sigmask=NULL, sigsetsize=\w+\)")
                + r" = 0 <\d+(\.\d)?ms>",
                r"exit_group\(error_code=3\) = \?", r"exit_group\(error_code=0\) = \?"),
                                 strict=True):
            self.assertRegex(call, f"^{pattern}$", run)

    def test_csv(self):
        run, results = self.command(TOOL, "openat 1 1", "--stream", "-e", "openat", output="csv")
        first, second = run.csv()
        self.assertEqual(list(first), ["type", "ts", "pid", "tid", "uid", "comm", "syscall", "args",
                                       "truncated", "ret",
                                       "errno", "duration_ns"], run)
        self.assertEqual(first["args"], "dfd=-100 filename=/dev/null flags=524288 mode=0", run)
        self.assertEqual((second["pid"], second["ret"], second["errno"]),
                         (str(results.pid), "-2", "ENOENT"), run)
        self.assertRegex(first["ts"], r"^\d+\.\d{9}$", run)
        self.assertGreater(int(first["duration_ns"]), 0, run)

    def test_as_it_returns(self):
        """
        A line does not wait for the end of the run: it is there while the process waits in its
        next call.
        """
        work = self.workload("getppid 1 + block pause")
        tool = self.own(Tool(TOOL, "--stream", "--pid", work.pid, "-e", "getppid,pause")).ready()
        work.say()
        tool.wait_for("the call's line", lambda: tool.records("call"))
        self.assertEqual(tool.stop().check().end["calls"], 1)

    def test_what_has_no_room_is_counted(self):
        """The smallest buffer and a flood of calls: lines and drops together are all calls."""
        calls = many(200_000)
        run, _ = self.command(TOOL, f"getppid {calls}", "--stream", "--buffer", "1", "-e",
                              "getppid")
        dropped = run.end["dropped"]
        self.assertGreater(dropped["buffer"], 0)
        self.assertEqual(len(run.events) + dropped["buffer"], calls)
        self.assertEqual(run.end["calls"], len(run.events))
        self.assertIn(f"buffer full {dropped['buffer']}", run.err)

    def test_a_file_is_read_by_its_name(self):
        """
        A path of any bytes is shown as it is, or escaped; one that is too long is cut, and marked
        as cut.
        """
        path = fresh_path("a name, with \"quotes\" \\ and \u00e9 ") / ("x" * 3000)
        run = self.run_tool(TOOL, "--stream", "-e", "openat", "--", "/bin/sh", "-c",
                            'exec cat "$1"', "sh", path,
                            output="json").check()
        (event,) = [e for e in run.events if "quotes" in str(e["args"].get("filename"))]
        self.assertTrue(str(path).startswith(event["args"]["filename"].removesuffix("...")), run)
        self.assertTrue(event["truncated"], run)
