/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When each thread's current system call began. An entry stays while its thread lives and is written in place,
 * which costs a third of inserting and deleting one with each call. It leaves with the thread, and moves with it
 * when a thread that is not the leader executes a program and takes the leader's id.
 */
#include "lib/call_in_flight.h"

#ifdef KEEP_ARGS
typedef struct started_args call_start;
#define CALL_START(s) (&(s)->started)
#else
typedef struct started call_start;
#define CALL_START(s) (s)
#endif

BPF_F_TABLE("hash", u32, call_start, started, STARTED_MAX, STARTED_FLAGS);

/* Return: the entry, to put arguments into, or NULL when there is no room. */
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

/* Return: when the call that returns now began; 0 when that was not seen. */
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
 * The slot of a call that returns, better than the registers know it: of a program that has been executed the kernel
 * makes them say execve, in that program's ABI, whichever call it was.
 */
static inline int started_slot(int slot, s64 result)
{
	call_start *start;

	if (result || !is_execve(slot))
		return slot;
	start = started_get();
	return start && CALL_START(start)->time_ns ? CALL_START(start)->call : slot;
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
