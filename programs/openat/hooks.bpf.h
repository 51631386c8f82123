/* SPDX-License-Identifier: GPL-2.0-only */
/* The place where this run sees opens, which the tool's plan has chosen. */
#include "openat/seen.bpf.h"

#ifndef HOOK_FEXIT
#define HOOK_FEXIT 0
#endif
#ifndef HOOK_KPROBE
#define HOOK_KPROBE 0
#endif
#ifndef HOOK_SYS_EXIT
#define HOOK_SYS_EXIT 0
#endif
#ifndef HOOK_RAW_SYSCALLS
#define HOOK_RAW_SYSCALLS 0
#endif
#ifndef HOOK_TRACEPOINT
#define HOOK_TRACEPOINT 0
#endif
#ifndef OPEN_URING
#define OPEN_URING 0
#endif

#if HOOK_FEXIT
#include "openat/hooks/fexit.bpf.h"
#elif HOOK_KPROBE
#include "openat/hooks/kprobe.bpf.h"
#elif HOOK_SYS_EXIT
#include "openat/hooks/sys_exit.bpf.h"
#elif HOOK_RAW_SYSCALLS
#include "openat/hooks/raw_syscalls.bpf.h"
#elif HOOK_TRACEPOINT
#include "openat/hooks/tracepoint.bpf.h"
#endif
#if OPEN_URING
#include "openat/uring.bpf.h"
#endif
