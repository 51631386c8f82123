# SPDX-License-Identifier: MIT
"""
docs/bpftrace.md: bpftrace's scripts and our tools, side by side on the same work. Each section of
the page is a test: its heading says what is compared, and both outputs must be as the page says.

Where bpftrace is not installed, there are no tests.
"""

import functools
import os
import re
import shutil
import subprocess
import unittest

import pages
from harness import ROOT, each, patience, words
from test_lessons import PageCase, script

PAGE = ROOT / "docs" / "bpftrace.md"
SECTIONS = pages.sections_of(PAGE.read_text(encoding="utf-8"))

# bpftrace needs tracefs, which is not mounted everywhere.
SUDO = """exec unshare -m sh -c '
    [ -e /sys/kernel/tracing/events ] || mount -t tracefs none /sys/kernel/tracing
    exec "$@"' sh "$@"
"""
# Writes of so many bytes by any dd: another test at the same time has another number.
RACE = ('tracepoint:raw_syscalls:sys_enter /comm == "dd" && args->id == 1 && args->args[2] == %d/ '
        "{ @plus++; @count = count(); }")


def load_tests(_loader, tests, _pattern):
    return tests if shutil.which("bpftrace") else unittest.TestSuite()


@functools.lru_cache(None)
def finds_btf():
    """Does bpftrace find the types of this kernel?"""
    done = subprocess.run(["bpftrace", "--info"], stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.STDOUT, timeout=patience(30), check=False)
    return "btf: yes" in done.stdout


class BesideBpftrace(PageCase):

    def setUp(self):
        super().setUp()
        (self.directory / "bin").mkdir(exist_ok=True)
        script(self.directory / "bin" / "sudo", SUDO)
        self.environment["PATH"] = f"{self.directory}/bin:{os.environ['PATH']}"

    def is_there(self, fact):
        if fact.removeprefix("no ") == "btf":
            return finds_btf() != fact.startswith("no ")
        return super().is_there(fact)

    @each(*SECTIONS)
    def test_section(self, heading):
        self.follow(PAGE, heading)

    def race(self):
        """What @plus++ and count() count of 2 x 200,000 calls."""
        size = os.getpid()
        printed = "\n".join(self.output_of(
            f"sudo bpftrace -c '/bin/sh docs/bpftrace/two_writers.sh 200000 {size}' "
            f"-e '{RACE % size}'"))
        return [int(re.search(rf"@{name}: (\d+)", printed)[1]) for name in words("plus count")]

    def test_plus_plus_loses_counts(self):
        """On some run of ten, because a run may have only one processor to itself."""
        if os.cpu_count() == 1:
            return
        for _ in range(10):
            plus, count = self.race()
            self.assertEqual(count, 400000)
            if plus < count:
                return
        self.fail("@plus++ lost nothing")
