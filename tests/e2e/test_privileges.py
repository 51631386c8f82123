# SPDX-License-Identifier: MIT
"""
Which privilege a run needs, what it gives up once its probes are live, and as whom its COMMAND
and its compiler run.
"""

import ctypes
import os
import pathlib
import pwd
import re
import resource
import subprocess

import faults
from harness import (NOBODY, SANITIZED, Case, Process, Tool, each, fresh_path, kernel_version,
                     patience, per_tool, tool_path, unsanitized,
                     wait_until, workload_path)

# Numbers of capabilities.
DAC_READ_SEARCH, KILL, SETGID, SETUID = 2, 5, 6, 7
IPC_LOCK, SYS_PTRACE, SYS_ADMIN = 14, 19, 21
SYS_NICE, SYS_RESOURCE, PERFMON, BPF = 23, 24, 38, 39
TASKS = {SYS_PTRACE, DAC_READ_SEARCH}
FILTERED = "0" if SANITIZED else "2"  # a sanitizer's library makes system calls of its own


def fields(text):
    """The lines of /proc/PID/status about privilege, as {name: words}."""
    return {key: value.split() for key, value in re.findall(r"(?m)^(\w+):[ \t]*(.*)$", text)}


def status(pid="self"):
    return fields(pathlib.Path(f"/proc/{pid}/status").read_text())


def capabilities(found, which):
    mask = int(found[which][0], 16)
    return {n for n in range(64) if mask >> n & 1}


def kernel_needs():
    """The capabilities that this kernel asks for while a run only reads."""
    restricted = pathlib.Path(
        "/proc/sys/kernel/unprivileged_bpf_disabled").read_text().strip() != "0"
    needs = {BPF} if kernel_version() < (5, 19) and restricted else set()
    return needs if SYS_RESOURCE in capabilities(status(), "CapEff") else needs | {SYS_NICE}


def streams_need():
    """
    The capabilities of the helper that opens perf buffers on CPUs that come; Debian's kernels take
    CAP_SYS_ADMIN for it where perf_event_paranoid is above 2.
    """
    if pathlib.Path("/sys/devices/system/cpu/possible").read_text().strip() == "0":
        return set()
    paranoid = int(pathlib.Path("/proc/sys/kernel/perf_event_paranoid").read_text())
    return {IPC_LOCK, PERFMON} | ({SYS_ADMIN} if paranoid > 2 else set())


OWN_USERS = {str(uid) for uid in range(61184, 65520)}  # what no other process has


def helpers_of(pid):
    """What /proc says of the processes that keep what a tool gives up."""
    return [fields(pathlib.Path(f"/proc/{child}/status").read_text())
            for child in faults.children(pid)
            if os.readlink(f"/proc/{child}/exe") == os.readlink(f"/proc/{pid}/exe")]


def helper_of(pid):
    """The only one; None when there is none."""
    found = helpers_of(pid)
    return found[0] if found else None


class PrivilegeCase(Case):
    """Compares the capabilities and identity of a process with what they must be."""

    def assert_dropped(self, found, kept, uids=OWN_USERS):
        for which in ("CapEff", "CapPrm"):
            self.assertEqual(capabilities(found, which), kept, which)
        for which in ("CapInh", "CapAmb"):
            self.assertEqual(capabilities(found, which), set(), which)
        self.assertEqual(set(found["Uid"]), set(found["Gid"]))
        self.assertEqual(len(set(found["Uid"])), 1)
        self.assertIn(found["Uid"][0], uids)
        self.assertEqual((found["Groups"], found["NoNewPrivs"], found["Seccomp"]),
                         ([], ["1"], [FILTERED]))

    def assert_helper(self, tool, kept):
        """The processes of their own, with these capabilities, that the tool's process asks."""
        helpers = helpers_of(tool)
        have = [capabilities(helper, "CapEff") for helper in helpers]
        self.assertEqual(sorted(n for each in have for n in each), sorted(kept))
        for helper, its in zip(helpers, have):
            self.assert_dropped(helper, its)
            self.assertNotEqual(helper["Uid"], status(tool)["Uid"])


