# SPDX-License-Identifier: MIT
"""
For the tests of faults: refuse one call of a tool (helpers/faults.c), and look for what a killed
run has left.
"""

import collections
import ctypes
import os
import pathlib
import platform
import re

from harness import Tool, compiled, fresh_path, host_compiles, wait_until

BPF = {"x86_64": 321, "aarch64": 280}[platform.machine()]
GET_FD = {"prog_id": 13, "map_id": 14, "link_id": 30}  # bpf(2) commands: ..._GET_FD_BY_ID
_libc = ctypes.CDLL(None, use_errno=True)


def refusing(what=None, log=None, child=False):
    """
    Environment of a tool in which one call fails. what: "KIND:NUMBER:ERRNO", see
    helpers/faults.c.
    """
    libraries = [compiled("faults"), *host_compiles().values()]
    environment = {"LD_PRELOAD": ":".join(libraries), "FAULTS_IN": "child" if child else ""}
    if what:
        environment["FAULTS"] = what
    if log:
        environment["FAULTS_LOG"] = str(log)
    return environment


Site = collections.namedtuple("Site", "kind number of")


def sites(case, tool, *args):
    """
    Every call of a run that could be refused, as Sites: its kind, its number among these, its
    object.
    """
    log, numbers, found = fresh_path("faults"), collections.Counter(), []
    case.run_tool(tool, *args, output="json", environment=refusing(log=log))
    for line in log.read_text(errors="replace").splitlines():
        kind, _, of = line.partition(" ")
        numbers[kind] += 1
        found.append(Site(kind, numbers[kind], of))
    return found


def different(found, each):
    """Of calls that differ only in numbers within names: the first @each, and the last."""
    alike = collections.defaultdict(list)
    for site in found:
        alike[site.kind, re.sub(r"\d+", "N", site.of)].append(site)
    return [site for group in alike.values() for site in dict.fromkeys(group[:each] + group[-1:])]


# --- what a run may have left ---

def held_objects(pid):
    """BPF programs, maps and links that a process has open, as pairs of a kind and an id."""
    held = set()
    for info in pathlib.Path(f"/proc/{pid}/fdinfo").iterdir():
        held.update((kind, int(number)) for kind,
                    number in re.findall(r"(?m)^(\w+_id):\s*(\d+)", info.read_text())
                    if kind in GET_FD)
    return held


def exists(held):
    kind, number = held
    attr = (ctypes.c_uint32 * 16)(number)
    fd = _libc.syscall(BPF, GET_FD[kind], attr, ctypes.sizeof(attr))
    if fd >= 0:
        os.close(fd)
    return fd >= 0


def probes():
    """
    Probes of the whole machine. Those made through perf events have no name and are not among
    them.
    """
    files = ("/sys/kernel/tracing/kprobe_events", "/sys/kernel/tracing/uprobe_events")
    return [line for path in map(pathlib.Path, files) if path.exists()
            for line in path.read_text().splitlines()]


def mounts():
    return sorted(line.split()[4] for line in open("/proc/self/mountinfo"))


def scratch_directories():
    """Names of directories where a compiler works that cannot have a file system of its own."""
    return {path.name for path in pathlib.Path("/tmp").iterdir()
            if re.fullmatch(r"bcc-tools-\w{6}", path.name)}


def unfinished(pid):
    """The name of a file of the cache while this process writes it, where it needs a name."""
    return pathlib.Path(f"/var/cache/bcc-tools/{pid:016x}.bpf.o")


def children(pid):
    return [int(child) for path in pathlib.Path(f"/proc/{pid}/task").glob("*/children")
            for child in path.read_text().split()]


def command_of(pid):
    """
    The process of a tool's COMMAND. The tool's helpers run the tool's own program. So does this
    process while it is held, but they were there before it.
    """
    own, found = os.readlink(f"/proc/{pid}/exe"), children(pid)
    return ([child for child in found if os.readlink(f"/proc/{child}/exe") != own] or found)[-1]


def state(pid):
    """R, S, T ...; None if the process has ended, even if nobody has waited for it."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    letter = text.rpartition(")")[2].split()[0]
    return None if letter in "ZX" else letter


def gone(pid):
    return wait_until(lambda: state(pid) is None)


# --- a tool that is stopped at a step ---

class ToolAt(Tool):
    """A tool that stops at one of its steps, or whose child does."""

    def __init__(self, tool, stage, *args, child=False):
        super().__init__(tool, *args, environment=refusing(stage + ":stop", child=child))
        self.child = child

    def stops(self):
        """Wait for that. Returns whether it stops: it may end without coming to this step."""
        def who():
            return children(self.pid) if self.child else [self.pid]
        wait_until(lambda: any(state(pid) == "T" for pid in who()) or state(self.pid) is None)
        return state(self.pid) is not None
