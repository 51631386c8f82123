/* SPDX-License-Identifier: MIT */
/*
 * Command lines: every option in every form, every bad value with an error that names option and
 * value, what excludes what, COMMAND, and --help, which must list neither more nor less than what
 * is tested here.
 */
#define _GNU_SOURCE
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

/* ---- two tools ---- */

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
	{ 'l', "level", "LEVEL", "one line\nand another", .id = OWN_LEVEL },
	{ 0, "flag", NULL, "a flag of its own", .id = OWN_FLAG },
};

struct own_state {
	char level[64];
	int flags;
};

static int parse_own(void *state, int id, const char *value, struct error *err)
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
static int check_own(void *state, const struct options *options, struct error *err)
{
	const struct own_state *s = state;

	if (s->flags && options->report.timestamp)
		return error_set(err, -EINVAL, "--flag and --timestamp exclude each other");
	return 0;
}

/* A glob has at most 63 elements. */
#define SIXTEEN "????????????????"

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

/* ---- one command line ---- */

struct line {
	struct options options;
	struct own_state own;
	struct error err;
	char *argv[ARGS_MAX + 1];
	int argc;
	int r;
};

static void parse_list(struct line *l, const struct tool *tool, const char *const *words)
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

static void line_clear(struct line *l)
{
	options_clear(&l->options);
	error_clear(&l->err);
}

static void check_accepted(struct line *l)
{
	if (l->r != 0)
		fail_msg("%s %s: %s", l->argv[1], l->argc > 2 ? l->argv[2] : "", l->err.text);
}

/* Wrong usage, and both words are in the text. */
static void check_refused(struct line *l, const char *option, const char *value)
{
	if (l->r != -EINVAL || !strstr(l->err.text, option) || !strstr(l->err.text, value))
		fail_msg("%s '%s': %d, '%s'", option, value, l->r, l->err.text);
	if (strchr(l->err.text, '\n'))
		fail_msg("%s: more than one line", option);
}

/* ---- what there is ---- */

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
	{ 0, "no-clear", NULL },    { 0, "stats", NULL },        { 0, "check", NULL },
	{ 0, "ebpf", NULL },        { 0, "no-cache", NULL },     { 0, "clear-cache", NULL },
	{ 'q', "quiet", NULL },     { 'v', "verbose", NULL },    { 'h', "help", NULL },
	{ 'V', "version", NULL },   { 0, "as", "root" },
};

static bool is_cgroup2(const char *path)
{
	struct statfs fs;

	return statfs(path, &fs) == 0 && (unsigned long)fs.f_type == CGROUP2_SUPER_MAGIC;
}

static void find_values(void)
{
	static const char *const places[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" };

	snprintf(self, sizeof(self), "%d", getpid());
	for (size_t i = 0; i < COUNT(places); i++)
		if (is_cgroup2(places[i]))
			snprintf(cgroup, sizeof(cgroup), "%s", places[i]);
}

/* Is there a value for it on this machine? */
static bool can_try(const struct known *k)
{
	return k->value != cgroup || cgroup[0];
}

static void check_form(const struct tool *tool, const struct known *k, const char *one,
		       const char *two)
{
	const char *words[6] = { one }, **next = &words[1];
	struct line l;

	if (two)
		*next++ = two;
	/* What they cannot go without. */
	if (strcmp(k->name, "descendants") == 0) {
		*next++ = "-p";
		*next++ = self;
	} else if (strcmp(k->name, "as") == 0) {
		*next++ = "--";
		*next++ = "true";
	}
	parse_list(&l, tool, words);
	check_accepted(&l);
	line_clear(&l);
}

/* --name VALUE, --name=VALUE, -n VALUE, -nVALUE */
static void check_forms(const struct tool *tool, const struct known *k)
{
	char option[64], joined[512], letter[8];

	snprintf(option, sizeof(option), "--%s", k->name);
	check_form(tool, k, option, k->value);
	snprintf(joined, sizeof(joined), "--%s=%s", k->name, k->value ? k->value : "");
	if (k->value)
		check_form(tool, k, joined, NULL);
	snprintf(letter, sizeof(letter), "-%c", k->letter);
	if (k->letter)
		check_form(tool, k, letter, k->value);
	snprintf(joined, sizeof(joined), "-%c%s", k->letter, k->value ? k->value : "");
	if (k->letter && k->value)
		check_form(tool, k, joined, NULL);
}

static void test_every_option(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(known); i++) {
		if (!can_try(&known[i]))
			continue;
		check_forms(&reporting, &known[i]);
		/* Events have the order of time: --sort is refused, see test_bad_values(). */
		if (strcmp(known[i].name, "sort") != 0)
			check_forms(&streaming, &known[i]);
	}
}