class Root(PrivilegeCase):
    """A tool that root starts keeps only what the rest of the run needs."""

    @each(("bcc-syscalls", TASKS),
          ("bcc-syscalls", TASKS, "--by", "cgroup", "-L"),
          ("bcc-syscalls", {DAC_READ_SEARCH}, "--by", "cgroup", "-x"),
          ("bcc-syscalls", set(), "-L"),
          ("bcc-syscalls", streams_need(), "--stream"),
          ("bcc-openat", TASKS),
          ("bcc-openat", set(), "--by", "path"),
          ("bcc-openat", streams_need(), "--stream"),
          ("bcc-fork", streams_need()),
          ("bcc-fork", streams_need(), "--lineage", "-x"))
    def test_root_keeps_what_the_run_needs(self, case):
        tool, kept, *args = case
        running = self.start(tool, "--pid", os.getpid(), "-v", *args)
        found = status(running.pid)
        # Where entries are counted too, the tool looks for calls in progress at the end in every
        # mode.
        if tool == "bcc-openat" and re.search(rb"attached by .*\b(fentry|kprobe):",
                                              running.err.data):
            kept = kept | TASKS
        self.assert_dropped(found, kernel_needs())
        self.assert_helper(running.pid, kept)
        self.assertEqual(capabilities(found, "CapBnd"), set())
        run = running.stop()
        self.assertEqual(run.status, 0, run)
        for name in ("CAP_SYS_PTRACE", "CAP_DAC_READ_SEARCH"):
            number = SYS_PTRACE if name == "CAP_SYS_PTRACE" else DAC_READ_SEARCH
            self.assertEqual(name in run.err, number in kept, run)

    @per_tool
    def test_a_command_can_still_be_ended(self, tool):
        running = self.start(tool, "--", workload_path(), "block", "pause")
        command = faults.command_of(running.pid)
        self.assertTrue(wait_until(lambda: os.readlink(f"/proc/{command}/exe")
                                   == str(workload_path())))
        self.assert_dropped(status(running.pid), {KILL} | kernel_needs())
        self.assert_helper(running.pid, TASKS if tool != "bcc-fork" else streams_need())
        self.assertEqual(status(command)["Uid"][0], "0")
        self.assertEqual(running.stop().status, 143, running)

    @per_tool
    def test_it_ends_with_its_parent_if_it_was_told_to(self, tool):
        parent = self.own(Process(["unshare", "--fork", "--kill-child", tool_path(tool), "--pid",
                                   str(os.getpid())]))
        parent.wait_for("Tracing", lambda: b"\nTracing " in b"\n" + parent.err.data, patience(30))
        (child,) = faults.children(parent.pid)
        self.assertIn(status(child)["Uid"][0], OWN_USERS)
        parent.popen.kill()
        self.assertTrue(wait_until(lambda: faults.gone(child)))

    @per_tool
    def test_the_command_has_what_the_tool_had(self, tool):
        out = fresh_path("status")
        command = ["/bin/sh", "-c",
                   'id -G >"$1"; '
                   'grep -E "^(Uid|Gid|Cap|NoNewPrivs|Seccomp|Groups)" /proc/self/status >>"$1"; '
                   'ulimit -r >>"$1"', "sh", out]
        self.assertEqual(self.own(Process(command)).end(), 0)
        expected = out.read_text()
        run = self.run_tool(tool, "--", *command)
        self.assertEqual((run.status, out.read_text()), (0, expected), run)


