/* SPDX-License-Identifier: MIT */
/* Births and exits: the bytes of a record to JSON and to a line. */
#define _GNU_SOURCE
#include "fork_lines.h"

#include <linux/sched.h>
#include <signal.h>

#include "names.h"

/* Each type of event has its name. */
static void test_names(void **state)
{
	(void)state;
	assert_string_equal(fork_type_name(FORK_FORK), "fork");
	assert_string_equal(fork_type_name(FORK_THREAD), "thread");
	assert_string_equal(fork_type_name(FORK_EXEC), "exec");
	assert_string_equal(fork_type_name(FORK_EXIT), "exit");
}

/* A birth shows the parent and the flags of clone(2), also when names fill their fields. */
static void test_birth(void **state)
{
	struct fork_birth b = birth(FORK_FORK, CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | SIGCHLD);

	(void)state;
	check_text(REPORT_JSON, &b, sizeof(b), FORK_FORK,
		   HEAD_JSON("fork") "\"parent_comm\":\"tmux\",\"by_pid\":18,\"flags\":[\"CLONE_"
				     "CHILD_CLEARTID\","
				     "\"CLONE_CHILD_SETTID\"]}\n");
	check_text(REPORT_TABLE, &b, sizeof(b), FORK_FORK, HEAD_LINE("fork  ") "by tmux\n");

	b = birth(FORK_FORK, CLONE_VM | CLONE_VFORK | CLONE_NEWPID);
	check_text(REPORT_TABLE, &b, sizeof(b), FORK_FORK,
		   HEAD_LINE("fork  ") "by tmux CLONE_VFORK|CLONE_NEWPID\n");

	b = birth(FORK_THREAD, 0);
	memset(b.parent_comm, 'p', sizeof(b.parent_comm));
	memset(b.head.comm, 'c', sizeof(b.head.comm));
	check_text(REPORT_JSON, &b, sizeof(b), FORK_THREAD,
		   "{\"type\":\"thread\",\"ts\":1763816583.123456789,\"pid\":1234,\"tid\":1235,"
		   "\"ppid\":17,\"uid\":1000,\"euid\":1000,\"comm\":\"cccccccccccccccc\","
		   "\"parent_comm\":\"pppppppppppppppp\",\"by_pid\":18,\"flags\":[]}\n");
	check_text(REPORT_TABLE, &b, sizeof(b), FORK_THREAD,
		   "thread     1234     1235       17   1000  cccccccccccccccc  by "
		   "pppppppppppppppp\n");
}

/* Every flag has a name, and only its own; one that no header knows is shown as a number. */
static void test_flags(void **state)
{
	size_t named = 0, unnamed = 0;

	(void)state;
	for (int bit = 0; bit < 64; bit++) {
		struct fork_flags flags;
		char number[24];

		fork_flags_name(&flags, 1ULL << bit, false);
		assert_in_range(flags.count, 0, 1);
		if (!flags.count)
			continue;
		snprintf(number, sizeof(number), "0x%llx", 1ULL << bit);
		if (strncmp(flags.names[0].text.bytes, "CLONE_", 6) == 0)
			named++;
		else if (strcmp(flags.names[0].text.bytes, number) == 0)
			unnamed++;
		if (1ULL << bit == CLONE_NEWUSER)
			assert_string_equal(flags.names[0].text.bytes, "CLONE_NEWUSER");
		if (1ULL << bit == CLONE_NEWTIME)
			assert_string_equal(flags.names[0].text.bytes, "CLONE_NEWTIME");
	}
	/* Of the signal's byte only CLONE_NEWTIME is shown; every other bit has its name or its
	 * number. Linux 6.1's headers name 27 of them, later ones more. */
	assert_int_equal(named + unnamed, 64 - 7);
	assert_in_range(named, 24 + 1 + 2, 40);
}

static void check_birth(uint64_t flags, const char *json, const char *words)
{
	struct fork_birth b = birth(FORK_FORK, flags);
	char expected[256];

	snprintf(expected, sizeof(expected),
		 HEAD_JSON("fork") "\"parent_comm\":\"tmux\",\"by_pid\":18,\"flags\":[%s]}\n",
		 json);
	check_text(REPORT_JSON, &b, sizeof(b), FORK_FORK, expected);
	snprintf(expected, sizeof(expected), HEAD_LINE("fork  ") "by tmux%s\n", words);
	check_text(REPORT_TABLE, &b, sizeof(b), FORK_FORK, expected);
}

/* Flags that the signal's byte cannot hold are shown, and an unknown one as a number. */
static void test_new_flags(void **state)
{
	(void)state;
	check_birth(SIGCHLD, "", "");
	check_birth(CLONE_NEWTIME | CLONE_CLEAR_SIGHAND,
		    "\"CLONE_NEWTIME\",\"CLONE_CLEAR_SIGHAND\"", " CLONE_NEWTIME");
	check_birth(CLONE_VM | CLONE_NEWNS | 5ULL << 40,
		    "\"CLONE_VM\",\"CLONE_NEWNS\",\"0x50000000000\"", " CLONE_NEWNS|0x50000000000");
}

