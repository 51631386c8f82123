/* SPDX-License-Identifier: MIT */
/*
 * The whole life of a tool: command line, attach, report until something ends it, detach, sum up.
 * What is special to a tool comes from its struct tool.
 */
#define _GNU_SOURCE
#include "session.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "blob_cache.h"
#include "check.h"
#include "cleanup.h"
#include "clock.h"
#include "escape.h"
#include "event_loop.h"
#include "live_view.h"
#include "memstream.h"
#include "number.h"
#include "permission.h"
#include "stats.h"
#include "version.h"

enum exit_status {
	EXIT_OK = 0,
	EXIT_RUNTIME = 1,
	EXIT_USAGE = 2,
};

enum {
	GATHER_NS = 1000000000,
};

/* A run, its live view if there is one, and where its failure goes: what the loop's callbacks get.
 */
struct live {
	struct run *run;
	struct live_view *view;
	struct error *err;
};

static int on_tick(void *context)
{
	struct live *live = context;
	struct run *run = live->run;

	live_tick(live->view);
	return run->options.shape.streaming ? run->tool->data(run)
					    : run_close_interval(run, false, live->err);
}

static int on_data(void *context)
{
	struct live *live = context;

	return live->run->tool->data(live->run);
}

static int on_gather(void *context)
{
	struct live *live = context;

	return live->run->tool->gather(live->run, live->err);
}

/* Only where reports are further apart than that. */
static uint64_t gather_ns(const struct run *run)
{
	const struct options *o = &run->options;
	bool often = o->interval_ns && o->interval_ns <= GATHER_NS;

	return run->tool->gather && !o->shape.streaming && !often ? GATHER_NS : 0;
}

static int loop(struct run *run, int signals, struct error *err)
{
	const struct tool *tool = run->tool;
	struct live_view view = LIVE_VIEW_INIT;
	struct live live = { run, &view, err };
	struct loop_setup setup = {
		.interval_ns =
			run->options.shape.streaming ? tool->tick_ns : run->options.interval_ns,
		.gather_ns = gather_ns(run),
		.duration_ns = run->options.duration_ns,
		.ended = run->command.pidfd,
		.watch = STDOUT_FILENO,
		.tick = on_tick,
		.gather = on_gather,
		.data = on_data,
		.context = &live,
	};
	int r;

	if (tool->fds)
		setup.nfds = tool->fds(run, &setup.fds);
	/* A command may read standard input itself. */
	r = live_is_wanted(&run->options)
		    ? live_begin(&view, run->report, !run->options.command, err)
		    : 0;
	setup.sources = view.sources;
	setup.nsources = view.nsources;
	if (r == 0)
		r = loop_run(&setup, signals, err);
	live_end(&view);
	if (r < 0)
		return run_failed(r, err);
	return r == LOOP_PIPE ? error_set(err, -EPIPE, "writing output: EPIPE") : r;
}

static void say_left(const struct run *run, const char *command)
{
	fprintf(stderr, "%s: ", run->tool->name);
	escape_print(stderr, command);
	fputs(" does not end, and goes on\n", stderr);
}

/* From live probes to the last line. *@status: the command's, when there is one. */
static int trace(struct run *run, int signals, int *status, struct error *err)
{
	char *const *command = run->options.command;
	bool terminate;
	int ended, r;

	run->started_ns = run->interval_began_ns = clock_monotonic_ns();
	run->interval = 1;
	r = run_announce(run);
	if (r < 0)
		return run_failed(r, err);
	if (command)
		r = command_release(&run->command, command[0], status, err);
	if (r < 0)
		return r;
	ended = loop(run, signals, err);
	terminate = ended != LOOP_ENDED;
	run->interrupted = ended == LOOP_SIGNAL;
	if (ended < 0)
		return ended;
	r = run->tool->halt ? run->tool->halt(run, err) : 0;
	if (r < 0)
		return r;
	load_detach(run->loaded);
	r = run_sum_up(run, err);
	run_say_drops(run);
	if (command && !command_finish(&run->command, terminate, status))
		say_left(run, command[0]);
	return r;
}

static int start_and_trace(struct run *run, int *status, struct error *err)
{
	const struct options *o = &run->options;
	cleanup_close int stats = -1;
	cleanup_close int signals = -1;
	int r = kernel_can_load(err);

	if (r == 0)
		r = kernel_count_cpus(err);
	if (r == 0 && o->command)
		r = command_find(o->command[0], options_as(o), status, err);
	if (r < 0)
		return r;
	if (o->stats)
		stats = load_enable_stats();
	r = run_open_report(run, err);
	if (r < 0)
		return r;
	signals = loop_signals(err);
	if (signals < 0)
		return signals;
	r = run_attach(run, err);
	/* The kernel's types have served; they are most of the memory. */
	btf_kernel_free(run->kernel.btf);
	run->kernel.btf = NULL;
	if (r == 0)
		r = filter_still_there(&o->filter, err);
	if (r == 0)
		r = run_drop_privileges(run, err);
	if (r == 0)
		r = trace(run, signals, status, err);
	if (r == 0 && o->stats)
		stats_print(run, stderr);
	return r;
}

