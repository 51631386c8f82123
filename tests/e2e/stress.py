# SPDX-License-Identifier: MIT
"""
A tool in a mode and a load, both drawn at random: the tool must report exactly what the load did.
"""

import os
import random

from harness import Tool, compiled, many, patience
from load import COUNTED, Account, check_counts, check_lives, check_stream, churn, dropped

HOOKS = ("fexit", "kprobe", "tracepoint", "sys_exit", "raw_syscalls")


class Refused(Exception):
    """The kernel does not have this mode; the text is the tool's message."""


def draw_load(rng):
    """Arguments of churn: processes, threads, rounds, and what else it does."""
    processes, threads = rng.choice([(1, 1), (1, 4), (2, 2), (4, 1), (8, 1), (3, 8), (16, 2)])
    rounds = many(rng.choice([20, 100, 300]) * 8 // (processes * threads)) + 1
    letters = rng.choice(["", "m", "n", "fvkt", "ex", "fvktexmna", "fv", "k", "t", "tma", "xkn"])
    return processes, threads, rounds, letters


def draw_target(rng, args):
    """How the tool selects churn. churn opens its account by openat2, before its gate."""
    return rng.choice(["command"] * ("--all" not in args) + ["descendants", "descendants", "user"])


def draw_interval(rng):
    return rng.choice(["0.01", "0.01", "0.1", "1", "0"])


def draw_syscalls(rng):
    if rng.random() < 0.3:
        return ["--stream", "--buffer", rng.choice(["1", "1", "128", "4096"])], "stream"
    args = ["-i", draw_interval(rng)]
    by = rng.choice([(), ("syscall",), ("process",), ("thread",), ("comm",), ("errno",),
                     ("process", "syscall"),
                     ("thread", "syscall", "errno"), ("comm", "user", "syscall")])
    args += ["--by", ",".join(by)] if by else []
    args += rng.choice([[], [], ["-L"], ["-L", "--histogram"]])
    args += rng.choice([[], [], [], ["--cumulative"]])
    return args, by or ("syscall",)


def draw_openat(rng):
    hook = rng.choice([None, *HOOKS])
    args = ["--hook", hook] if hook else []
    args += rng.choice([[], [], ["--all"]])
    if rng.random() < 0.3:
        return args + ["--stream", "--buffer",
                       rng.choice(["1", "1", "128", "4096"])] + rng.choice([[], ["-F"]]), "stream"
    args += ["-i", draw_interval(rng)]
    by = rng.choice([(), ("process",), ("thread",), ("comm",), ("errno",), ("path",),
                     ("process", "path"),
                     ("thread", "errno"), ("comm", "call")])
    args += ["--by", ",".join(by)] if by else []
    args += rng.choice([[], [], ["-L"], ["-L", "--histogram"], ["--distinct"],
                        ["-L", "--distinct"]])
    if not {"path", "errno", "-L", "--distinct", "--all"} & {*by, *args} and rng.random() < 0.2:
        args.append("--no-results")
    return args, by or ("process",)


def draw_fork(rng):
    kinds = rng.choice([("fork", "thread", "exec", "exit")] * 4
                       + [("fork", "exit"), ("exit",), ("thread",), ("exec",)])
    args = ["--buffer", rng.choice(["1", "1", "128", "1024", "4096"])]
    args += ["-E", ",".join(kinds)] if len(kinds) < 4 else []
    usage = ["--rusage"] if "exit" in kinds else []
    args += rng.choice([[], [], usage, ["--lineage"], [*usage, "--lineage"]])
    return args, kinds


DRAW = {"bcc-syscalls": draw_syscalls, "bcc-openat": draw_openat, "bcc-fork": draw_fork}


class Round:
    """One tool, mode and load, all drawn from the seed."""

    def __init__(self, seed, tool=None):
        self.seed, rng = seed, random.Random(seed)
        drawn = rng.choice(list(DRAW))
        self.tool = tool or drawn
        self.args, self.mode = DRAW[self.tool](rng)
        self.load, self.target = draw_load(rng), draw_target(rng, self.args)
        has_failed = self.tool != "bcc-fork" and "--no-results" not in self.args
        self.failed_only = has_failed and rng.random() < 0.15
        self.args += ["-x"] if self.failed_only else []
        self.args += ["-e", COUNTED] if self.tool == "bcc-syscalls" else []
        self.when_ready = lambda: None  # for tests: what else is to happen while the tool counts

    @classmethod
    def of(cls, tool, args, mode, load, target="descendants"):
        """A round that is not drawn but given."""
        that = cls(1, tool)
        that.args, that.mode, that.load, that.target = args, mode, load, target
        that.failed_only = False
        return that

    def __str__(self):
        return (f"{self.seed}: {self.tool} {' '.join(self.args)} [{self.target}], "
                f"churn {' '.join(map(str, self.load))}")

    def run(self):
        """Returns the run and the account; every process it has started is gone."""
        account = Account()
        return (self._command if self.target == "command"
                else self._attach)(account), account.read()

    def _begin(self, *args):
        tool = Tool(self.tool, *args)
        try:
            tool.ready()
            self.when_ready()
        except AssertionError:
            text = tool.err.data.decode(errors="replace")
            tool.kill()
            raise (Refused(text) if "--hook" in args else AssertionError(text)) from None
        return tool

    def _command(self, account):
        load = [compiled("churn"), account.path, self.seed, *self.load[:3], self.load[3] or "n"]
        tool = self._begin(*self.args, "--", *load)
        try:
            run = tool.finish(patience(60))
            if run.status:
                raise AssertionError(f"status {run.status}{run}")
            return run
        finally:
            tool.kill()

    def _attach(self, account):
        user = 3_000_000 + os.getpid() if self.target == "user" else None
        work = churn(account, self.seed, *self.load, user=user)
        tool = None
        try:
            where = ["--uid", str(user)] if user else ["--pid", str(work.pid), "--descendants"]
            tool = self._begin(*self.args, *where)
            work.say()
            if work.end(patience(60)) != 0:
                raise AssertionError(f"churn failed{work}")
            return tool.stop()
        finally:
            work.kill()
            if tool:
                tool.kill()

    def check(self, run, account):
        """Returns how many events were told, and how many were dropped."""
        if self.tool == "bcc-fork":
            check_lives(run, account, self.target == "command", self.mode)
            return len(run.events), dropped(run)
        if self.mode == "stream":
            check_stream(run, account, self.failed_only)
        else:
            check_counts(run, account, self.mode, self.failed_only)
        return run.end["calls" if self.tool == "bcc-syscalls" else "opens"], dropped(run)
