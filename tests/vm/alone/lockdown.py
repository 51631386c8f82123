# SPDX-License-Identifier: MIT
"""
Each tool counts exactly, or ends with status 1 and a line that names the lockdown; `--check` says
the same before.
"""

import pathlib
import subprocess

from harness import Case, workload_path

LOCKDOWN = pathlib.Path("/sys/kernel/security/lockdown")
RUNS = ("bcc-syscalls -i 0", "bcc-syscalls -L --by process,syscall", "bcc-syscalls --stream",
        "bcc-openat -i 0",
        "bcc-openat --by path", "bcc-openat --stream -F", "bcc-fork")


class Locked(Case):
    """In the order of their names: there is no way back."""

    @classmethod
    def setUpClass(cls):
        if not LOCKDOWN.exists():
            subprocess.run(["mount", "-t", "securityfs", "securityfs", LOCKDOWN.parent], check=True)

    def observe(self, mode, words):
        tool, *args = words.split()
        check = self.run_tool(tool, *args, "--check")
        run = self.run_tool(tool, *args, "--", workload_path(), *"openat 101 13 + fork 7".split(),
                            output="json")
        self.assertEqual(check.status, min(run.status, 1), f"{check}{run}")
        self.assertIn(f"[{mode}]" if mode == "integrity" else mode, check.out.decode(), check)
        if run.status:
            self.assertEqual((run.status, run.out), (1, b""), run)
            self.assertRegex(run.err.splitlines()[-1], "lockdown", run)
            return "refused"
        end = run.check().end
        if tool == "bcc-openat":
            self.assertEqual((end["opens"], end["failed"]), (114, 13), run)
        elif tool == "bcc-fork":
            self.assertEqual((end["forks"], end["exits"]), (7, 8), run)
        elif "--stream" in args:
            self.assertEqual(len([event for event in run.events if event["syscall"] == "openat"]),
                             114, run)
        else:
            self.assertEqual(sum(row["calls"] for row in run.rows if row["syscall"] == "openat"),
                             114, run)
        return "works"

    def observe_all(self, mode):
        LOCKDOWN.write_text(mode)
        for words in RUNS:
            with self.subTest(mode=mode, words=words):
                print(f"{mode:16} {words:40} {self.observe(mode, words)}", flush=True)

    def test_1_integrity(self):
        self.observe_all("integrity")

    def test_2_confidentiality(self):
        self.observe_all("confidentiality")
