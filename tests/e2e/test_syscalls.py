# SPDX-License-Identifier: MIT
"""bcc-syscalls counts every system call and every error, as the workload and strace do."""

import re
import subprocess

from harness import ENVIRONMENT, Case, both_ways, essential, fresh_path, patience, workload_path

TOOL = "bcc-syscalls"

# What strace's table cannot hold or ptrace itself changes, with the reason. Nothing else may
# differ.
NOT_IN_STRACE = {
    "exit": "never returns, and strace counts a call when it returns",
    "exit_group": "never returns, and strace counts a call when it returns",
}


def strace_counts(command):
    """{syscall: (calls, errors)} as `strace -c -f` prints them."""
    summary = fresh_path("strace")
    subprocess.run(["strace", "-c", "-f", "-o", summary, *command], env=ENVIRONMENT, check=True,
                   cwd="/",
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=patience(30))
    counts = {}
    for line in summary.read_text().splitlines():
        match = re.match(r"\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(\d*)\s+(\w+)$", line)
        if match and match[3] != "total":
            counts[match[3]] = (int(match[1]), int(match[2] or 0))
    return counts


# If a signal comes just as one of these begins, the kernel begins it again: one more call, which
# failed.
RESTARTED = ("clone", "clone3", "fork", "vfork")


def without_restarts(counts):
    """
    The same counts, without the restarted attempts of calls that the kernel restarts now and
    then.
    """
    return {name: (calls - errors, 0) if name in RESTARTED else (calls, errors)
            for name, (calls, errors) in counts.items()}


@essential
class Counts(Case):
    """Counts of calls and errors, by thread and process, and their order."""

    @both_ways
    def test_calls(self, way):
        run, results = self.observe(way, TOOL, "getppid 1009")
        self.assertEqual(run.table("syscall").get("getppid"), (1009, 0), run)
        self.assertEqual(results.one("getppid")["errors"], 0)

    @both_ways
    def test_errors(self, way):
        run, _ = self.observe(way, TOOL, "syscall close 211 -1")
        self.assertEqual(run.table("syscall").get("close"), (211, 211), run)

    @both_ways
    def test_some_fail(self, way):
        run, _ = self.observe(way, TOOL, "openat 1009 211")
        rows = run.table("syscall")
        self.assertEqual((rows.get("openat"), rows.get("close")), ((1220, 211), (1009, 0)), run)

    @both_ways
    def test_threads(self, way):
        run, _ = self.observe(way, TOOL, "openat 1009 211 7")
        rows = run.table("syscall")
        self.assertEqual((rows.get("openat"), rows.get("close")), ((1220, 211), (1009, 0)), run)

    @both_ways
    def test_children(self, way):
        run, _ = self.observe(way, TOOL, "spawn 11 getppid 101 + syscall close 13 -1", tree=True)
        rows = run.table("syscall")
        self.assertEqual((rows.get("getppid"), rows.get("close")), ((1111, 0), (143, 143)), run)

    @both_ways
    def test_a_call_that_returns_twice_is_one_call(self, way):
        """clone and vfork return in the child too: that is no second call."""
        run, _ = self.observe(way, TOOL, "fork 13 + vfork 11", tree=True)
        rows = run.table("syscall")
        self.assertEqual(rows.get("clone", (0, 0))[0] + rows.get("vfork", (0, 0))[0], 24, run)
        self.assertEqual(rows.get("wait4"), (24, 0), run)

    @both_ways
    def test_calls_below_a_process_are_left_out_without_descendants(self, way):
        if way == "command":
            self.assertEqual(self.command(TOOL, "spawn 3 getppid 7")[0].table("syscall")["getppid"],
                             (21, 0))
            return
        run, _ = self.observe(way, TOOL, "getppid 7 + spawn 3 getppid 11")
        self.assertEqual(run.table("syscall").get("getppid"), (7, 0), run)

    def test_execve_of_the_command_is_counted(self):
        run, _ = self.command(TOOL, "exec 7")
        self.assertEqual(run.table("syscall").get("execve"), (8, 0), run)

    def test_tid_filter(self):
        work = self.workload("getppid 101", "--threads", "3")
        run, _ = self.attach(TOOL, work, "--tid", ",".join(map(str, work.tids[:2])))
        self.assertEqual(run.check().table("syscall").get("getppid"), (202, 0), run)

    def test_no_filter_sees_everyone(self):
        work = self.workload(
            "syscall sched_get_priority_max 1009 0 + syscall sched_get_priority_max 211 -1")
        tool = self.start(TOOL)
        work.go()
        run = tool.stop().check()
        calls, errors = run.table("syscall").get("sched_get_priority_max", (0, 0))
        self.assertGreaterEqual(calls, 1220, run)
        self.assertGreaterEqual(errors, 211, run)

    def test_sorted_by_calls(self):
        run, _ = self.command(TOOL, "getppid 1009 + syscall close 503 -1", "--interval", "0")
        self.assertEqual([row["syscall"] for row in run.rows][:2], ["getppid", "close"], run)
        calls = [row["calls"] for row in run.rows]
        self.assertEqual(calls, sorted(calls, reverse=True), run)

    def test_sort_and_top(self):
        run, _ = self.command(TOOL, "getppid 1009 + syscall close 503 -1", "--interval", "0",
                              "--sort", "errors", "--top", "1")
        self.assertEqual([(r["syscall"], r["errors"]) for r in run.rows], [("close", 503)], run)
        self.assertGreater(run.totals[0]["rows"], 2, run)
        self.assertGreaterEqual(run.end["calls"], 1512, run)


