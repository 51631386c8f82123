/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which tasks count. Each filter exists only when its define does; without any, filter_passes() is
 * nothing at all. A list of ids is an expression that compares with each.
 *
 *   FILTER_PID(id), FILTER_TID(id), FILTER_PPID(id), FILTER_UID(id)   is it one of these?
 *   FILTER_NAME(c), FILTER_NAME_STARS, FILTER_NAME_END   a glob, see name_matches()
 *   FILTER_CGROUP                                     a cgroup, in the map filter_cgroup
 *   FOLLOW                                            processes in the map followed, see follow.bpf.h
 */
#include "lib/follow.bpf.h"

/*
 * A constant that is not known when the program is compiled: the loader puts value number n into the
 * instruction. So one compiled program serves for all process ids, and compares with a constant still.
 */
#define PARAMETER(n)                                                                               \
	({                                                                                         \
		u64 value_;                                                                        \
		asm("%0 = %1 ll" : "=r"(value_) : "i"(PARAMETER_MARK + (n)));                      \
		value_;                                                                            \
	})

#ifdef FILTER_CGROUP
BPF_CGROUP_ARRAY(filter_cgroup, 1);
#endif

#ifdef FILTER_NAME
/* 1 when the byte is this one, or in this range; without a branch. */
#define NAME_BYTE(c, b) ((((c) ^ (b)) - 1) >> 63)
#define NAME_RANGE(c, low, high) (((((c) - (low)) | ((high) - (c))) >> 63) ^ 1)

/*
 * Match the running task's comm with a glob, all positions of the pattern at once: bit i of `state` says
 * that the bytes so far match the pattern's first i elements. FILTER_NAME(c) is the set of elements that
 * accept the byte c; FILTER_NAME_STARS the states with a `*`, which stay as they are on any byte;
 * FILTER_NAME_END the state after the last element. There is no branch in it but the end of the name, so the
 * verifier walks it once.
 */
static inline int name_matches(void)
{
	char comm[16];
	u64 state = 1;

	bpf_get_current_comm(comm, sizeof(comm));
#pragma unroll
	for (int i = 0; i < 16; i++) {
		u64 c = (u8)comm[i];

		if (!c)
			break;
		state = ((state & (FILTER_NAME(c))) << 1) | (state & FILTER_NAME_STARS);
	}
	return (state & FILTER_NAME_END) != 0;
}
#endif

/* Is the running task one of those asked for? */
static inline int filter_passes(void)
{
#if defined(FILTER_PID) || defined(FILTER_TID) || defined(FOLLOW)
	u64 id = current_ids();
#endif
#ifdef FILTER_PID
	if (!FILTER_PID((id >> 32)))
		return 0;
#endif
#ifdef FILTER_TID
	if (!FILTER_TID((u32)id))
		return 0;
#endif
#ifdef FOLLOW
	if (!follow_has(id >> 32))
		return 0;
#endif
#ifdef FILTER_UID
	u64 uid = (u32)bpf_get_current_uid_gid();

	if (!FILTER_UID(uid))
		return 0;
#endif
#ifdef FILTER_PPID
#ifdef PIDNS
	u64 ppid = task_tgid(PROBE_READ_(u64, bpf_get_current_task(), TASK_REAL_PARENT));
#else
	u64 ppid = CURRENT_U32(CURRENT_U64(CURRENT_TASK(), TASK_REAL_PARENT), TASK_TGID);
#endif

	if (!FILTER_PPID(ppid))
		return 0;
#endif
#ifdef FILTER_CGROUP
	if (filter_cgroup.check_current_task(0) != 1)
		return 0;
#endif
#ifdef FILTER_NAME
	if (!name_matches())
		return 0;
#endif
	return 1;
}
