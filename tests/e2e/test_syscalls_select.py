# SPDX-License-Identifier: MIT
"""bcc-syscalls -e, -l, -x, --errno: what is chosen is counted, all of it, and nothing else."""

import csv
import io
import json
import re

from arch import COMPAT, IS_X86, NUMBERS
from harness import NOBODY, Case, each

TOOL = "bcc-syscalls"
STEPS = "getppid 11 + syscall close 7 -1 + openat 5 3 + syscall sched_get_priority_max 13 0"
# close: 7 that fail, 5 of what was opened
COUNTS = {"getppid": (11, 0), "close": (12, 7), "openat": (8, 3), "sched_get_priority_max": (13, 0)}
NATIVE = {name: NUMBERS[name] for name in ("read", "openat", "close", "getppid", "execve")}
X32_GETPID = ",x32:getpid" if IS_X86 else ""
GETPPID, CLOSE = NUMBERS["getppid"], NUMBERS["close"]


def only(*names):
    return {name: COUNTS[name] for name in names}


class Selected(Case):
    """-e: calls by name, glob, number, class and ABI."""

    def selected(self, *args, steps=STEPS):
        run, _ = self.command(TOOL, steps, *args)
        return run, run.check().table("syscall")

    @each("getppid,close", f"getppid,{CLOSE}", f"{GETPPID},clos?", "getp?id,!getpid,close",
          "*ppid,[c]lose")
    @each((), ("-L",))
    def test_names_globs_numbers(self, more, what):
        run, table = self.selected("-e", what, *more)
        self.assertEqual(table, only("getppid", "close"), run)

    def test_lists_join(self):
        run, table = self.selected("-e", "getppid,close", "--syscall", "openat,!close")
        self.assertEqual(table, only("getppid", "openat"), run)

    def test_not(self):
        """`!`: all calls but these, compared with a run without -e."""
        run, table = self.selected("-e", "!getppid,close")
        whole, everything = self.selected()
        for name in ("getppid", "close"):
            self.assertEqual(everything.pop(name), COUNTS[name], whole)
        self.assertEqual(table, everything, run)
        self.assertGreater(len(table), 7, run)

    def test_class(self):
        run, table = self.selected("-e", "%desc,!write,!openat2")
        self.assertEqual(table, only("openat", "close"), run)

    def test_class_without_one(self):
        run, table = self.selected("-e", "%file,!openat")
        self.assertNotIn("openat", table, run)
        self.assertNotIn("close", table, run)
        self.assertEqual(table.get("execve"), (1, 0), run)

    def test_i386_is_not_native(self):
        run, table = self.selected("-e", f"{COMPAT}getppid,{COMPAT}close,openat")
        self.assertEqual(table, only("openat"), run)

    @each((), ("-L",))
    def test_rt_sigreturn_alone(self, more):
        """When rt_sigreturn returns, its number is gone."""
        run, table = self.selected("-e", "rt_sigreturn", *more,
                                   steps="handle 17 + getppid 3 + syscall -1 5")
        self.assertEqual(table, {"rt_sigreturn": (17, 0)}, run)
        self.assertEqual(run.totals[0].get("blocked", 0), 0, run)
        self.assertEqual(run.totals[0].get("timed", 17), 17, run)

    def test_exits_alone(self):
        run, table = self.selected("-e", "exit,exit_group",
                                   steps="threads 7 + exit 3 4 + signal SIGTERM")
        self.assertEqual(table, {"exit": (7, 0), "exit_group": (3, 0)}, run)

    def test_exits_are_not_among_others(self):
        run, table = self.selected("-e", "getppid", steps="getppid 3 + threads 3 + exit 1")
        self.assertEqual(table, {"getppid": (3, 0)}, run)

    @each("nosuchcall", "getpppid", "%nosuch", "arm:open", "[a", "1023", "nosuch*", "%file,!%all",
          "x32:", "")
    def test_wrong(self, what):
        run = self.run_tool(TOOL, "-e", what)
        self.assertEqual((run.status, run.out), (2, b""), run)
        self.assertRegex(run.err, r"^bcc-syscalls: --syscall: ")
        self.assertIn(f"'{what}'", run.err)
        self.assertEqual(len(run.err.splitlines()), 2 if "--help" in run.err else 1, run)

    def test_wrong_and_what_may_be_meant(self):
        self.assertIn("getppid", self.run_tool(TOOL, "-e", "getpppid").err)
        self.assertIn("%file", self.run_tool(TOOL, "-e", "file").err)

    def test_start_record_names_it(self):
        run, _ = self.selected("-e", "getppid", "-e", "close", "-x", "--errno", "EBADF,2")
        self.assertRegex(str(run.start["filters"]), r"getppid.*EBADF,2", run)


