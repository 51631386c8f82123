# SPDX-License-Identifier: MIT
"""A `!` in front of a value of a filter leaves out what it names, and nothing else."""

import itertools
import os

from harness import NOBODY, CgroupCase, each, essential, per_tool
from test_filters import CALL, PRIMES, STRANGER, FilterCase, steps

TAG = f"b{os.getpid()}-"  # The names begin with it, so that no other run has them.
MINE = ("-n", TAG + "*")


class ButCase(FilterCase, CgroupCase):
    """Three workloads, of which a name selects all, and another filter leaves some out."""

    def named(self, *names, **identity):
        return [self.workload(f"comm {TAG}{name} + {steps(prime)}", **identity)
                for name, prime in zip(names, PRIMES)]

    def three(self):
        return self.named("alpha", "beta", "gamma")

    def of_users(self, *users):
        return [self.workload(f"comm {TAG}user + {steps(prime)}", user=user)
                for prime, user in zip(PRIMES, users)]

    def left(self, tool, works, included, *options):
        return self.filtered(tool, works, included, *MINE, *options)


@essential
class But(ButCase):
    """Each of the filters by itself."""

    @per_tool
    def test_pid(self, tool):
        works = self.three()
        run = self.left(tool, works, works[1:], "-p", f"!{works[0].pid}")
        self.assertEqual(run.start["filters"],
                         {"name": TAG + "*", "pid": f"!{works[0].pid}"}, run)

    @each("!{},{}", "!{},!{}")
    def test_pid_list(self, text):
        """What begins with ! leaves out all that it names, as in -e."""
        works = self.three()
        run = self.left("bcc-openat", works, works[2:], "-p",
                        text.format(works[0].pid, works[1].pid))
        self.assertEqual(run.start["filters"]["pid"], f"!{works[0].pid},!{works[1].pid}", run)

    def test_given_again(self):
        works = self.three()
        one, two, _ = (work.pid for work in works)
        run = self.left("bcc-openat", works, works[1:2], "-p", f"!{one}", "-p", two)
        self.assertEqual(run.start["filters"]["pid"], f"{two},!{one}", run)

    @per_tool
    def test_tid(self, tool):
        work = self.workload(steps(11), "--threads", "3")
        run, _ = self.attach(tool, work, "--pid", work.pid, "--tid", f"!{work.tids[0]}")
        if tool == "bcc-syscalls":
            self.assertEqual(run.check().table("syscall").get(CALL), (22, 0), run)
        elif tool == "bcc-openat":
            self.assertEqual(run.check().table("pid"), {work.pid: (26, 4)}, run)
        else:
            self.assertEqual(len(run.check().select("fork", ppid=work.pid)), 22, run)
            ended = {e["tid"] for e in run.select("exit")}
            self.assertEqual(ended, {work.pid, *work.tids[1:]}, run)

    @per_tool
    def test_ppid(self, tool):
        work = self.workload(f"comm {TAG}p + {steps(11)} + spawn 2 {steps(17)}")
        run, results = self.attach(tool, work, *MINE, "--ppid", f"!{work.pid}")
        children = results.one("spawn")["children"]
        if tool == "bcc-syscalls":
            self.assertEqual(run.check().table("syscall").get(CALL), (11, 0), run)
        elif tool == "bcc-openat":
            self.assertEqual(run.check().table("pid"), {work.pid: (13, 2)}, run)
        else:
            self.assertEqual(run.check().select("exit", pid=children), [], run)
            self.assertEqual(len(run.select("fork", ppid=work.pid)), 13, run)

    @per_tool
    @each(("!root", slice(0, 2)), (f"!nobody,{STRANGER}", slice(2, 3)),
          (f"0,nobody,!{STRANGER}", slice(1, 3)))
    def test_uid(self, case, tool):
        works, (text, chosen) = self.of_users(STRANGER, NOBODY, 0), case
        self.left(tool, works, works[chosen], "-u", text)

    @per_tool
    def test_euid(self, tool):
        works = [self.workload(f"comm {TAG}user + euid {user} + {steps(prime)}")
                 for prime, user in zip(PRIMES, (STRANGER, STRANGER + 1, 0))]
        self.left(tool, works, works[1:], "--euid", f"!{STRANGER}")

    @per_tool
    def test_name(self, tool):
        works = self.three()
        run = self.left(tool, works, works[2:], "-n", f"!{TAG}al*", "-n", f"!*-{TAG[0]}*eta",
                        "-n", f"!{TAG}bet?")
        self.assertEqual(run.start["filters"]["name"],
                         f"{TAG}*,!{TAG}al*,!*-{TAG[0]}*eta,!{TAG}bet?", run)

    @per_tool
    def test_name_alone(self, tool):
        works = self.three()
        chosen = ",".join(str(work.pid) for work in works)
        self.filtered(tool, works, works[1:], "-n", f"!{TAG}alpha", "-p", chosen)

    @per_tool
    def test_cgroup(self, tool):
        top, other = self.make_cgroup(), self.make_cgroup()
        below, works = self.make_cgroup(top), self.three()
        for work, cgroup in zip(works, (below, other, top)):
            (cgroup / "cgroup.procs").write_text(str(work.pid))
        self.left(tool, works, works[1:2], "-c", f"!{top}")

    @per_tool
    def test_cgroup_within_another(self, tool):
        top = self.make_cgroup()
        below, works = self.make_cgroup(top), self.three()
        for work, cgroup in zip(works, (below, top)):
            (cgroup / "cgroup.procs").write_text(str(work.pid))
        self.filtered(tool, works, works[1:2], "-c", top, "-c", f"!{below}")

    @per_tool
    def test_descendants(self, tool):
        work = self.workload(f"comm {TAG}x + {steps(11)} + spawn 3 {steps(17)}")
        works = [work, *self.named("beta", "gamma")]
        running = self.start(tool, *MINE, "-p", f"!{work.pid}", "--descendants")
        children = work.go().one("spawn")["children"]
        for other in works[1:]:
            other.go()
        run = running.stop().check()
        if tool == "bcc-syscalls":
            self.assertEqual(run.table("syscall").get(CALL), (PRIMES[0] + PRIMES[1], 0), run)
        elif tool == "bcc-openat":
            self.assertEqual(run.table("pid"), {works[1].pid: (PRIMES[0] + 2, 2),
                                                works[2].pid: (PRIMES[1] + 2, 2)}, run)
        else:
            self.assertEqual(run.select("exit", pid={work.pid, *children}), [], run)
            self.assertEqual(run.end["forks"], PRIMES[0] + PRIMES[1], run)


