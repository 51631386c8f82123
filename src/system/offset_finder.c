/* SPDX-License-Identifier: MIT */
/* Offsets found out from the running kernel. See offset_finder.h. */
#define _GNU_SOURCE
#include "offset_finder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "offset_finder_parts.h"

/* The tasks whose copies are compared: processes and threads of three generations. */
static const enum subject compared[COMPARED] = {
	SUBJECT_FIRST,      SUBJECT_CHILD,        SUBJECT_CHILD_THREAD,
	SUBJECT_GRANDCHILD, SUBJECT_GRAND_THREAD, SUBJECT_ENDS,
};

int finder_look(const struct finder *f, enum subject who, enum subject_deed deed, int value,
		int pointer, struct task_sample *sample)
{
	const struct timespec ms = { .tv_nsec = 1000000 };
	int r = task_sampler_aim(&f->sampler, task_subjects_name(f->subjects, who), pointer);

	if (r == 0)
		r = task_subjects_tell(f->subjects, who, deed, value);
	if (r == 0)
		r = task_sampler_take(&f->sampler, sample);
	/* A task that ends does not answer. */
	for (int i = 0; deed == SUBJECT_EXITS && r == -EAGAIN && i < FINDER_PATIENCE_MS; i++) {
		nanosleep(&ms, NULL);
		r = task_sampler_take(&f->sampler, sample);
	}
	return r;
}

void finder_tell(const struct finder *f, const char *structure, const char *member, int offset)
{
	if (offset >= 0)
		f->found(structure, member, offset, f->context);
}

const struct task_sample *finder_live(const struct finder *f, enum subject who)
{
	for (size_t i = 0; i < COMPARED; i++)
		if (compared[i] == who)
			return &f->live[i];
	return NULL;
}

/* A search for what each of the compared tasks is expected to hold. */
static int search_live(const struct finder *f, size_t align, size_t room, task_expects_fn expects)
{
	struct task_search search = {
		.count = COMPARED,
		.bytes = TASK_SAMPLE_BYTES,
		.align = align,
		.room = room,
		.expects = expects,
		.context = f,
	};

	for (size_t i = 0; i < COMPARED; i++)
		search.copies[i] = &f->live[i];
	return task_search_only(&search);
}

static bool is_ids(const unsigned char *at, size_t number, const void *context)
{
	const struct finder *f = context;
	uint64_t ids = f->live[number].ids;

	return task_u32(at) == (uint32_t)ids && task_u32(at + 4) == ids >> 32;
}

static bool is_name(const unsigned char *at, size_t number, const void *context)
{
	const struct finder *f = context;

	return memcmp(at, task_subjects_name(f->subjects, compared[number]), TASK_SAMPLE_NAME) == 0;
}

static bool is_leader(const unsigned char *at, size_t number, const void *context)
{
	const struct finder *f = context;
	const struct task_sample *leader = finder_live(f, task_subjects_leader(compared[number]));

	return leader && task_u64(at) == leader->task;
}

/* Of the first one the parent is not among those that were copied: any address of a task will do.
 */
static bool is_parent(const unsigned char *at, size_t number, const void *context)
{
	const struct finder *f = context;
	const struct task_sample *parent = finder_live(f, task_subjects_parent(compared[number]));

	return parent ? task_u64(at) == parent->task : finder_is_address(task_u64(at));
}

/*
 * `parent` follows `real_parent` and is the same, but for a task that another one traces. So this
 * process traces one for a while.
 */
static void find_parent(struct finder *f)
{
	pid_t traced = task_subjects_id(f->subjects, SUBJECT_GRANDCHILD);
	struct task_sample *untraced = (struct task_sample *)finder_live(f, SUBJECT_GRANDCHILD);
	struct task_sample *copy = malloc(sizeof(*copy));

	if (!copy)
		return;
	*copy = *untraced;
	if (ptrace(PTRACE_SEIZE, traced, NULL, NULL) == 0) {
		int r = finder_look(f, SUBJECT_GRANDCHILD, SUBJECT_CALLS, 0, -1, untraced);

		if (r == 0)
			finder_tell(f, "task_struct", "real_parent",
				    search_live(f, 8, 8, is_parent));
		if (ptrace(PTRACE_INTERRUPT, traced, NULL, NULL) == 0 &&
		    waitpid(traced, NULL, __WALL) == traced)
			ptrace(PTRACE_DETACH, traced, NULL, NULL);
		*untraced = *copy;
	}
	free(copy);
}

