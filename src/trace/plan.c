/* SPDX-License-Identifier: MIT */
/* The hooks of a plan, and what every plan has besides the tool's part. See plan.h. */
#include "plan.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kernel_defines.h"
#include "own_tasks.h"

void plan_hook(struct plan *plan, enum hook_kind kind, const char *function, const char *target)
{
	if (plan->nhooks < OBJECT_PROGRAMS_MAX)
		plan->hooks[plan->nhooks++] =
			(struct hook){ .kind = kind, .function = function, .target = target };
	else
		plan->overflow = true;
}

void plan_hook_copy(struct plan *plan, enum hook_kind kind, const char *function,
		    const char *target)
{
	char *copy = plan->nhooks < OBJECT_PROGRAMS_MAX ? plan->targets[plan->nhooks] : NULL;

	if (copy)
		snprintf(copy, HOOK_NAME_MAX, "%s", target);
	plan_hook(plan, kind, function, copy);
}

void plan_timing_only(struct plan *plan, const char *function)
{
	if (plan->ntiming_only < OBJECT_PROGRAMS_MAX)
		plan->timing_only[plan->ntiming_only++] = function;
	else
		plan->overflow = true;
}

void plan_without(struct plan *plan, const char *word)
{
	for (size_t i = 0; i < plan->nwithout; i++)
		if (strcmp(plan->without[i], word) == 0)
			return;
	if (plan->nwithout < PLAN_WITHOUT_MAX)
		plan->without[plan->nwithout++] = word;
	else
		plan->overflow = true;
}

void plan_identities(struct plan *plan, const struct kernel *kernel, const struct group_by *by)
{
	if (group_by_has(by, BY_PROCESS) && !group_by_has(by, BY_THREAD) &&
	    !kernel_define_leader(kernel, plan->source))
		plan_without(plan, "leader");
	if (group_by_has_pid(by) && !kernel_define_start(kernel, plan->source))
		plan_without(plan, "start");
}

/* Where the program does not see births, the filter's own hook does: the one that misses none on
 * this kernel. */
static void choose_births(const struct plan_input *in, struct plan *plan)
{
	struct error ignored = ERROR_INIT;

	if (!plan->has_newtask_hook && !plan->raw_births && filter_follows(in->filter))
		plan->classic_births =
			kernel_define_births(in->kernel, plan->source, &ignored) == 0;
	error_clear(&ignored);
}

/* Plans name raw tracepoints as they are where BTF types them. */
static void untype_hooks(struct plan *plan)
{
	program_text_define(plan->source, "UNTYPED", "1");
	for (size_t i = 0; i < plan->nhooks; i++)
		if (plan->hooks[i].kind == HOOK_RAW_TRACEPOINT_BTF)
			plan->hooks[i].kind = HOOK_RAW_TRACEPOINT;
}

/* With the hooks the text says everything: what is compiled, and what for. */
static void comment_hooks(struct plan *plan)
{
	for (size_t i = 0; i < plan->nhooks; i++) {
		char name[HOOK_NAME_MAX];

		program_text_function(plan->source, plan->hooks[i].function);
		program_text_comment(plan->source, "%s() runs at %s", plan->hooks[i].function,
				     hook_section(&plan->hooks[i], name));
	}
}

/* What of BPF the kernel lacks, as far as programs can do without. */
static void define_features(const struct kernel *kernel, struct program_text *source)
{
	if (kernel->lacks & BPF_READS_KERNEL)
		program_text_define(source, "PROBE_READ_ANY", "1");
	if (kernel->lacks & BPF_MAPS_OF_MAPS)
		program_text_define(source, "TWO_TABLES", "1");
	if (kernel->lacks & BPF_READS_TEXT)
		program_text_define(source, "COMM_BY_STACK", "1");
}

static int check_raw_tracepoints(const struct kernel *kernel, const struct plan *plan,
				 struct error *err)
{
	for (size_t i = 0; (kernel->lacks & BPF_RAW_TRACEPOINTS) && i < plan->nhooks; i++)
		if (plan->hooks[i].kind == HOOK_RAW_TRACEPOINT)
			return error_set(
				err, -ENOTSUP,
				"the raw tracepoint %s: this kernel has no programs for raw "
				"tracepoints (Linux 4.17)",
				plan->hooks[i].target);
	return 0;
}

int plan_make(const struct probe_set *set, const struct plan_input *in, struct plan *plan,
	      struct error *err)
{
	int r = set->plan(in, plan, err);

	plan->own_hooks = plan->nhooks;
	if (r == 0 && (plan->overflow || plan->nhooks > OBJECT_PROGRAMS_MAX - FILTER_HOOKS))
		r = error_set(err, -E2BIG, "more than %d hooks",
			      OBJECT_PROGRAMS_MAX - FILTER_HOOKS);
	if (r == 0)
		r = kernel_define_namespace(in->kernel, plan->source, err);
	/* Before lists of ids, which can do without parameters. */
	plan->own_tasks = r == 0 ? own_tasks_define(in->filter, plan->source) : -1;
	if (r == 0)
		r = filter_define(in->filter, plan->source, in->kernel, err);
	if (r == 0)
		choose_births(in, plan);
	if (filter_names_tasks(in->filter) && !kernel_tells_starts(in->kernel))
		plan_without(plan, "start");
	/* A plan made from types that could not be read is wrong, whatever it says. */
	if (kernel_btf_failed(in->kernel, err) < 0)
		return err->code;
	if (r < 0)
		return r;
	define_features(in->kernel, plan->source);
	plan_filter_hooks(plan, in->filter);
	if (plan->own_tasks >= 0 && in->filter->starts_views)
		own_tasks_follow(plan, in->kernel);
	if (!kernel_types_hooks(in->kernel))
		untype_hooks(plan);
	comment_hooks(plan);
	return check_raw_tracepoints(in->kernel, plan, err);
}
