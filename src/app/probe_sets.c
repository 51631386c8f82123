/* SPDX-License-Identifier: MIT */
/*
 * From a tool's probe sets to attached programs: try one after the other, each from its plan to its
 * last hook, until one can be attached. See session.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blob_cache.h"
#include "cleanup.h"
#include "clock.h"
#include "compiler.h"
#include "given_program.h"
#include "hooks_text.h"
#include "own_tasks.h"
#include "permission.h"
#include "session.h"

/*
 * How far a probe set came before it failed. The failure to show is the last one of those that came
 * furthest. Without its COMMAND no other probe set would do better.
 */
enum progress { PLANNED, COMPILED, LOADED, NO_COMMAND };

void session_say(const struct session *s, const char *fmt, ...)
{
	va_list ap;

	if (!s->options.verbose)
		return;
	va_start(ap, fmt);
	fprintf(stderr, "%s: ", s->tool->name);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
}

/* What this run asks of a plan. */
static struct plan_input input_of(const struct session *s)
{
	return (struct plan_input){
		.kernel = &s->kernel,
		.filter = &s->options.filter,
		.options = s->tool_options,
		.command = s->options.command != NULL,
	};
}

/* The object of a plan: from the cache, or from the compiler. */
static int make_object(struct session *s, const struct plan *plan, struct error *err)
{
	cleanup_close int cache = s->options.no_cache ? -1 : blob_cache_open();
	struct blob output = { .bytes = NULL };
	const char *text;
	/* The whole text says as much as this run's part of it, and a hit need not resolve it. */
	int r = program_text_whole(plan->source, &text, err);

	if (r < 0)
		return r;
	s->timings.cached = cache >= 0 && blob_cache_find(cache, text, &output);
	if (!s->timings.cached) {
		r = compiler_compile(plan->source, plan->hooks, plan->nhooks, &output, err);
		if (r == 0 && cache >= 0 && output.origin_len)
			blob_cache_keep(cache, text, &output);
	}
	if (r == 0)
		r = object_read(&s->object, output.bytes, output.len, err);
	blob_clear(&output);
	return r;
}

static void say_object(const struct session *s, const struct plan *plan)
{
	session_say(s, "%s %s in %.1f ms: %zu maps, %zu programs",
		    s->timings.cached ? "took from the cache" : "compiled",
		    program_text_name(plan->source), (double)s->timings.compile_ns / 1e6,
		    s->object.nmaps, s->object.nprograms);
	for (size_t i = 0; i < s->object.nprograms; i++) {
		char section[HOOK_NAME_MAX];

		session_say(s, "  %s: %zu instructions",
			    hook_section(&s->object.programs[i].hook, section),
			    s->object.programs[i].ninsns);
	}
}

static int compile_given(struct program_text *source, const struct plan *plan, struct blob *output,
			 struct error *err)
{
	int r;

	for (size_t i = 0; i < plan->nhooks; i++)
		program_text_function(source, plan->hooks[i].function);
	r = compiler_compile(source, plan->hooks, plan->nhooks, output, err);
	if (r == -ECHILD && !err->hint[0])
		error_hint(err, GIVEN_PROGRAM_HINT);
	return r;
}

/* --program: the reader's text in place of the plan's, which is compiled for its maps. */
static int replace_object(struct session *s, const struct plan *plan, struct error *err)
{
	const char *path = s->options.program_path;
	struct program_text *source = NULL;
	struct blob output = { .bytes = NULL };
	struct map_list needs;
	int r = program_text_new_given(&source, path, s->given_program, err);

	if (r == 0)
		r = compile_given(source, plan, &output, err);
	if (r == 0) {
		given_program_maps(&s->object, &needs);
		object_clear(&s->object);
		r = object_read(&s->object, output.bytes, output.len, err);
	}
	if (r == 0)
		r = given_program_fits(path, &needs, &s->object, err);
	blob_clear(&output);
	program_text_free(source);
	return r;
}

static int compile_plan(struct session *s, const struct plan *plan, uint64_t began_ns,
			struct error *err)
{
	int r = make_object(s, plan, err);

