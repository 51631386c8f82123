# SPDX-License-Identifier: MIT
"""
Each step of a run is refused in turn. The run is exact all the same, or ends with one clear line.
A killed run leaves nothing behind.
"""

import errno
import os
import re

import faults
from harness import (Case, each, fresh_path, per_tool, thorough, unsanitized, wait_until,
                     workload_path)

STEPS = "openat 101 13 + getppid 211 + fork 7"
MODES = {
    "bcc-syscalls": ([], ["-L", "--by", "process,syscall"], ["--stream"],
                     ["--by", "syscall,errno", "-i", "0.05"]),
    "bcc-openat": ([], ["-L", "--distinct", "--by", "process,path"], ["--stream"],
                   ["--hook", "sys_exit", "-i", "0.05"]),
    "bcc-fork": ([], ["-x", "--rusage", "--lineage"], ["--summary"]),
}
SUMS = {
    "bcc-syscalls": ("calls",),
    "bcc-openat": ("opens",),
    "bcc-fork": ("forks", "threads", "execs", "exec_failures", "exits"),
}


def errnos(kind):
    """The errnos that a kernel could answer with."""
    if kind == "malloc":
        return [errno.ENOMEM]
    if kind in ("poll", "waitpid"):
        return [errno.EINTR, errno.ENOMEM]
    if kind.startswith("bpf:"):
        return [errno.EPERM, errno.ENOMEM, errno.EINVAL, errno.E2BIG]
    if kind in ("open", "openat", "perf_event_open"):
        return [errno.EACCES, errno.EMFILE]
    return [errno.EPERM, errno.ENOMEM]


class Judged(Case):
    """How the result of a run in which something was refused is judged."""

    warm = set()

    def warm_up(self, tool, *args, environment=None):
        """
        Runs make the same calls only once the program and the facts about the kernel are in the
        cache. In a guest, a run with an environment of its own compiles there, and the others do
        not: what they compile differs.
        """
        if (tool, args, bool(environment)) not in self.warm:
            self.run_tool(tool, *self.command_line(*args), output="json", environment=environment)
            self.warm.add((tool, args, bool(environment)))

    def sites(self, tool, *args):
        self.warm_up(tool, *args, environment=faults.refusing())
        return faults.sites(self, tool, *self.command_line(*args))

    def command_line(self, *args):
        out = fresh_path("results")
        return [*args, "--", workload_path(), "--out", out, *STEPS.split()]

    def assert_complete(self, run):
        """All events are in the numbers, or those that are not are in `dropped`."""
        run.check()
        if sum(run.end["dropped"].values()):
            self.assertRegex(run.err, r"(?m)^%s: dropped \d" % run.tool, run)
        elif run.tool == "bcc-openat":
            self.assertEqual((run.end["opens"], run.end["failed"]), (114, 13), run)
        elif run.tool == "bcc-fork":
            self.assertEqual((run.end["forks"], run.end["exits"]), (7, 8), run)
        else:
            # Without memory for the name, bcc-syscalls shows a call by its number.
            rows = [r for r in run.records if r.get("syscall") in ("getppid", "110", "173")]
            self.assertEqual(sum(r.get("calls", 1) for r in rows if r["type"] in ("row", "call")),
                             211, run)

    def judge(self, run):
        """The run is exact or it is refused, never anything in between."""
        own = [line for line in run.err.splitlines() if line.startswith(run.tool + ": ")]
        if run.status == 0:
            self.assert_complete(run)
            return
        self.assertIn(run.status, (1, 126, 127), run)
        others = [line for line in run.err.splitlines()
                  if line not in own and not line.startswith(("Tracing ", '{"step"'))]
        if own and ": compiling programs/" in own[0]:
            # Below that line stands what the compiler and its libraries say.
            own, others = [" ".join(own + others)], []
        self.assertEqual((len(own), others), (1, []), run)
        self.assertRegex(own[0],
                         r"\bE[A-Z0-9]{3,}\b|out of memory|has ended|not executable|no sandbox"
                         r"|not found|Too many open files|files may be open", run)

    def refuse(self, tool, what, *args, log=None):
        run = self.run_tool(tool, *self.command_line(*args), output="json",
                            environment=faults.refusing(what, log=log))
        with self.subTest(tool=tool, args=args, what=what):
            self.judge(run)
        return run


