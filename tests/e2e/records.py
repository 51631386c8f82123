# SPDX-License-Identifier: MIT
"""JSON records of the tools, read strictly: what a lenient reader would let pass fails here."""

import decimal
import json

SUMS = {"bcc-syscalls": ("calls", "errors"), "bcc-openat": ("opens", "failed")}
EVENTS = {"fork": "forks", "thread": "threads", "exec": "execs", "exit": "exits"}
CALLS = {"bcc-syscalls": "call", "bcc-openat": "open"}  # the type of a record of --stream
SUMMARY = ("summary", "forker", "shortest", "status")  # types of bcc-fork --summary


def escaped(data):
    """Bytes as JSON output shows them: bytes that are not valid UTF-8 become \\xNN."""
    text, rest = "", data
    while rest:
        try:
            return text + rest.decode()
        except UnicodeDecodeError as error:
            text += rest[:error.start].decode()
            text += "".join("\\x%02x" % byte for byte in rest[error.start:error.end])
            rest = rest[error.end:]
    return text


def bytes_of(name):
    """What JSON has beside a string that cannot hold these bytes, so that no two look the same."""
    try:
        name.decode()
    except UnicodeDecodeError:
        return name.hex()
    return None


def _no_duplicates(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError(f"a key appears twice in {keys}")
    return dict(pairs)


def _no_constant(text):
    raise ValueError(f"{text} is not JSON")


def parse_record(line):
    """A line of bytes as a record; ValueError if it is not one."""
    record = json.loads(line.decode("utf-8"), parse_float=decimal.Decimal,
                        parse_constant=_no_constant, object_pairs_hook=_no_duplicates)
    # Encode it again: a lone surrogate is no character.
    json.dumps(record, ensure_ascii=False, default=str).encode()
    if not isinstance(record, dict) or not isinstance(record.get("type"), str):
        raise ValueError("a record is an object with a type")
    return record
