# SPDX-License-Identifier: MIT
"""
The live view: keys, frames painted again, and a terminal that gets its settings back whatever
happens.
"""

import os
import pty
import re
import signal
import time

from harness import SANITIZED, Tool, each, patience, wait_until
from live import AGGREGATING, KEYS, LiveCase


class Keys(LiveCase):
    """What each key does."""

    @each(*AGGREGATING)
    def test_q_quits(self, tool):
        live = self.live(tool, "--interval", "0.1")
        self.picture(live)
        live.press(b"q")
        self.assert_end(live)
        live.wait_for_screen("a last table", lambda text: "TOTAL" in text and KEYS not in text)
        screen = live.screen()
        self.assertEqual([*screen.lines[screen.row:], screen.column],
                         [""] * (screen.height - screen.row) + [0], live)
        self.assertNotEqual(screen.lines[screen.row - 1], "", live)

    @each(*AGGREGATING)
    def test_space_pauses(self, tool):
        live = self.live(tool, "--interval", "0.1", "--pid", self.busy())
        self.picture(live)
        live.press(b" ")
        frozen = str(live.wait_for_screen("the word paused", lambda text: "paused" in text))
        frames = live.frames()
        self.assertTrue(live.naps(10), live)
        self.assertEqual((str(live.screen()), live.frames()), (frozen, frames), live)
        live.press(b" ")

        def rows(text):
            return text.splitlines()[:-1]
        live.wait_for_screen("newer numbers",
                             lambda text: "paused" not in text and rows(text) != rows(frozen))
        live.press(b"q")
        self.assert_end(live)

    @each(*AGGREGATING)
    def test_ends_while_paused(self, tool):
        """A key ends the run with the last report, like a signal."""
        live = self.live(tool, "--interval", "0.1")
        self.picture(live)
        live.press(b" ")
        live.wait_for_screen("the word paused", lambda text: "paused" in text)
        live.press(b"q")
        self.assert_end(live)
        live.wait_for_screen("a last table", lambda text: "TOTAL" in text and "paused" not in text)

    @each(*AGGREGATING)
    def test_s_sorts_and_r_reverses(self, tool):
        live, (by_first, by_second) = self.watched(tool)
        first = self.picture(live)
        self.assertEqual(self.order(first, by_first), by_first, live)
        for key, order in ((b"s", by_second), (b"r", by_second[::-1])):
            frames = live.frames()
            live.press(key)
            live.wait_for("another picture", lambda: live.frames() > frames)
            now = live.screen()
            # The next interval has no rows: these are the ones of the interval before.
            self.assertEqual(self.order(now, order), order, live)
        self.assertIn("reversed", str(live.screen()))
        live.press(b"q")
        self.assert_end(live)

    def test_s_comes_around(self):
        live = self.live("bcc-syscalls", "--interval", "0.1")
        self.picture(live)
        for column in ("ERRORS", "SYSCALL", "CALLS", "ERRORS"):
            live.press(b"s")
            live.wait_for_screen(column, lambda text: f"sorted by {column} " in text)
        live.send(signal.SIGINT)
        self.assert_end(live)

    def test_other_keys(self):
        """
        Keys without a meaning do nothing, among them arrow and function keys, whose bytes may
        contain a q.
        """
        live = self.live("bcc-openat", "--interval", "0.1")
        self.picture(live)
        live.press(b"xyz\x04\t\x1bOq")
        # Wait until the tool has read them, or they would be one key with the next.
        self.assertTrue(live.naps(3), live)
        live.press(b"s")
        live.wait_for_screen("another order", lambda text: "sorted by FAILED" in text)
        live.press(b"q")
        self.assert_end(live)

    def test_command_has_the_terminal(self):
        """
        A command that reads the terminal gets all that is typed, line by line, and the tool takes
        no keys.
        """
        live = self.live("bcc-syscalls", "--interval", "0.1", "--", "/bin/sh", "-c",
                         'read line; test "$line" = quit')
        live.wait_for("a table", lambda: b"TOTAL" in live.out.data)
        self.assertEqual(live.mode(), live.before, live)
        live.press(b"quit\n")
        self.assert_end(live)
        self.assertNotIn(KEYS.encode(), live.out.data, live)

    @each(*AGGREGATING)
    def test_no_keys_without_a_terminal(self, tool):
        """Standard input is no terminal: the tool takes no keys and repaints all the same."""
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        running = self.own(Tool(tool, "--interval", "0.1", output=None, stdout=theirs, pty=ours))
        os.close(theirs)
        running.wait_for("three pictures", lambda: running.out.data.count(b"TOTAL") >= 3)
        self.assertEqual(running.stop().status, 0, running)
        self.assertNotRegex(running.out.data, rb"quit|\x1b\[\?", running)