class CapableCase(PrivilegeCase):
    """An ordinary user with CAP_BPF and CAP_PERFMON, ambient, as a service manager gives them."""

    USER = NOBODY

    def give(self, *given):
        libc = ctypes.CDLL(None, use_errno=True)

        def become():
            def check(what, result):
                if result < 0:
                    os.write(2, f"{what}: errno {ctypes.get_errno()}\n".encode())
                    os._exit(99)
            try:  # before Linux 5.11 maps count as locked memory
                resource.setrlimit(resource.RLIMIT_MEMLOCK, (resource.RLIM_INFINITY,) * 2)
            except ValueError:
                pass
            check("PR_SET_KEEPCAPS", libc.prctl(8, 1, 0, 0, 0))
            os.setgroups([])
            os.setresgid(*[self.USER] * 3)
            os.setresuid(*[self.USER] * 3)
            low, high = (sum(1 << n % 32 for n in given if n // 32 == half) for half in (0, 1))
            header = (ctypes.c_uint32 * 2)(0x20080522, 0)
            check("capset",
                  libc.capset(header, (ctypes.c_uint32 * 6)(low, low, low, high, high, high)))
            for n in given:
                check("PR_CAP_AMBIENT", libc.prctl(47, 2, n, 0, 0))
        return become

    def with_capabilities(self, tool, *args, given=(BPF, PERFMON), **options):
        return self.own(Tool(tool, *args, before=self.give(*given), **options))


class Capable(CapableCase):
    """
    A user with CAP_BPF and CAP_PERFMON runs the tools as far as the kernel lets such a user.
    """

    def setUp(self):
        self.paranoid = pathlib.Path("/proc/sys/kernel/perf_event_paranoid")
        self.addCleanup(self.paranoid.write_text, self.paranoid.read_text())
        self.paranoid.write_text("2")

    @per_tool
    def test_counts_exactly_or_says_why_not(self, tool):
        """
        At some levels of perf_event_paranoid these capabilities are enough; at Debian's they are
        not.
        """
        for level in ("2", "3"):
            self.paranoid.write_text(level)
            for args in ((), ("--stream",)) if tool != "bcc-fork" else ((),):
                with self.subTest(level=level, args=args):
                    running = self.with_capabilities(tool, "-v", *args, "--", workload_path(),
                                                     "openat", "101", "13", "+",
                                                     "getppid", "211", "+", "fork", "7")
                    self.assert_outcome(running.finish(patience(30)), tool, level)

    def assert_outcome(self, run, tool, level):
        if run.status == 1 and level == "3":
            said = [line for line in run.err.splitlines() if ": not by " not in line and "compiled"
                    not in line]
            self.assertRegex(said[-1], "perf_event_paranoid", run)
            self.assertEqual(run.out.count(b"\n"), 0, run)
            return
        self.assertEqual(run.status, 0, run)
        end = run.check().end
        if tool == "bcc-fork":
            self.assertEqual((end["forks"], end["exits"]), (7, 8), run)
        elif tool == "bcc-openat":
            self.assertEqual((end["opens"] >= 114, end["failed"] >= 13), (True, True), run)
        else:
            self.assertGreater(end["calls"], 325, run)

    @per_tool
    def test_keeps_nothing(self, tool):
        running = self.with_capabilities(tool, "--duration", "600", output=None).ready()
        self.assert_dropped(status(running.pid), kernel_needs() - {SYS_NICE}, {str(NOBODY)})
        run = running.stop()
        self.assertEqual(run.status, 0, run)
        said = "other users' processes" in run.err
        self.assertEqual(said, tool != "bcc-fork", run)

    def test_one_of_two_is_not_enough(self):
        for given in ((BPF,), (PERFMON,)):
            with self.subTest(given=given):
                run = self.with_capabilities("bcc-openat", "--duration", "1", output=None,
                                             given=given).finish()
                self.assertEqual((run.status, len(run.err.splitlines())), (1, 1), run)
                self.assertRegex(run.err, "CAP_PERFMON" if given == (BPF,) else "CAP_BPF", run)


class As(Case):
    """--as USER runs COMMAND as another user."""

    SHOW = ('id -u; id -g; id -G; echo "$HOME $USER $LOGNAME $SHELL"; '
            'grep -E "^(CapPrm|CapEff|CapInh|CapAmb)" /proc/self/status')

    @per_tool
    def test_the_command_is_that_user(self, tool):
        user = pwd.getpwuid(NOBODY)
        groups = os.getgrouplist(user.pw_name, user.pw_gid)
        expected = [str(user.pw_uid), str(user.pw_gid), " ".join(map(str, groups)),
                    f"{user.pw_dir} {user.pw_name} {user.pw_name} {user.pw_shell}"]
        for name in (user.pw_name, str(user.pw_uid)):
            with self.subTest(name=name):
                run = self.run_tool(tool, "-q", "--as", name, "--", "/bin/sh", "-c", self.SHOW,
                                    output="json")
                lines = run.err.splitlines()
                self.assertEqual((run.status, lines[:4]), (0, expected), run)
                self.assertEqual([line.split()[1].strip("0") for line in lines[4:]], [""] * 4, run)

    def test_counts_the_same(self):
        """
        The counts are the same with --as, and Ctrl-C ends the command although it is another
        user's.
        """
        run = self.run_tool("bcc-openat", "--as", "nobody", "--", workload_path(), "openat", "101",
                            "13", output="json")
        self.assertEqual((run.status, run.check().end["opens"], run.end["failed"]), (0, 114, 13),
                         run)
        running = self.start("bcc-openat", "--as", "nobody", "--", workload_path(), "block",
                             "pause")
        self.assertEqual(running.stop().status, 143, running)

    @per_tool
    def test_what_only_root_may_execute(self, tool):
        path = fresh_path("roots-own")
        path.write_text("#!/bin/sh\n")
        path.chmod(0o700)
        self.assertEqual(self.run_tool(tool, "--", path).status, 0)
        run = self.run_tool(tool, "-q", "--as", "nobody", "--", path)
        self.assertEqual((run.status, run.out), (126, b""), run)
        self.assertIn(str(path), run.err, run)
        self.assertEqual(self.run_tool(tool, "-q", "--as", "nobody", "--", "/nonexistent/x").status,
                         127)

    @per_tool
    def test_wrong_usage(self, tool):
        for args, named in ((("--as", "nobody"), "nobody"),
                            (("--as", "no-such-user-bcc", "--", "true"), "no-such-user"),
                            (("--as", "", "--", "true"), ""),
                            (("--as", "4294967294", "--", "true"), "4294967294")):
            with self.subTest(args=args):
                run = self.run_tool(tool, *args)
                self.assertEqual((run.status, run.out, len(run.err.splitlines())), (2, b"", 2), run)
                self.assertRegex(run.err, f"--as: '{named}", run)


class AsWithoutTheRight(CapableCase):
    """--as USER by a user who may not become USER."""

    def test_one_clear_line(self):
        path = fresh_path("touched")
        for given in ((BPF, PERFMON), (BPF, PERFMON, SETUID)):
            with self.subTest(given=given):
                run = self.with_capabilities("bcc-fork", "--as", "root", "--", "/bin/touch", path,
                                             output=None,
                                             given=given).finish()
                self.assertEqual((run.status, run.out, len(run.err.splitlines())), (1, b"", 1), run)
                self.assertRegex(run.err, r"--as: becoming root: operation not permitted "
                                          r"\(EPERM\); .*CAP_SETUID", run)
        self.assertFalse(path.exists())


class Compiler(Case):
    """The compiling child."""

    LIBRARY = r"""
        #include <stdio.h>
        #include <sys/socket.h>
        #include <unistd.h>
        #include <fcntl.h>
        __attribute__((constructor)) static void begin(void)
        {
            char line[256];
            FILE *file = fopen("/proc/self/status", "r");
            while (file && fgets(line, sizeof(line), file))
                fputs(line, stderr);
            fprintf(stderr, "socket:\t%d\nwrite:\t%d\nfork:\t%d\n", socket(AF_INET, SOCK_STREAM, 0),
                    open("/tmp/bcc-tools-test", O_WRONLY | O_CREAT, 0600), fork());
        }
    """

    @unsanitized
    def test_has_no_privilege_from_the_start(self):
        """
        A library in place of the compiler's notes what privilege there is when its first line
        runs: none.
        """
        place = fresh_path("library")
        place.mkdir(mode=0o755)
        subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-x", "c", "-", "-o",
                        place / "libbcc.so.0"],
                       input=self.LIBRARY, text=True, check=True)
        run = self.own(Process(["/usr/bin/env", f"LD_LIBRARY_PATH={place}", tool_path("bcc-fork"),
                                "--no-cache"],
                               compiles_itself=True))
        self.assertEqual(run.end(), 1, run)
        found = fields(run.err.data.decode())
        for which in ("CapEff", "CapPrm", "CapInh", "CapAmb"):
            self.assertEqual(capabilities(found, which), set(), run)
        self.assertEqual(set(found["Uid"]), set(found["Gid"]), run)
        self.assertIn(found["Uid"][0], OWN_USERS, run)
        self.assertEqual((found["Groups"], found["NoNewPrivs"], found["Seccomp"]),
                         ([], ["1"], ["2"]), run)
        self.assertEqual((found["socket"], found["write"], found["fork"]), (["-1"], ["-1"], ["-1"]),
                         run)
