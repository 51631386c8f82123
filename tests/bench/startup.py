# SPDX-License-Identifier: MIT
"""From exec to live probes, and from Ctrl-C to the end."""

import time

import bench
from bench import Contestant, Process, bpftrace, group, ours

NAME = "startup"
UNIT = "million instructions" if bench.EMULATED else "ms"


def once(contestant):
    """Seconds to live, to end after SIGINT, and of CPU in all, children's included."""
    process = Process(contestant.commands[0], "file")
    try:
        live = process.wait_live(0.02 if bench.EMULATED else 0.001)
        # The peers tell when they sleep, and that is a moment later: what has been seen last
        # counts.
        stopping, cpu = process.stop()
        return live, stopping, cpu
    finally:
        process.forget()


def whole(contestant):
    """Seconds from exec to end of what ends by itself, and of CPU."""
    process = Process(contestant.commands[0], "file")
    try:
        process.end()
        wall = time.monotonic() - process.began
        return wall, process.usage.ru_utime + process.usage.ru_stime
    finally:
        process.forget()


def starts(args, title, members):
    values = [bench.Values() for _ in range(3)]

    def measure(contestant):
        for part, value in zip(values, once(contestant)):
            part.add(contestant.name, value * 1000)

    bench.say(f" {title}")
    for contestant in members:  # from here on programs are in the page cache, and ours in its own
        if contestant.missing() or "--no-cache" in contestant.name:
            continue
        try:
            once(contestant)
        except bench.Failed:  # the rounds will say so
            pass
    bench.rounds(args.rounds, members, measure, values[0])
    names = "until probes are live", "from SIGINT to the end", "CPU to start and to stop"
    # In an emulated machine who waits has the only processor, so that waiting times are no measure
    # of anything.
    return [row for name, part in list(zip(names, values))[2 if bench.EMULATED else 0:]
            for row in group(f"{title}: {name}", UNIT, members, part)]


def starting(args):
    count = bpftrace("tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }")
    trace = bpftrace('tracepoint:syscalls:sys_enter_openat { @[pid, comm] = count(); }')
    fork = bpftrace('tracepoint:sched:sched_process_fork { printf("%d\\n", args->child_pid); } '
                    'tracepoint:sched:sched_process_exec { printf("%d\\n", pid); } '
                    'tracepoint:sched:sched_process_exit { printf("%d\\n", pid); }')
    peers = {
        "bcc-syscalls": [count, Contestant("syscount", ("syscount",)),
                         Contestant("perf trace -s -a",
                                    ("perf", "trace", "-s", "-a", "-o", "/dev/null"))],
        "bcc-openat": [trace, Contestant("opensnoop", ("opensnoop",))],
        "bcc-fork": [fork, Contestant("execsnoop", ("execsnoop",)),
                     Contestant("forkstat", ("forkstat",))],
    }
    return [row for tool, others in peers.items()
            for row in starts(args, "starting " + tool,
                              [ours(tool), ours(tool, "--no-cache"), *others])]


def floors(args):
    """What comes before anything of ours: the dynamic linker's work, and that for the compiler."""
    members = [ours("bcc-syscalls", "--version"),
               Contestant("a program that loads libbcc and ends",
                          (bench.compiled("library"), "libbcc.so.0"))]
    walls, cpus = bench.Values(), bench.Values()

    def measure(contestant):
        wall, cpu = whole(contestant)
        walls.add(contestant.name, wall * 1000)
        cpus.add(contestant.name, cpu * 1000)

    bench.say(" floors")
    bench.rounds(args.rounds, members, measure, walls)
    rows = [] if bench.EMULATED else group("what a start cannot do without: from exec to end", UNIT,
                                           members, walls)
    return rows + group("what a start cannot do without: CPU", UNIT, members, cpus)


def durations(args):
    if bench.EMULATED:
        return []
    members = [ours(tool, "-d", "1") for tool in ("bcc-syscalls", "bcc-openat", "bcc-fork")]
    members += [Contestant("syscount -d 1", ("syscount", "-d", "1")),
                Contestant("opensnoop -d 1", ("opensnoop", "-d", "1"))]
    values = bench.Values()
    bench.say(" -d 1")
    bench.rounds(args.rounds, members, lambda one: values.add(one.name, whole(one)[0] * 1000),
                 values)
    return group("one second, from exec to end", UNIT, members, values)


def run(args):
    parts = (floors, starting, durations)
    return [row for part in parts if not args.groups or part.__name__ in args.groups
            for row in part(args)]
