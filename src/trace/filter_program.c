/* SPDX-License-Identifier: MIT */
/* The task filter as the program sees it: defines, hooks and maps. See task_filter.h. */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cleanup.h"
#include "clock.h"
#include "follow.h"
#include "glob.h"
#include "kernel_defines.h"
#include "memstream.h"
#include "plan.h"
#include "task_filter.h"
#include "task_info.h"

enum {
	FOLLOW_PREALLOCATED = 32768,
};

static bool accepts(const uint64_t *set, unsigned char c)
{
	return set[c / 64] >> (c % 64) & 1;
}

/* One element as an expression of c that is 1 or 0: its bytes as ranges. */
static void print_element(FILE *out, const uint64_t *set)
{
	const char *separator = "";

	for (unsigned low = 1; low < 256; low++) {
		unsigned high = low;

		if (!accepts(set, (unsigned char)low))
			continue;
		while (high < 255 && accepts(set, (unsigned char)(high + 1)))
			high++;
		if (low == 1 && high == 255)
			fprintf(out, "1");
		else if (low == high)
			fprintf(out, "%sNAME_BYTE(c, %u)", separator, low);
		else
			fprintf(out, "%sNAME_RANGE(c, %u, %u)", separator, low, high);
		separator = " | ";
		low = high;
	}
	if (!*separator)
		fputc('0', out);
}

/* Several patterns, one behind the other in the bits of the state. @used: bits until now */
struct names {
	FILE *out;
	unsigned used;
	unsigned long long begin, stars, end, but;
};

static void add_name(struct names *names, const struct glob *glob, bool left_out)
{
	for (size_t e = 0; e < glob->count; e++) {
		fputs(" | (u64)(", names->out);
		print_element(names->out, glob->accepts[e]);
		fprintf(names->out, ") << %zu", names->used + e);
	}
	names->begin |= 1ULL << names->used;
	names->stars |= glob->stars << names->used;
	*(left_out ? &names->but : &names->end) |= 1ULL << (names->used + glob->count);
	names->used += (unsigned)glob->count + 1;
}

void filter_define_names(const struct glob *globs, size_t count, size_t kept,
			 struct program_text *source)
{
	char *text = NULL;
	size_t len = 0;
	struct names names = { .out = memstream_open(&text, &len) };

	if (!names.out) {
		program_text_fail(source);
		return;
	}
	fputc('0', names.out);
	for (size_t i = 0; i < count; i++)
		add_name(&names, &globs[i], i >= kept);
	if (fclose(names.out) != 0)
		program_text_fail(source);
	program_text_define(source, "FILTER_NAME(c)", "%s", text);
	program_text_define(source, "FILTER_NAME_BEGIN", "0x%llxull", names.begin);
	program_text_define(source, "FILTER_NAME_STARS", "0x%llxull", names.stars);
	program_text_define(source, "FILTER_NAME_END", "0x%llxull", names.end);
	program_text_define(source, "FILTER_NAME_BUT", "0x%llxull", names.but);
	free(text);
}

/* All of them are globs: the command line has seen to that. */
static void define_names(const struct filter *filter, struct program_text *source)
{
	struct glob globs[FILTER_BUT_NAMES + 1];
	size_t kept = filter->name != NULL;

	_Static_assert((FILTER_BUT_NAMES + 1) * TASK_COMM <= 64, "bits for all patterns");
	if (kept)
		glob_parse(&globs[0], filter->name);
	for (size_t i = 0; i < filter->but.nnames; i++)
		glob_parse(&globs[kept + i], filter->but.names[i]);
	filter_define_names(globs, kept + filter->but.nnames, kept, source);
}

/* `((id) == PARAMETER(0) || (id) == PARAMETER(1))`; with more ids than there are parameters,
 * constants. */
static void print_ids(FILE *out, struct program_text *source, const struct id_set *list)
{
	for (size_t i = 0; i < list->count; i++) {
		int parameter = program_text_parameter(source, list->ids[i]);

		fputs(i ? " || " : "(", out);
		if (parameter >= 0)
			fprintf(out, "(id) == PARAMETER(%d)", parameter);
		else
			fprintf(out, "(id) == %u", list->ids[i]);
	}
	fputc(')', out);
}

/* @but: NULL, or those that are left out of @list */
static int define_ids(struct program_text *source, const char *name, const struct id_set *list,
		      const struct id_set *but, struct error *err)
{
	cleanup_free char *text = NULL;
	size_t len = 0;
	FILE *out;

	if (!list->count && !(but && but->count))
		return 0;
	out = memstream_open(&text, &len);
	if (!out)
		return error_nomem(err);
	fputc('(', out);
	if (list->count)
		print_ids(out, source, list);
	if (but && but->count) {
		fputs(list->count ? " && !" : "!", out);
		print_ids(out, source, but);
	}
	fputc(')', out);
	if (fclose(out) != 0)
		return error_nomem(err);
	program_text_define(source, name, "%s", text);
	return 0;
}

/* Of users the program asks one question; a task that is left out must be the one that was meant.
 */
static int define_lists(const struct filter *filter, struct program_text *source, struct error *err)
{
	static const struct {
		const char *these, *but;
	} names[FILTER_ID_KINDS] = {
		[FILTER_PIDS] = { "FILTER_PID(id)", "FILTER_BUT_PID(id)" },
		[FILTER_TIDS] = { "FILTER_TID(id)", "FILTER_BUT_TID(id)" },
		[FILTER_PPIDS] = { "FILTER_PPID(id)", "FILTER_BUT_PPID(id)" },
		[FILTER_UIDS] = { "FILTER_UID(id)", NULL },
		[FILTER_EUIDS] = { "FILTER_EUID(id)", NULL },
	};
	int r = 0;

	for (int kind = 0; r == 0 && kind < FILTER_ID_KINDS; kind++) {
		const struct id_set *list = &filter->ids[kind], *but = &filter->but.ids[kind];

		if (!filter_compares(filter, (enum filter_ids)kind))
			continue;
		r = define_ids(source, names[kind].these, list, names[kind].but ? NULL : but, err);
		if (r == 0 && names[kind].but)
			r = define_ids(source, names[kind].but, but, NULL, err);
	}
	return r;
}

