# SPDX-License-Identifier: MIT
"""
What an attacker can do who has got control of a tool after it has given up its privileges, or
who is another user of the machine.
"""

import os
import pathlib
import signal
import subprocess

import faults
from attack import Attack
from harness import (NOBODY, Case, Process, compiled, each, fresh_path, per_tool,
                     tool_path, unsanitized, wait_until)
from test_privileges import OWN_USERS, helper_of, status


def as_nobody(*argv):
    """Run a program as nobody. Returns its exit status."""
    return subprocess.run(["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
                           *map(str, argv)], stderr=subprocess.DEVNULL, check=False).returncode


class TakenOver(Case):
    """Code that has got control of the process that reads maps and prints."""

    @each(("bcc-openat",), ("bcc-openat", "--stream"), ("bcc-openat", "--by", "user,cgroup"),
          ("bcc-syscalls",), ("bcc-syscalls", "-L", "--cumulative"), ("bcc-fork",))
    @unsanitized
    def test_nothing_is_left_to_do(self, case):
        attack = Attack(self)
        tool, *args = case
        run = self.run_tool(tool, "-d", "0.5", "-p", os.getpid(), *args,
                            environment=attack.environment)
        self.assertEqual(run.status, 0, run)
        attack.assert_in_vain(run.err, run)

    @per_tool
    @unsanitized
    def test_an_overrun_of_the_stack_ends_it(self, tool):
        """The filter of system calls lets the C library say so and abort."""
        running = self.start(tool, "--pid", os.getpid(), environment={
            "LD_PRELOAD": str(compiled("attack")), "OVERRUN": "1"})
        run = running.finish()
        self.assertEqual(run.status, -signal.SIGABRT, run)
        self.assertEqual(run.err.splitlines()[-1], "*** stack smashing detected ***: terminated")


class Helper(Case):
    """The process that keeps the capabilities, and answers the tool's questions."""

    def test_it_ends_with_a_killed_tool(self):
        running = self.start("bcc-openat", "--pid", os.getpid())
        (helper,) = faults.children(running.pid)
        os.kill(running.pid, signal.SIGKILL)
        self.assertTrue(wait_until(lambda: faults.gone(helper)))

    def test_a_dead_helper_is_an_error(self):
        """What the tool cannot ask it does not leave out silently."""
        for tool in ("bcc-openat", "bcc-syscalls"):
            with self.subTest(tool=tool):
                running = self.start(tool, "--pid", os.getpid())
                (helper,) = faults.children(running.pid)
                os.kill(helper, signal.SIGKILL)
                run = running.stop()
                self.assertEqual(run.status, 1, run)
                self.assertRegex(run.err.splitlines()[-1], "helper process", run)

    def test_ctrl_c_reaches_the_tool_alone(self):
        """The last questions are asked after it."""
        running = self.start("bcc-syscalls", "--pid", os.getpid())
        (helper,) = faults.children(running.pid)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(helper, number)
        run = running.stop()
        self.assertEqual(run.status, 0, run)


class Strangers(Case):
    """Other processes of user nobody, and of the users that services have."""

    @unsanitized
    def test_nobody_cannot_touch_a_tool(self):
        running = self.start("bcc-openat", "--pid", os.getpid())
        (helper,) = faults.children(running.pid)
        for pid in (running.pid, helper):
            self.assertIn(status(pid)["Uid"][0], OWN_USERS)
            self.refused(pid)
        self.assertEqual(running.stop().status, 0, running)

    def refused(self, pid):
        for name in ("STOP", "TERM", "KILL", "0"):
            self.assertNotEqual(as_nobody("/bin/kill", "-s", name, pid), 0, name)
        self.assertNotEqual(as_nobody("prlimit", "--pid", pid, "--nofile=3:3"), 0)
        self.assertNotEqual(as_nobody("/bin/cat", f"/proc/{pid}/environ"), 0)

    @unsanitized
    def test_nobody_cannot_touch_the_compiler(self):
        """
        A library in place of the compiler's waits in its first line, as the compiler's user.
        """
        place, out = fresh_path("library"), fresh_path("out")
        place.mkdir(mode=0o755)
        out.touch()
        subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-x", "c", "-", "-o",
                        place / "libbcc.so.0"], input="""
            #include <unistd.h>
            __attribute__((constructor)) static void begin(void)
            {
                write(2, "waits\\n", 6);
                pause();
            }""", text=True, check=True)
        running = self.own(Process(["/usr/bin/env", f"LD_LIBRARY_PATH={place}",
                                    tool_path("bcc-fork"), "--no-cache"], compiles_itself=True))
        self.assertTrue(wait_until(lambda: self.compiler_of(running.pid)))
        compiler = self.compiler_of(running.pid)
        self.refused(compiler)
        self.assertNotIn(status(compiler)["Uid"][0], ("0", str(NOBODY)))

    @staticmethod
    def compiler_of(pid):
        """The child that has loaded the library and become another user."""
        for child in faults.children(pid):
            try:
                maps = pathlib.Path(f"/proc/{child}/maps").read_text()
            except OSError:
                continue
            if "libbcc.so.0" in maps and status(child)["Uid"][0] != "0":
                return child
        return None

    def test_two_tools_are_two_users(self):
        tools = [self.start("bcc-openat", "--pid", os.getpid()) for _ in range(3)]
        users = [status(tool.pid)["Uid"][0] for tool in tools]
        users += [helper_of(tool.pid)["Uid"][0] for tool in tools]
        self.assertEqual(len(set(users)), 6, users)