@unsanitized
class Refused(Judged):
    """Each call of a run fails in turn with an errno that the kernel could give."""

    @per_tool
    def test_steps(self, tool):
        """Steps at which something went wrong once."""
        numbers = {site.kind: site.number for site in self.sites(tool)}
        for kind, number, code, text in (
                ("malloc", 1, errno.ENOMEM, "out of memory"),
                ("pidfd_open", 1, errno.EPERM, "pidfd_open: operation not permitted (EPERM)"),
                ("fork", numbers["fork"], errno.EAGAIN,
                 "fork: resource temporarily unavailable (EAGAIN)"),
                ("timerfd_settime", 1, errno.EINVAL, "starting a timer: invalid argument (EINVAL)"),
                ("bpf:GET_INFO", numbers["bpf:GET_INFO"], errno.EPERM,
                 "skipped a program: operation not permitted (EPERM)"),
                ("bpf:MAP_LOOKUP_BATCH", numbers.get("bpf:MAP_LOOKUP_BATCH"), errno.ENOMEM,
                 "table: cannot allocate memory (ENOMEM)"),
                ("bpf:MAP_CREATE", "1+", errno.EPERM, "EPERM"),
                ("bpf:PROG_LOAD", "1+", errno.ENOMEM, "ENOMEM")):
            if number is None:  # this kernel reads such a table in another way
                continue
            if tool == "bcc-fork" and kind == "timerfd_settime":
                code, text = errno.EPERM, "starting a timer: operation not permitted (EPERM)"
            run = self.refuse(tool, f"{kind}:{number}:{code}")
            self.assertIn(text, run.err, f"{kind}{run}")
            self.assertEqual(run.status, 1, f"{kind}{run}")

    @per_tool
    def test_a_cpu_that_goes_offline(self, tool):
        """
        A CPU goes offline before its buffer is opened: the run goes on without that buffer, and
        counts the events there as dropped. Without any buffer the run fails.
        """
        args = self.command_line(*([] if tool == "bcc-fork" else ["--stream"]))

        def events(*what):
            run = self.run_tool(tool, *args, output="json", environment=faults.refusing(*what))
            self.assertEqual(run.status, 0, run)
            self.assertEqual(any(run.end["dropped"].values()), run.end["dropped"]["buffer"] > 0)
            return sum(run.end[key] or 0 for key in SUMS[tool]) + run.end["dropped"]["buffer"]

        if os.cpu_count() > 1:
            self.assertEqual(events(f"perf_event_open:1:{errno.ENODEV}"), events())
        run = self.run_tool(tool, *args, output="json",
                            environment=faults.refusing(f"perf_event_open:1+:{errno.ENODEV}"))
        self.assertEqual(run.status, 1, run)
        self.assertIn("opening a perf buffer", run.err, run)

    @each("bcc-syscalls", "bcc-openat")
    def test_threads_that_cannot_be_seen(self, tool):
        """
        The tool looks in /proc for calls in progress at the end. If it cannot, it must not count
        fewer without saying so.
        """
        found = [s for s in self.sites(tool) if s.of in ("/proc", "/proc/1/task")
                 or re.fullmatch(r"\d+/task(/\d+/syscall)?", s.of)]
        self.assertTrue(found)
        for site in {re.sub(r"\d+", "N", site.of): site for site in reversed(found)}.values():
            run = self.refuse_site(tool, site, errno.EMFILE)
            # The tool opens /proc early, and again when it needs it if that failed.
            self.assertEqual(run.status, 0 if site.of == "/proc" else 1, f"{site}{run}")

    def refuse_site(self, tool, site, code):
        """Other processes begin and end, so the call of this number may be another one: again."""
        for _ in range(10):
            log = fresh_path("faults")
            run = self.refuse(tool, f"{site.kind}:{site.number}:{code}", log=log)
            refused = re.findall(r"(?m)^!\S+ (.*)", log.read_text(errors="replace"))
            if [re.sub(r"\d+", "N", of) for of in refused] == [re.sub(r"\d+", "N", site.of)]:
                return run
        return self.fail(f"{site} was not refused in ten runs")

    @thorough
    @per_tool
    def test_every_step(self, tool):
        for args in MODES[tool]:
            for site in faults.different(self.sites(tool, *args), 3):
                for code in errnos(site.kind):
                    self.refuse(tool, f"{site.kind}:{site.number}:{code}", *args)

    @thorough
    @per_tool
    def test_every_allocation(self, tool):
        for args in MODES[tool][:2]:
            for site in self.sites(tool, *args):
                if site.kind == "malloc":
                    self.refuse(tool, f"malloc:{site.number}:{errno.ENOMEM}", *args)


