# SPDX-License-Identifier: MIT
"""Unusual lives and deaths of processes, each as bcc-fork must report it."""

import json
import signal
import sys

from arch import NUMBERS
from harness import SLOW, Case, each, scratch

TOOL = "bcc-fork"
IGNORED = {"SIGCHLD", "SIGCONT", "SIGURG", "SIGWINCH", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU",
           "SIGCLD"}
NAMESPACES = {"CLONE_NEWTIME": 0x80, "CLONE_NEWNS": 0x20000, "CLONE_NEWCGROUP": 0x2000000,
              "CLONE_NEWUTS": 0x4000000,
              "CLONE_NEWIPC": 0x8000000, "CLONE_NEWUSER": 0x10000000, "CLONE_NEWPID": 0x20000000,
              "CLONE_NEWNET": 0x40000000}
FATAL = sorted({s.value for s in signal.Signals if s.name not in IGNORED} | set(range(34, 65)))


class Lives(Case):
    """Scripts and workloads whose processes are born, execute and die in unusual ways."""

    def trace(self, script, options=()):
        """Run Python under the tool. Returns the Run, and what the script printed as JSON."""
        run = self.run_tool(TOOL, *options, "--", sys.executable, "-S", "-c", script, output="json")
        told = [json.loads(line) for line in run.err.splitlines() if line.startswith(("{", "["))]
        return run, told[0] if told else None

    def test_every_exit_code(self):
        run, told = self.trace("""
import os, json
pids = []
for code in range(256):
    pid = os.fork()
    if pid == 0: os._exit(code)
    os.waitpid(pid, 0)
    pids.append(pid)
print(json.dumps(pids))""")
        exits = [e for e in run.select("exit") if e["pid"] in set(told)]
        self.assertEqual([(e["pid"], e["code"], e["signal"]) for e in exits],
                         [(pid, code, None) for code, pid in enumerate(told)], run.end)

    def test_every_fatal_signal(self):
        run, told = self.trace(f"""
import os, json, signal, resource
resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
os.chdir('{scratch()}')
told = []
for signo in {FATAL}:
    pid = os.fork()
    if pid == 0:
        try: signal.signal(signo, signal.SIG_DFL)
        except (OSError, ValueError): pass
        os.kill(os.getpid(), signo)
        os._exit(99)
    _, status = os.waitpid(pid, 0)
    assert os.WTERMSIG(status) == signo, (signo, status)
    told.append([pid, signo, os.WCOREDUMP(status)])
for core in ('core', *(f'core.{{pid}}' for pid, _, _ in told)):
    if os.path.exists(core): os.unlink(core)
print(json.dumps(told))""")
        names = {s.value: s.name for s in signal.Signals if s.name not in ("SIGRTMIN", "SIGRTMAX")}
        names.update({n: "SIGRTMIN" + (f"+{n - 34}" if n > 34 else "") for n in range(34, 65)})
        names[signal.SIGIO] = "SIGPOLL"  # one signal with two names
        seen = {e["pid"]: (e["signal"], e["core"], e["code"], e["last"])
                for e in run.select("exit")}
        for pid, signo, core in told:
            self.assertEqual(seen[pid], (names[signo], core, None, True), f"signal {signo}")

    def test_exec_by_another_thread(self):
        """
        A thread that executes a program takes over the process's id: the process goes on, and
        ends once.
        """
        run, told = self.trace("""
import os, threading, json
pid = os.fork()
if pid == 0:
    threading.Thread(target=lambda: os.execv('/bin/true', ['by', 'a', 'thread'])).start()
    while True: pass
os.waitpid(pid, 0)
print(json.dumps([pid]))""")
        (pid,) = told
        events = [e for e in run.events if e["pid"] == pid]
        self.assertEqual([e["type"] for e in events], ["fork", "thread", "exit", "exec", "exit"],
                         run)
        _, thread, leader, exec_, end = events
        self.assertNotEqual(thread["tid"], pid, run)
        self.assertEqual((leader["tid"], leader["last"]), (pid, False), run)
        self.assertEqual((exec_["tid"], exec_["argv"]), (pid, ["by", "a", "thread"]), run)
        self.assertEqual((end["tid"], end["last"], end["code"]), (pid, True, 0), run)

    def test_execveat_of_a_memfd(self):
        run, _ = self.trace("""
import os
fd = os.memfd_create('hidden', 0)
os.write(fd, open('/bin/true', 'rb').read())
os.execve(fd, ['nothing', 'on', 'disk'], {})""")
        exec_ = run.select("exec")[-1]
        self.assertEqual((exec_["argv"], exec_["ret"]), (["nothing", "on", "disk"], 0), run)
        self.assertIn("/dev/fd/", exec_["filename"], run)

    def test_a_leader_that_ends_first(self):
        run, told = self.trace(f"""
import os, threading, time, ctypes, json
read, write = os.pipe()
pid = os.fork()
if pid == 0:
    def rest():
        os.read(read, 1)
        time.sleep(0.05)
        os._exit(7)
    threading.Thread(target=rest).start()
    os.write(write, b'x')
    ctypes.CDLL(None).syscall({NUMBERS['exit']}, 0)  # exit: of this thread alone
os.waitpid(pid, 0)
print(json.dumps([pid]))""")
        (pid,) = told
        exits = [e for e in run.select("exit") if e["pid"] == pid]
        self.assertEqual([(e["tid"] == pid, e["last"], e["code"]) for e in exits],
                         [(True, False, 0), (False, True, 7)], run)

    def test_posix_spawn(self):
        run, told = self.trace("""
import os, json
pids = []
for i in range(17):
    pids.append(os.posix_spawn('/bin/true', ['true', str(i)], {}))
    os.waitpid(pids[-1], 0)
print(json.dumps(pids))""")
        births = [e for e in run.select("fork") if e["pid"] in set(told)]
        self.assertEqual([e["pid"] for e in births], told, run.end)
        for event in births:
            self.assertLessEqual({"CLONE_VM", "CLONE_VFORK"}, set(event["flags"]), event)
        execs = [e["argv"] for e in run.select("exec") if e["pid"] in set(told)]
        self.assertEqual(execs, [["true", str(i)] for i in range(17)], run.end)

    @each(*NAMESPACES)
    def test_new_namespaces(self, flag):
        """A child in new namespaces is made by clone3: clone has no room for CLONE_NEWTIME."""
        run, told = self.trace(f"""
import ctypes, os, signal, json
args = (ctypes.c_uint64 * 11)({NAMESPACES[flag]}, 0, 0, 0, signal.SIGCHLD)
libc = ctypes.CDLL(None, use_errno=True)
pid = libc.syscall(435, args, 88)
if pid == 0: os._exit(3)
assert pid > 0, os.strerror(ctypes.get_errno())
os.waitpid(pid, 0)
print(json.dumps([pid]))""")
        (birth,) = [e for e in run.select("fork") if e["pid"] == told[0]]
        self.assertEqual([f for f in birth["flags"] if f.startswith("CLONE_NEW")], [flag], run)

    def test_a_hundred_thousand_forks(self):
        """100,000 forks at full speed on all CPUs, with default buffers: no event is missing."""
        each_time, times = 97 if SLOW else 8501, 3
        parents = 4
        count = parents + parents * times * each_time
        steps = f"spawn {parents} " + " + ".join([f"fork {each_time}"] * times)
        run, results = self.command(TOOL, steps, "-E", "fork,exit", within=20 if SLOW else 600)
        self.assertEqual((run.end["forks"], run.end["exits"], sum(run.end["dropped"].values())),
                         (count, count + 1, 0), run.end)
        self.assertEqual(len(run.events), 2 * count + 1)
        born = {}
        for event in run.select("fork"):
            born.setdefault(event["ppid"], []).append(event["pid"])
        for parent in results.one("spawn")["children"]:
            told = [pid for line in results.of("fork", parent) for pid in line["children"]]
            self.assertEqual(len(told), times * each_time)
            self.assertTrue(born[parent] == told,
                            f"the children of {parent} are others, or in another order")