static const struct known *known_option(const char *name, size_t len)
{
	for (size_t i = 0; i < COUNT(known); i++)
		if (strlen(known[i].name) == len && strncmp(known[i].name, name, len) == 0)
			return &known[i];
	return NULL;
}

static char *help_of(const struct tool *tool)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	options_help(tool, out);
	fclose(out);
	return text;
}

/* A line of help about an option, as it must be: letter, name, value or none. Return: is it one? */
static bool check_help_line(const char *line)
{
	const char *name = strstr(line, " --");
	const struct known *k;
	size_t len;

	if (strncmp(line, "  ", 2) != 0 || !name || name > line + 5 || name[3] == ' ')
		return false;
	name += 3;
	len = strcspn(name, " \n");
	k = known_option(name, len);
	if (!k)
		fail_msg("--%.*s is in --help and not tested here", (int)len, name);
	assert_int_equal(line[3], k->letter ? k->letter : ' ');
	assert_int_equal(line[2], k->letter ? '-' : ' ');
	/* A value's name follows after one space, help after more. */
	assert_int_equal(k->value != NULL, name[len] == ' ' && name[len + 1] != ' ');
	return true;
}

static void check_help(const struct tool *tool, size_t want)
{
	char *text = help_of(tool);
	size_t lines = 0;

	for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
		assert_true(strcspn(line, "\n") <= 110);
		lines += check_help_line(line);
	}
	assert_int_equal(lines, want);
	assert_non_null(strstr(text, tool->name));
	assert_non_null(strstr(text, "Test the command line."));
	assert_non_null(strstr(text, "  -- COMMAND [ARG...]"));
	assert_non_null(strstr(text, "A note."));
	assert_non_null(strstr(text, "  an example"));
	free(text);
}

static void test_help(void **state)
{
	char *text = help_of(&reporting);

	(void)state;
	check_help(&reporting, COUNT(known));
	check_help(&streaming, COUNT(known));
	check_help(&plain, COUNT(known) - COUNT(own));
	/* A second line of help is below the first; a rate cannot be sorted by. */
	assert_non_null(strstr(text, "one line\n                               and another\n"));
	assert_non_null(strstr(text, " calls errors comm (default: errors)"));
	free(text);
	text = help_of(&streaming);
	assert_null(strstr(text, "(default: errors)"));
	free(text);
}

/* ---- what they do ---- */

static void test_defaults(void **state)
{
	struct line l;

	(void)state;
	PARSE(&l, &reporting, NULL);
	assert_int_equal(l.r, 0);
	assert_true(l.options.interval_ns == NS_PER_S);
	assert_true(l.options.duration_ns == 0);
	assert_int_equal(l.options.report.format, REPORT_TABLE);
	assert_int_equal(l.options.report.top, 0);
	assert_int_equal(l.options.report.sort, 2);
	assert_false(l.options.report.ascending);
	assert_int_equal(l.options.verbose, 0);
	assert_int_equal(l.options.filter.cgroup, -1);
	assert_null(l.options.filter.name);
	assert_null(l.options.command);
	assert_int_equal(l.options.ngiven, 0);
	assert_false(l.options.report.timestamp || l.options.no_clear || l.options.stats ||
		     l.options.check || l.options.ebpf || l.options.quiet || l.options.help ||
		     l.options.version);
	assert_false(filter_follows(&l.options.filter));
	line_clear(&l);
}

