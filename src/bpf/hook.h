/* SPDX-License-Identifier: MIT */
/*
 * Hooks: the places in the kernel where a program runs, and the function that runs there.
 *
 * A hook has two written forms. Its section name is the name of the program's ELF section, as
 * libbpf knows it ("kprobe/__x64_sys_openat"), so that other tools can load the objects too. Its
 * display name is the one that users of bpftrace know ("kprobe:__x64_sys_openat").
 */
#ifndef HOOK_H
#define HOOK_H

enum hook_kind {
	HOOK_KPROBE,             /* entry of a kernel function; target: its symbol */
	HOOK_KRETPROBE,          /* return of a kernel function; target: its symbol */
	HOOK_TRACEPOINT,         /* through perf and tracefs; target: "category/name" */
	HOOK_RAW_TRACEPOINT,     /* arguments read with bpf_probe_read_kernel(); target: "name" */
	HOOK_RAW_TRACEPOINT_BTF, /* the same, arguments typed by BTF, read in place (Linux 5.5) */
	HOOK_FENTRY,             /* trampoline at the entry of a function, typed by BTF (5.5) */
	HOOK_FEXIT,              /* trampoline at its return (5.5) */
	HOOK_KINDS,
};

enum {
	HOOK_NAME_MAX = 128, /* bytes of a section or display name, with the final NUL */
};

/**
 * struct hook - one program at one hook
 * @kind:     how to attach
 * @function: name of the C function in the program
 * @target:   what to attach to; see enum hook_kind
 *
 * Both texts are borrowed.
 */
struct hook {
	enum hook_kind kind;
	const char *function;
	const char *target;
};

/**
 * hook_section() - write the section name: "tp/sched/sched_switch"
 * @buf: HOOK_NAME_MAX bytes; a longer name is cut
 *
 * Return: @buf.
 */
const char *hook_section(const struct hook *hook, char *buf);

/**
 * hook_name() - write the display name: "tracepoint:sched:sched_switch"
 * @buf: HOOK_NAME_MAX bytes; a longer name is cut
 *
 * Return: @buf.
 */
const char *hook_name(const struct hook *hook, char *buf);

/**
 * hook_parse() - the reverse of hook_section()
 * @hook: kind and target are set; the target points into @section
 *
 * Return: 0, or -EINVAL if @section is not the section name of a hook.
 */
int hook_parse(struct hook *hook, const char *section);

#endif