class Strace(Case):
    """
    `bcc-syscalls -- COMMAND` and `strace -c -f COMMAND` agree, call by call, in calls and errors.
    """

    def assert_agree(self, command, ptrace_changes=()):
        expected = without_restarts(strace_counts(command))
        for args in ((), ("-L",), ("--by", "process,syscall"),
                     ("-L", "--by", "thread,syscall,errno", "-i", "0")):
            with self.subTest(args=args):
                self.assert_counts(expected, self.run_tool(TOOL, *args, "--", *command,
                                                           output="json"), ptrace_changes)

    def assert_counts(self, expected, run, ptrace_changes):
        self.assertEqual(run.status, 0, run)
        got = without_restarts(run.check().table("syscall"))
        left_out = set(NOT_IN_STRACE) | set(ptrace_changes)
        names = sorted((set(got) | set(expected)) - left_out)
        differ = [f"{name}: strace {expected.get(name, 'no row')}, {TOOL} {got.get(name, 'no row')}"
                  for name in names if expected.get(name) != got.get(name)]
        self.assertEqual(differ, [], f"(calls, errors) differ; {run}")
        self.assertGreater(len(names), 9, run)

    def test_workload(self):
        # No SIGKILL: a kill(2) of oneself returns in the kernel, and strace never sees that it
        # did.
        steps = ("openat 101 13 + getppid 211 + syscall close 17 -1 + fork 7 + vfork 5 + exec 3"
                 " + exit 0 1 + signal SIGTERM")
        self.assert_agree([workload_path(), "--out", str(fresh_path("out")), *steps.split()])

    def test_ls_recursive(self):
        top = fresh_path("tree")
        for number in range(7):
            below = top / f"dir-{number}" / "below"
            below.mkdir(parents=True)
            for name in range(5):
                (below / f"file-{name}").write_text("x")
        self.assert_agree(["/bin/sh", "-c", 'exec ls -lR "$1" >/dev/null', "sh", str(top)])

    def test_shell_script_with_pipes(self):
        """The command is a bare name: the search in PATH is not among the command's calls."""
        script = ("printf 'b\\na\\n' | sort | wc -l; "
                  "for i in 1 2 3; do cat /dev/null; cat /nonexistent; done")
        self.assert_agree(["sh", "-c", f"{{ {script}; }} >/dev/null 2>&1; exit 0"], ptrace_changes={
            # two children that end close together send one SIGCHLD or two
            "rt_sigreturn": "one for each SIGCHLD delivered, and signals merge as timing has it",
        })
