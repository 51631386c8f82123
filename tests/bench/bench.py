# SPDX-License-Identifier: MIT
"""
What all measurements share: contestants, started and stopped without sleeping, and rounds in which
they take turns.
"""

import dataclasses
import functools
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "e2e"))

# noqa: E402
from harness import ENVIRONMENT, SetupError, fresh_path, patience, scratch, tool_path, wait_until

SEARCH = os.environ["PATH"] + ":/usr/sbin:/sbin"  # where Debian has half of the others
TRACEFS = pathlib.Path("/sys/kernel/tracing")
CPUS = os.sysconf("SC_NPROCESSORS_ONLN")
EMULATED = os.environ.get("BCC_TOOLS_SLOW") == "1"

# Where a tool sleeps that waits for events or for its next report: x86-64's poll, rt_sigsuspend,
# nanosleep, pause,
# recvfrom, epoll_wait, clock_nanosleep, select, recvmsg, pselect6, ppoll, epoll_pwait.
WAITS = {"7", "130", "35", "34", "45", "232", "230", "23", "47", "270", "271", "281"}
ATTACHED = re.compile(r"bpf_link|bpf-raw-tracepoint|\[perf_event\]|bpf-perf-event|^socket:")


@functools.lru_cache(None)
def compiled(name, *libraries):
    path = scratch() / f"bench-{name}"
    command = [os.environ.get("CC", "cc"), "-std=gnu11", "-O2", "-Wall", "-pthread",
               str(HERE / f"{name}.c"),
               "-o", str(path), *libraries]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SetupError(f"cannot compile {name}.c:\n{done.stderr}")
    return str(path)


def work_path():
    return compiled("work", "-static")


def work(*words):
    """Do some work now; returns the numbers it prints, a list for each line."""
    done = subprocess.run([work_path(), *map(str, words)], stdout=subprocess.PIPE, text=True,
                          check=True)
    return [[float(word) for word in line.split()] for line in done.stdout.splitlines()]


def calm(numbers):
    """Of many equal pieces of work, what an undisturbed one takes: a tenth of them were faster."""
    return sorted(numbers)[len(numbers) // 10]


# --- contestants
# -----------------------------------------------------------------------------------

@dataclasses.dataclass(frozen=True)
class Contestant:
    """What is measured: its command, or several that run together."""
    name: str             # as the table has it, with all options that matter
    argv: tuple = ()      # of words; or of such tuples, when it takes several programs
    wraps: bool = False   # does not run beside the work: the work is its command
    proof: str = ""       # a pattern that its output has when it has seen the work
    output: str = "file"  # or "null"
    env: tuple = ()       # pairs of name and value

    @property
    def commands(self):
        if not self.argv:
            return []
        return [self.argv] if isinstance(self.argv[0], (str, os.PathLike)) else list(self.argv)

    def missing(self):
        """Why it cannot run here, or None."""
        for argv in self.commands:
            if not shutil.which(argv[0], path=SEARCH):
                return f"{argv[0]} is not installed"
        return None


def ours(tool, *options, **more):
    name = " ".join([tool, *options]) + (" COMMAND" if more.get("wraps") else "")
    return Contestant(name, (str(tool_path(tool)), *options), **more)


def option_of(tool, option):
    """Whether this build of the tool has an option."""
    done = subprocess.run([tool_path(tool), "--help", "all"], capture_output=True, text=True,
                          check=True)
    return re.search(rf"(^|[ ,]){re.escape(option)}\b", done.stdout, re.M) is not None


def empty(*hooks, **more):
    """The floor: nothing on the same hooks."""
    return Contestant("empty program on " + ", ".join(hooks), (compiled("empty", "-lbpf"), *hooks),
                      **more)


def bpftrace(program, **more):
    return Contestant(f"bpftrace '{program}'", ("bpftrace", "-e", program), **more)


def has_kprobes():
    return os.path.exists("/sys/bus/event_source/devices/kprobe")


NOTHING = Contestant("nothing")


class Failed(Exception):
    """This contestant cannot be measured; the text says why."""


class Process:
    """One running program of a contestant."""

    def __init__(self, argv, output="file", env=()):
        self.out, self.err = fresh_path("out"), fresh_path("err")
        with open(self.out if output == "file" else os.devnull,
                  "wb") as out, open(self.err, "wb") as err:
            self.began = time.monotonic()
            self.popen = subprocess.Popen([shutil.which(argv[0], path=SEARCH) or argv[0],
                                           *argv[1:]],
                                          stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd="/",
                                          env={**ENVIRONMENT, **dict(env)})
        self.pid, self.argv, self.status = self.popen.pid, argv, None
        self.is_ours = os.path.basename(argv[0]).startswith("bcc-")
        self.live, self.seen = None, 0  # since when, and how many attachments

    def text(self):
        parts = [path.read_bytes() for path in (self.out, self.err) if path.exists()]
        return b"".join(parts).decode(errors="replace")

    def looks_live(self):
        """Ours says so. Of others: they have hooks, and wait for what these tell."""
        if self.popen.poll() is not None:
            raise Failed(f"{self.argv[0]} ended: {self.text().strip()[-300:]}")
        if self.is_ours:
            return b"Tracing" in self.err.read_bytes()
        proc = pathlib.Path(f"/proc/{self.pid}")
        try:
            seen = sum(bool(ATTACHED.search(os.readlink(fd))) for fd in (proc / "fd").iterdir())
            call = (proc / "syscall").read_text().split()[0]
            # watching all it is never asleep, as it sees itself
            if os.path.basename(self.argv[0]) == "perf":
                return (proc / "maps").read_text().count("[perf_event]") >= CPUS
        except OSError:  # a descriptor or the process has just gone
            return False
        if seen != self.seen:
            self.seen, self.live = seen, time.monotonic()
        return seen > 0 and call in WAITS

    def wait_live(self, step=0.005):
        """Until its probes are live. Returns how long that took since its exec."""
        deadline = time.monotonic() + patience(30)
        looks = 0  # that agree: others may pass by such a state on their way
        while looks < (1 if self.is_ours else 3):
            looks = looks + 1 if self.looks_live() else 0
            if time.monotonic() > deadline:
                raise Failed(f"{self.argv[0]} does not get ready: {self.text().strip()[-300:]}")
            if looks == 0 or not self.is_ours:
                time.sleep(step)
        return (time.monotonic() if self.live is None else self.live) - self.began

    def cpu_ns(self):
        """CPU time of all its threads so far."""
        tasks = pathlib.Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)

    def wait_idle(self, step=0.02):
        """Until it has caught up: no CPU time in between two looks."""
        def idle():
            nonlocal last
            before, last = last, self.cpu_ns()
            return last - before < 200_000
        last = 0
        return wait_until(lambda: (time.sleep(step), idle())[1], patience(20))

    def stop(self):
        """
        End it as a user does. Returns seconds until its end, and CPU seconds, children's included.
        """
        if self.status is None:
            began = time.monotonic()
            self.popen.send_signal(signal.SIGINT)
            self.end()
            self.stopping = time.monotonic() - began
        return self.stopping, self.usage.ru_utime + self.usage.ru_stime

    def end(self):
        deadline = time.monotonic() + patience(60)
        while not os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if time.monotonic() > deadline:
                self.popen.kill()
                deadline += 60
            time.sleep(0.0005)
        self.last_cpu_ns = self.cpu_ns()  # a zombie still tells
        _, status, self.usage = os.wait4(self.pid, 0)
        self.status = self.popen.returncode = os.waitstatus_to_exitcode(status)

    def forget(self):
        if self.status is None and self.popen.poll() is None:
            self.popen.kill()
            self.popen.wait()
        for path in (self.out, self.err):
            path.unlink(missing_ok=True)