	if (r == 0 && s->given_program)
		r = replace_object(s, plan, err);
	s->timings.compile_ns = clock_monotonic_ns() - began_ns;
	if (r == 0)
		say_object(s, plan);
	return r;
}

/* As late as can be, so that a command's lifetime is its own. */
static int start_command(struct session *s, struct error *err)
{
	if (!s->options.command || s->command.pid)
		return 0;
	return command_start(&s->command, s->options.command, options_as(&s->options), err);
}

/* The program has to know the helpers' ids. */
static int start_helpers(struct session *s, const struct plan *plan, struct error *err)
{
	int r = session_start_helpers(s, plan->counts_entries, err);

	if (r < 0 || plan->own_tasks < 0)
		return r;
	r = session_own_tasks(s, s->own, err);
	s->nown = r < 0 ? 0 : (size_t)r;
	if (r > 0)
		own_tasks_set(plan->source, plan->own_tasks, s->own, s->nown);
	return r < 0 ? r : 0;
}

static int load_object_of(struct session *s, const struct plan *plan, enum progress *progress,
			  struct error *err)
{
	FILE *log = s->options.verbose > 1 ? stderr : NULL;
	uint64_t began_ns = clock_monotonic_ns();
	int r = start_helpers(s, plan, err);

	if (r == 0)
		r = loader_load(&s->loaded, &s->object, program_text_parameters(plan->source),
				s->kernel.btf, log, err);
	if (r == 0) {
		r = start_command(s, err);
		*progress = r < 0 ? NO_COMMAND : *progress;
	}
	if (r == 0)
		r = filter_fill(&s->options.filter, (uint32_t)s->command.pid, s->loaded, err);
	s->timings.load_ns = clock_monotonic_ns() - began_ns;
	return r;
}

/* The collector that reads what this plan's programs count. */
static int make_collector(struct session *s, const struct plan *plan, struct error *err)
{
	memcpy(s->timing_only, plan->timing_only, sizeof(plan->timing_only));
	s->timing_only[plan->ntiming_only] = NULL;
	memcpy(s->without, plan->without, sizeof(plan->without));
	s->nwithout = plan->nwithout;
	s->trace = (struct trace){
		.kernel = &s->kernel,
		.filter = &s->options.filter,
		.loaded = s->loaded,
		.report = s->report,
		.command = (uint32_t)s->command.pid,
		.counts_entries = plan->counts_entries,
	};
	s->collector = s->tool->collector(s->tool_options);
	if (!s->collector)
		return error_nomem(err);
	s->collector->privileges_needed = s->privileges_needed;
	return s->collector->ops->start(s->collector, &s->trace, err);
}

static int attach_object(struct session *s, const struct plan *plan, struct error *err)
{
	uint64_t began_ns = clock_monotonic_ns();
	int r = make_collector(s, plan, err);

	/* Without tracefs only the hooks that need it fail. */
	if (r == 0)
		r = loader_attach(s->loaded, s->kernel.tracefs, err);
	if (r == 0)
		r = s->collector->ops->enable(s->collector, err);
	s->timings.attach_ns = clock_monotonic_ns() - began_ns;
	return r;
}

static int try_probe_set(struct session *s, const struct probe_set *set, enum progress *progress,
			 struct error *err)
{
	const struct plan_input in = input_of(s);
	struct plan plan = { .source = NULL };
	uint64_t began_ns = clock_monotonic_ns();
	int r = plan_make(set, &in, &plan, err);

	*progress = PLANNED;
	if (r == 0 && s->given_program) {
		r = given_program_defines(s->options.program_path, s->given_program, plan.hooks,
					  plan.nhooks, err);
		*progress = r == 0 ? COMPILED : PLANNED;
	}
	s->own_hooks = plan.own_hooks;
	if (r == 0)
		r = compile_plan(s, &plan, began_ns, err);
	if (r == 0) {
		*progress = COMPILED;
		r = load_object_of(s, &plan, progress, err);
	}
	if (r == 0) {
		*progress = LOADED;
		r = attach_object(s, &plan, err);
	}
	program_text_free(plan.source);
	if (r < 0)
		session_detach(s);
	return r;
}

