# SPDX-License-Identifier: MIT
"""
What the tests of bcc-openat share: opener as their workload, and the words for what it is to open.
"""

import errno
import os
import re

from harness import Case, Results, Tool, Workload, compiled, words

TOOL = "bcc-openat"
MISSING = "/nonexistent-bcc-tools/none"
OPENAT = 257  # as /proc/PID/syscall has it
O_LARGEFILE = 0o100000  # 0 to a 64-bit program


def spelled(path):
    """A path of any bytes as opener takes it, one word; @null, @bad and @stale are none."""
    data = os.fsencode(path)
    return path if path in ("@null", "@bad", "@stale") else "".join(
        chr(byte) if 0x21 <= byte < 0x7f and byte not in b"\\@+" else "\\x%02x" % byte
                                                                    for byte in data)


def opens(call, count, path, *more):
    """Words of a step: so many calls of this kind; more: flags, mode, resolve, size."""
    return ["open", call, count, spelled(path), *more]


def openat(count, path, *more):
    return opens("openat", count, path, *more)


def joined(*steps):
    """Steps, each words or text, as opener's arguments."""
    args = []
    for step in steps:
        args += ["+", *map(str, words(step))] if args else map(str, words(step))
    return args


def named(results):
    """
    What the workload says its calls gave, as the tool says it: errno's names, null for success.
    """
    return [errno.errorcode[-ret] if ret < 0 else None for ret in results]


class OpenCase(Case):
    """Its workload is opener."""

    def workload(self, steps, *options, **identity):
        return self.own(Workload(joined(*steps), *options, program=compiled("opener"), **identity))

    def command(self, tool, steps, *args, **options):
        run = self.run_tool(tool, *args, "--", compiled("opener"), "--err", *joined(*steps),
                            **{"output": "json", **options})
        self.assertEqual(run.status, 0, run)
        return run, Results("\n".join(re.findall(r'\{"step":.*\}', run.err)))

    def opened(self, steps, *args, way="command"):
        """One run of opener under the tool, all of it; the checked run and the results."""
        return self.observe(way, TOOL, steps, *args)

    def refused(self, *args, says=None):
        """The tool does not even begin with these options, and says which of them is wrong."""
        run = self.own(Tool(TOOL, *args, output=None)).finish()
        self.assertEqual((run.status, run.out), (2, b""), run)
        self.assertRegex(run.err, r"^bcc-openat: ", run)
        if says:
            self.assertRegex(run.err, says, run)
        return run
