# SPDX-License-Identifier: MIT
"""
bcc-openat --all counts every way to open a file, under its own name and once. Without --all only
openat(2) is counted.
"""

from arch import IS_X86
from harness import both_ways, each, essential, fresh_path, workload_path
from opens import MISSING, TOOL, OpenCase, known, openat, opens

TOO_LONG = "/" + "x" * 5000


def uring_counts(line):
    """
    What the tool can know about requests to an io_uring: before Linux 5.19 only that they were
    made, not how they ended.
    """
    return line["opens"], line["failed"] if line["ends_known"] else 0


class Calls(OpenCase):
    """Every call that opens a file, by one thread or many, succeeding or failing."""

    @staticmethod
    def file():
        path = fresh_path("opened")
        path.touch()
        return path

    def steps(self):
        """
        So many opens of each kind that no two sums are alike; open_by_handle_at starts from the
        working directory.
        """
        path = self.file()
        return [["chdir", path.parent],
                opens("open", 11, path), opens("open", 2, MISSING),
                opens("creat", 13, path, 0, 0o600), opens("creat", 3, path.parent),
                openat(17, path), openat(5, MISSING),
                opens("openat2", 19, path), opens("openat2", 7, path, 0, 0, 1 << 40),
                opens("open_by_handle_at", 23, path), opens("open_by_handle_at", 1, "@stale")]

    COUNTS = known({"open": (13, 2), "creat": (16, 3), "openat": (22, 5), "openat2": (26, 7),
                    "open_by_handle_at": (24, 1)})

    @both_ways
    def test_each_is_counted(self, way):
        run, results = self.opened(self.steps(), "--all", "--by", "call", way=way)
        self.assertEqual(run.table("call"), self.COUNTS, run)
        self.assertEqual(sum(line["opens"] for line in results.of("open")), run.end["opens"], run)

    @both_ways
    @essential
    def test_a_process_has_them_all(self, way):
        run, results = self.opened(self.steps(), "-a", way=way)
        sums = tuple(map(sum, zip(*self.COUNTS.values())))
        self.assertEqual(run.table("pid", "comm"), {(results.pid, "opener"): sums}, run)

    @both_ways
    def test_openat_alone(self, way):
        run, results = self.opened(self.steps(), "--by", "call", way=way)
        self.assertEqual(run.table("call"), {"openat": (22, 5)}, run)
        self.assertEqual(run.end["opens"], 22, run)

    def test_threads(self):
        work = self.workload(self.steps(), "--threads", "3")
        run, _ = self.attach(TOOL, work, "--pid", work.pid, "--all", "--by", "thread,call")
        expected = {(tid, call): counts for tid in work.tids for call,
                    counts in self.COUNTS.items()}
        self.assertEqual(run.check().table("tid", "call"), expected, run)

    def test_failed_alone(self):
        run, _ = self.opened(self.steps(), "--all", "-x", "--by", "call,errno")
        expected = known({("open", "ENOENT"): (2, 2), ("creat", "EISDIR"): (3, 3),
                          ("openat", "ENOENT"): (5, 5),
                          ("openat2", "EINVAL"): (7, 7), ("open_by_handle_at", "ESTALE"): (1, 1)})
        self.assertEqual(run.table("call", "errno"), expected, run)

    def test_what_openat2_refuses(self):
        """
        openat2 with an argument of a wrong size or with unknown bits fails before it looks at
        anything else.
        """
        path = self.file()
        steps = [opens("openat2", 2, path, 0, 0, 0, 8), opens("openat2", 3, path, 0, 0, 0, 1 << 20),
                 opens("openat2", 5, "@null"), opens("openat2", 7, path, 0, 0o600),
                 opens("openat2", 11, "/dev/null", 0, 0, 1)]
        run, results = self.opened(steps, "--all", "--by", "errno")
        given = [line["ret"][0] for line in results.of("open")]
        self.assertEqual(given[:4], [-22, -7, -14, -22], run)
        expected = {"EINVAL": (9, 9), "E2BIG": (3, 3), "EFAULT": (5, 5)}
        expected |= {"EXDEV": (11, 11)} if given[4] == -18 else {None: (11, 0)}
        self.assertEqual(run.table("errno"), expected, run)


