# SPDX-License-Identifier: MIT
"""
A processor that goes and comes back: what is counted in the kernel is complete, what is streamed is
told or dropped.
"""

import pathlib
import threading

from harness import Case, each, per_tool
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
        """
        It could have been there, but has no buffer: there was none to be had when the tool began.
        """
        switch(False)
        late = Round.of(tool, *STREAMS[tool], LOAD)
        late.when_ready = lambda: switch(True)
        try:
            run, account = late.run()
        finally:
            switch(True)
        late.check(run, account)
