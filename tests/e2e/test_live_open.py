# SPDX-License-Identifier: MIT
"""The live view: rows that are opened, views by another key, and files with the report."""

import os
import signal

from attack import Attack
from harness import Process, each, fresh_path, unsanitized, wait_until
from live import KEYS, LiveCase
from marks import essential

BACK = "[q] back"


def members(group):
    """Processes of a process group, zombies left out."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
                state, _, pgrp = stat.read().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(pgrp) == group and state != "Z":
            found.append(int(pid))
    return found


class OpenCase(LiveCase):
    """Opens rows of tools that watch this process, which is busy."""

    def opened(self, live, title, *keys):
        """Press keys that open a view, and wait for its first rows."""
        for key in keys:
            live.press(key)
        return live.wait_for_screen(title, lambda text: f"{title}, since " in text and
                                    "TOTAL" in text and BACK in text)

    def assert_back(self, live, tool):
        live.press(b"\x1b")
        live.wait_for_screen("the first view", lambda text: text.startswith(f"{tool} on ") and
                             "TOTAL" in text)

    def assert_end(self, live, status=0):
        super().assert_end(live, status)
        self.assertTrue(wait_until(lambda: members(live.job) == []), members(live.job))

    def title(self):
        """What the row of this process is about."""
        with open("/proc/self/comm", encoding="utf-8") as comm:
            return f"{os.getpid()} {comm.read().strip()}"


class Rows(OpenCase):
    """Enter opens what a row is made of."""

    @essential
    def test_process_to_calls(self):
        """A view counts exactly what happens from when it is there; Esc goes back."""
        me = self.busy()
        live = self.live("bcc-syscalls", "--by", "process", "--cumulative", "--interval", "0.2",
                         "--pid", me)
        self.picture(live)
        self.opened(live, f"bcc-syscalls > {self.title()}", b"\r")
        for _ in range(1234):
            os.getpgid(0)
        live.wait_for_screen("all of them", lambda text: any(
            line.split()[:1] == ["getpgid"] and line.split()[4] == "1234"
            for line in text.splitlines()))
        self.assertIn(f"--pid {me}", str(live.screen()), live)
        self.assert_back(live, "bcc-syscalls")
        live.press(b"q")
        self.assert_end(live)

    def test_call_to_failures(self):
        me = self.busy()
        live = self.live("bcc-syscalls", "--interval", "0.2", "--pid", me)
        self.picture(live)
        live.press(b"/unlink\n")
        stop = self.own(Process(["true"]))
        stop.end()
        for _ in range(3):
            try:
                os.unlink("/nowhere/at/all")
            except OSError:
                pass
        live.wait_for_screen("the row", lambda text: any(
            line.startswith("unlink") for line in text.splitlines()))
        live.press(b"\r")
        live.wait_for_screen("the view", lambda text: " > unlink" in text and BACK in text)
        for _ in range(3):
            try:
                os.unlink("/nowhere/at/all")
            except OSError:
                pass
        live.wait_for_screen("how it fails", lambda text: " ENOENT " in text)
        screen = str(live.screen())
        self.assertRegex(screen, rf"(?m)^ *{me} +\S+ +ENOENT +3 ", live)
        live.press(b"\x03")
        self.assert_end(live)

    def test_process_to_paths(self):
        me = self.busy()
        live = self.live("bcc-openat", "--interval", "0.2", "--pid", me)
        self.picture(live)
        title = self.title()
        self.opened(live, f"bcc-openat > {title}", b"\n")
        self.assertRegex(str(live.screen()), r"(?m)  /dev/null$", live)
        # A view out of a view: who opens this path.
        self.opened(live, f"bcc-openat > {title} > /dev/null", b"\n")
        self.assertRegex(str(live.screen()), rf"(?m) {me} +\S+ +- +100\.0%$", live)
        for back in (f"bcc-openat > {title}, ", "bcc-openat on "):
            live.press(b"q")
            live.wait_for_screen(back, lambda text, back=back: text.startswith(back))
        live.press(b"q")
        self.assert_end(live)

    def test_process_that_has_ended(self):
        live, (order, _) = self.watched("bcc-openat")
        self.picture(live)
        for work in self.works:
            work.end()
        live.press(b"\n")
        why = f"--pid: '{order[0]}': no such process"
        live.wait_for_screen("why not", lambda text: why in text)
        live.press(b"j")
        live.wait_for_screen("the keys", lambda text: KEYS in text)
        live.press(b"q")
        self.assert_end(live)

    def test_row_without_a_view(self):
        live = self.live("bcc-openat", "--by", "errno", "--interval", "0.2", "--pid", self.busy())
        self.picture(live)  # opens that succeed have no errno
        live.press(b"\n")
        live.wait_for_screen("a word", lambda text: "there is no view of this row" in text)


class Keys(OpenCase):
    """One key shows the same by something else."""

    def test_toggle(self):
        live = self.live("bcc-openat", "--interval", "0.2", "--pid", self.busy())
        self.picture(live)
        for by in "comm", "user", "cgroup":
            self.opened(live, f"bcc-openat > by {by}", b"t")
        live.press(b"t")
        live.wait_for_screen("the first view", lambda text: text.startswith("bcc-openat on "))
        self.opened(live, "bcc-openat > by comm", b"t")
        self.assert_back(live, "bcc-openat")
        live.press(b"q")
        self.assert_end(live)


class Ends(OpenCase):
    """Whatever ends the run ends the view that is open, and the terminal is as it was."""

    def started(self, *args):
        live = self.live("bcc-syscalls", "--by", "process", "--interval", "0.1", "--pid",
                         self.busy(), *args)
        self.picture(live)
        self.opened(live, f"bcc-syscalls > {self.title()}", b"\n")
        return live

    @each("SIGINT", "SIGTERM", "SIGQUIT", "SIGKILL")
    def test_signal(self, name):
        live = self.started()
        number = getattr(signal, name)
        live.send(number)
        if name == "SIGKILL":  # nobody can give the terminal back, but nothing goes on
            self.assertEqual(live.ended(), -number, live)
            self.assertTrue(wait_until(lambda: members(live.job) == []), members(live.job))
        else:
            self.assert_end(live, 0 if name in ("SIGINT", "SIGTERM") else -number)

    def test_typed(self):
        live = self.started()
        live.press(b"\x03")
        self.assert_end(live)
        live.wait_for_screen("a last table", lambda text: "COMM" in text and KEYS not in text)
        self.assertNotIn(" > ", str(live.screen()), live)

    def test_duration(self):
        self.assert_end(self.started("--duration", "5"))

    def test_stop_and_continue(self):
        live = self.started()
        live.press(b"\x1a")
        live.wait_for_words(rb"stopped\n")
        self.assertEqual(live.mode(), live.before, live)
        live.forget_screen()
        os.killpg(live.job, signal.SIGCONT)
        live.wait_for_screen("the view", lambda text: " > " in text and BACK in text)
        self.assert_back(live, "bcc-syscalls")
        live.press(b"q")
        self.assert_end(live)


class Files(OpenCase):
    """The report in a file."""

    def test_write(self):
        directory = fresh_path("written")
        directory.mkdir()
        live = self.live("bcc-openat", "--interval", "0.2", "--pid", self.busy(), rows=5,
                         environment={"LIVE_DIRECTORY": str(directory)})
        self.picture(live)
        live.press(b"w")
        live.wait_for_screen("the name", lambda text: "written to bcc-openat-" in text)
        file, = directory.iterdir()
        self.assertIn(f"written to {file.name}", str(live.screen()), live)
        text = file.read_text()
        self.assertRegex(text, r"^bcc-openat on \S+, .*\n *OPENS .*\n", live)
        self.assertIn(str(os.getpid()), text, live)
        live.press(b"q")
        self.assert_end(live)

    def test_nowhere(self):
        live = self.live("bcc-openat", "--interval", "0.2", "--pid", self.busy(),
                         environment={"LIVE_DIRECTORY": "/proc/self"})
        self.picture(live)
        live.press(b"w")
        live.wait_for_screen("why not", lambda text: "cannot write bcc-openat-" in text)
        self.assertIn("(ENOENT)", str(live.screen()), live)


class TakenOver(OpenCase):
    """The process that paints gets no more from the opener than a person does."""

    @unsanitized
    def test_nothing_is_left_to_do(self):
        attack = Attack(self)
        live = self.live("bcc-openat", "-d", "0.5", "-p", os.getpid(),
                         environment=attack.environment)
        self.assertEqual(live.ended(), 0, live)
        attack.assert_in_vain(live.err.data.decode(), live)