class Failed(Case):
    """-x and --errno: calls that failed."""

    STEPS = "getppid 11 + openat 5 3 + syscall close 7 -1 + syscall sched_get_priority_max 13 -1"

    def test_failed(self):
        run, _ = self.command(TOOL, self.STEPS, "-x", "-e",
                              "getppid,openat,close,sched_get_priority_max")
        self.assertEqual(run.check().table("syscall"), {"openat": (3, 3), "close": (7, 7),
                                                        "sched_get_priority_max": (13, 13)}, run)

    def test_failed_of_all(self):
        """-x counts no exit and no call in progress: nobody can say that it failed."""
        run, _ = self.command(TOOL, self.STEPS, "--failed", "--by", "syscall,errno")
        self.assertTrue(all(row["errno"] and row["calls"] == row["errors"]
                            for row in run.check().rows), run)
        self.assertFalse({row["syscall"] for row in run.rows} & {"exit_group", "exit", "getppid"},
                         run)

    @each("ENOENT,EBADF", "2,9", "ebadf,ENOENT", "ENOENT,9,EBADF")
    @each((), ("-x",), ("-L",))
    def test_errno(self, more, errors):
        run, _ = self.command(TOOL, self.STEPS, "--errno", errors, "-e",
                              "openat,close,sched_get_priority_max", *more)
        self.assertEqual(run.check().table("syscall"), {"openat": (3, 3), "close": (7, 7)}, run)

    def test_errno_twice(self):
        run, _ = self.command(TOOL, self.STEPS, "--errno", "EINVAL", "--errno", "ENOENT", "-e",
                              "%file,getppid,close",
                              "-e", "sched_get_priority_max", "--by", "errno")
        rows = {row["errno"]: (row["calls"], row["errors"]) for row in run.check().rows}
        self.assertEqual(rows["EINVAL"], (13, 13), run)
        self.assertEqual(set(rows), {"EINVAL", "ENOENT"}, run)

    def test_shares_are_of_what_is_counted(self):
        steps = "openat 5 3 + syscall openat2 9 -1 0 0 0 + syscall close 7 -1"
        run, _ = self.command(TOOL, steps.replace("openat2", "437"), "-x", "--by", "syscall,errno",
                              "-e", "openat,close,openat2")
        rows = {(row["syscall"], row["errno"]): (row["calls"], str(row["share"]))
                for row in run.check().rows}
        self.assertEqual(rows, {("openat", "ENOENT"): (3, "1.000000"),
                                ("close", "EBADF"): (7, "1.000000"),
                                ("openat2", "EINVAL"): (9, "1.000000")}, run)

    def test_share_of_two_errors(self):
        steps = "syscall sched_get_priority_max 13 -1 + syscall close 26 -1"
        run, _ = self.command(TOOL, steps, "--errno", "EINVAL,EBADF", "--by", "errno", "-e",
                              "close,sched*")
        rows = {row["errno"]: str(row["share"]) for row in run.check().rows}
        self.assertEqual(rows, {"EINVAL": "0.333333", "EBADF": "0.666667"}, run)

    @each("ENOSUCH", "0", "4096", "", "ENOENT,", "-1")
    def test_no_such_errno(self, what):
        run = self.run_tool(TOOL, "--errno", what)
        self.assertEqual((run.status, run.out), (2, b""), run)
        self.assertRegex(run.err, r"^bcc-syscalls: --errno: '.*' is not an errno")


