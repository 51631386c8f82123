# SPDX-License-Identifier: MIT
"""What completions/describe.c prints of a tool's options."""

import collections
import pathlib

Option = collections.namedtuple("Option", "letter long value takes again text words")


def read(path):
    """{long name: Option} of a tool; `words` is {word: text}."""
    options = {}
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        kind, *fields = line.split("\t")
        if kind == "option":
            last = options[fields[1]] = Option(*fields, {})
        elif kind == "word":
            last.words[fields[0]] = fields[1]
    return options
