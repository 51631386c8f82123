# SPDX-License-Identifier: MIT
"""
A person at a terminal: what they see, the keys they press, and the shell that started the tool
for them.
"""

import contextlib
import fcntl
import os
import pty
import re
import signal
import struct
import sys
import termios
import unicodedata

from harness import Process, patience, tool_path, wait_until

# A shell with job control, as far as a terminal is concerned: it leads the session, and its job
# has a process group of its own. On SIGUSR1 it takes the terminal, on SIGUSR2 the job gets it. It
# prints on standard error what becomes of the job.
SHELL = """
import fcntl, os, signal, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
job = os.fork()
if not job:
    os.setpgid(0, 0)
    if sys.argv[1] == "fg":
        os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    # A test run in the background may have them ignored.
    for number in signal.SIGHUP, signal.SIGINT, signal.SIGQUIT:
        signal.signal(number, signal.SIG_DFL)
    os.environ["TERM"] = sys.argv[2]
    os.chdir(os.environ.get("LIVE_DIRECTORY", "/"))
    os.execv(sys.argv[3], sys.argv[3:])
signal.signal(signal.SIGUSR1, lambda *_: os.tcsetpgrp(0, os.getpgrp()))
signal.signal(signal.SIGUSR2, lambda *_: os.tcsetpgrp(0, job))
print("job", job, file=sys.stderr, flush=True)
status = None
while status is None or os.WIFSTOPPED(status):
    _, status = os.waitpid(job, os.WUNTRACED)
    print("stopped" if os.WIFSTOPPED(status) else f"ended {os.waitstatus_to_exitcode(status)}",
          file=sys.stderr, flush=True)
while True:
    signal.pause()
"""
CONTROL = re.compile(r"\x1b\[(\??)([\d;]*)([A-Za-z])")
MODES = {("?", "25"), ("?", "1000"), ("?", "1006")}  # the cursor, the mouse
BEFORE = b"$ what was there before"
FRAME_END = b"\x1b[J"
SCREEN_ENTER, SCREEN_LEAVE = b"\x1b[?1049h", b"\x1b[?1049l"


class Screen:
    """
    Rows of text and a cursor, changed by the few control sequences that the tools use; any other
    is an error.
    """

    def __init__(self, height, width, filled=" "):
        self.height, self.width, self.filled = height, width, filled
        self.cells = [[filled] * width for _ in range(height)]
        self.row = self.column = 0
        self.style, self.cursor = "", None  # of the next character; the row that is marked
        self.other = None  # while the alternate screen is shown: cells and cursor of the other one

    def feed(self, data):
        text, at = data.decode(), 0
        while at < len(text):
            control = CONTROL.match(text, at)
            if control:
                self.control(*control.groups())
                at = control.end()
            else:
                self.character(text[at])
                at += 1
        return self

    def switch(self, enter):
        """Nobody knows what the alternate screen shows at first. The other comes back as it was."""
        if enter and not self.other:
            self.other = self.cells, self.row, self.column
            self.cells = [[self.filled] * self.width for _ in range(self.height)]
        elif not enter and self.other:
            (self.cells, self.row, self.column), self.other = self.other, None

    def control(self, private, number, letter):
        if (private, number) == ("?", "1049"):
            self.switch(letter == "h")
            return
        blank = [" "] * self.width
        if letter == "m":
            self.style = number
            if number == "7":
                self.cursor = self.row
            return
        if letter == "H" and not number:
            self.cursor = None
            self.row = self.column = 0
        elif letter == "K" and not number:
            self.cells[self.row][self.column:] = blank[self.column:]
        elif letter == "J" and not number:
            self.control("", "", "K")
            self.cells[self.row + 1:] = [list(blank) for _ in self.cells[self.row + 1:]]
        elif (private, number) not in MODES:
            raise AssertionError(f"an unexpected control: {private}{number}{letter}")

    def character(self, c):
        if c == "\r":
            self.column = 0
        elif c == "\n":
            self.row += 1
            if self.row == self.height:
                self.cells = self.cells[1:] + [[" "] * self.width]
                self.row -= 1
        elif c < " ":
            raise AssertionError(f"an unexpected character: {c!r}")
        else:
            width = 2 if unicodedata.east_asian_width(c) in "WF" else 1
            if self.column + width > self.width:
                self.character("\r")
                self.character("\n")
            self.cells[self.row][self.column:self.column + width] = [c, ""][:width]
            self.column += width

    @property
    def chosen(self):
        """The row under the cursor."""
        return self.lines[self.cursor] if self.cursor is not None else None

    @property
    def lines(self):
        return ["".join(row).rstrip() for row in self.cells]

    def __str__(self):
        return "\n".join(self.lines).rstrip()


