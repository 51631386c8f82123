# SPDX-License-Identifier: MIT
"""Where the tests run: paths, the environment of the tools, and how slow this machine is.

Environment variables tell what cannot be seen from here:

  BCC_TOOLS_DIR        the tools to test, instead of those of build/
  BCC_TOOLS_HELPERS    compiled helper programs (`run --helpers DIR` makes them)
  BCC_TOOLS_SLOW=1     an emulated machine, which takes some thirty times as long
  BCC_TOOLS_SANITIZED=1  tools of tests/check/sanitize or tests/check/coverage
  BCC_TOOLS_PRELOAD    in a guest: the library that lets the host compile, see tests/vm/README.md
"""

import os
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TOOLS = ("bcc-syscalls", "bcc-fork", "bcc-openat")
NOBODY = 65534
MISSING = "/nonexistent-bcc-tools/none"  # a path that does not exist, as in helpers/common.h

SLOW = os.environ.get("BCC_TOOLS_SLOW") == "1"
SANITIZED = os.environ.get("BCC_TOOLS_SANITIZED") == "1"

# Of every tool and command.
ENVIRONMENT = {**{key: value for key, value in os.environ.items() if key != "BCC_TOOLS_PRELOAD"},
               "TERM": "xterm", "LC_ALL": "C.UTF-8"}


class SetupError(Exception):
    """The suite cannot run here at all; the text says what to do about it."""


def patience(seconds=20):
    """A limit for a wait, in seconds of real time: the wait itself takes far less."""
    return seconds * (30 if SLOW else 1)


def many(number):
    """An amount of work: @number, or an eighth of it on a slow machine."""
    return number // 8 if SLOW else number


def host_compiles():
    """What a tool's environment needs so that the host compiles for it; nothing outside a guest."""
    library = os.environ.get("BCC_TOOLS_PRELOAD")
    return {"LD_PRELOAD": library} if library else {}


def tool_environment():
    """The whole environment of a tool, for a test that starts one without class Process."""
    return {**ENVIRONMENT, **host_compiles()}
