/* SPDX-License-Identifier: MIT */
/*
 * Facts about the running kernel for a program: #define lines, and the members of kernel structures
 * that the program reads (kernel_layout.h).
 *
 * Each function adds what one header of programs/lib/ needs, to be compiled into the program. A
 * function that returns an error has filled its message; the caller then tries another way to
 * attach, or goes without the fact.
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
 * kernel_define_table() - define the size of a hash table: <name>_MAX and <name>_FLAGS
 * @name:         prefix of both defines
 * @most:         entries that the table must be able to hold
 * @preallocated: limit of its size on kernels where all entries are allocated at the start
 *
 * Since Linux 6.1 (7c8199e24fa0) entries of a tracing program's table are allocated when they are
 * needed (BPF_F_NO_PREALLOC), from an allocator of BPF's own. Before, that made the kernel warn in
 * its log, and an allocation inside the kernel's allocator could deadlock.
 */
void kernel_define_table(const struct kernel *kernel, struct program_text *source, const char *name,
			 uint32_t most, uint32_t preallocated);

/**
 * struct kernel_member - a member of a kernel structure that a program reads
 * @structure: the structure's tag
 * @member:    its name there; the program calls "ns.inum" just "inum"
 * @type:      its C type in the program
 */
struct kernel_member {
	const char *structure, *member, *type;
};

/**
 * kernel_define_members() - look members up in BTF, and add them to the program's structures
 * @members: ended by an entry whose structure is NULL
 *
 * Return: 0; -ENOENT if the kernel has no BTF or no such member.
 */
int kernel_define_members(const struct kernel *kernel, struct program_text *source,
			  const struct kernel_member *members, struct error *err);

/**
 * kernel_try_members() - add members that not every kernel has, as kernel_define_members()
 * Return: are they there?
 */
bool kernel_try_members(const struct kernel *kernel, struct program_text *source,
			const struct kernel_member *members);

/**
 * kernel_define_task() - add the members of a task that filters and --follow read
 *
 * Return: as kernel_define_members().
 */
int kernel_define_task(const struct kernel *kernel, struct program_text *source, struct error *err);

/**
 * kernel_define_effective_user() - add the members that tell a task's effective user
 *
 * Return: as kernel_define_members().
 */
int kernel_define_effective_user(const struct kernel *kernel, struct program_text *source,
				 struct error *err);

/**
 * kernel_define_namespace() - have the program use the ids of this process's PID namespace
 *
 * Adds nothing if this process is in the initial PID namespace.
 *
 * Return: as kernel_define_members().
 */
int kernel_define_namespace(const struct kernel *kernel, struct program_text *source,
			    struct error *err);

/**
 * kernel_define_leader() - LEADER_COMM: have the program read the name of a process's leader
 *
 * If that fails, a process goes by the name of its thread that was seen first.
 */
void kernel_define_leader(const struct kernel *kernel, struct program_text *source);

/**
 * kernel_define_start() - TASK_START: have the program tell rows of a process or thread apart from
 * those of another one that had its id before
 *
 * If that fails, both are one row.
 */
void kernel_define_start(const struct kernel *kernel, struct program_text *source);

/** kernel_tells_starts() - does kernel_define_start() add anything? */
bool kernel_tells_starts(const struct kernel *kernel);

/**
 * kernel_define_births() - BIRTH_TRACEPOINT: have the program see births at the classic tracepoint
 *
 * Return: 0; -ENOTSUP if the raw tracepoint misses none on this kernel, or if the classic one is
 * not there.
 */
int kernel_define_births(const struct kernel *kernel, struct program_text *source,
			 struct error *err);

/**
 * kernel_define_number() - add struct syscall_regs with the number of a system call
 *
 * Enough for a hook that has the registers as an argument. Takes no BTF.
 *
 * Return: 0; where there is BTF, as kernel_define_members().
 */
int kernel_define_number(const struct kernel *kernel, struct program_text *source,
			 struct error *err);

/**
 * kernel_define_regs() - kernel_define_number(), and HAVE_TASK_PT_REGS or STACK_REGS, which say how
 * to find the registers of a task
 *
 * Return: as kernel_define_members().
 */
int kernel_define_regs(const struct kernel *kernel, struct program_text *source, struct error *err);

/**
 * kernel_check_text() - can programs read text into their buffers (Linux 4.11)?
 * @err: filled when they cannot
 *
 * Return: 0 or -ENOTSUP.
 */
int kernel_check_text(const struct kernel *kernel, struct error *err);

/**
 * kernel_check_loops() - may programs have loops (Linux 5.3)? The walks along paths have some.
 * @err: filled when they may not
 *
 * Return: 0 or -ENOTSUP.
 */
int kernel_check_loops(const struct kernel *kernel, struct error *err);

/**
 * kernel_define_arguments() - add the arguments of a call to struct syscall_regs: arg1 to arg6, and
 * compat1 to compat6 for a 32-bit call
 *
 * Return: as kernel_define_number().
 */
int kernel_define_arguments(const struct kernel *kernel, struct program_text *source,
			    struct error *err);

/**
 * kernel_define_compat() - COMPAT: have the program tell 32-bit calls of the running task
 *
 * Return: 1: this kernel has such calls, and the program can tell them; 0: it has none; -ENOTSUP:
 * the program would take them for native calls.
 */
int kernel_define_compat(const struct kernel *kernel, struct program_text *source,
			 struct error *err);

/**
 * kernel_define_field() - add a field of a classic tracepoint's record to the program's structures
 * @event: "sched/sched_process_exec"
 * @field: structure and type in the program, and the name in the tracepoint's format file
 *
 * Return: 0; -ENOTSUP if tracefs is not mounted or has no such field.
 */
int kernel_define_field(const struct kernel *kernel, struct program_text *source, const char *event,
			const struct kernel_member *field, struct error *err);

/** kernel_define_errnos() - define FILTER_ERRNO(e), true for @errnos; nothing if the set is empty.
 */
void kernel_define_errnos(struct program_text *source, const struct errno_set *errnos);

/**
 * kernel_define_slots() - define a list of `case N:` for system calls
 * @define: the define's name
 * @names:  of the calls: "execve,execveat"
 *
 * N are the calls' slots (syscall_names.h), one for each ABI.
 */
void kernel_define_slots(struct program_text *source, const char *define, const char *names);

#endif