class Live(Process):
    """
    A tool in a terminal of its own, started by a shell with job control. Its output is what the
    terminal got.
    """

    def __init__(self, tool, *args, rows=24, columns=80, foreground=True, stdout=None,
                 term="xterm", environment=None, program=None):
        self.master, slave = pty.openpty()
        self.rows, self.columns = rows, columns
        self.resize(rows, columns)
        self.before = self.mode()
        os.write(slave, BEFORE + b"\n")
        self.mark = 0
        try:
            super().__init__([sys.executable, "-c", SHELL, "fg" if foreground else "bg",
                              term, program or tool_path(tool), *args],
                             stdin=slave, stdout=slave if stdout is None else stdout,
                             pty=self.master, environment=environment or {})
        finally:
            os.close(slave)
        self.job = int(self.wait_for_words(rb"job (\d+)\n")[1])
        self.wait_for_words(rb"Tracing ")

    def wait_for_words(self, pattern):
        """Wait for a pattern on standard error."""
        self.wait_for(pattern, lambda: re.search(pattern, self.err.data), patience(30))
        return re.search(pattern, self.err.data)

    # --- the tool ---

    def send(self, number):
        os.kill(self.job, number)

    def ended(self):
        """
        Wait until the tool has ended. Returns its exit status. The shell stays, and so does the
        terminal.
        """
        return int(self.wait_for_words(rb"ended (-?\d+)\n")[1])

    def status(self, key):
        with open(f"/proc/{self.job}/status", encoding="utf-8") as lines:
            return dict(line.split(":", 1) for line in lines)[key].strip()

    def naps(self, count):
        """Wait until the tool has slept so many more times: as many intervals have passed."""
        before = int(self.status("voluntary_ctxt_switches"))
        return wait_until(lambda: int(self.status("voluntary_ctxt_switches")) >= before + count)

    def kill(self):
        if b"\nended " not in self.err.data:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.job, signal.SIGKILL)
        super().kill()
        os.close(self.master)

    # --- the terminal ---

    def mode(self):
        return termios.tcgetattr(self.master)

    def takes_keys(self):
        return not self.mode()[3] & termios.ICANON

    def resize(self, rows, columns):
        """Change the window's size; the kernel sends SIGWINCH."""
        self.rows, self.columns = rows, columns
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("4H", rows, columns, 0, 0))

    def press(self, keys):
        os.write(self.master, keys)

    def frames(self):
        return self.out.data.count(FRAME_END)

    def screen(self, filled=" "):
        """What is on the screen now: whole frames only, and all that comes behind the last."""
        data = self.out.data[self.mark:]
        left = data.rpartition(SCREEN_LEAVE)
        whole = data.rpartition(FRAME_END)
        data = data if len(left[0]) > len(whole[0]) else whole[0] + whole[1]
        return Screen(self.rows, self.columns, filled).feed(data)

    def shows_cursor(self):
        return self.out.data.rfind(b"\x1b[?25l") <= self.out.data.rfind(b"\x1b[?25h")

    def wait_for_screen(self, what, condition):
        found = []

        def holds():
            found[:] = [self.screen()]
            return condition(str(found[0]))
        self.wait_for(what, holds)
        return found[0]

    def forget_screen(self):
        """Start again with an empty screen for what comes from now on."""
        self.mark = len(self.out.data)
