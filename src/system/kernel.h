/* SPDX-License-Identifier: MIT */
/* What the running kernel is and offers. */
#ifndef KERNEL_H
#define KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "btf.h"
#include "error.h"
#include "program_text.h"

#define KERNEL_VERSION_OF(major, minor) ((unsigned)(major) << 8 | (minor))

/**
 * struct kernel
 * @release: of uname(2)
 * @version: KERNEL_VERSION_OF(); only for behaviour that cannot be asked for
 * @btf:     its types; NULL when it has none
 * @btf_lacks: negative errno: why there are none
 * @tracefs: descriptor of the root of tracefs; negative errno when it cannot be had
 */
struct kernel {
	char release[65];
	unsigned version;
	struct btf_kernel *btf;
	int btf_lacks;
	int tracefs;
};

/** kernel_open() - look around; lacking BTF or tracefs is no failure. @use_cache: see
 * btf_kernel_open(). */
int kernel_open(struct kernel *kernel, bool use_cache, struct error *err);

void kernel_close(struct kernel *kernel);

/**
 * kernel_btf_failed() - the kernel has types, and they could not be read: what a plan learnt from
 * them is wrong Return: 0, or negative errno.
 */
int kernel_btf_failed(const struct kernel *kernel, struct error *err);

/** kernel_has_kprobes() - are they compiled in, with the perf interface that cannot leave one
 * behind? */
bool kernel_has_kprobes(void);

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

/** kernel_processes_max() - most processes and threads this machine can have at once. */
uint32_t kernel_processes_max(void);

/** kernel_unfreed_max() - as many, and as many again that are dead and not freed; but not more than
 * there are ids. */
uint32_t kernel_unfreed_max(void);

/**
 * kernel_define_table() - how large a hash table is to be: NAME_MAX and NAME_FLAGS for the program
 * @most:         entries it is to have room for
 * @preallocated: but not more than these where they are all made at the start, which takes time and
 * memory
 *
 * Since 6.1 a tracing program's table gets its entries as they are needed (BPF_F_NO_PREALLOC), from
 * an allocator of BPF's own (7c8199e24fa0). Before, the kernel warned into its log, and an
 * allocation within the kernel's allocator could lock up.
 */
void kernel_define_table(const struct kernel *kernel, struct source *source, const char *name,
			 uint32_t most, uint32_t preallocated);

/** kernel_room() - entries of a table that more CPUs fill faster: @each for each possible CPU, and
 * @least at least. */
uint32_t kernel_room(uint32_t least, uint32_t each);

/** struct offset - a define and the member whose offset it holds */
struct offset {
	const char *define;
	const char *type;
	const char *member;
};

/**
 * kernel_define_offsets() - look members up in BTF and add a define for each
 * @offsets: ended by an entry whose define is NULL
 * Return: 0, -ENOENT when the kernel has no BTF or no such member.
 */
int kernel_define_offsets(const struct kernel *kernel, struct source *source,
			  const struct offset *offsets, struct error *err);

/** kernel_define_task() - the defines programs/task.bpf.h works with, and how the running task is
 * read. */
int kernel_define_task(const struct kernel *kernel, struct source *source, struct error *err);

/**
 * kernel_define_namespace() - when this process is not in the initial PID namespace: how to tell
 * its ids Return: 0, -ENOENT.
 */
int kernel_define_namespace(const struct kernel *kernel, struct source *source, struct error *err);

/** kernel_pid_namespace() - inode number of this process's PID namespace; 0 for the initial one. */
uint32_t kernel_pid_namespace(void);

/**
 * kernel_define_leader() - where a process's leader has its name. When that cannot be told there
 * are no defines, and a process goes by the name of the thread that was seen first
 */
void kernel_define_leader(const struct kernel *kernel, struct source *source);

/**
 * kernel_define_births() - see births through the classic tracepoint: its fields, and
 * BIRTH_TRACEPOINT Return: 0; -ENOTSUP with the reason: the raw one is exact on this kernel, or the
 * classic one cannot be had.
 */
int kernel_define_births(const struct kernel *kernel, struct source *source, struct error *err);

/**
 * kernel_define_regs() - where the number of a system call is kept: in struct pt_regs, and for a
 * task that is ending, how to reach that struct
 */
int kernel_define_regs(const struct kernel *kernel, struct source *source, struct error *err);

/** kernel_define_arguments() - where struct pt_regs keeps a system call's arguments: REGS_ARG1..,
 * REGS_COMPAT1.. */
int kernel_define_arguments(const struct kernel *kernel, struct source *source, struct error *err);

/** kernel_define_compat() - how to tell a 32-bit call of the running task. Return: whether it can
 * be told. */
bool kernel_define_compat(const struct kernel *kernel, struct source *source);

/** kernel_define_field() - offset of a classic tracepoint's field. Return: 0, or -ENOTSUP with the
 * reason. */
int kernel_define_field(const struct kernel *kernel, struct source *source, const char *define,
			const char *event, const char *field, struct error *err);

/** kernel_count_cpus() - make sure that the number of possible CPUs can be had. Return: 0, or
 * negative errno. */
int kernel_count_cpus(struct error *err);

/** kernel_is_confidential() - is it locked down so far that its memory may not be read? (Not known
 * without securityfs.) */
bool kernel_is_confidential(void);

/**
 * kernel_explain_refusal() - when a setting of the kernel is behind a refusal, or may be: say so in
 * the error's hint What a process with the privilege that kernel_can_load() asks for is refused all
 * the same.
 */
void kernel_explain_refusal(struct error *err);

/** kernel_can_load() - may this process load tracing programs? Return: 0, or -EPERM with what is
 * missing. */
int kernel_can_load(struct error *err);

#endif
