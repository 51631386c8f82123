# SPDX-License-Identifier: MIT
"""
bcc-openat -x, --errno, -w, --flags, --path: what is chosen is counted, all of it, and nothing
else.
"""

import os
import re

from arch import IS_X86, O_LARGEFILE
from harness import NOBODY, both_ways, each, fresh_path
from opens import MISSING, TOOL, OpenCase, openat, opens

CREAT, EXCL, TRUNC, APPEND = os.O_CREAT, os.O_EXCL, os.O_TRUNC, os.O_APPEND


class Errors(OpenCase):
    """Every errno that opens give here, with its row and chosen alone."""

    def setUp(self):
        self.dir = fresh_path("errors")
        self.dir.mkdir()
        (self.dir / "file").touch()
        (self.dir / "loop").symlink_to("loop")
        os.mkfifo(self.dir / "fifo")

    def steps(self):
        """Each errno, and the step that gives it so many times."""
        file, write = self.dir / "file", os.O_WRONLY
        return {"ENOENT": openat(2, MISSING), "ENOTDIR": openat(3, file / "x"),
                "EISDIR": openat(5, self.dir, write), "ELOOP": openat(7, self.dir / "loop"),
                "ENAMETOOLONG": openat(11, self.dir / ("x" * 256)), "EFAULT": openat(13, "@null"),
                "EEXIST": openat(17, file, write | CREAT | EXCL),
                "ENXIO": openat(19, self.dir / "fifo", write | os.O_NONBLOCK),
                "EINVAL": openat(23, self.dir, os.O_TMPFILE),
                "EBADF": ["at -1", openat(31, "file")]}

    def flat(self):
        steps = [openat(37, self.dir / "file")]
        for step in self.steps().values():
            steps += [step] if step[0] == "open" else step
        return [*steps, ["limit", 0], openat(41, self.dir / "file")]

    COUNTS = {"ENOENT": 2, "ENOTDIR": 3, "EISDIR": 5, "ELOOP": 7, "ENAMETOOLONG": 11, "EFAULT": 13,
              "EEXIST": 17,
              "ENXIO": 19, "EINVAL": 23, "EBADF": 31, "EMFILE": 41}

    @both_ways
    def test_a_row_for_each(self, way):
        run, results = self.opened(self.flat(), "--by", "errno", way=way)
        expected = {name: (count, count) for name, count in self.COUNTS.items()}
        self.assertEqual(run.table("errno"), expected | {None: (37, 0)}, run)
        (row,) = run.select("row", errno="EFAULT")
        self.assertAlmostEqual(float(row["share"]), 13 / sum(self.COUNTS.values(), 37), places=5)

    @both_ways
    def test_failed(self, way):
        run, results = self.opened(self.flat(), "-x", way=way)
        failed = sum(self.COUNTS.values())
        self.assertEqual(run.table("pid"), {results.pid: (failed, failed)}, run)
        self.assertEqual(run.end["opens"], failed, run)

    @both_ways
    @each("ENOENT,EBADF", "2,9", "ebadf,ENOENT", "ENOENT,9,EBADF")
    def test_errno(self, errors, way):
        run, results = self.opened(self.flat(), "--errno", errors, way=way)
        self.assertEqual(run.table("pid"), {results.pid: (33, 33)}, run)

    @each("ENAMETOOLONG", "EMFILE")
    def test_one_errno(self, name):
        run, _ = self.opened(self.flat(), "--errno", name, "--by", "errno")
        self.assertEqual(run.table("errno"), {name: (self.COUNTS[name],) * 2}, run)

    def test_errno_twice_and_failed(self):
        run, _ = self.opened(self.flat(), "--errno", "EMFILE", "-x", "--errno", "EINVAL", "--by",
                             "errno")
        self.assertEqual(run.table("errno"), {"EMFILE": (41, 41), "EINVAL": (23, 23)}, run)

    def test_what_others_may_not(self):
        """EACCES and EPERM, which root does not get."""
        secret = self.dir / "secret"
        secret.touch(0o600)
        steps = [openat(3, secret), openat(5, self.dir / "file", os.O_NOATIME),
                 openat(7, self.dir / "new", os.O_WRONLY | CREAT, 0o600)]
        work = self.workload(steps, user=NOBODY)
        run, _ = self.attach(TOOL, work, "--pid", work.pid, "--by", "errno,user")
        self.assertEqual(run.check().table("errno", "uid"),
                         {("EACCES", NOBODY): (10, 10), ("EPERM", NOBODY): (5, 5)}, run)

    @each("ENOSUCH", "0", "4096", "", "ENOENT,", "-1")
    def test_no_such_errno(self, what):
        self.refused("--errno", what, says="--errno: ")


