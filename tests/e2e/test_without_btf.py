# SPDX-License-Identifier: MIT
"""On a kernel that does not describe its types (BTF) the tools count the same, exactly."""

import os

from harness import Case, each, essential
from opens import TOOL as OPENAT, OpenCase, openat

SYSCALLS = "bcc-syscalls"
TYPES = "/sys/kernel/btf"

# A mount namespace in which the kernel's types are hidden, where it has any.
HIDDEN = ["unshare", "-m", "sh", "-c", f'mount -t tmpfs none {TYPES} && exec "$@"', "sh"] \
    if os.path.exists(f"{TYPES}/vmlinux") else []


class WithoutTypes(Case):
    """A Case whose tools run where there is no BTF."""

    def start(self, tool, *args, **options):
        return super().start(tool, *args, wrapper=HIDDEN, **options)

    def run_tool(self, tool, *args, **options):
        return super().run_tool(tool, *args, wrapper=HIDDEN, **options)


@essential
class Calls(WithoutTypes):
    """bcc-syscalls: the plain forms, with and without the beginnings of calls."""

    @each((), ("-L",), ("--by", "syscall,user"))
    def test_calls(self, options):
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


@essential
class Opens(WithoutTypes, OpenCase):
    """bcc-openat through the raw tracepoint, where the registers are an argument."""

    @each(("--by", "call"), ("-L", "--by", "call"), ("--all", "--by", "call"))
    def test_opens(self, options):
        work = self.workload([openat(307, "/dev/null"), openat(103, "/nonexistent-bcc-tools/none")])
        run, _ = self.attach(OPENAT, work, "--pid", work.pid, "--hook", "sys_exit", *options)
        self.assertEqual(run.check().table("call").get("openat"), (410, 103), run)
