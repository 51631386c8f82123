# SPDX-License-Identifier: MIT
"""For the tests of bcc-fork's options: a run of a command, or of a script of Python."""

from harness import Case

TOOL = "bcc-fork"


class OptionCase(Case):
    def trace(self, *argv, options=(), output="json"):
        """Run a command under the tool. Returns the Run, its records parsed."""
        return self.run_tool(TOOL, *options, "--", *argv, output=output)
