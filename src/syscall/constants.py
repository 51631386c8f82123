#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Write the constants that constants.txt asks for as C tables (constants.h).

    constants.py constants.txt OUTPUT.c DEPFILE CC...

Names and values are those of the headers that the C compiler finds. The preprocessor lists the
macros and expands them, so nothing is run, and a cross compiler will do. A name that a header lacks
is left out.
"""
import fnmatch
import re
import subprocess
import sys


# Of types in the numbers of ioctl requests. The kernels that these tools know have 64 bits.
SIZES = {"char": 1, "short": 2, "int": 4, "long": 8, "size_t": 8}


class Headers:
    """What the preprocessor says of some headers."""

    def __init__(self, compiler, names):
        self.compiler = compiler
        self.text = "#define _GNU_SOURCE\n" + "".join(
            f"#if __has_include(<{name}>)\n#include <{name}>\n#endif\n" for name in names)
        text = self.preprocess("-dD", self.text)
        self.macros = set(re.findall(r"^#define (\w+) ", text, re.MULTILINE))
        self.enumerators = self.find_enumerators(re.sub(r"^#.*$", "", text, flags=re.MULTILINE))

    def preprocess(self, option, text):
        command = [*self.compiler, "-E", option, "-x", "c", "-"]
        return subprocess.run(command, input=text, capture_output=True, text=True,
                              check=True).stdout

    @staticmethod
    def find_enumerators(text):
        """The enumerators that are given a value, and those that count on from there."""
        found = {}
        for body in re.findall(r"\benum\b[^{};]*{([^}]*)}", text):
            last, after = "0", 0
            for entry in body.split(","):
                name, _, value = (part.strip() for part in entry.partition("="))
                if value:
                    last, after = value, 0
                if name:
                    found[name] = f"({last}) + {after}"
                    after += 1
        return found

    def values(self, names):
        """The value of each name that has an integer for one."""
        marked = "".join(f"@@{i} {name}\n" for i, name in enumerate(names))
        text = self.preprocess("-P", self.text + marked)
        for i, expression in re.findall(r"^@@ ?(\d+) (.*)$", text, re.MULTILINE):
            value = evaluate(expression, self.enumerators)
            if value is not None:
                yield names[int(i)], value


def evaluate(expression, enumerators):
    """An integer constant expression of C; None: it is something else."""
    for _ in range(8):
        names = set(re.findall(r"\b[A-Za-z_]\w*", expression)) & enumerators.keys()
        if not names:
            break
        expression = re.sub(r"\b[A-Za-z_]\w*",
                            lambda m: f"({enumerators.get(m[0], m[0])})", expression)
    expression = re.sub(r"sizeof ?\( ?(?:unsigned )?(char|short|int|long|size_t)\)",
                        lambda m: str(SIZES[m[1]]), expression)
    expression = re.sub(r"\((?:unsigned )?(?:int|long|char|short)\)|\(__\w+\) ?(?=\d)", "",
                        expression)
    expression = re.sub(r"'(.)'", lambda m: str(ord(m[1])), expression)
    expression = re.sub(r"\b(0[xX][0-9a-fA-F]+|\d+)[uUlL]*\b", c_number, expression)
    if re.search(r"[^-0-9()|&~<>+*/ ]", expression):
        return None
    try:
        return eval(expression, {"__builtins__": {}})
    except (SyntaxError, TypeError, NameError):
        return None


def c_number(match):
    digits = match[1]
    return str(int(digits, 8 if re.fullmatch(r"0[0-7]+", digits) else 0))


def parse(path):
    """Sets in order: their name, and for each line its headers and patterns."""
    sets = {}
    with open(path, encoding="ascii") as file:
        # An indented line goes on with the one before.
        text = re.sub(r"\n[ \t]+", " ", file.read())
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, headers, patterns = line.split(":")
            sets.setdefault(name, []).append((tuple(headers.split()), patterns.split()))
    return sets


def is_wanted(name, patterns):
    wanted = any(fnmatch.fnmatchcase(name, p) for p in patterns if p[0] != "!")
    return wanted and not any(fnmatch.fnmatchcase(name, p[1:]) for p in patterns if p[0] == "!")


def constants_of(lines, headers):
    """Sorted by value. Of two names for one value the first one in the alphabet stays."""
    found = {}
    for names, patterns in lines:
        there = headers(names)
        wanted = sorted(n for n in there.macros | there.enumerators.keys()
                        if is_wanted(n, patterns))
        found.update(there.values(wanted))
    by_value = {}
    for name, value in sorted(found.items()):
        by_value.setdefault(value, name)
    return sorted((value, name) for value, name in by_value.items())


def write_depfile(path, output, source, all_headers, compiler):
    text = "".join(f"#if __has_include(<{h}>)\n#include <{h}>\n#endif\n" for h in all_headers)
    rule = subprocess.run([*compiler, "-E", "-M", "-x", "c", "-"], input=text,
                          capture_output=True, text=True, check=False).stdout
    with open(path, "w", encoding="ascii") as file:
        file.write(f"{output}: {source} \\\n" + rule.partition(":")[2])


def main():
    source, output, depfile, *compiler = sys.argv[1:]
    sets = parse(source)
    known = {}

    def headers(names):
        if names not in known:
            known[names] = Headers(compiler, names)
        return known[names]

    with open(output, "w", encoding="ascii") as out:
        out.write("/* Made from the system's headers by constants.py. */\n#include <stddef.h>\n\n"
                  '#include "constants.h"\n')
        counts = {}
        for name, lines in sets.items():
            constants = constants_of(lines, headers)
            counts[name] = len(constants)
            out.write(f"\nstatic const struct constant {name}[] = {{\n")
            for value, constant in constants:
                out.write(f'\t{{ "{constant}", UINT64_C({value & (1 << 64) - 1:#x}) }},\n')
            out.write("\t{ NULL, 0 },\n};\n")
        out.write("\nconst struct constant_set constant_sets[] = {\n")
        for name, count in counts.items():
            out.write(f'\t{{ "{name}", {name}, {count} }},\n')
        out.write("\t{ NULL, NULL, 0 },\n};\n")
    write_depfile(depfile, output, source, sorted({n for names in known for n in names}), compiler)


if __name__ == "__main__":
    main()
