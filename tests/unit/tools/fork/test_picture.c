/* SPDX-License-Identifier: MIT */
/* The formats of a picture: what they say, and that nothing from outside can break them. */
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <jansson.h>

#include "fork_tree.h"
#include "picture.h"

static bool is_any(uint32_t pid)
{
	return pid > 0;
}

/* The text of a picture, which the caller frees. */
static char *drawn(struct process_tree *tree, enum report_format format, const struct drops *drops,
		   int result)
{
	const struct picture picture = {
		.tree = tree, .format = format, .wall_ns = 100 * SECOND, .drops = drops
	};
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	process_tree_settle(tree, is_any, 10 * SECOND);
	assert_int_equal(picture_write(&picture, out), result);
	fclose(out);
	return text;
}

static const struct drops none;

static struct process_tree *build(void)
{
	struct process_tree *tree = begin();

	EXEC(tree, SECOND, 10, "make\0-s");
	fork_(tree, 2 * SECOND, 11, 10, "make");
	fork_(tree, 3 * SECOND, 12, 11, "c;c");
	exit_(tree, 4 * SECOND, 12, SECOND, 9);
	exit_(tree, 5 * SECOND, 11, 3 * SECOND, 0);
	/* Its id comes again. */
	fork_(tree, 5 * SECOND, 11, 10, "make");
	exec_(tree, 5 * SECOND + 2500, 11, "no\0x", sizeof("no\0x"), -2);
	EXEC(tree, 6 * SECOND, 11, "a<b>\0&\"\0\x1b[2J\xff");
	exit_(tree, 7 * SECOND, 11, 2 * SECOND, 1 << 8);
	exit_(tree, 8 * SECOND, 10, 7 * SECOND, 0);
	return tree;
}

/* Programs of one name under one maker are one line. */
static void test_folded(void **state)
{
	struct process_tree *tree = build();
	char *text;

	(void)state;
	fork_(tree, 5 * SECOND, 13, 10, "make");
	exit_(tree, 6 * SECOND, 13, SECOND, 0);
	text = drawn(tree, REPORT_FOLDED, &none, 0);
	assert_string_equal(text, "path 3500000\n"
				  "path;make 2000000\n"
				  "path;make;c\\x3bc 500000\n"
				  "path;path 1000000\n");
	free(text);
	process_tree_free(tree);
}

/* It has no place to say what was lost. */
static void test_folded_with_losses(void **state)
{
	struct process_tree *tree = build();
	char *text = drawn(tree, REPORT_FOLDED, &(struct drops){ .buffer = 1 }, -ENODATA);

	(void)state;
	assert_int_equal(strncmp(text, "path 3500000\n", 13), 0);
	free(text);
	process_tree_free(tree);
}

static json_t *events_of_type(json_t *document, const char *type)
{
	json_t *found = json_array(), *event;
	size_t i;

	json_array_foreach(json_object_get(document, "traceEvents"), i, event)
	{
		if (!strcmp(json_string_value(json_object_get(event, "ph")), type))
			json_array_append(found, event);
	}
	return found;
}

/* "NAME track:begin+duration" of a slice. */
static void check_slice(json_t *slices, size_t at, const char *want)
{
	json_t *slice = json_array_get(slices, at);
	char text[128];

	snprintf(text, sizeof(text), "%s %lld:%.0f+%.0f",
		 json_string_value(json_object_get(slice, "name")),
		 json_integer_value(json_object_get(slice, "tid")),
		 json_number_value(json_object_get(slice, "ts")),
		 json_number_value(json_object_get(slice, "dur")));
	assert_string_equal(text, want);
}

static const char *argument(json_t *events, size_t at, const char *key)
{
	json_t *args = json_object_get(json_array_get(events, at), "args");

	return json_string_value(json_object_get(args, key));
}

