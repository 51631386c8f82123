/* SPDX-License-Identifier: MIT */
/*
 * What a program is told about the running kernel: #define lines with offsets of structure members,
 * fields of classic tracepoints, registers and sizes of tables.
 *
 * Each function adds the defines that a header of programs/lib/ is written against.
 */
#ifndef KERNEL_DEFINES_H
#define KERNEL_DEFINES_H

#include <stdbool.h>
#include <stdint.h>

#include "errno_set.h"
#include "error.h"
#include "kernel.h"
#include "program_text.h"

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

/**
 * struct kernel_member - a member that a program reads
 * @structure: tag of the kernel's structure
 * @member:    its name there; of "ns.inum" the program knows "inum"
 * @type:      its C type in the program
 */
struct kernel_member {
	const char *structure, *member, *type;
};

/**
 * kernel_define_members() - look members up in BTF and add them to the stand-ins
 * @members: ended by an entry whose structure is NULL
 * Return: 0, -ENOENT when the kernel has no BTF or no such member.
 */
int kernel_define_members(const struct kernel *kernel, struct source *source,
			  const struct kernel_member *members, struct error *err);

/** kernel_define_task() - the members of a task that following and filters read. */
int kernel_define_task(const struct kernel *kernel, struct source *source, struct error *err);

/**
 * kernel_define_namespace() - when this process is not in the initial PID namespace: how to tell
 * its ids Return: 0, -ENOENT.
 */
int kernel_define_namespace(const struct kernel *kernel, struct source *source, struct error *err);

/**
 * kernel_define_leader() - LEADER_COMM, and where a process's leader has its name. When that cannot
 * be told, a process goes by the name of the thread that was seen first.
 */
void kernel_define_leader(const struct kernel *kernel, struct source *source);

/**
 * kernel_define_births() - see births through the classic tracepoint: its fields, and
 * BIRTH_TRACEPOINT
 * Return: 0; -ENOTSUP with the reason: the raw one is exact on this kernel, or the
 * classic one cannot be had.
 */
int kernel_define_births(const struct kernel *kernel, struct source *source, struct error *err);

/**
 * kernel_define_regs() - struct syscall_regs with the number of a system call, and how to reach the
 * registers of a task: HAVE_TASK_PT_REGS or STACK_REGS
 */
int kernel_define_regs(const struct kernel *kernel, struct source *source, struct error *err);

/** kernel_define_arguments() - arguments in struct syscall_regs: arg1.., and compat1.. of a 32-bit
 * call. */
int kernel_define_arguments(const struct kernel *kernel, struct source *source, struct error *err);

/** kernel_define_compat() - COMPAT, and how to tell a 32-bit call of the running task. Return:
 * whether it can be told. */
bool kernel_define_compat(const struct kernel *kernel, struct source *source);

/**
 * kernel_define_field() - a field of a classic tracepoint's record, as a member of a stand-in
 * @event: "sched/sched_process_exec"
 * @field: structure and name in the program, and the name in the format file
 * Return: 0, or -ENOTSUP with the reason.
 */
int kernel_define_field(const struct kernel *kernel, struct source *source, const char *event,
			const struct kernel_member *field, struct error *err);

/** define_errnos() - FILTER_ERRNO(e), when there are any. */
void define_errnos(struct source *source, const struct errnos *errnos);

/** define_slots() - @define as `case N:` for the slot of each of these calls ("execve,execveat"),
 * in each ABI. */
void define_slots(struct source *source, const char *define, const char *names);

#endif
