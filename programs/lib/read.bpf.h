/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Read members of the kernel's structures without the kernel's headers.
 *
 * In front of the program stand structures with the members that it reads, each at the offset that
 * the running kernel gives it. Where the verifier knows the type of a pointer (arguments of a hook
 * that BTF types), a member is one load: READ(task, pid). Elsewhere the kernel copies the member:
 * READ_COPY(task, pid). A member of the context, such as a classic tracepoint's record, is one load
 * on every kernel: READ_RECORD(ctx, id).
 *
 * BCC rewrites `task->pid` in a program, inside of typeof() too, but not `nowhere_->pid`.
 */

/* 1: before Linux 5.5 one helper reads both the kernel's memory and that of programs. */
#ifndef PROBE_READ_ANY
#define PROBE_READ_ANY 0
#endif
#if PROBE_READ_ANY
#define bpf_probe_read_kernel bpf_probe_read
#define bpf_probe_read_user bpf_probe_read
#define bpf_probe_read_kernel_str bpf_probe_read_str
#define bpf_probe_read_user_str bpf_probe_read_str
#endif

/*
 * Bytes of a string and its NUL, from what bpf_probe_read_user_str() returned. Before Linux 6.2 it
 * returns 0 for an empty string. It has written the NUL then.
 */
static inline s64 string_size(s64 returned)
{
	return returned ?: 1;
}

#define OFFSET_(nowhere, member) __builtin_offsetof(typeof(*(nowhere)), member)

/* 1: the kernel has no BTF, so arguments of hooks are plain numbers for the verifier. */
#ifndef UNTYPED
#define UNTYPED 0
#endif

/* Assembly, or clang may add the offset to the pointer first, which not all pointers allow. */
#define READ_RECORD(pointer, member)                                                               \
	({                                                                                         \
		typeof(pointer) pointer_ = (pointer), nowhere_ = 0;                                \
		u64 value_;                                                                        \
		asm("%0 = *(u%3 *)(%1 + %2)"                                                       \
		    : "=r"(value_)                                                                 \
		    : "r"(pointer_), "i"(OFFSET_(nowhere_, member)),                               \
		      "i"(8 * sizeof(nowhere_->member)));                                          \
		(typeof(nowhere_->member))value_;                                                  \
	})

/* The value is 0 when the kernel cannot read there. */
#define READ_COPY(pointer, member)                                                                 \
	({                                                                                         \
		typeof(pointer) nowhere_ = 0;                                                      \
		typeof(nowhere_->member) value_ = 0;                                               \
		bpf_probe_read_kernel(&value_, sizeof(value_), ADDRESS(pointer, member));          \
		value_;                                                                            \
	})

#if UNTYPED
#define READ(pointer, member) READ_COPY(pointer, member)
#else
#define READ(pointer, member) READ_RECORD(pointer, member)
#endif

#define ADDRESS(pointer, member)                                                                   \
	({                                                                                         \
		typeof(pointer) address_ = (pointer), nowhere_ = 0;                                \
		(void *)((u64)address_ + OFFSET_(nowhere_, member));                               \
	})

/* 1: the kernel has bpf_get_current_task_btf() (5.11+), so the verifier knows the task's type. */
#ifndef CURRENT_TASK_BTF
#define CURRENT_TASK_BTF 0
#endif

/* The running task, and a member of what is reached from it. */
#if CURRENT_TASK_BTF
#define CURRENT_TASK() ((struct task_struct *)bpf_get_current_task_btf())
#define READ_CURRENT(pointer, member) READ(pointer, member)
#else
#define CURRENT_TASK() ((struct task_struct *)bpf_get_current_task())
#define READ_CURRENT(pointer, member) READ_COPY(pointer, member)
#endif
