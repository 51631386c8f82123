# SPDX-License-Identifier: MIT
"""bcc-fork, and the ids of the other tools, in a PID namespace."""

import json
import subprocess

from forks import OptionCase, TOOL
from harness import Process, patience, tool_environment, tool_path


class Container(OptionCase):
    """In a PID namespace of its own the tool uses that namespace's ids."""

    def inside(self, tool, *args, output="json"):
        argv = ["unshare", "--pid", "--fork", "--mount-proc", tool_path(tool), "-o", output, *args]
        done = subprocess.run(argv, capture_output=True, timeout=patience(30), check=False,
                              env=tool_environment())
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_ids_of_both(self):
        records = self.inside(TOOL, "--", "/bin/sh", "-c", "/bin/true; exit 0")
        first = next(r for r in records if r["type"] == "exec")
        self.assertEqual((first["comm"], first["ppid"]), ("sh", 1))
        self.assertGreater(first["host_pid"], first["pid"])
        (fork,) = [r for r in records if r["type"] == "fork"]
        self.assertEqual((fork["ppid"], fork["host_ppid"]), (first["pid"], first["host_pid"]))
        self.assertEqual([r["exits"] for r in records if r["type"] == "end"], [2])

    def test_host_pids(self):
        records = self.inside(TOOL, "--host-pids", "--", "/bin/true")
        for record in (r for r in records if r["type"] in ("exec", "exit")):
            self.assertEqual(record["pid"], record["host_pid"])

    def test_a_summary_by_either(self):
        for options, key in ((), "pid"), (("--host-pids",), "host_pid"):
            records = self.inside(TOOL, "--summary", *options, "--", "/bin/sh", "-c",
                                  "/bin/true; exit 0")
            ids = {r["pid"] for r in records if r["type"] in ("forker", "shortest")}
            self.assertTrue(ids)
            self.assertEqual({pid < 10 for pid in ids}, {key == "pid"}, records)

    def test_lineage_of_those_outside(self):
        """Processes from outside have no id in the namespace, so nobody knows their parent."""
        work = self.workload("comm outsider + fork 3")
        tool = self.own(Process(["unshare", "--pid", "--fork", "--kill-child", "--mount-proc",
                                 tool_path(TOOL), "-o", "json",
                                 "--lineage", "-n", "outsider", "-d", "300"]))
        tool.wait_for("the start record", lambda: b"\n" in tool.out.data, patience(30))
        work.go()
        tool.wait_for("the events", lambda: tool.out.data.count(b'"outsider","code"') == 4)
        records = [json.loads(line) for line in tool.out.data.splitlines()[1:]]
        self.assertEqual(len(records), 7)
        for record in records:
            self.assertEqual((record["pid"], record["lineage"]), (0, ["outsider"]), record)

    def test_no_host_ids_outside(self):
        run = self.trace("/bin/true")
        for event in run.events:
            self.assertNotIn("host_pid", event, run)

    def test_the_other_tools(self):
        records = self.inside("bcc-openat", "--", "/bin/cat", "/dev/null")
        (row,) = [r for r in records if r["type"] == "row"]
        self.assertLess(row["pid"], 10)
        records = self.inside("bcc-syscalls", "--", "/bin/true")
        calls = {r["syscall"]: r["calls"] for r in records if r["type"] == "row"}
        self.assertEqual((calls["execve"], calls["exit_group"]), (1, 1))
