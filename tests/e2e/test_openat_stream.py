# SPDX-License-Identifier: MIT
"""bcc-openat --stream: each open as it returns, in order, with its arguments and its result."""

import os
import re

from harness import NOBODY, CgroupCase, Tool, both_ways, each, essential, fresh_path, many
from opens import MISSING, O_LARGEFILE, OPENAT, TOOL, OpenCase, named, openat, opens

NULL = "/dev/null"
# What a program gives, and how it is shown.
FLAGS = ((os.O_RDONLY, ["O_RDONLY"]), (os.O_WRONLY, ["O_WRONLY"]), (os.O_RDWR, ["O_RDWR"]),
         (os.O_WRONLY | os.O_CREAT | os.O_TRUNC, ["O_WRONLY", "O_CREAT", "O_TRUNC"]),
         (os.O_RDWR | os.O_CREAT | os.O_EXCL, ["O_RDWR", "O_CREAT", "O_EXCL"]),
         (os.O_RDWR | os.O_APPEND | os.O_CLOEXEC, ["O_RDWR", "O_APPEND", "O_CLOEXEC"]),
         (os.O_NONBLOCK | os.O_NOCTTY, ["O_RDONLY", "O_NOCTTY", "O_NONBLOCK"]),
         (os.O_DIRECTORY, ["O_RDONLY", "O_DIRECTORY"]),
         (os.O_PATH | os.O_NOFOLLOW, ["O_RDONLY", "O_NOFOLLOW", "O_PATH"]),
         (os.O_WRONLY | os.O_SYNC, ["O_WRONLY", "O_SYNC"]),
         (os.O_WRONLY | os.O_DSYNC, ["O_WRONLY", "O_DSYNC"]),
         (O_LARGEFILE | os.O_NOATIME, ["O_RDONLY", "O_LARGEFILE", "O_NOATIME"]))


