/* SPDX-License-Identifier: MIT */
/* The command line of a view that is opened from a row, and requests that no live view makes. */
#define _GNU_SOURCE
#include "options_lines.h"

#include "subview.h"

static const struct subview_step steps[] = { { NULL, NULL, 1 } };

static const struct tool_subviews views = {
	.filters = {
		SUBVIEW_TASK_FILTERS,
		{ "path", "level", SUBVIEW_GLOB, .unless = NULL },
		{ "errno", "level", SUBVIEW_NAME, .unless = NULL },
	},
	.bys = { { "process", "pid", NULL }, { "path,errno", "path", NULL } },
	.steps = steps,
};

enum { PID, TID, COMM, UID, CGROUP, PATH, ERRNO };

/* The words of the view's command line, joined by blanks; or what the failure is called. */
static const char *joined(int argc, const char *const *argv, const struct subview_request *request)
{
	static char text[4096];
	struct tool tool = { .name = "bcc-x", .options = &own_options, .subviews = &views };
	struct words words = { 0 };
	int r = subview_argv(&tool, argc, (char *const *)argv, request, &words);
	size_t len = 0;

	text[0] = '\0';
	for (int i = 0; r == 0 && i < words.count; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", i ? " " : "",
					words.list[i]);
	if (r == 0)
		assert_null(words.list[words.count]);
	words_free(&words);
	return r < 0 ? error_name(r) : text;
}

#define JOINED(request, ...)                                                                       \
	__extension__({                                                                            \
		const char *argv_[] = { "bcc-x", ##__VA_ARGS__, NULL };                            \
		joined((int)COUNT(argv_) - 1, argv_, request);                                     \
	})

static struct subview_request request_for(uint32_t which, const char *value)
{
	struct subview_request request = { .kind = SUBVIEW_OPEN, .nfilters = 1 };

	request.filters[0].which = which;
	snprintf(request.filters[0].value, SUBVIEW_VALUE_MAX, "%s", value);
	return request;
}

static void test_run_without_options(void **state)
{
	struct subview_request request = request_for(PID, "1234");

	(void)state;
	assert_string_equal(JOINED(&request), "bcc-x --pid=1234 --quiet --by=process");
	request.by = 1;
	assert_string_equal(JOINED(&request), "bcc-x --pid=1234 --quiet --by=path,errno");
	request.nfilters = 0;
	assert_string_equal(JOINED(&request), "bcc-x --quiet --by=path,errno");
}

/* Filters of the run stay, but for those that the row's own makes needless. */
static void test_options_that_stay(void **state)
{
	struct subview_request request = request_for(PID, "7");

	(void)state;
	assert_string_equal(JOINED(&request, "-p1,2", "--descendants", "-u", "0", "-i", "2", "-n",
				   "a*", "--level=high", "--top", "5", "-s", "calls", "-d", "9",
				   "-v"),
			    "bcc-x --uid=0 --interval=2 --name=a* --level=high --top=5 --pid=7 "
			    "--quiet --by=process");
	request = request_for(TID, "8");
	assert_string_equal(JOINED(&request, "-p", "1", "-t", "2,3", "--flag"),
			    "bcc-x --flag --tid=8 --quiet --by=process");
}

/* A name is the name, whatever it would mean in a pattern. */
static void test_pattern(void **state)
{
	struct subview_request request = request_for(COMM, "a*[b]\\?! --x");

	(void)state;
	assert_string_equal(JOINED(&request, "-n", "a*"),
			    "bcc-x --name=a\\*\\[b\\]\\\\\\?\\! --x --quiet --by=process");
}

/* As a report names it, from the root of cgroup v2 on. */
static void test_cgroup(void **state)
{
	struct subview_request request = request_for(CGROUP, "/system.slice/nginx.service");

	(void)state;
	assert_string_equal(JOINED(&request),
			    "bcc-x --cgroup=system.slice/nginx.service --quiet --by=process");
	request = request_for(CGROUP, "/");
	assert_string_equal(JOINED(&request), "bcc-x --cgroup=. --quiet --by=process");
}

static void test_requests_that_are_refused(void **state)
{
	static const struct {
		uint32_t which;
		const char *value;
	} bad[] = {
		{ PID, "" },         { PID, "-1" },
		{ PID, "1,2" },      { PID, "1 2" },
		{ PID, "!1" },       { UID, "root" },
		{ CGROUP, "a" },     { CGROUP, "/a/../../etc" },
		{ CGROUP, "" },      { CGROUP, "/.." },
		{ ERRNO, "" },       { ERRNO, "a,b" },
		{ ERRNO, "%file" },  { ERRNO, "a b" },
		{ ERRNO, "--as=x" }, { COMM, "" },
		{ ERRNO + 1, "a" },  { UINT32_MAX, "a" },
	};
	struct subview_request request;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		request = request_for(bad[i].which, bad[i].value);
		assert_string_equal(JOINED(&request), "EPERM");
	}
	request = request_for(PID, "1");
	request.by = 2;
	assert_string_equal(JOINED(&request), "EPERM");
	request = request_for(PID, "1");
	request.nfilters = SUBVIEW_FILTERS_MAX + 1;
	assert_string_equal(JOINED(&request), "EPERM");
	/* Without an end. */
	request = request_for(PID, "1");
	memset(request.filters[0].value, '1', SUBVIEW_VALUE_MAX);
	assert_string_equal(JOINED(&request), "EPERM");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_run_without_options),
		cmocka_unit_test(test_options_that_stay),
		cmocka_unit_test(test_pattern),
		cmocka_unit_test(test_cgroup),
		cmocka_unit_test(test_requests_that_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
