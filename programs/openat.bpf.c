/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Count openat(2) per process, and how many fail.
 *
 * There are several places to see a call, and the tool picks one (and says which):
 *
 *   kprobe and kretprobe on the syscall's entry symbols: the call as it comes, and its result. A kretprobe
 *     has a bounded number of slots for calls that have not returned, so opens are counted at the entry,
 *     and what was entered but not seen to return is counted too.
 *   sys_exit: every call of the machine passes, and the number tells which are openat.
 *   syscalls:sys_exit_openat: the classic tracepoint; it does not see 32-bit calls.
 *
 * The counts are in a hash table inside a one-element array of tables. To read an interval the tool puts
 * an empty table in its place; when that system call returns, no program uses the old one any more, so
 * it can be read at leisure and nothing is lost between reading and clearing.
 */
#include <linux/ptrace.h>

#include "filter.bpf.h"
#include "openat.h"
#include "task.bpf.h"

BPF_TABLE("hash", struct openat_key, struct openat_value, table, TABLE_MAX);
BPF_ARRAY_OF_MAPS(tables, "table", 1);

#define MAX_ERRNO 4095

/* The table to count in; none before all hooks are attached and after the last reading has begun. */
static inline void *current_table(void)
{
	int first = 0;

	return tables.lookup(&first);
}

/* Add to the running process's row; the first to come makes it. */
static inline void count(void *rows, u64 opens, u64 failed)
{
	struct openat_key key = { .pid = current_ids() >> 32 };
	struct openat_value first = { .opens = opens, .failed = failed };
	struct openat_value *value;

	value = bpf_map_lookup_elem(rows, &key);
	if (!value) {
		bpf_get_current_comm(first.comm, sizeof(first.comm));
		if (!bpf_map_update_elem(rows, &key, &first, BPF_NOEXIST))
			return;
		/* No room, or another thread of the process was quicker. */
		value = bpf_map_lookup_elem(rows, &key);
		if (!value) {
			drop_count(DROP_MAP_FULL);
			return;
		}
	}
	if (opens)
		__sync_fetch_and_add(&value->opens, opens);
	if (failed)
		__sync_fetch_and_add(&value->failed, failed);
}

static inline int failed(s64 result)
{
	return (u64)result >= (u64)-MAX_ERRNO;
}

/* Where one hook sees the whole call. */
static inline int called(s64 result)
{
	void *rows = current_table();

	if (rows && filter_passes())
		count(rows, 1, failed(result));
	return 0;
}

#ifdef HOOK_KPROBE
static inline int entered(void)
{
	void *rows = current_table();

	if (rows && filter_passes()) {
		count(rows, 1, 0);
		drop_count(DROP_ENTERED);
	}
	return 0;
}

static inline int returned(struct pt_regs *regs)
{
	void *rows = current_table();

	if (rows && filter_passes()) {
		drop_count(DROP_RETURNED);
		if (failed((s32)PT_REGS_RC(regs)))
			count(rows, 0, 1);
	}
	return 0;
}

int kprobe__openat(struct pt_regs *regs)
{
	return entered();
}

int kretprobe__openat(struct pt_regs *regs)
{
	return returned(regs);
}

#ifdef COMPAT
int kprobe__openat_compat(struct pt_regs *regs)
{
	return entered();
}

int kretprobe__openat_compat(struct pt_regs *regs)
{
	return returned(regs);
}
#endif
#endif

#ifdef HOOK_SYS_EXIT
static inline int is_openat(s32 number)
{
#ifdef COMPAT
	if (number == OPENAT_COMPAT)
		return (CURRENT_U32(CURRENT_TASK(), TASK_COMPAT_STATUS) & TS_COMPAT) != 0;
	if (number == OPENAT)
		return !(CURRENT_U32(CURRENT_TASK(), TASK_COMPAT_STATUS) & TS_COMPAT);
	return 0;
#else
	return number == OPENAT;
#endif
}

int raw_tracepoint__sys_exit(struct bpf_raw_tracepoint_args *ctx)
{
	if (!is_openat(CALL_NUMBER(ctx->args[0])))
		return 0;
	return called(ctx->args[1]);
}
#endif

#ifdef HOOK_TRACEPOINT
/* syscalls:sys_exit_openat; the kernel fires it for native calls only. */
struct sys_exit_openat_args {
	char before_ret[SYS_EXIT_OPENAT_RET];
	s64 ret;
};

int tracepoint__sys_exit_openat(struct sys_exit_openat_args *args)
{
	return called(args->ret);
}
#endif