@unsanitized
class Killed(Judged):
    """A tool, or its compiler, is killed at one of its steps."""

    STAGES = ("malloc:1", "openat:1", "bpf:MAP_CREATE:2", "bpf:PROG_LOAD:2", "fork:1",
              "bpf:RAW_TRACEPOINT_OPEN:2",
              "bpf:LINK_CREATE:1", "perf_event_open:1", "ioctl:ENABLE:1", "eventfd:1", "poll:1",
              "poll:2",
              "bpf:MAP_LOOKUP_BATCH:1", "bpf:MAP_TAKE_BATCH:1")

    def kill_at(self, tool, stage, *args, child=False):
        """Stop the tool at a step, note what it holds, kill it. Nothing of that may remain."""
        self.warm_up(tool, *args, environment=faults.refusing())
        before = faults.mounts(), faults.probes(), faults.scratch_directories()
        process = self.own(faults.ToolAt(tool, stage, *self.command_line(*args), child=child))
        if not process.stops():
            return False
        held, offspring = faults.held_objects(process.pid), faults.children(process.pid)
        process.popen.kill()
        process.popen.wait()
        with self.subTest(stage=stage, args=args):
            for pid in offspring:
                self.assertTrue(faults.gone(pid), f"{pid} goes on")
            self.assertTrue(wait_until(lambda: not any(map(faults.exists, held))), held)
            self.assertEqual((faults.mounts(), faults.probes(), faults.scratch_directories()),
                             before)
            self.assertFalse(faults.unfinished(process.pid).exists())
        return held, offspring

    @per_tool
    def test_at_some_stages(self, tool):
        """Three steps: the command is held, programs are loaded, all of it is attached."""
        # The first loads only test what the kernel supports.
        loads = max(site.number for site in self.sites(tool) if site.kind == "bpf:PROG_LOAD")
        seen = [self.kill_at(tool, stage)
                for stage in (f"bpf:PROG_LOAD:{loads}", "pidfd_open:1", "poll:1")]
        self.assertTrue(all(held for held, _ in seen), seen)
        self.assertTrue(all(offspring for _, offspring in seen[1:]), seen)

    @thorough
    @per_tool
    def test_at_every_stage(self, tool):
        seen = [self.kill_at(tool, stage) for stage in self.STAGES]
        self.assertGreaterEqual(len([1 for result in seen if result]), 8, seen)
        # The test means nothing unless there was something to leave behind.
        self.assertGreaterEqual(max(len(held) for held, _ in filter(None, seen)), 5, seen)
        self.assertTrue(any(offspring for _, offspring in filter(None, seen)), seen)

    @per_tool
    def test_while_compiling(self, tool):
        """The compiler ends with the tool, even a compiler that cannot notice."""
        _, offspring = self.kill_at(tool, "dlopen:1", "--no-cache", child=True)
        self.assertEqual(len(offspring), 1)

    @per_tool
    def test_the_compiler_alone(self, tool):
        run = self.run_tool(tool, "--no-cache", "--", "/bin/true",
                            environment=faults.refusing("dlopen:1:kill", child=True))
        self.assertEqual(run.status, 1, run)
        self.assertRegex(run.err,
                         rf"^{tool}: compiling programs/\S+: "
                         r"the compiler was ended by signal 9 \(SIGKILL\)\n$", run)
