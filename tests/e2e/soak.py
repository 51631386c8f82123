# SPDX-License-Identifier: MIT
"""
All tools at once over an even load (helpers/steady.c) for a long time: each tells exactly what the
load did, and its memory does not grow.
"""

import collections
import json
import os
import re
import signal
import statistics
import subprocess
import threading
import time

import memory
from harness import Workload, compiled, patience, tool_environment, tool_path

PERIOD_US = 50000
# What one tick of steady makes, see there.
CALLS = {"getppid": 65, "openat": 25, "close": 20, "execve": 1, "exit_group": 2}
PATHS = {"/dev/null": 20, "/nonexistent-bcc-tools/none": 5}
LIVES = {"fork": 2, "thread": 1, "exec": 1, "exit": 3}
ENDING = {"exit_group": 1, "exit": 1}  # the load's own, once

# Name of the run, its tool, its options, and what it is to tell of a tick.
RUNS = (
    ("rows", "bcc-syscalls", ["--by", "process,syscall", "-e", ",".join(CALLS)], CALLS),
    ("latency", "bcc-syscalls", ["-L", "-i", "5"], CALLS),
    ("calls", "bcc-syscalls", ["--stream", "-e", ",".join(CALLS)], CALLS),
    ("paths", "bcc-openat", ["--by", "path", "-i", "5"], PATHS),
    ("opens", "bcc-openat", ["--stream", "-F"], PATHS),
    ("lives", "bcc-fork", ["--rusage", "--lineage"], LIVES),
    ("tree", "bcc-fork", ["--tree"], LIVES),
    ("summary", "bcc-fork", ["--summary", "-i", "5"], LIVES),
)
MEASURES = ("rss_kb", "anon_kb", "maps_kb", "fds")


class Watcher:
    """One tool: a thread counts what it prints, and keeps nothing of it but the last record."""

    def __init__(self, name, tool, options, expected, where):
        self.name, self.expected, self.told = name, expected, collections.Counter()
        self.end, self.errors, self.tracing = {}, b"", threading.Event()
        output = [] if name == "tree" else ["-o", "json"]
        argv = [str(tool_path(tool)), *output, *options, *where]
        self.popen = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, env=tool_environment())
        read = self.read_lines if name == "tree" else self.read_records
        self.threads = [threading.Thread(target=target, daemon=True)
                        for target in (read, self.read_errors)]
        for thread in self.threads:
            thread.start()

    def read_errors(self):
        for line in self.popen.stderr:
            self.errors += line
            if line.startswith(b"Tracing"):
                self.tracing.set()
        self.tracing.set()

    def read_lines(self):
        for line in self.popen.stdout:
            self.told[line.split(maxsplit=1)[0].decode() if line.strip() else ""] += 1

    def read_records(self):
        for line in self.popen.stdout:
            kind = line[9:line.index(b'"', 9)].decode()
            if kind in ("call", "open"):
                key = b'"syscall":"' if kind == "call" else b'"path":"'
                at = line.index(key) + len(key)
                self.told[line[at:line.index(b'"', at)].decode()] += 1
            elif kind in LIVES:
                self.told[kind] += 1
            elif kind == "row":
                row = json.loads(line)
                self.told[row.get("syscall") or row["path"]] += row.get("calls", row.get("opens"))
            elif kind == "end":
                self.end = json.loads(line)

    def finish(self):
        """Wait until it ends. All that it names have ended, or it is told to."""
        if self.name == "paths":  # selects by user
            self.popen.send_signal(signal.SIGINT)
        self.popen.wait(patience(60))
        for thread in self.threads:
            thread.join()
        if self.name == "summary":
            self.told.update({kind: self.end[kind + "s"] for kind in LIVES})

    def dropped(self):
        lost = re.findall(rb"dropped (\d+)", self.errors)
        return sum(value or 0 for value in self.end.get("dropped", {}).values()) if self.end \
            else sum(map(int, lost))

    def problems(self, ticks):
        """Lines that say in what the run differs from the load; and what was told in all."""
        want = {key: each * ticks + ENDING.get(key, 0) for key, each in self.expected.items()}
        told = {key: self.told[key] for key in want}
        lost, total = self.dropped(), sum(told.values())
        if self.popen.returncode:
            yield f"status {self.popen.returncode}: {self.errors[-300:].decode()}"
        if not self.end and self.name != "tree":
            yield "no end record"
        if lost == 0 and told != want:
            yield f"told {told}, there were {want}"
        if total + lost < sum(want.values()):
            yield f"told {total}, dropped {lost}, there were {sum(want.values())}"
        if any(told[key] > want[key] for key in want):
            yield f"told {told}, more than there were: {want}"


