# SPDX-License-Identifier: MIT
# Runs a command that may make only these system calls: all others fail with EPERM.
#   confine.py LIST COMMAND [ARG...]
import ctypes
import os
import sys

ALLOW, EPERM = 0x7FFF0000, 0x00050001
library = ctypes.CDLL("libseccomp.so.2", use_errno=True)
library.seccomp_init.restype = ctypes.c_void_p
context = ctypes.c_void_p(library.seccomp_init(EPERM))
with open(sys.argv[1], encoding="ascii") as names:
    for name in names.read().split():
        number = library.seccomp_syscall_resolve_name(name.encode())
        library.seccomp_rule_add(context, ALLOW, number, 0)
library.seccomp_load(context)
os.execvp(sys.argv[2], sys.argv[2:])
