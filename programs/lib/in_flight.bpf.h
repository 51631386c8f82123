/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When the call that a thread is in began. Two tables, for two kinds of tracing:
 *
 * `begun` (IN_FLIGHT_TIMES) is for calls that few threads make: an entry is made with each call and
 * deleted with its return. The return comes even when the thread is killed.
 *
 * `started` (IN_FLIGHT_ENTRIES) is for all system calls: an entry stays while its thread lives and
 * is written in place, which costs a third of inserting and deleting one with each call. It leaves
 * with the thread. It moves when a thread that is not the leader executes a program, since the
 * thread then takes the leader's id. Contract: the program supplies is_sigreturn().
 */
#include "lib/call_entry.h"
#include "lib/drops.bpf.h"
#include "lib/task.bpf.h"

#ifndef IN_FLIGHT_TIMES
#define IN_FLIGHT_TIMES 0
#endif
#ifndef IN_FLIGHT_ENTRIES
#define IN_FLIGHT_ENTRIES 0
#endif
/* 1: the entries hold the arguments, too. */
#ifndef IN_FLIGHT_ARGS
#define IN_FLIGHT_ARGS 0
#endif

/* A clock that has not moved on counts as 1: 0 says that a duration is not known. */
static inline u64 duration_since(u64 began_ns)
{
	return bpf_ktime_get_ns() - began_ns ?: 1;
}

#if IN_FLIGHT_TIMES
/* When the call of a thread began. */
BPF_TABLE("hash", u32, u64, begun, BEGUN_MAX);

static inline void in_flight_begin(void)
{
	u32 tid = bpf_get_current_pid_tgid();
	u64 now = bpf_ktime_get_ns();

	if (begun.update(&tid, &now))
		drop_count(DROP_UNTIMED);
}

/* Return: how long the call has lasted; 0: its beginning was not seen, or there was no room. */
static inline u64 in_flight_end(void)
{
	u32 tid = bpf_get_current_pid_tgid();
	u64 *began = begun.lookup(&tid), duration = 0;

	if (began) {
		duration = duration_since(*began);
		begun.delete(&tid);
	}
	return duration;
}
#endif

#if IN_FLIGHT_ENTRIES
typedef struct {
#if IN_FLIGHT_ARGS
	struct call_entry_args with_args;
#else
	struct call_entry started;
#endif
} call_start;

/* The entry comes first, with arguments and without. */
#define CALL_START(s) ((struct call_entry *)(s))

/* The call that each thread is in, or was in last. */
BPF_F_TABLE("hash", u32, call_start, started, STARTED_MAX, STARTED_FLAGS);

/* Return: the entry, to put arguments into; 0: there is no room. */
static inline call_start *started_begin(int call)
{
	u32 tid = bpf_get_current_pid_tgid();
	call_start *start = started.lookup(&tid);

	if (!start) {
		call_start fresh = {};
		u64 ids = current_ids();

		CALL_START(&fresh)->pid = ids >> 32;
		CALL_START(&fresh)->tid = ids;
		started.update(&tid, &fresh);
		start = started.lookup(&tid);
		if (!start) {
			drop_count(DROP_UNTIMED);
			return 0;
		}
	}
	CALL_START(start)->call = call;
	CALL_START(start)->flags = 0;
	CALL_START(start)->time_ns = bpf_ktime_get_ns();
	return start;
}

/* Return: when the call that returns now began; 0: that was not seen. */
static inline u64 started_end(call_start *start)
{
	u64 began = 0;

	if (!start)
		return 0;
	if (!(CALL_START(start)->flags & STARTED_BEFORE))
		began = CALL_START(start)->time_ns;
	CALL_START(start)->time_ns = 0;
	return began;
}

static inline call_start *started_get(void)
{
	u32 tid = bpf_get_current_pid_tgid();

	return started.lookup(&tid);
}

/*
 * The slot of a call that returns. Its entry knows it better than the registers do: once a program
 * has been executed, the kernel makes them say execve in that program's ABI, whichever call it was,
 * and who traces the process with ptrace(2) can put any number there.
 */
static inline int started_slot(call_start *start, int slot)
{
	if (!start || !CALL_START(start)->time_ns)
		return slot;
	if ((u32)slot % ABI_CALLS == SYSCALL_NONE && is_sigreturn(CALL_START(start)->call))
		return slot;
	return CALL_START(start)->call;
}

/* The running thread ends. */
static inline void started_forget(void)
{
	u32 tid = bpf_get_current_pid_tgid();

	started.delete(&tid);
}

/* The running thread had another id before it executed a program. */
static inline void started_move(u32 old_tid)
{
	u32 tid = bpf_get_current_pid_tgid();
	call_start *start;

	if (tid == old_tid)
		return;
	start = started.lookup(&old_tid);
	if (start) {
		call_start copy = *start;

		CALL_START(&copy)->tid = current_ids();
		started.update(&tid, &copy);
		started.delete(&old_tid);
	}
}
#endif
