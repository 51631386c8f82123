/* SPDX-License-Identifier: MIT */
/* A tool's ways to see what it counts: try one after the other, from plan to attached programs. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "blob_cache.h"
#include "cleanup.h"
#include "clock.h"
#include "compiler.h"
#include "drops.h"
#include "kernel_defines.h"
#include "map_read.h"
#include "permission.h"
#include "privileges.h"
#include "procfs.h"
#include "session.h"

void plan_hook(struct plan *plan, enum hook_kind kind, const char *function, const char *target)
{
	if (plan->nhooks < OBJECT_PROGRAMS_MAX)
		plan->hooks[plan->nhooks++] = (struct hook){ kind, function, target };
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

static void say(const struct run *run, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void say(const struct run *run, const char *fmt, ...)
{
	va_list ap;

	if (!run->options.verbose)
		return;
	va_start(ap, fmt);
	fprintf(stderr, "%s: ", run->tool->name);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
}

/* Where the program does not see births itself, the filter does, by the hook that misses none on
 * this kernel. */
static void follow_births(const struct run *run, struct plan *plan)
{
	struct error ignored = ERROR_INIT;

	if (!plan->own_birth && filter_follows(&run->options.filter))
		plan->classic = kernel_define_births(&run->kernel, plan->source, &ignored) == 0;
	error_clear(&ignored);
}

/* The tool's plan and what the filters add to it. */
static int make_plan(struct run *run, const struct way *way, struct plan *plan, struct error *err)
{
	int r = way->plan(run, plan, err);

	run->own_hooks = plan->nhooks;
	if (r == 0 && (plan->overflow || plan->nhooks > OBJECT_PROGRAMS_MAX - FILTER_HOOKS))
		r = error_set(err, -E2BIG, "more than %d hooks",
			      OBJECT_PROGRAMS_MAX - FILTER_HOOKS);
	if (r == 0)
		r = kernel_define_namespace(&run->kernel, plan->source, err);
	if (r == 0)
		r = filter_define(&run->options.filter, plan->source, &run->kernel, err);
	if (r == 0)
		follow_births(run, plan);
	/* Whatever the plan has come to by then. */
	if (kernel_btf_failed(&run->kernel, err) < 0)
		return err->code;
	if (r < 0)
		return r;
	plan->nhooks += filter_hooks(&run->options.filter, plan->own_birth, plan->classic,
				     plan->hooks + plan->nhooks);
	/* With the hooks the text says everything: what is compiled, and what for. */
	for (size_t i = 0; i < plan->nhooks; i++) {
		char name[HOOK_NAME_MAX];

		source_function(plan->source, plan->hooks[i].function);
		source_comment(plan->source, "%s() runs at %s", plan->hooks[i].function,
			       hook_section(&plan->hooks[i], name));
	}
	return 0;
}

/*
 * How far a way came before it failed: the failure that is worth showing is the last one's of the
 * furthest. Without its command no other way would do better.
 */
enum progress { PLANNED, COMPILED, LOADED, NO_COMMAND };

/* The object of a plan: from the cache, or from the compiler. */
static int make_object(struct run *run, struct plan *plan, struct error *err)
{
	cleanup_close int cache = run->options.no_cache ? -1 : cache_open();
	struct blob output = { .bytes = NULL };
	const char *text;
	int r = source_text(plan->source, &text, err);

	if (r < 0)
		return r;
	run->timings.cached = cache >= 0 && cache_find(cache, text, &output);
	if (!run->timings.cached) {
		r = compile_output(plan->source, plan->hooks, plan->nhooks, &output, err);
		if (r == 0 && cache >= 0 && output.origin_len)
			cache_keep(cache, text, &output);
	}
	if (r == 0)
		r = object_read(&run->object, output.bytes, output.len, err);
	blob_clear(&output);
	return r;
}

static void say_object(const struct run *run, const struct plan *plan, uint64_t ns)
{
	say(run, "%s programs/%s in %.1f ms: %zu maps, %zu programs",
	    run->timings.cached ? "took from the cache" : "compiled", source_program(plan->source),
	    (double)ns / 1e6, run->object.nmaps, run->object.nprograms);
	for (size_t i = 0; i < run->object.nprograms; i++)
		say(run, "  %s: %zu instructions", run->object.programs[i].section,
		    run->object.programs[i].ninsns);
}

