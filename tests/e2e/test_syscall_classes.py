# SPDX-License-Identifier: MIT
"""The classes of `bcc-syscalls --syscall %CLASS` are those of strace, call by call."""

import collections
import functools
import os
import re
import subprocess

from harness import ENVIRONMENT, ROOT, Case, SetupError, compiled, each, fresh_path, tools_dir

CALLS = 1000  # numbers of each ABI: more than any has
CLASSES = ("file", "desc", "process", "network", "signal", "ipc", "memory")


@functools.lru_cache(None)
def print_classes_path():
    places = [tools_dir().parent / "tests/unit/print_classes",
              ROOT / "build/tests/unit/print_classes"]
    for place in places:
        if os.access(place, os.X_OK):
            return place
    raise SetupError("print_classes is not built: none of " + ", ".join(map(str, places)))


@functools.lru_cache(None)
def strace(select):
    """
    What `strace -e trace=SELECT` shows of a program that makes all calls: {name: how often}, and
    the program's output.
    """
    shown = fresh_path("strace")
    done = subprocess.run(["strace", "-qq", "-e", "signal=none", "-e", f"trace={select}", "-o",
                           shown,
                           compiled("every_call"), str(CALLS)],
                          env=ENVIRONMENT, cwd="/", capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(
            f"strace or every_call failed, status {done.returncode}:\n{done.stderr}")
    # Lines are NAME(...). Numbers without a name are syscall_0x...; x32 calls of x86-64 are
    # NAME#64.
    names = re.findall(r"^([\w#]+)\(.*= -1 ENOSYS\b", shown.read_text(errors="replace"), re.M)
    return collections.Counter(names), done.stdout


def names_in(select):
    return {name for name in strace(select)[0] if not name.startswith("syscall_0x") and "#"
            not in name}


@functools.lru_cache(None)
def ours():
    """{name: classes} of all calls that strace knows by name."""
    out = subprocess.run([print_classes_path(), *sorted(names_in("all"))], check=True,
                         env=ENVIRONMENT,
                         capture_output=True, text=True).stdout
    return {name: set(filter(None, classes.split(","))) for name, _, classes in
            (line.partition(" ") for line in out.splitlines())}


class Classes(Case):
    """Compares each class with strace's."""

    def test_strace_sees_every_call(self):
        """strace shows each call once: it sees a call before the seccomp filter does."""
        names, said = strace("all")
        made = {abi: int(calls) for abi, calls in map(str.split, said.splitlines())}
        self.assertGreaterEqual(made["native"], CALLS - 2)
        self.assertEqual(sum(names.values()), sum(made.values()))
        self.assertGreater(len(names_in("all")), 300)

    @each(*CLASSES)
    def test_class(self, name):
        theirs = names_in(f"%{name}")
        mine = {call for call, classes in ours().items() if name in classes}
        self.assertGreater(len(theirs), 10)
        self.assertEqual(sorted(theirs - mine), [], "in strace's class, not in ours")
        self.assertEqual(sorted(mine - theirs), [], "in our class, not in strace's")

    def test_no_other_class(self):
        self.assertEqual(set.union(*ours().values()), set(CLASSES))