static void test_values(void **state)
{
	struct line l;

	(void)state;
	PARSE(&l, &reporting, "-i0", "-d", "100000000", "-ocsv", "--top", "2147483647", "-s",
	      "-COMM", "--no-clear", "--stats", "-v", "-v", "-l", "low", "--level=high", "--flag",
	      "--flag");
	check_accepted(&l);
	assert_true(l.options.interval_ns == 0);
	assert_true(l.options.duration_ns == 100000000ULL * NS_PER_S);
	assert_int_equal(l.options.report.format, REPORT_CSV);
	assert_int_equal(l.options.report.top, INT32_MAX);
	assert_int_equal(l.options.report.sort, 3);
	assert_true(l.options.report.ascending && l.options.no_clear && l.options.stats);
	assert_int_equal(l.options.verbose, 2);
	assert_string_equal(l.own.level, "high");
	assert_int_equal(l.own.flags, 2);
	line_clear(&l);

	/* The last one counts; letters may be put together. */
	PARSE(&l, &reporting, "-s-errors", "-s", "calls", "-i", "5", "-i", "0.000000001", "-Tqd3");
	check_accepted(&l);
	assert_int_equal(l.options.report.sort, 0);
	assert_false(l.options.report.ascending);
	assert_true(l.options.interval_ns == 1);
	assert_true(l.options.report.timestamp && l.options.quiet);
	assert_true(l.options.duration_ns == 3ULL * NS_PER_S);
	line_clear(&l);

	PARSE(&l, &reporting, "-h");
	assert_true(l.options.help);
	line_clear(&l);
	PARSE(&l, &reporting, "--version", "--check");
	assert_true(l.options.version && l.options.check);
	line_clear(&l);
	PARSE(&l, &reporting, "--ebpf", "--no-cache", "--clear-cache");
	assert_true(l.options.ebpf && l.options.no_cache && l.options.clear_cache);
	line_clear(&l);
}

static void test_filters(void **state)
{
	char three[64], two[40];
	struct line l;

	(void)state;
	snprintf(two, sizeof(two), "%s,%s", self, self);
	PARSE(&l, &reporting, "-p", two, "-p", self, "-t", self, "--ppid", two, "-u", "root,7",
	      "-u", "4294967294", "-n", "py*", "--descendants");
	check_accepted(&l);
	/* Each id once, however often it is given. */
	assert_int_equal(l.options.filter.ids[FILTER_PIDS].count, 1);
	assert_int_equal(l.options.filter.ids[FILTER_PIDS].ids[0], getpid());
	assert_int_equal(l.options.filter.ids[FILTER_TIDS].count, 1);
	assert_int_equal(l.options.filter.ids[FILTER_PPIDS].count, 1);
	assert_int_equal(l.options.filter.ids[FILTER_UIDS].count, 3);
	assert_int_equal(l.options.filter.ids[FILTER_UIDS].ids[0], 0);
	assert_int_equal(l.options.filter.ids[FILTER_UIDS].ids[1], 7);
	assert_int_equal(l.options.filter.ids[FILTER_UIDS].ids[2], 4294967294);
	assert_string_equal(l.options.filter.name, "py*");
	assert_true(l.options.filter.descendants && filter_follows(&l.options.filter));
	/* As they were given, in order, what came twice joined. */
	snprintf(three, sizeof(three), "%s,%s", two, self);
	assert_int_equal(l.options.ngiven, 6);
	assert_string_equal(l.options.given[0][0], "pid");
	assert_string_equal(l.options.given[0][1], three);
	assert_string_equal(l.options.given[3][0], "uid");
	assert_string_equal(l.options.given[3][1], "root,7,4294967294");
	assert_string_equal(l.options.given[4][0], "name");
	assert_string_equal(l.options.given[4][1], "py*");
	assert_string_equal(l.options.given[5][0], "descendants");
	assert_string_equal(l.options.given[5][1], "");
	line_clear(&l);
}

static void test_cgroup(void **state)
{
	struct line l;

	(void)state;
	if (!cgroup[0])
		skip();
	PARSE(&l, &reporting, "-c", cgroup, "--cgroup", ".");
	check_accepted(&l);
	assert_true(l.options.filter.cgroup >= 0);
	line_clear(&l);
	assert_int_equal(l.options.filter.cgroup, -1);
}