static int load_object_of(struct run *run, const struct parameters *parameters,
			  enum progress *progress, struct error *err)
{
	uint64_t began = clock_monotonic_ns();
	int r = load(&run->loaded, &run->object, parameters, run->kernel.btf,
		     run->options.verbose > 1 ? stderr : NULL, err);

	/* As late as can be, so that a command's lifetime is its own. */
	if (r == 0 && run->options.command && !run->command.pid) {
		r = command_start(&run->command, run->options.command, options_as(&run->options),
				  err);
		*progress = r < 0 ? NO_COMMAND : *progress;
	}
	run->options.filter.command = (uint32_t)run->command.pid;
	if (r == 0)
		r = filter_fill(&run->options.filter, run->loaded, err);
	run->timings.load_ns = clock_monotonic_ns() - began;
	return r;
}

static int attach_object(struct run *run, struct error *err)
{
	uint64_t began = clock_monotonic_ns();
	int r = 0;

	if (run->tool->start)
		r = run->tool->start(run, err);
	/* Without tracefs only the hooks that need it fail. */
	if (r == 0)
		r = load_attach(run->loaded, run->kernel.tracefs, err);
	if (r == 0 && run->tool->live)
		r = run->tool->live(run, err);
	run->timings.attach_ns = clock_monotonic_ns() - began;
	return r;
}

static int try_way(struct run *run, const struct way *way, enum progress *progress,
		   struct error *err)
{
	struct plan plan = { .source = NULL };
	uint64_t began = clock_monotonic_ns();
	int r = make_plan(run, way, &plan, err);

	*progress = PLANNED;
	if (r == 0)
		r = make_object(run, &plan, err);
	if (r == 0) {
		*progress = COMPILED;
		run->timings.compile_ns = clock_monotonic_ns() - began;
		say_object(run, &plan, run->timings.compile_ns);
		r = load_object_of(run, source_parameters(plan.source), progress, err);
	}
	if (r == 0) {
		*progress = LOADED;
		r = attach_object(run, err);
	}
	source_free(plan.source);
	if (r < 0)
		run_detach(run);
	return r;
}

static bool is_wanted(const struct run *run, size_t way)
{
	return !run->tool->wants || run->tool->wants(run->state, way);
}

int run_attach(struct run *run, struct error *err)
{
	enum progress furthest = PLANNED;
	int r = -ENOTSUP;

	for (size_t i = 0; i < run->tool->nways; i++) {
		const struct way *way = &run->tool->ways[i];
		struct error failure = ERROR_INIT;
		enum progress progress;

		if (!is_wanted(run, i))
			continue;

		r = try_way(run, way, &progress, &failure);
		if (r == 0) {
			say(run, "attached by %s", way->name);
			error_clear(err); /* of the ways before */
			return 0;
		}
		say(run, "not by %s: %s", way->name, failure.text);
		if (!err->code || progress >= furthest) {
			error_clear(err);
			*err = failure;
			furthest = progress;
		} else {
			error_clear(&failure);
		}
		/* A program that does not compile is a fault of ours: another way must not hide it.
		 */
		if (progress == NO_COMMAND ||
		    (progress == PLANNED && r != -ENOTSUP && r != -ENOENT))
			break;
	}
	kernel_explain_refusal(err);
	return err->code;
}

/* What the report will lack for want of privilege. A command's processes are this user's own. */
static void say_lacking(const struct run *run, unsigned uses, const struct privileges *left)
{
	unsigned lacking = privileges_lacking(uses, left);

	if (run->options.quiet)
		return;
	if ((lacking & PRIVILEGE_TASKS) && !run->options.command)
		fprintf(stderr,
			"%s: calls that other users' processes still wait in at the end are not "
			"counted: it takes "
			"CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH\n",
			run->tool->name);
	if (lacking & PRIVILEGE_CGROUPS)
		fprintf(stderr, "%s: cgroups go by their ids: names take root\n", run->tool->name);
}