class Flags(OpenCase):
    """
    Which opens a choice of flags takes. The counts of all kinds are such that a sum tells them.
    """

    def setUp(self):
        self.path = fresh_path("flags")
        self.path.touch()
        self.dir = self.path.parent

    def kinds(self):
        """(count, flags) of each kind; all opens succeed but those of 32 and 64, which fail."""
        return {1: os.O_RDONLY, 2: os.O_WRONLY, 4: os.O_RDWR, 8: os.O_WRONLY | CREAT | TRUNC,
                16: os.O_RDWR | APPEND | os.O_CLOEXEC, 32: os.O_RDWR | CREAT | EXCL,
                64: os.O_RDONLY | os.O_DIRECTORY, 128: os.O_PATH | os.O_NOFOLLOW,
                256: os.O_WRONLY | os.O_SYNC, 512: os.O_WRONLY | os.O_DSYNC, 1024: 3,
                2048: os.O_RDONLY | O_LARGEFILE,
                4096: os.O_NONBLOCK | os.O_NOCTTY}

    def chosen(self, *args, way="command"):
        """Which kinds are counted, as the sum of their counts."""
        steps = [openat(count, self.path, flags, 0o600) for count, flags in self.kinds().items()]
        run, results = self.opened([*steps, openat(8192, self.dir, os.O_TMPFILE | os.O_RDWR,
                                                   0o600)], *args, way=way)
        table = run.table("pid")
        self.assertLessEqual(set(table), {results.pid}, run)
        self.assertEqual(run.end["failed"], run.end["opens"] & (32 | 64), run)
        return run.end["opens"], run

    WRITING = 2 | 4 | 8 | 16 | 32 | 256 | 512 | 1024 | 8192

    @both_ways
    @each("-w", "--write")
    def test_write(self, option, way):
        count, run = self.chosen(option, way=way)
        self.assertEqual(count, self.WRITING, run)

    @each(("O_WRONLY", 2 | 8 | 256 | 512), ("O_RDWR", 4 | 16 | 32 | 8192),
          ("O_RDONLY", 1 | 64 | 128 | 2048 | 4096),
          ("O_CREAT", 8 | 32), ("creat", 8 | 32), ("o_trunc", 8), ("O_EXCL,O_APPEND", 16 | 32),
          ("O_CLOEXEC", 16),
          ("O_DIRECTORY", 64 | 8192), ("O_TMPFILE", 8192), ("O_PATH", 128), ("NoFollow", 128),
          ("O_SYNC", 256),
          ("O_DSYNC", 256 | 512), ("O_LARGEFILE", 2048), ("O_NONBLOCK", 4096), ("noctty", 4096),
          ("O_DIRECT,O_NOATIME,O_ASYNC", 0),
          ("O_RDONLY,O_CREAT", 1 | 8 | 32 | 64 | 128 | 2048 | 4096))
    def test_flags(self, what):
        count, run = self.chosen("--flags", what[0])
        self.assertEqual(count, what[1], run)

    def test_flags_twice(self):
        count, run = self.chosen("--flags", "O_CREAT", "--flags", "O_APPEND")
        self.assertEqual(count, 8 | 16 | 32, run)

    def test_both(self):
        """Opens for writing that also have one of these flags."""
        count, run = self.chosen("-w", "--flags", "O_CREAT,O_DIRECTORY")
        self.assertEqual(count, 8 | 32 | 8192, run)

    def test_and_failed(self):
        count, run = self.chosen("-w", "-x")
        self.assertEqual(count, 32, run)

    def test_of_other_calls(self):
        """
        creat(2) has no flags but opens for writing; openat2 has them in a structure, open where
        openat has its path.
        """
        write, path = os.O_WRONLY, self.path
        steps = [["chdir", self.dir], opens("creat", 1, path, 0, 0o600),
                 opens("open", 2, path, write), opens("open", 4, path),
                 opens("openat2", 8, path, write), opens("openat2", 16, path),
                 opens("open_by_handle_at", 32, path, write),
                 opens("open_by_handle_at", 64, path), opens("i386:open", 128, path, write),
                 opens("i386:openat", 256, path, write),
                 opens("i386:openat", 512, path)]
        run, results = self.opened(steps, "--all", "-w")
        there = any(line["there"] for line in results.of("open")
                    if line["call"].startswith("i386:"))
        old = 1 | 2 if IS_X86 else 0
        self.assertEqual(run.end["opens"], old | 8 | 32 | ((128 | 256) if there else 0), run)
        run, results = self.opened(steps, "--all", "--flags", "O_TRUNC")
        self.assertEqual(run.table("pid"), {results.pid: (1, 0)} if IS_X86 else {}, run)

    @each("O_NOSUCH", "", "O_CREAT,", "64", "O_", "CREAT|EXCL")
    def test_no_such_flag(self, what):
        self.refused("--flags", what, says="--flags: ")