/*
 * Room for every process there can be, and for as many that are dead and leave only when RCU lets
 * go of them. A full table is counted in `dropped`.
 */
static void define_follow(struct program_text *source, const struct kernel *kernel)
{
	program_text_define(source, "FOLLOW", "1");
	kernel_define_table(kernel, source, "FOLLOW", kernel_unfreed_max(), FOLLOW_PREALLOCATED);
}

/* Without BTF only the end of the run keeps later tasks out. */
static void define_began(const struct filter *filter, struct program_text *source,
			 const struct kernel *kernel)
{
	static const struct kernel_member members[] = {
		{ "task_struct", "group_leader", "struct task_struct *" },
		{ "task_struct", "start_time", "u64" },
		{ NULL, NULL, NULL },
	};
	uint64_t now_ns = clock_monotonic_ns();
	int parameter;

	if (!filter_names_tasks(filter) || !kernel_try_members(kernel, source, members))
		return;
	parameter = program_text_parameter(source, now_ns);
	if (parameter >= 0)
		program_text_define(source, "FILTER_BEGAN", "PARAMETER(%d)", parameter);
	else
		program_text_define(source, "FILTER_BEGAN", "%lluull", (unsigned long long)now_ns);
}

int filter_define(const struct filter *filter, struct program_text *source,
		  const struct kernel *kernel, struct error *err)
{
	int r;

	define_began(filter, source, kernel);
	r = define_lists(filter, source, err);
	if (r == 0 && (filter_follows(filter) || filter_compares(filter, FILTER_PPIDS)))
		r = kernel_define_task(kernel, source, err);
	if (r == 0 && filter_compares(filter, FILTER_EUIDS))
		r = kernel_define_effective_user(kernel, source, err);
	if (r < 0)
		return r;
	if (btf_has(kernel->btf, "bpf_get_current_task_btf"))
		program_text_define(source, "CURRENT_TASK_BTF", "1");
	if (filter_follows(filter))
		define_follow(source, kernel);
	if (filter_leaves_followed_out(filter))
		program_text_define(source, "FOLLOW_LEFT_OUT", "1");
	if (filter->cgroup >= 0)
		program_text_define(source, "FILTER_CGROUP", "1");
	if (filter->but.ncgroups)
		program_text_define(source, "FILTER_BUT_CGROUPS", "%zu", filter->but.ncgroups);
	if (filter_uses_names(filter))
		define_names(filter, source);
	return 0;
}

void plan_filter_hooks(struct plan *plan, const struct filter *filter)
{
	static const char ended[] = "raw_tracepoint__sched_process_free";
	static const char began[] = "raw_tracepoint__follow_began";

	if (!filter_follows(filter))
		return;
	if (!plan->has_newtask_hook && plan->classic_births)
		plan_hook(plan, HOOK_TRACEPOINT, "tracepoint__task_newtask", "task/task_newtask");
	else if (!plan->has_newtask_hook)
		plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__task_newtask",
			  "task_newtask");
	/* Behind the one above: programs run in the order in which they are attached. */
	if (plan->classic_births)
		plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, began, "task_newtask");
	plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, ended, "sched_process_free");
	/* An end that is skipped leaves a process in the table, and loses no event. */
	plan_timing_only(plan, began);
	plan_timing_only(plan, ended);
}

static int follow_pid(int map, uint32_t pid, uint32_t state, struct error *err)
{
	const struct follow follow = { .state = state };
	int r = bpf_map_update_elem(map, &pid, &follow, BPF_ANY);

	return r < 0 ? error_set(err, r, "following process %u: %s", pid, error_words(r)) : 0;
}

/* The one to trace comes first, if there is one. */
static int fill_cgroups(const struct filter *filter, const struct loaded *loaded, struct error *err)
{
	size_t first = filter->cgroup >= 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < first + filter->but.ncgroups; i++) {
		uint32_t at = (uint32_t)i;
		int fd = i < first ? filter->cgroup : filter->but.cgroups[i - first];

		r = bpf_map_update_elem(loader_map(loaded, "filter_cgroup", sizeof(at), sizeof(fd)),
					&at, &fd, BPF_ANY);
	}
	return r < 0 ? error_set(err, r, "filtering by cgroup: %s", error_words(r)) : 0;
}

int filter_followed(const struct loaded *loaded)
{
	return loader_map(loaded, "followed", sizeof(uint32_t), sizeof(struct follow));
}

int filter_fill(const struct filter *filter, uint32_t command, const struct loaded *loaded,
		struct error *err)
{
	const struct id_set *pids = filter_leaves_followed_out(filter)
					    ? &filter->but.ids[FILTER_PIDS]
					    : &filter->ids[FILTER_PIDS];
	int map, r = fill_cgroups(filter, loaded, err);

	if (r < 0 || !filter_follows(filter))
		return r;
	map = filter_followed(loaded);
	if (filter->has_command)
		r = follow_pid(map, command, FOLLOW_HELD, err);
	for (size_t i = 0; r == 0 && i < pids->count; i++)
		r = follow_pid(map, pids->ids[i], FOLLOW_LIVE, err);
	return r;
}
