# SPDX-License-Identifier: MIT
"""
Which file was it? bcc-openat names the file that the kernel has opened, and not what the program's
memory says when the call returns.
"""

import os
import re
import sys

from harness import compiled, each, essential, fresh_path
from opens import TOOL, OpenCase, openat, opens

RESOLVE_IN_ROOT = 0x10


# openat2 whose arguments lie in the file that it truncates, so that they are gone at its return.
TRUNCATING = """
import ctypes, mmap, os, sys
libc, path, where = ctypes.CDLL(None), sys.argv[1], sys.argv[2]
for i in range(7):
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    os.ftruncate(fd, 4096)
    page = mmap.mmap(fd, 4096)
    os.close(fd)
    at = ctypes.addressof(ctypes.c_char.from_buffer(page))
    page[:24] = (os.O_WRONLY | os.O_TRUNC).to_bytes(8, "little") + bytes(16)
    page[24:24 + len(path) + 1] = path.encode() + bytes(1)
    text = ctypes.c_void_p(at + 24) if where == "both" else path.encode()
    fd = libc.syscall(437, -100, text, ctypes.c_void_p(at), ctypes.c_size_t(24))
    assert fd >= 0
    os.close(fd)
"""


class RealCase(OpenCase):
    """A directory with files, a directory in it to be a root, and a link out of it."""

    def setUp(self):
        self.top = fresh_path("real")
        (self.top / "root/etc").mkdir(parents=True)
        self.top = self.top.resolve()
        for name in ("file", "root/etc/file"):
            (self.top / name).touch()
        (self.top / "link").symlink_to("file")
        (self.top / "root/out").symlink_to("/etc")

    def counted(self, steps, *args):
        run, _ = self.opened(steps, "--by", "path", *args)
        return run, {path: opens for path, (opens, _) in run.table("path").items()}


@essential
class Names(RealCase):
    """Names that lead somewhere else than they say."""

    def test_in_root(self):
        """An absolute path, and one with .., start from the directory and stay below it."""
        steps = [["at", self.top / "root"]]
        steps += [opens("openat2", n, path, os.O_RDONLY, 0, RESOLVE_IN_ROOT)
                  for n, path in ((3, "/etc/file"), (5, "../../etc/file"), (7, "out/file"))]
        run, paths = self.counted(steps, "--all", "-F")
        self.assertEqual(paths, {f"{self.top}/root/etc/file": 15}, run)

    def test_in_root_failed(self):
        steps = [["at", self.top / "root"],
                 opens("openat2", 3, "/etc/none", os.O_RDONLY, 0, RESOLVE_IN_ROOT)]
        run, paths = self.counted(steps, "--all", "-F")
        self.assertEqual(paths, {f"{self.top}/root/etc/none": 3}, run)

    def test_link(self):
        """-F names what the link leads to; without it the path is as it was given."""
        run, paths = self.counted([openat(3, self.top / "link")], "-F")
        self.assertEqual(paths, {f"{self.top}/file": 3}, run)
        run, paths = self.counted([openat(3, self.top / "link")])
        self.assertEqual(paths, {f"{self.top}/link": 3}, run)

    def test_given(self):
        """A program gets both, where they differ."""
        steps = [["chdir", self.top], openat(1, "link"), openat(1, self.top / "file"),
                 openat(1, "none")]
        run, _ = self.opened(steps, "--stream", "-F")
        self.assertEqual([(e["path"], e["given"]) for e in run.events],
                         [(f"{self.top}/file", "link"), (f"{self.top}/file", None),
                          (f"{self.top}/none", "none")], run)


@essential
class Selected(RealCase):
    """--path misses no file below a directory, and nothing that was given."""

    def select(self, steps, glob, *args):
        run, _ = self.opened(steps, "--path", glob, *args)
        self.assertEqual(set(run.end["dropped"].values()), {0}, run)
        return run

    @each("", "--by path -F", "--all", "--stream", "--by path")
    def test_below(self, args):
        steps = [["chdir", self.top], openat(1, "file"), openat(2, self.top / "file"),
                 openat(4, "./link"), openat(8, "none"), ["at", self.top / "root"],
                 openat(16, "etc/file"), openat(32, "../file"), ["at", "-100"],
                 openat(64, "/dev/null")]
        run = self.select(steps, f"{self.top}/*", *args.split())
        self.assertEqual(run.end["opens"], 63, run)

    def test_either(self):
        """Both the link and the file that it leads to are found."""
        steps = [openat(3, self.top / "link"), openat(5, self.top / "file")]
        for glob, count in (("*/link", 3), ("*/file", 8), (f"{self.top}/file", 8), ("*/fil", 0)):
            run = self.select(steps, glob)
            self.assertEqual(run.end["opens"], count, run)

    @each(1, 2, 3, 4, 5, 6, 7, 8, 9)
    def test_lengths(self, size):
        """The pattern is matched to the last byte, whatever the length."""
        name = "n" * size
        (self.top / name).touch()
        steps = [["chdir", self.top], openat(3, name), openat(5, "file")]
        self.assertEqual(self.select(steps, f"{self.top}/{name}").end["opens"], 3)
        self.assertEqual(self.select(steps, f"{self.top}/{name}n").end["opens"], 0)

    def test_uring(self):
        steps = [["chdir", self.top], opens("io_uring:openat", 3, "link"),
                 opens("io_uring:openat", 5, "none"), openat(7, "/dev/null")]
        run, results = self.opened(steps, "--all", "--path", f"{self.top}/*", "--by", "path")
        if all(line["ends_known"] for line in results.of("open")[:2]):
            self.assertEqual(run.table("path"), {f"{self.top}/file": (3, 0),
                                                 f"{self.top}/none": (5, 5)}, run)


