# SPDX-License-Identifier: MIT
"""
Names from outside contain every byte there is. They control no terminal, break no format and
forge no row.
"""

import csv
import io
import os
import re
import subprocess
import sys
import unicodedata

from finished_run import Run
from arch import NUMBERS
from harness import (NOBODY, Case, CgroupCase, Process, each, fresh_path, patience, per_tool,
                     thorough, tool_path, wait_until)
from records import escaped, parse_record

# All that a terminal obeys, or that changes how neighbouring characters look.
STEERS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0001]")
EVERY_BYTE = [bytes(range(first, min(first + 15, 256))) for first in range(1, 256, 15)]
NAMES = [
    *EVERY_BYTE,
    b"\x1b[2J\x1b[1;1H", b"\x1b]0;t\x07", b"a\n99 0 1 init", b"\xc2\x9b31m\xc2\x85x", b"\x9b31m",
         b"\xe2\x80\xaeevil\xe2\x80\xac",
    b"a\xe2\x80\x8bb", b"\xef\xbb\xbfbom", "漢字かな".encode(), "e\u0301\u0302\u0303".encode(),
         "\U0001f468\u200d\U0001f469".encode(),
    b'"},{"a":"', b"=1+1,@x\"", b"a,b;c\td", b"\\n\\x41\\", b"\xc0\x80\xed\xa0\x80",
         b"\xf4\x90\x80\x80", b"%s%n%1$n",
    b"TOTAL", b"", b" ", b"  a  ", b"-", b"\xf3\xa0\x80\x81t", b"a > b: c", b") R 1 (", b"\xe6\xbc",
         "\ue000\u0378x".encode(),
]


def spelled(data):
    return "".join("\\x%02x" % byte for byte in data)


def cells(text):
    """How many cells of a terminal a text takes."""
    def width(char):
        if unicodedata.category(char) in ("Mn", "Me"):
            return 0
        return 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return sum(map(width, text))


class NameCase(Case):
    """Makes processes with hostile names."""

    def assert_no_control(self, data, run):
        found = STEERS.search(data.decode())  # a cgroup's name must be valid UTF-8, too
        self.assertIsNone(found, run)


