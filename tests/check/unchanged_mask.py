# SPDX-License-Identifier: MIT
"""Replaces in a tool's output what differs from run to run: times, ids, rates, the host's names.

Process ids become <P1>, <P2>, ... in the order of their numbers over all of a run's output, so
that a line still says which process is whose child. Every other changing number becomes `#`.
"""

import itertools
import os
import re

SMALLEST_PID = 300  # every other number in a table of the recorded cases is smaller
NOBODY = "65534"

# "key":VALUE in JSON
JSON_CHANGING = re.compile(
    r'"(ts|kernel|\w*_ns|ns|seconds|max_rss_bytes|minor_faults|major_faults|cgroup|core)":'
    r'("[^"]*"|\[[^]]*\]|[\d.]+|true|false)')
JSON_PIDS = re.compile(r'"(pid|tid|ppid|host_pid|host_tid|host_ppid)":("?)(\d+)("?)')
JSON_LISTS = re.compile(r'"(children|tids)":(\[[\d,]*\])')
JSON_HISTOGRAM = re.compile(r'"histogram":\[\[.*?\]\]')
JSON_PATHS = re.compile(r'"paths":\d+')  # an estimate with a random seed
JSON_SECOND = re.compile(r'("of":"second",).*?,("histogram":#)')
CSV_CHANGING = re.compile(
    r"ts|\w*_ns|max_rss_bytes|minor_faults|major_faults|cgroup|core|host_\w+|paths|histogram")
CSV_PIDS = ("pid", "tid", "ppid")
CSV_CELL = re.compile(r'("(?:[^"]|"")*"|[^,]*)(?:,|$)')

TEXT = [
    (re.compile(r"\b\d\d:\d\d:\d\d(\.\d+)?"), "#clock"),
    (re.compile(r" *(?<![\w.])\d+(\.\d+)? ?(ns|us|ms|s|MiB|KiB)(?!\w)"), " #t"),
    (re.compile(r"Linux \S+"), "Linux #"),
    (re.compile(r"perf_event_paranoid=-?\d+"), "perf_event_paranoid=#"),
    (re.compile(r"faults \d+\+\d+"), "faults #"),
    (re.compile(r"\(\d[\d.]*/s\)"), "(#/s)"),
    (re.compile(r"(per second: ).*"), r"\1#"),
    (re.compile(r"compiled programs/\S+|took from the cache programs/\S+"), "has PROGRAM"),
    (re.compile(r": \d+ instructions"), ": # instructions"),
    (re.compile(r"^(\S+:\S+) +\d+ +[\d.]+ +\d+ +\d+$"), r"\1  # # # #"),
    (re.compile(r"PROBE +RUNS"), "PROBE  RUNS"),
    (re.compile(r"/sys/fs/cgroup\S*|(?<=  )/\S*\.(scope|slice|service)\b"), "<cgroup>"),
    (re.compile(r", core\b"), ""),
    (re.compile(r"^\d+ (?=/\S+$|\d+ \S+$)"), "# "),  # a histogram's heading may begin with PATHS
]
LINEAGE = re.compile(r"\S+ > .*?bcc-fork > ")
BAR = re.compile(r"^ +\[.*\|$")
CHANGING = ("CALLS/s", "OPENS/s", "PATHS")
MARK = re.compile("\u27e6(\\d+)\u27e7")


def mark(number):
    return f"\u27e6{number}\u27e7"


def _json(line):
    line = JSON_HISTOGRAM.sub('"histogram":#', line)
    line = JSON_SECOND.sub(r"\1\2", line)
    line = JSON_PATHS.sub('"paths":#', line)
    line = JSON_CHANGING.sub(r'"\1":#', line)
    line = JSON_PIDS.sub(lambda m: f'"{m[1]}":{m[2]}{mark(m[3])}{m[4]}', line)
    line = re.sub(r'"lineage":\[.*?"bcc-fork"', '"lineage":[...', line)
    if '"type":"shortest"' in line:  # which processes live shortest differs from run to run
        line = MARK.sub("#", line)
    return JSON_LISTS.sub(lambda m: f'"{m[1]}":' + re.sub(r"\d+", lambda n: mark(n[0]), m[2]), line)


