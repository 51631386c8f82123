/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An open at its return: which call it was, what it asked for, and whether that counts.
 *
 * What a call asked for is read at its return, from the registers that it came with: they stay as
 * they are while the call lasts. The tool lists the numbers of the calls that count as `case N:`
 * (OPEN_CASES, OPEN_CASES_COMPAT, OPEN_CASES_ANY) and slots by layout of arguments (OPENAT_SLOTS
 * ...).
 */
#include "lib/filter.bpf.h"
#include "lib/result.bpf.h"
#include "lib/syscall.bpf.h"
#include "openat/file.bpf.h"
#include "openat/records.h"

/* 1: all calls that open, not only openat. */
#ifndef OPEN_ALL
#define OPEN_ALL 0
#endif
/* 1: something wants to know which call it was, or what it asked for. */
#ifndef NEED_CALL
#define NEED_CALL 0
#endif
#ifndef NEED_ARGS
#define NEED_ARGS 0
#endif
/* 1: the verifier knows the type of the registers. */
#ifndef REGS_TYPED
#define REGS_TYPED 0
#endif
/* 1: something wants the path; what: see path_directory, path_match and path_hash. */
#ifndef NEED_PATH
#define NEED_PATH 0
#endif
/* Only opens with such flags. */
#ifdef FILTER_FLAGS
#define FILTERS_FLAGS 1
#else
#define FILTERS_FLAGS 0
#define FILTER_FLAGS(flags) 1
#endif
/* 1: what a call asks for is read when it begins, too, see given.bpf.h. */
#define NEED_GIVEN (NEED_PATH || (OPEN_ALL && FILTERS_FLAGS))

#define EFAULT_ 14
#define EINVAL_ 22
#define AT_FDCWD_ -100
#define RESOLVE_IN_ROOT_ 0x10 /* of <linux/openat2.h> */
/* creat(2) is open with these: O_CREAT, O_WRONLY, O_TRUNC. */
#define CREAT_FLAGS 01101

#if NEED_GIVEN
struct place {
	u64 mount; /* struct vfsmount */
	u64 dentry;
};

/* What a call asked for when it began. All 0: that was not seen. */
struct given {
	u64 path; /* enum given_path, or else a hash */
	u64 flags;
	u32 mode;
	u32 marks;         /* OPEN_IN_ROOT */
	struct place from; /* the directory that the path starts from; 0: none */
};

enum given_path {
	GIVEN_UNREAD = 1, /* it was not in memory yet */
};
#endif

struct open_call {
	struct syscall_regs *regs; /* the registers the call came with */
	s64 ret;
	u64 flags;
	u64 path; /* where its text is, in the program's memory; 0: it has none */
	s32 dirfd;
	u32 mode;
	int slot;
	u16 counted_at_submit; /* to an io_uring, and it has failed since */
#if NEED_GIVEN
	u16 marks; /* OPEN_IN_ROOT */
	struct given given;
#endif
};

#if REGS_TYPED
#define READ_REG(regs, member) READ(regs, member)
#else
#define READ_REG(regs, member) READ_COPY(regs, member)
#endif

/* What cannot be decided is counted. */
static inline int flags_are_wanted(u64 flags)
{
	if (OPEN_ALL && flags == OPEN_FLAGS_UNKNOWN) {
		drop_count(DROP_UNREAD);
		return 0;
	}
	return FILTER_FLAGS(flags);
}

static inline int compat_slot(s32 number)
{
	switch (number) {
		OPEN_CASES_COMPAT
		return ABI_COMPAT * ABI_CALLS + number;
	default:
		return -1;
	}
}

/* The slot of a call that opens, by its number; -1: it is another call. */
static inline int open_slot(s32 number)
{
	if (COMPAT && is_compat())
		return compat_slot(number);
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

/* Argument @n of the call, from 1; 32-bit programs pass theirs in other registers. */
#if COMPAT
#define ARG(call, n)                                                                               \
	((call)->slot / ABI_CALLS == ABI_COMPAT ? READ_REG((call)->regs, compat##n)                \
						: READ_REG((call)->regs, arg##n))
#else
#define ARG(call, n) READ_REG((call)->regs, arg##n)
#endif

#if OPEN_ALL
/* struct open_how of <linux/openat2.h>; an older kernel may know less of it than there is. */
struct how {
	u64 flags, mode, resolve;
};

/* Has the kernel taken what was asked for? Then it was readable, and is only now not. */
static inline int is_taken(int error)
{
	return error != EFAULT_ && error != EINVAL_;
}

/* Does something else stand there than when the call began? */
static inline int how_has_changed(const struct open_call *call)
{
	const struct given *given = &call->given;

	return given->path && (given->flags != call->flags || given->mode != call->mode ||
			       given->marks != call->marks);
}

/* Was the file not opened with these flags? Then they have been changed, there and back. */
static inline int is_other_file(const struct open_call *call)
{
#if READS_FILES
	struct file *file;

	if (call->ret < 0)
		return 0;
	file = file_of(call->ret);
	return !file || lasting_flags(READ_COPY(file, f_flags)) != lasting_flags(call->flags);
#else
	return 0;
#endif
}

static inline void describe_how(struct open_call *call)
{
	struct how how = {};
	int failed = bpf_probe_read_user(&how, sizeof(how), (void *)ARG(call, 3));

	call->flags = failed ? OPEN_FLAGS_UNKNOWN : how.flags & ~OPEN_FLAGS_UNKNOWN;
	call->mode = how.mode;
	call->marks = how.resolve & RESOLVE_IN_ROOT_ ? OPEN_IN_ROOT : 0;
	if (how_has_changed(call) || is_other_file(call))
		call->flags = OPEN_FLAGS_UNKNOWN;
	else if (failed && !is_taken(error_of(call->ret)))
		call->flags = 0;
}

/* Return: whether the call is one of those that differ from openat. */
static inline int describe_other(struct open_call *call)
{
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
#endif

#if NEED_ARGS
/* What the call asked for. */
static inline void describe(struct open_call *call)
{
	call->dirfd = AT_FDCWD_;
	call->flags = call->mode = call->path = 0;
	if (OPEN_ALL && describe_other(call))
		return;
	call->dirfd = ARG(call, 1);
	call->path = ARG(call, 2);
	call->flags = (u32)ARG(call, 3);
	call->mode = (u16)ARG(call, 4);
}
#endif