@essential
class Compat(OpenCase):
    """
    32-bit calls, which a 64-bit program can make too. A kernel without them has none to count.
    """

    def steps(self, path):
        return [["chdir", path.parent], opens("i386:openat", 11, path),
                opens("i386:openat", 5, MISSING),
                openat(3, path), opens("i386:open", 7, path), opens("i386:creat", 2, path.parent),
                opens("i386:openat2", 13, path), opens("i386:openat2", 1, path, 0, 0, 1 << 40),
                opens("i386:open_by_handle_at", 17, path)]

    def expect(self, results, counts):
        there = results.of("open")[0]["there"]
        return {call: n for call, n in counts.items() if there or not call.startswith("i386:")}

    @both_ways
    def test_openat(self, way):
        run, results = self.opened(self.steps(Calls.file()), "--by", "call", way=way)
        counts = {"i386:openat": (16, 5), "openat": (3, 0)}
        self.assertEqual(run.table("call"), self.expect(results, counts), run)

    @both_ways
    def test_all(self, way):
        run, results = self.opened(self.steps(Calls.file()), "--all", "--by", "call", way=way)
        counts = {"i386:openat": (16, 5), "openat": (3, 0), "i386:open": (7, 0),
                  "i386:creat": (2, 2),
                  "i386:openat2": (14, 1), "i386:open_by_handle_at": (17, 0)}
        self.assertEqual(run.table("call"), self.expect(results, counts), run)

    @both_ways
    def test_a_process_has_both(self, way):
        run, results = self.opened(self.steps(Calls.file()), way=way)
        there = results.of("open")[0]["there"]
        self.assertEqual(run.table("pid"), {results.pid: (19, 5) if there else (3, 0)}, run)

    def test_numbers_are_not_mixed_up(self):
        """
        The numbers of openat and open in the 32-bit ABI, i386 or arm, are other calls in the native
        one.
        """
        openat32 = "295" if IS_X86 else "322"
        other = [workload_path(), "syscall", openat32, "3", "-1", "+", "syscall", "5", "3", "-1",
                 "+", "compat", "5", "3"]
        run = self.run_tool(TOOL, "--all", "--", *other, output="json").check()
        self.assertEqual((run.rows, run.end["opens"]), ([], 0), run)

    def test_paths(self):
        """Pointers have 32 bits, and the tool reads the path that they point to."""
        path = Calls.file()
        run, results = self.opened(self.steps(path), "--by", "path,call", "--path", f"{path}*")
        counts = {(str(path), "i386:openat"): (11, 0), (str(path), "openat"): (3, 0)}
        there = results.of("open")[0]["there"]
        expected = {key: n for key, n in counts.items() if there or key[1] == "openat"}
        self.assertEqual(run.table("path", "call"), expected, run)


