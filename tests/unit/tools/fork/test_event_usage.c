/* SPDX-License-Identifier: MIT */
/* What a process has used, which --rusage shows at its exit. */
#define _GNU_SOURCE
#include "fork_lines.h"

#include <unistd.h>

/* A record with usage shows it, and one that is only padded has none.
 * Memory is shown for whole processes. */
static void test_usage(void **state)
{
	struct fork_exit_usage record = {
		.exit = ending(0, 2000000000, true),
		.usage = { .runtime_ns = 1000000000,
			   .user_ns = 3000000,
			   .system_ns = 1000000,
			   .max_rss_pages = 512,
			   .minor_faults = 77,
			   .major_faults = 2 },
	};
	const struct fork_context hidden = { .wall_ns = WALL, .hide_usage = true };
	const size_t mib = 512 * (size_t)sysconf(_SC_PAGESIZE) >> 20;
	char want[512];

	(void)state;
	snprintf(want, sizeof(want),
		 HEAD_LINE("exit  ") "code 0, lived 2.000s, user 0.750s, system 0.250s, %zu.0 MiB, "
				     "faults 77+2\n",
		 mib);
	check_text(REPORT_TABLE, &record, sizeof(record), FORK_EXIT, want);
	snprintf(
		want, sizeof(want),
		HEAD_JSON("exit") "\"code\":0,\"signal\":null,\"core\":false,"
				  "\"lifetime_ns\":2000000000,\"last\":true,\"user_ns\":750000000,"
				  "\"system_ns\":250000000,"
				  "\"max_rss_bytes\":%zu,\"minor_faults\":77,\"major_faults\":2}\n",
		mib << 20);
	check_text(REPORT_JSON, &record, sizeof(record), FORK_EXIT, want);
	for (size_t more = 0; more < 8; more++)
		check_text(REPORT_TABLE, &record, sizeof(record.exit) + more, FORK_EXIT,
			   HEAD_LINE("exit  ") "code 0, lived 2.000s\n");
	check_text_with(REPORT_TABLE, &record, sizeof(record), &hidden,
			HEAD_LINE("exit  ") "code 0, lived 2.000s\n");
	record.exit.last = 0;
	check_text(REPORT_TABLE, &record, sizeof(record), FORK_EXIT,
		   HEAD_LINE("exit  ") "code 0, lived 2.000s, a thread, user 0.750s, system "
				       "0.250s, faults 77+2\n");
}

/* The parts are never more than the whole, whatever was sampled. */
static void test_usage_times(void **state)
{
	static const uint64_t edges[] = {
		0, 1, 2, 999999999, 1ULL << 53, (1ULL << 53) + 1, (1ULL << 60) - 1, 1ULL << 60
	};

	(void)state;
	for (size_t r = 0; r < COUNT(edges); r++) {
		for (size_t u = 0; u < COUNT(edges); u++) {
			for (size_t s = 0; s < COUNT(edges); s++) {
				const struct fork_usage usage = { .runtime_ns = edges[r],
								  .user_ns = edges[u],
								  .system_ns = edges[s] };
				struct fork_times t = fork_usage_times(&usage);

				assert_true(t.user_ns <= edges[r] && t.system_ns <= edges[r]);
				assert_true(t.user_ns + t.system_ns == edges[r]);
				assert_true(edges[s] || !t.system_ns);
			}
		}
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_usage_times),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
