# SPDX-License-Identifier: MIT
"""What differs between architectures, for the tests that name system calls and their numbers."""

import os

MACHINE = os.uname().machine
IS_X86 = MACHINE == "x86_64"

# Prefix of the names of 32-bit calls.
COMPAT = {"x86_64": "i386:", "aarch64": "arm:"}[MACHINE]

# Native numbers.
NUMBERS = {"x86_64": {"read": 0, "openat": 257, "close": 3, "getppid": 110, "execve": 59,
                      "exit": 60, "pause": 34, "poll": 7, "wait4": 61,
                      "clock_nanosleep": 230},
           "aarch64": {"read": 63, "openat": 56, "close": 57, "getppid": 173, "execve": 221,
                       "exit": 93, "ppoll": 73, "wait4": 260,
                       "clock_nanosleep": 115}}[MACHINE]

# The function that openat enters by.
OPENAT_SYMBOL = {"x86_64": "__x64_sys_openat", "aarch64": "__arm64_sys_openat"}[MACHINE]

# What the C library's pause() and poll() call.
PAUSE, POLL = ("pause", "poll") if IS_X86 else ("ppoll", "ppoll")

# What it calls to make a process: the C library's fork() and vfork().
FORKS = "clone,vfork" if IS_X86 else "clone"

# As the kernel has it; 0 in the headers of a 64-bit program.
O_LARGEFILE = {"x86_64": 0o100000, "aarch64": 0o400000}[MACHINE]
