# SPDX-License-Identifier: MIT
"""32-bit programs on a 64-bit kernel: their calls have names of their own, across execve too."""

import errno
import struct
import subprocess

from arch import COMPAT as PREFIX, IS_X86
from harness import MISSING, Case, compiled, each, essential, fresh_path, workload_path

# Calls that narrow makes besides those it is asked for, see helpers/narrow.c.
PRIVATE = {} if IS_X86 else {"arm:cacheflush": (5, 0)}
# The kernel of x86-64 makes the number of an execve that of the new program's ABI. A run that sees
# the beginning of a call knows it by its own number.
RENAMES = IS_X86


def narrow(opens, path, getppids, closes, *command):
    return [compiled("narrow"), str(opens), str(path), str(getppids), str(closes), *command]


def narrow_runs():
    """Not every 64-bit kernel executes 32-bit programs."""
    try:
        return subprocess.run(narrow(0, "/", 0, 0), check=False).returncode == 0
    except OSError:
        return False


def fails_late():
    """
    A 32-bit ELF file whose second segment lies where no program can have one: its exec fails when
    the old program is gone.
    """
    machine, flags = (3, 0) if IS_X86 else (40, 0x5000000)
    head = struct.pack("<16sHHIIIIIHHHHHH", b"\x7fELF\1\1\1", 2, machine, 1, 0x10000, 52, 0, flags,
                       52, 32, 2, 0, 0, 0)
    segments = b"".join(struct.pack("<IIIIIIII", 1, 0, at, at, 4000, 4096, 7, 4096)
                        for at in (0x10000, 0xfffff000))
    path = fresh_path("late")
    path.write_bytes((head + segments).ljust(4096, b"\0"))
    path.chmod(0o755)
    return path


@essential
class Narrow(Case):
    """A 32-bit program is counted under the names of its ABI, to the last call."""

    def setUp(self):
        self.there = narrow_runs()

    def counted(self, command, *options):
        run = self.run_tool("bcc-syscalls", *options, "--", *command, output="json")
        if not self.there:
            self.assertNotEqual(run.status, 0, run)
            return run, {}
        self.assertEqual(run.status, 0, run)
        return run, run.check().table("syscall")

    @staticmethod
    def calls(opens, failed, getppids, closes):
        counts = {PREFIX + "openat": (opens, opens if failed else 0),
                  PREFIX + "close": (closes + (0 if failed else opens), closes),
                  PREFIX + "getppid": (getppids, 0), **PRIVATE}
        return {name: count for name, count in counts.items() if count[0]}

    @each("", "-L", "--cumulative")
    def test_all_of_a_command(self, option):
        """The command's first execve is made by a 64-bit program."""
        run, table = self.counted(narrow(101, "/dev/null", 13, 11), *option.split())
        if not self.there:
            return
        first = PREFIX + "execve" if RENAMES and option != "-L" else "execve"
        self.assertEqual(table, {first: (1, 0), PREFIX + "exit_group": (1, 0),
                                 **self.calls(101, False, 13, 11)}, run)

    @each("", "-L")
    def test_it_executes_a_64_bit_program(self, option):
        command = narrow(7, MISSING, 5, 3, workload_path(), *"getppid 17".split())
        run, table = self.counted(command, *option.split())
        if not self.there:
            return
        expected = self.calls(7, True, 5, 3)
        narrow_calls = {name: count for name, count in table.items() if name.startswith(PREFIX)}
        execs = {name: table.pop(name) for name in ("execve", PREFIX + "execve") if name in table}
        narrow_calls.pop(PREFIX + "execve", None)
        self.assertEqual(narrow_calls, expected, run)
        self.assertEqual((table["getppid"], table["exit_group"]), ((17, 0), (1, 0)), run)
        self.assertEqual(execs, {"execve": (1, 0), PREFIX + "execve": (1, 0)}, run)

    def test_selected(self):
        run, table = self.counted(narrow(2, "/dev/null", 13, 0), "-e",
                                  f"execve,getppid,{PREFIX}close")
        if self.there:
            self.assertEqual(sum(table.pop(name, (0, 0))[0]
                                 for name in ("execve", PREFIX + "execve")), 1, run)
            self.assertEqual(table, {PREFIX + "getppid": (13, 0), PREFIX + "close": (2, 0)}, run)

    def test_records(self):
        """Each call has a record with its arguments."""
        run = self.run_tool("bcc-syscalls", "--stream", "-e", "openat,execve,exit_group", "--",
                            *narrow(3, "/dev/null", 0, 0), output="json")
        if not self.there:
            return
        run.check()
        calls = [(event["syscall"], event["args"].get("filename")) for event in run.events
                 if event["syscall"].endswith("openat")]
        self.assertEqual(calls, [(PREFIX + "openat", "/dev/null")] * 3, run)

    @each("", "sys_exit", "raw_syscalls")
    def test_opens_by_path(self, hook):
        options = ["--hook", hook] if hook else []
        run = self.run_tool("bcc-openat", "--by", "path,call", *options, "--",
                            *narrow(101, "/dev/null", 0, 0), output="json")
        if not self.there:
            return
        self.assertEqual(run.check().table("path", "call"),
                         {("/dev/null", PREFIX + "openat"): (101, 0)}, run)

    def test_exec_fails(self):
        """Path and arguments of a 32-bit execve that fails, whose pointers are 32 bits wide."""
        run = self.run_tool("bcc-fork", "--failed", "--",
                            *narrow(0, "/", 0, 0, MISSING, "one", "two"), output="json")
        if not self.there:
            return
        failed = [(event["filename"], event["argv"], event["ret"]) for event in run.events
                  if event["type"] == "exec" and event["ret"]]
        self.assertEqual(failed, [(MISSING, [MISSING, "one", "two"], -errno.ENOENT)], run)

    @each("", "-L")
    def test_exec_fails_late(self, option):
        """The memory of the 64-bit program is gone, and its ABI too, when the call returns."""
        run = self.run_tool("bcc-syscalls", *option.split(), "-x", "-e", f"execve,{PREFIX}fcntl64",
                            "--", "sh", "-c", f"{fails_late()}; true", output="json")
        if not self.there:
            return
        name = PREFIX + "execve" if RENAMES and option != "-L" else "execve"
        self.assertEqual(run.check().table("syscall"), {name: (1, 1)}, run)

    def test_exec_fails_late_in_a_record(self):
        path = fails_late()
        run = self.run_tool("bcc-fork", "-x", "-E", "exec", "--", "sh", "-c", f"{path}; true",
                            output="json")
        if not self.there:
            return
        failed = [(event["filename"], event["argv"]) for event in run.check().events
                  if event["ret"] == -errno.ENOMEM]
        self.assertEqual(failed, [(path.name, [])], run)
