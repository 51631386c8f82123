# SPDX-License-Identifier: MIT
"""Waiting for what no file descriptor tells about."""

import subprocess
import time

from setting import patience


def wait_until(condition, timeout=None):
    """Ask again until condition() is true, at most so many seconds. Returns whether it was."""
    deadline = time.monotonic() + (timeout or patience())
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def gone_pid():
    """The id of a process that has ended and has been waited for."""
    child = subprocess.Popen(["/bin/true"])
    child.wait()
    return child.pid