class RewrittenCase(RealCase):
    """Another thread changes what was asked for while the open waits."""

    N = 3

    def setUp(self):
        super().setUp()
        (self.top / "other").mkdir()
        os.mkfifo(self.top / "real")
        os.link(self.top / "real", self.top / "link-of-fifo")
        (self.top / "link").unlink()
        os.rename(self.top / "link-of-fifo", self.top / "link")

    def rewritten(self, how, *args):
        run = self.run_tool(TOOL, *args, "--", compiled("rewriter"), self.top, str(self.N),
                            *how.split(), output="json")
        self.assertEqual(run.status, 0, run)
        return run


@essential
class Rewritten(RewrittenCase):
    """Another thread rewrites the path while the open waits."""

    @each("cold opened", "warm opened")
    def test_cannot_hide(self, how):
        run = self.rewritten(how, "--path", f"{self.top}/real")
        self.assertEqual(run.end["opens"], self.N, run)

    @each("cold opened", "warm opened")
    def test_is_shown(self, how):
        """The file itself is shown, with -F and without."""
        for args in (("--stream",), ("--stream", "-F")):
            run = self.rewritten(how, *args)
            shown = [e["path"] for e in run.events if e["path"].startswith(f"{self.top}/")]
            self.assertEqual(shown.count(f"{self.top}/real"), self.N, run)
            self.assertEqual(shown.count(f"{self.top}/fake"), 0, run)

    @each("cold opened", "warm opened")
    def test_is_counted(self, how):
        for args in ((), ("-F",)):
            run = self.rewritten(how, "-i", "0", "--by", "path", *args)
            paths = {row["path"]: row["opens"] for row in run.rows}
            self.assertEqual((paths[f"{self.top}/real"], f"{self.top}/fake" in paths),
                             (self.N, False), run)

    @each("--stream", "--stream -F", "--by path", "--by path -F")
    def test_failed(self, args):
        """Nobody knows what an open that failed was about, and that is counted."""
        run = self.rewritten("warm failed", *args.split())
        paths = [record.get("path") for record in run.events + run.rows]
        self.assertEqual(run.end["dropped"]["unread"], self.N, run)
        self.assertNotIn(f"{self.top}/fake", paths, run)

    @each("real", "fake")
    def test_failed_selected(self, name):
        run = self.rewritten("warm failed", "--path", f"{self.top}/{name}")
        self.assertEqual((run.end["opens"], run.end["dropped"]["unread"]), (0, self.N), run)


class OtherDirectory(RewrittenCase):
    """Another thread changes the directory that a relative path starts from."""

    def shown(self, run):
        """What the opens of the FIFO by a relative path were for."""
        return [e["path"] for e in run.events if not e["path"] or e["path"].endswith("real")]

    @each("warm cwd", "cold cwd", "warm dirfd", "cold dirfd")
    def test_opened(self, how):
        memory, what = how.split()
        run = self.rewritten(f"{memory} opened {what}", "--stream", "-F")
        self.assertEqual(self.shown(run).count(f"{self.top}/real"), self.N, run)
        self.assertEqual(run.end["dropped"]["unread"], 0, run)

    @essential
    @each("warm cwd", "cold cwd", "warm dirfd", "cold dirfd")
    def test_failed(self, how):
        memory, what = how.split()
        run = self.rewritten(f"{memory} failed {what}", "--stream", "-F")
        self.assertEqual(self.shown(run), [None] * self.N, run)
        self.assertEqual(run.end["dropped"]["unread"], self.N, run)

    @each("cwd", "dirfd")
    def test_failed_counted(self, what):
        run = self.rewritten(f"warm failed {what}", "-i", "0", "--by", "path", "-F")
        paths = {row["path"]: row["opens"] for row in run.rows
                 if not (row["path"] or "").startswith("/proc/")}
        self.assertEqual(paths, {str(self.top): 1, f"{self.top}/other": 1, None: self.N}, run)
        self.assertEqual(run.end["dropped"]["unread"], self.N, run)

    @each("cwd", "dirfd")
    def test_failed_selected(self, what):
        for name in ("real", "other/real"):
            run = self.rewritten(f"warm failed {what}", "--path", f"{self.top}/{name}")
            self.assertEqual((run.end["opens"], run.end["dropped"]["unread"]), (0, self.N), run)

    @each("cwd", "dirfd")
    def test_as_given(self, what):
        """Without -F the path is the text, which has not changed."""
        run = self.rewritten(f"warm failed {what}", "--stream")
        self.assertEqual(self.shown(run), ["real"] * self.N, run)
        self.assertEqual(run.end["dropped"]["unread"], 0, run)


