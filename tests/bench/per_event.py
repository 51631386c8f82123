# SPDX-License-Identifier: MIT
"""What watching adds to one call: the same loop with and without each contestant."""

import bench
from bench import NOTHING, Contestant, bpftrace, calm, empty, group, observed, option_of, ours

NAME = "event"
EXIT = "raw_tracepoint:sys_exit"
ENTER = "raw_tracepoint:sys_enter"
UNIT = "instructions" if bench.EMULATED else "ns"


def seconds(args):
    """
    Of the clock: in an emulated machine, where a second of it takes many, instructions repeat and
    fewer are enough.
    """
    return 0.02 if bench.EMULATED else 0.05 if args.quick else 0.2


def timed(args, contestants, *words):
    """Values of all contestants, after those of nothing."""
    values = bench.Values()

    def measure(contestant):
        values.add(contestant.name, calm([line[0] for line in observed(contestant, *words)]))

    bench.rounds(args.rounds, [NOTHING, *contestants], measure, values)
    return values


def syscalls(args):
    """getppid, the shortest call: on one CPU, and on all of them at once."""
    count, by, latency, command = (
        ours("bcc-syscalls", proof="^getppid"),
        ours("bcc-syscalls", "--by", "process,syscall", proof="getppid"),
        ours("bcc-syscalls", "-L", proof="^getppid"),
        ours("bcc-syscalls", "-i", "0", "--", wraps=True),
    )
    syscount, syscount_p, syscount_l = (
        Contestant(" ".join(argv), argv, proof=proof)
        for argv, proof in ((("syscount", "-T", "500"), "^getppid"),
                            (("syscount", "-P", "-T", "500"), "bench-work"),
                            (("syscount", "-L", "-T", "500"), "^getppid")))
    comm = bpftrace("tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }", proof="bench-work")
    plain = bpftrace("tracepoint:raw_syscalls:sys_exit { @[args->id] = count(); }",
                     proof=r"@\[110\]")
    timing = bpftrace("tracepoint:raw_syscalls:sys_enter { @s[tid] = nsecs; @n[tid] = args->id; } "
                      "tracepoint:raw_syscalls:sys_exit /@s[tid]/ "
                      "{ @t[@n[tid]] = hist(nsecs - @s[tid]); "
                      "delete(@s[tid]); delete(@n[tid]); }", proof=r"@t\[110\]")
    perf = Contestant("perf trace -s -a", ("perf", "trace", "-s", "-a", "-o", "/dev/null"))
    perf_command = Contestant("perf trace -s COMMAND",
                              ("perf", "trace", "-s", "-o", "/dev/null", "--"), wraps=True)
    strace = Contestant("strace -c -f COMMAND", ("strace", "-c", "-f", "-o", "/dev/null"),
                        wraps=True)
    floor, floor_both = empty(EXIT), empty(ENTER, EXIT)
    contestants = [count, by, latency, command, floor, floor_both, syscount, syscount_p, syscount_l,
                   comm, plain, timing,
                   perf, perf_command, strace]
    rows = []
    for threads in [1] if bench.CPUS == 1 else [1, bench.CPUS]:
        bench.say(f" getppid, {threads} threads")
        values = timed(args, contestants, "getppid", threads, seconds(args))
        on = "" if threads == 1 else f", {threads} CPUs at once"
        rows += group(f"getppid itself, unobserved{on}", UNIT, [NOTHING], values)
        for title, members in (
                ("calls counted by call", (count, floor, syscount, comm, plain, perf)),
                ("calls counted by process and call", (by, floor, syscount, syscount_p, comm)),
                ("calls timed", (latency, floor_both, syscount_l, timing, perf)),
                ("the calls of one command", (command, perf_command, strace))):
            rows += group(f"{title}: added to getppid{on}", UNIT, members, values, NOTHING.name)
    return rows


def openat_peers(symbol):
    """
    Programs of bpftrace that count opens, count them by process, and count failures; and the floors
    of the hooks. Kernels without kprobes have other hooks, for ours and for the peers.
    """
    if bench.has_kprobes():
        plain = bpftrace(f"kprobe:{symbol} {{ @ = count(); }}", proof=r"@: \d{4}")
        same = bpftrace(f"kprobe:{symbol} {{ @opens[pid, comm] = count(); }}", proof="bench-work")
        failing = bpftrace(f"kprobe:{symbol} {{ @opens[pid, comm] = count(); }} kretprobe:{symbol} "
                           "/(int32)retval < 0/ { @failed[pid, comm] = count(); }",
                           proof="bench-work")
        floors = [empty(f"kprobe:{symbol}"), empty(f"kprobe:{symbol}", f"kretprobe:{symbol}"),
                  empty(f"fexit:{symbol}"), empty(EXIT)]
        return plain, same, failing, floors
    plain = bpftrace("tracepoint:syscalls:sys_enter_openat { @ = count(); }", proof=r"@: \d{4}")
    same = bpftrace("tracepoint:syscalls:sys_enter_openat { @opens[pid, comm] = count(); }",
                    proof="bench-work")
    failing = bpftrace("tracepoint:syscalls:sys_exit_openat { @opens[pid, comm] = count(); "
                       "if (args->ret < 0) { @failed[pid, comm] = count(); } }", proof="bench-work")
    return plain, same, failing, [empty(EXIT), empty("tracepoint:syscalls:sys_exit_openat")]


