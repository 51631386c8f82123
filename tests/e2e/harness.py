# SPDX-License-Identifier: MIT
"""What the end-to-end tests share: start a tool or the workload, wait without sleeping, read strictly."""

import functools
import itertools
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from records import Results, Run, parse_record

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TOOLS = ("bcc-syscalls", "bcc-fork", "bcc-openat")
NOBODY = 65534
ENVIRONMENT = {**{k: v for k, v in os.environ.items() if k != "BCC_TOOLS_PRELOAD"}, "TERM": "xterm", "LC_ALL": "C.UTF-8"}  # of every tool and command


SLOW = os.environ.get("BCC_TOOLS_SLOW") == "1"  # an emulated machine
SANITIZED = os.environ.get("BCC_TOOLS_SANITIZED") == "1"  # the tools are those of tests/check/sanitize or coverage


def patience(seconds=30):
    """How long to wait for something that takes far less."""
    return seconds * (30 if SLOW else 1)


def many(number):
    """So much work, or an eighth of it where it takes ten times as long."""
    return number // 8 if SLOW else number


def host_compiles():
    """Environment of a tool in a guest whose host does the compiling for it; empty elsewhere. See tests/vm/remote/."""
    library = os.environ.get("BCC_TOOLS_PRELOAD")
    return {"LD_PRELOAD": library} if library else {}


def tool_environment():
    """All of it, for who starts a tool in another way than by Process."""
    return {**ENVIRONMENT, **host_compiles()}


class SetupError(Exception):
    """The suite cannot run here at all; the text says what to do about it."""


@functools.lru_cache(None)
def tools_dir():
    given = os.environ.get("BCC_TOOLS_DIR")
    places = [pathlib.Path(given)] if given else [ROOT / "build" / "tools", ROOT / "build", ROOT]
    for place in places:
        if all(os.access(place / tool, os.X_OK) and (place / tool).is_file() for tool in TOOLS):
            return place
    raise SetupError("the tools are not built: no %s in %s (set BCC_TOOLS_DIR?)"
                     % (", ".join(TOOLS), ", ".join(map(str, places))))


@functools.lru_cache(None)
def scratch():
    """A directory that any user may enter; removed by the runner."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="bcc-tools-e2e-"))
    path.chmod(0o755)
    return path


@functools.lru_cache(None)
def tool_path(tool):
    """A copy of the tool: any user can reach it, and a build in the meantime does not change it."""
    path = scratch() / "tools" / tool
    path.parent.mkdir(exist_ok=True)
    shutil.copy(tools_dir() / tool, path)
    path.chmod(0o755)
    return path


STATIC, SHARED = ("-static", "-pthread"), ("-shared", "-fPIC")
HELPERS = {"workload": STATIC, "opener": STATIC, "churn": STATIC, "storm": STATIC, "every_call": STATIC, "faults": SHARED}


@functools.lru_cache(None)
def compiled(name):
    """One of HELPERS, of NAME.c here: from $BCC_TOOLS_HELPERS, or compiled here and now. Any user can reach it."""
    path, given = scratch() / name, os.environ.get("BCC_TOOLS_HELPERS")
    if given:
        shutil.copy(pathlib.Path(given) / name, path)
    else:
        compile_helper(name, path)
    path.chmod(0o755)
    return str(path)


def compile_helper(name, path):
    command = [os.environ.get("CC", "cc"), "-std=gnu11", "-O2", "-Wall", *HELPERS[name], str(HERE / f"{name}.c"), "-o", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        raise SetupError(f"cannot compile {name}.c: {command[0]}: {error.strerror}") from error
    if done.returncode:
        raise SetupError(f"cannot compile {name}.c (a static C library is needed):\n" + done.stderr)


def workload_path():
    return compiled("workload")


def cleanup():
    shutil.rmtree(scratch(), ignore_errors=True)


_numbers = itertools.count(1)


def fresh_path(name):
    return scratch() / f"{name}-{next(_numbers)}"


# --- processes -------------------------------------------------------------------------------------

class Stream(threading.Thread):
    """Collects what arrives at a file descriptor and tells who waits for it."""

    def __init__(self, fd, changed):
        super().__init__(daemon=True)
        # Its own: whoever closes the other must not give its number away while this may still read from it.
        self.fd = os.dup(fd)
        self.changed, self.chunks, self.eof = changed, [], False
        self.start()

    @property
    def data(self):
        """All of it so far; put together when somebody asks, as a reader that copies it each time holds up a fast tool."""
        with self.changed:
            self.chunks[:] = [b"".join(self.chunks)]
            return self.chunks[0]

    def run(self):
        while True:
            try:
                chunk = os.read(self.fd, 1 << 16)
            except OSError:  # the other side of a pty has gone
                chunk = b""
            with self.changed:
                self.chunks.append(chunk)
                self.eof = not chunk
                self.changed.notify_all()
            if not chunk:
                os.close(self.fd)
                return


class Process:
    """A child whose output is collected; it never outlives its test."""

    def __init__(self, argv, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, pty=None, user=None,
                 environment=None, before=None, compiles_itself=False):
        """environment: more of it; before: called in the child before it executes the program; see host_compiles()"""
        environment = {**({} if compiles_itself else host_compiles()), **(environment or {})}
        identity = {} if user is None else dict(user=user, group=user, extra_groups=[])
        self.argv, self.changed = [os.fspath(arg) for arg in argv], threading.Condition()
        self.popen = subprocess.Popen(self.argv, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE,
                                      cwd="/", env={**ENVIRONMENT, **environment},
                                      preexec_fn=before, **identity)
        self.pid = self.popen.pid
        self.err = Stream(self.popen.stderr.fileno(), self.changed)
        source = pty if pty is not None else self.popen.stdout and self.popen.stdout.fileno()
        self.out = None if source is None else Stream(source, self.changed)

    def __str__(self):
        out = self.out.data if self.out else b""
        if self.err.eof:  # it has closed its streams: its status is about to come
            wait_until(lambda: self.popen.poll() is not None, 1)
        return str(Run("", self.argv, self.popen.poll(), out, self.err.data))

    def wait_for(self, what, condition, timeout=None):
        """Wait until condition() is true; an end of the process's output ends the wait too."""
        def over():
            return condition() or (self.err.eof and (self.out is None or self.out.eof))
        with self.changed:
            self.changed.wait_for(over, timeout or patience())
            if not condition():
                raise AssertionError(f"waited in vain for {what}{self}")

    def end(self, timeout=None):
        try:
            status = self.popen.wait(timeout or patience())
        except subprocess.TimeoutExpired:
            raise AssertionError(f"does not end{self}") from None
        for stream in filter(None, (self.out, self.err)):
            stream.join(patience(5))
        return status

    def kill(self):
        if self.popen.poll() is None:
            self.popen.kill()
        self.popen.wait()
        for stream in filter(None, (self.out, self.err)):
            stream.join(patience(5))
        for pipe in filter(None, (self.popen.stdin, self.popen.stdout, self.popen.stderr)):
            try:
                pipe.close()
            except BrokenPipeError:
                pass


