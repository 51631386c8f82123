# SPDX-License-Identifier: MIT
"""Every filter of every tool lets all of what it names through, and nothing else."""

import os
import pathlib
import signal
import subprocess
import time

import faults
from harness import (NOBODY, Case, CgroupCase, Tool, each, essential, per_tool, unsanitized,
                     wait_until)

PRIMES = (11, 17, 31)  # Summed in any combination they give different numbers.
# A uid that neither a user nor another run of these tests has..
STRANGER = 1_000_000 + 2 * os.getpid()
TAG = f"{os.getpid()}-"  # The names begin with it, so that no other run has them.
# Hardly any other program makes this call: rows of bcc-syscalls do not say whose calls they are..
CALL = "sched_get_priority_max"


def steps(prime):
    """What each tool counts here: opens, calls, forks."""
    return f"openat {prime} 2 + syscall {CALL} {prime} 0 + fork {prime}"


class FilterCase(Case):
    """Three workloads do the same things in different numbers; a filter picks some of them."""

    def works(self, **identity):
        return [self.workload(steps(prime), **identity) for prime in PRIMES]

    def comms(self, *names):
        return [self.workload(f"comm {TAG}{name} + {steps(prime)}") for name,
                prime in zip(names, PRIMES)]

    def users(self, *users):
        return [self.workload(f"comm {TAG}user + {steps(prime)}", user=user)
                for prime, user in zip(PRIMES, users)]

    def mine(self, tool):
        """
        bcc-syscalls does not say whose calls it counts: with these options they can only be ours.
        """
        return ["--name", TAG + "user"] if tool == "bcc-syscalls" else []

    def expect(self, run, works, included):
        chosen = [(work, prime) for work, prime in zip(works, PRIMES) if work in included]
        self.assertEqual(run.status, 0, run)
        if run.tool == "bcc-syscalls":
            self.assertEqual(run.table("syscall").get(CALL, (0, 0)), (sum(p for _, p in chosen), 0),
                             run)
            return
        if run.tool == "bcc-openat":
            rows = run.table("pid")
            got = {work.pid: rows[work.pid] for work in works if work.pid in rows}
            self.assertEqual(got, {work.pid: (prime + 2, 2) for work, prime in chosen}, run)
            return
        forks = {work.pid: len(run.select("fork", ppid=work.pid)) for work in works}
        self.assertEqual({pid: n for pid, n in forks.items() if n},
                         {work.pid: prime for work, prime in chosen}, run)
        self.assertEqual({e["pid"] for e in run.select("exit", pid={w.pid for w in works})},
                         {work.pid for work, _ in chosen}, run)

    def filtered(self, tool, works, included, *options):
        running = self.start(tool, *options)
        for work in works:
            work.go()
        run = running.stop().check()
        self.expect(run, works, included)
        return run


