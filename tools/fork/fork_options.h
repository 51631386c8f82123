/* SPDX-License-Identifier: MIT */
/* What a run of bcc-fork is asked for. */
#ifndef FORK_OPTIONS_H
#define FORK_OPTIONS_H

#include "fork/records.h"
#include "tool.h"

/**
 * struct fork_options - all false and 0: every event, one line each
 * @events:       only these; none set: all
 * @failed:       also execs that fail
 * @rusage:       show usage at exit
 * @tree, @lineage: show ancestry
 * @host_pids:    ids of the initial PID namespace
 * @summary:      periods in numbers instead of events
 * @command_tree: at the end, the tree of what the command ran
 * @live_tree:    on a terminal: what runs now, as a tree, instead of events
 * @picture:      at the end, one picture of it instead of events, in this @format
 * @max_args:     bytes of arguments; 0: the default
 * @buffer_pages: of each CPU; 0: the default
 * @period_ns:    how often there is a summary; 0: at the end only
 * @repaint_ns:   how often a screen shows how far it is
 * @duration_ns:  when the run ends; 0: not known
 * @top:          rows of a summary's list; 0: the default
 * @timestamp:    a summary begins with the time of day
 */
struct fork_options {
	bool events[FORK_TYPES];
	bool failed;
	bool rusage;
	bool tree;
	bool lineage;
	bool host_pids;
	bool summary;
	bool command_tree;
	bool live_tree;
	bool picture;
	enum report_format format;
	uint64_t max_args;
	uint64_t buffer_pages;
	uint64_t period_ns;
	uint64_t repaint_ns;
	uint64_t duration_ns;
	unsigned top;
	bool timestamp;
};

/** fork_options - for struct tool; the struct they fill is struct fork_options */
extern const struct tool_options fork_options;

/** fork_shows() - is this type of event printed? */
bool fork_shows(const struct fork_options *options, enum fork_type type);

/**
 * fork_needs_tree() - is it kept what ran, with processor times?
 */
bool fork_needs_tree(const struct fork_options *options);

/**
 * fork_needs_ancestry() - is it to be known who is whose child?
 * Then the program sends more types of events than are printed.
 */
bool fork_needs_ancestry(const struct fork_options *options);

/** fork_sends() - does the program send this type of event? */
bool fork_sends(const struct fork_options *options, enum fork_type type);

#endif
