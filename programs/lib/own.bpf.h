/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tool's own processes: what they do does not count. See src/trace/own_tasks.h.
 *
 * They are known by the ids of the initial PID namespace, wherever the tool runs: the kernel has
 * these at hand, and to find another namespace's id costs more than to count a call.
 */
#ifdef OWN_TASK
#define OWN_TASKS 1
#else
#define OWN_TASKS 0
#endif

#if OWN_TASKS
/* Is the running task one of them? One comparison tells nearly everybody else. */
static inline int own_process(void)
{
	u64 tgid = bpf_get_current_pid_tgid() >> 32;

	return tgid - OWN_LOWEST < OWN_SPAN && OWN_TASK(tgid);
}
#endif
