# SPDX-License-Identifier: MIT
"""How the cost of a report grows: with its rows, and with how often it comes."""

import pathlib
import re

import bench
from bench import Contestant, Failed, Running, bpftrace, group, ours, work

NAME = "growth"


def report_ms(contestant, children):
    """
    CPU ms of the one report at the end, and of ending, with two rows for each of so many processes.
    """
    with Running(contestant) as running:
        work("children", children)
        running.wait_idle()
        before = running.cpu_ns()
        running.stop()
        cpu = sum(process.last_cpu_ns for process in running.processes)
        lost = re.search(r"^.*dropped.*$", running.processes[0].err.read_text(errors="replace"),
                         re.M)
        if lost:
            raise Failed(lost[0])
        return (cpu - before) / 1e6


def rows(args):
    """By process and call, as there may be no more than 32,768 process ids."""
    def tool(*options):
        return ours("bcc-syscalls", "-e", "getppid,getuid", "--by", "process,syscall", "-i", "0",
                    *options)

    result = []
    for count in (2, 1_000) if args.quick else (2, 1_000, 50_000):
        members = [
            tool(), tool("-o", "json"), tool("--top", "10"),
            Contestant("syscount -P (by process, at most 10,240, top 10)", ("syscount", "-P")),
            bpftrace("tracepoint:syscalls:sys_exit_getppid, tracepoint:syscalls:sys_exit_getuid "
                     "{ @[pid, comm, args->__syscall_nr] = count(); }",
                     env=(("BPFTRACE_MAP_KEYS_MAX", "65536"),)),
        ]
        values = bench.Values()
        bench.say(f" a report of {count} rows")
        bench.rounds(min(args.rounds, 3), members,
                     lambda one: values.add(one.name, report_ms(one, count // 2)), values)
        result += group(f"one report of {count:,} rows, and the end: CPU", "ms", members, values)
    return result


def intervals(args):
    """CPU time of a second of running, when there is nothing special to report."""
    result = []
    for interval in ("0.01", "0.1", "1") if args.quick else ("0.01", "0.1", "1", "10"):
        members = [ours("bcc-syscalls", "-i", interval),
                   ours("bcc-syscalls", "-i", interval, "--by", "process,syscall"),
                   ours("bcc-syscalls", "-i", interval, "-L"), ours("bcc-openat", "-i", interval)]
        if interval in ("1", "10"):
            members += [Contestant(f"syscount -i {interval}", ("syscount", "-i", interval)),
                        bpftrace("tracepoint:raw_syscalls:sys_enter { @[comm] = count(); } "
                                 f"interval:s:{interval} {{ print(@); clear(@); }}")]
        seconds = max(1.0, 2.0 * float(interval))
        values = bench.Values()

        def measure(contestant):
            with Running(contestant) as running:
                before = running.cpu_ns()
                work("getppid-rate", 1000, seconds)
                values.add(contestant.name, (running.cpu_ns() - before) / 1e6 / seconds)

        bench.say(f" a report every {interval} s")
        bench.rounds(1 if interval == "10" else min(args.rounds, 3), members, measure, values)
        result += group(f"a report every {interval} s: CPU in each second", "ms", members, values)
    return result


def each_event(args, title, members, *words):
    """What watching adds to one call, and what it takes unobserved."""
    values = bench.Values()

    def measure(contestant):
        values.add(contestant.name,
                   bench.calm([line[0] for line in bench.observed(contestant, *words)]))

    bench.say(f" {title}")
    bench.rounds(min(args.rounds, 3), [bench.NOTHING, *members], measure, values)
    return group(f"{title}: added to one", "ns", members, values, bench.NOTHING.name)


def watchers():
    return [ours("bcc-syscalls", "-i", "0"),
            ours("bcc-syscalls", "-i", "0", "--by", "process,syscall"),
            ours("bcc-syscalls", "-i", "0", "-L", "--by", "process"),
            Contestant("syscount", ("syscount",)),
            Contestant("syscount -P", ("syscount", "-P"))]


def live(args):
    """One process's calls, among so many others that wait."""
    room = int(pathlib.Path("/proc/sys/kernel/pid_max").read_text()) - 2_000
    counts = (0, 1_000) if args.quick else (0, 1_000, min(50_000, room))
    return [row for count in counts
            for row in each_event(args, f"getppid among {count:,} processes that wait", watchers(),
                                  "getppid-among", count, 0.2)]


def distinct(args):
    return [row for count in (1, 64, 512)
            for row in each_event(args, f"{count} different calls in turn",
                                  watchers()[:2] + watchers()[3:4],
                                  "distinct", count, 0.2)]


def run(args):
    parts = (rows, live, distinct, intervals)
    return [row for part in parts if not args.groups or part.__name__ in args.groups
            for row in part(args)]
