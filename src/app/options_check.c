/* SPDX-License-Identifier: MIT */
/*
 * The command line as a whole: options that exclude each other, that need another one, or that
 * would do nothing. What is harmless is accepted, so that scripts can add it everywhere: --no-clear
 * where nothing is repainted, --quiet where nothing is said. See options.h.
 */
#include <errno.h>
#include <string.h>

#include "cleanup.h"
#include "options.h"
#include "tool.h"

bool options_given(const struct options *o, const char *name)
{
	for (size_t i = 0; i < o->nused; i++)
		if (strcmp(o->used[i]->name, name) == 0)
			return true;
	return false;
}

const char *options_filter_text(const struct options *o, const char *name)
{
	for (size_t i = 0; i < o->ngiven; i++)
		if (strcmp(o->given[i][0], name) == 0)
			return o->given[i][1];
	return "";
}

/* Options that print something and exit: only one of them can. */
static int check_answers(const struct options *o, struct error *err)
{
	static const char *const answers[] = { "check", "ebpf", "explain", "clear-cache", "list" };
	const char *first = NULL;

	for (size_t i = 0; i < array_size(answers); i++) {
		if (!options_given(o, answers[i]))
			continue;
		if (first)
			return error_set(err, -EINVAL, "--%s and --%s exclude each other", first,
					 answers[i]);
		first = answers[i];
	}
	if (first && o->report_path)
		return error_set(err, -EINVAL, "--report: '%s': with --%s there is no report",
				 o->report_path, first);
	if (o->program_path && first && !o->check)
		return error_set(err, -EINVAL, "--program and --%s exclude each other", first);
	if (o->clear_cache && o->command)
		return error_set(err, -EINVAL, "--clear-cache and a COMMAND exclude each other");
	return 0;
}

int options_check(const struct options *o, const struct tool *tool, void *tool_options,
		  struct error *err)
{
	int r = filter_check(&o->filter, err);

	if (r == 0)
		r = check_answers(o, err);
	if (r < 0)
		return r;
	if (o->as_given && !o->command)
		return error_set(err, -EINVAL,
				 "--as: '%s': there is no COMMAND to run as that user", o->as.name);
	if (o->quiet && o->verbose)
		return error_set(err, -EINVAL, "--quiet and --verbose exclude each other");
	return tool->options->check ? tool->options->check(tool_options, o, err) : 0;
}

int options_check_report(const struct options *o, struct error *err)
{
	if (o->report.timestamp && o->report.format == REPORT_CSV && !o->report.layout.streaming)
		return error_set(err, -EINVAL,
				 "--timestamp: rows of csv have no time (those of json have)");
	return 0;
}
