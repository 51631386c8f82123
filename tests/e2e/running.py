# SPDX-License-Identifier: MIT
"""A running tool, and the workload it watches."""

import json
import pathlib
import re
import signal
import subprocess

from built import tool_path, workload_path
from finished_run import Results, Run
from process import Process
from records import parse_record
from setting import patience
from waiting import wait_until


def words(steps):
    """Steps of a workload as a list of words, from text or a list."""
    return steps.split() if isinstance(steps, str) else list(steps)


class Tool(Process):
    """A running tool. After ready() its probes are live; stop() or finish() returns the Run."""

    def __init__(self, tool, *args, output="json", wrapper=(), **options):
        """wrapper: the words of a program that starts the tool, such as unshare(1)"""
        self.tool, self.output = tool, output
        texts = [arg if isinstance(arg, bytes) else str(arg) for arg in args]
        format_args = ["--output", output] if output else []
        super().__init__([*wrapper, tool_path(tool), *format_args, *texts], **options)

    def lines(self):
        """What has been printed so far, whole lines only."""
        return self.out.data.split(b"\n")[:-1] if self.out else []

    def records(self, kind=None):
        """The records printed so far, all or those of one type."""
        records = [parse_record(line) for line in self.lines()]
        return [record for record in records if kind is None or record["type"] == kind]

    def is_ready(self):
        if re.search(rb"^Tracing[^\n]*\n", self.err.data, re.M):
            return True
        return self.output == "json" and bool(self.lines())

    def ready(self):
        """Wait for the `Tracing` line or the start record: every later event is reported."""
        self.wait_for("`Tracing` or the start record", self.is_ready, patience(30))
        return self

    def finish(self, timeout=None):
        """Wait until it ends by itself."""
        status = self.end(timeout)
        return Run(self.tool, self.argv, status, self.out.data if self.out else b"", self.err.data)

    def stop(self, number=signal.SIGINT):
        """End it as a user does. It may have ended already, if all processes it watched have."""
        self.popen.send_signal(number)
        return self.finish()


class Workload(Process):
    """The workload, held at its gate: nothing that it will report has happened before go()."""

    def __init__(self, steps, *options, user=None, program=None):
        argv = [program or workload_path(), "--gate", *map(str, options), *words(steps)]
        super().__init__(argv, stdin=subprocess.PIPE, user=user)
        self.wait_for("the workload's gate", lambda: b"\n" in self.out.data)
        self.tids = json.loads(self.out.data.split(b"\n")[0])["tids"]

    def say(self, line=b"go\n"):
        """Write a line, for which its gate or one of its steps waits. Does not wait."""
        self.popen.stdin.write(line)
        self.popen.stdin.flush()

    def wait_in(self, *numbers, tid=None, after=-1):
        """
        Wait until a thread (the first, or tid) sleeps in a system call of one of these numbers.
        Returns how often the thread has gone to sleep.

        A thread that has been woken still seems to sleep until its CPU runs it. So to wait for the
        next call, pass as `after` what this returned for the call before.
        """
        task, slept = pathlib.Path(f"/proc/{self.pid}/task/{tid or self.pid}"), []

        def sleeps():
            try:
                call = (task / "syscall").read_text()
                text = (task / "status").read_text(errors="replace")
            except OSError:
                return False
            slept[:] = map(int, re.findall(r"(?m)^voluntary_ctxt_switches:\s*(\d+)$", text))
            return call.split()[0] in map(str, numbers) and slept[0] > after
        if not wait_until(sleeps):
            raise AssertionError(f"does not come to wait in system call {numbers}{self}")
        return slept[0]

    def go(self):
        """Let it work and wait until it has ended. Returns its results."""
        self.say()
        return self.results()

    def results(self):
        """Wait until it has ended. Returns what it says it has done."""
        if self.end() != 0:
            raise AssertionError(f"the workload failed{self}")
        return Results(self.out.data.split(b"\n", 1)[1], self.pid)