class Paths(OpenCase):
    """--path is about the file that was opened, and about the whole path as it was given."""

    def setUp(self):
        self.dir = fresh_path("paths")
        (self.dir / "sub").mkdir(parents=True)
        for name in ("one", "two", "sub/one", "[x]"):
            (self.dir / name).touch()

    def chosen(self, glob, *args, way="command"):
        steps = [openat(1, self.dir / "one"), openat(2, self.dir / "two"),
                 openat(4, self.dir / "sub/one"),
                 openat(8, self.dir / "none"), ["chdir", self.dir], openat(16, "one"),
                 openat(32, "./one"),
                 openat(64, "[x]"), openat(128, ""), openat(256, "@null")]
        run, results = self.opened(steps, "--path", glob.replace("DIR", str(self.dir)), *args,
                                   way=way)
        self.assertLessEqual(set(run.table("pid")), {results.pid}, run)
        return run.end["opens"], run

    @each(("DIR/one", 1 | 16 | 32), ("DIR/*", 1 | 2 | 4 | 8 | 16 | 32 | 64),
          ("DIR/*one", 1 | 4 | 8 | 16 | 32),
          ("*one", 1 | 4 | 8 | 16 | 32), ("one", 16),
          ("?one", 0), ("*/[ot]??", 1 | 2 | 4 | 16 | 32), ("\\[x]", 64), ("[[]x]", 64),
          ("DIR/t?o", 2), ("DIR", 0), ("DIR/n*", 8))
    def test_glob(self, what):
        count, run = self.chosen(what[0])
        self.assertEqual(count, what[1], run)

    def test_any_path_is_no_unknown_one(self):
        """
        `*` matches every path there is, the empty one too, but not a path that could not be read.
        """
        count, run = self.chosen("*")
        self.assertEqual(count, 255, run)

    def test_empty(self):
        count, run = self.chosen("")
        self.assertEqual(count, 128, run)

    def test_as_given_with_full_path(self):
        """--path matches the path as given, also when it is shown in full."""
        run, _ = self.opened([["chdir", self.dir], openat(5, "one"), openat(3, self.dir / "two")],
                             "--path", "one", "--full-path", "--by", "path")
        self.assertEqual(run.table("path"), {str(self.dir / "one"): (5, 0)}, run)

    def test_and_others(self):
        count, run = self.chosen("*", "-x")
        self.assertEqual(count, 8 | 128, run)
        self.assertEqual(run.end["failed"], count, run)

    def test_bytes(self):
        """A path that is no text is matched by its bytes."""
        name = os.fsencode(self.dir) + b"/\xff\xfe\n+ x"
        os.close(os.open(name, os.O_CREAT))
        run, _ = self.opened([openat(7, name), openat(3, self.dir / "one")], "--path", name)
        self.assertEqual(run.end["opens"], 7, run)

    def test_long(self):
        """Long paths are matched to the last byte, where these differ."""
        long = "/" + "/".join(["x" * 100] * 40)
        long = long[:4094]
        steps = [openat(3, long + "y"), openat(5, long + "z")]
        run, _ = self.opened(steps, "--path", "*y")
        self.assertEqual(run.table("comm"), {"opener": (3, 3)}, run)

    def test_bracket_not_closed(self):
        self.refused("--path", "[a", says="--path: ")


class Refused(OpenCase):
    """The tool refuses options that make no sense together, in one line."""

    @each("-x", "--errno ENOENT", "-w", "--flags O_CREAT", "--path *", "-L", "--distinct",
          "--stream", "--all", "--by path",
          "--by dir", "--by errno", "--by process,errno")
    def test_no_results_and(self, other):
        self.refused("--no-results", *other.split(),
                     says="--no-results and --[a-z ]+ exclude each other|--no-results")

    @each("--by process", "-L", "-L --histogram", "--distinct", "--top 3", "--interval 1")
    def test_stream_and(self, other):
        self.refused("--stream", *other.split(), says="--stream")

    def test_path_and_dir(self):
        self.refused("--by", "path,dir", says="path and dir")

    def test_histogram_alone(self):
        self.refused("--histogram", says="--histogram needs --latency")

    @each("", "--by process", "--by comm,user", "-L")
    def test_full_path_and(self, other):
        self.refused("--full-path", *other.split(), says="--full-path")

    def test_buffer_alone(self):
        self.refused("--buffer", "64", says="--buffer")

    @each("", "kprobes", "sys_enter", "KPROBE ")
    def test_no_such_hook(self, name):
        run = self.refused("--hook", name, says="--hook: ")
        self.assertRegex(run.err, "kprobe.*fexit.*sys_exit.*tracepoint.*raw_syscalls", run)

    @each("proces", "", "process,", "process,,errno", "pid", "syscall")
    def test_no_such_key(self, by):
        run = self.refused("--by", by, says="--by: ")
        keys = re.search(r"there are: ([a-z, ]+)\)", run.err)[1].split(", ")
        self.assertEqual(set(keys), {"process", "thread", "comm", "path", "dir", "user", "cgroup",
                                     "errno", "call"}, run)
