/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which tasks count: filter_passes() asks what the command line asked for.
 *
 * The tool defines only the filters that are in use. A list of ids is an expression that compares
 * an id with each, since the verifier rejects a constant table that is indexed at run time.
 */
#include "lib/follow.bpf.h"

/* Is it one of these processes, threads, parents, users, effective users? */
#ifdef FILTER_PID
#define FILTER_PIDS 1
#else
#define FILTER_PIDS 0
#define FILTER_PID(id) 1
#endif
#ifdef FILTER_TID
#define FILTER_TIDS 1
#else
#define FILTER_TIDS 0
#define FILTER_TID(id) 1
#endif
#ifdef FILTER_PPID
#define FILTER_PPIDS 1
#else
#define FILTER_PPIDS 0
#define FILTER_PPID(id) 1
#endif
#ifdef FILTER_UID
#define FILTER_UIDS 1
#else
#define FILTER_UIDS 0
#define FILTER_UID(id) 1
#endif
#ifdef FILTER_EUID
#define FILTER_EUIDS 1
#else
#define FILTER_EUIDS 0
#define FILTER_EUID(id) 1
#endif
/* Is it one of these processes, threads, parents that are left out? */
#ifdef FILTER_BUT_PID
#define FILTER_BUT_PIDS 1
#else
#define FILTER_BUT_PIDS 0
#define FILTER_BUT_PID(id) 0
#endif
#ifdef FILTER_BUT_TID
#define FILTER_BUT_TIDS 1
#else
#define FILTER_BUT_TIDS 0
#define FILTER_BUT_TID(id) 0
#endif
#ifdef FILTER_BUT_PPID
#define FILTER_BUT_PPIDS 1
#else
#define FILTER_BUT_PPIDS 0
#define FILTER_BUT_PPID(id) 0
#endif
/* 1: the processes that are followed are left out. */
#ifndef FOLLOW_LEFT_OUT
#define FOLLOW_LEFT_OUT 0
#endif
/*
 * An id means the task that had it when the run was planned, at FILTER_BEGAN (CLOCK_MONOTONIC). A
 * task that began later has the id of one that has ended.
 */
#ifdef FILTER_BEGAN
#define FILTERS_LATER 1
#else
#define FILTERS_LATER 0
#define FILTER_BEGAN 0
#endif
/* Does its name match the pattern? */
#ifdef FILTER_NAME
#define FILTER_NAMES 1
#else
#define FILTER_NAMES 0
#endif
/* Is it in the cgroup, the first one of the map? In one of so many others that are left out? */
#ifndef FILTER_CGROUP
#define FILTER_CGROUP 0
#endif
#ifndef FILTER_BUT_CGROUPS
#define FILTER_BUT_CGROUPS 0
#endif

/* 0: every task counts, so that filter_passes() need not be asked. */
#define FILTERS_TASKS                                                                              \
	(FILTER_PIDS || FILTER_TIDS || FOLLOW || FILTER_UIDS || FILTER_EUIDS || FILTER_PPIDS ||    \
	 FILTER_BUT_PIDS || FILTER_BUT_TIDS || FILTER_BUT_PPIDS || FILTER_CGROUP ||                \
	 FILTER_BUT_CGROUPS || FILTER_NAMES || OWN_TASKS)

/*
 * A constant that is not known when the program is compiled: the loader puts value number n into
 * the instruction. So a compiled program in the cache serves for all process ids.
 */
#define PARAMETER(n)                                                                               \
	({                                                                                         \
		u64 value_;                                                                        \
		asm("%0 = %1 ll" : "=r"(value_) : "i"(PARAMETER_MARK + (n)));                      \
		value_;                                                                            \
	})

#include "lib/own.bpf.h"

#if FILTER_CGROUP || FILTER_BUT_CGROUPS
/* The cgroups of the filter, which the tool puts here. */
BPF_CGROUP_ARRAY(filter_cgroup, FILTER_CGROUP + FILTER_BUT_CGROUPS);
#endif

#if FILTER_BUT_CGROUPS
static inline int in_cgroup_left_out(void)
{
#pragma unroll
	for (int i = 0; i < FILTER_BUT_CGROUPS; i++)
		if (filter_cgroup.check_current_task(FILTER_CGROUP + i) == 1)
			return 1;
	return 0;
}
#endif

#if FILTER_NAMES
/* 1 or 0, as c == b and c >= low && c <= high, without a branch. */
#define NAME_BYTE(c, b) ((((c) ^ (b)) - 1) >> 63)
#define NAME_RANGE(c, low, high) (((((c) - (low)) | ((high) - (c))) >> 63) ^ 1)

