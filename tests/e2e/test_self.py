# SPDX-License-Identifier: MIT
"""Without --self no run counts what the tool's own processes do."""

import os

import faults
from harness import Case, Tool, each, essential, fresh_path, tool_path, wait_until
from live import LiveCase

IN_NAMESPACE = ("unshare", "--pid", "--fork", "--mount-proc")


@essential
class Self(Case):
    """
    A tool under a name that nobody else has: a filter by that name selects the tool's processes, so
    what it counts is theirs alone.
    """

    def named(self, tool, *args, wrapper=()):
        """Let it run for some reports. Returns the Run, and the ids of the tool's processes."""
        path = fresh_path(f"s{os.getpid()}")
        path.symlink_to(tool_path(tool))
        # The shell gets the tool's usual path behind this one.
        wrapper = (*wrapper, "/bin/sh", "-c", 'shift; exec "$0" "$@"', path)
        running = self.own(Tool(tool, "-n", path.name[:15], "-d", "0.5", *args,
                                wrapper=wrapper)).ready()
        pids = {running.pid, *faults.children(running.pid)}
        return running.finish(), pids

    WAYS = each((), IN_NAMESPACE)
    MODES = each(("-i", "0.1"), ("-i", "0.1", "--by", "process,cgroup,user"), ("-i", "0.1", "-L"),
                 ("--stream",))

    @WAYS
    @MODES
    def test_syscalls(self, args, wrapper):
        run, _ = self.named("bcc-syscalls", *args, wrapper=wrapper)
        self.assertEqual((run.status, run.end["calls"]), (0, 0), run)
        run, _ = self.named("bcc-syscalls", "--self", *args, wrapper=wrapper)
        self.assertEqual((run.status, run.end["calls"] > 0), (0, True), run)

    @WAYS
    def test_openat(self, wrapper):
        run, _ = self.named("bcc-openat", "-i", "0.1", "--all", wrapper=wrapper)
        self.assertEqual((run.status, run.end["opens"]), (0, 0), run)

    def test_helpers_count_with_self(self):
        run, pids = self.named("bcc-syscalls", "-i", "0.1", "--by", "process,cgroup,user", "--self")
        self.assertEqual(len(pids), 3, run)
        self.assertEqual({row["pid"] for row in run.select("row")}, pids, run)


class EverythingElse(Case):
    """A run without filters counts all but the tool."""

    @each("bcc-syscalls", "bcc-openat")
    def test_rows_by_process(self, tool):
        work = self.workload("openat 101 13")
        running = self.start(tool, "--by", "process", "-i", "0.1")
        pids = {running.pid, *faults.children(running.pid)}
        work.go()
        self.assertTrue(wait_until(lambda: len(running.records("total")) >= 5), running)
        run = running.stop().check()
        found = {row["pid"] for row in run.select("row")}
        self.assertEqual((work.pid in found, found & pids), (True, set()), run)

    def test_wrong_usage(self):
        for args in (("-p", os.getpid()), ("-t", os.getpid()), ("--", "true")):
            with self.subTest(args=args):
                run = self.run_tool("bcc-openat", "--self", *args)
                self.assertEqual((run.status, run.out), (2, b""), run)
                self.assertIn("--self", run.err)


@essential
class SelfLive(LiveCase):
    """Nor do views that are opened from a live view count, or are counted."""

    @each("bcc-syscalls", "bcc-openat")
    def test_views(self, tool):
        path = fresh_path(f"s{os.getpid()}")
        path.symlink_to(tool_path(tool))
        live = self.live(tool, "-n", path.name[:15], "-i", "0.2", program=path)
        nothing = "Nothing happened in this interval."
        live.wait_for_screen("nothing", lambda text: nothing in text)
        for number in range(2):
            live.press(b"t")
            live.wait_for_screen("nothing", lambda text: f"{tool} > by " in text and
                                 nothing in text)
            for _ in range(3):  # whole intervals of it
                live.forget_screen()
                live.wait_for_screen("more", lambda text: nothing in text or "TOTAL" in text)
                self.assertNotIn("TOTAL", str(live.screen()), f"{number}{live}")
        live.press(b"\x1b")
        for _ in range(4):
            live.forget_screen()
            live.wait_for_screen("more", lambda text: nothing in text or "TOTAL" in text)
            self.assertNotIn("TOTAL", str(live.screen()), live)
        live.press(b"q")
        self.assert_end(live)
        # The first view went on counting while the others were there: its history has no bar.
        self.assertNotRegex(live.out.data.decode(), r"most (?!0\.0)")
