# SPDX-License-Identifier: MIT
"""What a run left behind, read strictly: records, sums, events, and the workload's own account."""

import csv
import decimal
import functools
import io
import json
import os

SUMS = {"bcc-syscalls": ("calls", "errors"), "bcc-openat": ("opens", "failed")}
EVENTS = {"fork": "forks", "thread": "threads", "exec": "execs", "exit": "exits"}
MORE_SUMS = ("timed", "total_ns", "blocked", "all_calls", "all_errors", "all_total_ns")  # where rows have them
# What tells rows apart, and comm if asked for
KEYS = ("pid", "tid", "uid", "cgroup", "syscall", "call", "path", "dir", "errno")
CALLS = {"bcc-syscalls": "call", "bcc-openat": "open"}  # a record of --stream
SUMMARY = ("summary", "forker", "shortest", "status")  # of bcc-fork --summary


def escaped(data):
    """Bytes as a string in JSON output holds them: bytes that are not valid UTF-8 become \\xNN."""
    out, rest = "", data
    while rest:
        try:
            return out + rest.decode()
        except UnicodeDecodeError as error:
            out += rest[:error.start].decode()
            out += "".join("\\x%02x" % byte for byte in rest[error.start:error.end])
            rest = rest[error.end:]
    return out
    return out


