# SPDX-License-Identifier: MIT
"""
On kernels before 5.10, without BTF, the tools count the same, exactly: here on this kernel, which
refuses what 5.4, 4.18 or 4.9 lacks (helpers/old_kernel.c).
"""

import collections
import os
import re

from harness import Case, compiled, each, host_compiles, unsanitized
from opens import TOOL as OPENAT, OpenCase, openat
from test_without_btf import HIDDEN

SYSCALLS = "bcc-syscalls"
MISSING = "/nonexistent-bcc-tools/none"
each_kernel = each("5.4", "4.18")
each_with_oldest = each("5.4", "4.18", "4.9")


class OldKernel(Case):
    """A Case whose tools run on an old kernel, as far as they can see."""

    kernel = None

    def _options(self, options):
        libraries = [compiled("old_kernel"), *host_compiles().values()]
        return {"wrapper": HIDDEN, **options,
                "environment": {"LD_PRELOAD": ":".join(libraries), "OLD_KERNEL": self.kernel}}

    def start(self, tool, *args, **options):
        return super().start(tool, *args, **self._options(options))

    def run_tool(self, tool, *args, **options):
        return super().run_tool(tool, *args, **self._options(options))


@unsanitized
class Calls(OldKernel):
    """bcc-syscalls."""

    def _expect(self, run):
        rows = collections.Counter()
        for row in run.check().rows:
            rows[row["syscall"], "calls"] += row["calls"]
            rows[row["syscall"], "errors"] += row["errors"]
        self.assertEqual((rows["openat", "calls"], rows["openat", "errors"]), (1220, 211), run)
        self.assertEqual((rows["close", "calls"], rows["close", "errors"]), (1009, 0), run)
        # Seven threads end, and their process.
        self.assertEqual((rows["exit", "calls"], rows["exit_group", "calls"]), (7, 1), run)

    @each_with_oldest
    @each((), ("-L",), ("--by", "syscall,user"), ("-u", "0"), ("-i", "0.1"),
          ("--by", "syscall,errno", "-L"))
    def test_of_a_process(self, options, kernel):
        self.kernel = kernel
        work = self.workload("openat 1009 211 7")
        run, _ = self.attach(SYSCALLS, work, "--pid", work.pid, *options)
        self._expect(run)

    @each_kernel
    @each((), ("-L",), ("--by", "syscall,process"))
    def test_of_a_command(self, options, kernel):
        self.kernel = kernel
        run, _ = self.command(SYSCALLS, "openat 1009 211 7", *options)
        calls = {call: sum(row["calls"] for row in run.check().rows if row["syscall"] == call)
                 for call in ("execve", "exit", "exit_group")}
        self.assertEqual(calls, {"execve": 1, "exit": 7, "exit_group": 1}, run)
        failed = [row for row in run.rows if row["syscall"] == "openat" and row["errors"]]
        self.assertEqual(sum(row["errors"] for row in failed), 211, run)

    @each_kernel
    def test_of_descendants(self, kernel):
        self.kernel = kernel
        work = self.workload("spawn 11 getppid 108")
        run, _ = self.attach(SYSCALLS, work, "--pid", work.pid, "--descendants")
        self.assertEqual(run.check().table("syscall").get("getppid"), (11 * 108, 0), run)

    @each_with_oldest
    @each((), ("-L",))
    def test_of_a_name(self, options, kernel):
        self.kernel = kernel
        name = f"old-{os.getpid()}"
        work = self.workload(f"comm {name} + getppid 307")
        run, _ = self.attach(SYSCALLS, work, "--name", name + "*", *options)
        self.assertEqual(run.check().table("syscall").get("getppid"), (307, 0), run)

    @each_with_oldest
    def test_selected_failures(self, kernel):
        self.kernel = kernel
        work = self.workload("openat 101 211 + syscall close 13 -1")
        run, _ = self.attach(SYSCALLS, work, "--pid", work.pid, "-x", "-e", "%file,close",
                             "--errno", "ENOENT,EBADF")
        self.assertEqual(run.check().table("syscall"), {"openat": (211, 211), "close": (13, 13)},
                         run)

    @each_kernel
    def test_lines(self, kernel):
        """With words for what arguments point to; before 5.3 not for the arguments of execve."""
        self.kernel = kernel
        run = self.run_tool(SYSCALLS, "--stream", "-e", "execve,chdir", "--", "/bin/sh", "-c",
                            "cd /usr; /bin/true some arguments", output=None)
        argv = r'\["/bin/true", "some", "arguments"\]' if kernel == "5.4" else "0x[0-9a-f]+"
        self.assertEqual(run.status, 0, run)
        self.assertRegex(run.out.decode(), r'chdir\(filename="/usr"\) = 0', run)
        self.assertRegex(run.out.decode(), r'execve\(filename="/bin/true", argv=' + argv, run)

    @each_kernel
    def test_records(self, kernel):
        self.kernel = kernel
        work = self.workload("getppid 101 + syscall close 13 -1 + threads 3")
        run, _ = self.attach(SYSCALLS, work, "--pid", work.pid, "--stream", "-e",
                             "getppid,close,exit,exit_group")
        calls = [(call["syscall"], call["ret"]) for call in run.check().of_type("call")]
        for call, count in ((("getppid", os.getpid()), 101), (("close", -9), 13),
                            (("exit", None), 3), (("exit_group", None), 1)):
            self.assertEqual(calls.count(call), count, (call, run))


