# SPDX-License-Identifier: MIT
"""The live view as a whole: its screen, what stands above the rows, and scrolling through them."""

import re
import signal

from harness import each
from live import AGGREGATING, SLOW, LiveCase
from screen import BEFORE, FRAME_END, SCREEN_ENTER


class Scroll(LiveCase):
    """All rows can be reached, and the keys of arrows, pages and vi(1) do the same."""

    def rows(self, live):
        """Which rows are shown, from how many on, of how many."""
        found = re.search(r"\((?:rows (\d+) to )?\d+ of (\d+)", str(live.screen()))
        return (int(found[1] or 1), int(found[2])) if found else None

    @each("\x1b[B \x1b[A \x1b[6~ \x1b[5~ \x1b[F \x1b[H", "\x1bOB \x1bOA f b \x1b[4~ \x1b[1~",
          "j k f b G g")
    def test_keys(self, keys):
        live = self.live("bcc-syscalls", "--by", "process,syscall", "--interval", SLOW, rows=14)
        live.wait_for_screen("many rows", lambda text: "rows shown)" in text)
        count = self.rows(live)[1]
        page = 14 - 1 - 1 - 2 - 3  # the cursor's, the keys', two above, heading, total, hidden
        self.assertGreater(count, 2 * page, live)
        for key, first in zip(keys.split(), (2, 1, 1 + page, 1, count + 1 - page, 1)):
            frames = live.frames()
            live.press(key.encode())
            live.wait_for("another picture", lambda: live.frames() > frames)
            self.assertEqual(self.rows(live), (first, count), f"{key!r}{live}")
        live.press(b"q")
        self.assert_end(live)

    def test_all_keys(self):
        live = self.live("bcc-openat", "--interval", SLOW)
        self.picture(live)
        live.press(b"?")
        live.wait_for_screen("the keys", lambda text: "reverse the order" in text)
        live.press(b"h")
        self.picture(live)


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