class Tool(Process):
    """One running tool. ready() returns when its probes are live; stop() or finish() give the Run."""

    def __init__(self, tool, *args, output="json", **options):
        self.tool, self.output = tool, output
        texts = [arg if isinstance(arg, bytes) else str(arg) for arg in args]
        super().__init__([tool_path(tool), *(["--output", output] if output else []), *texts], **options)

    def lines(self):
        return self.out.data.split(b"\n")[:-1] if self.out else []

    def records(self, kind=None):
        """What has been printed so far, whole lines only."""
        records = [parse_record(line) for line in self.lines()]
        return [r for r in records if kind is None or r["type"] == kind]

    def is_ready(self):
        if re.search(rb"^Tracing[^\n]*\n", self.err.data, re.M):
            return True
        return self.output == "json" and bool(self.lines())

    def ready(self):
        self.wait_for("`Tracing` or the start record", self.is_ready, patience(60))
        return self

    def finish(self, timeout=None):
        status = self.end(timeout)
        return Run(self.tool, self.argv, status, self.out.data if self.out else b"", self.err.data)

    def stop(self, number=signal.SIGINT):
        """End it as a user does. It may have ended by itself when all it watched has gone."""
        self.popen.send_signal(number)
        return self.finish()


class Workload(Process):
    """The workload, held at its gate: nothing it will report has happened before go()."""

    def __init__(self, steps, *options, user=None, program=None):
        argv = [program or workload_path(), "--gate", *map(str, options), *words(steps)]
        super().__init__(argv, stdin=subprocess.PIPE, user=user)
        self.wait_for("the workload's gate", lambda: b"\n" in self.out.data)
        self.tids = json.loads(self.out.data.split(b"\n")[0])["tids"]

    def say(self, line=b"go\n"):
        """Let it through its gate, or what else waits for a line; it goes on by itself."""
        self.popen.stdin.write(line)
        self.popen.stdin.flush()

    def wait_in(self, *numbers, tid=None, after=-1):
        """
        Wait until one of its threads sleeps in one of these system calls (numbers, as this machine has them). Returns how
        often it has gone to sleep. after: what this returned for the call before, as one that has been woken seems to sleep
        on until its processor takes note.
        """
        task, slept = pathlib.Path(f"/proc/{self.pid}/task/{tid or self.pid}"), []

        def sleeps():
            try:
                call, text = (task / "syscall").read_text(), (task / "status").read_text(errors="replace")
            except OSError:
                return False
            slept[:] = map(int, re.findall(r"(?m)^voluntary_ctxt_switches:\s*(\d+)$", text))
            return call.split()[0] in map(str, numbers) and slept[0] > after
        if not wait_until(sleeps):
            raise AssertionError(f"does not come to wait in system call {numbers}{self}")
        return slept[0]

    def go(self):
        """Let it work and wait until it has ended; returns its results."""
        self.say()
        return self.results()

    def results(self):
        """Wait until it has ended; what it says it has done."""
        if self.end() != 0:
            raise AssertionError(f"the workload failed{self}")
        return Results(self.out.data.split(b"\n", 1)[1], self.pid)