static bool is_in(uint64_t value, uint64_t from, uint64_t to)
{
	return value >= from && value <= to;
}

/* The kernel reads the clocks one after the other, so the first value is not the larger one. */
static bool is_start(const unsigned char *at, size_t number, const void *context)
{
	const struct finder *f = context;
	const struct subject_times *times = task_subjects_times(f->subjects, compared[number]);
	uint64_t monotonic = task_u64(at), boottime = task_u64(at + 8);

	return is_in(monotonic, times->monotonic_before, times->monotonic_after) &&
	       is_in(boottime, times->boottime_before, times->boottime_after) &&
	       boottime - monotonic < UINT64_MAX / 2;
}

static uint64_t regs_behind(const struct task_sample *copy, size_t offset)
{
	return copy->arg - task_u64(copy->bytes + offset);
}

/*
 * The registers of a system call are as far behind the start of the stack for all tasks. Stacks
 * begin at a page and are at most 64 KiB.
 */
static bool is_stack(const unsigned char *at, size_t number, const void *context)
{
	const struct finder *f = context;
	size_t offset = (size_t)(at - f->live[number].bytes);
	uint64_t behind = regs_behind(&f->live[0], offset);

	return task_u64(at) % 4096 == 0 && behind && behind < 65536 &&
	       regs_behind(&f->live[number], offset) == behind;
}

static void find_stack(struct finder *f)
{
	int offset = search_live(f, 8, 8, is_stack);

	if (offset < 0)
		return;
	finder_tell(f, "task_struct", "stack", offset);
	finder_tell(f, "stack", "regs", (int)regs_behind(&f->live[0], (size_t)offset));
}

static void find_task(struct finder *f)
{
	int ids = search_live(f, 4, 8, is_ids), start = search_live(f, 8, 16, is_start);

	finder_tell(f, "task_struct", "pid", ids);
	finder_tell(f, "task_struct", "tgid", ids < 0 ? ids : ids + 4);
	finder_tell(f, "task_struct", "comm", search_live(f, 1, TASK_SAMPLE_NAME, is_name));
	finder_tell(f, "task_struct", "group_leader", search_live(f, 8, 8, is_leader));
	finder_tell(f, "task_struct", "start_time", start);
	finder_tell(f, "task_struct", "start_boottime", start < 0 ? start : start + 8);
	find_parent(f);
	find_stack(f);
}

static int look_at_all(struct finder *f)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < COMPARED; i++)
		r = finder_look(f, compared[i], SUBJECT_CALLS, 0, -1, &f->live[i]);
	return r;
}

static int run(struct finder *f, struct error *err)
{
	int r = task_sampler_open(&f->sampler, err);

	if (r < 0)
		return r;
	r = task_subjects_start(&f->subjects);
	if (r < 0)
		return error_set(err, r, "making tasks to look at: %s", error_words(r));
	r = task_sampler_attach(&f->sampler, "sys_enter");
	if (r == 0)
		r = look_at_all(f);
	if (r < 0)
		return error_set(err, r, "looking at tasks: %s", error_words(r));
	find_task(f);
	finder_find_pointed(f);
	return 0;
}

int offset_finder_run(bool tracks_compat, offset_found_fn found, void *context, struct error *err)
{
	struct finder *f = calloc(1, sizeof(*f));
	int r;

	if (!f)
		return error_nomem(err);
	f->sampler = (struct task_sampler)TASK_SAMPLER_INIT;
	f->tracks_compat = tracks_compat;
	f->found = found;
	f->context = context;
	r = run(f, err);
	task_subjects_stop(f->subjects);
	task_sampler_close(&f->sampler);
	free(f);
	return r;
}
