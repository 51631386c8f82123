# SPDX-License-Identifier: MIT
"""What cannot be is said in one line that names what is missing."""

import os
import pathlib
import resource
import shutil
import subprocess

import faults
from harness import Case, each, fresh_path, per_tool, unsanitized


def limit(which, value):
    """For a process to call before it executes a program: set a resource limit."""
    return lambda: resource.setrlimit(which, (value, value))


class WordsCase(Case):
    """Runs that fail with one line on standard error."""

    def one_line(self, tool, reason, *args, status=1, **options):
        run = self.run_tool(tool, *args, **options)
        self.assertEqual((run.status, run.out), (status, b""), run)
        lines = run.err.splitlines()
        if status == 2:
            self.assertEqual(lines.pop(), f"Try '{tool} --help'", run)
        self.assertEqual(len(lines), 1, run)
        self.assertRegex(lines[0], rf"\A{tool}: .*{reason}", run)
        return run


class Missing(WordsCase):
    """Capabilities, limits, and parts of the kernel."""

    def without(self, name):
        """Options of run_tool() for a root that lacks a capability."""
        return {"wrapper": ["setpriv", f"--bounding-set=-{name}", f"--inh-caps=-{name}"],
                "compiles_itself": True}

    @unsanitized
    def test_root_that_may_not_chroot(self):
        self.one_line("bcc-openat", "no sandbox for the compiler: .*CAP_SYS_CHROOT",
                      "--no-cache", "--duration", "0.1", **self.without("sys_chroot"))

    @unsanitized
    @each("setuid", "setgid")
    def test_root_that_stays_root(self, name):
        """Without these the tool and its compiler only give up their capabilities."""
        run = self.run_tool("bcc-openat", "--no-cache", "-p", os.getpid(), "--duration", "0.1",
                            **self.without(name))
        self.assertEqual((run.status, run.err.splitlines()[1:]), (0, []), run)

    @unsanitized
    @per_tool
    def test_stack(self, tool):
        run = self.one_line(tool, "the stack is limited to 64 kB.*ulimit -s", "--duration", "0.1",
                            before=limit(resource.RLIMIT_STACK, 64 << 10))
        self.assertEqual(self.run_tool(tool, "--help", before=limit(resource.RLIMIT_STACK,
                                                                    64 << 10)).status, 0, run)

    @unsanitized
    @per_tool
    def test_descriptors(self, tool):
        for number in (8, 12, 16):
            self.one_line(tool, f"only {number} files may be open.*ulimit -n", "--no-cache",
                          before=limit(resource.RLIMIT_NOFILE, number))

    @per_tool
    def test_user_namespace(self, tool):
        self.one_line(tool, "in a user namespace", wrapper=["unshare", "-Urmpf"])

    @unsanitized
    @each((), ("--descendants",), ("--name", "x*"))
    @per_tool
    def test_kernel_without_btf(self, tool, args):
        """A run that needs the kernel's types says so; another one counts all the same."""
        run = self.run_tool(tool, "--no-cache", "--pid", os.getpid(), "--duration", "0.1", *args,
                            output="json", environment=faults.refusing("access:1:2"))
        if run.status == 0:
            run.check()
            return
        self.assertEqual((run.status, len(run.err.splitlines())), (1, 1), run)
        self.assertIn("the kernel has no BTF (/sys/kernel/btf/vmlinux)", run.err, run)


class TimeZone(Case):
    """TZ may name a file that only root reads: the tool knows the zone when it is nobody."""

    def test_file_of_root(self):
        zone = pathlib.Path("/usr/share/zoneinfo/Asia/Tokyo")
        if not zone.exists():
            self.skipTest("no time zones here")
        private = fresh_path("zone")
        shutil.copy(zone, private)
        private.chmod(0o600)
        environment = {"TZ": f":{private}"}
        run = self.run_tool("bcc-fork", "-q", "-T", "--", "/bin/date", "+%H", output="table",
                            environment=environment)
        hours = {line[:2] for line in run.out.decode().splitlines()[1:]}
        utc = subprocess.run(["date", "-u", "+%H"], capture_output=True, text=True,
                             check=True).stdout.strip()
        self.assertTrue(hours, run)
        self.assertIn(run.err.strip(), hours, run)
        self.assertNotIn(utc, hours, run)


class Names(WordsCase):
    """comm has at most 15 bytes."""

    @per_tool
    @each("sixteen-charname", "*sixteen-charname", "fifteen-charnam[ex]?", "[z-a]")
    def test_too_long_for_comm(self, name, tool):
        self.one_line(tool, "--name: .* can match no command name", "--name", name, status=2)

    @per_tool
    def test_empty(self, tool):
        self.one_line(tool, "--name: '': no command has an empty name", "-n", "", status=2)

    @per_tool
    @each("fifteen-charnam", "*fifteen-charnam*", "fifteen-charn\\[m")
    def test_just_as_long(self, name, tool):
        run = self.run_tool(tool, "--name", name, "--duration", "0.1", output="json")
        self.assertEqual(run.status, 0, run)
