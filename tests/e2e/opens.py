# SPDX-License-Identifier: MIT
"""For the tests of bcc-openat: opener as their workload, and the words for what it is to open."""

import errno
import os
import re

from arch import IS_X86, NUMBERS
from harness import Case, Results, Tool, Workload, compiled, words

TOOL = "bcc-openat"
MISSING = "/nonexistent-bcc-tools/none"
OPENAT = NUMBERS["openat"]  # in /proc/PID/syscall


def spelled(path):
    """A path of any bytes as one word for opener; @null, @bad and @stale stay as they are."""
    data = os.fsencode(path)
    return path if path in ("@null", "@bad", "@stale") else "".join(
        chr(byte) if 0x21 <= byte < 0x7f and byte not in b"\\@+" else "\\x%02x" % byte
                                                                    for byte in data)


def opens(call, count, path, *more):
    """The words of a step: so many calls of this kind. more: flags, mode, resolve, size."""
    return ["open", call, count, spelled(path), *more]


def openat(count, path, *more):
    return opens("openat", count, path, *more)


def joined(*steps):
    """Steps, each words or text, as arguments of opener."""
    args = []
    for step in steps:
        args += ["+", *map(str, words(step))] if args else map(str, words(step))
    return args


def known(counts):
    """
    Without the calls that newer architectures lack, which opener does not make there. Keys are
    names of calls, or tuples with one.
    """
    lacking = set() if IS_X86 else {"open", "creat"}
    return {key: count for key, count in counts.items()
            if lacking.isdisjoint(key if isinstance(key, tuple) else (key,))}


def named(results):
    """Results of calls as the tool shows them: names of errnos, None for success."""
    return [errno.errorcode[-ret] if ret < 0 else None for ret in results]


class OpenCase(Case):
    """A Case whose workload is opener."""

    def workload(self, steps, *options, **identity):
        return self.own(Workload(joined(*steps), *options, program=compiled("opener"), **identity))

    def command(self, tool, steps, *args, **options):
        run = self.run_tool(tool, *args, "--", compiled("opener"), "--err", *joined(*steps),
                            **{"output": "json", **options})
        self.assertEqual(run.status, 0, run)
        return run, Results("\n".join(re.findall(r'\{"step":.*\}', run.err)))

    def opened(self, steps, *args, way="command"):
        """Run opener under the tool. Returns the checked Run and the Results."""
        return self.observe(way, TOOL, steps, *args)

    def refused(self, *args, says=None):
        """The tool does not even start with these options, and says which of them is wrong."""
        run = self.own(Tool(TOOL, *args, output=None)).finish()
        self.assertEqual((run.status, run.out), (2, b""), run)
        self.assertRegex(run.err, r"^bcc-openat: ", run)
        if says:
            self.assertRegex(run.err, says, run)
        return run
