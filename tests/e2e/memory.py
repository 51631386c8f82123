# SPDX-License-Identifier: MIT
"""What a tool's processes hold: memory, descriptors, memory of maps in the kernel, CPU time."""

import os
import pathlib
import re

TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def tree(pid):
    """Ids of a process and of all its descendants that live."""
    found = [pid]
    for each in found:
        for path in pathlib.Path(f"/proc/{each}/task").glob("*/children"):
            try:
                found += map(int, path.read_text().split())
            except OSError:
                pass
    return found


def maps_of(pid):
    """{id of a BPF map: bytes it holds in the kernel} of the maps that a process has open."""
    found = {}
    for path in pathlib.Path(f"/proc/{pid}/fdinfo").iterdir():
        try:
            text = path.read_text()
        except OSError:
            continue
        fields = dict(re.findall(r"(?m)^(map_id|memlock):\s*(\d+)$", text))
        if "map_id" in fields:
            found[fields["map_id"]] = int(fields["memlock"])
    return found


def of_process(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text(errors="replace")
    kilobytes = {name: int(value) for name, value in
                 re.findall(r"(?m)^(VmRSS|RssAnon):\s*(\d+) kB$", status)}
    stat = pathlib.Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    return {"rss_kb": kilobytes.get("VmRSS", 0), "anon_kb": kilobytes.get("RssAnon", 0),
            "fds": len(os.listdir(f"/proc/{pid}/fd")),
            "cpu_s": sum(map(int, stat[11:13])) / TICKS_PER_S}


def of_tree(pid):
    """
    Sums over a process and its descendants. A page that two of them share counts twice, a map once.
    """
    sums, maps = {"rss_kb": 0, "anon_kb": 0, "fds": 0, "cpu_s": 0.0}, {}
    for each in tree(pid):
        try:
            found = of_process(each)
            maps.update(maps_of(each))
        except OSError:
            continue
        for name, value in found.items():
            sums[name] += value
    sums["maps_kb"] = sum(maps.values()) // 1024
    return sums
