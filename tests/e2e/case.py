# SPDX-License-Identifier: MIT
"""The base classes of all tests: they start tools and workloads and clean up after a test."""

import os
import unittest

from built import fresh_path, workload_path
from finished_run import Results
from marks import expand_each
from kernel_facts import cgroup_root
from running import Tool, Workload, words
from setting import patience
from waiting import wait_until


class Case(unittest.TestCase):
    maxDiff = 4000

    def __init_subclass__(cls):
        expand_each(cls)

    def own(self, process):
        """Kill this process when the test ends."""
        self.addCleanup(process.kill)
        return process

    def start(self, tool, *args, **options):
        """Start a tool and wait until its probes are live."""
        return self.own(Tool(tool, *args, **options)).ready()

    def run_tool(self, tool, *args, output=None, within=60, **options):
        """Run a tool that ends by itself, in far less than so many seconds. Returns the Run."""
        tool = self.own(Tool(tool, *args, output=output, **options))
        return tool.finish(patience(within))

    def workload(self, steps, *options, **identity):
        """Start a workload, which waits at its gate."""
        return self.own(Workload(steps, *options, **identity))

    def command(self, tool, steps, *args, **options):
        """Run the workload as `tool ARGS -- workload STEPS`. Returns the Run and the Results."""
        out = fresh_path("results")
        run = self.run_tool(tool, *args, "--", workload_path(), "--out", out, *words(steps),
                            **{"output": "json", **options})
        self.assertEqual(run.status, 0, run)
        return run, Results(out.read_bytes())

    def attach(self, tool, workload, *args, **options):
        """Start the tool, let the waiting workload work, end the tool. Returns Run and Results."""
        running = self.start(tool, *args, **options)
        results = workload.go()
        run = running.stop()
        self.assertEqual(run.status, 0, run)
        return run, results

    def observe(self, way, tool, steps, *args, tree=False):
        """
        Run a workload under the tool: as its command (way "command"), or by its pid ("pid"), there
        with --descendants if tree. Returns the checked Run and the Results.
        """
        if way == "command":
            run, results = self.command(tool, steps, *args)
        else:
            work = self.workload(steps)
            tree = ["--descendants"] if tree else []
            run, results = self.attach(tool, work, "--pid", work.pid, *tree, *args)
        return run.check(), results


class CgroupCase(Case):
    """For tests that make cgroups."""

    def make_cgroup(self, parent=None):
        """Make an empty cgroup, which is removed when the test ends. Returns its path."""
        root = parent or cgroup_root()
        if root is None:
            self.skipTest("no writable cgroup2 mount")
        path = root / fresh_path(f"bcc-tools-e2e-{os.getpid()}-cgroup").name
        path.mkdir()
        self.addCleanup(self.remove, path)
        return path

    def remove(self, path):
        """Remove a cgroup as soon as the kernel lets it go."""
        def removed():
            try:
                path.rmdir()
            except OSError:
                return False
            return True
        self.assertTrue(wait_until(removed), f"cannot remove {path}")
