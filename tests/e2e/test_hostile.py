# SPDX-License-Identifier: MIT
"""
Started in strange surroundings, a tool counts as it does anywhere, or says in one line why it
cannot.
"""

import os
import re
import signal
import sys

from harness import (SANITIZED, TOOLS, Case, Process, each, fresh_path, patience, per_tool, scratch,
                     thorough, tool_path,
                     workload_path)
from finished_run import Results, Run

STEPS = "openat 11 3 + getppid 23 + fork 7"
# Variables that clang, libbcc, libbpf, the C library, libsmartcols and terminals react to.
VARIABLES = {
    "BCC_KERNEL_SOURCE": "{cwd}", "BCC_KERNEL_MODULES_SUFFIX": "x", "BCC_PROBE_PREFIX": "x",
             "ARCH": "arm64",
    "CPATH": "{cwd}", "C_INCLUDE_PATH": "{cwd}", "CPLUS_INCLUDE_PATH": "{cwd}",
             "CCC_OVERRIDE_OPTIONS": "+-DEVIL",
    "LLVM_PROFILE_FILE": "{cwd}/x", "LIBBPF_LOG_LEVEL": "debug", "LIBSMARTCOLS_DEBUG": "all",
    "TMPDIR": "{cwd}/linux/version.h", "HOME": "/nonexistent", "PATH": "{cwd}/bin", "IFS": "/",
             "ENV": "{cwd}/x",
    "LC_ALL": "tr_TR.ISO-8859-9", "LANG": "xx", "TZ": ":/etc/shadow", "TERM": "../../etc/passwd",
             "TERMINFO": "{cwd}",
    "COLUMNS": "-1", "LINES": "99999999999999999999", "NO_COLOR": "1", "POSIXLY_CORRECT": "1",
    "MALLOC_PERTURB_": "165", "MALLOC_ARENA_MAX": "1",
}
HEADERS = ("linux/version.h", "linux/types.h", "bcc/proto.h", "include/linux/kconfig.h",
           "include/uapi/linux/ptrace.h",
           "kernel/include/linux/kconfig.h", "virtual/include/bcc/proto.h", "virtual/main.c")


def python(script):
    """A program that changes something about itself and then becomes the command that follows."""
    return [sys.executable, "-S", "-c",
            f"import os, resource, signal, sys\n{script}\nos.execv(sys.argv[1], sys.argv[1:])"]


def shell(script):
    return ["/bin/sh", "-c", script + '; exec "$@"', "sh"]


def unshared(script, *options):
    return ["unshare", "--mount", *options, *shell("set -e; " + script)]


def hostile_directory():
    """Make a directory in which every file that is ever read or run announces itself."""
    path = scratch() / "hostile"
    for name in HEADERS:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text("#error hostile\n")
    (path / "bin").mkdir(exist_ok=True)
    for name in ("sh", "rm", "modprobe", "mount", "clang", "uname", "cc", "ld", "xz"):
        (path / "bin" / name).write_text('#!/bin/sh\necho hostile >&2\n')
        (path / "bin" / name).chmod(0o755)
    return path


def with_variables():
    cwd = hostile_directory()
    return ["env", "-C", cwd,
            *(f"{name}={value.format(cwd=cwd)}" for name, value in VARIABLES.items())]


SURROUNDINGS = {
    "headers in the directory": lambda: ["env", "-C", hostile_directory()],
    "hostile variables": with_variables,
    "no environment": lambda: ["env", "-i"],
    "a directory that is gone": lambda: shell(
        f"cd {scratch()}; mkdir gone-$$; cd gone-$$; rmdir ../gone-$$"),
    "a full disk": lambda: unshared(
        "mount -t tmpfs -o size=4k full /mnt; cd /mnt; head -c 9999 /dev/zero >x 2>/dev/null || :"),
    "nothing may be written": lambda: unshared(
        f"mount --bind {scratch()} {scratch()}; mount -o remount,bind,ro /"),
    "umask 0777": lambda: shell("umask 0777"),
    "umask 0": lambda: shell("umask 0"),
    "one processor": lambda: python("os.sched_setaffinity(0, [max(os.sched_getaffinity(0))])"),
    "SCHED_IDLE": lambda: python(
        "os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0)); os.nice(19)"),
    "signals ignored": lambda: python(
        "for n in 1, 2, 13, 14, 15: signal.signal(n, signal.SIG_IGN)"),
    "signals blocked": lambda: python(
        "signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())"),
    "many descriptors": lambda: python(
        "resource.setrlimit(resource.RLIMIT_NOFILE, (5000,) * 2)\n"
        "for fd in range(4000): os.set_inheritable(os.open('/dev/null', os.O_RDWR), True)"),
    "standard input closed": lambda: ["/bin/sh", "-c", 'exec "$@" <&-', "sh"],
    "standard error closed": lambda: ["/bin/sh", "-c", 'exec "$@" 2>&-', "sh"],
    "another time namespace": lambda: ["unshare", "--time", "--monotonic", "1000000", "--boottime",
                                       "77", "--fork"],
    "a time namespace for children": lambda: ["unshare", "--time", "--monotonic", "1000000"],
    "other namespaces": lambda: ["unshare", "--net", "--uts", "--ipc", "--cgroup"],
    "a kernel named 2.6": lambda: ["setarch", "--uname-2.6"],
    "no proc": lambda: unshared("umount -l /proc"),
    "a false proc": lambda: unshared(
        "mount -t tmpfs false /proc; mkdir /proc/self /proc/1; echo x >/proc/1/stat"),
    "proc without sys": lambda: unshared("mount -t proc -o subset=pid proc /proc"),
    "proc that hides": lambda: unshared("mount -t proc -o hidepid=2 proc /proc"),
    "another PID namespace's proc": lambda: ["unshare", "--pid", "--fork"],
    "a PID namespace without proc": lambda: unshared("umount -l /proc", "--pid", "--fork"),
}
if SANITIZED:  # the sanitizer's library reads /proc/self/maps
    for without in "no proc", "a false proc", "a PID namespace without proc":
        del SURROUNDINGS[without]