class Comms(NameCase):
    """Names of processes, in every format."""

    STEPS = " + ".join(f"comm {spelled(name)} + openat {2 + at} 1" for at,
                       name in enumerate(NAMES) if name)

    def expected(self):
        counts = {}
        for at, name in enumerate(NAMES):
            if name:
                opens, failed = counts.get(escaped(name), (0, 0))
                counts[escaped(name)] = (opens + 3 + at, failed + 1)
        return counts

    def counted(self, tool, output):
        out = [] if tool == "bcc-openat" else ["-e", "openat"]
        run, _ = self.command(tool, self.STEPS, "--by", "comm", "-i", "0", *out, output=output)
        return run

    @each("bcc-syscalls", "bcc-openat")
    def test_json(self, tool):
        run = self.counted(tool, "json").check()
        got = run.table("comm")
        self.assertEqual({name: got.get(name) for name in self.expected()}, self.expected(), run)
        self.assert_no_control(run.out, run)
        keys = {tuple(key for key in row if key != "comm_bytes") for row in run.rows}
        self.assertEqual(len(keys), 1, run)

    @each("bcc-syscalls", "bcc-openat")
    def test_csv(self, tool):
        run = self.counted(tool, "csv")
        self.assert_no_control(run.out, run)
        head, *rows = csv.reader(io.StringIO(run.out.decode()), strict=True)
        self.assertEqual({len(row) for row in rows}, {len(head)}, run)
        self.assertGreaterEqual(len(rows), len(self.expected()), run)
        names = [row[head.index("comm")] for row in rows]
        self.assertEqual(len(set(names)), len(names), run)

    @each("bcc-syscalls", "bcc-openat")
    def test_table(self, tool):
        """
        There are as many rows as names, and the columns after a name stand where they stand in
        every row.
        """
        run = self.counted(tool, None)
        self.assert_no_control(run.out, run)
        block = run.out.decode().split("\n\n")[0].split("\n")
        head, rows = block[0], block[1:]
        self.assertGreaterEqual(len(rows), len(self.expected()) + 1, run)
        if tool == "bcc-syscalls":
            edge = head.index("CALLS") + len("CALLS")
            for row in rows:
                left, counts = re.fullmatch(r"(.*?)((?: +[0-9.]+){3})", row).groups()
                first = re.match(r" +\d+", counts)[0]
                self.assertEqual(cells(left + first), edge, f"{row!r}{run}")

    @each("json", "csv", None)
    def test_events(self, output):
        """Lines of bcc-fork, where each name contains a forged row, column, lineage and tree."""
        steps = " + ".join(f"comm {spelled(name)} + fork 1" for name in NAMES if name)
        tree = [] if output else ["--tree"]
        run, _ = self.command("bcc-fork", steps, "--lineage", *tree, output=output)
        self.assert_no_control(run.out, run)
        births = sum(map(bool, NAMES))
        if output == "json":
            names = [escaped(name) for name in NAMES if name]
            self.assertEqual([e["parent_comm"] for e in run.check().select("fork")], names, run)
            self.assertEqual([e["lineage"][-2:] for e in run.select("fork")],
                             [["workload", name] for name in names], run)
        elif output == "csv":
            rows = list(csv.reader(io.StringIO(run.out.decode()), strict=True))
            self.assertEqual({len(row) for row in rows}, {len(rows[0])}, run)
            self.assertEqual(len(rows), 1 + 2 + 2 * births, run)
        else:
            lines = run.out.decode().split("\n\n")[0].splitlines()
            self.assertEqual(len(lines), 1 + 2 + 2 * births, run)
            self.assertEqual({line[:5] for line in lines}, {"EVENT", "exec ", "fork ", "exit "},
                             run)

    def test_names_read_from_proc(self):
        """Names of processes that were there before: as they are, not as /proc spells them."""
        for name in (b"a) S 1 (b", b"a\nPPid:\t1", b"\\n\\\\n\\", bytes(range(1, 16)), b"\xff\x9b(",
                     "漢字かな".encode()):
            work = self.workload(f"comm {spelled(name)} + block read + fork 2")
            work.say()
            self.assertTrue(wait_until(lambda w=work,
                                       n=name: open(f"/proc/{w.pid}/comm", "rb").read()[:-1] == n))
            work.wait_in(NUMBERS["read"])
            running = self.start("bcc-fork", "-p", work.pid, "--lineage")
            work.say()
            work.results()
            run = running.stop().check()
            self.assertEqual([e["lineage"][-2:] for e in run.select("fork")],
                             [[escaped(name)] * 2] * 2, run)

    def test_a_filter_is_data(self):
        """
        A name that would end a string, a comment or a line of C in the program's text only
        selects by name.
        """
        for name in (b'"\n#include "/x"', b"*/ ??/ '\"", b"\\\"; } x", bytes(range(1, 10)) + b"#",
                     b"\x7f\x80\xc3\xa9\xff"):
            glob = b"".join(b"\\" + bytes([byte]) for byte in name)
            with self.subTest(name=name):
                text = subprocess.run([tool_path("bcc-openat"), "--ebpf", "-n", glob, "--path",
                                       glob], check=True,
                                      capture_output=True).stdout
                in_front = text[:text.index(b"\n\n") + 1]
                # The layout of kernel structures follows; no user has a say in it.
                defines = in_front[:in_front.index(b"/* A member of a structure")]
                self.assertRegex(defines, rb"\A(?:#define [ -~]+\n|/\* [ -~]+ \*/\n)+\Z")
                self.assertNotIn(b'"', in_front)
        work = self.workload(f"comm {spelled(name)} + openat 7 2")
        run, _ = self.attach("bcc-openat", work, "-n", glob)
        self.assertEqual(run.check().table("pid"), {work.pid: (9, 2)}, run)
        self.assertEqual(run.start["filters"], {"name": escaped(glob)}, run)


