# SPDX-License-Identifier: MIT
"""
Under load nothing is lost or reported twice: counted and dropped events together are exactly what
happened, in each tool and mode.
"""

import subprocess
import time

from harness import Case, compiled, patience, per_tool, thorough, tool_environment, tool_path
from load import COUNTED, Account, check_counts, check_lives, dropped
from finished_run import Run
from stress import Refused, Round

EVERYTHING = "fvktexmna"
LIVES = ("fork", "thread", "exec", "exit")
ROWS = {
    "bcc-syscalls": (["-i", "0.01", "-L", "--by", "thread,syscall", "-e", COUNTED],
                     ("thread", "syscall")),
    "bcc-openat": (["-i", "0.01", "--by", "process,path"], ("process", "path")),
}
STREAMS = {
    "bcc-syscalls": (["--stream", "-e", COUNTED], "stream"),
    "bcc-openat": (["--stream"], "stream"),
    "bcc-fork": ([], LIVES),
}
MODES = {"bcc-fork": STREAMS["bcc-fork"], **ROWS}


class Everything(Case):
    """
    Two processes of two threads each make calls, forks, threads, execs, kills, signals, moves and
    new names at once.
    """

    def one(self, tool, mode, load, target="descendants"):
        that = Round.of(tool, *mode, load, target)
        run, account = that.run()
        that.check(run, account)
        return run

    @per_tool
    def test_read_every_10_ms(self, tool):
        self.assertEqual(dropped(self.one(tool, MODES[tool], (2, 2, 20, EVERYTHING))), 0)

    @per_tool
    def test_buffers_of_one_page(self, tool):
        args, mode = STREAMS[tool]
        self.one(tool, ([*args, "--buffer", "1"], mode), (4, 1, 20, "fvkt"), "user")


class Recycled(Case):
    """
    Process ids are reused all the time, in a PID namespace where they start at 50 again and
    again.
    """
    SCRIPT = ('while :; do echo 50 >/proc/sys/kernel/ns_last_pid; done & '
              '"$@"; s=$?; kill $!; exit $s')

    @per_tool
    def test_ids(self, tool):
        (args, mode), account = MODES[tool], Account()
        argv = ["unshare", "-pf", "--mount-proc", "sh", "-c", self.SCRIPT, "sh",
                str(tool_path(tool)), "-o", "json", *args, "--",
                compiled("churn"), str(account.path), "7", "2", "1", "30", "fve"]
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=patience(60),
                              env=tool_environment())
        run = Run(tool, argv, done.returncode, done.stdout, done.stderr)
        self.assertEqual(run.status, 0, run)
        if run.end["dropped"]["missed"]:
            # Linux 7.x in a namespace: the kernel skips a birth, and nothing is known of it..
            return
        if tool == "bcc-fork":
            check_lives(run, account.read(), True, mode)
            pids = [event["pid"] for event in run.select("fork")]
            self.assertLess(len(set(pids)), len(pids), "no id was given again")
        else:
            check_counts(run, account.read(), mode)


@thorough
class Random(Case):
    """
    Modes and loads drawn at random. To repeat one of them: tests/e2e/stress --seed N --rounds 1.
    """
    SECONDS = 60

    @per_tool
    def test_rounds(self, tool):
        seed, until = int(time.time()), time.monotonic() + self.SECONDS
        while time.monotonic() < until:
            that = Round(seed, tool)
            with self.subTest(str(that)):
                try:
                    that.check(*that.run())
                except Refused:
                    pass
            seed += 1
