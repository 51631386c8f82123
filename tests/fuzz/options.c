/* SPDX-License-Identifier: MIT */
/*
 * The command line of a tool, one word a line. The tool's main() is called fuzz_tool() here, and
 * tool_main(), which it calls, is replaced to get the tool's struct tool.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "tool.h"

enum {
	WORDS_MAX = 64,
};

int fuzz_tool(int argc, char **argv);
int __wrap_tool_main(const struct tool *tool, int argc, char **argv);

static const struct tool *tool;

int __wrap_tool_main(const struct tool *its, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	tool = its;
	return 0;
}

static void check_ids(const struct id_set *list)
{
	for (size_t i = 0; i < list->count; i++) {
		HOLDS(id_set_has(list, list->ids[i]));
		HOLDS(!i || list->ids[i - 1] < list->ids[i]);
	}
}

static void check_options(const struct options *o, int argc, char *const *argv)
{
	for (int kind = 0; kind < FILTER_ID_KINDS; kind++)
		check_ids(&o->filter.ids[kind]);
	HOLDS(o->report.layout.columns && o->report.layout.ncolumns);
	if (o->report.layout.sort_key) {
		HOLDS(o->report.sort < o->report.layout.ncolumns &&
		      (o->report.layout.active >> o->report.sort & 1));
		HOLDS(report_can_sort(&o->report.layout.columns[o->report.sort]));
	}
	HOLDS(o->interval_ns <= (uint64_t)SECONDS_MAX * 1000000000 &&
	      o->duration_ns <= (uint64_t)SECONDS_MAX * 1000000000);
	HOLDS(!o->command || (o->command > argv && o->command < argv + argc && *o->command));
	HOLDS(o->filter.has_command == (o->command != NULL));
	for (size_t i = 0; i < o->ngiven; i++)
		HOLDS(o->given[i][0] && o->given[i][1]);
}

static void parse(int argc, char **argv)
{
	void *state = calloc(1, tool->options->size + 1);
	struct error err = ERROR_INIT;
	struct options options;
	int r;

	HOLDS(state);
	r = options_parse(&options, tool, state, argc, argv, &err);
	HOLDS(r == 0 || r == -EINVAL);
	if (r == 0)
		check_options(&options, argc, argv);
	else
		HOLDS(err.code == r && err.text[0]);
	options_clear(&options);
	if (tool->options->clear)
		tool->options->clear(state);
	error_clear(&err);
	free(state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	char *argv[WORDS_MAX + 1];
	int argc = 1;

	if (!tool)
		fuzz_tool(0, NULL);
	argv[0] = (char *)tool->name;
	while (argc < WORDS_MAX && input.left)
		argv[argc++] = input_text(&input, '\n');
	argv[argc] = NULL;
	parse(argc, argv);
	/* getopt_long() may have changed the order of the words. */
	for (int i = 0; i < argc; i++)
		if (argv[i] != tool->name)
			free(argv[i]);
	return 0;
}
