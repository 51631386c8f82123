# SPDX-License-Identifier: MIT
"""For the tests of the live view: tools in a terminal, with known rows on the screen."""

import os
import threading

from harness import Case, Process, wait_until
from screen import Live

AGGREGATING = ("bcc-syscalls", "bcc-openat")
KEYS = "[q] quit"
SLOW = "2"  # seconds: what happens at once must happen within


class LiveCase(Case):
    """Starts tools in a terminal, with known rows on the screen."""

    def live(self, tool, *args, **options):
        return self.own(Live(tool, *map(str, args), **options))

    def picture(self, live):
        """Wait for a frame that shows the keys."""
        return live.wait_for_screen("a picture with keys",
                                    lambda text: "TOTAL" in text and KEYS in text)

    def press(self, live, key):
        """Press a key and wait for the frame that it causes."""
        frames = live.frames()
        live.press(key.encode())
        live.wait_for("another picture", lambda: live.frames() > frames)

    def assert_given_back(self, live):
        self.assertEqual(live.mode(), live.before, live)
        self.assertTrue(wait_until(live.shows_cursor), live)

    def assert_end(self, live, status=0):
        self.assertEqual(live.ended(), status, live)
        self.assert_given_back(live)

    def busy(self):
        """This process makes system calls all the time, in changing numbers."""
        over = threading.Event()

        def work():
            count = 0
            while not over.wait(0.002):
                count += 1
                for _ in range(count % 97):
                    os.close(os.open("/dev/null", os.O_RDONLY))
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(over.set)
        return os.getpid()

    def watched(self, tool, *args, **options):
        """
        Start a tool with long intervals and wait until known rows of the first one are on the
        screen. Returns it and the rows' order.
        """
        if tool == "bcc-openat":
            works = [self.workload(f"openat {n} {m}")
                     for n, m in ((9, 1), (2, 3), (1, 6))]
            names = [str(work.pid) for work in works]
            orders = [[names[0], names[2], names[1]], [names[2], names[1], names[0]]]
        else:
            works = [self.workload("getppid 50 + openat 7 3 + syscall close 17 -1")]
            orders = [["getppid", "close", "openat"], ["close", "openat", "getppid"]]
        # A run ends with the processes that it is about; this one goes on.
        sleeper = self.own(Process(["sleep", "60"]))
        pids = ",".join(str(process.pid) for process in [*works, sleeper])
        live = self.live(tool, "--interval", SLOW, "--pid", pids, *args, **options)
        for work in works:
            work.go()
        self.works = works
        return live, orders

    def order(self, screen, names):
        """Wait for a frame in which these rows stand in this order."""
        return [word for line in screen.lines for word in line.split() if word in names]