class Pairs(ButCase):
    """Two of the filters together: each leaves one workload out."""

    KINDS = ("pid", "tid", "uid", "euid", "name", "cgroup")

    def but(self, kind, number, work):
        if kind == "cgroup":
            cgroup = self.make_cgroup()
            (cgroup / "cgroup.procs").write_text(str(work.pid))
        value = {"pid": work.pid, "tid": work.pid, "uid": STRANGER + number,
                 "euid": STRANGER + number, "name": f"{TAG}w{number}",
                 "cgroup": kind == "cgroup" and cgroup}[kind]
        return f"--{kind}", f"!{value}"

    @each(*itertools.combinations(KINDS, 2))
    def test_pair(self, kinds):
        works = [self.workload(f"comm {TAG}w{number} + {steps(prime)}", user=STRANGER + number)
                 for number, prime in enumerate(PRIMES)]
        options = [word for number, kind in enumerate(kinds)
                   for word in self.but(kind, number, works[number])]
        self.left("bcc-openat", works, works[2:], *options)


class Edges(ButCase):
    """A task that ends, and command lines that make no sense."""

    def test_run_goes_on_without_it(self):
        """The run does not end with a process that is left out."""
        works = self.three()
        running = self.start("bcc-openat", *MINE, "-p", f"!{works[0].pid}")
        works[0].go()
        works[1].go()
        run = running.stop().check()
        self.assertEqual(run.table("pid"), {works[1].pid: (PRIMES[1] + 2, 2)}, run)

    @each(("-p", "{0}", "-p", "!{0}"), ("-u", "root,!0"), ("-n", "cc1", "-n", "!cc*"),
          ("-n", "c*", "-n", "!c*"), ("-t", "{0}", "-p", "!{0}"), ("-p", "!"), ("-n", "!"),
          ("-u", "!no-such-user-x"), ("-c", "!/proc"), ("-p", "!{0}", "--", "true"),
          ("--descendants", "-p", "{0},!1"), ("-n", "!a", "-n", "!b", "-n", "!c", "-n", "!d"))
    def test_wrong_usage(self, args):
        run = self.run_tool("bcc-openat", *(arg.format(os.getpid()) for arg in args))
        self.assertEqual((run.status, run.out, len(run.err.splitlines())), (2, b"", 2), run)