class Picture(LiveCase):
    """What a frame looks like, and what a change of the window's size does to it."""

    @each(*AGGREGATING)
    def test_nothing_shines_through(self, tool):
        live = self.live(tool, "--interval", "0.1", rows=9, columns=48)
        self.picture(live)
        frame = live.screen(filled="#")
        self.assertNotIn("#", str(frame), live)
        self.assertLessEqual(len(str(frame).splitlines()), 8, live)
        live.press(b"q")
        self.assert_end(live)

    @each(*AGGREGATING)
    def test_resize(self, tool):
        """
        The frame changes with the window at once: the next interval would have no rows. Rows that
        did not fit before appear.
        """
        live, (order, _) = self.watched(tool, rows=6)
        live.wait_for_screen("a low picture", lambda text: "rows shown)" in text)
        self.assertEqual(self.order(live.screen(), order), order[:1], live)
        live.forget_screen()
        live.resize(30, 50)
        live.wait_for_screen("a high picture", lambda text: KEYS in text)
        self.assertEqual(self.order(live.screen(), order), order, live)
        self.assertNotIn("rows shown)", str(live.screen()), live)
        live.forget_screen()
        live.resize(6, 42)
        live.wait_for_screen("a small picture", lambda text: "sorted by" in text)
        lines = str(live.screen()).splitlines()
        self.assertEqual(len(lines), 5, live)
        self.assertTrue(re.match(r"sorted by [A-Z]+  \[", lines[-1]), live)
        self.assertEqual(self.order(live.screen(), order), order[:1], live)
        live.press(b"q")
        self.assert_end(live)


class Exits(LiveCase):
    """Each way to end the tool leaves the terminal as it was."""

    def started(self, *args, **options):
        live = self.live("bcc-openat", "--interval", "0.1", *args, **options)
        self.picture(live)
        self.assertTrue(live.takes_keys(), live)
        return live

    @each("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGABRT", *([] if SANITIZED else ["SIGSEGV"]),
          "SIGUSR1", "SIGALRM", "SIGXCPU")
    def test_signal(self, name):
        live = self.started()
        number = getattr(signal, name)
        live.send(number)
        self.assert_end(live, 0 if name in ("SIGINT", "SIGTERM") else -number)

    @each("Ctrl-C", "Ctrl-\\")
    def test_typed(self, key):
        live = self.started()
        live.press(bytes([ord(key[-1]) & 0x1f]))
        self.assert_end(live, 0 if key == "Ctrl-C" else -signal.SIGQUIT)

    def test_duration(self):
        self.assert_end(self.started("--duration", "3"))

    def blocked(self):
        """The terminal's output is stopped, as by Ctrl-S, and the tool waits for that to end."""
        live = self.started()
        live.press(b"\x13")

        def writes():
            with open(f"/proc/{live.job}/syscall", encoding="ascii") as words:
                return words.read().split()[1:2] == ["0x1"]
        self.assertTrue(wait_until(writes), live)
        live.send(signal.SIGINT)
        # The first signal must do it: nobody knows when a second one comes.
        self.assertTrue(wait_until(lambda: live.mode() == live.before), live)
        return live

    def test_one_signal_ends_it_soon(self):
        live = self.blocked()
        self.assertEqual(live.ended(), 1, live)
        self.assertEqual(live.mode(), live.before, live)

    def test_second_signal_ends_at_once(self):
        live = self.blocked()
        time.sleep(0.4)  # within 0.25 s it would be the same wish
        live.send(signal.SIGINT)
        self.assertEqual(live.ended(), -signal.SIGINT, live)
        self.assertEqual(live.mode(), live.before, live)

    def test_output_that_goes_on(self):
        """The last report comes late, and the cursor with it."""
        live = self.blocked()
        live.press(b"\x11")
        self.assert_end(live)

    def test_output_that_fails(self):
        """Keys come from one terminal, and the screen is another, which is closed."""
        ours, theirs = pty.openpty()
        live = self.live("bcc-openat", "--interval", "0.1", stdout=theirs)
        os.close(theirs)
        self.assertTrue(wait_until(live.takes_keys), live)
        os.close(ours)
        live.ended()
        self.assertEqual(live.mode(), live.before, live)