def _csv(lines):
    names = lines[0].split(",")
    out = [lines[0]]
    for line in lines[1:]:
        cells = CSV_CELL.findall(line)[:len(names)]
        for i, (name, cell) in enumerate(zip(names, cells)):
            if cell and CSV_CHANGING.fullmatch(name):
                cells[i] = "#"
            elif cell.isdigit() and name in CSV_PIDS:
                cells[i] = "#" if cells[0] == "shortest" else mark(cell)
            elif name == "lineage":
                cells[i] = re.sub(r".* bcc-fork\b", "...", cell)
        out.append(",".join(cells))
    return out


def _columns(lines):
    """Mask the numbers that end where the heading of a changing column ends."""
    ends = []
    for line in lines:
        if re.match(r"[A-Z ]+  ", line) and any(name in line for name in CHANGING):
            ends = [m.end() for m in re.finditer("|".join(CHANGING), line)]
        for end in reversed(ends):
            found = re.search(r" ([\d.]+[kMG]?)$", line[:end])
            if found:
                line = line[:found.start(1)] + "#" + line[end:]
        yield line


def _text(line):
    line = LINEAGE.sub("... > bcc-fork > ", line)
    for pattern, replacement in TEXT:
        line = pattern.sub(replacement, line)
    line = re.sub(r" *(?<![\w.=/:!-])(\d+)(?![\w.%])", _pid, line)
    return re.sub(r"^( #t +\S+ )\(.*\)$", r"\1(#)", line)  # which lived shortest


def _pid(match):
    is_pid = int(match[1]) >= SMALLEST_PID and match[1] != NOBODY
    return " " + mark(match[1]) if is_pid else match[0]


def _bars(lines):
    """A histogram of times is one line, whatever its buckets."""
    out = []
    for line in lines:
        line = "  [bars]" if BAR.match(line) else line
        if line != "  [bars]" or out[-1:] != [line]:
            out.append(line)
    return out


def _table(lines, keep_indent):
    lines = [_text(line) for line in _columns(_bars(lines))]
    return lines if keep_indent else [re.sub(r" {2,}", "  ", line).strip() for line in lines]


def _output(lines, options, tool):
    if "--check" in options or "--list" in options or "--help" in options or "-h" in options:
        return [re.sub(r"Linux \S+", "Linux #", line) for line in lines]
    if "json" in options:
        return [_json(line) for line in lines]
    if "csv" in options and lines:
        return _csv(lines)
    return _table(lines, tool == "bcc-fork" or "--stream" in options)


def _errors(lines):
    return [_json(line) if line.startswith("{") else _text(line) for line in lines]


def _sort_runs(lines, start):
    """Sort neighbouring lines that begin with @start: their order depends on time."""
    out = []
    for found, run in itertools.groupby(lines, lambda line: line.startswith(start)):
        out += sorted(run) if found else run
    return out


def _is_in_order(options):
    """Rows in order of a time come in another order each time."""
    return not ({"-L", "--latency"} & set(options)) or "-s" in options


def _ranks(pids):
    """Return {pid: its place}. Numbers far below the largest came after the kernel began again."""
    parent = {str(os.getpid()): "<recorder>"}  # may have begun long before
    pids = pids - {os.getpid()}
    largest = max(pids, default=0)
    ordered = sorted(pids, key=lambda pid: (pid < largest // 2, pid))
    return {str(pid): f"<P{rank}>" for rank, pid in enumerate(ordered, 1)} | parent


def masked(out, err, options, tool, places):
    """Return (stdout, stderr) as lists of lines without what changes. places: path -> its name"""
    for path, name in places.items():
        out, err = out.replace(path, name), err.replace(path, name)
    text = [_output(out.splitlines(), options, tool), _errors(err.splitlines())]
    ranks = _ranks({int(n) for lines in text for line in lines for n in MARK.findall(line)})
    text = [[MARK.sub(lambda m: ranks[m[1]], line) for line in lines] for lines in text]
    if not _is_in_order(options):
        text[0].sort()
    return [_sort_runs(text[0], " #t"), _sort_runs(text[1], "{")]