COMPILES = ("headers in the directory", "hostile variables", "nothing may be written",
            "signals ignored", "umask 0777")


class HostileCase(Case):
    """Runs tools in strange surroundings and checks that they count as they do anywhere."""

    def within(self, wrapper, tool, *args, status=0, **options):
        """Run the tool, started by another program. Returns the Run."""
        argv = [*map(os.fspath, wrapper), os.fspath(tool_path(tool)), *map(str, args)]
        process = self.own(Process(argv, **options))
        ended = process.end(patience(30))
        run = Run(tool, argv, ended, process.out.data, process.err.data)
        self.assertEqual(run.status, status, run)
        return run

    def expect(self, run, results):
        if run.tool == "bcc-syscalls":
            counts = run.table("syscall")
            self.assertEqual((counts["getppid"], counts["openat"]), ((23, 0), (14, 3)), run)
        elif run.tool == "bcc-openat":
            self.assertEqual(run.table("pid")[results.pid], (14, 3), run)
        else:
            self.assertEqual((len(run.select("fork", ppid=results.pid)), run.end["exits"]), (7, 8),
                             run)
            (first,) = run.select("exec")
            self.assertEqual(first["pid"], results.pid, run)
            self.assertEqual(first["lineage"][-2:], ["bcc-fork", "workload"], run)

    def count(self, name, tool):
        out = fresh_path("results")
        args = ["--no-cache"] if name in COMPILES else []
        args += ["--lineage"] if tool == "bcc-fork" else []
        run = self.within(SURROUNDINGS[name](), tool, "-o", "json", *args, "--",
                          workload_path(), "--out", out, *STEPS.split(),
                          compiles_itself=name in COMPILES)
        self.expect(run.check(), Results(out.read_bytes()))
        self.assertEqual(run.start["kernel"], os.uname().release, run)
        self.assertNotIn("hostile", run.err, run)
        stamps = [record["ts"] for record in run.records if "ts" in record]
        self.assertLess(max(stamps) - min(stamps), patience(60), run)
        for line in run.err.splitlines():
            self.assertTrue(line.startswith("Tracing "), run)


class Surroundings(HostileCase):
    """Hostile variables, directories, limits and descriptors change no number."""

    @each(*SURROUNDINGS)
    def test_one_tool(self, name):
        """Each change is tried with one of the tools, in turn."""
        self.count(name, TOOLS[list(SURROUNDINGS).index(name) % len(TOOLS)])

    @thorough
    @each(*SURROUNDINGS)
    def test_all_tools(self, name):
        for tool in TOOLS:
            with self.subTest(tool=tool):
                self.count(name, tool)

    @each("bcc-syscalls", "bcc-openat")
    def test_tables(self, tool):
        run = self.within(with_variables(), tool, "-i", "0", "-T", "--", workload_path(),
                          *STEPS.split())
        self.assertRegex(run.out.decode(), r"(?m)\A\d\d:\d\d:\d\d\n[A-Z]")
        self.assertRegex(run.out.decode(),
                         r"(?m)^.*\b14\b.*\b3\b.*\b(workload|openat)\b|^openat +14\b")

    @per_tool
    def test_nobody_may_be_asked(self, tool):
        """The tool says once what is missing, and nothing else is missing."""
        for wrapper, reason in ((unshared("umount -l /sys"), "how many CPUs"),
                                (["unshare", "--user", "--map-root-user"], "user namespace"),
                                (["unshare", "-Urmpf"], "user namespace")):
            run = self.within(wrapper, tool, "--", "/bin/true", status=1)
            self.assertRegex(run.err, rf"\A{tool}: [^\n]*{reason}[^\n]*; [^\n]+\n\Z", run)


