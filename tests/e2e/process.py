# SPDX-License-Identifier: MIT
"""A child process whose output is collected while it runs: what Tool and Workload are made of."""

import os
import subprocess
import threading

from finished_run import Run
from setting import ENVIRONMENT, host_compiles, patience
from waiting import wait_until


class Stream(threading.Thread):
    """Collects what arrives at a file descriptor, and notifies whoever waits for it."""

    def __init__(self, fd, changed):
        super().__init__(daemon=True)
        # A descriptor of its own: if the owner closes fd, its number may be given away while this
        # thread still reads.
        self.fd = os.dup(fd)
        self.changed, self.chunks, self.eof = changed, [], False
        self.start()

    @property
    def data(self):
        """All bytes so far. They are joined here: joining them at every read slows a fast tool."""
        with self.changed:
            self.chunks[:] = [b"".join(self.chunks)]
            return self.chunks[0]

    def run(self):
        while True:
            try:
                chunk = os.read(self.fd, 1 << 16)
            except OSError:  # the other side of a pty has gone
                chunk = b""
            with self.changed:
                self.chunks.append(chunk)
                self.eof = not chunk
                self.changed.notify_all()
            if not chunk:
                os.close(self.fd)
                return


class Process:
    """
    A child whose output is collected. Case.own() makes sure that it does not outlive its test.
    """

    def __init__(self, argv, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, pty=None, user=None,
                 environment=None, before=None, compiles_itself=False):
        """
        pty: collect what arrives at this descriptor instead of standard output
        environment: variables to add
        before: called in the child before it executes the program
        compiles_itself: even in a guest whose host could compile
        """
        environment = {**({} if compiles_itself else host_compiles()), **(environment or {})}
        identity = {} if user is None else dict(user=user, group=user, extra_groups=[])
        self.argv, self.changed = [os.fspath(arg) for arg in argv], threading.Condition()
        self.popen = subprocess.Popen(self.argv, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE,
                                      cwd="/", env={**ENVIRONMENT, **environment},
                                      preexec_fn=before, **identity)
        self.pid = self.popen.pid
        self.err = Stream(self.popen.stderr.fileno(), self.changed)
        source = pty if pty is not None else self.popen.stdout and self.popen.stdout.fileno()
        self.out = None if source is None else Stream(source, self.changed)

    def __str__(self):
        out = self.out.data if self.out else b""
        if self.err.eof:  # it has closed its streams: its status is about to come
            wait_until(lambda: self.popen.poll() is not None, 1)
        return str(Run("", self.argv, self.popen.poll(), out, self.err.data))

    def streams(self):
        return [stream for stream in (self.out, self.err) if stream]

    def wait_for(self, what, condition, timeout=None):
        """Wait until condition() is true; fail if that takes too long or the output ends first."""
        def over():
            return condition() or all(stream.eof for stream in self.streams())
        with self.changed:
            self.changed.wait_for(over, timeout or patience())
            if not condition():
                raise AssertionError(f"waited in vain for {what}{self}")

    def end(self, timeout=None):
        """Wait until it has ended. Returns its exit status."""
        try:
            status = self.popen.wait(timeout or patience())
        except subprocess.TimeoutExpired:
            raise AssertionError(f"does not end{self}") from None
        for stream in self.streams():
            stream.join(patience(5))
        return status

    def kill(self):
        """End it now, if it has not ended, and close its pipes."""
        if self.popen.poll() is None:
            self.popen.kill()
        self.popen.wait()
        for stream in self.streams():
            stream.join(patience(5))
        for pipe in filter(None, (self.popen.stdin, self.popen.stdout, self.popen.stderr)):
            try:
                pipe.close()
            except BrokenPipeError:
                pass
