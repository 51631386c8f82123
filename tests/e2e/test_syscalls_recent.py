# SPDX-License-Identifier: MIT
"""
bcc-syscalls knows each call of the running kernel by its name, also those that are newer than the
libseccomp in use.
"""

import functools
import json
import subprocess

from harness import MISSING, Case, SetupError, each, essential

TOOL = "bcc-syscalls"

# A tracepoint has the name of the kernel's function. Calls whose function is called otherwise:
OTHER_NAMES = {"newstat": "stat", "newfstat": "fstat", "newlstat": "lstat", "newuname": "uname",
               "umount": "umount2", "sendfile64": "sendfile",
               # of arm64
               "fadvise64_64": "fadvise64", "arm64_personality": "personality"}

# Prime numbers of calls that fail on every kernel: those that lack a call answer with ENOSYS.
CALLS = {"mseal": 13, "setxattrat": 11, "file_getattr": 7, "cachestat": 17, "statmount": 5,
         "listns": 3}
STEPS = (f"syscall mseal 13 1 + syscall setxattrat 11 -100 {MISSING} 0 {MISSING}"
         f" + syscall file_getattr 7 -100 {MISSING} + syscall cachestat 17 -1"
         " + syscall statmount 5 + syscall listns 3")
COUNTS = {name: (calls, calls) for name, calls in CALLS.items()}
ARGUMENTS = {
    "mseal": {"start": 1, "len": 0, "flags": 0},
    "setxattrat": {"dfd": -100, "pathname": MISSING, "at_flags": 0, "name": MISSING, "uargs": 0,
                   "usize": 0},
    "file_getattr": {"dfd": -100, "filename": MISSING, "ufattr": 0, "usize": 0, "at_flags": 0},
    "cachestat": {"fd": -1, "cstat_range": 0, "cstat": 0, "flags": 0},
}


@functools.lru_cache(None)
def events():
    """The calls that have a tracepoint, by the tracepoint's name."""
    script = "mount -t tracefs none /mnt && ls /mnt/events/syscalls"
    done = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, text=True)
    if done.returncode:
        raise SetupError("cannot list the tracepoints of system calls: " + done.stderr)
    begin = "sys_enter_"
    return {name[len(begin):] for name in done.stdout.split() if name.startswith(begin)}


@essential
class Recent(Case):
    """Names, classes and arguments of recent calls."""

    def listed(self):
        """{name: classes} of the native calls in --list."""
        run = self.run_tool(TOOL, "--list", output="json")
        self.assertEqual(run.status, 0, run)
        entries = map(json.loads, run.out.decode().splitlines())
        return {e["syscall"]: e["classes"] for e in entries if ":" not in e["syscall"]}

    def test_list_knows_every_call_of_this_kernel(self):
        """A call that is named here is to be added to src/syscall/recent_calls.c."""
        names = {OTHER_NAMES.get(event, event) for event in events()}
        self.assertGreater(len(names), 280)
        self.assertEqual(sorted(names - set(self.listed())), [])

    def test_list_has_their_classes(self):
        listed = self.listed()
        self.assertEqual({name: listed[name] for name in CALLS}, {
            "mseal": ["memory"], "setxattrat": ["file", "desc"], "file_getattr": ["file", "desc"],
            "cachestat": ["desc"], "statmount": [], "listns": []})

    def test_counts(self):
        run, results = self.command(TOOL, STEPS, "--by", "process,syscall")
        rows = run.check().table("pid", "syscall")
        self.assertEqual({name: rows.get((results.pid, name)) for name in CALLS}, COUNTS, run)
        self.assertFalse([name for _, name in rows if name.isdigit()], run)

    def test_table(self):
        run, _ = self.command(TOOL, STEPS, "--by", "process,syscall", "-i", "0",
                              output=None)
        lines = [line.split() for line in run.out.decode().splitlines()]
        (head,) = [line for line in lines if "SYSCALL" in line]
        at = [head.index(heading) for heading in ("SYSCALL", "CALLS", "ERRORS")]
        rows = {line[at[0]]: tuple(int(line[i]) for i in at[1:]) for line in lines
                if set(line) & set(CALLS)}
        self.assertEqual(rows, COUNTS, run)

    @each("mseal", "m[s]eal,!msync", "462")
    def test_one_selected(self, what):
        run, _ = self.command(TOOL, STEPS, "-e", what)
        self.assertEqual(run.check().table("syscall"), {"mseal": COUNTS["mseal"]}, run)

    @each("%file", "*xattrat", "%desc")
    def test_many_selected(self, what):
        expected = {"%file": ["setxattrat", "file_getattr"], "*xattrat": ["setxattrat"],
                    "%desc": ["setxattrat", "file_getattr", "cachestat"]}[what]
        run, _ = self.command(TOOL, STEPS, "-e", what)
        rows = run.check().table("syscall")
        self.assertEqual({name: rows[name] for name in CALLS if name in rows},
                         {name: COUNTS[name] for name in expected}, run)

    @each(*ARGUMENTS)
    def test_stream(self, name):
        """The arguments have names if this kernel has a tracepoint that says them."""
        run, _ = self.command(TOOL, STEPS, "--stream", "-e", name)
        self.assertEqual([e["syscall"] for e in run.check().events], [name] * CALLS[name], run)
        for event in run.events:
            self.assertLess(event["ret"], 0, run)
            if name in events():
                self.assertEqual(event["args"], ARGUMENTS[name], run)
            else:
                self.assertEqual(list(event["args"]), [f"arg{n}" for n in range(1, 7)], run)
