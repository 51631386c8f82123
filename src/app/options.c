/* SPDX-License-Identifier: MIT */
/* The command line. See options.h. */
#define _GNU_SOURCE
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "number.h"
#include "tool.h"

/* "--interval" or "-i", as an error names it: the long form always. */
static int bad_value(const struct option_entry *entry, struct error *err)
{
	char reason[sizeof(err->text)];

	snprintf(reason, sizeof(reason), "%s", err->text);
	return error_set(err, -EINVAL, "--%s: %s", entry->name, reason);
}

static int parse_seconds(const char *text, bool zero, uint64_t *ns, struct error *err)
{
	int r = number_seconds(text, SECONDS_MAX, ns);

	if (r == -EINVAL)
		return error_set(err, r, "'%s' is not a number of seconds", text);
	if (r == -ERANGE || (!*ns && !zero))
		return error_set(err, -EINVAL, "'%s' is out of range (%s to %d seconds)", text,
				 zero ? "0" : "more than 0", SECONDS_MAX);
	return 0;
}

static int parse_top(const char *text, unsigned *top, struct error *err)
{
	uint64_t value;

	if (number_u64(text, strlen(text), 1, INT32_MAX, &value) < 0)
		return error_set(err, -EINVAL, "'%s' is not a number of rows (1 or more)", text);
	*top = (unsigned)value;
	return 0;
}

/* Which column, once all options have said which there are. */
static int find_sort(struct options *o, const char *text, struct error *err)
{
	const char *key = text + (*text == '-');
	char names[256] = "";
	size_t len = 0;

	o->report.ascending = *text == '-';
	for (size_t i = 0; i < o->report.layout.ncolumns; i++) {
		const struct column *c = &o->report.layout.columns[i];

		if (!report_can_sort(c) || !(o->report.layout.active >> i & 1))
			continue;
		if (strcasecmp(key, c->key) == 0 || strcasecmp(key, report_sort_name(c)) == 0) {
			o->report.sort = i;
			return 0;
		}
		if (len < sizeof(names))
			len += (size_t)snprintf(names + len, sizeof(names) - len, "%s%s",
						len ? ", " : "", report_sort_name(c));
	}
	return error_set(err, -EINVAL,
			 "--sort: '%s' is not a column of this report (there are: %s)", text,
			 names);
}

static int choose_layout(struct options *o, const struct tool *tool, const void *tool_options,
			 struct error *err)
{
	if (tool->choose_layout)
		tool->choose_layout(tool_options, o->report.format, &o->report.layout);
	if (!o->report.layout.sort_key && o->sort_given)
		return error_set(err, -EINVAL,
				 "--sort: '%s': events have an order of their own, that of time",
				 o->sort_given);
	if (!o->report.layout.sort_key)
		return 0;
	return find_sort(o, o->sort_given ? o->sort_given : o->report.layout.sort_key, err);
}

static void remember_use(struct options *o, const struct option_entry *entry)
{
	for (size_t i = 0; i < o->nused; i++)
		if (o->used[i] == entry)
			return;
	o->used[o->nused++] = entry;
}

static int parse_filter(struct options *o, const struct option_entry *entry, const char *value,
			struct error *err)
{
	switch (entry->id) {
	case OPT_PID:
		return filter_add_ids(&o->filter, FILTER_PIDS, value, err);
	case OPT_TID:
		return filter_add_ids(&o->filter, FILTER_TIDS, value, err);
	case OPT_PPID:
		return filter_add_ids(&o->filter, FILTER_PPIDS, value, err);
	case OPT_UID:
		return filter_add_ids(&o->filter, FILTER_UIDS, value, err);
	case OPT_EUID:
		return filter_add_ids(&o->filter, FILTER_EUIDS, value, err);
	case OPT_NAME:
		return filter_set_name(&o->filter, value, err);
	default:
		return filter_set_cgroup(&o->filter, value, err);
	}
}

static int parse_output(const struct tool *tool, const char *value, enum report_format *format,
			struct error *err)
{
	unsigned formats = REPORT_FORMATS_COMMON | tool->formats;
	char names[64] = "";
	size_t len = 0;

	if (report_format_parse(value, formats, format) == 0)
		return 0;
	for (int i = 0; i < REPORT_FORMATS; i++)
		if (formats >> i & 1)
			len += (size_t)snprintf(names + len, sizeof(names) - len, "%s%s",
						len ? ", " : "",
						report_format_name((enum report_format)i));
	return error_set(err, -EINVAL, "'%s' is not a format (there are: %s)", value, names);
}

/* See no-color.org: any value that is not empty. */
static bool colours_by_default(void)
{
	const char *unwanted = getenv("NO_COLOR");

	return !unwanted || !*unwanted;
}