class Filter(FilterCase):
    """Each filter that all tools have, by itself and with others."""

    @per_tool
    @each("--pid", "-p")
    def test_pid(self, option, tool):
        works = self.works()
        self.filtered(tool, works, works[:1], option, works[0].pid)

    @per_tool
    def test_pid_list(self, tool):
        works = self.works()
        run = self.filtered(tool, works, works[1:], "--pid", f"{works[1].pid},{works[2].pid}")
        if tool == "bcc-openat":
            self.assertEqual(len(run.table("pid")), 2, run)

    @per_tool
    def test_pid_leaves_children_out(self, tool):
        work = self.workload(f"{steps(11)} + spawn 3 {steps(17)}")
        run, results = self.attach(tool, work, "--pid", work.pid)
        if tool == "bcc-syscalls":
            self.assertEqual(run.check().table("syscall").get(CALL), (11, 0), run)
        elif tool == "bcc-openat":
            self.assertEqual(run.check().table("pid"), {work.pid: (13, 2)}, run)
        else:
            children = results.one("spawn")["children"]
            self.assertEqual(run.check().select("exit", pid=children), [], run)
            self.assertEqual(run.select("fork", ppid=children), [], run)
            self.assertEqual(len(run.select("fork", ppid=work.pid)), 14, run)

    @per_tool
    def test_descendants(self, tool):
        work = self.workload(f"{steps(11)} + spawn 3 {steps(17)} + spawn 2 {steps(31)}")
        other = self.workload(steps(7))
        running = self.start(tool, "--pid", work.pid, "--descendants")
        other.go()
        results = work.go()
        run = running.stop().check()
        if tool == "bcc-syscalls":
            self.assertEqual(run.table("syscall").get(CALL), (11 + 3 * 17 + 6 * 31, 0), run)
        elif tool == "bcc-openat":
            opens = sorted(row[0] for row in run.table("pid").values())
            self.assertEqual(opens, [13] + [19] * 3 + [33] * 6, run)
        else:
            self.assertEqual(run.end["forks"], 11 + 3 + 3 * 17 + 3 * 2 + 6 * 31, run)
            self.assertEqual(run.end["exits"], run.end["forks"] + 1, run)
            forked = {line["pid"] for line in results.of("fork")}
            self.assertEqual({e["ppid"] for e in run.select("fork")}, forked, run)

    @per_tool
    def test_ppid(self, tool):
        """--ppid names direct children: neither the parent itself nor the grandchildren."""
        work = self.workload(f"{steps(11)} + spawn 2 {steps(17)} + spawn 3 {steps(31)}")
        run, results = self.attach(tool, work, "--ppid", work.pid)
        children = results.one("spawn")["children"]
        if tool == "bcc-syscalls":
            self.assertEqual(run.check().table("syscall").get(CALL), (2 * 17, 0), run)
        elif tool == "bcc-openat":
            self.assertEqual(run.check().table("pid"), {pid: (19, 2) for pid in children}, run)
        else:
            for child in children:
                self.assertEqual(len(run.check().select("fork", ppid=child)), 17 + 3, run)
                self.assertEqual(len(run.select("exit", pid=child)), 1, run)
                (below,) = results.of("spawn", child)
                self.assertEqual(run.select("exit", pid=below["children"]), [], run)
                self.assertEqual(run.select("fork", ppid=below["children"]), [], run)
            self.assertEqual(run.select("exit", pid=work.pid), [], run)

    @per_tool
    def test_tid(self, tool):
        work = self.workload(steps(11), "--threads", "3")
        run, _ = self.attach(tool, work, "--tid", f"{work.tids[0]},{work.tids[1]}")
        if tool == "bcc-syscalls":
            self.assertEqual(run.check().table("syscall").get(CALL), (22, 0), run)
        elif tool == "bcc-openat":
            self.assertEqual(run.check().table("pid"), {work.pid: (26, 4)}, run)
        else:
            self.assertEqual(len(run.check().select("fork", ppid=work.pid)), 22, run)
            self.assertEqual({e["tid"] for e in run.select("exit")}, set(work.tids[:2]), run)

    @per_tool
    def test_uid_number(self, tool):
        works = self.users(STRANGER, STRANGER + 1, 0)
        self.filtered(tool, works, works[:1], "--uid", STRANGER)

    @per_tool
    def test_uid_list_with_root(self, tool):
        """0 is an id like any other and does not mean `no filter`."""
        works = self.users(STRANGER, NOBODY, 0)
        self.filtered(tool, works, [works[0], works[2]], "--uid", f"0,{STRANGER}", *self.mine(tool))

    @per_tool
    def test_uid_zero_alone(self, tool):
        works = self.users(STRANGER, NOBODY, 0)
        self.filtered(tool, works, works[2:], "-u", "0", *self.mine(tool))

    @per_tool
    def test_uid_name(self, tool):
        works = self.users(STRANGER, NOBODY, 0)
        self.filtered(tool, works, works[1:2], "--uid", "nobody", *self.mine(tool))

    def effective(self, *users):
        return [self.workload(f"comm {TAG}user + euid {user} + {steps(prime)}")
                for prime, user in zip(PRIMES, users)]

    @per_tool
    def test_effective_user(self, tool):
        works = self.effective(STRANGER, STRANGER + 1, 0)
        self.filtered(tool, works, works[:1], "--euid", STRANGER)

    @per_tool
    def test_effective_and_real_user(self, tool):
        """Root who acts as somebody else; somebody else who is it by the real id does not count."""
        works = [*self.effective(STRANGER), *self.users(STRANGER, STRANGER)[1:],
                 *self.effective(0, 0, 0)[2:]]
        self.filtered(tool, works, works[:1], "-u", "0", "--euid", f"{STRANGER},1")

    @per_tool
    @each("alpha*", "?lp*-*e", "[ab]l*")
    def test_name(self, glob, tool):
        works = self.comms("alpha-e", "gamma-e", "delta")
        self.filtered(tool, works, works[:1], "--name", TAG + glob)

    @per_tool
    def test_name_ends_in(self, tool):
        works = [self.workload(f"comm {name} + {steps(prime)}")
                 for name, prime in zip((f"a-{TAG}z", f"bb-{TAG}z", f"c-{TAG}zz"), PRIMES)]
        self.filtered(tool, works, works[:2], "--name", f"*-{TAG}z")

    @per_tool
    def test_name_star_means_any(self, tool):
        works = self.comms("alpha", "gamma", "delta")
        chosen = ",".join(str(work.pid) for work in works)
        self.filtered(tool, works, works, "--name", "*", "--pid", chosen)

    @per_tool
    def test_name_is_whole(self, tool):
        works = self.comms("alpha-e", "alpha", "xalpha")
        self.filtered(tool, works, works[1:2], "-n", TAG + "alpha")

    @per_tool
    def test_filters_together(self, tool):
        """With several filters an event must pass all of them."""
        works = [self.workload(f"comm {name} + {steps(prime)}", user=user) for name, prime, user in
                 zip(("alpha", "alpha", "beta"), PRIMES, (STRANGER, NOBODY, STRANGER))]
        self.filtered(tool, works, works[:1], "--name", "alpha", "--uid", STRANGER)

    @per_tool
    def test_filter_of_a_command(self, tool):
        """A filter beside a COMMAND narrows the COMMAND's process tree."""
        work = f"spawn 2 comm alpha + {steps(11)} + spawn 1 comm beta + {steps(17)}"
        run, results = self.command(tool, work, "--name", "beta")
        below = {line["pid"] for line in results.of("fork") if len(line["children"]) == 17}
        self.assertEqual(len(below), 2)
        if tool == "bcc-syscalls":
            self.assertEqual(run.check().table("syscall").get(CALL), (34, 0), run)
        elif tool == "bcc-openat":
            self.assertEqual(run.check().table("pid"), {pid: (19, 2) for pid in below}, run)
        else:
            self.assertEqual({e["ppid"] for e in run.check().select("fork")}, below, run)
            self.assertEqual(run.end["forks"], 34, run)


