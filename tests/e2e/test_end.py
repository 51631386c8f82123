# SPDX-License-Identifier: MIT
"""SIGINT and SIGTERM end a run within a second, whatever it waits for; what is lost is said."""

import os
import signal
import sys
import time

from faults import ToolAt, children, command_of, state
from harness import (Case, Tool, fresh_path, patience, per_tool, unsanitized, wait_until,
                     workload_path)

AGGREGATING = ("bcc-syscalls", "bcc-openat")
UNFINISHED = "the report is unfinished: it was not written within a second"
LIMIT = 2  # seconds: one, and the time this machine takes to run a process
LATER = 0.4  # seconds: within 0.25 of the first one, a signal is no second one

# Ends while a child traces it, which lives on for some seconds and does not wait.
TRACED = """
import ctypes, os, time
libc, me, (reader, writer) = ctypes.CDLL(None), os.getpid(), os.pipe()
libc.prctl(0x59616d61, -1, 0, 0, 0)  # PR_SET_PTRACER
if os.fork() == 0:
    os.write(writer, b"." if libc.ptrace(0x4206, me, 0, 0) == 0 else b"!")  # PTRACE_SEIZE
    os.closerange(0, 3)
    time.sleep(20)
    os._exit(0)
assert os.read(reader, 1) == b"."
os._exit(7)
"""


class EndCase(Case):
    """Runs that end by a signal, and how long that takes."""

    def end(self, running, *numbers, pid=None):
        """
        Send signals, one right after the other, to the tool or to pid. It has to end soon.
        Returns the exit status.
        """
        began = time.monotonic()
        for number in numbers:
            os.kill(pid or running.pid, number)
        status = running.popen.wait(patience(20))
        self.assertLess(time.monotonic() - began, patience(LIMIT), running)
        return status

    def blocked(self, tool, *args, wrapper=()):
        """A tool whose probes are live, and whose standard output nobody reads."""
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        interval = ["--interval", "0"] if tool in AGGREGATING else []
        running = self.own(Tool(tool, *interval, *args, wrapper=wrapper, stdout=writer))
        os.read(reader, 1 << 16)  # the start record: probes are live
        stuff = os.open(f"/proc/self/fd/{writer}", os.O_WRONLY | os.O_NONBLOCK)
        os.close(writer)
        for size in (4096, 1):  # fill the pipe to its last byte
            try:
                while True:
                    os.write(stuff, b"\n" * size)
            except BlockingIOError:
                pass
        os.close(stuff)
        return running


class Blocked(EndCase):
    """Nobody reads the output."""

    @per_tool
    def test_one_signal(self, tool):
        running = self.blocked(tool, "--pid", os.getpid())
        status = self.end(running, signal.SIGINT)
        self.assertEqual(status, 1)
        self.assertEqual(running.finish().err.splitlines()[-1:],
                         [f"{tool}: {UNFINISHED} of the signal that ended the run"])

    @per_tool
    def test_second_signal(self, tool):
        """The second one ends it at once, and as if nobody handled it."""
        running = self.blocked(tool, "--pid", os.getpid())
        os.kill(running.pid, signal.SIGINT)
        time.sleep(LATER)
        status = self.end(running, signal.SIGTERM)
        self.assertEqual(status, -signal.SIGTERM)
        self.assertNotIn(UNFINISHED, str(running))

    @per_tool
    def test_the_command_is_ended_too(self, tool):
        running = self.blocked(tool, "--", workload_path(), "block", "pause")
        command = command_of(running.pid)
        status = self.end(running, signal.SIGINT)
        self.assertEqual(status, 1)
        self.assertTrue(wait_until(lambda: not os.path.exists(f"/proc/{command}")))