class Elsewhere(NameCase):
    """Names of users, cgroups and commands, and names in messages."""

    USER = b"ev\x1b[31mil,\"\xff"

    def test_users(self):
        users = fresh_path("passwd")
        users.write_bytes(b"root:x:0:0::/:/bin/sh\n" + self.USER + b":x:65534:65534::/:/bin/sh\n")
        for output in "json", "csv", "table":
            argv = ["unshare", "--mount", "/bin/sh", "-c",
                    'mount --bind "$0" /etc/passwd && exec "$@"', users,
                    tool_path("bcc-openat"), "--by", "user", "-i", "0", "-o", output, "--",
                    "setpriv",
                    f"--reuid={NOBODY}", "--clear-groups", "/bin/cat", "/dev/null"]
            process = self.own(Process(argv))
            status = process.end(patience(30))
            run = Run("bcc-openat", argv, status, process.out.data, process.err.data)
            self.assertEqual(status, 0, run)
            self.assert_no_control(run.out, run)
            if output == "json":
                (row,
                 ) = [r for r in map(parse_record, run.out.splitlines()) if r.get("uid") == NOBODY]
                self.assertIn(escaped(self.USER), row.values(), run)
            elif output == "csv":
                head, *rows = csv.reader(io.StringIO(run.out.decode()), strict=True)
                self.assertEqual({len(row) for row in rows}, {len(head)}, run)
            else:
                self.assertIn('ev\\e[31mil,"\\xff', run.out.decode(), run)

    @per_tool
    def test_messages(self, tool):
        """A message has two lines, or one, whatever it quotes."""
        hostile = b"\x1b[2J\r\nbcc-x: \xff\xc2\x9b\xe2\x80\xae" + b"x" * 5000
        for args, reason in (([b"--" + hostile], "no such option"), ([b"-o", hostile], "json, csv"),
                             ([b"--", hostile], "command not found"),
                             ([b"-n", b"[" + hostile], "not a glob"),
                             ([b"-c", b"/" + hostile], "no such cgroup")):
            with self.subTest(reason=reason):
                run = self.run_tool(tool, *args)
                self.assertEqual(run.status, 127 if args[0] == b"--" else 2, run)
                self.assertRegex(run.err, rf"\A{tool}: [ -~]*\\e\[2J\\r\\n[ -~]*"
                                          rf"(\n|\nTry '{tool} --help'\n)\Z", run)
                self.assertIn(reason, run.err, run)

    @thorough
    def test_a_command_that_goes_on(self):
        path = fresh_path("x").with_name("\x1b[31m\nx")
        path.write_text(
            '#!/bin/sh\ntrap "" TERM INT\necho up >&2; while :; do read x <"$1" || :; done\n')
        path.chmod(0o755)
        fifo = fresh_path("fifo")
        os.mkfifo(fifo)
        running = self.start("bcc-fork", "--", path, fifo, output="table")
        running.wait_for("the command", lambda: b"up\n" in running.err.data)
        run = running.stop()
        self.addCleanup(subprocess.run, ["/bin/sh", "-c", f"kill -9 {self.waiting_on(fifo)}"],
                        check=True)
        self.assertIn("\\e[31m\\nx does not end, and goes on\n", run.err, run)
        self.assertNotIn("\x1b", run.out.decode() + run.err.replace(str(path), ""), run)

    @staticmethod
    def waiting_on(fifo):
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.fsencode(str(fifo)) in open(f"/proc/{pid}/cmdline", "rb").read():
                    return pid
            except OSError:
                pass
        raise AssertionError(f"nobody waits on {fifo}")

    def test_hardly_any_arguments(self):
        for argv in [], [""], ["", "", ""]:
            script = ("import ctypes, sys\n"
                      f"words = [word.encode() for word in {argv}]\n"
                      "none = (ctypes.c_char_p * 1)(None)\n"
                      "ctypes.CDLL(None).execve(b'/bin/true', (ctypes.c_char_p * 4)(*words), none)")
            run = self.run_tool("bcc-fork", "--", sys.executable, "-S", "-c", script,
                                output="json").check()
            # Since Linux 5.18 the kernel itself turns no arguments into one empty argument.
            self.assertIn(run.select("exec")[-1]["argv"], (argv, argv or [""]), run)


class Cgroups(CgroupCase):
    """
    All bytes that the kernel takes in a cgroup's name: everything but a line end and a slash.
    """

    def test_cgroup(self):
        root = self.make_cgroup()
        names = [bytes(b for b in range(1, 128) if b not in b"\n/"), bytes(range(128, 256)),
                 b' "\\,\'{}', b"\xe2\x80\xae\xc2\x9b"]
        works, paths = [], []
        for name in names:
            path = root / os.fsdecode(name)
            path.mkdir()
            self.addCleanup(self.remove, path)
            work = self.workload("openat 7 2")
            (path / "cgroup.procs").write_text(str(work.pid))
            works.append(work)
            paths.append(escaped(name))
        for output in "json", "csv", None:
            works = works or [self.workload("openat 7 2") for _ in names]
            for work, name in zip(works, names):
                (root / os.fsdecode(name) / "cgroup.procs").write_text(str(work.pid))
            running = self.start("bcc-openat", "--by", "cgroup", "-c", root, "-i", "0",
                                 output=output)
            for work in works:
                work.go()
            works = []
            run = running.stop()
            self.assertIsNone(STEERS.search(run.out.decode()), run)
            if output == "json":
                got = {name.rsplit("/", 1)[1]: counts for name,
                       counts in run.check().table("cgroup").items()}
                self.assertEqual(got, {path: (9, 2) for path in paths}, run)
            elif output == "csv":
                head, *rows = csv.reader(io.StringIO(run.out.decode()), strict=True)
                self.assertEqual([len(row) for row in rows], [len(head)] * len(names), run)
            else:
                self.assertEqual(len(re.findall(r"(?m)^ +9 .* 2 ", run.out.decode())), len(names),
                                 run)

