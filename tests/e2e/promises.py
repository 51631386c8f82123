# SPDX-License-Identifier: MIT
"""What the tools promise of every complete run with --output json, whatever it counted.

check() holds a finished_run.Run against it: no event was dropped, the rows add up to the totals and
the totals to the end record, no row is there twice, and times are consistent.
"""

from records import EVENTS, SUMS

# Sums that some rows have. Where all rows are shown, they too add up to the total.
MORE_SUMS = ("timed", "total_ns", "blocked", "all_calls", "all_errors", "all_total_ns")

# What tells rows apart. So does comm, if --by has it.
KEYS = ("pid", "tid", "start_ts", "uid", "cgroup", "syscall", "call", "path", "dir", "errno")


def check(run):
    check_start_and_end(run)
    if run.streams:
        check_calls(run)
    elif run.tool in SUMS:
        check_sums(run)
    else:
        check_events(run)


def check_start_and_end(run):
    start, end = run.start, run.end
    run.require(start["tool"] == run.tool, "start names another tool")
    for key, kind in (("version", str), ("kernel", str), ("hooks", list)):
        run.require(isinstance(start[key], kind) and start[key], f"start: {key}")
    run.require("filters" in start, "start: filters")
    run.require(end["seconds"] >= 0, "end: seconds")
    for cause in ("map_full", "buffer", "unmatched", "unread"):
        value = end["dropped"][cause]
        run.require(value is None or (type(value) is int and value >= 0), f"end: {cause}")
    run.require(type(end["untimed"]) is int, "end: untimed")
    for cause in ("map_full", "buffer"):
        run.require(not end["dropped"][cause], f"events were dropped: {cause}")


def check_sums(run):
    """A run that counts: intervals, each of them rows and a total."""
    names = run.sum_names(run.end)
    run.require((len(names) == 1) == ("--no-results" in run.argv),
                f"failed, and no results: {run.end}")
    whole, pending, number = dict.fromkeys(names, 0), [], 0
    for record in records_of_intervals(run):
        if record["type"] == "row":
            pending.append(record)
            continue
        number += 1
        run.require(record["interval"] == number, f"interval {number} is missing: {record}")
        check_interval(run, pending, record, names)
        for name in names:
            whole[name] += record[name]
        pending = []
    run.require(not pending, f"rows without a total: {pending}")
    for name in names:
        run.require(whole[name] == run.end[name],
                    f"totals sum to {whole[name]} {name}, end says {run.end[name]}")


def check_interval(run, rows, total, names):
    for row in rows:
        run.require(row["interval"] == total["interval"], f"row in the wrong interval: {row}")
    shows_all = total["shown"] == total["rows"]
    run.require(len(rows) == total["shown"] <= total["rows"], f"shown is not the rows: {total}")
    run.require(type(total["dropped"]) is int, f"total: dropped: {total}")
    for name in names:
        run.require(all(type(row[name]) is int for row in rows), f"{name} of a row")
        part = sum(row[name] for row in rows)
        run.require(part == total[name] if shows_all else part <= total[name],
                    f"the rows' {name} sum to {part}: {total}")
    for name in MORE_SUMS:
        if shows_all and name in total:
            part = sum(row[name] for row in rows)
            run.require(part == total[name], f"the rows' {name} sum to {part}: {total}")
    check_keys(run, rows)
    for row in [*rows, total]:
        check_times(run, row)
    for row in rows:
        if row.get("timed") and "histogram" in row:
            check_histogram(run, row)
    if shows_all and total.get("timed"):
        for key, pick in (("min_ns", min), ("max_ns", max)):
            value = pick(row[key] for row in rows if row["timed"])
            run.require(total[key] == value, f"{key} of all rows is {value}: {total}")


def check_keys(run, rows):
    """No row is there twice."""
    names = (*KEYS, "comm") if "comm" in run.by() else KEYS
    keys = [tuple(row.get(name) for name in names) for row in rows]
    run.require(len(set(keys)) == len(keys), f"rows with the same key in {keys}")


