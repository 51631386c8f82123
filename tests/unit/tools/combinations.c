/* SPDX-License-Identifier: MIT */
/* The engine behind test_combinations_*.c: makes the jobs and compiles them. See combinations.h. */
#define _GNU_SOURCE
#include "combinations.h"

#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "compiler_child.h"
#include "compiling.h"
#include "group_by.h"

enum {
	JOBS_MAX = 2048,
	WORDS_MAX = 32, /* of a command line */
	WORKERS_MAX = 64,
};

/* Each filter on its own, pairs that share a helper or a variable, and all that go together. Words
 * are separated by spaces. */
#define LIVE "(live)" /* no words, but a live view */
static const char *const filters[] = {
	"",
	"-p 1 --descendants",
	"-p 1",
	"-- true",
	"-t 1",
	"--ppid 1 -u 0,1,2,3,4,5,6,7,8,9 -n [!a-c]*y??[0-9x]z -c / -- true",
	"--ppid 1",
	"--euid 0,33",
	"-u 0 --euid 1 --ppid 1 -n z* -- true",
	"-u 0,1,2,3,4,5,6,7,8,9",
	"-p 1 -t 1",
	"-n [!a-c]*y??[0-9x]z",
	"-p 1 -n z*",
	"-c /",
	"-u 0 -n z*",
	"-c / -- true",
	"--ppid 1 -c /",
	"-p 1 --descendants --ppid 1",
	"-p 1 -t 1 --ppid 1 -u 0 -n z* -c /",
	"-p !1 -t !1 --ppid !1 -u !0 --euid !0 -n !z* -n !y -c !/",
	"-p !1 --descendants",
	"-c / -c !/tmp -u 0,!1 -n z* -n !zz*",
	"--self",
	LIVE,
};

static struct job jobs[JOBS_MAX];
static uint64_t texts[JOBS_MAX];
static size_t njobs;

/* ---- from a command line to a plan ---- */

void job_open(struct job *job)
{
	char tool[] = "tool", *argv[WORDS_MAX + 1] = { tool }, *rest = job->words;
	struct error err = ERROR_INIT;
	int argc = 1;

	bool is_live = strcmp(job->filter, LIVE) == 0;

	snprintf(job->words, sizeof(job->words), "%s %s", job->line, is_live ? "" : job->filter);
	for (char *word; (word = strsep(&rest, " "));)
		if (word[0])
			argv[argc++] = word;
	argv[argc] = NULL;
	job->tool_options = calloc(1, suite.tool.options->size);
	assert_non_null(job->tool_options);
	if (options_parse(&job->options, &suite.tool, job->tool_options, argc, argv, &err) < 0)
		fail_msg("'%s %s': %s", job->line, job->filter, err.text);
	job->options.filter.starts_views = is_live;
	made_up_kernel_use(job->made_up, &job->kernel);
}

void job_close(struct job *job)
{
	options_clear(&job->options);
	if (suite.tool.options->clear)
		suite.tool.options->clear(job->tool_options);
	free(job->tool_options);
	job->tool_options = NULL;
}

int job_plan(const struct job *job, struct plan *plan, struct error *err)
{
	const struct plan_input in = {
		.kernel = &job->kernel,
		.filter = &job->options.filter,
		.options = job->tool_options,
		.command = job->options.command != NULL,
	};

	return plan_make(job->set, &in, plan, err);
}

/* ---- which jobs there are ---- */

static bool is_known(uint64_t text)
{
	for (size_t i = 0; i < njobs; i++)
		if (texts[i] == text)
			return true;
	return false;
}

static uint64_t hash_of(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
	return hash;
}

/* What the program says; 0 when the kernel or the options rule this probe set out. */
static uint64_t text_of(const struct job *job)
{
	size_t number = (size_t)(job->set - suite.tool.probe_sets);
	struct plan plan = { .source = NULL };
	struct error err = ERROR_INIT;
	const char *text;
	uint64_t hash = 0;
	int r;

	if (suite.tool.allows_probe_set && !suite.tool.allows_probe_set(job->tool_options, number))
		return 0;
	r = job_plan(job, &plan, &err);
	if (r < 0 && r != -ENOTSUP && r != -ENOENT)
		fail_msg("'%s %s' on %s by %s: %s", job->line, job->filter, job->made_up->name,
			 job->set->name, err.text);
	if (r == 0) {
		assert_int_equal(program_text_resolved(plan.source, &text, &err), 0);
		hash = hash_of(text);
	}
	program_text_free(plan.source);
	error_clear(&err);
	return hash;
}