/* However often a filter is given, all of it counts, and the report has it once. */
static void test_many_filters(void **state)
{
	const char *words[2 * FILTER_PAIRS_MAX + 5] = { NULL };
	char users[FILTER_PAIRS_MAX + 2][8];
	struct line l;

	(void)state;
	for (size_t i = 0; i < FILTER_PAIRS_MAX + 2; i++) {
		words[2 * i] = "-u";
		snprintf(users[i], sizeof(users[i]), "%zu", 100 - i);
		words[2 * i + 1] = users[i];
	}
	parse_list(&l, &reporting, words);
	check_accepted(&l);
	assert_int_equal(l.options.filter.ids[FILTER_UIDS].count, FILTER_PAIRS_MAX + 2);
	assert_int_equal(l.options.ngiven, 1);
	line_clear(&l);
}

/* ---- what is refused ---- */

static void check_bad(const struct tool *tool, const char *name, const char *value)
{
	const struct known *k = known_option(name, strlen(name));
	char option[64], quoted[64], joined[2200], letter[4] = { '-', k->letter, '\0' };
	struct line l;

	snprintf(option, sizeof(option), "--%s", name);
	snprintf(quoted, sizeof(quoted), "'%.50s%s", value, strlen(value) < 50 ? "'" : "");
	PARSE(&l, tool, option, value);
	check_refused(&l, option, quoted);
	line_clear(&l);
	snprintf(joined, sizeof(joined), "%s=%s", option, value);
	PARSE(&l, tool, joined);
	check_refused(&l, option, quoted);
	line_clear(&l);
	if (!k->letter)
		return;
	PARSE(&l, tool, letter, value);
	check_refused(&l, option, quoted);
	line_clear(&l);
}

static char huge_digits[2000], huge_text[2000];

static void check_bad_values(const struct tool *tool)
{
	static const char *const numeric[] = {
		"interval", "duration", "top",    "pid",  "tid",
		"ppid",     "uid",      "output", "sort", "level",
	};
	static const char *const never[] = {
		"abc.",
		"-1",
		"1e99",
		"",
		" 1",
		"1 ",
		"+1",
		"0x10",
		"1\t",
		"99999999999999999999",
		"18446744073709551617",
		huge_digits,
		huge_text,
		"\xff",
		"$(id)",
		"1;2",
		"-",
		"--",
		"-q",
	};

	for (size_t i = 0; i < COUNT(numeric); i++)
		for (size_t n = 0; n < COUNT(never); n++)
			check_bad(tool, numeric[i], never[n]);
}

static void test_bad_values(void **state)
{
	static const char *const pairs[][2] = {
		{ "interval", "100000000.000000001" },
		{ "interval", "1." },
		{ "interval", ".5" },
		{ "interval", "0.0000000001" },
		{ "interval", "1,5" },
		{ "duration", "0" },
		{ "duration", "0.000" },
		{ "duration", "100000001" },
		{ "top", "0" },
		{ "top", "1.5" },
		{ "top", "2147483648" },
		{ "pid", "0" },
		{ "pid", "4194305" },
		{ "pid", "4294967297" },
		{ "tid", "0" },
		{ "ppid", "0" },
		{ "uid", "4294967295" },
		{ "uid", "4294967296" },
		{ "uid", "no-such-user-here" },
		{ "name", "[a" },
		{ "name", "a[!" },
		{ "name", SIXTEEN SIXTEEN SIXTEEN SIXTEEN },
		{ "name", huge_text },
		{ "cgroup", "/nonexistent" },
		{ "cgroup", "nonexistent/too" },
		{ "cgroup", "/proc" },
		{ "cgroup", "/dev/null" },
		{ "cgroup", "" },
		{ "cgroup", huge_text },
		{ "output", "xml" },
		{ "output", "JSON" },
		{ "output", "json " },
		{ "sort", "calls_per_s" },
		{ "sort", "nosuch" },
		{ "sort", "--calls" },
		{ "sort", "call" },
	};

	(void)state;
	memset(huge_digits, '9', sizeof(huge_digits) - 1);
	memset(huge_text, 'x', sizeof(huge_text) - 1);
	check_bad_values(&reporting);
	check_bad_values(&streaming);
	for (size_t i = 0; i < COUNT(pairs); i++)
		check_bad(&reporting, pairs[i][0], pairs[i][1]);
}

