# SPDX-License-Identifier: MIT
"""The instruction counts of the programs that the tools compile, for many sets of options.

The tools say with -v what they have compiled. A count is known by the hook that the program
attaches to; names of files and functions do not matter here.
"""

import collections
import itertools
import re
import subprocess

COUNT = re.compile(r"^\S+: +(\S+): (\d+) instructions$", re.M)
MAPS = re.compile(r": (\d+) maps?, ")

# Options that choose what a program does; each entry is one choice among others.
SHAPES = {
    "bcc-syscalls": """

        -L
        --by process
        --by thread
        --by comm
        --by user
        --by errno
        --by cgroup
        --by process,syscall
        --by process,thread,comm,user,cgroup,syscall,errno
        -L --by process
        -L --by comm,syscall
        -L --histogram
        -L --cumulative
        -L --histogram --by process,thread,comm,user,cgroup,syscall,errno
        --stream
        --cumulative
        """,
    "bcc-openat": """

        -L
        --by path
        --by dir
        --by thread
        --by comm,user
        --by process,path,errno
        --by cgroup
        --distinct
        -L --histogram --distinct
        --stream
        -F --by path
        -F --stream
        --no-results
        --hook sys_exit
        --hook raw_syscalls
        --hook raw_syscalls -L --by path
        --hook sys_exit --stream
        --hook fexit
        -a
        -a -L --by call
        -a --stream
        """,
    "bcc-fork": """

        -E fork
        -E thread
        -E exec
        -E exit
        -E fork,exit
        -E exec,exit
        -E fork,thread,exec
        -x
        -x -E exec
        --rusage
        --tree
        --lineage
        -x --rusage --lineage
        --summary
        --summary -x
        --host-pids
        --max-args 64
        """,
}

# What each shape is combined with.
SELECTIONS = {
    "bcc-syscalls": ["", "-e openat,close", "-x", "--errno ENOENT,EACCES",
                     "-e %file -x --errno 2"],
    "bcc-openat": ["", "-x", "--errno ENOENT,EACCES", "-w", "--path /e*[a-c]?"],
    "bcc-fork": [""],
}
FILTERS = ["", "-p 1", "-t 1", "--ppid 1,2", "-u 0,1,2", "-n a[!b]*?", "-c {cgroup}",
           "-p 1 -t 1 --ppid 1 -u 0 -n a -c {cgroup}", "-- /bin/true",
           "-p 1 --descendants", "-u 0 -n a -- /bin/true", "--ppid 1 -- /bin/true"]
FEW_FILTERS = ["", "-- /bin/true"]
NAMESPACE = ["unshare", "--pid", "--fork", "--mount-proc"]


def _shapes(tool):
    return [shape.strip() for shape in SHAPES[tool].split("\n")[1:-1]]


def _sets(tool):
    """Yields (in a PID namespace of its own?, options): shapes by filters, shapes by selections."""
    shapes, selections = _shapes(tool), SELECTIONS[tool]
    for number, shape in enumerate(shapes):
        for chosen in FEW_FILTERS if number % 2 else FILTERS:
            yield False, f"{shape} {chosen}"
    for shape, selection, chosen in itertools.product(shapes, selections[1:], FEW_FILTERS):
        yield False, f"{shape} {selection} {chosen}"
    for shape in shapes[::3]:
        yield True, f"{shape}"
        yield True, f"{shape} -p 1 -n a"
        yield True, f"{shape} -- /bin/true"


def cases():
    """Return a dict: the text of a command line -> (tool, in a PID namespace?, options)."""
    found = {}
    for tool in SHAPES:
        for namespace, options in _sets(tool):
            words = options.split()
            name = " ".join([tool, *words]) + (" in a PID namespace" if namespace else "")
            found[name] = (tool, namespace, words)
    return found


def result_of(bench, case):
    tool, namespace, options = case
    ends = [] if "--" in options else ["-d", "0.01"]
    argv = [*(NAMESPACE if namespace else []), bench.tool(tool), "-v", "--no-cache", *ends]
    done = subprocess.run([*argv, *bench.filled(options)], **bench.settings(),
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    err = done.stderr.decode(errors="backslashreplace")
    counts = sorted(f"{target}: {count}" for target, count in COUNT.findall(err))
    maps = MAPS.search(err)
    result = {"status": done.returncode, "maps": maps and int(maps[1]), "programs": counts}
    if done.returncode:
        result["error"] = err.strip().split("\n")[0]
    return result


def _counts(result):
    """{target: the sum of instructions}"""
    counts = collections.Counter()
    for text in result["programs"] if result else ():
        target, _, number = text.rpartition(": ")
        counts[target] += int(number)
    return counts


def _print_one(name, old, new):
    before, after = _counts(old), _counts(new)
    changes = [f"{target} {before.get(target, 'none')} -> {after.get(target, 'none')}"
               for target in sorted(before.keys() | after.keys())
               if before.get(target) != after.get(target)]
    for key in ("status", "maps", "error"):
        values = [result and result.get(key) for result in (old, new)]
        if values[0] != values[1]:
            changes.append(f"{key} {values[0]} -> {values[1]}")
    print(f"== {name}: {'; '.join(changes) or 'the order of programs'}")


def compare(recorded, results):
    """Print what differs by program, then the sums; return the number of cases that differ."""
    names = sorted(recorded.keys() | results.keys())
    different = [name for name in names if recorded.get(name) != results.get(name)]
    for name in different:
        _print_one(name, recorded.get(name), results.get(name))
    sums = [sum(sum(_counts(side.get(name)).values()) for name in names)
            for side in (recorded, results)]
    print(f"instructions of all programs: {sums[0]} recorded, {sums[1]} now")
    return len(different)