def check_times(run, row):
    """The times of a row or a total are consistent."""
    if "timed" not in row:
        return
    times = [row[key] for key in ("min_ns", "p50_ns", "p99_ns", "max_ns")]
    if row["timed"] == 0:
        no_times = times == [None] * 4 and row["avg_ns"] is None and row["total_ns"] == 0
        run.require(no_times, f"times of {row}")
        return
    run.require(0 < times[0] and times == sorted(times),
                f"min, p50, p99, max are in disorder: {row}")
    run.require(row["avg_ns"] == row["total_ns"] // row["timed"], f"avg_ns: {row}")
    run.require(times[0] <= row["avg_ns"] <= times[3], f"avg_ns is out of range: {row}")
    run.require(row["timed"] <= row[SUMS[run.tool][0]], f"more timed than called: {row}")
    if run.tool == "bcc-syscalls":
        run.require((row["blocked_ns"] is None) == (row["blocked"] == 0), f"blocked_ns: {row}")


def check_order_of_buckets(run, record):
    buckets = record["histogram"]
    run.require(all(a[1] <= b[0] for a, b in zip(buckets, buckets[1:])),
                f"buckets in disorder: {record}")


def check_histogram(run, row):
    """The histogram of a row's times has all of them, and begins and ends with min and max."""
    buckets = row["histogram"]
    run.require(sum(count for _, _, count in buckets) == row["timed"],
                f"the histogram's sum: {row}")
    run.require(all(count > 0 and low < high for low, high, count in buckets),
                f"a bucket is empty: {row}")
    check_order_of_buckets(run, row)
    run.require(buckets[0][0] <= row["min_ns"] < buckets[0][1],
                f"the first bucket is not min's: {row}")
    run.require(buckets[-1][0] <= row["max_ns"] < buckets[-1][1],
                f"the last bucket is not max's: {row}")


def records_of_intervals(run):
    """Records between start and end, without the distributions of bcc-openat, which come last."""
    records = run.records[1:-1]
    last = [record for record in records if record["type"] == "distribution"]
    kinds, by = [record["of"] for record in last], run.by()
    expected = ["second"] if run.tool == "bcc-openat" else []
    if expected and ("process" in by or "thread" in by):
        expected.append("process")
    run.require(sorted(kinds) == sorted(expected), f"distributions of {kinds}")
    run.require(not last or records[-len(last):] == last, "distributions are not the last")
    for record in last:
        check_distribution(run, record)
    return records[:len(records) - len(last)]


def check_distribution(run, record):
    """How opens are spread over seconds or processes: buckets are powers of two."""
    buckets = record["histogram"]
    run.require(sum(count for _, _, count in buckets) == record["count"],
                f"the histogram's sum: {record}")
    check_order_of_buckets(run, record)
    for low, high, count in buckets:
        is_power = (low, high) in {(0, 1), (low, max(2 * low, 1))} and low & (low - 1) == 0
        run.require(count >= 0 and is_power, f"no bucket of powers of two: {record}")
    if not record["count"]:
        return
    run.require(record["p50"] <= record["p99"] <= record["max"], f"p50, p99, max: {record}")
    run.require(0 <= record["mean"] <= record["max"] + 1, f"mean: {record}")
    least, most = [bucket for bucket in buckets if bucket[2]][-1][:2]
    run.require(least <= record["max"] < most, f"the last bucket is not max's: {record}")
    whole = round(record["mean"] * record["count"])
    is_all = abs(whole - run.end["opens"]) <= record["count"]
    run.require(record["of"] != "process" or is_all, f"all processes opened {whole}: {record}")
    rate = run.end["opens"] / float(run.end["seconds"])
    is_rate = abs(float(record["mean"]) - rate) < 0.06 + rate * 1e-6
    run.require(record["of"] != "second" or is_rate, f"a rate of {rate}: {record}")


def check_calls(run):
    """A run with --stream: lines in the order of time, errno exactly where the call failed."""
    errors = [event for event in run.events if event["errno"]]
    run.require([len(run.events), len(errors)] == [run.end[name] for name in SUMS[run.tool]],
                f"{len(run.events)} lines, {len(errors)} of errors")
    times = [event["ts"] for event in run.events]
    run.require(times == sorted(times), "lines are not in the order of time")
    for event in run.events:
        if run.tool == "bcc-openat":
            failed = event["fd"] is None
            if failed and event["errno"] is None and event["call"].startswith("io_uring"):
                continue  # before Linux 5.19 the kernel does not tell how a request ended
        else:
            failed = event["ret"] is not None and -4095 <= event["ret"] < 0
        run.require(failed == (event["errno"] is not None), f"errno and ret disagree: {event}")
        run.require(event["duration_ns"] is None or event["duration_ns"] > 0,
                    f"duration_ns: {event}")


def check_events(run):
    """A run of bcc-fork: as many events of each kind as the end record says."""
    for kind, name in EVENTS.items():
        count = len([e for e in run.events if e["type"] == kind and not e.get("ret")])
        if "--summary" in run.argv:
            run.require(count == 0, f"{count} {kind} events with a summary instead")
            count = sum(r[name] for r in run.summary if r["type"] == "summary")
        run.require(count == run.end[name], f"{count} {kind} events, end says {run.end[name]}")
    run.require(not run.summary or run.records[-1 - len(run.summary):-1] == run.summary,
                "a summary is not all that comes after the events")
    for event in run.events:
        for key in ("pid", "tid", "ppid", "uid"):
            run.require(type(event[key]) is int, f"{key} is not a number: {event}")