class Running:
    """A contestant at work, as a context: ready when entered, gone when left."""

    def __init__(self, contestant):
        self.contestant, self.processes = contestant, []

    def __enter__(self):
        try:
            for argv in self.contestant.commands:
                self.processes.append(Process(argv, self.contestant.output, self.contestant.env))
            for process in self.processes:
                process.wait_live()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.forget()

    def stop(self):
        for process in self.processes:
            process.stop()

    def cpu_ns(self):
        return sum(process.cpu_ns() for process in self.processes)

    def wait_idle(self):
        for process in self.processes:
            process.wait_idle()

    def check(self):
        """That it has seen the work: what it did not see costs nothing."""
        proof = self.contestant.proof
        text = "".join(process.text() for process in self.processes)
        if proof and not re.search(proof, text, re.M):
            raise Failed(
                f"has not seen the work: no {proof!r} in its output: {text.strip()[-300:]}")


def observed(contestant, *words):
    """Do the work while the contestant watches; returns what the work printed."""
    if not contestant.commands:
        return work(*words)
    if contestant.wraps:
        out = fresh_path("work")
        argv = [*contestant.commands[0], work_path(), *map(str, words)]
        # Ours sends the command's output to standard error, so that a file gets both from all of
        # them.
        with open(out, "wb") as both:
            done = subprocess.run(argv, stdout=both, stderr=both, stdin=subprocess.DEVNULL, cwd="/",
                                  env=ENVIRONMENT)
        text = out.read_text(errors="replace")
        out.unlink()
        if done.returncode:
            raise Failed(f"{argv[0]} ended with status {done.returncode}: {text[-300:]}")
        return [[float(line)] for line in text.splitlines() if re.fullmatch(r"\d+\.\d\d", line)]
    with Running(contestant) as running:
        numbers = work(*words)
        running.stop()
        running.check()
    return numbers


# --- rounds and results
# ----------------------------------------------------------------------------

def say(text):
    print(text, file=sys.stderr, flush=True)


class Values(dict):
    """Of each contestant, by name: its values, one a round."""

    def __init__(self):
        super().__init__()
        self.reasons = {}  # of those that are measured no more

    def add(self, name, value):
        self.setdefault(name, []).append(value)

    def fail(self, name, reason):
        self.reasons[name] = " ".join(str(reason).split())
        say(f"    {name}: {self.reasons[name]}")


def rounds(count, contestants, measure, values):
    """Measure each in turn, so many times. measure(contestant) adds to values."""
    for contestant in contestants:
        reason = contestant.missing()
        if reason:
            values.fail(contestant.name, reason)
    for number in range(count):
        say(f"  round {number + 1} of {count}")
        for contestant in contestants:
            if contestant.name in values.reasons:
                continue
            if EMULATED:  # where each takes a while
                say(f"    {contestant.name}")
            try:
                measure(contestant)
            except Failed as error:
                values.fail(contestant.name, error)


@dataclasses.dataclass
class Row:
    """
    One line of the table. The first row of a group is ours, which the others are compared with.
    """
    group: str
    name: str
    unit: str
    values: list = dataclasses.field(default_factory=list)
    note: str = ""

    @property
    def median(self):
        return statistics.median(self.values) if self.values else None


def group(title, unit, contestants, values, less=None):
    """Rows of one comparison. less: the contestant whose value of the same round is taken off."""
    base = values.get(less) if less else None
    rows = []
    for contestant in contestants:
        own = values.get(contestant.name, [])
        if base:  # of the same round: a contestant that fails is out of all that follow
            own = [value - before for value, before in zip(own, base)]
        rows.append(Row(title, contestant.name, unit, own, values.reasons.get(contestant.name, "")))
    return rows