class FirstProcess(EndCase):
    """The tool is the first process of a PID namespace: the kernel ignores its default actions."""

    UNSHARE = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]

    @per_tool
    def test_blocked(self, tool):
        running = self.blocked(tool, "--name", "none", wrapper=self.UNSHARE)
        (init,) = children(running.pid)
        status = self.end(running, signal.SIGTERM, pid=init)
        self.assertEqual(status, 1)
        self.assertIn(UNFINISHED, str(running))

    @per_tool
    def test_second_signal(self, tool):
        running = self.blocked(tool, "--name", "none", wrapper=self.UNSHARE)
        (init,) = children(running.pid)
        os.kill(init, signal.SIGTERM)
        time.sleep(LATER)
        status = self.end(running, signal.SIGTERM, pid=init)
        self.assertEqual(status, 128 + signal.SIGTERM)

    @per_tool
    def test_before_tracing(self, tool):
        """Even the signals that come before the tool has looked at anything end it."""
        running = self.own(Tool(tool, "--no-cache", wrapper=self.UNSHARE))
        self.assertTrue(wait_until(lambda: children(running.pid)))
        (init,) = children(running.pid)
        self.assertTrue(wait_until(lambda: self.catches(init, signal.SIGTERM)), running)
        status = self.end(running, signal.SIGTERM, pid=init)
        self.assertIn(status, (0, 1, 128 + signal.SIGTERM))

    @staticmethod
    def catches(pid, number):
        status = dict(line.split(":", 1) for line in open(f"/proc/{pid}/status"))
        return int(status["SigCgt"], 16) >> (number - 1) & 1


class SameWish(EndCase):
    """timeout(1) and others signal a process and then its group: that is one signal."""

    @per_tool
    def test_two_at_once(self, tool):
        work = self.workload("openat 3 2 + fork 2")
        running = self.start(tool, "--pid", work.pid)
        work.go()
        status = self.end(running, signal.SIGINT, signal.SIGTERM, signal.SIGTERM)
        self.assertEqual(status, 0)
        running.finish().check()

    @per_tool
    def test_timeout(self, tool):
        self.run_tool(tool, "--pid", os.getpid(), "--duration", "0.1")  # compiles
        run = self.run_tool(tool, "--pid", os.getpid(), output="json",
                            wrapper=["timeout", "--preserve-status", str(patience(1))])
        self.assertEqual(run.status, 0, run)
        run.check()


class Command(EndCase):
    """A COMMAND that does not end keeps nobody waiting."""

    @per_tool
    def test_one_that_ignores_signals(self, tool):
        fifo = fresh_path("fifo")
        os.mkfifo(fifo)
        script = 'trap "" TERM INT; echo up >&2; read x <"$1"'
        running = self.start(tool, "--", "/bin/sh", "-c", script, "sh", fifo)
        running.wait_for("the command", lambda: b"up\n" in running.err.data)
        command = command_of(running.pid)
        self.addCleanup(os.kill, command, signal.SIGKILL)
        self.assertEqual(self.end(running, signal.SIGINT), 0)
        self.assertIn(b"does not end, and goes on\n", running.err.data)

    @per_tool
    def test_that_another_process_traces(self, tool):
        """
        Its end is seen, but its status is kept for a tracer, which may never ask for it.
        """
        run = self.run_tool(tool, "--", sys.executable, "-c", TRACED, output="json", within=10)
        self.assertEqual(run.status, 1, run)
        self.assertIn("has ended, but another process traces it and keeps its exit status", run.err)
        self.assertEqual(run.records[-1]["type"], "end", run)

    def test_without_its_interpreter(self):
        script = fresh_path("script")
        script.write_text("#!/nonexistent/interpreter\n")
        script.chmod(0o755)
        run = self.run_tool("bcc-fork", "--", script)
        self.assertEqual(run.status, 127, run)
        self.assertIn(f"bcc-fork: {script}: its interpreter was not found\n", run.err)

    @unsanitized
    @per_tool
    def test_stopped_before_its_execve(self, tool):
        """Somebody stops the process of COMMAND for good: the tool says so and ends."""
        running, held = self.stopped(tool)
        run = running.finish(patience(20))
        self.assertEqual(run.status, 126, run)
        self.assertRegex(run.err, rf"(?m)^{tool}: starting /bin/true: another process stopped it ")
        self.assertFalse(os.path.exists(f"/proc/{held}"))

    @unsanitized
    @per_tool
    def test_stopped_and_interrupted(self, tool):
        running, _ = self.stopped(tool)
        status = self.end(running, signal.SIGINT)
        self.assertIn(status, (1, 126))

    def stopped(self, tool):
        """Returns the tool and the id of its COMMAND's process, which is stopped while held."""
        running = self.own(ToolAt(tool, "pidfd_open:1", "--", "/bin/true"))
        self.assertTrue(running.stops(), running)
        held = command_of(running.pid)
        os.kill(held, signal.SIGSTOP)
        self.assertTrue(wait_until(lambda: state(held) == "T"))
        os.kill(running.pid, signal.SIGCONT)
        return running, held