/* Of a list the part that is wrong is named. */
static void test_bad_lists(void **state)
{
	static const char *const tails[][2] = {
		{ ",abc", "'abc'" }, { ",", "''" },     { ",,1", "''" },
		{ ", 1", "' 1'" },   { ",-1", "'-1'" }, { ",0", "'0'" },
	};
	static const char *const options[] = { "--pid", "--tid", "--ppid" };

	(void)state;
	for (size_t i = 0; i < COUNT(tails) * COUNT(options); i++) {
		const char *option = options[i % COUNT(options)];
		char list[64];
		struct line l;

		snprintf(list, sizeof(list), "%s%s", self, tails[i / COUNT(options)][0]);
		PARSE(&l, &reporting, option, list);
		check_refused(&l, option, tails[i / COUNT(options)][1]);
		line_clear(&l);
	}
}

static void test_wrong_usage(void **state)
{
	static const struct {
		const char *words[4];
		const char *named;
	} cases[] = {
		{ { "--nosuch" }, "--nosuch" },
		{ { "--nosuch=1" }, "--nosuch" },
		{ { "-Z" }, "-Z" },
		{ { "-qZ" }, "-Z" },
		{ { "-?" }, "-?" },
		{ { "-:" }, "-:" },
		{ { "-1" }, "-1" },
		{ { "--duration" }, "--duration" },
		{ { "-q", "-d" }, "-d" },
		{ { "-qd" }, "-qd" },
		{ { "--quiet=yes" }, "--quiet" },
		{ { "--flag=1" }, "--flag" },
		{ { "5" }, "'5'" },
		{ { "ls", "-l" }, "'ls'" },
		{ { "-q", "ls" }, "'ls'" },
		{ { "-" }, "'-'" },
		{ { "" }, "''" },
		{ { "--" }, "COMMAND" },
		{ { "-q", "--" }, "COMMAND" },
		{ { "--s" }, "--s" }, /* --sort, --stats */
		{ { "--descendants" }, "--descendants" },
		{ { "-p", self, "--", "ls" }, "--pid" },
		{ { "-q", "-v" }, "--quiet" },
		{ { "--check", "--ebpf" }, "--check" },
		{ { "--flag", "-T" }, "--flag" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *const *w = cases[i].words;
		struct line l;

		PARSE(&l, &reporting, w[0], w[1], w[2], w[3]);
		check_refused(&l, cases[i].named, "");
		assert_null(strstr(l.err.text, "(null)"));
		line_clear(&l);
	}
}

static void test_command(void **state)
{
	struct line l;

	(void)state;
	PARSE(&l, &reporting, "-T", "--", "ls", "-l", "--top", "none", "--", "-Z");
	check_accepted(&l);
	assert_true(l.options.report.timestamp);
	assert_ptr_equal(l.options.command, &l.argv[3]);
	assert_string_equal(l.options.command[0], "ls");
	assert_string_equal(l.options.command[5], "-Z");
	assert_null(l.options.command[6]);
	assert_true(l.options.filter.has_command && filter_follows(&l.options.filter));
	assert_int_equal(l.options.report.top, 0);
	line_clear(&l);

	PARSE(&l, &reporting, "--", "--");
	check_accepted(&l);
	assert_string_equal(l.options.command[0], "--");
	line_clear(&l);
}

/* A second command line is not read where the first one ended. */
static void test_again(void **state)
{
	struct line l;

	(void)state;
	PARSE(&l, &reporting, "-qTZ", "-d", "1");
	assert_int_equal(l.r, -EINVAL);
	line_clear(&l);
	PARSE(&l, &reporting, "-T");
	check_accepted(&l);
	assert_true(l.options.report.timestamp);
	assert_false(l.options.quiet);
	line_clear(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_option), cmocka_unit_test(test_help),
		cmocka_unit_test(test_defaults),     cmocka_unit_test(test_values),
		cmocka_unit_test(test_filters),      cmocka_unit_test(test_cgroup),
		cmocka_unit_test(test_many_filters), cmocka_unit_test(test_bad_values),
		cmocka_unit_test(test_bad_lists),    cmocka_unit_test(test_wrong_usage),
		cmocka_unit_test(test_command),      cmocka_unit_test(test_again),
	};

	find_values();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
