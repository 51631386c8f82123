# SPDX-License-Identifier: MIT
"""Results as text, Markdown and JSON."""

import dataclasses
import json
import pathlib
import re

import bench

BEGIN, END = "<!-- table: written by tests/bench/run -->\n", "<!-- end of the table -->\n"


def number(value):
    if value is None:
        return ""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def groups(rows):
    """The rows of each group, in order."""
    by_title = {}
    for row in rows:
        by_title.setdefault((row.group, row.unit), []).append(row)
    return by_title.items()


def ratio(first, row):
    """Ours by theirs; where less is better, below 1 is good."""
    if row is first or first.median is None or row.median is None:
        return ""
    if row.median < 0.01 or first.median < 0:
        return ""
    return f"{first.median / row.median:.2f}"


def merged(machines):
    """Each machine once, with the rows of all its runs."""
    by_machine = {}
    for machine, rows in machines:
        by_machine.setdefault(machine, []).extend(rows)
    return list(by_machine.items())


def lines(rows):
    """
    (name, min, median, max, ratio) of each row; a note in place of the numbers that there are not.
    """
    first = rows[0]
    for row in rows:
        if row.values:
            yield row.name, number(min(row.values)), number(row.median), number(
                max(row.values)), ratio(first, row)
        else:
            yield f"{row.name}: {row.note[-150:]}", "", "", "", ""


def text(machines):
    """machines: (what the machine is, rows) of each."""
    out = []
    for machine, rows in machines:
        out.append(f"\n{machine}\n")
        for (title, unit), members in groups(rows):
            out.append(f"\n{title} ({unit})")
            out.append(f"{'MIN':>10} {'MEDIAN':>10} {'MAX':>10} {'OURS/IT':>8}")
            for name, low, median, high, times in lines(members):
                out.append(f"{low:>10} {median:>10} {high:>10} {times:>8}  {name}")
    return "\n".join(out) + "\n"


def markdown(machines):
    out = []
    for machine, rows in machines:
        out.append(f"### {machine}\n")
        for (title, unit), members in groups(rows):
            out += [f"**{title}** ({unit})\n", "| | min | median | max | ours/it |",
                    "|---|--:|--:|--:|--:|"]
            for name, *cells in lines(members):
                name = name.replace("|", "\\|").replace("`", "'")
                out.append("| " + " | ".join([f"`{name}`", *cells]) + " |")
            out.append("")
    return "\n".join(out)


def write_markdown(path, machines):
    """Into the place that the file has for it; a file without one is made of the table alone."""
    path, table = pathlib.Path(path), BEGIN + "\n" + markdown(machines) + "\n" + END
    before = path.read_text() if path.exists() else ""
    pattern = re.escape(BEGIN) + ".*?" + re.escape(END)
    if re.search(pattern, before, re.S):
        table = re.sub(pattern, lambda _: table, before, flags=re.S)
    path.write_text(table)


def write_json(path, machines):
    """Every value, for other programs; read_json() has them back."""
    parts = [{"machine": machine, "rows": [dataclasses.asdict(row) for row in rows]} for machine,
             rows in machines]
    pathlib.Path(path).write_text(json.dumps(parts, indent=1) + "\n")


def read_json(path):
    return [(part["machine"], [bench.Row(**row) for row in part["rows"]])
            for part in json.loads(pathlib.Path(path).read_text())]
