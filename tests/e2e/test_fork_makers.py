# SPDX-License-Identifier: MIT
"""bcc-fork: who made a process, which need not be its parent; trees of which a part is hidden."""

import os
import shutil
import subprocess
import sys

from forks import OptionCase
from harness import NOBODY, essential, fresh_path

# Three children become siblings of this process (CLONE_PARENT), two are its own.
MAKER = """
import ctypes, os, signal, sys
clone = ctypes.CDLL(None).syscall
CLONE_PARENT, number = 0x8000, {"x86_64": 56, "aarch64": 220}[os.uname().machine]
for i in range(5):
    if not clone(number, (CLONE_PARENT if i < 3 else 0) | signal.SIGCHLD, 0, 0, 0, 0):
        os._exit(0)
"""


@essential
class Makers(OptionCase):
    def test_events(self):
        run = self.trace(sys.executable, "-c", MAKER)
        (maker,) = {e["pid"] for e in run.select("exec")}
        forks = run.select("fork")
        self.assertEqual([fork["by_pid"] for fork in forks], [maker] * 5, run)
        self.assertEqual([fork["ppid"] == maker for fork in forks], [False] * 3 + [True] * 2, run)

    def test_threads(self):
        run = self.trace(sys.executable, "-c",
                         "import threading as t; x = t.Thread(target=print); x.start(); x.join()")
        (thread,) = run.select("thread")
        self.assertEqual(thread["by_pid"], thread["pid"], run)

    def test_a_summary(self):
        run = self.trace(sys.executable, "-c", MAKER, options=["--summary"])
        forkers = [r for r in run.records if r["type"] == "forker"]
        self.assertEqual([forker["forks"] for forker in forkers], [5], run)

    def test_a_lineage(self):
        run = self.trace(sys.executable, "-c", MAKER, options=["--lineage"])
        (own,) = {tuple(e["lineage"]) for e in run.select("exec")}
        for fork in run.select("fork"):
            self.assertEqual(tuple(fork["lineage"][:-1]), own, run)


@essential
class Hidden(OptionCase):
    """A tree has no line without a name, and no process that has ended "still runs"."""

    def tree(self, *options, command=("/bin/sh", "-c", "/bin/true; exit 3")):
        run = self.trace(*command, options=options, output=None)
        self.assertEqual(run.status, 3, run)
        self.assertNotIn(b"still running", run.out, run)
        _, heading, tree = run.out.partition(b"WHAT RAN, SLOWEST FIRST\n")
        return tree.decode().splitlines() if heading else None

    def test_the_command(self):
        for options in ("-n", "nomatch"), ("-u", "nobody"):
            self.assertIsNone(self.tree(*options), options)

    def test_an_end(self):
        first, second = self.tree("-n", "sh")
        self.assertRegex(first, r"^ +[0-9.]+s +[0-9.]+s  /bin/sh -c .*  \[code 3\]$")
        self.assertRegex(second, r"^ +- +-    sh  \[end not seen\]$")


@essential
class SetUserId(OptionCase):
    """A set-user-id program has another effective user than who started it."""

    def program(self):
        """In a file system that lets such programs be: /tmp may not."""
        place = fresh_path("set-user-id")
        place.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755,suid", "set-user-id", place],
                       check=True)
        self.addCleanup(subprocess.run, ["umount", place], check=True)
        program = shutil.copy(shutil.which("true"), place / "program")
        os.chown(program, NOBODY, NOBODY)
        os.chmod(program, 0o4755)
        return program

    def test_events(self):
        program = self.program()
        run = self.trace("sh", "-c", f"{program}; {program}; true")
        users = [(e["uid"], e["euid"]) for e in run.select("exec", filename=str(program))]
        self.assertEqual(users, 2 * [(0, NOBODY)], run)
        self.assertEqual([e["euid"] for e in run.select("exit", comm="program")], 2 * [NOBODY], run)
        self.assertEqual({e["euid"] for e in run.select("fork")}, {0}, run)

    def test_filter(self):
        run = self.trace("sh", "-c", f"{self.program()}; true",
                         options=("--euid", NOBODY, "-u", "0"))
        self.assertEqual([e["type"] for e in run.events], ["exec", "exit"], run)