/* An exit shows the code or the signal, as a shell names it, and how long the task lived. */
static void test_exit(void **state)
{
	static const struct {
		struct fork_exit record;
		const char *json, *line;
	} cases[] = {
		{ { .status = 0, .lifetime_ns = 1500000000, .last = 1 },
		  "\"code\":0,\"signal\":null,\"core\":false,\"lifetime_ns\":1500000000,\"last\":"
		  "true}\n",
		  "code 0, lived 1.500s\n" },
		{ { .status = 255 << 8, .lifetime_ns = 75200000000, .last = 0 },
		  "\"code\":255,\"signal\":null,\"core\":false,\"lifetime_ns\":75200000000,"
		  "\"last\":false}\n",
		  "code 255, lived 75.2s, a thread\n" },
		{ { .status = SIGKILL, .lifetime_ns = 0, .last = 1 },
		  "\"code\":null,\"signal\":\"SIGKILL\",\"core\":false,\"lifetime_ns\":0,\"last\":"
		  "true}\n",
		  "signal SIGKILL, lived 0.000s\n" },
		{ { .status = SIGSEGV | 0x80, .lifetime_ns = 999999999999, .last = 1 },
		  "\"code\":null,\"signal\":\"SIGSEGV\",\"core\":true,\"lifetime_ns\":999999999999,"
		  "\"last\":true}\n",
		  "signal SIGSEGV, core dumped, lived 1000s\n" },
		/* As `kill -l` has them. */
		{ { .status = 34, .lifetime_ns = 1000, .last = 1 },
		  "\"code\":null,\"signal\":\"SIGRTMIN\",\"core\":false,\"lifetime_ns\":1000,"
		  "\"last\":true}\n",
		  "signal SIGRTMIN, lived 0.000s\n" },
		{ { .status = 64, .lifetime_ns = 1000, .last = 1 },
		  "\"code\":null,\"signal\":\"SIGRTMIN+30\",\"core\":false,\"lifetime_ns\":1000,"
		  "\"last\":true}\n",
		  "signal SIGRTMIN+30, lived 0.000s\n" },
		{ { .status = 32, .lifetime_ns = 1000, .last = 1 },
		  "\"code\":null,\"signal\":\"SIG32\",\"core\":false,\"lifetime_ns\":1000,\"last\":"
		  "true}\n",
		  "signal SIG32, lived 0.000s\n" },
		{ { .status = 0x7f, .lifetime_ns = UINT64_MAX, .last = 1 },
		  "\"code\":null,\"signal\":\"SIG127\",\"core\":false,"
		  "\"lifetime_ns\":18446744073709551615,\"last\":true}\n",
		  "signal SIG127, lived 18446744074s\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct fork_exit *r = &cases[i].record;
		struct fork_exit e = ending(r->status, r->lifetime_ns, r->last);
		char want[512];

		snprintf(want, sizeof(want), HEAD_JSON("exit") "%s", cases[i].json);
		check_text(REPORT_JSON, &e, sizeof(e), FORK_EXIT, want);
		snprintf(want, sizeof(want), HEAD_LINE("exit  ") "%s", cases[i].line);
		check_text(REPORT_TABLE, &e, sizeof(e), FORK_EXIT, want);
	}
}

/* Seen from inside a PID namespace: its ids, and the host's as well. */
static void test_namespace(void **state)
{
	const struct fork_context host = { .wall_ns = WALL, .host_pids = true };
	struct fork_exit e = ending(0, 0, true);

	(void)state;
	e.head.host_pid = 51234;
	e.head.host_tid = 51235;
	e.head.host_ppid = 50017;
	check_text(REPORT_TABLE, &e, sizeof(e), FORK_EXIT,
		   HEAD_LINE("exit  ") "code 0, lived 0.000s\n");
	check_text_with(REPORT_TABLE, &e, sizeof(e), &host,
			"exit      51234    51235    50017   1000  bash             code 0, lived "
			"0.000s\n");
	check_text(
		REPORT_JSON, &e, sizeof(e), FORK_EXIT,
		HEAD_JSON("exit") "\"code\":0,\"signal\":null,\"core\":false,\"lifetime_ns\":0,"
				  "\"last\":true,"
				  "\"host_pid\":51234,\"host_tid\":51235,\"host_ppid\":50017}\n");
}

/* --lineage puts the ancestors' names in front, and --tree indents the line. */
static void test_lineage(void **state)
{
	const struct cell names[] = { { .text = { "systemd", 7 } },
				      { .text = { "s\nh", 3 } },
				      { .text = { "ls", 2 } } };
	const struct fork_context context = { .wall_ns = WALL,
					      .lineage = names,
					      .generations = COUNT(names) };
	const struct fork_context indented = { .wall_ns = WALL, .indent = 2 };
	struct fork_exit e = ending(0, 0, true);

	(void)state;
	check_text_with(REPORT_TABLE, &e, sizeof(e), &context,
			HEAD_LINE("exit  ") "systemd > s\\nh > ls: code 0, lived 0.000s\n");
	check_text_with(REPORT_TABLE, &e, sizeof(e), &indented,
			HEAD_LINE("exit  ") "    code 0, lived 0.000s\n");
	check_text_with(
		REPORT_JSON, &e, sizeof(e), &context,
		HEAD_JSON("exit") "\"code\":0,\"signal\":null,\"core\":false,\"lifetime_ns\":0,"
				  "\"last\":true,\"lineage\":[\"systemd\",\"s\\nh\",\"ls\"]}\n");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),   cmocka_unit_test(test_birth),
		cmocka_unit_test(test_flags),   cmocka_unit_test(test_new_flags),
		cmocka_unit_test(test_exit),    cmocka_unit_test(test_namespace),
		cmocka_unit_test(test_lineage),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