class Soak:
    """The load and the tools; run() returns the lines of a verdict, and whether all is well."""

    def __init__(self, seconds, directory, every=None):
        self.seconds, self.every = seconds, every or min(60, seconds / 20)
        self.ticks, self.samples = int(seconds * 1e6) // PERIOD_US, collections.defaultdict(list)
        self.log = open(os.path.join(directory, "samples.csv"), "w", buffering=1, encoding="utf-8")
        self.watchers, self.work = [], None

    def begin(self):
        user = 3_000_000 + os.getpid()
        self.work = Workload([str(self.ticks), str(PERIOD_US)], user=user,
                             program=compiled("steady"))
        for name, tool, options, expected in RUNS:
            where = ["-u", str(user)] if name == "paths" else \
                ["-p", str(self.work.pid), "--descendants"]
            self.watchers.append(Watcher(name, tool, options, expected, where))
            if not self.watchers[-1].tracing.wait(patience(60)) or \
                    self.watchers[-1].popen.poll() is not None:
                raise AssertionError(f"{name}: {self.watchers[-1].errors.decode()}")
        print("seconds", "run", *MEASURES, "cpu_s", "told", sep=",", file=self.log)
        self.work.say()

    def sample(self, seconds):
        for watcher in self.watchers:
            found = memory.of_tree(watcher.popen.pid)
            self.samples[watcher.name].append((seconds, found))
            print(round(seconds), watcher.name, *(found[name] for name in MEASURES),
                  found["cpu_s"], sum(watcher.told.values()), sep=",", file=self.log)

    def watch(self):
        began = time.monotonic()
        while self.work.popen.poll() is None:
            try:
                self.sample(time.monotonic() - began)
                self.work.popen.wait(self.every)
            except subprocess.TimeoutExpired:
                pass
            except KeyboardInterrupt:
                self.work.say(b"enough\n")
                self.work.end()

    def growth(self, name):
        """Lines for what grew between the first third of the run and its last tenth."""
        samples = [found for _, found in self.samples[name]]
        early, late = samples[len(samples) // 5:len(samples) // 3], samples[-len(samples) // 10:]
        for measure in MEASURES if early else ():
            was, is_now = (statistics.median(found[measure] for found in part)
                           for part in (early, late))
            room = 0 if measure == "fds" else was / 20 + 512
            if is_now > was + room:
                yield f"{measure} grew from {was} to {is_now}"

    def run(self):
        try:
            self.begin()
            self.watch()
            if self.work.end():
                raise AssertionError(f"the load failed{self.work}")
            for watcher in self.watchers:
                watcher.finish()
        finally:
            for process in [*(watcher.popen for watcher in self.watchers),
                            *([self.work] if self.work else [])]:
                process.kill()
        ticks = json.loads(self.work.out.data.splitlines()[-1])["ticks"]
        return self.verdict(ticks)

    def verdict(self, ticks):
        lines, is_well = [f"{ticks} ticks of {PERIOD_US} us"], True
        for watcher in self.watchers:
            bad = [*watcher.problems(ticks), *self.growth(watcher.name)]
            last = self.samples[watcher.name][-1][1]
            told = sum(watcher.told[key] for key in watcher.expected)
            lines.append(f"{'FAIL' if bad else 'ok':4}  {watcher.name:8} told {told}, dropped "
                         f"{watcher.dropped()}; at the end " + ", ".join(
                             f"{key} {last[key]}" for key in (*MEASURES, "cpu_s")))
            lines += ["      " + line for line in bad]
            is_well = is_well and not bad
        return lines, is_well