class Uring(OpenCase):
    """
    Requests to an io_uring, whichever thread carries them out: the one that submits, a worker, a
    polling thread.
    """

    def uring(self, steps, *args, way="command"):
        run, results = self.opened(steps, "--all", *args, way=way)
        there = [line["there"] for line in results.of("open")]
        if not any(there):
            self.assertEqual(run.end["opens"], 0, run)
        return run, results

    def expect(self, run, results):
        """Rows by call are what the workload says of each."""
        expected = {}
        for line in results.of("open"):
            if line["opens"]:
                call = line["call"].split(",")[0]
                old = expected.get(call, (0, 0))
                counts = uring_counts(line) if "io_uring" in call else (
                    line["opens"], line["failed"])
                expected[call] = tuple(a + b for a, b in zip(old, counts))
        self.assertEqual(run.table("call"), expected, run)

    @both_ways
    @each("", ",async", ",poll", ",skip")
    def test_succeeds_and_fails(self, how, way):
        steps = [opens(f"io_uring:openat{how}", 13, "/dev/null"),
                 opens(f"io_uring:openat{how}", 5, MISSING),
                 opens(f"io_uring:openat2{how}", 7, "/dev/null"),
                 opens(f"io_uring:openat2{how}", 3, MISSING)]
        run, results = self.uring(steps, "--by", "call", way=way)
        self.expect(run, results)

    @each("openat", "openat2")
    def test_fails_before_it_is_tried(self, call):
        """
        A request fails while it is prepared, for a path that is too long or a bad address.
        Kernels before 5.19 do not tell of any.
        """
        call = f"io_uring:{call}"
        run, results = self.uring([opens(call, 5, TOO_LONG), opens(call, 3, "@null"),
                                   opens(call, 7, "/dev/null")],
                                  "--by", "call")
        lines = results.of("open")
        if lines[0]["there"]:
            self.assertEqual([line["failed"] for line in lines], [5, 3, 0], run)
        if lines[0]["ends_known"]:
            self.expect(run, results)
        else:
            self.assertEqual(run.end["opens"], lines[2]["opens"], run)

    def test_errors(self):
        call = "io_uring:openat"
        steps = [opens(call, 5, TOO_LONG), opens(call, 3, "@null"), opens(call, 7, "/dev/null"),
                 opens(call, 11, MISSING)]
        run, results = self.uring(steps, "--by", "errno")
        lines = results.of("open")
        expected = {"ENAMETOOLONG": (5, 5), "EFAULT": (3, 3), None: (7, 0), "ENOENT": (11, 11)}
        if not lines[0]["there"]:
            expected = {}
        elif not lines[0]["ends_known"]:
            expected = {None: (18, 0)}
        self.assertEqual(run.table("errno"), expected, run)

    @each("", ",async", ",poll")
    def test_whose_they_are(self, how):
        """
        A request belongs to the process that made it, even if a kernel thread carries it out.
        """
        run, results = self.uring([opens(f"io_uring:openat{how}", 13, "/dev/null"),
                                   openat(3, "/dev/null")])
        opened = sum(line["opens"] for line in results.of("open"))
        self.assertEqual(run.table("pid", "comm"), {(results.pid, "opener"): (opened, 0)}, run)

    @both_ways
    def test_not_without_all(self, way):
        run, results = self.opened([opens("io_uring:openat", 13, "/dev/null"),
                                    openat(3, "/dev/null")], way=way)
        self.assertEqual(run.table("pid"), {results.pid: (3, 0)}, run)

    def test_with_others(self):
        path = Calls.file()
        steps = [opens("io_uring:openat", 13, path), openat(3, path),
                 opens("io_uring:openat2", 2, path),
                 opens("openat2", 5, path)]
        run, results = self.uring(steps, "--by", "call,process")
        self.expect(run, results)

    @each("openat", "openat2")
    def test_paths(self, call):
        """Paths are known on kernels that tell how a request ended."""
        path = fresh_path("through a ring")
        path.touch()
        steps = [opens(f"io_uring:{call}", 7, path), opens(f"io_uring:{call}", 3, f"{path}-no"),
                 openat(2, path)]
        run, results = self.uring(steps, "--by", "path,call")
        line = results.of("open")[0]
        expected = {(str(path), "openat"): (2, 0)}
        if line["there"] and line["ends_known"]:
            expected |= {(str(path), f"io_uring:{call}"): (7, 0),
                         (f"{path}-no", f"io_uring:{call}"): (3, 3)}
        elif line["there"]:
            expected[None, f"io_uring:{call}"] = (10, 0)
        self.assertEqual(run.table("path", "call"), expected, run)


@essential
class Threads(OpenCase):
    """Many threads use a ring each, at once."""

    def test_rings_of_many_threads(self):
        work = self.workload([["pin"], opens("io_uring:openat", 503, "/dev/null"),
                              opens("io_uring:openat", 101, MISSING)],
                             "--threads", "4")
        run, results = self.attach(TOOL, work, "--pid", work.pid, "--all", "-i", "0.05")
        counts = [uring_counts(line) for line in results.of("open")]
        opened, failed = map(sum, zip(*counts))
        self.assertEqual((run.check().end["opens"], run.end["failed"]), (opened, failed), run)
        self.assertEqual(run.table("pid"), {work.pid: (opened, failed)} if opened else {}, run)
