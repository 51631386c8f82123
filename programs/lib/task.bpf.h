/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading the kernel's task_struct without its headers: the tool finds each field's offset in the running
 * kernel's BTF and passes it as TASK_TGID and the like.
 *
 * There are two ways to read. Where the verifier knows a pointer's type (arguments of a BTF-typed hook,
 * and bpf_get_current_task_btf() since 5.11) a field is one load instruction: LOAD_*. Elsewhere it takes
 * a call to bpf_probe_read_kernel(). The loads are written in assembly, as the offset is not known to C.
 */
#define LOAD_(width, base, offset)                                                                 \
	({                                                                                         \
		u64 value_;                                                                        \
		asm("%0 = *(" width " *)(%1 + %2)" : "=r"(value_) : "r"(base), "i"(offset));       \
		value_;                                                                            \
	})
#define LOAD_U64(base, offset) LOAD_("u64", base, offset)
#define LOAD_U32(base, offset) ((u32)LOAD_("u32", base, offset))

#define PROBE_READ_(type, base, offset)                                                            \
	({                                                                                         \
		type value_ = 0;                                                                   \
		bpf_probe_read_kernel(&value_, sizeof(value_), (void *)((base) + (offset)));       \
		value_;                                                                            \
	})

/* The running task, and a field of something reached from it. */
#ifdef CURRENT_TASK_BTF
#define CURRENT_TASK() ((u64)bpf_get_current_task_btf())
#define CURRENT_U64(base, offset) LOAD_U64(base, offset)
#define CURRENT_U32(base, offset) LOAD_U32(base, offset)
#else
#define CURRENT_TASK() bpf_get_current_task()
#define CURRENT_U64(base, offset) PROBE_READ_(u64, base, offset)
#define CURRENT_U32(base, offset) PROBE_READ_(u32, base, offset)
#endif

/*
 * The number of a system call, as the kernel takes it: since 5.13 an x86-64 kernel looks at the low 32 bits of the
 * register only, so looking at more would let a call hide behind the high ones.
 */
#define CALL_NUMBER(regs) ((s32)LOAD_U32(regs, REGS_SYSCALL))

/* What x86 keeps in thread_info.status while a task is in a 32-bit call. */
#define TS_COMPAT 0x0002

/*
 * Process ids. The kernel's own are those of the initial PID namespace. When the tool runs in another one,
 * PIDNS is that namespace's inode number, and ids are the ones that namespace knows; 0 for a task it cannot
 * see. Each task has a struct pid for itself and its signal_struct one for the process; a struct pid has a
 * number for every namespace from the initial one down.
 */
#ifdef PIDNS
#define PIDNS_DEPTH 32 /* the kernel's MAX_PID_NS_LEVEL */
#define UPID_SIZE 16
#define UPID_NS 8
#define PIDTYPE_TGID_POINTER (SIGNAL_PIDS + 8)

static inline u32 pid_number(u64 pid)
{
	u32 level = PROBE_READ_(u32, pid, PID_LEVEL);

	for (u32 i = 0; i < PIDNS_DEPTH; i++) {
		u64 upid = pid + PID_NUMBERS + i * UPID_SIZE;

		if (i > level)
			break;
		if (PROBE_READ_(u32, PROBE_READ_(u64, upid, UPID_NS), NS_INUM) == PIDNS)
			return PROBE_READ_(u32, upid, 0);
	}
	return 0;
}

static inline u32 task_tid(u64 task)
{
	return pid_number(PROBE_READ_(u64, task, TASK_THREAD_PID));
}

static inline u32 task_tgid(u64 task)
{
	return pid_number(PROBE_READ_(u64, PROBE_READ_(u64, task, TASK_SIGNAL), PIDTYPE_TGID_POINTER));
}

/* As bpf_get_current_pid_tgid(): the process above, the thread below. */
static inline u64 current_ids(void)
{
	u64 task = bpf_get_current_task();

	return (u64)task_tgid(task) << 32 | task_tid(task);
}
#else
#define task_tid(task) LOAD_U32(task, TASK_PID)
#define task_tgid(task) LOAD_U32(task, TASK_TGID)
#define current_ids() bpf_get_current_pid_tgid()
#endif