/*
 * Match the running task's name with a glob. Bit i of `state` says that the bytes so far match the
 * first i elements of the pattern. FILTER_NAME(c) is the set of elements that accept the byte c,
 * FILTER_NAME_STARS the states in front of a `*`, which any byte leaves as they are, and
 * FILTER_NAME_END the state behind the last element. In plain C, for one state after the other:
 *
 *	for each byte c of the name:
 *		for each state i that is on:
 *			next[i + 1] |= element[i] accepts c;
 *			next[i]     |= element[i] is a star;
 *
 * The end of the name is the only branch, so the verifier walks the loop once.
 *
 * Several patterns share the states: each begins at a bit of FILTER_NAME_BEGIN, and those of names
 * that are left out end at bits of FILTER_NAME_BUT. FILTER_NAME_END is 0 when there are no others.
 */
static inline int name_matches(void)
{
	char comm[16];
	u64 state = FILTER_NAME_BEGIN;

	bpf_get_current_comm(comm, sizeof(comm));
#pragma unroll
	for (int i = 0; i < 16; i++) {
		u64 c = (u8)comm[i];

		if (!c)
			break;
		state = ((state & (FILTER_NAME(c))) << 1) | (state & FILTER_NAME_STARS);
	}
	if (FILTER_NAME_BUT && (state & FILTER_NAME_BUT))
		return 0;
	return !FILTER_NAME_END || (state & FILTER_NAME_END) != 0;
}
#endif

#define BEGAN_LATER(task) (READ_CURRENT(task, start_time) > FILTER_BEGAN)

/* Has the task another's id? Then it is not the one that is left out. */
static inline int process_is_later(void)
{
	if (FILTERS_LATER)
		return BEGAN_LATER(READ_CURRENT(CURRENT_TASK(), group_leader));
	return 0;
}

static inline int thread_is_later(void)
{
	if (FILTERS_LATER)
		return BEGAN_LATER(CURRENT_TASK());
	return 0;
}

static inline int parent_is_later(void)
{
	if (FILTERS_LATER)
		return BEGAN_LATER(
			READ_CURRENT(READ_CURRENT(CURRENT_TASK(), real_parent), group_leader));
	return 0;
}

static inline int ids_pass(u64 ids)
{
	if (FILTER_PIDS && !FILTER_PID((ids >> 32)))
		return 0;
	if (FILTER_PIDS && FILTERS_LATER && BEGAN_LATER(READ_CURRENT(CURRENT_TASK(), group_leader)))
		return 0;
	if (FILTER_TIDS && !FILTER_TID((u32)ids))
		return 0;
	if (FILTER_TIDS && FILTERS_LATER && BEGAN_LATER(CURRENT_TASK()))
		return 0;
	if (FILTER_BUT_PIDS && FILTER_BUT_PID((ids >> 32)) && !process_is_later())
		return 0;
	if (FILTER_BUT_TIDS && FILTER_BUT_TID((u32)ids) && !thread_is_later())
		return 0;
	if (FOLLOW && !FOLLOW_LEFT_OUT && !follow_has(ids >> 32))
		return 0;
	if (FOLLOW_LEFT_OUT && follow_has(ids >> 32))
		return 0;
	return 1;
}

static inline int user_passes(u64 uid)
{
	return FILTER_UID(uid);
}

static inline int effective_user_passes(u64 euid)
{
	return FILTER_EUID(euid);
}

static inline int parent_passes(u64 ppid)
{
	if (!FILTER_PPID(ppid))
		return 0;
	return !parent_is_later();
}

static inline int parent_is_left_out(u64 ppid)
{
	return FILTER_BUT_PPID(ppid) && !parent_is_later();
}

/* Is the running task one of those that were asked for? */
static inline int filter_passes(void)
{
	if ((FILTER_PIDS || FILTER_TIDS || FILTER_BUT_PIDS || FILTER_BUT_TIDS || FOLLOW) &&
	    !ids_pass(current_ids()))
		return 0;
	if (FILTER_UIDS && !user_passes((u32)bpf_get_current_uid_gid()))
		return 0;
	if (FILTER_EUIDS && !effective_user_passes(current_euid()))
		return 0;
	if (FILTER_PPIDS && !parent_passes(current_ppid()))
		return 0;
	if (FILTER_BUT_PPIDS && parent_is_left_out(current_ppid()))
		return 0;
	if (FILTER_CGROUP && filter_cgroup.check_current_task(0) != 1)
		return 0;
	if (FILTER_BUT_CGROUPS && in_cgroup_left_out())
		return 0;
	if (FILTER_NAMES && !name_matches())
		return 0;
	if (OWN_TASKS && own_process())
		return 0;
	return 1;
}
