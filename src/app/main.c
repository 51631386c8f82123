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
#include <sys/prctl.h>

#include "answers.h"
#include "cleanup.h"
#include "clock.h"
#include "escape.h"
#include "event_loop.h"
#include "inspector.h"
#include "live_view.h"
#include "number.h"
#include "permission.h"
#include "report_file.h"
#include "resource_limits.h"
#include "sanitizer.h"
#include "stats.h"

enum exit_status {
	EXIT_OK = 0,
	EXIT_RUNTIME = 1,
	EXIT_USAGE = 2,
};

enum {
	POLL_NS = 1000000000, /* within longer intervals */
};

/* What the loop's callbacks get: the run, its live view, and where a failure goes. */
struct live {
	struct session *session;
	struct live_view *view;
	struct error *err;
};

static bool is_stream(const struct session *s)
{
	return s->options.report.layout.streaming;
}

static void say_notice(const struct session *s, struct collector *collector)
{
	/* A line would spoil a live view. */
	if (!s->options.quiet && !live_is_wanted(&s->options))
		fprintf(stderr, "%s: %s\n", s->tool->name, collector->notice);
	collector->has_notice = false;
}

static int on_poll(void *context)
{
	struct live *live = context;
	struct collector *collector = live->session->collector;
	int r = collector->ops->poll(collector, live->err);

	if (collector->has_notice)
		say_notice(live->session, collector);
	return r;
}

static int on_tick(void *context)
{
	struct live *live = context;

	live_tick(live->view);
	return is_stream(live->session) ? on_poll(context)
					: session_close_interval(live->session, live->err);
}

/* Only where reports are further apart than that. */
static uint64_t poll_ns(const struct session *s)
{
	const struct options *o = &s->options;
	bool often = o->interval_ns && o->interval_ns <= POLL_NS;

	return is_stream(s) || often ? 0 : POLL_NS;
}

static int loop(struct session *s, int signals, struct error *err)
{
	const struct options *o = &s->options;
	struct live_view view = LIVE_VIEW_INIT;
	struct live live = { s, &view, err };
	struct loop_setup setup = {
		.interval_ns = is_stream(s) ? s->collector->tick_ns : o->interval_ns,
		.gather_ns = poll_ns(s),
		.duration_ns = o->duration_ns,
		.ended = s->command.pidfd,
		.watch = STDOUT_FILENO,
		.fds = s->collector->fds,
		.nfds = s->collector->nfds,
		.sources = { &view.sources[LIVE_KEYS], &view.sources[LIVE_CHANGE],
			     &view.sources[LIVE_ANSWER], &s->named.source },
		.tick = on_tick,
		.gather = on_poll,
		.data = on_poll,
		.context = &live,
	};
	int r = 0;

	if (live_is_wanted(o))
		r = live_begin(&view, s, &setup.interval_ns, err);
	if (r == 0)
		r = loop_run(&setup, signals, err);
	live_end(&view);
	if (r < 0)
		return session_failed(r, err);
	return r == LOOP_PIPE
		       ? error_set(err, -EPIPE, "cannot write the report: %s", error_words(EPIPE))
		       : r;
}

static void say_left(const struct session *s, const char *command)
{
	fprintf(stderr, "%s: ", s->tool->name);
	escape_print(stderr, command);
	fputs(" does not end, and goes on\n", stderr);
}

/* Return: the exit status of the run. */
static int status_is_kept(const struct session *s, const char *command)
{
	fprintf(stderr, "%s: ", s->tool->name);
	escape_print(stderr, command);
	fputs(" has ended, but another process traces it and keeps its exit status\n", stderr);
	return EXIT_FAILURE;
}

/* Why the run is over, when neither a person nor the clock ended it. */
static void say_ended(const struct session *s)
{
	char text[96];

	if (s->named.count)
		fprintf(stderr, "%s: %s\n", s->tool->name,
			named_tasks_text(&s->named, text, sizeof(text)));
}

/* From live probes to the last line. *@status: the command's, when there is one. */
static int trace(struct session *s, int signals, int *status, struct error *err)
{
	char *const *command = s->options.command;
	bool terminate;
	int ended, r;

	loop_signals_stage(s->tool->name, LOOP_REPORTING, EXIT_RUNTIME);
	s->trace.began_ns = s->interval_began_ns = clock_monotonic_ns();
	s->interval = 1;
	r = session_announce(s);
	if (r < 0)
		return session_failed(r, err);
	if (command)
		r = command_release(&s->command, command[0], status, err);
	if (r < 0)
		return r;
	ended = loop(s, signals, err);
	terminate = ended != LOOP_ENDED;
	s->trace.interrupted = ended == LOOP_SIGNAL || (ended == LOOP_ENDED && !command);
	if (ended < 0)
		return ended;
	r = s->collector->ops->disable(s->collector, err);
	if (r < 0)
		return r;
	loader_detach(s->loaded);
	r = session_sum_up(s, err);
	if (ended == LOOP_ENDED)
		say_ended(s);
	session_say_drops(s);
	if (command && !command_finish(&s->command, terminate, status))
		say_left(s, command[0]);
	if (command && *status == COMMAND_STATUS_UNKNOWN)
		*status = status_is_kept(s, command[0]);
	return r;
}

/* Of --report, when that names one. Nobody but a COMMAND needs standard output then. */
static int open_file(struct session *s, struct error *err)
{
	const struct options *o = &s->options;
	int r = 0;

	if (!report_file_is_stdout(o->report_path))
		r = report_file_open(o->report_path, &s->command.output, err);
	if (!o->command && s->command.output >= 0)
		close(steal_fd(&s->command.output));
	return r;
}

