/* SPDX-License-Identifier: MIT */
/* The list of options: each in every form, and --help. */
#define _GNU_SOURCE
#include "options_lines.h"

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

/* Every option is understood in every form, by both kinds of tools. */
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

static char *help_of(const struct tool *tool, bool all)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	options_help(tool, all, out);
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
	char *text = help_of(tool, true);
	size_t lines = 0;

	for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
		assert_true(strcspn(line, "\n") <= 80);
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

/* --help all lists the options that are tested here and no others, and the columns to sort by. */
static void test_help(void **state)
{
	char *text = help_of(&reporting, true);

	(void)state;
	check_help(&reporting, COUNT(known));
	check_help(&streaming, COUNT(known));
	check_help(&plain, COUNT(known) - COUNT(own));
	/* A second line of help is below the first; a rate cannot be sorted by. */
	assert_non_null(strstr(text, "one line\n                              and another\n"));
	assert_non_null(strstr(text, "  CALLS ERRORS COMM (default: ERRORS)"));
	free(text);
	text = help_of(&streaming, true);
	assert_null(strstr(text, "(default: ERRORS)"));
	free(text);
}

static bool has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

/* --help lists the usual options, a line each. Those about rows are for tools that report rows. */
static void test_short_help(void **state)
{
	char *rows = help_of(&reporting, false), *events = help_of(&streaming, false);

	(void)state;
	assert_true(has(rows, " --pid PID") && has(events, " --pid PID"));
	assert_true(has(rows, " --sort COLUMN") && !has(events, " --sort COLUMN"));
	assert_true(has(rows, " --level LEVEL") && has(rows, "one line\n"));
	assert_false(has(rows, "and another") || has(rows, " --flag") || has(rows, " --euid"));
	assert_true(has(rows, "  -- COMMAND [ARG...]"));
	assert_false(has(rows, "A note.") || has(rows, "an example") ||
		     has(rows, "About the tool"));
	assert_true(has(rows,
			"\n\"bcc-rows --help all\" lists all options. \"man bcc-rows\" explains "
			"them.\n"));
	free(rows);
	free(events);
}

/* "all" is a word of --help and no command. */
static void test_help_words(void **state)
{
	struct line l;

	(void)state;
	PARSE(&l, &reporting, "--help");
	check_accepted(&l);
	assert_true(l.options.help && !l.options.help_all);
	line_clear(&l);
	PARSE(&l, &reporting, "-q", "-h", "all");
	check_accepted(&l);
	assert_true(l.options.help && l.options.help_all && !l.options.command);
	line_clear(&l);
	PARSE(&l, &reporting, "-h", "--", "all");
	check_accepted(&l);
	assert_true(!l.options.help_all && l.options.command);
	line_clear(&l);
	PARSE(&l, &reporting, "-h", "al");
	check_refused(&l, "'al'", "");
	line_clear(&l);
	PARSE(&l, &reporting, "all");
	check_refused(&l, "'all'", "");
	line_clear(&l);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_option),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_short_help),
		cmocka_unit_test(test_help_words),
	};

	find_values();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
