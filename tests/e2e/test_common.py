# SPDX-License-Identifier: MIT
"""
What all three tools have in common: options, signals, exit statuses, and a clear line when a
command line is wrong.
"""

import os
import re
import signal
import stat

from harness import (NOBODY, Case, Process, Tool, each, essential, fresh_path, gone_pid, patience,
                     per_tool, workload_path)

LONG_OPTIONS = """pid tid ppid descendants uid name cgroup interval duration output top sort
    timestamp no-clear stats check ebpf explain program quiet verbose help version""".split()


@essential
class Start(Case):
    """
    What a tool prints when its probes are live: the Tracing line, the start record, -q, -v,
    --stats.
    """

    @per_tool
    def test_tells_when_it_is_ready(self, tool):
        """The heading goes to standard error: standard output carries nothing but data."""
        running = self.own(Tool(tool))
        running.wait_for("`Tracing`", lambda: re.search(rb"^Tracing .+\n", running.err.data, re.M),
                         patience(30))
        running.wait_for("the start record", running.lines, patience(30))
        self.assertEqual(running.records()[0]["type"], "start", running)
        run = running.stop().check()
        self.assertEqual(len(re.findall(r"(?m)^Tracing ", run.err)), 1, run)

    @per_tool
    def test_start_names_filters_and_kernel(self, tool):
        run = self.run_tool(tool, "--pid", os.getpid(), "--duration", "0.1", output="json").check()
        self.assertEqual(run.start["kernel"], os.uname().release, run)
        self.assertIn(str(os.getpid()), str(run.start["filters"]), run)

    @per_tool
    def test_quiet(self, tool):
        run = self.run_tool(tool, "-q", "--duration", "0.1", output="json").check()
        self.assertEqual((run.status, run.err), (0, ""), run)

    @per_tool
    def test_verbose_talks_on_stderr(self, tool):
        run = self.run_tool(tool, "-v", "--duration", "0.1", output="json").check()
        self.assertEqual(run.status, 0, run)
        self.assertGreater(len(run.err.splitlines()), 1, run)

    @per_tool
    def test_stats_talk_on_stderr(self, tool):
        run = self.run_tool(tool, "--stats", "--duration", "0.1", output="json").check()
        self.assertEqual(run.status, 0, run)
        self.assertRegex(run.err, r"(?i)\bns\b", run)


class Signals(Case):
    """A signal ends a run with a last report of all that was counted."""

    STEPS = "openat 101 13 + getppid 211 + fork 7"

    def assert_complete(self, run, work):
        self.assertEqual(run.status, 0, run)
        if run.tool == "bcc-openat":
            self.assertEqual(run.check().table("pid"), {work.pid: (114, 13)}, run)
        elif run.tool == "bcc-syscalls":
            self.assertEqual(run.check().table("syscall").get("getppid"), (211, 0), run)
        else:
            self.assertEqual(run.check().end["forks"], 7, run)

    @per_tool
    @each(signal.SIGINT, signal.SIGTERM)
    def test_ends_with_all_that_was_seen(self, number, tool):
        work = self.workload(self.STEPS)
        running = self.start(tool, "--pid", work.pid)
        work.go()
        self.assert_complete(running.stop(number), work)

    @each("bcc-syscalls", "bcc-openat")
    def test_the_last_table_is_printed(self, tool):
        """Rows come long before an interval of an hour is over."""
        work = self.workload(self.STEPS)
        run, _ = self.attach(tool, work, "--pid", work.pid, "--interval", "3600", output=None)
        self.assertRegex(run.out.decode(), r"\b114\b.*(?s:.*)\bTOTAL\b|\bTOTAL\b(?s:.*)\b114\b",
                         run)

    @each("bcc-syscalls", "bcc-openat")
    def test_interval_zero_reports_at_the_end(self, tool):
        work = self.workload(self.STEPS)
        run, _ = self.attach(tool, work, "--pid", work.pid, "--interval", "0")
        self.assert_complete(run, work)
        self.assertEqual(len(run.totals), 1, run)

    @per_tool
    def test_signal_while_starting(self, tool):
        """A signal ends the tool even before it is ready, and perhaps before it can catch any."""
        running = self.own(Tool(tool, output=None))
        running.popen.send_signal(signal.SIGTERM)
        self.assertIn(running.end(), (0, -signal.SIGTERM), running)