/* Slices of a track follow each other, and an id that comes again has a track of its own. */
static void test_trace(void **state)
{
	struct process_tree *tree = build();
	char *text = drawn(tree, REPORT_TRACE, &(struct drops){ .buffer = 3, .lineage = 2 }, 0);
	json_t *document = json_loads(text, 0, NULL), *slices, *failed, *other;

	(void)state;
	assert_non_null(document);
	slices = events_of_type(document, "X");
	assert_int_equal(json_array_size(slices), 5);
	check_slice(slices, 0, "path 10:0+7000000");
	check_slice(slices, 1, "make 11:1000000+3000000");
	check_slice(slices, 2, "c;c 12:2000000+1000000");
	check_slice(slices, 3, "make 4194305:4000000+1000000");
	check_slice(slices, 4, "path 4194305:5000000+1000000");
	assert_string_equal(argument(slices, 0, "command"), "make -s");
	assert_string_equal(argument(slices, 2, "end"), "SIGKILL");
	assert_string_equal(argument(slices, 4, "end"), "code 1");
	failed = events_of_type(document, "i");
	assert_int_equal(json_array_size(failed), 1);
	assert_string_equal(argument(failed, 0, "errno"), "ENOENT");
	other = json_object_get(document, "otherData");
	assert_int_equal(json_number_value(json_object_get(other, "began")), 101);
	assert_int_equal(json_integer_value(json_object_get(other, "lineage_lost")), 2);
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(other, "dropped"), "buffer")),
		3);
	json_decref(slices);
	json_decref(failed);
	json_decref(document);
	free(text);
	process_tree_free(tree);
}

static void check_has(const char *text, const char *part, bool wanted)
{
	if (!strstr(text, part) != !wanted)
		fail_msg("%s: %s in\n%s", part, wanted ? "is not" : "is", text);
}

static void test_svg(void **state)
{
	struct process_tree *tree = build();
	char *text = drawn(tree, REPORT_SVG, &none, 0);

	(void)state;
	check_has(text, ">make -s</text>", true);
	check_has(text, ">7.000 s, CPU 6.500 s (0.9 processors), 4 processes, 2 failed<", true);
	check_has(text, "<title>c;c\nprocess 12: 1.000 s, CPU 0.500 s\nSIGKILL\n", true);
	check_has(text, ">path: 2, CPU 4.500 s</text>", true);
	check_has(text, "<rect class=\"c0\" x=\"10.0\" y=\"150.0\" width=\"16.0\"", true);
	check_has(text, "not all is here", false);
	free(text);
	process_tree_free(tree);
}

/* Names are text, and no markup or control character. */
static void test_svg_is_safe(void **state)
{
	struct process_tree *tree = build();
	char *text = drawn(tree, REPORT_SVG, &none, 0);

	(void)state;
	check_has(text, "'a&lt;b&gt;' '&amp;\"'", true);
	check_has(text, "\x1b", false);
	check_has(text, "\xff", false);
	check_has(text, "a<b>", false);
	free(text);
	process_tree_free(tree);
}

static void test_svg_with_losses(void **state)
{
	struct process_tree *tree = build();
	char *text = drawn(tree, REPORT_SVG, &(struct drops){ .missed = 4, .lineage = 1 }, 0);

	(void)state;
	check_has(text, ">not all is here: 5 events were lost<", true);
	free(text);
	process_tree_free(tree);
}

/* The sum of the numbers of "N processes" in hovers; @largest: the largest of them. */
static size_t together(const char *text, size_t *largest)
{
	static const char before[] = "<title>", after[] = " processes, CPU ";
	size_t sum = 0;

	*largest = 0;
	while ((text = strstr(text, before))) {
		char *end;
		size_t count = strtoul(text + strlen(before), &end, 10);

		text = end;
		if (strncmp(end, after, strlen(after)) != 0)
			continue;
		sum += count;
		*largest = count > *largest ? count : *largest;
	}
	return sum;
}

/*
 * However many processes there are, the picture does not grow beyond what can be seen. When they
 * ran can be seen nevertheless.
 */
static void test_svg_of_many(void **state)
{
	struct process_tree *tree = begin();
	size_t largest;
	char *text;

	(void)state;
	EXEC(tree, SECOND, 10, "sh");
	for (uint32_t i = 0; i < 100000; i++) {
		fork_(tree, SECOND + i * 10000, 11 + i, 10, "x");
		exit_(tree, SECOND + i * 10000 + 9000, 11 + i, 9000, i == 50000 ? 1 << 8 : 0);
	}
	exit_(tree, 2 * SECOND, 10, SECOND, 0);
	text = drawn(tree, REPORT_SVG, &none, 0);
	assert_true(strlen(text) < 100000);
	assert_int_equal(together(text, &largest), 100000);
	assert_true(largest <= 100000 / 100);
	check_has(text, "\n1 failed</title>", true);
	assert_null(strstr(strstr(text, "class=\"r\"") + 1, "class=\"r\""));
	free(text);
	process_tree_free(tree);
}