@essential
class Cgroup(FilterCase, CgroupCase):
    """-c takes a cgroup and those below it."""

    def works_in(self, *cgroups):
        works = self.works()
        for work, cgroup in zip(works, cgroups):
            if cgroup:
                (cgroup / "cgroup.procs").write_text(str(work.pid))
        return works

    @per_tool
    def test_cgroup(self, tool):
        inside, other = self.make_cgroup(), self.make_cgroup()
        works = self.works_in(inside, other, None)
        self.filtered(tool, works, works[:1], "--cgroup", inside)

    @per_tool
    def test_cgroup_or_below(self, tool):
        top = self.make_cgroup()
        below = self.make_cgroup(self.make_cgroup(top))
        works = self.works_in(below, top, None)
        self.filtered(tool, works, works[:2], "-c", top)

    @per_tool
    def test_not_above(self, tool):
        top = self.make_cgroup()
        below = self.make_cgroup(top)
        works = self.works_in(below, top, None)
        self.filtered(tool, works, works[:1], "--cgroup", below)


@essential
class Together(FilterCase):
    """Several tools at once with different filters."""

    def test_all_tools_at_once(self):
        """
        Two instances of each of the three tools watch the same workloads and report the same.
        """
        works = self.works()
        tools = ("bcc-syscalls", "bcc-fork", "bcc-openat") * 2
        chosen = ",".join(str(work.pid) for work in works[:2])
        running = [self.own(Tool(tool, "--pid", chosen)) for tool in tools]
        for tool in running:
            tool.ready()
        for work in works:
            work.go()
        for tool in running:
            run = tool.stop().check()
            with self.subTest(tool=run.tool):
                self.expect(run, works, works[:2])


@unsanitized
class Ended(Case):
    """A process that -p names ends while the program is compiled."""
    LAST = pathlib.Path("/proc/sys/kernel/ns_last_pid")

    def sleeper(self):
        process = subprocess.Popen(["sleep", "1000"])
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def given_again(self, pid):
        """Make a process that has this id."""
        def has_it():
            self.LAST.write_text(str(pid - 1))
            return self.sleeper().pid == pid
        time.sleep(0.02)  # two of the ticks in which the kernel tells when a process began
        self.assertTrue(wait_until(has_it))

    def one(self, tool, option, between):
        victim = self.sleeper()
        running = self.own(faults.ToolAt(tool, "bpf:PROG_LOAD:1", option, str(victim.pid)))
        self.assertTrue(running.stops(), running)
        victim.kill()
        victim.wait()
        between(victim.pid)
        running.popen.send_signal(signal.SIGCONT)
        run, what = running.finish(), "thread" if option == "--tid" else "process"
        self.assertEqual((run.status, run.err),
                         (1, f"{tool}: {what} {victim.pid} ended before it could be traced\n"), run)

    @per_tool
    @each("--pid", "--tid", "--ppid")
    def test_before_it_could_be_traced(self, option, tool):
        self.one(tool, option, lambda pid: None)

    @per_tool
    def test_its_id_is_given_to_another(self, tool):
        self.one(tool, "--pid", self.given_again)