class CommandStatus(Case):
    """`tool -- COMMAND` ends with COMMAND's exit status, like env(1) and timeout(1)."""

    def status(self, tool, *command):
        return self.run_tool(tool, "--", *command)

    @per_tool
    @each(0, 13, 251)
    def test_its_own(self, code, tool):
        run = self.status(tool, "/bin/sh", "-c", f"exit {code}")
        self.assertEqual(run.status, code, run)

    @per_tool
    @each("KILL", "TERM", "SEGV")
    def test_killed(self, name, tool):
        run = self.status(tool, "/bin/sh", "-c", f"ulimit -c 0; kill -{name} $$")
        self.assertEqual(run.status, 128 + signal.Signals["SIG" + name], run)

    @per_tool
    @each("/nonexistent/command", "no-such-command-bcc-tools")
    def test_not_found(self, command, tool):
        run = self.status(tool, command)
        self.assertEqual(run.status, 127, run)
        self.assertEqual(len([l for l in run.err.splitlines() if command in l and "Tracing"
                              not in l]), 1, run)

    @per_tool
    def test_not_executable(self, tool):
        path = fresh_path("plain-file")
        path.write_text("text\n")
        path.chmod(stat.S_IRUSR)
        for command in (path, path.parent):
            with self.subTest(command=command):
                run = self.status(tool, command)
                self.assertEqual(run.status, 126, run)
                self.assertIn(str(command), run.err, run)

    @per_tool
    def test_options_after_the_dashes_are_the_commands(self, tool):
        run = self.status(tool, "/bin/sh", "-c", 'test "$1" = --help && exit 61', "sh", "--help")
        self.assertEqual(run.status, 61, run)

    @per_tool
    def test_signals_are_as_they_were(self, tool):
        """
        The command starts with the signal mask and the dispositions that it would have without
        the tool.
        """
        path = fresh_path("signals")
        command = ["/bin/sh", "-c", 'grep -E "^Sig(Blk|Ign)" /proc/self/status >"$1"', "sh", path]
        self.assertEqual(self.own(Process(command)).end(), 0)
        expected = path.read_text()
        self.assertEqual(self.status(tool, *command).status, 0)
        self.assertEqual(path.read_text(), expected)


class Usage(Case):
    """
    A wrong command line: status 2, nothing on standard output, and nothing has been started.
    """

    def assert_usage(self, run, option, value):
        """
        The tool prints two lines: what is wrong, naming the option and its value, and where to
        look.
        """
        self.assertEqual(run.status, 2, run)
        self.assertEqual(run.out, b"", run)
        lines = run.err.splitlines()
        self.assertEqual(len(lines), 2, run)
        self.assertIn(option, lines[0], run)
        self.assertIn(str(value), lines[0], run)
        self.assertTrue(lines[1].startswith(f"Try '{run.tool} --help'"), run)

    BAD = {
        "--interval": ("abc", "-1", "1e99", "nan", "inf", "1s", "", " 1", "0x10000000000000000000",
                       "1,5"),
        "--duration": ("abc", "-1", "1e99", "nan", "1h2"),
        "--top": ("abc", "-1", "1.5", "99999999999999999999", "10x", ""),
        "--sort": ("no-such-column", "-no-such-column", ""),
        "--output": ("xml", "", "JSON5"),
        "--pid": ("abc", "-1", "1,", ",1", "1,,1", "", "99999999999", "4294967297", "1.0"),
        "--tid": ("abc", "-1", "99999999999"),
        "--ppid": ("abc", "-1", "99999999999"),
        "--uid": ("no-such-user-bcc", "-1", "4294967296", "", "0,no-such-user-bcc"),
        "--cgroup": ("/nonexistent-cgroup", "/tmp", "/dev/null", ""),
    }

    @per_tool
    @each(*BAD)
    def test_bad_value(self, option, tool):
        # if the tool wrongly accepts the option
        ends = [] if option == "--duration" else ["--duration", "0.1"]
        for value in self.BAD[option]:
            with self.subTest(value=value):
                run = self.run_tool(tool, option, value, *ends)
                # Of a list the message may name one element, of -COLUMN the column.
                named = [part.lstrip("-") for part in value.split(",") if "no-such" in part or part
                         == value]
                self.assert_usage(run, option, named[0] if named else "")

    @per_tool
    @each("--pid", "--tid", "--ppid")
    def test_no_such_process(self, option, tool):
        pid = gone_pid()
        self.assert_usage(self.run_tool(tool, option, pid), option, pid)
        self.assert_usage(self.run_tool(tool, option, f"{os.getpid()},{pid}"), option, pid)

    @per_tool
    def test_unknown_option(self, tool):
        self.assert_usage(self.run_tool(tool, "--frobnicate"), "frobnicate", "")
        self.assert_usage(self.run_tool(tool, "-9"), "9", "")

    @per_tool
    @each("--pid", "--interval", "--output")
    def test_missing_value(self, option, tool):
        self.assert_usage(self.run_tool(tool, option), option.lstrip("-"), "")

    @per_tool
    def test_descendants_of_whom(self, tool):
        self.assert_usage(self.run_tool(tool, "--descendants"), "--descendants", "--pid")

    @per_tool
    def test_command_and_pid_exclude_each_other(self, tool):
        run = self.run_tool(tool, "--pid", os.getpid(), "--", "/bin/true")
        self.assert_usage(run, "--pid", "")
        run = self.run_tool(tool, "--tid", os.getpid(), "--", "/bin/true")
        self.assert_usage(run, "--tid", "")

    def test_what_would_do_nothing(self):
        for tool, option, *words in (
                ("bcc-fork", "--interval", "-i", "2"),
                ("bcc-fork", "--rusage", "--rusage", "-E", "fork"),
                ("bcc-fork", "--tree", "--tree", "-o", "json"),
                ("bcc-syscalls", "--pid", "-l", "-p", "1"),
                ("bcc-openat", "--timestamp", "-T", "-o", "csv"),
                ("bcc-openat", "--flags", "-w", "--flags", "O_RDONLY")):
            with self.subTest(tool=tool, words=words):
                self.assert_usage(self.run_tool(tool, *words), option, "")

    @per_tool
    def test_no_command_after_the_dashes(self, tool):
        run = self.run_tool(tool, "--")
        self.assertEqual(run.status, 2, run)

    @per_tool
    def test_nothing_was_started(self, tool):
        """The tool finds a wrong option before it runs the command."""
        path = fresh_path("touched")
        self.assert_usage(self.run_tool(tool, "--top", "x", "--", "/bin/touch", path), "--top", "x")
        self.assertFalse(path.exists())


