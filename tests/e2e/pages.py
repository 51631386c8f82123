# SPDX-License-Identifier: MIT
"""Pages whose commands are run as a reader would run them, and whose output is compared.

A fenced block of the kind `console` is a session: a line that begins with `$ ` is a command (the
next lines too, if they begin with `> `), and what follows is what it prints. Comments in front of a
block say how it is run and compared:

  <!-- exact: 1000 30 -->   These numbers are printed as they are; instead of another, any will do.
  <!-- any: raw kprobe -->  Instead of these words, any will do.
  <!-- never: 2000000 -->   This must not be printed at all.
  <!-- where: cc, BTF -->   Run this only where these are there (see is_there() in test_lessons.py).
  <!-- ctrl-c: Tracing -->  Ctrl-C is pressed as soon as it prints this.
  <!-- not run: REASON -->  This is an example.

In the output, a line `...` stands for any number of lines, and `...` in a line for any text. Blank
lines and widths do not matter. A page may leave out the lines of NOTICE. Any other fenced block
after `<!-- file: NAME -->` is a file, which is written before the next command.
"""

import re

FENCE = re.compile(r"(?ms)^```(\w*)\n(.*?)^```\n")
COMMENT = re.compile(r"<!-- (exact|any|never|where|ctrl-c|not run|file): (.*?) -->\s*")
# What a run says before it begins, which depends on the kernel: the hooks, and what lacks BTF.
NOTICE = re.compile(r"Tracing |bcc-\w+: the kernel has no BTF: without ")
NUMBER = r"(?:0x[0-9a-f]+|\d(?:[\d,.]*\d)?)(?:ns|us|ms|min|[KMGT]iB|[kMGs%])?"


class Step:
    """A command, or a file to write; its line in the page; and what the page says of it."""

    def __init__(self, line, said, command=None, expected=(), name=None, text=None):
        self.line, self.said = line, said
        self.command, self.expected = command, list(expected)
        self.name, self.text = name, text


def headings_of(text):
    """{heading of the second level: its line}, without what looks like one in a block."""
    plain = FENCE.sub(lambda block: "\n" * block.group().count("\n"), text)
    return {line[3:]: number for number, line in enumerate(plain.splitlines(), 1)
            if line.startswith("## ")}


def sections_of(text):
    return list(headings_of(text))


def lines_of(text, section=None):
    """The numbers of the lines of a section, or of the whole page."""
    end = text.count("\n") + 2
    if section is None:
        return range(1, end)
    begin = headings_of(text)[section]
    return range(begin, min([n for n in headings_of(text).values() if n > begin], default=end))


def notes_before(text):
    """What the comments directly in front of a block say."""
    end = re.search(r"(?:<!-- [^\n]* -->\s*)*\Z", text).group()
    return dict(COMMENT.findall(end))


def steps_of(text):
    """The steps of a page, in order."""
    for block in FENCE.finditer(text):
        kind, body = block.groups()
        said, line = notes_before(text[:block.start()]), text[:block.start()].count("\n") + 2
        if "file" in said:
            yield Step(line, said, name=said["file"], text=body)
        elif kind == "console" and "not run" not in said:
            yield from commands_of(body, line, said)


def commands_of(body, line, said):
    step = None
    for number, text in enumerate(body.splitlines(), line):
        if text.startswith("$ "):
            if step:
                yield step
            step = Step(number, said, command=text[2:])
        elif step and text.startswith("> ") and not step.expected:
            step.command += "\n" + text[2:]
        elif step:
            step.expected.append(text)
    if step:
        yield step


def pattern_of(line, exact=(), free=()):
    """What a line of the page stands for, as a regular expression."""
    parts = []
    for token in re.split(rf"(\.\.\.|@+|\s+|\b{NUMBER}(?!\w))", line.strip()):
        if token == "...":
            parts.append(".*")
        elif re.fullmatch("@+", token):
            parts.append("@+")
        elif not token.strip():
            parts.append(r"\s*" if token else "")
        elif re.fullmatch(NUMBER, token) and token not in exact:
            parts.append(NUMBER)
        else:
            parts.append(words_of(token, free))
    return re.compile(r"\s*" + "".join(parts) + r"\s*\Z")


def words_of(text, free):
    return "".join(r"[^\s|]+" if word in free else re.escape(word)
                   for word in re.split(r"([\w:./-]+)", text))


def is_left_out(line, expected):
    """Is this a notice, and one that the page does not show?"""
    notice = NOTICE.match(line)
    return notice and not any(shown.startswith(notice.group()) for shown in expected)


def first_difference(expected, lines, said):
    """The first line of the page that the output does not have where it should; None if all fit."""
    exact, free = said.get("exact", "").split(), said.get("any", "").split()
    for word in said.get("never", "").split():
        if any(re.search(rf"(?<!\S){re.escape(word)}(?!\S)", line) for line in lines):
            return f"(never: {word})"
    expected = [line for line in expected if line.strip()]
    lines = [line for line in lines if line.strip() and not is_left_out(line, expected)]
    at, skip = 0, False
    for line in expected:
        if line.strip() == "...":
            skip = True
            continue
        pattern = pattern_of(line, exact, free)
        found = next((i for i in range(at, len(lines)) if pattern.match(lines[i])), None)
        if found is None or (found != at and not skip):
            return line
        at, skip = found + 1, False
    return None if skip or at == len(lines) else f"(no more, but there is: {lines[at]})"
