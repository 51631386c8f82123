/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The places where an open can be seen. Which one this run uses is the plan's choice:
 *
 *   HOOK_FEXIT         trampolines at the calls' own functions: the return, and with NEED_TIME the entry
 *   HOOK_KPROBE        kretprobes on them, with NEED_TIME or COUNT_ENTERED kprobes too; with ENTRY_ONLY nothing but kprobes
 *   HOOK_SYS_EXIT      raw tracepoints, which every system call passes
 *   HOOK_RAW_SYSCALLS  the classic tracepoints of the same
 *   HOOK_TRACEPOINT    the classic tracepoints of each call, which 32-bit calls do not pass
 *
 * With REGS_OF_TASK a trampoline does not take the registers it is given: the kernel's BTF can lack their type there.
 *
 * One function serves the entry, or the return, of all calls: the registers have the call's number.
 *
 * The program that includes this says what becomes of an open: opened(), is_counting(), and with ENTRY_ONLY begun_one().
 * A slot is only looked for where it makes a difference: see slot_of().
 */
#ifdef NEED_TIME
/* When the open began that a thread is in. It is gone with its return, which comes even when the thread is killed. */
BPF_TABLE("hash", u32, u64, begun, BEGUN_MAX);

static inline void begin(void)
{
	u32 tid = bpf_get_current_pid_tgid();
	u64 now = bpf_ktime_get_ns();

	if (begun.update(&tid, &now))
		drop_count(DROP_UNTIMED);
}

/* Return: how long it has lasted; 0: that was not seen, or there was no room. */
static inline u64 duration_of(void)
{
	u32 tid = bpf_get_current_pid_tgid();
	u64 *began = begun.lookup(&tid), duration = 0;

	if (began) {
		duration = bpf_ktime_get_ns() - *began ?: 1;
		begun.delete(&tid);
	}
	return duration;
}
#else
#define duration_of() 0
#endif

static inline int entered(int slot)
{
	if (!filter_passes() || !is_counting())
		return 0;
#ifdef ENTRY_ONLY
	begun_one(slot);
#endif
#ifdef COUNT_ENTERED
	drop_count(DROP_ENTERED);
#endif
#ifdef NEED_TIME
	begin();
#endif
	return 0;
}

/* What is known of a call without its path decides first. @which: a buffer for it. */
static inline void decide(void *ctx, struct open_call *call, u64 duration_ns, int which)
{
	struct open_buffer *buffer = 0;

	if (!flags_are_wanted(call->flags))
		return;
#ifdef NEED_PATH
	buffer = open_buffers.lookup(&which);
	if (!buffer)
		return;
	call_put(buffer, call, duration_ns);
	if (which == BUFFER_CALLS) {
		text_read_user(buffer, call->path);
#ifdef FULL_PATH
		add_dir(buffer, buffer->event.dirfd, call->path ? -1 : buffer->event.ret);
#endif
	}
#ifdef PATH_GLOB
	if ((!buffer->event.text.path_size && call->path && error_of(buffer->event.ret) != EFAULT_) ||
	    (buffer->event.text.marks & OPEN_PATH_CUT)) {
		drop_count(DROP_UNREAD);
		return;
	}
#endif
	if (!path_matches(buffer))
		return;
	call_take(buffer, call);
	duration_ns = buffer->event.duration_ns;
#endif
	opened(ctx, call, buffer, duration_ns, which);
}

static inline int returned(void *ctx, u64 regs, int slot, s64 result)
{
	struct open_call call = { .regs = regs, .ret = result, .slot = slot };
	u64 duration_ns = duration_of();

	if (!filter_passes() || !is_counting())
		return 0;
#ifdef COUNT_ENTERED
	drop_count(DROP_RETURNED);
#endif
	if (!result_is_wanted(error_of(result)))
		return 0;
#ifdef NEED_ARGS
	describe(&call);
#endif
	decide(ctx, &call, duration_ns, BUFFER_CALLS);
	return 0;
}

/* The registers a task entered the kernel with lie at the very top of its kernel stack. */
static inline u64 current_regs(void)
{
#if !defined(NEED_CALL) && !defined(NEED_ARGS)
	return 0;
#elif defined(HAVE_TASK_PT_REGS)
	return bpf_task_pt_regs((void *)CURRENT_TASK());
#else
	return PROBE_READ_(u64, bpf_get_current_task(), TASK_STACK) + STACK_REGS;
#endif
}

/* Of a call whose function is known to be one of those that open. */
static inline int slot_of(u64 regs)
{
#ifdef NEED_CALL
	return open_slot((s32)REG_U64(regs, REGS_SYSCALL));
#else
	return 0;
#endif
}

/* At the entry only counting by call takes it. */
#ifdef ENTRY_ONLY
#define slot_entered(regs) slot_of(regs)
#else
#define slot_entered(regs) 0
#endif

#ifdef HOOK_FEXIT
int fexit__open(u64 *ctx)
{
#ifdef REGS_OF_TASK
	u64 regs = current_regs();
#else
	u64 regs = ctx[0];
#endif

	return returned(ctx, regs, slot_of(regs), ctx[1]);
}

int fentry__open(u64 *ctx)
{
	return entered(slot_entered(ctx[0]));
}
#endif

#ifdef HOOK_KPROBE
int kprobe__open(struct pt_regs *ctx)
{
	return entered(slot_entered(current_regs()));
}

int kretprobe__open(struct pt_regs *ctx)
{
	u64 regs = current_regs();

	return returned(ctx, regs, slot_of(regs), (s32)PT_REGS_RC(ctx));
}
#endif

#ifdef HOOK_SYS_EXIT
int raw_tracepoint__sys_exit(struct bpf_raw_tracepoint_args *ctx)
{
	u64 regs = ctx->args[0];
	s32 number = CALL_NUMBER(regs);
	int slot;

	if (!may_open(number))
		return 0;
	slot = open_slot(number);
	return slot < 0 ? 0 : returned(ctx, regs, slot, ctx->args[1]);
}

int raw_tracepoint__sys_enter(struct bpf_raw_tracepoint_args *ctx)
{
	s32 number = CALL_NUMBER(ctx->args[0]);
	int slot;

	if (!may_open(number))
		return 0;
	slot = open_slot(number);
	return slot < 0 ? 0 : entered(slot);
}
#endif

#ifdef HOOK_RAW_SYSCALLS
int tracepoint__sys_exit(void *ctx)
{
	s32 number = LOAD_U32(ctx, SYS_EXIT_ID);
	int slot;

	if (!may_open(number))
		return 0;
	slot = open_slot(number);
	return slot < 0 ? 0 : returned(ctx, current_regs(), slot, LOAD_U64(ctx, SYS_EXIT_RET));
}

int tracepoint__sys_enter(void *ctx)
{
	s32 number = LOAD_U32(ctx, SYS_ENTER_ID);
	int slot;

	if (!may_open(number))
		return 0;
	slot = open_slot(number);
	return slot < 0 ? 0 : entered(slot);
}
#endif

#ifdef HOOK_TRACEPOINT
int tracepoint__exit_open(void *ctx)
{
	return returned(ctx, current_regs(), LOAD_U32(ctx, SYS_EXIT_NR), LOAD_U64(ctx, SYS_EXIT_RET));
}

int tracepoint__enter_open(void *ctx)
{
	return entered(LOAD_U32(ctx, SYS_EXIT_NR));
}
#endif
