# SPDX-License-Identifier: MIT
"""On a kernel that does not describe its types (BTF) the tools count the same, exactly.

What the tests of the tools' plain forms expect is expected here, too: they run once more, with the
kernel's types hidden where it has any.
"""

import os

import test_filters
import test_fork
import test_syscalls
from harness import Case, each, essential
from opens import MISSING, TOOL as OPENAT, OpenCase, openat

SYSCALLS, FORK = "bcc-syscalls", "bcc-fork"
TYPES = "/sys/kernel/btf"

# A mount namespace in which the kernel's types are hidden.
HIDDEN = ["unshare", "-m", "sh", "-c", f'mount -t tmpfs none {TYPES} && exec "$@"', "sh"] \
    if os.path.exists(f"{TYPES}/vmlinux") else []


class WithoutTypes(Case):
    """A Case whose tools run where there is no BTF."""

    def start(self, tool, *args, **options):
        return super().start(tool, *args, wrapper=HIDDEN, **options)

    def run_tool(self, tool, *args, **options):
        return super().run_tool(tool, *args, wrapper=HIDDEN, **options)


class SyscallCounts(WithoutTypes, test_syscalls.Counts):
    """bcc-syscalls, with a command too."""


class ForkNumbers(WithoutTypes, test_fork.Numbers):
    """bcc-fork: how many of each event."""


class Filters(WithoutTypes, test_filters.Filter):
    """Filters of all three tools: also by parent, by effective user and with descendants."""


class ForkExits(WithoutTypes, test_fork.Exits):
    """How processes and threads end."""


class ForkExecs(WithoutTypes, test_fork.Execs):
    """Programs that are executed, with their arguments."""


@essential
class Calls(WithoutTypes):
    """bcc-syscalls, with and without the beginnings of calls."""

    @each((), ("-L",), ("--by", "syscall,user"))
    def test_threads_that_end(self, options):
        work = self.workload("openat 1009 211 7")
        run, _ = self.attach(SYSCALLS, work, "--pid", work.pid, *options)
        rows = run.check().table("syscall")
        self.assertEqual((rows.get("openat"), rows.get("close")), ((1220, 211), (1009, 0)), run)
        # Seven threads end, and their process.
        self.assertEqual((rows.get("exit"), rows.get("exit_group")), ((7, 0), (1, 0)), run)

    def test_records(self):
        work = self.workload("getppid 101 + syscall close 13 -1 + threads 3")
        run, _ = self.attach(SYSCALLS, work, "--pid", work.pid, "--stream", "-e",
                             "getppid,close,exit,exit_group")
        calls = [(call["syscall"], call["ret"]) for call in run.check().of_type("call")]
        for call, count in ((("getppid", os.getpid()), 101), (("close", -9), 13),
                            (("exit", None), 3), (("exit_group", None), 1)):
            self.assertEqual(calls.count(call), count, (call, run))

    def test_execs_have_their_path(self):
        run, _ = self.command(SYSCALLS, "exec 5", "--stream", "-e", "execve")
        execs = [call["args"]["filename"] for call in run.check().of_type("call")
                 if call["ret"] == 0]
        self.assertEqual(len(execs), 6, run)
        self.assertEqual({os.path.basename(path) for path in execs}, {"workload"}, run)


@essential
class Opens(WithoutTypes, OpenCase):
    """bcc-openat through the raw tracepoint, where the registers are an argument."""

    STEPS = [openat(307, "/dev/null"), openat(103, MISSING)]

    @each(("--by", "call"), ("-L", "--by", "call"), ("--all", "--by", "call"))
    def test_opens(self, options):
        work = self.workload(self.STEPS)
        run, _ = self.attach(OPENAT, work, "--pid", work.pid, "--hook", "sys_exit", *options)
        self.assertEqual(run.check().table("call").get("openat"), (410, 103), run)

    @each("sys_exit", "any")
    def test_paths(self, hook):
        """By the text that the program gave."""
        hook = [] if hook == "any" else ["--hook", hook]
        work = self.workload(self.STEPS)
        run, _ = self.attach(OPENAT, work, "--pid", work.pid, "--by", "path", *hook)
        self.assertEqual(run.check().table("path"),
                         {"/dev/null": (307, 0), MISSING: (103, 103)}, run)


@essential
class Words(WithoutTypes):
    """What is left out is said: in --check, in the start record and in front of `Tracing`."""

    @each((OPENAT, (), []), (OPENAT, ("--by", "path"), ["files"]),
          (OPENAT, ("--all",), ["uring"]), (OPENAT, ("--all", "--stream"), ["files", "uring"]),
          (SYSCALLS, (), []), (SYSCALLS, ("--stream",), []), (SYSCALLS, ("--by", "process"), []),
          (FORK, (), []), (FORK, ("--failed",), ["late-exec"]))
    def test_without(self, case):
        tool, options, words = case
        # Of a process that does little: the calls of a whole machine do not fit any buffer.
        run = self.run_tool(tool, *options, "--pid", self.workload("noop").pid, "--duration",
                            "0.01", output="json")
        self.assertEqual(run.check().start.get("without", []), words, run)
        check = self.run_tool(tool, *options, "--check").out.decode()
        for text in (check, run.err):
            self.assertEqual("without" in text, bool(words), text)
            self.assertIn(", ".join(words), text)

    def test_processor_time_in_a_tree(self):
        """It is unknown, rather than 0."""
        run = self.run_tool(FORK, "--", "true")
        self.assertIn("without cpu", run.err, run)
        self.assertRegex(run.out.decode() + run.err, r"\n +\d\.\d{3}s +-  true\n", run)

    @each((OPENAT, "--path", "/*"), (OPENAT, "--by", "path", "--full-path"), (FORK, "--rusage"))
    def test_what_is_refused(self, case):
        """An answer that was asked for by name is not left out."""
        run = self.run_tool(*case, "--duration", "0.01")
        self.assertEqual(run.status, 1, run)
        self.assertIn("the kernel has no BTF", run.err, run)
