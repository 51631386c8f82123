/* SPDX-License-Identifier: MIT */
/*
 * Offsets in structures that a task_struct points to, and of what changes as a task acts or ends.
 * See offset_finder.h.
 *
 * Of a pointer it is only known what it leads to: to try one is to copy from there. Those worth
 * trying are told by which tasks share them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "arch_facts.h"
#include "cleanup.h"
#include "offset_finder_parts.h"
#include "procfs.h"

enum {
	LIMITS = RLIM_NLIMITS,
	TRIED_MAX = 64, /* pointers */
	SIGNAL_GROUP_EXIT = 4,
	/* Less than the structures have, so that none that follows is searched. */
	CRED_BYTES = 128,
	SIGNAL_BYTES = 512,
	CODE_TO_FLAGS_MAX = 24,
};

/* Room for copies. */
struct looks {
	struct task_sample a, b, c, d, e;
};

static struct task_search search_of(const struct task_sample *const *copies, size_t count,
				    size_t bytes, size_t align, size_t room,
				    task_expects_fn expects, const void *context)
{
	struct task_search search = {
		.count = count,
		.bytes = bytes,
		.align = align,
		.room = room,
		.expects = expects,
		.context = context,
	};

	memcpy(search.copies, copies, count * sizeof(copies[0]));
	return search;
}

static int search(const struct task_sample *const *copies, size_t count, size_t bytes, size_t align,
		  size_t room, task_expects_fn expects, const void *context)
{
	const struct task_search search =
		search_of(copies, count, bytes, align, room, expects, context);

	return task_search_only(&search);
}

/* ---- 32-bit calls ---- */

/* Copies are: two tasks in an ordinary call, the same two in a 32-bit one. */
static bool is_compat_state(const unsigned char *at, size_t number, const void *context)
{
	(void)context;
	return ((task_u32(at) & COMPAT_BIT) != 0) == (number >= 2);
}

static void find_compat(struct finder *f, struct looks *l)
{
	const struct task_sample *const copies[] = { &l->a, &l->b, &l->c, &l->d };
	const size_t thread_info = 64; /* bytes; it is the first member of a task_struct */

	if (arch_facts.compat_offset >= 0)
		finder_tell(f, "task_struct", arch_facts.compat_member, arch_facts.compat_offset);
	else if (f->tracks_compat &&
		 finder_look(f, SUBJECT_CHILD, SUBJECT_CALLS, 0, -1, &l->a) == 0 &&
		 finder_look(f, SUBJECT_GRAND_THREAD, SUBJECT_CALLS, 0, -1, &l->b) == 0 &&
		 finder_look(f, SUBJECT_CHILD, SUBJECT_CALLS_COMPAT, 0, -1, &l->c) == 0 &&
		 finder_look(f, SUBJECT_GRAND_THREAD, SUBJECT_CALLS_COMPAT, 0, -1, &l->d) == 0)
		finder_tell(f, "task_struct", arch_facts.compat_member,
			    search(copies, 4, thread_info, 4, 4, is_compat_state, NULL));
}

/* ---- structures that threads of a process share, and processes do not ---- */

static bool is_shared(const struct finder *f, int offset)
{
	uint64_t child = task_u64(finder_live(f, SUBJECT_CHILD)->bytes + offset);
	uint64_t thread = task_u64(finder_live(f, SUBJECT_CHILD_THREAD)->bytes + offset);
	uint64_t grandchild = task_u64(finder_live(f, SUBJECT_GRANDCHILD)->bytes + offset);

	return finder_is_address(child) && child == thread && finder_is_address(grandchild) &&
	       grandchild != child;
}

/* Where both copies hold what is expected; behind it may be the structure of a sibling, which is
 * alike. */
static int find_member(const struct looks *l, size_t align, size_t room, task_expects_fn expects,
		       const void *context)
{
	const struct task_sample *const copies[] = { &l->a, &l->b };
	const struct task_search of =
		search_of(copies, 2, TASK_SAMPLE_POINTED, align, room, expects, context);

	return task_search_next(&of, 0);
}

/*
 * The pointer to a structure of which each process has one, and that holds what is expected;
 * @memberp: where in it. Another structure can lie in front of it in memory: from there the same is
 * farther away, so the nearest is taken. Return: the pointer's offset, or -ENOENT.
 */
