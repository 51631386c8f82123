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

/* A live view has a process that starts others. */
#ifndef OWN_FAMILY
#define OWN_FAMILY 0
#endif

#if OWN_FAMILY
/*
 * All processes that come from the tool's own, and for nearly everybody else a quick answer: a byte
 * for each remainder of an id. A byte stays set when the process has ended.
 */
struct own_marks {
	u8 bytes[4096];
};
BPF_ARRAY(own_marks, struct own_marks, 1);
/* The maker's id of each. */
BPF_HASH(own_family, u32, u32, 1024);

static inline u8 *own_mark(u32 tgid)
{
	int zero = 0;
	struct own_marks *marks = own_marks.lookup(&zero);

	return marks ? &marks->bytes[tgid & 4095] : 0;
}

static inline int own_relative(u32 tgid)
{
	u8 *mark = own_mark(tgid);

	return mark && *mark && own_family.lookup(&tgid);
}
#else
#define own_relative(tgid) 0
#endif

#if OWN_TASKS
static inline int own_id(u64 tgid)
{
	return tgid - OWN_LOWEST < OWN_SPAN && OWN_TASK(tgid);
}

/* Is the running task one of them? One comparison tells nearly everybody else. */
static inline int own_process(void)
{
	u64 tgid = bpf_get_current_pid_tgid() >> 32;

	return own_id(tgid) || own_relative(tgid);
}
#endif

#if OWN_FAMILY
/* Runs in the parent, before the child can run. */
int raw_tracepoint__own_born(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *child = (struct task_struct *)ctx->args[0];
	u32 tgid = READ(child, tgid);
	u8 *mark = own_mark(tgid);
	u32 one = 1;

	if (!mark || (ctx->args[1] & CLONE_THREAD_))
		return 0;
	if (own_process()) {
		own_family.update(&tgid, &one);
		*mark = 1;
	} else if (*mark) {
		/* An earlier process had this id. */
		own_family.delete(&tgid);
	}
	return 0;
}

/* Not at its exit: what it does until then is its own. */
int raw_tracepoint__own_freed(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx->args[0];
	u32 tgid = READ(task, tgid);
	u8 *mark = own_mark(tgid);

	if (mark && *mark && READ(task, pid) == tgid)
		own_family.delete(&tgid);
	return 0;
}
#endif
