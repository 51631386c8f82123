#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Write the files named on the command line into one C file as a table of strings.

src/bpf/embedded.h declares the table.
"""
import os
import sys


def c_string(data):
    """Lines of C string literal; every byte outside plain ASCII as an octal escape."""
    for line in data.splitlines(keepends=True):
        out = "".join(
            "\\" + chr(b) if chr(b) in '\\"'
            else "\\n" if b == 10
            else "\\t" if b == 9
            else chr(b) if 32 <= b < 127
            else "\\%03o" % b
            for b in line
        )
        yield '\t  "%s"' % out


def main():
    root, output, *files = sys.argv[1:]
    paths = [os.path.relpath(f, root) for f in files]
    with open(output, "w") as out:
        out.write('/* Made from programs/ by embed.py. */\n#include "embedded.h"\n\n')
        out.write("const struct embedded_file embedded_files[] = {\n")
        for path in paths:
            with open("%s/%s" % (root, path), "rb") as f:
                data = f.read()
            out.write('\t{ "%s",\n%s },\n' % (path, "\n".join(c_string(data)) or '""'))
        out.write("\t{ 0, 0 },\n};\n")


main()