def _no_duplicates(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError(f"a key appears twice in {keys}")
    return dict(pairs)


def _no_constant(text):
    raise ValueError(f"{text} is not JSON")


def parse_record(line):
    record = json.loads(line.decode("utf-8"), parse_float=decimal.Decimal,
                        parse_constant=_no_constant, object_pairs_hook=_no_duplicates)
    json.dumps(record, ensure_ascii=False, default=str).encode()  # a lone surrogate is no character
    if not isinstance(record, dict) or not isinstance(record.get("type"), str):
        raise ValueError("a record is an object with a type")
    return record


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

    def _require(self, condition, what):
        if not condition:
            raise AssertionError(f"{what}{self}")

    @functools.cached_property
    def records(self):
        self._require(self.out.endswith(b"\n"), "stdout does not end with a whole line")
        records = []
        for number, line in enumerate(self.out[:-1].split(b"\n"), 1):
            try:
                records.append(parse_record(line))
            except ValueError as error:
                self._require(False, f"line {number} {line!r}: {error}")
        types = [record["type"] for record in records]
        known = {"row", "total", "distribution"} if self.tool in SUMS else {*EVENTS, *SUMMARY}
        known = {CALLS[self.tool]} if self.streams else known
        self._require(types[0] == "start" and types.count("start") == 1, "start is not first, once")
        self._require(types[-1] == "end" and types.count("end") == 1, "end is not last, once")
        self._require(set(types[1:-1]) <= known, f"record types {set(types)}")
        return records

    start = property(lambda self: self.records[0])
    end = property(lambda self: self.records[-1])
    rows = property(lambda self: [r for r in self.records if r["type"] == "row"])
    totals = property(lambda self: [r for r in self.records if r["type"] == "total"])
    distributions = property(lambda self: {r["of"]: r for r in self.records if r["type"] == "distribution"})
    events = property(lambda self: [r for r in self.records[1:-1] if r["type"] not in SUMMARY])
    summary = property(lambda self: [r for r in self.records if r["type"] in SUMMARY])

    streams = property(lambda self: "--stream" in self.argv)

    def check(self):
        """The promises about any complete JSON run: heads, sums, drops. Returns self."""
        try:
            self._check()
        except KeyError as key:
            self._require(False, f"a record has no {key}")
        return self

    def _check(self):
        start, end = self.start, self.end
        self._require(start["tool"] == self.tool, "start names another tool")
        for key, kind in (("version", str), ("kernel", str), ("hooks", list)):
            self._require(isinstance(start[key], kind) and start[key], f"start: {key}")
        self._require("filters" in start, "start: filters")
        self._require(end["seconds"] >= 0, "end: seconds")
        for cause in ("map_full", "buffer", "unmatched", "unread"):
            value = end["dropped"][cause]
            self._require(value is None or (type(value) is int and value >= 0), f"end: {cause}")
        self._require(type(end["untimed"]) is int, "end: untimed")
        for cause in ("map_full", "buffer"):
            self._require(not end["dropped"][cause], f"events were dropped: {cause}")
        if self.streams:
            self._check_calls()
        else:
            (self._check_sums if self.tool in SUMS else self._check_events)()

    def _check_sums(self):
        names = self._sums(self.end)
        self._require((len(names) == 1) == ("--no-results" in self.argv), f"failed, and no results: {self.end}")
        whole, pending, number = dict.fromkeys(names, 0), [], 0
        for record in self._without_distributions():
            if record["type"] == "row":
                pending.append(record)
                continue
            number += 1
            self._require(record["interval"] == number, f"interval {number} is missing: {record}")
            for row in pending:
                self._require(row["interval"] == number, f"row in the wrong interval: {row}")
            shown, rows = record["shown"], record["rows"]
            self._require(len(pending) == shown <= rows, f"shown is not the rows: {record}")
            self._require(type(record["dropped"]) is int, f"total: dropped: {record}")
            for name in names:
                self._require(all(type(row[name]) is int for row in pending), f"{name} of a row")
                part = sum(row[name] for row in pending)
                self._require(part == record[name] if shown == rows else part <= record[name],
                              f"the rows' {name} sum to {part}: {record}")
                whole[name] += record[name]
            for name in MORE_SUMS:
                if shown == rows and name in record:
                    part = sum(row[name] for row in pending)
                    self._require(part == record[name], f"the rows' {name} sum to {part}: {record}")
            self._check_rows(pending, record)
            if shown == rows and record.get("timed"):
                for key, pick in (("min_ns", min), ("max_ns", max)):
                    value = pick(row[key] for row in pending if row["timed"])
                    self._require(record[key] == value, f"{key} of all rows is {value}: {record}")
            pending = []
        self._require(not pending, f"rows without a total: {pending}")
        for name in names:
            self._require(whole[name] == self.end[name],
                          f"totals sum to {whole[name]} {name}, end says {self.end[name]}")

    def _sums(self, record):
        return [name for name in SUMS[self.tool] if name in record]

    def _without_distributions(self):
        """All between start and end; bcc-openat's distributions, which come last, are looked at."""
        records = self.records[1:-1]
        last = [record for record in records if record["type"] == "distribution"]
        kinds, by = [record["of"] for record in last], self._by()
        expected = ["second"] if self.tool == "bcc-openat" else []
        if expected and ("process" in by or "thread" in by):
            expected.append("process")
        self._require(sorted(kinds) == sorted(expected), f"distributions of {kinds}")
        self._require(not last or records[-len(last):] == last, "distributions are not the last")
        for record in last:
            self._check_distribution(record)
        return records[:len(records) - len(last)]

    def _by(self):
        given = [self.argv[at + 1] for at, arg in enumerate(self.argv) if arg == "--by"]
        return given[0].split(",") if given else ["process"] if self.tool == "bcc-openat" else []

    def _check_distribution(self, record):
        buckets = record["histogram"]
        self._require(sum(count for _, _, count in buckets) == record["count"], f"the histogram's sum: {record}")
        self._require(all(a[1] <= b[0] for a, b in zip(buckets, buckets[1:])), f"buckets in disorder: {record}")
        for low, high, count in buckets:
            self._require(count >= 0 and (low, high) in {(0, 1), (low, max(2 * low, 1))} and low & (low - 1) == 0,
                          f"no bucket of powers of two: {record}")
        if record["count"]:
            self._require(record["p50"] <= record["p99"] <= record["max"], f"p50, p99, max: {record}")
            self._require(0 <= record["mean"] <= record["max"], f"mean: {record}")
            least, most = [bucket for bucket in buckets if bucket[2]][-1][:2]
            self._require(least <= record["max"] < most, f"the last bucket is not max's: {record}")
            whole = round(record["mean"] * record["count"])
            self._require(record["of"] != "process" or abs(whole - self.end["opens"]) <= record["count"],
                          f"all processes opened {whole}: {record}")

    def _check_rows(self, rows, total):
        """No row is there twice; what is said of times fits together."""
        names = (*KEYS, "comm") if "comm" in self._by() else KEYS
        keys = [tuple(row.get(name) for name in names) for row in rows]
        self._require(len(set(keys)) == len(keys), f"rows with the same key in {keys}")
        for row in [*rows, total]:
            if "timed" not in row:
                continue
            times = [row[key] for key in ("min_ns", "p50_ns", "p99_ns", "max_ns")]
            if row["timed"] == 0:
                self._require(times == [None] * 4 and row["avg_ns"] is None and row["total_ns"] == 0, f"times of {row}")
                continue
            self._require(0 < times[0] and times == sorted(times), f"min, p50, p99, max are in disorder: {row}")
            self._require(row["avg_ns"] == row["total_ns"] // row["timed"], f"avg_ns: {row}")
            self._require(times[0] <= row["avg_ns"] <= times[3], f"avg_ns is out of range: {row}")
            self._require(row["timed"] <= row[SUMS[self.tool][0]], f"more timed than called: {row}")
            if self.tool == "bcc-syscalls":
                self._require((row["blocked_ns"] is None) == (row["blocked"] == 0), f"blocked_ns: {row}")
        for row in rows:
            if row.get("timed") and "histogram" in row:
                self._check_histogram(row)

    def _check_histogram(self, row):
        buckets = row["histogram"]
        self._require(sum(count for _, _, count in buckets) == row["timed"], f"the histogram's sum: {row}")
        self._require(all(count > 0 and low < high for low, high, count in buckets), f"a bucket is empty: {row}")
        self._require(all(a[1] <= b[0] for a, b in zip(buckets, buckets[1:])), f"buckets in disorder: {row}")
        self._require(buckets[0][0] <= row["min_ns"] < buckets[0][1], f"the first bucket is not min's: {row}")
        self._require(buckets[-1][0] <= row["max_ns"] < buckets[-1][1], f"the last bucket is not max's: {row}")

    def _check_calls(self):
        errors = [e for e in self.events if e["errno"]]
        self._require([len(self.events), len(errors)] == [self.end[name] for name in SUMS[self.tool]],
                      f"{len(self.events)} lines, {len(errors)} of errors")
        times = [e["ts"] for e in self.events]
        self._require(times == sorted(times), "lines are not in the order of time")
        for event in self.events:
            if self.tool == "bcc-openat":
                failed = event["fd"] is None
                if failed and event["errno"] is None and event["call"].startswith("io_uring"):
                    continue  # before 5.19 nobody tells how it ended
            else:
                failed = event["ret"] is not None and -4095 <= event["ret"] < 0
            self._require(failed == (event["errno"] is not None), f"errno and ret disagree: {event}")
            self._require(event["duration_ns"] is None or event["duration_ns"] > 0, f"duration_ns: {event}")

    def _check_events(self):
        for kind, name in EVENTS.items():
            count = len([e for e in self.events if e["type"] == kind and not e.get("ret")])
            if "--summary" in self.argv:
                self._require(count == 0, f"{count} {kind} events with a summary instead")
                count = sum(record[name] for record in self.summary if record["type"] == "summary")
            self._require(count == self.end[name], f"{count} {kind} events, end says {self.end[name]}")
        self._require(not self.summary or self.records[-1 - len(self.summary):-1] == self.summary,
                      "a summary is not all that comes after the events")
        for event in self.events:
            for key in ("pid", "tid", "ppid", "uid"):
                self._require(type(event[key]) is int, f"{key} is not a number: {event}")

    def table(self, *keys):
        """Rows of all intervals, summed by these keys: {key: (value, value)} in the order of SUMS, those there are."""
        sums = {}
        for row in self.rows:
            key = tuple(row[k] for k in keys) if len(keys) > 1 else row[keys[0]]
            old = sums.get(key, (0, 0))
            sums[key] = tuple(a + row[name] for a, name in zip(old, self._sums(row)))
        return sums

    def select(self, kind, **fields):
        """Events, or records of a summary, of one type whose fields have these values; a set stands for any of its members."""
        def matches(event):
            return all(event[k] in v if isinstance(v, (set, list)) else event[k] == v
                       for k, v in fields.items())
        return [e for e in self.records[1:-1] if e["type"] == kind and matches(e)]

    def csv(self):
        return list(csv.DictReader(io.StringIO(self.out.decode()), strict=True))


def _indent(text):
    return "\n".join("    | " + line for line in text.splitlines()) or "    (nothing)"


class Results:
    """What the workload says has happened: one record for each step of each process."""

    def __init__(self, text, pid=None):
        self.lines = [json.loads(line) for line in text.splitlines()]
        self.pid = pid or self.lines[-1]["pid"]  # the first process is the last to report

    def of(self, step, pid=None):
        return [l for l in self.lines if l["step"] == step and pid in (None, l["pid"])]

    def one(self, step):
        return self.of(step, self.pid)[0]
