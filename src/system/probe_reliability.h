/* SPDX-License-Identifier: MIT */
/*
 * Which kinds of hook see every event on the running kernel. The kernel skips a BPF program while
 * another one runs on the same CPU. Whether that can happen, and whether the kernel counts it,
 * depends on the kind of hook, on the kernel's version, and on whether tasks in the kernel can be
 * preempted.
 */
#ifndef PROBE_RELIABILITY_H
#define PROBE_RELIABILITY_H

#include <stdbool.h>

#include "error.h"
#include "kernel.h"

/**
 * kernel_kprobes_are_exact() - does every call reach a kprobe's program, or is counted as missed?
 *
 * The kernel skips programs of kprobes and classic tracepoints while their CPU is inside certain
 * bpf(2) calls. With full preemption another task can run on that CPU meanwhile. Before 6.7 the
 * kernel does not count what the program misses then.
 */
bool kernel_kprobes_are_exact(const struct kernel *kernel);

/**
 * kernel_raw_tracepoints_are_exact() - does every event reach a raw tracepoint's program?
 *
 * On the newest kernels (seen on 7.2, not on 6.18) such a program can be preempted. Until it ends,
 * the kernel skips it for other tasks on that CPU, and counts that.
 */
bool kernel_raw_tracepoints_are_exact(const struct kernel *kernel);

/**
 * kernel_kretprobes_have_room() - can a kretprobe follow ten calls at a time, or more?
 *
 * Before 6.2 (commit 3b7ddab8a19a) a kernel that is not preemptible follows only as many as it has
 * possible CPUs, and misses the others: two processes on one CPU are enough.
 */
bool kernel_kretprobes_have_room(const struct kernel *kernel);

/**
 * kernel_kretprobes_count_missed() - does the kernel count the calls that a kretprobe had no room
 * for?
 *
 * It does since 6.7; attach_missed() reads the count.
 */
bool kernel_kretprobes_count_missed(const struct kernel *kernel);

/**
 * kernel_check_trampolines() - can fentry and fexit programs of a function see every call?
 * @kernel:   the running kernel
 * @function: name of a kernel function
 * @err:      filled with the reason when they cannot
 *
 * Where tasks in the kernel can be preempted, such a program can be, too. Until it ends, the kernel
 * skips it for other tasks on that CPU, and counts that.
 *
 * Loads a small program as a trial, if this process may load any.
 *
 * Return: 0 or -ENOTSUP.
 */
int kernel_check_trampolines(const struct kernel *kernel, const char *function, struct error *err);

/**
 * kernel_answers_compat() - can a program make 32-bit or x32 calls on this 64-bit kernel?
 *
 * A kernel that has them compiled in may have them switched off at boot, so a child process tries
 * one.
 */
bool kernel_answers_compat(const struct kernel *kernel);

/**
 * kernel_answers() - does a system call return that a signal may answer instead?
 * @call: makes it, in a child process. Return: whether the result is the right one
 *
 * Return: what @call returns; true when it cannot be tried.
 */
bool kernel_answers(bool (*call)(void));

#endif
