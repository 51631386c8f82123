# SPDX-License-Identifier: MIT
"""
Lines of strace(1) and of bcc-syscalls --stream, taken apart so that they can be compared call by
call.
"""

import re
from collections import namedtuple

Call = namedtuple("Call", "pid name args result line")

OPENING, CLOSING = "([{", ")]}"


def end_of_part(text, at):
    """Where a string or a comment that begins at @at ends; @at when neither begins there."""
    if text.startswith("/*", at):
        return text.index("*/", at) + 1
    if text[at] == '"':
        at += 1
        while at < len(text) and text[at] != '"':
            at += 2 if text[at] == "\\" else 1
    return min(at, len(text) - 1)


def split_top(text):
    """The arguments of a call: split at commas that are in no quotes, brackets or comments."""
    parts, depth, at, start = [], 0, 0, 0
    while at < len(text):
        at = end_of_part(text, at)
        c = text[at]
        if c in OPENING:
            depth += 1
        elif c in CLOSING:
            depth -= 1
        elif c == "," and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
        at += 1
    rest = text[start:].strip()
    return parts + [rest] if rest or parts else []


def end_of_arguments(text, at):
    """Where the bracket that opened just before @at is closed."""
    depth = 1
    while depth:
        at = end_of_part(text, at)
        c = text[at]
        if c in OPENING:
            depth += 1
        elif c in CLOSING:
            depth -= 1
        at += 1
    return at - 1


def parse_call(pid, text):
    """`name(args) = result`, or None if it is another line: of a signal, or an exit."""
    match = re.match(r"([a-z_0-9]\w*)\(", text)
    if not match:
        return None
    end = end_of_arguments(text, match.end())
    result = re.fullmatch(r"\)\s+= (.*?)(?: <[\d.a-z]+>)?", text[end:])
    return Call(pid, match[1], split_top(text[match.end():end]), result[1] if result else None,
                text)


def strace_calls(text):
    """The calls in the output of strace -f -o, by process. A call that was printed in two pieces is
    joined."""
    calls, begun = {}, {}
    for line in text.splitlines():
        pid, _, rest = line.partition(" ")
        rest = rest.lstrip()
        resumed = re.match(r"<\.\.\. \w+ resumed>", rest)
        if resumed:
            rest = begun.pop(pid) + rest[resumed.end():]
        elif rest.endswith("<unfinished ...>"):
            begun[pid] = rest.removesuffix("<unfinished ...>")
            continue
        call = parse_call(int(pid), rest)
        if call:
            calls.setdefault(int(pid), []).append(call)
    # What was not resumed ended with its process.
    for pid, rest in begun.items():
        call = parse_call(int(pid), rest.rstrip() + ") = ?")
        if call:
            calls.setdefault(int(pid), []).append(call)
    return calls


def tool_calls(text):
    """The calls of a table of bcc-syscalls --stream, by process, without names of arguments."""
    calls = {}
    for line in text.splitlines()[1:]:
        match = re.match(r" *(\d+)  .{15}  (.*)$", line)
        if not match:
            continue
        call = parse_call(int(match[1]), match[2])
        args = [re.sub(r"^\w+=", "", arg, count=1) for arg in call.args]
        calls.setdefault(call.pid, []).append(call._replace(args=args))
    return calls


def plain(text):
    """
    A value without what docs/strace.md says of all calls: strace's comments, the order of flags,
    what the kernel's own errors mean.
    """
    text = re.sub(r"\s*/\*.*?\*/", "", text)
    text = re.sub(r"^(\? E\w+) \(.*\)$", r"\1", text)
    return re.sub(r"\w+(?:\|\w+)+", lambda m: "|".join(sorted(m[0].split("|"))), text)


def differences(theirs, ours):
    """(what, strace's, ours) of two lines of one call: what is the number of an argument, from 1,
    or "result" or "count"."""
    found = []
    if len(theirs.args) != len(ours.args):
        found.append(("count", len(theirs.args), len(ours.args)))
    for i, (their, our) in enumerate(zip(theirs.args, ours.args)):
        if plain(their) != plain(our):
            found.append((i + 1, their, our))
    if plain(theirs.result or "") != plain(ours.result or ""):
        found.append(("result", theirs.result, ours.result))
    return found
