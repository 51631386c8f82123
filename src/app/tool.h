/* SPDX-License-Identifier: MIT */
/*
 * What makes a tool: its words, its options, its columns, the probe sets that can show it what it
 * counts, and the collector that reads the counts. Everything else about a run is the same for all
 * tools and is in this wing; main.c is where to begin.
 */
#ifndef TOOL_H
#define TOOL_H

#include "collector.h"
#include "options.h"
#include "plan.h"
#include "subview.h"

/**
 * struct tool_texts - words for people
 * @purpose:  a phrase for --help
 * @subject:  what is traced, for the `Tracing` line: "openat(2)"
 * @notes, @examples: paragraphs for --help
 */
struct tool_texts {
	const char *purpose;
	const char *subject;
	const char *notes;
	const char *examples;
};

/**
 * struct tool_options - options of the tool's own
 * @entries, @count: they come first in --help
 * @size:  bytes of the tool's options struct, which is zeroed before parsing
 * @parse: an entry that has an id; @value is NULL for one that takes none. The error names the bad
 *         value, not the option. Return: 0, -EINVAL or -ENOMEM
 * @check: do the options make sense together, and with those of all tools? It may complete the
 *         struct. May be NULL
 * @clear: release what @parse made; may be NULL
 */
struct tool_options {
	const struct option_entry *entries;
	size_t count;
	size_t size;
	int (*parse)(void *options, int id, const char *value, struct error *err);
	int (*check)(void *options, const struct options *common, struct error *err);
	void (*clear)(void *options);
};

/**
 * struct tool
 * @name:        "bcc-openat"
 * @formats:     bits of enum report_format that it has besides those of all tools
 * @layout:      the report unless options change it; --help lists its columns
 * @choose_layout: adapt the report to the tool's options; may be NULL
 * @answer:      print what takes no kernel, and end: 1 when that is asked for and done, 0 when it
 * is not, or a negative errno. May be NULL
 * @subviews:    what can be opened from its rows in a live view; NULL: nothing
 * @probe_sets, @nprobe_sets: in order of preference
 * @allows_probe_set: may this one be used? NULL: all may
 * @privileges:  bits of enum privilege_use that the collector takes after attaching;
 *               @counts_entries: see struct plan. NULL: none
 * @collector:   a new one for these options; the run calls its free(). NULL: no memory
 */
struct tool {
	const char *name;
	struct tool_texts texts;
	const struct tool_options *options;
	unsigned formats;
	struct report_layout layout;
	void (*choose_layout)(const void *options, enum report_format format,
			      struct report_layout *layout);
	int (*answer)(const void *options, const struct options *common, struct error *err);
	const struct tool_subviews *subviews;
	const struct probe_set *probe_sets;
	size_t nprobe_sets;
	bool (*allows_probe_set)(const void *options, size_t number);
	unsigned (*privileges)(const void *options, const struct filter *filter,
			       bool counts_entries);
	struct collector *(*collector)(const void *options);
};

/** tool_main() - the whole life of a tool. Return: exit status. */
int tool_main(const struct tool *tool, int argc, char **argv);

#endif