class Jobs(LiveCase):
    """Stopped, in the background, and back in the foreground."""

    def stopped(self):
        live = self.live("bcc-openat", "--interval", "0.1")
        self.picture(live)
        live.press(b"\x1a")
        live.wait_for_words(rb"stopped\n")
        self.assert_given_back(live)
        return live

    def assert_back(self, live):
        self.assertTrue(wait_until(live.takes_keys, patience()), live)
        self.picture(live)
        self.assertTrue(wait_until(lambda: not live.shows_cursor(), patience()), live)
        live.press(b"q")
        self.assert_end(live)

    def test_stop_and_continue(self):
        live = self.stopped()
        live.forget_screen()
        live.send(signal.SIGCONT)
        live.wait_for_screen("the picture", lambda text: "TOTAL" in text)
        # And a second time.
        live.press(b"\x1a")
        live.wait_for_words(rb"stopped\n(?s:.*)stopped\n")
        self.assertEqual(live.mode(), live.before, live)
        live.send(signal.SIGCONT)
        self.assert_back(live)

    def test_background_and_foreground(self):
        live = self.stopped()
        live.popen.send_signal(signal.SIGUSR1)
        self.assertTrue(wait_until(lambda: os.tcgetpgrp(live.master) == live.pid), live)
        live.send(signal.SIGCONT)
        live.wait_for_screen("a picture without keys",
                             lambda text: "TOTAL" in text and KEYS not in text)
        self.assertEqual(live.mode(), live.before, live)
        live.press(b"q")  # this line is for the shell
        self.assertTrue(live.naps(3), live)
        self.assertNotIn(live.status("State")[0], "TZ", live)
        live.popen.send_signal(signal.SIGUSR2)
        # The q is still in a line that nobody has read. Now it counts: the tool takes keys
        # without a SIGCONT.
        self.assert_end(live)

    def test_stopped_the_hard_way(self):
        """
        Nobody tells the tool that SIGSTOP stopped it. It goes on as if nothing had happened.
        """
        live = self.live("bcc-openat", "--interval", "0.1")
        self.picture(live)
        live.send(signal.SIGSTOP)
        live.wait_for_words(rb"stopped\n")
        live.send(signal.SIGCONT)
        self.assert_back(live)

    def test_started_in_the_background(self):
        live = self.live("bcc-openat", "--interval", "0.1", foreground=False)
        live.wait_for_screen("a picture", lambda text: "TOTAL" in text)
        live.press(b"q\n")
        self.assertTrue(live.naps(5), live)
        self.assertEqual(live.mode(), live.before, live)
        self.assertNotIn(live.status("State")[0], "TZ", live)
        live.send(signal.SIGINT)
        self.assert_end(live)
        self.assertNotIn(KEYS.encode(), live.out.data, live)

    def test_terminal_that_goes_away(self):
        """The terminal goes away with a key in it: the shell ends, as when a window is closed."""
        live = self.live("bcc-openat", "--interval", "0.1")
        self.picture(live)
        live.popen.kill()
        self.assertTrue(wait_until(lambda: not os.path.exists(f"/proc/{live.job}")), live)
