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

/* What x86 keeps in thread_info.status while a task is in a 32-bit call. */
#define TS_COMPAT 0x0002
