/* SPDX-License-Identifier: MIT */
/* Constants from the system's headers, and numbers put into their names. */
#define _GNU_SOURCE
#include "unit.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "arg_words.h"
#include "constants.h"
#include "syscall_names.h"

/* ---- the sets ---- */

/* The constants of a call that only some architectures have. */
static bool may_be_empty(const char *set)
{
	return syscall_number(ABI_NATIVE, "arch_prctl") < 0 &&
	       strcmp(set, "arch_prctl_options") == 0;
}

static void test_sets(void **state)
{
	(void)state;
	for (const struct constant_set *set = constant_sets; set->name; set++) {
		assert_true(set->count > 0 || may_be_empty(set->name));
		assert_ptr_equal(constants_find(set->name), set);
		for (size_t i = 0; i + 1 < set->count; i++)
			assert_true((int64_t)set->entries[i].value <
				    (int64_t)set->entries[i + 1].value);
	}
	assert_null(constants_find("open"));
	assert_null(constants_find(""));
}

static void check_value(const char *set, const char *name, uint64_t value)
{
	const char *found = constants_name(constants_find(set), value, UINT64_MAX);

	assert_non_null(found);
	assert_string_equal(found, name);
}

/* What C says of the same names: from macros, octal ones, enumerators and sums. */
static void test_values(void **state)
{
	(void)state;
	check_value("open_flags", "O_CLOEXEC", O_CLOEXEC);
	check_value("open_flags", "O_TMPFILE", O_TMPFILE);
#if defined(__x86_64__)
	check_value("open_flags", "O_LARGEFILE", 0100000);
#endif
	check_value("message_flags", "MSG_NOSIGNAL", MSG_NOSIGNAL);
	check_value("socket_types", "SOCK_DGRAM", SOCK_DGRAM);
	check_value("signals", "SIGCHLD", SIGCHLD);
	check_value("signals", "SIGABRT", SIGABRT);
	check_value("families", "AF_UNIX", AF_UNIX);
	check_value("rusage_who", "RUSAGE_CHILDREN", (uint64_t)RUSAGE_CHILDREN);
	check_value("ioctl_requests", "TCGETS", 0x5401);
	check_value("ioctl_requests", "TIOCGPTN", 0x80045430);
	check_value("clone_flags", "CLONE_IO", 0x80000000);
}

/* Each set that a rule names is there. */
static void test_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < arg_rules_count; i++) {
		const struct arg_rule *rule = &arg_rules[i];

		assert_true(!rule->field || constants_find(rule->field));
		assert_true(!rule->flags || constants_find(rule->flags));
		assert_true(rule->show != SHOW_WORDS || rule->field || rule->flags);
		assert_true(rule->when <= CALL_ARGS);
	}
}

/* ---- words ---- */

/* By the rule of argument @arg of a call that holds when argument @when is @is. */
static const struct arg_rule *find_rule(const char *call, unsigned arg, unsigned when, uint64_t is)
{
	const struct arg_rule *rules[ARG_RULES_MAX];
	size_t n = arg_rules_of(call, arg, rules);

	for (size_t i = 0; i < n; i++)
		if (rules[i]->when == when && rules[i]->is == is)
			return rules[i];
	fail_msg("no rule for %s:%u", call, arg);
	return NULL;
}

static void check_rule(const struct arg_rule *rule, uint64_t value, unsigned bytes,
		       const char *want)
{
	char got[ARG_WORDS_MAX];
	struct words words;

	words_init(&words, got, sizeof(got));
	arg_words(&words, rule, value, bytes);
	assert_string_equal(got, want);
	assert_int_equal(words.len, strlen(want));
}

static void check(const char *call, unsigned arg, uint64_t value, const char *want)
{
	check_rule(find_rule(call, arg, 0, 0), value, 4, want);
}

static void test_flags(void **state)
{
	(void)state;
	check("openat", 3, O_RDONLY, "O_RDONLY");
	check("openat", 3, O_WRONLY | O_CREAT | O_TRUNC, "O_WRONLY|O_CREAT|O_TRUNC");
	check("openat", 3, 0x8000000, "O_RDONLY|0x8000000");
	check("openat", 3, 3 | O_CLOEXEC, "0x3|O_CLOEXEC");
	check("mprotect", 3, 0, "PROT_NONE");
	check("mprotect", 3, PROT_READ | PROT_EXEC, "PROT_READ|PROT_EXEC");
	check("access", 2, 0, "F_OK");
	check("access", 2, 5, "X_OK|R_OK");
	check("sendto", 4, 0, "0");
	check("sendto", 4, 0x80000000, "0x80000000");
	check("mmap", 4, MAP_PRIVATE | MAP_ANONYMOUS, "MAP_PRIVATE|MAP_ANONYMOUS");
	check("unlinkat", 3, AT_REMOVEDIR, "AT_REMOVEDIR");
}