@unsanitized
class Opens(OldKernel, OpenCase):
    """bcc-openat."""

    STEPS = [openat(307, "/dev/null"), openat(103, MISSING)]

    @each_with_oldest
    @each((), ("-L",), ("--by", "user", "-u", "0"), ("-i", "0.1"), ("-L", "--by", "process,errno"))
    def test_of_a_process(self, options, kernel):
        self.kernel = kernel
        work = self.workload(self.STEPS)
        run, _ = self.attach(OPENAT, work, "--pid", work.pid, *options)
        self.assertEqual((run.check().end["opens"], run.end["failed"]), (410, 103), run)

    @each_kernel
    @each(("--by", "call"), ("--all",), ("--hook", "sys_exit", "--by", "call,process"))
    def test_of_calls(self, options, kernel):
        self.kernel = kernel
        work = self.workload(self.STEPS)
        run, _ = self.attach(OPENAT, work, "--pid", work.pid, *options)
        self.assertEqual((run.check().end["opens"], run.end["failed"]), (410, 103), run)

    @each_kernel
    @each((), ("-L",), ("--by", "user"))
    def test_of_a_command(self, options, kernel):
        self.kernel = kernel
        run, _ = self.command(OPENAT, self.STEPS, *options)
        self.assertEqual((run.check().end["opens"], run.end["failed"]), (410, 103), run)

    @each_with_oldest
    def test_failures(self, kernel):
        self.kernel = kernel
        work = self.workload(self.STEPS)
        run, _ = self.attach(OPENAT, work, "--pid", work.pid, "-x")
        self.assertEqual(run.check().table("pid").get(work.pid), (103, 103), run)


@unsanitized
class Told(OldKernel):
    """What an old kernel cannot do is said, by --check and by a run that asks for it."""

    # What of BPF it is as before; how many parts are lacking; how much is left out.
    LACKING = {"5.4": ("5.5", 2, 0), "4.18": ("5.2", 4, 2), "4.9": ("4.10", 9, 5)}

    @each(*LACKING)
    def test_check(self, kernel):
        self.kernel = kernel
        run = self.run_tool(SYSCALLS, "--check")
        before, count, left_out = self.LACKING[kernel]
        line = re.search(rf"(?m)^limited  BPF +as before Linux {before}; it lacks (.*)$",
                         run.out.decode())
        self.assertTrue(line, run)
        self.assertEqual(line.group(1).count(" ("), count, run)
        self.assertEqual(run.out.count(b"limited  left out"), left_out, run)
        self.assertRegex(run.out.decode(), r"(?m)^ok +bcc-syscalls +would run", run)

    @each(("--stream",), ("--by", "path"), ("--path", "/etc/*"), ("--distinct",))
    def test_paths_before_5_3(self, options):
        self.kernel = "4.18"
        run = self.run_tool(OPENAT, "-d", "1", *options)
        self.assertEqual((run.status, run.out), (1, b""), run)
        self.assertIn("programs have no loops (Linux 5.3)", run.err, run)

    @each(SYSCALLS, OPENAT)
    def test_command_before_4_17(self, tool):
        self.kernel = "4.9"
        run = self.run_tool(tool, "--", "/bin/true")
        self.assertEqual((run.status, run.out), (1, b""), run)
        self.assertIn("this kernel has no programs for raw tracepoints (Linux 4.17)", run.err, run)

    @each(SYSCALLS, OPENAT)
    def test_records_before_4_11(self, tool):
        self.kernel = "4.9"
        run = self.run_tool(tool, "--stream", "-d", "1")
        self.assertEqual((run.status, run.out), (1, b""), run)
        self.assertIn("programs cannot read text (Linux 4.11)", run.err, run)