int run_drop_privileges(const struct run *run, struct error *err)
{
	unsigned uses = run->tool->uses ? run->tool->uses(run) : 0;
	struct privileges left;
	char text[256];
	int r;

	proc_keep();
	r = privileges_drop(run->options.command ? uses | PRIVILEGE_COMMAND : uses,
			    run->command.pid, &left, err);

	if (r < 0)
		return r;
	say(run, "keeps %s", privileges_text(&left, text, sizeof(text)));
	say_lacking(run, uses, &left);
	return 0;
}

void run_detach(struct run *run)
{
	if (run->loaded && run->tool->stop)
		run->tool->stop(run);
	unload(run->loaded);
	run->loaded = NULL;
	object_clear(&run->object);
}

const char *run_hooks_text(const struct run *run, char *buf, size_t size)
{
	size_t len = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < run->own_hooks && len < size; i++) {
		char name[HOOK_NAME_MAX];
		struct hook hook;

		hook_parse(&hook, run->object.programs[i].section);
		len += (size_t)snprintf(buf + len, size - len, "%s%s", len ? ", " : "",
					hook_name(&hook, name));
	}
	return buf;
}

static void print_source(const struct plan *plan, const char *text, FILE *out)
{
	const struct parameters *p = source_parameters(plan->source);

	for (size_t i = 0; i < p->count; i++)
		fprintf(out, "/* PARAMETER(%zu) is %llu in this run */\n", i,
			(unsigned long long)p->values[i]);
	fputs(text, out);
}

int run_print_source(struct run *run, FILE *out, struct error *err)
{
	int r = -ENOTSUP;

	for (size_t i = 0; r < 0 && i < run->tool->nways; i++) {
		struct plan plan = { .source = NULL };
		const char *text;

		if (!is_wanted(run, i))
			continue;
		error_clear(err);
		r = make_plan(run, &run->tool->ways[i], &plan, err);
		if (r == 0)
			r = source_text(plan.source, &text, err);
		if (r == 0)
			print_source(&plan, text, out);
		source_free(plan.source);
	}
	return r;
}

/* Of the hooks of programs/lib/follow.bpf.h those that end what is followed: what is skipped there
 * stays, and is not lost. */
static const char *const endings[] = { "raw_tracepoint__follow_began",
				       "raw_tracepoint__sched_process_free" };

/* Functions whose loss costs no event: the tool's, and the filter's. */
static void list_auxiliary(const struct run *run, const char *names[OBJECT_PROGRAMS_MAX])
{
	const char *const *own = run->tool->auxiliary ? run->tool->auxiliary(run->state) : NULL;
	size_t n = 0;

	for (; own && own[n]; n++)
		names[n] = own[n];
	for (size_t i = 0; i < array_size(endings); i++)
		names[n++] = endings[i];
	names[n] = NULL;
}

int run_drops(const struct run *run, struct drops *drops, struct error *err)
{
	const char *auxiliary[OBJECT_PROGRAMS_MAX];
	uint64_t counts[DROP_KINDS], missing, missed;
	int map = load_map(run->loaded, "drops");
	int r = map < 0 ? 0 : table_read_percpu(map, DROP_KINDS, 1, counts, err);

	memset(drops, 0, sizeof(*drops));
	if (r < 0 || map < 0)
		return r;
	list_auxiliary(run, auxiliary);
	r = load_missed(run->loaded, auxiliary, &missed);
	if (r < 0)
		return error_set(err, r, "asking the kernel how often it skipped a program: %s",
				 error_name(r));
	missing = counts[DROP_RETURNED] + run->waiting;
	missing = counts[DROP_ENTERED] > missing ? counts[DROP_ENTERED] - missing : 0;
	*drops = (struct drops){
		.map_full = counts[DROP_MAP_FULL],
		.buffer = counts[DROP_BUFFER],
		.unmatched = missing,
		.missed = missed,
		.unread = counts[DROP_UNREAD],
		.untimed = counts[DROP_UNTIMED],
		.lineage = counts[DROP_LINEAGE],
	};
	return 0;
}