static bool is_allowed(const struct session *s, size_t number)
{
	return !s->tool->allows_probe_set || s->tool->allows_probe_set(s->tool_options, number);
}

/* The list that the `Tracing` line may have had no room for. */
static void say_attached(const struct session *s, const struct probe_set *set)
{
	char hooks[2048];

	session_say(s, "attached by %s: %s", set->name,
		    hooks_text(&s->object, s->own_hooks, hooks, sizeof(hooks)));
}

static int attach_first(struct session *s, struct error *err)
{
	enum progress furthest = PLANNED;
	int r = -ENOTSUP;

	for (size_t i = 0; i < s->tool->nprobe_sets; i++) {
		const struct probe_set *set = &s->tool->probe_sets[i];
		struct error failure = ERROR_INIT;
		enum progress progress;

		if (!is_allowed(s, i))
			continue;
		r = try_probe_set(s, set, &progress, &failure);
		if (r == 0) {
			say_attached(s, set);
			error_clear(err); /* of the probe sets before */
			return 0;
		}
		session_say(s, "not by %s: %s", set->name, failure.text);
		if (!err->code || progress >= furthest) {
			error_clear(err);
			*err = failure;
			furthest = progress;
		} else {
			error_clear(&failure);
		}
		/* A program that does not compile is a fault of ours: no other may hide it. The
		 * reader's program is for the first probe set whose functions it has. */
		if (progress == NO_COMMAND || (s->given_program && progress > PLANNED) ||
		    (progress == PLANNED && r != -ENOTSUP && r != -ENOENT))
			break;
	}
	permission_explain_refusal(err);
	return err->code;
}

int session_attach(struct session *s, struct error *err)
{
	const char *path = s->options.program_path;
	int r = path ? given_program_read(path, &s->given_program, err) : 0;

	if (r == 0)
		r = attach_first(s, err);
	free(s->given_program);
	s->given_program = NULL;
	return r;
}

void session_detach(struct session *s)
{
	if (s->collector)
		s->collector->ops->free(s->collector);
	s->collector = NULL;
	loader_unload(s->loaded);
	s->loaded = NULL;
	object_clear(&s->object);
}

static void print_program(const struct plan *plan, const char *text, FILE *out)
{
	const struct parameters *p = program_text_parameters(plan->source);

	for (size_t i = 0; i < p->count; i++)
		fprintf(out, "/* PARAMETER(%zu) is %llu in this run */\n", i,
			(unsigned long long)p->values[i]);
	fputs(text, out);
}

/* The first probe set that is possible here. @failed: gets a line for each before it; or NULL */
static int first_possible(const struct session *s, struct plan *plan, FILE *failed,
			  struct error *err)
{
	const struct plan_input in = input_of(s);
	int r = -ENOTSUP;

	for (size_t i = 0; r < 0 && i < s->tool->nprobe_sets; i++) {
		const struct probe_set *set = &s->tool->probe_sets[i];

		if (!is_allowed(s, i))
			continue;
		program_text_free(plan->source);
		*plan = (struct plan){ .source = NULL };
		error_clear(err);
		r = plan_make(set, &in, plan, err);
		if (r < 0 && failed)
			fprintf(failed, "%s: %s\n", set->name, err->text);
	}
	return r;
}

int session_print_program(const struct session *s, FILE *out, struct error *err)
{
	struct plan plan = { .source = NULL };
	const char *text;
	int r = first_possible(s, &plan, NULL, err);

	if (r == 0)
		r = program_text_resolved(plan.source, &text, err);
	if (r == 0)
		print_program(&plan, text, out);
	program_text_free(plan.source);
	return r;
}

int session_plan_only(struct session *s, FILE *program, FILE *failed, struct error *err)
{
	struct plan plan = { .source = NULL };
	const char *text;
	int r = first_possible(s, &plan, failed, err);

	s->own_hooks = plan.own_hooks;
	if (r == 0)
		r = program_text_resolved(plan.source, &text, err);
	if (r == 0) {
		print_program(&plan, text, program);
		r = make_object(s, &plan, err);
	}
	program_text_free(plan.source);
	return r;
}
