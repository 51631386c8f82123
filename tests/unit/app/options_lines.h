/* SPDX-License-Identifier: MIT */
/*
 * Fixture for tests of options.h: made-up tools, and one command line given to one of them.
 */
#ifndef OPTIONS_LINES_H
#define OPTIONS_LINES_H

#include "unit.h"

#include <errno.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "number.h"
#include "options.h"
#include "tool.h"

enum {
	ARGS_MAX = 64,
};

static const struct column columns[] = {
	{ .key = "calls", .head = "CALLS", .kind = COLUMN_COUNT },
	{ .key = "calls_per_s", .head = "CALLS/s", .kind = COLUMN_RATE, .of = "calls" },
	{ .key = "errors", .head = "ERRORS", .kind = COLUMN_COUNT },
	{ .key = "comm", .head = "COMM", .kind = COLUMN_TEXT },
};

enum {
	OWN_LEVEL = OPTION_OWN,
	OWN_FLAG,
};

static const struct option_entry own[] = {
	{ 'l', "level", "LEVEL", "one line\nand another", .id = OWN_LEVEL, .help_in = HELP_USUAL },
	{ 0, "flag", NULL, "a flag of its own", .id = OWN_FLAG },
};

struct own_state {
	char level[64];
	int flags;
};

static inline int parse_own(void *state, int id, const char *value, struct error *err)
{
	struct own_state *s = state;

	if (id == OWN_FLAG) {
		assert_null(value);
		s->flags++;
		return 0;
	}
	assert_int_equal(id, OWN_LEVEL);
	if (strcmp(value, "high") != 0 && strcmp(value, "low") != 0)
		return error_set(err, -EINVAL, "'%s' is not a level", value);
	snprintf(s->level, sizeof(s->level), "%s", value);
	return 0;
}

/* What the tool says to a whole command line that is otherwise fine. */
static inline int check_own(void *state, const struct options *options, struct error *err)
{
	const struct own_state *s = state;

	if (s->flags && options->report.timestamp)
		return error_set(err, -EINVAL, "--flag and --timestamp exclude each other");
	return 0;
}

static const struct tool_options own_options = {
	.entries = own,
	.count = COUNT(own),
	.size = sizeof(struct own_state),
	.parse = parse_own,
	.check = check_own,
};
static const struct tool_options own_options_unchecked = {
	.entries = own,
	.count = COUNT(own),
	.size = sizeof(struct own_state),
	.parse = parse_own,
};
static const struct tool_options no_options = { .count = 0 };

#define WORDS                                                                                      \
	.texts = {                                                                                 \
		.purpose = "Test the command line.",                                               \
		.subject = "nothing",                                                              \
		.notes = "A note.",                                                                \
		.examples = "  an example",                                                        \
	}
#define COLUMNS .columns = columns, .ncolumns = COUNT(columns)

static const struct tool reporting = { .name = "bcc-rows",
				       WORDS,
				       .layout = { COLUMNS, .sort_key = "errors" },
				       .options = &own_options };
static const struct tool streaming = { .name = "bcc-events",
				       WORDS,
				       .layout = { COLUMNS, .streaming = true },
				       .options = &own_options_unchecked };
static const struct tool plain = { .name = "bcc-plain",
				   WORDS,
				   .layout = { COLUMNS, .sort_key = "calls" },
				   .options = &no_options };

struct line {
	struct options options;
	struct own_state own;
	struct error err;
	char *argv[ARGS_MAX + 1];
	int argc;
	int r;
};

static inline void parse_list(struct line *l, const struct tool *tool, const char *const *words)
{
	memset(l, 0, sizeof(*l));
	l->argv[l->argc++] = (char *)tool->name;
	for (; *words; words++)
		l->argv[l->argc++] = (char *)*words;
	assert_true(l->argc <= ARGS_MAX);
	l->r = options_parse(&l->options, tool, &l->own, l->argc, l->argv, &l->err);
	assert_int_equal(l->r, l->err.code);
}

#define PARSE(l, tool, ...) parse_list(l, tool, (const char *const[]){ __VA_ARGS__, NULL })

static inline void line_clear(struct line *l)
{
	options_clear(&l->options);
	error_clear(&l->err);
}

static inline void check_accepted(struct line *l)
{
	if (l->r != 0)
		fail_msg("%s %s: %s", l->argv[1], l->argc > 2 ? l->argv[2] : "", l->err.text);
}

/* Wrong usage, and both words are in the text. */
static inline void check_refused(struct line *l, const char *option, const char *value)
{
	if (l->r != -EINVAL || !strstr(l->err.text, option) || !strstr(l->err.text, value))
		fail_msg("%s '%s': %d, '%s'", option, value, l->r, l->err.text);
	if (strchr(l->err.text, '\n'))
		fail_msg("%s: more than one line", option);
}

/* @value: one that is fine, NULL: the option takes none */
struct known {
	char letter;
	const char *name;
	const char *value;
};

static char self[16], cgroup[256];

static const struct known known[] = {
	{ 'l', "level", "high" },   { 0, "flag", NULL },         { 'p', "pid", self },
	{ 't', "tid", self },       { 0, "ppid", self },         { 0, "descendants", NULL },
	{ 'u', "uid", "0,65534" },  { 'n', "name", "ba*" },      { 'c', "cgroup", cgroup },
	{ 'i', "interval", "0.5" }, { 'd', "duration", "2.25" }, { 'o', "output", "json" },
	{ 0, "top", "10" },         { 's', "sort", "calls" },    { 'T', "timestamp", NULL },
	{ 0, "report", "-" },       { 0, "self", NULL },         { 0, "no-clear", NULL },
	{ 0, "stats", NULL },       { 0, "check", NULL },        { 0, "ebpf", NULL },
	{ 0, "explain", NULL },     { 0, "program", "/p" },      { 0, "no-cache", NULL },
	{ 0, "clear-cache", NULL }, { 'q', "quiet", NULL },      { 'v', "verbose", NULL },
	{ 'h', "help", NULL },      { 'V', "version", NULL },    { 0, "color", "never" },
	{ 0, "as", "root" },        { 0, "euid", "0,33" },
};

static inline bool is_cgroup2(const char *path)
{
	struct statfs fs;

	return statfs(path, &fs) == 0 && (unsigned long)fs.f_type == CGROUP2_SUPER_MAGIC;
}

static inline void find_values(void)
{
	static const char *const places[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" };

	snprintf(self, sizeof(self), "%d", getpid());
	for (size_t i = 0; i < COUNT(places); i++)
		if (is_cgroup2(places[i]))
			snprintf(cgroup, sizeof(cgroup), "%s", places[i]);
}

/* Is there a value for it on this machine? */
static inline bool can_try(const struct known *k)
{
	return k->value != cgroup || cgroup[0];
}

static inline const struct known *known_option(const char *name, size_t len)
{
	for (size_t i = 0; i < COUNT(known); i++)
		if (strlen(known[i].name) == len && strncmp(known[i].name, name, len) == 0)
			return &known[i];
	return NULL;
}

#endif