static void test_fields(void **state)
{
	(void)state;
	check("kill", 2, SIGTERM, "SIGTERM");
	check("kill", 2, 0, "0");
	check("kill", 2, 99, "0x63");
	check("getrusage", 1, UINT32_MAX, "RUSAGE_CHILDREN");
	check("socket", 2, SOCK_STREAM | SOCK_CLOEXEC, "SOCK_STREAM|SOCK_CLOEXEC");
	check("futex", 2, 0x109, "FUTEX_WAIT_BITSET|FUTEX_CLOCK_REALTIME");
	check("clone", 1, CLONE_VM | SIGCHLD, "CLONE_VM|SIGCHLD");
	check("clone", 1, CLONE_VM, "CLONE_VM");
	check("unshare", 1, 0x80, "CLONE_NEWTIME");
	check("statx", 3, AT_SYMLINK_NOFOLLOW, "AT_STATX_SYNC_AS_STAT|AT_SYMLINK_NOFOLLOW");
	check("mknod", 2, S_IFIFO | 0644, "S_IFIFO|0644");
	check("shmget", 3, 01600, "IPC_CREAT|0600");
}

static void test_other_argument_decides(void **state)
{
	(void)state;
	check_rule(find_rule("fcntl", 3, 2, F_SETFD), 1, 8, "FD_CLOEXEC");
	check_rule(find_rule("fcntl", 3, 2, F_SETFL), O_RDWR | O_NONBLOCK, 8, "O_RDWR|O_NONBLOCK");
	check_rule(find_rule("socket", 3, 1, AF_NETLINK), 0, 4, "NETLINK_ROUTE");
	check_rule(find_rule("setsockopt", 3, 2, SOL_SOCKET), SO_REUSEADDR, 4, "SO_REUSEADDR");
}

/* Bits above those of the type do not count, and all 64 have room. */
static void test_width(void **state)
{
	char got[ARG_WORDS_MAX];
	struct words words;

	(void)state;
	check("openat", 3, UINT64_C(0xdeadbeef00000002), "O_RDWR");
	words_init(&words, got, sizeof(got));
	arg_words(&words, find_rule("clone", 1, 0, 0), UINT64_MAX, 8);
	assert_memory_equal(got, "CLONE_VM|", 9);
	/* Which bits have a name depends on the header. */
	assert_non_null(strstr(got, "|0xff|0x"));
}

/* The other ways to show a number, of a rule's argument. */
static void test_numbers(void **state)
{
	(void)state;
	check("umask", 1, 0, "000");
	check("umask", 1, 022, "022");
	check("mmap", 6, 0, "0");
	check("mmap", 6, 0x1000, "0x1000");
	check("brk", 1, 0, "NULL");
	check("chown", 2, UINT32_MAX, "-1");
	check("chown", 2, UINT32_MAX - 1, "4294967294");
	check_rule(find_rule("fcntl", 3, 2, F_SETOWN), (uint64_t)-5, 8, "-5");
}

static void check_used(const char *call, size_t declared, uint64_t flags, size_t want)
{
	const __u64 values[CALL_ARGS] = { flags, flags, flags };

	assert_int_equal(arg_rules_used(call, declared, values), want);
}

static void test_used(void **state)
{
	(void)state;
	check_used("openat", 4, O_RDWR, 3);
	check_used("openat", 4, O_CREAT, 4);
	check_used("openat", 4, O_TMPFILE, 4);
	check_used("openat", 4, O_DIRECTORY, 3);
	check_used("openat", 5, O_RDWR, 5);
	check_used("fcntl", 3, F_GETFD, 2);
	check_used("fcntl", 3, F_SETFD, 3);
	check_used("futex", 6, 0x81, 3);
	check_used("futex", 6, 0x80, 4);
	check_used("close", 1, 0, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sets),   cmocka_unit_test(test_values),
		cmocka_unit_test(test_rules),  cmocka_unit_test(test_flags),
		cmocka_unit_test(test_fields), cmocka_unit_test(test_other_argument_decides),
		cmocka_unit_test(test_width),  cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
