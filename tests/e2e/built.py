# SPDX-License-Identifier: MIT
"""The programs that tests start, and the directory for their files.

Tools and helper programs are copied to, or compiled into, one scratch directory that every user may
enter. The runner removes it at the end.
"""

import functools
import itertools
import os
import pathlib
import shutil
import subprocess
import tempfile

from setting import HERE, ROOT, TOOLS, SetupError

STATIC, SHARED = ("-static", "-pthread"), ("-shared", "-fPIC")

# Each helper program: how it is linked, and its source files in helpers/.
HELPERS = {
    "workload": (STATIC, "workload workload_calls workload_processes steps common"),
    "opener": (STATIC, "opener opener_calls ring steps common"),
    "churn": (STATIC, "churn churn_account common"),
    "storm": (STATIC, "storm"),
    "every_call": (STATIC, "every_call common"),
    "faults": (SHARED, "faults"),
}


@functools.lru_cache(None)
def tools_dir():
    given = os.environ.get("BCC_TOOLS_DIR")
    places = [pathlib.Path(given)] if given else [ROOT / "build" / "tools", ROOT / "build", ROOT]
    for place in places:
        if all((place / tool).is_file() and os.access(place / tool, os.X_OK) for tool in TOOLS):
            return place
    raise SetupError("the tools are not built: no %s in %s (set BCC_TOOLS_DIR?)"
                     % (", ".join(TOOLS), ", ".join(map(str, places))))


@functools.lru_cache(None)
def scratch():
    """A directory that every user may enter."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="bcc-tools-e2e-"))
    path.chmod(0o755)
    return path


def cleanup():
    """Remove the scratch directory: the last thing a runner does."""
    shutil.rmtree(scratch(), ignore_errors=True)


_numbers = itertools.count(1)


def fresh_path(name):
    """A path in the scratch directory that nobody has used yet."""
    return scratch() / f"{name}-{next(_numbers)}"


@functools.lru_cache(None)
def tool_path(tool):
    """The path of a copy of the tool, which a build in the meantime does not change."""
    path = scratch() / "tools" / tool
    path.parent.mkdir(exist_ok=True)
    shutil.copy(tools_dir() / tool, path)
    path.chmod(0o755)
    return path


@functools.lru_cache(None)
def compiled(name):
    """The path of one of HELPERS, taken from $BCC_TOOLS_HELPERS or compiled here and now."""
    path, given = scratch() / name, os.environ.get("BCC_TOOLS_HELPERS")
    if given:
        shutil.copy(pathlib.Path(given) / name, path)
    else:
        compile_helper(name, path)
    path.chmod(0o755)
    return str(path)


def compile_helper(name, path):
    """Compile one of HELPERS to a path."""
    flags, parts = HELPERS[name]
    sources = [str(HERE / "helpers" / f"{part}.c") for part in parts.split()]
    command = [os.environ.get("CC", "cc"), "-std=gnu11", "-O2", "-Wall", *flags, *sources,
               "-o", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        raise SetupError(f"cannot compile {name}: {command[0]}: {error.strerror}") from error
    if done.returncode:
        raise SetupError(f"cannot compile {name} (a static C library is needed):\n" + done.stderr)


def workload_path():
    return compiled("workload")