static int start_and_trace(struct session *s, int *status, struct error *err)
{
	const struct options *o = &s->options;
	cleanup_close int stats = -1;
	cleanup_close int signals = -1;
	int r = permission_to_load(err);

	if (r == 0)
		r = kernel_count_cpus(err);
	if (r == 0 && o->command)
		r = command_find(o->command[0], options_as(o), status, err);
	if (r < 0)
		return r;
	if (o->stats)
		stats = loader_enable_stats();
	r = open_file(s, err);
	if (r == 0)
		r = session_open_report(s, err);
	if (r < 0)
		return r;
	signals = loop_signals(err);
	if (signals < 0)
		return signals;
	loop_signals_stage(s->tool->name, LOOP_STARTING, EXIT_RUNTIME);
	r = session_attach(s, err);
	/* The kernel's types have served; they are most of the memory. */
	btf_kernel_free(s->kernel.btf);
	s->kernel.btf = NULL;
	found_offsets_close(s->kernel.found);
	s->kernel.found = NULL;
	if (r == 0)
		r = named_tasks_open(&s->named, &o->filter, filter_followed(s->loaded), err);
	if (r == 0)
		r = filter_still_there(&o->filter, err);
	if (r == 0)
		r = session_drop_privileges(s, err);
	if (r == 0)
		r = trace(s, signals, status, err);
	if (r == 0 && o->stats)
		stats_print(s, stderr);
	loop_signals_stage(s->tool->name, LOOP_REPORTED, r < 0 ? EXIT_RUNTIME : *status);
	return r;
}

/* A reader that has closed the pipe has what it wanted. */
static int status_of(const struct session *s, int r, int status, const struct error *err)
{
	if (r >= 0)
		return status;
	if (r == -EPIPE)
		return EXIT_OK;
	error_print(err, s->tool->name, stderr);
	return status ? status : EXIT_RUNTIME;
}

static int print_and_exit(struct session *s, struct error *err)
{
	int status = EXIT_OK, r = answers_print(s, &status, err);

	return status_of(s, r, status, err);
}

static int usage(const struct tool *tool, const struct error *err)
{
	error_print(err, tool->name, stderr);
	fprintf(stderr, "Try '%s --help'\n", tool->name);
	return EXIT_USAGE;
}

static int run_tool(struct session *s, int argc, char *const *argv, struct error *err)
{
	const struct options *o = &s->options;
	const struct tool *tool = s->tool;
	int status = EXIT_OK, r;

	if (options_parse(&s->options, tool, s->tool_options, argc, argv, err) < 0)
		return usage(tool, err);
	/* To look at the kernel takes 20 ms: not for those who only ask something of the tool. */
	if (o->help || o->version || o->clear_cache)
		return print_and_exit(s, err);
	r = tool->answer ? tool->answer(s->tool_options, o, err) : 0;
	if (r)
		return status_of(s, r, EXIT_OK, err);
	if (live_is_wanted(o) && !options_are_question(o))
		subview_start(&s->subviews, s, argc, argv);
	s->options.filter.starts_views = s->subviews.opener.pid && tool->subviews;
	r = resource_limits_check(err);
	if (r == 0)
		r = kernel_open(&s->kernel, !o->no_cache, err);
	if (r < 0)
		return status_of(s, r, EXIT_RUNTIME, err);
	if (options_are_question(o))
		return print_and_exit(s, err);
	r = start_and_trace(s, &status, err);
	return status_of(s, r, status, err);
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

static void close_session(struct session *s)
{
	int unused;

	subview_stop(&s->subviews);
	if (s->command.output >= 0)
		close(steal_fd(&s->command.output));
	named_tasks_close(&s->named);
	session_detach(s);
	inspector_stop();
	command_finish(&s->command, true, &unused);
	report_free(s->report);
	kernel_close(&s->kernel);
	options_clear(&s->options);
	if (s->tool_options && s->tool->options->clear)
		s->tool->options->clear(s->tool_options);
	free(s->tool_options);
}

/*
 * What libraries do when a process ends serves nobody, and touches twenty pages for it. Tools that
 * look for leaks, or count coverage, begin their work there.
 */
static int leave(int status)
{
#ifndef SANITIZED
	fflush(NULL);
	_exit(status);
#endif
	return status;
}

int tool_run(const struct tool *tool, int argc, char *const *argv, const struct guest *guest)
{
	struct session s = { .tool = tool,
			     .guest = guest,
			     .subviews = SUBVIEWS_INIT,
			     .command = COMMAND_INIT,
			     .named = NAMED_TASKS_INIT,
			     .kernel = { .tracefs = -1 } };
	struct error err = ERROR_INIT;
	int status = EXIT_RUNTIME;

	s.tool_options = calloc(1, tool->options->size + 1);
	if (s.tool_options)
		status = run_tool(&s, argc, argv, &err);
	else
		status = status_of(&s, error_nomem(&err), status, &err);
	close_session(&s);
	error_clear(&err);
	return status == EXIT_OK && guest ? (int)s.guest_status : status;
}

int tool_main(const struct tool *tool, int argc, char **argv)
{
	/* Or a process of the same user, without any capability, could take this one over. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	loop_signals_begin();
	/* It would say on standard error, in lines of its own, what an error says in one. */
	libbpf_set_print(NULL);
	if (!standard_descriptors()) {
		fprintf(stderr, "%s: standard output is closed\n", tool->name);
		return EXIT_RUNTIME;
	}
	return leave(tool_run(tool, argc, argv, NULL));
}
