# SPDX-License-Identifier: MIT
"""What churn has done, and whether a tool's run reports exactly that, whatever the mode."""

import struct
import subprocess

from harness import (Workload, compiled, fresh_path, kernel_version, patience, tool_environment,
                     tool_path)
from finished_run import Run
from records import EVENTS

GETPPID, CLOSE_BAD, CLOSE, OPEN, OPEN_MISSING = range(5)
CALLS = {"getppid": (GETPPID,), "close": (CLOSE_BAD, CLOSE), "openat": (OPEN, OPEN_MISSING)}
ERRORS = {CLOSE_BAD: "EBADF", OPEN_MISSING: "ENOENT"}
PATHS = {OPEN: "/dev/null", OPEN_MISSING: "/nonexistent-bcc-tools/none"}
HEAD, SLOT = struct.Struct("4Q"), struct.Struct("4I5Q5Q")
COUNTED = ",".join(CALLS)
LAST_IS_GUESSED = kernel_version() < (6, 16)
SIZE = 96 << 20  # sparse


class Account:
    """The file that churn writes (helpers/churn_account.h), and what is in it at the end."""

    def __init__(self):
        self.path = fresh_path("account")
        with open(self.path, "wb") as file:
            file.truncate(SIZE)
        self.path.chmod(0o666)

    def read(self):
        with open(self.path, "rb") as file:
            slots, self.forks, self.threads, self.execs = HEAD.unpack(file.read(HEAD.size))
            data = file.read(slots * SLOT.size)
        self.slots = [(slot[:3], slot[4:9], slot[9:14]) for slot in SLOT.iter_unpack(data)]
        self.path.unlink()
        return self

    def counts(self, tool, key):
        """
        {key: [least, most, least that failed, most that failed]}: a call in which a thread was
        killed may or may not count.
        """
        ops = range(5) if tool == "bcc-syscalls" else CALLS["openat"]
        counts = {}
        for who, begun, done in self.slots:
            for op in ops:
                if begun[op]:
                    sums = counts.setdefault(key(who, op), [0, 0, 0, 0])
                    for at, value in enumerate((done[op], begun[op])):
                        sums[at] += value
                        sums[2 + at] += value if op in ERRORS else 0
        return counts


def call_of(op):
    return next(call for call, ops in CALLS.items() if op in ops)


def key_of_account(by):
    """A function that gives the key of a row from a slot and an operation."""
    parts = {
        "process": lambda who, op: who[0],
        "thread": lambda who, op: who[:2],
        "comm": lambda who, op: f"c{who[2]}",
        "user": lambda who, op: None,
        "syscall": lambda who, op: call_of(op),
        "call": lambda who, op: call_of(op),
        "errno": lambda who, op: ERRORS.get(op),
        "path": lambda who, op: PATHS[op],
    }
    return lambda who, op: tuple(parts[word](who, op) for word in by)


def key_of_row(by):
    parts = {
        "process": lambda row: row["pid"],
        "thread": lambda row: (row["pid"], row["tid"]),
        "user": lambda row: None,
    }
    return lambda row: tuple(parts[word](row) if word in parts else row[word] for word in by)


def churn(account, seed, processes, threads, rounds, what, **identity):
    """Start churn, which waits at its gate."""
    words = map(str, (account.path, seed, processes, threads, rounds, what or "n"))
    return Workload(list(words), program=compiled("churn"), **identity)


def dropped(run):
    return sum(value or 0 for value in run.end["dropped"].values())


class Mismatch(AssertionError):
    pass


def require(condition, what, run):
    if not condition:
        raise Mismatch(f"{what}\n  {run.end}\n  {' '.join(map(str, run.argv))}\n  {run.err[-600:]}")


def check_counts(run, account, by, failed_only=False):
    """Hold a run that counts against the account."""
    names = [name for name in ("calls", "errors", "opens", "failed") if name in run.end]
    expected = account.counts(run.tool, key_of_account(by))
    if failed_only:
        expected = {key: [low, high, low, high] for key,
                    (_, _, low, high) in expected.items() if high}
    least, most = (sum(sums[at] for sums in expected.values()) for at in (0, 1))
    lost = dropped(run)
    if not lost:
        run.check()
    told = run.end[names[0]]
    require(least <= told + lost <= most,
            f"there were {least} to {most}, counted {told}, dropped {lost}", run)
    require(sum(total["dropped"] for total in run.totals) == lost,
            "the totals' dropped are not the end's", run)
    if any(total["shown"] != total["rows"] for total in run.totals):
        return
    sums, key = {}, key_of_row(by)
    for row in run.rows:
        for at, name in enumerate(names):
            require(row[name] >= 0 and row.get("failed", row.get("errors", 0)) <= row[names[0]],
                    f"in {row}", run)
            sums.setdefault(key(row), [0, 0, 0])[at] += row[name]
        sums[key(row)][2] += row.get("timed", 0)
    for of, (low, high, low_failed, high_failed) in expected.items():
        got = sums.get(of, [0, 0, 0])
        low, low_failed = (0, 0) if lost else (low, low_failed)
        require(low <= got[0] <= high, f"{of}: {low} to {high}, counted {got[0]}", run)
        if len(names) > 1:
            require(low_failed <= got[1] <= high_failed,
                    f"{of}: {low_failed} to {high_failed} failed, counted {got[1]}", run)
        if any("timed" in row for row in run.rows[:1]):
            require(got[2] == got[0], f"{of}: {got[0]} counted, {got[2]} timed", run)
    for of, counts in sums.items():
        # A call in progress has a row too, without an errno.
        require(of in expected or not any(counts), f"a row of {of}, who made no call", run)


