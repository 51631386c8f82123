# SPDX-License-Identifier: MIT
"""What a running tool holds: after some work has been watched."""

import contextlib
import pathlib
import re
import threading
import time

import bench
from bench import Contestant, Running, bpftrace, group, ours, work

NAME = "memory"


def memory(process):
    """RSS and PSS of a process, and of its maps in the kernel, in MB."""
    text = pathlib.Path(f"/proc/{process.pid}/smaps_rollup").read_text()
    rss, pss = (int(re.search(rf"^{name}: +(\d+)", text, re.M)[1]) / 1024
                for name in ("Rss", "Pss"))
    maps = {}
    for fd in pathlib.Path(f"/proc/{process.pid}/fdinfo").iterdir():
        info = fd.read_text()
        if "map_id" in info:
            maps[re.search(r"map_id:\s*(\d+)",
                           info)[1]] = int(re.search(r"memlock:\s*(\d+)", info)[1])
    return rss, pss, sum(maps.values()) / 1048576


def compare(args, title, members):
    values = [bench.Values() for _ in range(3)]

    def measure(contestant):
        with Running(contestant) as running:
            work("spawn", 0.2)
            running.wait_idle()
            for part, numbers in zip(values, zip(*map(memory, running.processes))):
                part.add(contestant.name, sum(numbers))

    bench.say(f" {title}")
    bench.rounds(min(args.rounds, 3), members, measure, values[0])
    rows = []
    for what, part in zip(("resident", "proportional (PSS)", "maps in the kernel"), values):
        rows += group(f"memory, {title}: {what}", "MB", members, part)
    return rows


def over_time(args):
    """All three at once, while processes come and go: a sample each second, after the first ten."""
    seconds = 30 if args.quick else 600
    members = [ours("bcc-syscalls", "--by", "process,syscall"), ours("bcc-openat"),
               ours("bcc-fork")]
    values = bench.Values()
    bench.say(f" {seconds} s of processes that come and go")
    with contextlib.ExitStack() as stack:
        running = [(one, stack.enter_context(Running(one))) for one in members]
        churn = threading.Thread(target=work, args=("spawn", seconds))
        churn.start()
        began = time.monotonic()
        while churn.is_alive():
            churn.join(1)
            for one, its in running:
                if time.monotonic() - began > 10:
                    values.add(one.name, sum(memory(process)[0] for process in its.processes))
    return group(f"memory over {seconds} s of processes that come and go: resident", "MB", members,
                 values)


def syscalls(args):
    return compare(args, "system calls", [
        ours("bcc-syscalls"), ours("bcc-syscalls", "--by", "process,syscall"),
                                          ours("bcc-syscalls", "-L"),
        Contestant("syscount", ("syscount",)), Contestant("syscount -L", ("syscount", "-L")),
        bpftrace("tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }"),
        Contestant("perf trace -s -a", ("perf", "trace", "-s", "-a", "-o", "/dev/null"))])


def opens(args):
    return compare(args, "opens", [
        ours("bcc-openat"), Contestant("opensnoop", ("opensnoop",)),
        bpftrace("tracepoint:syscalls:sys_enter_openat { @[pid, comm] = count(); }")])


def processes(args):
    return compare(args, "processes", [
        ours("bcc-fork"), Contestant("execsnoop and exitsnoop", (("execsnoop",), ("exitsnoop",))),
        Contestant("forkstat", ("forkstat",)),
        bpftrace('tracepoint:sched:sched_process_fork { printf("%d\\n", args->child_pid); } '
                 'tracepoint:sched:sched_process_exec { printf("%d\\n", pid); } '
                 'tracepoint:sched:sched_process_exit { printf("%d\\n", pid); }')])


def run(args):
    parts = (syscalls, opens, processes, over_time)
    return [row for part in parts if not args.groups or part.__name__ in args.groups
            for row in part(args)]
