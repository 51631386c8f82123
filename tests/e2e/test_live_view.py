# SPDX-License-Identifier: MIT
"""The live view as a whole: its screen, what stands above the rows, and scrolling through them."""

import os
import re
import signal
import subprocess

from harness import Process, each
from live import AGGREGATING, KEYS, SLOW, LiveCase
from screen import BEFORE, FRAME_END, SCREEN_ENTER


class Scroll(LiveCase):
    """All rows and columns can be reached; keys of arrows, pages and vi(1) do the same."""

    def at(self, live):
        """Which row the cursor is on, counted from 0, and of how many."""
        screen = live.screen()
        found = re.search(r"\((?:rows (\d+) to )?\d+ of (\d+)", str(screen))
        return int(found[1] or 1) - 1 + screen.cursor - 3, int(found[2])

    @each("\x1b[B \x1b[A \x1b[6~ \x1b[5~ \x1b[F \x1b[H", "\x1bOB \x1bOA f b \x1b[4~ \x1b[1~",
          "j k f b G g")
    def test_keys(self, keys):
        live = self.live("bcc-syscalls", "--by", "process,syscall", "--interval", SLOW, rows=14)
        live.wait_for_screen("many rows", lambda text: "rows shown)" in text)
        count = self.at(live)[1]
        page = 14 - 1 - 1 - 2 - 3  # the cursor's, the keys', two above, heading, total, hidden
        self.assertGreater(count, 2 * page, live)
        for key, row in zip(keys.split(), (1, 0, page, 0, count - 1, 0)):
            self.press(live, key)
            self.assertEqual(self.at(live), (row, count), f"{key!r}{live}")
        live.press(b"q")
        self.assert_end(live)

    def test_row_is_kept(self):
        """The cursor stays on its row while others come and go above it."""
        live, (order, other) = self.watched("bcc-syscalls")
        self.picture(live)
        self.press(live, "j")
        self.assertIn(order[1], live.screen().chosen, live)
        self.press(live, "s")  # another order
        self.assertEqual(self.order(live.screen(), order), other, live)
        self.assertIn(order[1], live.screen().chosen, live)

    def test_aside(self):
        """Columns that do not fit give a mark, and can be reached."""
        live = self.live("bcc-syscalls", "-L", "--interval", "0.1", "--pid", self.busy(),
                         columns=44)
        heading = self.picture(live).lines[2]
        self.assertRegex(heading, r"^SYSCALL +CALLS .*>$", live)
        for _ in range(4):
            live.press(b"\x1b[C")
        live.wait_for_screen("others", lambda text: " P99" in text)
        heading = live.screen().lines[2]
        self.assertRegex(heading, r"^SYSCALL +(TIME|AVG|MIN) ", live)
        for _ in range(4):
            live.press(b"\x1b[D")
        live.wait_for_screen("the first", lambda text: " CALLS " in text)

    def test_all_keys(self):
        live = self.live("bcc-openat", "--interval", SLOW)
        self.picture(live)
        live.press(b"?")
        live.wait_for_screen("the keys", lambda text: "reverse the order" in text)
        live.press(b"h")
        self.picture(live)


class Choose(LiveCase):
    """Which rows are shown."""

    def test_find(self):
        """Only rows with a text are shown. The total stays that of all, and Esc brings all back."""
        live, (order, _) = self.watched("bcc-syscalls")
        self.picture(live)
        live.press(b"/OPENX\x7f")
        live.wait_for_screen("what is typed", lambda text: "rows that have: OPEN_" in text)
        self.assertEqual(self.order(live.screen(), order), ["openat"], live)
        live.press(b"q\x7f\n")  # a q is a letter here
        live.wait_for_screen("the keys", lambda text: "only 'OPEN'" in text)
        self.assertRegex(str(live.screen()), r"\(1 of \d+ rows shown\)", live)
        self.assertRegex(str(live.screen()), r"TOTAL +\d\d+ ", live)
        live.press(b"\x1b")
        live.wait_for_screen("all rows", lambda text: self.order(live.screen(), order) == order)
        live.press(b"q")
        self.assert_end(live)

    def test_ended(self):
        """Rows of processes that have ended can be left out."""
        live, (order, _) = self.watched("bcc-openat")
        self.picture(live)
        self.assertEqual(self.order(live.screen(), order), order, live)
        for work in self.works:
            work.end()
        live.press(b"e")
        live.wait_for_screen("no rows", lambda text: "none that have ended" in text)
        self.assertEqual(self.order(live.screen(), order), [], live)
        live.press(b"e")
        live.wait_for_screen("the rows", lambda text: self.order(live.screen(), order) == order)