@essential
class OtherDirectoryOfRequest(RealCase):
    """The directory changes between a request to an io_uring and the open."""

    def moved(self, name):
        (self.top / "other").mkdir()
        (self.top / "other/file").touch()
        steps = [opens("io_uring:openat", 1, "none")]
        _, results = self.opened(steps, "--all")
        run = self.run_tool(TOOL, "--all", "--stream", "-F", "--", compiled("mover"), self.top,
                            "3", name, output="json").check()
        paths = [e["path"] for e in run.events if e["call"] == "io_uring:openat"]
        return run, paths, all(line["ends_known"] for line in results.of("open"))

    def test_failed(self):
        run, paths, known = self.moved("none")
        self.assertEqual(paths, [None] * 3, run)
        self.assertEqual(run.end["dropped"]["unread"], 3 if known else 0, run)

    def test_opened(self):
        run, paths, known = self.moved("file")
        self.assertEqual(paths, [f"{self.top}/other/file" if known else None] * 3, run)
        self.assertEqual(run.end["dropped"]["unread"], 0, run)


class OtherFlags(RewrittenCase):
    """Another thread changes what openat2 asks for."""

    @each("opened -w", "failed -w", "opened --flags=O_WRONLY", "opened --flags=O_RDONLY",
          "opened -w --by path", "failed -w --path */real")
    def test_decide(self, how):
        result, *args = how.split()
        run = self.rewritten(f"warm {result} how", "--all", *args)
        self.assertEqual(run.end["dropped"]["unread"], self.N, run)

    @essential
    @each("warm opened", "warm failed")
    def test_stream(self, how):
        run = self.rewritten(f"{how} how", "--all", "--stream")
        self.assertEqual([(e["path"], e["flags"]) for e in run.events if e["call"] == "openat2"],
                         [(f"{self.top}/real", None)] * self.N, run)

    @each("", "--path */file")
    def test_there_and_back(self, args):
        """A write that looks like a read before and after is not left out silently."""
        run = self.run_tool(TOOL, "--all", "-w", *args.split(), "--", compiled("flipper"),
                            self.top / "file", "30000", output="json").check()
        writes = int(re.search(r"(\d+) writes", run.err)[1])
        counted, unread = run.end["opens"], run.end["dropped"]["unread"]
        self.assertLessEqual(counted, writes, run)
        self.assertLessEqual(writes, counted + unread, run)

    @essential
    def test_start(self):
        """RESOLVE_IN_ROOT would have meant another file."""
        run = self.rewritten("warm failed how", "--all", "--stream", "-F")
        self.assertEqual([e["path"] for e in run.events if e["call"] == "openat2"],
                         [None] * self.N, run)
        self.assertEqual(run.end["dropped"]["unread"], self.N, run)


@essential
class Slots(RealCase):
    """An io_uring can put a file into a slot of its own instead of a descriptor."""

    def test_slot(self):
        steps = [opens("io_uring:openat,direct", 2, self.top / "file"),
                 opens("io_uring:openat,direct", 1, self.top / "none"),
                 opens("io_uring:openat", 1, self.top / "file")]
        run, results = self.opened(steps, "--all", "--stream", "-F")
        if not all(line["there"] and line["ends_known"] for line in results.of("open")):
            return
        self.assertEqual([(e["fd"] is None, e["slot"], e["errno"]) for e in run.events],
                         [(True, 2, None)] * 2 + [(True, None, "ENOENT"), (False, None, None)],
                         run)


@essential
class Truncated(RealCase):
    """Arguments of openat2 that cannot be read at its return."""

    def run_truncating(self, where, *args):
        self.path = fresh_path("truncated")
        return self.run_tool(TOOL, "--all", *args, "--", sys.executable, "-c", TRUNCATING,
                             self.path, where, output="json").check()

    @each("-w", "--flags=O_TRUNC", "--flags=O_RDONLY")
    def test_flags_that_decide(self, option):
        run = self.run_truncating("how", option, "--by", "call", "-i", "0")
        self.assertNotIn("openat2", [row["call"] for row in run.rows], run)
        self.assertEqual(run.end["dropped"]["unread"], 7, run)

    @each("how", "both")
    def test_stream(self, where):
        run = self.run_truncating(where, "--stream", "-F")
        calls = [e for e in run.events if e["call"] == "openat2"]
        self.assertEqual([(e["path"], e["flags"], e["mode"]) for e in calls],
                         7 * [(str(self.path), None, None)], run)
