# SPDX-License-Identifier: MIT
"""
A processor that goes and comes back: what is counted in the kernel is complete, what is streamed is
told or dropped, and soon told again.
"""

import os
import pathlib
import signal
import threading

import memory
from harness import Case, each, per_tool, wait_until
from load import dropped
from stress import Round
from test_load import ROWS, STREAMS

SWITCH = pathlib.Path("/sys/devices/system/cpu/cpu1/online")
LOAD = (2, 2, 20, "fvktm")


def switch(on):
    SWITCH.write_text("1" if on else "0")


class Switching(threading.Thread):
    """Takes the second processor away and gives it back, again and again, while it is entered."""

    def __init__(self):
        super().__init__(daemon=True)
        self.times, self.enough = 0, threading.Event()

    def run(self):
        while not self.enough.wait(0.05):
            switch(self.times % 2)
            self.times += 1

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.enough.set()
        self.join()
        switch(True)


class Processors(Case):
    """The second processor goes and comes back, again and again, while the tools count."""

    def one(self, tool, args, mode):
        """Under a load, with the processor switched all the time; returns the run."""
        that = Round.of(tool, args, mode, LOAD)
        with Switching() as switching:
            run, account = that.run()
        self.assertGreater(switching.times, 1)
        that.check(run, account)
        return run

    def test_rows_of_syscalls(self):
        self.assertEqual(dropped(self.one("bcc-syscalls", *ROWS["bcc-syscalls"])), 0)

    @each("", "kprobe", "raw_syscalls")
    def test_rows_of_openat(self, hook):
        args, mode = ROWS["bcc-openat"]
        run = self.one("bcc-openat", args + (["--hook", hook] if hook else []), mode)
        # A kretprobe has few slots for calls that are in progress, which become more as the
        # processor comes and goes.
        self.assertEqual(dropped(run)
                         - (run.end["dropped"]["unmatched"] if hook == "kprobe" else 0), 0, run)

    @per_tool
    def test_streams(self, tool):
        run = self.one(tool, *STREAMS[tool])
        self.assertGreater(len(run.events), 0, run)

    @per_tool
    def test_a_processor_that_comes_later(self, tool):
        """It has no buffer at first: there was none to be had when the tool began."""
        switch(False)
        late = Round.of(tool, *STREAMS[tool], LOAD)
        late.when_ready = lambda: switch(True)
        try:
            run, account = late.run()
        finally:
            switch(True)
        late.check(run, account)


class Came(Case):
    """A processor that comes gets a buffer: from then on its events are told."""

    USER = 3_000_000
    # For each tool: its options, steps of a workload, and how many events these make.
    WORK = {"bcc-syscalls": (["--stream", "-e", "getppid"], "getppid 101", 101),
            "bcc-openat": (["--stream"], "openat 89 12", 101),
            "bcc-fork": ([], "fork 7", 15)}

    def setUp(self):
        self.addCleanup(switch, True)

    def begin(self, tool):
        args, self.steps, self.each = self.WORK[tool]
        return self.start(tool, *args, "-u", self.USER)

    def work_there(self, work):
        """Let it do its work on the second processor. Returns its process id."""
        os.sched_setaffinity(work.pid, {1})
        work.go()
        return work.pid

    def prepare(self, tool, count):
        """Workloads, started before the tool, so that it sees only what they do later."""
        return [self.workload(self.WORK[tool][1], user=self.USER) for _ in range(count)]

    @per_tool
    def test_all_is_told_after_the_notice(self, tool):
        switch(False)
        (work,) = self.prepare(tool, 1)
        running = self.begin(tool)
        switch(True)
        running.wait_for("the notice", lambda: b": CPU 1 came online; " in running.err.data)
        self.work_there(work)
        run = running.stop()
        self.assertEqual((len(run.events), dropped(run)), (self.each, 0), run)

    @per_tool
    def test_goes_and_comes_unseen(self, tool):
        """As when the machine sleeps: between two looks."""
        works = self.prepare(tool, 12)
        running = self.begin(tool)
        # It cannot look before the first work is done.
        running.popen.send_signal(signal.SIGSTOP)
        switch(False)
        switch(True)
        self.work_there(works[0])
        running.popen.send_signal(signal.SIGCONT)
        done = 1
        while not running.lines()[1:]:
            self.assertLess(done, len(works) - 1, f"no event is told again{running}")
            self.work_there(works[done])
            done += 1
            wait_until(lambda: running.lines()[1:], 3)
        last = self.work_there(works[done])
        run = running.stop()
        self.assertEqual(len(run.events) + dropped(run), (done + 1) * self.each, run)
        self.assertGreater(dropped(run), 0, run)
        self.assertEqual(len([event for event in run.events if last in
                              (event["pid"], event["ppid"] if tool == "bcc-fork" else 0)]),
                         self.each, run)

    @per_tool
    def test_again_and_again(self, tool):
        """Each time it gets a buffer, and the one before is given back."""
        (work,) = self.prepare(tool, 1)
        running = self.begin(tool)
        files = None
        for _ in range(5):
            said = running.err.data.count(b"came online")
            switch(False)
            wait_until(lambda: False, 0.3)
            switch(True)
            running.wait_for("the notice",
                             lambda: running.err.data.count(b"came online") > said)
            held = [len(os.listdir(f"/proc/{pid}/fd")) for pid in memory.tree(running.pid)]
            files = files or held
        # The buffer before may not be closed yet.
        self.assertLessEqual(sum(held), sum(files) + 1, running)
        self.work_there(work)
        run = running.stop()
        self.assertEqual((len(run.events), dropped(run)), (self.each, 0), run)