@essential
class Lines(OpenCase):
    """The fields of each line."""

    def stream(self, steps, *args, way="command"):
        return self.opened(steps, "--stream", *args, way=way)

    @both_ways
    def test_each_open_in_order(self, way):
        steps = [openat(3, NULL), openat(2, MISSING), openat(1, "/dev/zero")]
        run, results = self.stream(steps, way=way)
        self.assertEqual([(e["path"], e["errno"]) for e in run.events],
                         [(NULL, None)] * 3 + [(MISSING, "ENOENT")] * 2 + [("/dev/zero", None)],
                         run)
        self.assertEqual({(e["pid"], e["tid"], e["uid"], e["comm"], e["call"]) for e in run.events},
                         {(results.pid, results.pid, 0, "opener", "openat")}, run)
        given = [ret for line in results.of("open") for ret in line["ret"]]
        self.assertEqual([e["fd"] for e in run.events],
                         [ret if ret >= 0 else None for ret in given], run)
        self.assertEqual([e["errno"] for e in run.events], named(given), run)

    def test_keys(self):
        run, _ = self.stream([openat(1, NULL)])
        self.assertEqual(set(run.events[0]), {"type", "ts", "pid", "tid", "uid", "comm", "call",
                                              "fd", "slot", "errno", "flags", "mode",
                                              "dirfd", "path", "given", "truncated",
                                              "duration_ns"}, run)
        self.assertEqual(set(run.end) - {"type", "ts"},
                         {"opens", "failed", "dropped", "untimed", "seconds"}, run)

    def test_flags(self):
        path = fresh_path("flags")
        path.touch()
        run, _ = self.stream([openat(1, path, flags, 0o600) for flags, _ in FLAGS])
        self.assertEqual([e["flags"] for e in run.events], [names for _, names in FLAGS], run)

    def test_mode(self):
        """The mode is shown where a file would be made, whether or not it was."""
        path = fresh_path("made")
        write, creat = os.O_WRONLY, os.O_CREAT
        steps = [openat(1, path, write | creat, 0o640),
                 openat(1, path, write | creat | os.O_EXCL, 0o4755),
                 openat(1, path, write, 0o600), openat(1, path.parent, os.O_TMPFILE | write, 0o7),
                 openat(1, path, write | creat, 0)]
        run, _ = self.stream(steps)
        self.assertEqual([e["mode"] for e in run.events], ["0640", "4755", None, "0007", "0000"],
                         run)
        self.assertEqual([e["errno"] for e in run.events], [None, "EEXIST", None, None, None], run)

    def test_dirfd(self):
        steps = [openat(1, NULL), ["at", "/dev"], openat(1, "null"), ["at", "-1"],
                 openat(1, "null"),
                 openat(1, NULL)]
        run, _ = self.stream(steps)
        first, second, *others = run.events
        self.assertEqual([(e["dirfd"], e["errno"]) for e in (first, *others)],
                         [(None, None), (-1, "EBADF"), (-1, None)], run)
        self.assertEqual((second["dirfd"], second["path"], second["fd"]),
                         (first["fd"], "null", first["fd"] + 1), run)

    def test_all_calls(self):
        path = fresh_path("all")
        path.touch()
        write = os.O_WRONLY
        steps = [["chdir", path.parent], opens("open", 1, path, write),
                 opens("creat", 1, path, 0, 0o600), openat(1, path),
                 opens("openat2", 1, path, write), opens("open_by_handle_at", 1, path, write),
                 opens("openat2", 1, path, 0, 0, 1 << 40)]
        run, _ = self.stream(steps, "--all")
        calls = [(e["call"], e["flags"], e["mode"], e["path"], e["errno"]) for e in run.events]
        shown = str(path)
        self.assertEqual(calls, [
            ("open", ["O_WRONLY"], None, shown, None),
                                 ("creat", ["O_WRONLY", "O_CREAT", "O_TRUNC"], "0600", shown, None),
            ("openat", ["O_RDONLY"], None, shown, None),
                                 ("openat2", ["O_WRONLY"], None, shown, None),
            ("open_by_handle_at", ["O_WRONLY"], None, None, None),
                                 ("openat2", ["O_RDONLY"], None, shown, "EINVAL")], run)

    def test_32_bit(self):
        steps = [["at", "/dev"], opens("i386:openat", 2, "null", os.O_RDWR),
                 opens("i386:openat", 1, MISSING),
                 openat(1, "null")]
        run, results = self.stream(steps)
        compat = [("i386:openat", "null", ["O_RDWR"], None)] * 2 + [("i386:openat", MISSING,
                                                                     ["O_RDONLY"], "ENOENT")]
        there = results.of("open")[0]["there"]
        self.assertEqual([(e["call"], e["path"], e["flags"], e["errno"]) for e in run.events],
                         compat * there + [("openat", "null", ["O_RDONLY"], None)], run)

    @each("openat", "openat2")
    def test_uring(self, call):
        call = f"io_uring:{call}"
        write = os.O_WRONLY
        run, results = self.stream([opens(call, 2, NULL, write), opens(call, 1, MISSING, write)],
                                   "--all")
        first, second = results.of("open")
        known = first["ends_known"]
        count = first["opens"] + second["opens"]
        self.assertEqual([(e["call"], e["pid"]) for e in run.events], [(call, results.pid)] * count,
                         run)
        if known:
            expected = [(NULL, ["O_WRONLY"], ret, None)
                        for ret in first["ret"]] + [(MISSING, ["O_WRONLY"], None, "ENOENT")]
            self.assertEqual([(e["path"], e["flags"], e["fd"], e["errno"]) for e in run.events],
                             expected, run)

    def test_user(self):
        work = self.workload([openat(2, NULL)], user=NOBODY)
        run, _ = self.attach(TOOL, work, "--pid", work.pid, "--stream")
        self.assertEqual([e["uid"] for e in run.check().events], [NOBODY] * 2, run)

    def test_names(self):
        """The name is the one that the thread has when the open returns."""
        steps = [["comm", "one"], openat(1, NULL), r"comm sixteen-letters\xff\x0a", openat(1, NULL),
                 r"comm \xff\x0a", openat(1, NULL)]
        run, _ = self.stream(steps)
        self.assertEqual([e["comm"] for e in run.events], ["one", "sixteen-letters", "\\xff\n"],
                         run)

    def test_durations(self):
        """No duration is longer than the workload measured around the open."""
        run, results = self.stream([openat(50, NULL)])
        measured = results.one("open")["ns"]
        self.assertTrue(all(0 < event["duration_ns"] <= ns for event,
                            ns in zip(run.events, measured, strict=True)), run)

    def test_one_that_had_begun(self):
        """
        An open that began before the run is shown when it returns, unless the hook had to see it
        begin. Nobody saw when that was.
        """
        fifo = fresh_path("fifo")
        os.mkfifo(fifo)
        work = self.workload([openat(1, fifo), openat(1, NULL)])
        work.say()
        work.wait_in(OPENAT)
        tool = self.start(TOOL, "--stream", "--pid", work.pid)
        os.close(os.open(fifo, os.O_WRONLY))
        work.results()
        run = tool.stop().check()
        *before, after = run.events
        self.assertEqual(len(before), 0 if "__x64_sys_openat" in run.start["hooks"][0] else 1, run)
        for first in before:
            self.assertEqual((first["fd"], first["errno"], first["duration_ns"]), (3, None, None),
                             run)
            self.assertIn(first["path"], (None, str(fifo)), run)
        self.assertEqual(after["path"], NULL, run)

    def test_of_all_cpus(self):
        """Nothing is lost, and lines are in the order of time (check() looks at that)."""
        good, bad = many(2003), many(503)
        work = self.workload([["pin"], openat(good, NULL), openat(bad, MISSING)], "--threads", "4")
        run, _ = self.attach(TOOL, work, "--pid", work.pid, "--stream", "--buffer", "512")
        counts = {}
        for event in run.check().events:
            key = event["tid"], event["path"]
            counts[key] = counts.get(key, 0) + 1
        self.assertEqual(counts, {(tid, path): n for tid in work.tids for path,
                                  n in ((NULL, good), (MISSING, bad))}, run)


