/* SPDX-License-Identifier: MIT */
/*
 * Which hooks of the running kernel see every event.
 *
 * The kernel skips a program when another one runs on the same CPU already. Whether that can
 * happen, and whether the kernel counts it, depends on the kind of hook, on the kernel's version
 * and on whether tasks in the kernel can be preempted.
 */
#ifndef PROBE_RELIABILITY_H
#define PROBE_RELIABILITY_H

#include <stdbool.h>

#include "error.h"
#include "kernel.h"

/**
 * kernel_kprobes_are_exact() - does every call reach a kprobe's program, or is it at least counted
 * when not? The kernel skips programs of kprobes and classic tracepoints while the CPU is inside
 * certain bpf(2) calls. With full preemption another task can run there meanwhile; before 6.7
 * nothing counts what it misses.
 */
bool kernel_kprobes_are_exact(const struct kernel *kernel);

/**
 * kernel_raw_tracepoints_are_exact() - does every event reach a raw tracepoint's program?
 * On the newest kernels such a program can be preempted, and is skipped (and that counted) for
 * others meanwhile.
 */
bool kernel_raw_tracepoints_are_exact(const struct kernel *kernel);

/** kernel_kretprobes_tell() - is it known how many calls a kretprobe had no room for? (6.7+) See
 * attach_missed(). */
bool kernel_kretprobes_tell(const struct kernel *kernel);

/**
 * kernel_check_trampolines() - can programs be put at the entry and return of this function by
 * trampolines, and see every call? A trampoline's program can be preempted where tasks in the
 * kernel can, and the kernel skips it (and counts that) for others on that CPU meanwhile. Return:
 * 0, or -ENOTSUP with the reason.
 */
int kernel_check_trampolines(const struct kernel *kernel, const char *function, struct error *err);

/**
 * kernel_answers_compat() - can a program make 32-bit calls, or x32 calls, on this 64-bit kernel?
 * What is compiled in may be switched off, so a child tries one.
 */
bool kernel_answers_compat(const struct kernel *kernel);

#endif
