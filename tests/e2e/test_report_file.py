# SPDX-License-Identifier: MIT
"""--report FILE: the report goes there, and COMMAND keeps its streams."""

import json
import os
import signal
import stat

from harness import Case, Tool, each, fresh_path, per_tool, wait_until, workload_path

SCRIPT = 'echo to-stdout; echo to-stderr >&2; exec "$0" openat 11 2 + fork 3'


def command():
    return "/bin/sh", "-c", SCRIPT, workload_path()


def records(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


class ReportFile(Case):
    @per_tool
    def test_streams(self, tool):
        """The command's output is where it belongs, and FILE has the records and nothing else."""
        path = fresh_path("report")
        run = self.run_tool(tool, "-q", "--report", path, "--", *command(), output="json")
        self.assertEqual(run.status, 0, run)
        lines = run.out.splitlines()
        self.assertEqual(lines[0], b"to-stdout", run)
        self.assertTrue(all(b'"type"' not in line for line in lines), run)
        self.assertTrue(run.err.startswith("to-stderr\n"), run)
        found = records(path)
        self.assertEqual((found[0]["type"], found[-1]["type"]), ("start", "end"), run)
        key, least = {"bcc-openat": ("opens", 13), "bcc-fork": ("forks", 3),
                      "bcc-syscalls": ("calls", 16)}[tool]
        self.assertGreaterEqual(found[-1][key], least, run)

    @each("table", "csv", "json", "svg", "trace", "folded")
    def test_formats(self, kind):
        path = fresh_path("report")
        run = self.run_tool("bcc-fork", "-q", "--report", path, "--", "/bin/echo", "hello",
                            output=kind)
        self.assertEqual((run.status, run.out, run.err), (0, b"hello\n", ""), run)
        self.assertIn("echo", path.read_text())

    def test_the_file(self):
        """It is created with the umask, and emptied; the Tracing line stays where it is."""
        path = fresh_path("report")
        for before in (None, "x" * 10_000):
            if before:
                path.write_text(before)
            run = self.run_tool("bcc-openat", "-i", "0", "--report", path, "--", "/bin/true",
                                output="csv", before=lambda: os.umask(0o027))
            self.assertEqual((run.status, run.out), (0, b""), run)
            self.assertIn("Tracing ", run.err)
            self.assertTrue(path.read_text().startswith("interval,"), path.read_text()[:100])
            self.assertNotIn("x" * 100, path.read_text())
            if not before:
                self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o640)

    def test_dash_is_standard_output(self):
        run = self.run_tool("bcc-openat", "-q", "--report", "-", "--", *command(), output="json")
        self.assertEqual((run.status, run.end["opens"] >= 13), (0, True), run)
        self.assertTrue(run.err.startswith("to-stdout\nto-stderr\n"), run)

    def test_standard_output_is_let_go(self):
        """Who reads it does not wait for a tool without a COMMAND."""
        path = fresh_path("report")
        running = self.start("bcc-openat", "--report", path, "--pid", os.getpid(), output=None)
        self.assertTrue(wait_until(lambda: not any(
            os.readlink(f"/proc/{running.pid}/fd/{fd}").startswith("pipe:")
            for fd in os.listdir(f"/proc/{running.pid}/fd") if fd != "2")))
        self.assertEqual(running.stop().status, 0)

    @per_tool
    def test_cannot_be_opened(self, tool):
        for path, why in (("/", "EISDIR"), ("/nonexistent/x", "ENOENT"), ("/proc/x", "ENOENT")):
            with self.subTest(path=path):
                run = self.run_tool(tool, "--report", path, "--", "/bin/echo", "ran", output=None)
                self.assertEqual((run.status, run.out, len(run.err.splitlines())), (1, b"", 1), run)
                self.assertRegex(run.err, rf"--report: cannot open '{path}': .*\({why}\)")

    @per_tool
    def test_full_disk(self, tool):
        run = self.run_tool(tool, "-q", "--report", "/dev/full", "--", "/bin/echo", "ran",
                            output="json")
        self.assertEqual((run.status, len(run.err.splitlines())), (1, 1), run)
        self.assertIn("cannot write the report: no space left on device (ENOSPC)", run.err)

    @per_tool
    def test_fifo(self, tool):
        """It has what a pipe would have; when its reader goes away the run ends quietly."""
        fifo = fresh_path("fifo")
        os.mkfifo(fifo)
        running = self.own(Tool(tool, "--report", fifo, "--pid", os.getpid()))
        with open(fifo, "rb") as reader:
            self.assertEqual(json.loads(reader.readline())["type"], "start")
        self.assertEqual(running.end(), 0, running)
        self.assertEqual(running.err.data.count(b"\n"), 1, running)

    @per_tool
    def test_fifo_without_a_reader(self, tool):
        fifo = fresh_path("fifo")
        os.mkfifo(fifo)
        running = self.own(Tool(tool, "--report", fifo, "--pid", os.getpid()))
        self.assertTrue(wait_until(lambda: "openat" in self.where(running.pid)), running)
        running.popen.send_signal(signal.SIGINT)
        self.assertEqual(running.end(), -signal.SIGINT, running)

    @staticmethod
    def where(pid):
        with open(f"/proc/{pid}/syscall") as file:
            return {"257": "openat", "56": "openat"}.get(file.read().split()[0], "")

    @each(("--check",), ("--ebpf",), ("--clear-cache",), ("--report", ""))
    def test_wrong_usage(self, args):
        path = fresh_path("report")
        run = self.run_tool("bcc-syscalls", "--report", path, *args)
        self.assertEqual((run.status, run.out, len(run.err.splitlines())), (2, b"", 2), run)
        self.assertIn("--report", run.err)
        self.assertFalse(path.exists())

    def test_list(self):
        run = self.run_tool("bcc-syscalls", "--report", fresh_path("report"), "--list")
        self.assertEqual((run.status, run.out), (2, b""), run)