class Chosen(OpenCase):
    """Options that choose opens choose lines."""

    STEPS = [openat(3, NULL), openat(2, MISSING), openat(1, "/dev/zero", os.O_RDWR),
             openat(5, "/dev/null/x")]

    def paths(self, *args):
        run, _ = self.opened(self.STEPS, "--stream", *args)
        return [event["path"] for event in run.events]

    def test_failed(self):
        self.assertEqual(self.paths("-x"), [MISSING] * 2 + ["/dev/null/x"] * 5)

    def test_errno(self):
        self.assertEqual(self.paths("--errno", "ENOENT"), [MISSING] * 2)

    def test_write(self):
        self.assertEqual(self.paths("-w"), ["/dev/zero"])

    def test_path(self):
        self.assertEqual(self.paths("--path", "/dev/*"),
                         [NULL] * 3 + ["/dev/zero"] + ["/dev/null/x"] * 5)

    def test_flags(self):
        self.assertEqual(self.paths("--flags", "O_RDWR"), ["/dev/zero"])


class Formats(OpenCase):
    """Lines in each format, and what is dropped."""

    def test_table(self):
        steps = [openat(1, NULL, os.O_WRONLY | os.O_CLOEXEC), openat(1, MISSING),
                 openat(1, fresh_path("made"), os.O_WRONLY | os.O_CREAT, 0o640)]
        run, results = self.command(TOOL, steps, "--stream", output=None)
        head, *lines = run.out.decode().splitlines()
        self.assertEqual(head.split(),
                         ["PID", "UID", "COMM", "FD", "MODE", "TOOK", "FLAGS", "PATH"], run)
        took = r"\d+(\.\d)?(ns|us|ms)"
        who = rf" *{results.pid} +0 +opener +"
        for line, pattern in zip(lines, (rf"\d+ +- +{took}  O_WRONLY O_CLOEXEC +{NULL}",
                                         rf"ENOENT +- +{took}  O_RDONLY +{MISSING}",
                                         rf"\d+ +0640 +{took}  O_WRONLY O_CREAT +/.*made-\d+"),
                                 strict=True):
            self.assertRegex(line, f"^{who}{pattern}$", run)

    def test_csv(self):
        run, results = self.command(TOOL, [openat(1, NULL, os.O_RDWR), openat(1, MISSING)],
                                    "--stream",
                                    output="csv")
        first, second = run.csv()
        self.assertEqual(list(first)[:2], ["type", "ts"], run)
        self.assertEqual((first["pid"], first["path"], first["errno"]),
                         (str(results.pid), NULL, ""), run)
        self.assertEqual((second["path"], second["errno"], second["fd"]), (MISSING, "ENOENT", ""),
                         run)
        self.assertRegex(first["ts"], r"^\d+\.\d{9}$", run)
        self.assertGreater(int(first["duration_ns"]), 0, run)

    def test_what_has_no_room_is_counted(self):
        """The smallest buffer and a flood of opens: lines and drops together are all opens."""
        count = many(50_000)
        run, _ = self.command(TOOL, [openat(count, NULL)], "--stream", "--buffer", "1")
        dropped = run.end["dropped"]
        self.assertGreater(dropped["buffer"], 0)
        self.assertEqual(len(run.events) + dropped["buffer"], count)
        self.assertEqual(run.end["opens"], len(run.events))
        self.assertTrue(re.search(rf"buffer full {dropped['buffer']}\b", run.err))


class InProgress(OpenCase, CgroupCase):
    """When a line appears."""

    @essential
    @each("pid", "descendants", "cgroup")
    def test_as_it_returns(self, option):
        """
        A line does not wait for the end of the run: it is there while the process waits in its
        next open. That open has no line, and nothing was lost.
        """
        fifo = fresh_path("fifo")
        os.mkfifo(fifo)
        inside = self.make_cgroup(self.make_cgroup()) if option == "cgroup" else None
        work = self.workload([openat(1, NULL), openat(1, fifo)])
        which = ["--pid", work.pid] + (["--descendants"] if option == "descendants" else [])
        if inside:
            (inside / "cgroup.procs").write_text(str(work.pid))
            which = ["--cgroup", inside.parent]
        tool = self.own(Tool(TOOL, "--stream", *which)).ready()
        work.say()
        tool.wait_for("the open's line", lambda: tool.records("open"))
        work.wait_in(OPENAT)
        self.assertEqual(tool.stop().check().end["opens"], 1)