/* The darker part of processes that are drawn together is CPU time too: a tenth of 8 pixels. */
static void test_svg_cpu_together(void **state)
{
	struct process_tree *tree = begin();
	char *text;

	(void)state;
	EXEC(tree, SECOND, 10, "sh");
	for (uint32_t i = 0; i < 80; i++) {
		fork_(tree, SECOND + i * 100000, 11 + i, 10, "x");
		exit_(tree, SECOND + i * 100000 + 100000, 11 + i, 20000, 0);
	}
	exit_(tree, SECOND + 980000000, 10, 0, 0);
	text = drawn(tree, REPORT_SVG, &none, 0);
	check_has(text, "<title>80 processes, CPU 0.800 ms; ", true);
	check_has(text, "<rect class=\"c0\" x=\"10.0\" y=\"96.0\" width=\"8.0\"", true);
	check_has(text, "<rect class=\"d0\" x=\"10.0\" y=\"96.0\" width=\"0.8\"", true);
	free(text);
	process_tree_free(tree);
}

/* A process of no width is a line; the picture ends at a tick, whose label is not cut off. */
static void test_svg_edges(void **state)
{
	struct process_tree *tree = begin();
	char *text;

	(void)state;
	EXEC(tree, SECOND, 10, "sh");
	fork_(tree, SECOND, 11, 10, "x");
	exit_(tree, SECOND + 1000, 11, 1000, 0);
	exit_(tree, 11 * SECOND, 10, 9 * SECOND, 0);
	text = drawn(tree, REPORT_SVG, &none, 0);
	check_has(text, "x=\"10.0\" y=\"96.0\" width=\"1.0\"", true);
	check_has(text, "<text class=\"e\" x=\"988.0\" y=\"73\">10 s</text>", true);
	free(text);
	process_tree_free(tree);
}

/* Short runs have an axis in milliseconds. */
static void test_svg_of_little_time(void **state)
{
	struct process_tree *tree = begin();
	char *text;

	(void)state;
	EXEC(tree, SECOND, 10, "true");
	exit_(tree, SECOND + 400000, 10, 200000, 0);
	text = drawn(tree, REPORT_SVG, &none, 0);
	check_has(text, ">0.400 ms, CPU 0.100 ms (0.2 processors), 1 process, 0 failed<", true);
	check_has(text, ">0.05 ms</text>", true);
	free(text);
	process_tree_free(tree);
}

/* A label in a bar keeps both quotes of its first word, and loses the directories. */
static void test_svg_short_labels(void **state)
{
	static const char *const labels[][2] = {
		{ "/usr/bin/cc\0-c", ">cc -c</text>" },
		{ "./a b/c d\0/x", ">'c d' /x</text>" },
		{ "./\xc3\xa9\0x", ">$'\xc3\xa9' x</text>" },
		{ "no-slash\0/x", ">no-slash /x</text>" },
	};
	static const size_t sizes[] = { 15, 13, 7, 12 };

	(void)state;
	for (size_t i = 0; i < COUNT(labels); i++) {
		struct process_tree *tree = begin();
		char *text;

		exec_(tree, SECOND, 10, labels[i][0], sizes[i], 0);
		exit_(tree, 2 * SECOND, 10, SECOND, 0);
		text = drawn(tree, REPORT_SVG, &none, 0);
		check_has(text, labels[i][1], true);
		free(text);
		process_tree_free(tree);
	}
}

static void test_nothing(void **state)
{
	struct process_tree *tree = begin();
	char *text = drawn(tree, REPORT_SVG, &none, 0);

	(void)state;
	check_has(text, "What ran", true);
	check_has(text, "</svg>\n", true);
	free(text);
	text = drawn(tree, REPORT_TRACE, &none, 0);
	check_has(text, "{\"traceEvents\":[\n],", true);
	free(text);
	text = drawn(tree, REPORT_FOLDED, &none, 0);
	assert_string_equal(text, "");
	free(text);
	process_tree_free(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_folded),
		cmocka_unit_test(test_folded_with_losses),
		cmocka_unit_test(test_trace),
		cmocka_unit_test(test_svg),
		cmocka_unit_test(test_svg_is_safe),
		cmocka_unit_test(test_svg_with_losses),
		cmocka_unit_test(test_svg_of_many),
		cmocka_unit_test(test_svg_cpu_together),
		cmocka_unit_test(test_svg_edges),
		cmocka_unit_test(test_svg_of_little_time),
		cmocka_unit_test(test_svg_short_labels),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