/* Return: false: there is no such program. A program that is there already is not added again. */
static bool add_job(size_t line, size_t filter, size_t made_up, size_t set)
{
	struct job job = {
		.line = suite.lines[line],
		.filter = filters[filter % COUNT(filters)],
		.made_up = &made_up_kernels[made_up % MADE_UP_KERNELS],
		.set = &suite.tool.probe_sets[set],
	};
	uint64_t text;

	job_open(&job);
	text = text_of(&job);
	job_close(&job);
	if (text && !is_known(text)) {
		assert_true(njobs < JOBS_MAX);
		texts[njobs] = text;
		jobs[njobs++] = job;
	}
	return text;
}

/* The first of these kernels on which the probe set works. */
static void add_with_some_kernel(size_t line, size_t filter, size_t made_up, size_t set)
{
	for (size_t i = 0; i < MADE_UP_KERNELS; i++)
		if (add_job(line, filter, made_up + i, set))
			return;
}

/* The first of these probe sets that works on the kernel. */
static void add_with_some_set(size_t line, size_t filter, size_t made_up, size_t set)
{
	for (size_t i = 0; i < suite.tool.nprobe_sets; i++)
		if (add_job(line, filter, made_up, (set + i) % suite.tool.nprobe_sets))
			return;
}

/*
 * All of everything would be many thousands. Instead each line meets each probe set, each filter
 * meets every third kernel, and the last line, which has everything, meets each probe set on each
 * kernel. What else they are combined with changes from one to the next.
 */
static void add_all(void)
{
	size_t turn = 0;

	for (size_t line = 0; line < suite.nlines; line++)
		for (size_t set = 0; set < suite.tool.nprobe_sets; set++)
			add_with_some_kernel(line, line, line, set);
	for (size_t filter = 0; filter < COUNT(filters); filter++)
		for (size_t i = filter % 3; i < MADE_UP_KERNELS; i += 3, turn++)
			add_with_some_set(turn % suite.nlines, filter, i, turn);
	for (size_t set = 0; set < suite.tool.nprobe_sets; set++)
		for (size_t i = 0; i < MADE_UP_KERNELS; i++, turn++)
			add_job(suite.nlines - 1, turn, i, set);
}

size_t jobs_each(void (*visit)(const struct job *job))
{
	for (size_t i = 0; i < njobs; i++) {
		job_open(&jobs[i]);
		visit(&jobs[i]);
		job_close(&jobs[i]);
	}
	return njobs;
}

/* ---- compiling them ---- */

static int run_job(struct job *job)
{
	struct plan plan = { .source = NULL };
	struct object o = { .nmaps = 0 };
	struct error err = ERROR_INIT;
	int failed;

	job_open(job);
	failed = job_plan(job, &plan, &err) < 0 ||
		 compile(plan.source, plan.hooks, plan.nhooks, &o, &err) < 0;
	failed = failed ? complain(job, err.text, err.detail) : check_object(job, &o, &plan);
	object_clear(&o);
	error_clear(&err);
	program_text_free(plan.source);
	job_close(job);
	return failed;
}

/* The jobs of one worker out of @workers. Return: how many failed; it gives up early. */
static int run_share(size_t worker, size_t workers)
{
	int bad = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = worker; i < njobs && bad < 5; i += workers)
		bad += run_job(&jobs[i]);
	return bad;
}

/*
 * Each program compiles and is what its plan says. Compiling takes one CPU and a process without
 * threads, so there is a process for each CPU.
 */
static void test_combinations(void **state)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	size_t workers = cpus < 1 ? 1 : cpus > WORKERS_MAX ? WORKERS_MAX : (size_t)cpus;
	pid_t children[WORKERS_MAX];
	bool failed = false;

	(void)state;
	/* So that those who compile need not, which is a third of their time. When there is no
	 * library, the compiler says what is wrong. */
	assert_non_null(dlopen(COMPILER_LIBRARY, RTLD_NOW | RTLD_LOCAL));
	fflush(NULL);
	for (size_t w = 0; w < workers; w++) {
		children[w] = fork();
		assert_true(children[w] >= 0);
		if (children[w] == 0)
			_exit(run_share(w, workers));
	}
	for (size_t w = 0; w < workers; w++) {
		int status;

		assert_int_equal(waitpid(children[w], &status, 0), children[w]);
		failed |= status != 0;
	}
	print_message("%zu combinations\n", njobs);
	assert_false(failed);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_programs),
		cmocka_unit_test(test_all_answers),
		cmocka_unit_test(test_combinations),
	};

	setenv("PATH", "/usr/bin:/bin", 1);
	become_nobody();
	add_all();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
