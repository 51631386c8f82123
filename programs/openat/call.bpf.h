/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An open, at its return: which call it was, what it asked for, and whether that counts.
 *
 *   OPEN_ALL             all calls that open, not only openat
 *   NEED_CALL            something wants to know which call it was
 *   NEED_ARGS            ... or what it asked for
 *   FILTER_FLAGS(f)      only opens that were for that
 *   COMPAT               the kernel answers 32-bit calls too
 *   OPEN_CASES, OPEN_CASES_COMPAT, OPEN_CASES_ANY    `case N:` for the numbers of the calls that count
 *   OPENAT_SLOTS, OPENAT2_SLOTS ...                   the same for slots
 *
 * What a call asked for is read at its return, out of the registers it came with: they stay as they are while it lasts.
 */
#include "lib/filter.bpf.h"
#include "openat/records.h"
#include "lib/result.bpf.h"
#include "lib/task.bpf.h"

#define EFAULT_ 14
#define AT_FDCWD_ -100
/* creat(2) is open with these: O_CREAT, O_WRONLY, O_TRUNC. */
#define CREAT_FLAGS 01101

/*
 * An open that has returned
 * @regs:  the registers the call came with, see REG_U64
 * @path:  where its text is, in the program's memory; 0: it has none. Of a request to an io_uring: not 0
 * @again: it was told of when it was asked for, and has failed since
 */
struct open_call {
	u64 regs;
	s64 ret;
	u64 flags;
	u64 path;
	s32 dirfd;
	u32 mode;
	int slot;
	u16 again;
};

/* Registers: where the verifier knows their type they are read in place. */
#ifdef REGS_TYPED
#define REG_U64(regs, at) LOAD_U64(regs, at)
#else
#define REG_U64(regs, at) PROBE_READ_(u64, regs, at)
#endif

static inline int flags_are_wanted(u64 flags)
{
#ifdef FILTER_FLAGS
	return FILTER_FLAGS(flags);
#else
	return 1;
#endif
}

#ifdef COMPAT
static inline int is_compat(void)
{
	return (CURRENT_U32(CURRENT_TASK(), TASK_COMPAT_STATUS) & TS_COMPAT) != 0;
}
#else
#define is_compat() 0
#endif

/* x32 calls have the native numbers with a bit that the slot does without: see syscalls.h. */
#ifdef __x86_64__
#define X32_BIT 0x40000000
#else
#define X32_BIT 0
#endif

/* The slot of a call that opens, by its number; -1: it is another call. */
static inline int open_slot(s32 number)
{
#ifdef COMPAT
	if (is_compat()) {
		switch (number) {
		OPEN_CASES_COMPAT
			return ABI_COMPAT * ABI_CALLS + number;
		default:
			return -1;
		}
	}
#endif
	switch (number & ~X32_BIT) {
	OPEN_CASES
		return (number & X32_BIT ? ABI_X32 * ABI_CALLS : 0) + (number & ~X32_BIT);
	default:
		return -1;
	}
}

/* Can it be one in any ABI? Most calls are not, and the ABI takes longer to learn. */
static inline int may_open(s32 number)
{
	switch (number & ~X32_BIT) {
	OPEN_CASES_ANY
		return 1;
	default:
		return 0;
	}
}

/* Argument @n of the call, from 1; 32-bit programs pass theirs in other registers, and only half of each. */
#ifdef COMPAT
#define ARG(call, n)                                                                               \
	((call)->slot / ABI_CALLS == ABI_COMPAT ? REG_U64((call)->regs, REGS_COMPAT##n) & 0xffffffff \
						: REG_U64((call)->regs, REGS_ARG##n))
#else
#define ARG(call, n) REG_U64((call)->regs, REGS_ARG##n)
#endif

#ifdef NEED_ARGS
#ifdef OPEN_ALL
/* struct open_how of <linux/openat2.h>; a kernel before the program's may know less of it than there is. */
struct how {
	u64 flags, mode, resolve;
};

static inline void describe_how(struct open_call *call)
{
	struct how how = {};

	bpf_probe_read_user(&how, sizeof(how), (void *)ARG(call, 3));
	call->flags = how.flags;
	call->mode = how.mode;
}

/* Return: whether it is one of those that differ from openat. */
static inline int describe_other(struct open_call *call)
{
	u64 first;

	switch (call->slot) {
	OPENAT_SLOTS
		return 0;
	OPENAT2_SLOTS
		call->dirfd = ARG(call, 1);
		call->path = ARG(call, 2);
		describe_how(call);
		return 1;
	OPEN_BY_HANDLE_SLOTS
		call->flags = ARG(call, 3);
		return 1;
	CREAT_SLOTS
		call->path = ARG(call, 1);
		call->flags = CREAT_FLAGS;
		call->mode = ARG(call, 2);
		return 1;
	default:
		call->path = ARG(call, 1);
		call->flags = (s32)ARG(call, 2);
		call->mode = ARG(call, 3);
		return 1;
	}
}
#else
#define describe_other(call) 0
#endif

/* What the call asked for. */
static inline void describe(struct open_call *call)
{
	call->dirfd = AT_FDCWD_;
	call->flags = call->mode = call->path = 0;
	if (describe_other(call))
		return;
	call->dirfd = ARG(call, 1);
	call->path = ARG(call, 2);
	call->flags = (u32)ARG(call, 3);
	call->mode = (u16)ARG(call, 4);
}
#endif
