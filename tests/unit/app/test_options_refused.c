/* SPDX-License-Identifier: MIT */
/* Command lines that are refused, and the errors that say why. */
#define _GNU_SOURCE
#include "options_lines.h"

/* A glob has at most 63 elements. */
#define SIXTEEN "????????????????"

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

/* An error names the option and the bad value, in each form of the option. */
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
		{ "name", "" },
		{ "name", SIXTEEN },
		{ "name", "*" SIXTEEN "*" },
		{ "name", "abcdefghijklmno[p-z]" },
		{ "name", "ba[z-a]h" },
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

/* An error names the word that is wrong, or what excludes what. */
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
		{ { "-t", self, "--", "ls" }, "--tid" },
		{ { "-p", "1", "-t", self }, "--tid" },
		{ { "-p1", "-t1", "--descendants" }, "--tid" },
		{ { "-q", "-v" }, "--quiet" },
		{ { "--check", "--ebpf" }, "--check" },
		{ { "--check", "--clear-cache" }, "--clear-cache" },
		{ { "--ebpf", "--clear-cache" }, "--clear-cache" },
		{ { "--clear-cache", "--", "ls" }, "--clear-cache" },
		{ { "-T", "-o", "csv" }, "--timestamp" },
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

/* The long options that are most like a mistyped one are named. */
static void test_did_you_mean(void **state)
{
	static const char *const cases[][2] = {
		{ "--desendants", "--desendants: no such option (did you mean --descendants?)" },
		{ "--intreval=5", "--intreval=5: no such option (did you mean --interval?)" },
		{ "--levl", "--levl: no such option (did you mean --level?)" },
		{ "--no-clera", "--no-clera: no such option (did you mean --no-clear?)" },
		{ "--cache",
		  "--cache: no such option (did you mean --no-cache or --clear-cache?)" },
		{ "--frobnicate", "--frobnicate: no such option" },
		{ "--p", "--p: no such option" }, /* --pid, --ppid: too short for a guess */
		{ huge_text, "--xxx" },
	};
	struct line l;

	(void)state;
	memcpy(huge_text, "--", 2);
	for (size_t i = 0; i < COUNT(cases); i++) {
		PARSE(&l, &reporting, cases[i][0]);
		check_refused(&l, "--", i + 1 < COUNT(cases) ? cases[i][1] : "no such option");
		if (i + 1 < COUNT(cases))
			assert_string_equal(l.err.text, cases[i][1]);
		line_clear(&l);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_values),
		cmocka_unit_test(test_bad_lists),
		cmocka_unit_test(test_wrong_usage),
		cmocka_unit_test(test_did_you_mean),
	};

	find_values();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
