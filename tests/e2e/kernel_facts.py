# SPDX-License-Identifier: MIT
"""What the tests ask this kernel about itself."""

import pathlib
import platform
import re


def kernel_version():
    """Of the running kernel: (major, minor)."""
    return tuple(map(int, re.match(r"(\d+)\.(\d+)", platform.release()).groups()))


def cgroup_root():
    """The writable cgroup v2 mount of this mount namespace, or None."""
    for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines():
        fields, rest = line.split(" - ")
        if rest.split()[0] == "cgroup2" and "ro" not in fields.split()[5].split(","):
            escaped = fields.split()[4]
            return pathlib.Path(re.sub(r"\\(\d{3})", lambda m: chr(int(m[1], 8)), escaped))
    return None
