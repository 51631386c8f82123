/* SPDX-License-Identifier: MIT */
/* What a run of bcc-fork is asked for, and the program and hooks that takes. */
#ifndef FORK_OPTIONS_H
#define FORK_OPTIONS_H

#include "fork/records.h"
#include "tool.h"

enum {
	FORK_OPTIONS = 9,
};

/**
 * struct fork_choices - all false and 0: every event, one line each
 * @events:       only these; none set: all
 * @failed:       also execs that fail
 * @rusage:       show usage at exit
 * @tree, @lineage: show ancestry
 * @host_pids:    ids of the initial PID namespace
 * @summary:      periods in numbers instead of events
 * @command_tree: at the end, the tree of what the command ran
 * @max_args:     bytes of arguments; 0: the default
 * @buffer_pages: of each CPU; 0: the default
 */
struct fork_choices {
	bool events[FORK_TYPES];
	bool failed;
	bool rusage;
	bool tree;
	bool lineage;
	bool host_pids;
	bool summary;
	bool command_tree;
	uint64_t max_args;
	uint64_t buffer_pages;
};

extern const struct option_entry fork_options[FORK_OPTIONS];

/** fork_choices_parse(), fork_choices_check() - see struct tool; the state begins with a struct
 * fork_choices. */
int fork_choices_parse(void *state, int id, const char *value, struct error *err);
int fork_choices_check(void *state, const struct options *options, struct error *err);

/** fork_choices_shows() - is this type of event printed? */
bool fork_choices_shows(const struct fork_choices *choices, enum fork_type type);

/** fork_choices_ancestry() - is it to be known who is whose child? Then more types of events are
 * sent than are printed. */
bool fork_choices_ancestry(const struct fork_choices *choices);

/** fork_choices_pages() - size of a perf buffer. */
unsigned fork_choices_pages(const struct fork_choices *choices);

/** fork_choices_record_size() - bytes of the largest usual record. */
size_t fork_choices_record_size(const struct fork_choices *choices);

/** fork_choices_plan(), fork_choices_plan_classic() - see struct way; by raw tracepoints, and by
 * classic ones. */
int fork_choices_plan(const struct run *run, struct plan *plan, struct error *err);
int fork_choices_plan_classic(const struct run *run, struct plan *plan, struct error *err);

#endif
