# SPDX-License-Identifier: MIT
"""What a run left behind: Run, of a tool, and Results, of the workload."""

import csv
import functools
import io
import json
import os

import promises
from records import CALLS, EVENTS, SUMMARY, SUMS, parse_record


def _indent(text):
    return "\n".join("    | " + line for line in text.splitlines()) or "    (nothing)"


class Run:
    """All that one run of a tool left behind. str() of it explains a failed assertion."""

    def __init__(self, tool, argv, status, out, err):
        self.tool, self.argv, self.status, self.out = tool, argv, status, out
        self.err = err.decode(errors="backslashreplace")

    def __str__(self):
        out = self.out.decode(errors="backslashreplace")
        if len(out) > 3000:
            out = out[:1000] + "\n...\n" + out[-2000:]
        return "\n  command: %s\n  status: %s\n  stderr:\n%s\n  stdout:\n%s" % (
            " ".join(map(os.fsdecode, self.argv)), self.status, _indent(self.err), _indent(out))

    def require(self, condition, what):
        if not condition:
            raise AssertionError(f"{what}{self}")

    @functools.cached_property
    def records(self):
        """All records of a run with --output json: start, what this run may print, end."""
        self.require(self.out.endswith(b"\n"), "stdout does not end with a whole line")
        records = []
        for number, line in enumerate(self.out[:-1].split(b"\n"), 1):
            try:
                records.append(parse_record(line))
            except ValueError as error:
                self.require(False, f"line {number} {line!r}: {error}")
        types = [record["type"] for record in records]
        known = {"row", "total", "distribution"} if self.tool in SUMS else {*EVENTS, *SUMMARY}
        known = {CALLS[self.tool]} if self.streams else known
        self.require(types[0] == "start" and types.count("start") == 1, "start is not first, once")
        self.require(types[-1] == "end" and types.count("end") == 1, "end is not last, once")
        self.require(set(types[1:-1]) <= known, f"record types {set(types)}")
        return records

    def of_type(self, kind):
        return [record for record in self.records if record["type"] == kind]

    start = property(lambda self: self.records[0])
    end = property(lambda self: self.records[-1])
    rows = property(lambda self: self.of_type("row"))
    totals = property(lambda self: self.of_type("total"))
    distributions = property(lambda self: {r["of"]: r for r in self.of_type("distribution")})
    events = property(lambda self: [r for r in self.records[1:-1] if r["type"] not in SUMMARY])
    summary = property(lambda self: [r for r in self.records if r["type"] in SUMMARY])
    streams = property(lambda self: "--stream" in self.argv)

    def sum_names(self, record):
        """Names of the sums that this record has: with --no-results there is no second one."""
        return [name for name in SUMS[self.tool] if name in record]

    def by(self):
        """The words of --by, or the tool's default."""
        given = [self.argv[at + 1] for at, arg in enumerate(self.argv) if arg == "--by"]
        return given[0].split(",") if given else ["process"] if self.tool == "bcc-openat" else []

    def check(self):
        """Hold the run against what the tools promise of every complete run. Returns self."""
        try:
            promises.check(self)
        except KeyError as key:
            self.require(False, f"a record has no {key}")
        return self

    def table(self, *keys):
        """Rows of all intervals added up by these keys: {key: (sum, sum)} in the order of SUMS."""
        sums = {}
        for row in self.rows:
            key = tuple(row[k] for k in keys) if len(keys) > 1 else row[keys[0]]
            old = sums.get(key, (0, 0))
            sums[key] = tuple(a + row[name] for a, name in zip(old, self.sum_names(row)))
        return sums

    def select(self, kind, **fields):
        """Records of one type whose fields have these values; a set or list means any of them."""
        def matches(record):
            return all(record[key] in value if isinstance(value, (set, list))
                       else record[key] == value for key, value in fields.items())
        return [r for r in self.records[1:-1] if r["type"] == kind and matches(r)]

    def csv(self):
        """The rows of a run with --output csv, as dicts."""
        return list(csv.DictReader(io.StringIO(self.out.decode()), strict=True))


class Results:
    """What the workload says it has done: one record for each step of each process."""

    def __init__(self, text, pid=None):
        self.lines = [json.loads(line) for line in text.splitlines()]
        self.pid = pid or self.lines[-1]["pid"]  # the first process is the last to report

    def of(self, step, pid=None):
        """All records of a step, of all processes or of one."""
        return [l for l in self.lines if l["step"] == step and pid in (None, l["pid"])]

    def one(self, step):
        """The record of a step that the first process has done once."""
        return self.of(step, self.pid)[0]
