# SPDX-License-Identifier: MIT
"""--as USER: what COMMAND does not get from the process that started the tool."""

import json
import os
import pwd
import re
import signal

from faults import state
from harness import ENVIRONMENT, NOBODY, Case, compiled, per_tool, wait_until
from screen import Live

USER = pwd.getpwuid(NOBODY).pw_name


def said(text):
    """What helpers/whoami.c printed among other lines."""
    (line,) = re.findall(rb"(?m)^(\{.*\})\r?$", text)
    return json.loads(line)


class Surroundings(Case):
    """Descriptors, environment, keys, session."""

    def whoami(self, tool, *args, **options):
        run = self.run_tool(tool, "-q", *args, "--", compiled("whoami"), output="json", **options)
        self.assertEqual(run.status, 0, run)
        return said(run.err.encode())

    @staticmethod
    def leave_a_descriptor():
        os.dup2(os.open("/etc/shadow", os.O_RDONLY), 77)

    @per_tool
    def test_of_its_own(self, tool):
        options = dict(environment={"SECRET": "1", "TERM": "xterm", "LC_TIME": "C"},
                       before=self.leave_a_descriptor)
        found = self.whoami(tool, "--as", USER, **options)
        self.assertEqual(found["descriptors"], [0, 1, 2])
        self.assertEqual(found["session"], found["pid"])
        self.assertEqual(found["group"], found["pid"])
        kept = {name for name in ENVIRONMENT
                if name in ("PATH", "LANG", "LANGUAGE") or name.startswith("LC_")}
        self.assertEqual(set(found["environment"]),
                         kept | {"TERM", "LC_TIME", "HOME", "SHELL", "USER", "LOGNAME"})
        # Without --as all of that is as it was.
        plain = self.whoami(tool, **options)
        self.assertIn("SECRET", plain["environment"])
        self.assertNotEqual(plain["session"], plain["pid"])
        if plain["keyring"] >= 0:
            self.assertNotEqual(found["keyring"], plain["keyring"])
            again = self.whoami(tool, "--as", USER, **options)
            self.assertNotEqual(found["keyring"], again["keyring"])


class Terminal(Case):
    """The tool is started from a terminal by a shell with job control."""

    def started(self, tool):
        live = self.own(Live(tool, "--as", USER, "--", compiled("whoami"), "wait"))
        live.wait_for_words(rb"environment.*\n")
        return live, said(live.err.data)

    @per_tool
    def test_cannot_type_there(self, tool):
        live, found = self.started(tool)
        self.assertEqual((found["tty"], found["types"]), (0, 0), live)
        live.press(b"\x03")  # Ctrl-C reaches the tool, which ends the command
        self.assertEqual(live.ended(), 128 + signal.SIGTERM, live)
        self.assertTrue(wait_until(lambda: state(found["pid"]) is None), live)

    @per_tool
    def test_stops_and_goes_on_with_the_tool(self, tool):
        live, found = self.started(tool)
        for times in (1, 2):
            live.press(b"\x1a")
            live.wait_for_words(rb"stopped\n(?s:.*)" * (times - 1) + rb"stopped\n")
            self.assertTrue(wait_until(lambda: state(found["pid"]) == "T"), live)
            live.send(signal.SIGCONT)
            self.assertTrue(wait_until(lambda: state(found["pid"]) == "S"), live)
        live.send(signal.SIGTERM)
        self.assertEqual(live.ended(), 128 + signal.SIGTERM, live)

    @per_tool
    def test_ends_with_a_tool_that_is_killed(self, tool):
        live, found = self.started(tool)
        live.send(signal.SIGKILL)
        self.assertEqual(live.ended(), -signal.SIGKILL, live)
        self.assertTrue(wait_until(lambda: state(found["pid"]) is None), live)
