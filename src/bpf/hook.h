/* SPDX-License-Identifier: MIT */
/*
 * A hook: the place in the kernel where a program runs, and the program's function that runs there.
 * Its ELF section name is the one libbpf knows ("kprobe/__x64_sys_openat"), so that other tools can
 * load our objects too; its display name is the one users of bpftrace know
 * ("kprobe:__x64_sys_openat").
 */
#ifndef HOOK_H
#define HOOK_H

#include <stddef.h>

enum hook_kind {
	HOOK_KPROBE,         /* entry of a kernel function; target: its symbol */
	HOOK_KRETPROBE,      /* return of a kernel function */
	HOOK_TRACEPOINT,     /* through perf and tracefs; target: "category/name" */
	HOOK_RAW_TRACEPOINT, /* its raw arguments, read with bpf_probe_read_kernel(); target: name
			      */
	HOOK_RAW_TRACEPOINT_BTF, /* the same, its arguments typed by BTF and read in place (5.5+) */
	HOOK_FENTRY,             /* trampoline at a function's entry, typed by BTF (5.5+) */
	HOOK_FEXIT,              /* the same at its return */
	HOOK_KINDS,
};

enum {
	HOOK_NAME_MAX = 128,
};

/**
 * struct hook - one program on one hook
 * @kind:     how to attach
 * @function: name of the C function in the program
 * @target:   what to attach to
 */
struct hook {
	enum hook_kind kind;
	const char *function;
	const char *target;
};

/** hook_section() - ELF section name into @buf (HOOK_NAME_MAX bytes). Return: @buf. */
const char *hook_section(const struct hook *hook, char *buf);

/** hook_name() - display name into @buf (HOOK_NAME_MAX bytes): "tracepoint:sched:sched_switch".
 * Return: @buf. */
const char *hook_name(const struct hook *hook, char *buf);

/**
 * hook_parse() - the reverse of hook_section()
 * @hook:    kind and target are set; target points into @section
 * Return: 0, or -EINVAL when @section names no hook.
 */
int hook_parse(struct hook *hook, const char *section);

#endif
