# SPDX-License-Identifier: MIT
"""
How many events a second reach a file without loss, and what CPU time a tool takes for a million of
them.
"""

import mmap

import bench
from bench import Contestant, Failed, Running, bpftrace, group, option_of, ours, work

NAME = "throughput"
RATES = [2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 300_000, 500_000, 1_000_000]
CPU_AT = 2_000  # events a second, which all of them can take


def occurrences(path, token):
    with open(path, "rb") as file:
        try:
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
                count = position = 0
                while (position := text.find(token, position)) >= 0:
                    count, position = count + 1, position + len(token)
                return count
        except ValueError:  # empty
            return 0


def attempt(contestant, kind, token, rate, seconds):
    """Returns calls made, calls seen, calls a second, and CPU ns of the tool."""
    with Running(contestant) as running:
        running.wait_idle()
        before = running.cpu_ns()
        (made, took), = work(f"{kind}-rate", rate, seconds)
        running.wait_idle()
        cpu = running.cpu_ns() - before
        running.stop()
        seen = sum(occurrences(process.out, token) for process in running.processes)
        # What a tool prints to standard error instead (perf) or writes itself.
        seen = seen or sum(occurrences(process.err, token) for process in running.processes)
    return int(made), seen, made / took, cpu


def highest(contestant, kind, token, limit, seconds):
    """The highest of the rates at which nothing was lost, and 0 when there is none."""
    best = 0
    for rate in (rate for rate in RATES if rate <= limit):
        made, seen, reached, _ = attempt(contestant, kind, token, rate, seconds)
        if not seen:
            raise Failed("has not seen the work")
        if seen < made:
            bench.say(f"      {rate:,}/s: {made - seen:,} of {made:,} lost")
            break
        best = max(best, reached)
        if reached < 0.5 * rate:  # there is no more work in this machine
            break
    return best


def part(args, title, kind, limit, contestants):
    """contestants: (contestant, what its output has once for each call)."""
    rates, cpus = bench.Values(), bench.Values()
    tokens = {contestant.name: token for contestant, token in contestants}
    seconds = 0.3 if args.quick else 1
    members = [contestant for contestant, _ in contestants]

    def measure(contestant):
        token = tokens[contestant.name]
        made, seen, _, cpu = attempt(contestant, kind, token, CPU_AT, seconds)
        if not seen:
            raise Failed("has not seen the work")
        cpus.add(contestant.name, cpu / made / 1000)  # ns for one are s for 10^9
        rates.add(contestant.name, highest(contestant, kind, token, limit, seconds) / 1000)

    bench.say(f" {title}")
    bench.rounds(min(args.rounds, 3), members, measure, rates)
    cpus.reasons = rates.reasons
    rows = group(f"{title}: CPU time of the tool for a million", "s", members, cpus)
    return [*group(f"{title}: highest rate without loss", "thousand/s, more is better", members,
                   rates), *rows]


def forks(args):
    return part(args, "forks and exits, a line for each", "fork", 50_000, [
        (ours("bcc-fork", "-E", "fork,exit"), b"by bench-work"),
        (ours("bcc-fork", "-E", "fork,exit", "-o", "json"), b'"type":"fork"'),
        (Contestant("forkstat -e fork,exit", ("forkstat", "-e", "fork,exit")), b" child "),
        (Contestant("exitsnoop (exits alone)", ("exitsnoop",)), b"bench-work"),
        (bpftrace('tracepoint:sched:sched_process_fork '
                  '{ printf("fork %d %d %s\\n", args->parent_pid, args->child_pid, comm); } '
                  'tracepoint:sched:sched_process_exit { printf("exit %d %s\\n", pid, comm); }'),
         b"fork "),
    ])


def opens(args):
    members = [(Contestant("opensnoop", ("opensnoop",)), b"/dev/null"),
               (bpftrace('tracepoint:syscalls:sys_enter_openat { printf("%d %s %s\\n", pid, comm, '
                         'str(args->filename)); }'), b"/dev/null"),
               (Contestant("perf trace -a -e openat", ("perf", "trace", "-a", "-e", "openat")),
                b"bench-work/")]
    if option_of("bcc-openat", "--stream"):
        members[:0] = [(ours("bcc-openat", "--stream"), b"/dev/null"),
                       (ours("bcc-openat", "--stream", "-o", "json"), b'"/dev/null"')]
    else:
        members[:0] = [(ours("bcc-syscalls", "--stream", "-e", "openat"), b"/dev/null")]
    return part(args, "opens, a line for each", "openat", 500_000, members)


def syscalls(args):
    return part(args, "getppid, a line for each", "getppid", 1_000_000, [
        (ours("bcc-syscalls", "--stream", "-e", "getppid"), b"getppid("),
        (ours("bcc-syscalls", "--stream", "-e", "getppid", "-o", "json"), b'"getppid"'),
        (Contestant("perf trace -a -e getppid", ("perf", "trace", "-a", "-e", "getppid")),
         b"bench-work/"),
        (bpftrace('tracepoint:syscalls:sys_exit_getppid '
                  '{ printf("%d %s getppid() = %d\\n", pid, comm, args->ret); }'),
         b"getppid("),
    ])


def run(args):
    parts = (forks, opens, syscalls)
    return [row for part in parts if not args.groups or part.__name__ in args.groups
            for row in part(args)]