static int find_shared(struct finder *f, struct looks *l, size_t align, size_t room,
		       task_expects_fn expects, const void *context, int *memberp)
{
	int tried = 0, pointer = -ENOENT, member;

	for (int at = 0; at < TASK_SAMPLE_BYTES && tried < TRIED_MAX; at += 8) {
		if (!is_shared(f, at))
			continue;
		tried++;
		if (finder_look(f, SUBJECT_CHILD_THREAD, SUBJECT_CALLS, 0, at, &l->a) < 0 ||
		    finder_look(f, SUBJECT_GRANDCHILD, SUBJECT_CALLS, 0, at, &l->b) < 0)
			return -ENOENT;
		member = find_member(l, align, room, expects, context);
		if (member >= 0 && (pointer < 0 || member < *memberp)) {
			pointer = at;
			*memberp = member;
		}
	}
	return pointer;
}

/* Where a process's arguments and environment are in its memory: the same for all that it forks. */
struct places {
	uint64_t arg_start, arg_end, env_start, env_end;
};

static bool read_places(struct places *p)
{
	const int arg_start = 48; /* the field's number in proc(5) */
	struct procfs_stat stat;
	cleanup_close int proc = procfs_open();
	const char *field;

	if (proc < 0 || procfs_read_stat(proc, (uint32_t)getpid(), &stat) < 0)
		return false;
	/* The first of the fields is the third. */
	field = stat.fields;
	for (int i = 3; field && i < arg_start; i++)
		field = strchr(field + 1, ' ');
	return field &&
	       sscanf(field, "%lu %lu %lu %lu", &p->arg_start, &p->arg_end, &p->env_start,
		      &p->env_end) == 4 &&
	       p->arg_start;
}

static bool is_places(const unsigned char *at, size_t number, const void *context)
{
	(void)number;
	return memcmp(at, context, sizeof(struct places)) == 0;
}

/* `active_mm` is the same as `mm` for a process, and follows it. */
static void find_memory(struct finder *f, struct looks *l)
{
	struct places places;
	int member, pointer;

	if (!read_places(&places))
		return;
	pointer = find_shared(f, l, 8, sizeof(places), is_places, &places, &member);
	if (pointer < 0)
		return;
	finder_tell(f, "task_struct", "mm", pointer);
	finder_tell(f, "mm_struct", "arg_start", member);
	finder_tell(f, "mm_struct", "arg_end", member + 8);
	finder_tell(f, "mm_struct", "env_end", member + 24);
}

static bool is_limits(const unsigned char *at, size_t number, const void *context)
{
	(void)number;
	return memcmp(at, context, LIMITS * sizeof(struct rlimit)) == 0;
}

/* A process's resource limits tell its signal_struct. Return: the pointer to it, or -ENOENT. */
static int find_signal(struct finder *f, struct looks *l)
{
	struct rlimit limits[LIMITS];
	int member;

	for (int i = 0; i < LIMITS; i++)
		if (getrlimit((__rlimit_resource_t)i, &limits[i]) < 0)
			return -ENOENT;
	return find_shared(f, l, 8, sizeof(limits), is_limits, limits, &member);
}

/* ---- users ---- */

/* uid, gid, suid, sgid, euid */
static bool is_euid(const unsigned char *at, size_t number, const void *context)
{
	(void)number, (void)context;
	return task_u32(at) == SUBJECT_RUID && task_u32(at + 8) == SUBJECT_SUID &&
	       task_u32(at + 16) == SUBJECT_EUID;
}

/*
 * A task that changes its users gets other credentials; they are reached by two members that differ
 * only inside of the kernel.
 */
static void find_users(struct finder *f, struct looks *l)
{
	const struct task_sample *const copies[] = { &l->c, &l->d };
	enum subject who[] = { SUBJECT_ENDS, SUBJECT_ENDS2 };

	if (finder_look(f, who[0], SUBJECT_CALLS, 0, -1, &l->a) < 0 ||
	    finder_look(f, who[0], SUBJECT_SETS_USERS, 0, -1, &l->b) < 0 ||
	    finder_look(f, who[0], SUBJECT_CALLS, 0, -1, &l->b) < 0 ||
	    finder_look(f, who[1], SUBJECT_SETS_USERS, 0, -1, &l->c) < 0)
		return;
	/* From behind: `real_cred` comes before `cred`. */
	for (int at = TASK_SAMPLE_BYTES - 8; at >= 0; at -= 8) {
		uint64_t before = task_u64(l->a.bytes + at), after = task_u64(l->b.bytes + at);
		int member;

		if (before == after || !finder_is_address(before) || !finder_is_address(after))
			continue;
		if (finder_look(f, who[0], SUBJECT_CALLS, 0, at, &l->c) < 0 ||
		    finder_look(f, who[1], SUBJECT_CALLS, 0, at, &l->d) < 0)
			return;
		member = search(copies, 2, CRED_BYTES, 4, 20, is_euid, NULL);
		if (member >= 0) {
			finder_tell(f, "task_struct", "cred", at);
			finder_tell(f, "cred", "euid", member + 16);
			return;
		}
	}
}