def openat_counters():
    """Contestants that count opens and failures, by the title of their group."""
    symbol = "__x64_sys_openat"
    default = ours("bcc-openat", proof="bench-work")
    opensnoop = Contestant("opensnoop > /dev/null", ("opensnoop",), output="null")
    bcc = Contestant("syscount-bpfcc -P --syscall openat",
                     ("syscount-bpfcc", "-P", "--syscall", "openat"), proof="bench-work")
    plain, same, failing, floors = openat_peers(symbol)
    groups = {"opens and failures counted": [default, *floors[-3:], plain, failing, opensnoop, bcc]}
    entry, at_entry = None, floors[:1]
    if option_of("bcc-openat", "--no-results"):
        entry = ours("bcc-openat", "--no-results", proof="bench-work")
        if bench.has_kprobes():
            at_entry = [empty(f"kprobe:{symbol}"), empty(f"fentry:{symbol}")]
        groups["opens counted at their entry"] = [entry, *at_entry, plain, same]
    if not option_of("bcc-openat", "--hook"):
        return groups
    for hook in ["kprobe", "fexit"] * bench.has_kprobes() + ["sys_exit", "tracepoint",
                                                             "raw_syscalls"]:
        other = ours("bcc-openat", "--hook", hook, proof="bench-work")
        groups[f"opens and failures counted, hook {hook}"] = [other, *floors, failing]
        if entry and hook == "fexit":
            other = ours("bcc-openat", "--no-results", "--hook", hook, proof="bench-work")
            groups["opens counted at their entry, trampoline"] = [other, *at_entry, plain, same]
    return groups


def openat_contestants():
    """Contestants that watch opens, by the title of their group."""
    groups = openat_counters()
    opensnoop = Contestant("opensnoop > /dev/null", ("opensnoop",), output="null")
    if option_of("bcc-openat", "--stream"):
        for form in "table", "json":
            groups[f"a line for each open, {form}"] = [
                ours("bcc-openat", "--stream", "-o", form, proof="bench-work"), opensnoop]
    if option_of("bcc-openat", "--by"):
        enter, leave = "tracepoint:syscalls:sys_enter_openat", "tracepoint:syscalls:sys_exit_openat"
        groups["opens counted by path"] = [
            ours("bcc-openat", "--by", "path", proof="/dev/null"),
            bpftrace(f"{enter} {{ @[str(args->filename)] = count(); }}", proof="/dev/null")]
        groups["opens timed"] = [
            ours("bcc-openat", "-L", proof="bench-work"),
            bpftrace(f"{enter} {{ @s[tid] = nsecs; }} "
                     f"{leave} /@s[tid]/ {{ @[pid, comm] = hist(nsecs - @s[tid]); "
                     "delete(@s[tid]); }", proof="bench-work")]
        groups["opens and how many different paths"] = [ours("bcc-openat", "--distinct",
                                                             proof="bench-work")]
    return groups


def opens(args):
    groups = openat_contestants()
    contestants = list({member.name: member for members in groups.values()
                        for member in members}.values())
    bench.say(" openat and close")
    values = timed(args, contestants, "openat", 1, seconds(args))
    rows = group("openat and close, unobserved", UNIT, [NOTHING], values)
    for title, members in groups.items():
        rows += group(f"{title}: added to openat and close", UNIT, members, values, NOTHING.name)
    bench.say(" getppid while opens are counted")
    members = [member for member in contestants
               if member.name.startswith(("bcc-openat", "empty", "opensnoop"))
               and "--stream" not in member.name]
    members = [bench.dataclasses.replace(member, proof="") for member in members]
    values = timed(args, members, "getppid", 1, seconds(args))
    return rows + group("what getppid pays while opens are counted", UNIT, members, values,
                        NOTHING.name)


def processes(args):
    """Fork, exec, exit and wait; in CPU time of parent and child, as it is spread over CPUs."""
    fork = ours("bcc-fork", proof="bench-work")
    floor = empty("raw_tracepoint:sched_process_fork", "raw_tracepoint:sched_process_exec",
                  "raw_tracepoint:sched_process_exit")
    snoops = Contestant("execsnoop and exitsnoop", (("execsnoop",), ("exitsnoop",)),
                        proof="bench-work")
    forkstat = Contestant("forkstat", ("forkstat", "-e", "fork,exec,exit"), proof="bench-work")
    traced = bpftrace(
        'tracepoint:sched:sched_process_fork '
        '{ printf("fork %d %d %s\\n", args->parent_pid, args->child_pid, comm); } '
        'tracepoint:sched:sched_process_exec '
        '{ printf("exec %d %s\\n", pid, str(args->filename)); } '
        'tracepoint:sched:sched_process_exit { printf("exit %d %s\\n", pid, comm); }',
        proof="bench-work")
    members = [fork, floor, snoops, forkstat, traced]
    bench.say(" fork, exec and exit")
    values = timed(args, members, "spawn", seconds(args) * (25 if bench.EMULATED else 5))
    return [*group("fork, exec, exit and wait, unobserved", UNIT, [NOTHING], values),
            *group("processes, a line for each event: added to fork, exec and exit", UNIT, members,
                   values, NOTHING.name)]


def run(args):
    parts = (syscalls, opens, processes)
    return [row for part in parts if not args.groups or part.__name__ in args.groups
            for row in part(args)]