class Mouse(LiveCase):
    """Clicks on headings and rows, as xterm sends them."""

    def click(self, live, line, column, button=0):
        frames = live.frames()
        live.press(b"\x1b[<%d;%d;%dM\x1b[<%d;%d;%dm" % ((button, column + 1, line + 1) * 2))
        live.wait_for("another picture", lambda: live.frames() > frames)

    def test_clicks(self):
        live, (order, other) = self.watched("bcc-syscalls")
        heading = self.picture(live).lines[2]
        self.click(live, 2, heading.index("ERRORS"))
        self.assertIn("sorted by ERRORS ", str(live.screen()), live)
        self.click(live, 2, heading.index("SYSCALL") + 20)
        self.assertIn("sorted by CALLS ", str(live.screen()), live)
        self.click(live, 2, heading.index("CALLS/s"))
        self.assertIn("sorted by CALLS reversed", str(live.screen()), live)
        self.assertEqual(self.order(live.screen(), order), order[::-1], live)
        self.click(live, 4, 3)
        self.assertEqual(live.screen().cursor, 4, live)
        self.click(live, 1, 1, button=65)
        self.assertEqual(live.screen().cursor, 7, live)
        self.click(live, 1, 1, button=64)
        self.assertEqual(live.screen().cursor, 4, live)


class Text(LiveCase):
    """bcc-fork --summary repaints a text."""

    def forks(self, count):
        for _ in range(count):
            subprocess.run(["true"], check=True)

    def test_sums_so_far(self):
        """Without --interval it shows the whole run, on the screen and at the end."""
        live = self.live("bcc-fork", "--summary", "--pid", os.getpid(), rows=14)
        live.wait_for_screen("nothing", lambda text: ": 0 forks" in text)
        self.forks(7)
        live.wait_for_screen("all", lambda text: ": 7 forks" in text)
        self.forks(5)
        screen = live.wait_for_screen("all", lambda text: ": 12 forks" in text)
        self.assertRegex(screen.lines[0], r"^bcc-fork on .*--pid \d+ ", live)
        self.assertRegex(screen.lines[1], r"^forks/s ", live)
        self.assertIn(KEYS, str(screen), live)
        live.press(b" ")
        live.wait_for_screen("the word paused", lambda text: "paused" in text)
        self.forks(3)
        self.assertTrue(live.naps(10), live)
        self.assertIn(": 12 forks", str(live.screen()), live)
        live.press(b" ")
        live.wait_for_screen("all", lambda text: ": 15 forks" in text)
        live.press(b"q")
        self.assert_end(live)
        self.assertIn(": 15 forks", str(live.screen()), live)

    def test_scroll(self):
        live = self.live("bcc-fork", "--summary", "--pid", os.getpid(), rows=5)
        live.wait_for_screen("nothing", lambda text: ": 0 forks" in text)
        self.forks(2)
        live.wait_for_screen("two", lambda text: ": 2 forks" in text and "FORKS  BY" in text)
        for key, shown in ("j", False), ("j", False), ("b", True), ("G", False), ("k", True):
            self.press(live, key)
            self.assertEqual(": 2 forks" in str(live.screen()), shown, f"{key}{live}")

    def test_tree(self):
        """What runs now, below who made it, and how it has ended for a moment."""
        live = self.live("bcc-fork", "--tree", "--pid", os.getpid(), "--descendants", rows=30)
        live.wait_for_screen("nothing", lambda text: "Nothing that began in this run" in text)
        child = self.own(Process(["sh", "-c", "sleep 12.34; :"]))
        screen = live.wait_for_screen("both", lambda text: re.search(r"  sleep 12\.34$", text,
                                                                     re.MULTILINE))
        lines = screen.lines[3:6]
        self.assertRegex(lines[0], rf"^ +- +{os.getpid()}  \S", live)
        self.assertRegex(lines[1], rf"^ +[\d.]+m?s +{child.pid}    sh -c 'sleep 12\.34; :'$", live)
        self.assertRegex(lines[2], r"^ +[\d.]+m?s +\d+      sleep 12\.34$", live)
        os.kill(int(lines[2].split()[1]), signal.SIGKILL)
        live.wait_for_screen("how it ended", lambda text: re.search(
            r" +SIGKILL +\d+      sleep 12\.34$", text, re.MULTILINE))
        child.end()
        live.wait_for_screen("the end", lambda text: re.search(r" ended +\d+    sh -c", text))
        live.wait_for_screen("nothing", lambda text: "Nothing that began in this run" in text)
        live.press(b"q")
        self.assert_end(live)
        self.assertIn(": 2 forks", str(live.screen()), live)

    def test_periods(self):
        """With --interval it shows each by itself."""
        live = self.live("bcc-fork", "--summary", "--interval", "0.5", "--pid", os.getpid())
        live.wait_for_screen("nothing", lambda text: ": 0 forks" in text)
        self.forks(1)
        live.wait_for_screen("one", lambda text: ": 1 fork " in text)
        live.wait_for_screen("none", lambda text: ": 0 forks" in text)