/* ---- how tasks end ---- */

/* Copies: of a process that exits with 37, one that exits with 91, a thread that exits with 5. */
static bool is_exit_code(const unsigned char *at, size_t number, const void *context)
{
	static const uint32_t codes[] = { 37, 91, 5 };

	(void)context;
	return task_u32(at) == codes[number] << 8;
}

/*
 * Copies of a process's signal_struct: alive; after exit_group with 83, of a process with one
 * thread or with two; with two threads after one of three has ended; with all three alive.
 */
static bool is_flags(const unsigned char *at, size_t number, const void *context)
{
	(void)context;
	return task_u32(at) == (number == 1 ? SIGNAL_GROUP_EXIT : 0);
}

/*
 * Bytes from signal_struct.group_exit_code to flags: between them are an int, a pointer and another
 * int, in every kernel since 4.9.
 */
static int code_to_flags(size_t code)
{
	return (int)((code + 8 + 7) / 8 * 8 + 12 - code);
}

/* The code is kept for accounting, too, where no flags follow. Copies are aligned as what they are
 * of. */
static bool is_group_code(const unsigned char *at, size_t number, const void *context)
{
	return task_u32(at) == (number == 1 ? 83u << 8 : 0) &&
	       is_flags(at + code_to_flags((uintptr_t)at % 8), number, context);
}

/* `nr_threads` follows, which still has those that end. Since 6.0 there is one more like `live`. */
static bool is_alive_count(const unsigned char *at, size_t number, const void *context)
{
	static const uint32_t alive[] = { 1, 0, 2, 3 }, unreaped[] = { 1, 1, 3, 3 };

	(void)context;
	return task_u32(at) == alive[number] && task_u32(at + 4) == unreaped[number];
}

static void find_exit_code(struct finder *f, struct looks *l)
{
	const struct task_sample *const copies[] = { &l->a, &l->b, &l->c };

	if (finder_look(f, SUBJECT_ENDS, SUBJECT_EXITS, 37, -1, &l->a) == 0 &&
	    finder_look(f, SUBJECT_ENDS2, SUBJECT_EXITS, 91, -1, &l->b) == 0 &&
	    finder_look(f, SUBJECT_GRAND_THREAD, SUBJECT_EXITS, 5, -1, &l->c) == 0)
		finder_tell(f, "task_struct", "exit_code",
			    search(copies, 3, TASK_SAMPLE_BYTES, 4, 4, is_exit_code, NULL));
}

/* Before 6.0 only a process with several threads ends as a group. */
static void find_group_end(struct finder *f, struct looks *l, int pointer)
{
	const struct task_sample *const one[] = { &l->a, &l->b, &l->c, &l->d };
	const struct task_sample *const group[] = { &l->a, &l->e, &l->c, &l->d };
	const size_t bytes = SIGNAL_BYTES;
	int code, live;

	if (finder_look(f, SUBJECT_ENDS3, SUBJECT_EXITS, 83, pointer, &l->b) < 0 ||
	    finder_look(f, SUBJECT_CHILD_THREAD, SUBJECT_EXITS, 7, pointer, &l->c) < 0 ||
	    finder_look(f, SUBJECT_ENDS4, SUBJECT_EXITS, 83, pointer, &l->e) < 0)
		return;
	code = search(group, 4, bytes, 4, CODE_TO_FLAGS_MAX + 4, is_group_code, NULL);
	live = search(one, 4, bytes, 4, 8, is_alive_count, NULL);
	/* Together they also tell that the pointer leads to a signal_struct. */
	if (code < 0 || live < 0)
		return;
	finder_tell(f, "task_struct", "signal", pointer);
	finder_tell(f, "signal_struct", "group_exit_code", code);
	finder_tell(f, "signal_struct", "flags", code + code_to_flags((size_t)code));
	finder_tell(f, "signal_struct", "live", live);
}

void finder_find_pointed(struct finder *f)
{
	struct looks *l = malloc(sizeof(*l));
	int signal, r = -ENOENT;

	if (!l)
		return;
	find_compat(f, l);
	find_memory(f, l);
	find_users(f, l);
	signal = find_signal(f, l);
	/* From here on the threads' beginnings of calls are not seen any more. */
	if (signal >= 0) {
		r = finder_look(f, SUBJECT_ENDS3, SUBJECT_CALLS, 0, signal, &l->a);
		if (r == 0)
			r = finder_look(f, SUBJECT_CHILD, SUBJECT_CALLS, 0, signal, &l->d);
	}
	if (task_sampler_attach(&f->sampler, "sched_process_exit") == 0) {
		if (r == 0)
			find_group_end(f, l, signal);
		find_exit_code(f, l);
	}
	free(l);
}