class Numbers(Case):
    """Calls that have no name, or that no kernel here implements."""

    def test_unknown(self):
        steps = ("syscall 1000 11 + syscall 500000 7 + syscall 0x40000027 5 + syscall 0x400003e8 3"
                 " + syscall -1 2")
        run, results = self.command(TOOL, steps)
        self.assertTrue(all(line["errors"] == line["calls"] or line["nr"] == 0x40000027
                            for line in results.of("syscall")), run)
        errors = [line["errors"] for line in results.of("syscall") if line["nr"] == 0x40000027][0]
        table = run.check().table("syscall")
        self.assertEqual(table.get("1000"), (11, 11), run)
        if IS_X86:
            self.assertEqual(table.get("unknown"), (9, 9), run)
            self.assertEqual(table.get("x32:getpid"), (5, errors), run)
            self.assertEqual(table.get("x32:1000"), (3, 3), run)
        else:  # bit 30 is nothing special
            self.assertEqual(table.get("unknown"), (17, 17), run)

    @each((), ("-L",))
    def test_selected(self, more):
        steps = ("syscall 1000 11 + syscall 500000 7 + syscall 0x40000027 5 + syscall -1 2"
                 " + handle 3")
        run, _ = self.command(TOOL, steps, "-e", "1000,unknown" + X32_GETPID, *more)
        calls = {name: calls for name, (calls, _) in run.check().table("syscall").items()}
        self.assertEqual(calls, {"1000": 11, "unknown": 9, "x32:getpid": 5} if IS_X86
                         else {"1000": 11, "unknown": 14}, run)
        self.assertEqual(run.totals[0].get("blocked", 0), 0, run)

    @each((), ("-L",), ("--by", "process,syscall"))
    def test_32_bit(self, more):
        """
        close is 6 and getppid 64 in the i386 ABI; in the native one these numbers are lstat and
        semget.
        """
        run, results = self.command(TOOL, "getppid 5 + compat 13 11", *more)
        table, made = run.check().table("syscall"), results.one("compat")
        self.assertEqual(table.get("getppid"), (5, 0), run)
        self.assertFalse({"lstat", "semget"} & set(table), run)
        compat = {name: counts for name, counts in table.items() if name.startswith(COMPAT)}
        if made["there"]:  # and the child that tried it
            self.assertEqual(compat, {"i386:close": (13, 13), "i386:getppid": (12, 0)}, run)
        else:  # the child that tried it died of that, and made no such call
            self.assertEqual((compat, made["close"]), ({}, 0), run)

    def test_32_bit_selected(self):
        run, results = self.command(TOOL, "getppid 5 + compat 13 11", "-e", COMPAT + "getppid")
        there = results.one("compat")["there"]
        self.assertEqual(run.check().table("syscall"), {"i386:getppid": (12, 0)} if there else {},
                         run)


class List(Case):
    """--list: the calls that -e knows."""

    def listed(self, output, *args, **identity):
        run = self.run_tool(TOOL, "-l", *args, output=output, **identity)
        self.assertEqual((run.status, run.err), (0, ""), run)
        return run.out.decode()

    def test_formats_agree(self):
        """Number, name and classes of every call are the same in all three formats."""
        lines = [json.loads(line) for line in self.listed("json").splitlines()]
        self.assertEqual({line.pop("type") for line in lines}, {"syscall"})
        rows = list(csv.DictReader(io.StringIO(self.listed("csv")), strict=True))
        self.assertEqual([{**row, "number": int(row["number"]), "classes": row["classes"].split()}
                          for row in rows],
                         lines)
        head, *table = self.listed(None).splitlines()
        self.assertEqual(head.split(), ["NUMBER", "SYSCALL", "CLASSES"])
        self.assertEqual([[line["number"], line["syscall"], line["classes"]] for line in lines],
                         [[int(words[0]), words[1], [w.lstrip("%") for w in words[2:]]]
                          for words in map(str.split, table)])

    def test_what_is_there(self):
        lines = [json.loads(line) for line in self.listed("json").splitlines()]
        numbers = {line["syscall"]: line["number"] for line in lines}
        self.assertEqual(len(numbers), len(lines), "a name appears twice")
        self.assertEqual({name: numbers.get(name) for name in NATIVE}, NATIVE)
        if IS_X86:
            self.assertEqual((numbers["i386:openat"], numbers["i386:close"],
                              numbers["x32:openat"]), (295, 6, 257))
        else:
            self.assertEqual((numbers["arm:openat"], numbers["arm:close"], numbers["arm:set_tls"]),
                             (322, 6, 0xf0005))
        classes = {line["syscall"]: line["classes"] for line in lines}
        self.assertEqual(classes["openat"], ["file", "desc"])
        self.assertEqual(classes[COMPAT + "mmap2"], classes["mmap"])
        for prefix in ("", COMPAT, *(("x32:",) if IS_X86 else ())):
            there = [name for name in numbers if re.fullmatch(prefix + r"\w+", name)]
            self.assertGreater(len(there), 300, prefix)

    def test_selected(self):
        less = ",!x32:close" if IS_X86 else ""
        natives = sorted([(CLOSE, "close,desc"), (NUMBERS["openat"], "openat,file desc")])
        self.assertEqual(self.listed("csv", "-e", f"close{less},{NUMBERS['openat']}").splitlines(),
                         ["number,syscall,classes", *(f"{n},{rest}" for n, rest in natives),
                          f"6,{COMPAT}close,desc"])

    def test_without_privilege(self):
        self.assertEqual(self.listed(None, user=NOBODY), self.listed(None))
        self.assertIn("  openat  ", self.listed(None, "-e", "open*", user=NOBODY))

    def test_every_errno_has_its_name(self):
        """Rows have a name for every errno, also for those that no program sees."""
        for name in ("EPERM", "ENOENT", "EAGAIN", "ENOSYS", "EHWPOISON", "ERESTARTSYS"):
            run = self.run_tool(TOOL, "--errno", name, "--duration", "0.01")
            self.assertEqual(run.status, 0, run)