static int parse_color(const char *value, bool *colour, struct error *err)
{
	size_t when = 0;

	while (when < OPTIONS_COLORS && strcmp(value, options_color_word(when)) != 0)
		when++;
	if (when == OPTIONS_COLORS)
		return error_set(err, -EINVAL, "'%s' is not one of auto, always and never", value);
	*colour = when == COLOR_AUTO ? colours_by_default() : when == COLOR_ALWAYS;
	return 0;
}

static int parse_value(struct options *o, const struct tool *tool, const struct option_entry *entry,
		       const char *value, struct error *err)
{
	if (entry->id <= OPT_LAST_FILTER)
		return parse_filter(o, entry, value, err);
	switch (entry->id) {
	case OPT_INTERVAL:
		o->interval_given = true;
		return parse_seconds(value, true, &o->interval_ns, err);
	case OPT_DURATION:
		return parse_seconds(value, false, &o->duration_ns, err);
	case OPT_AS:
		run_as_clear(&o->as);
		o->as_given = true;
		return run_as_find(&o->as, value, err);
	case OPT_OUTPUT:
		return parse_output(tool, value, &o->report.format, err);
	case OPT_REPORT:
		o->report_path = value;
		return *value ? 0 : error_set(err, -EINVAL, "'' is not a file");
	case OPT_PROGRAM:
		o->program_path = value;
		return *value ? 0 : error_set(err, -EINVAL, "'' is not a file");
	case OPT_COLOR:
		return parse_color(value, &o->report.colour, err);
	case OPT_TOP:
		return parse_top(value, &o->report.top, err);
	case OPT_SORT:
		o->sort_given = value;
		return 0;
	default:
		o->verbose++;
		return 0;
	}
}

static bool is_own(const struct tool *tool, const struct option_entry *entry)
{
	return entry >= tool->options->entries &&
	       entry < tool->options->entries + tool->options->count;
}

static int parse_one(struct options *o, const struct tool *tool, void *tool_options,
		     const struct option_entry *entry, const char *value, struct error *err)
{
	bool own = is_own(tool, entry);

	remember_use(o, entry);
	if (entry->filter && options_remember_filter(o, entry, value, err) < 0)
		return -ENOMEM;
	if (!entry->id) {
		*(bool *)((char *)(own ? tool_options : o) + entry->sets) = true;
		return 0;
	}
	return own ? tool->options->parse(tool_options, entry->id, value, err)
		   : parse_value(o, tool, entry, value, err);
}

static void set_defaults(struct options *o, const struct tool *tool)
{
	*o = (struct options){
		.filter = FILTER_INIT,
		.interval_ns = (uint64_t)INTERVAL_DEFAULT_S * NS_PER_S,
		.report.layout = tool->layout,
		.report.colour = colours_by_default(),
	};
	if (!o->report.layout.active)
		o->report.layout.active = UINT64_MAX;
}

/* What a word of the command line goes to. */
struct parsing {
	struct options *options;
	const struct tool *tool;
	void *tool_options;
};

static int parse_word(void *context, const struct option_entry *entry, const char *value,
		      struct error *err)
{
	const struct parsing *p = context;
	int r = parse_one(p->options, p->tool, p->tool_options, entry, value, err);

	return r < 0 && r != -ENOMEM ? bad_value(entry, err) : r;
}

int options_parse(struct options *o, const struct tool *tool, void *tool_options, int argc,
		  char *const *argv, struct error *err)
{
	struct parsing parsing = { o, tool, tool_options };
	bool dashes = false;
	int r;

	set_defaults(o, tool);
	r = options_scan(tool, argc, argv, parse_word, &parsing, &dashes, err);
	if (r < 0)
		return r;
	o->help_all = o->help && !dashes && optind + 1 == argc &&
		      strcmp(argv[optind], OPTIONS_HELP_ALL) == 0;
	if (o->help_all)
		optind++;
	if (optind < argc && !dashes)
		return error_set(err, -EINVAL, "'%s': not an option; a COMMAND goes after --",
				 argv[optind]);
	if (optind < argc)
		o->command = &argv[optind];
	else if (dashes)
		return error_set(err, -EINVAL, "--: no COMMAND follows");
	o->filter.has_command = o->command != NULL;
	r = options_check(o, tool, tool_options, err);
	if (r == 0)
		r = choose_layout(o, tool, tool_options, err);
	return r < 0 ? r : options_check_report(o, err);
}

void options_clear(struct options *o)
{
	filter_clear(&o->filter);
	run_as_clear(&o->as);
	for (size_t i = 0; i < o->ngiven; i++)
		free((char *)o->given[i][1]);
	o->ngiven = 0;
}
