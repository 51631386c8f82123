# SPDX-License-Identifier: MIT
"""
Outputs that run full or do not block, limits that are too small, a tool that is stopped for a
while, and many tools at once.
"""

import fcntl
import os
import resource
import signal
import sys
import termios
import time

from harness import (Process, Tool, each, fresh_path, patience, per_tool, thorough, tool_path,
                     unsanitized, wait_until,
                     workload_path)
from test_faults import Judged

STREAM = {"bcc-syscalls": ["--stream"], "bcc-openat": ["--stream"], "bcc-fork": []}


def limit(which, value):
    return lambda: resource.setrlimit(which, (value, value))


def bytes_in(pipe):
    """How many bytes wait in a pipe for their reader."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


class Output(Judged):
    """Standard output or standard error takes no more: full, limited, non-blocking or closed."""

    @per_tool
    def test_that_does_not_block(self, tool):
        """
        Another process that shares the pipe may have made it non-blocking: what does not fit
        waits.
        """
        reader, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        fcntl.fcntl(writer, fcntl.F_SETFL, os.O_NONBLOCK | fcntl.fcntl(writer, fcntl.F_GETFL))
        self.warm_up(tool, *STREAM[tool])
        running = self.own(Tool(tool, *STREAM[tool], "--", workload_path(), "--out",
                                fresh_path("results"), "openat",
                                "101", "13", "+", "getppid", "211", "+", "fork", "7", stdout=writer,
                                pty=reader))
        os.close(writer)
        self.addCleanup(os.close, reader)
        run = running.finish()
        self.assertEqual(run.status, 0, run)
        self.assert_complete(run)

    @per_tool
    def test_that_blocks_no_more(self, tool):
        """Another process makes the pipe non-blocking while the tool runs."""
        reader, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        work = self.workload("openat 101 13 + getppid 211 + fork 31")
        running = self.own(Tool(tool, "--pid", work.pid, *STREAM[tool], stdout=writer, pty=reader))
        self.addCleanup(os.close, reader)
        running.ready()
        fcntl.fcntl(writer, fcntl.F_SETFL, os.O_NONBLOCK | fcntl.fcntl(writer, fcntl.F_GETFL))
        os.close(writer)
        work.go()
        run = running.finish().check()
        self.assertGreater(len(run.events), 14, run)

    @each("table", "json", "csv")
    def test_list_that_does_not_block(self, output):
        """bcc-syscalls --list is longer than the pipe, whose reader comes late: no line is lost."""
        whole = self.run_tool("bcc-syscalls", "--list", output=output)
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        size = fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        fcntl.fcntl(writer, fcntl.F_SETFL, os.O_NONBLOCK | fcntl.fcntl(writer, fcntl.F_GETFL))
        running = self.own(Tool("bcc-syscalls", "--list", output=output, stdout=writer))
        os.close(writer)
        self.assertTrue(wait_until(lambda: bytes_in(reader) == size), running)
        received = b"".join(iter(lambda: os.read(reader, 65536), b""))
        run = running.finish()
        self.assertEqual((run.status, run.err), (0, ""), run)
        self.assertEqual(received, whole.out)
        self.assertGreater(len(received), 4 * size)

    @per_tool
    def test_file_that_may_not_grow(self, tool):
        self.warm_up(tool, *STREAM[tool])  # a program that is compiled is written to the cache too
        with open(fresh_path("output"), "wb") as out:
            run = self.run_tool(tool, *self.command_line(*STREAM[tool]), output="json", stdout=out,
                                before=limit(resource.RLIMIT_FSIZE, 600))
        self.assertEqual(run.status, 1, run)
        self.assertRegex(run.err, rf"(?m)^{tool}: cannot write the report: "
                                  r"file too large \(EFBIG\)$", run)

    @per_tool
    def test_full_device_after_another_way(self, tool):
        """The message says what has happened, not why another hook was not taken."""
        with open("/dev/full", "wb") as full:
            run = self.run_tool(tool, *self.command_line(*STREAM[tool]), output="json", stdout=full)
        self.assertEqual(run.status, 1, run)
        self.assertRegex(run.err, rf"(?m)^{tool}: cannot write the report: "
                                  r"no space left on device \(ENOSPC\)$", run)

    @per_tool
    @each("--help", "--version", "--check", "--ebpf")
    def test_information_without_a_reader(self, option, tool):
        with open("/dev/full", "wb") as full:
            run = self.run_tool(tool, option, stdout=full)
        self.assertEqual((run.status, run.err), (1, f"{tool}: cannot write the "
                                                      "output: no space left on device (ENOSPC)\n"),
                         run)
        reader, writer = os.pipe()
        os.close(reader)
        running = self.own(Tool(tool, option, output=None, stdout=writer))
        os.close(writer)
        run = running.finish()
        self.assertEqual((run.status, run.err), (0, ""), run)

    @per_tool
    @each("full", "closed")
    def test_standard_error(self, how, tool):
        """The Tracing line is for people: a run without it is complete."""
        redirection = {"full": "2>/dev/full", "closed": "2>&-"}[how]
        out = fresh_path("output")
        process = self.own(Process(["/bin/sh", "-c", f'exec "$@" >{out} {redirection}', "sh",
                                    tool_path(tool), "--output",
                                    "json", "--duration", "0.1", "--pid", str(os.getpid())]))
        self.assertEqual(process.end(patience(30)), 0, process)
        self.assertIn(b'\n{"type":"end"', out.read_bytes(), process)


class Limits(Judged):
    """Resource limits of the tool: descriptors, locked memory, address space."""

    def limited(self, tool, which, value, *args):
        run = self.run_tool(tool, *self.command_line(*args), output="json",
                            before=limit(which, value))
        with self.subTest(which=which, value=value):
            self.judge(run)
        return run

    @per_tool
    def test_descriptors(self, tool):
        for number in (4, 11, 20):
            self.limited(tool, resource.RLIMIT_NOFILE, number)
        self.assertEqual(self.limited(tool, resource.RLIMIT_NOFILE, 32).status, 0)

    @thorough
    @per_tool
    def test_every_number_of_descriptors(self, tool):
        for args in ([], ["--no-cache"]):
            runs = [self.limited(tool, resource.RLIMIT_NOFILE, number, *args)
                    for number in range(4, 40)]
            self.assertEqual([run.status for run in runs],
                             sorted((run.status for run in runs), reverse=True), args)

    @per_tool
    def test_locked_memory(self, tool):
        """Before Linux 5.11 BPF maps count as locked memory."""
        self.limited(tool, resource.RLIMIT_MEMLOCK, 0)

    @unsanitized
    @per_tool
    def test_address_space(self, tool):
        """
        With too few resources to start, the loader fails. From there on the tool prints one line.
        """
        for size in (10, 64):
            self.limited(tool, resource.RLIMIT_AS, size << 20)

    @per_tool
    def test_children_that_nobody_waits_for(self, tool):
        """
        A process inherits that SIGCHLD is ignored, and the kernel then forgets how children
        ended. The tool copes, and the command has SIGCHLD ignored as before.
        """
        def before():
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        run = self.run_tool(tool, "-q", "--no-cache", "--", "/bin/sh", "-c", "exit 13",
                            before=before)
        self.assertEqual((run.status, run.err), (13, ""), run)
        run = self.run_tool(tool, "-q", "--", "/bin/grep", "SigIgn", "/proc/self/status",
                            before=before)
        self.assertTrue(int(run.err.split()[1], 16) >> (signal.SIGCHLD - 1) & 1, run)


class Stopped(Judged):
    """SIGSTOP stops the tool for a while, and SIGCONT lets it go on."""

    @each("bcc-syscalls", "bcc-openat")
    def test_for_several_intervals(self, tool):
        """
        A tool that was stopped reads later what it did not read in time, in one report that says
        how long its interval was.
        """
        work = self.workload("openat 101 13 + getppid 211")
        running = self.start(tool, "--pid", work.pid, "--interval", "0.1")
        running.popen.send_signal(signal.SIGSTOP)
        stopped = time.monotonic()
        work.go()
        self.assertTrue(wait_until(lambda: time.monotonic() > stopped + 0.7))
        running.popen.send_signal(signal.SIGCONT)
        lasted = time.monotonic() - stopped
        running.wait_for("a report",
                         lambda: any(float(t["seconds"]) > 0.6 for t in running.records("total")))
        run = running.stop()
        self.assertEqual(run.status, 0, run)
        run.check()
        if tool == "bcc-openat":
            self.assertEqual((run.end["opens"], run.end["failed"]), (114, 13), run)
        else:
            self.assertEqual(run.table("syscall")["getppid"], (211, 0), run)
        self.assertAlmostEqual(float(sum(t["seconds"] for t in run.totals)),
                               float(run.end["seconds"]), delta=0.05, msg=run)
        self.assertLessEqual(len(run.totals), (float(run.end["seconds"]) - lasted) / 0.1 + 4, run)

    @per_tool
    def test_while_streaming(self, tool):
        """The buffers of a stopped tool hold only so much. The rest is dropped and counted."""
        work = self.workload("openat 500 500 + getppid 500 + fork 100")
        running = self.start(tool, "--pid", work.pid, "--descendants", *STREAM[tool], "--buffer",
                             "1")
        running.popen.send_signal(signal.SIGSTOP)
        work.go()
        running.popen.send_signal(signal.SIGCONT)
        run = running.stop()
        self.assertEqual(run.status, 0, run)
        seen = {"bcc-syscalls": run.end.get("calls"), "bcc-openat": run.end.get("opens"),
                "bcc-fork": run.end.get("forks", 0) + run.end.get("exits", 0)}[tool]
        self.assertGreater(run.end["dropped"]["buffer"], 0, run)
        expected = {"bcc-openat": 1000, "bcc-fork": 100 + 101}.get(tool)
        if expected:
            self.assertEqual(seen + run.end["dropped"]["buffer"], expected, run)
        else:
            self.assertGreaterEqual(seen + run.end["dropped"]["buffer"], 1500, run)


class Many(Judged):
    """Many tools at once count the same, and share a cache."""

    def together(self, number, *args):
        work = self.workload("openat 101 13 + getppid 211 + fork 7")
        runs = [self.own(Tool(tool, "--pid", work.pid, "--descendants", *args)) for tool in STREAM
                for _ in range(number)]
        for running in runs:
            running.ready()
        work.go()
        for running in runs:
            run = running.stop()
            self.assertEqual(run.status, 0, run)
            self.assert_complete(run)

    def test_at_once(self):
        self.together(2)

    @thorough
    def test_twenty_of_each_at_once(self):
        self.together(20)

    @thorough
    @per_tool
    def test_one_cache_entry(self, tool):
        """
        Several tools write a cache file that does not exist yet: each of them works, and later
        ones find the file.
        """
        args = ["--name", f"w{os.urandom(4).hex()}*", "--duration", "0.1", "-v"]
        for running in [self.own(Tool(tool, *args)) for _ in range(3)]:
            self.assertEqual(running.finish().status, 0)
        self.assertIn("took from the cache", self.run_tool(tool, *args).err)