class Signals(HostileCase):
    """
    Signals that were blocked or ignored when the tool was started, and a tool without arguments.
    """

    @per_tool
    def test_a_signal_that_was_blocked_ends_it(self, tool):
        for number in signal.SIGINT, signal.SIGTERM:
            process = self.own(Process([*SURROUNDINGS["signals blocked"](), tool_path(tool), "-p",
                                        str(os.getpid())]))
            process.wait_for("`Tracing`", lambda: b"Tracing" in process.err.data, patience(30))
            process.popen.send_signal(number)
            self.assertEqual(process.end(), 0, process)

    @per_tool
    def test_the_command_gets_them_as_they_were(self, tool):
        path = fresh_path("signals")
        command = ["/bin/sh", "-c", f'grep -E "^Sig(Blk|Ign)" /proc/self/status >{path}; exit 13']
        ignored = python("for n in 1, 2, 13, 14, 15, 17: signal.signal(n, signal.SIG_IGN)")
        for wrapper in ignored, SURROUNDINGS["signals blocked"]():
            self.assertEqual(self.own(Process([*wrapper, *command])).end(), 13)
            expected = path.read_text()
            fresh = ["--no-cache"] if wrapper == ignored else []
            self.within(wrapper, tool, *fresh, "--", *command, status=13)
            self.assertEqual(path.read_text(), expected)

    @per_tool
    def test_no_arguments_at_all(self, tool):
        """execve(path, {NULL}): the tool gets no argument at all, not even its name."""
        script = ("import ctypes, sys; none = (ctypes.c_char_p * 1)(None); "
                  "ctypes.CDLL(None).execve(sys.argv[1].encode(), none, none)")
        process = self.own(Process([sys.executable, "-S", "-c", script, tool_path(tool)]))
        process.wait_for("`Tracing`", lambda: b"Tracing" in process.err.data, patience(30))
        process.popen.send_signal(signal.SIGINT)
        self.assertEqual(process.end(), 0, process)


class Commands(HostileCase):
    """How the tool finds a command."""

    @per_tool
    def test_a_path_that_is_too_long(self, tool):
        """A path that is cut to fit a buffer would name another program."""
        victim = scratch() / "victim"
        victim.write_text("#!/bin/sh\necho wrong >&2\n")
        victim.chmod(0o755)
        name = "/" * (4095 - len(str(victim))) + str(victim) + "s"
        run = self.within([], tool, "--", name, status=126)
        self.assertRegex(run.err, r"file name too long \(ENAMETOOLONG\)\n\Z", run)
        self.assertNotIn("wrong", run.err, run)

    @per_tool
    def test_in_the_path(self, tool):
        for path, status in ((".:/nonexistent", 0), ("", 0), ("/nonexistent", 127),
                             ("/" * 5000, 127)):
            wrapper = ["env", "-C", hostile_directory() / "bin", f"PATH={path}"]
            run = self.within([*wrapper], tool, "-q", "--", "uname", status=status)
            self.assertEqual("hostile" in run.err, status == 0, run)


@thorough
class Cache(HostileCase):
    """What may stand in place of the cache, or in it."""

    def with_cache(self, before, after):
        """
        Run the tool twice with only this in /var/cache. Returns the names of the files that are
        there afterwards.
        """
        script = ('set -e; mount -t tmpfs -o mode=755 cache /var/cache; cd /var/cache; '
                  f'{before}; "$@"; {after}; "$@";'
                  ' find -L . -type f -name "*.bpf.o" -exec echo file {} +')
        run = self.within(["unshare", "--mount", "/bin/sh", "-c", script, "sh"], "bcc-openat", "-o",
                          "json", "-q", "--",
                          workload_path(), *STEPS.split())
        lines = run.out.decode().splitlines()
        ends = [line for line in lines if '"type":"end"' in line]
        self.assertEqual(len(ends), 2, run)
        for line in ends:
            self.assertIn('"opens":14,"failed":3', line, run)
        self.assertEqual(re.sub(r'{"step".*\n', "", run.err), "", run)
        return [name for line in lines if line.startswith("file ") for name in line.split()[1:]]

    @each("ln -s elsewhere bcc-tools; mkdir elsewhere", "mkdir bcc-tools; chmod 777 bcc-tools",
          "mkdir bcc-tools; chown 65534 bcc-tools", "echo >bcc-tools", "chmod 777 .")
    def test_a_place_that_is_not_ours_is_left_alone(self, before):
        self.assertEqual(self.with_cache(before, ":"), [])

    @each(":", 'for f in bcc-tools/*; do echo >"$f"; done',
          'for f in bcc-tools/*; do chmod 666 "$f"; done',
          'for f in bcc-tools/*; do cp "$f" a; '
          'printf x | dd of="$f" bs=1 seek=2000 conv=notrunc 2>/dev/null; done',
          'set_aside() { mv "$1" a; mv "$2" "$1"; mv a "$2"; }; set_aside bcc-tools/*',
          'for f in bcc-tools/*; do mv "$f" a; mkdir "$f"; done',
          'for f in bcc-tools/*; do rm "$f"; mkfifo "$f"; done')
    def test_what_is_not_ours_is_not_used(self, after):
        names = self.with_cache(":", after)
        self.assertGreaterEqual(len(names), 0 if "mkdir" in after else 2)