def words(steps):
    return steps.split() if isinstance(steps, str) else list(steps)


# --- tests -----------------------------------------------------------------------------------------

def each(*values):
    """Make one test of a method for each value: test_x(self, value) becomes test_x_VALUE.

    Stacked, the decorator nearest to the method gives the first argument and the last part of the name.
    """
    def mark(function):
        function.each = getattr(function, "each", []) + [values]
        return function
    return mark


def thorough(test):
    """Marks a test, or a class of them, that takes long: `run --quick` leaves it out."""
    test.thorough = True
    return test


def unsanitized(test):
    """Marks a test, or a class of them, that a sanitizer's library does not bear: of what is preloaded, or of limits."""
    test.unsanitized = True
    return test


def essential(test):
    """Marks a test, or a class of them, of what differs between kernels: `run --essential` runs these alone."""
    test.essential = True
    return test


per_tool = each(*TOOLS)
both_ways = each("command", "pid")


class Case(unittest.TestCase):
    maxDiff = 4000

    def __init_subclass__(cls):
        for name, function in list(vars(cls).items()):
            if not hasattr(function, "each"):
                continue
            delattr(cls, name)
            for values in itertools.product(*reversed(function.each)):
                labels = [re.sub(r"\W+", "_", str(v).replace("bcc-", "").lstrip("-")) for v in values]
                setattr(cls, "_".join([name, *labels]), _bound(function, values[::-1]))

    def own(self, process):
        self.addCleanup(process.kill)
        return process

    def start(self, tool, *args, **options):
        """A tool whose probes are live."""
        return self.own(Tool(tool, *args, **options)).ready()

    def run_tool(self, tool, *args, output=None, within=60, **options):
        """A tool that ends by itself, in far less than so many seconds."""
        return self.own(Tool(tool, *args, output=output, **options)).finish(patience(within))

    def workload(self, steps, *options, **identity):
        return self.own(Workload(steps, *options, **identity))

    def command(self, tool, steps, *args, **options):
        """Run the workload as `tool ARGS -- workload STEPS`; returns the Run and the Results."""
        out = fresh_path("results")
        run = self.run_tool(tool, *args, "--", workload_path(), "--out", out, *words(steps),
                            **{"output": "json", **options})
        self.assertEqual(run.status, 0, run)
        return run, Results(out.read_bytes())

    def attach(self, tool, workload, *args, **options):
        """Start the tool, let the waiting workload do its work, end the tool."""
        running = self.start(tool, *args, **options)
        results = workload.go()
        run = running.stop()
        self.assertEqual(run.status, 0, run)
        return run, results

    def observe(self, way, tool, steps, *args, tree=False):
        """One workload under the tool, as its command or by its pid; the checked run and results."""
        if way == "command":
            run, results = self.command(tool, steps, *args)
        else:
            work = self.workload(steps)
            tree = ["--descendants"] if tree else []
            run, results = self.attach(tool, work, "--pid", work.pid, *tree, *args)
        return run.check(), results


def _bound(function, values):
    @functools.wraps(function)
    def test(self):
        return function(self, *values)
    del test.each
    return test


def cgroup_root():
    """A cgroup v2 mount that has this mount namespace's view of the whole tree, or None."""
    for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines():
        fields, rest = line.split(" - ")
        if rest.split()[0] == "cgroup2" and "ro" not in fields.split()[5].split(","):
            return pathlib.Path(re.sub(r"\\(\d{3})", lambda m: chr(int(m[1], 8)), fields.split()[4]))
    return None


class CgroupCase(Case):
    """For tests that make cgroups."""

    def make_cgroup(self, parent=None):
        root = parent or cgroup_root()
        if root is None:
            self.skipTest("no writable cgroup2 mount")
        path = root / fresh_path(f"bcc-tools-e2e-{os.getpid()}-cgroup").name
        path.mkdir()
        self.addCleanup(self.remove, path)
        return path

    def remove(self, path):
        def removed():
            try:
                path.rmdir()
            except OSError:
                return False
            return True
        self.assertTrue(wait_until(removed), f"cannot remove {path}")


def gone_pid():
    """The number of a process that has just been reaped."""
    child = subprocess.Popen(["/bin/true"])
    child.wait()
    return child.pid


def wait_until(condition, timeout=None):
    """For what no descriptor tells of: ask again until it is true. Returns whether it was."""
    deadline = time.monotonic() + (timeout or patience())
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
