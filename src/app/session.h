/* SPDX-License-Identifier: MIT */
/*
 * One run of a tool, and the steps of it. main.c takes them in order: probe_sets.c attaches,
 * privilege_drop.c gives up what is not needed any more, session_report.c is the report's side.
 */
#ifndef SESSION_H
#define SESSION_H

#include "child_command.h"
#include "named_tasks.h"
#include "own_tasks.h"
#include "subview.h"
#include "tool.h"

/** struct timings - what starting took, in ns; @cached: the object came from the cache */
struct timings {
	bool cached;
	uint64_t compile_ns, load_ns, attach_ns;
};

/**
 * struct session
 * @options:      of all tools, as the command line has them
 * @tool_options: of this tool
 * @object, @loaded: the program, once it is compiled and loaded
 * @own_hooks:    the first so many of the object's programs are the tool's, the others the filter's
 * @timing_only:  see struct plan; ended by NULL
 * @without, @nwithout: see struct plan
 * @collector:    once the program is loaded
 * @trace:        what the collector works with
 * @title:        the first line of a live view
 * @title_begin:  bytes of it that stay as they are
 * @guest:        this run is a view opened from another one; NULL: it is not
 * @guest_status: how the person has left it
 * @subviews:     the way to views of rows
 * @own, @nown:   see session_own_tasks(); none when no task of the tool can count
 * @named:        the tasks whose end ends the run
 * @interval, @interval_began_ns: the one being gathered, counted from 1
 * @privileges_needed: bits of enum privilege_use; helper processes for these were started
 * @given_program: text of --program while probe sets are tried; NULL: the tool's own programs
 * @drops:        over the whole run, as last read
 */
struct session {
	const struct tool *tool;
	struct options options;
	void *tool_options;
	struct kernel kernel;
	struct object object;
	struct loaded *loaded;
	size_t own_hooks;
	const char *timing_only[OBJECT_PROGRAMS_MAX + 1];
	const char *without[PLAN_WITHOUT_MAX];
	size_t nwithout;
	struct collector *collector;
	struct trace trace;
	struct report *report;
	char title[384];
	size_t title_begin;
	const struct guest *guest;
	enum guest_status guest_status;
	struct subviews subviews;
	uint32_t own[OWN_TASKS_MAX];
	size_t nown;
	struct command command;
	char *given_program;
	struct named_tasks named;
	uint64_t interval, interval_began_ns;
	unsigned privileges_needed;
	struct drops drops;
	struct timings timings;
};

/** session_title() - write @title: who watches what, how often, and with which filters */
void session_title(struct session *s);

/**
 * tool_run() - a run from its command line to its end
 * @guest: NULL: the run is no view opened from another one
 * Return: exit status; that of a guest is an enum guest_status, or another one for a failure.
 */
int tool_run(const struct tool *tool, int argc, char *const *argv, const struct guest *guest);

/* probe_sets.c */

/**
 * session_attach() - compile, load and attach by the first of the tool's probe sets that works
 * @s: options and kernel are there
 * A COMMAND is started and held. Return: 0, or negative errno: the failure of the probe set that
 * came furthest. Nothing is left attached then.
 */
int session_attach(struct session *s, struct error *err);

/** session_detach() - undo it; fine when nothing is attached. */
void session_detach(struct session *s);

/**
 * session_print_program() - --ebpf: the text that the first possible probe set would compile
 * Return: 0 or negative errno.
 */
int session_print_program(const struct session *s, FILE *out, struct error *err);

/**
 * session_plan_only() - the same, and compile it into @object; nothing is loaded
 * @program: gets the text
 * @failed:  gets a line for each probe set that came before and is not possible
 * Return: 0 or negative errno.
 */
int session_plan_only(struct session *s, FILE *program, FILE *failed, struct error *err);

/**
 * session_say() - a line on standard error, with -v only
 * @fmt: without the tool's name and the newline
 */
void session_say(const struct session *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* privilege_drop.c */

/**
 * session_start_helpers() - the helper processes that keep what the tool will give up
 * @counts_entries: see struct plan
 * Again, for another plan, it starts them only if others are needed. Return: 0 or negative errno.
 */
int session_start_helpers(struct session *s, bool counts_entries, struct error *err);

/**
 * session_own_tasks() - the tool's process and its helpers, by ids of the initial PID namespace
 * @ids: room for OWN_TASKS_MAX
 * Return: how many, or negative errno.
 */
int session_own_tasks(const struct session *s, uint32_t *ids, struct error *err);

/** session_drop_privileges() - all is attached: give up what the rest of the run does not need. */
int session_drop_privileges(const struct session *s, struct error *err);

/* session_report.c: what fails in writing is told as -EPIPE and the like. */

/** session_failed() - an error for what failed without one: memory, or a write. Return: @r. */
int session_failed(int r, struct error *err);

/** session_write() - a whole text to standard output. Return: 0, or negative errno. */
int session_write(const char *text, size_t len, struct error *err);

/** session_open_report() - make the report the options ask for. */
int session_open_report(struct session *s, struct error *err);

/** session_without() - "files, uring", or "" when nothing is left out. Return: @buf. */
const char *session_without(const struct session *s, char *buf, size_t size);

/** session_announce() - the `Tracing` line and the start record: later events are all reported. */
int session_announce(struct session *s);

/** session_close_interval() - rows and total of the interval that ends now. */
int session_close_interval(struct session *s, struct error *err);

/** session_sum_up() - after the programs are detached: what is left, and the `end` record. */
int session_sum_up(struct session *s, struct error *err);

/** session_say_drops() - on standard error, when there were any. */
void session_say_drops(const struct session *s);

#endif