class Information(Case):
    """--help, --version and the like need no probes and no privilege."""

    @per_tool
    @each("--help", "-h", "--version", "-V")
    def test_to_stdout(self, option, tool):
        for user in (None, NOBODY):
            with self.subTest(user=user):
                run = self.run_tool(tool, option, user=user)
                self.assertEqual((run.status, run.err), (0, ""), run)
                self.assertIn(tool, run.out.decode(), run)

    @per_tool
    def test_help_names_every_option(self, tool):
        text = self.run_tool(tool, "--help", "all").out.decode()
        self.assertEqual([name for name in LONG_OPTIONS if f"--{name}" not in text], [], text)

    @per_tool
    def test_version_is_the_start_records(self, tool):
        text = self.run_tool(tool, "--version").out.decode()
        run = self.run_tool(tool, "--duration", "0.1", output="json").check()
        self.assertIn(run.start["version"], text, run)

    @per_tool
    def test_ebpf_without_privilege(self, tool):
        run = self.run_tool(tool, "--ebpf", user=NOBODY)
        self.assertEqual((run.status, run.err), (0, ""), run)
        self.assertRegex(run.out.decode(), r"(?s)\bstruct\b.*\{.*\breturn\b.*\}", run)

    @per_tool
    def test_ebpf_starts_no_command(self, tool):
        path = fresh_path("touched")
        self.assertEqual(self.run_tool(tool, "--ebpf", "--", "/bin/touch", path).status, 0)
        self.assertFalse(path.exists())

    @per_tool
    def test_check(self, tool):
        run = self.run_tool(tool, "--check")
        self.assertEqual(run.status, 0, run)
        self.assertGreaterEqual(len(run.out.splitlines()), 3, run)

    @per_tool
    def test_check_without_privilege(self, tool):
        run = self.run_tool(tool, "--check", user=NOBODY)
        self.assertEqual(run.status, 1, run)
        lines = run.out.decode().splitlines()
        self.assertRegex(lines[-2], "^missing +privilege .*run it with sudo", run)
        self.assertRegex(lines[-1], f"^missing +{tool} +would not run: see privilege$", run)


class Unprivileged(Case):
    """A user without privileges gets one clear line, and COMMAND does not run."""

    @per_tool
    @each("json", "table", "csv")
    def test_one_clear_line(self, output, tool):
        run = self.run_tool(tool, output=output, user=NOBODY)
        self.assertEqual((run.status, run.out), (1, b""), run)
        self.assertEqual(len(run.err.splitlines()), 1, run)
        self.assertRegex(run.err, r"root|privilege|CAP_|permi|EPERM|EACCES", run)

    @per_tool
    def test_the_command_is_not_run(self, tool):
        run = self.run_tool(tool, "--", workload_path(), "getppid", "1", user=NOBODY)
        self.assertEqual((run.status, run.out), (1, b""), run)

    @per_tool
    def test_usage_comes_first(self, tool):
        self.assertEqual(self.run_tool(tool, "--top", "x", user=NOBODY).status, 2)
