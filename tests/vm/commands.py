# SPDX-License-Identifier: MIT
"""Running a command of the host, and what the programs here have to say."""

import subprocess
import sys


class Error(Exception):
    pass


def say(*words):
    print('vm:', *words, file=sys.stderr, flush=True)


def output(args, **more):
    """What a command prints; its own messages appear only when it fails."""
    try:
        done = subprocess.run(args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, **more)
    except FileNotFoundError:
        raise Error(f'{args[0]} is not installed') from None
    if done.returncode:
        raise Error(f'{" ".join(args)} failed ({done.returncode}):\n'
                    + done.stderr.decode(errors='replace').rstrip())
    return done.stdout.decode(errors='replace')