def check_stream(run, account, failed_only=False):
    """Hold a run with --stream against the account."""
    expected = account.counts(run.tool, lambda who,
                              op: (who[0], who[1], f"c{who[2]}", call_of(op), ERRORS.get(op)))
    if failed_only:
        expected = {key: sums for key, sums in expected.items() if key[-1]}
    lost = dropped(run)
    if not lost:
        run.check()
    least, most = (sum(sums[at] for sums in expected.values()) for at in (0, 1))
    told = len(run.events)
    require(least <= told + lost <= most,
            f"there were {least} to {most}, {told} lines, dropped {lost}", run)
    times, counts = [event["ts"] for event in run.events], {}
    require(times == sorted(times), "lines are not in the order of time", run)
    for event in run.events:
        key = (event["pid"], event["tid"], event["comm"], event.get("syscall", event.get("call")),
               event["errno"])
        counts[key] = counts.get(key, 0) + 1
        require(event["duration_ns"], f"no duration: {event}", run)
    for key, (low, high, _, _) in expected.items():
        require((0 if lost else low) <= counts.pop(key, 0) <= high, f"{key}: {low} to {high}", run)
    require(not counts, f"nobody made {counts}", run)


def check_lives(run, account, command, kinds):
    """
    Hold a run of bcc-fork against the account: as many events, and those of each process in an
    order that can be.
    """
    there = {"fork": account.forks, "thread": account.threads, "exec": account.execs + command,
             "exit": account.forks + account.threads + 1}
    lost, seen = dropped(run), {kind: len(run.select(kind)) for kind in EVENTS}
    total = sum(there[kind] for kind in kinds)
    require(sum(seen.values()) + lost == total,
            f"there were {total}, {sum(seen.values())} lines, dropped {lost}", run)
    if lost:
        return
    run.check()
    expected = {kind: there[kind] if kind in kinds else 0 for kind in EVENTS}
    require(seen == expected, f"there were {expected}, seen {seen}", run)
    times = [event["ts"] for event in run.events]
    require(times == sorted(times), "lines are not in the order of time", run)
    if len(kinds) == 4:
        check_order(run)


def check_order(run):
    """
    A process is born, then come its threads and programs, then exits, of which the last one says
    that it is. Only then may its id be reused.
    """
    alive, ending = {}, {}
    for event in run.events:
        pid, tid, kind = event["pid"], event["tid"], event["type"]
        if kind == "fork":
            require(pid not in alive and pid == tid, f"born while it lives: {event}", run)
            alive[pid] = {tid}
            continue
        tids = alive.setdefault(pid, {pid})  # a process that was there before the run
        if kind == "thread":
            require(tid not in tids, f"a thread that is there: {event}", run)
            tids.add(tid)
        elif kind == "exec":
            # Of a thread that executes: it has the process's id from now on, and all other
            # threads have ended.
            require(len(tids) == 1 and pid == tid, f"executes while there are {tids}: {event}", run)
            alive[pid] = {pid}
        else:
            require(tid in tids, f"ends without having been: {event}", run)
            tids.remove(tid)
            # Before Linux 6.16, threads that end at once may each find no other alive: the first
            # that says so counts as the last.
            require(not event["last"] or pid not in ending, f"ends twice: {event}", run)
            require(event["last"] or tids or pid in ending,
                    f"does not say that it is the last: {event}", run)
            require(not event["last"] or not tids or LAST_IS_GUESSED,
                    f"the last one of {tids}: {event}", run)
            if event["last"]:
                ending[pid] = tids
            if not tids:
                del alive[pid]
                ending.pop(pid, None)
    require(not alive, f"{len(alive)} do not end", run)


SQUEEZE = 'mount --bind "$0" /proc/sys/kernel/threads-max && exec "$@"'


def squeezed(most, tool, *args, namespace=False):
    """
    Run the tool on a machine that can have so many threads, or so it is told: it sizes its tables
    by that. namespace: also in a PID namespace of its own.
    """
    told = fresh_path("threads-max")
    told.write_text(f"{most}\n")
    apart = ["unshare", "-m"] + (["-pf", "--mount-proc"] if namespace else [])
    argv = [*apart, "sh", "-c", SQUEEZE, str(told), str(tool_path(tool)), "-o", "json",
            *map(str, args)]
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=patience(60),
                          env=tool_environment())
    return Run(tool, argv, done.returncode, done.stdout, done.stderr)