class Interval(LiveCase):
    """Reports come more or less often."""

    def test_change(self):
        live = self.live("bcc-openat", "--interval", "60")
        live.wait_for_screen("the keys", lambda text: "Waiting" in text and KEYS in text)
        for _ in range(8):
            live.press(b"-")
        live.wait_for_screen("a report", lambda text: "every 0.1 s" in text)
        live.press(b"+")
        live.wait_for_screen("a report", lambda text: "every 0.2 s" in text)


class Head(LiveCase):
    """What stands above the table."""

    def test_lines(self):
        live = self.live("bcc-openat", "--interval", "0.1", "--pid", self.busy())
        lines = self.picture(live).lines
        self.assertRegex(lines[0], r"^bcc-openat on \S+, Linux \S+, every 0.1 s, --pid \d.*"
                                   r" \d\d:\d\d:\d\d$", live)
        self.assertRegex(lines[1], r"^opens/s [\d.]+  \S+  most [\d.]+$", live)

    def test_idle(self):
        live = self.live("bcc-openat", "--interval", "0.1", "--name", "nobody-is-this")
        live.wait_for_screen("one line", lambda text: "Nothing happened" in text)
        self.assertNotIn("TOTAL", str(live.screen()), live)


class Alternate(LiveCase):
    """The live view has a screen of its own, and leaves the other as it was."""

    @each(*AGGREGATING)
    def test_what_was_before(self, tool):
        live = self.live(tool, "--interval", "0.1", "--pid", self.busy())
        self.assertNotIn(BEFORE.decode(), str(self.picture(live)), live)
        live.press(b"q")
        self.assert_end(live)
        last = live.wait_for_screen("a last table", lambda text: "TOTAL" in text)
        self.assertEqual(last.lines[0], BEFORE.decode(), live)
        self.assertEqual(str(last).count("TOTAL"), 1, live)
        self.assertLess(len(str(last).splitlines()), last.height, live)

    def test_stopped(self):
        """While the tool is stopped, the shell has its screen."""
        live = self.live("bcc-openat", "--interval", "0.1")
        self.picture(live)
        live.press(b"\x1a")
        live.wait_for_words(rb"stopped\n")
        live.wait_for_screen("the screen before", lambda text: text == BEFORE.decode())

    @each("dumb", "")
    def test_simple_terminal(self, term):
        """A terminal that can only print gets tables one below the other."""
        live = self.live("bcc-openat", "--interval", "0.1", term=term)
        live.wait_for("two tables", lambda: live.out.data.count(b"TOTAL") >= 2)
        live.send(signal.SIGINT)
        self.assert_end(live)
        self.assertNotIn(b"\x1b", live.out.data, live)

    def test_command(self):
        """Nothing is painted over what a command prints."""
        live = self.live("bcc-openat", "--interval", "0.1", "--", "sh", "-c",
                         "echo of the command; sleep 0.3")
        self.assert_end(live)
        self.assertNotIn(SCREEN_ENTER, live.out.data, live)
        self.assertNotIn(FRAME_END, live.out.data, live)
