# SPDX-License-Identifier: MIT
"""The programs that tests start, and the directory for their files.

Tools and helper programs are copied to, or compiled into, one scratch directory that every user may
enter. The runner removes it at the end.
"""

import ctypes
import functools
import itertools
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile

from setting import HERE, ROOT, TOOLS, SetupError

AT_FDCWD = -100

STATIC, SHARED = ("-static", "-pthread"), ("-shared", "-fPIC")
# A 32-bit program without a C library.
NARROW = ("-static", "-nostdlib", "-ffreestanding", "-fno-stack-protector", "-fno-pie", "-no-pie",
          "-Wl,--build-id=none")

# Each helper program: how it is linked, and its source files in helpers/.
HELPERS = {
    "workload": (STATIC, "workload workload_calls workload_processes steps common"),
    "opener": (STATIC, "opener opener_calls ring steps common"),
    "rewriter": (STATIC, "rewriter common"),
    "mover": (STATIC, "mover ring common"),
    "flipper": (STATIC, "flipper common"),
    "churn": (STATIC, "churn churn_account common"),
    "storm": (STATIC, "storm"),
    "crowd": (STATIC, "crowd common"),
    "steady": (STATIC, "steady common"),
    "every_call": (STATIC, "every_call common"),
    "faults": (SHARED, "faults faults_twins"),
    "attack": (SHARED, "attack"),
    "old_kernel": (SHARED, "old_kernel"),
    "whoami": (STATIC, "whoami"),
    "renumber": (STATIC, "renumber common"),
    "narrow": (NARROW, "narrow"),
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
    """A directory that every user may enter, in a file system that has what the tests need."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="bcc-tools-e2e-", dir=temporary_directory()))
    if os.geteuid() == 0 and not has_all_features(path):
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "bcc-tools-e2e", path],
                       check=True)
    path.chmod(0o755)
    return path


def temporary_directory():
    """$TMPDIR or the like, if every user may enter it; else /tmp."""
    path = pathlib.Path(tempfile.gettempdir()).resolve()
    is_open = all(directory.stat().st_mode & 0o1 for directory in (path, *path.parents))
    return path if is_open else pathlib.Path("/tmp")


def has_all_features(path):
    """
    Can files in this directory be made without a name (O_TMPFILE) and opened by a handle? In an
    overlay, which /tmp of a container or of a guest may be, they cannot.
    """
    try:
        os.close(os.open(path, os.O_TMPFILE | os.O_RDWR, 0o600))
    except OSError:
        return False
    handle, mount = struct.pack("Ii128x", 128, 0), ctypes.c_int()
    libc = ctypes.CDLL(None)
    return libc.name_to_handle_at(AT_FDCWD, os.fsencode(path), handle, ctypes.byref(mount), 0) == 0


def cleanup():
    """Remove the scratch directory: the last thing a runner does."""
    if os.path.ismount(scratch()):
        subprocess.run(["umount", "--lazy", scratch()], check=False)
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


def host_compiler():
    return os.environ.get("CC", "cc")


def narrow_compiler():
    """The compiler of 32-bit programs for the machine that $CC compiles for."""
    machine = subprocess.run([host_compiler(), "-dumpmachine"], stdout=subprocess.PIPE,
                             text=True, check=True).stdout
    if machine.startswith("aarch64"):
        return ["arm-linux-gnueabihf-gcc", "-marm"]
    return [host_compiler(), "-m32"]


def compile_helper(name, path):
    """Compile one of HELPERS to a path."""
    flags, parts = HELPERS[name]
    sources = [str(HERE / "helpers" / f"{part}.c") for part in parts.split()]
    compiler = narrow_compiler() if flags == NARROW else [host_compiler()]
    command = [*compiler, "-std=gnu11", "-O2", "-Wall", *flags, *sources,
               "-o", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        raise SetupError(f"cannot compile {name}: {command[0]}: {error.strerror} (Debian on arm64: "
                         "gcc-arm-linux-gnueabihf)") from error
    if done.returncode:
        raise SetupError(f"cannot compile {name} (a static C library is needed):\n" + done.stderr)


def workload_path():
    return compiled("workload")
