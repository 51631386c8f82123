# SPDX-License-Identifier: MIT
"""
A tool counts what it would count alone, even when other tools attach to the same hooks and detach
meanwhile.
"""

import os

from harness import each, fresh_path
from opens import OPENAT, TOOL, OpenCase, openat


class Openat(OpenCase):
    """A long open is in progress while another instance attaches and detaches."""

    def neighbour(self):
        self.start(TOOL, "--pid", os.getpid(), "-L").stop()

    @each((), ("-L",), ("--by", "thread"), ("--no-results",), ("--stream",))
    def test_in_progress(self, more):
        fifo = fresh_path("fifo")
        os.mkfifo(fifo)
        work = self.workload([openat(3, "/dev/null"), openat(1, fifo), openat(5, "/dev/null")])
        tool = self.start(TOOL, "--pid", work.pid, *more)
        work.say()
        work.wait_in(OPENAT)
        self.neighbour()
        os.close(os.open(fifo, os.O_WRONLY))
        work.results()
        run = tool.stop().check()
        dropped = sum(value or 0 for value in run.end["dropped"].values())
        self.assertEqual(run.end["opens"] + dropped, 9, run)