/* A reader that has closed the pipe has what it wanted. */
static int status_of(const struct run *run, int r, int status, const struct error *err)
{
	if (r >= 0)
		return status;
	if (r == -EPIPE)
		return EXIT_OK;
	error_print(err, run->tool->name, stderr);
	return status ? status : EXIT_RUNTIME;
}

static void clear_cache(FILE *out)
{
	cleanup_close int dir = cache_open();

	if (dir < 0)
		fprintf(out, "there is no cache for this user\n");
	else
		fprintf(out, "removed %u compiled programs\n", cache_clear(dir));
}

/* What was asked for instead of a run. *@status: the exit status when it can be written */
static int print_answer(struct run *run, FILE *out, int *status, struct error *err)
{
	if (run->options.help)
		options_help(run->tool, out);
	else if (run->options.version)
		fprintf(out, "%s %s\n", run->tool->name, TOOLS_VERSION);
	else if (run->options.clear_cache)
		clear_cache(out);
	else if (run->options.check)
		*status = check_print(run, out);
	else
		return run_print_source(run, out, err);
	return 0;
}

/* Into memory first: when the stream itself runs full in between, its errno is gone by the time
 * somebody asks. */
static int print_and_exit(struct run *run, struct error *err)
{
	cleanup_free char *text = NULL;
	size_t len = 0;
	int status = EXIT_OK, r;
	FILE *out = text_stream(&text, &len);

	if (!out)
		return status_of(run, error_nomem(err), EXIT_OK, err);
	r = print_answer(run, out, &status, err);
	if (fclose(out) != 0 && r == 0)
		r = error_nomem(err);
	if (r == 0)
		r = run_write(text, len, err);
	return status_of(run, r, status, err);
}

static int usage(const struct tool *tool, const struct error *err)
{
	error_print(err, tool->name, stderr);
	fprintf(stderr, "Try '%s --help'\n", tool->name);
	return EXIT_USAGE;
}

static int run_tool(struct run *run, int argc, char **argv, struct error *err)
{
	const struct options *o = &run->options;
	int status = EXIT_OK, r;

	if (options_parse(&run->options, run->tool, run->state, argc, argv, err) < 0)
		return usage(run->tool, err);
	/* To look at the kernel takes 20 ms: not for those who only ask something of the tool. */
	if (o->help || o->version || o->clear_cache)
		return print_and_exit(run, err);
	r = run->tool->print ? run->tool->print(run, err) : 0;
	if (r)
		return status_of(run, r, EXIT_OK, err);
	r = kernel_open(&run->kernel, !run->options.no_cache, err);
	if (r < 0)
		return status_of(run, r, EXIT_RUNTIME, err);
	if (o->check || o->ebpf)
		return print_and_exit(run, err);
	r = start_and_trace(run, &status, err);
	return status_of(run, r, status, err);
}

/*
 * A closed standard descriptor would be taken by the next file that is opened, and written to.
 * Return: whether there is a standard output.
 */
static bool standard_descriptors(void)
{
	bool output = fcntl(STDOUT_FILENO, F_GETFD) >= 0;
	int fd;

	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
	return output;
}

int tool_main(const struct tool *tool, int argc, char **argv)
{
	struct run run = { .tool = tool, .command = COMMAND_INIT, .kernel = { .tracefs = -1 } };
	struct error err = ERROR_INIT;
	int status = EXIT_RUNTIME, unused;

	loop_signals_begin();
	/* It would say on standard error, in lines of its own, what an error says in one. */
	libbpf_set_print(NULL);
	if (!standard_descriptors()) {
		fprintf(stderr, "%s: standard output is closed\n", tool->name);
		return EXIT_RUNTIME;
	}
	run.state = calloc(1, tool->state_size + 1);
	if (run.state)
		status = run_tool(&run, argc, argv, &err);
	else
		status = status_of(&run, error_nomem(&err), status, &err);
	run_detach(&run);
	command_finish(&run.command, true, &unused);
	report_free(run.report);
	kernel_close(&run.kernel);
	options_clear(&run.options);
	if (run.state && tool->clear)
		tool->clear(run.state);
	free(run.state);
	error_clear(&err);
	return status;
}
