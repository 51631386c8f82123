# SPDX-License-Identifier: MIT
"""
Paths of bcc-openat: any bytes, any length, or none; with --full-path also the directory that a
relative path starts from.
"""

import os

from arch import IS_X86
from harness import both_ways, each, fresh_path
from opens import TOOL, OpenCase, openat, opens
from records import bytes_of, escaped

PATH_MAX = 4096
DEEP = 128  # the most names of a directory that are shown


def long_path(size):
    """An absolute path of so many bytes, made of names short enough for any file system."""
    return ("/" + "/".join(["x" * 99] * (size // 100 + 1)))[:size - 1] + "y"


class Bytes(OpenCase):
    """The tool shows the bytes that the program gave."""

    NAMES = (b"new\nline", b"quote\"s' and \\x41", b"\xff\xfe\xc3", b"\x01\x1b[31m\x7f",
             "\u00fc\u4e16\U0001f600".encode(),
             b"a b\tc", b"comma,semi;", b"*?[x]", b"%s%n", b"\xe4\xb8")

    @each("path", "dir", "stream")
    def test_any(self, how):
        for name in self.NAMES:
            with self.subTest(name=name):
                path = os.fsencode(fresh_path("any")) + name + (b"/x" if how == "dir" else b"")
                options = ["--stream"] if how == "stream" else ["--by", how]
                run, _ = self.opened([openat(3, path)], *options)
                if how == "stream":
                    self.assertEqual([e["path"] for e in run.events], [escaped(path)] * 3, run)
                    self.assertEqual([e.get("path_bytes") for e in run.events],
                                     [bytes_of(path)] * 3, run)
                else:
                    shown = path.removesuffix(b"/x") if how == "dir" else path
                    self.assertEqual(run.table(how), {escaped(shown): (3, 3)}, run)

    def test_in_a_table(self):
        """No byte of a path controls the terminal, and a row is one line."""
        path = os.fsencode(fresh_path("any")) + b"\n\x1b[31m\xff\x9b"
        run, _ = self.command(TOOL, [openat(3, path)], "--by", "path", output=None)
        text = run.out.decode()
        self.assertFalse([c for c in text if c != "\n" and not c.isprintable()], run)
        self.assertEqual(len([line for line in text.splitlines() if "any-" in line]), 1, run)

    def test_paths_that_escapes_would_make_alike(self):
        """A byte, and the characters of its escape, stay different."""
        path = os.fsencode(fresh_path("alike"))
        run, _ = self.command(TOOL, [openat(3, path + b"\xff"), openat(5, path + rb"\xff")], "--by",
                              "path")
        self.assertEqual(sorted(row["opens"] for row in run.rows), [3, 5], run)


class Lengths(OpenCase):
    """Paths of every length, from none to too long."""

    @both_ways
    def test_of(self, way):
        """Paths up to the longest that the kernel takes."""
        sizes = (2, 3, 7, 8, 9, 63, 64, 65, 127, 128, 191, 192, 193, 255, 256, 511, 512, 1023, 1024,
                 4000,
                 PATH_MAX - 2, PATH_MAX - 1)
        paths = [long_path(size) for size in sizes]
        self.assertEqual([len(path) for path in paths], list(sizes))
        run, _ = self.opened([openat(i + 1, path) for i, path in enumerate(paths)], "--by", "path",
                             way=way)
        self.assertEqual(run.table("path"), {path: (i + 1, i + 1) for i, path in enumerate(paths)},
                         run)

    def test_in_a_stream(self):
        """The kernel refuses a longer path; the tool shows it up to there."""
        sizes = (191, 192, PATH_MAX - 1, PATH_MAX, PATH_MAX + 1, 10000)
        run, _ = self.opened([openat(1, long_path(size)) for size in sizes], "--stream")
        for event, size in zip(run.events, sizes, strict=True):
            self.assertEqual(event["errno"], "ENOENT" if size < PATH_MAX else "ENAMETOOLONG", run)
            self.assertEqual(event["truncated"], size >= PATH_MAX, run)
            shown = event["path"].removesuffix("...")
            self.assertTrue(long_path(size).startswith(shown), run)
            self.assertGreaterEqual(len(shown), min(size, PATH_MAX - 1), run)

    def test_long_ones_that_differ_at_the_end(self):
        paths = [long_path(PATH_MAX - 2) + end for end in "abc"]
        run, _ = self.opened([openat(n, path) for n, path in zip((2, 3, 5), paths)], "--by", "path")
        self.assertEqual(run.table("path"), {path: (n, n) for n, path in zip((2, 3, 5), paths)},
                         run)

    def test_too_long_by_path(self):
        """Two paths that are too long are counted, whatever they are called."""
        run, _ = self.opened([openat(3, long_path(5000)), openat(5, "/dev/null")], "--by",
                             "path,errno")
        failed = [row for row in run.rows if row["errno"]]
        self.assertEqual([(row["opens"], row["errno"]) for row in failed], [(3, "ENAMETOOLONG")],
                         run)
        self.assertEqual(run.table("path", "errno")["/dev/null", None], (5, 0), run)

    @each("@null", "@bad")
    def test_none(self, path):
        run, _ = self.opened([openat(2, path)], "--stream")
        self.assertEqual([(e["path"], e["errno"], e["truncated"]) for e in run.events],
                         [(None, "EFAULT", False)] * 2, run)

    def test_empty(self):
        run, _ = self.opened([openat(2, "")], "--stream")
        self.assertEqual([(e["path"], e["errno"]) for e in run.events], [("", "ENOENT")] * 2, run)


class FullPath(OpenCase):
    """
    An open that succeeds is shown as the file that it opened; the relative path of one that fails
    after the directory that it starts from.
    """

    def setUp(self):
        self.top = fresh_path("full")
        (self.top / "sub").mkdir(parents=True)
        (self.top / "sub/file").touch()
        self.top = self.top.resolve()

    def paths(self, steps, *args, way="command"):
        run, results = self.opened(steps, "--full-path", "--by", "path", *args, way=way)
        return run, {path: opens for path, (opens, _) in run.table("path").items()}

    @both_ways
    def test_working_directory(self, way):
        steps = [["chdir", self.top], openat(3, "sub/file"), ["chdir", self.top / "sub"],
                 openat(5, "file"),
                 openat(7, "./none"), openat(11, "../sub/file"), openat(13, self.top / "sub/file"),
                 openat(2, "")]
        run, paths = self.paths(steps, way=way)
        sub = f"{self.top}/sub"
        self.assertEqual(paths, {f"{sub}/file": 32, f"{sub}/./none": 7, "": 2}, run)

    @both_ways
    def test_dirfd(self, way):
        """
        The path starts from the descriptor and not from the working directory; an absolute path
        starts from neither.
        """
        steps = [["chdir", "/"], ["at", self.top], openat(3, "sub/file"), ["at", self.top / "sub"],
                 openat(5, "file"), openat(7, "/dev/null"), ["at", "-100"], openat(11, "dev/null"),
                 ["at", "-1"], openat(13, "/dev/null")]
        run, paths = self.paths(steps, way=way)
        self.assertEqual(paths, {f"{self.top}/sub/file": 8, "/dev/null": 31}, run)

    def test_of_all_calls(self):
        path = self.top / "sub/file"
        steps = [["chdir", self.top], opens("open", 3, "sub/file"),
                 opens("creat", 5, "sub/file", 0, 0o600),
                 opens("openat2", 7, "sub/file"), opens("open_by_handle_at", 11, "sub/file"),
                 ["at", self.top / "sub"],
                 opens("open", 13, "sub/file"), opens("openat2", 17, "file")]
        run, paths = self.paths(steps, "--all")
        self.assertEqual(paths, {str(path): 56 if IS_X86 else 35}, run)

    def test_by_handle(self):
        """
        The opened file tells which file the handle meant. Without --full-path, or when the open
        failed, nobody knows.
        """
        steps = [["chdir", self.top], opens("open_by_handle_at", 3, "sub/file"),
                 opens("open_by_handle_at", 5, "@stale")]
        run, _ = self.opened(steps, "--all", "--full-path", "--by", "path,errno")
        self.assertEqual(run.table("path", "errno"),
                         {(f"{self.top}/sub/file", None): (3, 0), (None, "ESTALE"): (5, 5)}, run)
        run, _ = self.opened(steps, "--all", "--by", "path,errno")
        self.assertEqual(run.table("path", "errno"),
                         {(None, None): (3, 0), (None, "ESTALE"): (5, 5)}, run)

    def test_32_bit(self):
        steps = [["chdir", self.top], opens("i386:openat", 3, "sub/file"), ["at", self.top / "sub"],
                 opens("i386:openat", 5, "file"), openat(2, "file")]
        run, results = self.opened(steps, "--full-path", "--by", "path")
        there = results.of("open")[0]["there"]
        self.assertEqual(run.table("path"), {f"{self.top}/sub/file": (10 if there else 2, 0)}, run)

    @both_ways
    def test_root(self, way):
        run, paths = self.paths([["chdir", "/"], openat(3, "dev/null"), ["at", "/"],
                                 openat(5, "dev/zero")], way=way)
        self.assertEqual(paths, {"/dev/null": 3, "/dev/zero": 5}, run)

    def test_mounts(self):
        """
        Above the root of a mounted file system come the names of the place where it is mounted.
        """
        steps, expected = [], {}
        for directory in ("/dev/shm", "/proc/sys/kernel", "/dev", "/proc", "/sys/kernel"):
            steps += [["chdir", directory], openat(3, "none"), ["chdir", "/"], ["at", directory],
                      openat(5, "none"),
                      ["at", "-100"]]
            expected[f"{directory}/none"] = 8
        run, paths = self.paths(steps)
        self.assertEqual(paths, expected, run)

    def test_deep(self):
        depths = (1, 15, 16, 17, 60, 100, DEEP - 12)
        steps, expected = [], {}
        for depth in depths:
            path = self.top.joinpath(*[f"d{i}" for i in range(depth)])
            path.mkdir(parents=True, exist_ok=True)
            steps += [["chdir", path], openat(depth, "x")]
            expected[f"{path}/x"] = depth
        run, paths = self.paths(steps)
        self.assertEqual(paths, expected, run)

    def test_deeper_than_is_shown(self):
        """The names nearest to the file are there, and the tool says that others are not."""
        path = self.top.joinpath(*[f"d{i}" for i in range(DEEP + 20)])
        path.mkdir(parents=True)
        run, _ = self.opened([["chdir", path], openat(3, "x")], "--full-path", "--stream")
        self.assertEqual({e["truncated"] for e in run.events}, {True}, run)
        end = "/".join(path.parts[-DEEP + 1:]) + "/x"
        self.assertTrue(all(e["path"].endswith(end) for e in run.events), run)
        self.assertFalse(any(e["path"].startswith(f"/{path.parts[1]}/") for e in run.events), run)

    def test_long(self):
        """A directory whose names are long, and a long path."""
        path = self.top.joinpath(*["n" * 250] * 9)
        path.mkdir(parents=True)
        name = "/".join(["m" * 250] * 9)
        run, paths = self.paths([["chdir", path], openat(3, name)])
        self.assertEqual(paths, {f"{path}/{name}": 3}, run)

    def test_directory_that_is_gone(self):
        """A removed directory still has the name it had."""
        path = self.top / "gone"
        path.mkdir()
        run, paths = self.paths([["chdir", path], ["rmdir", path], openat(3, "x")])
        ((shown, count),) = paths.items()
        self.assertEqual(count, 3, run)
        self.assertTrue(shown.startswith(str(self.top)) and shown.endswith("/x"), run)

    @each(b"new\nline", b"\xff\xfe", "\u00fc\u4e16".encode())
    def test_bytes(self, name):
        path = os.fsencode(self.top) + b"/" + name
        os.mkdir(path)
        run, _ = self.opened([["chdir", "".join("\\x%02x" % byte for byte in path)],
                              openat(3, b"a" + name)],
                             "--full-path", "--by", "path")
        self.assertEqual(run.table("path"), {escaped(path + b"/a" + name): (3, 3)}, run)

    def test_by_dir(self):
        """The directory that a file is in, as far as the path alone tells."""
        steps = [["chdir", self.top], openat(3, "sub/file"), ["chdir", self.top / "sub"],
                 openat(5, "file"),
                 ["chdir", "/"], openat(7, "dev"), openat(11, "/dev/null")]
        run, _ = self.opened(steps, "--full-path", "--by", "dir")
        self.assertEqual(run.table("dir"),
                         {f"{self.top}/sub": (8, 0), "/": (7, 0), "/dev": (11, 0)}, run)

    def test_stream(self):
        steps = [["chdir", self.top], openat(1, "sub/file"), ["at", "-1"], openat(1, "file"),
                 openat(1, "@null")]
        run, _ = self.opened(steps, "--full-path", "--stream")
        one, bad, none = run.events
        self.assertEqual((one["path"], one["dirfd"], one["truncated"]),
                         (f"{self.top}/sub/file", None, False), run)
        self.assertEqual((bad["path"], bad["dirfd"], bad["errno"]), ("file", -1, "EBADF"), run)
        self.assertEqual((none["path"], none["errno"]),
                         (None, "EBADF" if none["errno"] == "EBADF" else "EFAULT"), run)

    @each("", ",async")
    def test_uring(self, how):
        """
        A request starts from the directory of the process that made it, also when another thread
        carries it out.
        """
        steps = [["chdir", self.top], opens(f"io_uring:openat{how}", 3, "sub/file"),
                 ["at", self.top / "sub"],
                 opens(f"io_uring:openat2{how}", 5, "file"), openat(7, "file")]
        run, results = self.opened(steps, "--all", "--full-path", "--by", "path")
        unknown = sum(line["opens"] for line in results.of("open")[:2] if not line["ends_known"])
        known = sum(line["opens"] for line in results.of("open")) - unknown
        expected = {f"{self.top}/sub/file": (known, 0)} | ({None: (unknown, 0)} if unknown else {})
        self.assertEqual(run.table("path"), expected, run)
