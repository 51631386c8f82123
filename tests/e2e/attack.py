# SPDX-License-Identifier: MIT
"""The library that plays an attacker inside a tool, and what it is not to get."""

import re

from harness import Process, compiled, fresh_path


class Attack:
    """Things that must stay as they are while the library tries everything in a tool."""

    def __init__(self, case):
        self.case = case
        self.secret, self.writable = fresh_path("secret"), fresh_path("writable")
        self.secret.write_text("secret")
        self.secret.chmod(0o600)
        self.writable.write_text("unchanged")
        self.writable.chmod(0o666)
        self.victim = case.own(Process(["sleep", "60"]))
        self.environment = {"LD_PRELOAD": str(compiled("attack")),
                            "VICTIM": str(self.victim.pid), "SECRET": str(self.secret),
                            "WRITABLE": str(self.writable)}

    def assert_in_vain(self, words, run):
        """All was tried, says the tool's standard error, and all was refused."""
        tried = re.findall(r"(?m)^attack: (.*): (\w+)\r?$", words)
        self.case.assertEqual(tried[-1:], [("end", "refused")], run)
        self.case.assertGreater(len(tried), 60, run)
        self.case.assertEqual([what for what, result in tried if result != "refused"], [], run)
        self.case.assertEqual(self.writable.read_text(), "unchanged")
        self.case.assertIsNone(self.victim.popen.poll())
